"""What both clients share: settings, clocks, hooks and warnings."""

from __future__ import annotations

import sys
import warnings
from typing import TYPE_CHECKING, Any, Final, Generic, TypedDict, TypeVar, cast

from kessai.commands import Complain, Emit, Jitter, NewKey, Now, Warn
from kessai.environment import Timeout
from kessai.errors import ConfigurationError, RequestWarning
from kessai.forks import after_forks
from kessai.setup import DEFAULT_DEADLINE, Setup, attempts_from
from kessai.system import System
from kessai.transport import Requests, Wiring

if TYPE_CHECKING:
    import ssl
    from collections.abc import Callable, Mapping, Sequence

    from kessai.commands import Command
    from kessai.environment import Environment
    from kessai.gateway import Auth, Gateway
    from kessai.hooks import Event
    from kessai.shelf import Shelf

TransportT = TypeVar("TransportT")

#: What ``Driver.local`` answers when a command needs the world outside.
OUTSIDE: Final[Any] = object()


class ClientOptions(TypedDict, total=False):
    """What a client may be told.

    - ``timeout``: for each attempt; connect 5 s, read and write 90 s, pool 5 s unless told
    - ``deadline``: seconds for a whole call, pauses included (200)
    - ``max_attempts``: 1 or more (3)
    - ``hooks``: called with each event of ``kessai.hooks``
    - ``lift``: limits not to apply, as JSON pointers
    - ``in_flight``: calls in flight by operation name, where the gateway allows another number
    - ``digest_key``: makes digests keyed, for requests that hold card numbers
    - ``proxy``: URL of a proxy; the environment's proxies are not used
    - ``ssl_context``: another trust than the operating system's; must verify, TLS 1.2 or later
    - ``max_connections``: at the same time (100)
    - ``system``: clocks, sleep and chance, for simulations
    """

    timeout: Timeout | float
    deadline: float
    max_attempts: int
    hooks: Sequence[Callable[[Event], object]]
    lift: Sequence[str]
    in_flight: Mapping[str, int]
    digest_key: bytes | None
    proxy: str | None
    ssl_context: ssl.SSLContext | None
    max_connections: int
    system: System | None


class Driver(Generic[TransportT]):
    """What both clients share: settings, clocks, hooks, warnings."""

    def __init__(
        self,
        gateway: Gateway,
        auth: Auth,
        environment: Environment,
        shelf: Shelf,
        transport: TransportT | None,
        options: ClientOptions,
    ) -> None:
        unknown = options.keys() - ClientOptions.__annotations__.keys()
        if unknown:
            raise ConfigurationError(f"no such client option: {', '.join(sorted(unknown))}")
        self._hooks = _checked_hooks(options.get("hooks", ()))
        self._setup = Setup(
            gateway,
            auth,
            environment,
            timeout=options.get("timeout", Timeout()),
            deadline=options.get("deadline", DEFAULT_DEADLINE),
            max_attempts=options.get("max_attempts", 3),
            lift=options.get("lift", ()),
            listening=bool(self._hooks),
            journal=shelf.journal is not None,
            slots=shelf.slots is not None,
            tokens=shelf.tokens is not None,
            in_flight=options.get("in_flight"),
            digest_key=options.get("digest_key"),
        )
        self._system = options.get("system") or System()
        most = attempts_from(options.get("max_connections", 100), "max_connections")
        self._wiring = Wiring(options.get("ssl_context"), options.get("proxy"), most)
        self._shelf = shelf
        self._requests = Requests()
        # A transport given from outside decides itself about its connections.
        self._pooled: TransportT | None = transport
        self._fresh: TransportT | None = transport
        self._given = transport is not None
        self._closed = False
        self._left_behind: list[object] = []
        after_forks(self)

    def forked(self) -> None:
        """Begin anew in a forked child: two processes on one connection read each other's answers.

        What the parent's connections are made of is kept and never touched.
        """
        if not self._given:
            self._left_behind += [self._pooled, self._fresh]
            self._pooled = self._fresh = None

    def local(self, command: Command) -> Any:
        """Answer what needs no waiting; ``OUTSIDE`` for the rest."""
        if isinstance(command, Now):
            return self._system.wall() if command.wall else self._system.monotonic()
        if isinstance(command, NewKey):
            return self._system.new_key()
        if isinstance(command, Jitter):
            return self._system.uniform(command.low, command.high)
        if isinstance(command, Emit):
            return self._emit(command.event)
        if isinstance(command, Warn):
            for violation in command.violations:
                text = f"{command.operation}: {violation}"
                warnings.warn(text, RequestWarning, stacklevel=_caller())
            return None
        if isinstance(command, Complain):
            return _complain(command.message)
        return OUTSIDE

    def _emit(self, event: Event) -> None:
        for hook in self._hooks:
            try:
                hook(event)
            except Exception as error:
                _complain(
                    f"a hook raised {type(error).__name__} at {type(event).__name__}; "
                    "the call goes on"
                )

    def _usable(self) -> Setup:
        if self._closed:
            raise ConfigurationError("this client is closed; make a new one")
        return self._setup

    def __repr__(self) -> str:
        """Show whose client it is; nothing secret."""
        return f"<{type(self).__name__} {self._setup.scope}>"


def _checked_hooks(hooks: object) -> tuple[Callable[[Event], object], ...]:
    """Refuse what cannot be called there and then."""
    found: list[Any] = [hooks]
    if isinstance(hooks, list | tuple):
        found = list(cast("list[Any]", hooks))
    if found:
        from inspect import iscoroutinefunction

        for hook in found:
            if not callable(hook) or iscoroutinefunction(hook):
                raise ConfigurationError(
                    "hooks is a list of plain functions that take an event; an async one would "
                    "never be awaited"
                )
    return tuple(found)


def _caller() -> int:
    """Return the stack level of the first frame that is not kessai's own."""
    level, frame = 1, sys._getframe(1)  # pyright: ignore[reportPrivateUsage]
    while frame.f_back is not None:
        package = frame.f_globals.get("__name__", "").partition(".")[0]
        if package != "kessai" and not package.startswith("kessai_"):
            break
        level, frame = level + 1, frame.f_back
    return level


def _complain(message: str) -> None:
    """Warn, and never raise: not even where warnings are errors."""
    try:
        warnings.warn(message, RuntimeWarning, stacklevel=_caller())
    except RuntimeWarning:
        import logging

        logging.getLogger("kessai").warning(message)
