"""Subscriptions: first payment, later ones, failures, retries, ends."""

from __future__ import annotations

from kessai_mock.univapay import MERCHANT_ID

from tests.unit.mock.univapay.club import DAY, Club
from tests.unit.mock.univapay.driver import STORE, card, hold_to, konbini


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
