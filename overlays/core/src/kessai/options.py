"""What one call sets for itself: checked, and put in the place of the client's settings."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, cast

from kessai.environment import positive, timeout_from
from kessai.errors import ConfigurationError
from kessai.setup import attempts_from, check_header

if TYPE_CHECKING:
    from kessai.operation import CallOptions, Operation
    from kessai.prepare import Prepared

#: Headers that the engine, the auth or the transport answer for, besides those of a route.
_OWN_HEADERS = frozenset(
    {
        "accept-encoding",
        "authorization",
        "connection",
        "content-length",
        "content-type",
        "cookie",
        "expect",
        "host",
        "keep-alive",
        "proxy-authorization",
        "proxy-connection",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
    }
)
_OPTIONS = frozenset(
    {"idempotency_key", "timeout", "deadline", "max_attempts", "headers", "intent", "lift"}
)


def apply(prepared: Prepared, options: CallOptions) -> None:
    """Let the call's own options replace the client's."""
    unknown = options.keys() - _OPTIONS
    if unknown:
        raise ConfigurationError(f"no such call option: {', '.join(sorted(unknown))}")
    if "timeout" in options:
        prepared.timeout = timeout_from(options["timeout"])
        prepared.longest = max(prepared.timeout)
    if "deadline" in options:
        prepared.deadline = positive("deadline", options["deadline"])
    if "max_attempts" in options:
        prepared.max_attempts = attempts_from(options["max_attempts"])
    if "headers" in options:
        given = _headers(options["headers"])
        idempotency = prepared.operation.idempotency
        own = {*_OWN_HEADERS, *(name.lower() for name, _ in prepared.route.headers)}
        if idempotency is not None:
            own.add(idempotency.header.lower())
        for name, value in given.items():
            check_header(name, value)
            if name.lower() in own:
                raise own_header(name)
        prepared.extra = frozenset(name.lower() for name in given)
        if len(prepared.extra) != len(given):
            raise ConfigurationError("headers has a name twice, in capitals and in small letters")
        prepared.headers.extend(given.items())


def _headers(given: object) -> Mapping[str, str]:
    if isinstance(given, Mapping):
        members = cast("Mapping[str, str]", given)
        texts: list[object] = [*members, *members.values()]
        if all(isinstance(text, str) for text in texts):
            return members
    raise ConfigurationError('headers takes texts by name: headers={"X-Trace": "4711"}')


def own_header(name: str) -> ConfigurationError:
    """Return what to raise for a header of a call that another part answers for."""
    return ConfigurationError(
        f"header {name!r} is the client's own; use its option, or leave it out"
    )


def checked_key(operation: Operation[Any, Any], key: object, pattern: str | None = None) -> str:
    """Check a caller's idempotency key: its length, and printable ASCII without spaces.

    ``pattern`` is what it has to match besides, where the gateway takes less than that.
    """
    rule = operation.idempotency
    longest = 0 if rule is None else rule.max_length
    if (
        not isinstance(key, str)
        or not 0 < len(key) <= longest
        or not key.isascii()
        or not key.isprintable()
        or " " in key
    ):
        raise ConfigurationError(
            f"the idempotency key of {operation.name} must be 1 to {longest} printable ASCII "
            "characters without spaces; a UUIDv4 is recommended"
        )
    if pattern is not None and re.fullmatch(pattern, key) is None:
        raise ConfigurationError(
            f"the idempotency key of {operation.name} must match {pattern}; a UUIDv4 does"
        )
    return key
