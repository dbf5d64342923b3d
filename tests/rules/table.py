"""All rows, each id once."""

from __future__ import annotations

from tests.rules import (
    rows_cash,
    rows_credit,
    rows_order,
    rows_other,
    rows_screening,
    rows_wallet,
)
from tests.rules.rows import Row

ROWS: list[Row] = [
    *rows_order.ROWS,
    *rows_credit.ROWS,
    *rows_screening.ROWS,
    *rows_wallet.ROWS,
    *rows_cash.ROWS,
    *rows_other.ROWS,
]
LIVE: list[Row] = rows_other.LIVE
