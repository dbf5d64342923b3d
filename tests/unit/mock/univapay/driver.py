"""The mock of UnivaPay called in this thread: no socket, no server, no real time.

`Driver` plays merchant, customer and receiver of webhooks at once. Everything the mock says is
held against the models generated from the spec.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import partial
from typing import Any, NamedTuple

import kessai_mock_models.univapay as models
from kessai_mock.clock import Clock
from kessai_mock.univapay import SECRET, STORE_ID, Gateway, Settings, app_token, create_app
from kessai_mock.webhooks import Webhook

from tests.support.mock_driver import DriverBase, Reply, hold

ORIGIN = "http://127.0.0.1:8804"
SHOP = "https://shop.example/univapay"
STORE = f"/stores/{STORE_ID}"
CARD = "4000020000000000"

_TOKENS = {
    "konbini": "KonbiniToken",
    "card": "CardToken",
    "online": "OnlineToken",
    "bank_transfer": "BankTransferToken",
    "qr_scan": "QrScanToken",
    "qr_merchant": "QrMerchantToken",
    "paidy": "PaidyToken",
}
_EVENTS = {
    "token": "TokenEvent",
    "recurring": "TokenEvent",
    "charge": "ChargeEvent",
    "refund": "RefundEvent",
    "cancel": "CancelEvent",
    "subscription": "SubscriptionEvent",
    "bank": "BankTransferEvent",
}


hold_to = partial(hold, models)


def bearer(token: str | None = None, *, secret: str | None = SECRET) -> str:
    """An Authorization header; without a secret as a browser sends it."""
    jwt = token if token is not None else app_token()
    return f"Bearer {jwt}" if secret is None else f"Bearer {secret}.{jwt}"


def konbini(store: str = "family_mart", **more: Any) -> dict[str, Any]:
    """The body of a request for a konbini token."""
    data = {
        "customer_name": "決済 太郎",
        "convenience_store": store,
        "phone_number": {"country_code": "81", "local_number": "0312345678"},
        **more.pop("data", {}),
    }
    return {
        "payment_type": "konbini",
        "type": "one_time",
        "email": "taro@shop.example",
        "data": data,
        **more,
    }


def card(number: str = CARD, **more: Any) -> dict[str, Any]:
    """The body of a request for a card token."""
    data = {"card_number": number, "exp_month": "12", "exp_year": "2029", "cvv": "123"}
    return {
        "payment_type": "card",
        "type": "one_time",
        "email": "taro@shop.example",
        **more,
        "data": {"cardholder": "TARO KESSAI", **data, **more.get("data", {})},
    }


class Answer(Reply):
    """An answer of the API, or of /_mock."""

    @property
    def code(self) -> str:
        """The code of a refusal."""
        return str(self.json()["code"])

    @property
    def wrong(self) -> list[tuple[str, str]]:
        """Which members a refusal names, and why."""
        return [(one["field"], one["reason"]) for one in self.json()["errors"]]


class Told(NamedTuple):
    """A webhook as it came."""

    url: str
    headers: dict[str, str]
    body: dict[str, Any]


class Driver(DriverBase[Gateway, Answer]):
    """A mock and everybody who deals with it."""

    def __init__(
        self, settings: Settings | None = None, *, seed: int = 1, clock: Clock | None = None
    ) -> None:
        self.told: list[Told] = []
        app = create_app(seed=seed, settings=settings, deliver=self._receive, clock=clock)
        super().__init__(app, ORIGIN, Answer)

    def _receive(self, webhook: Webhook) -> int | None:
        body = json.loads(webhook.body)
        hold_to(_EVENTS[body["event"].partition("_")[0]], body)
        self.told.append(Told(webhook.url, dict(webhook.headers), body))
        return self._accept()

    @property
    def events(self) -> list[str]:
        """The events told so far, repeats too."""
        return [one.body["event"] for one in self.told]

    async def call(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        auth: str | None = "",
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """Any request; `auth` is the server's own unless given, None for no header."""
        content = b"" if body is None else json.dumps(body).encode()
        named = dict(headers or {})
        if body is not None:
            named.setdefault("Content-Type", "application/json")
        if auth is not None:
            named["Authorization"] = auth or bearer()
        return await self.send(method, path, named, content)

    def request(self, method: str, path: str, body: Any = None, **more: Any) -> Answer:
        """Any request, to its end."""
        answer = self.run(self.call(method, path, body, **more))
        if not path.startswith(("/_mock", "/pages")) and path != "/":
            limits = [name for name in answer.headers if name.endswith(("-exact", "-route"))]
            assert len(limits) == 4, (path, answer.headers)
        return answer

    def get(self, path: str, **more: Any) -> Any:
        """A GET that must succeed; gives its JSON."""
        answer = self.request("GET", path, **more)
        assert answer.status == 200, answer
        return answer.json()

    def post(self, path: str, body: Any = None, **more: Any) -> Answer:
        """A POST."""
        return self.request("POST", path, body, **more)

    def patch(self, path: str, body: Any = None, **more: Any) -> Answer:
        """A PATCH."""
        return self.request("PATCH", path, body, **more)

    def token(self, body: Any = None, **more: Any) -> dict[str, Any]:
        """A token that must be made; a konbini's unless a body is given."""
        answer = self.post("/tokens", body or konbini(), **more)
        assert answer.status == 201, answer
        made: dict[str, Any] = answer.json()
        hold_to(_TOKENS[made["payment_type"]], made)
        return made

    def charge(self, token: Any = None, amount: Any = 1100, **more: Any) -> dict[str, Any]:
        """A charge that must be made, of a new konbini token unless one is given."""
        headers = more.pop("headers", {})
        one = token if token is not None else self.token()
        body = {"transaction_token_id": one["id"], "amount": amount, "currency": "JPY", **more}
        answer = self.post("/charges", body, headers=headers)
        assert answer.status == 201, answer
        made: dict[str, Any] = answer.json()
        hold_to("Charge", made)
        assert made["status"] == "pending"
        return made

    def awaiting(self, token: Any = None, **more: Any) -> dict[str, Any]:
        """A charge the customer can pay."""
        made = self.charge(token, **more)
        self.advance(1)
        return self.read(made, "awaiting")

    def successful(self, token: Any = None, **more: Any) -> dict[str, Any]:
        """A charge of a card that was paid."""
        made = self.charge(token or self.token(card()), **more)
        self.advance(1)
        return self.read(made, "successful")

    def read(self, charge: Mapping[str, Any], status: str | None = None) -> dict[str, Any]:
        """A charge as it stands, which must be so."""
        found: dict[str, Any] = self.get(f"{STORE}/charges/{charge['id']}")
        hold_to("Charge", found)
        if status is not None:
            assert found["status"] == status, found
        return found

    def hook(self, *triggers: str, **more: Any) -> dict[str, Any]:
        """A webhook of the store for those events."""
        body = {"triggers": list(triggers), "url": SHOP, "auth_token": "hush", **more}
        answer = self.post(f"{STORE}/webhooks", body)
        assert answer.status == 201, answer
        made: dict[str, Any] = answer.json()
        hold_to("Webhook", made)
        return made

    def pay(self, charge: Mapping[str, Any], amount: int | None = None) -> dict[str, Any]:
        """The customer pays."""
        body = {} if amount is None else {"amount": amount}
        answer = self.admin(f"pay/{charge['id']}", body)
        assert answer.status == 200, answer
        return dict(answer.json())
