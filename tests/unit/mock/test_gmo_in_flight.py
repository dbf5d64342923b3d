"""429 above the number of requests an endpoint works on at a time."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest

from tests.unit.mock import bodies
from tests.unit.mock.driver import Answer, Driver


async def _crowd(mock: Driver, path: str, body: object, count: int) -> list[Answer]:
    """Hold `count` requests at a gate, send one more, then let all go."""
    held = [asyncio.create_task(mock.call(path, body)) for _ in range(count)]
    await mock.held(count)
    last = await mock.call(path, body)
    assert mock.gateway.slots.taken() == {path: count}
    mock.gateway.gates.named("g").open()
    return [*await asyncio.gather(*held), last]


@pytest.mark.parametrize(
    ("operation", "path", "body", "limit"),
    [
        ("memberInquiry", "/member/inquiry", {"memberId": "m"}, 5),
        ("orderInquiry", "/order/inquiry", {"orderId": "o"}, 10),
        (
            "walletFrontendVerifyCharge",
            "/wallet/front-end/verifyCharge",
            {"accessId": "a" * 32},
            5,
        ),
    ],
)
def test_one_more_than_the_limit_is_refused(
    mock: Driver, operation: str, path: str, body: object, limit: int
) -> None:
    """5, and 10 for /order/*; the others go on."""
    mock.next(operation=operation, fault="gate", gate="g", times=limit)
    answers = mock.run(_crowd(mock, path, body, limit))
    assert [answer.status for answer in answers] == [400] * limit + [429]
    assert answers[-1].title == "too_many_requests"
    assert mock.post(path, body).status == 400


def test_the_limit_can_be_set(mock_with: Callable[..., Driver]) -> None:
    """As for a shop whose limit was raised, or lowered to see a 429 sooner."""
    mock = mock_with(in_flight=1)
    mock.next(operation="orderInquiry", fault="gate", gate="g")
    answers = mock.run(_crowd(mock, "/order/inquiry", {"orderId": "o"}, 1))
    assert [answer.status for answer in answers] == [400, 429]


def test_another_endpoint_has_its_own_places(mock: Driver) -> None:
    """A full /member/inquiry does not keep anybody from /order/inquiry."""
    mock.next(operation="memberInquiry", fault="gate", gate="g", times=5)

    async def both() -> int:
        held = [
            asyncio.create_task(mock.call("/member/inquiry", {"memberId": "m"})) for _ in range(5)
        ]
        await mock.held(5)
        other = await mock.call("/order/inquiry", {"orderId": "o"})
        mock.gateway.gates.named("g").open()
        await asyncio.gather(*held)
        return other.status

    assert mock.run(both()) == 400


def test_a_request_can_be_held_for_virtual_seconds(mock: Driver) -> None:
    """It is answered when the clock has moved on, after the money moved."""
    mock.next(operation="creditCharge", fault="delay", seconds=30, when="after")

    async def slow() -> Answer:
        task = asyncio.create_task(mock.call("/credit/charge", bodies.charge()))
        await mock.held(gate="")
        assert mock.gateway.ledger.postings
        await mock.gateway.advance(29)
        assert not task.done()
        await mock.gateway.advance(1)
        return await task

    answer = mock.run(slow())
    assert answer.status == 201
    assert answer.headers["date"] == "Mon, 05 Jan 2026 01:00:30 GMT"


def test_a_reset_lets_held_requests_go(mock: Driver) -> None:
    """They answer 503, and leave nothing behind in the new world."""
    mock.next(operation="creditCharge", fault="gate", gate="g")

    async def caught() -> Answer:
        task = asyncio.create_task(mock.call("/credit/charge", bodies.charge()))
        await mock.held()
        mock.gateway.reset()
        return await task

    answer = mock.run(caught())
    assert (answer.status, answer.title) == (503, "service_unavailable")
    assert mock.gateway.slots.taken() == {}
    assert mock.post("/order/inquiry", {"orderId": "order-1"}).status == 400
    assert mock.balances()["hold"] == 0
