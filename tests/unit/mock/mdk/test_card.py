"""Card payments: what each command does to order, money and history."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.unit.mock.mdk.driver import Driver

DAY = 86_400


def test_authorization_is_held_and_captured(mock: Driver) -> None:
    result = mock.done("card", "Authorize", mock.card())
    assert result["vResultCode"] == "A001000000000000"
    assert result["orderId"] == "o-1"
    assert result["cardTransactiontype"] == "a"
    assert result["reqCardNumber"] == "411111********11"
    assert mock.balances() == {"customer": -1000, "hold": 1000, "gateway": 0, "merchant": 0}
    mock.done("card", "Capture", {"orderId": "o-1", "amount": "700"})
    assert mock.balances() == {"customer": -700, "hold": 0, "gateway": 0, "merchant": 700}
    assert mock.status("o-1") == "CAPTURED"


def test_capture_without_amount_takes_all(mock: Driver) -> None:
    mock.done("card", "Authorize", mock.card())
    mock.done("card", "Capture", {"orderId": "o-1"})
    assert mock.balances()["merchant"] == 1000


def test_with_capture_takes_at_once(mock: Driver) -> None:
    result = mock.done("card", "Authorize", mock.card(withCapture="true"))
    assert result["cardTransactiontype"] == "ac"
    assert mock.balances()["merchant"] == 1000
    refused = mock.post("card", "Capture", {"orderId": "o-1"})
    assert (refused.status, refused.mstatus, refused.code) == (200, "failure", "NH02")


@pytest.mark.parametrize("captured", ["true", "false"])
def test_cancel_in_parts_then_the_rest(mock: Driver, captured: str) -> None:
    mock.done("card", "Authorize", mock.card(withCapture=captured))
    mock.done("card", "Cancel", {"orderId": "o-1", "amount": "300"})
    assert mock.balances()["customer"] == -700
    too_much = mock.post("card", "Cancel", {"orderId": "o-1", "amount": "701"})
    assert (too_much.mstatus, too_much.code) == ("failure", "ZF02")
    mock.done("card", "Cancel", {"orderId": "o-1"})
    assert mock.balances()["customer"] == 0
    assert mock.status("o-1") == "CANCELLED"
    assert mock.post("card", "Cancel", {"orderId": "o-1"}).code == "NH02"
    history = mock.gateway.orders["o-1"].transactions
    assert [(one.command, one.mstatus, one.amount) for one in history] == [
        ("Authorize", "success", 1000),
        ("Cancel", "success", 300),
        ("Cancel", "failure", 701),
        ("Cancel", "success", 700),
        ("Cancel", "failure", 1000),
    ]


def test_a_hold_runs_out(mock: Driver) -> None:
    mock.done("card", "Authorize", mock.card())
    mock.advance(60 * DAY)
    assert mock.status("o-1") == "EXPIRED"
    assert mock.balances()["customer"] == 0
    assert mock.post("card", "Capture", {"orderId": "o-1"}).code == "NH02"


def test_reauthorize_pays_again_without_a_token(mock: Driver) -> None:
    mock.done("card", "Authorize", mock.card(withCapture="true"))
    again = {"orderId": "o-2", "originalOrderId": "o-1", "amount": "250", "withCapture": "true"}
    mock.done("card", "ReAuthorize", again)
    assert mock.balances()["merchant"] == 1250
    unknown = mock.post("card", "ReAuthorize", {**again, "orderId": "o-3", "originalOrderId": "x"})
    assert (unknown.mstatus, unknown.code) == ("failure", "ZN01")


def test_expiry_has_the_card_company_refuse(mock: Driver) -> None:
    declined = mock.post("card", "Authorize", mock.card(expire="05/99"))
    assert (declined.mstatus, declined.code) == ("failure", "AG45")
    assert mock.status("o-1") == "FAILED"
    assert mock.post("card", "Authorize", mock.card("o-2", expire="03/98")).code == "AG72"
    assert mock.balances()["customer"] == 0
    assert mock.post("card", "Authorize", mock.card()).code == "ZN02"


def test_pending_is_settled_or_retried(mock: Driver) -> None:
    for order_id in ("o-1", "o-2", "o-3"):
        mock.next(operation="cardAuthorize", provider="ZW00")
        answer = mock.post("card", "Authorize", mock.card(order_id))
        assert (answer.mstatus, answer.result["cardTransactiontype"]) == ("pending", "ap")
        assert mock.balances()["hold"] == 0
    assert mock.post("card", "Capture", {"orderId": "o-1"}).code == "NH02"
    assert mock.admin("settle/o-1").json()["mstatus"] == "success"
    assert mock.status("o-1") == "AUTHORIZED"
    assert mock.admin("settle/o-1").status == 400
    mock.admin("settle/o-2", {"vResultCode": "AG44"})
    assert mock.status("o-2") == "FAILED"
    assert mock.gateway.orders["o-2"].transactions[0].code == "AG44000000000000"
    mock.done("card", "Retry", {"orderId": "o-3"})
    assert mock.status("o-3") == "AUTHORIZED"
    assert mock.post("card", "Retry", {"orderId": "o-3"}).code == "NH02"
    assert mock.balances()["hold"] == 2000


def test_capture_left_open_is_done_when_settled(mock: Driver) -> None:
    mock.done("card", "Authorize", mock.card())
    mock.next(operation="cardCapture", provider="ZW00")
    assert mock.post("card", "Capture", {"orderId": "o-1"}).mstatus == "pending"
    mock.done("card", "Cancel", {"orderId": "o-1"})
    # The order has changed meanwhile, so it cannot be done any more.
    assert mock.admin("settle/o-1").json()["mstatus"] == "failure"
    assert mock.balances()["customer"] == 0


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"amount": "0"}, "ZF01"),
        ({"amount": 1000}, "ZF01"),
        ({"amount": "100000000"}, "ZF01"),
        ({"salesDay": "20260105"}, "ZF01"),
        ({"withCapture": "yes"}, "ZF01"),
        ({"payNowIdParam": {}}, "OC09"),
        ({"payNowIdParam": None, "cardNumber": "4111111111111112", "cardExpire": "12/30"}, "ZF01"),
        ({"payNowIdParam": None, "cardNumber": "4111111111111111"}, "ZF01"),
    ],
)
def test_what_is_refused(mock: Driver, change: dict[str, Any], code: str) -> None:
    answer = mock.post("card", "Authorize", {**mock.card(), **change})
    assert (answer.status, answer.mstatus, answer.code) == (200, "failure", code)
    assert mock.balances()["customer"] == 0


def test_a_raw_card_pays_too(mock: Driver) -> None:
    raw = {"cardNumber": "4111-1111-1111-1111", "cardExpire": "12/30"}
    mock.done("card", "Authorize", {"orderId": "o-1", "amount": "1", **raw})


def test_a_form_error_leaves_the_order_number_free(mock: Driver) -> None:
    assert mock.post("card", "Authorize", {**mock.card(), "amount": "0"}).code == "ZF01"
    mock.done("card", "Authorize", mock.card())


def test_money_posted_twice_is_found(mock_with: Callable[..., Driver]) -> None:
    mock = mock_with()
    mock.done("card", "Authorize", mock.card(withCapture="true"))
    ledger = mock.gateway.ledger
    last = ledger.postings[-1]
    ledger.post(last.at, last.order, "again", last.source, last.target, last.amount)
    assert mock.post("card", "Cancel", {"orderId": "o-1"}).code == "ZS99"
    assert "holds 1000 yen, its state says 0" in ledger.violations[0]
    assert mock.get("/_mock/ledger").json()["balanced"] is False
    mock.gateway.faults.clear()
