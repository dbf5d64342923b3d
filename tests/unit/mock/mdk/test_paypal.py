"""PayPal: set, get, do, capture; the prompt report, and the confirmed one days later."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.unit.mock.mdk.customers import (
    CANCELLED,
    DAY,
    DONE,
    PUSH,
    Back,
    back,
    choose,
    history,
    never_back,
    told,
)
from tests.unit.mock.mdk.driver import Driver, hold_to


@pytest.fixture
def shop(mock_with: Callable[..., Driver]) -> Driver:
    """A merchant who has registered where PayPal's notices go."""
    return mock_with(push_url=PUSH)


def setting(order_id: str = "o-1", amount: int = 1000, **more: str) -> dict[str, Any]:
    return {
        "orderId": order_id,
        "amount": str(amount),
        "action": "set",
        "returnUrl": DONE,
        "cancelUrl": CANCELLED,
        "orderDescription": "けっさいのほん",
        **more,
    }


def step(action: str, came: Back | None = None) -> dict[str, Any]:
    body = {"orderId": "o-1", "action": action}
    if came is not None:
        body |= {"token": came.fields["token"], "payerId": came.fields["PayerID"]}
    return body


def agreed(shop: Driver, command: str = "Capture", outcome: str = "success") -> Back:
    """set, and the customer has agreed."""
    url = shop.done("paypal", command, setting())["loginUrl"]
    came = back(choose(shop, url, outcome))
    hold_to("PaypalReturn", came.fields)
    assert came.address == DONE
    return came


def captured(shop: Driver) -> dict[str, Any]:
    return shop.done("paypal", "Capture", step("do", agreed(shop)))


def header(shop: Driver) -> list[tuple[str, str, str]]:
    """fixed, txnType and mstatus of each record."""
    return [
        (push.header["fixed"], record["txnType"], record["mstatus"])
        for push in shop.pushed
        for record in push.records
    ]


def test_only_do_completes_a_capture(shop: Driver) -> None:
    begun = shop.done("paypal", "Capture", setting(shipName="決済太郎", shippingFlag="1"))
    assert "payerId" not in begun
    assert shop.done("paypal", "Capture", step("get"))["token"] == begun["token"]
    came = back(choose(shop, begun["loginUrl"]))
    assert came.fields["token"] == begun["token"]
    assert shop.balances()["customer"] == 0
    got = shop.done("paypal", "Capture", step("get"))
    assert got["payerId"] == came.fields["PayerID"]
    assert got["shipName"] == "決済太郎"
    assert shop.balances()["customer"] == 0
    done = shop.done("paypal", "Capture", step("do", came))
    assert done["vResultCode"] == "L001000000000000"
    assert (done["amount"], done["feeAmount"], done["settleAmount"]) == ("1000", "36", "964")
    assert done["paymentDate"] == "20260105100000"
    assert shop.balances()["merchant"] == 1000
    assert header(shop) == [("0", "Capture", "success")]
    [record] = shop.records
    assert record["payerId"] == came.fields["PayerID"]
    assert record["centerTxnId"] == done["centerTxnId"]


def test_do_needs_what_the_browser_brought(shop: Driver) -> None:
    came = agreed(shop)
    for name in ("token", "payerId"):
        wrong = {**step("do", came), name: "EC-0"}
        assert shop.post("paypal", "Capture", wrong).code == "ZF01"
        del wrong[name]
        assert shop.post("paypal", "Capture", wrong).code == "ZF01"
    assert shop.post("paypal", "Authorize", step("do", came)).code == "NH02"
    shop.done("paypal", "Capture", step("do", came))
    assert shop.post("paypal", "Capture", step("do", came)).code == "NH02"
    assert shop.balances()["merchant"] == 1000


def test_do_before_the_customer_has_agreed(shop: Driver) -> None:
    begun = shop.done("paypal", "Authorize", setting())
    body = {"orderId": "o-1", "action": "do", "token": begun["token"], "payerId": "X"}
    assert shop.post("paypal", "Authorize", body).code == "NH02"


@pytest.mark.parametrize("member", ["amount", "returnUrl", "cancelUrl"])
def test_what_set_needs(shop: Driver, member: str) -> None:
    whole = setting()
    short = {n: v for n, v in whole.items() if n != member}
    assert shop.post("paypal", "Authorize", short).code == "ZF01"
    shop.done("paypal", "Authorize", whole)


def test_a_customer_who_cancels_may_come_again(shop: Driver) -> None:
    url = shop.done("paypal", "Capture", setting())["loginUrl"]
    gone = back(choose(shop, url, "cancel"))
    assert gone.address == CANCELLED
    assert gone.fields.keys() == {"token"}
    assert shop.status("o-1") == "APPLIED"
    came = back(choose(shop, url))
    assert came.address == DONE
    shop.done("paypal", "Capture", step("do", came))
    assert shop.status("o-1") == "CAPTURED"


def test_a_customer_who_agrees_and_cannot_pay(shop: Driver) -> None:
    came = agreed(shop, outcome="fail")
    assert shop.post("paypal", "Capture", step("do", came)).code == "ZD01"
    assert shop.status("o-1") == "FAILED"
    assert shop.balances()["customer"] == 0
    assert shop.pushed == []


def test_a_closed_browser(shop: Driver) -> None:
    never_back(shop, shop.done("paypal", "Capture", setting())["loginUrl"])
    assert shop.status("o-1") == "APPLIED"


def test_authorize_then_capture_a_part(shop: Driver) -> None:
    came = agreed(shop, "Authorize")
    done = shop.done("paypal", "Authorize", step("do", came))
    assert "centerAuthId" in done
    assert shop.balances()["hold"] == 1000
    assert shop.pushed == []
    done = shop.done("paypal", "Capture", {**step("capture"), "amount": "400"})
    assert (done["amount"], done["paymentStatus"]) == ("400", "Completed")
    assert shop.balances() == {"customer": -400, "hold": 0, "gateway": 0, "merchant": 400}
    assert told(shop) == [("Capture", "success")]
    assert shop.post("paypal", "Capture", step("capture")).code == "NH02"


def test_cancel_is_for_authorizations(shop: Driver) -> None:
    came = agreed(shop, "Authorize")
    shop.done("paypal", "Authorize", step("do", came))
    shop.done("paypal", "Cancel", {"orderId": "o-1"})
    assert shop.status("o-1") == "CANCELLED"
    assert shop.balances()["customer"] == 0


def test_a_capture_is_not_cancelled_but_refunded(shop: Driver) -> None:
    captured(shop)
    assert shop.post("paypal", "Cancel", {"orderId": "o-1"}).code == "NH02"
    done = shop.done("paypal", "Refund", {"orderId": "o-1", "amount": "300"})
    assert (done["refundAmount"], done["feeRefundAmount"], done["netRefundAmount"]) == (
        "300",
        "10",
        "290",
    )
    assert (done["principalAmount"], done["settlementBalance"]) == ("1000", "700")
    assert shop.post("paypal", "Refund", {"orderId": "o-1", "amount": "701"}).code == "ZF02"
    shop.done("paypal", "Refund", {"orderId": "o-1", "amount": "700"})
    assert shop.status("o-1") == "REFUNDED"
    assert shop.balances()["customer"] == 0


def test_the_confirmed_report_comes_days_later(shop: Driver) -> None:
    number = captured(shop)["centerTxnId"]
    shop.advance(3 * DAY - 1)
    assert header(shop) == [("0", "Capture", "success")]
    shop.advance(1)
    assert header(shop)[1:] == [("1", "Capture", "success")]
    assert shop.records[1]["centerTxnId"] == number
    assert shop.records[1]["receivedDatetime"] == "20260108100000"
    shop.advance(30 * DAY)
    assert len(shop.records) == 2
    assert shop.balances()["merchant"] == 1000


def test_a_failing_report_takes_the_money_back(shop: Driver) -> None:
    captured(shop)
    shop.done("paypal", "Refund", {"orderId": "o-1", "amount": "300"})
    shop.next(operation="paypalReport", provider="ZD01")
    shop.advance(3 * DAY)
    assert header(shop) == [
        ("0", "Capture", "success"),
        ("0", "Refund", "success"),
        ("1", "Capture", "failure"),
        ("1", "Refund", "success"),
    ]
    assert shop.status("o-1") == "REVERSED"
    assert shop.balances()["customer"] == 0
    assert ("Capture", "failure") in history(shop)
    assert shop.post("paypal", "Refund", {"orderId": "o-1", "amount": "1"}).code == "NH02"


def test_a_failing_report_of_what_was_all_refunded(shop: Driver) -> None:
    captured(shop)
    shop.done("paypal", "Refund", {"orderId": "o-1", "amount": "1000"})
    shop.next(operation="paypalReport", provider="ZD01", times=2)
    shop.advance(3 * DAY)
    assert [mstatus for _, mstatus in told(shop)[2:]] == ["failure", "failure"]
    assert shop.status("o-1") == "REFUNDED"
    assert shop.balances()["customer"] == 0


def test_a_pending_report_is_followed_by_another(shop: Driver) -> None:
    captured(shop)
    shop.next(operation="paypalReport", provider="ZW00")
    shop.advance(3 * DAY)
    assert header(shop)[1:] == [("1", "Capture", "pending")]
    assert shop.balances()["merchant"] == 1000
    shop.advance(3 * DAY)
    assert header(shop)[2:] == [("1", "Capture", "success")]


def test_the_days_are_a_setting(mock_with: Callable[..., Driver]) -> None:
    shop = mock_with(push_url=PUSH, paypal_report_days=1)
    captured(shop)
    shop.advance(DAY)
    assert len(shop.records) == 2
