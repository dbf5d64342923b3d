"""Amounts in yen: whole numbers, with what stands behind the point cut off as the manual says.

Source: WbPay library specification 1.0, section 4 (Amount: 15 digits, fraction cut off).
"""

from __future__ import annotations

from decimal import Decimal
from typing import Final

__all__ = ["MOST_DIGITS", "yen"]

MOST_DIGITS: Final = 15


def yen(amount: object) -> int | None:
    """Return the whole yen of an amount, or None for what is none.

    Takes int and Decimal (finite); ``Decimal("99.9")`` becomes 99. A float is refused, because it
    may stand for less than was meant before anything is cut off (0.1 + 0.2), and so are bool and
    text. Signs and digits are not looked at here.
    """
    if isinstance(amount, bool):
        return None
    if isinstance(amount, int):
        return int(amount)
    if isinstance(amount, Decimal) and amount.is_finite():
        # Beyond any limit: int() of an exponent of a million would take memory, and time.
        return int(amount) if amount.adjusted() <= 30 else 10**31
    return None
