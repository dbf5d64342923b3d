"""What the customer does at the card issuer's, and what the merchant then hears of it.

Document: flow guide 2.2.2, facts of the kit, mpi and browser results. Assumed: which status
of an authentication lets which variant pay (mpi-complete Y; mpi-company Y and A; mpi-merchant
Y, A and U), and what the browser carries without verifyResultLink: RequestId alone.
"""

from __future__ import annotations

from typing import NamedTuple

from starlette.responses import Response

from ..clock import JST
from . import card, pages, push, tokens
from .gateway import Gateway
from .pages import Visit
from .results import CODES, Mstatus, v_result_code
from .service import Answer
from .state import Later, Order, Transaction


class Choice(NamedTuple):
    """What can come of an authentication: its status, and what the card company then says."""

    label: str
    status: str  # Y, A, U, N; "" is a customer who gave up
    challenge: bool = False
    card: str | None = None
    away: bool = False  # the browser never comes back


CHOICES: dict[str, Choice] = {
    "success": Choice("Authenticated without a challenge", "Y"),
    "challenge": Choice("Authenticated by a challenge", "Y", challenge=True),
    "attempt": Choice("Attempted: the issuer takes no part", "A"),
    "unavailable": Choice("Not possible to authenticate", "U"),
    "fail": Choice("Not authenticated", "N", challenge=True),
    "cancel": Choice("The customer gives up the challenge", "", challenge=True),
    "decline": Choice("Authenticated, and the card is declined", "Y", card="AG44"),
    "pending": Choice("Authenticated, and the card company does not say", "Y", card="ZW00"),
    "away": Choice("Authenticated, and the browser never comes back", "Y", away=True),
}
_PAYS = {"mpi-complete": "Y", "mpi-company": "YA", "mpi-merchant": "YAU", "mpi-none": "YAU"}
_REFUSED = {"": "GE02", "N": "GE01", "A": "GE03", "U": "GE03"}
_ECI = {"Y": "05", "A": "06", "U": "07"}


def visit(page: Visit) -> Response:
    """The issuer's page: a choice, and the way back once it is made."""
    order, gateway = page.order, page.gateway
    if "start" in page.query and "seen" not in page.page.own:
        age = (gateway.clock.now - page.page.opened).total_seconds()
        if age > gateway.settings.start_seconds:
            return pages.said("Too late", "authStartUrl lives for 3 minutes.", 410)
    page.page.own["seen"] = True
    if page.page.own.get("closed"):
        return pages.said("This page is gone", "The browser was closed.", 410)
    if order.status != "STARTED":
        return _back(gateway, order)
    outcome = page.outcome
    if outcome is None:
        labels = [(name, choice.label) for name, choice in CHOICES.items()]
        return pages.choice("3-D Secure", order, [*labels, ("abandon", "Close the browser")])
    if outcome == "abandon":
        page.page.own["closed"] = True
        return pages.said("The browser was closed", "The merchant hears nothing of it.")
    if outcome not in CHOICES:
        return pages.unknown_outcome([*CHOICES, "abandon"])
    choice = CHOICES[outcome]
    decide(gateway, order, choice)
    if choice.away:
        page.page.own["closed"] = True
        return pages.said("Done", "The browser never goes back to the merchant.")
    return _back(gateway, order)


def give_up(gateway: Gateway, order: Order) -> None:
    """verifyTimeout is over, and nobody has been authenticated."""
    if order.status == "STARTED":
        decide(gateway, order, CHOICES["cancel"])


def decide(gateway: Gateway, order: Order, choice: Choice) -> None:
    """End the authentication, pay if it allows to, and tell the merchant's server."""
    own = order.own
    challenged = choice.challenge or own["challenge"]
    own["txn_type"] = "VerifyNotify" if challenged else "AuthorizeConfirm"
    own["ddd"] = _values(gateway, choice.status)
    blocks = [_refusal(order, choice.status) or "G011"]
    own["mpi"] = CODES[blocks[0]].mstatus
    if own["mpi"] == "success" and order.option != "mpi-none":
        blocks.append(_pay(gateway, order, choice.card))
    elif own["mpi"] == "success":
        gateway.step(order, "AUTHENTICATED")
    else:
        gateway.step(order, "FAILED")
    own["block"] = blocks[0]
    gateway.note(
        order,
        own["txn_type"],
        mstatus=own["mpi"],
        code=v_result_code(blocks[0]),
        amount=order.amount,
        kind="mpi",
    )
    if len(blocks) > 1:
        _note_card(gateway, order, blocks[1])
    fields = {
        "vResultCode": code_of(order),
        "txnType": own["txn_type"],
        "mpiMstatus": own["mpi"],
        "cardMstatus": card_mstatus(order) or "",
    }
    push.send(gateway, order, fields)


def _refusal(order: Order, status: str) -> str | None:
    allowed = _PAYS.get(order.option or "", "Y")
    return None if status and status in allowed else _REFUSED.get(status, "GE01")


def _pay(gateway: Gateway, order: Order, said: str | None) -> str:
    """Have the card company decide; gives its block of the vResultCode."""
    code = said or tokens.EXPIRES.get(order.own["card"][1]) or "A001"
    mstatus = CODES[code].mstatus
    order.own["center"] = f"{gateway.clock.now.astimezone(JST):%Y%m%d%H%M%S}"
    if mstatus == "success":
        card.take(gateway, order, capture=order.own["capture"])
    else:
        gateway.step(order, "PENDING" if mstatus == "pending" else "FAILED")
    return code


def _note_card(gateway: Gateway, order: Order, code: str) -> None:
    own = {"reqAmount": str(order.amount), "reqCardNumber": tokens.masked(order.own["card"][0])}
    mstatus = CODES[code].mstatus
    transaction = gateway.note(
        order, "Authorize", mstatus=mstatus, code=code, amount=order.amount, kind="card", own=own
    )
    order.own["payment"] = transaction
    if mstatus != "pending":
        return

    def apply() -> Answer:
        card.take(gateway, order, capture=order.own["capture"])
        return Answer(blocks=("A001",))

    order.later = Later(transaction=transaction, apply=apply)


def card_mstatus(order: Order) -> Mstatus | None:
    """What came of the card payment by now, or None when none was made."""
    payment: Transaction | None = order.own.get("payment")
    return None if payment is None else payment.mstatus


def code_of(order: Order) -> str | None:
    """The vResultCode of authentication and payment together, or None before there is one."""
    payment: Transaction | None = order.own.get("payment")
    if "block" not in order.own:
        return None
    return v_result_code(order.own["block"], "" if payment is None else payment.code[:4])


def _values(gateway: Gateway, status: str) -> dict[str, str]:
    """What proves the authentication, for mpi-none to hand on; the CAVV is nobody's."""
    return {
        "dddMessageVersion": "2.2.0",
        "dddTransactionId": gateway.ids.base32("dddTransactionId", 28),
        "dddDsTransactionId": gateway.ids.uuid("dddDsTransactionId"),
        "dddServerTransactionId": gateway.ids.uuid("dddServerTransactionId"),
        "dddTransactionStatus": status or "N",
        "dddCavvAlgorithm": "2",
        "dddCavv": gateway.ids.base32("dddCavv", 27) + "=",
        "dddEci": _ECI.get(status, "07"),
    }


def result(order: Order) -> dict[str, str | None]:
    """What GetResult and the browser tell alike; None where there is nothing."""
    own, mstatus = order.own, card_mstatus(order)
    paid = mstatus is not None
    return {
        "reqAmount": str(order.amount),
        "reqCardNumber": tokens.masked(own["card"][0]),
        "reqCurrencyUnit": "jpy",
        "mpiMstatus": own.get("mpi"),
        "cardMstatus": mstatus,
        "cardTransactionType": card.TYPES.get(order.status) if paid else None,
        "centerRequestDate": own.get("center"),
        "centerResponseDate": own.get("center"),
        "connectedCenterId": "jcn" if paid else None,
        "acquirerCode": "01" if paid else None,
        "authCode": own.get("auth_code"),
    }


def _back(gateway: Gateway, order: Order) -> Response:
    """The browser goes home, with the same fields however often it does."""
    own = order.own
    link, uri = own["link"], own["redirection_uri"]
    if link != "1":
        fields = {"RequestId": str(own["request_id"])}
        return pages.by_get(uri, fields) if link == "2" else pages.by_post(uri, fields)
    if "back" not in own:
        told = result(order)
        code = told.pop("cardMstatus")
        values = {
            "RequestId": own["request_id"],
            "OrderId": order.order_id,
            **told,
            "vResultCode": code_of(order),
            "cardMstatus": code,
            "tradUrl": None,
            "fdResult": None,
        }
        if order.option == "mpi-none":
            values |= {n: v for n, v in own["ddd"].items() if n in RETURNED}
        own["back"] = pages.v_signed(gateway, {n: v or "" for n, v in values.items()})
    return pages.by_post(uri, own["back"])


RETURNED = frozenset(
    {"dddMessageVersion", "dddTransactionId", "dddTransactionStatus", "dddCavvAlgorithm",
     "dddCavv", "dddEci"}
)  # fmt: skip
