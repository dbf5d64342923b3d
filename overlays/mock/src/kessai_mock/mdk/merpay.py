"""merpay: online and by barcode; Authorize, Capture, Cancel, ReAuthorize, Refund, Terminate.

Document: facts of the kit, which has the members; result codes of the sister API. Assumed:
accountingType 1 is an agreement and takes no money, whatever consentAuthType says; Cancel gives
back all of what is held, or was taken and not refunded; Terminate is done at once.
"""

from __future__ import annotations

from typing import Any

from ..admin import AdminError
from . import journeys, wallets
from .gateway import Gateway
from .results import RefusalError
from .service import Answer, Call, Command, On, Service, decided
from .state import Order

WALLET = wallets.Wallet(title="Merpay", ok="K001", given_up="KGU1", refused="KG10")
STEPS = {
    **wallets.STEPS,
    "AUTHORIZED": "CAPTURED CANCELLED EXPIRED",
    "CAPTURED": "CAPTURED CANCELLED REFUNDED",  # to itself: a part is refunded
}


def check_payment(call: Call) -> None:
    """What each way of payment needs; an agreement has no amount."""
    body = call.body
    if body.text("serviceOptionType") == "barcode":
        journeys.needs("oneTimeCode", "amount")(call)
    elif body.text("accountingType") == "1":
        journeys.needs("successUrl", "cancelUrl")(call)
    else:
        journeys.needs("amount", "successUrl", "cancelUrl")(call)


def authorize(call: Call, order: Order) -> Answer:
    """Authorize: the payment by barcode, or where the customer goes on."""
    gateway, body = call.gateway, call.body
    order.own["number"] = gateway.ids.digits("merpayProcessingId", 20)
    if order.option == "barcode":
        return decided(call, order, lambda: _at_once(call, order))

    def apply() -> Answer:
        address = wallets.apply(
            call,
            order,
            WALLET,
            agreement=body.text("accountingType") == "1",
            land=lambda choice: wallets.land(gateway, order, WALLET, choice),
        )
        return Answer({**_number(order), "paymentUrl": address})

    return decided(call, order, apply)


def _at_once(call: Call, order: Order) -> Answer:
    wallets.take(call.gateway, order, capture=journeys.yes(call, "withCapture"))
    return Answer(_number(order), amount=order.amount)


def _number(order: Order) -> dict[str, Any]:
    return {"merpayProcessingId": order.own["number"]}


def capture(call: Call, order: Order) -> Answer:
    """Capture: what is held, or a part; the rest is given back."""
    _same_option(call, order)
    return wallets.capture(call, order, WALLET, lambda amount: _number(order))


def cancel(call: Call, order: Order) -> Answer:
    """Cancel: all of it, as long as nothing was refunded."""
    _same_option(call, order)
    if order.own.get("refunded"):
        raise RefusalError("NH02")
    return wallets.give_back(
        call, order, WALLET, lambda left: _number(order), "AUTHORIZED", "CAPTURED"
    )


def refund(call: Call, order: Order) -> Answer:
    """Refund: a part of what was taken, or all that is left."""
    _same_option(call, order)

    def members(left: int) -> dict[str, Any]:
        order.own["refunded"] = True
        return {**_number(order), "balance": str(left), **_inquiry(call)}

    return wallets.give_back(call, order, WALLET, members, "CAPTURED")


def _inquiry(call: Call) -> dict[str, str]:
    return {"inquiryCode": call.gateway.ids.digits("inquiryCode", 20)}


def _same_option(call: Call, order: Order) -> None:
    """A command names the way the order was made by. Raises RefusalError ZF01."""
    if call.body.text("serviceOptionType") != order.option:
        raise RefusalError("ZF01", "serviceOptionType")


def reauthorize(call: Call, order: Order) -> Answer:
    """ReAuthorize: a payment under an agreement."""
    order.own["number"] = call.gateway.ids.digits("merpayProcessingId", 20)

    def members(original: Order) -> dict[str, Any]:
        return {**_number(order), **_inquiry(call)}

    return wallets.charge(call, order, journeys.yes(call, "withCapture"), members, WALLET)


def terminate(call: Call, order: Order) -> Answer:
    """Terminate: an agreement."""
    journeys.in_state(order, "ACTIVE")

    def apply() -> Answer:
        journeys.in_state(order, "ACTIVE")
        call.gateway.step(order, "TERMINATED")
        wallets.tell(call.gateway, order, WALLET, "Terminate")
        return Answer(_number(order))

    return decided(call, order, apply)


def pay(gateway: Gateway, order: Order, amount: int | None) -> None:
    """The customer pays in the app, with no browser coming back. Raises AdminError."""
    if amount is not None:
        raise AdminError("the amount is the order's own; leave it out")
    if order.status != "APPLIED":
        raise AdminError(f"the order is {order.status} and waits for no payment")
    wallets.land(gateway, order, WALLET, "success")


SERVICE = Service(
    name="merpay",
    title="Merpay",
    ok=WALLET.ok,
    commands={
        "Authorize": Command(authorize, On.NEW, check_payment),
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
