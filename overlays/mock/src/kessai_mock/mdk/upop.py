"""upop (UnionPay online): Authorize with a form for the browser, Capture, Cancel, Refund.

Document: flow guide 2-5; facts of the kit and of the shop plug-ins. Assumed: the merchant is
told of failures too, and of Capture, Cancel and Refund by PUSH (the plug-ins know their
txnTypes); Cancel gives back all of what is held or was captured, as long as nothing was
refunded; the settlement is in yen, of the same day, at the rate 1.
"""

from __future__ import annotations

from typing import Any

from starlette.responses import Response

from . import books, journeys, pages, push
from .gateway import Gateway
from .results import CODES, RefusalError
from .service import Answer, Call, Command, On, Service, decided
from .state import Order

OK, GIVEN_UP, DECLINED = "ZU01", "ZD02", "ZD01"
STEPS = {
    "": "APPLIED FAILED PENDING",
    "PENDING": "APPLIED FAILED",
    "APPLIED": "AUTHORIZED CAPTURED FAILED",
    "AUTHORIZED": "CAPTURED CANCELLED EXPIRED",
    "CAPTURED": "CAPTURED CANCELLED REFUNDED",  # to itself: a part is refunded
}


def authorize(call: Call, order: Order) -> Answer:
    """Authorize: a form that takes the browser to UnionPay; nothing is held before that."""

    def apply() -> Answer:
        gateway = call.gateway
        order.own |= {
            "capture": journeys.yes(call, "withCapture"),
            "url": call.body.need("termUrl"),
            "number": gateway.ids.digits("upopOrderId", 20),
        }
        gateway.step(order, "APPLIED")
        journey = journeys.Journey(
            title="UnionPay",
            waits=lambda: order.status == "APPLIED",
            land=lambda choice: _land(gateway, order, choice),
            home=lambda: _home(gateway, order),
            choices=journeys.CHOICES,
        )
        address = journeys.begin(call, order, journey)
        return Answer({"entryForm": pages.form(address, {"orderId": order.order_id})})

    return decided(call, order, apply)


def _land(gateway: Gateway, order: Order, choice: str) -> None:
    amount = order.amount or 0
    if choice == "success":
        code = OK
        books.authorize(gateway, order, amount, capture=order.own["capture"])
        order.own["captured"] = order.taken
    else:
        code = GIVEN_UP if choice == "cancel" else DECLINED
        gateway.step(order, "FAILED")
    order.own["code"] = code
    mstatus = CODES[code].mstatus
    gateway.note(order, "Authorize", mstatus=mstatus, code=code, amount=amount, own=_own(order))
    _tell(gateway, order, "Authorize", amount, code)


def _home(gateway: Gateway, order: Order) -> Response:
    code = order.own["code"]
    fields = journeys.result(order, code)
    if code == OK:
        settled = _settled(gateway, order.amount or 0)
        fields |= {
            "txnDatetimeJp": settled["txnDatetimeJp"],
            "txnDatetimeCn": settled["txnDatetimeCn"],
            "capturedAmount": str(order.own["captured"]),
            **{name: settled[name] for name in _SETTLEMENT},
        }
    return pages.by_post(order.own["url"], pages.signed(gateway, fields))


def capture(call: Call, order: Order) -> Answer:
    """Capture: what is held, or a part; the rest is given back."""

    def done(amount: int) -> Answer:
        order.own["captured"] = amount
        return _done(call, order, amount)

    return journeys.capture(call, order, done)


def cancel(call: Call, order: Order) -> Answer:
    """Cancel: all of what is held, or of a capture that nothing was refunded of."""
    _cancellable(order)

    def apply() -> Answer:
        _cancellable(order)
        amount = order.held or order.taken
        books.cancel(call.gateway, order)
        return _done(call, order, amount)

    return decided(call, order, apply)


def _cancellable(order: Order) -> None:
    journeys.in_state(order, "AUTHORIZED", "CAPTURED")
    if order.status == "CAPTURED" and order.taken != order.own["captured"]:
        raise RefusalError("NH02")


def refund(call: Call, order: Order) -> Answer:
    """Refund: a part of what was captured, or all that is left."""
    journeys.in_state(order, "CAPTURED")
    amount = journeys.part(call, order.taken)

    def apply() -> Answer:
        journeys.in_state(order, "CAPTURED")
        books.cancel(call.gateway, order, amount, partly="CAPTURED", status="REFUNDED")
        return _done(call, order, amount)

    return decided(call, order, apply)


_SETTLEMENT = ("settleAmount", "settleDate", "settleCurrency", "settleRate")


def _settled(gateway: Gateway, amount: int) -> dict[str, str]:
    """When and at what rate; China is an hour behind Japan."""
    now = journeys.stamp(gateway)
    return {
        "txnDatetimeJp": now,
        "txnDatetimeCn": journeys.stamp(gateway, -1),
        "settleAmount": str(amount),
        "settleDate": now[4:8],
        "settleCurrency": "392",
        "settleRate": "1.00000",
    }


def _own(order: Order) -> dict[str, Any]:
    return {"resUpopOrderId": order.own["number"]}


def _done(call: Call, order: Order, amount: int) -> Answer:
    """The answer of Capture, Cancel and Refund; and the merchant is told by PUSH as well."""
    _tell(call.gateway, order, call.command, amount, OK)
    members = {
        **_settled(call.gateway, amount),
        "capturedAmount": str(order.own["captured"]),
        "remainingAmount": str(order.taken),
        "upopOrderId": order.own["number"],
    }
    return Answer(members, amount=amount, own=_own(order))


def _tell(gateway: Gateway, order: Order, command: str, amount: int, code: str) -> None:
    settled = _settled(gateway, amount) if code == OK else {}
    fields = {
        "txnType": command,
        "mstatus": CODES[code].mstatus,
        "traceNumber": gateway.ids.digits("traceNumber", 6),
        "traceTime": journeys.stamp(gateway)[4:],
        **{name: settled.get(name) for name in ("settleAmount", "settleDate", "settleRate")},
    }
    push.send(gateway, order, fields)


SERVICE = Service(
    name="upop",
    title="UnionPay",
    ok=OK,
    commands={
        "Authorize": Command(
            authorize, On.NEW, journeys.needs("withCapture", "termUrl", "customerIp")
        ),
        "Capture": Command(capture, On.KNOWN, journeys.needs()),
        "Cancel": Command(cancel),
        "Refund": Command(refund, On.KNOWN, journeys.needs("amount")),
    },
    steps=STEPS,
    visit=journeys.visit,
)
