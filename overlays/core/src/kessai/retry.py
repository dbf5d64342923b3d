"""How long to pause before another attempt."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from kessai.commands import Jitter

if TYPE_CHECKING:
    from collections.abc import Generator, Mapping

    from kessai.commands import Command

#: Pauses double from the first to the longest; a gateway's Retry-After counts up to its own cap.
FIRST_PAUSE: Final = 0.5
LONGEST_PAUSE: Final = 8.0
LONGEST_RETRY_AFTER: Final = 60.0


def pause_before(number: int, asked: float | None) -> Generator[Command, float, float]:
    """Return the seconds to wait before attempt ``number`` (2 or more).

    Exponential with half of it left to chance, so that callers who failed together do not come back
    together. ``asked`` is what the gateway wants at least; it is capped, never shortened by chance.
    """
    longest = min(FIRST_PAUSE * 2 ** min(number - 2, 10), LONGEST_PAUSE)
    drawn = yield Jitter(longest / 2, longest)
    return drawn if asked is None else max(drawn, min(asked, LONGEST_RETRY_AFTER))


def retry_after(headers: Mapping[str, str], wall: float) -> float | None:
    """Read Retry-After: seconds, or an HTTP date (RFC 9110, section 10.2.3). None when unusable.

    A date is measured against the answer's own Date where it has one, because two clocks differ.
    """
    text = headers.get("retry-after", "").strip()
    if text.isascii() and text.isdigit():
        return float(text[:9])
    moment = http_date(text)
    if moment is None:
        return None
    sent = http_date(headers.get("date", ""))
    return max(0.0, moment - (wall if sent is None else sent))


def http_date(text: str) -> float | None:
    """Read an HTTP date as seconds since 1970-01-01T00:00:00Z; None when it is none."""
    if not text:
        return None
    from email.utils import parsedate_to_datetime

    try:
        moment = parsedate_to_datetime(text)
        return moment.timestamp() if moment.tzinfo is not None else None
    except (ValueError, OverflowError):
        return None
