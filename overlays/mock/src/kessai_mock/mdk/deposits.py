"""What is paid in by the customer, at a till, a machine or a bank, until a last moment.

An application is APPLIED until the money has come (PAID), it is withdrawn, or time is up.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from ..admin import AdminError
from . import books, push
from .gateway import Gateway
from .state import Order

STEPS = {
    "": "APPLIED FAILED PENDING",
    "PENDING": "APPLIED FAILED",
    "APPLIED": "PAID EXPIRED",
}


def apply_for(gateway: Gateway, order: Order, until: datetime) -> None:
    """Wait for the money until `until`, inclusive of its minute."""
    gateway.step(order, "APPLIED")
    gateway.clock.call_at(until + timedelta(minutes=1), lambda: _expire(gateway, order))


def _expire(gateway: Gateway, order: Order) -> None:
    if order.status == "APPLIED":
        gateway.step(order, "EXPIRED")


def check(order: Order, amount: int | None) -> None:
    """Raises AdminError when the money would not be taken."""
    if order.status != "APPLIED":
        raise AdminError(f"the order is {order.status} and waits for no payment")
    if amount is not None and amount != order.amount:
        raise AdminError(f"the amount is the order's own, {order.amount}; leave it out")


def receive(gateway: Gateway, order: Order, fields: Mapping[str, str | None]) -> None:
    """The money has come: tell the merchant with `fields` and the amount received.

    In Search's history it is called Deposit (assumed).
    """
    amount = order.amount or 0
    books.deposit(gateway, order, amount)
    gateway.note(order, "Deposit", amount=amount)
    push.send(gateway, order, {**fields, "rcvAmount": str(amount)})
