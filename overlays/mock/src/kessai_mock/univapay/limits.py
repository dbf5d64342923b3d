"""The rate limits' headers on every answer, and the token buckets behind them.

Document: facts, Errors and limits: four headers; the example's buckets hold 10 requests for one
operation ("exact") and 30 for its route, with 120 and 1200 added a minute. The real numbers are
not known, and what shares a route is assumed: the first word of the path that is no number.
"""

from __future__ import annotations

from datetime import datetime

from ..clock import Clock

EXACT, ROUTE = (10, 120), (30, 1200)  # held at most, added a minute


class Bucket:
    """Tokens that fill up by the clock, one for each request."""

    def __init__(self, now: datetime, size: int, per_minute: int) -> None:
        self._at = now
        self._left = float(size)
        self._size = size
        self._per_minute = per_minute

    def left(self, now: datetime) -> int:
        """How many there are now."""
        minutes = (now - self._at).total_seconds() / 60
        self._at = now
        self._left = min(self._size, self._left + minutes * self._per_minute)
        return int(self._left)

    def take(self) -> None:
        """One less; it does not go below nothing."""
        self._left = max(0.0, self._left - 1)


class Limits:
    """The buckets of every app token's store; enforced only where the settings say so."""

    def __init__(self, clock: Clock, *, enforced: bool) -> None:
        self._clock = clock
        self._enforced = enforced
        self._buckets: dict[tuple[str, ...], Bucket] = {}

    def pass_through(
        self, whose: str, operation: str, route: str
    ) -> tuple[tuple[tuple[str, str], ...], bool]:
        """Count one request: the headers of its answer, and whether it is too many."""
        now = self._clock.now
        exact = self._bucket((whose, "operation", operation), EXACT)
        shared = self._bucket((whose, "route", route), ROUTE)
        over = self._enforced and not (exact.left(now) and shared.left(now))
        if not over and self._enforced:
            exact.take()
            shared.take()
        return (
            ("x-remaining-requests-exact", str(exact.left(now))),
            ("x-remaining-requests-route", str(shared.left(now))),
            ("x-requests-per-minute-exact", str(EXACT[1])),
            ("x-requests-per-minute-route", str(ROUTE[1])),
        ), over

    def _bucket(self, key: tuple[str, ...], of: tuple[int, int]) -> Bucket:
        if key not in self._buckets:
            self._buckets[key] = Bucket(self._clock.now, *of)
        return self._buckets[key]
