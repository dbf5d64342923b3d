"""Forms and query strings as the gateway sends them: UTF-8, strictly, and no name twice.

A form that could be read in two ways is refused, because whoever proved one reading may act on the
other. Messages name the cause and at most a field's name, never a value.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from kessai.errors import ConfigurationError, MalformedEventError
from kessai.receive import header

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import TypeAlias

    Secrets: TypeAlias = str | Sequence[str]
    """The merchant secret key, or the old and the new one while it is being changed."""

__all__ = ["check_media", "read_form", "secrets"]

FORM = "application/x-www-form-urlencoded"

MOST_FIELDS = 2000
"""Fields of a form; 50 records of the longest described have 600."""

_BROKEN = re.compile(rb"%(?![0-9A-Fa-f]{2})")
_UTF8 = frozenset({"", "utf-8", "utf8"})
_CHARSET = re.compile(r"charset\s*=\s*\"?([^\";]*)\"?", re.IGNORECASE)
_PLAIN = re.compile(r"[0-9A-Za-z_.-]{1,64}")


def secrets(secret: Secrets) -> list[str]:
    """One or several secret keys as a list; raises ConfigurationError if one is empty."""
    keys = [secret] if isinstance(secret, str) else list(secret)
    if not keys or not all(keys):
        raise ConfigurationError("secret must be a key, or several, and none of them empty")
    return keys


def check_media(headers: Mapping[str, str], what: str) -> None:
    """Refuse a body that is no form, or a form in another charset than UTF-8."""
    value = header(headers, "Content-Type", error=MalformedEventError) or ""
    media, _, parameters = value.partition(";")
    if media.strip().lower() != FORM:
        raise MalformedEventError(f"{what} is not {FORM}")
    charset = _CHARSET.search(parameters)
    if charset is not None and charset[1].strip().lower() not in _UTF8:
        raise MalformedEventError(f"{what} is in another charset than UTF-8, which alone is read")


def read_form(data: bytes, what: str) -> dict[str, str]:
    """The fields of a form or query string by name, in the order they came.

    Raises MalformedEventError: broken percent-encoding, not UTF-8 (encoded or not), a name twice,
    no name, more than 2,000 fields.
    """
    parts = [part for part in data.split(b"&") if part]
    if len(parts) > MOST_FIELDS:
        raise MalformedEventError(f"{what} has more than {MOST_FIELDS} fields")
    found: dict[str, str] = {}
    for part in parts:
        name, _, value = part.partition(b"=")
        key = _text(name, what)
        if not key:
            raise MalformedEventError(f"{what} has a field without a name")
        if key in found:
            raise MalformedEventError(f"{what} has {shown(key)} more than once")
        found[key] = _text(value, what)
    return found


def shown(name: str) -> str:
    """A field's name, if it looks like one of the gateway's."""
    return name if _PLAIN.fullmatch(name) else "a field"


def _text(part: bytes, what: str) -> str:
    from urllib.parse import unquote_to_bytes

    if _BROKEN.search(part):
        raise MalformedEventError(f"{what} has broken percent-encoding")
    try:
        return unquote_to_bytes(part.replace(b"+", b" ")).decode("utf-8")
    except UnicodeDecodeError:
        raise MalformedEventError(f"{what} is not in UTF-8, which alone is read") from None
