"""Requests the GMO spec and its rules accept, as plain data: the least that works.

The contract tests send them as they are, put generated members beside them, and build the
client's models from them. Ids are arguments, because a test must use those of its own run.
"""

from __future__ import annotations

from typing import Any

from tests.support.contract_mock import SHOP_URL

Body = dict[str, Any]

CSRF = "contract-2f1c"
ORDINARY_CARD = "4111111111111111"
OTHER_CARD = "5555555555554444"
NOT_ENROLLED_CARD = "4999000000000077"
WALLETS = ("PAYPAY", "DOCOMO", "RAKUTEN", "AU_APP", "MERPAY", "AMAZON")


def merchant(**members: Any) -> Body:
    """Merchant with every address a redirect or a notice needs."""
    return {
        "name": "契約書店",
        "nameKana": "ケイヤクショテン",
        "nameAlphabet": "Contract Books",
        "nameShort": "契約書店",
        "contactName": "窓口",
        "contactEmail": "help@books.example.com",
        "contactPhone": "0120-000-000",
        "contactOpeningHours": "10:00-18:00",
        "callbackUrl": f"{SHOP_URL}/callback",
        "webhookUrl": f"{SHOP_URL}/webhook",
        "csrfToken": CSRF,
        **members,
    }


def payer(**members: Any) -> Body:
    """Payer with what 3-D Secure and the tills want."""
    phone = {"type": "MOBILE", "countryCode": "81", "number": "09000000000"}
    return {
        "name": "山田 花子",
        "nameKana": "ヤマダハナコ",
        "email": "hanako@customer.example.com",
        "phones": [phone],
        **members,
    }


def order(order_id: str, amount: int | None, **members: Any) -> Body:
    """Order of some yen; None for the operations whose order has no amount."""
    body: Body = {"orderId": order_id, "transactionType": "CIT", **members}
    if amount is not None:
        body["amount"] = str(amount)
    return body


def item(price: int = 100) -> Body:
    """One line of an order."""
    return {
        "name": "本",
        "quantity": 1,
        "type": "PHYSICAL",
        "price": str(price),
        "category": "0001",
    }


def token(name: str) -> Body:
    """tokenizedCard; the mock takes a card number from the token's name if there is one."""
    return {"type": "MP_TOKEN", "token": name}


def card(number: str = ORDINARY_CARD) -> Body:
    """card, for a PCI DSS merchant."""
    return {
        "cardNumber": number,
        "expiryMonth": "12",
        "expiryYear": "2030",
        "cardholderName": "HANAKO YAMADA",
    }


def credit_charge(
    order_id: str,
    amount: int = 1000,
    *,
    mode: str = "AUTH",
    tds2: bool = False,
    automatic: bool = True,
    number: str = ORDINARY_CARD,
) -> Body:
    """creditCharge, with 3-D Secure only when asked."""
    options = {"authorizationMode": mode, "useTds2": tds2}
    body: Body = {
        "merchant": merchant(),
        "order": order(order_id, amount),
        "payer": payer(),
        "creditInformation": {
            "tokenizedCard": token(f"{order_id}:{number}"),
            "creditChargeOptions": options,
        },
    }
    if tds2:
        body["tds2Information"] = {"tds2Options": {"autoAuthorization": automatic}}
    return body


def credit_onfile_charge(
    order_id: str, member_id: str, amount: int = 1000, *, mode: str = "CAPTURE", tds2: bool = False
) -> Body:
    """creditOnfileCharge with the member's card of index 0."""
    return {
        "merchant": merchant(),
        "order": order(order_id, amount),
        "payer": payer(),
        "creditOnfileInformation": {
            "onfileCard": {"memberId": member_id, "type": "CREDIT_CARD", "index": "0"},
            "creditChargeOptions": {"authorizationMode": mode, "useTds2": tds2},
        },
    }


def credit_verify_card(
    order_id: str, *, tds2: bool = False, automatic: bool = True, number: str = ORDINARY_CARD
) -> Body:
    """creditVerifyCard."""
    body: Body = {
        "merchant": merchant(),
        "order": order(order_id, None),
        "payer": payer(),
        "creditVerificationInformation": {
            "tokenizedCard": token(f"{order_id}:{number}"),
            "creditVerificationOptions": {"useTds2": tds2},
        },
    }
    if tds2:
        body["tds2Information"] = {"tds2Options": {"autoAuthorization": automatic}}
    return body


def credit_store_card(
    member_id: str, *, access_id: str | None = None, number: str = ORDINARY_CARD
) -> Body:
    """creditStoreCard: the card of an earlier order, or one given directly."""
    source: Body = (
        {"card": card(number)} if access_id is None else {"referrer": {"accessId": access_id}}
    )
    return {
        "merchant": merchant(),
        "creditStoringInformation": {**source, "onfileCardOptions": {"memberId": member_id}},
    }


def wallet_charge(
    order_id: str, amount: int = 1000, *, wallet: str = "PAYPAY", mode: str = "CAPTURE"
) -> Body:
    """walletCharge."""
    body: Body = {
        "merchant": merchant(),
        "order": order(order_id, amount),
        "payer": payer(),
        "walletInformation": {
            "walletType": wallet,
            "walletChargeOptions": {"authorizationMode": mode},
        },
    }
    if wallet == "AMAZON":
        body["walletInformation"]["amazonPay"] = {"checkoutSessionId": f"session-{order_id}"}
    if wallet == "MERPAY":
        body["order"]["items"] = [item(amount)]
    return body


def wallet_frontend_charge(order_id: str, amount: int = 1000, *, mode: str = "CAPTURE") -> Body:
    """walletFrontendCharge."""
    return {
        "merchant": merchant(),
        "order": order(order_id, amount),
        "payer": payer(),
        "walletFrontendInformation": {
            "walletType": "PAYPAY",
            "walletFrontendChargeOptions": {"authorizationMode": mode},
        },
    }


def wallet_onfile_charge(
    order_id: str,
    member_id: str,
    amount: int = 1000,
    *,
    wallet: str = "PAYPAY",
    mode: str = "CAPTURE",
) -> Body:
    """walletOnfileCharge with a consent of the member."""
    body: Body = {
        "merchant": merchant(),
        "order": order(order_id, amount),
        "payer": payer(),
        "walletOnfileInformation": {
            "onfileWallet": {"memberId": member_id, "type": wallet},
            "walletChargeOptions": {"authorizationMode": mode},
        },
    }
    if wallet == "MERPAY":
        body["order"]["items"] = [item(amount)]
    return body


def wallet_authorize_account(order_id: str, member_id: str, *, wallet: str = "PAYPAY") -> Body:
    """walletAuthorizeAccount for a member that exists."""
    information: Body = {
        "walletType": wallet,
        "walletAuthorizationOptions": {"memberId": member_id},
    }
    if wallet == "AMAZON":
        information["amazonPay"] = {"checkoutSessionId": f"session-{order_id}"}
    return {
        "merchant": merchant(),
        "order": order(order_id, None, items=[item()]),
        "payer": payer(),
        "walletAuthorizationInformation": information,
    }


def cash_charge(
    order_id: str, amount: int = 1000, *, cash: str = "KONBINI", period: str = "7"
) -> Body:
    """cashCharge; at a konbini it is LAWSON."""
    options: Body = {"paymentPeriod": period}
    if cash == "KONBINI":
        options["konbiniCode"] = "LAWSON"
    return {
        "merchant": merchant(),
        "order": order(order_id, amount),
        "payer": payer(),
        "cashInformation": {"cashType": cash, "cashOptions": options},
    }


def verification_start(verification_id: str) -> Body:
    """verificationStart: an SMS with six digits."""
    return {
        "merchant": merchant(),
        "verificationInformation": {
            "type": "sms-pin",
            "verificationId": verification_id,
            "smsPinData": {"smsPhoneNumber": "09000000000"},
        },
    }


def member_create(member_id: str) -> Body:
    """memberCreate."""
    return {"memberId": member_id, "memberName": "山田 花子"}
