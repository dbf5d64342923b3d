"""From JSON values to Python values and back, where the two differ: yen, date-times, enums.

These helpers are called by generated decoders. Each takes a value that is present and raises
DecodeError with the pointer below the value (empty for the value itself); the decoder puts its
member's name in front.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from enum import IntEnum, StrEnum
from typing import TYPE_CHECKING, Any, Final, TypeVar, cast

from kessai.timestamp import DecodeError, Timestamp, TimestampMember

__all__ = [
    "DecodeError",
    "EnumTable",
    "IntEnumTable",
    "Timestamp",
    "TimestampMember",
    "copy_json",
    "decode_date",
    "decode_integer",
    "decode_items",
    "decode_list",
    "decode_map",
    "decode_nothing",
    "decode_number",
    "decode_timestamp",
    "decode_values",
    "decode_yen",
    "located",
    "member_at",
    "missing",
    "new",
]

ValueT = TypeVar("ValueT")

_MOST_DIGITS: Final = 30


if TYPE_CHECKING:

    def new(kind: type[ValueT]) -> ValueT:
        """An object without its __init__: decoders set every attribute themselves."""
        ...
else:
    new = object.__new__


def located(error: Exception, member: str) -> DecodeError:
    """What a decoder raises for an error at one of its members.

    A TypeError is an object or array where the spec lists plain values: it cannot be looked up.
    """
    if isinstance(error, DecodeError):
        return error.under(member)
    return DecodeError("", "a string").under(member)


class EnumTable(dict[Any, Any]):
    """An open enum's members by value, for decoders: absent stays None, unknown becomes a member.

    Looking up an object or array raises TypeError, anything else that is no text DecodeError.
    """

    __slots__ = ("_enum",)

    def __init__(self, enum: type[StrEnum]) -> None:
        super().__init__({member.value: member for member in enum})
        self[None] = None
        self._enum = enum

    def __missing__(self, key: object) -> Any:
        if not isinstance(key, str):
            raise DecodeError("", "a string")
        return self._enum(key)


class IntEnumTable(dict[Any, Any]):
    """An open enum's members by whole number, for decoders: absent stays None, 3.0 counts as 3.

    Looking up anything else raises DecodeError: a boolean is no number, though it equals one.
    """

    __slots__ = ("_enum",)

    def __init__(self, enum: type[IntEnum]) -> None:
        super().__init__({member.value: member for member in enum})
        self[None] = None
        self._enum = enum

    def __getitem__(self, key: Any) -> Any:
        if key is None:
            return None
        number = decode_integer(key)
        found = self.get(number)
        return self._enum(number) if found is None else found


def decode_yen(value: Any) -> int:
    """Yen from ASCII decimal digits, or from a JSON integer."""
    if value.__class__ is str:
        if value.isdigit() and value.isascii() and len(value) <= _MOST_DIGITS:
            return int(value)
        digits = value[1:]
        if (
            value[:1] == "-"
            and digits.isdigit()
            and digits.isascii()
            and len(value) <= _MOST_DIGITS
        ):
            return int(value)
    elif value.__class__ is int:
        return value
    raise DecodeError("", "an amount in yen")


def decode_timestamp(value: Any) -> Timestamp:
    """A date-time from its ISO 8601 text, at once: for elements of arrays and maps."""
    try:
        return Timestamp.parse(value)
    except (TypeError, ValueError):
        raise DecodeError("", "an ISO 8601 date-time") from None


def decode_date(value: Any) -> date:
    """A date from its ISO 8601 text."""
    if value.__class__ is str:
        try:
            return date.fromisoformat(value)
        except ValueError:
            pass
    raise DecodeError("", "an ISO 8601 date")


def decode_integer(value: Any) -> int:
    """An integer; 3.0 counts as 3, as in JSON Schema. A boolean is none."""
    if value.__class__ is int:
        return value
    if value.__class__ is float and value.is_integer():
        return int(value)
    raise DecodeError("", "an integer")


def decode_number(value: Any) -> float:
    """A number. A boolean is none."""
    if value.__class__ is float or value.__class__ is int:
        return value
    raise DecodeError("", "a number")


def decode_list(value: Any) -> list[Any]:
    """An array whose elements need no decoding."""
    if value.__class__ is list:
        return value
    raise DecodeError("", "an array")


def decode_items(item: Callable[[Any], ValueT], value: Any) -> list[ValueT]:
    """An array, element by element."""
    if value.__class__ is not list:
        raise DecodeError("", "an array")
    items: list[ValueT] = []
    try:
        for element in value:
            items.append(item(element))
    except (DecodeError, TypeError) as error:
        raise located(error, str(len(items))) from None
    return items


def decode_map(value: Any) -> dict[str, Any]:
    """An object with free member names whose values need no decoding."""
    if value.__class__ is dict:
        return value
    raise DecodeError("", "an object")


def decode_values(item: Callable[[Any], ValueT], value: Any) -> dict[str, ValueT]:
    """An object with free member names, value by value."""
    if value.__class__ is not dict:
        raise DecodeError("", "an object")
    values: dict[str, ValueT] = {}
    for name, element in value.items():
        try:
            values[name] = item(element)
        except (DecodeError, TypeError) as error:
            raise located(error, name) from None
    return values


def decode_nothing(value: Any) -> None:
    """The answer of an operation that has none: whatever came is left alone."""


def member_at(data: Mapping[str, Any], *steps: str) -> Any:
    """The value at a path of member names, or None where there is none."""
    value: Any = data
    for step in steps:
        if value.__class__ is not dict:
            return None
        value = value.get(step)
    return value


def copy_json(value: Any) -> Any:
    """A deep copy of JSON values: what decoders may use up."""
    if isinstance(value, Mapping):
        members = cast("Mapping[str, Any]", value)
        return {name: copy_json(member) for name, member in members.items()}
    if isinstance(value, list | tuple):
        return [copy_json(element) for element in cast("list[Any]", value)]
    return value


def missing() -> DecodeError:
    """What a decoder raises for a required member that is absent or null."""
    return DecodeError("", "present")
