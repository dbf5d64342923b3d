"""Times and durations as UnivaPay writes them, and numbers of things that follow from the time."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta

from ..clock import JST
from ..ids import Ids

_EPOCH = datetime(1582, 10, 15, tzinfo=UTC)
_DAYS = re.compile(r"P([0-9]{1,4})([DW])")
_HOURS = re.compile(r"PT([0-9]{1,5})H")
_TIME = re.compile(r"([0-9]{2}:[0-9]{2}:[0-9]{2})(Z|[+-][0-9]{2}:[0-9]{2})")


def stamp(moment: datetime | None) -> str | None:
    """RFC 3339 in UTC with microseconds and Z; None stays None."""
    if moment is None:
        return None
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%S.%f}Z"


def ordered_uuid(ids: Ids, kind: str, now: datetime) -> str:
    """A UUID of version 1 with the time in front, so that numbers sort as they were made.

    The gateway's own look so (the guide's 11ed00f1-...). Clock sequence and node follow from the
    seed.
    """
    ticks = (now - _EPOCH) // timedelta(microseconds=1) * 10
    digits = f"1{ticks:015x}"
    sequence = 0x8000 | int(ids.hex32(kind)[:4], 16) & 0x3FFF
    node = ids.hex32(f"{kind} node")[:12]
    return f"{digits[:8]}-{digits[8:12]}-{digits[12:]}-{sequence:04x}-{node}"


def hours_of(period: str) -> int | None:
    """A duration of ISO 8601 in days, weeks or hours, as hours; None for another form."""
    days = _DAYS.fullmatch(period)
    if days is not None:
        return int(days[1]) * 24 * (7 if days[2] == "W" else 1)
    hours = _HOURS.fullmatch(period)
    return None if hours is None else int(hours[1])


def moment_of(text: str) -> datetime | None:
    """A date and time with its zone, or None."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo is not None else None


def day_of(text: str) -> date | None:
    """A day, or None."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def at_time(day: date, shift: str | None) -> datetime:
    """That day at the time of day `shift` names with its zone, else at 23:59:59 in Japan."""
    found = _TIME.fullmatch(shift) if shift is not None else None
    if found is None:
        return datetime.combine(day, time(23, 59, 59), tzinfo=JST)
    moment = datetime.fromisoformat(f"{day.isoformat()}T{found[1]}{found[2]}")
    return moment.astimezone(JST)
