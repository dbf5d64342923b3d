"""The life of a subscription: what is charged when, and what follows from it.

Assumed throughout, the documents naming the states and the events only: a day begins at midnight
in Japan; the first payment's failure leaves it unconfirmed, a later one's unpaid; with a
retry_interval it is tried three times more, then suspended; without one it waits for somebody.
"""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from itertools import islice

from ..clock import JST
from . import hooks, processing, subscription_view
from .gateway import Gateway
from .schedules import Due, Schedule
from .state import Charge, Payment, Subscription
from .transitions import FINAL

RETRIES = 3
ENDED = {"canceled", "completed"}
_DAYS = re.compile(r"P([1-9][0-9]{0,2})([DWM])")
_UNITS = {"D": 1, "W": 7, "M": 30}


def tell(gateway: Gateway, one: Subscription, event: str) -> None:
    """Tell of a subscription, as it is now."""
    data = subscription_view.show(one)
    hooks.tell(gateway, event, data, store_id=one.store_id, merchant_id=one.merchant_id)


def move(gateway: Gateway, one: Subscription, status: str) -> None:
    """Put a subscription into another status, unless it is in it."""
    if one.status != status:
        gateway.step("subscription", one, status)


def begin(gateway: Gateway, one: Subscription) -> None:
    """A new subscription: unverified until its first payment has succeeded."""
    gateway.subscriptions[one.id] = one
    gateway.step("subscription", one, "unverified")
    tell(gateway, one, "subscription_created")
    plan_next(gateway, one)


def due_at(one: Subscription, number: int) -> Due | None:
    """The payment of that number as the plan has it, or None behind the last."""
    schedule: Schedule = one.plan["schedule"]
    return next(islice(schedule.dues(), number, None), None)


def plan_next(gateway: Gateway, one: Subscription) -> None:
    """Make the payment that follows the last one, and wait for its day."""
    number, now = len(one.payments), gateway.clock.now
    due = due_at(one, number)
    if due is None:
        return
    payment = Payment(
        id=gateway.new_id("payment"),
        due=due.day,
        amount=due.amount,
        created=now,
        updated=now,
        number=number,
        last=due.last,
    )
    one.payments.append(payment)
    wait(gateway, one, payment, payment.due)


def wait(gateway: Gateway, one: Subscription, payment: Payment, day: date) -> None:
    """Have a payment tried on that day; one that has begun means at once."""
    if payment.timer is not None:
        payment.timer.cancel()
    at = datetime.combine(day, time(), tzinfo=JST)
    if at <= gateway.clock.now:
        payment.timer = None
        attempt(gateway, one, payment)
    else:
        payment.timer = gateway.clock.call_at(at, lambda: attempt(gateway, one, payment))


def postpone(gateway: Gateway, one: Subscription, payment: Payment, day: date) -> None:
    """Another day for a payment; those behind it follow."""
    payment.due = day
    one.plan["schedule"] = one.plan["schedule"]._replace(start=day, since=payment.number)
    wait(gateway, one, payment, day)


def attempt(gateway: Gateway, one: Subscription, payment: Payment) -> None:
    """Charge a payment, or end the subscription where it says so."""
    if payment.paid or one.status in {*ENDED, "suspended"}:
        return
    if payment.terminate is not None:
        end(gateway, one, payment.terminate)
        return
    if payment.amount == 0:
        _paid(gateway, one, payment)
        return
    now = gateway.clock.now
    charge = Charge(
        id=gateway.new_id("charge"),
        store_id=one.store_id,
        mode=one.mode,
        created=now,
        updated=now,
        metadata=dict(one.metadata),
        token=one.token,
        amount=payment.amount,
        currency=one.currency,
        merchant_id=one.merchant_id,
        base=one.base,
        subscription_id=one.id,
        payment_id=payment.id,
        three_ds=one.plan["three_ds"] if payment.number == 0 else None,
    )
    if payment.number == 0 and one.plan["first_charge_authorization_only"]:
        charge.capture = False
        after = days_of(one.plan["first_charge_capture_after"])
        if after is not None:
            charge.capture, charge.capture_at = True, now + timedelta(days=after)
    fate, one.plan["fate"] = one.plan["fate"], None
    charge.fate = fate or processing.fate_of(one.token)
    one.token.last_used = now
    payment.charges.append(charge)
    charge.ended = lambda: _followed(gateway, one, payment, charge)
    processing.begin(gateway, charge)


def days_of(interval: object) -> int | None:
    """A duration of days, weeks or months of 30 days, or None."""
    found = _DAYS.fullmatch(interval) if isinstance(interval, str) else None
    return None if found is None else int(found[1]) * _UNITS[found[2]]


def _followed(gateway: Gateway, one: Subscription, payment: Payment, charge: Charge) -> None:
    """A charge of the subscription has taken a step."""
    if one.status in ENDED:
        return
    if charge.status == "successful":
        _paid(gateway, one, payment)
    elif charge.status in FINAL:
        _failed(gateway, one, payment)
    elif charge.status == "authorized" and one.status != "suspended":
        move(gateway, one, "current")
    elif one.status == "unverified":
        move(gateway, one, "unconfirmed")


def _paid(gateway: Gateway, one: Subscription, payment: Payment) -> None:
    payment.paid, payment.retry, payment.updated = True, None, gateway.clock.now
    if one.status != "suspended" and not payment.last:
        move(gateway, one, "current")
    if payment.last:
        move(gateway, one, "completed")
    else:
        plan_next(gateway, one)
    tell(gateway, one, "subscription_payment")
    if payment.last:
        tell(gateway, one, "subscription_completed")


def mark_paid(gateway: Gateway, one: Subscription, payment: Payment) -> None:
    """The shop says that a payment was made elsewhere."""
    if payment.timer is not None:
        payment.timer.cancel()
    _paid(gateway, one, payment)


def _failed(gateway: Gateway, one: Subscription, payment: Payment) -> None:
    if one.status in {"unverified", "unconfirmed"}:
        move(gateway, one, "unconfirmed")
    elif one.status != "suspended":
        move(gateway, one, "unpaid")
    after = days_of(one.plan["schedule_settings"].get("retry_interval"))
    suspend = after is not None and payment.retries >= RETRIES
    if after is not None and not suspend:
        payment.retries += 1
        payment.retry = (gateway.clock.now.astimezone(JST) + timedelta(days=after)).date()
        wait(gateway, one, payment, payment.retry)
    tell(gateway, one, "subscription_failure")
    if suspend:
        end(gateway, one, "suspended")


def retry(gateway: Gateway, one: Subscription) -> None:
    """Try an unpaid payment again, now."""
    payment = open_payment(one)
    if payment is None or any(charge.status not in FINAL for charge in payment.charges):
        return
    if payment.due <= gateway.clock.now.astimezone(JST).date():
        attempt(gateway, one, payment)
    else:
        wait(gateway, one, payment, payment.due)


def open_payment(one: Subscription) -> Payment | None:
    """The payment that comes next."""
    last = one.payments[-1] if one.payments else None
    return last if last is not None and not last.paid else None


def end(gateway: Gateway, one: Subscription, status: str) -> None:
    """Suspend or cancel a subscription that has not ended: nothing is charged any more."""
    if one.status in {*ENDED, status}:
        return
    move(gateway, one, status)
    for payment in one.payments:
        if payment.timer is not None:
            payment.timer.cancel()
            payment.timer = None
    tell(gateway, one, f"subscription_{status}")
