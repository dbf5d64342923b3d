"""What answers mean: mstatus first, then the blocks of vResultCode, then the HTTP status.

``success`` and ``pending`` are answers, ``failure`` is an error: processed, and nothing was done.
The gateway parses 200 only and documents no other status that would prove that nothing was done, so
every other one, a page of HTML and an answer without mstatus leave an order's outcome open.

Source: kit for PHP 2.0.1, ContentHandler, TGMDK_Exception; facts on vResultCode in ``codes``.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from kessai import errors as e
from kessai.bodies import members, printable
from kessai.gateway import Verdict

from . import refusals as r
from .codes import ResultCode

if TYPE_CHECKING:
    from kessai.commands import Reply
    from kessai.operation import Operation

__all__ = ["answered", "judge"]

BY_STATUS: dict[int, type[e.GatewayError]] = {
    401: e.AuthenticationError,
    403: e.AuthenticationError,
    404: e.NotFoundError,
    405: e.MethodNotAllowedError,
    415: e.UnsupportedMediaTypeError,
    429: e.TooManyRequestsError,
    502: e.BadGatewayError,
    503: e.MaintenanceError,
}
"""The error of a status. Other 5xx are ``ServerError``. None proves that nothing was done."""

_BY_BLOCK: dict[str, type[r.MdkError]] = {
    "OC09": r.TokenRefusedError,
    "NH02": r.OrderStateError,
    "WGU1": r.CustomerCancelledError,
    "WGU3": r.ProviderFailureError,
}
_BY_FORM = (
    (re.compile(r"AG[0-9A-Z]{2}"), r.CardRefusedError),
    (re.compile(r"GE[0-9A-Z]{2}"), r.AuthenticationFailedError),
)


def answered(operation: Operation[Any, Any], value: Any) -> Verdict | None:
    """Say what a decoded answer of status 200 means; None where it is no failure.

    An mstatus that no document names proves nothing: it is pending, and asked about.
    """
    if operation.server == "token":
        refused = str(value.status) != "success"
        return _token_refused(str(value.code or ""), value.message) if refused else None
    result = value.result
    mstatus = str(result.mstatus)
    if mstatus in ("success", "pending"):
        return None
    code = printable(result.v_result_code, 16) or ""
    error = error_for(code)(code)
    error.mstatus = printable(mstatus)
    error.service_type = printable(result.service_type)
    error.order_id = printable(getattr(result, "order_id", None), 100)
    error.cust_txn = printable(getattr(result, "cust_txn", None), 100)
    error.detail = printable(result.merr_msg, 1024)
    return Verdict("failed" if mstatus == "failure" else "pending", error)


def error_for(code: str) -> type[r.MdkError]:
    """The class of a failure's vResultCode: the first block that says something counts."""
    for block in ResultCode(code).blocks:
        known = _BY_BLOCK.get(block)
        if known is not None:
            return known
        for form, kind in _BY_FORM:
            if form.fullmatch(block):
                return kind
    return r.MdkError


def judge(operation: Operation[Any, Any], reply: Reply) -> Verdict:
    """Say what an answer of status 400 or above means.

    Doubtful, whatever it is; but the token server answers 400 for a card it cannot take.
    """
    if operation.server == "token" and reply.status == 400 and not reply.torn:
        body = members(reply.content) or {}
        code = body.get("code")
        if body.get("status") == "failure" and isinstance(code, str):
            return _token_refused(code, body.get("message"))
    kind = BY_STATUS.get(reply.status)
    if kind is None:
        kind = e.ServerError if 500 <= reply.status <= 599 else e.UnexpectedStatusError
    return Verdict("doubtful", kind(status=reply.status))


def _token_refused(code: str, message: object) -> Verdict:
    error = r.TokenServerError(status=400)
    error.title = printable(code)
    error.detail = printable(message, 1024)
    return Verdict("failed", error)
