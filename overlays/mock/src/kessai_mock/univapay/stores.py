"""Stores, their customers, the merchant, and what the checkout offers.

Document: facts, Endpoints.
"""

from __future__ import annotations

import uuid
from typing import Any

from . import resources
from .call import Answer, Call, ok
from .configuration import checkout, configuration
from .paging import page
from .state import Store
from .timing import stamp


def listed(call: Call) -> Answer:
    """GET /stores: the merchant's, of which a store's app token sees its own only (assumed)."""
    gateway, caller = call.gateway, call.caller
    search, short_id = call.query.get("search"), call.query.get("short_id")
    found = [
        store
        for store in gateway.stores.values()
        if store.merchant_id == caller.merchant_id
        and caller.store_id in {None, store.id}
        and (not search or search.lower() in store.name.lower())
        and (not short_id or store.id.endswith(short_id))
    ]
    return ok(page(call.query, found, resources.store_item))


def get(call: Call) -> Answer:
    """GET /stores/{store_id}."""
    store = call.gateway.stores[call.store_id]
    return ok(
        {
            "id": store.id,
            "name": store.name,
            "created_on": stamp(store.created),
            "configuration": configuration(call.gateway.settings),
        }
    )


def create_customer_id(call: Call) -> Answer:
    """POST .../create_customer_id: a number that follows from store and name; nothing is kept."""
    name = f"{call.store_id} {call.body.need('customer_id')}"
    return ok({"customer_id": str(uuid.uuid5(uuid.NAMESPACE_OID, name))})


def me(call: Call) -> Answer:
    """GET /me: the merchant."""
    settings = call.gateway.settings
    started = min((store.created for store in call.gateway.stores.values()), default=None)
    content: dict[str, Any] = {
        "id": call.caller.merchant_id,
        "verification_data_id": None,
        "name": resources.MERCHANT_NAME,
        "email": "owner@shop.example",
        "notification_email": None,
        "finance_notification_email": None,
        "verified": True,
        "configuration": configuration(settings),
        "created_on": stamp(started or call.gateway.clock.now),
    }
    return ok(content)


def checkout_info(call: Call) -> Answer:
    """GET /checkout_info."""
    store: Store | None = call.gateway.stores.get(call.caller.store_id or "")
    name = store.name if store is not None else resources.MERCHANT_NAME
    return ok(checkout(call.gateway.settings, call.caller.mode, name))
