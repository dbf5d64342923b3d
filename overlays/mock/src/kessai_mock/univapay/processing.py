"""What becomes of a charge by itself: processed after a moment, paid by the customer, or late.

Document: facts, Charge (statuses), Test mode (cards, addresses that make a payment fail), Other
methods. How long each step takes, and which failures the test cards have, is assumed.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from . import bank, books, konbini
from .gateway import Gateway
from .problems import PAYMENT_ERRORS, invalid
from .state import Charge, Token

DECLINED_CARD, NO_REFUND_CARD = "4111111111111111", "4242424242424242"
DECLINED, REFUND_FAILED, TOO_MANY, NOT_AUTHENTICATED = 306, 329, 311, 358
_ON_DEMAND = re.compile(r"\+charge-failure-([0-9]{3})\Z")
_WAITING = {"konbini", "bank_transfer", "online", "qr_merchant"}
_NEVER_ON_DEMAND = ("4", "6")
_CHALLENGED = {"require", "force"}


def fate_of(token: Token) -> int | None:
    """The payment error a token's charges end with: its cardholder was not recognized (assumed),
    or in test mode its address or card says so."""
    if token.shown("three_ds").get("status") in {"failed", "error"}:
        return NOT_AUTHENTICATED
    if token.mode != "test":
        return None
    local = (token.email or "").partition("@")[0]
    found = _ON_DEMAND.search(local)
    if found is not None and not found[1].startswith(_NEVER_ON_DEMAND):
        code = int(found[1])
        return code if code in PAYMENT_ERRORS else None
    return DECLINED if token.card == DECLINED_CARD else None


def begin(gateway: Gateway, charge: Charge) -> None:
    """A new charge: pending, and processed after a moment."""
    gateway.charges[charge.id] = charge
    gateway.step("charge", charge, "pending")
    books.audit(gateway, charge)
    seconds = gateway.settings.processing_seconds
    charge.timer = gateway.after(seconds, lambda: process(gateway, charge))


def process(gateway: Gateway, charge: Charge) -> None:
    """What the processor says to a pending charge."""
    payment_type = charge.token.payment_type
    if charge.fate is not None:
        books.release(gateway, charge, books.failing(charge.fate), charge.fate)
    elif payment_type == "konbini":
        konbini.begin(gateway, charge)
    elif payment_type == "bank_transfer":
        bank.begin(gateway, charge)
    elif payment_type in _WAITING or challenged(charge):
        charge.challenge = payment_type == "card"
        _show_code(gateway, charge)
        _await(gateway, charge)
    else:
        settle(gateway, charge)


def challenged(charge: Charge) -> bool:
    """Whether the cardholder is asked: by this charge's mode, or the token's 3-D Secure."""
    if charge.token.payment_type != "card":
        return False
    mode = (charge.three_ds or {}).get("mode")
    return mode in _CHALLENGED


def _show_code(gateway: Gateway, charge: Charge) -> None:
    """A code to be shown is there once the charge is awaiting."""
    token = charge.token
    if token.payment_type == "qr_merchant":
        token.data = {**token.data, "qr_image_url": f"{charge.base}/pages/online/{charge.id}"}


def _await(gateway: Gateway, charge: Charge) -> None:
    """The customer has 5 minutes (payment error 327), in an app or at the card's issuer."""
    books.wait(gateway, charge)
    charge.timer = gateway.after(
        gateway.settings.pay_seconds,
        lambda: books.release(gateway, charge, "failed", konbini.EXPIRED),
    )


def settle(gateway: Gateway, charge: Charge) -> None:
    """The customer has paid, or the card company agreed: taken, or of a card only held."""
    at = charge.capture_at
    if charge.token.payment_type != "card" or (charge.capture and at is None):
        books.take(gateway, charge)
        return
    books.hold(gateway, charge)
    if charge.capture and at is not None:
        charge.timer = gateway.clock.call_at(
            at, lambda: books.capture(gateway, charge, charge.held)
        )


def refuse(gateway: Gateway, charge: Charge, code: int) -> None:
    """The customer gave up, or failed to be recognized."""
    books.release(gateway, charge, books.failing(code), code)


def check_capture_at(gateway: Gateway, moment: datetime | None) -> None:
    """Raises ProblemError for a card's capture_at that is refused.

    Half an hour and 14 days on are refused, the next midnight is not (facts); the bounds between
    them, an hour and 7 days, are assumed.
    """
    if moment is None:
        return
    now = gateway.clock.now
    if not now + timedelta(hours=1) <= moment <= now + timedelta(days=7):
        raise invalid("capture_at", "INVALID_SCHEDULED_CAPTURE_DATE")
