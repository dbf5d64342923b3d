"""What generated code says about one call, and what comes back from it. Knows no provider."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Generic, Literal, NamedTuple, Protocol, TypedDict, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from kessai.constraints import Report
    from kessai.environment import Timeout


class Request(Protocol):
    """What a generated request model offers the engine."""

    def to_wire(self) -> dict[str, Any]:
        """Return the request as plain data, ready for JSON."""
        ...

    def check(self, at: str, report: Report) -> None:
        """Add every broken limit to ``report``; ``at`` is the JSON pointer of this object."""
        ...


RequestT = TypeVar("RequestT", bound=Request)
ValueT = TypeVar("ValueT")


class Idempotency(NamedTuple):
    """The gateway replays a repeat that carries the same key.

    ``header``: where the key goes; ``max_length``: characters; ``window``: seconds from the start
    of the first request.
    """

    header: str
    max_length: int
    window: int


class InFlight(NamedTuple):
    """How many calls of one endpoint the gateway lets a shop have in flight."""

    live: int
    test: int


class Ask(NamedTuple):
    """How the outcome of an operation is asked for (``x-outcome``).

    ``by``: the operationId of a read, or ``"replay"`` when only the same order with the same key
    can tell. ``ask``: member of the read's request -> JSON pointer into the operation's request.
    ``state``: JSON pointer into the read's answer; ``done``, ``waiting`` and ``failed`` are the
    states that settle it, any other state settles nothing. ``match``: JSON pointer into the read's
    answer -> JSON pointer into the request; ``done`` only counts when all of them agree.
    ``gone``: the read's 404 means that it was carried out, as with a deletion.
    """

    by: str
    ends: Literal["paid", "done"] = "done"
    ask: Mapping[str, str] = {}
    state: str | None = None
    done: frozenset[str] = frozenset()
    waiting: frozenset[str] = frozenset()
    failed: frozenset[str] = frozenset()
    match: Mapping[str, str] = {}
    gone: bool = False


class Operation(Generic[RequestT, ValueT]):
    """One operation of a gateway, as its spec describes it.

    ``answers`` is called at the first use and returns decoder by 2xx status; a decoder takes parsed
    JSON, may consume it, and raises ``DecodeError``. ``requests`` likewise returns the classes of
    its request, one for each shape of a union. ``errors``: documented error statuses. ``safe``:
    only reads, so it may be repeated at will. ``path``: where it is sent; ``template``: the path in
    the spec, which differs once parameters are filled in. ``endpoint`` names the operation whatever
    its parameters are, and wherever it is sent (``at``): calls in flight are counted by it.
    ``route`` is the name its settings are cached by.
    """

    __slots__ = (
        "_accepted",
        "_answers",
        "_decoders",
        "_requests",
        "ask",
        "endpoint",
        "errors",
        "group",
        "idempotency",
        "in_flight",
        "media",
        "method",
        "name",
        "path",
        "request_name",
        "route",
        "safe",
        "server",
        "template",
    )

    def __init__(
        self,
        *,
        name: str,
        group: str,
        method: str = "POST",
        path: str,
        server: str = "api",
        media: str = "application/json",
        request_name: str,
        requests: Callable[[], tuple[type[RequestT], ...]],
        answers: Callable[[], Mapping[int, Callable[[Any], ValueT]]],
        errors: frozenset[int] = frozenset(),
        idempotency: Idempotency | None = None,
        in_flight: InFlight | None = None,
        safe: bool = False,
        ask: Ask | None = None,
        template: str | None = None,
        endpoint: str | None = None,
    ) -> None:
        self.name: str = name
        self.group: str = group
        self.method: str = method
        self.path: str = path
        self.template: str = path if template is None else template
        self.route: str = f"{name}:{self.template}"
        self.endpoint: str = self.route if endpoint is None else endpoint
        self.server: str = server
        self.media: str = media
        self.request_name: str = request_name
        self.errors: frozenset[int] = errors
        self.idempotency: Idempotency | None = idempotency
        self.in_flight: InFlight | None = in_flight
        self.safe: bool = safe
        self.ask: Ask | None = ask
        self._requests = requests
        self._accepted: tuple[type[RequestT], ...] | None = None
        self._answers = answers
        self._decoders: Mapping[int, Callable[[Any], ValueT]] | None = None

    @property
    def requests(self) -> tuple[type[RequestT], ...]:
        """The classes of its request. The first use imports them."""
        accepted = self._accepted
        if accepted is None:
            accepted = self._accepted = self._requests()
        return accepted

    @property
    def answers(self) -> Mapping[int, Callable[[Any], ValueT]]:
        """Decoder by 2xx status. The first use imports the answer's models."""
        decoders = self._decoders
        if decoders is None:
            decoders = self._decoders = self._answers()
        return decoders

    @property
    def repeatable(self) -> bool:
        """Whether the same bytes may be sent again although they may have arrived."""
        return self.safe or self.idempotency is not None

    def at(self, path: str) -> Operation[RequestT, ValueT]:
        """Return the same operation, sent to another path: one that only settings know.

        ``path`` begins with a slash and may have the spec's ``{parameters}``, to be filled in by
        ``kessai.parameters.bind``; it is no part of the order, nor of its digest. Make it once for
        each setting, not once a call, and give ``resolve`` these operations too. Raises
        ``ConfigurationError`` for what is no path.
        """
        ends = path.split("/")
        if (
            not path.startswith("/")
            or path.startswith("//")
            or not path.isascii()
            or not path.isprintable()
            or not {" ", "?", "#", "\\"}.isdisjoint(path)
            or not {".", ".."}.isdisjoint(ends)
        ):
            from kessai.failures import ConfigurationError

            raise ConfigurationError(
                f"the path of {self.name} must begin with one slash and be ASCII, without spaces, "
                f"dot segments, query and fragment; {path!r} is no such path"
            )
        return self._copy(path, path)

    def filled(self, path: str) -> Operation[RequestT, ValueT]:
        """Return the same operation with its path filled in; see ``kessai.parameters.bind``."""
        return self._copy(path, self.template)

    def _copy(self, path: str, template: str) -> Operation[RequestT, ValueT]:
        return Operation(
            name=self.name,
            group=self.group,
            method=self.method,
            path=path,
            server=self.server,
            media=self.media,
            request_name=self.request_name,
            requests=lambda: self.requests,
            answers=lambda: self.answers,
            errors=self.errors,
            idempotency=self.idempotency,
            in_flight=self.in_flight,
            safe=self.safe,
            ask=self.ask,
            template=template,
            endpoint=self.endpoint,
        )

    def __repr__(self) -> str:
        """Show the name, method and path."""
        return f"<Operation {self.name}: {self.method} {self.path}>"


class CallOptions(TypedDict, total=False):
    """What one call may set for itself.

    - ``idempotency_key``: instead of a new UUIDv4; printable ASCII without spaces
    - ``timeout``: a ``Timeout``, or seconds for all four of its parts
    - ``deadline``: seconds for the whole call, pauses included
    - ``max_attempts``: 1 or more
    - ``headers``: added to the request; the engine's own cannot be replaced
    - ``intent``: the journal's name for what this call is meant to do
    - ``lift``: limits not to apply, as JSON pointers (``/order/items/*/price#max-length``)
    """

    idempotency_key: str
    timeout: Timeout | float
    deadline: float
    max_attempts: int
    headers: Mapping[str, str]
    intent: str
    lift: Sequence[str]


class Attempt(NamedTuple):
    """What became of one attempt.

    ``sent``: ``"no"`` provably never left, ``"maybe"`` no complete answer came back, ``"yes"`` the
    gateway answered. ``error``: the name of the error class, or None. ``seconds``: its length.
    """

    number: int
    sent: Literal["no", "maybe", "yes"]
    status: int | None
    error: str | None
    seconds: float


class Answer(Generic[ValueT]):
    """A successful answer with everything around it.

    ``headers`` finds names without regard to case. ``request_id``: the gateway's own name of this
    request, or None. ``attempts``: one entry each, the successful one last. ``content``: the body's
    bytes, which may hold card data.
    """

    __slots__ = (
        "attempts",
        "content",
        "headers",
        "idempotency_key",
        "request_id",
        "status",
        "value",
    )

    def __init__(
        self,
        value: ValueT,
        *,
        status: int,
        headers: Mapping[str, str],
        content: bytes,
        request_id: str | None,
        attempts: Sequence[Attempt],
        idempotency_key: str | None,
    ) -> None:
        self.value: ValueT = value
        self.status: int = status
        self.headers: Mapping[str, str] = headers
        self.content: bytes = content
        self.request_id: str | None = request_id
        self.attempts: tuple[Attempt, ...] = tuple(attempts)
        self.idempotency_key: str | None = idempotency_key

    def __repr__(self) -> str:
        """Show the status, the kind of value and the number of attempts."""
        kind = type(self.value).__name__
        return f"<Answer {self.status} {kind} attempts={len(self.attempts)}>"
