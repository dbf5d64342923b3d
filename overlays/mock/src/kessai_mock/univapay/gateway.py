"""The mock of UnivaPay as one object: everything it remembers, in a world of its own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..clock import Clock, Timer, text
from ..holds import Gate
from ..transitions import Transition, take
from ..webhooks import Deliver, Delivery
from ..world import World
from .auth import Caller
from .hooks import deliver as deliver_webhook
from .hooks import over, pause
from .idempotency import Keys
from .limits import Limits
from .problems import ProblemError
from .settings import Settings
from .state import Charge, Hook, Resource, Store, Subscription, Token
from .timing import ordered_uuid
from .transitions import TRANSITIONS


class Gateway(World):
    """All state of one mock. Code that touches it holds `lock`; nothing awaits under it."""

    keys: Keys
    limits: Limits
    stores: dict[str, Store]
    tokens: dict[str, Token]
    charges: dict[str, Charge]
    subscriptions: dict[str, Subscription]
    hooks: dict[str, Hook]
    visited: set[Transition]
    watchers: list[Gate]  # requests that poll and wait for the clock

    def __init__(
        self,
        settings: Settings | None = None,
        *,
        seed: int = 1,
        deliver: Deliver = deliver_webhook,
        clock: Clock | None = None,
    ) -> None:
        self.settings: Settings = settings or Settings()
        super().__init__(seed=seed, policy=self.settings.webhooks, deliver=deliver, clock=clock)

    def _begin(self) -> None:
        super()._begin()
        self.keys = Keys(self.clock, self.settings.key_seconds)
        self.limits = Limits(self.clock, enforced=self.settings.limited)
        self.stores = {}
        self.tokens = {}
        self.charges = {}
        self.subscriptions = {}
        self.hooks = {}
        self.visited = set()
        self.watchers = []

    def _pause(self, attempts: int) -> float:
        return pause(attempts, self._policy.interval)

    def _over(self, delivery: Delivery) -> bool:
        return over(self, delivery, self._policy.repeats)

    def new_id(self, kind: str) -> str:
        """The next number of a thing of that kind."""
        return ordered_uuid(self.ids, kind, self.clock.now)

    def store(self, store_id: str, merchant_id: str) -> Store:
        """The store of that number, there from when it is first named."""
        found = self.stores.get(store_id)
        if found is None:
            name = f"Store {len(self.stores) + 1}"
            found = Store(id=store_id, merchant_id=merchant_id, name=name, created=self.clock.now)
            self.stores[store_id] = found
        return found

    def store_for(self, caller: Caller, store_id: str) -> Store:
        """The store a caller names in a path.

        Raises ProblemError: 403 for a store that is not the app token's, 404 for an unknown one.
        """
        if caller.store_id is not None and caller.store_id != store_id:
            raise ProblemError("INVALID_PERMISSIONS")
        found = self.stores.get(store_id)
        if found is None:
            raise ProblemError("NOT_FOUND")
        if found.merchant_id != caller.merchant_id:
            raise ProblemError("INVALID_PERMISSIONS")
        return found

    def step(self, kind: str, resource: Resource, status: str) -> None:
        """Put a resource into another status. Raises TransitionError for a step in no table."""
        self.visited.add(take(kind, resource.status, status, TRANSITIONS))
        resource.status = status
        resource.updated = self.clock.now
        waiting, self.watchers = self.watchers, []
        for gate in waiting:
            gate.open()

    def after(self, seconds: float, job: Callable[[], None]) -> Timer:
        """Have `job` done when the clock has moved on by `seconds`."""
        return self.clock.call_later(seconds, job)

    def describe(self) -> dict[str, Any]:
        """A summary for GET /_mock."""
        return {
            "gateway": "univapay",
            **super().describe(),
            "now": text(self.clock.now),
            "tokens": len(self.tokens),
            "charges": len(self.charges),
            "subscriptions": len(self.subscriptions),
            "webhooks": len(self.hooks),
        }
