"""Payments on demand: agreement, charges, the consumer who is asked to pay, the end."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.unit.mock.unified.driver import PUSH, Driver, charge, order, subscribe

WALLETS = ["paypay", "rakuten", "docomo", "au", "merpay"]


@pytest.mark.parametrize("wallet", WALLETS)
def test_an_agreement_is_charged_again_and_again(mock: Driver, wallet: str) -> None:
    """By either number of it; each payment lives its own life."""
    agreed = mock.agreed(wallet=wallet)
    assert mock.balances()["customer"] == 0
    first = mock.post("charge", charge())
    body = charge("c-2", authCaptureType="auth_capture")
    del body["order"]["originalPaymentId"]
    body["order"]["originalFepOrderId"] = agreed.fep
    second = mock.post("charge", body)
    assert (first.code, second.code) == ("UA-000-001", "UA-000-001")
    assert mock.balances()["hold"] == mock.balances()["merchant"] == 1000
    assert mock.post("capture", order("c-1", 600)).code == "UA-000-001"
    assert mock.post("cancel", order("c-2", 500)).code == "UA-000-001"
    assert mock.balances() == {"customer": -1100, "hold": 0, "gateway": 0, "merchant": 1100}


@pytest.mark.parametrize("wallet", WALLETS)
def test_the_customer_is_told_but_by_paypay(mock: Driver, wallet: str) -> None:
    """customerId; and gatewayOrderId by PayPay alone."""
    mock.agreed(wallet=wallet)
    told = mock.post("charge", charge()).json()
    again = mock.post("charge", charge("c-2")).json()
    assert ("customer" in told) == (wallet != "paypay")
    assert told.get("customer") == again.get("customer")
    assert ("provider" in told) == (wallet == "paypay")


@pytest.mark.parametrize("wallet", ["paypay", "docomo", "au", "merpay"])
def test_an_ended_agreement_takes_no_more(mock: Driver, wallet: str) -> None:
    """Terminated by the merchant; once."""
    agreed = mock.agreed(wallet=wallet)
    ended = mock.post("terminate", order("club"))
    assert (ended.code, ended.fep) == ("UA-000-001", agreed.fep)
    assert set(ended.json()["provider"]["payment"]) == {"providerOrderId"}
    assert ("customer" in ended.json()) == (wallet != "paypay")
    assert mock.post("charge", charge()).code == "UA-REQ-007"
    assert mock.post("terminate", order(fep=agreed.fep)).code == "UA-REQ-007"
    assert mock.post("subscribe", subscribe()).code == "UA-REQ-003"


def test_rakuten_has_no_termination(mock: Driver) -> None:
    """The agreement stays."""
    agreed = mock.agreed(wallet="rakuten")
    refused = mock.post("terminate", order("club"))
    assert (refused.status, refused.code) == (400, "UA-REQ-007")
    assert mock.status(agreed.fep) == "ACTIVE"
    assert mock.post("charge", charge()).code == "UA-000-001"


def test_only_an_agreement_can_be_charged_and_ended(mock: Driver) -> None:
    """Not a payment, nor nothing, nor one the consumer has not agreed to."""
    mock.paid()
    mock.post("subscribe", subscribe("waiting"))
    assert mock.post("charge", charge(original="p-1")).code == "UA-REQ-007"
    assert mock.post("charge", charge(original="nobody")).code == "UA-REQ-900"
    assert mock.post("charge", charge(original="waiting")).code == "UA-REQ-007"
    assert mock.post("terminate", order("p-1")).code == "UA-REQ-007"
    mock.agreed()
    for command in ("capture", "cancel"):
        assert mock.post(command, order("club")).code == "UA-REQ-007"


def test_au_updates_no_payment_on_demand(mock: Driver) -> None:
    """Rakuten Pay does."""
    mock.agreed(wallet="au")
    mock.post("charge", charge())
    assert mock.post("updateOrder", order("c-1", 500)).code == "UA-REQ-007"
    mock.agreed("club-2", wallet="rakuten")
    mock.post("charge", charge("c-2", original="club-2"))
    assert mock.post("updateOrder", order("c-2", 500)).code == "UA-000-001"


def test_a_failed_charge_is_tried_again_under_its_payment_id(mock: Driver) -> None:
    """And a paid one is a duplicate."""
    mock.agreed()
    failed = mock.post("charge", charge(amount=1003))
    assert (failed.status, failed.code, failed.v) == (502, "UA-PRV-001", "1GD6")
    assert mock.post("charge", charge()).code == "UA-000-001"
    assert mock.post("charge", charge()).code == "UA-REQ-003"
    assert mock.balances()["hold"] == 1000


def test_a_consumer_without_balance_is_asked_to_pay(mock: Driver) -> None:
    """recovery: UA-U00-001, paid a minute later, told twice."""
    mock.agreed()
    body = charge(amount=1005, recoveryType="recovery", push=PUSH)
    answer = mock.post("charge", body)
    assert (answer.status, answer.code, answer.v) == (200, "UA-U00-001", "1G21")
    assert answer.json()["result"]["actionCode"] == "user_paying"
    assert mock.balances()["hold"] == 0
    assert mock.inquire(answer.reference) == {
        "result": {
            "status": "success",
            "actionCode": "user_paying",
            "resultCode": "UA-U00-001",
            "message": "Waiting for the consumer.",
        }
    }
    mock.advance(59)
    assert mock.status(answer.fep) == "WAITING"
    mock.advance(1)
    assert mock.balances()["hold"] == 1005
    assert mock.notices == [("charge", "UA-U00-001"), ("charge", "UA-000-001")]
    told = mock.inquire(answer.reference)["transactionData"]
    assert (told["result"]["vResultCode"], told["order"]["amount"]) == ("1001", "1005")
    mock.advance(3600)
    assert mock.balances()["hold"] == 1005


@pytest.mark.parametrize("recovery", [{"recoveryType": "not_recovery"}, {}])
def test_or_is_refused(mock: Driver, recovery: dict[str, str]) -> None:
    """not_recovery; left out it is taken for that."""
    mock.agreed()
    answer = mock.post("charge", charge(amount=1005, **recovery))
    assert (answer.status, answer.code, answer.v) == (502, "UA-CST-001", "1G02")
    assert mock.balances()["hold"] == 0


def test_a_person_may_pay_sooner_or_never(mock_with: Callable[..., Driver]) -> None:
    """POST /_mock/pay; and user_paying_seconds None."""
    mock = mock_with(user_paying_seconds=None)
    mock.agreed()
    answer = mock.post("charge", charge(amount=1005, recoveryType="recovery"))
    mock.advance(10 * 86_400)
    assert mock.status(answer.fep) == "WAITING"
    assert mock.admin(f"pay/{answer.fep}").json()["status"] == "AUTHORIZED"
    assert mock.admin(f"pay/{answer.fep}").status == 400
    assert mock.balances()["hold"] == 1005


def test_two_charges_may_land_on_one_payment_id(mock: Driver) -> None:
    """While the first waits for the consumer."""
    mock.agreed()
    waiting = mock.post("charge", charge(amount=1005, recoveryType="recovery", push=PUSH))
    assert mock.post("charge", charge()).code == "UA-000-001"
    mock.advance(60)
    assert mock.notices[-1] == ("charge", "UA-000-002")
    assert mock.inquire(waiting.reference)["result"]["resultCode"] == "UA-000-002"
    assert mock.balances()["hold"] == 2005


@pytest.mark.parametrize("wallet", ["paypay", "docomo", "au", "merpay"])
def test_the_provider_may_end_an_agreement_by_itself(mock: Driver, wallet: str) -> None:
    """deregistraction, to the pushUrl of the application."""
    agreed = mock.agreed(wallet=wallet, push=PUSH)
    mock.pushed.clear()
    assert mock.admin("deregister/club").json()["status"] == "DEREGISTERED"
    assert mock.notices == [("deregistraction", "UA-000-001")]
    assert mock.post("charge", charge()).code == "UA-REQ-007"
    assert mock.admin(f"deregister/{agreed.fep}").status == 400


def test_rakuten_sends_no_such_notice(mock: Driver) -> None:
    """Nor is there one about a payment."""
    mock.agreed(wallet="rakuten")
    mock.paid()
    assert "au, docomo, merpay, paypay" in mock.admin("deregister/club").json()["error"]
    assert mock.admin("deregister/p-1").status == 400
    assert mock.admin("deregister/nobody").status == 400
