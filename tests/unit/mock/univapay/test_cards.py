"""Charges of cards: taken, held, captured, cancelled, refunded, and made to fail."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.unit.mock.univapay.driver import STORE, Driver, card, hold_to


def held(mock: Driver, **more: Any) -> dict[str, Any]:
    """A charge that is only held."""
    made = mock.charge(mock.token(card()), capture=False, **more)
    mock.advance(1)
    return mock.read(made, "authorized")


def test_taken_at_once(mock: Driver) -> None:
    mock.hook("charge_updated", "charge_finished")
    paid = mock.successful()
    assert (paid["charged_amount"], paid["error"]) == (1100, None)
    assert mock.events == ["charge_finished"]
    assert mock.balances() == {"customer": -1100, "hold": 0, "gateway": 0, "merchant": 1100}


def test_held_and_captured(mock: Driver) -> None:
    mock.hook("charge_updated", "charge_finished")
    charge = held(mock)
    assert mock.balances()["hold"] == 1100
    path = f"{STORE}/charges/{charge['id']}/capture"
    answer = mock.post(path)
    assert (answer.status, answer.json()) == (200, {})
    mock.read(charge, "successful")
    assert mock.events == ["charge_updated", "charge_finished"]
    assert mock.post(path).code == "ALREADY_CAPTURED"


def test_a_part_is_captured(mock: Driver) -> None:
    charge = held(mock)
    path = f"{STORE}/charges/{charge['id']}/capture"
    assert mock.post(path, {"amount": 1000}).wrong == [("currency", "REQUIRED_VALUE")]
    too_much = mock.post(path, {"amount": 1101, "currency": "JPY"})
    assert too_much.code == "CAPTURE_AMOUNT_TOO_LARGE"
    assert mock.post(path, {"amount": 1, "currency": "USD"}).code == "CURRENCY_MUST_MATCH_CHARGE"
    assert mock.post(path, {"amount": "1000", "currency": "jpy"}).status == 200
    assert mock.read(charge, "successful")["charged_amount"] == 1000
    assert mock.balances() == {"customer": -1000, "hold": 0, "gateway": 0, "merchant": 1000}


def test_only_what_is_held_can_be_captured(mock: Driver) -> None:
    made = mock.charge(mock.token(card()), capture=False)
    path = f"{STORE}/charges/{made['id']}/capture"
    assert mock.post(path).wrong == [("status", "INVALID_CHARGE_STATUS")]
    konbini = mock.awaiting()
    refused = mock.post(f"{STORE}/charges/{konbini['id']}/capture")
    assert refused.wrong == [("capture", "CAPTURE_ONLY_FOR_CARD_PAYMENT")]


def test_a_hold_is_cancelled(mock: Driver) -> None:
    charge = held(mock)
    path = f"{STORE}/charges/{charge['id']}/cancels"
    made = mock.post(path, {}).json()
    mock.advance(1)
    mock.read(charge, "canceled")
    assert mock.balances()["hold"] == 0
    changed = mock.patch(f"{path}/{made['id']}", {"metadata": {"why": "late"}}).json()
    hold_to("Cancel", changed)
    assert (changed["status"], changed["metadata"]) == ("successful", {"why": "late"})
    listed = mock.get(path)
    hold_to("CancelList", listed)
    assert listed == {"items": [changed], "has_more": False}
    assert mock.request("GET", f"{path}/nothing").status == 404


def test_a_cancel_fails_on_demand(mock: Driver) -> None:
    mock.hook("cancel_finished")
    charge = held(mock)
    mock.next(operation="cancels_create", payment_error="312")
    made = mock.post(f"{STORE}/charges/{charge['id']}/cancels").json()
    assert made["status"] == "pending"
    mock.advance(1)
    assert mock.told[0].body["data"]["error"]["code"] == 312
    mock.read(charge, "authorized")


def test_a_hold_runs_out(mock_with: Callable[..., Driver]) -> None:
    mock = mock_with(hold_days=7)
    charge = held(mock)
    mock.advance(7 * 86_400)
    assert mock.read(charge, "failed")["error"]["code"] == 313
    assert mock.balances()["hold"] == 0


@pytest.mark.parametrize(
    ("at", "good"),
    [
        ("2026-01-05T10:30:00+09:00", False),
        ("2026-01-19T10:00:00+09:00", False),
        ("2026-01-06T00:00:00+09:00", True),
    ],
)
def test_captured_by_itself(mock: Driver, at: str, good: bool) -> None:
    """Half an hour and 14 days on are refused, the next midnight is not."""
    token = mock.token(card())
    body = {"transaction_token_id": token["id"], "amount": 1, "currency": "JPY", "capture_at": at}
    answer = mock.post("/charges", body)
    if not good:
        assert answer.wrong == [("capture_at", "INVALID_SCHEDULED_CAPTURE_DATE")]
        return
    charge = answer.json()
    assert charge["capture_at"] == "2026-01-05T15:00:00.000000Z"
    mock.advance(14 * 3600 - 1)
    mock.read(charge, "authorized")
    mock.advance(1)
    mock.read(charge, "successful")


def test_refunds_in_parts(mock: Driver) -> None:
    mock.hook("refund_finished")
    charge = mock.successful()
    path = f"{STORE}/charges/{charge['id']}/refunds"
    body = {"amount": "100", "currency": "jpy", "reason": "customer_request", "message": "back"}
    made = mock.post(path, {**body, "metadata": {"parcel": "1"}})
    assert (made.status, made.json()["status"], made.json()["amount"]) == (201, "pending", 100)
    hold_to("Refund", made.json())
    assert mock.balances()["gateway"] == 100
    ended = mock.get(f"{path}/{made.json()['id']}?polling=true")
    assert ended["status"] == "successful"
    assert mock.told[0].body["data"] == ended
    assert mock.post(path, {**body, "amount": 1001}).code == "REFUND_EXCEEDS_CHARGE_AMOUNT"
    assert mock.post(path, {**body, "currency": "USD"}).code == "CURRENCY_MUST_MATCH_CHARGE"
    assert mock.post(path, {**body, "reason": "chargeback"}).wrong[0][0] == "reason"
    assert mock.post(path, {**body, "amount": 1000}).status == 201
    assert mock.post(path, {**body, "amount": 1}).code == "REFUND_EXCEEDS_CHARGE_AMOUNT"
    mock.advance(1)
    assert mock.balances() == {"customer": 0, "hold": 0, "gateway": 0, "merchant": 0}
    changed = mock.patch(f"{path}/{ended['id']}", {"reason": "duplicate", "metadata": {"a": 1}})
    assert changed.json()["reason"] == "duplicate"
    assert changed.json()["metadata"] == {"parcel": "1", "a": 1}
    listed = mock.get(f"{path}?metadata=1")
    hold_to("RefundList", listed)
    assert (listed["total_hits"], listed["items"][0]["id"]) == (1, ended["id"])


def test_refunds_need_money(mock: Driver) -> None:
    charge = held(mock)
    path = f"{STORE}/charges/{charge['id']}/refunds"
    refused = mock.post(path, {"amount": 1, "currency": "JPY"})
    assert refused.code == "CANNOT_REFUND_UNSUCCESSFUL_CHARGE"
    assert mock.post(path, {}).wrong == [
        ("amount", "REQUIRED_VALUE"),
        ("currency", "REQUIRED_VALUE"),
    ]


def test_the_card_whose_refunds_fail(mock: Driver) -> None:
    charge = mock.successful(mock.token(card("4242424242424242")))
    path = f"{STORE}/charges/{charge['id']}/refunds"
    made = mock.post(path, {"amount": 1100, "currency": "JPY"}).json()
    ended = mock.get(f"{path}/{made['id']}?polling=true")
    assert (ended["status"], ended["error"]["code"]) == ("failed", 329)
    assert mock.balances()["merchant"] == 1100


def test_the_card_whose_charges_fail(mock: Driver) -> None:
    """Under a good status, with the error inside."""
    mock.hook("charge_finished")
    charge = mock.charge(mock.token(card("4111111111111111")))
    mock.advance(1)
    failed = mock.read(charge, "failed")
    assert failed["error"]["code"] == 306
    assert failed["charged_amount"] is None
    assert mock.events == ["charge_finished"]
    assert mock.balances()["customer"] == 0


@pytest.mark.parametrize(
    ("local", "status", "code"),
    [
        ("taro+charge-failure-330", "failed", 330),
        ("a+b+charge-failure-502", "error", 502),
        ("taro+charge-failure-602", "successful", None),
        ("taro+charge-failure-400", "successful", None),
        ("taro+charge-failure-399", "successful", None),
        ("taro+charge-failure-330x", "successful", None),
    ],
)
def test_errors_by_address(mock: Driver, local: str, status: str, code: int | None) -> None:
    """Not codes that begin with 4 or 6."""
    charge = mock.charge(mock.token(card(email=f"{local}@shop.example")))
    mock.advance(1)
    error = mock.read(charge, status)["error"]
    assert (None if error is None else error["code"]) == code


def test_errors_by_script(mock: Driver) -> None:
    mock.next(operation="charges_create", payment_error="601")
    charge = mock.charge()
    mock.advance(1)
    assert mock.read(charge, "error")["error"]["code"] == 601


def test_the_same_card_and_amount_within_30_seconds(mock: Driver) -> None:
    mock.charge(mock.token(card()))
    mock.advance(29)
    token = mock.token(card())
    body = {"transaction_token_id": token["id"], "amount": 1100, "currency": "JPY"}
    refused = mock.post("/charges", body)
    assert (refused.status, refused.code) == (400, "CHARGE_TOO_QUICK")
    mock.charge(mock.token(card()), amount=1101)
    mock.charge(mock.token(card("4916741415383284")))
    mock.advance(1)
    mock.charge(token)


def test_the_same_recurring_token_within_30_seconds(mock_with: Callable[..., Driver]) -> None:
    """The other reading: a charge that fails with 311."""
    mock = mock_with(too_quick="fail")
    token = mock.token(card(type="recurring"))
    mock.charge(token)
    second = mock.charge(token)
    mock.advance(1)
    assert mock.read(second, "failed")["error"]["code"] == 311
    assert mock.balances()["merchant"] == 1100


@pytest.mark.parametrize(("outcome", "status"), [("pay", "successful"), ("cancel", "failed")])
def test_3d_secure(mock: Driver, outcome: str, status: str) -> None:
    three_ds = {"mode": "require", "redirect_endpoint": "https://shop.example/back"}
    charge = mock.awaiting(mock.token(card()), three_ds=three_ds)
    assert charge["three_ds"]["mode"] == "require"
    issued = mock.get(f"{STORE}/charges/{charge['id']}/three_ds/issuer_token")
    hold_to("ThreeDsIssuerToken", issued)
    page = issued["issuer_token"].removeprefix("http://127.0.0.1:8804")
    back = mock.request("GET", f"{page}?outcome={outcome}", auth=None)
    assert (back.status, back.headers["location"]) == (303, "https://shop.example/back")
    mock.read(charge, status)
    refused = mock.request("GET", f"{STORE}/charges/{charge['id']}/three_ds/issuer_token")
    assert refused.wrong == [("status", "ISSUER_TOKEN_EMPTY")]


def test_3d_secure_waits_for_five_minutes(mock: Driver) -> None:
    charge = mock.awaiting(mock.token(card()), three_ds={"mode": "force"})
    mock.advance(300)
    assert mock.read(charge, "failed")["error"]["code"] == 327


@pytest.mark.parametrize("mode", ["normal", "if_available", "skip", "provided"])
def test_without_a_challenge(mock: Driver, mode: str) -> None:
    charge = mock.successful(three_ds={"mode": mode})
    path = f"{STORE}/charges/{charge['id']}/three_ds/issuer_token"
    assert mock.request("GET", path).wrong == [("payment_type", "ONLY_FOR_CARD_PAYMENT")]


def test_metadata_is_changed_at_any_time(mock: Driver) -> None:
    charge = mock.charge(metadata={"a": "x"})
    changed = mock.patch(f"{STORE}/charges/{charge['id']}", {"metadata": {"b": "y"}}).json()
    hold_to("Charge", changed)
    assert changed["metadata"] == {"a": "x", "b": "y"}


def test_other_currencies(mock: Driver) -> None:
    charge = mock.charge(mock.token(card()), currency="usd", amount=1050)
    assert (charge["requested_currency"], charge["requested_amount_formatted"]) == ("USD", 10.5)
