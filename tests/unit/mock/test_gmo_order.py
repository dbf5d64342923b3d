"""Orders after the payment: capture, change, cancel, inquiry."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.unit.mock import bodies
from tests.unit.mock.driver import Answer, Driver


def _card(mock: Driver, mode: str = "AUTH", order_id: str = "order-1", **charge: Any) -> str:
    answer = mock.post("/credit/charge", bodies.charge(order_id, mode=mode, **charge))
    assert answer.status == 201
    return answer.access_id


def _wallet(mock: Driver, kind: str, state: str) -> str:
    """A wallet order of 1000 yen in a state."""
    mode = "CAPTURE" if state == "CAPTURE" else "AUTH"
    answer = mock.post("/wallet/charge", bodies.wallet(kind=kind, mode=mode))
    mock.browse(answer.redirect)
    if state == "SALES":
        assert mock.post("/order/capture", {"accessId": answer.access_id}).status == 201
    assert mock.status(answer.access_id) == state
    return answer.access_id


def _update(mock: Driver, access_id: str, amount: int, mode: str | None = None) -> Answer:
    body = {"accessId": access_id, "amount": str(amount)}
    if mode is not None:
        body["authorizationMode"] = mode
    return mock.post("/order/update", body)


# What the manual's table of changes allows: AUTH down, up; SALES down, up; CAPTURE down, up.
MATRIX = {
    "PAYPAY": "xx ox ox",
    "MERPAY": "xx ox ox",
    "DOCOMO": "xx ox ox",
    "RAKUTEN": "oo oo oo",
    "AMAZON": "oo ox ox",
    "AU_APP": "oo ox ox",
}


@pytest.mark.parametrize("kind", MATRIX)
@pytest.mark.parametrize(("place", "state"), [(0, "AUTH"), (1, "SALES"), (2, "CAPTURE")])
@pytest.mark.parametrize(("way", "amount"), [(0, 600), (1, 1400)])
def test_what_wallets_may_change(
    mock: Driver, kind: str, place: int, state: str, way: int, amount: int
) -> None:
    """A refused change leaves everything as it was."""
    access_id = _wallet(mock, kind, state)
    allowed = MATRIX[kind].split()[place][way] == "o"
    answer = _update(mock, access_id, amount)
    if allowed:
        assert (answer.status, answer.order_status) == (201, state)
        assert answer.json()["orderReference"]["amount"] == str(amount)
    else:
        assert (answer.status, answer.title) == (400, "invalid_request")
    account = "hold" if state == "AUTH" else "merchant"
    assert mock.balances()[account] == (amount if allowed else 1000)


@pytest.mark.parametrize("state", ["SALES", "CAPTURE"])
def test_docomo_may_come_back_up_to_the_original_amount(mock: Driver, state: str) -> None:
    """After a reduction, and no further."""
    access_id = _wallet(mock, "DOCOMO", state)
    assert _update(mock, access_id, 400).status == 201
    assert _update(mock, access_id, 900).status == 201
    assert _update(mock, access_id, 1000).status == 201
    assert _update(mock, access_id, 400).status == 201
    assert _update(mock, access_id, 1001).title == "invalid_request"
    assert mock.balances()["merchant"] == 400


@pytest.mark.parametrize("kind", ["MP_TOKEN", "GOOGLE_PAY_TOKEN", "APPLE_PAY_TOKEN"])
@pytest.mark.parametrize("state", ["AUTH", "SALES", "CAPTURE"])
@pytest.mark.parametrize("mode", ["AUTH", "CAPTURE"])
@pytest.mark.parametrize("amount", [600, 1000, 1400])
def test_cards_may_change_everything(
    mock: Driver, kind: str, state: str, mode: str, amount: int
) -> None:
    """The status follows authorizationMode, and the money with it."""
    access_id = _card(mock, "CAPTURE" if state == "CAPTURE" else "AUTH", kind=kind)
    if state == "SALES":
        mock.post("/order/capture", {"accessId": access_id})
    answer = _update(mock, access_id, amount, mode)
    assert (answer.status, answer.order_status) == (201, mode)
    assert answer.json()["creditResult"]["useTds2"] is False
    assert "nextAction" not in answer.json()
    assert mock.balances()["hold" if mode == "AUTH" else "merchant"] == amount


def test_cards_need_a_mode_to_change(mock: Driver) -> None:
    """Wallets ignore it."""
    access_id = _card(mock, order_id="order-2")
    assert _update(mock, access_id, 500).title == "missing_parameter"
    wallet = _wallet(mock, "RAKUTEN", "AUTH")
    assert _update(mock, wallet, 500, "CAPTURE").order_status == "AUTH"


def test_a_failed_change_leaves_the_order_as_it_was(mock: Driver) -> None:
    """And the order says what failed, until something succeeds."""
    access_id = _card(mock)
    answer = _update(mock, access_id, 40203, "AUTH")
    assert (answer.status, answer.title) == (402, "amount_limit_exceeded")
    found = mock.inquire(access_id)
    assert (found["orderReference"]["status"], found["orderReference"]["amount"]) == (
        "AUTH",
        "1000",
    )
    assert found["errorInformation"]["title"] == "amount_limit_exceeded"
    assert _update(mock, access_id, 2000, "AUTH").status == 201
    assert "errorInformation" not in mock.inquire(access_id)


@pytest.mark.parametrize("amount", ["0", "-1", "1.5", "１", "", "1" * 16])
def test_an_amount_is_whole_yen(mock: Driver, amount: str) -> None:
    """At least one."""
    body = {"accessId": _card(mock), "amount": amount, "authorizationMode": "AUTH"}
    assert mock.post("/order/update", body).status == 400
    assert mock.balances()["hold"] == 1000


def test_capture_is_possible_to_the_last_second_of_day_60(mock: Driver) -> None:
    """2026-03-06 23:59:59; the second after it is too late."""
    in_time = _card(mock)
    late = _card(mock, order_id="order-2")
    mock.advance(60 * 86_400 + 14 * 3600 - 1)
    captured = mock.post("/order/capture", {"accessId": in_time})
    assert captured.headers["date"] == "Fri, 06 Mar 2026 14:59:59 GMT"
    assert (captured.status, captured.order_status) == (201, "SALES")
    assert "nextAction" not in captured.json()
    mock.advance(1)
    answer = mock.post("/order/capture", {"accessId": late})
    assert (answer.status, answer.title) == (400, "transaction_expired")
    assert _update(mock, late, 500, "AUTH").title == "transaction_expired"
    assert mock.balances() == {"customer": -1000, "hold": 0, "gateway": 0, "merchant": 1000}
    assert mock.post("/order/cancel", {"accessId": late}).order_status == "CANCEL"


def test_the_same_amount_renews_a_cards_hold(mock: Driver) -> None:
    """Sixty days from then."""
    access_id = _card(mock)
    mock.advance(10 * 86_400)
    answer = _update(mock, access_id, 1000, "AUTH")
    expiry = answer.json()["creditResult"]["captureExpiryDateTime"]
    assert expiry == "2026-03-16T23:59:59+09:00"
    mock.advance(55 * 86_400)
    assert mock.post("/order/capture", {"accessId": access_id}).status == 201


def test_there_is_a_number_of_refunds(mock: Driver) -> None:
    """Ten reductions of a sale (the number is assumed); changing a hold is none."""
    access_id = _card(mock)
    for amount in range(999, 979, -1):
        assert _update(mock, access_id, amount, "AUTH").status == 201
    mock.post("/order/capture", {"accessId": access_id})
    for amount in range(970, 960, -1):
        assert _update(mock, access_id, amount, "CAPTURE").status == 201
    answer = _update(mock, access_id, 1, "CAPTURE")
    assert (answer.status, answer.title) == (400, "transaction_count_exceeded")
    assert _update(mock, access_id, 2000, "CAPTURE").status == 201
    assert mock.post("/order/cancel", {"accessId": access_id}).status == 201


def test_the_number_of_refunds_can_be_set(mock_with: Callable[..., Driver]) -> None:
    """For a shop whose contract says another."""
    mock = mock_with(refund_limit=1)
    access_id = _card(mock, "CAPTURE")
    assert _update(mock, access_id, 900, "CAPTURE").status == 201
    assert _update(mock, access_id, 800, "CAPTURE").title == "transaction_count_exceeded"


@pytest.mark.parametrize("state", ["AUTH", "SALES", "CAPTURE"])
def test_cancel_gives_everything_back(mock: Driver, state: str) -> None:
    """CANCEL, amount 0, once."""
    access_id = _card(mock, "CAPTURE" if state == "CAPTURE" else "AUTH")
    if state == "SALES":
        mock.post("/order/capture", {"accessId": access_id})
    answer = mock.post("/order/cancel", {"accessId": access_id})
    assert (answer.status, answer.order_status) == (201, "CANCEL")
    assert answer.json()["orderReference"]["amount"] == "0"
    assert mock.balances()["customer"] == 0
    for path in ("/order/cancel", "/order/capture"):
        assert mock.post(path, {"accessId": access_id}).title == "invalid_status"
    assert _update(mock, access_id, 1, "AUTH").title == "invalid_status"


def test_only_an_authorization_is_captured(mock: Driver) -> None:
    """Once."""
    access_id = _card(mock, "CAPTURE")
    assert mock.post("/order/capture", {"accessId": access_id}).title == "invalid_status"
    check = mock.post("/credit/verifyCard", bodies.verify()).access_id
    for path in ("/order/capture", "/order/cancel"):
        assert mock.post(path, {"accessId": check}).title == "invalid_status"


def test_inquiry_by_either_id_or_both_of_one_order(mock: Driver) -> None:
    """Client fields and times come back; ids of two orders do not go together."""
    body = bodies.charge()
    body["order"]["clientFields"] = {"clientField1": "棚 3"}
    one = mock.post("/credit/charge", body).access_id
    mock.advance(60)
    two = _card(mock, order_id="order-2")
    by_access = mock.post("/order/inquiry", {"accessId": one})
    by_order = mock.post("/order/inquiry", {"orderId": "order-1"})
    by_both = mock.post("/order/inquiry", {"accessId": one, "orderId": "order-1"})
    assert by_access.content == by_order.content == by_both.content
    reference = by_both.json()["orderReference"]
    assert reference["clientFields"] == {"clientField1": "棚 3"}
    assert reference["created"] == "2026-01-05T10:00:00+09:00"
    mixed = mock.post("/order/inquiry", {"accessId": two, "orderId": "order-1"})
    assert (mixed.status, mixed.title) == (400, "invalid_request")
    assert mock.post("/order/inquiry", {}).title == "missing_parameter"
    assert mock.post("/order/inquiry", {"orderId": "none"}).title == "invalid_request"
    assert mock.post("/order/inquiry", {"accessId": "f" * 32}).title == "invalid_request"
    assert mock.post("/order/inquiry", {"accessId": "short"}).title == "invalid_parameter"


def test_inquiry_moves_nothing(mock: Driver) -> None:
    """Nor does it change when it was last updated."""
    access_id = _card(mock)
    mock.advance(60)
    assert mock.inquire(access_id) == mock.inquire(access_id)
    assert mock.inquire(access_id)["orderReference"]["updated"] == "2026-01-05T10:00:00+09:00"
