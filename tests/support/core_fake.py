"""A small made-up gateway for tests of the core: four operations, problem bodies, two auths."""

from __future__ import annotations

import json
from collections.abc import Callable, Generator, Mapping
from typing import Any, NamedTuple, cast

from kessai.commands import Command, Fault, Reply
from kessai.constraints import Report
from kessai.environment import Environment
from kessai.errors import (
    AuthenticationError,
    BadGatewayError,
    CardDeclinedError,
    ConflictError,
    GatewayError,
    InvalidRequestError,
    MaintenanceError,
    NotFoundError,
    ServerError,
    TooManyRequestsError,
    UnexpectedStatusError,
)
from kessai.gateway import BaseGateway, Grant, Outgoing, Verdict, access_token
from kessai.operation import Ask, Idempotency, InFlight, Operation
from kessai.wire import DecodeError

SECRET = "4111111111111111"


class PayRequest:
    """A request with an order id, an amount and a card number that must never be shown."""

    def __init__(self, order_id: str = "A-1", amount: int = 100, card: str = SECRET) -> None:
        self.order_id = order_id
        self.amount = amount
        self.card = card

    def to_wire(self) -> dict[str, Any]:
        return {"order": {"orderId": self.order_id, "amount": self.amount}, "card": self.card}

    def check(self, at: str, report: Report) -> None:
        if len(self.order_id) > 8:
            report.add(f"{at}/order/orderId", "max-length", "is longer than 8", limit=8)
        if self.amount > 1000:
            report.add(f"{at}/order/amount", "maximum", "is more than 1000", limit=1000)
        if self.amount == 7:
            report.add(f"{at}/order/amount", "odd", "is an odd sum", enforced=False)


class LookRequest:
    """A question about an order."""

    def __init__(self, order_id: str) -> None:
        self.order_id = order_id

    def to_wire(self) -> dict[str, Any]:
        return {"orderId": self.order_id}

    def check(self, at: str, report: Report) -> None:
        """Anything goes."""


class TokenRequest:
    """What fetches an access token."""

    def to_wire(self) -> dict[str, Any]:
        return {"grant_type": "client_credentials", "scope": "all & more"}

    def check(self, at: str, report: Report) -> None:
        """Anything goes."""


class Receipt(NamedTuple):
    """A decoded answer."""

    id: str
    state: str | None


class Granted(NamedTuple):
    """A decoded token answer."""

    token: str
    seconds: float


def receipt(data: Any) -> Receipt:
    """Decode an answer the way generated code does: wrong types name their place."""
    if not isinstance(data, dict):
        raise DecodeError("", "an object")
    members = cast("dict[str, Any]", data)
    number, state = members.pop("id", ""), members.pop("state", None)
    if not isinstance(number, str):
        raise DecodeError("/id", "a string")
    return Receipt(number, state)


def granted(data: Any) -> Granted:
    """Decode a token answer."""
    return Granted(data.pop("access_token", ""), float(data.pop("expires_in", "0")))


KEYED = Idempotency("Idempotency-Key", 36, 86_400)
BY_ORDER = Ask(
    by="look",
    ends="paid",
    ask={"orderId": "/order/orderId"},
    state="/state",
    done=frozenset({"AUTH", "SALES"}),
    waiting=frozenset({"REQSUCCESS"}),
    failed=frozenset({"CANCEL"}),
    match={"/amount": "/order/amount"},
)

#: Moves money, replayed by its key, asked for by its order id.
PAY: Operation[PayRequest, Receipt] = Operation(
    name="pay",
    group="order",
    path="/pay",
    request_name="PayRequest",
    requests=lambda: (PayRequest,),
    answers=lambda: {200: receipt, 201: receipt},
    errors=frozenset({400, 402, 409, 500, 502}),
    idempotency=KEYED,
    in_flight=InFlight(live=5, test=2),
    ask=BY_ORDER,
)
#: Moves money and has no key.
PAY_BARE: Operation[PayRequest, Receipt] = Operation(
    name="payBare",
    group="order",
    path="/payBare",
    request_name="PayRequest",
    requests=lambda: (PayRequest,),
    answers=lambda: {200: receipt},
    ask=BY_ORDER,
)
#: Does something that only a repeat can ask about.
STORE: Operation[PayRequest, Receipt] = Operation(
    name="store",
    group="card",
    path="/store",
    request_name="PayRequest",
    requests=lambda: (PayRequest,),
    answers=lambda: {200: receipt},
    idempotency=KEYED,
    ask=Ask(by="replay"),
)
#: Only reads.
LOOK: Operation[LookRequest, Receipt] = Operation(
    name="look",
    group="order",
    path="/look",
    request_name="LookRequest",
    requests=lambda: (LookRequest,),
    answers=lambda: {200: receipt},
    in_flight=InFlight(live=10, test=10),
    safe=True,
)
TOKEN: Operation[TokenRequest, Granted] = Operation(
    name="token",
    group="token",
    path="/token",
    server="token",
    media="application/x-www-form-urlencoded",
    request_name="TokenRequest",
    requests=lambda: (TokenRequest,),
    answers=lambda: {201: granted},
    safe=True,
)
OPERATIONS: Mapping[str, Operation[Any, Any]] = {
    operation.name: operation for operation in (PAY, PAY_BARE, STORE, LOOK, TOKEN)
}

ENVIRONMENT = Environment(api="https://gateway.example", token="https://token.example")

_KINDS: Mapping[int, tuple[Any, type[GatewayError]]] = {
    400: ("failed", InvalidRequestError),
    401: ("reauthorize", AuthenticationError),
    402: ("failed", CardDeclinedError),
    404: ("refused", NotFoundError),
    409: ("doubtful", ConflictError),
    429: ("again", TooManyRequestsError),
    500: ("doubtful", ServerError),
    502: ("doubtful", BadGatewayError),
    503: ("refused", MaintenanceError),
}


class FakeGateway(BaseGateway):
    """The made-up gateway's side of the engine."""

    name = "fake"
    account = "shop1"
    request_id_header: str | None = "x-request-id"

    def __init__(self) -> None:
        self.judged: list[int] = []

    def headers(self, operation: Operation[Any, Any]) -> Mapping[str, str]:
        return {"X-Version": "2023-06"}

    def rules(self, operation: Operation[Any, Any], request: Any, report: Report) -> None:
        if getattr(request, "amount", None) == 13:
            report.add("/order/amount", "unlucky", "is not taken")

    def judge(self, operation: Operation[Any, Any], reply: Reply) -> Verdict:
        self.judged.append(reply.status)
        if reply.status == 418:
            raise LookupError("an overlay's mistake")
        try:
            title = json.loads(reply.content)["title"]
        except (ValueError, KeyError, TypeError):
            return Verdict("doubtful", UnexpectedStatusError("not the gateway's own words"))
        kind, error = _KINDS.get(reply.status, ("doubtful", UnexpectedStatusError))
        return Verdict(kind, error(title=title, detail=f"about {SECRET}"))


class MarkAuth:
    """Marks each attempt with its number and the length of its bytes."""

    def __init__(self) -> None:
        self.seen: list[Outgoing] = []

    @property
    def grant(self) -> Grant | None:
        return None

    def sign(self, outgoing: Outgoing) -> Generator[Command, Any, Mapping[str, str]]:
        yield from ()
        self.seen.append(outgoing)
        return {"Authorization": f"Mark {outgoing.attempt}/{len(outgoing.content)}"}


class TokenAuth:
    """Bearer tokens, fetched with ``MarkAuth``."""

    def __init__(self, margin: float = 60.0) -> None:
        self._grant = Grant(
            operation=TOKEN, request=TokenRequest, auth=MarkAuth(), read=tuple, margin=margin
        )

    @property
    def grant(self) -> Grant | None:
        return self._grant

    def sign(self, outgoing: Outgoing) -> Generator[Command, Any, Mapping[str, str]]:
        marks = outgoing.refused
        refused = None if marks is None else marks["Authorization"].removeprefix("Bearer ")
        token = yield from access_token(outgoing, refused)
        return {"Authorization": f"Bearer {token}"}


def ok(status: int = 201, **members: Any) -> Reply:
    """A success."""
    body = json.dumps({"id": "R-1", "state": "AUTH", **members}).encode()
    return Reply(status, {"x-request-id": "req-1"}, body)


def problem(status: int, title: str = "oops", **headers: str) -> Reply:
    """A problem in the gateway's own words."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Reply(status, named, json.dumps({"title": title}).encode())


def not_sent() -> Fault:
    """A fault that proves nothing left."""
    return Fault("no", ConnectionRefusedError("refused"))


def no_answer() -> Fault:
    """A fault after which the order may have arrived."""
    return Fault("maybe", ConnectionResetError("reset"))


Step = Reply | Fault | Callable[[], Reply | Fault]
