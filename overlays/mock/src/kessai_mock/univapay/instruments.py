"""What a token holds for each payment type: its rules, and how answers show it.

Document: facts, Token create body and Other methods; test cards from Test mode. Brands by first
digits, and whatever else answers tell of a card, are assumed.
"""

from __future__ import annotations

from typing import Any, cast

from ..body import Body
from .call import Call
from .problems import ProblemError, Wrong, invalid
from .timing import hours_of

MODELS = {
    "card": "CardTokenRequest",
    "konbini": "KonbiniTokenRequest",
    "online": "OnlineTokenRequest",
    "bank_transfer": "BankTransferTokenRequest",
    "qr_scan": "QrScanTokenRequest",
    "qr_merchant": "QrMerchantTokenRequest",
    "paidy": "PaidyTokenRequest",
}
ONE_TIME_ONLY = {"online", "qr_scan"}
TEST_CARDS = {"4000020000000000", "4242424242424242", "4111111111111111"}
_DISABLED = {
    "card": "CARD_PROCESSING_DISABLED",
    "konbini": "CONVENIENCE_PROCESSING_DISABLED",
    "qr_scan": "QR_PROCESSING_DISABLED",
    "qr_merchant": "QR_PROCESSING_DISABLED",
}
_BRANDS = {"3": "jcb", "4": "visa", "5": "mastercard", "6": "union_pay"}


def model_of(members: dict[str, Any]) -> str:
    """The component a request for a token is held against.

    Raises ProblemError for a payment_type that is absent or unknown.
    """
    if "payment_type" not in members:
        raise invalid("payment_type", "REQUIRED_VALUE")
    model = MODELS.get(str(members["payment_type"]))
    if model is None:
        raise invalid("payment_type", "INVALID_FORMAT")
    return model


def disabled(payment_type: str) -> ProblemError:
    """What a payment type that the store does not take is refused with."""
    return ProblemError(_DISABLED.get(payment_type, "NO_GATEWAYS_AVAILABLE"))


def check(call: Call, payment_type: str, kind: str) -> None:
    """What a schema cannot say of a token. Raises ProblemError."""
    body, settings = call.body, call.gateway.settings
    if payment_type in settings.disabled:
        raise disabled(payment_type)
    if payment_type in ONE_TIME_ONLY and kind != "one_time":
        raise invalid("type", "ONE_TIME_ONLY_ALLOWED")
    if payment_type != "online" and not body.has("email"):
        raise invalid("email", "REQUIRED_VALUE")
    if kind != "recurring" and body.has("usage_limit"):
        raise ProblemError("USAGE_LIMIT_NOT_APPLICABLE")
    if kind == "recurring":
        if settings.recurring == "none":
            raise ProblemError("RECURRING_TOKEN_DISABLED")
        if settings.recurring == "bounded" and not body.has("usage_limit"):
            raise ProblemError("RECURRING_USAGE_LIMIT_REQUIRED")
    if payment_type == "card":
        _check_card(call, body.inside("data"))
    if payment_type == "paidy":
        address = body.inside("data", "shipping_address")
        if not any(address.has(name) for name in ("line1", "line2", "city", "state")):
            raise invalid("data.shipping_address", "REQUIRED_VALUE")


def _check_card(call: Call, data: Body) -> None:
    if not call.gateway.settings.direct_cards:
        raise ProblemError("DIRECT_CARD_TOKEN_CREATION_DISABLED")
    number = data.need("card_number")
    wrong: list[Wrong] = []
    if not _luhn(number):
        wrong.append(Wrong("data.card_number", "INVALID_CARD_NUMBER"))
    month, year = data.need("exp_month"), data.need("exp_year")
    now = call.gateway.clock.now
    if not (month.isdecimal() and year.isdecimal() and 1 <= int(month) <= 12) or (
        (_year(year), int(month)) < (now.year, now.month)
    ):
        wrong.append(Wrong("data.exp_month", "INVALID_CARD_EXPIRATION"))
    cvv = data.text("cvv")
    if cvv is not None and not (cvv.isdecimal() and len(cvv) in {3, 4}):
        wrong.append(Wrong("data.cvv", "INVALID_CVV"))
    if wrong:
        raise ProblemError("VALIDATION_ERROR", wrong)
    if call.caller.mode == "live" and number in TEST_CARDS:
        raise ProblemError("NO_TEST_CARD_IN_LIVE_MODE")


def _year(year: str) -> int:
    return int(year) + (2000 if len(year) == 2 else 0)


def _luhn(number: str) -> bool:
    if not (number.isascii() and number.isdigit() and 12 <= len(number) <= 19):
        return False
    digits = [int(digit) for digit in reversed(number)]
    doubled = [digit * 2 - 9 * (digit > 4) for digit in digits[1::2]]
    return (sum(digits[::2]) + sum(doubled)) % 10 == 0


def show(call: Call, payment_type: str) -> dict[str, Any]:
    """A new token's `data`, as answers show it."""
    data = call.body.inside("data")
    if payment_type == "card":
        return _card(data)
    if payment_type == "konbini":
        return _konbini(data)
    if payment_type == "qr_scan":
        return {"brand": None}  # which wallet it is, is found out with the charge (assumed)
    if payment_type == "qr_merchant":
        return {"qr_image_url": None, "brand": data.text("brand")}
    names = {
        "online": "brand call_method os_type user_identifier user_identifier_source issuer_token "
        "issuer_token_payload",
        "bank_transfer": "brand expiration_period expiration_time_shift bank_code bank_name "
        "branch_code branch_name account_number account_holder_name",
        "paidy": "paidy_token phone_number shipping_address",
    }[payment_type].split()
    shown: dict[str, Any] = {name: data.data.get(name) for name in names}
    if payment_type == "bank_transfer":
        shown = _given(shown, "expiration_time_shift")
        shown["expiration_period"] = _hours(data.text("expiration_period") or "P30D")
    if payment_type == "paidy":
        address = data.inside("shipping_address")
        members = ("zip", "line1", "line2", "city", "state")
        shown["shipping_address"] = {name: address.text(name) for name in members}
    return shown


def _given(members: dict[str, Any], *names: str) -> dict[str, Any]:
    """Members without those of `names` that are None: no document has null there."""
    return {name: v for name, v in members.items() if v is not None or name not in names}


def _konbini(data: Body) -> dict[str, Any]:
    return {
        "customer_name": data.need("customer_name"),
        "convenience_store": data.need("convenience_store"),
        "expiration_period": _hours(data.text("expiration_period") or "P30D"),
        "expiration_time_shift": data.text("expiration_time_shift"),
        "phone_number": _phone(data),
    }


def _hours(period: str) -> str:
    """A duration in hours, as the gateway echoes it; another form as it came."""
    hours = hours_of(period)
    return period if hours is None else f"PT{hours}H"


def _phone(data: Body) -> dict[str, Any] | None:
    phone = data.child("phone_number")
    if phone is None:
        return None
    code = phone.need("country_code")
    return {"country_code": int(code), "local_number": phone.need("local_number")}


def _card(data: Body) -> dict[str, Any]:
    number = data.need("card_number")
    three_ds = data.child("three_ds")
    wanted = three_ds is not None and three_ds.flag("enabled", default=False)
    names = ("line1", "line2", "state", "city", "country", "zip")
    cvv = data.child("cvv_authorize")
    checked = cvv is not None and cvv.flag("enabled", default=False)
    return {
        "card": {
            **_given({"cardholder": data.text("cardholder")}, "cardholder"),
            "exp_month": int(data.need("exp_month")),
            "exp_year": _year(data.need("exp_year")),
            "card_bin": number[:6],
            "last_four": number[-4:],
            "brand": _BRANDS.get(number[0], "visa"),
            "card_type": "credit",
            "country": "JP",
            "category": None,
            "issuer": None,
            "sub_brand": "none",
        },
        "billing": {
            **{name: data.text(name) for name in names},
            **_given({"phone_number": _phone(data)}, "phone_number"),
        },
        "cvv_authorize": {
            "enabled": checked,
            "status": "current" if checked else None,
            "charge_id": None,
            "credentials_id": None,
            "currency": cast("Body", cvv).text("currency") if checked else None,
        },
        "cvv_authorize_check": {"status": None, "charge_id": None, "date": None},
        "three_ds": {
            "enabled": wanted,
            **_given({"status": "pending" if wanted else None}, "status"),
            "redirect_endpoint": None if three_ds is None else three_ds.text("redirect_endpoint"),
            "redirect_id": None,
            "exempted": False,
            "error": None,
        },
    }
