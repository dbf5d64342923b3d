"""Rules of single services: what goes together, what excludes what, dates, ways of writing.

Sources: the comments of the kit for PHP 2.0.1 and the flow guide 1.0.8, which are enforced; the
provider's shop plug-in and clients that others wrote, which warn.
"""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta, timezone
from typing import TYPE_CHECKING, Final

from .rules import PLUGIN, THIRD

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from .rules import Look

__all__ = ["SERVICES"]

JST: Final = timezone(timedelta(hours=9))

_TELEPHONE = re.compile(r"[0-9]+(?:-[0-9]+)*")
_JPO = re.compile(r"10|2[12].*|61C(?:0[2-9]|1[0-9]|2[0-4]).*|80", re.DOTALL)
_MONTH = re.compile(r"[0-9]{4}(?:0[1-9]|1[0-2])")
_TIME = re.compile(r"(?:[01][0-9]|2[0-3]):[0-5][0-9]")
_ZIP = re.compile(r"[0-9]{3}-[0-9]{4}")
_MAIL_OR_TELEPHONE = (
    "cardholderEmail",
    "cardholderHomePhoneNumber",
    "cardholderMobilePhoneNumber",
    "cardholderWorkPhoneNumber",
)
_REMARKS = {"famima": 38, "other": 32}
_DAYS_TO_PAY = 60


def _card(look: Look) -> None:
    """Card.Authorize and ReAuthorize."""
    _how_to_pay(look)
    _day(look, "salesDay")


def _mpi(look: Look) -> None:
    _how_to_pay(look)
    _day(look, "salesDay")
    channel = look.text("deviceChannel")
    if channel is None:
        look.warn(
            "deviceChannel",
            "required",
            "is absent: the request falls back to 3-D Secure 1.0.2, which the brands have ended",
            source=THIRD,
        )
    if channel != "02":
        return
    if not look.has("cardholderName") and look.text("cardholderNameOmitFlag") != "true":
        look.warn("cardholderName", "required", "is needed for 3-D Secure 2", source=THIRD)
    if not any(map(look.has, _MAIL_OR_TELEPHONE)):
        look.warn(
            "cardholderEmail",
            "required",
            "or a telephone number is needed for 3-D Secure 2",
            source=THIRD,
        )


def _how_to_pay(look: Look) -> None:
    if look.has("salesDay") and look.text("withCapture") != "true":
        look.refuse("salesDay", "with-capture", "goes with withCapture true only")
    jpo = look.text("jpo")
    if jpo is not None and _JPO.fullmatch(jpo) is None:
        look.warn("jpo", "pattern", "is none of 10, 21, 22, 61C02 to 61C24, 80", source=PLUGIN)


def _cvs(look: Look) -> None:
    store = look.text("serviceOptionType")
    telephone = look.text("telNo")
    if telephone is not None:
        digits = telephone.replace("-", "")
        if _TELEPHONE.fullmatch(telephone) is None or len(digits) > 11:
            look.refuse("telNo", "telephone", "must be up to 11 digits, 13 letters with hyphens")
    if look.has("paymentType") and look.text("paymentType") != "0":
        look.refuse("paymentType", "fixed", "is fixed to 0", limit="0")
    time = look.text("payLimitHhmm")
    if time is not None and _TIME.fullmatch(time) is None:
        look.refuse("payLimitHhmm", "time", "must be a time of day, HH:mm")
    _last_day(look)
    _at_most(look, 299_999)
    if store == "sej" and look.has("free1"):
        look.warn("free1", "not-shown", "has no place at 7-Eleven")
    for name in ("free1", "free2"):
        value = look.text(name)
        limit = _REMARKS.get(store or "")
        if value is not None and limit is not None and _octets(value) > limit:
            look.warn(name, "max-bytes", f"is longer than {limit} bytes", limit=limit)
    for name in ("name1", "name2", "kana"):
        value = look.text(name)
        if value is not None and any(letter.isascii() for letter in value):
            look.warn(name, "full-width", "is to be in full-width letters")


def _last_day(look: Look) -> None:
    day = _date(look.text("payLimit"), "%Y/%m/%d")
    if day is None:
        if look.has("payLimit"):
            look.refuse("payLimit", "date", "is no day of the calendar, yyyy/mm/dd")
        return
    today = _today(look)
    if not today <= day <= today + timedelta(days=_DAYS_TO_PAY):
        look.refuse(
            "payLimit",
            "window",
            f"must be from today to {_DAYS_TO_PAY} days from today, in Japan",
            limit=_DAYS_TO_PAY,
        )


def _bank(look: Look) -> None:
    if look.has("payCsv"):
        for name in ("viewLocale", "termUrl"):
            if look.has(name):
                look.refuse(name, "excludes", "cannot go with payCsv")
    if look.has("termUrl") and look.text("serviceOptionType") != "netbank-pc":
        look.refuse("termUrl", "netbank-pc", "is for netbank-pc only")
    for name, least, most in (("telNo", 9, 11), ("post1", 3, 3), ("post2", 4, 4)):
        value = look.text(name)
        if value is not None and re.fullmatch(f"[0-9]{{{least},{most}}}", value) is None:
            digits = f"{least} to {most}" if least < most else str(most)
            look.refuse(name, "pattern", f"must be {digits} digits")
    for name in ("payLimit", "agreementDate"):
        _day(look, name)
    _at_most(look, 2_000_000_000)


def _alipay(look: Look) -> None:
    amount = look.text("amount")
    ranges = {"JPY": (1, 9_999_999), "CNY": (100, 5_000_000)}
    found = ranges.get(look.text("currency") or "")
    if amount is not None and found is not None and re.fullmatch(r"[0-9]{1,12}", amount):
        least, greatest = found
        if int(amount) < least:
            look.refuse("amount", "minimum", f"must be {least} or more", limit=least)
        elif int(amount) > greatest:
            look.refuse("amount", "maximum", f"must be {greatest} or less", limit=greatest)
    way = look.text("payType") or "0"
    if way == "0":
        for name in ("successUrl", "errorUrl"):
            if not look.has(name):
                look.warn(name, "required", "is where the browser comes back to, for payType 0")
    for name in ("identityCode", "responseType"):
        if way != "1" and look.has(name):
            look.warn(name, "pay-type", "is for payType 1 only")


def _carrier(look: Look) -> None:
    day = look.text("mpDay")
    if day is not None and day.isdigit() and not (1 <= int(day) <= 28 or day == "99"):
        look.refuse("mpDay", "day", "must be 1 to 28, or 99 for the last day of the month")
    _day(look, "mpFirstDate")
    monthly = look.text("accountingType") == "1"
    for name in ("mpFirstDate", "mpDay"):
        if monthly and not look.has(name):
            look.warn(name, "required", "is when a monthly agreement is charged")
        if not monthly and look.has(name):
            look.warn(name, "accounting-type", "is for monthly agreements (accountingType 1) only")
    if look.has("d3Flag") and look.text("serviceOptionType") != "sb_ktai":
        look.warn("d3Flag", "service-option", "is for sb_ktai only")


def _carrier_month(look: Look) -> None:
    """Capture and Cancel of a month."""
    for name in ("captureMonth", "cancelMonth"):
        value = look.text(name)
        if value is not None and _MONTH.fullmatch(value) is None:
            look.refuse(name, "month", "must be a month, YYYYMM")


def _carrier_update(look: Look) -> None:
    if look.text("serviceOptionType") not in (None, "au"):
        look.warn("serviceOptionType", "not-served", "has no UpdateAuthorize; only au has")


def _oricosc(look: Look) -> None:
    for number in range(1, 6):
        names = [f"item{part}{number}" for part in ("Name", "Count", "Amount")]
        given = [name for name in names if look.has(name)]
        if given and len(given) < len(names):
            for name in names:
                if name not in given:
                    look.refuse(name, "together", f"goes with {' and '.join(given)}")
    code = look.text("shippingZipCode")
    if code is not None and _ZIP.fullmatch(code) is None:
        look.refuse("shippingZipCode", "pattern", "must be written 999-9999")


def _barcode(look: Look) -> None:
    """PayPay and Merpay."""
    if look.text("serviceOptionType") == "barcode" and not look.has("oneTimeCode"):
        look.warn("oneTimeCode", "required", "is what the shop reads off the customer's app")


def _day(look: Look, name: str) -> None:
    value = look.text(name)
    if value is not None and re.fullmatch(r"[0-9]{8}", value) and _date(value, "%Y%m%d") is None:
        look.refuse(name, "date", "is no day of the calendar, YYYYMMDD")


def _at_most(look: Look, most: int) -> None:
    amount = look.text("amount")
    if amount is not None and re.fullmatch(r"[0-9]{1,15}", amount) and int(amount) > most:
        look.warn("amount", "maximum", f"is above {most}", limit=most, source=PLUGIN)


def _date(value: str | None, form: str) -> date | None:
    try:
        return None if value is None else datetime.strptime(value, form).date()
    except ValueError:
        return None


def _today(look: Look) -> date:
    """Today in Japan; the first day there is, on a clock that shows no date."""
    try:
        return datetime.fromtimestamp(look.now(), JST).date()
    except (ValueError, OverflowError, OSError):
        return date.min


def _octets(text: str) -> int:
    return len(text.encode("cp932", "replace"))


SERVICES: Final[Mapping[str, Callable[[Look], None]]] = {
    "cardAuthorize": _card,
    "cardReAuthorize": _card,
    "mpiAuthorize": _mpi,
    "mpiReAuthorize": _mpi,
    "cvsAuthorize": _cvs,
    "bankAuthorize": _bank,
    "alipayAuthorize": _alipay,
    "carrierAuthorize": _carrier,
    "carrierCapture": _carrier_month,
    "carrierCancel": _carrier_month,
    "carrierUpdateAuthorize": _carrier_update,
    "oricoscAuthorize": _oricosc,
    "paypayAuthorize": _barcode,
    "merpayAuthorize": _barcode,
}
"""Operation -> its own rules."""
