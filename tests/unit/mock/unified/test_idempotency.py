"""X-VT-Idempotency-Key: the first answer again, whatever it was, for 24 hours."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from tests.unit.mock.unified.driver import Answer, Driver, charge, order, pay, subscribe


def test_a_repeat_gets_the_first_answer_and_moves_nothing(mock: Driver) -> None:
    """Byte for byte."""
    mock.paid()
    first = mock.post("capture", order(amount=400), key="k-1")
    again = mock.post("capture", order(amount=400), key="k-1")
    assert again == first
    assert mock.balances()["merchant"] == 400
    assert [entry["replayed"] for entry in mock.gateway.requests[-2:]] == [False, True]


@pytest.mark.parametrize(
    ("command", "body", "status"),
    [
        ("pay", pay("new", 1008), 502),
        ("capture", order(amount=1003), 502),
        ("charge", charge(amount=1004), 500),
        ("cancel", order("paid-2", 5000), 400),
        ("pay", pay("p-1"), 409),
        ("capture", order("nobody"), 404),
    ],
)
def test_failures_are_replayed_too(mock: Driver, command: str, body: Any, status: int) -> None:
    """The same key never runs a second time."""
    mock.paid(amount=2000)
    mock.paid("paid-2")
    mock.agreed()
    first = mock.post(command, body, key="k-1")
    assert first.status == status
    assert mock.post(command, body, key="k-1") == first
    assert mock.gateway.requests[-1]["replayed"] is True


def test_a_definite_failure_needs_a_new_key(mock: Driver) -> None:
    """With the same paymentId."""
    mock.next(operation="pay", provider="UA-PRV-001")
    assert mock.post("pay", pay(), key="k-1").code == "UA-PRV-001"
    assert mock.post("pay", pay(), key="k-1").code == "UA-PRV-001"
    assert mock.post("pay", pay(), key="k-2").code == "UA-000-001"


def test_after_24_hours_it_is_a_new_request(mock: Driver) -> None:
    """Counted from the first."""
    mock.paid(mode="auth_capture")
    mock.post("cancel", order(amount=100), key="k-1")
    mock.advance(86_399)
    mock.post("cancel", order(amount=100), key="k-1")
    assert mock.balances()["merchant"] == 900
    mock.advance(1)
    mock.post("cancel", order(amount=100), key="k-1")
    assert mock.balances()["merchant"] == 800


def test_another_command_or_order_is_another_request(mock: Driver) -> None:
    """Under the same key."""
    for payment_id in ("p-1", "p-2"):
        mock.paid(payment_id)
        assert mock.post("capture", order(payment_id, 500), key="k").code == "UA-000-001"
        assert mock.post("cancel", order(payment_id, 100), key="k").code == "UA-000-001"
    assert mock.balances()["merchant"] == 800


def test_the_form_of_a_repeat_is_checked_all_the_same(mock: Driver) -> None:
    """And a well-formed other body gets the first answer."""
    mock.paid()
    first = mock.post("capture", order(amount=400), key="k-1")
    wrong = order(amount=400)
    wrong["order"]["amount"] = "4,000"
    refused = mock.post("capture", wrong, key="k-1")
    assert (refused.status, refused.code) == (400, "UA-REQ-002")
    assert mock.post("capture", order(amount=900), key="k-1") == first


def test_what_was_wrong_in_form_is_not_kept(mock: Driver) -> None:
    """Nor what the gateway turned away at its door."""
    assert mock.post("pay", pay(amount="x"), key="k-1").code == "UA-REQ-002"
    mock.next(operation="pay", resultCode="UA-LMT-001")
    assert mock.post("pay", pay(), key="k-1").code == "UA-LMT-001"
    assert mock.post("pay", pay(), key="k-1").code == "UA-000-001"


@pytest.mark.parametrize("key", ["a" * 101, "a b", "ä", "a.b", "k/1"])
def test_a_key_has_a_form_as_well(mock: Driver, key: str) -> None:
    """At most 100 bytes of letters, digits, - and _."""
    answer = mock.post("pay", pay(), key=key)
    assert (answer.status, answer.code) == (400, "UA-REQ-002")
    assert "X-VT-Idempotency-Key" in answer.json()["result"]["message"]


@pytest.mark.parametrize("key", ["a" * 100, "-_-", "0e61ec0d-ed6d-4092-8ffb-161e31d6bd6b"])
def test_any_such_key_will_do(mock: Driver, key: str) -> None:
    """A UUID is recommended."""
    assert mock.post("subscribe", subscribe(), key=key).code == "UA-000-001"


@pytest.mark.parametrize(("first", "second"), [("k", "k"), ("k", "l"), (None, None)])
def test_a_repeat_in_progress_is_406(mock: Driver, first: str | None, second: str | None) -> None:
    """Under the key, and under the paymentId."""
    mock.paid()
    mock.next(operation="capture", fault="gate", gate="g", when="after")

    async def overlapping() -> tuple[Answer, Answer]:
        running = asyncio.create_task(mock.call("capture", order(amount=500), key=first))
        await mock.held()
        meanwhile = await mock.call("capture", order(amount=500), key=second)
        mock.gateway.gates.named("g").open()
        return await running, meanwhile

    done, meanwhile = mock.run(overlapping())
    assert done.code == "UA-000-001"
    assert (meanwhile.status, meanwhile.code) == (406, "UA-REQ-005")
    assert mock.balances()["merchant"] == 500
    if first == second == "k":
        assert mock.post("capture", order(amount=500), key="k") == done


def test_another_payment_does_not_wait(mock: Driver) -> None:
    """Progress is by paymentId; fepOrderId counts for its own."""
    fep = mock.paid().fep
    mock.paid("p-2")
    mock.next(operation="capture", fault="gate", gate="g")

    async def overlapping() -> tuple[Answer, Answer]:
        running = asyncio.create_task(mock.call("capture", order(amount=500)))
        await mock.held()
        other = await mock.call("capture", order("p-2", 500))
        same = await mock.call("cancel", order(fep=fep))
        mock.gateway.gates.named("g").open()
        assert (await running).code == "UA-000-001"
        return other, same

    other, same = mock.run(overlapping())
    assert (other.code, same.code) == ("UA-000-001", "UA-REQ-005")


def test_a_lost_answer_is_replayed(mock_with: Callable[..., Driver]) -> None:
    """Processed, lost, asked again: money moved once."""
    mock = mock_with()
    mock.agreed()
    mock.next(operation="charge", fault="html", processed=True)
    assert mock.post("charge", charge(), key="k").status == 502
    answer = mock.post("charge", charge(), key="k")
    assert answer.code == "UA-000-001"
    assert mock.balances()["hold"] == 1000
    assert mock.post("charge", charge(), key="l").code == "UA-REQ-003"
