"""rakuten: online and by barcode; Authorize, Capture, Cancel, Confirm, ReAuthorize,
UpdateAuthorize.

Document: facts of the kit, which has the members, and of the shop plug-ins, which have those
of PUSH and return; result codes of the sister API. Assumed: of payType, 0 is online, 1 a code
that the shop scans (pending, by script, until the customer has said; then Confirm), 2 and 3 ways
on which the customer opens an app; there the customer has expireMinutes, else 30; accountingType
1 is an agreement; Cancel gives back a hold whole, what was taken also in part; an
authorization is extended only if authExtensionFlag says so; no points are used; all time limits
are the hold's.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from ..admin import AdminError
from . import books, journeys, pages, wallets
from .gateway import Gateway
from .results import CODES, RefusalError
from .service import Answer, Call, Command, On, Service, decided
from .state import Order

LATE, OPEN = "FG26", "FED1"
_MINUTES = "30"
STEPS = {
    **wallets.STEPS,
    "": wallets.STEPS[""] + " WAITING",
    "WAITING": "AUTHORIZED CAPTURED FAILED",  # for the customer to say, after a barcode
    "ACTIVE": "",
}


def _told(order: Order) -> dict[str, str | None]:
    left = order.held or order.taken
    number = order.own.get("number")
    return {"usedPoint": "0", "rakutenOrderId": number, "balance": str(left)}


def _returned(order: Order) -> dict[str, str | None]:
    return {**_numbers(order), **_card(), **_times(order)}


WALLET = wallets.Wallet(
    title="Rakuten Pay",
    ok="F001",
    given_up="ZD02",
    refused="FG24",
    told=_told,
    returned=_returned,
)


def check_payment(call: Call) -> None:
    """What each way of payment needs; an agreement has no amount yet."""
    body, way = call.body, call.body.text("payType") or "0"
    if body.text("accountingType") == "1":
        journeys.needs("successUrl", "errorUrl")(call)
        return
    journeys.needs("amount")(call)
    journeys.need(call, *{"0": ("successUrl", "errorUrl"), "1": ("oneTimeCode",)}.get(way, ()))
    minutes = body.text("expireMinutes")
    if minutes is not None and not 1 <= int(minutes) <= 1440:
        raise RefusalError("ZF01", "expireMinutes")


def authorize(call: Call, order: Order) -> Answer:
    """Authorize: the payment by barcode, or where the customer goes on."""
    gateway, body, way = call.gateway, call.body, call.body.text("payType") or "0"
    order.own |= {
        "number": gateway.ids.digits("rakutenOrderId", 14),
        "payment": gateway.ids.digits("gatewayOrderId", 20),
        "txn": gateway.ids.uuid("paymentTxnId"),
        "capture": journeys.yes(call, "withCapture"),
        "at": journeys.stamp(gateway),
    }
    if way == "1":
        return _scanned(call, order)

    def apply() -> Answer:
        agreement = body.text("accountingType") == "1"
        address = wallets.apply(
            call,
            order,
            WALLET,
            agreement=agreement,
            land=lambda choice: _land(gateway, order, choice),
        )
        if agreement:
            order.own["consent"] = gateway.ids.digits("rakutenConsentOrderId", 15)
        members: dict[str, Any] = _numbers(order)
        if way == "0":
            members["responseContents"] = pages.form(address, {"orderId": order.order_id})
        else:
            members |= _in_the_app(gateway, order, address, body.text("expireMinutes") or _MINUTES)
        return Answer({**members, "rakutenConsentOrderId": order.own.get("consent")})

    return decided(call, order, apply)


def _in_the_app(gateway: Gateway, order: Order, address: str, minutes: str) -> dict[str, str]:
    until = gateway.clock.now + timedelta(minutes=int(minutes))
    gateway.clock.call_at(until, lambda: _late(gateway, order, "APPLIED"))
    return {
        "redirectUrl": address,
        "deeplink": address,
        "expireDatetime": f"{journeys.moment(until)}{until.microsecond // 1000:03}",
    }


def _late(gateway: Gateway, order: Order, status: str) -> None:
    """The customer has not paid in time."""
    if order.status == status:
        order.own["code"] = LATE
        gateway.step(order, "FAILED")
        gateway.note(order, "Authorize", mstatus="failure", code=LATE, amount=order.amount)


def _land(gateway: Gateway, order: Order, choice: str) -> None:
    order.own["at"] = journeys.stamp(gateway)
    wallets.land(gateway, order, WALLET, choice)


def _scanned(call: Call, order: Order) -> Answer:
    """payType 1: the shop has scanned the customer's code."""
    gateway, provider = call.gateway, call.provider
    order.own["scanned"] = True
    if provider is not None and CODES[provider].mstatus == "pending":
        gateway.step(order, "WAITING")
        order.own["code"] = None
        return Answer(mstatus="pending", blocks=(provider,))

    def apply() -> Answer:
        _pay(gateway, order)
        return Answer(_payment(order), amount=order.amount)

    return decided(call, order, apply)


def _pay(gateway: Gateway, order: Order) -> None:
    wallets.take(gateway, order, capture=order.own["capture"])
    now = journeys.stamp(gateway)
    order.own |= {"at": now, "paid": now, "code": WALLET.ok}


def _payment(order: Order) -> dict[str, Any]:
    return {
        "rakutenBarcodePaidDatetime": order.own["paid"],
        "paymentTxnId": order.own["txn"],
    }


def confirm(call: Call, order: Order) -> Answer:
    """Confirm: how a payment by barcode went; pending as long as the customer has not said."""
    if not order.own.get("scanned"):
        raise RefusalError("NH02")
    if order.status == "WAITING":
        return Answer(mstatus="pending", blocks=(OPEN,))
    if order.status == "FAILED":
        raise RefusalError(order.own.get("code") or WALLET.refused)
    return Answer(_payment(order))


def capture(call: Call, order: Order) -> Answer:
    """Capture: what is held, or a part; the rest is given back."""
    return wallets.capture(
        call, order, WALLET, lambda amount: _done(call, order, "captureReqDatetime")
    )


def cancel(call: Call, order: Order) -> Answer:
    """Cancel: all of a hold; a part of what was taken, or all that is left."""
    return wallets.give_back(
        call,
        order,
        WALLET,
        lambda left: {
            **_done(call, order, "cancelReqDatetime"),
            "balance": str(left),
            "cancelTxnId": call.gateway.ids.uuid("cancelTxnId"),
        },
        "AUTHORIZED",
        "CAPTURED",
    )


def _done(call: Call, order: Order, name: str) -> dict[str, Any]:
    now = journeys.stamp(call.gateway)
    return {name: now, "transactionDatetime": now, **_numbers(order), "usedPoint": "0"}


def _numbers(order: Order) -> dict[str, Any]:
    return {"rakutenOrderId": order.own["number"], "gatewayOrderId": order.own["payment"]}


def _card() -> dict[str, str]:
    """The card behind the wallet, always the same one, and no points."""
    return {
        "usedPoint": "0",
        "cardBrand": "VISA",
        "cardLast4": "1111",
        "cardInstallments": "01",
        "cardCvc": "true",
        "card3ds": "true",
    }


def _times(order: Order) -> dict[str, str]:
    """When the payment was concluded, and until when something can be done with it."""
    times = {"transactionDatetime": str(order.own["at"])}
    if order.hold_until is not None:
        until = journeys.moment(order.hold_until)
        names = ("cancel", "capture", "update", "extendAuth")
        times |= {f"{name}ExpirationTime": until for name in names}
    return times


def reauthorize(call: Call, order: Order) -> Answer:
    """ReAuthorize: a payment under an agreement."""
    gateway = call.gateway
    order.own |= {
        "number": gateway.ids.digits("rakutenOrderId", 14),
        "payment": gateway.ids.digits("gatewayOrderId", 20),
        "at": journeys.stamp(gateway),
    }

    def members(original: Order) -> dict[str, Any]:
        consent = original.own["consent"]
        customer = original.own.setdefault("customer", gateway.ids.digits("customerId", 14))
        numbers = {**_numbers(order), "rakutenConsentOrderId": consent, "customerId": customer}
        return {**numbers, **_card(), **_times(order)}

    return wallets.charge(call, order, journeys.yes(call, "withCapture"), members, WALLET)


def update_authorize(call: Call, order: Order) -> Answer:
    """UpdateAuthorize: another amount, a longer hold, or both."""
    longer = journeys.yes(call, "authExtensionFlag")
    if not longer and not call.body.has("amount"):
        raise RefusalError("ZF01", "amount")
    journeys.in_state(order, "AUTHORIZED")
    wish = call.body.text("amount")
    amount = order.held if wish is None else int(wish)

    def apply() -> Answer:
        journeys.in_state(order, "AUTHORIZED")
        books.change(call.gateway, order, amount, anew=longer)
        order.amount = amount
        order.own["at"] = journeys.stamp(call.gateway)
        wallets.tell(call.gateway, order, WALLET, "UpdateAuthorize")
        members = {**_numbers(order), "amount": str(amount), "usedPoint": "0", **_times(order)}
        return Answer(members, amount=amount)

    return decided(call, order, apply)


def pay(gateway: Gateway, order: Order, amount: int | None) -> None:
    """The customer pays in the app, with no browser coming back. Raises AdminError."""
    if amount is not None:
        raise AdminError("the amount is the order's own; leave it out")
    if order.status == "APPLIED":
        _land(gateway, order, "success")
    elif order.status == "WAITING":
        _pay(gateway, order)
        gateway.note(order, "Authorize", code=WALLET.ok, amount=order.amount)
    else:
        raise AdminError(f"the order is {order.status} and waits for no payment")


def refuse(gateway: Gateway, order: Order) -> None:
    """A customer whose code was scanned does not pay. Raises AdminError."""
    if order.status != "WAITING":
        raise AdminError(f"the order is {order.status} and waits for no payment")
    order.own["code"] = WALLET.refused
    gateway.step(order, "FAILED")
    gateway.note(order, "Authorize", mstatus="failure", code=WALLET.refused, amount=order.amount)


SERVICE = Service(
    name="rakuten",
    title="Rakuten Pay",
    ok=WALLET.ok,
    commands={
        "Authorize": Command(authorize, On.NEW, check_payment),
        "Capture": Command(capture, On.KNOWN, journeys.needs()),
        "Cancel": Command(cancel, On.KNOWN, journeys.needs()),
        "Confirm": Command(confirm, records=False),
        "ReAuthorize": Command(reauthorize, On.NEW, journeys.needs("amount")),
        "UpdateAuthorize": Command(update_authorize, On.KNOWN, journeys.needs()),
    },
    steps=STEPS,
    visit=journeys.visit,
    pay=pay,
    actions={"refuse": refuse},
)
