"""/order/capture, /order/update, /order/cancel and /order/inquiry."""

from __future__ import annotations

from typing import Any

from ..transitions import NEW
from . import answers, books, cards, cash, notices
from .call import Answer, Call
from .gateway import Gateway
from .problem import ProblemError, invalid, missing, refused, wrong_status
from .rules import common
from .rules.text import yen
from .state import ChargeType, Order, Purpose

# Facts 4.1, the document's table of changes: what may become of the amount of an order of
# a wallet. Cards may do everything; cash nothing.
_AUTH_CHANGES = {"RAKUTEN": "up down", "AMAZON": "up down", "AU_APP": "up down"}
_SOLD_CHANGES = {
    "PAYPAY": "down",
    "MERPAY": "down",
    "DOCOMO": "down back",
    "RAKUTEN": "up down",
    "AMAZON": "down",
    "AU_APP": "down",
}


def capture(call: Call) -> Answer:
    """orderCapture: turn an authorization into a sale, for its whole amount."""
    common.check_options(call.body)
    order = call.gateway.order(call.shop, call.body.need("accessId"))
    if order.charge_type is ChargeType.CASH:
        raise refused("accessId", "A cash payment cannot be captured.")
    if order.status != "AUTH":
        raise wrong_status("accessId", order.status)
    _judged(call.gateway, order)
    books.capture(call.gateway, order)
    return Answer(201, _result(order))


def update(call: Call) -> Answer:
    """orderUpdate: change the amount, as far as the payment method allows.

    authorizationMode is required for cards and ignored otherwise. A failed change leaves
    the order as it was. Same amount: renews a card's hold; for wallets refused (assumed).
    """
    common.check_options(call.body)
    gateway, body = call.gateway, call.body
    order = gateway.order(call.shop, body.need("accessId"))
    amount = yen(body, "amount")
    if amount < 1:
        raise invalid("amount")
    if order.charge_type is ChargeType.CASH:
        raise refused("accessId", "The amount of a cash payment cannot be changed.")
    if order.status not in {"AUTH", "CAPTURE", "SALES"}:
        raise wrong_status("accessId", order.status)
    if order.charge_type is ChargeType.CREDIT:
        status = body.need("authorizationMode")
    else:
        _check_wallet_change(order, amount)
        status = order.status
    refunds = order.status != "AUTH" and amount < (order.amount or 0)
    if refunds and order.refunds >= gateway.settings.refund_limit:
        raise ProblemError("transaction_count_exceeded", "Too many refunds.(accessId)")
    objection = cards.decline(order.card, amount)
    if objection is not None:
        raise answers.failed(order, objection.problem())
    books.change(gateway, order, amount, status)
    order.refunds += refunds
    return Answer(201, _result(order))


def _check_wallet_change(order: Order, amount: int) -> None:
    """Raises ProblemError invalid_request for a change the wallet does not know (title assumed)."""
    now, original = order.amount or 0, order.original_amount or 0
    allowed = (_AUTH_CHANGES if order.status == "AUTH" else _SOLD_CHANGES).get(order.method, "")
    ways = allowed.split()
    if amount < now and "down" in ways:
        return
    if amount > now and ("up" in ways or ("back" in ways and amount <= original)):
        return
    raise refused("amount", f"{order.method} does not allow this change.")


def cancel(call: Call) -> Answer:
    """orderCancel: give everything back. Amazon Pay does so later (REQRETURN, assumed)."""
    common.check_options(call.body)
    gateway = call.gateway
    order = gateway.order(call.shop, call.body.need("accessId"))
    if order.charge_type is ChargeType.CASH:
        cash.cancel(gateway, order)
    elif order.purpose is not Purpose.CHARGE or order.status not in {"AUTH", "CAPTURE", "SALES"}:
        raise wrong_status("accessId", order.status)
    else:
        _judged(gateway, order)
        if order.method == "AMAZON" and order.status != "AUTH":
            _return_later(gateway, order)
        else:
            books.void(gateway, order)
    return Answer(201, _result(order))


def _return_later(gateway: Gateway, order: Order) -> None:
    """Amazon Pay: the refund is on its way now and ends, well or badly, a minute later.

    The script {"operation": "amazonPayRefund", "fault": "fail"} makes it end badly.
    """
    books.begin_refund(gateway, order)

    def end() -> None:
        script = gateway.scripts.take("amazonPayRefund", wildcard=False)
        succeeded = script is None or script.fault != "fail"
        books.end_refund(gateway, order, succeeded=succeeded)
        event = "REFUND_SUCCEEDED" if succeeded else "REFUND_FAILED"
        notices.notify(gateway, order, event)

    gateway.after(gateway.settings.refund_seconds, end)


def _judged(gateway: Gateway, order: Order) -> None:
    """Let magic cards object here too. Raises ProblemError; the order stays as it was."""
    objection = cards.decline(order.card, None)
    if objection is not None:
        raise answers.failed(order, objection.problem())


def inquiry(call: Call) -> Answer:
    """orderInquiry: an order by accessId, by orderId, or by both if they are of one order."""
    common.check_options(call.body)
    access_id, order_id = call.body.text("accessId"), call.body.text("orderId")
    if access_id is None and order_id is None:
        raise missing("accessId")
    if access_id is not None:
        order = call.gateway.order(call.shop, access_id)
        if order_id not in (None, order.order_id):
            raise refused("orderId", "accessId and orderId are of different orders.")
    else:
        found = call.shop.orders.get(order_id or "")
        if found is None or found.status == NEW:
            raise refused("orderId", "There is no such order.")
        order = found
    content = _result(order, inquiry=True)
    if order.charge_type is ChargeType.CREDIT:
        content["tds2Result"] = answers.tds2_result(order)
        content["fraudDetectionResult"] = answers.screening_result(
            call.gateway, order, inquiry=True
        )
    content["errorInformation"] = answers.error_information(order)
    return Answer(200, content)


def _result(order: Order, *, inquiry: bool = False) -> dict[str, Any]:
    """The order and the result of its kind. useTds2 is false but in an inquiry."""
    content: dict[str, Any] = {"orderReference": answers.order_reference(order)}
    if order.charge_type is ChargeType.CREDIT:
        tds2 = inquiry and order.tds is not None
        content["creditResult"] = answers.credit_result(order, tds2=tds2)
    elif order.charge_type is ChargeType.WALLET:
        content["walletResult"] = answers.wallet_result(order, brief=inquiry)
    else:
        content["cashResult"] = answers.cash_result(order)
    return content
