"""Monthly charges of carrier billing: made by the gateway and the carrier by themselves.

Document: flow guide 2-9, which says that each month's result is told by PUSH, success or
failure. Assumed: the charge is made at 9 o'clock of its day; the first on mpFirstDate, the next
on mpDay (99: the last) of each month after it; a month that failed is not tried again, and
the agreement goes on; with withCapture false a month is held and waits for Capture; the record
has txnType Capture and names the month and its amount (month, amount: names of ours).
What becomes of a charge is the happening `carrierCharge` of POST /_mock/next
(`{"operation": "carrierCharge", "provider": "WG04"}`).
"""

from __future__ import annotations

import calendar
import re
from datetime import date, datetime, time

from ..clock import JST
from . import books, journeys, wallets
from .gateway import Gateway
from .results import CODES, RefusalError
from .state import Order

MONTHLY = "1"
CHARGE = "carrierCharge"
_AT = time(9, tzinfo=JST)
_MONTH = re.compile(r"20[0-9]{2}(0[1-9]|1[0-2])")


def plan(order: Order, first: date, day: str) -> None:
    """Remember when to charge. `day` is 1 to 28, or 99."""
    months: dict[str, Order | None] = {}  # None: failed
    order.own |= {"first": first, "day": int(day), "months": months, "skipped": set[str]()}
    order.info |= {"mpFirstDate": f"{first:%Y%m%d}", "mpDay": day}


def begin(gateway: Gateway, order: Order, wallet: wallets.Wallet) -> None:
    """The customer has agreed: the first charge is on its day, or with the clock's next move."""
    _wait(gateway, order, wallet, order.own["first"])


def _wait(gateway: Gateway, order: Order, wallet: wallets.Wallet, day: date) -> None:
    order.own["next"] = f"{day:%Y%m}"
    gateway.clock.call_at(datetime.combine(day, _AT), lambda: _charge(gateway, order, wallet, day))


def _charge(gateway: Gateway, order: Order, wallet: wallets.Wallet, day: date) -> None:
    """Charge one month, unless it was cancelled before, and tell of it."""
    if order.status != "ACTIVE":
        return
    month = f"{day:%Y%m}"
    if month not in order.own["skipped"]:
        code = journeys.fate(gateway, CHARGE, wallet.ok)
        mstatus = CODES[code].mstatus
        if mstatus == "pending":
            code, mstatus = wallet.refused, "failure"  # the gateway tells success and failure
        order.own["months"][month] = _taken(gateway, order, month) if mstatus == "success" else None
        gateway.note(order, "Capture", mstatus=mstatus, code=code, amount=order.amount)
        wallets.tell(gateway, order, wallet, "Capture", code, month=month, amount=str(order.amount))
    _wait(gateway, order, wallet, _following(day, order.own["day"]))


def _following(day: date, on: int) -> date:
    """The charge after the one of `day`: in the next month, on its day or its last."""
    year, month = (day.year + 1, 1) if day.month == 12 else (day.year, day.month + 1)
    return date(year, month, min(on, calendar.monthrange(year, month)[1]))


def _taken(gateway: Gateway, order: Order, month: str) -> Order:
    """One month's payment. It has books of its own, under orderId and month."""
    payment = Order(
        order_id=f"{order.order_id} {month}",
        service=order.service,
        dummy=order.dummy,
        created=gateway.clock.now,
        updated=gateway.clock.now,
        amount=order.amount,
        option=order.option,
        original=order,
    )
    books.authorize(gateway, payment, order.amount or 0, capture=order.own["capture"])
    return payment


def to_come(order: Order, month: str) -> bool:
    """Whether a month is still to be charged. Raises RefusalError ZF01 for one that is none."""
    if not _MONTH.fullmatch(month):
        raise RefusalError("ZF01", "cancelMonth")
    return order.status == "ACTIVE" and month >= order.own["next"]


def skip(order: Order, month: str) -> None:
    """Do not charge a month. Raises RefusalError NH02 if that has been said before."""
    if month in order.own["skipped"]:
        raise RefusalError("NH02")
    order.own["skipped"].add(month)


def charged(order: Order, month: str) -> Order:
    """The payment of a month. Raises RefusalError NH02 if nothing was charged in it."""
    months: dict[str, Order | None] = order.own.get("months", {})  # none: never applied for
    payment = months.get(month)
    if payment is None:
        raise RefusalError("NH02")
    return payment
