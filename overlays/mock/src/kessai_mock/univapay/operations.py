"""Every operation of the mock, under the names the spec gives them."""

from __future__ import annotations

from . import (
    bank,
    charges,
    issuers,
    reversals,
    stores,
    subscription_payments,
    subscriptions,
    tokens,
    webhooks,
)
from .call import Handler, Operation
from .instruments import model_of

_MERCHANT, _STORE = "/merchants/{merchant_id}", "/stores/{store_id}"
_TOKEN = f"{_STORE}/tokens/{{token_id}}"
_CHARGE = f"{_STORE}/charges/{{charge_id}}"


def _hooks(prefix: str, suffix: str) -> list[Operation]:
    one = f"{prefix}/webhooks/{{webhook_id}}"
    table = [
        ("webhooks_create", "POST", f"{prefix}/webhooks", webhooks.create, "WebhookRequest"),
        ("webhooks_list", "GET", f"{prefix}/webhooks", webhooks.listed, None),
        ("webhooks_get", "GET", one, webhooks.get, None),
        ("webhooks_update", "PATCH", one, webhooks.update, "WebhookUpdateRequest"),
        ("webhooks_delete", "DELETE", one, webhooks.delete, None),
        ("webhooks_list_events", "GET", f"{one}/events", webhooks.events, None),
    ]
    return [
        Operation(name=name + suffix, method=method, path=path, handler=handler, model=model)
        for name, method, path, handler, model in table
    ]


def _subscriptions() -> list[Operation]:
    all_of, one = f"{_STORE}/subscriptions", f"{_STORE}/subscriptions/{{subscription_id}}"
    payment = f"{one}/payments/{{payment_id}}"
    s, p = subscriptions, subscription_payments
    table: list[tuple[str, str, str, Handler, str | None]] = [
        # simulate_plan stands before what would take it for a subscription's number.
        ("_simulate_plan", "POST", "/subscriptions/simulate_plan", s.simulate, "SimulationRequest"),
        (
            "_simulate_plan_in_store",
            "POST",
            f"{all_of}/simulate_plan",
            s.simulate,
            "SimulationRequest",
        ),
        ("_create", "POST", "/subscriptions", s.create, "SubscriptionRequest"),
        ("_list", "GET", "/subscriptions", s.listed, None),
        ("_list_in_store", "GET", all_of, s.listed, None),
        ("_get", "GET", one, s.get, None),
        ("_update", "PATCH", one, s.update, "SubscriptionUpdateRequest"),
        ("_cancel", "DELETE", one, s.cancel, None),
        ("_suspend", "PATCH", f"{one}/suspend", s.suspend, "SubscriptionSuspendRequest"),
        ("_unsuspend", "PATCH", f"{one}/unsuspend", s.unsuspend, None),
        ("_update_token", "PATCH", f"{one}/token", s.update_token, "SubscriptionTokenRequest"),
        ("_list_charges", "GET", f"{_MERCHANT}{one}/charges", s.list_charges, None),
        ("_get_latest_charge", "GET", f"{one}/charges/latest", s.latest_charge, None),
    ]
    payments: list[tuple[str, str, str, Handler, str | None]] = [
        ("_list", "GET", f"{one}/payments", p.listed, None),
        ("_get", "GET", payment, p.get, None),
        ("_update", "PATCH", payment, p.update, "SubscriptionPaymentUpdateRequest"),
        ("_list_charges", "GET", f"{payment}/charges", p.list_charges, None),
    ]
    return [
        Operation(
            name=prefix + name,
            method=method,
            path=path,
            handler=handler,
            model=model,
            optional=name == "_suspend",
            who="store" if name == "_create" else "anyone",
            watch=s.find if name == "_get" and prefix == "subscriptions" else None,
        )
        for prefix, rows in (("subscriptions", table), ("subscription_payments", payments))
        for name, method, path, handler, model in rows
    ]


OPERATIONS: tuple[Operation, ...] = (
    Operation(
        name="tokens_create",
        method="POST",
        path="/tokens",
        handler=tokens.create,
        model=model_of,
        secret=False,  # a browser makes tokens, too
        who="store",
    ),
    Operation(name="tokens_list", method="GET", path="/tokens", handler=tokens.listed),
    Operation(
        name="tokens_list_in_store", method="GET", path=f"{_STORE}/tokens", handler=tokens.listed
    ),
    Operation(name="tokens_get", method="GET", path=_TOKEN, handler=tokens.get),
    Operation(
        name="tokens_update",
        method="PATCH",
        path=_TOKEN,
        handler=tokens.update,
        model="TokenUpdateRequest",
    ),
    Operation(name="tokens_delete", method="DELETE", path=_TOKEN, handler=tokens.delete),
    Operation(
        name="tokens_enable_three_ds",
        method="POST",
        path=f"{_TOKEN}/three_ds",
        handler=tokens.enable_three_ds,
        model="TokenThreeDsRequest",
        optional=True,
    ),
    Operation(
        name="tokens_disable_three_ds",
        method="DELETE",
        path=f"{_TOKEN}/three_ds",
        handler=tokens.disable_three_ds,
    ),
    Operation(
        name="charges_create",
        method="POST",
        path="/charges",
        handler=charges.create,
        model="ChargeRequest",
        who="store",
    ),
    Operation(name="charges_list", method="GET", path="/charges", handler=charges.listed),
    Operation(
        name="charges_list_in_store",
        method="GET",
        path=f"{_STORE}/charges",
        handler=charges.listed,
    ),
    Operation(
        name="charges_get",
        method="GET",
        path=_CHARGE,
        handler=charges.get,
        watch=lambda call: call.charge(),
    ),
    Operation(
        name="charges_update",
        method="PATCH",
        path=_CHARGE,
        handler=charges.update,
        model="ChargeUpdateRequest",
    ),
    Operation(
        name="captures_create",
        method="POST",
        path=f"{_CHARGE}/capture",
        handler=charges.capture,
        model="CaptureRequest",
        optional=True,
    ),
    Operation(
        name="cancels_create",
        method="POST",
        path=f"{_CHARGE}/cancels",
        handler=reversals.create_cancel,
        model="CancelRequest",
        optional=True,
    ),
    Operation(
        name="cancels_list", method="GET", path=f"{_CHARGE}/cancels", handler=reversals.list_cancels
    ),
    Operation(
        name="cancels_get",
        method="GET",
        path=f"{_CHARGE}/cancels/{{cancel_id}}",
        handler=reversals.get_cancel,
        watch=reversals.find_cancel,
    ),
    Operation(
        name="cancels_update",
        method="PATCH",
        path=f"{_CHARGE}/cancels/{{cancel_id}}",
        handler=reversals.update_cancel,
        model="CancelUpdateRequest",
    ),
    Operation(
        name="refunds_create",
        method="POST",
        path=f"{_CHARGE}/refunds",
        handler=reversals.create_refund,
        model="RefundRequest",
    ),
    Operation(
        name="refunds_list", method="GET", path=f"{_CHARGE}/refunds", handler=reversals.list_refunds
    ),
    Operation(
        name="refunds_get",
        method="GET",
        path=f"{_CHARGE}/refunds/{{refund_id}}",
        handler=reversals.get_refund,
        watch=reversals.find_refund,
    ),
    Operation(
        name="refunds_update",
        method="PATCH",
        path=f"{_CHARGE}/refunds/{{refund_id}}",
        handler=reversals.update_refund,
        model="RefundUpdateRequest",
    ),
    Operation(
        name="issuer_tokens_get",
        method="GET",
        path=f"{_CHARGE}/issuer_token",
        handler=issuers.get,
        secret=False,  # a browser asks for it (assumed)
    ),
    Operation(
        name="issuer_tokens_get_three_ds",
        method="GET",
        path=f"{_CHARGE}/three_ds/issuer_token",
        handler=issuers.get_three_ds,
        secret=False,
    ),
    Operation(
        name="issuer_tokens_get_token_three_ds",
        method="GET",
        path=f"{_TOKEN}/three_ds/issuer_token",
        handler=issuers.get_token_three_ds,
        secret=False,
    ),
    Operation(
        name="expiry_get_latest",
        method="GET",
        path=f"{_CHARGE}/expiry/latest",
        handler=issuers.expiry,
    ),
    Operation(
        name="bank_transfer_ledgers_list",
        method="GET",
        path=f"{_CHARGE}/bank_transfer_ledgers",
        handler=bank.ledgers,
        who="merchant",
    ),
    Operation(name="stores_list", method="GET", path="/stores", handler=stores.listed),
    Operation(name="stores_get", method="GET", path=_STORE, handler=stores.get),
    Operation(
        name="stores_create_customer_id",
        method="POST",
        path=f"{_STORE}/create_customer_id",
        handler=stores.create_customer_id,
        model="CustomerIdRequest",
        keyed=False,
    ),
    Operation(name="me_get", method="GET", path="/me", handler=stores.me),
    Operation(
        name="checkout_get",
        method="GET",
        path="/checkout_info",
        handler=stores.checkout_info,
        secret=False,
    ),
    *_subscriptions(),
    *_hooks(_STORE, ""),
    *_hooks("", "_of_merchant"),
)
