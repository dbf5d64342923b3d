"""The parts answers are made of."""

from __future__ import annotations

from typing import Any

from ..clock import text
from . import cards
from .gateway import Gateway
from .problem import ProblemError
from .state import Card, Failure, Order, Purpose, StoredCard


def order_reference(order: Order) -> dict[str, Any]:
    """orderReference; an order without an amount (check, consent) has none here either."""
    return {
        "accessId": order.access_id,
        "accessPass": order.access_pass,
        "orderId": order.order_id,
        "created": text(order.created),
        "updated": text(order.updated),
        "amount": str(order.amount or 0) if order.purpose is Purpose.CHARGE else None,
        "clientFields": order.client_fields,
        "status": order.status,
        "chargeType": order.charge_type.value,
    }


def _hold_end(order: Order) -> str | None:
    return text(order.hold_until) if order.hold_until is not None else None


def card_result(card: Card) -> dict[str, Any]:
    """cardResult, the number masked to its last four digits."""
    return {
        "cardNumber": cards.masked(card.number),
        "cardholderName": card.holder,
        "expiryMonth": card.month,
        "expiryYear": card.year,
        "issuerCode": cards.issuer_code(card.number),
        "brand": cards.brand(card.number),
    }


def credit_result(order: Order, *, tds2: bool) -> dict[str, Any] | None:
    """creditResult, once the card company has been asked."""
    if order.card is None or order.acted is None:
        return None
    return {
        "cardType": order.card.kind,
        "cardResult": card_result(order.card),
        "forwardedAcquirerCode": cards.acquirer_code(order.card.number),
        "approvalCode": order.approval_code,
        "nwTransactionId": order.network_id,
        "transactionDateTime": text(order.acted),
        "captureExpiryDateTime": _hold_end(order),
        "useTds2": tds2,
        "useFraudDetection": order.screening is not None,
    }


def tds2_result(order: Order) -> dict[str, Any] | None:
    """tds2Result, once 3-D Secure has come to a result."""
    tds = order.tds
    if tds is None or tds.result is None:
        return None
    return {
        "eci": tds.eci,
        "requiresChallenge": tds.challenged,
        "tds2TransResult": tds.result,
        "tds2TransResultReason": tds.reason,
    }


def screening_result(gateway: Gateway, order: Order, *, inquiry: bool) -> dict[str, Any] | None:
    """fraudDetectionResult; in asynchronous mode only its type until it is there to inquire."""
    screening = order.screening
    if screening is None:
        return None
    if screening.asynchronous and not (inquiry and gateway.clock.now >= screening.ready):
        return {"screeningType": "RED_SHIELD"}
    return {
        "screeningType": "RED_SHIELD",
        "screeningTransactionId": screening.transaction_id,
        "screeningResultCode": screening.code,
    }


def wallet_result(order: Order, *, brief: bool = False) -> dict[str, Any]:
    """walletResult; the inquiry's has neither acceptance code nor expiry (`brief`)."""
    return {
        "walletType": order.method,
        "settlementCode": order.settlement_code,
        "acceptanceCode": None if brief else order.acceptance_code,
        "captureExpiryDateTime": None if brief else _hold_end(order),
    }


def cash_result(order: Order) -> dict[str, Any]:
    """cashResult with the one group of numbers the customer needs."""
    group = {"KONBINI": "konbiniPaymentInformation", "PAYEASY": "pay-easyPaymentInformation"}.get(
        order.method, "bankTransferPaymentInformation"
    )
    numbers: dict[str, Any] = dict(order.numbers)
    if order.konbini is not None:
        numbers["konbiniCode"] = order.konbini
    if order.method.startswith("BANK_TRANSFER") and order.deposited:
        numbers["depositAmount"] = str(order.deposited)
    return {
        "cashType": order.method,
        "paymentExpiryDateTime": text(order.due) if order.due is not None else None,
        group: numbers,
    }


def error_information(order: Order) -> dict[str, Any] | None:
    """errorInformation, only when the order's last operation failed."""
    if order.failure is None:
        return None
    return {"title": order.failure.title, "detail": order.failure.detail}


def onfile_card_result(stored: StoredCard, name: str | None) -> dict[str, Any]:
    """onfileCardResult: where a card was stored."""
    return {
        "memberId": stored.member_id,
        "memberName": name,
        "type": "APPLE_PAY" if stored.card.kind == "APPLE_PAY" else "CREDIT_CARD",
        "cardId": stored.card_id,
        "isDefault": stored.default,
    }


def next_action(order: Order) -> str:
    """CAPTURE while a hold waits to be captured, else NO_ACTION."""
    return "CAPTURE" if order.status == "AUTH" else "NO_ACTION"


def failed(order: Order, problem: ProblemError) -> ProblemError:
    """Remember on the order why its operation failed, and give the problem to raise."""
    order.failure = Failure(title=problem.title, detail=problem.detail)
    return problem


def redirect_information(kind: str, url: str) -> dict[str, Any]:
    """redirectInformation; GET is the only method the gateway uses."""
    return {"redirectUrl": url, "httpMethod": "GET", "redirectType": kind}
