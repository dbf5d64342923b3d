"""How an order stands, read from its own answer or from a list of what the gateway has.

What settles a lost answer depends on the token. A one-time token makes one charge: whatever the
list shows under it is ours, and an empty list means not paid once the token's five minutes are
over. A recurring token makes many: ours is told by the merchant's reference in the metadata, and
an empty list proves nothing. A token whose kind this client does not know is asked for its kind.

Source: docs.univapay.com and the official libraries (one charge, 5 minutes, lists); the rest is
worked out from that.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from kessai.lookup import FIRST_SENT, Standing
from kessai.parameters import bind, path_values

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from kessai.operation import Operation

    from .tokens import TokenTypes

__all__ = ["COVERED", "UnivapayLookup", "reference_of"]

#: Beside the names to ask by: what an answer has to agree with.
AMOUNT, CURRENCY, REFERENCE = "amount", "currency", "reference"
#: A token's kind where it is known, that it is to be asked for, and which list of a charge to read.
KIND, ASK_TOKEN, LIST = "type", "token", "list"
#: Seconds by which this clock and the gateway's may differ.
TOLERANCE = 300.0
#: Entries of a list that are read: its longest page, newest first.
PAGE = "100"
NO_PROOF = "a recurring token's charges can be many, so that a missing one proves nothing"

#: The orders that move money; for the others the rule of the spec says it all.
COVERED = frozenset({"charges_create", "captures_create", "cancels_create", "refunds_create"})
_LISTS = {"cancels_create": "cancels", "refunds_create": "refunds"}


class UnivapayLookup:
    """Asks for charges by token, for captures, cancels and refunds by charge.

    ``store_id``: the app token's store, None for a merchant's. ``reference_key``: the member of
    ``metadata`` that holds the merchant's own name of the order. ``not_found_after``: seconds after
    which a one-time token without a charge was not charged.
    """

    __slots__ = ("_not_found_after", "_reference_key", "_store_id", "_types")

    def __init__(
        self,
        store_id: str | None,
        types: TokenTypes,
        reference_key: str,
        not_found_after: float,
    ) -> None:
        self._store_id = store_id
        self._types = types
        self._reference_key = reference_key
        self._not_found_after = not_found_after

    def names(self, operation: Operation[Any, Any], wire: Mapping[str, Any]) -> Mapping[str, str]:
        """Token or charge, amount, and the merchant's reference."""
        found = path_values(operation)
        if operation.name == "charges_create":
            token = wire.get("transaction_token_id")
            found["transaction_token_id"] = token if isinstance(token, str) else ""
            kind = self._types.kind(found["transaction_token_id"])
            if kind is not None:
                found[KIND] = kind
        if operation.name in _LISTS:
            found[LIST] = _LISTS[operation.name]
        for name in (AMOUNT, CURRENCY):
            if wire.get(name) is not None:
                found[name] = str(wire[name]).upper()
        reference = reference_of(wire.get("metadata"), self._reference_key)
        if reference is not None:
            found[REFERENCE] = reference
        return found

    def intent(self, operation: Operation[Any, Any], wire: Mapping[str, Any]) -> str | None:
        """A charge is for the merchant's reference, or for its one-time token."""
        if operation.name != "charges_create":
            return None
        names = self.names(operation, wire)
        if REFERENCE in names:
            return f"reference={names[REFERENCE]}"
        if names.get(KIND) == "one_time":
            return f"token={names['transaction_token_id']}"
        return None

    def own(self, operation: Operation[Any, Any], value: Any) -> Standing:
        """What the order's own answer says; one that failed is an error before it gets here."""
        if operation.name == "captures_create":
            return Standing("done")
        return _standing(str(value.status), _ids(operation, value))

    def question(
        self, reference: Mapping[str, str]
    ) -> tuple[Operation[Any, Any], Mapping[str, Any]] | None:
        """The charge, the list of a token's charges, or that of a charge's refunds or cancels."""
        from kessai_univapay_api import operations as o

        token_id = reference.get("transaction_token_id")
        # Only just after its list was empty: an older empty list says nothing about now.
        if ASK_TOKEN in reference and token_id and self._store_id and self._types.wanted(token_id):
            token = {"store_id": self._store_id, "token_id": token_id}
            return bind(o.TOKENS_GET, path=token), {}
        charge = {name: reference[name] for name in ("store_id", "charge_id") if name in reference}
        if "refund_id" in reference:
            path = {**charge, "refund_id": reference["refund_id"]}
            return bind(o.REFUNDS_GET, path=path), {}
        if "cancel_id" in reference:
            path = {**charge, "cancel_id": reference["cancel_id"]}
            return bind(o.CANCELS_GET, path=path), {}
        if len(charge) == 2:
            if reference.get(LIST) == "refunds":
                return bind(o.REFUNDS_LIST, path=charge, query={"limit": PAGE}), {}
            if reference.get(LIST) == "cancels":
                return bind(o.CANCELS_LIST, path=charge, query={"limit": PAGE}), {}
            return bind(o.CHARGES_GET, path=charge), {}
        if not token_id:
            return None
        query = {"transaction_token_id": token_id, "limit": PAGE}
        if self._store_id is None:
            return bind(o.CHARGES_LIST, query=query), {}
        store = {"store_id": self._store_id}
        return bind(o.CHARGES_LIST_IN_STORE, path=store, query=query), {}

    def found(
        self, operation: Operation[Any, Any], value: Any, reference: Mapping[str, str]
    ) -> Standing:
        """What came of an order, from what was asked."""
        if operation.name == "captures_create":
            return _captured(value)
        if hasattr(value, "payment_type"):
            self._types.learn(value)
            return self._empty(reference)
        items: list[Any] | None = getattr(value, "items", None)
        if items is None:
            return _standing(str(value.status), _ids(operation, value))
        if operation.name == "charges_create":
            return self._charged(items, bool(value.has_more), reference)
        own = self._own(items, reference)
        if not own:
            return Standing("unsettled", remedy="nothing like it is in the charge's list")
        return _of(operation, own, told_apart=REFERENCE in reference)

    def absent_after(
        self, operation: Operation[Any, Any], reference: Mapping[str, str]
    ) -> float | None:
        """A one-time token's five minutes and a margin; never for a recurring one."""
        if operation.name == "charges_create" and self._kind(reference) == "one_time":
            return self._not_found_after
        return None

    def _kind(self, reference: Mapping[str, str]) -> str | None:
        return reference.get(KIND) or self._types.kind(reference.get("transaction_token_id", ""))

    def _charged(self, items: list[Any], has_more: bool, reference: Mapping[str, str]) -> Standing:
        token = reference.get("transaction_token_id")
        # A filter that a gateway does not know it leaves out, and then it lists everything: ours
        # may stand on a page that nobody has read.
        charges = [charge for charge in items if charge.transaction_token_id == token]
        if not charges and (items or has_more):
            return Standing("unsettled", remedy="the list is not one of this token's charges")
        if not charges:
            return self._empty(reference)
        own = self._own(charges, reference, "requested_")
        if str(charges[0].transaction_token_type) == "one_time":
            same = [c for c in charges if _agrees(c, reference, "requested_")]
            if len(same) < len(charges):
                return Standing("unsettled", remedy="the token was charged with another amount")
            return _several(same, "charge_id", told_apart=True)
        if own and REFERENCE in reference:
            return _several(own, "charge_id", told_apart=True)
        if own:
            remedy = "charges of this amount are there, and no reference in metadata tells which"
            return Standing("unsettled", remedy=remedy)
        return Standing("unsettled", remedy=NO_PROOF)

    def _empty(self, reference: Mapping[str, str]) -> Standing:
        """No charge of this token: what that means depends on the token's kind."""
        kind = self._kind(reference)
        if kind == "one_time":
            return Standing("absent")
        if kind is None and self._store_id is not None:
            self._types.want(reference.get("transaction_token_id", ""))
            # Another word than before, because only a new name is asked about at once.
            word = "once more" if reference.get(ASK_TOKEN) == "its kind" else "its kind"
            return Standing("unsettled", reference={ASK_TOKEN: word}, remedy=NO_PROOF)
        return Standing("unsettled", remedy=NO_PROOF)

    def _own(
        self, items: Iterable[Any], reference: Mapping[str, str], prefix: str = ""
    ) -> list[Any]:
        """Entries with our amount and reference, made since the order first left."""
        since = float(reference.get(FIRST_SENT, "0")) - TOLERANCE
        wanted = reference.get(REFERENCE)
        return [
            item
            for item in items
            if _agrees(item, reference, prefix)
            and _made(item) >= since
            and (wanted is None or _named(item.metadata, self._reference_key, wanted))
        ]


def reference_of(metadata: object, key: str) -> str | None:
    """The merchant's reference in ``metadata``, as text."""
    value = cast("dict[str, Any]", metadata).get(key) if isinstance(metadata, dict) else None
    if isinstance(value, bool) or not isinstance(value, str | int) or value == "":
        return None
    return str(value)


def _named(metadata: object, key: str, wanted: str) -> bool:
    """Whether it holds our reference, which may come back as a number ("0042" as 42)."""
    value = cast("dict[str, Any]", metadata).get(key) if isinstance(metadata, dict) else None
    if isinstance(value, int) and not isinstance(value, bool):
        digits = wanted.isascii() and wanted.isdecimal() and len(wanted) < 300
        return value == int(wanted) if digits else str(value) == wanted
    return value == wanted


def _agrees(item: Any, reference: Mapping[str, str], prefix: str) -> bool:
    """Whether amount and currency are ours, as far as the request named them."""
    for name in (AMOUNT, CURRENCY):
        wanted = reference.get(name)
        if wanted is not None and str(getattr(item, prefix + name, None)).upper() != wanted:
            return False
    return True


def _made(item: Any) -> float:
    """When it was made; long ago where nobody can read the date, so that it proves nothing."""
    try:
        return float(item.created_on.timestamp())
    except (ValueError, OverflowError):
        return 0.0


def _of(operation: Operation[Any, Any], own: list[Any], *, told_apart: bool) -> Standing:
    if operation.name == "refunds_create":
        return _several(own, "refund_id", told_apart=told_apart)
    # A charge can be cancelled once: of several cancels the one that got furthest tells.
    furthest = min(own, key=lambda item: _FURTHEST.get(str(item.status), 1))
    return _standing(str(furthest.status), _names("cancel_id", furthest))


def _several(own: list[Any], name: str, *, told_apart: bool) -> Standing:
    """One entry, or several under one name: two that are alive are doubled."""
    alive = [item for item in own if str(item.status) not in _FAILED]
    if len(own) > 1 and not told_apart:
        return Standing("unsettled", remedy="several alike are there; look at them")
    if len(alive) > 1:
        both = {f"{name}:{number}": item.id for number, item in enumerate(alive, 1)}
        return Standing("doubled", reference=both)
    item = (alive or own)[0]
    return _standing(str(item.status), _names(name, item))


_FURTHEST = {"successful": 0, "pending": 1, "failed": 2, "error": 2}
_DONE = frozenset({"successful", "authorized"})
_WAITING = frozenset({"pending", "awaiting"})
_FAILED = frozenset({"failed", "error", "canceled"})


def _standing(status: str, names: Mapping[str, str]) -> Standing:
    if status in _DONE:
        return Standing("done", status, names)
    if status in _WAITING:
        remedy = "the customer has not paid yet" if status == "awaiting" else "ask again later"
        return Standing("waiting", status, names, remedy=remedy)
    return Standing("failed" if status in _FAILED else "unsettled", status, names)


def _captured(charge: Any) -> Standing:
    status = str(charge.status)
    if status == "successful":
        return Standing("done", status)
    if status in _FAILED:
        return Standing("failed", status)
    return Standing("unsettled", status, remedy="it is held, and may still be captured")


def _ids(operation: Operation[Any, Any], value: Any) -> dict[str, str]:
    name = {"refunds_create": "refund_id", "cancels_create": "cancel_id"}.get(
        operation.name, "charge_id"
    )
    return _names(name, value)


def _names(name: str, item: Any) -> dict[str, str]:
    """What to ask by from now on; a cancel may not name its store, which is known then."""
    found = {name: item.id, "store_id": item.store_id}
    return {name: text for name, text in found.items() if text}
