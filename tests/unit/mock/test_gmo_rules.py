"""The mock's own reading of the rules, held alone: the generated models stand before it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from kessai_mock.clock import START
from kessai_mock.gmo.body import Body
from kessai_mock.gmo.problem import ProblemError
from kessai_mock.gmo.rules import cash, common, credit, text, wallet
from kessai_mock.gmo.rules.countries import COUNTRIES

from tests.unit.mock import bodies


def _refusal(check: Callable[..., object], *arguments: Any, **named: Any) -> str | None:
    """The member a check objects to, or None."""
    try:
        check(*arguments, **named)
    except ProblemError as problem:
        if problem.title not in {"invalid_parameter", "missing_parameter"}:
            return problem.title
        return problem.detail.rpartition("(")[2].rstrip(")")
    return None


@pytest.mark.parametrize(
    ("check", "limits", "named", "good", "bad"),
    [
        (text.size, (6,), {}, "ああ", "ああa"),
        (text.size, (4,), {"encoding": "euc-jp"}, "ああ", "ああa"),
        (text.size, (3,), {"encoding": "euc-jp"}, "a😀a", "aあ😀a"),
        (text.length, (2,), {}, "あ😀", "あ😀a"),
        (text.half_width, (), {}, "aｱ~", "aア"),
        (text.full_width, (), {}, "ア１　", "ア1"),
        (text.yen, (), {}, "000000000000001", "1000000000000000"),
        (text.yen, (), {}, "0", "１"),
        (text.date, (), {}, "20240229", "20250229"),
        (text.date, (), {}, "20261231", "2026123"),
        (text.date, (), {}, "20261231", "２０２６１２３１"),
        (text.uri, (), {}, "https://a.example/?q=1", "https:///path"),
        (text.uri, (), {}, "shop-app://back", "back"),
        (text.uri, (), {}, "http://127.0.0.1:1/", "http://a b/"),
        (text.uri, (), {}, "http://[::1]/", "http://[::1/"),
        (text.uri, (), {"schemes": ("https",)}, "https://a.example", "http://a.example"),
        (text.email, (), {}, "a.b+c@d.example", "a..b@d.example"),
        (text.email, (), {}, '"a b"@[192.0.2.1]', "a@"),
        (text.email, (), {}, "a@localhost", "a@-b.example"),
    ],
)
def test_single_values(
    check: Callable[..., object],
    limits: tuple[int, ...],
    named: dict[str, Any],
    good: str,
    bad: str,
) -> None:
    """One that just passes, one that just does not."""
    assert _refusal(check, Body({"x": good}), *limits, "x", **named) is None
    assert _refusal(check, Body({"x": bad}), *limits, "x", **named) == "x"


def test_there_are_249_countries() -> None:
    """Japan among them, its telephone code not."""
    assert len(COUNTRIES) == 249
    assert "392" in COUNTRIES
    assert "081" not in COUNTRIES


def _address(**changes: Any) -> dict[str, Any]:
    return {
        "name": "山田", "line1": "1-1", "city": "渋谷区", "state": "013", "postCode": "1500031",
    } | changes  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "refused"),
    [
        ({}, None),
        ({"amount": "999"}, "order.items[0].price"),
        ({"amount": "1000"}, None),
        ({"currency": "JPY"}, None),
        ({"currency": "EUR"}, "order.currency"),
        ({"clientFields": {"clientField2": "あ" * 51}}, "order.clientFields.clientField2"),
        ({"clientFields": {"clientField2": "あ" * 50}}, None),
        ({"shippingAddress": _address(state="048")}, "order.shippingAddress.state"),
        ({"shippingAddress": _address(state="000")}, "order.shippingAddress.state"),
        ({"billingAddress": _address(state="048", country="840")}, None),
        ({"billingAddress": _address(country="081")}, "order.billingAddress.country"),
        ({"billingAddress": _address(line3="あ" * 26)}, "order.billingAddress.line3"),
        (
            {"addressMatch": True, "shippingAddress": _address(), "billingAddress": _address()},
            "order.addressMatch",
        ),
        ({"addressMatch": True, "shippingAddress": _address()}, None),
        ({"shippingAddress": _address(), "billingAddress": _address()}, None),
    ],
)
def test_orders(changes: dict[str, Any], refused: str | None) -> None:
    """Amount, client fields, items, addresses."""
    order = bodies.order(items=[bodies.item(1000)]) | changes
    assert _refusal(common.check_order, Body(order, "order")) == refused


@pytest.mark.parametrize(
    ("options", "refused"),
    [
        ({f"k{n}": "v" for n in range(20)}, None),
        ({f"k{n}": "v" for n in range(21)}, "additionalOptions"),
        ({"k": 1}, "additionalOptions.k"),
    ],
)
def test_additional_options(options: dict[str, Any], refused: str | None) -> None:
    """At most twenty, and texts only."""
    assert _refusal(common.check_options, Body({"additionalOptions": options})) == refused


@pytest.mark.parametrize(
    ("amazon", "changes", "refused"),
    [
        ({"checkoutSessionId": "s"}, {}, None),
        ({}, {}, "walletInformation.amazonPay.checkoutSessionId"),
        ({"apbType": "PayOnly"}, {}, None),
        ({"apbType": "PayAndShip"}, {}, "order.shippingAddress"),
        (
            {"apbType": "PayAndShip"},
            {"shippingAddress": _address()},
            "order.shippingAddress.country",
        ),
        ({"apbType": "PayAndShip"}, {"shippingAddress": _address(country="392")}, None),
    ],
)
def test_amazon_pay(amazon: dict[str, Any], changes: dict[str, Any], refused: str | None) -> None:
    """A session, or apbType; shipping wants to know where to."""
    body = bodies.wallet(kind="AMAZON")
    body["walletInformation"]["amazonPay"] = amazon
    body["order"] |= changes
    assert _refusal(wallet.check_charge, Body(body)) == refused


def test_shipping_with_amazon_pay_wants_a_phone() -> None:
    """The first one's number."""
    body = bodies.wallet(kind="AMAZON")
    body["walletInformation"]["amazonPay"] = {"apbType": "PayAndShip"}
    body["order"]["shippingAddress"] = _address(country="392")
    body["payer"]["phones"] = [{"type": "HOME"}, {"number": "0312345678"}]
    assert _refusal(wallet.check_charge, Body(body)) == "payer.phones[0].number"


def test_docomo_counts_a_slash_as_four_bytes() -> None:
    """E-mail, URL and phone share 96 bytes."""
    body = bodies.wallet(kind="DOCOMO")
    url = "https://books.example.com/"  # 26 characters, three slashes: 35 bytes
    body["merchant"] |= {"contactUrl": url, "contactPhone": "0120000000"}
    body["merchant"]["contactEmail"] = "a" * 39 + "@b.example.c"  # 51 bytes: 96 in all
    assert _refusal(wallet.check_charge, Body(body)) is None
    body["merchant"]["contactPhone"] += "0"
    assert _refusal(wallet.check_charge, Body(body)) == "merchant.contactUrl"


def test_merpay_and_rakuten_want_items() -> None:
    """Merpay with a category and at most seven digits; Rakuten for a consent."""
    body = bodies.wallet(kind="MERPAY", amount=99_999_999)
    assert _refusal(wallet.check_charge, Body(body)) is None
    body["order"]["items"] = [bodies.item(10_000_000)]
    assert _refusal(wallet.check_charge, Body(body)) == "order.items[0].price"
    del body["order"]["items"][0]["category"]
    assert _refusal(wallet.check_charge, Body(body)) == "order.items[0].category"
    del body["order"]["items"]
    assert _refusal(wallet.check_charge, Body(body)) == "order.items"
    consent = bodies.consent(kind="RAKUTEN")
    assert _refusal(wallet.check_consent, Body(consent)) is None
    del consent["order"]["items"]
    assert _refusal(wallet.check_consent, Body(consent)) == "order.items"


def test_red_shield_has_shorter_limits() -> None:
    """Only where it is used."""
    body = bodies.charge(useFraudDetection=False)
    body["order"] |= {"items": [bodies.item(productId="p" * 19)]}
    body["order"]["billingAddress"] = _address(postCode="150-0031-1")
    assert _refusal(credit.check_charge, Body(body), "creditInformation") is None
    body["creditInformation"]["creditChargeOptions"]["useFraudDetection"] = True
    body["fraudDetectionInformation"] = {"fraudDetectionData": {"userId": "u"}}
    check = (credit.check_charge, Body(body), "creditInformation")
    assert _refusal(*check) == "order.items[0].productId"
    body["order"]["items"][0]["productId"] = "p" * 18
    assert _refusal(*check) == "order.billingAddress.postCode"
    body["order"]["billingAddress"]["postCode"] = "150-0031"
    assert _refusal(*check) is None


@pytest.mark.parametrize(
    ("shop", "moment", "refused"),
    [
        ("LAWSON", START + timedelta(minutes=1), False),
        ("LAWSON", START, True),
        ("SEVEN_ELEVEN", START + timedelta(days=1), True),
        ("SEICOMART", START.replace(day=9, hour=0, minute=1), True),
        ("SEICOMART", START.replace(day=9, hour=0, minute=2), False),
        ("MINISTOP", START.replace(month=7, day=5, hour=0, minute=0), False),
        ("MINISTOP", START.replace(month=7, day=5, hour=0, minute=1), True),
        ("FAMILYMART", START.replace(month=3, day=7, hour=0, minute=0), False),
        ("FAMILYMART", START.replace(month=3, day=7, hour=0, minute=1), True),
    ],
)
def test_moments_to_pay_until(shop: str, moment: Any, refused: bool) -> None:
    """Midnight of day 181 or 61 is the last; what has passed is refused (assumed)."""
    body = bodies.cash(konbiniCode=shop, paymentExpiryDateTime=f"{moment:%Y%m%d%H%M}")
    at = "cashInformation.cashOptions.paymentExpiryDateTime" if refused else None
    assert _refusal(cash.check, Body(body), START) == at


def test_display_texts_are_full_width() -> None:
    """48 bytes on the machine, 90 on the receipt."""
    body = bodies.cash()
    shown = body["cashInformation"].setdefault("displayInformation", {})
    shown |= {"registerDisplay8": "あ" * 16, "receiptDisplay10": "あ" * 30}
    assert _refusal(cash.check, Body(body), START) is None
    shown["receiptDisplay10"] += "あ"
    at = "cashInformation.displayInformation"
    assert _refusal(cash.check, Body(body), START) == f"{at}.receiptDisplay10"
    shown["registerDisplay8"] = "ああ1"
    assert _refusal(cash.check, Body(body), START) == f"{at}.registerDisplay8"
