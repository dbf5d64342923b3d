"""What is wrong with a value: called by generated models when a limit's fast path fails.

Generated code compares inline, a comparison per limit, and calls here only with a value that
broke one (or with an unusual type, such as a subclass of str, that may turn out to be fine).
"""

from __future__ import annotations

import math
from datetime import date, datetime
from typing import Any, cast

from kessai.constraints import Report
from kessai.formats import Pattern, byte_length, fits, is_email, is_uri
from kessai.timestamp import Timestamp

__all__ = [
    "Pattern",
    "check_date",
    "check_enum",
    "check_flag",
    "check_integer",
    "check_list",
    "check_map",
    "check_nested",
    "check_number",
    "check_text",
    "check_timestamp",
    "check_yen",
    "escape",
    "fits",
    "is_email",
    "is_uri",
]


def escape(name: str) -> str:
    """A member's name as a step of a JSON pointer."""
    return name.replace("~", "~0").replace("/", "~1")


def _wrong_type(
    report: Report, at: str, value: Any, expected: str, source: str, plain: bool = False
) -> None:
    """``plain``: None would be written as null, so that its absence may be lifted."""
    if value is None:
        report.add(at, "required", "is required", source=source, final=not plain)
    else:
        message = f"must be {expected}, is {type(value).__name__}"
        report.add(at, "type", message, source=source, final=True)


def check_text(
    report: Report,
    at: str,
    value: Any,
    *,
    min_length: int | None = None,
    max_length: int | None = None,
    pattern: Pattern | None = None,
    max_bytes: int | None = None,
    encoding: str = "utf-8",
    format: str | None = None,
    const: str | None = None,
    source: str = "",
    enforced: bool = True,
) -> None:
    """A text: lengths in characters (code points), bytes in the named encoding, pattern, format.

    Characters without a place in the encoding warn: the gateway's table may be larger.
    """
    if not isinstance(value, str):
        _wrong_type(report, at, value, "a str", source, plain=True)
        return

    def add(code: str, message: str, limit: str | int | None, known: bool = True) -> None:
        report.add(at, code, message, limit=limit, source=source, enforced=enforced and known)

    if min_length is not None and len(value) < min_length:
        add("min-length", f"must have at least {min_length} characters", min_length)
    if max_length is not None and len(value) > max_length:
        add("max-length", f"must have at most {max_length} characters", max_length)
    if pattern is not None and pattern.match(value) is None:
        add("pattern", f"must match {pattern.source}", pattern.source)
    if format == "email" and not is_email(value):
        add("format", "must be an e-mail address (RFC 5322)", "email")
    if format == "uri" and not is_uri(value):
        add("format", "must be an absolute http(s) URL in ASCII", "uri")
    if const is not None and value != const:
        add("enum", f"must be {const}", const)
    if max_bytes is not None:
        length = byte_length(value, encoding)
        if length.bytes - 2 * length.unencodable > max_bytes:
            add("max-bytes", f"must take at most {max_bytes} bytes in {encoding}", max_bytes)
        elif length.unencodable:
            message = f"holds {length.unencodable} characters that {encoding} has no place for"
            add("max-bytes", message, max_bytes, known=False)


def check_integer(
    report: Report,
    at: str,
    value: Any,
    *,
    minimum: int | None = None,
    maximum: int | None = None,
    source: str = "",
    enforced: bool = True,
) -> None:
    """A whole number: int, not bool, not float."""
    if isinstance(value, bool) or not isinstance(value, int):
        _wrong_type(report, at, value, "an int", source, plain=True)
        return
    _check_range(report, at, value, minimum, maximum, source, enforced)


def check_number(
    report: Report,
    at: str,
    value: Any,
    *,
    minimum: float | None = None,
    maximum: float | None = None,
    source: str = "",
    enforced: bool = True,
) -> None:
    """A finite number, not bool."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        _wrong_type(report, at, value, "a finite number", source, plain=True)
        return
    _check_range(report, at, value, minimum, maximum, source, enforced)


def _check_range(
    report: Report,
    at: str,
    value: float,
    minimum: float | None,
    maximum: float | None,
    source: str,
    enforced: bool,
) -> None:
    if minimum is not None and value < minimum:
        message = f"must be at least {minimum}"
        report.add(at, "minimum", message, limit=_limit(minimum), source=source, enforced=enforced)
    if maximum is not None and value > maximum:
        message = f"must be at most {maximum}"
        report.add(at, "maximum", message, limit=_limit(maximum), source=source, enforced=enforced)


def _limit(number: float) -> str | int:
    return number if isinstance(number, int) else str(number)


def check_yen(
    report: Report,
    at: str,
    value: Any,
    *,
    minimum: int = 0,
    maximum: int | None = None,
    digits: int | None = None,
    source: str = "",
    enforced: bool = True,
) -> None:
    """An amount in yen: int, not bool, at most ``digits`` decimal digits.

    A negative amount is refused even where the other limits are assumed: digits have no sign.
    """
    if isinstance(value, bool) or not isinstance(value, int):
        _wrong_type(report, at, value, "an int (yen)", source)
        return
    if type(value) is not int and not _writes_digits(value):
        _wrong_type(report, at, value, "an int (yen) that is written as its digits", source)
        return
    if value < 0:
        report.add(at, "minimum", "must be at least 0", limit=0, source=source, final=True)
        return
    _check_range(report, at, value, minimum, maximum, source, enforced)
    if digits is not None and abs(value) >= 10**digits:
        message = f"must have at most {digits} digits"
        report.add(at, "max-length", message, limit=digits, source=source, enforced=enforced)


def _writes_digits(value: int) -> bool:
    """It is str() that writes the wire: a subclass with a text of its own would set its price."""
    try:
        return str(value) == int.__repr__(value)
    except ValueError:  # thousands of digits
        return False


def check_flag(report: Report, at: str, value: Any, *, source: str = "") -> None:
    """A bool."""
    if not isinstance(value, bool):
        _wrong_type(report, at, value, "a bool", source, plain=True)


def check_enum(report: Report, at: str, value: Any, table: Any, *, source: str = "") -> None:
    """A member of an open enum. One that the spec does not list warns: it may be new.

    An empty text is no new value, but one that was lost: it is refused.
    """
    first: object = next((member.value for member in table.values() if member is not None), "")
    kind = int if isinstance(first, int) else str
    if not isinstance(value, kind) or isinstance(value, bool):
        _wrong_type(report, at, value, "a member of the enum", source, plain=True)
    elif value not in table:
        known = ", ".join(str(listed) for listed in table if listed is not None)
        lost = value == ""
        says = f"is empty, and not one of {known}" if lost else f"is not one of {known}"
        report.add(at, "enum", says, limit=known, source=source, enforced=lost)


def check_nested(
    report: Report, at: str, value: Any, kind: Any, name: str, *, source: str = ""
) -> None:
    """A model (or a variant of a union), with everything in it."""
    if isinstance(value, kind):
        value.check(at, report)
    else:
        _wrong_type(report, at, value, f"a {name}", source)


def check_list(
    report: Report,
    at: str,
    value: Any,
    *,
    min_items: int | None = None,
    max_items: int | None = None,
    source: str = "",
    enforced: bool = True,
) -> bool:
    """A list; answers whether its elements can be looked at."""
    if not isinstance(value, list):
        _wrong_type(report, at, value, "a list", source)
        return False
    count = len(cast("list[object]", value))
    if min_items is not None and count < min_items:
        message = f"must have at least {min_items} elements"
        report.add(at, "min-items", message, limit=min_items, source=source, enforced=enforced)
    if max_items is not None and count > max_items:
        message = f"must have at most {max_items} elements"
        report.add(at, "max-items", message, limit=max_items, source=source, enforced=enforced)
    return True


def check_map(
    report: Report,
    at: str,
    value: Any,
    *,
    max_properties: int | None = None,
    source: str = "",
    enforced: bool = True,
) -> bool:
    """A dict with str keys; answers whether its values can be looked at."""
    if not isinstance(value, dict):
        _wrong_type(report, at, value, "a dict", source)
        return False
    members = cast("dict[object, object]", value)
    if not all(isinstance(name, str) for name in members):
        report.add(at, "type", "must have names of type str", source=source, final=True)
        return False
    if max_properties is not None and len(members) > max_properties:
        message = f"must have at most {max_properties} members"
        report.add(
            at, "max-properties", message, limit=max_properties, source=source, enforced=enforced
        )
    return True


def check_timestamp(report: Report, at: str, value: Any, *, source: str = "") -> None:
    """A Timestamp, which is always aware (``Timestamp.of``), or a text it can be read from."""
    if isinstance(value, str):
        try:
            Timestamp.parse(value)
        except ValueError:
            report.add(at, "type", "must be a Timestamp", source=source, final=True)
    elif not isinstance(value, Timestamp):
        _wrong_type(report, at, value, "a Timestamp", source)


def check_date(report: Report, at: str, value: Any, *, source: str = "") -> None:
    """A date, not a date-time."""
    if not isinstance(value, date) or isinstance(value, datetime):
        _wrong_type(report, at, value, "a datetime.date", source)
