"""Real ids for generated requests: what each operation needs is made through the API first.

A link makes the thing, gives the ids that belong into the path, and may put more into the generated
body. Nothing else can make an operation on a charge, token, webhook or subscription succeed.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.support.contract_univapay_mock import (
    MERCHANT_ID,
    MERCHANT_TOKEN,
    STORE,
    STORE_ID,
    STORE_TOKEN,
    Mock,
)

Body = dict[str, Any]
Path = dict[str, str]
Link = Callable[[Mock, Body], Path]


def _nothing(mock: Mock, body: Body) -> Path:
    """It needs nothing that is there already."""
    return {}


def _store(mock: Mock, body: Body) -> Path:
    mock.ask("GET", "/me")  # the store is there from the first call of its token
    return {"store_id": STORE_ID}


def _token(kind: str = "recurring", payment_type: str = "card") -> Link:
    def link(mock: Mock, body: Body) -> Path:
        return {"store_id": STORE_ID, "token_id": mock.token(payment_type, kind)}

    return link


def _three_ds_token(mock: Mock, body: Body) -> Path:
    token = mock.token("card", "recurring")
    endpoint = {"redirect_endpoint": "https://books.example.com/back"}
    mock.ask("POST", f"{STORE}/tokens/{token}/three_ds", endpoint)
    return {"store_id": STORE_ID, "token_id": token}


def _of(made: Callable[[Mock], str]) -> Link:
    """On a charge."""

    def link(mock: Mock, body: Body) -> Path:
        return {"store_id": STORE_ID, "charge_id": made(mock)}

    return link


def _awaiting(mock: Mock) -> str:
    return mock.charge()


def _online(mock: Mock) -> str:
    return mock.charge(mock.token("online"))


def _transfer(mock: Mock) -> str:
    charge = mock.charge(mock.token("bank_transfer"))
    assert mock.pay(charge).status == 200
    return charge


def _challenged(mock: Mock) -> str:
    three_ds = {"mode": "require", "redirect_endpoint": "https://books.example.com/back"}
    return mock.charge(mock.token("card"), three_ds=three_ds)


def _reversal(kind: str, made: Callable[[Mock], str], body_of: Body) -> Link:
    """On a cancel or a refund of a charge."""

    def link(mock: Mock, body: Body) -> Path:
        charge = made(mock)
        answer = mock.ask("POST", f"{STORE}/charges/{charge}/{kind}s", body_of)
        return {"store_id": STORE_ID, "charge_id": charge, f"{kind}_id": str(answer["id"])}

    return link


def _charge(mock: Mock, body: Body) -> Path:
    body["transaction_token_id"] = mock.token("card")
    for name in ("capture_at", "three_ds", "merchant_transaction_id"):
        body.pop(name, None)
    body["amount"] = body["amount"] or 1
    return {}


def _new_token(mock: Mock, body: Body) -> Path:
    if body["payment_type"] in ("online", "qr_scan"):
        body["type"] = "one_time"
    return {}


def _capture(mock: Mock, body: Body) -> Path:
    body.clear()
    body.update(amount=1100, currency="JPY")
    return {"store_id": STORE_ID, "charge_id": mock.held()}


def _refund(mock: Mock, body: Body) -> Path:
    body.update(amount=min(body["amount"], 1100), currency="JPY")
    return {"store_id": STORE_ID, "charge_id": mock.paid()}


def _webhook(mock: Mock, body: Body) -> Path:
    return {"store_id": STORE_ID, "webhook_id": mock.webhook("charge_finished")}


def _merchants_webhook(mock: Mock, body: Body) -> Path:
    made = mock.webhook("charge_finished", path="/webhooks", token=MERCHANT_TOKEN)
    return {"webhook_id": made}


def _subscription(mock: Mock, body: Body) -> Path:
    for name in [name for name in body if name not in ("amount", "currency", "metadata")]:
        del body[name]
    body.update(
        transaction_token_id=mock.token("card", "subscription"),
        period="monthly",
        currency="JPY",
        amount=body["amount"] or 1,
    )
    return {}


def _subscribed(mock: Mock) -> str:
    body = {
        "transaction_token_id": mock.token("card", "subscription"),
        "amount": 980,
        "currency": "JPY",
        "period": "monthly",
    }
    made = mock.ask("POST", "/subscriptions", body)
    mock.advance(2)
    return str(made["id"])


def _on_subscription(mock: Mock, body: Body) -> Path:
    return {
        "merchant_id": MERCHANT_ID,
        "store_id": STORE_ID,
        "subscription_id": _subscribed(mock),
    }


def _update_subscription(mock: Mock, body: Body) -> Path:
    for name in [name for name in body if name != "metadata"]:
        del body[name]
    return _on_subscription(mock, body)


def _suspended(mock: Mock, body: Body) -> Path:
    path = _on_subscription(mock, body)
    where = f"{STORE}/subscriptions/{path['subscription_id']}/suspend"
    mock.ask("PATCH", where, {})
    return path


def _other_token(mock: Mock, body: Body) -> Path:
    body["transaction_token_id"] = mock.token("card", "subscription")
    return _on_subscription(mock, body)


def _payment(mock: Mock, body: Body) -> Path:
    path = _on_subscription(mock, body)
    where = f"{STORE}/subscriptions/{path['subscription_id']}/payments"
    payments = mock.ask("GET", where)["items"]
    for name in [name for name in body if name != "metadata"]:
        del body[name]
    return {**path, "payment_id": str(payments[0]["id"])}


def _simulation(mock: Mock, body: Body) -> Path:
    body.clear()
    body.update(amount=980, currency="JPY", payment_type="card", period="monthly")
    body["subscription_plan"] = {"plan_type": "fixed_cycles", "fixed_cycles": 3}
    body["schedule_settings"] = {"zone_id": "Asia/Tokyo"}
    return _store(mock, body)


_CANCEL = _reversal("cancel", _awaiting, {})
_REFUND = _reversal("refund", Mock.paid, {"amount": 100, "currency": "JPY"})

LINKS: dict[str, Link] = {
    "tokens_create": _new_token,
    "tokens_list": _nothing,
    "tokens_list_in_store": _store,
    "tokens_get": _token("one_time", "konbini"),
    "tokens_update": _token(),
    "tokens_delete": _token(),
    "tokens_enable_three_ds": _token(),
    "tokens_disable_three_ds": _three_ds_token,
    "charges_create": _charge,
    "charges_list": _nothing,
    "charges_list_in_store": _store,
    "charges_get": _of(_awaiting),
    "charges_update": _of(_awaiting),
    "captures_create": _capture,
    "cancels_create": _of(_awaiting),
    "cancels_list": _CANCEL,
    "cancels_get": _CANCEL,
    "cancels_update": _CANCEL,
    "refunds_create": _refund,
    "refunds_list": _REFUND,
    "refunds_get": _REFUND,
    "refunds_update": _REFUND,
    "issuer_tokens_get": _of(_online),
    "issuer_tokens_get_three_ds": _of(_challenged),
    "issuer_tokens_get_token_three_ds": _three_ds_token,
    "expiry_get_latest": _of(_awaiting),
    "bank_transfer_ledgers_list": _of(_transfer),
    "webhooks_create": _store,
    "webhooks_list": _webhook,
    "webhooks_get": _webhook,
    "webhooks_update": _webhook,
    "webhooks_delete": _webhook,
    "webhooks_list_events": _webhook,
    "webhooks_create_of_merchant": _nothing,
    "webhooks_list_of_merchant": _merchants_webhook,
    "webhooks_get_of_merchant": _merchants_webhook,
    "webhooks_update_of_merchant": _merchants_webhook,
    "webhooks_delete_of_merchant": _merchants_webhook,
    "webhooks_list_events_of_merchant": _merchants_webhook,
    "stores_list": _store,
    "stores_get": _store,
    "stores_create_customer_id": _store,
    "me_get": _nothing,
    "checkout_get": _nothing,
    "subscriptions_create": _subscription,
    "subscriptions_list": _on_subscription,
    "subscriptions_list_in_store": _on_subscription,
    "subscriptions_get": _on_subscription,
    "subscriptions_update": _update_subscription,
    "subscriptions_cancel": _on_subscription,
    "subscriptions_suspend": _on_subscription,
    "subscriptions_unsuspend": _suspended,
    "subscriptions_update_token": _other_token,
    "subscriptions_simulate_plan": _simulation,
    "subscriptions_simulate_plan_in_store": _simulation,
    "subscriptions_list_charges": _on_subscription,
    "subscriptions_get_latest_charge": _on_subscription,
    "subscription_payments_list": _on_subscription,
    "subscription_payments_get": _payment,
    "subscription_payments_update": _payment,
    "subscription_payments_list_charges": _payment,
}
"""By operationId, all of them."""


def token_for(name: str) -> str:
    """The app token that an operation wants."""
    merchants = name.endswith("_of_merchant") or name == "bank_transfer_ledgers_list"
    return MERCHANT_TOKEN if merchants else STORE_TOKEN
