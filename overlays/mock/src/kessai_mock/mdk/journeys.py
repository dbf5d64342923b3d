"""A customer's way over a page: a choice is made, the order lands, the browser goes home.

Services differ in what a choice does and how the browser comes back; the way itself is the
same for all of them, and `visit` is the `Service.visit` of each. Also what their commands
share: states, amounts, times, and what scripts decide.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import cast

from starlette.responses import Response

from ..clock import JST
from . import books, pages
from .card import amount_of
from .gateway import Gateway
from .results import CODES, RefusalError, message, v_result_code
from .service import Answer, Call, decided
from .state import Order

CHOICES = {
    "success": "Pay (支払う)",
    "cancel": "Cancel (キャンセル)",
    "fail": "Fail (失敗)",
}
AWAY = "away"
ABANDON = "abandon"
_ALWAYS = {
    AWAY: "Pay, and the browser never comes back",
    ABANDON: "Close the browser (離脱)",
}


@dataclass(slots=True, kw_only=True)
class Journey:
    """One way over a page. `land` carries a choice out, `home` is the way back after it.

    `waits` says whether there is something to choose; once there is not, the page sends the
    browser home again. `opened` is told of every look at it. `choices` without success have
    no AWAY, whose choice that is.
    """

    title: str
    waits: Callable[[], bool]
    land: Callable[[str], None]
    home: Callable[[], Response]
    choices: Mapping[str, str]
    opened: Callable[[], None] | None = None
    closed: bool = False


def begin(call: Call, order: Order, journey: Journey) -> str:
    """The address of a new page for the journey."""
    return pages.open_page(call, order, journey=journey)


def visit(visit: pages.Visit) -> Response:
    """Show the page, or carry a choice out; the `visit` of every service with journeys."""
    journey = cast("Journey", visit.page.own["journey"])
    if journey.closed:
        return pages.said("This page is gone", "The browser was closed.", 410)
    if journey.waits() and journey.opened is not None:
        journey.opened()
    if not journey.waits():
        return journey.home()
    offered = dict(journey.choices)
    offered |= {
        name: label for name, label in _ALWAYS.items() if name != AWAY or "success" in offered
    }
    outcome = visit.outcome
    if outcome is None:
        return pages.choice(journey.title, visit.order, offered.items())
    if outcome not in offered:
        return pages.unknown_outcome(offered)
    if outcome == ABANDON:
        journey.closed = True
        return pages.said("The browser was closed", "The merchant hears nothing of it.")
    journey.land("success" if outcome == AWAY else outcome)
    if outcome == AWAY:
        journey.closed = True
        return pages.said("Done", "The browser never goes back to the merchant.")
    return journey.home()


def nowhere() -> Response:
    """The end of a way that leads back to nobody: no address was given."""
    return pages.said("Done", "The merchant gave no address to go back to.")


def result(order: Order, code: str) -> dict[str, str]:
    """What a browser brings back of a payment, wherever it was made."""
    return {
        "mstatus": CODES[code].mstatus,
        "vResultCode": v_result_code(code),
        "merrMsg": message(code),
        "orderId": order.order_id,
        "serviceType": order.service,
        "custTxn": order.transactions[-1].txn_id,
    }


def in_state(order: Order, *statuses: str) -> None:
    """Raises RefusalError NH02 unless the order is in one of these."""
    if order.status not in statuses:
        raise RefusalError("NH02")


def needs(*names: str) -> Callable[[Call], None]:
    """A check that these members are there, and an amount is not nought (ZF01)."""

    def check(call: Call) -> None:
        amount_of(call)
        need(call, *names)

    return check


def need(call: Call, *names: str) -> None:
    """Raises RefusalError ZF01 for the first member that is not there."""
    for name in names:
        if not call.body.has(name):
            raise RefusalError("ZF01", name)


def part(call: Call, most: int) -> int:
    """The request's amount, or all. Raises RefusalError ZF02 for more than there is."""
    amount = amount_of(call)
    if amount is not None and amount > most:
        raise RefusalError("ZF02", "amount")
    return most if amount is None else amount


def capture(call: Call, order: Order, done: Callable[[int], Answer]) -> Answer:
    """Capture what is held, or a part; the rest is given back. `done` answers to the amount.

    Raises RefusalError NH02 for an order that holds nothing, ZF02 for more than it holds.
    """
    in_state(order, "AUTHORIZED")
    amount = part(call, order.held)

    def apply() -> Answer:
        in_state(order, "AUTHORIZED")
        books.capture(call.gateway, order, amount)
        return done(amount)

    return decided(call, order, apply)


def yes(call: Call, name: str) -> bool:
    """Whether a member says "true"; absent means no (assumed)."""
    return call.body.text(name) == "true"


def stamp(gateway: Gateway, hours: int = 0) -> str:
    """Now as YYYYMMDDhhmmss, in Japan's time or so many hours off it."""
    return moment(gateway.clock.now + timedelta(hours=hours))


def moment(at: datetime) -> str:
    """A moment as YYYYMMDDhhmmss in Japan's time."""
    return f"{at.astimezone(JST):%Y%m%d%H%M%S}"


def fate(gateway: Gateway, happening: str, ordinary: str) -> str:
    """The code a script has for what happens now by itself; else the ordinary one."""
    script = gateway.scripts.take(happening, wildcard=False)
    if script is None:
        return ordinary
    return script.provider or script.outcome or ordinary
