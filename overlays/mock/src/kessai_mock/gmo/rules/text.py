"""Checks of single values: yen, bytes, widths, addresses, dates."""

from __future__ import annotations

import re
from datetime import datetime
from urllib.parse import urlsplit

from ..body import Body
from ..problem import invalid

# ASCII and half-width kana: what the manual calls half-width (半角).
_HALF = re.compile(r"[ -~｡-ﾟ]*")
# A dot-atom or quoted local part and a domain or address literal, after RFC 5322.
_EMAIL = re.compile(
    r'(?:[A-Za-z0-9!#$%&\'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&\'*+/=?^_`{|}~-]+)*|"[ -~]*")'
    r"@(?:[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?)*"
    r"|\[[!-Z^-~]+\])"
)
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*")


def yen(body: Body, *path: str) -> int:
    """A whole number of yen, in ASCII digits. Raises ProblemError."""
    text = body.need(*path)
    if not (text.isascii() and text.isdigit()) or len(text) > 15:
        raise invalid(body.where(*path), "Digits only.")
    return int(text)


def digits_at_most(body: Body, limit: int, *path: str) -> None:
    """A number in digits, no longer than `limit`. Raises ProblemError invalid_parameter."""
    text = body.text(*path)
    if text is not None and len(text) > limit:
        raise invalid(body.where(*path), f"At most {limit} digits.")


def length(body: Body, limit: int, *path: str) -> None:
    """At most `limit` characters. Raises ProblemError invalid_parameter."""
    text = body.text(*path)
    if text is not None and len(text) > limit:
        raise invalid(body.where(*path), f"At most {limit} characters.")


def size(body: Body, limit: int, *path: str, encoding: str = "utf-8") -> None:
    """At most `limit` bytes. Raises ProblemError invalid_parameter.

    A character the encoding does not have counts as the one that replaces it.
    """
    text = body.text(*path)
    if text is not None and len(text.encode(encoding, errors="replace")) > limit:
        raise invalid(body.where(*path), f"At most {limit} bytes in {encoding}.")


def half_width(body: Body, *path: str) -> None:
    """ASCII and half-width kana only. Raises ProblemError invalid_parameter."""
    text = body.text(*path)
    if text is not None and _HALF.fullmatch(text) is None:
        raise invalid(body.where(*path), "Half-width characters only.")


def full_width(body: Body, *path: str) -> None:
    """No ASCII and no half-width kana. Raises ProblemError invalid_parameter."""
    text = body.text(*path)
    if text is not None and any(_HALF.fullmatch(character) for character in text):
        raise invalid(body.where(*path), "Full-width characters only.")


def email(body: Body, *path: str) -> None:
    """An address as RFC 5322 has it, without comments. Raises ProblemError."""
    text = body.text(*path)
    if text is not None and _EMAIL.fullmatch(text) is None:
        raise invalid(body.where(*path), "Not an e-mail address.")


def uri(body: Body, *path: str, schemes: tuple[str, ...] = ()) -> None:
    """An absolute address, of one of `schemes` if given. Raises ProblemError."""
    text = body.text(*path)
    if text is None:
        return
    try:
        parts = urlsplit(text)
    except ValueError:
        raise invalid(body.where(*path), "Not an absolute URL.") from None
    whole = _SCHEME.fullmatch(parts.scheme) and (parts.netloc or parts.path)
    web = parts.scheme.lower() in {"http", "https"}
    bad_space = any(character <= " " for character in text)
    if not whole or bad_space or (web and not parts.netloc):
        raise invalid(body.where(*path), "Not an absolute URL.")
    if schemes and parts.scheme.lower() not in schemes:
        raise invalid(body.where(*path), f"Must begin with {' or '.join(schemes)}.")


def date(body: Body, *path: str, form: str = "%Y%m%d", digits: int = 8) -> None:
    """A date as YYYYMMDD, or another `form` of so many digits. Raises ProblemError."""
    text = body.text(*path)
    if text is not None and moment(text, form, digits) is None:
        raise invalid(body.where(*path), "Not a date.")


def moment(text: str, form: str, digits: int) -> datetime | None:
    """The moment a text of `digits` digits means, or None if it means none."""
    if not (text.isascii() and text.isdigit() and len(text) == digits):
        return None
    try:
        return datetime.strptime(text, form)
    except ValueError:
        return None
