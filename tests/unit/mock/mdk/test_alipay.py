"""Alipay: the form and its half hour, both ways by barcode, Confirm, Refund, identity codes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.unit.mock.mdk.customers import (
    DONE,
    FAILED,
    PUSH,
    by_auth_info,
    choose,
    history,
    never_back,
    told,
)
from tests.unit.mock.mdk.driver import Driver

HALF_HOUR = 1800


@pytest.fixture
def shop(mock_with: Callable[..., Driver]) -> Driver:
    """A merchant who has registered where Alipay's notices go."""
    return mock_with(push_url=PUSH)


def body(order_id: str = "o-1", amount: int = 1000, **more: str) -> dict[str, Any]:
    return {
        "orderId": order_id,
        "amount": str(amount),
        "currency": "JPY",
        "commodityName": "けっさいのほん",
        "successUrl": DONE,
        "errorUrl": FAILED,
        **more,
    }


def scanned(code: str = "28763443825664394", **more: Any) -> dict[str, Any]:
    return body(payType="1", identityCode=code, **more)


def test_online_is_paid_on_the_page(shop: Driver) -> None:
    form = shop.done("alipay", "Authorize", body())["entryForm"]
    assert shop.balances()["customer"] == 0
    came = by_auth_info("alipay", choose(shop, form), shop)
    assert came.address == DONE
    assert (came.fields["mstatus"], came.fields["settleAmount"]) == ("success", "1000")
    assert shop.balances()["merchant"] == 1000
    [record] = shop.records
    assert (record["txnType"], record["mstatus"]) == ("Authorize", "success")
    assert record["centerTradeId"] == came.fields["centerTradeId"]


@pytest.mark.parametrize("outcome", ["cancel", "fail"])
def test_online_without_payment(shop: Driver, outcome: str) -> None:
    form = shop.done("alipay", "Authorize", body())["entryForm"]
    came = by_auth_info("alipay", choose(shop, form, outcome), shop)
    assert (came.address, came.fields["mstatus"]) == (FAILED, "failure")
    assert told(shop) == [("Authorize", "failure")]
    assert shop.status("o-1") == "FAILED"


def test_the_half_hour_begins_with_the_page(shop: Driver) -> None:
    form = shop.done("alipay", "Authorize", body())["entryForm"]
    shop.advance(2 * HALF_HOUR)
    assert shop.submit(form).status == 200  # shown, and nothing chosen
    shop.advance(HALF_HOUR - 1)
    assert shop.submit(form).status == 200  # a closed page may be opened again
    assert shop.status("o-1") == "APPLIED"
    shop.advance(1)
    assert shop.status("o-1") == "FAILED"
    assert told(shop) == [("Authorize", "failure")]
    late = by_auth_info("alipay", choose(shop, form), shop)
    assert (late.address, late.fields["vResultCode"][:4]) == (FAILED, "ZD03")
    assert shop.balances()["customer"] == 0


def test_paid_in_the_last_second(shop: Driver) -> None:
    form = shop.done("alipay", "Authorize", body())["entryForm"]
    shop.submit(form)
    shop.advance(HALF_HOUR - 1)
    by_auth_info("alipay", choose(shop, form), shop)
    shop.advance(HALF_HOUR)
    assert shop.status("o-1") == "CAPTURED"


def test_a_closed_browser(shop: Driver) -> None:
    never_back(shop, shop.done("alipay", "Authorize", body())["entryForm"])
    assert shop.pay("o-1")["status"] == "CAPTURED"  # but the customer goes on in the app
    assert told(shop) == [("Authorize", "success")]


def test_the_shop_scans_and_is_paid(shop: Driver) -> None:
    done = shop.done("alipay", "Authorize", scanned())
    assert done["buyerChargedAmountCny"] == "50.00"
    assert (done["payTimeJp"], done["payTimeCn"]) == ("20260105100000", "20260105090000")
    assert shop.balances()["merchant"] == 1000
    assert shop.pushed == []
    confirmed = shop.done("alipay", "Confirm", {"orderId": "o-1"})
    assert confirmed["centerTradeId"] == done["centerTradeId"]
    assert history(shop) == [("Authorize", "success")]


@pytest.mark.parametrize("way", ["code", "script"])
def test_the_customer_has_to_approve(shop: Driver, way: str) -> None:
    if way == "script":
        shop.next(operation="alipayAuthorize", provider="ZW00")
    answer = shop.post("alipay", "Authorize", scanned("28000" if way == "script" else "280000"))
    assert answer.mstatus == "pending"
    assert shop.post("alipay", "Confirm", {"orderId": "o-1"}).mstatus == "pending"
    assert shop.balances()["customer"] == 0
    shop.pay("o-1")
    done = shop.done("alipay", "Confirm", {"orderId": "o-1"})
    assert done["buyerChargedAmountCny"] == "50.00"
    assert shop.balances()["merchant"] == 1000
    assert history(shop) == [("Authorize", "pending"), ("Authorize", "success")]
    assert shop.pushed == []
    assert shop.admin("pay/o-1").status == 400


def test_a_customer_who_never_approves(shop: Driver) -> None:
    shop.post("alipay", "Authorize", scanned("280000"))
    shop.advance(HALF_HOUR)
    answer = shop.post("alipay", "Confirm", {"orderId": "o-1"})
    assert (answer.mstatus, answer.code) == ("failure", "ZD03")
    assert shop.admin("pay/o-1").status == 400
    assert shop.balances()["customer"] == 0


def test_a_refused_barcode(shop: Driver) -> None:
    shop.next(operation="alipayAuthorize", provider="ZD01")
    assert shop.post("alipay", "Authorize", scanned()).code == "ZD01"
    assert shop.post("alipay", "Confirm", {"orderId": "o-1"}).code == "ZD01"
    assert shop.status("o-1") == "FAILED"


def test_the_customer_scans(shop: Driver) -> None:
    done = shop.done("alipay", "Authorize", body(payType="2"))
    assert {"qrCodeImgUrl", "qrCodeSmallImgUrl", "qrCodeLargeImgUrl"} <= done.keys()
    assert choose(shop, done["qrCode"]).status == 200
    assert told(shop) == [("Authorize", "success")]
    assert shop.balances()["merchant"] == 1000


def test_a_code_that_nobody_scans(shop: Driver) -> None:
    code = shop.done("alipay", "Authorize", body(payType="2"))["qrCode"]
    shop.advance(HALF_HOUR)
    assert shop.status("o-1") == "FAILED"
    assert choose(shop, code).status == 200
    assert shop.balances()["customer"] == 0


def test_refunds_in_yen(shop: Driver) -> None:
    shop.done("alipay", "Authorize", scanned())
    refund = {"orderId": "o-1", "amount": "400", "reason": "返品"}
    assert shop.done("alipay", "Refund", refund)["balance"] == "600"
    assert told(shop) == [("Refund", "success")]
    assert shop.post("alipay", "Refund", {"orderId": "o-1", "amount": "601"}).code == "ZF02"
    assert shop.done("alipay", "Refund", {"orderId": "o-1", "amount": "600"})["balance"] == "0"
    assert shop.status("o-1") == "REFUNDED"
    assert shop.balances()["customer"] == 0


def test_refunds_in_a_hundredth_of_a_yuan(shop: Driver) -> None:
    """A fen is a fifth of a yen: the parts never add up to more than the whole."""
    done = shop.done("alipay", "Authorize", scanned(currency="CNY", amount="1003"))
    assert done["buyerChargedAmountCny"] == "10.03"
    assert shop.balances()["merchant"] == 200
    yen: list[int] = []
    for left in (1001, 999, 500, 499, 0):
        before = shop.balances()["merchant"]
        units = int(shop.gateway.orders["o-1"].own["balance"]) - left
        done = shop.done("alipay", "Refund", {"orderId": "o-1", "amount": str(units)})
        assert done["balance"] == str(left)
        yen.append(before - shop.balances()["merchant"])
    assert yen == [0, 1, 99, 1, 99]
    assert shop.status("o-1") == "REFUNDED"
    assert shop.balances()["customer"] == 0


@pytest.mark.parametrize(
    ("currency", "amount", "accepted"),
    [
        ("JPY", 0, False),
        ("JPY", 1, True),
        ("JPY", 9_999_999, True),
        ("CNY", 99, False),
        ("CNY", 100, True),
        ("CNY", 5_000_000, True),
        ("CNY", 5_000_001, False),
    ],
)
def test_limits_by_currency(shop: Driver, currency: str, amount: int, accepted: bool) -> None:
    answer = shop.post("alipay", "Authorize", body(amount=amount, currency=currency))
    assert answer.code == ("ZP01" if accepted else "ZF01")


@pytest.mark.parametrize(
    ("way", "member"), [("0", "successUrl"), ("0", "errorUrl"), ("1", "identityCode")]
)
def test_what_each_way_needs(shop: Driver, way: str, member: str) -> None:
    whole = body(payType=way, identityCode="28")
    short = {n: v for n, v in whole.items() if n != member}
    assert shop.post("alipay", "Authorize", short).code == "ZF01"
    shop.done("alipay", "Authorize", whole)


def test_an_identity_code_moves_no_money(shop: Driver) -> None:
    shop_of = {"storeId": "1", "storeName": "けっさい書店"}
    done = shop.done("alipay", "CreateIdentityCode", shop_of)
    assert done["qrCode"] != shop.done("alipay", "CreateIdentityCode", shop_of)["qrCode"]
    assert "orderId" not in done
    assert shop.balances()["customer"] == 0
    assert shop.gateway.orders == {}
