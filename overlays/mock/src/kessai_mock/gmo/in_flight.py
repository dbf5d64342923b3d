"""How many requests of one shop one endpoint works on at a time: 5, and 10 for /order/*.

A request counts from its arrival until its answer has been sent, so a slow one keeps its
place even when its sender has gone. The front-end wallet endpoints are in no table; 5 is
assumed for them.
"""

from __future__ import annotations

from collections import Counter

from .problem import ProblemError


def documented_limit(path: str) -> int:
    """The limit of an endpoint, the same in test and live environment."""
    return 10 if path.startswith("/order/") else 5


class Slots:
    """Places taken, by shop and path."""

    def __init__(self, override: int | None) -> None:
        self._override = override
        self._taken: Counter[tuple[str, str]] = Counter()

    def take(self, shop: str, path: str) -> None:
        """Take a place. Raises ProblemError too_many_requests when none is left."""
        limit = documented_limit(path) if self._override is None else self._override
        if self._taken[shop, path] >= limit:
            raise ProblemError("too_many_requests", "Too many requests are being processed.")
        self._taken[shop, path] += 1

    def release(self, shop: str, path: str) -> None:
        """Give the place back."""
        self._taken[shop, path] -= 1

    def taken(self) -> dict[str, int]:
        """Places taken now, by path, over all shops."""
        counts: Counter[str] = Counter()
        for (_, path), count in self._taken.items():
            counts[path] += count
        return {path: count for path, count in sorted(counts.items()) if count}
