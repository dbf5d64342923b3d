"""PAYTREE: one row per documented rule of a request, and the plain requests under them.

Handwritten from the manual of a library for tills (WbPay 1.0): nothing here comes from the spec
files. What the manual says of fields and settings is enforced; what is assumed warns.
"""

from __future__ import annotations

from tests.rules.bodies import Body
from tests.rules.rows import Member, Row

# A table: several values on a line.
# fmt: off
W = "WbPay 1.0"
TILL = "1234500000421"
ORDER = "PT20260105100000000000000000AB12"


def terminal() -> Body:
    """What every message of one till has."""
    return {
        "merchantId": "000000000001", "terminalUniqueId": TILL,
        "branchCode": "SHIBUYA1", "terminalCode": "POS01", "locale": "JAPAN", "timeZone": "p9",
        "currencyCode": "JPY", "appVersion": "windows-WbCPSPay-1.0", "requestId": "RULE1",
    }


def pay() -> Body:
    """A payment by PayPay."""
    return {
        **terminal(), "payType": "PayPay", "amount": 1980, "userCode": "281012345678901234",
        "receiptNo": "R-1", "remark": "決済の本",
    }


def pay_v1() -> Body:
    """A payment by whatever the code belongs to."""
    return {**pay(), "payType": "AutoDetect"}


def refund() -> Body:
    """A part of a payment goes back."""
    return {
        **terminal(), "orderId": ORDER, "refundAmount": 980, "refundReason": "返品", "remark": "x",
    }


def reverse() -> Body:
    """A payment is undone."""
    return {**terminal(), "orderId": ORDER}


def confirm() -> Body:
    """A payment is asked about."""
    return {**terminal(), "orderId": ORDER}


def deposit() -> Body:
    """A balance is topped up."""
    return {
        **terminal(), "payType": "LinePay", "valueType": "Basic", "amount": 3000,
        "userCode": "3541012345678901", "receiptNo": "R-1",
    }


REQUESTS = {
    "pay": pay, "payV1": pay_v1, "refund": refund, "reverse": reverse, "confirm": confirm,
    "confirmV1": confirm, "deposit": deposit,
}
MOST = 10**15 - 1
_CODE = ("Az09", "a b", "a-b", "店", "", "a\n")


def _terminal(operation: str) -> list[Row]:
    """Sections 2.4 and 2.6: the settings that go into every message."""
    member = Member(operation, REQUESTS[operation], "")
    fixed = {"locale": "JAPAN", "timeZone": "p9", "appVersion": "windows-WbCPSPay-1.0"}
    return [
        member.row("merchantId", "max-length", 12, "1" * 12, "1" * 13, f"{W} 2.4"),
        member.row("merchantId", "min-length", 12, "1" * 12, "1" * 11, f"{W} 2.4"),
        member.row("terminalUniqueId", "max-length", 13, TILL, TILL + "0", f"{W} 2.4"),
        member.row("terminalUniqueId", "min-length", 13, TILL, TILL[:-1], f"{W} 2.4"),
        *member.patterns(f"{W} 2.4", terminalUniqueId=(
            "Ab3450Cd0421X", "1234510000421", "12345０0000421", "12345-0000421",
        )),
        *member.lengths(f"{W} 2.4", branchCode=32, terminalCode=32),
        *member.patterns(f"{W} 2.4", branchCode=_CODE, terminalCode=_CODE),
        *(member.row(name, "enum", only, only, only + "x", f"{W} 2.6")
          for name, only in fixed.items()),
        *member.required(f"{W} 2.6", "merchantId", "terminalUniqueId", "branchCode",
                         "terminalCode", "locale", "timeZone", "currencyCode", "appVersion"),
    ]


_PAY, _V1 = Member("pay", pay, ""), Member("payV1", pay_v1, "")
_REFUND, _REVERSE = Member("refund", refund, ""), Member("reverse", reverse, "")
_DEPOSIT = Member("deposit", deposit, "")

ROWS: list[Row] = [
    *(row for operation in REQUESTS for row in _terminal(operation)),
    *(row for member in (_PAY, _V1) for row in (
        member.row("amount", "maximum", MOST, MOST, MOST + 1, f"{W} 4.1"),
        *member.lengths(f"{W} 4.1", receiptNo=32, userCode=512),
        *member.lengths(f"{W} 4.1", "漢", remark=128),
        *member.required(f"{W} 4.1", "payType", "amount", "userCode"),
    )),
    _REFUND.row("refundAmount", "maximum", MOST, MOST, MOST + 1, f"{W} 4.2"),
    *_REFUND.lengths(f"{W} 4.2", orderId=32),
    *_REFUND.lengths(f"{W} 4.2", "漢", refundReason=256, remark=256),
    *_REFUND.required(f"{W} 4.2", "orderId", "refundAmount"),
    *_REVERSE.lengths(f"{W} 4.3", orderId=32),
    _DEPOSIT.row("amount", "maximum", MOST, MOST, MOST + 1, f"{W} 4.4"),
    *_DEPOSIT.lengths(f"{W} 4.4", receiptNo=32, userCode=32),
    *_DEPOSIT.required(f"{W} 4.4", "payType", "valueType", "amount", "userCode"),
]
"""Limits of single members."""

WALLETS = [
    ("pay", "JCBAliPay", f"{W} 3.2"),
    ("deposit", "JCBAliPay", f"{W} 3.2"),
    ("deposit", "AutoDetect", f"{W} 4.4"),
]
"""Operation, a pay type that is never requested there, and where the manual says so."""
