"""What answers have in place of an object or a list that is not there.

Members of a request that are empty are left out, and in an answer an empty text, ``[]`` in place of
an object or ``{}`` in place of a list says no more: whoever makes JSON of PHP's or XML's data
writes such. It is no reason not to read the rest of an answer about money. Assumed: no document
says so, and the sample of an answer that was seen has none.
"""

from __future__ import annotations

from typing import Any, Final

__all__ = ["ARRAYS", "OBJECTS", "without_empty_parts"]

OBJECTS: Final = frozenset(
    {
        "account", "accountBasic", "agResponse", "bankAccountInfo", "cbResponse",
        "fraudDetectionResponse", "masterInfos", "masters", "orderInfos", "payNowIdResponse",
        "properOrderInfo", "properTransactionInfo", "rdResponse", "transactionInfos",
    }
)  # fmt: skip
"""Members of answers that hold an object, beside ``result``, which has to be there."""

ARRAYS: Final = frozenset(
    {
        "accountInfo", "bankFinancialInstInfo", "cardInfo", "masterInfo", "optionResults",
        "orderInfo", "recurringCharge", "transactionInfo",
    }
)  # fmt: skip
"""Members of answers that hold a list."""

_PARTS = OBJECTS | ARRAYS


def without_empty_parts(members: dict[str, Any]) -> dict[str, Any]:
    """An object of an answer without those of its members; for json.loads, as object_hook."""
    for name in members.keys() & _PARTS:
        if members[name] in ("", [] if name in OBJECTS else {}):
            del members[name]
    return members
