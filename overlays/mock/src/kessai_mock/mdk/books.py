"""Money and status moving together: each function posts, steps, and has the books audited.

An order says what it holds and what the merchant has of it (`held`, `taken`); the ledger must
say the same after every posting, so one made twice, or forgotten, is found at once.
"""

from __future__ import annotations

from datetime import timedelta

from .. import reservation
from ..ledger import Account
from .gateway import Gateway
from .results import RefusalError
from .state import Order


def _audit(gateway: Gateway, order: Order) -> None:
    gateway.ledger.expect(order.order_id, hold=order.held, merchant=order.taken)


def _post(
    gateway: Gateway, order: Order, reason: str, source: Account, target: Account, amount: int
) -> None:
    gateway.ledger.post(gateway.clock.now, order.order_id, reason, source, target, amount)


def authorize(
    gateway: Gateway, order: Order, amount: int, *, capture: bool = False, status: str | None = None
) -> None:
    """Reserve yen, or with `capture` take them: AUTHORIZED or CAPTURED unless said otherwise."""
    target = Account.MERCHANT if capture else Account.HOLD
    _post(gateway, order, "authorize", Account.CUSTOMER, target, amount)
    if capture:
        order.taken += amount
    else:
        order.held += amount
        _start_hold(gateway, order)
    gateway.step(order, status or ("CAPTURED" if capture else "AUTHORIZED"))
    _audit(gateway, order)


def deposit(gateway: Gateway, order: Order, amount: int, status: str = "PAID") -> None:
    """Yen that the customer pays in, at a till, a bank or for a month; they add up."""
    _post(gateway, order, "deposit", Account.CUSTOMER, Account.MERCHANT, amount)
    order.taken += amount
    gateway.step(order, status)
    _audit(gateway, order)


def capture(gateway: Gateway, order: Order, amount: int, status: str = "CAPTURED") -> None:
    """Take `amount` of what is held and give the rest of it back.

    Raises RefusalError ZF02 for more than is held.
    """
    if amount > order.held:
        raise RefusalError("ZF02", "amount")
    rest = order.held - amount
    _post(gateway, order, "capture", Account.HOLD, Account.MERCHANT, amount)
    if rest:
        _post(gateway, order, "capture", Account.HOLD, Account.CUSTOMER, rest)
    order.held = 0
    order.taken += amount
    reservation.drop(order)
    gateway.step(order, status)
    _audit(gateway, order)


def change(
    gateway: Gateway,
    order: Order,
    amount: int,
    status: str = "AUTHORIZED",
    *,
    anew: bool = True,
) -> None:
    """Hold `amount` from now on, for as long as a new hold lasts, or without `anew` as before."""
    if amount > order.held:
        _post(gateway, order, "update", Account.CUSTOMER, Account.HOLD, amount - order.held)
    elif amount < order.held:
        _post(gateway, order, "update", Account.HOLD, Account.CUSTOMER, order.held - amount)
    order.held = amount
    if anew:
        _start_hold(gateway, order)
    gateway.step(order, status)
    _audit(gateway, order)


def cancel(
    gateway: Gateway,
    order: Order,
    amount: int | None = None,
    *,
    partly: str | None = None,
    status: str = "CANCELLED",
) -> int:
    """Give back all, or `amount` of what is held or taken; gives what is left.

    The status becomes `status` when nothing is left, else `partly` (default: as it was).
    Raises RefusalError ZF02 for more than there is.
    """
    account = Account.HOLD if order.held else Account.MERCHANT
    balance = order.held or order.taken
    amount = balance if amount is None else amount
    if amount > balance:
        raise RefusalError("ZF02", "amount")
    if amount:
        _post(gateway, order, "cancel", account, Account.CUSTOMER, amount)
    if account is Account.HOLD:
        order.held -= amount
    else:
        order.taken -= amount
    if not order.held:
        reservation.drop(order)
    gateway.step(order, (partly or order.status) if balance > amount else status)
    _audit(gateway, order)
    return balance - amount


def _start_hold(gateway: Gateway, order: Order) -> None:
    until = gateway.clock.now + timedelta(days=gateway.settings.hold_days)
    reservation.start(gateway.clock, order, until, lambda: _release(gateway, order))


def _release(gateway: Gateway, order: Order) -> None:
    """Give the money back when the hold has run out: EXPIRED."""
    if order.held:
        _post(gateway, order, "hold ends", Account.HOLD, Account.CUSTOMER, order.held)
        order.held = 0
    reservation.drop(order)
    gateway.step(order, "EXPIRED")
    _audit(gateway, order)
