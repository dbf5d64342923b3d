"""Money and status moving together: each function posts, steps, and has the books audited.

What the ledger must say for a state is worked out from the order alone (`expected`), so a
posting made twice, or forgotten, is found at once.
"""

from __future__ import annotations

from datetime import timedelta
from typing import NamedTuple

from .. import reservation
from ..ledger import Account
from .gateway import Gateway
from .results import ResultError
from .state import Kind, Order


class Expected(NamedTuple):
    """Yen of one order on each account of the gateway's side."""

    hold: int
    merchant: int


def expected(order: Order) -> Expected:
    """What the ledger must say about an order in its state."""
    amount = order.amount or 0
    if order.kind is not Kind.AGREEMENT:
        if order.status == "AUTHORIZED":
            return Expected(amount if order.hold_until is not None else 0, 0)
        if order.status == "CAPTURED":
            return Expected(0, amount)
    return Expected(0, 0)


def audit(gateway: Gateway, order: Order) -> None:
    """Compare ledger and order. Raises LedgerError."""
    gateway.ledger.expect(order.fep_order_id, **expected(order)._asdict())


def post(
    gateway: Gateway, order: Order, reason: str, source: Account, target: Account, amount: int
) -> None:
    """Move yen for an order; the caller audits once status and amount are set."""
    gateway.ledger.post(gateway.clock.now, order.fep_order_id, reason, source, target, amount)


def settle(gateway: Gateway, order: Order) -> None:
    """The consumer has paid: hold the amount, or take it if that was asked for."""
    target = Account.HOLD if order.hold else Account.MERCHANT
    post(gateway, order, "paid", Account.CUSTOMER, target, order.amount or 0)
    if order.hold:
        _start_hold(gateway, order)
    gateway.step(order, "AUTHORIZED" if order.hold else "CAPTURED")
    audit(gateway, order)


def _start_hold(gateway: Gateway, order: Order) -> None:
    until = gateway.clock.now + timedelta(days=gateway.settings.hold_days)
    reservation.start(gateway.clock, order, until, lambda: _release_hold(gateway, order))


def _release_hold(gateway: Gateway, order: Order) -> None:
    """Give the money back when the hold has run out; the status stays."""
    if order.status == "AUTHORIZED" and order.hold_until is not None:
        post(gateway, order, "hold ends", Account.HOLD, Account.CUSTOMER, order.amount or 0)
        order.hold_until = None
        order.changes += 1
        audit(gateway, order)


def check_hold(order: Order) -> None:
    """Raises ResultError UA-REQ-006 when the hold has run out."""
    if order.hold_until is None:
        raise ResultError("UA-REQ-006")


def capture(gateway: Gateway, order: Order, amount: int) -> None:
    """Take `amount` of what is held and give the rest back."""
    rest = (order.amount or 0) - amount
    post(gateway, order, "capture", Account.HOLD, Account.MERCHANT, amount)
    if rest:
        post(gateway, order, "capture", Account.HOLD, Account.CUSTOMER, rest)
    reservation.drop(order)
    order.amount = amount
    gateway.step(order, "CAPTURED")
    audit(gateway, order)


def change(gateway: Gateway, order: Order, amount: int) -> None:
    """Hold `amount` from now on, for as long as a new hold lasts."""
    before = order.amount or 0
    if amount > before:
        post(gateway, order, "update", Account.CUSTOMER, Account.HOLD, amount - before)
    elif amount < before:
        post(gateway, order, "update", Account.HOLD, Account.CUSTOMER, before - amount)
    order.amount = amount
    _start_hold(gateway, order)
    gateway.step(order, "AUTHORIZED")
    audit(gateway, order)


def cancel(gateway: Gateway, order: Order, amount: int) -> None:
    """Give `amount` back: all of a hold, or all or a part of what was captured."""
    books = expected(order)
    if books.hold:
        post(gateway, order, "cancel", Account.HOLD, Account.CUSTOMER, books.hold)
    if books.merchant:
        post(gateway, order, "cancel", Account.MERCHANT, Account.CUSTOMER, amount)
    order.amount = (order.amount or 0) - amount
    whole = order.amount == 0 or order.status == "AUTHORIZED"
    if whole:
        reservation.drop(order)
        order.amount = 0
    gateway.step(order, "CANCELLED" if whole else "CAPTURED")
    audit(gateway, order)
