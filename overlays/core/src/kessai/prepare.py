"""From a request to final bytes: checked, serialised once, with its key and its names."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from contextlib import suppress
from typing import TYPE_CHECKING, Any, cast

import orjson

from kessai.commands import Emit, NewKey, Warn
from kessai.constraints import Report, Violation, unsendable
from kessai.errors import ConfigurationError, ValidationError
from kessai.hooks import LimitsWarned
from kessai.model import UnknownVariant
from kessai.options import apply, checked_key
from kessai.setup import lift_from

if TYPE_CHECKING:
    from collections.abc import Generator

    from kessai.commands import Command
    from kessai.environment import Timeout
    from kessai.operation import CallOptions, Operation, Request, RequestT, ValueT
    from kessai.setup import Route, Setup

_NONE: frozenset[str] = frozenset()


class Prepared:
    """One call, ready to be sent: what all its attempts share.

    The names by which it can be asked about are worked out when somebody wants them: most calls
    are simply answered.
    """

    __slots__ = (
        "_plain",
        "_setup",
        "_wire",
        "content",
        "deadline",
        "extra",
        "headers",
        "intent",
        "key",
        "longest",
        "max_attempts",
        "number",
        "operation",
        "route",
        "timeout",
    )

    operation: Operation[Any, Any]
    route: Route
    _plain: bytes
    number: int
    content: bytes
    key: str | None
    headers: list[tuple[str, str]]
    extra: frozenset[str]
    intent: str | None
    timeout: Timeout
    longest: float
    deadline: float
    max_attempts: int

    def __init__(
        self,
        setup: Setup,
        operation: Operation[Any, Any],
        wire: Mapping[str, Any],
        plain: bytes,
        number: int,
    ) -> None:
        """Take over the client's settings; there is no key and no intent yet.

        ``plain`` is what ``serialise`` made of ``wire``; where the gateway has a codec, that wraps
        it here, once.
        """
        self._setup = setup
        self._wire = wire
        self.operation = operation
        route = setup.route(operation)
        if setup.repeatable is not None:
            route = route._replace(fresh=not setup.repeatable(operation, wire))
        self.route = route
        self.number = number
        self._plain = self.content = plain
        if setup.codec is not None and operation.media:
            self.content = setup.codec.encode(operation, wire)
        self.key = None
        self.headers = list(route.headers)
        self.extra = _NONE
        self.intent = None
        self.timeout = setup.timeout
        self.longest = setup.longest
        self.deadline = setup.deadline
        self.max_attempts = setup.max_attempts

    @property
    def repeatable(self) -> bool:
        """Whether the same bytes may be sent again although they may have arrived."""
        return not self.route.fresh

    @property
    def path(self) -> str | None:
        """What the path was filled with, None where it has no parameters."""
        path = self.operation.path
        return None if path == self.operation.template else path

    @property
    def digest(self) -> str:
        """The digest of the operation and its bytes before any wrapping; see ``digest``."""
        return digest(self._setup, self.operation, self._plain)

    @property
    def reference(self) -> dict[str, str]:
        """What the gateway can be asked by, or what the request calls the order by."""
        lookup = self._setup.gateway.lookup_for(self.operation)
        if lookup is not None:
            return dict(lookup.names(self.operation, self._wire))
        return {} if self.operation.ask is None else _values(self._wire, self.operation.ask.ask)

    @property
    def payment(self) -> str | None:
        """What is paid for, as the journal calls it: the same for every means of payment."""
        lookup = self._setup.gateway.lookup_for(self.operation)
        if lookup is not None:
            return lookup.intent(self.operation, self._wire)
        if self.operation.ask is None or self.operation.ask.ends != "paid" or not self.reference:
            return None
        return "&".join(f"{name}={text}" for name, text in self.reference.items())

    @property
    def expected(self) -> dict[str, str]:
        """What the answer to a question must agree with, by JSON pointer."""
        return {} if self.operation.ask is None else _values(self._wire, self.operation.ask.match)


def prepare(
    setup: Setup, operation: Operation[RequestT, ValueT], request: RequestT, options: CallOptions
) -> Generator[Command, Any, Prepared]:
    """Check the request and make everything its attempts share.

    Raises ``ValidationError`` with every enforced limit the request breaks, and
    ``ConfigurationError`` for an option that cannot work. Limits that are not enforced only warn.
    """
    number = next(setup.calls)
    warned = _check(setup, operation, request, options)
    if warned:
        yield Warn(operation.name, warned)
        if setup.listening:
            yield Emit(LimitsWarned(number, operation.name, tuple(warned)))
    wire = wire_of(operation, request)
    content = serialise(operation, wire)
    prepared = Prepared(setup, operation, wire, content, number)
    if options:
        apply(prepared, options)
    if operation.idempotency is not None:
        if "idempotency_key" in options:
            key = checked_key(operation, options["idempotency_key"], setup.gateway.key_pattern)
        else:
            key = yield NewKey()
        prepared.key = key
        prepared.headers.append((operation.idempotency.header, key))
    elif "idempotency_key" in options:
        raise ConfigurationError(
            f"{operation.name} has no idempotency key at this gateway; leave the option out"
        )
    if setup.journal and not operation.safe:
        prepared.intent = yield from _intent(setup, prepared, options.get("intent"))
    elif "intent" in options:
        raise ConfigurationError(
            "an intent is kept in a journal and this call has none; give the client journal=..."
        )
    return prepared


def wire_of(operation: Operation[Any, Any], request: Request) -> Mapping[str, Any]:
    """Return the request's JSON members. ``ValidationError`` for a request that has none."""
    wire: object = None
    with suppress(AttributeError, TypeError, RecursionError):  # unknown_members that are no dict
        wire = request.to_wire()
    if isinstance(wire, dict):
        return wire
    message = "cannot be written as a JSON object; look at unknown_members, and at UnknownVariant"
    raise ValidationError(
        [Violation("", "type", message, None, "", True)], operation=operation.name
    )


def serialise(operation: Operation[Any, Any], wire: Mapping[str, Any]) -> bytes:
    """Return the body's final bytes. ``ValidationError`` names what cannot be sent."""
    if not operation.media:
        return b""
    if operation.media == "application/x-www-form-urlencoded":
        from urllib.parse import urlencode

        bad = [f"/{name}" for name, value in wire.items() if not isinstance(value, str | int)]
        if bad:
            message = "is neither text nor a number, which is all a form can hold"
            raise ValidationError(
                [Violation(pointer, "type", message, None, "", True) for pointer in bad],
                operation=operation.name,
            )
        return urlencode({name: _text(value) for name, value in wire.items()}).encode("ascii")
    try:
        return orjson.dumps(wire)
    except orjson.JSONEncodeError:
        found = unsendable(wire) or [Violation("", "type", "is no JSON", None, "", True)]
        raise ValidationError(found, operation=operation.name) from None


def digest(setup: Setup, operation: Operation[Any, Any], content: bytes) -> str:
    """Return the SHA-256 of the operation, its bytes and what its path was filled with, in hex.

    With ``digest_key`` it is an HMAC: a plain hash of a body whose other members are known can be
    searched for the card number in it.
    """
    said = b"\0".join((setup.scope.encode(), operation.name.encode(), content))
    if operation.path != operation.template:
        # What the path names is part of the order: there may be nothing in the body.
        said = b"\0".join((said, operation.path.encode()))
    if setup.digest_key is None:
        return hashlib.sha256(said).hexdigest()
    import hmac

    return hmac.new(setup.digest_key, said, "sha256").hexdigest()


def pointed(document: Any, pointer: str) -> Any:
    """Return what a JSON pointer (RFC 6901) points at, or None."""
    found = document
    for step in pointer.split("/")[1:]:
        name = step.replace("~1", "/").replace("~0", "~")
        if isinstance(found, dict):
            found = cast("dict[str, Any]", found).get(name)
        elif isinstance(found, list) and name.isdecimal():
            elements = cast("list[Any]", found)  # type: ignore[redundant-cast]
            found = elements[int(name)] if int(name) < len(elements) else None
        else:
            return None
    return found


def plain(value: Any) -> str | None:
    """Return a scalar as text, to be kept or compared; None for anything else."""
    return _text(value) if isinstance(value, str | int) else None


def _text(value: str | int) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    # What the body holds: str() of a subclass may be something else ("Shop.A" for a str enum).
    return str.__str__(value) if isinstance(value, str) else int.__repr__(value)


def _values(wire: Mapping[str, Any], pointers: Mapping[str, str]) -> dict[str, str]:
    found = {name: plain(pointed(wire, pointer)) for name, pointer in pointers.items()}
    return {name: value for name, value in found.items() if value is not None}


def _check(
    setup: Setup,
    operation: Operation[Any, Any],
    request: Request,
    options: CallOptions,
) -> list[Violation]:
    """Raise for what breaks an enforced limit; return what breaks another."""
    accepted = operation.requests
    if type(request) not in accepted and not isinstance(request, (*accepted, UnknownVariant)):
        message = f"is a {type(request).__name__}, not a {operation.request_name}"
        raise ValidationError(
            [Violation("", "type", message, None, "", True)], operation=operation.name
        )
    lift = setup.lift
    if "lift" in options:
        lift = (*lift, *lift_from(options["lift"]))
    report = Report(lift)
    request.check("", report)
    if not isinstance(request, UnknownVariant):  # of which no rule knows a member
        setup.gateway.rules(operation, request, report)
    if report.violations and report.refused:
        raise ValidationError(report.refused, operation=operation.name)
    return report.violations


def _intent(setup: Setup, prepared: Prepared, given: object) -> Generator[Command, Any, str]:
    """Return the journal's name of this call.

    Charges share one family of names, whatever the means of payment: while the outcome of one is
    unknown, another for the same order must not leave. By default they are named by what the
    gateway is asked by (the order id). Any other operation is named by its idempotency key, because
    doing it twice may be meant.
    """
    operation, payment = prepared.operation, prepared.payment
    pays = payment is not None or (operation.ask is not None and operation.ask.ends == "paid")
    family = f"{setup.scope}:{'pay' if pays else operation.name}:"
    if given is not None:
        if not isinstance(given, str) or not 0 < len(given.encode("utf-8", "replace")) <= 200:
            raise ConfigurationError("an intent is a text of 1 to 200 bytes in UTF-8")
        return family + given
    if payment is not None:
        return family + payment
    if prepared.key is not None:
        return family + prepared.key
    drawn: str = yield NewKey()
    return family + drawn
