"""When payments fall due and how much they are: the plan alone, without a mock."""

from __future__ import annotations

from datetime import date
from itertools import islice
from typing import Any

import pytest
from kessai_mock.body import Body
from kessai_mock.univapay.problems import ProblemError
from kessai_mock.univapay.schedules import Schedule, schedule_of

TODAY = date(2026, 1, 31)


def schedule(kind: str = "card", **more: Any) -> Schedule:
    """The schedule of a request."""
    return schedule_of(Body({"amount": 1000, **more}), TODAY, kind)


def days(of: Schedule, count: int = 3) -> list[str]:
    """The first days of payment."""
    return [due.day.isoformat() for due in islice(of.dues(), count)]


@pytest.mark.parametrize(
    ("how", "second"),
    [
        ({"period": "daily"}, "2026-02-01"),
        ({"period": "weekly"}, "2026-02-07"),
        ({"period": "biweekly"}, "2026-02-14"),
        ({"period": "monthly"}, "2026-02-28"),
        ({"period": "bimonthly"}, "2026-03-31"),
        ({"period": "quarterly"}, "2026-04-30"),
        ({"period": "semiannually"}, "2026-07-31"),
        ({"period": "annually"}, "2027-01-31"),
        ({"cyclical_period": "P10D"}, "2026-02-10"),
        ({"cyclical_period": "P4M"}, "2026-05-31"),
    ],
)
def test_periods(how: dict[str, Any], second: str) -> None:
    assert days(schedule(**how)) == ["2026-01-31", second, days(schedule(**how))[2]]


def test_short_months_do_not_shorten_the_next() -> None:
    assert days(schedule(period="monthly")) == ["2026-01-31", "2026-02-28", "2026-03-31"]


@pytest.mark.parametrize(("preserve", "third"), [(True, "2026-03-31"), (False, "2026-03-28")])
def test_the_end_of_a_month_may_be_preserved(preserve: bool, third: str) -> None:
    settings = {"start_on": "2027-02-28", "preserve_end_of_month": preserve}
    found = days(schedule(period="monthly", schedule_settings=settings), 2)
    assert found == ["2027-02-28", third.replace("2026", "2027")]


def test_a_plan_of_cycles() -> None:
    plan = {"plan_type": "fixed_cycles", "fixed_cycles": 3}
    dues = list(schedule(period="monthly", subscription_plan=plan, initial_amount=100).dues())
    assert [(due.amount, due.last) for due in dues] == [(100, False), (1000, False), (1000, True)]


def test_a_plan_of_an_amount_for_each_cycle() -> None:
    plan = {"plan_type": "fixed_cycle_amount", "fixed_cycle_amount": 300}
    dues = list(schedule(period="monthly", subscription_plan=plan).dues())
    assert [due.amount for due in dues] == [300, 300, 300, 100]
    assert [due.last for due in dues] == [False, False, False, True]


def test_instalments_are_one_payment_of_the_shops() -> None:
    plan = {"plan_type": "fixed_cycles", "fixed_cycles": 3}
    dues = list(schedule(installment_plan=plan).dues())
    assert [(due.amount, due.last) for due in dues] == [(1000, True)]
    assert len(list(schedule(installment_plan={"plan_type": "revolving"}).dues())) == 1


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({}, "VALIDATION_ERROR"),
        ({"period": "monthly", "cyclical_period": "P1M"}, "VALIDATION_ERROR"),
        ({"cyclical_period": "monthly"}, "VALIDATION_ERROR"),
        (
            {"period": "monthly", "schedule_settings": {"start_on": "2026-01-30"}},
            "VALIDATION_ERROR",
        ),
        ({"period": "monthly", "initial_amount": -1}, "VALIDATION_ERROR"),
        (
            {"period": "monthly", "subscription_plan": {"plan_type": "fixed_cycles"}},
            "VALIDATION_ERROR",
        ),
        (
            {"period": "monthly", "subscription_plan": {"fixed_cycles": 3}},
            "INSTALLMENT_INVALID_PLAN",
        ),
        (
            {"installment_plan": {"plan_type": "fixed_cycles"}},
            "INSTALLMENT_INVALID_CYCLES_COUNT",
        ),
        (
            {
                "period": "monthly",
                "subscription_plan": {"plan_type": "fixed_cycles", "fixed_cycles": 361},
            },
            "INSTALLMENT_INVALID_CYCLES_COUNT",
        ),
        (
            {
                "cyclical_period": "P99Y",
                "subscription_plan": {"plan_type": "fixed_cycles", "fixed_cycles": 360},
            },
            "INSTALLMENT_MAX_PAYOUT_PERIOD_EXCEEDED",
        ),
        (
            {"installment_plan": {}, "subscription_plan": {}, "period": "monthly"},
            "INSTALLMENT_INVALID_PLAN",
        ),
    ],
)
def test_what_does_not_go_together(body: dict[str, Any], code: str) -> None:
    with pytest.raises(ProblemError, match=code):
        schedule(**body)


def test_instalments_are_for_cards() -> None:
    with pytest.raises(ProblemError, match="NOT_ALLOWED_FOR_PLAN"):
        schedule("konbini", installment_plan={"plan_type": "revolving"})
