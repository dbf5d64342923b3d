"""A gateway that answers from a script and remembers what it was sent; no time passes."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import unquote_plus

import httpx2
from kessai_mdk import AsyncMdkClient, MdkClient, operations
from kessai_mdk import models as m

from codegen.reading.load import read_yaml
from tests.support.script import NOW, ScriptBase

JST = timezone(timedelta(hours=9))
CCID = "A100000000000000000001cc"
SECRET = "0123456789abcdef" * 4
TOKEN = "3f0c1a52-6f0e-4c57-9a55-5ec2e7704e11"
ORDER = "ORDER-1"
SPEC = Path(__file__).parents[3] / "specs" / "mdk" / "openapi.yaml"

COMMANDS = [name for name, one in operations.OPERATIONS.items() if one.server == "api"]
"""The 50 commands."""
ORDERS = [name for name in COMMANDS if not operations.OPERATIONS[name].safe]
"""Those that do something."""


class Sent(NamedTuple):
    """What a request held: the text that was hashed, its members, and authHash."""

    text: str
    params: dict[str, Any]
    auth_hash: str


def opened(request: httpx2.Request) -> Sent:
    """Unwrap a request by a way of its own: the text between two marks, not what was parsed."""
    whole = unquote_plus(request.content.decode("ascii"))
    head, _, tail = whole.rpartition(',"authHash":"')
    assert head.startswith('{"params":')
    assert tail.endswith('"}')
    text = head.removeprefix('{"params":')
    return Sent(text, json.loads(text), tail.removesuffix('"}'))


def answer(status: int, body: Any, at: float = NOW, **headers: str) -> httpx2.Response:
    """An answer with a JSON body."""
    date = datetime.fromtimestamp(at, UTC).strftime("%a, %d %b %Y %H:%M:%S GMT")
    return httpx2.Response(status, json=body, headers={"date": date, **headers})


def said(mstatus: str = "success", code: str = "A001000000000000", **members: Any) -> Any:
    """An answer of status 200 with a result."""
    result = {"mstatus": mstatus, "vResultCode": code, "orderId": ORDER, **members}
    return answer(200, {"result": result})


def when(seconds: float) -> str:
    """A time as Search writes it, so many seconds after the script began."""
    moment = datetime.fromtimestamp(NOW + seconds, JST)
    return f"{moment:%Y-%m-%d %H:%M:%S}.0"


def transaction(
    command: str = "Authorize",
    mstatus: str = "success",
    amount: int | None = 3300,
    seconds: float | None = 1.0,
    txn_id: str = "1",
) -> dict[str, Any]:
    """A transaction as Search lists it."""
    found: dict[str, Any] = {"txnId": txn_id, "command": command, "mstatus": mstatus}
    if amount is not None:
        found["amount"] = str(amount)
    if seconds is not None:
        found["txnDatetime"] = when(seconds)
    return found


class Found:
    """What Search answers, dated when it is asked."""

    def __init__(self, script: Script, *transactions: Any, order_id: str = ORDER) -> None:
        self.script = script
        self.transactions: list[Any] | None = list(transactions)
        self.order_id = order_id
        self.more: dict[str, Any] = {}

    def __call__(self, request: httpx2.Request) -> httpx2.Response:
        return answer(200, {"result": self.result()}, NOW + self.script.now)

    def result(self) -> dict[str, Any]:
        """The result block."""
        infos = {"transactionInfo": self.transactions}
        order = {"index": 0, "orderId": self.order_id, "transactionInfos": infos}
        order["orderStatus"] = "auth"
        return {
            "mstatus": "success",
            "vResultCode": "N001000000000000",
            "searchCount": 1,
            "overMaxCountFlag": False,
            "orderInfos": {"orderInfo": [order]},
            **self.more,
        }


class Nothing(Found):
    """Search finds no order."""

    def result(self) -> dict[str, Any]:
        """No order."""
        head = {"mstatus": "success", "vResultCode": "N001000000000000"}
        return {**head, "searchCount": 0, "overMaxCountFlag": False, "orderInfos": {}, **self.more}


@cache
def _examples() -> dict[str, tuple[dict[str, Any], dict[str, Any]]]:
    return dict(_pairs(read_yaml(SPEC)))


def _pairs(document: Any) -> Iterator[tuple[str, tuple[dict[str, Any], dict[str, Any]]]]:
    for path in document["paths"].values():
        operation = path["post"]
        bodies = (operation["requestBody"], operation["responses"]["200"])
        sent, came = (
            next(iter(body["content"]["application/json"]["examples"].values()))["value"]
            for body in bodies
        )
        yield operation["operationId"], (sent, came)


def sample(name: str) -> Any:
    """A command's request with every member of the spec's example."""
    kind = operations.OPERATIONS[name].requests[0]
    wire = json.loads(json.dumps(_examples()[name][0]))
    if name == "cvsAuthorize":
        wire["payLimit"] = "2026/01/31"
    if "salesDay" in wire and "withCapture" in wire:
        wire["withCapture"] = "true"
    return kind.decode(wire)


def example(name: str) -> dict[str, Any]:
    """A command's answer as the spec has it, about our order."""
    body: dict[str, Any] = json.loads(json.dumps(_examples()[name][1]))
    if name != "searchSearch":
        body["result"]["orderId"] = ORDER
    return body


def card(
    amount: int = 3300, order_id: str = ORDER, *, token: bool = True, **members: Any
) -> m.CardAuthorizeRequest:
    """A card payment, by token or by card number."""
    if token:
        members["pay_now_id_param"] = m.PayNowIdParam(token=TOKEN)
    else:
        members.update(card_number="4111111111111111", card_expire="12/29")
    return m.CardAuthorizeRequest(order_id=order_id, amount=amount, **members)


def mpi(amount: int = 3300, order_id: str = ORDER, **members: Any) -> m.MpiAuthorizeRequest:
    """A 3-D Secure payment."""
    wanted: dict[str, Any] = {
        "service_option_type": m.MpiServiceOptionType.MPI_COMPLETE,
        "device_channel": m.DeviceChannel.BROWSER,
        "cardholder_name": "TARO KESSAI",
        "cardholder_email": "taro@shop.example",
        "pay_now_id_param": m.PayNowIdParam(token=TOKEN),
    }
    wanted.update(members)
    return m.MpiAuthorizeRequest(order_id=order_id, amount=amount, **wanted)


def cancel(amount: int | None = None, order_id: str = ORDER) -> m.CardCancelRequest:
    """A cancellation, of all or of a part."""
    return m.CardCancelRequest(order_id=order_id, amount=amount)


def capture(amount: int | None = None) -> m.CardCaptureRequest:
    """A capture."""
    return m.CardCaptureRequest(order_id=ORDER, amount=amount)


class Script(ScriptBase):
    """The gateway's script, with its clients."""

    @property
    def paths(self) -> list[str]:
        """Command and service of what was called, in order."""
        return ["/".join(request.url.path.rsplit("/", 2)[1:]) for request in self.requests]

    @property
    def sent(self) -> list[Sent]:
        """What was sent, in order."""
        return [opened(request) for request in self.requests]

    def _options(self, options: dict[str, Any]) -> dict[str, Any]:
        if "settings" not in options:
            options = {"merchant_ccid": CCID, "merchant_secret_key": SECRET, **options}
        return {"system": self.system, "transport": self.transport, **options}

    def client(self, **options: Any) -> MdkClient:
        """A sync client of this gateway."""
        return MdkClient(**self._options(options))

    def async_client(self, **options: Any) -> AsyncMdkClient:
        """An async client of this gateway."""
        return AsyncMdkClient(**self._options(options))
