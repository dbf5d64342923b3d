"""A request that the generated models refuse, in this gateway's words.

And what the comments in the kit say of single members that a schema does not hold: letters of
orders' numbers, telephones, days and months that exist, the greatest amount of Merpay.
"""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

from .. import schemas
from .results import RefusalError

_MAX_DIGITS = 15  # of an amount where the field lists have no limit; assumed
MODELS = "kessai_mock_models.mdk"
# Letters of an order's number, as the comments in the kit have them: two services take a dot.
_ORDER_ID = re.compile(r"[0-9A-Za-z_-]{1,100}")
_ORDER_ID_DOT = re.compile(r"[0-9A-Za-z_.-]{1,100}")
_DOTTED = frozenset({"cvs", "paypal"})
_MONTH = re.compile(r"[0-9]{4}(?:0[1-9]|1[0-2])")
_SHAPES: dict[str, dict[str, re.Pattern[str]]] = {
    "bank": {
        "telNo": re.compile(r"[0-9]{9,11}"),
        "post1": re.compile(r"[0-9]{3}"),
        "post2": re.compile(r"[0-9]{4}"),
    },
    "carrier": {"captureMonth": _MONTH, "cancelMonth": _MONTH},
    "cvs": {"telNo": re.compile(r"(?=(?:-?[0-9]){1,11}\Z)[0-9]+(?:-[0-9]+)*")},
    "oricosc": {"shippingZipCode": re.compile(r"[0-9]{3}-[0-9]{4}")},
}
_MOST = {"merpay": {"amount": 1_000_000, "listPrice": 1_000_000, "unitPrice": 1_000_000}}


def validate(service: str, model: str, data: dict[str, Any]) -> None:
    """Check a request. Raises RefusalError ZF01, naming the members."""
    found = schemas.findings(MODELS, model, data)
    if found is not None:
        raise RefusalError("ZF01", ", ".join([*found.absent, *found.wrong]))
    amount: object = data.get("amount")
    if isinstance(amount, str) and len(amount) > _MAX_DIGITS:
        raise RefusalError("ZF01", "amount")
    form = _ORDER_ID_DOT if service in _DOTTED else _ORDER_ID
    shapes = {"orderId": form, "originalOrderId": form, **_SHAPES.get(service, {})}
    for name, shape in shapes.items():
        if isinstance(data.get(name), str) and shape.fullmatch(data[name]) is None:
            raise RefusalError("ZF01", name)
    for name, most in _MOST.get(service, {}).items():
        if isinstance(data.get(name), str) and int(data[name]) > most:
            raise RefusalError("ZF01", name)
    _day(data, "salesDay")


def _day(data: dict[str, Any], name: str) -> None:
    """Raises RefusalError ZF01 for a day that no calendar has."""
    if isinstance(data.get(name), str):
        try:
            datetime.strptime(data[name], "%Y%m%d")
        except ValueError:
            raise RefusalError("ZF01", name) from None


def echoed(order_id: str | None) -> str | None:
    """An order's number as an answer can carry it: None for what is none."""
    return order_id if order_id is None or _ORDER_ID_DOT.fullmatch(order_id) else None
