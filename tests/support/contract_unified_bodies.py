"""Requests the Unified spec and its rules accept, as plain data: the least that works."""

from __future__ import annotations

from typing import Any

from tests.support.contract_unified_mock import SHOP_URL

Body = dict[str, Any]

WALLETS = ("paypay", "rakuten", "docomo", "au", "merpay")
AMOUNT = 3300  # ends in 0, which no table lets fail


def control(**members: Any) -> Body:
    """Control of an application, with a webhook."""
    return {
        "successUrl": f"{SHOP_URL}/done",
        "cancelUrl": f"{SHOP_URL}/cancelled",
        "errorUrl": f"{SHOP_URL}/failed",
        **push(),
        **members,
    }


def push() -> Body:
    """Control of any other command: where the webhook goes."""
    return {"pushUrl": f"{SHOP_URL}/notice"}


def pay(
    payment_id: str, amount: int = AMOUNT, *, wallet: str = "paypay", take: str = "auth"
) -> Body:
    """Pay; `take` is the authCaptureType."""
    return {
        "order": {"payType": wallet, "paymentId": payment_id, "amount": str(amount)},
        "transaction": {"authCaptureType": take, "merchantRequestKey1": "cart-1"},
        "item": [{"id": "BOOK", "name": "決済の本"}],
        "control": control(),
    }


def subscribe(payment_id: str, *, wallet: str = "paypay", item: str = "決済の会") -> Body:
    """Subscribe."""
    return {
        "order": {"payType": wallet, "paymentId": payment_id},
        "item": [{"id": "CLUB", "name": item}],
        "control": control(),
    }


def charge(
    payment_id: str,
    agreement: str,
    amount: int = AMOUNT,
    *,
    take: str = "auth_capture",
    recovery: str | None = None,
    by: str = "originalPaymentId",
) -> Body:
    """Charge on an agreement."""
    transaction = {"authCaptureType": take}
    if recovery is not None:
        transaction["recoveryType"] = recovery
    return {
        "order": {by: agreement, "paymentId": payment_id, "amount": str(amount)},
        "transaction": transaction,
        "control": push(),
    }


def on_order(number: str, amount: int | None = None, *, by: str = "paymentId") -> Body:
    """updateOrder, capture, cancel and terminate."""
    order: Body = {by: number}
    if amount is not None:
        order["amount"] = str(amount)
    return {"order": order, "control": push()}


def inquiry(fep_reference_id: str) -> Body:
    """getTransactionResult."""
    return {"transaction": {"fepReferenceId": fep_reference_id}}
