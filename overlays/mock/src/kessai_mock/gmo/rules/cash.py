"""Rules for cash: what each way of paying wants, and how long it may take.

Document: OpenAPI type 1.5.1, /cash/charge; limits per method in facts 4.2.
"""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import NamedTuple

from ...clock import JST
from ..body import Body
from ..problem import invalid, missing
from . import text


class Terms(NamedTuple):
    """How long the customer has: until a moment, or a number of days, or neither."""

    until: datetime | None
    days: int | None


class _Limit(NamedTuple):
    days: int  # the longest paymentPeriod
    lifted: bool  # whether 999 is taken, as the longest period
    until: int | None  # paymentExpiryDateTime: up to 00:00 of this day from today


_LIMITS: dict[str, _Limit] = {
    "SEVEN_ELEVEN": _Limit(150, lifted=True, until=None),
    "LAWSON": _Limit(180, lifted=True, until=181),
    "MINISTOP": _Limit(180, lifted=True, until=181),
    "SEICOMART": _Limit(180, lifted=True, until=181),
    "FAMILYMART": _Limit(60, lifted=True, until=61),
    "PAYEASY": _Limit(60, lifted=False, until=61),
    "BANK_TRANSFER_SMBC": _Limit(99, lifted=False, until=None),
    "BANK_TRANSFER_GMO_AOZORA": _Limit(999, lifted=True, until=None),
}


def check(body: Body, now: datetime) -> Terms:
    """cash/charge. Gives how long the customer has. Raises ProblemError."""
    information = body.inside("cashInformation")
    method = information.need("cashType")
    options = information.child("cashOptions") or Body({}, information.where("cashOptions"))
    shop = method
    if method == "KONBINI":
        shop = options.need("konbiniCode")
    if method in {"KONBINI", "PAYEASY"}:
        body.need("payer", "nameKana")
        phones = body.children("payer", "phones")
        if not any(phone.has("number") for phone in phones):
            raise missing("payer.phones[0].number")
    _check_display(information)
    return _terms(options, shop, now)


def _check_display(information: Body) -> None:
    display = information.child("displayInformation")
    if display is None:
        return
    for number in range(1, 9):
        text.full_width(display, f"registerDisplay{number}")
        text.size(display, 48, f"registerDisplay{number}")
    for number in range(1, 11):
        text.full_width(display, f"receiptDisplay{number}")
        text.size(display, 90, f"receiptDisplay{number}")


def _terms(options: Body, shop: str, now: datetime) -> Terms:
    limit = _LIMITS[shop]
    moment = options.text("paymentExpiryDateTime")
    if moment is not None:
        # It wins over paymentPeriod, which is then not looked at.
        return Terms(_until(options, moment, shop, limit, now), None)
    period = options.text("paymentPeriod")
    if period is None:
        if shop == "BANK_TRANSFER_SMBC":
            raise missing(options.where("paymentPeriod"))
        return Terms(None, None)
    days = int(period)
    if days == 999 and limit.lifted:
        days = limit.days
    if days > limit.days:
        raise invalid(options.where("paymentPeriod"), f"At most {limit.days} days.")
    return Terms(None, days)


def _until(options: Body, given: str, shop: str, limit: _Limit, now: datetime) -> datetime:
    """The moment of paymentExpiryDateTime. One that has passed is refused (assumed)."""
    at = options.where("paymentExpiryDateTime")
    if limit.until is None:
        raise invalid(at, "Not possible for this way of paying.")
    read = text.moment(given, "%Y%m%d%H%M", 12)
    if read is None:
        raise invalid(at, "Not a date and time.")
    until = read.replace(tzinfo=JST)
    today = now.astimezone(JST).date()
    latest = datetime.combine(today + timedelta(days=limit.until), time(), tzinfo=JST)
    if until > latest or until <= now:
        raise invalid(at, "Too late or already over.")
    if shop == "SEICOMART" and given.endswith("0001"):
        raise invalid(at, "Not at 00:01.")
    return until
