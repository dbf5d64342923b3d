"""Konbini: a number to pay by, until a last day.

Document: facts, Konbini; the konbini guide: the number stands in metadata once the charge is
awaiting, the slip's URL for Seven-Eleven only. The forms of the numbers are assumed but for
Family Mart's, which is the guide's. Pay-easy's collecting agency number is in no answer.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from ..clock import JST
from . import books
from .gateway import Gateway
from .problems import ProblemError, invalid
from .state import Charge
from .timing import at_time, hours_of

NUMBER = "internal_convenience_payment_number"
URL = "internal_convenience_payment_url"
EXPIRED = 327
_DEFAULT_HOURS, _MOST = 30 * 24, timedelta(days=31)
_WHOLE_DAYS = {"seven_eleven", "seico_mart", "pay_easy"}  # take no time of day from capture_at
_DIGITS = {"seven_eleven": 13, "lawson": 11, "mini_stop": 11, "seico_mart": 6, "pay_easy": 11}


def check(gateway: Gateway, capture_at: datetime | None) -> None:
    """Raises ProblemError for a last moment that is past, or more than 30 days away (assumed)."""
    if capture_at is None:
        return
    if capture_at <= gateway.clock.now:
        raise invalid("capture_at", "MUST_BE_FUTURE_TIME")
    if capture_at > gateway.clock.now + _MOST:
        raise ProblemError("PAYMENT_EXPIRATION_EXCEEDS_PERIOD")


def begin(gateway: Gateway, charge: Charge) -> None:
    """The application was taken: the number, and the time until which it can be paid."""
    chain = str(charge.token.data["convenience_store"])
    charge.instructions = {NUMBER: _number(gateway, chain)}
    if chain == "seven_eleven":
        charge.instructions[URL] = f"{charge.base}/pages/konbini/{charge.id}"
    charge.deadline = deadline(charge, by_day=chain in _WHOLE_DAYS)
    books.wait(gateway, charge)
    charge.timer = gateway.clock.call_at(
        charge.deadline, lambda: books.release(gateway, charge, "failed", EXPIRED)
    )


def deadline(charge: Charge, *, by_day: bool) -> datetime:
    """capture_at if there is one, else so many days after the day it was made.

    At 23:59:59 in Japan (the zone is assumed), or at the time the token names.
    """
    shift = charge.token.data.get("expiration_time_shift")
    if charge.capture_at is not None:
        if not by_day:
            return charge.capture_at.astimezone(JST)
        return at_time(charge.capture_at.astimezone(JST).date(), None)
    hours = hours_of(charge.token.data.get("expiration_period") or "") or _DEFAULT_HOURS
    day = (charge.created.astimezone(JST) + timedelta(days=hours // 24)).date()
    return at_time(day, shift)


def _number(gateway: Gateway, chain: str) -> str:
    digits = gateway.ids.digits
    if chain == "family_mart":
        return f"{digits('konbini', 5)}-{digits('konbini', 12)}"
    return digits("konbini", _DIGITS.get(chain, 11))
