"""Subscriptions: suspended, cancelled, changed, listed, simulated."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.mock.univapay.club import DAY, Club
from tests.unit.mock.univapay.driver import STORE, hold_to


def test_suspended_at_once(club: Club) -> None:
    made = club.current()
    assert club.change(made, "suspend")["status"] == "suspended"
    club.mock.advance(62 * DAY)
    assert club.mock.balances()["merchant"] == 980
    assert club.events == ["created", "payment", "suspended"]


def test_suspended_with_the_next_payment(club: Club) -> None:
    made = club.current()
    answer = club.change(made, "suspend", schedule_settings={"termination_mode": "on_next_payment"})
    assert (answer["status"], answer["next_payment"]["terminate_with_status"]) == (
        "current",
        "suspended",
    )
    club.mock.advance(31 * DAY)
    club.read(made, "suspended")
    assert club.mock.balances()["merchant"] == 980


def test_cancelled(club: Club) -> None:
    made = club.current()
    answer = club.mock.request("DELETE", club.path(made))
    assert (answer.status, answer.content) == (204, b"")
    club.mock.advance(62 * DAY)
    club.read(made, "canceled")
    assert club.events == ["created", "payment", "canceled"]
    refused = club.mock.patch(club.path(made), {"amount": 1})
    assert refused.code == "CANNOT_CHANGE_CANCELED_SUBSCRIPTION"


def test_changes_count_from_the_next_payment(club: Club) -> None:
    made = club.current(metadata={"a": "x"})
    changed = club.change(made, amount=500, period="weekly", metadata={"b": "y"})
    hold_to("Subscription", changed)
    assert (changed["amount"], changed["next_payment"]["amount"]) == (500, 500)
    assert changed["metadata"] == {"a": "x", "b": "y"}
    next_payment = {"due_date": "2026-01-20", "amount": 700, "terminate_with_status": None}
    changed = club.change(made, next_payment=next_payment)
    assert changed["next_payment"]["due_date"] == "2026-01-20"
    club.mock.advance(15 * DAY)
    assert club.mock.balances()["merchant"] == 980 + 700
    assert club.read(made, "current")["next_payment"]["due_date"] == "2026-01-27"
    assert club.mock.patch(club.path(made), {"amount": 0}).wrong == [("amount", "INVALID_AMOUNT")]


def test_a_payment_is_changed(club: Club) -> None:
    made = club.current()
    payment = made["next_payment"]["id"]
    moved = club.change(made, "payments", payment, due_date="2026-01-10")
    hold_to("SubscriptionPayment", moved)
    assert moved["due_date"] == "2026-01-10"
    paid = club.change(made, "payments", payment, is_paid=True)
    assert paid["is_paid"] is True
    assert club.mock.balances()["merchant"] == 980, "it was paid elsewhere"
    again = club.mock.patch(club.path(made, "payments", payment), {"is_paid": True})
    assert again.status == 400
    following = club.read(made, "current")["next_payment"]["id"]
    club.change(made, "payments", following, terminate_with_status="canceled", retry_interval="P1D")
    club.mock.advance(62 * DAY)
    club.read(made, "canceled")
    ended = club.mock.patch(club.path(made, "payments", following), {})
    assert ended.code == "SUBSCRIPTION_ALREADY_ENDED"


def test_lists(club: Club) -> None:
    first = club.current()
    second = club.begin(club.token(email="hanako@shop.example"))
    listed = club.mock.get("/subscriptions")
    hold_to("SubscriptionList", listed)
    assert [one["id"] for one in listed["items"]] == [second["id"], first["id"]]
    assert listed["items"][1]["user_data"]["cardholder_name"] == "TARO KESSAI"
    assert listed["items"][1]["next_payment_date"] == "2026-02-05"
    in_store = club.mock.get(f"{STORE}/subscriptions?status=current&search=taro")
    assert [one["id"] for one in in_store["items"]] == [first["id"]]
    assert club.mock.get("/subscriptions?mode=live")["items"] == []


@pytest.mark.parametrize("path", ["/subscriptions", f"{STORE}/subscriptions"])
def test_simulated(club: Club, path: str) -> None:
    body: dict[str, Any] = {
        "amount": 980,
        "currency": "JPY",
        "payment_type": "card",
        "period": "monthly",
        "schedule_settings": {"zone_id": "Asia/Tokyo"},
        "subscription_plan": {"plan_type": "fixed_cycles", "fixed_cycles": 2},
    }
    answer = club.mock.post(f"{path}/simulate_plan", body)
    shown = answer.json()
    for one in shown:
        hold_to("SimulatedPayment", one)
    assert answer.status == 200
    assert [one["due_date"] for one in shown] == ["2026-01-05", "2026-02-05"]
    assert [one["is_last_payment"] for one in shown] == [False, True]
    del body["subscription_plan"]
    assert len(club.mock.post(f"{path}/simulate_plan", body).json()) == 12
    assert club.mock.get("/subscriptions")["items"] == []


def test_a_change_may_end_it(club: Club) -> None:
    """The payment that is ended falls due at once, before the rest of the change."""
    made = club.current()
    next_payment = {"due_date": "2026-01-05", "terminate_with_status": "canceled"}
    changed = club.change(made, status="suspended", next_payment=next_payment)
    assert changed["status"] == "canceled"
    assert club.events == ["created", "payment", "canceled"]


def test_suspended_twice_is_suspended_once(club: Club) -> None:
    made = club.current()
    club.change(made, "suspend")
    club.change(made, "suspend")
    club.change(made, status="suspended")
    assert club.events == ["created", "payment", "suspended"]
    assert club.change(made, "unsuspend")["status"] == "current"
    club.mock.advance(31 * DAY)
    club.mock.advance(1)
    assert club.mock.balances()["merchant"] == 1960


def test_settings_and_token_are_changed(club: Club) -> None:
    made = club.current()
    token = club.token()
    settings = {"retry_interval": "P3D"}
    changed = club.change(made, transaction_token_id=token["id"], schedule_settings=settings)
    hold_to("Subscription", changed)
    assert changed["transaction_token_id"] == token["id"]
    assert changed["schedule_settings"]["retry_interval"] == "P3D"
    assert changed["schedule_settings"]["zone_id"] == "Asia/Tokyo"


def test_cancelled_while_a_payment_is_being_made(club: Club) -> None:
    """The charge goes on; the subscription stays as it is."""
    made = club.begin()
    assert club.mock.request("DELETE", club.path(made)).status == 204
    club.mock.advance(1)
    club.read(made, "canceled")
    assert club.mock.balances()["merchant"] == 980
