"""carrier: Authorize, Capture, Cancel, ReAuthorize, UpdateAuthorize; Terminate and what happens
by itself to agreements is in carrier_agreements, monthly charges in carrier_monthly.

Document: flow guide 2-9; facts of the kit and of the shop plug-ins. Assumed: s_bikkuri alone
answers with redirectUrl; a barcode (accountingType 2) is paid at once, a code to scan (3) on a
page; an application for payments on demand takes no money; a hold is cancelled whole, a payment
that was taken also in part; only au changes an amount, and only of a payment by application.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from . import books, carrier_agreements, carrier_monthly, journeys, wallets
from .carrier_agreements import ON_DEMAND, WALLET
from .carrier_monthly import MONTHLY
from .results import RefusalError
from .service import Answer, Call, Command, On, Service, decided
from .state import Order

BARCODE = "2"
_LAST_DAY = "99"


def check_application(call: Call) -> None:
    """What each kind of charge needs; days that exist."""
    journeys.needs("terminalKind", "accountingType")(call)
    body, kind = call.body, call.body.text("accountingType")
    if kind != MONTHLY:
        return
    journeys.need(call, "mpFirstDate", "mpDay")
    day = body.need("mpDay")
    if day != _LAST_DAY and not 1 <= int(day) <= 28:
        raise RefusalError("ZF01", "mpDay")
    if first_date(call) < call.gateway.clock.now.date():
        raise RefusalError("ZF01", "mpFirstDate")


def first_date(call: Call) -> date:
    """The day of the first monthly charge. Raises RefusalError ZF01."""
    text = call.body.need("mpFirstDate")
    try:
        return date(int(text[:4]), int(text[4:6]), int(text[6:]))
    except ValueError:
        raise RefusalError("ZF01", "mpFirstDate") from None


def authorize(call: Call, order: Order) -> Answer:
    """Authorize: HTML or an address for the browser; by barcode the payment itself."""
    gateway, kind = call.gateway, call.body.need("accountingType")
    order.own |= {
        "kind": kind,
        "number": gateway.ids.digits("crOrderId", 19),
        "capture": journeys.yes(call, "withCapture"),
    }
    order.info |= {"crServiceType": order.option, "accountingType": kind}
    if kind == BARCODE:
        return decided(call, order, lambda: _at_once(call, order))

    def apply() -> Answer:
        if kind == MONTHLY:
            carrier_monthly.plan(order, first_date(call), call.body.need("mpDay"))
        address = wallets.apply(
            call,
            order,
            WALLET,
            agreement=kind in {MONTHLY, ON_DEMAND},
            land=lambda choice: carrier_agreements.land(gateway, order, choice),
        )
        return Answer(carrier_agreements.sent_on(order, address))

    return decided(call, order, apply)


def _at_once(call: Call, order: Order) -> Answer:
    wallets.take(call.gateway, order, capture=order.own["capture"])
    members = {
        "txnTime": journeys.stamp(call.gateway),
        "crOrderId": order.own["number"],
        "discountAmount": "0",
        "seqNo": call.gateway.ids.digits("seqNo", 12),
    }
    return Answer(members, amount=order.amount)


def _payment(call: Call, order: Order, month: str) -> Order:
    """What a command moves money of: the order, or a month of a monthly agreement.

    Raises RefusalError ZF01 when a month is not named, NH02 when nothing was charged in it.
    """
    if order.own.get("kind") != MONTHLY:
        return order
    journeys.need(call, month)
    return carrier_monthly.charged(order, call.body.need(month))


def capture(call: Call, order: Order) -> Answer:
    """Capture: all that is held, of the order or of a month."""
    payment = _payment(call, order, "captureMonth")
    journeys.in_state(payment, "AUTHORIZED")

    def apply() -> Answer:
        journeys.in_state(payment, "AUTHORIZED")
        amount = payment.held
        books.capture(call.gateway, payment, amount)
        return Answer({"captureDatetime": journeys.stamp(call.gateway)}, amount=amount)

    return decided(call, order, apply)


def cancel(call: Call, order: Order) -> Answer:
    """Cancel: all of a hold, all or a part of what was taken; a month to come is not charged."""
    month = call.body.text("cancelMonth")
    if order.own.get("kind") == MONTHLY:
        journeys.need(call, "cancelMonth")
        if month is not None and carrier_monthly.to_come(order, month):
            return decided(call, order, lambda: _skip(call, order, month))
    payment = _payment(call, order, "cancelMonth")
    journeys.in_state(payment, "AUTHORIZED", "CAPTURED")
    amount = journeys.part(call, payment.held or payment.taken)
    if payment.held and amount != payment.held:
        raise RefusalError("ZF01", "amount")

    def apply() -> Answer:
        journeys.in_state(payment, "AUTHORIZED", "CAPTURED")
        left = books.cancel(call.gateway, payment, amount)
        return Answer({**_cancelled(call), "balance": str(left)}, amount=amount)

    return decided(call, order, apply)


def _cancelled(call: Call) -> dict[str, Any]:
    return {"cancelDatetime": journeys.stamp(call.gateway)}


def _skip(call: Call, order: Order, month: str) -> Answer:
    if not carrier_monthly.to_come(order, month):
        raise RefusalError("NH02")
    carrier_monthly.skip(order, month)
    return Answer(_cancelled(call))


def reauthorize(call: Call, order: Order) -> Answer:
    """ReAuthorize: a payment under an agreement on demand, which thereby is in use."""
    original = wallets.agreement_of(call)
    if original.own["kind"] != ON_DEMAND or original.option != order.option:
        raise RefusalError("NH02")
    order.own |= {"kind": "0", "number": call.gateway.ids.digits("crOrderId", 19)}

    def members(original: Order) -> dict[str, Any]:
        carrier_agreements.used(call.gateway, original)
        return {"crOrderId": order.own["number"], "txnTime": journeys.stamp(call.gateway)}

    return wallets.charge(call, order, journeys.yes(call, "withCapture"), members)


def update_authorize(call: Call, order: Order) -> Answer:
    """UpdateAuthorize: hold another amount; au only."""
    if order.option != "au" or order.original is not None:
        raise RefusalError("NH02")
    journeys.in_state(order, "AUTHORIZED")
    amount = int(call.body.need("amount"))

    def apply() -> Answer:
        journeys.in_state(order, "AUTHORIZED")
        books.change(call.gateway, order, amount)
        order.amount = amount
        return Answer({"updateDatetime": journeys.stamp(call.gateway)}, amount=amount)

    return decided(call, order, apply)


def check_option(call: Call) -> None:
    """A command names the carrier that the order was applied for with (assumed)."""
    journeys.needs()(call)
    order = call.gateway.orders.get(call.body.need("orderId"))
    if order is not None and order.option != call.body.text("serviceOptionType"):
        raise RefusalError("ZF01", "serviceOptionType")


SERVICE = Service(
    name="carrier",
    title="Carrier billing",
    ok=WALLET.ok,
    commands={
        "Authorize": Command(authorize, On.NEW, check_application),
        "Capture": Command(capture, On.KNOWN, check_option),
        "Cancel": Command(cancel, On.KNOWN, check_option),
        "Terminate": Command(carrier_agreements.terminate, On.KNOWN, check_option),
        "ReAuthorize": Command(reauthorize, On.NEW, journeys.needs("amount")),
        "UpdateAuthorize": Command(update_authorize, On.KNOWN, check_option),
    },
    steps={
        **wallets.STEPS,
        "ACTIVE": "TERMINATED DELETED",
    },
    happenings=(carrier_monthly.CHARGE,),
    visit=journeys.visit,
    pay=carrier_agreements.pay,
    actions={
        "terminate": carrier_agreements.terminated_by_merchant,
        "delete": carrier_agreements.deleted,
    },
)
