"""Resources as answers and notices show them, with every documented member."""

from __future__ import annotations

from typing import Any

from .gateway import Gateway
from .metadata import numbered
from .state import Cancel, Charge, Hook, Refund, Store, Token
from .timing import stamp

MERCHANT_NAME = "決済書店"
# How many digits stand behind the point; any other currency has two.
_DIGITS = {"JPY": 0, "KRW": 0, "VND": 0, "CLP": 0, "KWD": 3, "BHD": 3}


def formatted(amount: int | None, currency: str) -> int | float | None:
    """An amount of the smallest unit as it is written in its currency; for yen the same."""
    if amount is None:
        return None
    digits = _DIGITS.get(currency, 2)
    return amount if digits == 0 else amount / 10**digits


def given(members: dict[str, Any]) -> dict[str, Any]:
    """Members without those that are None, for objects no document shows null in."""
    return {name: value for name, value in members.items() if value is not None}


def token(one: Token) -> dict[str, Any]:
    """A transaction token."""
    return {
        "id": one.id,
        "store_id": one.store_id,
        "email": one.email,
        "payment_type": one.payment_type,
        "active": one.active,
        "mode": one.mode,
        "type": one.kind,
        "usage_limit": one.usage_limit,
        "confirmed": None,
        "metadata": one.metadata,
        "created_on": stamp(one.created),
        "updated_on": stamp(one.updated),
        "last_used_on": stamp(one.last_used),
        "data": one.data,
    }


def token_item(gateway: Gateway, one: Token) -> dict[str, Any]:
    """A token as lists show it."""
    card = one.shown("card")
    return {
        "id": one.id,
        "store_id": one.store_id,
        "merchant_name": MERCHANT_NAME,
        "store_name": gateway.stores[one.store_id].name,
        "email": one.email,
        "payment_type": one.payment_type,
        "active": one.active,
        "mode": one.mode,
        "type": one.kind,
        "created_on": stamp(one.created),
        "updated_on": stamp(one.updated),
        "user_data": given(
            {
                "cardholder_name": card.get("cardholder") or one.data.get("customer_name"),
                "email": one.email,
                "brand": card.get("brand") or one.data.get("brand"),
            }
        ),
    }


def charge(gateway: Gateway, one: Charge, *, listed: bool = False) -> dict[str, Any]:
    """A charge; lists name merchant and store as well.

    Once it is paid, metadata of digits are numbers and the konbini's instructions are gone, as
    in the guide's paid example.
    """
    metadata = dict(one.metadata)
    if one.status == "successful" and gateway.settings.metadata_numbers:
        metadata = numbered(metadata)
    if one.status == "awaiting":
        metadata |= one.instructions
    charged = one.charged
    content: dict[str, Any] = {
        "id": one.id,
        "store_id": one.store_id,
        "transaction_token_id": one.token.id,
        "transaction_token_type": one.token.kind,
        "subscription_id": one.subscription_id,
        "merchant_transaction_id": one.merchant_transaction_id,
        "requested_amount": one.amount,
        "requested_currency": one.currency,
        "requested_amount_formatted": formatted(one.amount, one.currency),
        "charged_amount": charged,
        "charged_currency": one.currency if charged is not None else None,
        "charged_amount_formatted": formatted(charged, one.currency),
        "fee_amount": None,
        "fee_currency": None,
        "fee_amount_formatted": None,
        "only_direct_currency": one.only_direct_currency,
        "capture_at": stamp(one.capture_at),
        "descriptor": None,
        "descriptor_phone_number": None,
        "status": one.status,
        "error": one.error,
        "metadata": metadata,
        "mode": one.mode,
        "created_on": stamp(one.created),
    }
    if one.redirect is not None:
        content["redirect"] = one.redirect
    if one.three_ds is not None:
        content["three_ds"] = given(one.three_ds)
    if listed:
        content["merchant_name"] = MERCHANT_NAME
        content["store_name"] = gateway.stores[one.store_id].name
    return content


def cancel(one: Cancel) -> dict[str, Any]:
    """A cancellation."""
    return {
        "id": one.id,
        "charge_id": one.charge_id,
        "store_id": one.store_id,
        "status": one.status,
        "error": one.error,
        "metadata": one.metadata,
        "mode": one.mode,
        "created_on": stamp(one.created),
        "updated_on": stamp(one.updated),
    }


def refund(one: Refund) -> dict[str, Any]:
    """A refund."""
    return {
        "id": one.id,
        "store_id": one.store_id,
        "charge_id": one.charge_id,
        "status": one.status,
        "amount": one.amount,
        "currency": one.currency,
        "amount_formatted": formatted(one.amount, one.currency),
        "reason": one.reason,
        "message": one.message,
        "error": one.error,
        "metadata": one.metadata,
        "mode": one.mode,
        "created_on": stamp(one.created),
        "updated_on": stamp(one.updated),
    }


def hook(one: Hook) -> dict[str, Any]:
    """A webhook."""
    return {
        "id": one.id,
        "store_id": one.store_id,
        "merchant_id": one.merchant_id,
        "triggers": one.triggers,
        "url": one.url,
        "auth_token": one.auth_token,
        "active": one.active,
        "is_integration": False,
        "created_on": stamp(one.created),
        "updated_on": stamp(one.updated),
    }


def store_item(one: Store) -> dict[str, Any]:
    """A store as lists show it."""
    return {
        "id": one.id,
        "name": one.name,
        "merchant_name": MERCHANT_NAME,
        "created_on": stamp(one.created),
    }
