"""UnionPay: the form, the return with authInfo, Capture, Cancel, Refund, and the PUSHes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.unit.mock.mdk.customers import (
    DAY,
    DONE,
    PUSH,
    by_auth_info,
    choose,
    history,
    never_back,
    told,
)
from tests.unit.mock.mdk.driver import Driver


@pytest.fixture
def shop(mock_with: Callable[..., Driver]) -> Driver:
    """A merchant who has registered where UnionPay's notices go."""
    return mock_with(push_url=PUSH)


def body(order_id: str = "o-1", amount: int = 1000, *, capture: bool = False) -> dict[str, Any]:
    return {
        "orderId": order_id,
        "amount": str(amount),
        "withCapture": "true" if capture else "false",
        "termUrl": DONE,
        "customerIp": "203.0.113.7",
    }


def paid(shop: Driver, order_id: str = "o-1", *, capture: bool = False) -> None:
    form = shop.done("upop", "Authorize", body(order_id, capture=capture))["entryForm"]
    by_auth_info("upop", choose(shop, form), shop)


@pytest.mark.parametrize(("capture", "status"), [(True, "CAPTURED"), (False, "AUTHORIZED")])
def test_the_browser_comes_back_and_the_push_was_first(
    shop: Driver, capture: bool, status: str
) -> None:
    form = shop.done("upop", "Authorize", body(capture=capture))["entryForm"]
    assert shop.balances()["customer"] == 0
    assert shop.pushed == []
    came = by_auth_info("upop", choose(shop, form), shop)
    assert came.address == DONE
    assert came.fields["mstatus"] == "success"
    assert came.fields["orderId"] == "o-1"
    assert came.fields["capturedAmount"] == ("1000" if capture else "0")
    assert (came.fields["txnDatetimeJp"], came.fields["txnDatetimeCn"]) == (
        "20260105100000",
        "20260105090000",
    )
    assert came.fields["settleCurrency"] == "392"
    [record] = shop.records
    assert record["txnType"] == "Authorize"
    assert (record["settleAmount"], record["settleDate"]) == ("1000", "0105")
    assert record["settleRate"] == "1.00000"
    assert len(record["traceNumber"]) == 6
    assert shop.status("o-1") == status
    assert shop.balances()["merchant" if capture else "hold"] == 1000


@pytest.mark.parametrize("outcome", ["cancel", "fail"])
def test_a_failure_is_told_both_ways(shop: Driver, outcome: str) -> None:
    form = shop.done("upop", "Authorize", body())["entryForm"]
    came = by_auth_info("upop", choose(shop, form, outcome), shop)
    assert (came.address, came.fields["mstatus"]) == (DONE, "failure")
    assert "settleAmount" not in came.fields
    assert told(shop) == [("Authorize", "failure")]
    assert shop.status("o-1") == "FAILED"
    assert history(shop) == [("Authorize", "success"), ("Authorize", "failure")]
    assert shop.post("upop", "Capture", {"orderId": "o-1"}).code == "NH02"


def test_a_page_used_twice_pays_once(shop: Driver) -> None:
    form = shop.done("upop", "Authorize", body(capture=True))["entryForm"]
    first = by_auth_info("upop", choose(shop, form), shop)
    again = by_auth_info("upop", choose(shop, form, "cancel"), shop)
    assert again.fields["mstatus"] == first.fields["mstatus"] == "success"
    assert shop.balances()["merchant"] == 1000
    assert len(shop.records) == 1


def test_a_browser_that_never_comes_back(shop: Driver) -> None:
    form = shop.done("upop", "Authorize", body())["entryForm"]
    never_back(shop, form)
    other = shop.done("upop", "Authorize", body("o-2"))["entryForm"]
    assert choose(shop, other, "away").status == 200
    assert shop.status("o-2") == "AUTHORIZED"
    assert told(shop) == [("Authorize", "success")]


def test_a_part_is_captured_and_refunded_in_parts(shop: Driver) -> None:
    paid(shop)
    done = shop.done("upop", "Capture", {"orderId": "o-1", "amount": "700"})
    assert (done["capturedAmount"], done["remainingAmount"]) == ("700", "700")
    assert shop.balances() == {"customer": -700, "hold": 0, "gateway": 0, "merchant": 700}
    done = shop.done("upop", "Refund", {"orderId": "o-1", "amount": "200"})
    assert (done["capturedAmount"], done["remainingAmount"]) == ("700", "500")
    assert done["settleAmount"] == "200"
    assert shop.post("upop", "Cancel", {"orderId": "o-1"}).code == "NH02"
    assert shop.post("upop", "Refund", {"orderId": "o-1", "amount": "501"}).code == "ZF02"
    shop.done("upop", "Refund", {"orderId": "o-1", "amount": "500"})
    assert shop.status("o-1") == "REFUNDED"
    assert shop.balances()["customer"] == 0
    assert [kind for kind, _ in told(shop)] == ["Authorize", "Capture", "Refund", "Refund"]


@pytest.mark.parametrize("capture", [True, False])
def test_cancel_gives_all_back(shop: Driver, capture: bool) -> None:
    paid(shop, capture=capture)
    done = shop.done("upop", "Cancel", {"orderId": "o-1"})
    assert done["remainingAmount"] == "0"
    assert shop.balances()["customer"] == 0
    assert shop.status("o-1") == "CANCELLED"
    assert shop.post("upop", "Cancel", {"orderId": "o-1"}).code == "NH02"


def test_more_than_is_held_is_not_captured(shop: Driver) -> None:
    paid(shop)
    assert shop.post("upop", "Capture", {"orderId": "o-1", "amount": "1001"}).code == "ZF02"
    assert shop.post("upop", "Capture", {"orderId": "o-1", "amount": "0"}).code == "ZF01"
    assert shop.post("upop", "Refund", {"orderId": "o-1", "amount": "1"}).code == "NH02"
    assert shop.status("o-1") == "AUTHORIZED"


@pytest.mark.parametrize("member", ["withCapture", "termUrl", "customerIp"])
def test_what_the_form_needs(shop: Driver, member: str) -> None:
    whole = body()
    answer = shop.post("upop", "Authorize", {n: v for n, v in whole.items() if n != member})
    assert (answer.code, member in answer.result["merrMsg"]) == ("ZF01", True)
    shop.done("upop", "Authorize", whole)  # the orderId is still free


def test_a_capture_left_open_is_done_when_settled(shop: Driver) -> None:
    paid(shop)
    shop.next(operation="upopCapture", provider="ZW00")
    answer = shop.post("upop", "Capture", {"orderId": "o-1", "amount": "400"})
    assert answer.mstatus == "pending"
    assert shop.status("o-1") == "AUTHORIZED"
    shop.next(operation="upopCapture", provider="ZW00")
    assert shop.post("upop", "Capture", {"orderId": "o-1", "amount": "1001"}).code == "ZF02"
    assert shop.admin("settle/o-1").json()["status"] == "CAPTURED"
    assert shop.balances()["merchant"] == 400


def test_a_hold_runs_out(shop: Driver) -> None:
    paid(shop)
    shop.advance(60 * DAY)
    assert shop.status("o-1") == "EXPIRED"
    assert shop.balances()["customer"] == 0
    assert shop.post("upop", "Capture", {"orderId": "o-1"}).code == "NH02"


def test_without_a_registered_address_nobody_is_told(mock: Driver) -> None:
    paid(mock, capture=True)
    assert mock.pushed == []
