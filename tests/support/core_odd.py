"""The made-up gateway with the odd habits of others: refusals in answers of status 200, wrapped
bodies, orders that must not be repeated, and a search that finds what there is."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any, cast

import orjson
from kessai.commands import Reply
from kessai.errors import CardDeclinedError, GatewayError, InvalidRequestError, ServerError
from kessai.gateway import Untrusted, Verdict
from kessai.lookup import Standing
from kessai.operation import Operation

from tests.support.core_fake import LOOK, SECRET, FakeGateway

#: What a state in an answer of status 200 means here.
VERDICTS: Mapping[str, Callable[[], Verdict]] = {
    "DECLINED": lambda: Verdict("failed", CardDeclinedError(title="declined")),
    "BAD": lambda: Verdict("refused", InvalidRequestError(title="bad")),
    "LAST": lambda: Verdict("final", CardDeclinedError(title="last")),
    "WORKING": lambda: Verdict("pending", ServerError(title="working"), None, {"number": "N-1"}),
    "DOUBT": lambda: Verdict("doubtful", ServerError(title="doubt"), None, {"number": "N-0"}),
    "BUSY": lambda: Verdict("again", ServerError(title="busy"), 2.0),
}


class OddGateway(FakeGateway):
    """Says in the body what others say by status. ``told``: the ``repeat`` of each answer."""

    def __init__(self) -> None:
        super().__init__()
        self.told: list[bool] = []

    def answered(
        self, operation: Operation[Any, Any], reply: Reply, value: Any, repeat: bool
    ) -> Verdict | None:
        self.told.append(repeat)
        if value.state == "STUMBLE":
            raise LookupError(f"an overlay's mistake about {SECRET}")
        make = VERDICTS.get(value.state)
        return None if make is None else make()


class OnceGateway(FakeGateway):
    """Replays keys, but not surely for orders of more than 500 yen; ``asked`` notes each call."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[Mapping[str, Any]] = []

    def repeatable(self, operation: Operation[Any, Any], wire: Mapping[str, Any]) -> bool:
        self.asked.append(wire)
        if operation.safe:
            return True
        return operation.repeatable and wire["order"]["amount"] <= 500


class Envelope:
    """Bodies in base64 behind a mark made of a secret; counts what it wraps."""

    def __init__(self, secret: str = "s3") -> None:
        self.secret = secret
        self.wrapped = 0

    def media(self, operation: Operation[Any, Any]) -> str:
        return "application/x-envelope"

    def encode(self, operation: Operation[Any, Any], wire: Mapping[str, Any]) -> bytes:
        self.wrapped += 1
        return self.wrap(orjson.dumps(wire))

    def wrap(self, plain: bytes) -> bytes:
        return f"{self.secret}:".encode() + base64.b64encode(plain)

    def decode(self, operation: Operation[Any, Any], reply: Reply) -> Any:
        mark, _, body = reply.content.partition(b":")
        if mark == b"stumble":
            raise LookupError(f"a codec's mistake about {SECRET}")
        if mark != self.secret.encode():
            raise Untrusted("the mark is wrong")
        return orjson.loads(base64.b64decode(body))


class WrappedGateway(FakeGateway):
    """Wants every body in an envelope."""

    def __init__(self, codec: Envelope | None = None) -> None:
        super().__init__()
        self.codec = Envelope() if codec is None else codec


def wrapped(status: int = 201, *, secret: str = "s3", **members: Any) -> Reply:
    """A success in an envelope."""
    plain = json.dumps({"id": "R-1", "state": "AUTH", **members}).encode()
    return Reply(status, {}, Envelope(secret).wrap(plain))


class Search:
    """Asks by order id with ``look``, and reads the state in the answer.

    ``after``: when ABSENT is final. ``nameless``: requests name nothing.
    """

    def __init__(self, after: float | None = None, nameless: bool = False) -> None:
        self.after = after
        self.nameless = nameless

    def names(self, operation: Operation[Any, Any], wire: Mapping[str, Any]) -> Mapping[str, str]:
        order = cast("dict[str, Any]", wire.get("order", {}))
        return {} if self.nameless else {"orderId": str(order.get("orderId", ""))}

    def intent(self, operation: Operation[Any, Any], wire: Mapping[str, Any]) -> str | None:
        names = self.names(operation, wire)
        return f"orderId={names['orderId']}" if names else None

    def own(self, operation: Operation[Any, Any], value: Any) -> Standing:
        if value.state == "APPLIED":
            return Standing("waiting", "APPLIED", {"number": "N-2"})
        return Standing("done", value.state)

    def question(
        self, reference: Mapping[str, str]
    ) -> tuple[Operation[Any, Any], Mapping[str, Any]] | None:
        return (LOOK, {"orderId": reference["orderId"]}) if "orderId" in reference else None

    def found(
        self, operation: Operation[Any, Any], value: Any, reference: Mapping[str, str]
    ) -> Standing:
        match value.state:
            case "AUTH":
                return Standing("done", "AUTH", {"chargeId": value.id})
            case "CANCEL":
                return Standing("failed", "CANCEL")
            case "ABSENT" | "BAD":
                return Standing("absent")
            case "TWICE":
                return Standing("doubled", "TWICE", {"chargeId": "C-1", "secondChargeId": "C-2"})
            case "REQSUCCESS":
                return Standing("waiting", "REQSUCCESS", remedy="ask the customer")
            case state:
                return Standing("unsettled", state)

    def absent_after(
        self, operation: Operation[Any, Any], reference: Mapping[str, str]
    ) -> float | None:
        return self.after


class SearchGateway(OddGateway):
    """Is searched, and may want other pauses."""

    def __init__(
        self, lookup: Search | None = None, pauses: Sequence[float] = (1.0, 5.0, 30.0)
    ) -> None:
        super().__init__()
        self.lookup = Search() if lookup is None else lookup
        self.pauses = pauses

    def judge(self, operation: Operation[Any, Any], reply: Reply) -> Verdict:
        if reply.status == 409:
            return Verdict("pending", GatewayError(title="in work"))
        return super().judge(operation, reply)
