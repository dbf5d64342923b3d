"""Who is let in, and with what: signatures, members, the manual's rules."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from kessai_mock.ledger import Account

from tests.unit.mock.paytree.driver import COMMON, Driver, signature

PAY = {"payType": "PayPay", "userCode": "2810", "amount": 100}
DEPOSIT = {"payType": "LinePay", "valueType": "Basic", "userCode": "3541", "amount": 100}
ORDER = "PT20260105100000000000000000AB12"


def test_a_message_goes_through(mock: Driver) -> None:
    """Kanji and everything."""
    answer = mock.pay(remark="決済の本 & more=less", receiptNo="R-1")
    assert (answer.status, answer.code, answer.trans_status) == (200, "SUCCESS", 2)
    assert mock.gateway.ledger.balance(Account.MERCHANT) == 1980


@pytest.mark.parametrize("member", [*COMMON, "requestId", "payType", "userCode", "amount"])
def test_a_member_changed_on_the_way_is_found(mock: Driver, member: str) -> None:
    """Each of them is signed."""
    message = mock.message(**PAY)
    value = message[member]
    message[member] = value + 1 if isinstance(value, int) else value[:-1] + "z"
    answer = mock.run(mock.deliver("pay", message))
    assert (answer.status, answer.code) == (200, "SIGNATURE_INVALID")
    assert mock.gateway.simulation.orders == {}


@pytest.mark.parametrize("extra", [{"remark": "x"}, {"more": "1"}])
def test_a_member_put_in_on_the_way_is_found(mock: Driver, extra: dict[str, str]) -> None:
    """Known or not."""
    message = {**mock.message(**PAY), **extra}
    assert mock.run(mock.deliver("pay", message)).code == "SIGNATURE_INVALID"


@pytest.mark.parametrize("sign", [None, "", "AAAA", "not base64", 5, "other"])
def test_signatures_that_are_none(mock: Driver, sign: Any) -> None:
    """Absent, too short, no text, somebody else's."""
    message = mock.message(**PAY)
    message["sign"] = signature(message, "stranger") if sign == "other" else sign
    assert mock.run(mock.deliver("pay", message)).code == "SIGNATURE_INVALID"


def test_members_without_a_value_are_not_signed(mock: Driver) -> None:
    """Empty texts, and null, which is absent."""
    message = {**mock.message(**PAY), "remark": "", "receiptNo": None}
    assert mock.run(mock.deliver("pay", message)).code == "SUCCESS"


def test_without_a_registered_key_a_signature_has_to_be_there(
    mock_with: Callable[..., Driver],
) -> None:
    """Of the right length, whosever it is."""
    mock = mock_with(merchant_public_key=None)
    message = mock.message(**PAY)
    message["sign"] = signature({}, "stranger")
    assert mock.run(mock.deliver("pay", message)).code == "SUCCESS"
    message["sign"] = "AAAA"
    assert mock.run(mock.deliver("pay", message)).code == "SIGNATURE_INVALID"
    assert mock.get("/_mock").json()["verifies"] is False


def test_another_merchant_is_turned_away(mock_with: Callable[..., Driver]) -> None:
    """Where the mock was told whom to expect."""
    mock = mock_with(merchant_id="000000000009")
    assert mock.pay().code == "SIGNATURE_INVALID"
    assert mock.pay(merchantId="000000000009").code == "SUCCESS"


@pytest.mark.parametrize(
    ("content", "media", "said"),
    [
        (b"", "application/json", "cannot be read"),
        (b"[]", "application/json", "must be a JSON object"),
        (b'{"a": NaN}', "application/json", "cannot be read"),
        (b"{}", "text/plain", "Content-Type"),
    ],
)
def test_what_cannot_be_read_is_answered_and_signed(
    mock: Driver, content: bytes, media: str, said: str
) -> None:
    """There is no number to give back."""
    answer = mock.request("POST", "/pay", content, media)
    mock.hold("pay", answer)
    assert answer.code == "REQUEST_INVALID"
    assert said in answer.json()["message"]


WRONG: list[tuple[str, dict[str, Any], str]] = [
    ("pay", {"merchantId": "1"}, "merchantId"),
    ("pay", {"terminalUniqueId": "1234510000421"}, "terminalUniqueId"),  # the zero is missing
    ("pay", {"terminalUniqueId": "123450000042"}, "terminalUniqueId"),
    ("pay", {"branchCode": "a-b"}, "branchCode"),
    ("pay", {"terminalCode": "x" * 33}, "terminalCode"),
    ("pay", {"locale": "Japan"}, "locale"),
    ("pay", {"timeZone": "p8"}, "timeZone"),
    ("pay", {"currencyCode": "USD"}, "currencyCode"),
    ("pay", {"currencyCode": "XXX"}, "currencyCode"),
    ("pay", {"appVersion": "kessai"}, "appVersion"),
    ("pay", {"requestId": None}, "requestId"),
    ("pay", {"payType": None}, "payType"),
    ("pay", {"payType": "NewPay"}, "payType"),
    ("pay", {"payType": "JCBAliPay"}, "payType"),
    ("pay", {"payType": "AutoDetect"}, "payType"),
    ("payV1", {}, "payType"),
    ("pay", {"amount": 10**15}, "amount"),
    ("pay", {"amount": 0}, "amount"),
    ("pay", {"amount": "100"}, "amount"),
    ("pay", {"userCode": "x" * 513}, "userCode"),
    ("pay", {"remark": "x" * 129}, "remark"),
    ("pay", {"receiptNo": "x" * 33}, "receiptNo"),
    ("refund", {"orderId": None}, "orderId"),
    ("refund", {"orderId": "x" * 33}, "orderId"),
    ("refund", {"refundAmount": 0}, "refundAmount"),
    ("refund", {"refundReason": "x" * 257}, "refundReason"),
    ("reverse", {"orderId": None}, "orderId, originalRequestId"),
    ("confirm", {"orderId": None}, "orderId, originalRequestId"),
    ("confirmV1", {"orderId": None}, "orderId, originalRequestId"),
    ("deposit", {"payType": "AutoDetect"}, "payType"),
    ("deposit", {"valueType": "Point"}, "valueType"),
    ("deposit", {"userCode": "x" * 33}, "userCode"),
]
GOOD: dict[str, dict[str, Any]] = {
    "pay": PAY,
    "payV1": PAY,
    "refund": {"orderId": ORDER, "refundAmount": 1},
    "reverse": {"orderId": ORDER},
    "confirm": {"orderId": ORDER},
    "confirmV1": {"orderId": ORDER},
    "deposit": DEPOSIT,
}


@pytest.mark.parametrize(("operation", "members", "named"), WRONG)
def test_what_breaks_a_rule_is_named(
    mock: Driver, operation: str, members: dict[str, Any], named: str
) -> None:
    """And does nothing."""
    answer = mock.post(operation, **{**GOOD[operation], **members})
    assert answer.code == "REQUEST_INVALID"
    assert answer.json()["message"].endswith(f"({named})")
    assert mock.gateway.simulation.orders == {}


def test_limits_may_be_reached(mock: Driver) -> None:
    """Each at its greatest."""
    most: dict[str, Any] = {
        "amount": 10**15 - 1, "userCode": "x" * 512, "remark": "漢" * 128, "receiptNo": "x" * 32,
        "requestId": "x" * 32,
    }  # fmt: skip
    assert mock.pay(**most).code == "SUCCESS"


def test_deposits_go_to_one_wallet_only(mock: Driver) -> None:
    """Section 4.4."""
    assert mock.post("deposit", **DEPOSIT).code == "SUCCESS"
    refused = mock.post("deposit", **{**DEPOSIT, "payType": "PayPay"})
    assert refused.code == "PAY_TYPE_UNAVAILABLE"


def test_other_methods_and_paths(mock: Driver) -> None:
    """Nothing of them is signed."""
    answer = mock.get("/pay")
    assert (answer.status, answer.headers["allow"], answer.content) == (405, "POST", b"")
    assert (mock.get("/nosuch").status, mock.get("/nosuch").content) == (404, b"")


@pytest.mark.parametrize("value", [[], {}, 5, True])
def test_a_member_of_another_type_is_a_mistake_of_the_sender(
    mock_with: Callable[..., Driver], value: Any
) -> None:
    """Also where the mock was told whom to expect, and where the number is given back."""
    mock = mock_with(merchant_id="000000000001", merchant_public_key=None)
    for member, code in (("merchantId", "SIGNATURE_INVALID"), ("requestId", "REQUEST_INVALID")):
        message = {**mock.message(**PAY), member: value, "sign": signature({})}
        content = json.dumps(message).encode()
        answer = mock.request("POST", "/pay", content)
        assert answer.code == code
        assert answer.json().get("requestId") == (None if member == "requestId" else "R1")
