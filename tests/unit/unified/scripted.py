"""A gateway that answers from a script and remembers what it was sent; no time passes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx2
from kessai_unified import AsyncUnifiedClient, UnifiedClient
from kessai_unified import models as m

from tests.support.script import DATE, ScriptBase

CCID = "KESSAI-TEST-CCID"
KEY = "5ca1ab1e5eed5eed5ca1ab1e5eed5eed"
TOKEN = "222fd022-dc1d-4736-eab4-SECRETTOKEN"
REFERENCE = "X01X869HPFXMDYKTFVSS12D1AMK"
ORDER = "BOOK-1_01D05228PBETFEFMZYSP98YJV0"

STATUS = {"UA-000": "success", "UA-U00": "success", "UA-P00": "success", "UA-SYS": "error"}


def result(code: str, action: str | None = None) -> dict[str, Any]:
    """A result block; the status follows from the code."""
    block: dict[str, Any] = {
        "status": STATUS.get(code[:6], "failure"),
        "resultCode": code,
        "vResultCode": "1001",
        "message": "In English.",
    }
    if action is not None:
        block["actionCode"] = action
    return block


def whole(code: str, action: str | None = None, **blocks: Any) -> dict[str, Any]:
    """An answer with the blocks that name the order and the request."""
    return {
        "result": result(code, action),
        "order": {"paymentId": "BOOK-1", "fepOrderId": ORDER, "amount": "3300"},
        "transaction": {"fepReferenceId": REFERENCE},
        **blocks,
    }


def answer(status: int, body: Any, **headers: str) -> httpx2.Response:
    """An answer with a JSON body."""
    return httpx2.Response(status, json=body, headers={"date": DATE, **headers})


def coded(status: int, code: str, action: str | None = None, **blocks: Any) -> httpx2.Response:
    """An answer with a result code."""
    return answer(status, whole(code, action, **blocks))


def applied() -> httpx2.Response:
    """An application that was taken."""
    return coded(200, "UA-000-001", control={"redirectUrl": "https://wallet.example/go"})


def found(code: str, outer: str | None = None, **blocks: Any) -> httpx2.Response:
    """What getTransactionResult answers: the request's result inside the data."""
    body: dict[str, Any] = {"result": result(outer or code)}
    if code not in ("UA-U00-001", "UA-P00-001"):
        body["transactionData"] = whole(code, **blocks)
    return answer(200, body)


def pay(amount: int = 3300, payment_id: str = "BOOK-1", **control: Any) -> m.PayRequest:
    """An application for one payment."""
    return m.PayRequest(
        order=m.PayOrder(pay_type=m.PayType.PAYPAY, payment_id=payment_id, amount=amount),
        control=m.ApplicationControl(
            success_url="https://shop.example/done",
            cancel_url="https://shop.example/cancelled",
            error_url="https://shop.example/failed",
            **control,
        ),
    )


def subscribe() -> m.SubscribeRequest:
    """An application for an agreement."""
    return m.SubscribeRequest(
        order=m.SubscribeOrder(pay_type=m.PayType.RAKUTEN, payment_id="BOOK-1"),
        control=pay().control,
    )


def by_number(amount: int | None = None) -> m.OrderByPaymentId:
    """An order."""
    return m.OrderByPaymentId(payment_id="BOOK-1", amount=amount)


def charge(amount: int = 3300, payment_id: str = "BOOK-1") -> m.ChargeRequest:
    """A payment on demand."""
    order = m.ChargeByOriginalPaymentId(
        original_payment_id="CLUB-1", payment_id=payment_id, amount=amount
    )
    return m.ChargeRequest(order=order)


REQUESTS: dict[str, Callable[[], Any]] = {
    "pay": pay,
    "subscribe": subscribe,
    "updateOrder": lambda: m.UpdateOrderRequest(order=by_number(3000)),
    "capture": lambda: m.CaptureRequest(order=by_number()),
    "cancel": lambda: m.CancelRequest(order=by_number(100)),
    "charge": charge,
    "terminate": lambda: m.TerminateRequest(order=m.AgreementByPaymentId(payment_id="BOOK-1")),
    "getTransactionResult": lambda: m.GetTransactionResultRequest(
        transaction=m.InquiryTransaction(fep_reference_id=REFERENCE)
    ),
}
"""A request for each command."""


class Script(ScriptBase):
    """The gateway's script, with its clients."""

    @property
    def commands(self) -> list[str]:
        """What was called, in order."""
        return [request.url.path.rsplit("/", 1)[-1] for request in self.requests]

    @property
    def keys(self) -> list[str | None]:
        """The idempotency keys, in order."""
        return [request.headers.get("x-vt-idempotency-key") for request in self.requests]

    def _options(self, options: dict[str, Any]) -> dict[str, Any]:
        if "bearer_token" not in options:
            options = {"merchant_ccid": CCID, "merchant_key": KEY, **options}
        return {"system": self.system, "transport": self.transport, **options}

    def client(self, **options: Any) -> UnifiedClient:
        """A sync client of this gateway."""
        return UnifiedClient(**self._options(options))

    def async_client(self, **options: Any) -> AsyncUnifiedClient:
        """An async client of this gateway."""
        return AsyncUnifiedClient(**self._options(options))
