"""How things stand, read from an answer of status 200: a success is not always an end.

An application (pay, subscribe) that succeeds has only begun: the consumer has to approve it, so it
stays open in a journal until getTransactionResult says more. UA-U00-001 and UA-P00-001 wait.
UA-000-002 is paid, and a person has to look: two payments may stand under one paymentId.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kessai.lookup import Standing

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kessai.operation import Operation
    from kessai_unified_api import models as m

__all__ = ["UnifiedLookup"]

SUPPORT = "ask again later; if it stays so, call VeriTrans technical support with the fepOrderId"
CUSTOMER = "the consumer has not finished, or has not come back; ask again later"
PROVIDER = "the wallet's company is working on it; ask again later"
TWICE = "look the order up in MAP by its fepOrderId"

_APPLICATIONS = frozenset({"pay", "subscribe"})
_MOVING = frozenset({"pay", "charge"})
_PAYMENTS = frozenset({"pay", "subscribe", "charge"})
_WAITING = {"UA-U00-001": CUSTOMER, "UA-P00-001": PROVIDER, "UA-PND-001": SUPPORT}


class UnifiedLookup:
    """Asks getTransactionResult by the fepReferenceId that an answer gave."""

    __slots__ = ()

    def names(self, operation: Operation[Any, Any], wire: Mapping[str, Any]) -> Mapping[str, str]:
        """The numbers in the request: paymentId or fepOrderId, and of what is asked about."""
        found: dict[str, str] = {}
        for block, name in (
            ("order", "paymentId"),
            ("order", "fepOrderId"),
            ("transaction", "fepReferenceId"),
        ):
            members = wire.get(block)
            value = members.get(name) if isinstance(members, dict) else None  # pyright: ignore
            if isinstance(value, str):
                found[name] = value
        return found

    def intent(self, operation: Operation[Any, Any], wire: Mapping[str, Any]) -> str | None:
        """A paymentId is for one payment, whichever the wallet and the way of payment.

        So while a journal holds one that is not at its end, nothing else leaves under it.
        """
        if operation.name not in _PAYMENTS:
            return None
        payment_id = self.names(operation, wire).get("paymentId")
        return None if payment_id is None else f"paymentId={payment_id}"

    def own(self, operation: Operation[Any, Any], value: Any) -> Standing:
        """What a command's own answer says. A failure with status 200 is in no document."""
        result: m.Result = value.result
        order: m.Order | None = value.order
        transaction: m.Transaction | None = value.transaction
        names = {
            "fepOrderId": order.fep_order_id if order is not None else None,
            "fepReferenceId": transaction.fep_reference_id if transaction is not None else None,
        }
        reference = {name: text for name, text in names.items() if isinstance(text, str) and text}
        if result.status in ("failure", "error"):
            return Standing("failed", str(result.result_code), reference)
        settled = operation.name not in _APPLICATIONS
        return _standing(result)._replace(reference=reference, settled=settled)

    def question(
        self, reference: Mapping[str, str]
    ) -> tuple[Operation[Any, Any], Mapping[str, Any]] | None:
        """GetTransactionResult, where an answer gave a fepReferenceId."""
        fep_reference_id = reference.get("fepReferenceId")
        if fep_reference_id is None:
            return None
        from kessai_unified_api.operations import GET_TRANSACTION_RESULT

        return GET_TRANSACTION_RESULT, {"transaction": {"fepReferenceId": fep_reference_id}}

    def found(
        self, operation: Operation[Any, Any], value: Any, reference: Mapping[str, str]
    ) -> Standing:
        """What getTransactionResult says about a request: its own result, inside the data."""
        answer: m.GetTransactionResultResponse = value
        outer, data = _standing(answer.result), answer.transaction_data
        if outer.kind == "waiting" or data is None or data.result is None:
            return outer if outer.kind == "waiting" else Standing("unsettled", outer.state)
        order = data.order
        for name, found in (
            ("paymentId", order.payment_id if order is not None else None),
            ("fepOrderId", order.fep_order_id if order is not None else None),
        ):
            if found is not None and reference.get(name, found) != found:
                return Standing("unsettled", remedy="the answer is about another payment")
        return _standing(data.result)._replace(paid=operation.name in _MOVING)

    def absent_after(
        self, operation: Operation[Any, Any], reference: Mapping[str, str]
    ) -> float | None:
        """Never: no document says from when on a request that is not found cannot come."""
        return None


def _standing(result: m.Result) -> Standing:
    from .errors import RESULTS

    code = str(result.result_code)
    if code in _WAITING:
        return Standing("waiting", code, remedy=_WAITING[code])
    if code == "UA-000-002":
        return Standing("check", code, remedy=TWICE)
    if code == "UA-000-001":
        return Standing("done", code)
    # A new code may be another way to say pending, which has the status failure as well.
    known = RESULTS.get(code)
    if known is not None and result.status == "failure" and known.kind != "pending":
        return Standing("failed", code)
    return Standing("unsettled", code, remedy=SUPPORT)
