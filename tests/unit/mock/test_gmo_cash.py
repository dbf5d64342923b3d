"""Cash: konbini, Pay-easy, bank transfers; deposits, deadlines, cancelling."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.mock import bodies
from tests.unit.mock.driver import Answer, Driver


def _register(mock: Driver, **cash: Any) -> Answer:
    answer = mock.post("/cash/charge", bodies.cash(**cash))
    assert (answer.status, answer.json()["nextAction"]) == (202, "AWAIT"), answer
    return answer


def _pay(mock: Driver, access_id: str, amount: int | None = None) -> Answer:
    return mock.post(f"/_mock/pay/{access_id}", {} if amount is None else {"amount": amount})


@pytest.mark.parametrize(
    ("kind", "status", "group"),
    [
        ("KONBINI", "REQSUCCESS", "konbiniPaymentInformation"),
        ("PAYEASY", "REQSUCCESS", "pay-easyPaymentInformation"),
        ("BANK_TRANSFER_SMBC", "TRADING", "bankTransferPaymentInformation"),
        ("BANK_TRANSFER_GMO_AOZORA", "TRADING", "bankTransferPaymentInformation"),
    ],
)
def test_paid_in_full(mock: Driver, kind: str, status: str, group: str) -> None:
    """One group of numbers; PAYSUCCESS and CASH_PAID when paid."""
    answer = _register(mock, kind=kind)
    assert answer.order_status == status
    assert [name for name in answer.json()["cashResult"] if "Information" in name] == [group]
    assert _pay(mock, answer.access_id).json()["status"] == "PAYSUCCESS"
    assert mock.status(answer.access_id) == "PAYSUCCESS"
    assert mock.webhooks == [
        {"accessId": answer.access_id, "event": "CASH_PAID", "csrfToken": "csrf-1"}
    ]
    assert mock.balances()["merchant"] == 5400


@pytest.mark.parametrize(
    "konbini", ["SEVEN_ELEVEN", "LAWSON", "FAMILYMART", "MINISTOP", "SEICOMART"]
)
def test_each_konbini_has_numbers(mock: Driver, konbini: str) -> None:
    """And says which konbini they are for."""
    numbers = _register(mock, konbiniCode=konbini).json()["cashResult"]["konbiniPaymentInformation"]
    assert (numbers["konbiniCode"], len(numbers["receiptNumber"])) == (konbini, 11)


def test_short_deposits_add_up(mock: Driver) -> None:
    """TRADING until they reach the amount, and CASH_PAID each time."""
    answer = _register(mock, kind="BANK_TRANSFER_GMO_AOZORA", amount=1000)
    access_id = answer.access_id

    def deposited() -> tuple[str, str]:
        found = mock.inquire(access_id)
        bank = found["cashResult"]["bankTransferPaymentInformation"]
        return found["orderReference"]["status"], bank["depositAmount"]

    assert deposited() == ("TRADING", "0")
    _pay(mock, access_id, 400)
    assert deposited() == ("TRADING", "400")
    _pay(mock, access_id)
    assert deposited() == ("PAYSUCCESS", "1000")
    _pay(mock, access_id, 1)
    assert deposited() == ("PAYSUCCESS", "1001")
    assert [webhook["event"] for webhook in mock.webhooks] == ["CASH_PAID"] * 3
    assert mock.balances()["merchant"] == 1001


def test_a_till_takes_the_exact_amount_once(mock: Driver) -> None:
    """The admin route says in a sentence what is wrong."""
    access_id = _register(mock).access_id
    short = _pay(mock, access_id, 100)
    assert (short.status, short.json()["error"]) == (
        400,
        "a till takes 5400 yen, neither more nor less",
    )
    assert _pay(mock, access_id, 5400).status == 200
    assert "PAYSUCCESS" in _pay(mock, access_id).json()["error"]
    assert _pay(mock, "f" * 32).json()["error"] == "there is no order with this accessId"
    assert len(mock.webhooks) == 1


@pytest.mark.parametrize(
    ("cash", "expiry"),
    [
        ({"paymentPeriod": "0"}, "2026-01-05T23:59:59+09:00"),
        ({"paymentPeriod": "7"}, "2026-01-12T23:59:59+09:00"),
        ({"paymentPeriod": "999"}, "2026-07-04T23:59:59+09:00"),
        ({}, "2026-01-15T23:59:59+09:00"),
        ({"paymentExpiryDateTime": "202601061234"}, "2026-01-06T12:34:00+09:00"),
        (
            {"paymentExpiryDateTime": "202601061234", "paymentPeriod": "3"},
            "2026-01-06T12:34:00+09:00",
        ),
    ],
)
def test_deadlines(mock: Driver, cash: dict[str, str], expiry: str) -> None:
    """A number of days, 999 for the longest, a moment, or the shop's default of ten days."""
    result = _register(mock, **cash).json()["cashResult"]
    assert result["paymentExpiryDateTime"] == expiry


def test_a_payment_expires_after_its_last_second(mock: Driver) -> None:
    """23:59:59 of the last day still counts."""
    konbini = _register(mock, paymentPeriod="0").access_id
    bank = _register(mock, order_id="b", kind="BANK_TRANSFER_SMBC", paymentPeriod="0").access_id
    endless = _register(mock, order_id="e", kind="BANK_TRANSFER_GMO_AOZORA")
    assert "paymentExpiryDateTime" not in endless.json()["cashResult"]
    _pay(mock, bank, 10)
    mock.advance(14 * 3600 - 1)
    assert (mock.status(konbini), mock.status(bank)) == ("REQSUCCESS", "TRADING")
    mock.advance(1)
    assert (mock.status(konbini), mock.status(bank)) == ("EXPIRED", "EXPIRED")
    assert _pay(mock, konbini).status == 400
    mock.advance(400 * 86_400)
    assert mock.status(endless.access_id) == "TRADING"
    assert mock.balances()["merchant"] == 10


def test_cancelling_takes_the_numbers_out_of_use(mock: Driver) -> None:
    """CANCEL at a till, STOP at a bank (assumed); not once paid."""
    konbini = _register(mock).access_id
    bank = _register(mock, order_id="b", kind="BANK_TRANSFER_SMBC").access_id
    paid = _register(mock, order_id="p").access_id
    _pay(mock, paid)
    assert mock.post("/order/cancel", {"accessId": konbini}).order_status == "CANCEL"
    assert mock.post("/order/cancel", {"accessId": bank}).order_status == "STOP"
    assert mock.post("/order/cancel", {"accessId": paid}).title == "invalid_status"
    assert _pay(mock, konbini).status == 400
    assert _pay(mock, bank).status == 400


def test_cash_is_neither_captured_nor_updated(mock: Driver) -> None:
    """Both are for cards and wallets."""
    access_id = _register(mock).access_id
    assert mock.post("/order/capture", {"accessId": access_id}).title == "invalid_request"
    update = {"accessId": access_id, "amount": "1"}
    assert mock.post("/order/update", update).title == "invalid_request"


def test_an_unanswered_webhook_is_repeated_by_the_virtual_clock(mock: Driver) -> None:
    """Three failures, then a 2xx ends it."""
    mock.answers = [500, None, 404]
    _pay(mock, _register(mock).access_id)
    mock.advance(10 * 3600)
    assert len(mock.webhooks) == 4
    (entry,) = mock.get("/_mock/webhooks").json()["webhooks"]
    assert entry["state"] == "delivered"
    assert [attempt["status"] for attempt in entry["attempts"]] == [500, None, 404, 200]


def test_without_a_webhook_url_nothing_is_sent(mock: Driver) -> None:
    """The payment counts all the same."""
    body = bodies.cash()
    del body["merchant"]["webhookUrl"]
    access_id = mock.post("/cash/charge", body).access_id
    assert _pay(mock, access_id).json()["status"] == "PAYSUCCESS"
    assert mock.get("/_mock/webhooks").json()["webhooks"] == []
