"""Convenience stores: numbers, last days, the dummy rule, and the till."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests.unit.mock.mdk.driver import PUSH, Driver

DAY = 86_400


def body(order_id: str = "o-1", option: str = "sej", tel: str = "09012345678", **more: Any) -> Any:
    return {
        "serviceOptionType": option,
        "orderId": order_id,
        "amount": "3300",
        "name1": "決済",
        "name2": "太郎",
        "telNo": tel,
        "payLimit": "2026/01/31",
        "paymentType": "0",
        "pushUrl": PUSH,
        **more,
    }


def test_paid_at_the_till(mock: Driver) -> None:
    result = mock.done("cvs", "Authorize", body())
    assert result["vResultCode"] == "D001000000000000"
    assert mock.balances()["merchant"] == 0
    assert mock.pay("o-1")["status"] == "PAID"
    assert mock.balances()["merchant"] == 3300
    (push,) = mock.pushed
    assert push.header == {
        "numberOfNotify": "1",
        "pushTime": "20260105100000",
        "pushId": "100",
    }
    assert push.records == [
        {
            "orderId": "o-1",
            "cvsType": "sej",
            "receiptNo": result["receiptNo"],
            "receiptDate": "20260105100000",
            "rcvAmount": "3300",
            "dummy": "1",
        }
    ]
    again = mock.admin("pay/o-1")
    assert (again.status, mock.balances()["merchant"]) == (400, 3300)


@pytest.mark.parametrize(
    ("option", "form", "slip", "kind"),
    [
        ("sej", r"\d{13}", True, "sej"),
        ("famima", r"\d{5}-\d{12}", True, "famima"),
        ("lawson", r"\d{7}", False, "lawson"),
        ("econ", r"\d{11}", True, "econ-fm"),
        ("other", r"\d{11}", True, "other"),
    ],
)
def test_numbers_of_each_chain(mock: Driver, option: str, form: str, slip: bool, kind: str) -> None:
    result = mock.done("cvs", "Authorize", body(option=option))
    assert re.fullmatch(form, result["receiptNo"])
    assert ("haraikomiUrl" in result) is slip
    mock.pay("o-1", 3300)
    assert mock.records[0]["cvsType"] == kind


@pytest.mark.parametrize(
    ("tel", "applies", "cancels"),
    [
        ("0901", True, False),
        ("0801", True, False),
        ("0701", True, False),
        ("06-1", True, True),
        ("05-1", True, True),
        ("0401", False, False),
        ("0301", False, False),
        ("9011", False, False),
    ],
)
def test_the_telephone_number_decides_in_dummy_mode(
    mock: Driver, tel: str, applies: bool, cancels: bool
) -> None:
    answer = mock.post("cvs", "Authorize", body(tel=tel))
    assert answer.mstatus == ("success" if applies else "failure")
    gone = mock.post("cvs", "Cancel", {"serviceOptionType": "sej", "orderId": "o-1"})
    assert gone.mstatus == ("success" if cancels else "failure")
    assert mock.status("o-1") == ("CANCELLED" if cancels else "APPLIED" if applies else "FAILED")
    live = mock.post("cvs", "Authorize", body("o-2", tel=tel), dummy=False)
    assert live.mstatus == "success"
    cancel = {"serviceOptionType": "sej", "orderId": "o-2"}
    assert mock.post("cvs", "Cancel", cancel, dummy=False).mstatus == "success"


def test_what_is_cancelled_or_paid_is_not_cancelled(mock: Driver) -> None:
    cancel = {"serviceOptionType": "sej", "orderId": "o-1"}
    mock.done("cvs", "Authorize", body(tel="0600000000"))
    assert mock.post("cvs", "Cancel", {**cancel, "serviceOptionType": "econ"}).code == "ZF01"
    mock.done("cvs", "Cancel", cancel)
    assert mock.post("cvs", "Cancel", cancel).code == "NH02"
    assert mock.admin("pay/o-1").status == 400
    mock.done("cvs", "Authorize", body("o-2", tel="0600000000"))
    mock.pay("o-2")
    assert mock.post("cvs", "Cancel", {**cancel, "orderId": "o-2"}).code == "NH02"
    assert mock.balances()["merchant"] == 3300


def test_an_application_ends_with_its_last_minute(mock: Driver) -> None:
    mock.done("cvs", "Authorize", body(payLimit="2026/01/05", payLimitHhmm="12:30"))
    mock.done("cvs", "Authorize", body("o-2", payLimit="2026/01/05"))
    mock.done("cvs", "Authorize", {n: v for n, v in body("o-3").items() if n != "payLimit"})
    mock.advance(2 * 3600 + 30 * 60 + 59)
    assert mock.status("o-1") == "APPLIED"
    mock.advance(1)
    assert mock.status("o-1") == "EXPIRED"
    assert mock.admin("pay/o-1").status == 400
    mock.advance(DAY)
    assert mock.status("o-2") == "EXPIRED"
    mock.advance(59 * DAY)
    assert mock.status("o-3") == "APPLIED"
    mock.advance(DAY)
    assert mock.status("o-3") == "EXPIRED"
    assert mock.pushed == []


@pytest.mark.parametrize(
    "change",
    [
        {"payLimit": "2026/01/04"},
        {"payLimit": "2026/03/07"},
        {"payLimit": "2026/02/30"},
        {"payLimit": "2026/01/05", "payLimitHhmm": "09:59"},
        {"payLimitHhmm": "24:00"},
        {"paymentType": "1"},
        {"amount": "0"},
        {"amount": "1000000"},
        {"free1": "あ"},
        {"serviceOptionType": "famima", "free1": "あ" * 20},
        {"serviceOptionType": "other", "free2": "あ" * 17},
    ],
)
def test_what_is_refused(mock: Driver, change: dict[str, str]) -> None:
    answer = mock.post("cvs", "Authorize", {**body(), **change})
    assert (answer.mstatus, answer.code) == ("failure", "ZF01")
    assert mock.gateway.orders == {}


def test_the_last_days_that_are_allowed(mock: Driver) -> None:
    for at, day in enumerate(("2026/01/05", "2026/03/06")):
        mock.done("cvs", "Authorize", body(f"o-{at}", payLimit=day))


def test_only_its_own_amount_is_taken(mock: Driver) -> None:
    mock.done("cvs", "Authorize", body())
    assert mock.admin("pay/o-1", {"amount": 3299}).status == 400
    assert mock.balances()["merchant"] == 0


def test_a_payment_slip_is_a_page_in_live_mode(mock: Driver) -> None:
    slip = mock.done("cvs", "Authorize", body(), dummy=False)["haraikomiUrl"]
    assert b"Pay" in mock.get(slip).content
    assert mock.get(slip + "?outcome=fly").status == 400
    assert mock.get(slip + "?outcome=pay").status == 200
    assert mock.records[0]["dummy"] == "0"
    assert b"PAID" in mock.get(slip).content
    fake = mock.done("cvs", "Authorize", body("o-2"))["haraikomiUrl"]
    assert fake.startswith("https://dummy.example/")


def test_nobody_is_told_without_an_address(mock: Driver) -> None:
    mock.done("cvs", "Authorize", {n: v for n, v in body().items() if n != "pushUrl"})
    mock.pay("o-1")
    assert mock.get("/_mock/webhooks").json() == {"webhooks": []}
