"""Subscriptions: first payment, later ones, failures, retries, changes, ends."""

from __future__ import annotations

from typing import Any

import pytest
from kessai_mock.univapay import MERCHANT_ID

from tests.unit.mock.univapay.driver import STORE, Driver, card, hold_to, konbini

DAY = 86_400
EVENTS = (
    "subscription_created",
    "subscription_payment",
    "subscription_completed",
    "subscription_failure",
    "subscription_canceled",
    "subscription_suspended",
)


class Club:
    """A shop with subscriptions of 980 yen a month."""

    def __init__(self, mock: Driver) -> None:
        self.mock = mock
        mock.hook(*EVENTS)

    def token(self, **more: Any) -> dict[str, Any]:
        """A subscription token of a card."""
        return self.mock.token(card(type="subscription", **more))

    def begin(self, token: dict[str, Any] | None = None, **more: Any) -> dict[str, Any]:
        """A subscription that must be made, and is just begun."""
        made = self.begin_any(token, **more)
        assert made["status"] == "unverified"
        return made

    def begin_any(self, token: dict[str, Any] | None = None, **more: Any) -> dict[str, Any]:
        """A subscription that must be made."""
        body = {
            "transaction_token_id": (token or self.token())["id"],
            "amount": 980,
            "currency": "jpy",
            "period": "monthly",
            **more,
        }
        answer = self.mock.post("/subscriptions", body)
        assert answer.status == 201, answer
        made: dict[str, Any] = answer.json()
        hold_to("Subscription", made)
        return made

    def path(self, one: dict[str, Any], *parts: str) -> str:
        """Where a subscription is."""
        return "/".join([f"{STORE}/subscriptions/{one['id']}", *parts])

    def read(self, one: dict[str, Any], status: str) -> dict[str, Any]:
        """A subscription, which must stand so."""
        found: dict[str, Any] = self.mock.get(self.path(one))
        hold_to("Subscription", found)
        assert found["status"] == status, found
        return found

    def current(self, **more: Any) -> dict[str, Any]:
        """A subscription whose first payment was made."""
        made = self.begin(**more)
        self.mock.advance(1)
        return self.read(made, "current")

    def change(self, one: dict[str, Any], *parts: str, **body: Any) -> dict[str, Any]:
        """A PATCH that must succeed."""
        answer = self.mock.patch(self.path(one, *parts), body or None)
        assert answer.status == 200, answer
        return dict(answer.json())

    @property
    def events(self) -> list[str]:
        """What was told, without its prefix."""
        return [event.removeprefix("subscription_") for event in self.mock.events]


@pytest.fixture
def club(mock: Driver) -> Club:
    """A shop of its own for each test."""
    return Club(mock)


def test_the_first_payment_and_the_next(club: Club) -> None:
    made = club.begin(metadata={"member": "x"})
    assert made["next_payment"]["due_date"] == "2026-01-05"
    polled = club.mock.get(club.path(made) + "?polling=true")
    assert polled["status"] == "current"
    assert polled["next_payment"]["due_date"] == "2026-02-05"
    assert polled["next_payment"]["is_paid"] is False
    assert club.mock.balances()["merchant"] == 980
    club.mock.advance(31 * DAY)
    assert club.mock.balances()["merchant"] == 1960
    assert club.events == ["created", "payment", "payment"]
    latest = club.mock.get(club.path(made, "charges", "latest"))
    hold_to("Charge", latest)
    assert (latest["subscription_id"], latest["metadata"]) == (made["id"], {"member": "x"})
    payments = club.mock.get(club.path(made, "payments"))
    hold_to("SubscriptionPaymentList", payments)
    assert [one["is_paid"] for one in payments["items"]] == [False, True, True]
    assert "total_hits" not in payments
    first = payments["items"][-1]
    assert club.mock.get(club.path(made, "payments", first["id"])) == first
    of_first = club.mock.get(club.path(made, "payments", first["id"], "charges"))
    hold_to("ChargeList", of_first)
    assert of_first["total_hits"] == 1
    every = club.mock.get(f"/merchants/{MERCHANT_ID}" + club.path(made, "charges"))
    assert every["total_hits"] == 2
    assert club.mock.request("GET", club.path(made, "payments", "x")).status == 404
    assert club.mock.request("GET", f"{STORE}/subscriptions/x").status == 404


def test_it_begins_on_a_day(club: Club) -> None:
    made = club.begin(schedule_settings={"start_on": "2026-01-08"})
    assert made["schedule_settings"]["zone_id"] == "Asia/Tokyo"
    club.mock.advance(2 * DAY)
    assert club.mock.request("GET", club.path(made, "charges", "latest")).status == 404
    club.read(made, "unverified")
    club.mock.advance(DAY)
    club.read(made, "current")


def test_only_a_subscription_token(club: Club) -> None:
    token = club.mock.token(card(type="recurring"))
    body = {"transaction_token_id": token["id"], "amount": 1, "currency": "JPY", "period": "daily"}
    assert club.mock.post("/subscriptions", body).code == "NOT_SUBSCRIPTION_TOKEN"
    used = club.token()
    club.begin(used)
    again = club.mock.post("/subscriptions", {**body, "transaction_token_id": used["id"]})
    assert again.code == "TRANSACTION_ALREADY_PROCESSED"
    late = club.token()
    club.mock.advance(300)
    expired = club.mock.post("/subscriptions", {**body, "transaction_token_id": late["id"]})
    assert expired.code == "TRANSACTION_TOKEN_EXPIRED"


def test_a_plan_comes_to_its_end(club: Club) -> None:
    plan = {"plan_type": "fixed_cycles", "fixed_cycles": 2}
    made = club.begin(subscription_plan=plan, initial_amount=100)
    assert (made["cycles_left"], made["amount_left"]) == (2, 1080)
    club.mock.advance(1)
    now = club.read(made, "current")
    assert (now["cycles_left"], now["amount_left"], now["subscription_plan"]) == (1, 980, plan)
    club.mock.advance(31 * DAY)
    done = club.read(made, "completed")
    assert (done["cycles_left"], "next_payment" in done) == (0, False)
    assert club.events == ["created", "payment", "payment", "completed"]
    assert club.mock.balances()["merchant"] == 1080
    assert club.mock.request("DELETE", club.path(made)).code == "SUBSCRIPTION_ALREADY_ENDED"
    assert club.mock.patch(club.path(made), {}).code == "SUBSCRIPTION_ALREADY_ENDED"
    club.mock.advance(366 * DAY)
    assert club.mock.balances()["merchant"] == 1080


def test_instalments_are_one_charge(club: Club) -> None:
    plan = {"plan_type": "fixed_cycles", "fixed_cycles": 3}
    made = club.begin(period=None, installment_plan=plan)
    club.mock.advance(1)
    done = club.read(made, "completed")
    assert done["charge_id"] == club.mock.get(club.path(made, "charges", "latest"))["id"]


def test_the_first_payment_fails(club: Club) -> None:
    made = club.begin(club.token(email="taro+charge-failure-330@shop.example"))
    club.mock.advance(1)
    club.read(made, "unconfirmed")
    assert club.events == ["created", "failure"]
    token = club.token()
    club.change(made, "token", transaction_token_id=token["id"])
    club.mock.advance(1)
    assert club.read(made, "current")["transaction_token_id"] == token["id"]


def test_a_later_payment_fails_and_is_tried_again(club: Club) -> None:
    """Three times, with a pause of a week each; then it is suspended."""
    made = club.current(schedule_settings={"retry_interval": "P7D"})
    charge = club.mock.gateway.subscriptions[made["id"]].token
    charge.email = "taro+charge-failure-330@shop.example"
    club.mock.advance(31 * DAY)
    unpaid = club.read(made, "unpaid")
    assert unpaid["next_payment"]["retry_date"] == "2026-02-12"
    club.mock.advance(14 * DAY)
    club.read(made, "unpaid")
    club.mock.advance(7 * DAY)
    club.read(made, "suspended")
    assert club.events == ["created", "payment", *["failure"] * 4, "suspended"]
    charge.email = "taro@shop.example"
    assert club.change(made, "unsuspend")["status"] == "current"
    club.mock.advance(1)
    assert club.read(made, "current")["next_payment"]["due_date"] == "2026-03-05"


def test_unpaid_waits_without_a_pause(club: Club) -> None:
    made = club.current()
    club.mock.gateway.subscriptions[made["id"]].token.email = "t+charge-failure-306@shop.example"
    club.mock.advance(90 * DAY)
    club.read(made, "unpaid")
    club.mock.gateway.subscriptions[made["id"]].token.email = "t@shop.example"
    club.change(made, status="unpaid")
    club.mock.advance(10)
    assert club.mock.balances()["merchant"] == 4 * 980, "what fell due meanwhile as well"
    club.read(made, "current")


def test_a_payment_error_by_script(club: Club) -> None:
    club.mock.next(operation="subscriptions_create", payment_error="306")
    made = club.begin()
    club.mock.advance(1)
    club.read(made, "unconfirmed")


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


def test_only_held_at_first(club: Club) -> None:
    made = club.begin(first_charge_authorization_only=True, first_charge_capture_after="P2D")
    club.mock.advance(1)
    club.read(made, "current")
    assert club.mock.balances()["hold"] == 980
    club.mock.advance(2 * DAY)
    assert club.mock.balances()["merchant"] == 980
    assert club.events == ["created", "payment"]


def test_by_konbini(club: Club) -> None:
    """It waits for the customer, unconfirmed."""
    made = club.begin(club.mock.token(konbini(type="subscription")))
    club.mock.advance(1)
    club.read(made, "unconfirmed")
    club.mock.pay(club.mock.get(club.path(made, "charges", "latest")))
    club.read(made, "current")


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


def test_a_first_payment_of_nothing(club: Club) -> None:
    """initial_amount 0: nothing is charged, and the next payment is due a month later."""
    made = club.begin_any(initial_amount=0)
    assert (made["status"], made["next_payment"]["due_date"]) == ("current", "2026-02-05")
    assert club.mock.request("GET", club.path(made, "charges", "latest")).status == 404
    assert club.events == ["created", "payment"]


def test_3d_secure_of_the_first_payment(club: Club) -> None:
    made = club.begin(three_ds={"mode": "require", "redirect_endpoint": "https://shop.example/"})
    assert made["three_ds"]["mode"] == "require"
    club.mock.advance(1)
    club.read(made, "unconfirmed")
    charge = club.mock.get(club.path(made, "charges", "latest"))
    club.mock.pay(charge)
    club.read(made, "current")
    club.mock.advance(31 * DAY + 1)
    assert club.mock.balances()["merchant"] == 1960, "later ones are not asked for"


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
