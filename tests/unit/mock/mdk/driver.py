"""The mock of the MDK called in this thread: no socket, no server, no real time.

`Driver` plays merchant, customer and receiver of PUSHes at once. Everything the mock says is
held against the models generated from the spec, and every digest is worked out here.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Mapping
from functools import partial
from html.parser import HTMLParser
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, quote_plus, urlencode

import kessai_mock_models.mdk as models
from kessai_mock.clock import Clock
from kessai_mock.mdk import MERCHANT_CCID, MERCHANT_SECRET_KEY, Gateway, Settings, create_app
from kessai_mock.mdk.tokens import make
from kessai_mock.webhooks import Webhook

from tests.support.mock_driver import PlainDriver, Reply, hold

ORIGIN = "http://127.0.0.1:8803"
PUSH = "https://shop.example/pay/push"
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
CARD = ("4111111111111111", "12/30")


def sha256(*parts: str) -> str:
    """Lower-case hexadecimal digits."""
    return hashlib.sha256("".join(parts).encode()).hexdigest()


def envelope(
    params: Mapping[str, Any],
    *,
    dummy: bool = True,
    ccid: str = MERCHANT_CCID,
    secret: str = MERCHANT_SECRET_KEY,
) -> bytes:
    """A request's body as the kit makes it."""
    whole = {
        **params,
        "txnVersion": "2.0.1",
        "dummyRequest": "1" if dummy else "0",
        "merchantCcid": ccid,
    }
    text = json.dumps(whole, ensure_ascii=False, separators=(",", ":"))
    return sealed(text, sha256(ccid, text, secret))


def sealed(params: str, auth_hash: str) -> bytes:
    """The envelope around a text of params."""
    return quote_plus(f'{{"params":{params},"authHash":"{auth_hash}"}}').encode()


hold_to = partial(hold, models)


class Answer(Reply):
    """An answer of the API, or of /_mock."""

    @property
    def result(self) -> dict[str, Any]:
        """The member `result`."""
        return dict(self.json()["result"])

    @property
    def code(self) -> str:
        """The first block of the vResultCode."""
        return str(self.result["vResultCode"])[:4]

    @property
    def mstatus(self) -> str:
        """success, failure or pending."""
        return str(self.result["mstatus"])


class _Form(HTMLParser):
    """The first form of a page: where it goes, and with what."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.action = ""
        self.method = "get"
        self.fields: dict[str, str] = {}
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.action, self.method = found.get("action", ""), found.get("method", "get")
        elif tag == "input" and "name" in found:
            self.fields[found["name"]] = found.get("value", "")


class Pushed(NamedTuple):
    """A PUSH as it came: its header, and its records without their numbers."""

    header: dict[str, str]
    records: list[dict[str, str]]


class Driver(PlainDriver[Gateway, Answer]):
    """A mock and everybody who deals with it."""

    def __init__(
        self, settings: Settings | None = None, *, seed: int = 1, clock: Clock | None = None
    ) -> None:
        self.pushed: list[Pushed] = []
        app = create_app(seed=seed, settings=settings, deliver=self._receive, clock=clock)
        super().__init__(app, ORIGIN, Answer)

    def _receive(self, webhook: Webhook) -> int | None:
        """Check the signature as the documents say, then take the records apart."""
        key = bytes.fromhex(MERCHANT_SECRET_KEY)
        digest = hmac.digest(key, webhook.body, hashlib.sha256).hex()
        wanted = f"h=HmacSHA256;s={MERCHANT_CCID};v={digest}"
        assert webhook.headers["Content-Hmac"] == wanted
        fields = dict(parse_qsl(webhook.body.decode(), keep_blank_values=True))
        header = {n: v for n, v in fields.items() if not n[-4:].isdigit()}
        records = [
            {n[:-4]: v for n, v in fields.items() if n[-4:] == f"{at:04}"}
            for at in range(int(header["numberOfNotify"]))
        ]
        assert len(fields) == len(header) + sum(len(record) for record in records)
        for record in records:
            service = self.gateway.orders[record["orderId"]].service
            hold_to(f"{service.capitalize()}Notice", {**header, **record})
        self.pushed.append(Pushed(header, records))
        return self._accept()

    @property
    def records(self) -> list[dict[str, str]]:
        """Every record that has come, repeats too."""
        return [record for push in self.pushed for record in push.records]

    async def call(self, service: str, command: str, body: Any, *, dummy: bool = True) -> Answer:
        """A command as a coroutine, for overlapping ones."""
        root = "paynow-search" if service == "search" else "paynow"
        url = f"{ORIGIN}/{'test-' if dummy else ''}{root}/v2/{command}/{service}"
        content = envelope(body, dummy=dummy)
        answer = await self.send("POST", url, FORM, content)
        if answer.status == 200 and answer.content:
            hold_to(f"{service.capitalize()}{command}Response", answer.json())
            assert len(answer.result["vResultCode"]) == 16
        return answer

    def post(self, service: str, command: str, body: Any, *, dummy: bool = True) -> Answer:
        """A command, in dummy mode unless said otherwise."""
        return self.run(self.call(service, command, body, dummy=dummy))

    def done(self, service: str, command: str, body: Any, *, dummy: bool = True) -> dict[str, Any]:
        """A command that must succeed; gives its `result`."""
        answer = self.post(service, command, body, dummy=dummy)
        assert answer.mstatus == "success", answer
        return answer.result

    def submit(self, contents: str, **more: str) -> Answer:
        """Do what HTML contents do in a browser: send their form, with more fields."""
        form = _Form(contents)
        assert form.action, contents
        fields = urlencode({**form.fields, **more})
        if form.method == "post":
            return self.request("POST", form.action, headers=FORM, content=fields.encode())
        return self.get(f"{form.action}?{fields}")

    @staticmethod
    def form(contents: str) -> tuple[str, dict[str, str]]:
        """Where HTML contents send the browser, and with what."""
        form = _Form(contents)
        return form.action, form.fields

    def pay(self, order_id: str, amount: int | None = None) -> dict[str, Any]:
        """The customer pays from outside."""
        answer = self.admin(f"pay/{order_id}", {} if amount is None else {"amount": amount})
        assert answer.status == 200, answer
        return dict(answer.json())

    def act(self, order_id: str, name: str) -> dict[str, Any]:
        """Something happens to an order that only its service knows."""
        answer = self.admin(f"act/{order_id}/{name}")
        assert answer.status == 200, answer
        return dict(answer.json())

    def status(self, order_id: str) -> str:
        """An order's state inside the mock."""
        return self.gateway.orders[order_id].status

    def token(self, number: str = CARD[0], expire: str = CARD[1]) -> str:
        """A token of a card, as the token server would have made it."""
        with self.gateway.lock:
            return make(self.gateway, number, expire, ours=True).value

    def card(
        self, order_id: str = "o-1", amount: int = 1000, *, expire: str = CARD[1], **more: Any
    ) -> dict[str, Any]:
        """The body of a card's Authorize, with a token of its own."""
        token = {"token": self.token(expire=expire)}
        return {"orderId": order_id, "amount": str(amount), "payNowIdParam": token, **more}
