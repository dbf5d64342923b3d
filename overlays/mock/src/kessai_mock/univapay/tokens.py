"""Transaction tokens: made, read, listed, changed, deleted; 3-D Secure of a token.

Document: facts, Token create body; one charge within 5 minutes for a one-time token.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from . import instruments, metadata, notices, resources
from .call import GONE, Answer, Call, made, ok
from .paging import page
from .problems import ProblemError
from .state import Token


def create(call: Call) -> Answer:
    """POST /tokens: by a store's app token."""
    gateway, body, caller = call.gateway, call.body, call.caller
    payment_type, kind = body.need("payment_type"), body.text("type") or "one_time"
    values = metadata.taken(body.data)
    instruments.check(call, payment_type, kind)
    assert caller.store_id is not None  # noqa: S101 - the operation is for stores
    now = gateway.clock.now
    one = Token(
        id=gateway.new_id("token"),
        store_id=caller.store_id,
        payment_type=payment_type,
        kind=kind,
        mode=caller.mode,
        email=body.text("email"),
        usage_limit=body.text("usage_limit"),
        metadata=values,
        data=instruments.show(call, payment_type),
        created=now,
        updated=now,
        card=body.text("data", "card_number"),
    )
    gateway.tokens[one.id] = one
    notices.token(gateway, one, "token_created")
    return made(resources.token(one))


def find(call: Call) -> Token:
    """The token the path names. Raises ProblemError NOT_FOUND."""
    one = call.gateway.tokens.get(call.path["token_id"])
    if one is None or one.deleted or one.store_id != call.store_id:
        raise ProblemError("NOT_FOUND")
    if one.mode != call.caller.mode:
        raise ProblemError("NOT_FOUND")
    return one


def expired(call: Call, one: Token) -> bool:
    """Whether a one-time or subscription token's 5 minutes are over."""
    seconds = timedelta(seconds=call.gateway.settings.token_seconds)
    return one.kind != "recurring" and call.gateway.clock.now >= one.created + seconds


def get(call: Call) -> Answer:
    """GET: a token, whatever became of it unless it was deleted."""
    return ok(resources.token(find(call)))


def listed(call: Call) -> Answer:
    """GET lists: never one-time tokens."""
    gateway, query = call.gateway, call.query
    store_id = call.path.get("store_id", call.caller.store_id)
    active = query.get("active") or "active"
    found = [
        one
        for one in gateway.tokens.values()
        if one.kind != "one_time"
        and one.mode == (query.get("mode") or call.caller.mode)
        and store_id in {None, one.store_id}
        and gateway.stores[one.store_id].merchant_id == call.caller.merchant_id
        and query.get("type") in {None, "", one.kind}
        and (active == "all" or one.active == (active == "active"))
        and _matches(one, query.get("search"), query.get("customer_id"))
    ]
    return ok(page(query, found, lambda one: resources.token_item(gateway, one)))


def _matches(one: Token, search: str | None, customer_id: str | None) -> bool:
    if customer_id and one.metadata.get("univapay-customer-id") != customer_id:
        return False
    card = one.shown("card")
    words = [one.email, card.get("cardholder"), one.data.get("customer_name")]
    return not search or any(search.lower() in str(word).lower() for word in words if word)


def update(call: Call) -> Answer:
    """PATCH: address, metadata; of a card holder, expiry and billing address."""
    one, body = find(call), call.body
    values = metadata.taken(body.data)
    if body.has("data") and one.payment_type != "card":
        raise ProblemError("CANNOT_CHANGE_TOKEN")
    one.metadata = {**one.metadata, **values}
    one.email = body.text("email") or one.email
    data = body.child("data")
    if data is not None:
        _update_card(one, data.data)
    one.updated = call.gateway.clock.now
    notices.token(call.gateway, one, "token_updated")
    return ok(resources.token(one))


def _update_card(one: Token, data: dict[str, Any]) -> None:
    card, billing = dict(one.data["card"]), dict(one.data["billing"])
    card |= {name: data[name] for name in ("cardholder", "exp_month", "exp_year") if name in data}
    billing |= {name: data[name] for name in billing if name in data and name != "phone_number"}
    if "card_number" in data:
        one.card = str(data["card_number"])
        card |= {"card_bin": one.card[:6], "last_four": one.card[-4:]}
    one.data = {**one.data, "card": card, "billing": billing}


def delete(call: Call) -> Answer:
    """DELETE: the token is gone (assumed: reading it answers 404)."""
    one = find(call)
    one.deleted, one.active = True, False
    if one.kind == "recurring":
        notices.token(call.gateway, one, "recurring_token_deleted")
    return GONE


def enable_three_ds(call: Call) -> Answer:
    """POST .../three_ds: the cardholder has to be authenticated before the token is charged."""
    one = _card(call)
    wanted = call.body.text("redirect_endpoint")
    _three_ds(call, one, enabled=True, status="awaiting", redirect_endpoint=wanted)
    return ok(resources.token(one))


def disable_three_ds(call: Call) -> Answer:
    """DELETE .../three_ds."""
    one = _card(call)
    _three_ds(call, one, enabled=False, status=None, redirect_endpoint=None)
    return ok(resources.token(one))


def _card(call: Call) -> Token:
    one = find(call)
    if one.payment_type != "card":
        raise ProblemError("CANNOT_CHANGE_TOKEN")
    return one


def _three_ds(call: Call, one: Token, **members: Any) -> None:
    set_three_ds(one, **members)
    one.updated = call.gateway.clock.now
    notices.token(call.gateway, one, "token_three_d_s_updated")


def set_three_ds(one: Token, **members: Any) -> None:
    """Change what a token says of its 3-D Secure; there is no status that is null."""
    shown = {**one.data["three_ds"], **members}
    if shown["status"] is None:
        del shown["status"]
    one.data = {**one.data, "three_ds": shown}
