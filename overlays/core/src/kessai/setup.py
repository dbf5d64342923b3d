"""What a client fixed when it was made, and what follows from it for each operation."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any, NamedTuple

from kessai.environment import positive, timeout_from
from kessai.errors import ConfigurationError
from kessai.gateway import BaseGateway

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from kessai.commands import Reply
    from kessai.environment import Environment, Timeout
    from kessai.gateway import Auth, Codec, Gateway, Verdict
    from kessai.operation import Operation

USER_AGENT = "kessai/0.1.0"

#: Seconds for a whole call: room for two attempts that stall to the end of their read timeout.
DEFAULT_DEADLINE = 200.0


#: Operations whose routes are kept; a gateway has a few dozen.
MOST_ROUTES = 512


class Route(NamedTuple):
    """What every call of one operation has in common.

    ``url`` is empty where the path has parameters. ``headers`` are complete but for the idempotency
    key, the auth's marks and the length.
    ``fresh``: a connection of its own, because a stale one could swallow what must not be repeated.
    """

    url: str
    headers: tuple[tuple[str, str], ...]
    fresh: bool
    slot: str
    slot_limit: int


class Setup:
    """The settings of a client, checked once.

    ``scope`` names gateway, shop and environment: it is part of every name in a store, and an
    unknown outcome is only resolved by a client of the same scope. ``codec``, ``answered`` and
    ``repeatable`` are None where the gateway leaves them as they are, so that nobody asks in vain.
    """

    __slots__ = (
        "_routes",
        "answered",
        "auth",
        "calls",
        "codec",
        "deadline",
        "digest_key",
        "environment",
        "gateway",
        "in_flight",
        "journal",
        "lift",
        "listening",
        "longest",
        "max_attempts",
        "repeatable",
        "scope",
        "slots",
        "timeout",
        "tokens",
    )

    def __init__(
        self,
        gateway: Gateway,
        auth: Auth,
        environment: Environment,
        *,
        timeout: Timeout | float,
        deadline: float = DEFAULT_DEADLINE,
        max_attempts: int = 3,
        lift: Sequence[str] = (),
        listening: bool = False,
        journal: bool = False,
        slots: bool = False,
        tokens: bool = False,
        in_flight: Mapping[str, int] | None = None,
        digest_key: bytes | None = None,
    ) -> None:
        self.gateway: Gateway = gateway
        kind = type(gateway)
        self.codec: Codec | None = gateway.codec
        self.answered: Callable[[Operation[Any, Any], Reply, Any, bool], Verdict | None] | None = (
            None if kind.answered is BaseGateway.answered else gateway.answered
        )
        self.repeatable: Callable[[Operation[Any, Any], Mapping[str, Any]], bool] | None = (
            None if kind.repeatable is BaseGateway.repeatable else gateway.repeatable
        )
        self.auth: Auth = auth
        self.environment: Environment = environment
        self.timeout: Timeout = timeout_from(timeout)
        self.longest: float = max(self.timeout)
        self.deadline: float = positive("deadline", deadline)
        self.max_attempts: int = attempts_from(max_attempts)
        self.lift: tuple[str, ...] = lift_from(lift)
        self.listening: bool = listening
        self.journal: bool = journal
        self.slots: bool = slots
        self.tokens: bool = tokens
        self.in_flight: dict[str, int] = _places(in_flight)
        self.digest_key: bytes | None = _key(digest_key)
        world = "live" if environment.live else "test"
        self.scope: str = f"{gateway.name}:{gateway.account}:{world}"
        self.calls: itertools.count[int] = itertools.count(1)
        self._routes: dict[str, Route] = {}

    def signed_by(self, auth: Auth) -> Setup:
        """Return the same settings with another auth and without a journal (to fetch tokens)."""
        other = Setup.__new__(Setup)
        for name in Setup.__slots__:
            setattr(other, name, getattr(self, name))
        other.auth = auth
        other.journal = False
        return other

    def route(self, operation: Operation[Any, Any]) -> Route:
        """Return what calls of ``operation`` have in common; made at its first call.

        It is kept by template: kept by filled path, it would grow with every order asked about.
        """
        route = self._routes.get(operation.route)
        if route is None:
            if len(self._routes) >= MOST_ROUTES:
                self._routes.clear()  # somebody makes a path of settings anew for each call
            route = self._routes[operation.route] = self._make_route(operation)
        if operation.path != operation.template:
            return route._replace(url=self.environment.url(operation.server, operation.path))
        if not route.url:
            raise ConfigurationError(
                f"{operation.name} has parameters in its path {operation.template}; fill them in "
                "with kessai.parameters.bind, or call its method"
            )
        return route

    def _make_route(self, operation: Operation[Any, Any]) -> Route:
        headers = {
            "Accept": "application/json",
            # What was promised by Content-Length is then what is counted and kept.
            "Accept-Encoding": "identity",
            "Content-Type": operation.media and self._media(operation),
            "User-Agent": USER_AGENT,
            **self.gateway.headers(operation),
        }
        if not operation.media:
            del headers["Content-Type"]  # there is no body
        for name, value in headers.items():
            check_header(name, value)
        limit = 0
        if operation.in_flight is not None:
            limit = operation.in_flight.live if self.environment.live else operation.in_flight.test
        url = self.environment.url(operation.server, operation.template)
        return Route(
            url="" if "{" in operation.template else url,
            headers=tuple(headers.items()),
            fresh=not operation.repeatable,
            slot=f"{self.scope}:{operation.endpoint}",
            slot_limit=self.in_flight.get(operation.name, limit),
        )

    def _media(self, operation: Operation[Any, Any]) -> str:
        return operation.media if self.codec is None else self.codec.media(operation)


def _places(given: object) -> dict[str, int]:
    """Check how many calls may be in flight, by operation name."""
    if given is None:
        return {}
    found: object = dict(given) if hasattr(given, "keys") else given  # type: ignore[call-overload]  # pyright: ignore
    if isinstance(found, dict) and all(
        isinstance(name, str) and type(places) is int and places > 0  # pyright: ignore
        for name, places in found.items()  # pyright: ignore
    ):
        return found  # pyright: ignore
    raise ConfigurationError('in_flight takes numbers above zero: in_flight={"orderInquiry": 10}')


def _key(given: object) -> bytes | None:
    """Check the key of digests: found out at a digest, it would cost an unknown outcome's name."""
    if given is None or (isinstance(given, bytes) and given):
        return given
    raise ConfigurationError("digest_key must be bytes, and not empty")


def attempts_from(value: object, name: str = "max_attempts") -> int:
    """Check a number of attempts, or another that begins at one."""
    if isinstance(value, bool) or not isinstance(value, int) or value < 1:
        raise ConfigurationError(f"{name} must be a whole number of 1 or more")
    return value


def lift_from(lift: object) -> tuple[str, ...]:
    """Check the pointers of lifted limits; a typing error in one must not go unseen."""
    if isinstance(lift, str) or not hasattr(lift, "__iter__"):
        raise ConfigurationError('lift takes a list of JSON pointers: lift=["/order/orderId"]')
    entries: list[Any] = list(lift)  # pyright: ignore
    for entry in entries:
        if not isinstance(entry, str) or not entry.startswith("/"):
            raise ConfigurationError(
                f"lift takes JSON pointers, which begin with a slash; {entry!r} is none"
            )
    return tuple(entries)


_TOKEN = frozenset("!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyz")


def check_header(name: str, value: str) -> None:
    """Refuse a header that cannot be sent as it is. The value is not shown."""
    if not name or not _TOKEN.issuperset(name.lower()):
        raise ConfigurationError(f"{name!r} is no header name (RFC 9110, section 5.1)")
    if not value.isascii() or not value.isprintable() or value != value.strip():
        raise ConfigurationError(
            f"the value of header {name!r} must be printable ASCII without spaces at its ends"
        )


def check_credential(name: str, value: object, *, blanks: bool = False) -> None:
    """Raise ConfigurationError for a credential that cannot be right; the message never holds it.

    ``blanks``: whether it may hold spaces inside, as a password may.
    """
    if not isinstance(value, str) or not value:
        raise ConfigurationError(f"{name} must be a text that is not empty")
    if (
        not value.isascii()
        or not value.isprintable()
        or value != value.strip()
        or (" " in value and not blanks)
    ):
        raise ConfigurationError(
            f"{name} holds a character that is no visible ASCII letter; was it copied whole?"
        )
