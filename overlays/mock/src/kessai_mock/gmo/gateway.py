"""The mock of GMO PG as one object: its clock, books, notices and everything it remembers."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from ..clock import Clock, text
from ..holds import Gates
from ..ids import Ids
from ..ledger import Ledger
from ..scripts import Scripts
from ..webhooks import Deliver, Webhooks, threaded_deliver
from .auth import Auth
from .idempotency import Keys
from .in_flight import Slots
from .problem import refused
from .settings import Settings
from .state import Order, Redirect, Shop, Verification
from .transitions import TRANSITIONS, Transition, TransitionError


class Gateway:
    """All state of one mock. Code that touches it holds `lock`; nothing awaits under it."""

    clock: Clock
    ids: Ids
    ledger: Ledger
    webhooks: Webhooks
    scripts: Scripts
    gates: Gates
    auth: Auth
    keys: Keys
    slots: Slots

    def __init__(
        self,
        settings: Settings | None = None,
        *,
        seed: int = 1,
        deliver: Deliver = threaded_deliver,
        clock: Clock | None = None,
    ) -> None:
        self.settings = settings or Settings()
        self.lock = threading.RLock()
        self.clock = clock or Clock()
        self.seed = seed
        self.generation = 0
        self._deliver = deliver
        self.gates = Gates()
        self._begin()

    def _begin(self) -> None:
        settings, clock = self.settings, self.clock
        self.ids = Ids(self.seed)
        self.ledger = Ledger()
        self.webhooks = Webhooks(clock, settings.webhooks, self._deliver, self.lock)
        self.scripts = Scripts()
        self.gates = Gates()
        self.auth = Auth(settings, clock, self.ids)
        self.keys = Keys(clock, settings.key_seconds)
        self.slots = Slots(settings.in_flight)
        self.shops: dict[str, Shop] = {}
        self.records: dict[str, Order | Verification] = {}  # by accessId
        self.redirects: dict[str, Redirect] = {}
        self.visited: set[Transition] = set()
        self.requests: list[dict[str, Any]] = []
        self.faults: list[str] = []  # mistakes of the mock itself

    def reset(self, seed: int | None = None) -> None:
        """Begin again as if just started; held requests are let go and answer 503."""
        with self.lock:
            if seed is not None:
                self.seed = seed
            held = self.gates
            self.generation += 1
            self.clock.reset()
            self._begin()
        held.open_all()

    async def advance(self, seconds: float) -> None:
        """Move the clock on, sending each notice when it is due.

        Raises ValueError for a negative number of seconds.
        """
        steps = self.clock.steps(seconds)
        while True:
            with self.lock:
                moment = next(steps, None)
            if moment is None:
                return
            await self.webhooks.drain()

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
        transition = Transition(kind, record.status, status)
        if transition not in TRANSITIONS:
            raise TransitionError(f"{kind}: {record.status or 'new'} to {status}")
        self.visited.add(transition)
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
