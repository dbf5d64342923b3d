"""Every result code with its HTTP status, status and action code.

Document: Unified API 1.1.1, result codes. The message texts are our own: the document
says that they are English and prints none.
"""

from __future__ import annotations

from typing import Any, NamedTuple


class Code(NamedTuple):
    """What goes with one result code."""

    http: int
    status: str
    action: str
    message: str


def _code(http: int, action: str, message: str, status: str = "failure") -> Code:
    return Code(http, status, action, message)


CODES: dict[str, Code] = {
    "UA-000-001": _code(200, "success", "Success.", "success"),
    "UA-000-002": _code(200, "confirm_payment", "Success, please confirm.", "success"),
    "UA-U00-001": _code(200, "user_paying", "Waiting for the consumer.", "success"),
    "UA-P00-001": _code(200, "provider_processing", "The provider is processing.", "success"),
    "UA-REQ-001": _code(400, "confirm_request", "Malformed message."),
    "UA-REQ-002": _code(400, "confirm_request", "Invalid parameter."),
    "UA-REQ-003": _code(409, "confirm_request", "Duplicate transaction."),
    "UA-REQ-004": _code(401, "confirm_merchant_info", "Not authorized."),
    "UA-REQ-005": _code(406, "retry_request", "In progress."),
    "UA-REQ-006": _code(400, "alternate_payment", "The deadline has passed."),
    "UA-REQ-007": _code(400, "confirm_payment_status", "Not executable in this status."),
    "UA-REQ-008": _code(401, "confirm_token", "Authentication failed."),
    "UA-REQ-900": _code(404, "confirm_request", "No such transaction."),
    "UA-PRV-001": _code(502, "retry_request", "Provider error."),
    "UA-PRV-002": _code(502, "confirm_payment_status", "Not executable in the provider's status."),
    "UA-PRV-003": _code(
        502, "confirm_merchant_info", "Not executable under the merchant's contract."
    ),
    "UA-PRV-004": _code(502, "confirm_request", "Provider error: amount."),
    "UA-PRV-999": _code(503, "maintenance", "Under maintenance."),
    "UA-CST-001": _code(502, "confirm_consumer", "Refused on the consumer's side."),
    "UA-CST-002": _code(502, "retry_payment", "Cancelled by the consumer."),
    "UA-CST-003": _code(502, "retry_payment", "Consumer authentication failed."),
    "UA-LMT-001": _code(429, "retry_request", "Too many connections."),
    "UA-LMT-002": _code(403, "confirm_merchant_info", "Source address not allowed."),
    "UA-PND-001": _code(500, "confirm_pending_status", "Pending."),
    "UA-SYS-001": _code(500, "inquiry_support", "System error.", "error"),
    "UA-SYS-002": _code(500, "inquiry_support", "Application error.", "error"),
    "UA-SYS-003": _code(500, "retry_request", "Internal communication error.", "error"),
    "UA-SYS-004": _code(500, "retry_request", "External communication error.", "error"),
}
DONE = frozenset({"UA-000-001", "UA-000-002"})
CHECK = "UA-000-002"
WAITING = "UA-U00-001"
# Neither done nor refused: the end comes later, if at all.
OPEN = frozenset({WAITING, "UA-P00-001", "UA-PND-001"})


class ResultError(Exception):
    """A request the gateway refuses; becomes the answer with that result code."""

    def __init__(self, code: str, detail: str | None = None) -> None:
        super().__init__(code, detail)
        self.code = code
        self.detail = detail


def result(code: str, v: str | None = None, detail: str | None = None) -> dict[str, Any]:
    """The block `result`; a detail stands behind the message in brackets."""
    known = CODES[code]
    return {
        "status": known.status,
        "actionCode": known.action,
        "resultCode": code,
        "vResultCode": v,
        "message": known.message if detail is None else f"{known.message} ({detail})",
    }
