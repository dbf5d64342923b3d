"""Requests that wait inside the mock, so that overlapping calls can be staged exactly.

A held request waits for a named gate to be opened or for the virtual clock, never for real
time. Opening works from any thread and any event loop.
"""

from __future__ import annotations

import asyncio
import threading


class Gate:
    """Something requests wait behind until it is opened; it stays open."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._open = False
        self._waiters: list[tuple[asyncio.AbstractEventLoop, asyncio.Future[None]]] = []

    @property
    def waiting(self) -> int:
        """How many requests stand behind the gate now."""
        with self._lock:
            return len(self._waiters)

    async def wait(self) -> None:
        """Come back once the gate is open."""
        loop = asyncio.get_running_loop()
        with self._lock:
            if self._open:
                return
            future: asyncio.Future[None] = loop.create_future()
            waiter = (loop, future)
            self._waiters.append(waiter)
        try:
            await future
        finally:
            with self._lock:
                if waiter in self._waiters:
                    self._waiters.remove(waiter)

    def open(self) -> None:
        """Let everything through, now and from now on."""
        with self._lock:
            self._open = True
            waiters, self._waiters = self._waiters, []
        for loop, future in waiters:
            if not loop.is_closed():
                loop.call_soon_threadsafe(_release, future)


def _release(future: asyncio.Future[None]) -> None:
    if not future.done():
        future.set_result(None)


class Gates:
    """Gates by name, made when first named."""

    def __init__(self) -> None:
        self._gates: dict[str, Gate] = {}
        self._nameless: list[Gate] = []

    def named(self, name: str) -> Gate:
        """The gate of that name."""
        return self._gates.setdefault(name, Gate())

    def nameless(self) -> Gate:
        """A gate of one request, kept so that a reset can open it."""
        gate = Gate()
        self._nameless.append(gate)
        return gate

    def waiting(self) -> dict[str, int]:
        """Number of held requests by gate name; '' for those that wait for the clock."""
        held = {name: gate.waiting for name, gate in sorted(self._gates.items())}
        held[""] = sum(gate.waiting for gate in self._nameless)
        return held

    def open_all(self) -> None:
        """Open every gate there is."""
        for gate in [*self._gates.values(), *self._nameless]:
            gate.open()
