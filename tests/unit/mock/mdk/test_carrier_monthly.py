"""Monthly carrier charges: their days, their results, single months, and how they end."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from tests.unit.mock.mdk.customers import (
    CANCELLED,
    DAY,
    DONE,
    PUSH,
    URLS,
    by_v_auth_info,
    choose,
    history,
    told,
)
from tests.unit.mock.mdk.driver import Driver
from tests.unit.mock.mdk.test_carrier import body, order, page


def monthly(*, first: str = "20260131", day: str = "99", capture: bool = True) -> dict[str, Any]:
    return body(kind="1", capture=capture, mpFirstDate=first, mpDay=day)


def agreed(mock: Driver, **more: Any) -> None:
    came = by_v_auth_info("carrier", choose(mock, page(mock, monthly(**more))))
    assert came.address == DONE
    assert mock.status("o-1") == "ACTIVE"
    mock.pushed.clear()


def until(mock: Driver, moment: str) -> None:
    """Move the clock on to a moment of Japan's time."""
    wanted = datetime.fromisoformat(f"{moment}+09:00")
    mock.advance((wanted - mock.gateway.clock.now).total_seconds())


def charges(mock: Driver) -> list[tuple[str, str, str]]:
    """Month, result and day of each charge that was told."""
    return [
        (one["month"], one["mstatus"], one["txnTime"][:8]) for one in mock.records if "month" in one
    ]


def test_the_application_itself_takes_nothing(mock: Driver) -> None:
    agreed(mock)
    assert mock.balances()["customer"] == 0
    until(mock, "2026-01-31T08:59:59")
    assert mock.records == []


def test_the_last_day_of_each_month(mock: Driver) -> None:
    agreed(mock)
    until(mock, "2026-05-01T00:00:00")
    assert charges(mock) == [
        ("202601", "success", "20260131"),
        ("202602", "success", "20260228"),
        ("202603", "success", "20260331"),
        ("202604", "success", "20260430"),
    ]
    assert mock.balances()["merchant"] == 4000
    assert history(mock)[-4:] == [("Capture", "success")] * 4


def test_the_first_has_a_day_of_its_own_and_years_end(mock: Driver) -> None:
    agreed(mock, first="20261120", day="5")
    until(mock, "2027-02-01T00:00:00")
    assert [when for _, _, when in charges(mock)] == ["20261120", "20261205", "20270105"]


def test_a_failed_month_is_told_and_the_next_is_charged(mock: Driver) -> None:
    agreed(mock)
    mock.next(operation="carrierCharge", provider="WG04")
    until(mock, "2026-03-01T00:00:00")
    assert [(month, mstatus) for month, mstatus, _ in charges(mock)] == [
        ("202601", "failure"),
        ("202602", "success"),
    ]
    assert mock.records[0]["vResultCode"] == "WG04000000000000"
    assert mock.balances()["merchant"] == 1000
    assert mock.post("carrier", "Cancel", order(cancelMonth="202601")).code == "NH02"
    assert mock.status("o-1") == "ACTIVE"


def test_a_month_is_not_charged_if_cancelled_before(mock: Driver) -> None:
    agreed(mock)
    mock.done("carrier", "Cancel", order(cancelMonth="202602"))
    assert mock.post("carrier", "Cancel", order(cancelMonth="202602")).code == "NH02"
    until(mock, "2026-04-01T00:00:00")
    assert [month for month, _, _ in charges(mock)] == ["202601", "202603"]
    assert mock.balances()["merchant"] == 2000
    assert mock.post("carrier", "Cancel", order(cancelMonth="202602")).code == "NH02"


def test_the_very_next_month_can_still_be_cancelled(mock: Driver) -> None:
    agreed(mock)
    mock.done("carrier", "Cancel", order(cancelMonth="202601"))
    until(mock, "2026-02-01T00:00:00")
    assert (charges(mock), mock.balances()["customer"]) == ([], 0)
    assert mock.post("carrier", "Cancel", order(cancelMonth="202601")).code == "NH02"


def test_no_month_of_an_application_that_was_refused(mock: Driver) -> None:
    mock.next(operation="carrierAuthorize", provider="WG02")
    assert mock.post("carrier", "Authorize", monthly()).code == "WG02"
    assert mock.post("carrier", "Cancel", order(cancelMonth="202601")).code == "NH02"
    assert mock.post("carrier", "Capture", order(captureMonth="202601")).code == "NH02"


def test_a_month_is_given_back_in_parts(mock: Driver) -> None:
    agreed(mock)
    until(mock, "2026-03-01T00:00:00")
    part = order(cancelMonth="202601", amount="300")
    assert mock.done("carrier", "Cancel", part)["balance"] == "700"
    assert mock.post("carrier", "Cancel", {**part, "amount": "701"}).code == "ZF02"
    assert mock.done("carrier", "Cancel", order(cancelMonth="202601"))["balance"] == "0"
    assert mock.post("carrier", "Cancel", order(cancelMonth="202601")).code == "NH02"
    assert mock.balances()["merchant"] == 1000
    mock.done("carrier", "Cancel", order(cancelMonth="202602"))
    assert mock.balances()["customer"] == 0
    assert mock.status("o-1") == "ACTIVE"


def test_without_capture_each_month_waits_for_one(mock: Driver) -> None:
    agreed(mock, capture=False)
    until(mock, "2026-03-01T00:00:00")
    assert mock.balances()["hold"] == 2000
    mock.done("carrier", "Capture", order(captureMonth="202602"))
    assert mock.balances() == {"customer": -2000, "hold": 1000, "gateway": 0, "merchant": 1000}
    assert mock.post("carrier", "Capture", order(captureMonth="202602")).code == "NH02"
    mock.done("carrier", "Cancel", order(cancelMonth="202601"))
    assert mock.balances()["hold"] == 0


@pytest.mark.parametrize(("command", "member"), [("Capture", "captureMonth"),
                                                 ("Cancel", "cancelMonth")])  # fmt: skip
def test_a_month_must_be_named(mock: Driver, command: str, member: str) -> None:
    agreed(mock)
    answer = mock.post("carrier", command, order())
    assert (answer.code, member in answer.result["merrMsg"]) == ("ZF01", True)
    assert mock.post("carrier", command, order(**{member: "209913"})).mstatus == "failure"


@pytest.mark.parametrize(
    "wrong",
    [
        {"mpFirstDate": "20260104"},  # yesterday
        {"mpFirstDate": "20260230"},
        {"mpDay": "29"},
        {"mpDay": "0"},
        {"mpDay": ""},
        {"mpFirstDate": ""},
    ],
)
def test_days_that_cannot_be(mock: Driver, wrong: dict[str, str]) -> None:
    whole = {**monthly(), **wrong}
    answer = mock.post("carrier", "Authorize", {n: v for n, v in whole.items() if v})
    assert answer.code == "ZF01"
    page(mock, monthly())


def test_ended_between_gateway_and_carrier(mock: Driver) -> None:
    agreed(mock)
    until(mock, "2026-02-01T10:00:00")
    mock.pushed.clear()
    done = mock.done("carrier", "Terminate", order(force="true", **URLS))
    assert done["terminateDatetime"] == "20260201100000"
    assert mock.status("o-1") == "TERMINATED"
    until(mock, "2026-12-31T00:00:00")
    assert mock.pushed == []
    assert mock.balances()["merchant"] == 1000
    # What was charged before can still be given back.
    mock.done("carrier", "Cancel", order(cancelMonth="202601"))
    assert mock.balances()["customer"] == 0
    assert mock.post("carrier", "Cancel", order(cancelMonth="202602")).code == "NH02"


def test_ended_with_the_customer(mock: Driver) -> None:
    agreed(mock)
    contents = mock.done("carrier", "Terminate", order(**URLS))["responseContents"]
    kept = by_v_auth_info("carrier", choose(mock, contents, "cancel"))
    assert (kept.address, kept.fields["vResultCode"][:4]) == (CANCELLED, "WGU1")
    assert mock.status("o-1") == "ACTIVE"
    assert mock.pushed == []
    came = by_v_auth_info("carrier", choose(mock, contents))
    assert came.address == DONE
    assert told(mock) == [("Terminate", "success")]
    assert mock.status("o-1") == "TERMINATED"
    until(mock, "2026-12-31T00:00:00")
    assert mock.balances()["customer"] == 0


def test_a_termination_may_name_another_address_for_its_notice(mock: Driver) -> None:
    agreed(mock)
    elsewhere = f"{PUSH}/ended"
    urls = {**URLS, "pushUrl": elsewhere}
    contents = mock.done("carrier", "Terminate", order(**urls))["responseContents"]
    choose(mock, contents)
    assert mock.gateway.webhooks.log[-1].webhook.url == elsewhere


def test_ended_behind_the_shop_s_back(mock: Driver) -> None:
    agreed(mock)
    mock.act("o-1", "terminate")
    until(mock, "2026-03-01T00:00:00")
    assert mock.pushed == []
    assert mock.balances()["customer"] == 0
    assert history(mock)[-1] == ("Terminate", "success")
    assert mock.admin("act/o-1/terminate").status == 400
    assert mock.post("carrier", "Terminate", order()).code == "NH02"


def test_a_customer_who_leaves_the_carrier(mock: Driver) -> None:
    agreed(mock)
    until(mock, "2026-02-15T00:00:00")
    mock.act("o-1", "delete")
    assert told(mock)[-1] == ("Delete", "failure")
    assert mock.status("o-1") == "DELETED"
    until(mock, "2026-12-31T00:00:00")
    assert mock.balances()["merchant"] == 1000


def test_a_charge_is_not_made_twice_when_the_clock_jumps(mock: Driver) -> None:
    agreed(mock, first="20260105", day="28")  # 9 o'clock of today is over
    mock.advance(1)
    assert [month for month, _, _ in charges(mock)] == ["202601"]
    mock.advance(365 * DAY)
    assert len(charges(mock)) == 12 == len({month for month, _, _ in charges(mock)})
    assert mock.balances()["merchant"] == 12_000
