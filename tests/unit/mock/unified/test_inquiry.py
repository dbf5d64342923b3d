"""getTransactionResult: as it was when the request ran, once that is determined."""

from __future__ import annotations

from tests.unit.mock.unified.driver import PUSH, Driver, charge, order, pay


def test_an_application_is_undetermined_until_the_browser_is_back(mock: Driver) -> None:
    """UA-U00-001, and no data."""
    answer = mock.post("pay", pay())
    before = mock.inquire(answer.reference)
    assert before["result"]["resultCode"] == "UA-U00-001"
    assert "transactionData" not in before
    mock.browse(answer.redirect)
    after = mock.inquire(answer.reference)
    assert after["result"]["resultCode"] == "UA-000-001"
    data = after["transactionData"]
    assert data["result"]["vResultCode"] == "1001"
    assert data["order"] == {"paymentId": "p-1", "fepOrderId": answer.fep, "amount": "1000"}
    assert set(data["provider"]["payment"]) == {"gatewayOrderId", "providerOrderId"}
    assert "customer" not in data


def test_it_tells_the_state_of_then_not_of_now(mock: Driver) -> None:
    """A capture stays a capture after the refund."""
    answer = mock.paid(wallet="docomo")
    captured = mock.post("capture", order(amount=600))
    mock.post("cancel", order(amount=200))
    assert mock.inquire(captured.reference)["transactionData"]["order"]["amount"] == "600"
    told = mock.inquire(answer.reference)["transactionData"]
    assert told["order"]["amount"] == "1000"
    assert told["customer"]["buyer"]["customerId"]


def test_a_failure_is_told_inside(mock: Driver) -> None:
    """The inquiry itself has succeeded (assumed)."""
    failed = mock.post("pay", pay(amount=1008, merchantRequestKey1="k"))
    told = mock.inquire(failed.reference)
    assert told["result"]["resultCode"] == "UA-000-001"
    assert told["transactionData"]["result"]["resultCode"] == "UA-PRV-001"
    assert told["transactionData"]["transaction"]["merchantRequestKey1"] == "k"


def test_a_refusal_by_state_has_a_number_too(mock: Driver) -> None:
    """UA-REQ-003, UA-REQ-007."""
    mock.paid()
    for answer in (mock.post("pay", pay()), mock.post("terminate", order())):
        told = mock.inquire(answer.reference)["transactionData"]
        assert told["result"]["resultCode"] == answer.code


def test_an_unknown_number_is_not_found(mock: Driver) -> None:
    """404."""
    body = {"transaction": {"fepReferenceId": "X01"}}
    answer = mock.post("getTransactionResult", body)
    assert (answer.status, answer.code) == (404, "UA-REQ-900")
    assert mock.post("getTransactionResult", {}).code == "UA-REQ-002"


def test_a_key_means_nothing_here(mock: Driver) -> None:
    """Two inquiries, two answers."""
    answer = mock.post("pay", pay())
    body = {"transaction": {"fepReferenceId": answer.reference}}
    before = mock.post("getTransactionResult", body, key="k")
    mock.browse(answer.redirect)
    assert mock.post("getTransactionResult", body, key="k") != before


def test_pending_stays_pending_until_somebody_settles_it(mock: Driver) -> None:
    """As a success: the money moves then, and the merchant is told."""
    mock.paid()
    pending = mock.post("capture", order(amount=504, push=PUSH))
    assert (pending.status, pending.code, pending.v) == (500, "UA-PND-001", "1E50")
    assert mock.balances()["hold"] == 1000
    told = mock.inquire(pending.reference)["transactionData"]["result"]
    assert told["resultCode"] == "UA-PND-001"
    settled = mock.admin(f"settle/{pending.reference}").json()
    assert (settled["status"], settled["resultCode"]) == ("CAPTURED", "UA-000-001")
    assert mock.balances()["merchant"] == 504
    told = mock.inquire(pending.reference)["transactionData"]["result"]
    assert told["resultCode"] == "UA-000-001"
    assert mock.notices == [("capture", "UA-PND-001"), ("capture", "UA-000-001")]
    assert mock.admin(f"settle/{pending.reference}").status == 400


def test_or_as_a_failure(mock: Driver) -> None:
    """Nothing moves."""
    mock.paid()
    pending = mock.post("capture", order(amount=504))
    answer = mock.admin(f"settle/{pending.reference}", {"resultCode": "UA-PRV-001"})
    assert answer.json()["resultCode"] == "UA-PRV-001"
    assert mock.balances()["hold"] == 1000
    assert mock.post("capture", order(amount=500)).code == "UA-000-001"


def test_not_over_what_has_changed_since(mock: Driver) -> None:
    """The order went on."""
    mock.paid()
    pending = mock.post("capture", order(amount=504))
    mock.post("cancel", order())
    answer = mock.admin(f"settle/{pending.reference}")
    assert (answer.status, answer.json()) == (400, {"error": "the order has changed since"})
    assert mock.admin(f"settle/{pending.reference}", {"resultCode": "UA-PRV-001"}).status == 200
    assert mock.balances()["customer"] == 0


def test_a_pending_charge_ends_either_way(mock: Driver) -> None:
    """Digit 4 at PayPay."""
    mock.agreed()
    for payment_id, code, status in (
        ("c-1", "UA-000-001", "AUTHORIZED"),
        ("c-2", "UA-CST-001", "FAILED"),
    ):
        pending = mock.post("charge", charge(payment_id, 1004))
        assert mock.status(pending.fep) == "PENDING"
        settled = mock.admin(f"settle/{pending.reference}", {"resultCode": code}).json()
        assert (settled["status"], settled["resultCode"]) == (status, code)
    assert mock.balances()["hold"] == 1004


def test_a_pending_redirect_ends_with_a_webhook(mock: Driver) -> None:
    """Rakuten Pay, interrupted."""
    answer = mock.post("pay", pay(wallet="rakuten", push=PUSH))
    mock.browse(answer.redirect, "interrupted")
    assert mock.notices == []
    mock.admin(f"settle/{answer.reference}")
    assert mock.notices == [("pay", "UA-000-001")]
    assert mock.balances()["hold"] == 1000


def test_only_an_end_settles_anything(mock: Driver) -> None:
    """Mistakes in one sentence."""
    mock.paid()
    pending = mock.post("capture", order(amount=504))
    for code in ("UA-PND-001", "UA-U00-001", "nonsense"):
        answer = mock.admin(f"settle/{pending.reference}", {"resultCode": code})
        assert answer.status == 400
        assert answer.json()["error"].startswith("resultCode must be one of UA-000-001, ")
    wrong = mock.admin(f"settle/{pending.reference}", {"outcome": "success"})
    assert wrong.json()["error"] == "unknown member outcome; known are resultCode"
    assert mock.admin("settle/nobody").status == 400
