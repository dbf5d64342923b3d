"""paypay: online and by barcode; Authorize, AuthorizeConfirm, Capture, Cancel, ReAuthorize,
Refund, Terminate.

Document: facts of the kit, which has the members; result codes of the sister API. No document
tells the flows, so these are assumed: accountingType 1 is an agreement; onlinePaymentType 1
ends with a signed text (`jws`) that the browser brings and AuthorizeConfirm hands in; Cancel
is for what is held, Refund for what was taken; ReAuthorize takes the money at once, and with
nsfRecoveryFlag a customer whose balance does not suffice (1G02) is asked to pay (1G21, pending)
until nsfRecoveryExpiredDatetime; Terminate with `force` true, or no successUrl, is done at once.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from ..admin import AdminError
from ..clock import JST
from . import books, journeys, pages, wallets
from .gateway import Gateway
from .results import CODES, RefusalError
from .service import Answer, Call, Command, On, Service, decided
from .state import Order

POOR, ASKED = "1G02", "1G21"
STEPS = {
    **wallets.STEPS,
    "": "APPLIED CAPTURED FAILED PENDING WAITING",
    "PENDING": "APPLIED CAPTURED FAILED",
    "APPLIED": wallets.STEPS["APPLIED"] + " APPROVED",
    "APPROVED": "AUTHORIZED CAPTURED",  # until AuthorizeConfirm
    "AUTHORIZED": "CAPTURED CANCELLED EXPIRED",
    "WAITING": "CAPTURED FAILED",  # for the customer to pay, after a ReAuthorize
    "CAPTURED": "CAPTURED REFUNDED",  # to itself: a part is refunded
}


def _told(order: Order) -> dict[str, str | None]:
    return {"paypayOrderId": order.own.get("number")}


def _returned(order: Order) -> dict[str, str | None]:
    return {"jws": order.own.get("jws")}


WALLET = wallets.Wallet(
    title="PayPay", ok="1001", given_up="ZD02", refused="1GD1", told=_told, returned=_returned
)


def check_payment(call: Call) -> None:
    """What each way of payment needs; an agreement has no amount yet."""
    body = call.body
    if body.text("serviceOptionType") == "barcode":
        journeys.needs("oneTimeCode", "amount")(call)
    elif body.text("accountingType") == "1":
        journeys.needs("successUrl", "cancelUrl", "errorUrl")(call)
    else:
        journeys.needs("amount", "successUrl", "cancelUrl", "errorUrl")(call)


def authorize(call: Call, order: Order) -> Answer:
    """Authorize: the payment by barcode, or where the customer goes on."""
    gateway, body = call.gateway, call.body
    order.own["number"] = gateway.ids.digits("paypayOrderId", 20)
    if order.option == "barcode":
        return decided(call, order, lambda: _at_once(call, order))

    def apply() -> Answer:
        order.own["confirm"] = body.text("onlinePaymentType") == "1"
        address = wallets.apply(
            call,
            order,
            WALLET,
            agreement=body.text("accountingType") == "1",
            land=lambda choice: _land(gateway, order, choice),
        )
        return Answer({**_page(order, address), "paypayOrderId": order.own["number"]})

    return decided(call, order, apply)


def _page(order: Order, address: str) -> dict[str, Any]:
    contents = pages.form(address, {"orderId": order.order_id})
    return {"responseContents": contents, "authStartUrl": address}


def _at_once(call: Call, order: Order) -> Answer:
    wallets.take(call.gateway, order, capture=True)
    return Answer(_paid(call, order), amount=order.amount)


def _paid(call: Call, order: Order) -> dict[str, Any]:
    return {
        "paypayOrderId": order.own["number"],
        "paypayPaidDatetime": journeys.stamp(call.gateway),
    }


def _land(gateway: Gateway, order: Order, choice: str) -> None:
    """The customer's choice; with a signed text it only counts once that is handed in."""
    if choice != "success" or not order.own["confirm"]:
        wallets.land(gateway, order, WALLET, choice)
        return
    parts = [gateway.ids.base32("jws", 32) for _ in range(3)]
    order.own |= {"jws": ".".join(parts), "code": WALLET.ok}
    gateway.step(order, "APPROVED")


def authorize_confirm(call: Call, order: Order) -> Answer:
    """AuthorizeConfirm: hand in what PayPay gave the browser; only now it is paid."""
    journeys.in_state(order, "APPROVED")
    if call.body.text("jws") != order.own["jws"]:
        raise RefusalError("ZF01", "jws")

    def apply() -> Answer:
        journeys.in_state(order, "APPROVED")
        wallets.take(call.gateway, order, capture=order.own["capture"])
        wallets.tell(call.gateway, order, WALLET, "AuthorizeConfirm")
        number = call.gateway.ids.digits("centerOrderId", 20)
        return Answer({**_paid(call, order), "centerOrderId": number}, amount=order.amount)

    return decided(call, order, apply)


def capture(call: Call, order: Order) -> Answer:
    """Capture: what is held, or a part; the rest is given back."""
    return wallets.capture(
        call,
        order,
        WALLET,
        lambda amount: {
            "paypayCapturedDatetime": journeys.stamp(call.gateway),
            "balance": str(amount),
        },
    )


def cancel(call: Call, order: Order) -> Answer:
    """Cancel: what is held."""
    return wallets.give_back(
        call,
        order,
        WALLET,
        lambda left: {"paypayCancelledDatetime": journeys.stamp(call.gateway)},
        "AUTHORIZED",
    )


def refund(call: Call, order: Order) -> Answer:
    """Refund: a part of what was taken, or all that is left."""
    return wallets.give_back(
        call,
        order,
        WALLET,
        lambda left: {
            "paypayRefundedDatetime": journeys.stamp(call.gateway),
            "balance": str(left),
        },
        "CAPTURED",
    )


def reauthorize(call: Call, order: Order) -> Answer:
    """ReAuthorize: money under an agreement, at once or when the customer has topped up."""
    gateway, body = call.gateway, call.body
    original = wallets.agreement_of(call)
    order.original = original
    order.own |= {"number": gateway.ids.digits("paypayOrderId", 14)}
    if call.provider == POOR and journeys.yes(call, "nsfRecoveryFlag"):
        return _ask(gateway, order, body.text("nsfRecoveryExpiredDatetime"))

    def members(original: Order) -> dict[str, Any]:
        number = gateway.ids.digits("centerOrderId", 20)
        return {**_paid(call, order), "centerOrderId": number}

    return wallets.charge(call, order, True, members, WALLET)


def _ask(gateway: Gateway, order: Order, until: str | None) -> Answer:
    """The balance does not suffice: wait for the customer, if need be until a moment."""
    if until is not None:
        try:
            end = datetime.strptime(until, "%Y%m%d%H%M%S").replace(tzinfo=JST)
        except ValueError:
            raise RefusalError("ZF01", "nsfRecoveryExpiredDatetime") from None
        gateway.clock.call_at(end, lambda: _unpaid(gateway, order))
    gateway.step(order, "WAITING")
    members = {"paypayOrderId": order.own["number"]}
    return Answer(members, mstatus=CODES[ASKED].mstatus, blocks=(ASKED,))


def _unpaid(gateway: Gateway, order: Order) -> None:
    """The customer has not paid in time."""
    if order.status == "WAITING":
        gateway.step(order, "FAILED")
        gateway.note(order, "ReAuthorize", mstatus="failure", code=POOR, amount=order.amount)
        wallets.tell(gateway, order, WALLET, "ReAuthorize", POOR)


def terminate(call: Call, order: Order) -> Answer:
    """Terminate: an agreement, at once or with the customer over a page."""
    journeys.in_state(order, "ACTIVE")
    gateway = call.gateway
    if journeys.yes(call, "force") or not call.body.has("successUrl"):
        return decided(call, order, lambda: _ended(call, order))

    def apply() -> Answer:
        journeys.in_state(order, "ACTIVE")
        address = wallets.ending(
            call, order, WALLET, lambda choice: _land_termination(gateway, order, choice)
        )
        return Answer(_page(order, address))

    return decided(call, order, apply)


def _ended(call: Call, order: Order) -> Answer:
    journeys.in_state(order, "ACTIVE")
    call.gateway.step(order, "TERMINATED")
    wallets.tell(call.gateway, order, WALLET, "Terminate")
    members = {
        "paypayTerminatedDatetime": journeys.stamp(call.gateway),
        "userKey": call.gateway.ids.hex32("userKey"),
    }
    return Answer(members)


def _land_termination(gateway: Gateway, order: Order, choice: str) -> None:
    if choice != "success":
        order.own["code"] = WALLET.given_up if choice == "cancel" else WALLET.refused
        return
    gateway.step(order, "TERMINATED")
    order.own["code"] = WALLET.ok
    gateway.note(order, "Terminate", code=WALLET.ok, amount=order.amount)
    wallets.tell(gateway, order, WALLET, "Terminate")


def pay(gateway: Gateway, order: Order, amount: int | None) -> None:
    """The customer pays in the app, with no browser coming back. Raises AdminError."""
    if amount is not None:
        raise AdminError("the amount is the order's own; leave it out")
    if order.status == "APPLIED":
        _land(gateway, order, "success")
    elif order.status == "WAITING":
        books.authorize(gateway, order, order.amount or 0, capture=True)
        gateway.note(order, "ReAuthorize", code=WALLET.ok, amount=order.amount)
        wallets.tell(gateway, order, WALLET, "ReAuthorize")
    else:
        raise AdminError(f"the order is {order.status} and waits for no payment")


SERVICE = Service(
    name="paypay",
    title="PayPay",
    ok=WALLET.ok,
    commands={
        "Authorize": Command(authorize, On.NEW, check_payment),
        "AuthorizeConfirm": Command(authorize_confirm, On.KNOWN, journeys.needs("jws")),
        "Capture": Command(capture, On.KNOWN, journeys.needs()),
        "Cancel": Command(cancel),
        "ReAuthorize": Command(reauthorize, On.NEW, journeys.needs("amount")),
        "Refund": Command(refund, On.KNOWN, journeys.needs("amount")),
        "Terminate": Command(terminate),
    },
    steps=STEPS,
    visit=journeys.visit,
    pay=pay,
)
