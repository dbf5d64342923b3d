"""The mock of the MDK as the contract tests hold it: commands, browser, stage.

The envelope is made here a third time, from the documents, apart from the client's and the mock's.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any, NamedTuple
from urllib.parse import quote_plus, urlencode

from kessai_mock.mdk import MERCHANT_CCID, MERCHANT_SECRET_KEY, Gateway, Settings, create_app

from tests.support.contract_asgi import ORIGIN, Answer
from tests.support.contract_schemathesis import Request
from tests.support.contract_stage import JSON, Stage
from tests.unit.mock.mdk.driver import Driver

FORM = "application/x-www-form-urlencoded"
SHOP_URL = "http://127.0.0.1:9001"  # nobody listens there: the browser stops at the way back
PUSH_URL = f"{SHOP_URL}/push"
TOKEN_API_KEY = "c0ffee00-1234-4abc-8def-0123456789ab"
DUMMY = '"txnVersion":"2.0.1","dummyRequest":"1"'
LIVE = '"txnVersion":"2.0.1","dummyRequest":"0"'


def sealed(
    params: bytes,
    *,
    settings: str = DUMMY,
    ccid: str = MERCHANT_CCID,
    secret: str = MERCHANT_SECRET_KEY,
) -> bytes:
    """The body of a request whose `params` are these very bytes, with the client's own at the end.

    What is no object is sealed as it is.
    """
    whole = params
    if params.startswith(b"{") and params.endswith(b"}"):
        own = f'{settings},"merchantCcid":"{ccid}"'.encode()
        whole = params[:-1] + (b"," if params[1:-1].strip() else b"") + own + b"}"
    digest = hashlib.sha256(ccid.encode() + whole + secret.encode()).hexdigest()
    return quote_plus(b'{"params":' + whole + b',"authHash":"' + digest.encode() + b'"}').encode()


def in_envelope(request: Request) -> Request:
    """A generated request in its final form: its real bytes sealed, and posted as the kit does.

    The token server has no envelope. What has no body gets none.
    """
    if request.url.endswith("/4gtoken") or not request.content:
        return request
    lines = [
        (name, FORM if name.lower() == "content-type" and value == JSON else value)
        for name, value in request.headers
        if name.lower() != "content-length"
    ]
    return request._replace(headers=lines, content=sealed(request.content))


class Posting(NamedTuple):
    """One line of the mock's ledger: yen of an order from one account to another."""

    order_id: str
    source: str
    target: str
    amount: int


class UnexpectedAnswerError(AssertionError):
    """A preparing request did not succeed; the message holds the result."""


class Mock(Stage):
    """One mock in this process. PUSHes are kept in `sent`, and answered with 200.

    `jws` is what PayPay's app has signed last.
    """

    jws = ""

    def __init__(self, seed: int = 1, **settings: Any) -> None:
        options: dict[str, Any] = {"push_url": PUSH_URL, **settings}
        told = Settings(**options)
        super().__init__(lambda deliver: create_app(seed=seed, settings=told, deliver=deliver))

    @property
    def gateway(self) -> Gateway:
        """The gateway itself."""
        app: Any = self.app.asgi
        found: Gateway = app.state.gateway
        return found

    # The API, without the client.

    def post(self, service: str, command: str, params: Mapping[str, Any]) -> Answer:
        """POST a command in dummy mode."""
        root = "paynow-search" if service == "search" else "paynow"
        content = sealed(json.dumps(params, separators=(",", ":")).encode())
        path = f"/test-{root}/v2/{command}/{service}"
        return self.app.send("POST", path, {"Content-Type": FORM}, content)

    def done(self, service: str, command: str, params: Mapping[str, Any]) -> dict[str, Any]:
        """POST and give the `result`. Raises UnexpectedAnswerError unless it is a success."""
        answer = self.post(service, command, params)
        result: dict[str, Any] = answer.json()["result"]
        if result["mstatus"] != "success":
            raise UnexpectedAnswerError(f"{command} {service}: {result}")
        return result

    def token(self, expire: str = "12/30") -> str:
        """A card's token, good for one payment."""
        card = {
            "token_api_key": TOKEN_API_KEY,
            "card_number": "4111111111111111",
            "card_expire": expire,
        }
        answer = self.app.send(
            "POST", "/4gtoken", {"content-type": JSON}, json.dumps(card).encode()
        )
        return str(answer.json()["token"])

    # The customer.

    def choose(self, page: str, outcome: str = "success") -> Answer:
        """Open a page, by its address or by HTML contents that send themselves, and choose."""
        if not page.startswith("<"):
            return self.app.send("GET", f"{page}{'&' if '?' in page else '?'}outcome={outcome}")
        action, fields = Driver.form(page)
        content = urlencode({**fields, "outcome": outcome}).encode()
        return self.app.send("POST", action, {"content-type": FORM}, content)

    def pay(self, order_id: str) -> Answer:
        """The customer pays from outside: at a till, at a machine, in an app."""
        return self._admin(f"pay/{order_id}")

    def act(self, order_id: str, name: str) -> Answer:
        """Something happens to an order that only its service knows."""
        return self._admin(f"act/{order_id}/{name}")

    def settle(self, order_id: str, code: str | None = None) -> Answer:
        """What was answered as pending ends, as a success or as the failure named."""
        return self._admin(f"settle/{order_id}", {} if code is None else {"vResultCode": code})

    def _admin(self, path: str, members: Mapping[str, Any] | None = None) -> Answer:
        content = json.dumps(members or {}).encode()
        return self.app.send("POST", f"/_mock/{path}", {"content-type": JSON}, content)

    # Behind the stage.

    def postings(self) -> list[Posting]:
        """The ledger. Raises AssertionError when it does not balance."""
        return [
            Posting(line["orderId"], line["from"], line["to"], line["amount"])
            for line in self.ledger_lines()
        ]


def in_dummy_mode(document: Mapping[str, Any]) -> dict[str, Any]:
    """The spec as the mock serves it in dummy mode, with nothing said more than once.

    The paths have test- before them. `payNowIdParam` stands in every request and has a tree of
    objects below it: 600 cases that are the same 50 times. It is left to a card's Authorize. What
    a ReAuthorize of card and mpi has from Authorize is left to that.
    """
    schemas = dict(document["components"]["schemas"])
    for name, schema in schemas.items():
        if name.endswith("Request") and name != "CardAuthorizeRequest":
            members = schema.get("properties", {})
            gone = {"payNowIdParam"}
            if name in ("CardReAuthorizeRequest", "MpiReAuthorizeRequest"):
                said = document["components"]["schemas"][name.replace("ReAuth", "Auth")]
                gone |= said["properties"].keys() - schema["required"]
            kept = {name: member for name, member in members.items() if name not in gone}
            schemas[name] = {**schema, "properties": kept}
    paths = {
        path if path == "/4gtoken" else f"/test-{path[1:]}": item
        for path, item in document["paths"].items()
    }
    components = {**document["components"], "schemas": schemas}
    return {**document, "servers": [{"url": ORIGIN}], "paths": paths, "components": components}


def half_known(document: Mapping[str, Any]) -> dict[str, Any]:
    """The same with any text as a code of the token server: their list is known in part only."""
    schemas = {**document["components"]["schemas"], "TokenCode": {"type": "string"}}
    return {**document, "components": {**document["components"], "schemas": schemas}}
