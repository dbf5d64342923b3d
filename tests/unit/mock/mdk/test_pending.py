"""What a provider leaves open, at every command of card, 3-D Secure, convenience store and bank."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.mock.mdk.driver import Driver

CVS = {"serviceOptionType": "sej", "orderId": "o-1", "amount": "300", "telNo": "0600000000"}
BANK = {"serviceOptionType": "netbank-pc", "orderId": "o-1", "amount": "300"}


def leave_open(mock: Driver, service: str, command: str, body: dict[str, Any]) -> None:
    mock.next(operation=service + command, provider="ZW00")
    answer = mock.post(service, command, body)
    assert (answer.mstatus, answer.code) == ("pending", "ZW00")


def mpi(mock: Driver) -> dict[str, Any]:
    three = {"serviceOptionType": "mpi-company", "deviceChannel": "02", "cardholderName": "TARO"}
    return {**mock.card(), **three}


def settle(mock: Driver, code: str | None = None) -> str:
    answer = mock.admin("settle/o-1", {} if code is None else {"vResultCode": code})
    assert answer.status == 200, answer
    return str(answer.json()["status"])


@pytest.mark.parametrize(
    ("service", "done"), [("cvs", "APPLIED"), ("bank", "APPLIED"), ("mpi", "STARTED")]
)
def test_an_application(mock: Driver, service: str, done: str) -> None:
    def body() -> dict[str, Any]:
        return {"cvs": CVS, "bank": BANK}[service] if service != "mpi" else mpi(mock)

    leave_open(mock, service, "Authorize", body())
    assert mock.status("o-1") == "PENDING"
    if service != "mpi":
        assert mock.admin("pay/o-1").status == 400
    assert settle(mock) == done
    mock.admin("reset")
    leave_open(mock, service, "Authorize", body())
    assert settle(mock, "ZD01") == "FAILED"
    mock.admin("reset")
    mock.next(operation=f"{service}Authorize", provider="ZD01")
    assert mock.post(service, "Authorize", body()).code == "ZD01"
    assert mock.status("o-1") == "FAILED"


def test_a_sale(mock: Driver) -> None:
    leave_open(mock, "card", "Authorize", mock.card(withCapture="true"))
    assert settle(mock) == "CAPTURED"
    assert mock.balances()["merchant"] == 1000


def test_a_sale_after_3ds(mock: Driver) -> None:
    contents = mock.done("mpi", "Authorize", {**mpi(mock), "withCapture": "true"})
    mock.submit(contents["resResponseContents"], outcome="pending")
    assert settle(mock) == "CAPTURED"
    assert mock.balances()["merchant"] == 1000


def test_a_cancel_at_the_store(mock: Driver) -> None:
    mock.done("cvs", "Authorize", CVS)
    cancel = {"serviceOptionType": "sej", "orderId": "o-1"}
    leave_open(mock, "cvs", "Cancel", cancel)
    assert mock.status("o-1") == "APPLIED"
    mock.pay("o-1")
    # Paid meanwhile, so that it cannot be cancelled any more.
    assert mock.admin("settle/o-1").json()["mstatus"] == "failure"
    assert mock.status("o-1") == "PAID"


@pytest.mark.parametrize("captured", ["true", "false"])
def test_what_3ds_paid_is_cancelled_or_runs_out(mock: Driver, captured: str) -> None:
    contents = mock.done("mpi", "Authorize", {**mpi(mock), "withCapture": captured})
    mock.submit(contents["resResponseContents"], outcome="success")
    mock.done("card", "Cancel", {"orderId": "o-1", "amount": "400"})
    assert mock.balances()["customer"] == -600
    if captured == "true":
        mock.done("card", "Cancel", {"orderId": "o-1"})
        assert mock.status("o-1") == "CANCELLED"
    else:
        mock.advance(60 * 86_400)
        assert mock.status("o-1") == "EXPIRED"
    assert mock.balances()["customer"] == 0


def test_a_hold_of_3ds_is_cancelled_whole(mock: Driver) -> None:
    contents = mock.done("mpi", "Authorize", mpi(mock))
    mock.submit(contents["resResponseContents"], outcome="success")
    mock.done("card", "Cancel", {"orderId": "o-1"})
    assert mock.status("o-1") == "CANCELLED"


def test_the_address_of_a_bank_can_be_read_after_settling(mock: Driver) -> None:
    """The answer said pending, so nobody has it yet: Search tells the request at least."""
    leave_open(mock, "bank", "Authorize", BANK)
    settle(mock)
    request = mock.gateway.orders["o-1"].own["request_id"]
    found = mock.done("search", "Search", {"requestId": request, "containDummyFlag": "true"})
    assert found["orderInfos"]["orderInfo"][0]["orderId"] == "o-1"
