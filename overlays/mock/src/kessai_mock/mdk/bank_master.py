"""The master data of banks, which Search gives and payCsv names a row of.

Document: facts of the kit, bank. Assumed: the name bankFinancialInstInfo, every row.
"""

from __future__ import annotations

from typing import NamedTuple


class Bank(NamedTuple):
    """A row of the master of banks."""

    code: str
    name: str
    kana: str


# Banks of no country.
BANKS = (
    Bank("0001", "けっさい銀行", "ケッサイ"),
    Bank("0005", "もぎ銀行", "モギ"),
    Bank("0033", "ためし信用金庫", "タメシ"),
)
_ROWS = {"ケ": "カ", "モ": "マ", "タ": "タ"}


def codes() -> dict[str, str]:
    """The name of each bank by its code."""
    return {bank.code: bank.name for bank in BANKS}


def rows() -> list[dict[str, str]]:
    """The rows of bankFinancialInstInfo, for Search."""
    return [
        {
            "bankCode": bank.code,
            "deviceCode": "2",
            "bankName": bank.name,
            "bankKana": bank.kana,
            "bankIndexChar1": bank.kana[0],
            "bankIndexChar2": _ROWS[bank.kana[0]],
            "startDatetime": "20200101000000",
        }
        for bank in BANKS
    ]
