"""Rules for identity checks. Document: OpenAPI type, /verification/start."""

from __future__ import annotations

import re
from typing import NamedTuple

from ..body import Body
from ..problem import invalid

_MOBILE = re.compile(r"0[789]0[0-9]{8}")


class Terms(NamedTuple):
    """How the check is done: seconds the page lives, retries, digits of the code."""

    seconds: int
    retries: int
    pin_digits: int


def check(body: Body) -> Terms:
    """verification/start. Raises ProblemError."""
    information = body.inside("verificationInformation")
    seconds = _number(information, 60, 1800, 600, "verificationOptions", "sessionDurationSeconds")
    retries = _number(information, 0, 5, 3, "verificationOptions", "userMaxRetry")
    phone = information.need("smsPinData", "smsPhoneNumber")
    # Hyphens are taken as elsewhere in this API (assumed).
    if _MOBILE.fullmatch(phone.replace("-", "")) is None:
        raise invalid(information.where("smsPinData", "smsPhoneNumber"), "070, 080 or 090.")
    short = information.text("smsPinData", "pinType") == "digits-4"
    return Terms(seconds, retries, 4 if short else 6)


def _number(body: Body, low: int, high: int, default: int, *path: str) -> int:
    text = body.text(*path)
    if text is None:
        return default
    if not (text.isascii() and text.isdigit()) or not low <= int(text) <= high:
        raise invalid(body.where(*path), f"From {low} to {high}.")
    return int(text)
