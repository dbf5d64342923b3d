"""The mock of the Unified API as the contract tests hold it: commands, browser, stage."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Mapping
from typing import Any, Literal, NamedTuple

from kessai_mock.unified import MERCHANT_CCID, MERCHANT_KEY, Settings, create_app

from tests.support.contract_asgi import ORIGIN, Answer
from tests.support.contract_schemathesis import Request
from tests.support.contract_stage import JSON, Stage

BASE = "/fep/command"
SHOP_URL = "http://127.0.0.1:9001"  # nobody listens there: the browser stops at the redirect
TOKEN = "contract-token"
Scheme = Literal["bearer", "hmac"]
SCHEMES: tuple[Scheme, ...] = ("bearer", "hmac")


def credentials(scheme: Scheme, content: bytes, key: str = MERCHANT_KEY) -> dict[str, str]:
    """The header that a request with these exact bytes authenticates by."""
    if scheme == "bearer":
        return {"Authorization": f"Bearer {TOKEN if key == MERCHANT_KEY else key}"}
    # Read from the document a third time, apart from the client's and the mock's.
    text = MERCHANT_CCID.encode() + content + key.encode()
    digest = hmac.new(key.encode(), text, hashlib.sha512).hexdigest()
    return {"X-VT-Content-hmac": f"h=HmacSHA512;s={MERCHANT_CCID};v={digest}"}


def signed(request: Request, scheme: Scheme, key: str = MERCHANT_KEY) -> Request:
    """A request in its final form, with credentials over the bytes it really has."""
    lines = credentials(scheme, request.content, key).items()
    return request._replace(headers=[*request.headers, *lines])


class Posting(NamedTuple):
    """One line of the mock's ledger: yen of an order from one account to another."""

    fep_order_id: str
    source: str
    target: str
    amount: int


class UnexpectedAnswerError(AssertionError):
    """A preparing request did not succeed; the message holds the result."""


class Mock(Stage):
    """One mock in this process, which knows one token. Webhooks are answered with 200."""

    def __init__(self, seed: int = 1, **settings: Any) -> None:
        told = Settings(tokens=frozenset({TOKEN}), **settings)
        super().__init__(lambda deliver: create_app(seed=seed, settings=told, deliver=deliver))

    # The API, without the client.

    def post(
        self,
        command: str,
        body: Mapping[str, Any] | bytes,
        headers: Mapping[str, str] | None = None,
        scheme: Scheme = "bearer",
    ) -> Answer:
        """POST a JSON body to a command; `headers` go beside, or instead of, the usual ones."""
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        lines = {"Content-Type": JSON, **credentials(scheme, content), **(headers or {})}
        return self.app.send("POST", f"{BASE}/{command}", lines, content)

    def ask(self, command: str, body: Mapping[str, Any]) -> Any:
        """POST and give the decoded answer. Raises UnexpectedAnswerError unless it is a success."""
        answer = self.post(command, body)
        if answer.status != 200:
            raise UnexpectedAnswerError(f"{command}: {answer.status} {answer.content.decode()}")
        return answer.json()

    # The consumer.

    def press(self, url: str, **chosen: str) -> str | None:
        """Choose on a dummy page; the address the browser is sent back to, None if to none."""
        query = "&".join(f"{name}={value}" for name, value in chosen.items())
        answer = self.app.send("GET", f"{url}?{query}")
        if answer.status == 200:
            return None
        assert answer.status == 302, answer
        location = answer.header("location")
        assert location is not None
        assert location.startswith(SHOP_URL), location
        return location

    def pay(self, order: str) -> Answer:
        """The consumer pays in the app; `order` is a paymentId or fepOrderId."""
        return self.app.send("POST", f"/_mock/pay/{order}")

    # The wallet's company.

    def deregister(self, order: str) -> Answer:
        """An agreement is ended by the wallet's company."""
        return self.app.send("POST", f"/_mock/deregister/{order}")

    def settle(self, fep_reference_id: str, code: str = "UA-000-001") -> Answer:
        """What was left open ends with a result code."""
        content = json.dumps({"resultCode": code}).encode()
        path = f"/_mock/settle/{fep_reference_id}"
        return self.app.send("POST", path, {"content-type": JSON}, content)

    # Behind the stage.

    def postings(self) -> list[Posting]:
        """The ledger. Raises AssertionError when it does not balance."""
        return [
            Posting(line["fepOrderId"], line["from"], line["to"], line["amount"])
            for line in self.ledger_lines()
        ]

    def transitions(self) -> tuple[set[tuple[str, ...]], set[tuple[str, ...]]]:
        """What may follow what by the mock's own table, and what was visited since reset."""
        table = self.told("/_mock/transitions")
        return {tuple(s) for s in table["known"]}, {tuple(s) for s in table["visited"]}


def rebased(document: Mapping[str, Any]) -> dict[str, Any]:
    """The spec as this mock serves it: the servers' base moved into the paths."""
    paths = {f"{BASE}{path}": item for path, item in document["paths"].items()}
    return {**document, "servers": [{"url": ORIGIN}], "paths": paths}
