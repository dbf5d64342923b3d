"""How an order stands, read from its own answer or from a list of what the gateway has.

What settles a lost answer depends on the token. A one-time token makes one charge: whatever the
list shows under it is ours, and an empty list means not paid once the token's five minutes are
over. A recurring token makes many: ours is told by the merchant's reference in the metadata, and
an empty list proves nothing. A token whose kind this client does not know is asked for its kind.
What was made before our order left, or long after it, is another order's, however alike it looks:
a try that failed, a second refund of the same amount, next month's charge under the same name.

Source: docs.univapay.com and the official libraries (one charge, 5 minutes, lists); the rest is
worked out from that.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kessai.lookup import FIRST_SENT, Standing
from kessai.parameters import bind, path_values

from .entries import (
    AMOUNT,
    CURRENCY,
    FAILED,
    LIST,
    REFERENCE,
    agrees,
    cancelled,
    captured,
    charge_cancelled,
    ids,
    made,
    named,
    reference_of,
    several,
    standing,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from kessai.operation import Operation

    from .tokens import TokenTypes

__all__ = ["COVERED", "UnivapayLookup"]

#: A token's kind where it is known, and that it is to be asked for.
KIND, ASK_TOKEN = "type", "token"
#: Seconds by which this clock and the gateway's may differ.
TOLERANCE = 300.0
#: The same where one that looks alike may have been made shortly before by another order.
NEAR = 5.0
#: Entries of a list that are read: its longest page, newest first.
PAGE = "100"
EARLIER = "only one made before this order left is there, by this machine's clock"
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
        return standing(str(value.status), ids(operation, value))

    def question(
        self, reference: Mapping[str, str]
    ) -> tuple[Operation[Any, Any], Mapping[str, Any]] | None:
        """The charge, the list of a token's charges, or that of a charge's refunds or cancels."""
        from kessai_univapay_api import operations as o

        token_id = reference.get("transaction_token_id")
        # Only just after its list was empty: an older empty list says nothing about now.
        just_now = self._types.wanted(reference.get(ASK_TOKEN, ""))
        if just_now and token_id and self._store_id:
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
            return captured(value, reference)
        if operation.name == "cancels_create" and hasattr(value, "requested_amount"):
            return charge_cancelled(str(value.status))
        if hasattr(value, "payment_type"):
            self._types.learn(value)
            return self._empty(reference)
        items: list[Any] | None = getattr(value, "items", None)
        if items is None:
            return standing(str(value.status), ids(operation, value))
        if operation.name == "charges_create":
            return self._charged(items, bool(value.has_more), reference)
        own, before = self._own(items, reference)
        if operation.name == "cancels_create":
            return cancelled(own)
        if not own:
            remedy = EARLIER if before else "nothing like it is in the charge's list"
            return Standing("unsettled", remedy=remedy)
        if len(own) > 1 and REFERENCE not in reference:
            return Standing("unsettled", remedy="several alike are there; look at them")
        return several(own, "refund_id")

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
        if str(charges[0].transaction_token_type) == "one_time":
            same = [c for c in charges if agrees(c, reference, "requested_")]
            if len(same) < len(charges):
                return Standing("unsettled", remedy="the token was charged with another amount")
            return several(same, "charge_id")
        own, before = self._own(charges, reference, "requested_")
        if not (own or before):
            return Standing("unsettled", remedy=NO_PROOF)
        if REFERENCE not in reference:
            remedy = "charges of this amount are there, and no reference in metadata tells which"
            return Standing("unsettled", remedy=remedy)
        # An order is tried again when it failed, not when it was paid: this one is ours.
        paid = [charge for charge in before if str(charge.status) not in FAILED]
        if not (own or paid):
            return Standing("unsettled", remedy=EARLIER)
        return several([*own, *paid], "charge_id")

    def _empty(self, reference: Mapping[str, str]) -> Standing:
        """No charge of this token: what that means depends on the token's kind."""
        kind = self._kind(reference)
        if kind == "one_time":
            return Standing("absent")
        if kind is None and self._store_id is not None:
            return Standing("unsettled", None, {ASK_TOKEN: self._types.want()}, remedy=NO_PROOF)
        return Standing("unsettled", remedy=NO_PROOF)

    def _own(
        self, items: Iterable[Any], reference: Mapping[str, str], prefix: str = ""
    ) -> tuple[list[Any], list[Any]]:
        """Entries with our amount and reference: those made when the order left, those before it.

        The latter are ours only where this machine's clock is fast.
        """
        since = float(reference.get(FIRST_SENT, "0"))
        wanted = reference.get(REFERENCE)
        own: list[Any] = []
        before: list[Any] = []
        for item in items:
            late = made(item) - since
            if not agrees(item, reference, prefix) or late < -TOLERANCE:
                continue
            if late > self._not_found_after + TOLERANCE:
                continue  # ours was sent for the last time long before
            if wanted is None or named(item.metadata, self._reference_key, wanted):
                (own if late >= -NEAR else before).append(item)
        return own, before
