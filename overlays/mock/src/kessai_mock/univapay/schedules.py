"""When the payments of a subscription fall due, and how much each of them is. No state, no clock.

Document: facts, Other methods (periods and plans). Assumed: the first payment is due at once or
on start_on; initial_amount takes the place of the first payment; a fixed amount for each cycle is
taken from the whole until nothing is left; instalments are the card company's, so that the shop
has one payment.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterator
from datetime import date, timedelta
from typing import NamedTuple

from ..body import Body
from .problems import ProblemError, invalid
from .timing import day_of

_PERIODS = {
    "daily": "P1D", "weekly": "P1W", "biweekly": "P2W", "monthly": "P1M", "bimonthly": "P2M",
    "quarterly": "P3M", "semiannually": "P6M", "annually": "P1Y",
}  # fmt: skip
_DURATION = re.compile(r"P([1-9][0-9]?)([DWMY])")
MOST = 360  # payments of a plan (assumed)
ENDLESS = 12  # payments of a plan without end that a simulation shows


class Due(NamedTuple):
    """One payment to come."""

    day: date
    amount: int
    last: bool


class Schedule(NamedTuple):
    """How often, from when, and how much: `cycles` is None for one without end.

    `start` is the day of the payment with number `since`, which a change may have moved.
    """

    start: date
    step: str  # P1M
    end_of_month: bool
    amount: int
    initial: int | None
    cycles: int | None
    each: int | None  # what a cycle takes of the whole
    since: int = 0

    def day(self, number: int) -> date:
        """When the payment of that number is due; 0 is the first."""
        number = max(0, number - self.since)
        found = _DURATION.fullmatch(self.step)
        count, unit = (int(found[1]), found[2]) if found is not None else (1, "M")
        if unit in "DW":
            return self.start + timedelta(days=number * count * (7 if unit == "W" else 1))
        months = self.start.month - 1 + number * count * (12 if unit == "Y" else 1)
        year, month = self.start.year + months // 12, months % 12 + 1
        last = calendar.monthrange(year, month)[1]
        ends = self.start.day == calendar.monthrange(self.start.year, self.start.month)[1]
        day = last if self.end_of_month and ends else min(self.start.day, last)
        return date(year, month, day)

    def dues(self) -> Iterator[Due]:
        """Every payment, in order."""
        number, left = 0, self.amount
        while True:
            amount = self.amount if self.each is None else min(self.each, left)
            if number == 0 and self.initial is not None:
                amount = self.initial
            left -= amount
            if self.each is not None:
                last = left <= 0
            else:
                last = self.cycles is not None and number + 1 >= self.cycles
            yield Due(self.day(number), amount, last)
            if last:
                return
            number += 1


def schedule_of(body: Body, today: date, payment_type: str) -> Schedule:
    """What a request for a subscription, or for its simulation, asks for.

    Raises ProblemError for plans and periods that do not go together.
    """
    settings = body.child("schedule_settings") or Body({})
    start_on = settings.text("start_on")
    start = day_of(start_on) if start_on is not None else today
    if start is None or start < today:
        raise invalid("schedule_settings.start_on", "MUST_BE_FUTURE_OR_TODAY")
    installment = body.child("installment_plan")
    cycles, each = _cycles(body, payment_type)
    amount = int(body.data["amount"])
    initial = body.data.get("initial_amount")
    step = step_of(body) or ("P1M" if installment is not None else _required())
    if step.endswith("Y") and (cycles or ENDLESS) > ENDLESS:
        raise ProblemError("INSTALLMENT_MAX_PAYOUT_PERIOD_EXCEEDED")
    if isinstance(initial, int) and initial < 0:
        raise invalid("initial_amount", "INVALID_AMOUNT")
    return Schedule(
        start,
        step,
        settings.flag("preserve_end_of_month", default=False),
        amount,
        initial if isinstance(initial, int) and installment is None else None,
        cycles,
        each,
    )


def step_of(body: Body) -> str | None:
    """The time from one payment to the next, or None. Raises ProblemError for two, or no time."""
    period, cyclical = body.text("period"), body.text("cyclical_period")
    if period is not None and cyclical is not None:
        raise invalid("cyclical_period", "INVALID_TIME_PERIOD")
    step = _PERIODS.get(period) if period is not None else cyclical
    if step is not None and _DURATION.fullmatch(step) is None:
        raise invalid("cyclical_period", "INVALID_TIME_PERIOD")
    return step


def _required() -> str:
    raise invalid("period", "REQUIRED_VALUE")


def _cycles(body: Body, payment_type: str) -> tuple[int | None, int | None]:
    plan, installment = body.child("subscription_plan"), body.child("installment_plan")
    if plan is not None and installment is not None:
        raise ProblemError("INSTALLMENT_INVALID_PLAN")
    if installment is not None:
        if payment_type != "card":
            raise ProblemError("INSTALLMENT_PAYMENT_TYPE_NOT_ALLOWED_FOR_PLAN")
        if installment.text("plan_type") == "fixed_cycles" and not installment.has("fixed_cycles"):
            raise ProblemError("INSTALLMENT_INVALID_CYCLES_COUNT")
        return 1, None
    if plan is None:
        return None, None
    name = plan.text("plan_type")
    member = "fixed_cycles" if name == "fixed_cycles" else "fixed_cycle_amount"
    number = plan.data.get(member)
    if name not in {"fixed_cycles", "fixed_cycle_amount"}:
        raise ProblemError("INSTALLMENT_INVALID_PLAN")
    if not isinstance(number, int) or number < 1:
        raise invalid(f"subscription_plan.{member}", "REQUIRED_VALUE")
    count = number if name == "fixed_cycles" else -(-int(body.data["amount"]) // number)
    if count > MOST:
        raise ProblemError("INSTALLMENT_INVALID_CYCLES_COUNT")
    return (number, None) if name == "fixed_cycles" else (None, number)
