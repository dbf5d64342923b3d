"""Plain requests that the gateway accepts, and small changes to them."""

from __future__ import annotations

from typing import Any

Json = dict[str, Any]


def merchant(**changes: Any) -> Json:
    """The shop."""
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
        "csrfToken": "csrf-1",
    } | changes


def payer(**changes: Any) -> Json:
    """The customer."""
    phone = {"type": "MOBILE", "countryCode": "81", "number": "09000000000"}
    return {"name": "山田花子", "nameKana": "ヤマダハナコ", "phones": [phone]} | changes


def order(order_id: str = "order-1", amount: int | None = 1000, **changes: Any) -> Json:
    """An order; `amount` None for checks and consents."""
    made: Json = {"orderId": order_id, "transactionType": "CIT"}
    if amount is not None:
        made["amount"] = str(amount)
    return made | changes


def _shared(order_id: str, amount: int | None) -> Json:
    return {"merchant": merchant(), "order": order(order_id, amount), "payer": payer()}


def charge(
    order_id: str = "order-1",
    amount: int = 1000,
    *,
    mode: str = "AUTH",
    token: str | None = None,
    kind: str = "MP_TOKEN",
    card: str | None = None,
    tds: Json | None = None,
    **options: Any,
) -> Json:
    """A card charge; without `tds` options 3-D Secure is switched off."""
    chosen: Json = {"authorizationMode": mode} | options
    if tds is None and kind != "APPLE_PAY_TOKEN":
        chosen.setdefault("useTds2", False)
    body = _shared(order_id, amount)
    if card is not None:
        source: Json = {"card": {"cardNumber": card, "expiryMonth": "12", "expiryYear": "2030"}}
    else:
        source = {"tokenizedCard": {"type": kind, "token": token or f"token-{order_id}"}}
    body["creditInformation"] = source | {"creditChargeOptions": chosen}
    if tds:
        body["tds2Information"] = {"tds2Options": tds}
    return body


def onfile(order_id: str = "order-1", amount: int = 1000, **card: Any) -> Json:
    """A charge of a stored card, without 3-D Secure."""
    chosen = {"memberId": "member-1", "type": "CREDIT_CARD"} | card
    options = {"authorizationMode": "CAPTURE", "useTds2": False}
    information = {"onfileCard": chosen, "creditChargeOptions": options}
    return _shared(order_id, amount) | {"creditOnfileInformation": information}


def verify(order_id: str = "check-1", *, tds: Json | None = None, **information: Any) -> Json:
    """A card check; without `tds` options 3-D Secure is switched off."""
    given: Json = {"tokenizedCard": {"type": "MP_TOKEN", "token": f"token-{order_id}"}}
    given["creditVerificationOptions"] = {"useTds2": tds is not None}
    body = _shared(order_id, None)
    body["creditVerificationInformation"] = given | information
    if tds:
        body["tds2Information"] = {"tds2Options": tds}
    return body


def store(token: str = "token-stored", **options: Any) -> Json:
    """Storing a card of a token for member-1."""
    return {
        "merchant": merchant(),
        "creditStoringInformation": {
            "tokenizedCard": {"type": "MP_TOKEN", "token": token},
            "onfileCardOptions": {"memberId": "member-1"} | options,
        },
    }


def wallet(
    order_id: str = "order-1", amount: int = 1000, *, kind: str = "PAYPAY", mode: str = "CAPTURE"
) -> Json:
    """A wallet charge."""
    information: Json = {"walletType": kind, "walletChargeOptions": {"authorizationMode": mode}}
    body = _shared(order_id, amount)
    if kind == "AMAZON":
        information["amazonPay"] = {"checkoutSessionId": "session-1"}
    if kind == "MERPAY":
        body["order"]["items"] = [item()]
    return body | {"walletInformation": information}


def item(price: int = 500, **changes: Any) -> Json:
    """An article."""
    return {
        "name": "本", "quantity": 1, "type": "PHYSICAL", "price": str(price), "category": "5942",
    } | changes  # fmt: skip


def consent(order_id: str = "consent-1", *, kind: str = "PAYPAY", create: bool = True) -> Json:
    """A wallet consent of member-1."""
    options = {"memberId": "member-1", "createNewMember": create}
    body = _shared(order_id, None)
    if kind == "RAKUTEN":
        body["order"]["items"] = [item()]
    information = {"walletType": kind, "walletAuthorizationOptions": options}
    return body | {"walletAuthorizationInformation": information}


def wallet_onfile(order_id: str = "order-1", *, kind: str = "PAYPAY", mode: str = "AUTH") -> Json:
    """A charge of a consented wallet."""
    information = {
        "onfileWallet": {"memberId": "member-1", "type": kind},
        "walletChargeOptions": {"authorizationMode": mode},
    }
    return _shared(order_id, 1000) | {"walletOnfileInformation": information}


def frontend(order_id: str = "order-1", amount: int = 1000, *, mode: str = "CAPTURE") -> Json:
    """A PayPay payment in its app."""
    information = {
        "walletType": "PAYPAY",
        "walletFrontendChargeOptions": {"authorizationMode": mode},
    }
    return _shared(order_id, amount) | {"walletFrontendInformation": information}


def cash(
    order_id: str = "order-1", amount: int = 5400, *, kind: str = "KONBINI", **options: Any
) -> Json:
    """A cash payment, at Lawson unless told."""
    chosen: Json = {"konbiniCode": "LAWSON"} if kind == "KONBINI" else {}
    if kind == "BANK_TRANSFER_SMBC":
        chosen["paymentPeriod"] = "10"
    information = {"cashType": kind, "cashOptions": chosen | options}
    return _shared(order_id, amount) | {"cashInformation": information}


def verification(
    verification_id: str = "check-1", *, pin: str | None = None, **options: Any
) -> Json:
    """An identity check by SMS."""
    data: Json = {"smsPhoneNumber": "09000000000"}
    if pin is not None:
        data["pinType"] = pin
    return {
        "merchant": merchant(),
        "verificationInformation": {
            "type": "sms-pin",
            "verificationId": verification_id,
            "verificationOptions": options,
            "smsPinData": data,
        },
    }
