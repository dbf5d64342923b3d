"""One plain, acceptable request per operation, as JSON, and the patches rows put on it.

Handwritten from the manual: nothing here comes from the spec files, so that one wrong spec cannot
fool client and mock at once.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping
from itertools import pairwise
from typing import Any, Final

Body = dict[str, Any]
Maker = Callable[[], Body]
Patch = Mapping[str, Any]

ABSENT: Final = object()
"""As a value: take the member out."""


def merchant() -> Body:
    """A shop with a way back for redirects."""
    return {
        "name": "決済書店",
        "nameKana": "ケッサイショテン",
        "nameAlphabet": "Kessai Books",
        "nameShort": "決済書店",
        "contactName": "お客様窓口",
        "contactEmail": "help@books.example.com",
        "contactPhone": "0120-000-000",
        "contactOpeningHours": "10:00-18:00",
        "callbackUrl": "https://books.example.com/callback",
        "webhookUrl": "https://books.example.com/webhook",
        "csrfToken": "0123456789abcdef",
    }


def item() -> Body:
    """One article below the order's amount."""
    return {"name": "本", "quantity": 1, "type": "PHYSICAL", "price": "1000", "category": "5942"}


def address() -> Body:
    """An address in Tokyo."""
    return {
        "name": "山田花子",
        "line1": "桜丘町1-1",
        "city": "渋谷区",
        "state": "013",
        "postCode": "150-0031",
        "country": "392",
    }


def order() -> Body:
    """An order with an amount."""
    return {"orderId": "rule-order-1", "amount": "3980", "transactionType": "CIT"}


def payer() -> Body:
    """A payer whom every method accepts."""
    return {
        "name": "山田花子",
        "nameKana": "ヤマダハナコ",
        "email": "hanako@customer.example.com",
        "phones": [{"type": "MOBILE", "countryCode": "81", "number": "090-0000-0000"}],
    }


def _paying(**members: Any) -> Body:
    return {"merchant": merchant(), "order": order(), "payer": payer(), **members}


def _checking(**members: Any) -> Body:
    body = _paying(**members)
    del body["order"]["amount"]
    return body


def screening() -> Body:
    """What fraud detection is told."""
    return {
        "fraudDetectionOptions": {"screeningType": "RED_SHIELD"},
        "fraudDetectionData": {"userId": "user-1"},
    }


def credit_charge() -> Body:
    """A token, AUTH, 3-D Secure by default."""
    return _paying(
        creditInformation={
            "tokenizedCard": {"type": "MP_TOKEN", "token": "rule-token"},
            "creditChargeOptions": {"authorizationMode": "AUTH"},
        }
    )


def credit_charge_card() -> Body:
    """The card itself instead of a token."""
    return _paying(
        creditInformation={
            "card": {
                "cardNumber": "4100000000000100",
                "cardholderName": "HANAKO YAMADA",
                "expiryMonth": "12",
                "expiryYear": "2031",
                "securityCode": "123",
            },
            "creditChargeOptions": {"authorizationMode": "AUTH"},
        }
    )


def credit_onfile_charge() -> Body:
    """A stored card."""
    return _paying(
        creditOnfileInformation={
            "onfileCard": {"memberId": "member-1", "type": "CREDIT_CARD"},
            "creditChargeOptions": {"authorizationMode": "CAPTURE"},
        }
    )


def credit_verify_card() -> Body:
    """A check of a token that stores the card."""
    return _checking(
        creditVerificationInformation={
            "tokenizedCard": {"type": "MP_TOKEN", "token": "rule-token"},
            "onfileCardOptions": {"memberId": "member-1"},
        }
    )


def credit_verify_card_onfile() -> Body:
    """A check of a stored card."""
    return _checking(
        creditVerificationInformation={
            "onfileCard": {"memberId": "member-1", "type": "CREDIT_CARD"},
            "onfileCardOptions": {"memberId": "member-1"},
        }
    )


def credit_store_card() -> Body:
    """A token stored for a member."""
    return {
        "merchant": merchant(),
        "creditStoringInformation": {
            "tokenizedCard": {"type": "MP_TOKEN", "token": "rule-token"},
            "onfileCardOptions": {"memberId": "member-1"},
        },
    }


def credit_get_card_details() -> Body:
    """Details of a token."""
    return {"cardInformation": {"tokenizedCard": {"type": "MP_TOKEN", "token": "rule-token"}}}


def credit_get_card_details_onfile() -> Body:
    """Details of a stored card."""
    return {"cardInformation": {"onfileCard": {"memberId": "member-1", "type": "CREDIT_CARD"}}}


def wallet_charge() -> Body:
    """PayPay; rows change the wallet."""
    return _paying(
        walletInformation={
            "walletType": "PAYPAY",
            "walletChargeOptions": {"authorizationMode": "AUTH"},
        }
    )


def wallet_frontend_charge() -> Body:
    """PayPay inside the merchant's own page."""
    return _paying(
        walletFrontendInformation={
            "walletType": "PAYPAY",
            "walletFrontendChargeOptions": {"authorizationMode": "AUTH"},
        }
    )


def wallet_frontend_verify_charge() -> Body:
    """What the PayPay app answered."""
    return {"accessId": "a" * 32, "payPay": {"jws": "abc.def.ghi"}}


def wallet_onfile_charge() -> Body:
    """A wallet with consent."""
    return _paying(
        walletOnfileInformation={
            "onfileWallet": {"type": "PAYPAY", "memberId": "member-1"},
            "walletChargeOptions": {"authorizationMode": "AUTH"},
        }
    )


def wallet_authorize_account() -> Body:
    """A consent."""
    return _checking(
        walletAuthorizationInformation={
            "walletType": "PAYPAY",
            "walletAuthorizationOptions": {"memberId": "member-1", "createNewMember": True},
        }
    )


def wallet_get_customer_data() -> Body:
    """Amazon Pay's customer."""
    return {"accessId": "a" * 32}


def cash_charge() -> Body:
    """A konbini; rows change the method."""
    return _paying(
        cashInformation={"cashType": "KONBINI", "cashOptions": {"konbiniCode": "LAWSON"}}
    )


def access() -> Body:
    """An order named by access id."""
    return {"accessId": "a" * 32}


def order_update() -> Body:
    """Another amount."""
    return {"accessId": "a" * 32, "amount": "2000", "authorizationMode": "AUTH"}


def member() -> Body:
    """A member by id."""
    return {"memberId": "member-1"}


def member_create() -> Body:
    """A member with a name."""
    return {"memberId": "member-new", "memberName": "山田花子"}


def member_delete_item() -> Body:
    """A stored card."""
    return {
        "memberId": "member-1",
        "onfileType": "CARD",
        "onfileCardType": "CREDIT_CARD",
        "cardId": "1",
    }


def member_delete_item_wallet() -> Body:
    """A wallet consent."""
    return {"memberId": "member-1", "onfileType": "WALLET", "onfileWalletType": "PAYPAY"}


def verification_start() -> Body:
    """A code to a mobile phone."""
    return {
        "merchant": merchant(),
        "verificationInformation": {
            "type": "sms-pin",
            "verificationId": "rule-verification-1",
            "smsPinData": {"smsPhoneNumber": "09000000000"},
        },
    }


def patched(base: Maker, *patches: Patch) -> Body:
    """A body with members set or taken out; pointers go by member name or list index."""
    body: Any = copy.deepcopy(base())
    for patch in patches:
        for pointer, value in patch.items():
            _set(body, pointer.split("/")[1:], value)
    result: Body = body
    return result


def _set(place: Any, steps: list[str], value: Any) -> None:
    """Walk to a member, making what is missing on the way; digits are places in a list."""
    for step, following in pairwise(steps):
        if not step.isdigit():
            place = place.setdefault(step, [] if following.isdigit() else {})
        else:
            if int(step) == len(place):
                place.append([] if following.isdigit() else {})
            place = place[int(step)]
    last = steps[-1]
    if value is ABSENT:
        place.pop(last, None)
    else:
        place[int(last) if last.isdigit() else last] = copy.deepcopy(value)
