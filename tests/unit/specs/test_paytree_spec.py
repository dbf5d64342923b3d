"""What the PAYTREE spec is known to hold, counted and read: lint cannot tell what is missing.

The tables are the manual's (WbPay 1.0), written out once more by hand.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from codegen.reading import load
from tests.support.specs import overlaid

FOLDER = Path(__file__).parents[3] / "specs" / "paytree"

SETTINGS = """
    MerchantId     merchantId       12 fixed
    TerminalUniquId terminalUniqueId 13 fixed
    BranchCode     branchCode       32 most
    TerminalCode   terminalCode     32 most
    Locale         locale           JAPAN only
    TimeZone       timeZone         p9 only
    CurrencyCode   currencyCode     - -
    AppVersion     appVersion       windows-WbCPSPay-1.0 only
"""
"""Section 2.6: setting, member, limit or only value."""

FIELDS = """
    PayRequest      payType amount userCode | receiptNo:32 userCode:512 remark:128
    RefundRequest   refundAmount orderId | orderId:32 refundReason:256 remark:256
    ReverseRequest  - | orderId:32
    DepositRequest  payType valueType amount userCode | receiptNo:32 userCode:32
"""
"""Section 4: required fields | texts and their lengths. Of a reversal see the test."""

ANSWERS = {
    "PayResponse": "orderId transTime amount transStatus payType",
    "RefundResponse": "orderId transTime refundAmount transStatus",
    "ReverseResponse": "orderId transTime amount transStatus",
    "DepositResponse": "orderId transTime amount transStatus",
}
"""Section 4: fields of the answers."""

PAY_TYPES = """
    AutoDetect LinePay RegionalElectricMony OrigamiPay RakutenPay PayPay dPayment CpayAlipay
    CpayWechat MerPay AuPay JCBAliPay QUOCardPay YuchoPay KPlus ResonaWallet EPOSPay JCoinPay pring
    atone aftee BankPay OnepayAlipay OnepayWechat OnepayGNAlipay OnepayGNAlipayHK OnepayGNkakaopay
    SmartCode
"""

LISTS = {
    "PayType": PAY_TYPES.split(),
    "CurrencyCode": ["CNY", "GBP", "HKD", "USD", "JPY", "CAD", "AUD", "EUR", "NZD", "KRW"],
    "ValueType": ["Basic", "Bonus", "Coupon", "Point"],
    "RequestType": ["Pay", "Refund", "Reverse", "Confirm", "Deposit"],
}
"""Section 3.2."""

QUESTIONS = {"confirm", "confirmV1"}
ORDERS = {"pay", "payV1", "refund", "reverse", "deposit"}


@pytest.fixture(scope="module")
def spec() -> dict[str, Any]:
    """The document with its overlay applied."""
    return overlaid(FOLDER)


def operations(spec: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for path, item in spec["paths"].items():
        assert list(item) == ["post"]
        assert path == "/" + item["post"]["operationId"]
        yield item["post"]["operationId"], item["post"]


def examples(holder: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for example in holder["content"]["application/json"]["examples"].values():
        yield example["value"]


def merged(spec: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    """A schema with what it refers to below it."""
    if "$ref" not in schema:
        return schema
    return {**spec["components"]["schemas"][schema["$ref"].rsplit("/", 1)[1]], **schema}


def rows(table: str) -> Iterator[list[str]]:
    for line in table.strip().splitlines():
        yield line.split()


def test_seven_operations_of_one_terminal(spec: dict[str, Any]) -> None:
    found = dict(operations(spec))
    assert set(found) == QUESTIONS | ORDERS
    for name, operation in found.items():
        assert operation["x-in-flight"] == {"live": 1, "test": 1}, name
        assert "x-idempotency" not in operation, "no header makes a repeat a replay"
        assert set(operation["responses"]) == {"200", "500", "502", "503"}, name
    assert [server["url"] for server in spec["servers"]] == ["https://paytree.example"]


def test_what_is_assumed_of_every_operation_stands_in_one_place(spec: dict[str, Any]) -> None:
    bare = load.read_yaml(FOLDER / "openapi.yaml")
    assert not [name for name, operation in operations(bare) if "x-assumed" in operation]
    assert len({operation["x-assumed"] for _, operation in operations(spec)}) == 1


def test_every_request_is_a_message_of_its_terminal(spec: dict[str, Any]) -> None:
    schemas = spec["components"]["schemas"]
    message = schemas["Message"]
    for _, member, limit, how in rows(SETTINGS):
        said = message["properties"][member]
        assert member in message["required"]
        if how == "fixed":
            assert said["minLength"] == said["maxLength"] == int(limit)
        elif how == "most":
            assert said["maxLength"] == int(limit)
            assert re.fullmatch(said["pattern"], "Az09")
            assert not re.fullmatch(said["pattern"], "a-b")
        elif how == "only":
            assert said["const"] == limit
    for name, operation in operations(spec):
        body = operation["requestBody"]["content"]["application/json"]["schema"]["$ref"]
        request = schemas[body.rsplit("/", 1)[1]]
        assert request["allOf"] == [{"$ref": "#/components/schemas/Message"}], name
    assert "sign" not in message["required"], "it is made over the others, by whoever sends"


def test_the_number_of_a_terminal_has_a_zero_in_its_middle(spec: dict[str, Any]) -> None:
    pattern = spec["components"]["schemas"]["Message"]["properties"]["terminalUniqueId"]["pattern"]
    assert re.fullmatch(pattern, "12345" + "0" + "000042" + "1")
    assert not re.fullmatch(pattern, "12345" + "1" + "000042" + "1")


def test_the_fields_of_the_manual_with_their_lengths(spec: dict[str, Any]) -> None:
    schemas = spec["components"]["schemas"]
    for line in FIELDS.strip().splitlines():
        name, said = line.split(maxsplit=1)
        needed, _, sized = said.partition("|")
        schema = schemas[name]
        assert set(schema.get("required", ())) == set(needed.split()) - {"-"}, name
        for entry in sized.split():
            member, size = entry.split(":")
            assert merged(spec, schema["properties"][member])["maxLength"] == int(size), entry
    for name, members in ANSWERS.items():
        assert set(schemas[name]["properties"]) == set(members.split()), name
        assert "required" not in schemas[name], "a failure has less"
    assert schemas["Answer"]["required"] == ["code"]


def test_a_reversal_may_name_the_request_whose_answer_was_lost(spec: dict[str, Any]) -> None:
    schemas = spec["components"]["schemas"]
    for name in ("ReverseRequest", "ConfirmRequest"):
        assert set(schemas[name]["properties"]) == {"orderId", "originalRequestId"}
        assert "x-assumed" in schemas[name]
    both = [set(v) & {"orderId", "originalRequestId"} for v in _requests(spec, "reverse")]
    assert both == [{"orderId"}, {"originalRequestId"}]


def test_what_the_manual_has_no_word_of_is_marked(spec: dict[str, Any]) -> None:
    schemas = spec["components"]["schemas"]
    for name in ("RequestId", "Sign", "TransStatus", "ResultCode", "PayType", "ConfirmResponse"):
        assert schemas[name]["x-assumed"], name
    assert "x-source" not in schemas["ConfirmRequest"]
    assert "x-source" not in schemas["RequestId"]
    # Limits that the manual prints refuse a request; only where nothing is printed they warn.
    for name in (*schemas["PayRequest"]["properties"], *schemas["Message"]["properties"]):
        holder = "PayRequest" if name in schemas["PayRequest"]["properties"] else "Message"
        said = schemas[holder]["properties"][name]
        assert "x-assumed" not in said, name


def test_the_lists_of_the_manual(spec: dict[str, Any]) -> None:
    schemas = spec["components"]["schemas"]
    for name, values in LISTS.items():
        assert schemas[name]["enum"] == values, name
    assert len(schemas["PayType"]["enum"]) == 28
    assert len(schemas["PayType"]["x-enum-varnames"]) == 28
    told = schemas["PayType"]["description"]
    assert [value for value in schemas["PayType"]["enum"] if value not in told] == []


def test_amounts_have_fifteen_digits_and_no_fraction(spec: dict[str, Any]) -> None:
    schemas = spec["components"]["schemas"]
    assert schemas["Amount"]["maximum"] == 10**15 - 1
    assert (schemas["Amount"]["type"], schemas["Amount"]["x-unit"]) == ("integer", "yen")
    found = {
        f"{name}.{member}"
        for name, schema in schemas.items()
        for member, value in schema.get("properties", {}).items()
        if value.get("$ref", "").endswith("/Amount")
    }
    assert found == {
        "PayRequest.amount", "RefundRequest.refundAmount", "DepositRequest.amount",
        "PayResponse.amount", "RefundResponse.refundAmount", "ReverseResponse.amount",
        "DepositResponse.amount", "ConfirmResponse.amount", "ConfirmResponse.refundAmount",
    }  # fmt: skip


def test_codes_of_customers_are_hidden_and_nothing_else_is_secret(spec: dict[str, Any]) -> None:
    found = {
        f"{name}.{member}"
        for name, schema in spec["components"]["schemas"].items()
        for member, value in schema.get("properties", {}).items()
        if value.get("x-sensitive")
    }
    assert found == {"PayRequest.userCode", "DepositRequest.userCode"}


def test_every_unknown_outcome_ends_by_a_confirmation(spec: dict[str, Any]) -> None:
    found = dict(operations(spec))
    assert {name for name, said in found.items() if said.get("x-safe")} == QUESTIONS
    states = spec["components"]["schemas"]["TransStatus"]
    named = dict(zip(states["enum"], states["x-enum-varnames"], strict=True))
    for name in ORDERS:
        rule = found[name]["x-outcome"]
        assert rule["by"] == ("confirmV1" if name == "payV1" else "confirm"), name
        assert rule["ask"] == {"originalRequestId": "/requestId"}, "the orderId was lost"
        listed = {key: {named[n] for n in rule[key]} for key in ("done", "waiting", "failed")}
        assert (rule["ends"] == "paid") is (name in {"pay", "payV1", "deposit"}), name
        assert "PROCESSING" in listed["waiting"]
        assert "FAILED" in listed["failed"]
        if name in {"pay", "payV1"}:
            assert listed["done"] == {"SUCCEEDED", "REFUNDED", "PARTLY_REFUNDED"}
            assert listed["failed"] == {"FAILED", "REVERSED"}
        if name != "reverse":
            # A reversal may answer with amount 0; of all others the amount has to be ours.
            assert len(rule["match"]) == 1, name
    assert "match" not in found["reverse"]["x-outcome"]


def test_every_code_has_its_escalation_and_every_kind_is_shown(spec: dict[str, Any]) -> None:
    codes = spec["components"]["schemas"]["ResultCode"]
    listed = codes["x-error-codes"]
    assert list(listed) == codes["enum"]
    assert {said["status"] for said in listed.values()} == {200}
    actions = {said.get("action") for code, said in listed.items() if code != "SUCCESS"}
    assert actions == {"VendorCall", "CPSCall", "Customer"}, "section 3.2, WbCPSAction"
    assert all(said["meaning"] for said in listed.values())
    # Test mode, section 5: a wrong code, no balance, a stopped service, a customer who stops or
    # lets the time pass.
    assert {
        "USER_CODE_ERROR", "INSUFFICIENT_BALANCE", "SERVICE_STOPPED", "CUSTOMER_STOPPED",
        "APPROVAL_TIMEOUT",
    } <= set(listed)  # fmt: skip


def test_examples_show_each_side_of_an_answer(spec: dict[str, Any]) -> None:
    for name, operation in operations(spec):
        shown = list(examples(operation["responses"]["200"]))
        assert any(value["code"] == "SUCCESS" for value in shown), name
        asked = {value["requestId"] for value in _requests(spec, name)}
        assert {value["requestId"] for value in shown} <= asked, name
        for value in shown:
            if value["code"] == "SUCCESS":
                assert {"orderId", "transTime", "transStatus"} <= set(value), name
            if "orderId" in value:
                assert len(value["orderId"]) == 32, "issued with 32 digits"


def _requests(spec: dict[str, Any], name: str) -> list[dict[str, Any]]:
    return list(examples(spec["paths"]["/" + name]["post"]["requestBody"]))
