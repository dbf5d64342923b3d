"""Paying at a konbini: what the customer needs, when it is there, and when it is paid."""

from __future__ import annotations

from typing import Any

import pytest
from kessai_univapay import PAY_EASY_COLLECTING_AGENCY, KonbiniPayment, is_paid
from kessai_univapay import models as m

from tests.unit.univapay.scripted import CHARGE, charge_of

NUMBER = "20020-123456789012"
URL = "https://slip.example.com/1"


def konbini_charge(status: str = "awaiting", **members: Any) -> m.Charge:
    """A charge as the guide prints it."""
    return m.Charge.from_wire(charge_of(status, **members))


def test_the_example_of_the_guide() -> None:
    """Awaiting: number and URL are there, and nothing is paid although an amount is charged."""
    metadata = {
        "internal_convenience_payment_number": NUMBER,
        "internal_convenience_payment_url": URL,
    }
    slip = KonbiniPayment(konbini_charge(metadata=metadata))
    assert (slip.payment_number, slip.slip_url) == (NUMBER, URL)
    assert slip.charge.charged_amount == slip.charge.requested_amount == 1100
    assert not slip.is_paid


@pytest.mark.parametrize("metadata", [None, {}, {"orderid": 123456}])
def test_the_paid_example_has_lost_them(metadata: Any) -> None:
    slip = KonbiniPayment(konbini_charge("successful", metadata=metadata))
    assert (slip.payment_number, slip.slip_url) == (None, None)
    assert slip.is_paid


@pytest.mark.parametrize(
    ("came", "read"),
    [
        (20020, "20020"),
        ("", None),
        (None, None),
        (True, None),
        (1.5, None),
        ([NUMBER], None),
        ({"a": NUMBER}, None),
    ],
)
def test_metadata_of_other_types(came: Any, read: str | None) -> None:
    """Values can come back with another type than they went out with."""
    slip = KonbiniPayment(
        konbini_charge(metadata={"internal_convenience_payment_number": came, "kept": came})
    )
    assert slip.payment_number == read
    assert slip.charge.metadata is not None
    assert slip.charge.metadata["kept"] == came


# What the guide says to look at: the state and the charged amount.
TABLE = [
    ("successful", 1100, "JPY", True),
    ("successful", 1099, "JPY", False),
    ("successful", 1101, "JPY", False),
    ("successful", None, "JPY", False),
    ("successful", 1100, None, True),
    ("successful", 1100, "USD", False),
    ("successful", "1100", "JPY", True),
    ("pending", 1100, "JPY", False),
    ("awaiting", 1100, "JPY", False),
    ("authorized", 1100, "JPY", False),
    ("failed", 1100, "JPY", False),
    ("error", 1100, "JPY", False),
    ("canceled", 1100, "JPY", False),
    ("sparkling", 1100, "JPY", False),
]


@pytest.mark.parametrize(("status", "amount", "currency", "paid"), TABLE)
def test_paid_is_the_state_and_the_whole_amount(
    status: str, amount: Any, currency: str | None, paid: bool
) -> None:
    charge = konbini_charge(status, charged_amount=amount, charged_currency=currency)
    assert is_paid(charge) is KonbiniPayment(charge).is_paid is paid


def test_nothing_charged_is_not_paid_even_of_nothing() -> None:
    assert not is_paid(konbini_charge("successful", charged_amount=None, requested_amount=0))


def test_the_collecting_agency_number_is_the_same_for_all() -> None:
    assert PAY_EASY_COLLECTING_AGENCY == "58091"


def test_repr_shows_no_number() -> None:
    slip = KonbiniPayment(konbini_charge(metadata={"internal_convenience_payment_number": NUMBER}))
    assert repr(slip) == f"KonbiniPayment('{CHARGE}', 'awaiting')"
