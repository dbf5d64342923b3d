"""How many requests are left: the rate-limit headers of every answer.

Source: docs.univapay.com, api/general/api_limit. The gateway counts in token buckets, one for the
exact request and one for its route; charges have buckets of their own. Real numbers per route are
in no document that could be read.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["RateLimits", "rate_limits"]


class RateLimits(NamedTuple):
    """What is left, in requests, and what is refilled, in requests a minute; None: not told."""

    remaining_exact: int | None
    remaining_route: int | None
    per_minute_exact: int | None
    per_minute_route: int | None


def rate_limits(headers: Mapping[str, str]) -> RateLimits:
    """Read the rate limits from an answer's or an error's ``headers``.

    >>> answer = univapay.raw(operations.CHARGES_CREATE, request)  # doctest: +SKIP
    >>> rate_limits(answer.headers).remaining_exact  # doctest: +SKIP
    9
    """
    found = {name.lower(): text for name, text in headers.items()}
    return RateLimits(
        _count(found.get("x-remaining-requests-exact")),
        _count(found.get("x-remaining-requests-route")),
        _count(found.get("x-requests-per-minute-exact")),
        _count(found.get("x-requests-per-minute-route")),
    )


def _count(text: str | None) -> int | None:
    if text is None or not text.isascii() or not text.isdecimal() or len(text) > 9:
        return None
    return int(text)
