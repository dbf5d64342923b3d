"""Shopping credit: the application on Orico's page, and the screening that is told later."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.unit.mock.mdk.customers import DONE, PUSH, by_v_auth_info, choose, never_back
from tests.unit.mock.mdk.driver import Driver

SCREENING = 600


@pytest.fixture
def shop(mock_with: Callable[..., Driver]) -> Driver:
    """A merchant who has registered where the screening's results go."""
    return mock_with(push_url=PUSH)


def body(order_id: str = "o-1", **more: str) -> dict[str, Any]:
    return {
        "orderId": order_id,
        "merchantRedirectionUrl": DONE,
        "oricoOrderNo": "ORICO-1",
        "itemName1": "けっさいのほん",
        "itemCount1": "2",
        "itemAmount1": "30000",
        "totalItemAmount": "60000",
        "totalCarriage": "500",
        "amount": "60500",
        "deposit": "10500",
        **more,
    }


def page(shop: Driver, order_id: str = "o-1") -> str:
    done = shop.done("oricosc", "Authorize", body(order_id))
    return str(done["resResponseContents"])


@pytest.mark.parametrize(
    ("outcome", "mstatus", "state", "status", "paid"),
    [
        ("success", "success", "01", "ACCEPTED", 50_000),
        ("reject", "failure", "02", "REJECTED", 0),
        ("pending", "pending", "03", "SCREENING", 0),
    ],
)
def test_the_browser_comes_first_and_the_result_later(
    shop: Driver, outcome: str, mstatus: str, state: str, status: str, paid: int
) -> None:
    came = by_v_auth_info("oricosc", choose(shop, page(shop), outcome))
    assert (came.address, came.fields["mstatus"]) == (DONE, "success")
    assert shop.pushed == []
    shop.advance(SCREENING - 1)
    assert (shop.pushed, shop.status("o-1")) == ([], "SCREENING")
    shop.advance(1)
    [record] = shop.records
    assert (record["mstatus"], record["orderStateCode"]) == (mstatus, state)
    assert (record["requestDate"], record["loanPrincipal"]) == ("20260105", "50000")
    assert ("approvalNo" in record) == (mstatus == "success")
    assert shop.status("o-1") == status
    assert shop.balances()["merchant"] == paid


@pytest.mark.parametrize(("action", "paid"), [("accept", 50_000), ("reject", 0)])
def test_a_long_screening_ends_after_all(shop: Driver, action: str, paid: int) -> None:
    choose(shop, page(shop), "pending")
    shop.advance(SCREENING)
    shop.act("o-1", action)
    assert [one["orderStateCode"] for one in shop.records] == ["03", "01" if paid else "02"]
    assert shop.balances()["merchant"] == paid
    assert shop.admin(f"act/o-1/{action}").status == 400
    shop.advance(10 * SCREENING)
    assert len(shop.records) == 2


def test_a_script_decides_instead(shop: Driver) -> None:
    shop.next(operation="oricoscScreening", provider="ZD01")
    choose(shop, page(shop))
    shop.advance(SCREENING)
    assert shop.status("o-1") == "REJECTED"


def test_decided_early_by_a_person_it_is_not_decided_again(shop: Driver) -> None:
    choose(shop, page(shop), "reject")
    shop.act("o-1", "accept")
    shop.advance(SCREENING)
    assert [one["orderStateCode"] for one in shop.records] == ["01"]
    assert shop.balances()["merchant"] == 50_000


@pytest.mark.parametrize("outcome", ["cancel", "fail"])
def test_no_application_no_screening(shop: Driver, outcome: str) -> None:
    came = by_v_auth_info("oricosc", choose(shop, page(shop), outcome))
    assert (came.address, came.fields["mstatus"]) == (DONE, "failure")
    shop.advance(SCREENING)
    assert (shop.pushed, shop.status("o-1")) == ([], "FAILED")


def test_a_closed_browser(shop: Driver) -> None:
    never_back(shop, page(shop))
    assert shop.status("o-1") == "APPLIED"


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        ({"itemCount1": ""}, "itemCount1"),
        ({"itemName2": "もう一冊"}, "itemCount2"),
        ({"itemCount5": "1", "itemAmount5": "1"}, "itemName5"),
        ({"amount": "60000"}, "amount"),
        ({"totalCarriage": ""}, "amount"),
        ({"deposit": "60500"}, "deposit"),
        ({"merchantRedirectionUrl": ""}, "merchantRedirectionUrl"),
    ],
)
def test_goods_and_sums(shop: Driver, wrong: dict[str, str], named: str) -> None:
    whole = {n: v for n, v in {**body(), **wrong}.items() if v}
    answer = shop.post("oricosc", "Authorize", whole)
    assert (answer.code, named in answer.result["merrMsg"]) == ("ZF01", True)
    page(shop)
