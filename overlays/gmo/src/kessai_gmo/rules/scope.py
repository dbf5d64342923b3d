"""What a rule gets to see, and how it reports: one violation, its pointer, its source.

Rules hold what the schema cannot say: what one payment method requires, sums over several members,
calendars. They run after the schema's own limits and report into the same list, so a merchant sees
everything that is wrong at once. A rule never raises and never names a value.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from kessai.constraints import Report

DOCUMENT = "GMO PG OpenAPI type 1.5.1"
"""The document the limits come from; a source reads ``<document>, <section or member>``."""

NEIGHBOURS = "GMO PG OpenAPI type 1.3.1, 1.5.0, 1.6.2"
"""Where the document breaks off, the provider's own documents of neighbouring versions agree."""

JST = timezone(timedelta(hours=9), "JST")


class Scope:
    """The surroundings of one request: where it goes, what day it is, where findings are put.

    ``live`` is False in the sandbox and for loopback mocks. ``clock`` gives seconds since the epoch
    and is read only by rules that need the day in Japan.
    """

    __slots__ = ("clock", "live", "report")

    report: Report
    live: bool
    clock: Callable[[], float]

    def __init__(self, report: Report, *, live: bool, clock: Callable[[], float]) -> None:
        self.report = report
        self.live = live
        self.clock = clock

    def refuse(
        self, pointer: str, code: str, message: str, section: str, limit: str | int | None = None
    ) -> None:
        """Report a broken documented rule: the request does not leave."""
        self.report.add(pointer, code, message, limit=limit, source=f"{DOCUMENT}, {section}")

    def refuse_neighbour(
        self, pointer: str, code: str, message: str, section: str, limit: str | int | None = None
    ) -> None:
        """Report a rule that only the neighbouring versions of the document state."""
        self.report.add(pointer, code, message, limit=limit, source=f"{NEIGHBOURS}, {section}")

    def warn(self, pointer: str, code: str, message: str, source: str) -> None:
        """Report what is wanted, assumed or known from third parties: warns, never refuses."""
        self.report.add(pointer, code, message, source=source, enforced=False)

    def today(self) -> date:
        """The calendar day in Japan, by the clock the client was given."""
        return datetime.fromtimestamp(self.clock(), JST).date()


def parse_day(text: str) -> date | None:
    """The day a YYYYMMDD text names, or None when it names none (20230231, full-width digits)."""
    if not is_digits(text, 8):
        return None
    try:
        return date(int(text[:4]), int(text[4:6]), int(text[6:]))
    except ValueError:
        return None


def parse_minute(text: str) -> datetime | None:
    """The minute in Japan a YYYYMMDDHHMM text names, or None when it names none."""
    if not is_digits(text, 12):
        return None
    day = parse_day(text[:8])
    hour, minute = int(text[8:10]), int(text[10:])
    if day is None or hour > 23 or minute > 59:
        return None
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=JST)


def is_digits(text: str, length: int) -> bool:
    """Whether a text is that many ASCII digits."""
    return len(text) == length and text.isascii() and text.isdigit()
