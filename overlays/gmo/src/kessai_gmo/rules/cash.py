"""Rules of cash payments (現金払い): konbini, Pay-easy, bank transfer, and their deadlines."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING, NamedTuple

from kessai_gmo_api.models import CashType, KonbiniCode

from . import common
from .scope import JST, is_digits, parse_minute

if TYPE_CHECKING:
    from kessai_gmo_api.models import CashChargeRequest, CashOptions

    from .common import Rule
    from .scope import Scope


class Deadline(NamedTuple):
    """How long a method lets the customer take.

    ``days``: largest paymentPeriod. ``open_end``: 999 is accepted and stands for the largest.
    ``expiry_days``: paymentExpiryDateTime may be 00:00 of that day from today at the latest, None
    where the method takes no paymentExpiryDateTime. ``mandatory``: paymentPeriod has to be given.
    """

    days: int
    open_end: bool
    expiry_days: int | None
    mandatory: bool = False


DEADLINES: dict[str, Deadline] = {
    KonbiniCode.SEVEN_ELEVEN: Deadline(150, True, None),
    KonbiniCode.LAWSON: Deadline(180, True, 181),
    KonbiniCode.MINISTOP: Deadline(180, True, 181),
    KonbiniCode.SEICOMART: Deadline(180, True, 181),
    KonbiniCode.FAMILYMART: Deadline(60, True, 61),
    CashType.PAYEASY: Deadline(60, False, 61),
    CashType.BANK_TRANSFER_SMBC: Deadline(99, False, None, mandatory=True),
    CashType.BANK_TRANSFER_GMO_AOZORA: Deadline(999, True, None),
}
"""By konbiniCode, and by cashType for what is no konbini."""

OPEN_END = 999
_PERIOD, _EXPIRY = (
    "/cashInformation/cashOptions/paymentPeriod",
    "/cashInformation/cashOptions/paymentExpiryDateTime",
)


def charge(request: CashChargeRequest, scope: Scope) -> None:
    """What each way of paying cash asks for."""
    info = request.cash_information
    kind = info.cash_type
    options = info.cash_options
    konbini = options.konbini_code if options is not None else None
    if kind in (CashType.KONBINI, CashType.PAYEASY):
        _payer(request, kind, scope)
    if kind == CashType.KONBINI and not konbini:
        scope.refuse_neighbour(
            "/cashInformation/cashOptions/konbiniCode",
            "required",
            "is required for KONBINI",
            "cashOptions.konbiniCode",
        )
    limits = DEADLINES.get((konbini or "") if kind == CashType.KONBINI else kind)
    if limits is not None:
        _deadline(options, limits, konbini, scope)


def _payer(request: CashChargeRequest, kind: CashType, scope: Scope) -> None:
    kana = request.payer.name_kana
    if not kana:
        scope.refuse("/payer/nameKana", "required", f"is required for {kind}", "payer.nameKana")
    elif "　" in kana:
        scope.warn(
            "/payer/nameKana",
            "kana-space",
            "holds a space, which one merchant saw refused for cash payments",
            "third party: seen in a merchant's code",
        )
    if not common.has_phone(request):
        scope.refuse(
            "/payer/phones",
            "required",
            f"must hold a number for {kind}",
            "payer.phones.number",
        )


def _deadline(
    options: CashOptions | None, limits: Deadline, konbini: str | None, scope: Scope
) -> None:
    expiry = options.payment_expiry_date_time if options is not None else None
    if expiry:
        if limits.expiry_days is None:
            scope.refuse_neighbour(
                _EXPIRY, "not-accepted", "is not taken by this method", "4.2 cash limits"
            )
        else:
            _expiry(expiry, limits.expiry_days, konbini, scope)
            return  # it wins over paymentPeriod
    period = options.payment_period if options is not None else None
    if not period:
        if limits.mandatory:
            scope.refuse_neighbour(
                _PERIOD, "required", "is required for this method", "cashOptions.paymentPeriod"
            )
        return
    if not (period.isascii() and period.isdigit()):
        return  # the pattern has said so
    days = int(period)
    if days > limits.days and not (limits.open_end and days == OPEN_END):
        scope.refuse_neighbour(
            _PERIOD,
            "maximum",
            f"must be at most {limits.days} days for this method",
            "cashOptions.paymentPeriod",
            limit=limits.days,
        )


def _expiry(text: str, days: int, konbini: str | None, scope: Scope) -> None:
    if not is_digits(text, 12):
        return  # the pattern has said so
    moment = parse_minute(text)
    if moment is None:
        scope.refuse_neighbour(
            _EXPIRY,
            "date",
            "must be an existing minute as YYYYMMDDHHMM",
            "cashOptions.paymentExpiryDateTime",
        )
        return
    latest = datetime.combine(scope.today() + timedelta(days=days), time(), JST)
    if moment > latest:
        scope.refuse_neighbour(
            _EXPIRY,
            "maximum",
            f"must be 00:00 (Japan) of the {days}st day from today at the latest",
            "cashOptions.paymentExpiryDateTime",
            limit=days,
        )
    if konbini == KonbiniCode.SEICOMART and text.endswith("0001"):
        scope.refuse_neighbour(
            _EXPIRY,
            "not-accepted",
            "must not be one minute past midnight for SEICOMART",
            "cashOptions.paymentExpiryDateTime",
        )


RULES: dict[str, tuple[Rule, ...]] = {
    "cashCharge": (common.merchant, common.order, common.payer, common.amounts, charge),
}
