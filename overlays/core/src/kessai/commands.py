"""What the call engine asks of its driver.

The engine is a generator without I/O: it yields one of these, the driver carries it out and sends
the answer back. What went wrong outside comes back as a value (``Fault``, ``StoreFault``,
``TokenFault``), so that the engine, which knows whether anything has left, decides what it means.

======================== =====================================================================
command                  answer
======================== =====================================================================
``Now``                  ``float``: seconds, monotonic or since 1970-01-01T00:00:00Z
``NewKey``               ``str``: a new idempotency key
``Jitter``               ``float`` between the two
``Sleep``                None, later
``Warn``                 None; a ``RequestWarning`` at the caller's line
``Complain``             None; a ``RuntimeWarning`` at the caller's line, which never raises
``Emit``                 None; only yielded when the client has hooks
``Token``                ``str`` or ``TokenFault``
``TokenTake`` and so on  what ``kessai.stores.base.TokenStore`` answers, or ``StoreFault``
``Send``                 ``Reply`` or ``Fault``
``SlotAcquire``          ``Slot``, ``Full`` or ``StoreFault``
``SlotRelease``          ``bool`` or ``StoreFault``
``JournalOpen``          ``Opened`` or ``StoreFault``
``JournalAttempt``       ``bool`` or ``StoreFault``
``JournalClose``         ``bool`` or ``StoreFault``
``JournalTake``          ``Entry``, None or ``StoreFault``
======================== =====================================================================
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from kessai.constraints import Violation
    from kessai.environment import Timeout
    from kessai.errors import KessaiError
    from kessai.hooks import Event
    from kessai.stores.values import End, Entry, Slot


class Reply(NamedTuple):
    """An answer that came to its end.

    ``headers`` finds names without regard to case when a driver made it; whoever makes one by hand
    writes them in lower case. ``torn``: fewer bytes came than Content-Length promised.
    """

    status: int
    headers: Mapping[str, str]
    content: bytes
    torn: bool = False

    def __repr__(self) -> str:
        """Show the status and the length; the body may hold anything."""
        return f"Reply({self.status}, {len(self.content)} bytes)"


class Fault(NamedTuple):
    """No complete answer. ``sent`` is ``"no"`` only where that is proven."""

    sent: Literal["no", "maybe"]
    error: Exception


class TokenFault(NamedTuple):
    """No access token; ``error`` says why."""

    error: KessaiError


class StoreFault(NamedTuple):
    """A store failed; what it was asked for may or may not have been done."""

    error: KessaiError


class Now(NamedTuple):
    """Read a clock: the monotonic one, or the wall clock."""

    wall: bool = False


class NewKey(NamedTuple):
    """Make an idempotency key."""


class Jitter(NamedTuple):
    """Draw a number between two."""

    low: float
    high: float


class Sleep(NamedTuple):
    """Wait."""

    seconds: float


class Warn(NamedTuple):
    """Warn about limits that are not enforced."""

    operation: str
    violations: Sequence[Violation]


class Complain(NamedTuple):
    """Say that something went wrong beside the call, which goes on."""

    message: str


class Emit(NamedTuple):
    """Give an event to the hooks."""

    event: Event


class Token(NamedTuple):
    """Get the access token, waiting ``wait`` seconds at most.

    ``refused``: the token that the gateway has just refused, or None; never that one again.
    """

    refused: str | None
    wait: float

    def __repr__(self) -> str:
        """Show no token."""
        return f"Token(refused={'***' if self.refused else None}, wait={self.wait})"


class TokenTake(NamedTuple):
    """Ask the shared token store for the token or for the turn to fetch it."""

    name: str
    lease_seconds: float
    min_seconds: float
    refused: str

    def __repr__(self) -> str:
        """Show no token."""
        return f"TokenTake({self.name!r})"


class TokenPut(NamedTuple):
    """Put a fetched token into the shared store."""

    name: str
    owner: str
    token: str
    seconds: float

    def __repr__(self) -> str:
        """Show no token."""
        return f"TokenPut({self.name!r}, seconds={self.seconds})"


class TokenGiveUp(NamedTuple):
    """End the turn to fetch without a token."""

    name: str
    owner: str


class Send(NamedTuple):
    """Send one attempt. ``fresh``: never over a connection that has been used before.

    ``until`` is the point on the monotonic clock at which reading stops.
    """

    method: str
    url: str
    headers: Sequence[tuple[str, str]]
    content: bytes
    timeout: Timeout
    until: float
    fresh: bool

    def __repr__(self) -> str:
        """Show where to; headers and body hold secrets."""
        return f"Send({self.method} {self.url}, {len(self.content)} bytes, fresh={self.fresh})"


class SlotAcquire(NamedTuple):
    """Take a place among the calls in flight."""

    name: str
    limit: int
    lease_seconds: float


class SlotRelease(NamedTuple):
    """Give a place back, because the gateway has answered."""

    slot: Slot


class JournalOpen(NamedTuple):
    """Write down an intent before anything leaves."""

    intent: str
    digest: str
    operation: str
    key: str
    reference: Mapping[str, str]
    lease_seconds: float


class JournalAttempt(NamedTuple):
    """Write down that an attempt leaves now."""

    entry: Entry
    number: int
    lease_seconds: float


class JournalClose(NamedTuple):
    """Write down how an intent ended."""

    entry: Entry
    end: End
    record: Mapping[str, str]


class JournalTake(NamedTuple):
    """Take over an intent whose outcome is unknown or open."""

    intent: str
    lease_seconds: float


Command = (
    Now
    | NewKey
    | Jitter
    | Sleep
    | Warn
    | Complain
    | Emit
    | Token
    | TokenTake
    | TokenPut
    | TokenGiveUp
    | Send
    | SlotAcquire
    | SlotRelease
    | JournalOpen
    | JournalAttempt
    | JournalClose
    | JournalTake
)
