"""Points in time as a gateway writes them, read when somebody asks for them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from typing import Any, Final, SupportsIndex

JST: Final = timezone(timedelta(hours=9), "JST")


class DecodeError(ValueError):
    """A value has the wrong JSON type. Carries the JSON pointer, never the value."""

    def __init__(self, pointer: str, expected: str) -> None:
        super().__init__(f"{pointer or '/'}: not {expected}")
        self.pointer = pointer
        self.expected = expected

    def under(self, member: str) -> DecodeError:
        """The same error, seen from the object that holds the member."""
        step = member.replace("~", "~0").replace("/", "~1")
        return DecodeError(f"/{step}{self.pointer}", self.expected)

    def __reduce__(self) -> tuple[type[DecodeError], tuple[str, str]]:
        return DecodeError, (self.pointer, self.expected)


class Timestamp(datetime):
    """A point in time as a gateway wrote it: always aware, with the original text in ``text``.

    Where the text has no offset it is read as Japan Standard Time.
    """

    __slots__ = ("_text",)
    _text: str

    @staticmethod
    def parse(text: str) -> Timestamp:
        """Read an ISO 8601 date-time. Raises ValueError, which does not repeat the text."""
        try:
            moment = Timestamp.fromisoformat(text)
        except ValueError:
            raise ValueError("not an ISO 8601 date-time") from None
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=JST)
        moment._text = text
        return moment

    @staticmethod
    def of(moment: datetime) -> Timestamp:
        """Take over an aware datetime, for a request. Raises ValueError for a naive one."""
        if moment.tzinfo is None:
            raise ValueError("a datetime without time zone")
        return Timestamp.parse(moment.isoformat())

    @property
    def text(self) -> str:
        """What the gateway wrote; for a computed value, ISO 8601."""
        try:
            return self._text
        except AttributeError:
            return self.isoformat()

    def __reduce_ex__(self, protocol: SupportsIndex) -> tuple[Any, ...]:
        return Timestamp.parse, (self.text,)


class TimestampMember:
    """A model's attribute that holds a date-time, taken over from the class's own slot.

    The decoder stores the text; it is read when the attribute is first used. So an answer to a
    payment is not lost over a date in a new form: only using that date raises DecodeError, and
    the text goes back to the wire as it came. ``raw`` and ``put`` are the slot itself.
    """

    __slots__ = ("_wire", "put", "raw")

    raw: Callable[[object], Any]
    put: Callable[[object, Any], None]

    def __init__(self, model: type, name: str, wire: str) -> None:
        slot: Any = model.__dict__[name]
        self.raw = slot.__get__
        self.put = slot.__set__
        self._wire = wire
        setattr(model, name, self)

    def __get__(self, instance: object, owner: type | None = None) -> Any:
        if instance is None:
            return self
        value = self.raw(instance)
        if value.__class__ is not str:
            return value
        try:
            moment = Timestamp.parse(value) if value else None
        except ValueError:
            raise DecodeError("", "an ISO 8601 date-time").under(self._wire) from None
        self.put(instance, moment)
        return moment

    def __set__(self, instance: object, value: Any) -> None:
        self.put(instance, value)
