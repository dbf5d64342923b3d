"""Subscriptions: made, read, listed, changed, suspended, resumed, cancelled, simulated.

Document: facts, Other methods and Endpoints. What a change does to payments that were planned is
assumed.
"""

from __future__ import annotations

from typing import Any

from ..body import Body
from ..clock import JST
from . import billing, metadata, resources, subscription_view
from .call import GONE, Answer, Call, made, ok
from .charges import usable, use
from .paging import page
from .problems import ProblemError, invalid
from .schedules import ENDLESS, schedule_of, step_of
from .state import Subscription, Token
from .timing import day_of


def create(call: Call) -> Answer:
    """POST /subscriptions: unverified, whatever becomes of it."""
    gateway, body = call.gateway, call.body
    values = metadata.taken(body.data)
    token = _token(call, body.need("transaction_token_id"))
    now = gateway.clock.now
    schedule = schedule_of(body, now.astimezone(JST).date(), token.payment_type)
    three_ds = body.child("three_ds")
    one = Subscription(
        id=gateway.new_id("subscription"),
        store_id=token.store_id,
        mode=token.mode,
        created=now,
        updated=now,
        metadata=values,
        token=token,
        merchant_id=call.caller.merchant_id,
        base=call.base,
        amount=schedule.amount,
        currency=body.need("currency").upper(),
        plan={
            "schedule": schedule,
            "schedule_settings": _settings(body),
            "period": body.text("period"),
            "cyclical_period": body.text("cyclical_period"),
            "initial_amount": body.data.get("initial_amount"),
            "subscription_plan": _members(body, "subscription_plan"),
            "installment_plan": _members(body, "installment_plan"),
            "first_charge_authorization_only": body.flag(
                "first_charge_authorization_only", default=False
            ),
            "first_charge_capture_after": body.text("first_charge_capture_after"),
            "three_ds": None
            if three_ds is None
            else {
                "mode": three_ds.text("mode") or "normal",
                "redirect_endpoint": three_ds.text("redirect_endpoint"),
                "redirect_id": gateway.new_id("redirect"),
            },
            "fate": call.payment_error,
        },
    )
    use(call, token)
    billing.begin(gateway, one)
    return made(subscription_view.show(one))


def _token(call: Call, token_id: str) -> Token:
    token = usable(call, token_id)
    if token.kind != "subscription":
        raise ProblemError("NOT_SUBSCRIPTION_TOKEN")
    return token


def _members(body: Body, name: str) -> dict[str, Any] | None:
    found = body.child(name)
    return None if found is None else dict(found.data)


def _settings(body: Body) -> dict[str, Any]:
    sent = body.child("schedule_settings") or Body({})
    return {
        "start_on": sent.text("start_on"),
        "zone_id": sent.text("zone_id") or subscription_view.ZONE,
        "preserve_end_of_month": sent.flag("preserve_end_of_month", default=False),
        "retry_interval": sent.text("retry_interval"),
        "termination_mode": sent.text("termination_mode") or "immediate",
    }


def find(call: Call) -> Subscription:
    """The subscription the path names. Raises ProblemError NOT_FOUND."""
    one = call.gateway.subscriptions.get(call.path["subscription_id"])
    if one is None or one.store_id != call.store_id or one.mode != call.caller.mode:
        raise ProblemError("NOT_FOUND")
    return one


def get(call: Call) -> Answer:
    """GET: a subscription as it stands."""
    return ok(subscription_view.show(find(call)))


def listed(call: Call) -> Answer:
    """GET lists, of a store or of all."""
    gateway, caller, query = call.gateway, call.caller, call.query
    store_id = call.path.get("store_id", caller.store_id)
    search = (query.get("search") or "").lower()
    found = [
        one
        for one in gateway.subscriptions.values()
        if one.mode == (query.get("mode") or caller.mode)
        and store_id in {None, one.store_id}
        and one.merchant_id == caller.merchant_id
        and query.get("status") in {None, "", one.status}
        and search in f"{one.token.email} {one.token.shown('card').get('cardholder')}".lower()
    ]
    return ok(page(query, found, lambda one: subscription_view.item(gateway, one)))


def _changeable(call: Call) -> Subscription:
    """Raises ProblemError for a subscription that has ended."""
    one = find(call)
    if one.status == "canceled":
        raise ProblemError("CANNOT_CHANGE_CANCELED_SUBSCRIPTION")
    if one.status == "completed":
        raise ProblemError("SUBSCRIPTION_ALREADY_ENDED")
    return one


def update(call: Call) -> Answer:
    """PATCH: what is sent is changed, from the next payment on."""
    gateway, one, body = call.gateway, _changeable(call), call.body
    values = metadata.taken(body.data)
    step = step_of(body)
    if body.has("transaction_token_id"):
        _replace(call, one, body.need("transaction_token_id"))
    one.metadata = {**one.metadata, **values}
    schedule, following = one.plan["schedule"], billing.open_payment(one)
    if step is not None:
        schedule = schedule._replace(step=step)
        if following is not None:
            schedule = schedule._replace(start=following.due, since=following.number)
        one.plan["period"] = body.text("period")
        one.plan["cyclical_period"] = body.text("cyclical_period")
    amount: Any = body.data.get("amount")
    if amount is not None:
        if amount < 1:
            raise invalid("amount", "INVALID_AMOUNT")
        schedule = schedule._replace(amount=amount)
        one.amount = amount
        if following is not None and schedule.each is None:
            following.amount = amount
    one.plan["schedule"] = schedule
    settings = body.child("schedule_settings")
    if settings is not None:
        one.plan["schedule_settings"] = {**one.plan["schedule_settings"], **settings.data}
    sent = body.child("next_payment")
    if sent is not None and following is not None:
        following.terminate = sent.text("terminate_with_status") or following.terminate
        following.amount = sent.data.get("amount") or following.amount
        day = day_of(sent.text("due_date") or "")
        if day is not None:
            billing.postpone(gateway, one, following, day)
    one.updated = gateway.clock.now
    if body.text("status") == "suspended":
        billing.end(gateway, one, "suspended")
    elif body.text("status") == "unpaid":
        _resume(call, one)
    return ok(subscription_view.show(one))


def _replace(call: Call, one: Subscription, token_id: str) -> None:
    token = _token(call, token_id)
    use(call, token)
    one.token = token


def _resume(call: Call, one: Subscription) -> None:
    """Try again what is unpaid; a suspended one goes on, one that has ended does not."""
    if one.status in billing.ENDED:
        return
    if one.status == "suspended":
        paid = any(payment.paid for payment in one.payments)
        billing.move(call.gateway, one, "current" if paid else "unpaid")
    billing.retry(call.gateway, one)


def suspend(call: Call) -> Answer:
    """PATCH .../suspend: at once, or when the next payment falls due."""
    one = _changeable(call)
    mode = call.body.text("schedule_settings", "termination_mode") or "immediate"
    following = billing.open_payment(one)
    if mode == "on_next_payment" and following is not None:
        following.terminate = "suspended"
    else:
        billing.end(call.gateway, one, "suspended")
    return ok(subscription_view.show(one))


def unsuspend(call: Call) -> Answer:
    """PATCH .../unsuspend. What fell due meanwhile is charged now."""
    one = _changeable(call)
    if one.status == "suspended":
        _resume(call, one)
    return ok(subscription_view.show(one))


def update_token(call: Call) -> Answer:
    """PATCH .../token: another token takes over; what is unpaid is tried again."""
    one = _changeable(call)
    _replace(call, one, call.body.need("transaction_token_id"))
    if one.status in {"unpaid", "unconfirmed"}:
        billing.retry(call.gateway, one)
    return ok(subscription_view.show(one))


def cancel(call: Call) -> Answer:
    """DELETE: cancelled at once."""
    one = find(call)
    if one.status in billing.ENDED:
        raise ProblemError("SUBSCRIPTION_ALREADY_ENDED")
    billing.end(call.gateway, one, "canceled")
    return GONE


def list_charges(call: Call) -> Answer:
    """GET .../charges: every charge of a subscription."""
    gateway = call.gateway
    found = [charge for payment in find(call).payments for charge in payment.charges]
    return ok(page(call.query, found, lambda one: resources.charge(gateway, one, listed=True)))


def latest_charge(call: Call) -> Answer:
    """GET .../charges/latest. Raises ProblemError NOT_FOUND while there is none."""
    found = [charge for payment in find(call).payments for charge in payment.charges]
    if not found:
        raise ProblemError("NOT_FOUND")
    return ok(resources.charge(call.gateway, found[-1]))


def simulate(call: Call) -> Answer:
    """POST .../simulate_plan: a bare array; of a plan without end the first twelve (assumed)."""
    body = call.body
    today = call.gateway.clock.now.astimezone(JST).date()
    payment_type, settings = body.need("payment_type"), _settings(body)
    shown: list[dict[str, Any]] = []
    for due in schedule_of(body, today, payment_type).dues():
        shown.append(
            {
                "due_date": due.day.isoformat(),
                "zone_id": settings["zone_id"],
                "amount": due.amount,
                "currency": body.need("currency").upper(),
                "is_paid": False,
                "is_last_payment": due.last,
                "successful_payment_date": None,
                "terminate_with_status": None,
                "retry_interval": settings["retry_interval"],
            }
        )
        if len(shown) == ENDLESS and not due.last and _endless(body):
            break
    return ok(shown)


def _endless(body: Body) -> bool:
    return body.child("subscription_plan") is None and body.child("installment_plan") is None
