"""What every mock gateway is made of: clock, ids, books, notices, scripts, and a lock."""

from __future__ import annotations

import threading
from typing import Any

from .clock import Clock
from .holds import Gates
from .ids import Ids
from .ledger import Ledger
from .scripts import WEBHOOK, Script, Scripts
from .webhooks import Deliver, Delivery, Policy, Webhooks


class World:
    """All state of one mock. Code that touches it holds `lock`; nothing awaits under it.

    A gateway adds its own memory in `_begin`, which runs at the start and at every reset.
    """

    ids: Ids
    ledger: Ledger
    webhooks: Webhooks
    scripts: Scripts
    requests: list[dict[str, Any]]
    faults: list[str]  # mistakes of the mock itself

    def __init__(
        self, *, seed: int, policy: Policy, deliver: Deliver, clock: Clock | None = None
    ) -> None:
        self.lock: threading.RLock = threading.RLock()
        self.clock: Clock = clock or Clock()
        self.seed: int = seed
        self.generation: int = 0
        self._policy = policy
        self._deliver = deliver
        self.gates: Gates = Gates()
        self._begin()

    def _begin(self) -> None:
        self.ids = Ids(self.seed)
        self.ledger = Ledger()
        self.scripts = Scripts()
        self.gates = Gates()
        self.webhooks = Webhooks(
            self.clock,
            self._policy,
            self._deliver,
            self.lock,
            self._notice_script,
            self._pause,
            self._over,
        )
        self.requests = []
        self.faults = []

    def _notice_script(self) -> Script | None:
        return self.scripts.take(WEBHOOK, wildcard=False)

    def _pause(self, attempts: int) -> float:
        """Seconds until a notice is sent again after so many attempts."""
        return self._policy.interval

    def _over(self, delivery: Delivery) -> bool:
        """Whether a notice that was not accepted is given up; asked after each attempt."""
        return len(delivery.attempts) > self._policy.repeats

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

    def describe(self) -> dict[str, Any]:
        """A summary for GET /_mock; a gateway says more."""
        return {"seed": self.seed, "held": self.gates.waiting(), "faults": list(self.faults)}
