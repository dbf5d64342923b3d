"""Wallets: charges, consents, what is charged on file, PayPay inside its own app."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.mock import bodies
from tests.unit.mock.driver import Driver


def _start(mock: Driver, **wallet: Any) -> tuple[str, str]:
    answer = mock.post("/wallet/charge", bodies.wallet(**wallet))
    assert (answer.status, answer.order_status) == (202, "REQSUCCESS")
    assert answer.json()["redirectInformation"]["redirectType"] == "WALLET_CHARGE"
    return answer.access_id, answer.redirect


def _agree(mock: Driver, kind: str = "PAYPAY", order_id: str = "consent-1") -> str:
    """A consent the customer gave; its accessId."""
    answer = mock.post("/wallet/authorizeAccount", bodies.consent(order_id, kind=kind))
    assert answer.status == 202
    assert "amount" not in answer.json()["orderReference"]
    assert answer.json()["redirectInformation"]["redirectType"] == "WALLET_AUTHORIZE"
    assert mock.browse(answer.redirect)["event"] == "WALLET_APPROVAL_FINISHED"
    assert mock.status(answer.access_id) == "REGISTER"
    return answer.access_id


@pytest.mark.parametrize("kind", ["PAYPAY", "DOCOMO", "RAKUTEN", "AU_APP", "MERPAY", "AMAZON"])
@pytest.mark.parametrize(("mode", "account"), [("AUTH", "hold"), ("CAPTURE", "merchant")])
def test_the_money_moves_when_the_customer_agrees(
    mock: Driver, kind: str, mode: str, account: str
) -> None:
    """REQSUCCESS, AUTHPROCESS on the page, then AUTH or CAPTURE."""
    access_id, url = _start(mock, kind=kind, mode=mode)
    page = mock.get(url)
    assert "1,000 yen" in page.content.decode()
    assert mock.status(access_id) == "AUTHPROCESS"
    assert mock.balances()["customer"] == 0
    assert mock.browse(url) == {
        "accessId": access_id,
        "event": "WALLET_CHARGE_FINISHED",
        "csrfToken": "csrf-1",
    }
    found = mock.inquire(access_id)
    assert found["orderReference"]["status"] == mode
    assert found["walletResult"].keys() == {"walletType", "settlementCode"}
    assert mock.balances()[account] == 1000


@pytest.mark.parametrize(
    ("outcome", "title"),
    [
        ("cancel", "operation_aborted_by_user"),
        ("insufficient", "insufficient_balance"),
        ("limit", "amount_limit_exceeded"),
        ("fail", "processing_failure"),
    ],
)
def test_a_customer_may_not_agree(mock: Driver, outcome: str, title: str) -> None:
    """PAYFAIL, and why."""
    access_id, url = _start(mock)
    assert mock.browse(url, outcome)["event"] == "WALLET_CHARGE_FINISHED"
    found = mock.inquire(access_id)
    assert found["orderReference"]["status"] == "PAYFAIL"
    assert found["errorInformation"]["title"] == title
    assert mock.balances()["customer"] == 0


def test_an_unopened_page_expires_with_its_order(mock: Driver) -> None:
    """After 120 seconds (that the order is EXPIRED is assumed)."""
    access_id, url = _start(mock)
    mock.advance(119)
    assert mock.status(access_id) == "REQSUCCESS"
    mock.advance(1)
    assert mock.status(access_id) == "EXPIRED"
    assert mock.get(url).status == 410


def test_a_customer_who_never_finishes_expires_too(mock: Driver) -> None:
    """Half an hour after opening the page (assumed); a late button changes nothing."""
    access_id, url = _start(mock)
    mock.get(url)
    mock.advance(1800)
    assert mock.status(access_id) == "EXPIRED"
    assert mock.browse(url)["event"] == "WALLET_CHARGE_FINISHED"
    assert mock.status(access_id) == "EXPIRED"
    assert mock.balances()["customer"] == 0


def test_a_consent_is_charged_without_a_page(mock: Driver) -> None:
    """201; the consent's acceptance code comes back, the consent's order id does not work."""
    _agree(mock)
    answer = mock.post("/wallet/on-file/charge", bodies.wallet_onfile())
    result = answer.json()["walletResult"]
    assert (answer.status, answer.order_status) == (201, "AUTH")
    assert answer.json()["nextAction"] == "CAPTURE"
    assert result["captureExpiryDateTime"] == "2026-03-06T23:59:59+09:00"
    wallets = mock.post("/member/inquiry", {"memberId": "member-1"}).json()["onfileWallets"]
    assert wallets == [{"onfileWalletType": "PAYPAY", "acceptanceCode": result["acceptanceCode"]}]
    reused = mock.post("/wallet/on-file/charge", bodies.wallet_onfile("consent-1"))
    assert (reused.title, reused.detail[-15:]) == ("invalid_request", "(order.orderId)")
    now = mock.post("/wallet/on-file/charge", bodies.wallet_onfile("order-2", mode="CAPTURE"))
    assert now.json()["nextAction"] == "NO_ACTION"
    assert "captureExpiryDateTime" not in now.json()["walletResult"]


def test_no_consent_no_charge(mock: Driver) -> None:
    """Not of this wallet, not of this member, not any more."""
    assert mock.post("/wallet/on-file/charge", bodies.wallet_onfile()).title == "invalid_request"
    access_id = _agree(mock)
    other = mock.post("/wallet/on-file/charge", bodies.wallet_onfile(kind="DOCOMO"))
    assert other.title == "invalid_request"
    request = {"memberId": "member-1", "onfileType": "WALLET", "onfileWalletType": "PAYPAY"}
    deleted = mock.post("/member/deleteItem", request)
    assert deleted.status == 201
    assert deleted.json()["deletedWallet"]["onfileWalletType"] == "PAYPAY"
    assert mock.status(access_id) == "END"
    assert mock.post("/wallet/on-file/charge", bodies.wallet_onfile()).title == "invalid_request"


def test_a_newer_consent_ends_the_older(mock: Driver) -> None:
    """One per wallet and member (assumed)."""
    first = _agree(mock)
    second = _agree(mock, order_id="consent-2")
    assert (mock.status(first), mock.status(second)) == ("END", "REGISTER")


def test_a_consent_needs_its_member(mock: Driver) -> None:
    """Unless it may be made."""
    answer = mock.post("/wallet/authorizeAccount", bodies.consent(create=False))
    assert (answer.title, answer.status) == ("invalid_request", 400)
    _agree(mock)
    assert mock.post("/member/inquiry", {"memberId": "member-1"}).status == 200


def test_amazon_pay_refunds_later(mock: Driver) -> None:
    """REQRETURN, a minute later RETURN and the webhook (assumed)."""
    access_id, url = _start(mock, kind="AMAZON")
    mock.browse(url)
    canceled = mock.post("/order/cancel", {"accessId": access_id})
    assert (canceled.status, canceled.order_status) == (201, "REQRETURN")
    assert mock.balances() == {"customer": -1000, "hold": 0, "gateway": 1000, "merchant": 0}
    assert mock.post("/order/cancel", {"accessId": access_id}).title == "invalid_status"
    mock.advance(60)
    assert mock.status(access_id) == "RETURN"
    assert mock.balances()["customer"] == 0
    assert mock.webhooks == [
        {"accessId": access_id, "event": "REFUND_SUCCEEDED", "csrfToken": "csrf-1"}
    ]


def test_an_amazon_refund_may_fail(mock: Driver) -> None:
    """Then the sale stands as it stood."""
    access_id, url = _start(mock, kind="AMAZON")
    mock.browse(url)
    mock.next(operation="amazonPayRefund", fault="fail")
    mock.post("/order/cancel", {"accessId": access_id})
    mock.advance(60)
    assert mock.status(access_id) == "CAPTURE"
    assert [webhook["event"] for webhook in mock.webhooks] == ["REFUND_FAILED"]
    assert mock.balances()["merchant"] == 1000


def test_an_amazon_authorization_is_cancelled_at_once(mock: Driver) -> None:
    """Only settled money travels back."""
    access_id, url = _start(mock, kind="AMAZON", mode="AUTH")
    mock.browse(url)
    assert mock.post("/order/cancel", {"accessId": access_id}).order_status == "CANCEL"


def test_customer_data_are_amazon_pays(mock: Driver) -> None:
    """By order, by session, by both if they belong together."""
    access_id, url = _start(mock, kind="AMAZON")
    mock.browse(url)
    session = {"amazonPay": {"checkoutSessionId": "session-1"}}
    for body in ({"accessId": access_id}, session, {"accessId": access_id} | session):
        found = mock.post("/wallet/getCustomerData", body)
        assert (found.status, bool(found.json()["buyerId"])) == (200, True)
    other = {"accessId": access_id, "amazonPay": {"checkoutSessionId": "session-2"}}
    assert mock.post("/wallet/getCustomerData", other).title == "invalid_request"
    assert mock.post("/wallet/getCustomerData", {}).title == "missing_parameter"
    paypay, _ = _start(mock, order_id="order-2")
    assert mock.post("/wallet/getCustomerData", {"accessId": paypay}).title == "invalid_request"


def _await_approval(mock: Driver, **frontend: Any) -> str:
    answer = mock.post("/wallet/front-end/charge", bodies.frontend(**frontend))
    assert (answer.status, answer.json()["nextAction"]) == (202, "AWAIT")
    assert answer.json()["walletFrontendResult"]["frontendPaymentId"]
    return answer.access_id


def test_verify_charge_settles_what_was_approved(mock: Driver) -> None:
    """And the webhook, which would come later, does not."""
    access_id = _await_approval(mock, mode="AUTH")
    question = {"accessId": access_id}
    assert mock.post("/wallet/front-end/verifyCharge", question).title == "invalid_status"
    assert mock.post(f"/_mock/pay/{access_id}").json()["status"] == "AUTHPROCESS"
    answer = mock.post("/wallet/front-end/verifyCharge", question)
    assert (answer.status, answer.order_status) == (201, "AUTH")
    assert answer.json()["walletFrontendResult"].keys() == {
        "walletType",
        "settlementCode",
        "captureExpiryDateTime",
    }
    mock.advance(3600)
    assert mock.webhooks == []
    assert mock.balances()["hold"] == 1000


def test_without_verify_the_webhook_comes(mock: Driver) -> None:
    """WALLET_PAID; a verifyCharge after it finds the same and moves nothing (assumed)."""
    access_id = _await_approval(mock)
    mock.post(f"/_mock/pay/{access_id}")
    mock.advance(60)
    assert mock.webhooks == [{"accessId": access_id, "event": "WALLET_PAID", "csrfToken": "csrf-1"}]
    assert mock.status(access_id) == "CAPTURE"
    again = mock.post("/wallet/front-end/verifyCharge", {"accessId": access_id})
    assert (again.status, again.json()["nextAction"]) == (201, "NO_ACTION")
    assert mock.balances()["merchant"] == 1000


def test_a_front_end_payment_may_fail_or_expire(mock: Driver) -> None:
    """402 with PAYFAIL, without a webhook; EXPIRED when nobody approves (assumed)."""
    poor = _await_approval(mock, amount=40202)
    silent = _await_approval(mock, order_id="order-2", amount=40202)
    for access_id in (poor, silent):
        mock.post(f"/_mock/pay/{access_id}")
    answer = mock.post("/wallet/front-end/verifyCharge", {"accessId": poor})
    assert (answer.status, answer.title) == (402, "insufficient_balance")
    forgotten = _await_approval(mock, order_id="order-3")
    mock.advance(1800)
    assert [mock.status(one) for one in (poor, silent, forgotten)] == [
        "PAYFAIL",
        "PAYFAIL",
        "EXPIRED",
    ]
    assert mock.webhooks == []
    assert mock.balances()["customer"] == 0


def test_verify_charge_is_for_front_end_payments(mock: Driver) -> None:
    """Not for a wallet's page."""
    access_id, _ = _start(mock)
    answer = mock.post("/wallet/front-end/verifyCharge", {"accessId": access_id})
    assert answer.title == "invalid_request"
