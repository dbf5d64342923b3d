"""One story that calls all 25 operations, with the customer and the refusals it needs.

It is told through a `Caller`, so the sync and the async client tell the same one.
"""

from __future__ import annotations

from typing import Any

import pytest
from kessai.errors import (
    CardDeclinedError,
    InsufficientBalanceError,
    InvalidRequestError,
    InvalidStateError,
    MissingParameterError,
    TransactionExpiredError,
)

from tests.support import contract_bodies as bodies
from tests.support.contract_client import Caller
from tests.support.contract_mock import Mock

MEMBER = "member-1"


def tell(call: Caller, mock: Mock) -> None:
    """Tell the whole story. Raises what a client raises where it should not."""
    call("token", {"grant_type": "client_credentials", "scope": "openapi"})
    _members_and_cards(call)
    _cards(call, mock)
    _verifications_of_cards(call, mock)
    _wallets(call, mock)
    _cash(call, mock)
    _identity(call, mock)
    _deletions(call)
    _refusals(call, mock)


def approve(mock: Mock, answer: Any, outcome: str = "success") -> str:
    """Press a button of the page an answer redirects to; the order's accessId."""
    assert answer.next_action == "REDIRECT"
    mock.press(answer.redirect_information.redirect_url, outcome)
    access_id: str = answer.order_reference.access_id
    return access_id


def _members_and_cards(call: Caller) -> None:
    created = call("memberCreate", bodies.member_create(MEMBER))
    assert created.member_id == MEMBER
    stored = call("creditStoreCard", bodies.credit_store_card(MEMBER))
    assert stored.onfile_card_result.card_id == "0"
    found = call("memberInquiry", {"memberId": MEMBER})
    assert [card.brand for card in found.onfile_cards] == ["VISA"]
    wanted = {"onfileCard": {"memberId": MEMBER, "type": "CREDIT_CARD", "cardId": "0"}}
    assert call("creditGetCardDetails", {"cardInformation": wanted}).card_detail_result
    token = {"tokenizedCard": bodies.token("details:5555555555554444")}
    details = call("creditGetCardDetails", {"cardInformation": token}).card_detail_result
    assert details.brand == "MASTERCARD"


def _cards(call: Caller, mock: Mock) -> None:
    charged = call("creditCharge", bodies.credit_charge("card-1", 1000))
    access_id = charged.order_reference.access_id
    changed = {"accessId": access_id, "amount": "800", "authorizationMode": "AUTH"}
    assert call("orderUpdate", changed).order_reference.amount == 800
    assert call("orderCapture", {"accessId": access_id}).order_reference.status == "SALES"
    found = call("orderInquiry", {"accessId": access_id})
    assert (found.order_reference.status, found.order_reference.amount) == ("SALES", 800)
    assert call("orderCancel", {"accessId": access_id}).order_reference.amount == 0

    onfile = bodies.credit_onfile_charge("card-2", MEMBER)
    assert call("creditOnfileCharge", onfile).order_reference.status == "CAPTURE"
    redirected = call(
        "creditOnfileCharge", bodies.credit_onfile_charge("card-3", MEMBER, tds2=True)
    )
    access_id = approve(mock, redirected, "challenge")
    assert call("orderInquiry", {"accessId": access_id}).tds2_result.requires_challenge is True

    waiting = bodies.credit_charge("card-4", tds2=True, automatic=False)
    access_id = approve(mock, call("creditCharge", waiting))
    finalized = call("tds2FinalizeCharge", {"accessId": access_id})
    assert finalized.tds2_result.tds2_trans_result == "Y"
    stored = bodies.credit_store_card(MEMBER, access_id=access_id)
    assert call("creditStoreCard", stored).onfile_card_result.card_id == "1"

    screened = bodies.credit_charge("card-5")
    screened["creditInformation"]["creditChargeOptions"]["useFraudDetection"] = True
    screened["fraudDetectionInformation"] = {
        "fraudDetectionOptions": {"screeningType": "RED_SHIELD"},
        "fraudDetectionData": {"userId": "hanako"},
    }
    assert call("creditCharge", screened).fraud_detection_result.screening_result_code == "ACCEPT"


def _verifications_of_cards(call: Caller, mock: Mock) -> None:
    body = bodies.credit_verify_card("check-1")
    body["creditVerificationInformation"]["onfileCardOptions"] = {
        "memberId": "member-2",
        "createNewMember": True,
    }
    checked = call("creditVerifyCard", body)
    assert checked.order_reference.status == "CHECK"
    assert checked.onfile_card_result.member_id == "member-2"
    waiting = bodies.credit_verify_card("check-2", tds2=True, automatic=False)
    access_id = approve(mock, call("creditVerifyCard", waiting))
    finalized = call("tds2FinalizeVerification", {"accessId": access_id})
    assert finalized.order_reference.status == "CHECK"


def _wallets(call: Caller, mock: Mock) -> None:
    for number, wallet in enumerate(bodies.WALLETS):
        mode = "AUTH" if wallet == "RAKUTEN" else "CAPTURE"
        body = bodies.wallet_charge(f"wallet-{number}", wallet=wallet, mode=mode)
        access_id = approve(mock, call("walletCharge", body))
        if mode == "AUTH":
            assert call("orderCapture", {"accessId": access_id}).order_reference.status == "SALES"
        reduced = call("orderUpdate", {"accessId": access_id, "amount": "700"})
        assert reduced.wallet_result.wallet_type == wallet
        assert call("orderInquiry", {"accessId": access_id}).order_reference.amount == 700
        if wallet == "AMAZON":
            buyer = call("walletGetCustomerData", {"accessId": access_id})
            assert buyer.billing_information is not None
        assert call("orderCancel", {"accessId": access_id}).order_reference.access_id == access_id

    consent = bodies.wallet_authorize_account("consent-1", MEMBER)
    access_id = approve(mock, call("walletAuthorizeAccount", consent))
    assert call("orderInquiry", {"accessId": access_id}).order_reference.status == "REGISTER"
    onfile = call("walletOnfileCharge", bodies.wallet_onfile_charge("wallet-7", MEMBER))
    assert onfile.order_reference.status == "CAPTURE"

    started = call("walletFrontendCharge", bodies.wallet_frontend_charge("wallet-8"))
    assert started.next_action == "AWAIT"
    access_id = started.order_reference.access_id
    assert mock.pay(access_id).status == 200
    verified = call("walletFrontendVerifyCharge", {"accessId": access_id})
    assert verified.order_reference.status == "CAPTURE"


def _cash(call: Caller, mock: Mock) -> None:
    kinds = ("KONBINI", "PAYEASY", "BANK_TRANSFER_SMBC", "BANK_TRANSFER_GMO_AOZORA")
    for number, kind in enumerate(kinds):
        started = call("cashCharge", bodies.cash_charge(f"cash-{number}", cash=kind))
        access_id = started.order_reference.access_id
        if kind.startswith("BANK"):
            assert mock.pay(access_id, 400).status == 200
            found = call("orderInquiry", {"orderId": f"cash-{number}"}).cash_result
            assert found.bank_transfer_payment_information.deposit_amount == 400
        assert mock.pay(access_id).status == 200
        found = call("orderInquiry", {"accessId": access_id, "orderId": f"cash-{number}"})
        assert found.order_reference.status == "PAYSUCCESS"
    started = call("cashCharge", bodies.cash_charge("cash-9"))
    cancelled = call("orderCancel", {"accessId": started.order_reference.access_id})
    assert cancelled.order_reference.status == "CANCEL"


def _identity(call: Caller, mock: Mock) -> None:
    started = call("verificationStart", bodies.verification_start("identity-1"))
    mock.type_code(started.redirect_information.redirect_url, "123456")
    found = call("verificationInquiry", {"verificationId": "identity-1"})
    assert found.verification_reference.status == "SUCCESS"


def _deletions(call: Caller) -> None:
    wallet = {"memberId": MEMBER, "onfileType": "WALLET", "onfileWalletType": "PAYPAY"}
    assert call("memberDeleteItem", wallet).deleted_wallet.onfile_wallet_type == "PAYPAY"
    card = {
        "memberId": MEMBER,
        "onfileType": "CARD",
        "onfileCardType": "CREDIT_CARD",
        "cardId": "0",
    }
    assert call("memberDeleteItem", card).deleted_card.card_id == "0"
    deleted = call("memberDelete", {"memberId": MEMBER})
    assert [card.card_id for card in deleted.deleted_cards] == ["1"]


def _refusals(call: Caller, mock: Mock) -> None:
    """Answers that are no successes are traffic as well."""
    with pytest.raises(CardDeclinedError):
        call("creditCharge", bodies.credit_charge("refused-1", 40201))
    with pytest.raises(InsufficientBalanceError):
        call("walletCharge", bodies.wallet_charge("refused-2", 40202))
    with pytest.raises(InvalidRequestError):
        call("orderInquiry", {"orderId": "nobody-knows-it"})
    charged = call("creditCharge", bodies.credit_charge("refused-3", mode="CAPTURE"))
    access_id = charged.order_reference.access_id
    with pytest.raises(InvalidStateError):
        call("orderCapture", {"accessId": access_id})
    # For a card authorizationMode is mandatory, and only the gateway knows it is one.
    with pytest.raises(MissingParameterError):
        call("orderUpdate", {"accessId": access_id, "amount": "900"})
    held = call("creditCharge", bodies.credit_charge("refused-4"))
    mock.advance(61 * 86400)
    with pytest.raises(TransactionExpiredError):
        call("orderCapture", {"accessId": held.order_reference.access_id})
