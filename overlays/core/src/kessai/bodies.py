"""Reading error answers, for overlays: whatever came, nothing raises or is quoted whole."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import orjson

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["block", "members", "printable"]

#: Bytes of an error answer that are looked at; the gateways' own have under 2,000.
LONGEST = 65536


def members(content: bytes) -> dict[str, Any] | None:
    """Return the members of a JSON object; None for anything else, and for what is too long."""
    if len(content) > LONGEST or not content.lstrip().startswith(b"{"):
        return None
    try:
        parsed: Any = orjson.loads(content)
    except orjson.JSONDecodeError:
        return None
    return cast("dict[str, Any]", parsed)


def block(body: Mapping[str, Any], name: str) -> dict[str, Any]:
    """Return an object inside; no members for anything else."""
    found = body.get(name)
    return cast("dict[str, Any]", found) if isinstance(found, dict) else {}


def printable(value: object, length: int = 64) -> str | None:
    """Return a text cut to ``length`` letters, without what would break a log line.

    None for an empty one and for anything else.
    """
    if not isinstance(value, str) or not value:
        return None
    return "".join(letter if letter.isprintable() else " " for letter in value[:length])
