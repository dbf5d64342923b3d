"""Idempotency-Key: a success is replayed for 24 hours, a failure runs again."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest

from tests.unit.mock import bodies
from tests.unit.mock.driver import Answer, Driver

KEY = "2b6f0cc9-04c3-4f5c-8f8a-6a2f5a3b7d10"


def _requests(mock: Driver) -> list[bool]:
    return [entry["replayed"] for entry in mock.get("/_mock/requests").json()["requests"]]


def test_a_success_is_replayed_byte_for_byte(mock: Driver) -> None:
    """And the money moves once."""
    body = bodies.charge(mode="CAPTURE")
    first = mock.post("/credit/charge", body, key=KEY)
    mock.advance(3600)
    second = mock.post("/credit/charge", body, key=KEY)
    assert (first.status, second.status) == (201, 201)
    assert first.content == second.content
    assert mock.balances()["merchant"] == 1000
    assert _requests(mock) == [False, True]


def test_without_a_key_the_order_id_is_in_use(mock: Driver) -> None:
    """A second charge of the same order is refused (title assumed)."""
    mock.post("/credit/charge", bodies.charge())
    again = mock.post("/credit/charge", bodies.charge(token="another"))
    assert (again.status, again.title) == (400, "invalid_request")
    assert again.detail.endswith("(order.orderId)")


def test_another_body_under_the_key_gets_the_first_answer(mock: Driver) -> None:
    """The document is silent; assumed."""
    first = mock.post("/credit/charge", bodies.charge(), key=KEY)
    other = mock.post("/credit/charge", bodies.charge("order-2", 5), key=KEY)
    assert other.content == first.content
    assert mock.balances()["hold"] == 1000


def test_the_window_is_24_hours_from_the_first_request(mock: Driver) -> None:
    """A replay does not prolong it; afterwards the request is a new one."""
    body = bodies.charge()
    mock.post("/credit/charge", body, key=KEY)
    mock.advance(86_399)
    assert mock.post("/credit/charge", body, key=KEY).status == 201
    mock.advance(1)
    late = mock.post("/credit/charge", body, key=KEY)
    assert (late.status, late.title) == (400, "invalid_request")


@pytest.mark.parametrize("status", [400, 402, 409, 429, 500, 502])
def test_a_failure_runs_again(mock: Driver, status: int) -> None:
    """Under the same key, and may succeed."""
    mock.next(operation="creditCharge", status=status)
    body = bodies.charge()
    assert mock.post("/credit/charge", body, key=KEY).status == status
    assert mock.post("/credit/charge", body, key=KEY).status == 201
    assert mock.balances()["hold"] == 1000


def test_a_decline_runs_again_and_may_decline_again(mock: Driver) -> None:
    """The order failed; its id may be tried again under the same accessId (assumed)."""
    body = bodies.charge(card="4000000000000002")
    assert mock.post("/credit/charge", body, key=KEY).title == "card_declined"
    failed = mock.post("/order/inquiry", {"orderId": "order-1"}).json()
    assert failed["orderReference"]["status"] == "UNPROCESSED"
    assert failed["errorInformation"]["title"] == "card_declined"
    assert mock.post("/credit/charge", body, key=KEY).title == "card_declined"
    good = mock.post("/credit/charge", bodies.charge(token="good"), key=KEY)
    assert good.status == 201
    assert good.access_id == failed["orderReference"]["accessId"]
    assert "errorInformation" not in mock.inquire(good.access_id)


def test_a_key_in_use_is_a_conflict(mock: Driver) -> None:
    """409 while the first request is processed; its answer is replayed afterwards."""
    mock.next(operation="creditCharge", fault="gate", gate="g")

    async def overlap() -> tuple[Answer, Answer]:
        first = asyncio.create_task(mock.call("/credit/charge", bodies.charge(), key=KEY))
        await mock.held()
        second = await mock.call("/credit/charge", bodies.charge(), key=KEY)
        mock.gateway.gates.named("g").open()
        return await first, second

    first, second = mock.run(overlap())
    assert (first.status, second.status, second.title) == (201, 409, "conflict")
    assert mock.post("/credit/charge", bodies.charge(), key=KEY).content == first.content


def test_a_lost_answer_is_replayed(mock: Driver) -> None:
    """The money moved behind it, once."""
    mock.next(operation="creditCharge", status=502, processed=True)
    body = bodies.charge(mode="CAPTURE")
    assert mock.post("/credit/charge", body, key=KEY).title == "bad_gateway"
    assert mock.post("/credit/charge", body, key=KEY).status == 201
    assert mock.balances()["merchant"] == 1000


def test_a_forgotten_success_meets_its_own_order(mock: Driver) -> None:
    """Money moved under a failure answer: only the unique order id is left."""
    mock.next(operation="creditCharge", status=500, processed=True, forget=True)
    body = bodies.charge(mode="CAPTURE")
    assert mock.post("/credit/charge", body, key=KEY).status == 500
    assert mock.post("/credit/charge", body, key=KEY).title == "invalid_request"
    assert mock.balances()["merchant"] == 1000


def test_a_key_belongs_to_one_endpoint(mock: Driver) -> None:
    """And to one shop; both assumed."""
    first = mock.post("/credit/charge", bodies.charge(), key=KEY)
    captured = mock.post("/order/capture", {"accessId": first.access_id}, key=KEY)
    assert captured.order_status == "SALES"


def test_a_long_key_is_an_invalid_header(mock: Driver) -> None:
    """37 characters; 36 are fine."""
    answer = mock.post("/credit/charge", bodies.charge(), key="k" * 37)
    assert (answer.status, answer.title) == (400, "invalid_header")
    assert mock.post("/credit/charge", bodies.charge(), key="k" * 36).status == 201


def test_inquiries_take_no_key(mock: Driver) -> None:
    """They answer what is true now."""
    access_id = mock.post("/credit/charge", bodies.charge()).access_id
    question = {"accessId": access_id}
    assert mock.post("/order/inquiry", question, key=KEY).order_status == "AUTH"
    mock.post("/order/capture", question)
    assert mock.post("/order/inquiry", question, key=KEY).order_status == "SALES"


def test_the_window_can_be_set(mock_with: Callable[..., Driver]) -> None:
    """For tests of what a client does at its end."""
    mock = mock_with(key_seconds=10)
    mock.post("/member/create", {"memberId": "m"}, key=KEY)
    mock.advance(10)
    assert mock.post("/member/create", {"memberId": "m"}, key=KEY).status == 400
