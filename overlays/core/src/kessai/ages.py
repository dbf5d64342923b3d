"""How old an order is: by this machine's clock and by the Date of the gateway's answer.

Neither is believed alone where both are there. What must not be too old goes by the older age, what
must be old enough by the younger one.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from kessai.errors import OutcomeUnknown

#: Seconds before the end of a key's window at which a repeat is no longer sent (23 h of 24).
WINDOW_MARGIN: Final = 3600.0
#: Seconds by which the first attempt may seem to lie ahead before the clocks are not believed.
CLOCK_TOLERANCE: Final = 300.0

NO_DATE: Final = "the gateway's answer had no Date to measure the age of the {} by"
AHEAD: Final = "the clocks disagree: the first attempt seems to lie in the future"


def horizon(window: int) -> float:
    """Return how many seconds after the first attempt a key is surely still replayed."""
    return window - min(WINDOW_MARGIN, window / 2)


def moment(unknown: OutcomeUnknown, seconds: float) -> datetime:
    """Return the point in time so many seconds after the first attempt."""
    first = unknown.first_sent_at.timestamp()
    return datetime.fromtimestamp(min(first + seconds, _LAST), UTC)


def too_old(
    unknown: OutcomeUnknown, window: int, deadline: float, now: float, date: float | None
) -> str | None:
    """Say why a repeat may come too late for a key's window; None when it does not.

    ``now``: this machine's clock; ``date``: the gateway's, None where nobody could be asked.
    ``deadline``: seconds that the repeat may take.
    """
    ages = _ages(unknown, now, date)
    if min(ages) < -CLOCK_TOLERANCE:
        return AHEAD
    if max(ages) + deadline >= horizon(window):
        return f"the key is {max(ages) / 3600:.1f} h old and may no longer be replayed"
    return None


def too_young(
    unknown: OutcomeUnknown, seconds: float, now: float, date: float | None
) -> str | None:
    """Say why an order that is absent may still come; None ``seconds`` after it was last sent."""
    if date is None:
        return NO_DATE.format("order")
    ages = _ages(unknown, now, date)
    if min(ages) < -CLOCK_TOLERANCE:
        return AHEAD
    if not min(ages) >= seconds + unknown.span:
        return f"it may still come until {seconds:g} seconds after it was sent"
    return None


def near(unknown: OutcomeUnknown, seconds: float, spent: float, now: float, date: float) -> bool:
    """Whether something that takes ``spent`` seconds may end after ``seconds``, by some clock."""
    return max(_ages(unknown, now, date)) + spent + CLOCK_TOLERANCE >= seconds


def _ages(unknown: OutcomeUnknown, now: float, date: float | None) -> list[float]:
    first = unknown.first_sent_at.timestamp()
    return [now - first] if date is None else [now - first, date - first]


#: The last moment that a date-time can name, or nearly.
_LAST: Final = 253_402_214_400.0
