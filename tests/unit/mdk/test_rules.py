"""What the schema cannot say: each rule with a value that passes and one that does not."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Any

import pytest
from kessai import Timeout, ValidationError
from kessai.constraints import Report
from kessai_mdk import models as m
from kessai_mdk import operations
from kessai_mdk.rules import RANGES, check

from codegen.reading.load import read_yaml
from tests.support.script import NOW
from tests.unit.mdk.scripted import ORDER, ORDERS, SECRET, Script, card, said, sample

TABLES = Path(__file__).parents[3] / "specs" / "mdk" / "services"
ABSENT = object()


ITEM = {"itemName": "本", "itemCount": "1", "itemAmount": "100"}

# What the spec's examples leave out, and a rule is about.
BESIDE: dict[str, dict[str, Any]] = {
    "cardAuthorize": {"salesDay": "20260105", "withCapture": "true"},
    "mpiAuthorize": {"salesDay": "20260105", "withCapture": "true", "cardholderEmail": "a@b.jp"},
    "cvsAuthorize": {"free1": "ありがとうございます"},
    "bankAuthorize": {
        "serviceOptionType": "netbank-pc",
        "viewLocale": "ja",
        "termUrl": "https://shop.example/thanks",
    },
    "alipayAuthorize": {"payType": "1", "identityCode": "28", "responseType": "0"},
    "carrierAuthorize": {"serviceOptionType": "sb_ktai", "d3Flag": "0"},
    "oricoscAuthorize": {
        f"{member}{number}": value for number in (2, 5) for member, value in ITEM.items()
    },
    "paypayAuthorize": {"oneTimeCode": "281234"},
    "merpayAuthorize": {"oneTimeCode": "281234"},
}


def broken(name: str, **members: Any) -> dict[str, bool]:
    """Rules that a sample with these members breaks, and whether each is enforced."""
    wire = {**sample(name).to_wire(), **BESIDE.get(name, {}), **members}
    wire = {member: value for member, value in wire.items() if value is not ABSENT}
    request = operations.OPERATIONS[name].requests[0].decode(wire)
    report = Report()
    check(operations.OPERATIONS[name], request, report, lambda: NOW)
    return {f"{one.pointer}#{one.code}": one.enforced for one in report.violations}


@pytest.mark.parametrize("name", [*ORDERS, "searchSearch", "mpiGetResult"])
def test_the_documents_examples_break_no_rule_that_is_enforced(name: str) -> None:
    found = broken(name)
    assert not [rule for rule, enforced in found.items() if enforced], found


def rows(name: str) -> list[Any]:
    table: Any = read_yaml(TABLES / f"{name}.yaml")
    return [(command, row) for command, one in table["commands"].items() for row in one["request"]]


def test_ranges_are_the_tables() -> None:
    """Every least and greatest value of the field list, and no other."""
    found = {
        (f"{path.stem}{command}", row["name"], row["min"], row["max"])
        for path in TABLES.glob("*.yaml")
        for command, row in rows(path.stem)
        if "min" in row
    }
    held = {(name, *one) for name, members in RANGES.items() for one in members}
    assert held == found


@pytest.mark.parametrize(
    ("name", "member", "least", "greatest"),
    [(name, *one) for name, members in RANGES.items() for one in members],
)
def test_a_range(name: str, member: str, least: int, greatest: int) -> None:
    for value in (least, greatest):
        assert f"/{member}#minimum" not in broken(name, **{member: str(value)})
        assert f"/{member}#maximum" not in broken(name, **{member: str(value)})
    assert broken(name, **{member: str(least - 1)})[f"/{member}#minimum"]
    assert broken(name, **{member: str(greatest + 1)})[f"/{member}#maximum"]


# Name, members that break it, the rule, whether it is enforced, members that do not.
ROWS: list[tuple[str, dict[str, Any], str, bool, dict[str, Any]]] = [
    ("cardAuthorize", {"orderId": "A*"}, "/orderId#charset", True, {"orderId": "Az09-_"}),
    ("cardAuthorize", {"orderId": "a.b"}, "/orderId#charset", True, {"orderId": "a-b"}),
    ("cardAuthorize", {"orderId": "ａ"}, "/orderId#charset", True, {"orderId": "a"}),
    ("cardAuthorize", {"orderId": "a b"}, "/orderId#charset", True, {"orderId": "a"}),
    ("cardAuthorize", {"orderId": "a\n"}, "/orderId#charset", True, {"orderId": "a"}),
    (
        "cardAuthorize",
        {"payNowIdParam": {"orderParam": {"originalOrderId": "a*"}}},
        "/payNowIdParam/orderParam/originalOrderId#charset",
        True,
        {"payNowIdParam": {"orderParam": {"originalOrderId": "a"}}},
    ),
    ("cvsAuthorize", {"orderId": "a*"}, "/orderId#charset", True, {"orderId": "a.b"}),
    ("paypalCancel", {"orderId": "a/b"}, "/orderId#charset", True, {"orderId": "a.b"}),
    (
        "cardReAuthorize",
        {"originalOrderId": "a?"},
        "/originalOrderId#charset",
        True,
        {"originalOrderId": "a"},
    ),
    ("cardCapture", {"merchantCcid": "x"}, "/merchantCcid#own", True, {}),
    ("cardAuthorize", {"withCapture": "false"}, "/salesDay#with-capture", True, {}),
    ("mpiAuthorize", {"withCapture": ABSENT}, "/salesDay#with-capture", True, {}),
    ("cardAuthorize", {"salesDay": "20260230"}, "/salesDay#date", True, {"salesDay": "20260228"}),
    ("cardAuthorize", {"jpo": "61C01"}, "/jpo#pattern", False, {"jpo": "61C02"}),
    ("cardAuthorize", {"jpo": "61C25"}, "/jpo#pattern", False, {"jpo": "61C24"}),
    ("mpiAuthorize", {"jpo": "99"}, "/jpo#pattern", False, {"jpo": "10"}),
    ("mpiAuthorize", {"deviceChannel": ABSENT}, "/deviceChannel#required", False, {}),
    (
        "mpiAuthorize",
        {"deviceChannel": "02", "cardholderName": ABSENT, "cardholderNameOmitFlag": "false"},
        "/cardholderName#required",
        False,
        {"deviceChannel": "02", "cardholderName": ABSENT, "cardholderNameOmitFlag": "true"},
    ),
    (
        "mpiAuthorize",
        {
            "deviceChannel": "02",
            "cardholderEmail": ABSENT,
            "cardholderHomePhoneNumber": ABSENT,
            "cardholderMobilePhoneNumber": ABSENT,
            "cardholderWorkPhoneNumber": ABSENT,
        },
        "/cardholderEmail#required",
        False,
        {"deviceChannel": "02", "cardholderHomePhoneNumber": "312345678"},
    ),
    ("cvsAuthorize", {"telNo": "090123456789"}, "/telNo#telephone", True, {"telNo": "09012345678"}),
    ("cvsAuthorize", {"telNo": "03--1234"}, "/telNo#telephone", True, {"telNo": "03-1234-5678"}),
    ("cvsAuthorize", {"telNo": "+81312345"}, "/telNo#telephone", True, {"telNo": "0"}),
    ("cvsAuthorize", {"telNo": "0３"}, "/telNo#telephone", True, {}),
    ("cvsAuthorize", {"paymentType": "1"}, "/paymentType#fixed", True, {"paymentType": "0"}),
    ("cvsAuthorize", {"payLimitHhmm": "24:00"}, "/payLimitHhmm#time", True, {}),
    ("cvsAuthorize", {"payLimit": "2026/02/30"}, "/payLimit#date", True, {}),
    ("cvsAuthorize", {"payLimit": "20260131"}, "/payLimit#date", True, {}),
    (
        "cvsAuthorize",
        {"payLimit": "2026/01/04"},
        "/payLimit#window",
        True,
        {"payLimit": "2026/01/05"},
    ),
    (
        "cvsAuthorize",
        {"payLimit": "2026/03/07"},
        "/payLimit#window",
        True,
        {"payLimit": "2026/03/06"},
    ),
    ("cvsAuthorize", {"amount": "300000"}, "/amount#maximum", False, {"amount": "299999"}),
    ("cvsAuthorize", {}, "/free1#not-shown", False, {"serviceOptionType": "famima"}),
    (
        "cvsAuthorize",
        {"serviceOptionType": "other", "free1": "あ" * 17},
        "/free1#max-bytes",
        False,
        {"serviceOptionType": "other", "free1": "あ" * 16},
    ),
    (
        "cvsAuthorize",
        {"serviceOptionType": "famima", "free2": "あ" * 19 + "b"},
        "/free2#max-bytes",
        False,
        {"serviceOptionType": "famima", "free2": "あ" * 19},
    ),
    ("cvsAuthorize", {"name1": "Kessai"}, "/name1#full-width", False, {"name1": "決済"}),
    ("bankAuthorize", {"payCsv": "1"}, "/viewLocale#excludes", True, {"payCsv": ABSENT}),
    ("bankAuthorize", {"payCsv": "1"}, "/termUrl#excludes", True, {"payCsv": ABSENT}),
    (
        "bankAuthorize",
        {"serviceOptionType": "atm"},
        "/termUrl#netbank-pc",
        True,
        {"serviceOptionType": "netbank-pc"},
    ),
    ("bankAuthorize", {"telNo": "12345678"}, "/telNo#pattern", True, {"telNo": "123456789"}),
    ("bankAuthorize", {"telNo": "03-123-4567"}, "/telNo#pattern", True, {}),
    ("bankAuthorize", {"post1": "15"}, "/post1#pattern", True, {}),
    ("bankAuthorize", {"post2": "00011"}, "/post2#pattern", True, {}),
    ("bankAuthorize", {"payLimit": "20260431"}, "/payLimit#date", True, {}),
    ("bankAuthorize", {"agreementDate": "20261301"}, "/agreementDate#date", True, {}),
    ("bankAuthorize", {"amount": "2000000001"}, "/amount#maximum", False, {"amount": "2000000000"}),
    ("alipayAuthorize", {"amount": "0"}, "/amount#minimum", True, {"amount": "1"}),
    (
        "alipayAuthorize",
        {"currency": "CNY", "amount": "99"},
        "/amount#minimum",
        True,
        {"currency": "CNY", "amount": "100"},
    ),
    (
        "alipayAuthorize",
        {"currency": "CNY", "amount": "5000001"},
        "/amount#maximum",
        True,
        {"currency": "CNY", "amount": "5000000"},
    ),
    ("alipayAuthorize", {"amount": "10000000"}, "/amount#maximum", True, {"amount": "9999999"}),
    (
        "alipayAuthorize",
        {"payType": ABSENT, "errorUrl": ABSENT},
        "/errorUrl#required",
        False,
        {"payType": "2", "errorUrl": ABSENT},
    ),
    ("alipayAuthorize", {"payType": "0"}, "/identityCode#pay-type", False, {"payType": "1"}),
    ("alipayAuthorize", {"payType": "2"}, "/responseType#pay-type", False, {"payType": "1"}),
    ("carrierAuthorize", {"mpDay": "29"}, "/mpDay#day", True, {"mpDay": "28"}),
    ("carrierAuthorize", {"mpDay": "0"}, "/mpDay#day", True, {"mpDay": "99"}),
    ("carrierAuthorize", {"mpFirstDate": "20260229"}, "/mpFirstDate#date", True, {}),
    (
        "carrierAuthorize",
        {"accountingType": "1", "mpDay": ABSENT},
        "/mpDay#required",
        False,
        {"accountingType": "1"},
    ),
    (
        "carrierAuthorize",
        {"accountingType": "0"},
        "/mpFirstDate#accounting-type",
        False,
        {"accountingType": "1"},
    ),
    (
        "carrierAuthorize",
        {"serviceOptionType": "au"},
        "/d3Flag#service-option",
        False,
        {"serviceOptionType": "sb_ktai"},
    ),
    ("carrierCapture", {"captureMonth": "202613"}, "/captureMonth#month", True, {}),
    ("carrierCancel", {"cancelMonth": "202600"}, "/cancelMonth#month", True, {}),
    (
        "carrierUpdateAuthorize",
        {"serviceOptionType": "docomo"},
        "/serviceOptionType#not-served",
        False,
        {"serviceOptionType": "au"},
    ),
    ("oricoscAuthorize", {"itemCount2": ABSENT}, "/itemCount2#together", True, {}),
    (
        "oricoscAuthorize",
        {"itemName5": ABSENT, "itemAmount5": ""},
        "/itemAmount5#together",
        True,
        {"itemName5": ABSENT, "itemAmount5": "", "itemCount5": ABSENT},
    ),
    ("oricoscAuthorize", {"shippingZipCode": "1500001"}, "/shippingZipCode#pattern", True, {}),
    (
        "paypayAuthorize",
        {"serviceOptionType": "barcode", "oneTimeCode": ABSENT},
        "/oneTimeCode#required",
        False,
        {"serviceOptionType": "online", "oneTimeCode": ABSENT},
    ),
    (
        "merpayAuthorize",
        {"serviceOptionType": "barcode", "oneTimeCode": ABSENT},
        "/oneTimeCode#required",
        False,
        {"serviceOptionType": "barcode"},
    ),
]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row[0]} {row[2]} {row[1]}"[:70])
def test_a_rule(row: tuple[str, dict[str, Any], str, bool, dict[str, Any]]) -> None:
    name, members, rule, enforced, good = row
    found = broken(name, **members)
    assert found.get(rule) is enforced, found
    assert rule not in broken(name, **good)


def test_a_search_may_have_an_asterisk() -> None:
    wire = {"searchParameters": {"common": {"orderId": "ORDER-*"}}}
    assert broken("searchSearch", **wire) == {}


def test_a_day_is_japans() -> None:
    """At 15:00 UTC it is tomorrow there."""
    request = sample("cvsAuthorize")
    request.pay_limit = "2026/01/05"
    for now, codes in ((NOW + 14 * 3600 - 1, []), (NOW + 14 * 3600, ["window"])):
        report = Report()
        check(operations.CVS_AUTHORIZE, request, report, lambda now=now: now)  # type: ignore[misc]
        assert [one.code for one in report.violations if one.pointer == "/payLimit"] == codes


@pytest.mark.parametrize("now", [float("nan"), float("inf"), -1e300])
def test_a_clock_without_a_date_costs_no_exception(now: float) -> None:
    report = Report()
    check(operations.CVS_AUTHORIZE, sample("cvsAuthorize"), report, lambda: now)
    assert "window" in [one.code for one in report.violations]


def test_parts_of_the_wrong_type_are_the_schemas_to_report() -> None:
    values: list[Any] = [5, [], {}, None, 5.5, True]
    for value in values:
        request = card(unknown_members={"merchantCcid": value})
        request.order_id = value
        request.amount = value
        report = Report()
        check(operations.CARD_AUTHORIZE, request, report, lambda: NOW)
        assert [one.code for one in report.violations] == ["own"]
    check(operations.CARD_AUTHORIZE, object(), Report(), lambda: NOW)


def test_what_is_refused_is_not_sent_and_can_be_lifted() -> None:
    script = Script(said())
    with script.client() as mdk, pytest.raises(ValidationError) as raised:
        mdk.card.authorize(card(0, order_id="a b"))
    assert {one.pointer for one in raised.value.violations} == {"/amount", "/orderId"}
    assert all(one.source for one in raised.value.violations)
    assert script.requests == []
    with script.client(lift=["/orderId#charset"]) as mdk:
        mdk.card.authorize(card(order_id="a b"))
        with pytest.raises(ValidationError):
            mdk.card.authorize(card(0))
        mdk.card.authorize(card(0), lift=["/amount"])
    assert len(script.requests) == 2


def test_what_only_warns_is_sent() -> None:
    script = Script(said())
    with script.client() as mdk, warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        mdk.card.authorize(card(jpo="99"), timeout=Timeout())
    assert len(script.requests) == 1
    assert "/jpo" in str(caught[0].message)
    assert caught[0].filename == __file__
    assert SECRET not in str(caught[0].message)


def test_the_window_goes_by_the_clients_clock() -> None:
    script = Script(said())
    request = m.CvsAuthorizeRequest(
        order_id=ORDER,
        service_option_type=m.CvsServiceOptionType.SEJ,
        amount=3300,
        pay_limit="2026/01/05",
    )
    with script.client() as mdk:
        mdk.cvs.authorize(request)
        script.now = 86400.0
        with pytest.raises(ValidationError, match="60 days"):
            mdk.cvs.authorize(request)
