"""What a provider's overlay plugs into the engine: its gateway, its auth, its token grant."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, Protocol

from kessai.commands import Command, Token, TokenFault

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Mapping, Sequence

    from kessai.commands import Reply
    from kessai.constraints import Report
    from kessai.errors import GatewayError
    from kessai.lookup import Lookup
    from kessai.operation import Operation, Request


class Verdict(NamedTuple):
    """What a gateway's answer that is no success says about this attempt, whatever its status.

    - ``refused``: not processed, and asking again will not help (401, 404, 405, 415, maintenance)
    - ``again``: not processed, may be sent again after a pause (429)
    - ``reauthorize``: not processed for want of a valid access token (401); once, with a fresh one
    - ``failed``: processed, and definitely nothing was carried out (400, 402)
    - ``final``: processed and definitely failed, and the gateway gives every repeat of the key this
      same answer, so that it holds for the attempts before as well
    - ``doubtful``: maybe processed (409, 500, 502, 504, a page of HTML, a torn body)
    - ``pending``: maybe processed, and no repeat can say more; the gateway has to be asked

    ``reference``: names that a doubtful or pending answer gave, by which it can be asked about.
    ``error`` is what the caller gets when this ends the call; the engine fills in its operation,
    status, headers, request id and attempts. ``pause`` in seconds overrides Retry-After.
    """

    kind: Literal["refused", "again", "reauthorize", "failed", "final", "doubtful", "pending"]
    error: GatewayError
    pause: float | None = None
    reference: Mapping[str, str] = {}


class Outgoing(NamedTuple):
    """An attempt just before it leaves, for an auth or signer to put its mark on.

    ``headers`` are the ones already set; ``content`` the final bytes. ``refused`` holds the headers
    that ``sign`` returned for the attempt which the gateway has answered with 401, else None.
    ``wait``: how many seconds the call has left.
    """

    method: str
    url: str
    headers: Mapping[str, str]
    content: bytes
    attempt: int
    refused: Mapping[str, str] | None
    wait: float

    def __repr__(self) -> str:
        """Show where to; headers and body hold secrets."""
        return f"Outgoing({self.method} {self.url}, attempt={self.attempt})"


class Grant(NamedTuple):
    """How an access token is fetched: a call of its own, with an auth of its own.

    ``request`` makes the request; ``read`` takes the answer and returns the token and how many
    seconds it is good for. A token is renewed ``margin`` seconds before it ends.
    """

    operation: Operation[Any, Any]
    request: Callable[[], Request]
    auth: Auth
    read: Callable[[Any], tuple[str, float]]
    margin: float = 60.0


class Auth(Protocol):
    """Puts the proof of who is calling on each attempt. Holds no I/O."""

    @property
    def grant(self) -> Grant | None:
        """How access tokens are fetched; None when there are none (a 401 is then final)."""
        ...

    def sign(self, outgoing: Outgoing) -> Generator[Command, Any, Mapping[str, str]]:
        """Return the headers to add to this attempt. May ``yield from access_token(outgoing)``."""
        ...


class NoAuth:
    """No header says who is calling: the message itself does (a ``Codec`` puts it there)."""

    __slots__ = ()

    @property
    def grant(self) -> None:
        """There are no tokens to fetch."""
        return

    def sign(self, outgoing: Outgoing) -> Generator[Command, Any, Mapping[str, str]]:
        """No header."""
        yield from ()
        return {}

    def __repr__(self) -> str:
        return "NoAuth()"


class Untrusted(Exception):
    """An answer that a codec cannot believe. The message may be shown, so it quotes nothing."""


class Codec(Protocol):
    """How bodies are wrapped on their way (an envelope, a hash, a cipher). Holds no I/O.

    An operation without a body is not encoded; every answer of status 2xx is decoded.
    """

    def media(self, operation: Operation[Any, Any]) -> str:
        """Return the Content-Type of the operation's body."""
        ...

    def encode(self, operation: Operation[Any, Any], wire: Mapping[str, Any]) -> bytes:
        """Return the body's final bytes. Called once a call; every attempt sends the same.

        ``wire`` has been written as plain JSON before, of which digests are made: so a new secret
        changes none of them.
        """
        ...

    def decode(self, operation: Operation[Any, Any], reply: Reply) -> Any:
        """Return the answer's parsed JSON. ``Untrusted`` when it cannot be believed.

        Such an answer, like any this stumbles over, is torn: the order may have been carried out.
        """
        ...


class Gateway(Protocol):
    """What the engine has to know about a provider; ``BaseGateway`` has the defaults."""

    @property
    def name(self) -> str:
        """The provider's short name (``"gmo"``)."""
        ...

    @property
    def account(self) -> str:
        """Whose money it is (a shop id): part of the names of slots, tokens and intents."""
        ...

    @property
    def request_id_header(self) -> str | None:
        """The answer header with the gateway's own name of the request, in lower case, or None."""
        ...

    @property
    def key_pattern(self) -> str | None:
        """What a caller's idempotency key has to match in whole; None: printable ASCII."""
        ...

    @property
    def lookup(self) -> Lookup | None:
        """How it is asked about an order where a rule of the spec cannot say it, or None."""
        ...

    def lookup_for(self, operation: Operation[Any, Any]) -> Lookup | None:
        """The lookup for one operation; None where the rule of the spec says it all."""
        ...

    @property
    def codec(self) -> Codec | None:
        """How bodies are wrapped; None: they are JSON (or a form) as they are."""
        ...

    @property
    def pauses(self) -> Sequence[float]:
        """Seconds between the questions of a ``resolve`` that waits; the last one repeats."""
        ...

    def headers(self, operation: Operation[Any, Any]) -> Mapping[str, str]:
        """Return the headers every attempt of this operation carries."""
        ...

    def rules(self, operation: Operation[Any, Any], request: Any, report: Report) -> None:
        """Report what the schema cannot say."""
        ...

    def judge(self, operation: Operation[Any, Any], reply: Reply) -> Verdict:
        """Say what an answer of status 400 or above means. Must not raise, whatever the body is."""
        ...

    def answered(
        self, operation: Operation[Any, Any], reply: Reply, value: Any, repeat: bool
    ) -> Verdict | None:
        """Say what a decoded answer of status 2xx means; None: it is a success.

        ``repeat``: an attempt before this one may have arrived, or this is ``resolve``'s repeat.
        The error gets the decoded answer as its ``value``. Must not raise.
        """
        ...

    def repeatable(self, operation: Operation[Any, Any], wire: Mapping[str, Any]) -> bool:
        """Say whether these bytes may be sent again although they may have arrived.

        Asked once a call. False for one with an idempotency key: not even ``resolve`` repeats it.
        """
        ...


class BaseGateway(ABC):
    """What most gateways have in common. ``name``, ``account`` and ``judge`` are their own.

    What is left as it is here costs a call nothing.
    """

    __slots__ = ()

    name: str
    account: str
    request_id_header: str | None = None
    key_pattern: str | None = None
    lookup: Lookup | None = None
    codec: Codec | None = None
    pauses: Sequence[float] = (1.0, 5.0, 30.0, 120.0, 300.0)

    def lookup_for(self, operation: Operation[Any, Any]) -> Lookup | None:
        """The one lookup for all of them."""
        return self.lookup

    def headers(self, operation: Operation[Any, Any]) -> Mapping[str, str]:
        """No header of its own."""
        return {}

    def rules(  # noqa: B027 - a default, which most gateways replace
        self, operation: Operation[Any, Any], request: Any, report: Report
    ) -> None:
        """Nothing that the schema cannot say."""

    @abstractmethod
    def judge(self, operation: Operation[Any, Any], reply: Reply) -> Verdict:
        """Say what an answer of status 400 or above means. Must not raise, whatever the body is."""

    def answered(
        self, operation: Operation[Any, Any], reply: Reply, value: Any, repeat: bool
    ) -> Verdict | None:
        """Every answer of status 2xx is a success."""
        return None

    def repeatable(self, operation: Operation[Any, Any], wire: Mapping[str, Any]) -> bool:
        """What the spec says: it only reads, or has an idempotency key."""
        return operation.repeatable


def access_token(outgoing: Outgoing, refused: str | None = None) -> Generator[Command, Any, str]:
    """Get the access token for an attempt; ``refused`` is the one the gateway has just refused.

    Raises what fetching it raised.
    """
    answer = yield Token(refused, outgoing.wait)
    if isinstance(answer, TokenFault):
        raise answer.error
    token: str = answer
    return token
