"""A till over a scripted PAYTREE that signs its answers: what it is sent is kept."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import httpx2
from kessai_paytree import AsyncPaytreeClient, PayRequest, PaytreeClient, PayType, Settings
from kessai_paytree.signing import sign

from tests.support.script import ScriptBase
from tests.unit.paytree.keys import pair, private_pem, public_pem

__all__ = ["CODE", "ORDER", "PAY", "Script", "absent", "answer", "paid", "settings"]

CODE = "281012345678901234"
ORDER = "PT20260105100000000000000000AB12"
PAY = PayRequest(
    pay_type=PayType.PAYPAY,
    amount=1980,
    user_code=CODE,
    receipt_no="R-1",
    remark="a secret remark",
)


def settings(**changed: Any) -> Settings:
    """What a till is told."""
    values: dict[str, Any] = {
        "server_url": "https://paytree.example.com/base/",
        "api_path_pay": "api/pay",
        "api_path_pay_v1": "/api/v1/pay",
        "api_path_refund": "/api/refund",
        "api_path_reverse": "/api/reverse",
        "api_path_confirm": "/api/confirm",
        "api_path_confirm_v1": "/api/v1/confirm",
        "private_key_file": private_pem("till"),
        "public_key_file": public_pem("gateway"),
        "merchant_id": "000000000001",
        "terminal_unique_id": "1234500000421",
        "branch_code": "SHIBUYA1",
        "terminal_code": "POS01",
        "pay_confirm_polling_mode": True,
    }
    return Settings(**{**values, **changed})


def answer(code: str = "SUCCESS", status: int | None = None, **members: Any) -> dict[str, Any]:
    """An answer's members; the script adds the request's number and the signature."""
    told = {"code": code, "transStatus": status, **members}
    return {name: value for name, value in told.items() if value is not None}


def paid(status: int = 2, **members: Any) -> dict[str, Any]:
    """A payment's answer."""
    told: dict[str, Any] = {"orderId": ORDER, "transTime": "20260105100000"}
    told |= {"amount": 1980, "payType": "PayPay"}
    return answer(status=status, **{**told, **members})


def absent() -> dict[str, Any]:
    """What a confirm says of what nobody knows."""
    return answer("ORDER_NOT_FOUND")


class Script(ScriptBase):
    """Answers in order, each once: members to be signed, exceptions, or whole responses."""

    def __init__(self, *answers: Any) -> None:
        super().__init__(*answers)

    def _next(self) -> Any:
        return self.answers.pop(0)

    def _give(self, given: Any, request: httpx2.Request) -> httpx2.Response:
        body: dict[str, Any] = json.loads(request.content)
        if callable(given):
            given = given(body)
        if not isinstance(given, dict):
            return super()._give(given, request)
        whole: dict[str, Any] = {"requestId": body["requestId"], **given}
        told = {name: value for name, value in whole.items() if value is not None}
        told["sign"] = sign(told, pair("gateway"))
        return httpx2.Response(200, content=json.dumps(told).encode())

    def client(self, directory: Path, journal: Any = None, **more: Any) -> PaytreeClient:
        """A till whose lock lies in ``directory``."""
        options: dict[str, Any] = {"lock_directory": directory, "system": self.system, **more}
        chosen = options.pop("settings", None) or settings()
        return PaytreeClient(chosen, transport=self.transport, journal=journal, **options)

    def async_client(self, directory: Path, journal: Any = None, **more: Any) -> AsyncPaytreeClient:
        """The same for an event loop."""
        options: dict[str, Any] = {"lock_directory": directory, "system": self.system, **more}
        chosen = options.pop("settings", None) or settings()
        return AsyncPaytreeClient(chosen, transport=self.transport, journal=journal, **options)
