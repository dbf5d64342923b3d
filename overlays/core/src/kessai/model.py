"""What generated models share: open enums, unknown members and variants kept, redacted repr.

Decoding never looks at limits, because an answer to a payment must not be lost over a field that
grew by a character. It refuses only what has no Python value of the promised type: an object
where the spec says text, a date that is none. The error names the place and never the value.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import IntEnum, StrEnum
from typing import TYPE_CHECKING, Any, ClassVar, Final, Self, cast

from kessai.wire import DecodeError, EnumTable, IntEnumTable, Timestamp, copy_json

if TYPE_CHECKING:
    from kessai.constraints import Report

__all__ = [
    "UNSET",
    "DecodeError",
    "EnumTable",
    "IntEnumTable",
    "Model",
    "OpenEnum",
    "OpenIntEnum",
    "Timestamp",
    "UnknownVariant",
    "Unset",
    "no_members",
]

HIDDEN: Final = "<hidden>"


class Unset:
    """The type of UNSET: "not given", for the rare member whose null has a meaning of its own."""

    __slots__ = ()

    def __bool__(self) -> bool:
        return False

    def __repr__(self) -> str:
        return "UNSET"

    def __reduce__(self) -> str:
        return "UNSET"  # copies and pickles stay this one object


UNSET: Final = Unset()


class OpenEnum(StrEnum):
    """A list of values that the gateway may lengthen at any time.

    A value that the spec does not know becomes a member of its own that keeps its text, compares
    as itself and survives a round trip; it is not added to the class.
    """

    @classmethod
    def _missing_(cls, value: object) -> Self | None:
        if not isinstance(value, str):
            return None
        member = str.__new__(cls, value)
        member._name_ = value
        member._value_ = value
        return member

    @property
    def is_known(self) -> bool:
        """Whether the spec lists this value."""
        return self._value_ in type(self)._value2member_map_


class OpenIntEnum(IntEnum):
    """A list of whole numbers that the gateway may lengthen at any time; else as OpenEnum.

    The name of a number that the spec does not know is its digits.
    """

    @classmethod
    def _missing_(cls, value: object) -> Self | None:
        if isinstance(value, bool) or not isinstance(value, int):
            return None
        member = int.__new__(cls, value)
        member._name_ = int.__repr__(value)
        member._value_ = int(value)
        return member

    @property
    def is_known(self) -> bool:
        """Whether the spec lists this number."""
        return self._value_ in type(self)._value2member_map_


class Model:
    """What every generated model can do. Equality goes by value, unknown members included."""

    __slots__ = ()

    unknown_members: dict[str, Any]
    """Members the spec does not know, as they came; sent back as they are."""

    _SENSITIVE: ClassVar[frozenset[str]] = frozenset()

    def to_wire(self) -> dict[str, Any]:
        """The JSON object to send: absent members left out, yen as the gateway writes them."""
        raise NotImplementedError

    @classmethod
    def decode(cls, data: Any) -> Self:
        """Build one from a decoded JSON object, which is used up.

        Raises DecodeError with the pointer of a value that has the wrong JSON type.
        """
        raise NotImplementedError

    @classmethod
    def from_wire(cls, members: Mapping[str, Any]) -> Self:
        """Build one from a JSON object that stays as it is. Raises DecodeError."""
        try:
            own = copy_json(members)
        except RecursionError:
            raise DecodeError("", "shallow enough") from None
        return cls.decode(own)

    def check(self, at: str, report: Report) -> None:
        """Report every documented limit this request part breaks; ``at`` is its JSON pointer."""

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Model) or other.__class__ is not self.__class__:
            return NotImplemented
        return self.__getstate__() == other.__getstate__()

    # What holds a dict has no hash; typeshed declares the same of dict itself.
    __hash__: ClassVar[None]  # type: ignore[assignment]

    def __getstate__(self) -> dict[str, Any]:
        """Every attribute by name; a date that nobody can read is the text it came as."""
        state: dict[str, Any] = {}
        for name in _fields(type(self)):
            try:
                state[name] = getattr(self, name)
            except DecodeError:
                state[name] = type(self).__dict__[name].raw(self)
        return state

    def __setstate__(self, state: dict[str, Any]) -> None:
        for name, value in state.items():
            setattr(self, name, value)

    def __repr__(self) -> str:
        """Present members; sensitive values, free-form maps and unknown members by name only."""
        shown: list[str] = []
        for name in _fields(type(self)):
            try:
                value: Any = getattr(self, name, None)
            except DecodeError:
                value = HIDDEN  # a date in a form nobody can read
            if value is None or (name == "unknown_members" and not value):
                continue
            if name in self._SENSITIVE:
                shown.append(f"{name}={HIDDEN}")
            elif isinstance(value, dict):
                shown.append(f"{name}={_names(cast('dict[str, Any]', value))}")
            else:
                shown.append(f"{name}={value!r}")
        return f"{type(self).__name__}({', '.join(shown)})"


class UnknownVariant(Model):
    """A member of a union that the spec does not know, kept whole in ``data``.

    Also the way to send a shape the gateway added after this package was made.
    """

    __slots__ = ("data",)

    data: dict[str, Any]

    def __init__(self, data: dict[str, Any]) -> None:
        self.data = data

    def to_wire(self) -> dict[str, Any]:
        """The object as it came."""
        return self.data

    @classmethod
    def decode(cls, data: Any) -> Self:
        """Keep an object; raises DecodeError for anything else."""
        if data.__class__ is not dict:
            raise DecodeError("", "an object")
        return cls(data)

    def check(self, at: str, report: Report) -> None:
        """Warn: sending a shape that the spec does not know may be meant, or a slip."""
        message = "is none of the shapes the spec knows"
        report.add(at, "variant", message, enforced=False)

    def __getstate__(self) -> dict[str, Any]:
        return {"data": self.data}

    def __repr__(self) -> str:
        return f"UnknownVariant({_names(self.data)})"


def no_members() -> dict[str, Any]:
    """What unknown_members holds at first."""
    return {}


def _fields(model: type[Model]) -> list[str]:
    attributes: tuple[Any, ...] = getattr(model, "__attrs_attrs__", ())
    return [attribute.name for attribute in attributes]


def _names(members: dict[str, Any]) -> str:
    return "{" + ", ".join(f"{name}: {HIDDEN}" for name in members) + "}"
