"""Real ids for generated requests: each operation's object is made through the API first.

A link takes a generated body that keeps to the spec and puts into it the ids of what it has
just made; whatever else was generated stays. Nothing else can make an operation on an order
or a member succeed, and a success counts only for an object made in the same run.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.support import contract_bodies as bodies
from tests.support.contract_bodies import Body
from tests.support.contract_mock import Mock

Link = Callable[[Mock, Body], None]

MEMBER = "contract-member"


# What links are made of: one step of the API each, giving the id that matters.


def credit(mock: Mock, order_id: str = "linked-1", **how: Any) -> str:
    """A card charge without 3-D Secure; its accessId."""
    charged = mock.ask("/credit/charge", bodies.credit_charge(order_id, **how))
    return str(charged["orderReference"]["accessId"])


def tds2(mock: Mock, path: str, body: Body, outcome: str = "success") -> str:
    """A card order whose customer has been through 3-D Secure; its accessId."""
    sent = mock.ask(path, body)
    mock.press(sent["redirectInformation"]["redirectUrl"], outcome)
    return str(sent["orderReference"]["accessId"])


def waiting_charge(mock: Mock, outcome: str = "success") -> str:
    """A charge that waits for tds2FinalizeCharge; its accessId."""
    body = bodies.credit_charge("linked-1", tds2=True, automatic=False)
    return tds2(mock, "/credit/charge", body, outcome)


def waiting_verification(mock: Mock, outcome: str = "success") -> str:
    """A card check that waits for tds2FinalizeVerification; its accessId."""
    body = bodies.credit_verify_card("linked-1", tds2=True, automatic=False)
    return tds2(mock, "/credit/verifyCard", body, outcome)


def member(mock: Mock, member_id: str = MEMBER) -> str:
    """A member; its id."""
    return str(mock.ask("/member/create", bodies.member_create(member_id))["memberId"])


def card(mock: Mock) -> tuple[str, str]:
    """A member with a card; both ids."""
    member_id = member(mock)
    stored = mock.ask("/credit/storeCard", bodies.credit_store_card(member_id))
    return member_id, str(stored["onfileCardResult"]["cardId"])


def wallet(mock: Mock, kind: str = "PAYPAY", mode: str = "CAPTURE", amount: int = 1000) -> str:
    """A wallet charge the customer approved; its accessId."""
    body = bodies.wallet_charge("linked-2", amount, wallet=kind, mode=mode)
    sent = mock.ask("/wallet/charge", body)
    mock.press(sent["redirectInformation"]["redirectUrl"], "success")
    return str(sent["orderReference"]["accessId"])


def consent(mock: Mock, kind: str = "PAYPAY") -> str:
    """A member who agreed to a wallet; the member's id."""
    member_id = member(mock)
    body = bodies.wallet_authorize_account("linked-2", member_id, wallet=kind)
    sent = mock.ask("/wallet/authorizeAccount", body)
    mock.press(sent["redirectInformation"]["redirectUrl"], "success")
    return member_id


def frontend(mock: Mock, amount: int = 1000) -> str:
    """A front-end payment the customer approved in the app; its accessId."""
    sent = mock.ask("/wallet/front-end/charge", bodies.wallet_frontend_charge("linked-3", amount))
    access_id = str(sent["orderReference"]["accessId"])
    assert mock.pay(access_id).status == 200
    return access_id


def verification(mock: Mock) -> str:
    """An identity check; its accessId."""
    sent = mock.ask("/verification/start", bodies.verification_start("linked-4"))
    return str(sent["verificationReference"]["accessId"])


# The links.


def _none(mock: Mock, body: Body) -> None:
    """The operation opens its object itself; the generated ids are as good as any."""


def _onfile_charge(mock: Mock, body: Body) -> None:
    member_id, card_id = card(mock)
    wanted = body["creditOnfileInformation"]["onfileCard"]
    wanted.pop("index", None)
    wanted.update(memberId=member_id, type="CREDIT_CARD", cardId=card_id)


def _finalize_charge(mock: Mock, body: Body) -> None:
    body["accessId"] = waiting_charge(mock)


def _finalize_verification(mock: Mock, body: Body) -> None:
    body["accessId"] = waiting_verification(mock)


def _verify_card(mock: Mock, body: Body) -> None:
    source = body["creditVerificationInformation"]
    _store_options(mock, source.get("onfileCardOptions"))
    if "onfileCard" in source:
        member_id, card_id = _card_of(mock)
        source["onfileCard"].update(memberId=member_id, type="CREDIT_CARD", cardId=card_id)


def _store_card(mock: Mock, body: Body) -> None:
    source = body["creditStoringInformation"]
    _store_options(mock, source["onfileCardOptions"])
    if "referrer" in source:
        source["referrer"]["accessId"] = credit(mock)


def _store_options(mock: Mock, options: Body | None) -> None:
    """Store for a member that exists, or for a new one if that is asked for."""
    if options is None:
        return
    options.pop("cardId", None)
    if options.get("createNewMember") is not True:
        options["memberId"] = member(mock)


def _card_of(mock: Mock) -> tuple[str, str]:
    member_id = "contract-owner"
    mock.ask("/member/create", bodies.member_create(member_id))
    stored = mock.ask("/credit/storeCard", bodies.credit_store_card(member_id))
    return member_id, str(stored["onfileCardResult"]["cardId"])


def _card_details(mock: Mock, body: Body) -> None:
    source = body["cardInformation"]
    if "onfileCard" in source:
        member_id, card_id = card(mock)
        source["onfileCard"].update(memberId=member_id, type="CREDIT_CARD", cardId=card_id)


def _frontend_verify(mock: Mock, body: Body) -> None:
    body["accessId"] = frontend(mock)


def _wallet_onfile(mock: Mock, body: Body) -> None:
    wanted = body["walletOnfileInformation"]["onfileWallet"]
    wanted["memberId"] = consent(mock, wanted["type"])


def _authorize_account(mock: Mock, body: Body) -> None:
    options = body["walletAuthorizationInformation"]["walletAuthorizationOptions"]
    if options.get("createNewMember") is not True:
        options["memberId"] = member(mock)


def _customer_data(mock: Mock, body: Body) -> None:
    if "accessId" in body:
        body["accessId"] = wallet(mock, "AMAZON")
        body.pop("amazonPay", None)


def _capture(mock: Mock, body: Body) -> None:
    body["accessId"] = credit(mock)


def _update(mock: Mock, body: Body) -> None:
    body["accessId"] = credit(mock, mode="CAPTURE")


def _cancel(mock: Mock, body: Body) -> None:
    body["accessId"] = wallet(mock)


def _inquire(mock: Mock, body: Body) -> None:
    access_id = credit(mock)
    if "accessId" in body:
        body["accessId"] = access_id
    if "orderId" in body:
        body["orderId"] = "linked-1"


def _member(mock: Mock, body: Body) -> None:
    body["memberId"] = member(mock)


def _delete_item(mock: Mock, body: Body) -> None:
    if body["onfileType"] == "CARD":
        member_id, card_id = card(mock)
        body.update(memberId=member_id, cardId=card_id, onfileCardType="CREDIT_CARD")
    else:
        body["memberId"] = consent(mock, body["onfileWalletType"])


def _inquire_verification(mock: Mock, body: Body) -> None:
    access_id = verification(mock)
    if "accessId" in body:
        body["accessId"] = access_id
    if "verificationId" in body:
        body["verificationId"] = "linked-4"


LINKS: dict[str, Link] = {
    "token": _none,
    "creditCharge": _none,
    "creditOnfileCharge": _onfile_charge,
    "creditVerifyCard": _verify_card,
    "creditStoreCard": _store_card,
    "creditGetCardDetails": _card_details,
    "tds2FinalizeCharge": _finalize_charge,
    "tds2FinalizeVerification": _finalize_verification,
    "walletCharge": _none,
    "walletFrontendCharge": _none,
    "walletFrontendVerifyCharge": _frontend_verify,
    "walletOnfileCharge": _wallet_onfile,
    "walletAuthorizeAccount": _authorize_account,
    "walletGetCustomerData": _customer_data,
    "cashCharge": _none,
    "orderCapture": _capture,
    "orderUpdate": _update,
    "orderCancel": _cancel,
    "orderInquiry": _inquire,
    "memberCreate": _none,
    "memberInquiry": _member,
    "memberDelete": _member,
    "memberDeleteItem": _delete_item,
    "verificationStart": _none,
    "verificationInquiry": _inquire_verification,
}
"""By operationId, all 25 of them."""
