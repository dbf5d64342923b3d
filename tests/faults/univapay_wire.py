"""UnivaPay's mock behind a network that loses things, for both clients, on the mock's own clock."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx2
from kessai import Environment, System
from kessai_mock.univapay import SECRET, app_token
from kessai_univapay import AsyncUnivapayClient, UnivapayClient

from tests.faults import wire
from tests.faults.wire import LANDED, MODES, Mode
from tests.unit.mock.univapay.driver import ORIGIN, Driver

__all__ = ["LANDED", "MODES", "Caller", "Mode", "Wire"]


class Wire(wire.Wire):
    """Carries requests to the mock; clocks are the mock's, and pausing moves them.

    ``acts``: what happens before each of the next attempts.
    """

    def __init__(self, driver: Driver) -> None:
        super().__init__(driver)
        self.acts: list[Callable[[], object]] = []
        self._clock = driver.gateway.clock
        self._lock = driver.gateway.lock

    def _before(self, request: httpx2.Request) -> Mode:
        """Do what is planned for this attempt, of a sync client, before it leaves."""
        if self.acts:
            self.acts.pop(0)()
        return super()._before(request)

    def options(self) -> dict[str, Any]:
        """What a client of this network is told."""

        def now() -> float:
            return self._clock.now.timestamp()

        def pause(seconds: float) -> None:
            with self._lock:
                self._clock.advance(seconds)

        async def pause_async(seconds: float) -> None:
            pause(seconds)

        system = System(
            monotonic=now,
            wall=now,
            sleep=pause,
            sleep_async=pause_async,
            uniform=lambda low, high: high,
        )
        return {"transport": self, "system": system, "environment": Environment(api=ORIGIN)}


class Caller(wire.Caller):
    """A sync or an async client, called alike."""

    def __init__(self, flavour: str, wire: Wire, **more: Any) -> None:
        options = {**wire.options(), **more}
        self.univapay: UnivapayClient | AsyncUnivapayClient
        if flavour == "sync":
            self.univapay = UnivapayClient(app_token(), SECRET, **options)
            super().__init__(wire, sync=self.univapay)
        else:
            self.univapay = AsyncUnivapayClient(app_token(), SECRET, **options)
            super().__init__(wire, asynchronous=self.univapay)

    def wait(self, group: str, resource: Any, **options: Any) -> Any:
        """Wait for an end."""
        waited = getattr(self.univapay, group).wait(resource, **options)
        return waited if self._sync is not None else self._wire.mock.run(waited)
