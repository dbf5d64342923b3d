"""PUSH: one record at first, bundled repeats, a schedule that follows from the seed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from kessai_mock.webhooks import Policy

from tests.unit.mock.mdk.driver import PUSH, Driver


def konbini(mock: Driver, order_id: str, push: str = PUSH) -> None:
    body = {
        "serviceOptionType": "sej",
        "orderId": order_id,
        "amount": "300",
        "telNo": "0901",
        "pushUrl": push,
    }
    mock.done("cvs", "Authorize", body)
    mock.pay(order_id)


def shapes(mock: Driver) -> list[list[str]]:
    """The orders of each PUSH that has come."""
    return [[record["orderId"] for record in push.records] for push in mock.pushed]


def states(mock: Driver) -> list[str]:
    log: list[dict[str, Any]] = mock.get("/_mock/webhooks").json()["webhooks"]
    return [entry["state"] for entry in log]


def test_a_repeat_takes_along_what_waits_for_one(mock: Driver) -> None:
    mock.answers = [500, None, 404]
    for order_id in ("o-1", "o-2", "o-3"):
        konbini(mock, order_id)
    assert shapes(mock) == [["o-1"], ["o-2"], ["o-3"]]
    assert states(mock) == ["pending"] * 3
    mock.advance(900)
    assert shapes(mock)[3:] == [["o-1", "o-2", "o-3"]]
    assert mock.pushed[3].header["numberOfNotify"] == "3"
    assert states(mock) == ["delivered"] * 3
    mock.advance(86_400)
    assert len(mock.pushed) == 4


def test_a_bundle_that_is_refused_waits_as_one_and_is_given_up(mock: Driver) -> None:
    mock.answers = [500] * 30
    konbini(mock, "o-1")
    konbini(mock, "o-2")
    mock.advance(86_400)
    assert states(mock) == ["given-up"] * 2
    assert shapes(mock)[:2] == [["o-1"], ["o-2"]]
    assert {tuple(shape) for shape in shapes(mock)[2:]} == {("o-1", "o-2")}
    assert len(mock.pushed) == 7


def test_a_first_delivery_is_alone_while_others_wait(mock: Driver) -> None:
    mock.answers = [500]
    konbini(mock, "o-1")
    konbini(mock, "o-2")
    mock.advance(900)
    assert shapes(mock) == [["o-1"], ["o-2"], ["o-1"]]


def test_bundles_are_of_one_service_and_one_address(mock: Driver) -> None:
    mock.answers = [500] * 3
    konbini(mock, "o-1")
    konbini(mock, "o-2", "https://shop.example/other")
    bank = {"serviceOptionType": "atm", "orderId": "o-3", "amount": "1", "pushUrl": PUSH}
    mock.done("bank", "Authorize", bank)
    mock.pay("o-3")
    mock.advance(900)
    assert sorted(shapes(mock)[3:]) == [["o-1"], ["o-2"], ["o-3"]]


def test_at_most_50_records(mock: Driver) -> None:
    mock.answers = [500] * 52
    for at in range(52):
        konbini(mock, f"o-{at}")
    mock.advance(900)
    bundled = shapes(mock)[52:]
    assert sorted(len(shape) for shape in bundled) == [2, 50]
    assert len({order for shape in bundled for order in shape}) == 52


def test_push_ids_count_for_each_service(mock: Driver) -> None:
    konbini(mock, "o-1")
    konbini(mock, "o-2")
    mock.done("bank", "Authorize", {"serviceOptionType": "atm", "orderId": "o-3", "amount": "1",
                                    "pushUrl": PUSH})  # fmt: skip
    mock.pay("o-3")
    assert [push.header["pushId"] for push in mock.pushed] == ["100", "101", "100"]


def _attempts(mock: Driver) -> list[str]:
    mock.answers = [500] * 10
    konbini(mock, "o-1")
    mock.advance(86_400)
    (entry,) = mock.get("/_mock/webhooks").json()["webhooks"]
    return [attempt["at"] for attempt in entry["attempts"]]


def test_the_schedule_follows_from_the_seed(mock_with: Callable[..., Driver]) -> None:
    first, same, other = (_attempts(mock_with(seed=seed)) for seed in (1, 1, 2))
    assert first == same
    assert first != other
    few = mock_with(webhooks=Policy(repeats=1, interval=60.0))
    assert len(_attempts(few)) == 2


def test_what_the_log_tells(mock: Driver) -> None:
    konbini(mock, "o-1")
    (entry,) = mock.get("/_mock/webhooks").json()["webhooks"]
    assert (entry["service"], entry["orderId"], entry["url"]) == ("cvs", "o-1", PUSH)
    assert "receiptNo" not in str(entry)


def test_scripts_lose_and_delay_attempts(mock: Driver) -> None:
    mock.next(operation="webhook", fault="lost-after")
    konbini(mock, "o-1")
    mock.advance(900)
    assert shapes(mock) == [["o-1"], ["o-1"]]  # the receiver has it twice
    mock.next(operation="webhook", fault="lost-before")
    konbini(mock, "o-2")
    assert len(mock.pushed) == 2
    mock.advance(900)
    assert shapes(mock)[2:] == [["o-2"]]


def test_a_mock_pushes_to_this_machine_only() -> None:
    from kessai_mock.mdk import create_app
    from kessai_mock.webhooks import threaded_deliver

    mock = Driver()
    app = create_app(deliver=threaded_deliver)
    mock.app, mock.gateway = app, app.state.gateway
    konbini(mock, "o-1")
    assert states(mock) == ["refused"]
    mock.close()
