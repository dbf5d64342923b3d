"""What charges, refunds and cancels that were found say about an order."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from kessai.lookup import Standing

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kessai.operation import Operation

__all__ = [
    "AMOUNT",
    "CHARGE",
    "CURRENCY",
    "FAILED",
    "LIST",
    "REFERENCE",
    "agrees",
    "cancelled",
    "captured",
    "charge_cancelled",
    "ids",
    "made",
    "named",
    "reference_of",
    "several",
    "standing",
]

#: Beside the names to ask by: what an answer has to agree with.
AMOUNT, CURRENCY, REFERENCE = "amount", "currency", "reference"
#: Which list of a charge to read, or the charge itself in its place.
LIST, CHARGE = "list", "charge"

_DONE = frozenset({"successful", "authorized"})
_WAITING = frozenset({"pending", "awaiting"})
FAILED = frozenset({"failed", "error", "canceled"})


def reference_of(metadata: object, key: str) -> str | None:
    """The merchant's reference in ``metadata``, as text."""
    value = cast("dict[str, Any]", metadata).get(key) if isinstance(metadata, dict) else None
    if isinstance(value, bool) or not isinstance(value, str | int) or value == "":
        return None
    return str(value)


def named(metadata: object, key: str, wanted: str) -> bool:
    """Whether it holds our reference, which may come back as a number ("0042" as 42)."""
    value = cast("dict[str, Any]", metadata).get(key) if isinstance(metadata, dict) else None
    if isinstance(value, int) and not isinstance(value, bool):
        digits = wanted.isascii() and wanted.isdecimal() and len(wanted) < 300
        return value == int(wanted) if digits else str(value) == wanted
    return value == wanted


def agrees(item: Any, reference: Mapping[str, str], prefix: str) -> bool:
    """Whether amount and currency are ours, as far as the request named them."""
    for name in (AMOUNT, CURRENCY):
        wanted = reference.get(name)
        if wanted is not None and str(getattr(item, prefix + name, None)).upper() != wanted:
            return False
    return True


def made(item: Any) -> float:
    """When it was made; long ago where nobody can read the date, so that it proves nothing."""
    try:
        return float(item.created_on.timestamp())
    except (ValueError, OverflowError):
        return 0.0


def cancelled(own: list[Any]) -> Standing:
    """A charge can be cancelled once: one that did it tells. If none did, the charge does."""
    for status in ("successful", "pending"):
        for item in own:
            if str(item.status) == status:
                return standing(status, names_of("cancel_id", item))
    return Standing("unsettled", reference={LIST: CHARGE}, remedy="no cancel was carried out")


def several(own: list[Any], name: str) -> Standing:
    """One entry, or several under one name: two that are alive are doubled."""
    alive = [item for item in own if str(item.status) not in FAILED]
    if len(alive) > 1:
        both = {f"{name}:{number}": item.id for number, item in enumerate(alive, 1)}
        return Standing("doubled", reference=both)
    item = (alive or own)[0]
    return standing(str(item.status), names_of(name, item))


def standing(status: str, names: Mapping[str, str]) -> Standing:
    """What the status of an order's own charge, refund or cancel says; a hold is paid."""
    if status in _DONE:
        return Standing("done", status, names)
    if status in _WAITING:
        remedy = "the customer has not paid yet" if status == "awaiting" else "ask again later"
        return Standing("waiting", status, names, remedy=remedy)
    return Standing("failed" if status in FAILED else "unsettled", status, names)


def captured(charge: Any, reference: Mapping[str, str]) -> Standing:
    """What a charge says of its capture; another amount than was ordered is for a person."""
    status = str(charge.status)
    if status == "successful":
        wanted, taken = reference.get(AMOUNT), charge.charged_amount
        other = wanted is not None and taken is not None and str(taken) != wanted
        return Standing("check" if other else "done", status)
    if status in FAILED:
        return Standing("failed", status)
    return Standing("unsettled", status, remedy="it is not captured, and may still be")


def charge_cancelled(status: str) -> Standing:
    """What a charge says of a cancel that no list shows: what is at its end stays as it is."""
    if status == "canceled":
        return Standing("done", status)
    if status in ("successful", "failed", "error"):
        return Standing("failed", status)
    return Standing("unsettled", status, remedy="it is not cancelled, and may still be")


def ids(operation: Operation[Any, Any], value: Any) -> dict[str, str]:
    """The number of what an order made, under the name by which it is asked for."""
    name = {"refunds_create": "refund_id", "cancels_create": "cancel_id"}.get(
        operation.name, "charge_id"
    )
    return names_of(name, value)


def names_of(name: str, item: Any) -> dict[str, str]:
    """What to ask by from now on; a cancel may not name its store, which is known then."""
    found = {name: item.id, "store_id": item.store_id}
    return {name: text for name, text in found.items() if text}
