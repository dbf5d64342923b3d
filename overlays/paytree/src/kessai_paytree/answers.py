"""What PAYTREE's answers say: each code's error, and how a request stands by an answer.

The codes and the numbers of ``transStatus`` are assumed (chapters 6 and 9 of the manual are
missing); a merchant with the contract documents corrects them in specs/paytree and here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from kessai.bodies import printable
from kessai_paytree_api import models as m

from . import errors as e
from .errors import Escalation

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["REFUSALS", "Found", "Refusal", "refusal_of", "stands"]

State = Literal["done", "waiting", "failed", "reversed", "absent", "unknown"]


class Refusal(NamedTuple):
    """What a code stands for. ``settles``: nothing was carried out, for sure."""

    error: type[e.RefusedError]
    escalation: Escalation
    settles: bool = True


_VENDOR, _CPS, _CUSTOMER = Escalation.VENDOR_CALL, Escalation.CPS_CALL, Escalation.CUSTOMER

REFUSALS: Mapping[str, Refusal] = {
    "USER_CODE_ERROR": Refusal(e.UserCodeError, _CUSTOMER),
    "INSUFFICIENT_BALANCE": Refusal(e.BalanceError, _CUSTOMER),
    "SERVICE_STOPPED": Refusal(e.ServiceStoppedError, _CPS),
    "CUSTOMER_STOPPED": Refusal(e.CustomerStoppedError, _CUSTOMER),
    "APPROVAL_TIMEOUT": Refusal(e.ApprovalTimeoutError, _CUSTOMER),
    "PAY_TYPE_UNAVAILABLE": Refusal(e.PayTypeUnavailableError, _CPS),
    "PROCESSOR_ERROR": Refusal(e.ProcessorError, _CPS),
    "ORDER_NOT_FOUND": Refusal(e.OrderNotFoundError, _CPS),
    "ORDER_STATE": Refusal(e.OrderStateError, _VENDOR),
    "AMOUNT_EXCEEDED": Refusal(e.AmountExceededError, _VENDOR),
    "REQUEST_INVALID": Refusal(e.RequestInvalidError, _VENDOR),
    "SIGNATURE_INVALID": Refusal(e.SignatureRefusedError, _VENDOR),
    # The earlier request of that number stands as it is; ours, if it was that one, may be done.
    "REQUEST_ID_REUSED": Refusal(e.PaytreeFaultError, _VENDOR, settles=False),
    "SYSTEM_ERROR": Refusal(e.PaytreeFaultError, _CPS, settles=False),
}
"""Every code but SUCCESS. A code that is not here proves nothing, unless the status is FAILED."""

_MEANINGS = {
    "NOT_CARRIED_OUT": "PAYTREE took the request, and it was not carried out",
}


class Found(NamedTuple):
    """How a request stands by an answer.

    ``done``: carried out. ``waiting``: the customer has to approve. ``failed``: definitely not
    carried out (``error`` says why). ``reversed``: carried back. ``absent``: PAYTREE knows of no
    such request. ``unknown``: the answer does not say, or none came.
    ``why`` is for the record, in words.
    """

    state: State
    answer: Any = None
    error: e.PaytreeError | None = None
    why: str = ""


def refusal_of(answer: Any) -> e.RefusedError:
    """The error that an answer's code stands for."""
    code = str(answer.code)
    known = REFUSALS.get(code)
    if code == m.ResultCode.SUCCESS:
        code, known = "NOT_CARRIED_OUT", Refusal(e.RefusedError, _CPS)
    if known is None:
        known = Refusal(e.PaytreeFaultError, _CPS, settles=False)
    error = known.error(code)
    error.about(
        code=code,
        sub_code=printable(answer.sub_code, 200),
        message=printable(answer.message, 200) or _MEANINGS.get(code, ""),
        escalation=known.escalation,
        request_id=printable(answer.request_id, 200),
        order_id=printable(getattr(answer, "order_id", None), 200),
    )
    return error


def stands(request_type: m.RequestType, answer: Any, amount: int | None) -> Found:
    """How a request of that type stands by its own answer, or by a confirm's about it.

    ``amount``: what was asked for; an answer about another amount settles nothing.
    """
    confirm = isinstance(answer, m.ConfirmResponse)
    code, status = str(answer.code), answer.trans_status
    if confirm and answer.request_type not in (None, request_type):
        return Found("unknown", answer, why="the answer is about another kind of request")
    if status is None:
        if code == "ORDER_NOT_FOUND" and confirm:
            return Found("absent", answer, why="not found")
        known = REFUSALS.get(code)
        if known is not None and known.settles and not confirm:
            return Found("failed", answer, refusal_of(answer), why=code)
        return Found("unknown", answer, why=f"{code} without a status")
    why = f"{code} {getattr(status, 'name', status)}"
    state = _STATES[request_type].get(status, "unknown")
    known = REFUSALS.get(code)
    if state == "failed":
        if known is not None and not known.settles:
            return Found("unknown", answer, why=why)
        return Found("failed", answer, refusal_of(answer), why=why)
    if state == "reversed":
        return Found(state, answer, why=why)
    if state == "unknown" or code != m.ResultCode.SUCCESS:
        # A code of failure beside a status of success: nobody can say which of them holds.
        return Found("unknown", answer, why=why)
    said = answer.refund_amount if _is_refund(request_type, answer) else answer.amount
    if state in ("done", "waiting") and None not in (said, amount) and said != amount:
        return Found("unknown", answer, why=f"{why}, of another amount")
    return Found(state, answer, why=why)


def _is_refund(request_type: m.RequestType, answer: Any) -> bool:
    return request_type == m.RequestType.REFUND and hasattr(answer, "refund_amount")


_S = m.TransStatus
_PAID: dict[m.TransStatus, State] = {
    _S.WAITING: "waiting",
    _S.SUCCEEDED: "done",
    _S.FAILED: "failed",
    _S.REVERSED: "reversed",
    _S.REFUNDED: "done",
    _S.PARTLY_REFUNDED: "done",
}
_STATES: dict[m.RequestType, dict[m.TransStatus, State]] = {
    m.RequestType.PAY: _PAID,
    m.RequestType.DEPOSIT: {
        _S.SUCCEEDED: "done",
        _S.FAILED: "failed",
        _S.REVERSED: "reversed",
    },
    m.RequestType.REFUND: {
        _S.REFUNDED: "done",
        _S.PARTLY_REFUNDED: "done",
        _S.FAILED: "failed",
    },
    m.RequestType.REVERSE: {_S.REVERSED: "done", _S.FAILED: "failed"},
}
