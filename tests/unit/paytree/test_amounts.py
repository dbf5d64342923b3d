"""Amounts: whole yen, with the fraction cut off."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from kessai_paytree.amounts import yen


@pytest.mark.parametrize(
    ("amount", "whole"),
    [
        (3980, 3980),
        (0, 0),
        (-1, -1),
        (Decimal("99.9"), 99),
        (Decimal("99.99999999999999999999999999999999"), 99),
        (Decimal("-0.5"), 0),
        (Decimal("1E+3"), 1000),
        (Decimal("1E-9999"), 0),
        (Decimal("1E+999999"), 10**31),
    ],
)
def test_the_fraction_is_cut_off(amount: object, whole: int) -> None:
    found = yen(amount)
    assert found == whole
    assert type(found) is int


@pytest.mark.parametrize(
    "none", [True, 1.0, "100", "１００", None, b"1", Decimal("NaN"), Decimal("-Inf")]
)
def test_what_is_no_amount(none: object) -> None:
    assert yen(none) is None


@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=0, max_value=10**15))
def test_never_more_than_was_said(amount: Decimal) -> None:
    found = yen(amount)
    assert found is not None
    assert found <= amount < found + 1
