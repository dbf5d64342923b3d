"""Money and status moving together: each function posts, steps, and has the books audited.

A charge says what it holds, what the merchant has of it and what is on its way back (`held`,
`taken`, `returning`); the ledger must say the same after every posting, so one made twice, or
forgotten, is found at once. The ledger counts in the currency's smallest unit.
"""

from __future__ import annotations

from datetime import timedelta

from .. import reservation
from ..ledger import Account
from . import notices
from .gateway import Gateway
from .problems import payment_error
from .state import Charge, Refund


def audit(gateway: Gateway, charge: Charge) -> None:
    """Raise unless the ledger says of a charge what the charge says of itself."""
    gateway.ledger.expect(
        charge.id, hold=charge.held, gateway=charge.returning, merchant=charge.taken
    )


def _post(
    gateway: Gateway, charge: Charge, reason: str, source: Account, target: Account, amount: int
) -> None:
    gateway.ledger.post(gateway.clock.now, charge.id, reason, source, target, amount)


def move(gateway: Gateway, charge: Charge, status: str) -> None:
    """Put a charge into another status and tell the merchant."""
    if charge.timer is not None:
        charge.timer.cancel()
        charge.timer = None
    gateway.step("charge", charge, status)
    audit(gateway, charge)
    notices.charge(gateway, charge)
    if charge.ended is not None:
        charge.ended()


def wait(gateway: Gateway, charge: Charge) -> None:
    """The customer can pay now. charged_* hold the requested amount already (the guide)."""
    charge.charged = charge.amount
    move(gateway, charge, "awaiting")


def hold(gateway: Gateway, charge: Charge) -> None:
    """Reserve the amount: authorized, for as long as a hold lasts."""
    _post(gateway, charge, "authorize", Account.CUSTOMER, Account.HOLD, charge.amount)
    charge.held = charge.charged = charge.amount
    until = gateway.clock.now + timedelta(days=gateway.settings.hold_days)
    reservation.start(gateway.clock, charge, until, lambda: release(gateway, charge, "failed", 313))
    move(gateway, charge, "authorized")


def take(gateway: Gateway, charge: Charge, amount: int | None = None) -> None:
    """The money has come: successful."""
    paid = charge.amount if amount is None else amount
    _post(gateway, charge, "pay", Account.CUSTOMER, Account.MERCHANT, paid)
    charge.taken = charge.charged = paid
    move(gateway, charge, "successful")


def deposit(gateway: Gateway, charge: Charge, amount: int) -> None:
    """Money that comes in by bank transfer, enough or not; the status is the caller's."""
    _post(gateway, charge, "deposit", Account.CUSTOMER, Account.MERCHANT, amount)
    charge.taken += amount
    audit(gateway, charge)


def capture(gateway: Gateway, charge: Charge, amount: int) -> None:
    """Take `amount` of what is held and give the rest back: successful."""
    rest = charge.held - amount
    _post(gateway, charge, "capture", Account.HOLD, Account.MERCHANT, amount)
    if rest:
        _post(gateway, charge, "capture", Account.HOLD, Account.CUSTOMER, rest)
    charge.held = 0
    charge.taken = charge.charged = amount
    reservation.drop(charge)
    move(gateway, charge, "successful")


def release(gateway: Gateway, charge: Charge, status: str, code: int | None = None) -> None:
    """End a charge without money: what was held, or came in part, goes back."""
    if charge.held:
        _post(gateway, charge, status, Account.HOLD, Account.CUSTOMER, charge.held)
        charge.held = 0
    if charge.taken:
        _post(gateway, charge, status, Account.MERCHANT, Account.CUSTOMER, charge.taken)
        charge.taken = 0
    reservation.drop(charge)
    if code is not None:
        charge.error = payment_error(code)
    move(gateway, charge, status)


def begin_refund(gateway: Gateway, charge: Charge, refund: Refund) -> None:
    """Money leaves the merchant, and is on its way."""
    _post(gateway, charge, "refund", Account.MERCHANT, Account.GATEWAY, refund.amount)
    charge.taken -= refund.amount
    charge.returning += refund.amount
    audit(gateway, charge)


def end_refund(gateway: Gateway, charge: Charge, refund: Refund, code: int | None) -> None:
    """Money reaches the customer, or comes back to the merchant with payment error `code`."""
    target = Account.CUSTOMER if code is None else Account.MERCHANT
    _post(gateway, charge, "refund ends", Account.GATEWAY, target, refund.amount)
    charge.returning -= refund.amount
    if code is None:
        charge.returned += refund.amount
    else:
        charge.taken += refund.amount
        refund.error = payment_error(code)
    gateway.step("refund", refund, "successful" if code is None else failing(code))
    audit(gateway, charge)
    notices.refund(gateway, charge, refund)


def failing(code: int) -> str:
    """The status a payment error leads to: `error` for those from 500 on (assumed)."""
    return "failed" if code < 500 else "error"
