"""Cash: konbini, Pay-easy, bank transfer, and how long the customer may take.

The clock of these tests stands at 2026-01-05 10:00 in Japan.
"""

from __future__ import annotations

from datetime import date, timedelta

from tests.rules import bodies as b
from tests.rules.rows import Member, P, Row, S

# A table: several values on a line.
# fmt: off
_INFO = "/cashInformation"
_OPTIONS = f"{_INFO}/cashOptions"
_D = Member("cashCharge", b.cash_charge, f"{_INFO}/displayInformation")
_TODAY = date(2026, 1, 5)

_PAYEASY: b.Patch = {_INFO: {"cashType": "PAYEASY", "cashOptions": {}}}
_SMBC: b.Patch = {_INFO: {"cashType": "BANK_TRANSFER_SMBC", "cashOptions": {"paymentPeriod": "10"}}}
_AOZORA: b.Patch = {_INFO: {"cashType": "BANK_TRANSFER_GMO_AOZORA", "cashOptions": {}}}


def _konbini(code: str) -> b.Patch:
    return {_INFO: {"cashType": "KONBINI", "cashOptions": {"konbiniCode": code}}}


def _days(name: str, setting: b.Patch, limit: int, *, open_end: bool) -> list[Row]:
    """The largest paymentPeriod, and whether 999 stands for it."""
    member = Member("cashCharge", b.cash_charge, _OPTIONS, setting)
    rows = [member.row("paymentPeriod", "maximum", limit, f"{limit}", f"{limit + 1}",
                       f"{P} cash limits", tag=name)] if limit < 999 else []
    if open_end:
        rows += [member.row("paymentPeriod", "maximum", limit, "999", "998", f"{P} cash limits",
                            tag=f"{name}-999")] if limit < 998 else []
    else:
        rows += [member.row("paymentPeriod", "maximum", limit, "0", "999", f"{P} cash limits",
                            tag=f"{name}-999")]
    return rows


def _latest(name: str, setting: b.Patch, days: int) -> list[Row]:
    """Midnight of that day from today is the last moment."""
    last = (_TODAY + timedelta(days=days)).strftime("%Y%m%d")
    member = Member("cashCharge", b.cash_charge, _OPTIONS, setting)
    return [member.row("paymentExpiryDateTime", "maximum", days, f"{last}0000", f"{last}0002",
                       f"{P} cash limits", tag=name)]


def _never(name: str, setting: b.Patch) -> list[Row]:
    """The method takes no paymentExpiryDateTime."""
    member = Member("cashCharge", b.cash_charge, _OPTIONS, setting)
    return [member.row("paymentExpiryDateTime", "not-accepted", None, b.ABSENT, "202601100000",
                       f"{P} cash limits", tag=name)]


ROWS: list[Row] = [
    *Member("cashCharge", b.cash_charge, _INFO).required(f"{P} cashInformation", "cashType"),
    *Member("cashCharge", b.cash_charge, _OPTIONS).required(
        f"{P} cashOptions.konbiniCode", "konbiniCode"),
    *(row for tag, setting in (("KONBINI", _konbini("LAWSON")), ("PAYEASY", _PAYEASY))
      for row in (
          Row(f"cash-kana-{tag}", "cashCharge", b.cash_charge, "/payer/nameKana", "required",
              None, {}, {"/payer/nameKana": b.ABSENT}, f"{S} payer.nameKana", setting),
          Row(f"cash-phone-{tag}", "cashCharge", b.cash_charge, "/payer/phones", "required",
              None, {}, {"/payer/phones": b.ABSENT}, f"{S} payer.phones.number", setting),
          Row(f"cash-phone-number-{tag}", "cashCharge", b.cash_charge, "/payer/phones",
              "required", None, {}, {"/payer/phones/0/number": b.ABSENT},
              f"{S} payer.phones.number", setting),
      )),
    Row("cash-kana-space", "cashCharge", b.cash_charge, "/payer/nameKana", "kana-space", None,
        {"/payer/nameKana": "ヤマダハナコ"}, {"/payer/nameKana": "ヤマダ　ハナコ"},
        "third party: one merchant's report", enforced=False),
    # Days
    *_days("SEVEN_ELEVEN", _konbini("SEVEN_ELEVEN"), 150, open_end=True),
    *_days("LAWSON", _konbini("LAWSON"), 180, open_end=True),
    *_days("MINISTOP", _konbini("MINISTOP"), 180, open_end=True),
    *_days("SEICOMART", _konbini("SEICOMART"), 180, open_end=True),
    *_days("FAMILYMART", _konbini("FAMILYMART"), 60, open_end=True),
    *_days("PAYEASY", _PAYEASY, 60, open_end=False),
    *_days("SMBC", _SMBC, 99, open_end=False),
    Row("smbc-needs-period", "cashCharge", b.cash_charge, f"{_OPTIONS}/paymentPeriod", "required",
        None, {}, {f"{_OPTIONS}/paymentPeriod": b.ABSENT}, f"{P} cash limits", _SMBC),
    *Member("cashCharge", b.cash_charge, _OPTIONS, _AOZORA).patterns(
        f"{P} cashOptions", paymentPeriod=("999", "1000", "-1", "1.5", "１０")),
    # A moment
    *_latest("LAWSON", _konbini("LAWSON"), 181),
    *_latest("MINISTOP", _konbini("MINISTOP"), 181),
    *_latest("SEICOMART", _konbini("SEICOMART"), 181),
    *_latest("FAMILYMART", _konbini("FAMILYMART"), 61),
    *_latest("PAYEASY", _PAYEASY, 61),
    *_never("SEVEN_ELEVEN", _konbini("SEVEN_ELEVEN")),
    *_never("SMBC", _SMBC),
    *_never("AOZORA", _AOZORA),
    Row("seicomart-0001", "cashCharge", b.cash_charge, f"{_OPTIONS}/paymentExpiryDateTime",
        "not-accepted", None, {f"{_OPTIONS}/paymentExpiryDateTime": "202601100002"},
        {f"{_OPTIONS}/paymentExpiryDateTime": "202601100001"}, f"{P} cash limits",
        _konbini("SEICOMART")),
    Row("expiry-exists", "cashCharge", b.cash_charge, f"{_OPTIONS}/paymentExpiryDateTime", "date",
        None, {f"{_OPTIONS}/paymentExpiryDateTime": "202602282359"},
        {f"{_OPTIONS}/paymentExpiryDateTime": "202602292359"}, f"{P} cashOptions"),
    *Member("cashCharge", b.cash_charge, _OPTIONS).patterns(
        f"{P} cashOptions", paymentExpiryDateTime=("202601102359", "20260110", "2026-01-10 1")),
    # What is printed: full-width only
    *(row for stem, last, length, size in (("registerDisplay", 8, 32, 48),
                                           ("receiptDisplay", 10, 60, 90))
      for number in range(1, last + 1)
      for row in (
          # Full-width letters run out of bytes first; both limits are stated.
          _D.row(f"{stem}{number}", "max-length", length, "本" * (size // 3), "本" * (length + 1),
                 f"{P} displayInformation"),
          _D.row(f"{stem}{number}", "max-bytes", size, "本" * (size // 3), "本" * (size // 3 + 1),
                 f"{P} displayInformation"),
          *_D.patterns(f"{P} displayInformation",
                       **{f"{stem}{number}": ("本１", "本1", "ﾎﾝ", "本 ")}),
      )),
]
