"""A UnivaPay that answers from a script; app tokens, resources and requests to go with it."""

from __future__ import annotations

import asyncio
import hmac
import itertools
import json
from base64 import urlsafe_b64encode
from collections.abc import Callable
from datetime import UTC, datetime
from email.utils import formatdate
from typing import Any

import httpx2
import pytest
from kessai import OutcomeUnknown
from kessai.stores.aio import AsyncJournal
from kessai.stores.memory import MemoryJournal
from kessai_univapay import AsyncUnivapayClient, UnivapayClient
from kessai_univapay import models as m

from tests.support.script import DATE, NOW, ScriptBase

STORE = "11ec9f7f-fb01-2620-af32-af7eb1bedc1a"
TOKEN = "11ed00f1-da1b-c4d2-b420-37b91ef1b282"
CHARGE = "11ed00f1-f0c4-1ca2-b754-db0d9311d5a0"
REFUND = "11ed00f1-f0c4-1ca2-b754-00000000abc1"
SECRET = "hush-hush-secret"
CANCEL = "11ed00f1-f0c4-1ca2-b754-00000000ca01"
CREATED = "2026-01-05T01:00:01.500000Z"


def app_token(mode: str = "test", **claims: Any) -> str:
    """An app token as the console makes it, signed with a key nobody here checks."""
    said = {
        "sub": "app_token",
        "iat": 1767574800,
        "merchant_id": "11ec9f7f-0000-2620-af32-af7eb1bedc1a",
        "store_id": STORE,
        "domains": ["books.example.com"],
        "mode": mode,
        "creator_id": "11ec9f7f-1111-2620-af32-af7eb1bedc1a",
        "version": 1,
        "jti": "11ec9f7f-2222-2620-af32-af7eb1bedc1a",
        **claims,
    }
    head = _part({"typ": "JWT", "alg": "HS256"})
    body = _part({name: value for name, value in said.items() if value is not None})
    digest = hmac.digest(b"a key of the gateway", f"{head}.{body}".encode(), "sha256")
    return f"{head}.{body}.{_encoded(digest)}"


def _part(members: dict[str, Any]) -> str:
    return _encoded(json.dumps(members).encode())


def _encoded(data: bytes) -> str:
    return urlsafe_b64encode(data).rstrip(b"=").decode()


def answer(status: int, body: Any, **headers: str) -> httpx2.Response:
    """An answer with a JSON body."""
    named = {name.replace("_", "-"): text for name, text in headers.items()}
    return httpx2.Response(status, json=body, headers={"date": DATE, **named})


def dated(script: Script, body: Any, status: int = 200) -> httpx2.Response:
    """An answer of this moment."""
    date = formatdate(NOW + script.now, usegmt=True)
    return httpx2.Response(status, json=body, headers={"date": date})


def at(seconds: float) -> str:
    """A moment, counted from the first one, as the gateway writes it."""
    return datetime.fromtimestamp(NOW + seconds, UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def refused(status: int, code: str, **members: Any) -> httpx2.Response:
    """An error answer."""
    return answer(status, {"status": "error", "code": code, "errors": [], **members})


def charge_of(status: str = "pending", **members: Any) -> dict[str, Any]:
    """A charge of 1,100 yen."""
    return {
        "id": CHARGE,
        "store_id": STORE,
        "transaction_token_id": TOKEN,
        "transaction_token_type": "one_time",
        "subscription_id": None,
        "requested_amount": 1100,
        "requested_currency": "JPY",
        "requested_amount_formatted": 1100,
        "charged_amount": 1100 if status in ("awaiting", "successful") else None,
        "charged_currency": "JPY" if status in ("awaiting", "successful") else None,
        "status": status,
        "error": None,
        "metadata": {},
        "mode": "test",
        "created_on": CREATED,
        **members,
    }


def refund_of(status: str = "pending", **members: Any) -> dict[str, Any]:
    """A refund of 300 yen."""
    return {
        "id": REFUND,
        "store_id": STORE,
        "charge_id": CHARGE,
        "status": status,
        "amount": 300,
        "currency": "JPY",
        "amount_formatted": 300,
        "reason": "customer_request",
        "message": None,
        "error": None,
        "metadata": {},
        "mode": "test",
        "created_on": CREATED,
        **members,
    }


def token_of(kind: str = "one_time", **members: Any) -> dict[str, Any]:
    """A konbini token."""
    return {
        "id": TOKEN,
        "store_id": STORE,
        "email": "hanako@customer.example.com",
        "payment_type": "konbini",
        "active": True,
        "mode": "test",
        "type": kind,
        "usage_limit": None,
        "confirmed": None,
        "metadata": {},
        "created_on": CREATED,
        "updated_on": CREATED,
        "last_used_on": None,
        "data": {
            "customer_name": "山田 花子",
            "convenience_store": "seven_eleven",
            "phone_number": {"country_code": 81, "local_number": "0312345678"},
            "expiration_period": "PT168H",
        },
        **members,
    }


def cancel_of(status: str = "pending", **members: Any) -> dict[str, Any]:
    """A cancel of the charge."""
    return {
        "id": CANCEL,
        "charge_id": CHARGE,
        "store_id": STORE,
        "status": status,
        "error": None,
        "metadata": {},
        "mode": "test",
        "created_on": CREATED,
        **members,
    }


def listed(*items: Any, more: bool = False) -> dict[str, Any]:
    """A page of a list."""
    return {"items": list(items), "has_more": more, "total_hits": len(items)}


def failed(code: int, **members: Any) -> dict[str, Any]:
    """What makes a charge or refund one that failed."""
    return {"error": {"code": code, "message": "no", "detail": "In English."}, **members}


def charge(amount: int = 1100, **members: Any) -> m.ChargeRequest:
    """A charge of the token."""
    return m.ChargeRequest(transaction_token_id=TOKEN, amount=amount, currency="JPY", **members)


def refund(amount: int = 300, **members: Any) -> m.RefundRequest:
    """A refund of a part."""
    return m.RefundRequest(amount=amount, currency="JPY", **members)


def konbini(
    store: m.ConvenienceStore = m.ConvenienceStore.SEVEN_ELEVEN, **members: Any
) -> m.KonbiniTokenRequest:
    """A token to pay at a konbini."""
    data = m.KonbiniRequestData(
        customer_name="山田 花子",
        convenience_store=store,
        phone_number=m.JapanesePhoneNumber(local_number="0312345678"),
        **members,
    )
    return m.KonbiniTokenRequest(
        type=m.TokenType.ONE_TIME, email="hanako@customer.example.com", data=data
    )


def at_most(times: int, body: Any, status: int = 200) -> Callable[[httpx2.Request], Any]:
    """The same answer so many times: whoever asks for ever fails, and does not hang."""
    asked = itertools.count(1)

    def give(_: httpx2.Request) -> httpx2.Response:
        if next(asked) > times:
            pytest.fail(
                "it is asked for ever"
            )  # no Exception, which a client would take for a fault
        return answer(status, body)

    return give


class Either:
    """A client of one kind behind the words of both."""

    def __init__(self, flavour: str, script: Script, token: str = "", **options: Any) -> None:
        self.script = script
        self.sync = script.client(token, **options) if flavour == "sync" else None
        self.asynchronous = script.async_client(token, **options) if flavour == "async" else None

    def do(self, act: Callable[[Any], Any]) -> Any:
        """Act on the client and wait for what comes of it."""
        if self.sync is not None:
            return act(self.sync)

        async def main() -> Any:
            return await act(self.asynchronous)

        return asyncio.run(main())


def unknown_of(either: Either, act: Callable[[Any], Any]) -> OutcomeUnknown:
    """Make the call, and do not learn what became of it."""
    with pytest.raises(OutcomeUnknown) as caught:
        either.do(act)
    return caught.value


class Script(ScriptBase):
    """The gateway's script, with its clients."""

    @property
    def keys(self) -> list[str | None]:
        """The idempotency keys, in order."""
        return [request.headers.get("idempotency-key") for request in self.requests]

    @property
    def asked(self) -> list[str]:
        """Method and path of what was called, in order, ids as words."""
        names = {STORE: "store", TOKEN: "token", CHARGE: "charge", REFUND: "refund"}
        found: list[str] = []
        for request in self.requests:
            text = f"{request.method} {request.url.path}"
            for number, name in names.items():
                text = text.replace(number, name)
            found.append(text)
        return found

    def client(self, token: str = "", **options: Any) -> UnivapayClient:
        """A sync client of this gateway."""
        options.setdefault("system", self.system)
        return UnivapayClient(token or app_token(), SECRET, transport=self.transport, **options)

    def async_client(self, token: str = "", **options: Any) -> AsyncUnivapayClient:
        """An async client of this gateway."""
        options.setdefault("system", self.system)
        return AsyncUnivapayClient(
            token or app_token(), SECRET, transport=self.transport, **options
        )


def journalled(flavour: str, script: Script, **options: Any) -> Either:
    """A client with a journal in memory."""
    memory = MemoryJournal(clock=lambda: NOW + script.now)
    journal: Any = memory if flavour == "sync" else AsyncJournal(memory)
    return Either(flavour, script, journal=journal, **options)
