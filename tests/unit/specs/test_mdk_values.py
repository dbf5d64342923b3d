"""Names of the values in the MDK spec, and what its examples show."""

from __future__ import annotations

import re
from typing import Any

import pytest

from codegen import tables
from tests.unit.specs.test_mdk_spec import FOLDER

UNNAMED = {"PaypayProvider": ["0", "1"], "PaypayOnlinePaymentType": ["1"]}
"""Lists of digits that keep their digits in Python: the kit lists the values and says nothing of
what they mean, neither at the member nor in a sample."""
ON_DEMAND = {"0": "ONE_OFF", "1": "ON_DEMAND"}
AGES = ["THIS_TRANSACTION", "UNDER_30_DAYS", "DAYS_30_TO_60", "OVER_60_DAYS"]
NAMED: dict[str, dict[str, str]] = {
    "DeviceChannel": {"01": "APP", "02": "BROWSER", "03": "THREE_RI"},
    "MessageCategory": {"01": "PAYMENT", "02": "NON_PAYMENT"},
    "MpiAccountType": {"01": "NOT_APPLICABLE", "02": "CREDIT", "03": "DEBIT"},
    "AccountAgeIndicator": {f"0{at}": name for at, name in enumerate(["NO_ACCOUNT", *AGES], 1)},
    "AccountChangeIndicator": {f"0{at}": name for at, name in enumerate(AGES, 1)},
    "FdResult": {
        "100": "ACCEPT", "200": "DENY", "300": "CHALLENGE", "400": "ERROR", "500": "TIMEOUT",
        "600": "INTERNAL_ERROR", "": "EMPTY",
    },
    "ResBrandId": {
        "4": "VISA", "5": "MASTERCARD", "35": "JCB", "36": "DINERS", "37": "AMEX",
    },
    "CardMstatus": {
        "success": "SUCCESS", "failure": "FAILURE", "pending": "PENDING", "": "EMPTY",
    },
    "CarrierAccountingType": {
        "0": "ONE_OFF", "1": "MONTHLY", "2": "BARCODE", "3": "SCAN_CODE", "4": "ON_DEMAND",
    },
    "CarrierTerminalKind": {"0": "PC", "1": "SMARTPHONE", "2": "FEATURE_PHONE"},
    "RakutenPayType": {
        "0": "ONLINE", "1": "SHOP_SCAN", "2": "ONLINE_V2", "3": "CONSUMER_SCAN",
    },
    "AlipayPayType": {"0": "ONLINE", "1": "SHOP_SCAN", "2": "CONSUMER_SCAN"},
    "PaypayAccountingType": ON_DEMAND,
    "RakutenAccountingType": ON_DEMAND,
    "MerpayAccountingType": ON_DEMAND,
    "BankAccountType": {"1": "ORDINARY", "2": "CURRENT", "4": "SAVINGS", "9": "OTHER"},
}  # fmt: skip
"""Values whose order says nothing by itself; what they mean stands in the kit's comments."""


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    return tables.compile_tables(FOLDER).document


@pytest.fixture(scope="module")
def schemas(document: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = document["components"]["schemas"]
    return found


@pytest.fixture(scope="module")
def operations(document: dict[str, Any]) -> dict[str, Any]:
    return {item["post"]["operationId"]: item["post"] for item in document["paths"].values()}


def test_values_of_digits_have_names_unless_nobody_says_what_they_mean(
    schemas: dict[str, Any],
) -> None:
    """A name of digits (VALUE_01) tells a reader nothing, so it is left to those that must."""
    bare: dict[str, list[str]] = {}
    for name, schema in schemas.items():
        named: list[str] = schema.get("x-enum-varnames", [])
        for at, value in enumerate(schema.get("enum", [])):
            if value[:1].isdigit() and (not named or re.match(r"VALUE|[0-9]", named[at])):
                bare.setdefault(name, []).append(value)
    assert bare == UNNAMED


@pytest.mark.parametrize("name", NAMED)
def test_values_have_the_names_that_their_meaning_gives(schemas: dict[str, Any], name: str) -> None:
    schema = schemas[name]
    assert dict(zip(schema["enum"], schema["x-enum-varnames"], strict=True)) == NAMED[name]
    for value in schema["enum"]:
        assert (f"`{value}` " if value else "mpty ") in schema["description"], value


def test_the_card_result_of_3d_secure_is_the_same_list_wherever_it_arrives(
    schemas: dict[str, Any],
) -> None:
    for component in ("MpiGetResultResult", "MpiNotice", "MpiReturn"):
        member = schemas[component]["properties"]["cardMstatus"]
        assert member["$ref"] == "#/components/schemas/CardMstatus", component


def example(operation: dict[str, Any]) -> dict[str, Any]:
    body = operation["requestBody"]["content"]["application/json"]["examples"]
    found: dict[str, Any] = body["example"]["value"]
    return found


@pytest.mark.parametrize(
    ("name", "has", "has_not"),
    [
        ("paypayAuthorize", "itemId successUrl cancelUrl errorUrl", "oneTimeCode withCapture"),
        ("merpayAuthorize", "successUrl cancelUrl", "oneTimeCode storeId"),
        ("rakutenAuthorize", "itemName successUrl errorUrl", "oneTimeCode terminalType"),
        ("alipayAuthorize", "commodityName successUrl errorUrl", "identityCode commodityId"),
        ("cardAuthorize", "payNowIdParam", "cardNumber cardExpire securityCode"),
        ("mpiAuthorize", "payNowIdParam cardholderName", "cardNumber cardExpire"),
        ("carrierAuthorize", "mpFirstDate mpDay successUrl", "d3Flag fletsArea"),
    ],
)
def test_an_example_has_what_its_way_of_paying_takes(
    operations: dict[str, Any], name: str, has: str, has_not: str
) -> None:
    shown = example(operations[name])
    assert set(has.split()) <= set(shown)
    assert not set(has_not.split()) & set(shown)


def test_examples_choose_ways_that_fit_each_other(operations: dict[str, Any]) -> None:
    assert example(operations["paypayAuthorize"])["serviceOptionType"] == "online"
    assert example(operations["merpayAuthorize"])["serviceOptionType"] == "online"
    assert example(operations["carrierAuthorize"])["accountingType"] == "1"  # it has days of months
    assert example(operations["mpiAuthorize"])["deviceChannel"] == "02"  # and a browser's headers
    telephone = example(operations["cvsAuthorize"])["telNo"]
    assert telephone.startswith("09"), "another beginning fails in dummy mode"


def test_words_of_the_token_server_about_its_key_are_assumed(schemas: dict[str, Any]) -> None:
    assert {"missing_token_api_key", "invalid_token_api_key"} <= set(schemas["TokenCode"]["enum"])
    assert "assumed" in schemas["TokenResponse"]["properties"]["code"]["x-assumed"]
