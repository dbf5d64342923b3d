"""The mock of GMO PG as one object: everything it remembers, in a world of its own."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from ..clock import Clock, text
from ..transitions import Transition, take
from ..webhooks import Deliver, threaded_deliver
from ..world import World
from .auth import Auth
from .idempotency import Keys
from .in_flight import Slots
from .problem import refused
from .settings import Settings
from .state import Order, Redirect, Shop, Verification
from .transitions import TRANSITIONS


class Gateway(World):
    """All state of one mock. Code that touches it holds `lock`; nothing awaits under it."""

    auth: Auth
    keys: Keys
    slots: Slots
    shops: dict[str, Shop]
    records: dict[str, Order | Verification]  # by accessId
    redirects: dict[str, Redirect]
    visited: set[Transition]

    def __init__(
        self,
        settings: Settings | None = None,
        *,
        seed: int = 1,
        deliver: Deliver = threaded_deliver,
        clock: Clock | None = None,
    ) -> None:
        self.settings: Settings = settings or Settings()
        super().__init__(seed=seed, policy=self.settings.webhooks, deliver=deliver, clock=clock)

    def _begin(self) -> None:
        super()._begin()
        settings, clock = self.settings, self.clock
        self.auth = Auth(settings, clock, self.ids)
        self.keys = Keys(clock, settings.key_seconds)
        self.slots = Slots(settings.in_flight)
        self.shops = {}
        self.records = {}
        self.redirects = {}
        self.visited = set()

    def shop(self, shop_id: str) -> Shop:
        """The shop's records, made when it first calls."""
        return self.shops.setdefault(shop_id, Shop(shop_id=shop_id))

    def order(self, shop: Shop, access_id: str, *, at: str = "accessId") -> Order:
        """The shop's order with that accessId. Raises ProblemError invalid_request."""
        record = self.records.get(access_id)
        if not isinstance(record, Order) or record.shop != shop.shop_id:
            raise refused(at, "There is no such order.")
        return record

    def step(self, record: Order | Verification, status: str) -> None:
        """Put a record into another status. Raises TransitionError for an undocumented step."""
        kind = record.charge_type.value if isinstance(record, Order) else "VERIFICATION"
        self.visited.add(take(kind, record.status, status, TRANSITIONS))
        record.status = status
        record.updated = self.clock.now

    def redirect(self, kind: str, target: Order | Verification, base: str) -> str:
        """Make an address for the customer's browser; it lives 120 s unless opened."""
        key = self.ids.hex32("redirect")
        seconds = self.settings.redirect_seconds
        redirect = Redirect(
            key=key,
            kind=kind,
            target=target,
            until=self.clock.now + timedelta(seconds=seconds),
        )
        self.redirects[key] = redirect
        return f"{base}/pages/{kind}/{key}"

    def after(self, seconds: float, job: Callable[[], None]) -> None:
        """Have `job` done when the clock has moved on by `seconds`."""
        self.clock.call_later(seconds, job)

    def describe(self) -> dict[str, Any]:
        """A summary for GET /_mock."""
        return {
            "gateway": "gmo",
            "seed": self.seed,
            "now": text(self.clock.now),
            "orders": sum(len(shop.orders) for shop in self.shops.values()),
            "members": sum(len(shop.members) for shop in self.shops.values()),
            "inFlight": self.slots.taken(),
            "held": self.gates.waiting(),
            "faults": list(self.faults),
        }
