"""What every store asks of its arguments, and how it writes small mappings down."""

from __future__ import annotations

import math
import os
from typing import TYPE_CHECKING, cast

import orjson

from kessai.errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Mapping

MAX_TEXT_BYTES = 512
MAX_MAPPING_BYTES = 4096
"""Enough for ids and a reason. A body does not fit, and is not meant to."""


def new_owner() -> str:
    """Make a fence nobody can guess: 128 random bits."""
    return os.urandom(16).hex()


def check_text(name: str, value: str) -> None:
    """Refuse what is no text of 1 to 512 bytes (UTF-8) without NUL. The value is never shown."""
    try:
        size = len(value.encode())
    except (AttributeError, UnicodeEncodeError):
        raise ConfigurationError(f"{name} must be text that UTF-8 can hold") from None
    if not 0 < size <= MAX_TEXT_BYTES:
        raise ConfigurationError(f"{name} must have 1 to {MAX_TEXT_BYTES} bytes, it has {size}")
    if "\0" in value:
        raise ConfigurationError(f"{name} must not hold NUL")


def check_seconds(name: str, value: float, *, zero: bool = False) -> None:
    """Refuse a duration that is no finite number of seconds above zero (or zero, with ``zero``)."""
    if not math.isfinite(value) or value < 0 or (value == 0 and not zero):
        least = "zero or more" if zero else "more than zero"
        raise ConfigurationError(f"{name} must be {least} seconds and finite, not {value!r}")


def check_limit(name: str, value: int) -> None:
    """Refuse a limit below 1."""
    if value < 1:
        raise ConfigurationError(f"{name} must be 1 or more, not {value!r}")


def pack(name: str, mapping: Mapping[str, str]) -> str:
    """Write a mapping of text to text as JSON of at most 4,096 bytes."""
    given = cast("dict[object, object]", dict(mapping))
    if not all(isinstance(value, str) for pair in given.items() for value in pair):
        raise ConfigurationError(f"{name} must map text to text")
    try:
        packed = orjson.dumps({str(key): str(value) for key, value in given.items()})
    except orjson.JSONEncodeError:
        raise ConfigurationError(f"{name} must be text that UTF-8 can hold") from None
    if len(packed) > MAX_MAPPING_BYTES:
        raise ConfigurationError(
            f"{name} must have at most {MAX_MAPPING_BYTES} bytes as JSON, it has {len(packed)}: "
            "the journal keeps ids, no bodies"
        )
    return packed.decode()


def unpack(text: str | bytes) -> dict[str, str]:
    """Read what ``pack`` wrote."""
    mapping: dict[str, str] = orjson.loads(text)
    return mapping
