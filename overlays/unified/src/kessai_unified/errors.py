"""What the gateway's error answers mean: by result code, action code and status, in this order.

A table says for every documented result code which error it is and whether anything was done, and
so what may be sent again. ``final`` and ``failed`` differ once an attempt may have arrived before:

- The gateway gives every repeat of a key its first answer, failures included, and only checks the
  format again. What a wallet's company answered (UA-PRV-001, -003, -004, UA-CST) is therefore the
  first answer: ``final``, although it came to the second attempt.
- What a first attempt that landed would cause by itself (UA-REQ-003, -006, -007, UA-PRV-002), and
  what is checked before the key (format, credentials, address, load, maintenance), settles nothing
  then. ``outcomes.md`` says this of UA-REQ-003; the other three are of the same kind.
- UA-PND-001 is never sent again: ``pending``. UA-SYS may or may not have been carried out, and is
  sent again under its key like a status 500 without a word.

Source: VeriTrans4G Unified API 1.1.1 RC, 結果コード, アクションコード, 冪等性について.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from kessai import errors as e
from kessai.bodies import block, members, printable
from kessai.gateway import Verdict

from . import refusals as r

if TYPE_CHECKING:
    from kessai.commands import Reply

__all__ = ["ACTIONS", "BY_STATUS", "RESULTS", "Meaning", "judge"]

Kind = Literal["refused", "again", "failed", "final", "doubtful", "pending"]


class Meaning(NamedTuple):
    """What a result code stands for: HTTP status, action code, error, and whether it was done."""

    status: int
    action: str
    error: type[r.UnifiedError]
    kind: Kind


RESULTS: dict[str, Meaning] = {
    "UA-REQ-001": Meaning(400, "confirm_request", r.MalformedRequestError, "failed"),
    "UA-REQ-002": Meaning(400, "confirm_request", r.ParameterRefusedError, "failed"),
    "UA-REQ-003": Meaning(409, "confirm_request", r.DuplicateTransactionError, "failed"),
    "UA-REQ-004": Meaning(401, "confirm_merchant_info", r.NotPermittedError, "refused"),
    "UA-REQ-005": Meaning(406, "retry_request", r.InProgressError, "again"),
    "UA-REQ-006": Meaning(400, "alternate_payment", r.DeadlinePassedError, "failed"),
    "UA-REQ-007": Meaning(400, "confirm_payment_status", r.StatusRefusedError, "failed"),
    "UA-REQ-008": Meaning(401, "confirm_token", r.ConfirmTokenError, "refused"),
    "UA-REQ-900": Meaning(404, "confirm_request", r.TransactionNotFoundError, "failed"),
    "UA-PRV-001": Meaning(502, "retry_request", r.ProviderRefusedError, "final"),
    "UA-PRV-002": Meaning(502, "confirm_payment_status", r.ProviderStatusError, "failed"),
    "UA-PRV-003": Meaning(502, "confirm_merchant_info", r.ProviderContractError, "final"),
    "UA-PRV-004": Meaning(502, "confirm_request", r.AmountRefusedError, "final"),
    "UA-PRV-999": Meaning(503, "maintenance", r.ProviderMaintenanceError, "refused"),
    "UA-CST-001": Meaning(502, "confirm_consumer", r.ConfirmConsumerError, "final"),
    "UA-CST-002": Meaning(502, "retry_payment", r.ConsumerCancelledError, "final"),
    "UA-CST-003": Meaning(502, "retry_payment", r.ConsumerNotVerifiedError, "final"),
    "UA-LMT-001": Meaning(429, "retry_request", r.TooManyConnectionsError, "again"),
    "UA-LMT-002": Meaning(403, "confirm_merchant_info", r.AddressRefusedError, "refused"),
    "UA-PND-001": Meaning(500, "confirm_pending_status", r.PendingError, "pending"),
    "UA-SYS-001": Meaning(500, "inquiry_support", r.InquirySupportError, "doubtful"),
    "UA-SYS-002": Meaning(500, "inquiry_support", r.InquirySupportError, "doubtful"),
    "UA-SYS-003": Meaning(500, "retry_request", r.CommunicationError, "doubtful"),
    "UA-SYS-004": Meaning(500, "retry_request", r.CommunicationError, "doubtful"),
}
"""The 24 result codes that are errors. The other four (status 200) are results."""

ACTIONS: dict[str, type[r.UnifiedError]] = {
    "inquiry_support": r.InquirySupportError,
    "maintenance": r.ProviderMaintenanceError,
    "confirm_payment": r.ConfirmPaymentError,
    "confirm_payment_status": r.ConfirmPaymentStatusError,
    "confirm_request": r.ConfirmRequestError,
    "confirm_merchant_info": r.ConfirmMerchantInfoError,
    "alternate_payment": r.AlternatePaymentError,
    "retry_request": r.RetryRequestError,
    "retry_payment": r.RetryPaymentError,
    "confirm_consumer": r.ConfirmConsumerError,
    "confirm_token": r.ConfirmTokenError,
    "user_paying": r.PendingError,
    "provider_processing": r.PendingError,
    "confirm_pending_status": r.PendingError,
}
"""The error of an action code, for result codes that no document names."""

BY_STATUS: dict[int, type[e.GatewayError]] = {
    400: e.InvalidRequestError,
    401: e.AuthenticationError,
    403: e.AuthenticationError,
    404: e.NotFoundError,
    406: e.ConflictError,
    409: e.ConflictError,
    429: e.TooManyRequestsError,
    502: e.BadGatewayError,
    503: e.MaintenanceError,
}
"""The error of a status that comes without a result. Other 5xx are ``ServerError``."""

#: Statuses the gateway gives without a body before it does anything (404: no such page).
_BARE: dict[int, Kind] = {401: "refused", 403: "refused", 404: "refused", 429: "again"}
_CODE = re.compile(r"[A-Z]{2}-[A-Z0-9]{3}-[0-9]{3}")
_NAME = re.compile(r"[0-9A-Za-z_-]{1,100}")


def judge(reply: Reply) -> Verdict:
    """Say which error an answer of status 400 or above is, and whether anything may have been done.

    - A documented result code with its own status means what ``RESULTS`` says. With another status
      it names the error and proves nothing, except that pending stays pending.
    - An unknown result code: the action code names the error, else the status. 400 with the status
      ``failure`` is failed; an action code that says to wait is pending; the rest is doubtful.
    - 401, 403, 404 or 429 without any body is the gateway's bare status: nothing was done.
    - A page, a torn body, any other status without a result: doubtful.
    """
    body = {} if reply.torn else members(reply.content) or {}
    result = block(body, "result")
    code, action = printable(result.get("resultCode")), printable(result.get("actionCode"))
    if code is None or _CODE.fullmatch(code) is None:
        kind = _BARE.get(reply.status, "doubtful") if not reply.content else "doubtful"
        error = BY_STATUS.get(reply.status, _other(reply.status))
        return Verdict("doubtful" if reply.torn else kind, error(status=reply.status))
    meaning = RESULTS.get(code)
    if meaning is not None:
        own = meaning.error(code, status=reply.status)
        kind = meaning.kind
        if reply.status != meaning.status and kind != "pending":
            kind = "doubtful"
    else:
        own = ACTIONS.get(action or "", _unknown(reply.status))(code, status=reply.status)
        failed = reply.status == 400 and result.get("status") == "failure"
        kind = "failed" if failed else "doubtful"
        if isinstance(own, r.PendingError):
            kind = "pending"
    order, transaction = block(body, "order"), block(body, "transaction")
    own.action_code = action
    own.v_result_code = printable(result.get("vResultCode"))
    own.detail = printable(result.get("message"), 512)
    own.payment_id = _name(order, "paymentId")
    own.fep_order_id = _name(order, "fepOrderId")
    own.fep_reference_id = _name(transaction, "fepReferenceId")
    reference: dict[str, str] = {}
    if kind in ("doubtful", "pending"):
        names = {"fepOrderId": own.fep_order_id, "fepReferenceId": own.fep_reference_id}
        reference = {name: text for name, text in names.items() if text is not None}
    return Verdict(kind, own, None, reference)


def _unknown(status: int) -> type[r.UnifiedError]:
    return r.InquirySupportError if status >= 500 else r.UnifiedError


def _other(status: int) -> type[e.GatewayError]:
    return e.ServerError if 500 <= status <= 599 else e.UnexpectedStatusError


def _name(block: dict[str, Any], name: str) -> str | None:
    value = block.get(name)
    return value if isinstance(value, str) and _NAME.fullmatch(value) else None
