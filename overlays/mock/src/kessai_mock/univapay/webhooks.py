"""Webhooks of a store or of the merchant: made, read, listed, changed, deleted, their events.

Document: facts, Endpoints and Webhooks.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from . import hooks, resources
from .call import GONE, Answer, Call, made, ok
from .paging import page
from .problems import ProblemError, invalid
from .state import Hook

_MERCHANT_ONLY = {"transfer_created", "transfer_updated", "transfer_finalized"}


def create(call: Call) -> Answer:
    """POST: a URL can have one webhook of a store, and one of the merchant."""
    gateway, body = call.gateway, call.body
    store_id = call.path.get("store_id")
    triggers, url = body.texts("triggers"), body.need("url")
    _check(call, triggers, url, None)
    now = gateway.clock.now
    one = Hook(
        id=gateway.new_id("webhook"),
        merchant_id=call.caller.merchant_id,
        store_id=store_id,
        triggers=triggers,
        url=url,
        auth_token=body.text("auth_token"),
        created=now,
        updated=now,
    )
    gateway.hooks[one.id] = one
    return made(resources.hook(one))


def _check(call: Call, triggers: list[str], url: str, own: Hook | None) -> None:
    """Raises ProblemError: no URL, none of its events, a URL that is in use."""
    store_id = call.path.get("store_id")
    if urlsplit(url).scheme not in {"http", "https"} or not urlsplit(url).hostname:
        raise invalid("url", "INVALID_FORMAT_URL")
    if store_id is not None and _MERCHANT_ONLY.intersection(triggers):
        raise invalid("triggers", "INVALID_EVENT_FOR_STORE")
    scope = (call.caller.merchant_id, store_id, url)
    for other in call.gateway.hooks.values():
        if other is not own and scope == (other.merchant_id, other.store_id, other.url):
            raise ProblemError("WEBHOOK_URL_EXISTS")


def find(call: Call) -> Hook:
    """The webhook the path names. Raises ProblemError NOT_FOUND."""
    one = call.gateway.hooks.get(call.path["webhook_id"])
    if one is None or one.merchant_id != call.caller.merchant_id:
        raise ProblemError("NOT_FOUND")
    if one.store_id != call.path.get("store_id"):
        raise ProblemError("NOT_FOUND")
    return one


def get(call: Call) -> Answer:
    """GET: a webhook."""
    return ok(resources.hook(find(call)))


def listed(call: Call) -> Answer:
    """GET: the webhooks of a store, or the merchant's own; without total_hits."""
    active = call.query.get("active", "").lower()
    found = [
        one
        for one in call.gateway.hooks.values()
        if one.merchant_id == call.caller.merchant_id
        and one.store_id == call.path.get("store_id")
        and (not active or one.active == (active == "true"))
    ]
    return ok(page(call.query, found, resources.hook, total=False))


def update(call: Call) -> Answer:
    """PATCH: what is sent is changed; `active: true` restarts a webhook that was stopped."""
    gateway, one, body = call.gateway, find(call), call.body
    triggers = body.texts("triggers") if body.has("triggers") else one.triggers
    url = body.text("url") or one.url
    _check(call, triggers, url, one)
    one.triggers, one.url = triggers, url
    if "auth_token" in body.data:
        one.auth_token = body.text("auth_token")
    wanted: Any = body.data.get("active")
    if wanted is False:
        hooks.stop(gateway, one)
    elif wanted is True:
        one.active = True
    one.updated = gateway.clock.now
    return ok(resources.hook(one))


def delete(call: Call) -> Answer:
    """DELETE: it is told nothing any more."""
    one = find(call)
    hooks.stop(call.gateway, one)
    del call.gateway.hooks[one.id]
    return GONE


def events(call: Call) -> Answer:
    """GET .../events: what it was told; without total_hits."""
    return ok(page(call.query, find(call).events, hooks.describe, total=False))
