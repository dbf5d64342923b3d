"""Cancels and refunds: asked for, carried out after a moment, read, listed, changed.

Document: facts, Endpoints and Konbini: a cancel only while the charge is awaiting or authorized;
a refund never for konbini and bank transfer.
"""

from __future__ import annotations

from . import books, metadata, notices, resources
from .call import Answer, Call, made, ok
from .gateway import Gateway
from .paging import page
from .problems import ProblemError, payment_error
from .processing import NO_REFUND_CARD, REFUND_FAILED
from .state import Cancel, Charge, Refund

_CANNOT_BE_CANCELED = 312


def create_cancel(call: Call) -> Answer:
    """POST .../cancels."""
    gateway, charge = call.gateway, call.charge()
    values = metadata.taken(call.body.data)
    if charge.status not in {"awaiting", "authorized"}:
        raise ProblemError("CANCEL_NOT_ALLOWED")
    now = gateway.clock.now
    one = Cancel(
        id=gateway.new_id("cancel"),
        store_id=charge.store_id,
        mode=charge.mode,
        created=now,
        updated=now,
        metadata=values,
        charge_id=charge.id,
    )
    charge.cancels[one.id] = one
    gateway.step("cancel", one, "pending")
    fate = call.payment_error
    gateway.after(gateway.settings.processing_seconds, lambda: _cancel(gateway, charge, one, fate))
    return made(resources.cancel(one))


def _cancel(gateway: Gateway, charge: Charge, one: Cancel, fate: int | None) -> None:
    """Carried out, unless money came meanwhile."""
    if fate is None and charge.status not in {"awaiting", "authorized"}:
        fate = _CANNOT_BE_CANCELED
    if fate is not None:
        one.error = payment_error(fate)
        gateway.step("cancel", one, books.failing(fate))
        notices.cancel(gateway, charge, one)
        return
    gateway.step("cancel", one, "successful")
    books.release(gateway, charge, "canceled")
    notices.cancel(gateway, charge, one)


def find_cancel(call: Call) -> Cancel:
    """The cancellation the path names. Raises ProblemError NOT_FOUND."""
    one = call.charge().cancels.get(call.path["cancel_id"])
    if one is None:
        raise ProblemError("NOT_FOUND")
    return one


def get_cancel(call: Call) -> Answer:
    """GET: a cancellation as it stands."""
    return ok(resources.cancel(find_cancel(call)))


def list_cancels(call: Call) -> Answer:
    """GET: a charge's cancellations; without total_hits."""
    found = list(call.charge().cancels.values())
    return ok(page(call.query, found, resources.cancel, total=False))


def update_cancel(call: Call) -> Answer:
    """PATCH: metadata."""
    one = find_cancel(call)
    one.metadata = {**one.metadata, **metadata.taken(call.body.data)}
    one.updated = call.gateway.clock.now
    return ok(resources.cancel(one))


def create_refund(call: Call) -> Answer:
    """POST .../refunds."""
    gateway, charge, body = call.gateway, call.charge(), call.body
    values = metadata.taken(body.data)
    amount, currency = int(body.data["amount"]), body.need("currency").upper()
    if charge.status != "successful":
        raise ProblemError("CANNOT_REFUND_UNSUCCESSFUL_CHARGE")
    if charge.token.payment_type in {"konbini", "bank_transfer"}:
        raise ProblemError("REFUND_NOT_ALLOWED")
    if currency != charge.currency:
        raise ProblemError("CURRENCY_MUST_MATCH_CHARGE")
    if amount > charge.taken:
        raise ProblemError("REFUND_EXCEEDS_CHARGE_AMOUNT")
    now = gateway.clock.now
    one = Refund(
        id=gateway.new_id("refund"),
        store_id=charge.store_id,
        mode=charge.mode,
        created=now,
        updated=now,
        metadata=values,
        charge_id=charge.id,
        amount=amount,
        currency=currency,
        reason=body.text("reason"),
        message=body.text("message"),
    )
    charge.refunds[one.id] = one
    gateway.step("refund", one, "pending")
    books.begin_refund(gateway, charge, one)
    fate = call.payment_error
    if fate is None and charge.mode == "test" and charge.token.card == NO_REFUND_CARD:
        fate = REFUND_FAILED
    seconds = gateway.settings.processing_seconds
    gateway.after(seconds, lambda: books.end_refund(gateway, charge, one, fate))
    return made(resources.refund(one))


def find_refund(call: Call) -> Refund:
    """The refund the path names. Raises ProblemError NOT_FOUND."""
    one = call.charge().refunds.get(call.path["refund_id"])
    if one is None:
        raise ProblemError("NOT_FOUND")
    return one


def get_refund(call: Call) -> Answer:
    """GET: a refund as it stands."""
    return ok(resources.refund(find_refund(call)))


def list_refunds(call: Call) -> Answer:
    """GET: a charge's refunds."""
    wanted = call.query.get("metadata")
    refunds = call.charge().refunds.values()
    found = [one for one in refunds if not wanted or metadata.has(one.metadata, wanted)]
    return ok(page(call.query, found, resources.refund))


def update_refund(call: Call) -> Answer:
    """PATCH: metadata, reason, message."""
    one, body = find_refund(call), call.body
    one.metadata = {**one.metadata, **metadata.taken(body.data)}
    one.reason = body.text("reason") or one.reason
    one.message = body.text("message") or one.message
    one.updated = call.gateway.clock.now
    return ok(resources.refund(one))
