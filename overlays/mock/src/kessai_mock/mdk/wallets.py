"""What carrier billing, PayPay, Rakuten Pay and Merpay have in common.

An application is ended by the customer on a page; the browser comes back by GET with vAuthInfo.
It is a payment, held or taken, or an agreement under which ReAuthorize makes payments later.
Document: flow guide 2-9 for carriers, whose application is told by PUSH on success only. That
the other three do alike, and also tell of what was done later, is assumed from the Unified API
of the same provider, as are their result codes; so are the names that the browsers of all but
Rakuten Pay bring back, and the members of PayPay's and Merpay's PUSH.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from starlette.responses import Response

from . import books, journeys, pages, push
from .gateway import Gateway
from .results import CODES, RefusalError, v_result_code
from .service import Answer, Call, decided
from .state import Order

STEPS = {
    "": "APPLIED AUTHORIZED CAPTURED FAILED PENDING",
    "PENDING": "APPLIED AUTHORIZED CAPTURED FAILED",
    "APPLIED": "AUTHORIZED CAPTURED ACTIVE FAILED",
    "AUTHORIZED": "AUTHORIZED CAPTURED CANCELLED EXPIRED",  # to itself: another amount, longer
    "CAPTURED": "CAPTURED CANCELLED",  # to itself: a part is given back
    "ACTIVE": "TERMINATED",
}
Members = Callable[[Order], Mapping[str, str | None]]


def _nothing(order: Order) -> Mapping[str, str | None]:
    return {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Wallet:
    """One of the four: its words, and what it says beyond what all say."""

    title: str
    ok: str
    given_up: str
    refused: str
    told: Members = _nothing  # in a PUSH
    returned: Members = _nothing  # in the query a browser brings back


def apply(
    call: Call, order: Order, wallet: Wallet, *, agreement: bool, land: Callable[[str], None]
) -> str:
    """Take an application; gives the address of the page on which it is ended.

    `land` carries a choice out; it has to note in order.own["code"] what came of it.
    """
    order.own |= {
        "agreement": agreement,
        "capture": journeys.yes(call, "withCapture"),
        "code": None,
    }
    call.gateway.step(order, "APPLIED")
    return page(call, order, wallet, lambda: order.status == "APPLIED", land)


def page(
    call: Call,
    order: Order,
    wallet: Wallet,
    waits: Callable[[], bool],
    land: Callable[[str], None],
    choices: Mapping[str, str] = journeys.CHOICES,
) -> str:
    """The address of a page that ends in one of the request's addresses."""
    gateway, body = call.gateway, call.body
    error = body.text("errorUrl") or body.text("cancelUrl")
    addresses = {
        "success": body.text("successUrl"),
        "cancel": body.text("cancelUrl") or error,
        "error": error,
    }
    journey = journeys.Journey(
        title=wallet.title,
        waits=waits,
        land=land,
        home=lambda: home(gateway, order, wallet, addresses),
        choices=choices,
    )
    return journeys.begin(call, order, journey)


def ending(call: Call, order: Order, wallet: Wallet, land: Callable[[str], None]) -> str:
    """The address of a page on which the customer ends an agreement."""
    choices = {**journeys.CHOICES, "success": "End it (解約する)"}
    return page(call, order, wallet, lambda: order.status == "ACTIVE", land, choices)


def land(gateway: Gateway, order: Order, wallet: Wallet, choice: str) -> None:
    """The customer's choice, carried out; success alone is told by PUSH."""
    if choice == "success":
        agree(gateway, order, wallet)
        return
    code = wallet.given_up if choice == "cancel" else wallet.refused
    order.own["code"] = code
    gateway.step(order, "FAILED")
    gateway.note(order, "Authorize", mstatus="failure", code=code, amount=order.amount)


def agree(gateway: Gateway, order: Order, wallet: Wallet) -> None:
    """The customer pays, or agrees to be charged later."""
    if order.own["agreement"]:
        gateway.step(order, "ACTIVE")
    else:
        take(gateway, order, capture=order.own["capture"])
    order.own["code"] = wallet.ok
    gateway.note(order, "Authorize", code=wallet.ok, amount=order.amount)
    tell(gateway, order, wallet, "Authorize")


def take(gateway: Gateway, order: Order, *, capture: bool) -> None:
    """Hold or take the order's amount. Raises RefusalError ZF01 if it has none."""
    if not order.amount:
        raise RefusalError("ZF01", "amount")
    books.authorize(gateway, order, order.amount, capture=capture)


def tell(
    gateway: Gateway, order: Order, wallet: Wallet, command: str, code: str | None = None,
    **more: str | None,
) -> None:  # fmt: skip
    """One record of a PUSH; `more` are members beyond the wallet's own."""
    code = code or wallet.ok
    fields = {
        "txnType": command,
        "txnTime": journeys.stamp(gateway),
        "vResultCode": v_result_code(code),
        "mstatus": CODES[code].mstatus,
        **wallet.told(order),
        **more,
    }
    push.send(gateway, order, fields)


def home(
    gateway: Gateway, order: Order, wallet: Wallet, addresses: Mapping[str, str | None]
) -> Response:
    """The browser goes back, with what came of it in the query."""
    code = order.own["code"]
    if code is None:
        return journeys.nowhere()
    failed = "cancel" if code == wallet.given_up else "error"
    address = addresses["success" if CODES[code].mstatus == "success" else failed]
    if address is None:
        return journeys.nowhere()
    fields = {
        "orderId": order.order_id,
        "mstatus": CODES[code].mstatus,
        "vResultCode": v_result_code(code),
    }
    if code == wallet.ok:
        fields |= {n: v for n, v in wallet.returned(order).items() if v is not None}
    return pages.by_get(address, pages.v_signed(gateway, fields))


def capture(
    call: Call, order: Order, wallet: Wallet, members: Callable[[int], dict[str, Any]]
) -> Answer:
    """Capture: what is held, or a part; the rest is given back."""

    def done(amount: int) -> Answer:
        tell(call.gateway, order, wallet, "Capture")
        return Answer(members(amount), amount=amount)

    return journeys.capture(call, order, done)


def give_back(
    call: Call,
    order: Order,
    wallet: Wallet,
    members: Callable[[int], dict[str, Any]],
    *statuses: str,
) -> Answer:
    """Cancel and Refund: all of a hold; all or a part of what was taken; in these states."""
    journeys.in_state(order, *statuses)
    amount = journeys.part(call, order.held or order.taken)
    if order.held and amount != order.held:
        raise RefusalError("ZF01", "amount")

    def done() -> Answer:
        journeys.in_state(order, *statuses)
        whole = "REFUNDED" if call.command == "Refund" else "CANCELLED"
        left = books.cancel(call.gateway, order, amount, status=whole)
        tell(call.gateway, order, wallet, call.command)
        return Answer(members(left), amount=amount)

    return decided(call, order, done)


def agreement_of(call: Call) -> Order:
    """The agreement a ReAuthorize goes back to.

    Raises RefusalError ZN01 for no order, NH02 for one that is no agreement or has ended.
    """
    original = call.gateway.find(call, "originalOrderId")
    journeys.in_state(original, "ACTIVE")
    return original


def charge(
    call: Call,
    order: Order,
    capture: bool,
    members: Callable[[Order], dict[str, Any]],
    wallet: Wallet | None = None,
) -> Answer:
    """ReAuthorize: a payment of its own under an agreement; told by PUSH with a `wallet`."""
    original = order.original = agreement_of(call)
    order.own |= {"agreement": False, "capture": capture, "code": None}

    def done() -> Answer:
        journeys.in_state(original, "ACTIVE")
        take(call.gateway, order, capture=capture)
        if wallet is not None:
            tell(call.gateway, order, wallet, "ReAuthorize")
        given = {"originalOrderId": original.order_id, **members(original)}
        return Answer(given, amount=order.amount)

    return decided(call, order, done)
