"""The mock of UnivaPay as the contract tests hold it: requests, resources, stage."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from kessai_mock.univapay import (
    MERCHANT_ID,
    SECRET,
    STORE_ID,
    Gateway,
    Settings,
    app_token,
    create_app,
)
from kessai_mock.webhooks import Webhook
from starlette.applications import Starlette

from tests.support.contract_asgi import Answer
from tests.support.contract_stage import JSON, Stage

__all__ = [
    "AUTH_TOKEN",
    "CARD",
    "MERCHANT_ID",
    "MERCHANT_TOKEN",
    "SECRET",
    "STORE",
    "STORE_ID",
    "STORE_TOKEN",
    "Mock",
    "Posting",
    "UnexpectedAnswerError",
    "credentials",
]

Body = dict[str, Any]

CARD = "4000020000000000"
AUTH_TOKEN = "contract-auth"
STORE = f"/stores/{STORE_ID}"
STORE_TOKEN = app_token()
MERCHANT_TOKEN = app_token(store_id=None)
SHOP_URL = "http://127.0.0.1:9001/notice"  # nobody listens there: deliveries are kept


def credentials(token: str = STORE_TOKEN, secret: str | None = SECRET) -> dict[str, str]:
    """The header of a server, or without a secret that of a browser."""
    return {"Authorization": f"Bearer {token}" if secret is None else f"Bearer {secret}.{token}"}


class Posting(NamedTuple):
    """One line of the mock's ledger: money of a charge from one account to another."""

    charge_id: str
    reason: str
    source: str
    target: str
    amount: int


class UnexpectedAnswerError(AssertionError):
    """A preparing request did not succeed; the message holds the code."""


class Mock(Stage):
    """One mock in this process. Webhooks are kept in ``sent`` and answered with 200."""

    def __init__(self, seed: int = 1, **settings: Any) -> None:
        told = Settings(**settings)
        made: list[Gateway] = []

        def make(deliver: Callable[[Webhook], int]) -> Starlette:
            app = create_app(seed=seed, settings=told, deliver=deliver)
            made.append(app.state.gateway)
            return app

        super().__init__(make)
        self.gateway: Gateway = made[0]

    # The API, without the client.

    def call(
        self,
        method: str,
        path: str,
        body: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
        token: str = STORE_TOKEN,
    ) -> Answer:
        """Any request; ``headers`` go beside, or instead of, the usual ones."""
        lines = {**credentials(token), **(headers or {})}
        content = b""
        if body is not None:
            content = json.dumps(body).encode()
            lines.setdefault("Content-Type", JSON)
        return self.app.send(method, path, lines, content)

    def ask(self, method: str, path: str, body: Mapping[str, Any] | None = None, **how: Any) -> Any:
        """The decoded answer. Raises UnexpectedAnswerError unless it is a success."""
        answer = self.call(method, path, body, **how)
        if answer.status >= 300:
            raise UnexpectedAnswerError(f"{method} {path}: {answer.status} {answer.content!r}")
        return answer.json() if answer.content else None

    # What is needed again and again.

    def token(self, payment_type: str = "konbini", kind: str = "one_time", **data: Any) -> str:
        """A token's id."""
        body = {
            "payment_type": payment_type,
            "type": kind,
            "email": "hanako@customer.example.com",
            "data": {**DATA[payment_type], **data},
        }
        return str(self.ask("POST", "/tokens", body)["id"])

    def charge(self, token: str | None = None, amount: int = 1100, **members: Any) -> str:
        """A charge's id, processed: konbini awaits, a card has paid."""
        body = {
            "transaction_token_id": token or self.token(),
            "amount": amount,
            "currency": "JPY",
            **members,
        }
        made = self.ask("POST", "/charges", body)
        self.advance(1)
        return str(made["id"])

    def paid(self) -> str:
        """A charge of a card that has paid."""
        return self.charge(self.token("card"))

    def held(self) -> str:
        """A charge of a card that is held."""
        return self.charge(self.token("card"), capture=False)

    def webhook(self, *triggers: str, path: str = f"{STORE}/webhooks", **how: Any) -> str:
        """A webhook's id."""
        body = {"triggers": list(triggers), "url": SHOP_URL, "auth_token": AUTH_TOKEN}
        return str(self.ask("POST", path, body, **how)["id"])

    def pay(self, charge_id: str) -> Answer:
        """The customer pays at the till, or in the app."""
        return self.app.send("POST", f"/_mock/pay/{charge_id}")

    def refuse(self, charge_id: str, code: int) -> Answer:
        """The customer gives up, or is not recognized: it ends with a payment error."""
        content = json.dumps({"code": code}).encode()
        return self.app.send("POST", f"/_mock/refuse/{charge_id}", {"content-type": JSON}, content)

    # Behind the stage.

    def postings(self) -> list[Posting]:
        """The ledger. Raises AssertionError when it does not balance."""
        return [
            Posting(line["charge"], line["reason"], line["from"], line["to"], line["amount"])
            for line in self.ledger_lines()
        ]

    def transitions(self) -> tuple[set[tuple[str, ...]], set[tuple[str, ...]]]:
        """What may follow what by the mock's own table, and what was visited since reset."""
        table = self.told("/_mock/transitions")
        return {tuple(s) for s in table["known"]}, {tuple(s) for s in table["visited"]}


DATA: dict[str, Body] = {
    "konbini": {
        "customer_name": "山田 花子",
        "convenience_store": "seven_eleven",
        "phone_number": {"country_code": "81", "local_number": "0312345678"},
    },
    "card": {
        "cardholder": "HANAKO YAMADA",
        "card_number": CARD,
        "exp_month": "12",
        "exp_year": "2030",
        "cvv": "123",
    },
    "online": {"brand": "alipay_online", "call_method": "web"},
    "bank_transfer": {"brand": "aozora_bank"},
    "qr_scan": {"scanned_qr": "2800000000000000"},
    "qr_merchant": {"brand": "alipay_merchant_qr"},
    "paidy": {"paidy_token": "tok_1", "shipping_address": {"zip": "150-0041", "line1": "渋谷"}},
}
"""The data of a token, by its means of payment."""
