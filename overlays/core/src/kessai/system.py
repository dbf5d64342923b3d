"""Time, chance and waiting, as one bundle that a simulation can replace."""

from __future__ import annotations

import threading
import time
from os import urandom
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable


class Lock(Protocol):
    """What the sync driver needs of a lock (``threading.Lock`` has it)."""

    def acquire(self, blocking: bool = True, timeout: float = -1) -> bool:
        """Take the lock; False when it was not free within ``timeout`` seconds."""
        ...

    def release(self) -> None:
        """Give the lock back."""
        ...


def _uniform(low: float, high: float) -> float:
    import random  # only a call that has to wait draws

    return random.uniform(low, high)  # noqa: S311 - a pause is no secret


def _new_key() -> str:
    # A UUIDv4 (RFC 9562, section 5.4) by hand: half the time of uuid.uuid4, and no import.
    number = int.from_bytes(urandom(16))
    number = number & ~(0xF000 << 64) & ~(0xC000 << 48) | 0x4000 << 64 | 0x8000 << 48
    text = f"{number:032x}"
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"


class System:
    """Clocks, sleep, chance and locks.

    - ``monotonic``: seconds that never go back; ``wall``: seconds since 1970-01-01T00:00:00Z
    - ``sleep``: waits (sync driver); ``sleep_async``: likewise, ``asyncio.sleep`` when None
    - ``uniform``: a random number between two; ``new_key``: a new idempotency key (UUIDv4)
    - ``new_lock``: a lock for threads (sync driver)
    """

    __slots__ = ("monotonic", "new_key", "new_lock", "sleep", "sleep_async", "uniform", "wall")

    def __init__(
        self,
        *,
        monotonic: Callable[[], float] = time.monotonic,
        wall: Callable[[], float] = time.time,
        sleep: Callable[[float], None] = time.sleep,
        sleep_async: Callable[[float], Awaitable[None]] | None = None,
        uniform: Callable[[float, float], float] = _uniform,
        new_key: Callable[[], str] = _new_key,
        new_lock: Callable[[], Lock] = threading.Lock,
    ) -> None:
        self.monotonic: Callable[[], float] = monotonic
        self.wall: Callable[[], float] = wall
        self.sleep: Callable[[float], None] = sleep
        self.sleep_async: Callable[[float], Awaitable[None]] | None = sleep_async
        self.uniform: Callable[[float, float], float] = uniform
        self.new_key: Callable[[], str] = new_key
        self.new_lock: Callable[[], Lock] = new_lock
