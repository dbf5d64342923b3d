"""The single payments of a subscription: read, listed, changed, and their charges.

Document: facts, Endpoints.
"""

from __future__ import annotations

from typing import Any

from . import billing, resources, subscription_view
from .call import Answer, Call, ok
from .paging import page
from .problems import ProblemError, invalid
from .state import Payment, Subscription
from .subscriptions import find
from .timing import day_of


def _both(call: Call) -> tuple[Subscription, Payment]:
    one = find(call)
    for payment in one.payments:
        if payment.id == call.path["payment_id"]:
            return one, payment
    raise ProblemError("NOT_FOUND")


def get(call: Call) -> Answer:
    """GET: a payment."""
    return ok(subscription_view.payment(*_both(call)))


def listed(call: Call) -> Answer:
    """GET: a subscription's payments, the next among them; without total_hits."""
    one = find(call)

    def show(payment: Payment) -> dict[str, Any]:
        return subscription_view.payment(one, payment)

    return ok(page(call.query, one.payments, show, total=False))


def update(call: Call) -> Answer:
    """PATCH: another day, paid elsewhere, an end instead of it, another pause before a retry.

    Raises ProblemError for one that is paid, or of a subscription that has ended (assumed).
    """
    gateway, body = call.gateway, call.body
    one, payment = _both(call)
    if one.status in billing.ENDED:
        raise ProblemError("SUBSCRIPTION_ALREADY_ENDED")
    if payment.paid:
        raise invalid("is_paid", "INVALID_FORMAT")
    interval = body.text("retry_interval")
    if interval is not None:
        settings = one.plan["schedule_settings"]
        one.plan["schedule_settings"] = {**settings, "retry_interval": interval}
    if "terminate_with_status" in body.data:
        payment.terminate = body.text("terminate_with_status")
    payment.updated = gateway.clock.now
    day = day_of(body.text("due_date") or "")
    if body.flag("is_paid", default=False):
        billing.mark_paid(gateway, one, payment)
    elif day is not None:
        billing.postpone(gateway, one, payment, day)
    return ok(subscription_view.payment(one, payment))


def list_charges(call: Call) -> Answer:
    """GET .../charges: the charges of one payment."""
    gateway = call.gateway
    _, payment = _both(call)
    shown = page(
        call.query, payment.charges, lambda one: resources.charge(gateway, one, listed=True)
    )
    return ok(shown)
