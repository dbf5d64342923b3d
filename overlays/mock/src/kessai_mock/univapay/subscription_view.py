"""Subscriptions and their payments as answers and notices show them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .resources import MERCHANT_NAME, formatted
from .schedules import Schedule
from .state import Payment, Subscription
from .timing import stamp

if TYPE_CHECKING:
    from .gateway import Gateway

ZONE = "Asia/Tokyo"


def payment(one: Subscription, of: Payment) -> dict[str, Any]:
    """A payment."""
    return {
        "id": of.id,
        "due_date": of.due.isoformat(),
        "zone_id": one.plan["schedule_settings"]["zone_id"],
        "amount": of.amount,
        "currency": one.currency,
        "amount_formatted": formatted(of.amount, one.currency),
        "is_paid": of.paid,
        "is_last_payment": of.last,
        "created_on": stamp(of.created),
        "updated_on": stamp(of.updated),
    }


def _next(one: Subscription) -> dict[str, Any] | None:
    of = one.payments[-1] if one.payments else None
    if of is None or of.paid:
        return None
    retry = of.retry.isoformat() if of.retry is not None else None
    return {**payment(one, of), "retry_date": retry, "terminate_with_status": of.terminate}


def show(one: Subscription) -> dict[str, Any]:
    """A subscription. Plans, 3-D Secure and the next payment are left out where there are none."""
    plan, schedule = one.plan, one.plan["schedule"]
    left = _left(one, schedule)
    initial = plan["initial_amount"]
    content: dict[str, Any] = {
        "id": one.id,
        "store_id": one.store_id,
        "transaction_token_id": one.token.id,
        "amount": one.amount,
        "currency": one.currency,
        "amount_formatted": formatted(one.amount, one.currency),
        "initial_amount": initial,
        "initial_amount_formatted": formatted(initial, one.currency),
        "subsequent_cycles_start": None,
        "schedule_settings": {k: v for k, v in plan["schedule_settings"].items() if v is not None},
        "only_direct_currency": False,
        "first_charge_capture_after": plan["first_charge_capture_after"],
        "first_charge_authorization_only": plan["first_charge_authorization_only"],
        "status": one.status,
        "metadata": one.metadata,
        "mode": one.mode,
        "created_on": stamp(one.created),
        "cyclical_period": plan["cyclical_period"],
        "cycles_left": left[0],
        "charge_id": _charge_id(one),
        "amount_left": left[1],
        "amount_left_formatted": formatted(left[1], one.currency),
    }
    optional = {
        "period": plan["period"],
        "three_ds": plan["three_ds"],
        "next_payment": _next(one),
        "subscription_plan": plan["subscription_plan"],
        "installment_plan": plan["installment_plan"],
    }
    return content | {name: value for name, value in optional.items() if value is not None}


def _left(one: Subscription, schedule: Schedule) -> tuple[int | None, int | None]:
    """Payments and money that are left of a plan; none of a subscription without end."""
    if schedule.cycles is None and schedule.each is None:
        return None, None
    paid = sum(payment.paid for payment in one.payments)
    dues = list(schedule.dues())[paid:]
    return len(dues), sum(due.amount for due in dues)


def _charge_id(one: Subscription) -> str | None:
    """The one charge of instalments, which are the card company's."""
    if one.plan["installment_plan"] is None or not one.payments or not one.payments[0].charges:
        return None
    return one.payments[0].charges[-1].id


def item(gateway: Gateway, one: Subscription) -> dict[str, Any]:
    """A subscription as lists show it."""
    card, following = one.token.shown("card"), _next(one)
    shown = show(one) | {
        "merchant_name": MERCHANT_NAME,
        "store_name": gateway.stores[one.store_id].name,
        "payment_type": one.token.payment_type,
        "user_data": {
            "type": one.token.payment_type,
            "cardholder_name": card.get("cardholder"),
            "email": one.token.email,
            "brand": card.get("brand"),
            "gateway": None,
            "service_provider": None,
        },
    }
    if following is not None:
        shown["next_payment_date"] = following["due_date"]
    return shown
