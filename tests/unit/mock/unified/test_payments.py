"""Payments one at a time: application, consumer, capture, refunds, and what is refused."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.unit.mock.unified.driver import Driver, order, pay

WALLETS = ["paypay", "rakuten", "docomo", "au", "merpay"]
DAY = 86_400


@pytest.mark.parametrize("wallet", WALLETS)
def test_a_hold_is_captured_in_part_and_refunded_in_parts(mock: Driver, wallet: str) -> None:
    """Money moves with every step."""
    applied = mock.post("pay", pay(wallet=wallet))
    assert mock.balances() == {"customer": 0, "hold": 0, "gateway": 0, "merchant": 0}
    mock.browse(applied.redirect)
    assert mock.balances()["hold"] == 1000
    captured = mock.post("capture", order(amount=900))
    assert captured.json()["order"] == {
        "paymentId": "p-1",
        "fepOrderId": applied.fep,
        "amount": "900",
    }
    assert mock.balances() == {"customer": -900, "hold": 0, "gateway": 0, "merchant": 900}
    for amount, left in ((400, 500), (300, 200), (None, 0)):
        refunded = mock.post("cancel", order(amount=amount))
        assert refunded.code == "UA-000-001"
        assert mock.balances()["merchant"] == left
    assert mock.status(applied.fep) == "CANCELLED"
    assert mock.post("cancel", order()).code == "UA-REQ-007"


@pytest.mark.parametrize("wallet", WALLETS)
def test_a_payment_taken_at_once_has_nothing_to_capture(mock: Driver, wallet: str) -> None:
    """authCaptureType auth_capture."""
    answer = mock.paid(wallet=wallet, mode="auth_capture")
    assert mock.balances()["merchant"] == 1000
    assert mock.post("capture", order()).code == "UA-REQ-007"
    assert mock.post("cancel", order(fep=answer.fep)).code == "UA-000-001"
    assert mock.balances()["customer"] == 0


def test_left_out_it_is_held_or_taken_as_set(mock_with: Callable[..., Driver]) -> None:
    """authCaptureType has no documented default."""
    for holds, account in ((True, "hold"), (False, "merchant")):
        mock = mock_with(hold_by_default=holds)
        mock.paid()
        assert mock.balances()[account] == 1000


def test_a_hold_is_cancelled_as_a_whole_only(mock: Driver) -> None:
    """Parts are for what has been captured."""
    mock.paid()
    assert mock.post("cancel", order(amount=400)).code == "UA-REQ-002"
    assert mock.post("cancel", order(amount=1000)).code == "UA-000-001"
    assert mock.balances()["customer"] == 0


def test_nothing_above_the_amount_can_be_captured_or_refunded(mock: Driver) -> None:
    """The member is named."""
    mock.paid()
    refused = mock.post("capture", order(amount=1010))
    assert (refused.status, refused.code) == (400, "UA-REQ-002")
    assert "order.amount" in refused.json()["result"]["message"]
    mock.post("capture", order(amount=500))
    assert mock.post("cancel", order(amount=510)).code == "UA-REQ-002"
    assert mock.balances()["merchant"] == 500


def test_capture_is_once_only(mock: Driver) -> None:
    """Even of a part."""
    mock.paid()
    assert mock.post("capture", order(amount=500)).code == "UA-000-001"
    again = mock.post("capture", order(amount=500))
    assert (again.status, again.code) == (400, "UA-REQ-007")
    assert mock.balances()["merchant"] == 500


def test_a_hold_runs_out(mock: Driver) -> None:
    """Afterwards it is too late, and the money is back."""
    answer = mock.paid()
    mock.advance(30 * DAY - 1)
    assert mock.balances()["hold"] == 1000
    mock.advance(1)
    assert mock.balances()["customer"] == 0
    for command in ("capture", "cancel"):
        late = mock.post(command, order())
        assert (late.status, late.code) == (400, "UA-REQ-006")
    assert mock.status(answer.fep) == "AUTHORIZED"


@pytest.mark.parametrize("wallet", ["rakuten", "au"])
def test_a_hold_is_changed_and_made_longer(mock: Driver, wallet: str) -> None:
    """Without an amount only longer."""
    mock.paid(wallet=wallet)
    mock.advance(20 * DAY)
    longer = mock.post("updateOrder", order())
    assert (longer.code, longer.json()["order"]["amount"]) == ("UA-000-001", "1000")
    mock.advance(20 * DAY)
    for amount in (1500, 700):
        assert mock.post("updateOrder", order(amount=amount)).code == "UA-000-001"
        assert mock.balances()["hold"] == amount
    assert mock.post("capture", order()).json()["order"]["amount"] == "700"
    assert mock.post("updateOrder", order(amount=800)).code == "UA-REQ-007"


@pytest.mark.parametrize("wallet", ["paypay", "docomo", "merpay"])
def test_other_wallets_have_no_update(mock: Driver, wallet: str) -> None:
    """The code is assumed."""
    mock.paid(wallet=wallet)
    assert mock.post("updateOrder", order(amount=500)).code == "UA-REQ-007"


@pytest.mark.parametrize("command", ["capture", "cancel", "updateOrder", "terminate"])
def test_an_unknown_order_is_not_found(mock: Driver, command: str) -> None:
    """By either number."""
    for body in (order("nobody"), order(fep="nobody_1")):
        answer = mock.post(command, body)
        assert (answer.status, answer.code) == (404, "UA-REQ-900")


def test_nothing_can_be_done_before_the_consumer_has_paid(mock: Driver) -> None:
    """Nor with one that failed."""
    mock.post("pay", pay())
    mock.post("pay", pay("p-8", 8))
    for payment_id in ("p-1", "p-8"):
        for command in ("capture", "cancel"):
            assert mock.post(command, order(payment_id)).code == "UA-REQ-007"


def test_what_failed_is_tried_again_under_its_payment_id(mock: Driver) -> None:
    """At the application, on the page, and at last it works."""
    first = mock.post("pay", pay(amount=1008))
    assert (first.status, first.code, first.v) == (502, "UA-PRV-001", "1GD1")
    second = mock.post("pay", pay())
    assert mock.browse(second.redirect, "cancel")["resultCode"] == "UA-CST-002"
    third = mock.post("pay", pay())
    assert mock.browse(third.redirect)["resultCode"] == "UA-000-001"
    assert len({first.fep, second.fep, third.fep}) == 3
    assert mock.balances()["hold"] == 1000


def test_what_succeeded_is_a_duplicate(mock: Driver) -> None:
    """For other wallets, agreements and after a refund as well."""
    answer = mock.paid()
    mock.post("cancel", order())
    for body in (pay(), pay(wallet="au")):
        again = mock.post("pay", body)
        assert (again.status, again.code, again.fep) == (409, "UA-REQ-003", answer.fep)
    assert mock.post("subscribe", {**pay(), "order": pay()["order"]}).code == "UA-REQ-003"


def test_two_payments_may_land_on_one_payment_id(mock: Driver) -> None:
    """While the first is undetermined; the second to succeed is to be checked."""
    first = mock.post("pay", pay(push="https://shop.example/n"))
    second = mock.post("pay", pay(push="https://shop.example/n"))
    assert mock.browse(second.redirect)["resultCode"] == "UA-000-001"
    back = mock.browse(first.redirect)
    assert (back["resultCode"], back["status"]) == ("UA-000-002", "success")
    assert back["actionCode"] == "confirm_payment"
    assert mock.notices == [("pay", "UA-000-001"), ("pay", "UA-000-002")]
    told = mock.inquire(first.reference)
    assert told["result"]["resultCode"] == "UA-000-002"
    assert mock.balances()["hold"] == 2000
    # The paymentId stands for the first success, the other has its fepOrderId.
    assert mock.post("capture", order()).fep == second.fep
    assert mock.post("cancel", order(fep=first.fep)).fep == first.fep
    assert mock.balances() == {"customer": -1000, "hold": 0, "gateway": 0, "merchant": 1000}


def test_a_payment_id_stands_for_its_first_success(mock: Driver) -> None:
    """Not for the application made last; before any success it is that one."""
    first, second = (mock.post("pay", pay()) for _ in range(2))
    assert mock.post("capture", order()).fep == second.fep
    mock.browse(first.redirect)
    assert mock.browse(second.redirect)["resultCode"] == "UA-000-002"
    assert mock.post("capture", order()).fep == first.fep


def test_ids_have_the_documented_shape(mock: Driver) -> None:
    """fepOrderId: paymentId, underscore, 26 to 35 characters."""
    payment_id = "a-" + "b" * 60 + "_Z"
    answer = mock.paid(payment_id)
    assert answer.fep.startswith(f"{payment_id}_")
    assert 26 <= len(answer.fep) - len(payment_id) - 1 <= 35
    assert len(answer.fep) <= 100
    assert len(answer.reference) <= 100


def test_numbers_behind_the_gateway_come_with_the_commands_that_name_them(mock: Driver) -> None:
    """capture and cancel both, updateOrder the provider's."""
    mock.paid(wallet="rakuten")
    changed = mock.post("updateOrder", order(amount=500)).json()
    captured = mock.post("capture", order()).json()
    assert set(changed["provider"]["payment"]) == {"providerOrderId"}
    assert set(captured["provider"]["payment"]) == {"gatewayOrderId", "providerOrderId"}
    assert "customer" not in captured
    assert "provider" not in mock.post("capture", order()).json()
