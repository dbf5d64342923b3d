"""Money and status moving together: each function posts, steps, and has the books audited.

What the ledger must say for a state is worked out from the order alone (`expected`), so a
posting made twice, or forgotten, is found at once.
"""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import NamedTuple

from .. import reservation
from ..clock import JST
from ..ledger import Account
from .gateway import Gateway
from .problem import ProblemError
from .state import ChargeType, Order, Purpose


class Expected(NamedTuple):
    """Yen of one order on each account of the gateway's side."""

    hold: int
    gateway: int
    merchant: int


def expected(order: Order) -> Expected:
    """What the ledger must say about an order in its state."""
    amount = order.amount or 0
    if order.charge_type is ChargeType.CASH:
        return Expected(0, 0, order.deposited)
    if order.purpose is not Purpose.CHARGE:
        return Expected(0, 0, 0)
    if order.status == "AUTH":
        return Expected(amount if order.hold_until is not None else 0, 0, 0)
    if order.status in {"CAPTURE", "SALES"}:
        return Expected(0, 0, amount)
    if order.status == "REQRETURN":
        return Expected(0, amount, 0)
    return Expected(0, 0, 0)


def audit(gateway: Gateway, order: Order) -> None:
    """Compare ledger and order. Raises LedgerError."""
    gateway.ledger.expect(order.access_id, **expected(order)._asdict())


def post(
    gateway: Gateway, order: Order, reason: str, source: Account, target: Account, amount: int
) -> None:
    """Move yen for an order; the caller audits once status and amount are set."""
    gateway.ledger.post(gateway.clock.now, order.access_id, reason, source, target, amount)


def end_of_hold(gateway: Gateway) -> datetime:
    """Until when an authorization made now can be captured: 23:59:59, 60 days from today."""
    day = gateway.clock.now.astimezone(JST).date() + timedelta(days=gateway.settings.hold_days)
    return datetime.combine(day, time(23, 59, 59), tzinfo=JST)


def _start_hold(gateway: Gateway, order: Order) -> None:
    reservation.start(
        gateway.clock,
        order,
        end_of_hold(gateway),
        lambda: _release_hold(gateway, order),
        grace=timedelta(seconds=1),
    )


def _release_hold(gateway: Gateway, order: Order) -> None:
    """Give the reserved money back when the authorization has run out; the status stays."""
    if order.status == "AUTH" and order.hold_until is not None:
        post(gateway, order, "hold ends", Account.HOLD, Account.CUSTOMER, order.amount or 0)
        order.hold_until = None
        audit(gateway, order)


def _held(order: Order) -> None:
    """Raises ProblemError transaction_expired when the authorization has run out."""
    if order.hold_until is None:
        raise ProblemError("transaction_expired", "The authorization has expired.(accessId)")


def authorize(gateway: Gateway, order: Order, mode: str) -> None:
    """Take the order's amount: hold it (AUTH) or pay it to the merchant (CAPTURE)."""
    target = Account.HOLD if mode == "AUTH" else Account.MERCHANT
    post(gateway, order, mode, Account.CUSTOMER, target, order.amount or 0)
    if mode == "AUTH":
        _start_hold(gateway, order)
    order.mode = mode
    order.acted = gateway.clock.now
    order.failure = None
    gateway.step(order, mode)
    audit(gateway, order)


def capture(gateway: Gateway, order: Order) -> None:
    """Turn a hold into a sale. Raises ProblemError transaction_expired after its end."""
    _held(order)
    post(gateway, order, "SALES", Account.HOLD, Account.MERCHANT, order.amount or 0)
    reservation.drop(order)
    order.acted = gateway.clock.now
    order.failure = None
    gateway.step(order, "SALES")
    audit(gateway, order)


def change(gateway: Gateway, order: Order, amount: int, status: str) -> None:
    """Change the amount and, for cards, whether it is held or sold.

    A card order that stays AUTH has its hold renewed. Raises ProblemError
    transaction_expired when the hold that would be changed has run out.
    """
    before = order.amount or 0
    if order.status == "AUTH":
        _held(order)
    source = Account.HOLD if order.status == "AUTH" else Account.MERCHANT
    target = Account.HOLD if status == "AUTH" else Account.MERCHANT
    if source is not target:
        post(gateway, order, "update", source, Account.CUSTOMER, before)
        post(gateway, order, "update", Account.CUSTOMER, target, amount)
    elif amount > before:
        post(gateway, order, "update", Account.CUSTOMER, target, amount - before)
    elif amount < before:
        post(gateway, order, "update", target, Account.CUSTOMER, before - amount)
    order.amount = amount
    order.acted = gateway.clock.now
    order.failure = None
    if status != "AUTH":
        reservation.drop(order)
    elif order.charge_type is ChargeType.CREDIT:
        _start_hold(gateway, order)
    gateway.step(order, status)
    audit(gateway, order)


def void(gateway: Gateway, order: Order, status: str = "CANCEL") -> None:
    """Give everything back and end the order."""
    books = expected(order)
    if books.hold:
        post(gateway, order, status, Account.HOLD, Account.CUSTOMER, books.hold)
    if books.merchant:
        post(gateway, order, status, Account.MERCHANT, Account.CUSTOMER, books.merchant)
    reservation.drop(order)
    order.amount = 0
    order.acted = gateway.clock.now
    order.failure = None
    gateway.step(order, status)
    audit(gateway, order)


def begin_refund(gateway: Gateway, order: Order) -> None:
    """Take the money back from the merchant; it reaches the customer later (REQRETURN)."""
    order.returning = order.status
    post(gateway, order, "REQRETURN", Account.MERCHANT, Account.GATEWAY, order.amount or 0)
    order.failure = None
    gateway.step(order, "REQRETURN")
    audit(gateway, order)


def end_refund(gateway: Gateway, order: Order, *, succeeded: bool) -> None:
    """Finish what `begin_refund` began: on to the customer, or back to the merchant."""
    target = Account.CUSTOMER if succeeded else Account.MERCHANT
    status = "RETURN" if succeeded else (order.returning or "CAPTURE")
    post(gateway, order, status, Account.GATEWAY, target, order.amount or 0)
    if succeeded:
        order.amount = 0
    gateway.step(order, status)
    audit(gateway, order)


def deposit(gateway: Gateway, order: Order, amount: int, status: str) -> None:
    """Cash paid in by the customer; deposits add up."""
    post(gateway, order, "deposit", Account.CUSTOMER, Account.MERCHANT, amount)
    order.deposited += amount
    gateway.step(order, status)
    audit(gateway, order)
