"""What receivers share: comparing secrets, finding headers, receipts and results."""

from __future__ import annotations

import json
from hmac import compare_digest
from typing import TYPE_CHECKING, Any, Generic, Literal, NamedTuple, TypeVar, cast

from kessai.errors import (
    ConfigurationError,
    CsrfTokenError,
    MalformedEventError,
    ReceiveError,
    SignatureError,
    SourceAddressError,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from kessai.stores.base import Claim

EventT = TypeVar("EventT")

_UNVERIFIED = (SignatureError, CsrfTokenError, SourceAddressError)
ReceiptState = Literal["new", "repeat", "busy"]

_STATES: dict[str, ReceiptState] = {"claimed": "new", "done": "repeat", "busy": "busy"}


def same_secret(a: str, b: str) -> bool:
    """Compare two secrets without telling by the time taken where they differ.

    An empty one equals nothing, not even another: a secret nobody configured must not match a
    header nobody sent.
    """
    return compare_digest(a.encode(errors="surrogatepass"), b.encode(errors="surrogatepass")) and (
        a != ""
    )


def header(
    headers: Mapping[str, str] | Iterable[tuple[str | bytes, str | bytes]],
    name: str,
    *,
    error: type[ReceiveError] = SignatureError,
) -> str | None:
    """Find a header by its name in any case; None when it is not there.

    ``headers`` is a mapping or pairs, as the web frameworks have them (ASGI's bytes too). A header
    that is there twice raises ``error``: whoever verifies one of them and acts on the other can be
    tricked.
    """
    wanted = name.lower()
    pairs: Any = headers
    for method in ("multi_items", "items"):  # the first keeps repeated headers apart
        if hasattr(headers, method):
            pairs = getattr(headers, method)()
            break
    values = [_text(value) for key, value in pairs if _text(key).lower() == wanted]
    if len(values) > 1:
        raise error(f"the header {name} is there {len(values)} times")
    return values[0] if values else None


def json_object(body: bytes, what: str) -> dict[str, Any]:
    """Read a body that has to be one JSON object in UTF-8, for ``parse`` functions.

    A member that is there twice could be read in two ways, so it is refused, as are NaN and the
    infinities, which are no JSON. ``what`` names the body in the message: "the webhook". Raises
    MalformedEventError, which shows nothing of the body.
    """

    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        members = dict(pairs)
        if len(members) != len(pairs):
            raise ValueError("a member twice")
        return members

    def number(_: str) -> None:
        raise ValueError("not a JSON number")

    try:
        parsed: Any = json.loads(
            body.decode("utf-8"), object_pairs_hook=once, parse_constant=number
        )
    except (ValueError, RecursionError):
        parsed = None
    if not isinstance(parsed, dict):
        raise MalformedEventError(f"{what} is not one JSON object in UTF-8")
    return cast("dict[str, Any]", parsed)


class ReceiveResult(NamedTuple):
    """What to answer the gateway, and what happened.

    ``handled`` 200; ``repeat`` 200, handled before; ``busy`` 409, being handled by somebody else;
    ``refused`` 401 or 400, with the ``ReceiveError``; ``failed`` 500, with the handler's or the
    store's exception.
    """

    status: int
    outcome: Literal["handled", "repeat", "busy", "refused", "failed"]
    body: bytes = b""
    error: Exception | None = None

    def __repr__(self) -> str:
        """Name the error only: a handler's message may hold anything."""
        error = "" if self.error is None else f", error={type(self.error).__name__}"
        return f"ReceiveResult({self.status}, {self.outcome!r}{error})"


class Receipt(Generic[EventT]):
    """One delivery: its event, and whether it is ours to handle.

    ``state`` is ``new`` (handle it), ``repeat`` (handled before) or ``busy`` (somebody else is
    handling it). ``key`` is the event's key as the store knows it. ``lost`` is true after the
    handling when it took longer than the lease and somebody else took the event too.
    """

    __slots__ = ("event", "key", "lost", "state")

    event: EventT
    key: str
    state: ReceiptState
    lost: bool

    def __init__(self, event: EventT, key: str, state: ReceiptState) -> None:
        """Made by a receiver."""
        self.event = event
        self.key = key
        self.state = state
        self.lost = False

    @property
    def new(self) -> bool:
        """Whether the event is ours to handle."""
        return self.state == "new"

    @property
    def duplicate(self) -> bool:
        """Whether somebody else has handled it or is handling it."""
        return self.state != "new"

    @property
    def status(self) -> int:
        """The HTTP status to answer: 409 while somebody else is handling it, otherwise 200."""
        return 409 if self.state == "busy" else 200

    def __repr__(self) -> str:
        """Show neither event nor key, which may name a customer."""
        return f"Receipt({self.state!r})"


class ReceiverBase(Generic[EventT]):
    """What both receivers know."""

    def __init__(
        self,
        parse: Callable[[bytes, Mapping[str, str]], EventT],
        name: str,
        lease_seconds: float,
        keep_seconds: float,
    ) -> None:
        """Keep them."""
        self._parse = parse
        self._name = name
        self._lease = lease_seconds
        self._keep = keep_seconds

    def read(self, body: bytes, headers: Mapping[str, str]) -> EventT:
        """Verify and parse a delivery, without claiming it.

        Raises ReceiveError for one that must not be believed, and ConfigurationError for a body
        that is not the raw bytes: what was parsed and written again can no longer be verified.
        """
        return self._parse(_raw(body), headers)

    def _receipt(self, event: EventT, key: str, claim: Claim) -> Receipt[EventT]:
        return Receipt(event, key, _STATES[claim.state])

    def _scoped(self, key: str) -> str:
        if not key:
            raise ConfigurationError("the event's key must not be empty")
        return f"{self._name}:{key}"


def _raw(body: object) -> bytes:
    if isinstance(body, bytes | bytearray):
        return bytes(body)
    raise ConfigurationError(
        f"the receiver needs the body's raw bytes, not {type(body).__name__}: "
        "a parsed body cannot be verified"
    )


def _text(value: object) -> str:
    return value.decode("latin-1") if isinstance(value, bytes) else cast("str", value)


def note(error: BaseException, trouble: Exception) -> None:
    """Tell beside the error that its claim could not be freed."""
    error.add_note(f"The claim could not be freed ({type(trouble).__name__}); its lease frees it.")


def refused(error: ReceiveError) -> ReceiveResult:
    """Say what to answer to a delivery that must not be believed."""
    return ReceiveResult(401 if isinstance(error, _UNVERIFIED) else 400, "refused", error=error)


def result(receipt: Receipt[Any]) -> ReceiveResult:
    """Say what to answer after the handling."""
    if receipt.state == "new":
        return ReceiveResult(200, "handled")
    return ReceiveResult(receipt.status, receipt.state)
