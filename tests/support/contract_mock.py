"""The mock gateway as the contract tests hold it: API, admin routes, the customer's browser."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from typing import Any, NamedTuple
from urllib.parse import parse_qs, urlsplit

from kessai_mock.gmo import create_app

from tests.support.contract_asgi import Answer
from tests.support.contract_stage import JSON, Stage

SHOP, PASSWORD = "tshop00000001", "kessai-mock"
BASIC = "Basic " + base64.b64encode(f"{SHOP}:{PASSWORD}".encode()).decode()
FORM = "application/x-www-form-urlencoded"
SHOP_URL = "http://127.0.0.1:9001"  # nobody listens there: the browser stops at the redirect


class Posting(NamedTuple):
    """One line of the mock's ledger: yen of an order from one account to another."""

    access_id: str
    source: str
    target: str
    amount: int


class UnexpectedAnswerError(AssertionError):
    """A preparing request did not succeed; the message holds the problem."""


class Mock(Stage):
    """One mock gateway in this process. Webhooks are kept in `sent`, and answered with 204."""

    received = 204

    def __init__(self, seed: int = 1) -> None:
        super().__init__(lambda deliver: create_app(seed=seed, deliver=deliver))

    # The API, without the client.

    def post(
        self, path: str, body: Mapping[str, Any] | bytes, headers: Mapping[str, str] | None = None
    ) -> Answer:
        """POST a JSON body, signed with the shop's password unless `headers` say otherwise."""
        lines = {"authorization": BASIC, "content-type": JSON, **(headers or {})}
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        return self.app.send("POST", path, lines, content)

    def ask(self, path: str, body: Mapping[str, Any]) -> Any:
        """POST and give the decoded answer. Raises UnexpectedAnswerError unless it is a success."""
        answer = self.post(path, body)
        if not 200 <= answer.status < 300:
            raise UnexpectedAnswerError(f"POST {path}: {answer.status} {answer.content.decode()}")
        return answer.json()

    # The customer.

    def open(self, url: str) -> Answer:
        """Open a page in the customer's browser."""
        return self.app.send("GET", url)

    def press(self, url: str, outcome: str) -> dict[str, Any] | None:
        """Press a button of a page; gives the callback's content, None if nobody comes back."""
        return self._back(self.app.send("GET", f"{url}?outcome={outcome}"))

    def location(self, url: str, outcome: str) -> str:
        """Press a button; the address the browser is sent back to."""
        location = self.app.send("GET", f"{url}?outcome={outcome}").header("location")
        assert location is not None
        return location

    def type_code(self, url: str, code: str) -> dict[str, Any] | None:
        """Type a code into the page of an identity check."""
        return self._back(self.app.send("GET", f"{url}?code={code}"))

    def _back(self, answer: Answer) -> dict[str, Any] | None:
        if answer.status == 200:
            return None
        location = answer.header("location")
        assert answer.status == 302, answer.status
        assert location is not None
        return callback_content(location)

    def pay(self, access_id: str, amount: int | None = None) -> Answer:
        """Pay at the till, at the bank or in the wallet's app."""
        content = b"" if amount is None else json.dumps({"amount": amount}).encode()
        return self.app.send("POST", f"/_mock/pay/{access_id}", {"content-type": JSON}, content)

    # Behind the stage.

    def postings(self) -> list[Posting]:
        """The ledger. Raises AssertionError when it does not balance."""
        return [
            Posting(line["accessId"], line["from"], line["to"], line["amount"])
            for line in self.ledger_lines()
        ]

    def transitions(self) -> tuple[set[tuple[str, ...]], set[tuple[str, ...]]]:
        """What may follow what by the mock's own table, and what was visited since reset."""
        table = self.told("/_mock/transitions")
        return {tuple(s) for s in table["documented"]}, {tuple(s) for s in table["visited"]}


def callback_content(url: str) -> dict[str, Any]:
    """What the `p` of a callback URL says, decoded without the client."""
    (packed,) = parse_qs(urlsplit(url).query)["p"]
    content: dict[str, Any] = json.loads(base64.urlsafe_b64decode(packed))
    return content
