"""paypal: set, get and do of Authorize and of Capture, capture, Cancel, Refund; and reports.

Document: flow guide 2-6; facts of the kit and of the shop plug-ins. A capture is told at once
by a prompt PUSH (`fixed` 0) and days later, when PayPal's own books are in, by a confirmed one
(`fixed` 1), which may say success, pending or failure: the happening `paypalReport` of
POST /_mock/next decides (`{"operation": "paypalReport", "provider": "ZD01"}`). Assumed: how
many days; that a failing one takes the money back and a pending one is followed by another;
that Refund is told the same two ways; fees of 3.6 per cent; that Cancel is for authorizations.
"""

from __future__ import annotations

from typing import Any

from starlette.responses import Response

from ..body import Body
from . import books, journeys, pages, push
from .card import amount_of
from .gateway import Gateway
from .results import CODES, RefusalError
from .service import Answer, Call, Command, On, Service, decided
from .state import Order

OK, DECLINED = "L001", "ZD01"
REPORT = "paypalReport"
_FEE = 36  # of a thousand
_DAY = 86_400
STEPS = {
    "": "APPLIED FAILED PENDING",
    "PENDING": "APPLIED FAILED",
    "APPLIED": "APPROVED",
    "APPROVED": "AUTHORIZED CAPTURED FAILED",
    "AUTHORIZED": "CAPTURED CANCELLED EXPIRED",
    "CAPTURED": "CAPTURED REFUNDED REVERSED",  # to itself: a part is refunded
}
_SHIP = ("shipName", "shipStreet1", "shipStreet2", "shipCity", "shipState", "shipCountry",
         "shipPostalCode", "shipPhone")  # fmt: skip


def _on(body: Body) -> On:
    return On.NEW if body.text("action") == "set" else On.KNOWN


def check_step(call: Call) -> None:
    """What each step needs: set its addresses, do what the browser brought back."""
    amount_of(call)
    action = call.body.text("action")
    if action == "set":
        journeys.need(call, "amount", "returnUrl", "cancelUrl")
    elif action == "do":
        journeys.need(call, "payerId", "token")


def step(call: Call, order: Order) -> Answer:
    """Authorize and Capture: the step that `action` names."""
    action = call.body.text("action")
    if action == "set":
        return _set(call, order)
    if action == "capture":
        return _capture(call, order)
    if order.own.get("command") != call.command:
        raise RefusalError("NH02")
    return _get(order) if action == "get" else _do(call, order)


def _set(call: Call, order: Order) -> Answer:
    def apply() -> Answer:
        gateway, body = call.gateway, call.body
        order.own |= {
            "command": call.command,
            "token": "EC-" + gateway.ids.base32("paypalToken", 17),
            "invoice": gateway.ids.digits("invoiceId", 17),
            "return": body.need("returnUrl"),
            "cancel": body.need("cancelUrl"),
            "ship": {name: body.text(name) for name in _SHIP},
        }
        order.info["invoiceId"] = order.own["invoice"]
        gateway.step(order, "APPLIED")
        journey = journeys.Journey(
            title="PayPal",
            waits=lambda: order.status == "APPLIED",
            land=lambda choice: _choose(gateway, order, choice),
            home=lambda: _home(order),
            choices={
                "success": "Log in and agree (同意して支払う)",
                "cancel": "Cancel and go back (キャンセル)",
                "fail": "Agree, but the payment will be refused (失敗)",
            },
        )
        url = journeys.begin(call, order, journey)
        return Answer({"loginUrl": url, **_shown(order)}, own={"ppTxnType": "set"})

    return decided(call, order, apply)


def _choose(gateway: Gateway, order: Order, choice: str) -> None:
    """The customer agrees, or goes back without having done so and may come again."""
    order.own["cancelled"] = choice == "cancel"
    if choice != "cancel":
        order.own["payer"] = gateway.ids.base32("payerId", 13)
        order.own["refused"] = choice == "fail"
        order.info["payerId"] = order.own["payer"]
        gateway.step(order, "APPROVED")


def _home(order: Order) -> Response:
    token = {"token": order.own["token"]}
    if order.own["cancelled"]:
        return pages.by_get(order.own["cancel"], token)
    return pages.by_get(order.own["return"], {**token, "PayerID": order.own["payer"]})


def _shown(order: Order) -> dict[str, Any]:
    """What every step may show of the order; the payer is known once there is one."""
    own = order.own
    return {
        "token": own["token"],
        "invoiceId": own["invoice"],
        "payerId": own.get("payer"),
        "amount": str(order.amount),
    }


def _get(order: Order) -> Answer:
    """get: what the customer chose, as far as they have."""
    return Answer({**_shown(order), **order.own["ship"]}, own={"ppTxnType": "get"})


def _do(call: Call, order: Order) -> Answer:
    journeys.in_state(order, "APPROVED")
    for name, value in (("payerId", order.own["payer"]), ("token", order.own["token"])):
        if call.body.text(name) != value:
            raise RefusalError("ZF01", name)
    if order.own["refused"] and call.provider is None:
        call.gateway.step(order, "FAILED")
        raise RefusalError(DECLINED)

    def apply() -> Answer:
        journeys.in_state(order, "APPROVED")
        capture = call.command == "Capture"
        books.authorize(call.gateway, order, order.amount or 0, capture=capture)
        return _captured(call, order) if capture else _authorized(call, order)

    return decided(call, order, apply)


def _authorized(call: Call, order: Order) -> Answer:
    members = {
        **_shown(order),
        "paymentDate": journeys.stamp(call.gateway),
        "paymentStatus": "Pending",
        "centerAuthId": call.gateway.ids.base32("centerTxnId", 17),
    }
    return Answer(members, amount=order.amount, own={"ppTxnType": "do"})


def _capture(call: Call, order: Order) -> Answer:
    """capture: what is held, or a part; the rest is given back."""
    return journeys.capture(call, order, lambda amount: _captured(call, order))


def _captured(call: Call, order: Order) -> Answer:
    gateway, amount = call.gateway, order.taken
    fee, number = _fee(amount), gateway.ids.base32("centerTxnId", 17)
    order.own["principal"] = amount
    members = {
        **_shown(order),
        "amount": str(amount),
        "feeAmount": str(fee),
        "settleAmount": str(amount - fee),
        "exchangeRate": "1.0",
        "paymentDate": journeys.stamp(gateway),
        "paymentStatus": "Completed",
        "centerTxnId": number,
    }
    _prompt(gateway, order, "Capture", amount, number)
    own = {"ppTxnType": str(call.body.text("action")), "centerTxnId": number, "txnFixed": "0"}
    return Answer(members, amount=amount, own=own)


def _fee(amount: int) -> int:
    return amount * _FEE // 1000


def cancel(call: Call, order: Order) -> Answer:
    """Cancel: an authorization."""
    journeys.in_state(order, "AUTHORIZED")

    def apply() -> Answer:
        journeys.in_state(order, "AUTHORIZED")
        amount = order.held
        books.cancel(call.gateway, order)
        return Answer(amount=amount)

    return decided(call, order, apply)


def refund(call: Call, order: Order) -> Answer:
    """Refund: a part of what was captured, or all that is left."""
    journeys.in_state(order, "CAPTURED")
    amount = journeys.part(call, order.taken)

    def apply() -> Answer:
        journeys.in_state(order, "CAPTURED")
        gateway, fee = call.gateway, _fee(amount)
        left = books.cancel(gateway, order, amount, partly="CAPTURED", status="REFUNDED")
        number = gateway.ids.base32("centerTxnId", 17)
        _prompt(gateway, order, "Refund", amount, number)
        members = {
            "refundAmount": str(amount),
            "feeRefundAmount": str(fee),
            "netRefundAmount": str(amount - fee),
            "principalAmount": str(order.own["principal"]),
            "settlementBalance": str(left),
            "invoiceId": order.own["invoice"],
            "centerTxnId": number,
        }
        return Answer(members, amount=amount, own={"centerTxnId": number})

    return decided(call, order, apply)


def _prompt(gateway: Gateway, order: Order, command: str, amount: int, number: str) -> None:
    """Tell the merchant now, and once more when PayPal's books are in."""
    _tell(gateway, order, command, amount, number, OK, fixed=False)
    _wait(gateway, order, command, amount, number)


def _wait(gateway: Gateway, order: Order, command: str, amount: int, number: str) -> None:
    gateway.clock.call_later(
        gateway.settings.paypal_report_days * _DAY,
        lambda: _report(gateway, order, command, amount, number),
    )


def _report(gateway: Gateway, order: Order, command: str, amount: int, number: str) -> None:
    """PayPal's books are in: what became of a capture or a refund after all.

    A capture that failed takes back what the merchant has left of it; one that is pending is
    reported again. A refund that failed stays with the customer (assumed).
    """
    code = journeys.fate(gateway, REPORT, OK)
    mstatus = CODES[code].mstatus
    if mstatus == "failure" and command == "Capture" and order.status == "CAPTURED":
        books.cancel(gateway, order, status="REVERSED")
    if mstatus == "pending":
        _wait(gateway, order, command, amount, number)
    own = {"centerTxnId": number, "txnFixed": "1"}
    gateway.note(order, command, mstatus=mstatus, code=code, amount=amount, own=own)
    _tell(gateway, order, command, amount, number, code, fixed=True)


def _tell(
    gateway: Gateway,
    order: Order,
    command: str,
    amount: int,
    number: str,
    code: str,
    *,
    fixed: bool,
) -> None:
    fields = {
        "mstatus": CODES[code].mstatus,
        "txnType": command,
        "receivedDatetime": journeys.stamp(gateway),
        "amount": str(amount),
        "payerId": order.own["payer"],
        "centerTxnId": number,
    }
    push.send(gateway, order, fields, fixed=fixed)


SERVICE = Service(
    name="paypal",
    title="PayPal",
    ok=OK,
    commands={
        "Authorize": Command(step, _on, check_step),
        "Capture": Command(step, _on, check_step),
        "Cancel": Command(cancel),
        "Refund": Command(refund, On.KNOWN, journeys.needs("amount")),
    },
    steps=STEPS,
    happenings=(REPORT,),
    visit=journeys.visit,
)
