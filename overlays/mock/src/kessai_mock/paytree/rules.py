"""What is wrong with a request, in this gateway's codes: the schema's part, and what it cannot say.

Sections are the library manual's; codes and words are this mock's.
"""

from __future__ import annotations

from typing import Any

from .. import schemas
from .state import MEANINGS

_MODELS = "kessai_mock_models.paytree"
_REQUESTS = {
    "pay": "PayRequest",
    "payV1": "PayRequest",
    "refund": "RefundRequest",
    "reverse": "ReverseRequest",
    "confirm": "ConfirmRequest",
    "confirmV1": "ConfirmRequest",
    "deposit": "DepositRequest",
}
OPERATIONS: tuple[str, ...] = tuple(_REQUESTS)


class RefusalError(Exception):
    """A request is turned away; `code` and the message are its answer's."""

    def __init__(self, code: str, detail: str | None = None) -> None:
        super().__init__(code)
        self.code: str = code
        self.message: str = MEANINGS[code] if detail is None else f"{MEANINGS[code]} ({detail})"


def check(operation: str, members: dict[str, Any]) -> None:
    """Hold a request against the spec and the manual. Raises RefusalError.

    REQUEST_INVALID names the members; PAY_TYPE_UNAVAILABLE: a deposit to any wallet but LINE Pay's.
    """
    found = schemas.findings(_MODELS, _REQUESTS[operation], members)
    if found is not None:
        raise RefusalError("REQUEST_INVALID", ", ".join([*found.absent, *found.wrong]))
    if members["currencyCode"] != "JPY":  # 2.6
        raise RefusalError("REQUEST_INVALID", "currencyCode")
    if operation in {"confirm", "confirmV1", "reverse"}:
        if not members.get("orderId") and not members.get("originalRequestId"):
            raise RefusalError("REQUEST_INVALID", "orderId, originalRequestId")
        return
    amount = "refundAmount" if operation == "refund" else "amount"
    if members[amount] == 0:  # assumed: there is nothing to do
        raise RefusalError("REQUEST_INVALID", amount)
    if operation in {"pay", "payV1"}:
        detected = members["payType"] == "AutoDetect"  # which has paths of its own, 2.6
        if detected is not (operation == "payV1") or members["payType"] == "JCBAliPay":  # 3.2
            raise RefusalError("REQUEST_INVALID", "payType")
    if operation == "deposit":
        if members["payType"] in {"AutoDetect", "JCBAliPay"}:  # 4.4, 3.2
            raise RefusalError("REQUEST_INVALID", "payType")
        if members["valueType"] != "Basic":  # 4.4
            raise RefusalError("REQUEST_INVALID", "valueType")
        if members["payType"] != "LinePay":  # 4.4: the only one that takes deposits
            raise RefusalError("PAY_TYPE_UNAVAILABLE")
