"""The mock gateway as the contract tests hold it: API, admin routes, the customer's browser."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from typing import Any, NamedTuple
from urllib.parse import parse_qs, urlsplit

from kessai_mock.gmo import create_app
from kessai_mock.webhooks import Webhook

from tests.support.contract_asgi import Answer, App

SHOP, PASSWORD = "tshop00000001", "kessai-mock"
BASIC = "Basic " + base64.b64encode(f"{SHOP}:{PASSWORD}".encode()).decode()
JSON = "application/json"
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


class Mock:
    """One mock gateway in this process. Webhooks are kept in `sent`, and answered with 204."""

    def __init__(self, seed: int = 1) -> None:
        self.sent: list[Webhook] = []
        self.app = App(create_app(seed=seed, deliver=self._deliver))
        self._tokens = 0

    def _deliver(self, webhook: Webhook) -> int:
        self.sent.append(webhook)
        return 204

    def close(self) -> None:
        """Close the event loop."""
        self.app.close()

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

    def reset(self) -> None:
        """Begin again, as if just started with the same seed."""
        self.sent.clear()
        self._admin("/_mock/reset", {})

    def advance(self, seconds: float) -> None:
        """Move the virtual clock on."""
        self._admin("/_mock/clock", {"advance": seconds})

    def script(self, operation: str, **script: Any) -> None:
        """Script the next outcome of an operation."""
        self._admin("/_mock/next", {"operation": operation, **script})

    def open_gate(self, name: str) -> None:
        """Let the requests held at a gate go on."""
        self._admin(f"/_mock/gates/{name}/open", {})

    def postings(self) -> list[Posting]:
        """The ledger. Raises AssertionError when it does not balance."""
        ledger = self._get("/_mock/ledger")
        assert ledger["balanced"], ledger["violations"]
        assert sum(ledger["balances"].values()) == 0
        return [
            Posting(line["accessId"], line["from"], line["to"], line["amount"])
            for line in ledger["postings"]
        ]

    def faults(self) -> list[str]:
        """Mistakes of the mock itself, which a caller saw as 500."""
        found: list[str] = self._get("/_mock")["faults"]
        return found

    def transitions(self) -> tuple[set[tuple[str, ...]], set[tuple[str, ...]]]:
        """What may follow what by the mock's own table, and what was visited since reset."""
        table = self._get("/_mock/transitions")
        return {tuple(s) for s in table["documented"]}, {tuple(s) for s in table["visited"]}

    def _get(self, path: str) -> Any:
        answer = self.app.send("GET", path)
        assert answer.status == 200, answer
        return answer.json()

    def _admin(self, path: str, members: Mapping[str, Any]) -> None:
        answer = self.app.send("POST", path, {"content-type": JSON}, json.dumps(members).encode())
        assert answer.status == 200, answer


def callback_content(url: str) -> dict[str, Any]:
    """What the `p` of a callback URL says, decoded without the client."""
    (packed,) = parse_qs(urlsplit(url).query)["p"]
    content: dict[str, Any] = json.loads(base64.urlsafe_b64decode(packed))
    return content
