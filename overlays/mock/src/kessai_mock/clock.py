"""The mock's time: it stands still until it is told to move, and timers fire in order."""

from __future__ import annotations

import heapq
import itertools
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta, timezone

JST = timezone(timedelta(hours=9), "JST")
START = datetime(2026, 1, 5, 10, 0, 0, tzinfo=JST)


class Timer:
    """One callback due at one moment; `cancel` takes it off the clock."""

    __slots__ = ("callback", "cancelled", "when")

    def __init__(self, when: datetime, callback: Callable[[], None]) -> None:
        self.when: datetime = when
        self.callback: Callable[[], None] = callback
        self.cancelled: bool = False

    def cancel(self) -> None:
        """Make sure the callback does not run any more."""
        self.cancelled = True


class Clock:
    """Virtual time in Japan Standard Time, whole microseconds, never backwards."""

    def __init__(self, start: datetime = START) -> None:
        self._start = start
        self._now = start
        self._timers: list[tuple[datetime, int, Timer]] = []
        self._order = itertools.count()

    @property
    def now(self) -> datetime:
        """The present moment, aware, JST."""
        return self._now

    def reset(self) -> None:
        """Go back to the start and forget every timer."""
        self._now = self._start
        self._timers.clear()

    def call_at(self, when: datetime, callback: Callable[[], None]) -> Timer:
        """Run `callback` when the clock passes `when`; a past moment means the next move."""
        timer = Timer(when, callback)
        heapq.heappush(self._timers, (when, next(self._order), timer))
        return timer

    def call_later(self, seconds: float, callback: Callable[[], None]) -> Timer:
        """Run `callback` once the clock has moved on by `seconds`."""
        return self.call_at(self._now + timedelta(seconds=seconds), callback)

    def steps(self, seconds: float) -> Iterator[datetime]:
        """Move on by `seconds`, pausing after each timer so that its effects can be carried out.

        Timers run in the order they are due, those of one moment in the order they were
        set; a timer set by a timer runs too if it is due before the end.
        Raises ValueError for a negative number of seconds.
        """
        if seconds < 0:
            raise ValueError("time cannot be moved backwards")
        end = self._now + timedelta(seconds=seconds)
        while self._timers and self._timers[0][0] <= end:
            when, _, timer = heapq.heappop(self._timers)
            if timer.cancelled:
                continue
            self._now = max(self._now, when)
            timer.callback()
            yield self._now
        self._now = max(self._now, end)  # somebody else may have moved it meanwhile
        yield self._now

    def advance(self, seconds: float) -> None:
        """Move on by `seconds` at one go. Raises ValueError for a negative number."""
        for _ in self.steps(seconds):
            pass


def text(moment: datetime) -> str:
    """Write a moment as RFC 3339 with the offset of Japan, to the second."""
    return moment.astimezone(JST).isoformat(timespec="seconds")
