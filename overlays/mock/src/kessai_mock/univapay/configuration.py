"""How the merchant, a store and the checkout are set up, as answers tell it.

The members are documented, the values made up: what the mock does is on, what it does not is off.
"""

from __future__ import annotations

from typing import Any

from .settings import Settings

_PERIOD, _MODES = "P30D", ("card", "konbini", "online", "bank_transfer")
_CARD_ON = (
    "debit_enabled prepaid_enabled debit_authorization_enabled prepaid_authorization_enabled "
    "foreign_cards_allowed allow_empty_cvv three_ds_skip_enabled"
)
_CARD_OFF = (
    "only_direct_currency three_ds_required three_ds_address_required "
    "three_ds_phone_number_required"
)
_CARD_NONE = "forbidden_card_brands allowed_countries_by_ip fail_on_new_email card_limit"
_BANK_OFF = (
    "automatic_extension_enabled charge_request_notification_enabled "
    "charge_request_canceled_notification_enabled charge_expired_notification_enabled "
    "deposit_received_notification_enabled deposit_insufficient_notification_enabled "
    "deposit_exceeded_notification_enabled extension_notification_enabled "
    "remind_notification_enabled"
)
_TRANSACTIONS_OFF = (
    "notify_customer notify_on_test notify_on_recurring_token_creation "
    "notify_on_recurring_token_cvv_failed notify_on_webhook_failure notify_on_webhook_disabled "
    "notify_user_on_failed_transactions notify_customer_on_failed_transactions "
    "notify_user_on_convenience_instructions notify_on_subscriptions notify_on_authorizations "
    "notify_on_cvv_authorizations notify_on_cancels customer_refer_link_enabled "
    "notify_on_convenience_expiry notify_on_recurring_token_creation_with_three_ds "
    "notify_on_chargebacks"
)
_FEES = "visa american_express mastercard maestro discover jcb diners_club union_pay private_label"
_COLORS = (
    "main_background secondary_background main_color main_text primary_text secondary_text "
    "base_text body_background"
)


def _all(names: str, value: object) -> dict[str, Any]:
    return dict.fromkeys(names.split(), value)


def _yen(amount: int) -> dict[str, Any]:
    return {"amount": amount, "currency": "JPY"}


def _on(settings: Settings, payment_type: str) -> dict[str, Any]:
    return {"enabled": payment_type not in settings.disabled}


def _card(settings: Settings) -> dict[str, Any]:
    return {
        **_on(settings, "card"),
        **_all(_CARD_ON, True),
        **_all(_CARD_OFF, False),
        **_all(_CARD_NONE, None),
        "allow_direct_token_creation": settings.direct_cards,
    }


def _bank(settings: Settings) -> dict[str, Any]:
    return {
        **_on(settings, "bank_transfer"),
        **_all(_BANK_OFF, False),
        "expiration": _PERIOD,
        "virtual_bank_accounts_threshold": 10,
        "virtual_bank_accounts_fetch_count": 10,
        "default_extension_period": "P7D",
        "maximum_extension_period": _PERIOD,
        "remind_notification_period": "P1D",
    }


def _plans() -> dict[str, Any]:
    return {
        "enabled": True,
        "fixed_cycle": True,
        "fixed_cycle_amount": True,
        "supported_payment_types": ["card"],
        "max_payout_period": None,
    }


def _installments() -> dict[str, Any]:
    return {
        "enabled": True,
        "card_processor": {"revolving": True, "fixed_cycle": True},
        "supported_payment_types": ["card"],
        "max_payout_period": None,
        "only_with_processor": True,
    }


def configuration(settings: Settings) -> dict[str, Any]:
    """What a store and the merchant show."""
    return {
        "percent_fee": 0.0325,
        "flat_fees": [],
        "logo_url": None,
        "country": "JP",
        "language": "ja_jp",
        "display_time_zone": "Asia/Tokyo",
        "min_transfer_payout": _yen(1000),
        "minimum_charge_amounts": [],
        "maximum_charge_amounts": [],
        "transfer_schedule": {
            "wait_period": "P7D",
            "period": "monthly",
            **_all("full_period_required day_of_week week_of_month", None),
            **_all("day_of_month weekly_closing_day weekly_payout_day", None),
        },
        "user_transactions_configuration": {"enabled": True, **_all(_TRANSACTIONS_OFF, False)},
        "recurring_token_configuration": {
            "recurring_type": settings.recurring,
            "charge_wait_period": None,
            "card_charge_cvv_confirmation": {"enabled": False, "threshold": None},
        },
        "security_configuration": {
            "card_charge_cooldown": f"PT{settings.quick_seconds}S",
            **_all("subscription_cooldown idempotent_card_charge_cooldown", None),
            **_all("idempotent_subscription_cooldown inspect_suspicious_login_after", None),
            "restrict_ip_after_failed_charge": _all("enabled count cooldown", None),
            "refund_percent_limit": None,
            "confirmation_required": False,
            "min_refund_threshold": None,
            "limit_refund_by_sales": _all("enabled period rolling_window", None),
        },
        "checkout_configuration": {
            "ec_email": {"enabled": False},
            "ec_products": {"enabled": False},
        },
        "installments_configuration": {**_installments(), "min_charge_amount": _yen(1)},
        "subscription_plan_configuration": {**_plans(), "min_charge_amount": _yen(1)},
        "card_brand_percent_fees": _all(_FEES, None),
        "subscription_configuration": {
            "enabled": True,
            "failed_charges_to_cancel": None,
            "suspend_on_cancel": False,
            "allow_merchant_amount_patch": True,
            "allow_merchant_due_date_patch": True,
        },
        "customer_management_configuration": {
            "enabled": False,
            "default_roles": None,
            "default_mode": None,
        },
        "descriptor_provided_configuration": False,
        "card_configuration": _card(settings),
        "qr_scan_configuration": {
            **_on(settings, "qr_scan"),
            "forbidden_qr_scan_gateways": None,
        },
        "convenience_configuration": {**_on(settings, "konbini"), "expiration": _PERIOD},
        "paidy_configuration": _on(settings, "paidy"),
        "qr_merchant_configuration": _on(settings, "qr_merchant"),
        "online_configuration": _on(settings, "online"),
        "bank_transfer_configuration": {**_bank(settings), "match_amount": True},
        "platform_credentials_enabled": True,
        "tagged_platform_credentials_enabled": False,
    }


def checkout(settings: Settings, mode: str, name: str) -> dict[str, Any]:
    """What a page for paying needs to know."""
    shift = {"value": "23:59:59+09:00", "enabled": False}
    return {
        "mode": mode,
        "recurring_token_privilege": settings.recurring,
        "name": name,
        "card_configuration": _card(settings),
        "subscription_configuration": {"enabled": True},
        "installments_configuration": {**_installments(), "min_charge_amount": None},
        "subscription_plan_configuration": {**_plans(), "min_charge_amount": None},
        "checkout_configuration": {
            "ec_email": {"enabled": False},
            "ec_products": {"enabled": False},
        },
        "qr_scan_configuration": {
            **_on(settings, "qr_scan"),
            "forbidden_qr_scan_gateways": None,
        },
        "convenience_configuration": {
            **_on(settings, "konbini"),
            "expiration": _PERIOD,
            "expiration_time_shift": shift,
        },
        "paidy_configuration": _on(settings, "paidy"),
        "paidy_public_key": None,
        "logo_image": None,
        "theme": {"colors": _all(_COLORS, "#ffffff")},
        "recurring_card_charge_cvv_confirmation": {"enabled": False, "threshold": None},
        "online_configuration": _on(settings, "online"),
        "bank_transfer_configuration": {
            **_bank(settings),
            "match_amount": "exact",
            "expiration_time_shift": shift,
        },
        "supported_brands": [_brand(one) for one in _MODES if one not in settings.disabled],
    }


_EXAMPLES = {
    "card": "visa", "konbini": "family_mart", "online": "pay_pay_online",
    "bank_transfer": "aozora_bank",
}  # fmt: skip


def _brand(payment_type: str) -> dict[str, Any]:
    """One brand of each payment type, as an example (made up)."""
    card, brand = payment_type == "card", _EXAMPLES[payment_type]
    shown: dict[str, Any] = {
        "payment_type": payment_type,
        "brand": brand,
        "dynamic_info": False,
        "support_auth_capture": card,
        "requires_full_name": False,
        "requires_cvv": False,
        "countries_allowed": None,
        "supported_currencies": ["JPY"],
        "cvv_auth": False,
        "installment_capable": card,
        "mcp_capable": False,
        "mcp_only": False,
    }
    if card:
        shown["card_brand"] = brand
    if payment_type == "online":
        shown["online_brand"] = brand
    return shown
