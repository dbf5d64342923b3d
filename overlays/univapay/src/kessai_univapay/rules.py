"""What the schema cannot say about a request.

Source: the provider's Java SDK, ``doc/``; docs.univapay.com. Limits of which only a reason's name
is known are not enforced: the gateway says no itself.
"""

from __future__ import annotations

import re
from math import isfinite
from typing import TYPE_CHECKING, Any, cast

from kessai.checks import escape

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kessai.constraints import Report
    from kessai.operation import Operation

__all__ = ["check"]

_SOURCE = "java-sdk models"
_DIGITS = re.compile(r"[0-9-]+")


def check(operation: Operation[Any, Any], request: Any, report: Report) -> None:
    """Report what is wrong, by JSON pointer."""
    metadata = getattr(request, "metadata", None)
    if metadata is not None:
        _metadata(metadata, report)
    if operation.name == "tokens_create":
        _token(request, report)
    elif operation.name == "charges_create":
        _charge(request, report)


def _metadata(metadata: object, report: Report) -> None:
    """Values are texts, numbers, booleans, null, or arrays of these; nothing is nested."""
    if not isinstance(metadata, dict):
        return  # the schema says it
    for name, value in cast("Mapping[Any, Any]", metadata).items():
        if not isinstance(name, str):
            continue  # likewise
        array = isinstance(value, list | tuple)
        parts = cast("list[Any]", value) if array else [value]
        if any(isinstance(part, dict | list | tuple) for part in parts):
            message = "holds an object or nested arrays, which are refused"
            report.add(f"/metadata/{escape(name)}", "nested", message, source=_SOURCE)
        if any(isinstance(part, float) and not isfinite(part) for part in parts):
            message = "is no number that JSON has, and would be sent as null"
            report.add(f"/metadata/{escape(name)}", "finite", message, source=_SOURCE)


def _token(request: Any, report: Report) -> None:
    """An e-mail address is needed except for online; some kinds are for one charge only.

    A telephone number in other characters, full-width ones say, is sent as it is, with a warning.
    """
    payment_type = str(getattr(request, "payment_type", ""))
    kind = str(getattr(request, "type", None) or "one_time")
    if payment_type in ("online", "qr_scan") and kind != "one_time":
        message = f"must be one_time for {payment_type}"
        report.add("/type", "one-time-only", message, source=_SOURCE)
    if payment_type != "online" and not getattr(request, "email", None):
        message = "is needed except for online payments, one page says; others do not require it"
        report.add("/email", "required", message, source="gopay-docs", enforced=False)
    phone = getattr(getattr(request, "data", None), "phone_number", None)
    number = getattr(phone, "local_number", None)
    if isinstance(number, str) and number and not _DIGITS.fullmatch(number):
        message = "holds other characters than the digits 0 to 9 and hyphens (full-width ones?)"
        pointer = "/data/phone_number/local_number"
        report.add(pointer, "digits", message, source="assumed", enforced=False)


def _charge(request: Any, report: Report) -> None:
    """A date to capture at contradicts a capture at once, except where it is a deadline."""
    if getattr(request, "capture", None) is True and getattr(request, "capture_at", None):
        message = "and capture true contradict one another for cards; konbini reads a deadline here"
        report.add("/capture_at", "capture", message, source=_SOURCE, enforced=False)
