"""card: Authorize, Capture, Cancel, ReAuthorize, Retry.

Document: facts of the kit, card. They work on what 3-D Secure authorized, too. Assumed: a
partial cancel after capture is possible and leaves the rest captured; Retry carries out an
authorization that was left open.
"""

from __future__ import annotations

from typing import Any

from ..clock import JST
from . import books, members, tokens
from .gateway import Gateway
from .results import RefusalError
from .service import Answer, Call, Command, On, Service, decided
from .state import Order

STEPS = {
    "": "AUTHORIZED CAPTURED FAILED PENDING",
    "PENDING": "AUTHORIZED CAPTURED FAILED",
    "AUTHORIZED": "AUTHORIZED CAPTURED CANCELLED EXPIRED",  # to itself: a part is cancelled
    "CAPTURED": "CAPTURED CANCELLED",
}
TYPES = {"AUTHORIZED": "a", "CAPTURED": "ac", "EXPIRED": "ax", "PENDING": "ap"}


def amount_of(call: Call) -> int | None:
    """The request's amount. Raises RefusalError ZF01 for nought."""
    text = call.body.text("amount")
    if text is None:
        return None
    if int(text) == 0:
        raise RefusalError("ZF01", "amount")
    return int(text)


def check_payment(call: Call) -> None:
    """What a schema cannot say of a card payment."""
    amount_of(call)
    body = call.body
    if body.text("salesDay") is not None and body.text("withCapture") != "true":
        raise RefusalError("ZF01", "salesDay")


def check_amount(call: Call) -> None:
    """An amount, if there is one, is more than nothing."""
    amount_of(call)


def authorize(call: Call, order: Order) -> Answer:
    """Authorize: hold the amount, or take it with withCapture."""
    members.choose_card(call.gateway, call.body, order)
    return pay(call, order)


def reauthorize(call: Call, order: Order) -> Answer:
    """ReAuthorize: a new payment with the card of an earlier one, whatever became of that."""
    members.earlier_card(call, order)
    return pay(call, order)


def pay(call: Call, order: Order) -> Answer:
    """Have the card company decide on a payment with the order's card."""
    capture = call.body.text("withCapture") == "true"
    code = tokens.EXPIRES.get(order.own["card"][1])
    if code is not None and call.provider is None:
        raise RefusalError(code)

    def apply() -> Answer:
        take(call.gateway, order, capture=capture)
        return describe(call, order)

    answer = decided(call, order, apply)
    if answer.mstatus == "pending":
        answer.members = {"cardTransactiontype": "ap", "pending": "1"}
    return answer


def take(gateway: Gateway, order: Order, *, capture: bool) -> None:
    """The card company agrees: hold or take the order's amount."""
    if order.amount is None:
        raise RefusalError("ZF01", "amount")
    order.own["auth_code"] = gateway.ids.digits("authCode", 6)
    books.authorize(gateway, order, order.amount, capture=capture)
    members.register(gateway, order)


def capture(call: Call, order: Order) -> Answer:
    """Capture: all that is held or less; the rest is given back."""
    if order.status != "AUTHORIZED":
        raise RefusalError("NH02")
    amount = amount_of(call) or order.held
    if amount > order.held:
        raise RefusalError("ZF02", "amount")

    def apply() -> Answer:
        if order.status != "AUTHORIZED":
            raise RefusalError("NH02")
        books.capture(call.gateway, order, amount)
        return describe(call, order, amount)

    return decided(call, order, apply)


def cancel(call: Call, order: Order) -> Answer:
    """Cancel: all, or a part, of what is held or taken."""
    if order.status not in {"AUTHORIZED", "CAPTURED"}:
        raise RefusalError("NH02")
    wish, balance = amount_of(call), order.held or order.taken
    if wish is not None and wish > balance:
        raise RefusalError("ZF02", "amount")

    def apply() -> Answer:
        if order.status not in {"AUTHORIZED", "CAPTURED"}:
            raise RefusalError("NH02")
        before = order.held or order.taken
        left = books.cancel(call.gateway, order, wish)
        return describe(call, order, before - left)

    return decided(call, order, apply)


def retry(call: Call, order: Order) -> Answer:
    """Retry: an authorization that was left open, tried again."""
    later = order.later
    if order.status != "PENDING" or later is None:
        raise RefusalError("NH02")

    def apply() -> Answer:
        order.later = None
        later.apply()
        return describe(call, order)

    return decided(call, order, apply)


def describe(call: Call, order: Order, amount: int | None = None) -> Answer:
    """The answer's own members; the card is masked."""
    now = f"{call.gateway.clock.now.astimezone(JST):%Y%m%d%H%M%S}"
    number, _ = order.own["card"]
    amount = order.amount if amount is None else amount
    body = call.body
    fields: dict[str, Any] = {
        "cardTransactiontype": TYPES.get(order.status),
        "gatewayRequestDate": now,
        "gatewayResponseDate": now,
        "centerRequestDate": now,
        "centerResponseDate": now,
        "pending": "0",
        "loopback": "0",
        "connectedCenterId": body.text("cardCenter") or "jcn",
        "reqCardNumber": tokens.masked(number),
        "reqCardExpire": "**/**",
        "reqAmount": str(amount),
        "reqAcquirerCode": body.text("acquirerCode"),
        "reqItemCode": body.text("itemCode"),
        "reqJpoInformation": body.text("jpo") or "10",
        "reqWithCapture": body.text("withCapture"),
        "resAuthCode": order.own.get("auth_code"),
        "acquirerCode": body.text("acquirerCode") or "01",
    }
    own = {"reqAmount": str(amount), "reqCardNumber": tokens.masked(number)}
    answer = Answer(fields, amount=amount, own=own, beside=members.describe(call.gateway, order))
    if answer.beside:
        answer.blocks = ("A001", "X001")
    return answer


SERVICE = Service(
    name="card",
    title="Cards",
    ok="A001",
    commands={
        "Authorize": Command(authorize, On.NEW, check_payment),
        "Capture": Command(capture, On.KNOWN, check_amount),
        "Cancel": Command(cancel, On.KNOWN, check_amount),
        "ReAuthorize": Command(reauthorize, On.NEW, check_payment),
        "Retry": Command(retry),
    },
    steps=STEPS,
    serves=frozenset({"mpi"}),
)
