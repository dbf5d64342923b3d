"""The mock of the Unified API called in this thread: no socket, no server, no real time.

`Driver` plays merchant, consumer and receiver of webhooks at once. Everything the mock says
is held against the models generated from the spec.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from functools import partial
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import kessai_mock_models.unified as models
from kessai_mock.clock import Clock
from kessai_mock.unified import MERCHANT_CCID, MERCHANT_KEY, Gateway, Settings, create_app
from kessai_mock.webhooks import Webhook

from tests.support.mock_driver import PlainDriver, Reply, hold

ORIGIN = "http://127.0.0.1:8802"
BASE = "/fep/command"
PUSH = "https://shop.example/pay/notice"


def signature(content: bytes, ccid: str = MERCHANT_CCID, key: str = MERCHANT_KEY) -> str:
    """X-VT-Content-hmac, worked out here and not by the mock."""
    text = ccid.encode() + content + key.encode()
    return f"h=HmacSHA512;s={ccid};v={hmac.digest(key.encode(), text, hashlib.sha512).hex()}"


hold_to = partial(hold, models)


class Answer(Reply):
    """An answer of the API, or of /_mock."""

    @property
    def code(self) -> str:
        """The result code."""
        return str(self.json()["result"]["resultCode"])

    @property
    def v(self) -> str | None:
        """The vResultCode, if there is one."""
        found = self.json()["result"].get("vResultCode")
        return None if found is None else str(found)

    @property
    def fep(self) -> str:
        """The order's fepOrderId."""
        return str(self.json()["order"]["fepOrderId"])

    @property
    def reference(self) -> str:
        """The request's fepReferenceId."""
        return str(self.json()["transaction"]["fepReferenceId"])

    @property
    def redirect(self) -> str:
        """Where the consumer is sent."""
        return str(self.json()["control"]["redirectUrl"])


class Driver(PlainDriver[Gateway, Answer]):
    """A mock and everybody who deals with it."""

    def __init__(
        self, settings: Settings | None = None, *, seed: int = 1, clock: Clock | None = None
    ) -> None:
        self.pushed: list[Webhook] = []
        app = create_app(seed=seed, settings=settings, deliver=self._receive, clock=clock)
        super().__init__(app, ORIGIN, Answer)

    def _receive(self, webhook: Webhook) -> int | None:
        self.pushed.append(webhook)
        hold_to("PushRequest", json.loads(webhook.body))
        return self._accept()

    @property
    def notices(self) -> list[tuple[str, str]]:
        """Command and result code of each webhook that has come."""
        bodies = [json.loads(webhook.body) for webhook in self.pushed]
        return [(body["transaction"]["command"], body["result"]["resultCode"]) for body in bodies]

    async def call(self, command: str, body: Any, *, key: str | None = None) -> Answer:
        """A command as a coroutine, for overlapping ones; signed, as merchants do."""
        content = json.dumps(body, ensure_ascii=False).encode()
        headers = {"X-VT-Content-hmac": signature(content), "Content-Type": "application/json"}
        if key is not None:
            headers["X-VT-Idempotency-Key"] = key
        url = f"{ORIGIN}{BASE}/{command}"
        answer = await self.send("POST", url, headers, content)
        if answer.content and answer.headers.get("content-type") == "application/json":
            name = command[0].upper() + command[1:] + "Response"
            hold_to(name if answer.status == 200 else "FailureResponse", answer.json())
        return answer

    def post(self, command: str, body: Any, *, key: str | None = None) -> Answer:
        """A command."""
        return self.run(self.call(command, body, key=key))

    def browse(self, url: str, outcome: str = "success") -> dict[str, str]:
        """Choose on a wallet's page; gives the query the merchant receives."""
        return self.come_back(f"{url}?outcome={outcome}")[1]

    def come_back(self, url: str) -> tuple[str, dict[str, str]]:
        """Open a page that sends the browser back: address without query, and the query."""
        answer = self.get(url)
        assert answer.status == 302, answer
        parts = urlsplit(answer.headers["location"])
        query = dict(parse_qsl(parts.query, strict_parsing=True))
        hold_to("Redirect", query)
        return f"{parts.scheme}://{parts.netloc}{parts.path}", query

    def inquire(self, reference: str) -> Any:
        """What came of a request, as the gateway tells it."""
        answer = self.post("getTransactionResult", {"transaction": {"fepReferenceId": reference}})
        assert answer.status == 200, answer
        return answer.json()

    def status(self, fep: str) -> str:
        """An order's state inside the mock."""
        return self.gateway.orders[fep].status

    # The short way to an order in a state.

    def paid(
        self, payment_id: str = "p-1", amount: int = 1000, wallet: str = "paypay", **more: Any
    ) -> Answer:
        """pay, and the consumer has paid."""
        answer = self.post("pay", pay(payment_id, amount, wallet, **more))
        assert answer.status == 200, answer
        self.browse(answer.redirect)
        return answer

    def agreed(self, payment_id: str = "club", wallet: str = "paypay", **more: Any) -> Answer:
        """subscribe, and the consumer has agreed."""
        answer = self.post("subscribe", subscribe(payment_id, wallet, **more))
        assert answer.status == 200, answer
        self.browse(answer.redirect)
        return answer


def _control(push: str | None) -> dict[str, str]:
    urls = {
        "successUrl": "https://shop.example/done",
        "cancelUrl": "https://shop.example/cancelled",
        "errorUrl": "https://shop.example/failed",
    }
    return urls if push is None else {**urls, "pushUrl": push}


def pay(
    payment_id: str = "p-1",
    amount: int | str = 1000,
    wallet: str = "paypay",
    *,
    mode: str | None = None,
    push: str | None = None,
    **transaction: str,
) -> dict[str, Any]:
    """The body of pay."""
    named = {**transaction, "authCaptureType": mode} if mode is not None else transaction
    return {
        "order": {"payType": wallet, "paymentId": payment_id, "amount": str(amount)},
        "transaction": named,
        "control": _control(push),
    }


def subscribe(
    payment_id: str = "club",
    wallet: str = "paypay",
    *,
    item: str | None = None,
    push: str | None = None,
) -> dict[str, Any]:
    """The body of subscribe."""
    body: dict[str, Any] = {
        "order": {"payType": wallet, "paymentId": payment_id},
        "control": _control(push),
    }
    if item is not None:
        body["item"] = [{"id": "1", "name": "決済の本"}, {"id": "2", "name": item}]
    return body


def charge(
    payment_id: str = "c-1",
    amount: int | str = 1000,
    original: str = "club",
    *,
    push: str | None = None,
    **transaction: str,
) -> dict[str, Any]:
    """The body of charge."""
    body: dict[str, Any] = {
        "order": {
            "originalPaymentId": original,
            "paymentId": payment_id,
            "amount": str(amount),
        },
        "transaction": transaction,
    }
    return body if push is None else {**body, "control": {"pushUrl": push}}


def order(
    payment_id: str | None = "p-1",
    amount: int | None = None,
    *,
    fep: str | None = None,
    push: str | None = None,
    **transaction: str,
) -> dict[str, Any]:
    """The body of capture, cancel, updateOrder and terminate."""
    named = {"paymentId": payment_id} if fep is None else {"fepOrderId": fep}
    if amount is not None:
        named["amount"] = str(amount)
    body: dict[str, Any] = {"order": named, "transaction": transaction}
    return body if push is None else {**body, "control": {"pushUrl": push}}
