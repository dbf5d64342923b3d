"""Problems as the gateway words them: application/problem+json with one of 23 titles.

Document: OpenAPI type 1.5.1, error information (RFC 9457). Detail texts are our own.
"""

from __future__ import annotations

from typing import Any

TITLES: dict[str, int] = {
    "invalid_contract": 400,
    "invalid_header": 400,
    "invalid_parameter": 400,
    "invalid_request": 400,
    "invalid_status": 400,
    "missing_parameter": 400,
    "transaction_count_exceeded": 400,
    "transaction_expired": 400,
    "unauthorized_request": 401,
    "operation_aborted_by_user": 402,
    "card_declined": 402,
    "insufficient_balance": 402,
    "amount_limit_exceeded": 402,
    "processing_failure": 402,
    "resource_not_found": 404,
    "method_not_allowed": 405,
    "conflict": 409,
    "unsupported_media_type": 415,
    "too_many_requests": 429,
    "internal_server_error": 500,
    "bad_gateway": 502,
    "maintenance": 502,
    "service_unavailable": 503,
}
_BY_STATUS = {
    400: "invalid_request", 401: "unauthorized_request", 402: "processing_failure",
    404: "resource_not_found", 405: "method_not_allowed", 409: "conflict",
    415: "unsupported_media_type", 429: "too_many_requests", 500: "internal_server_error",
    502: "bad_gateway", 503: "service_unavailable",
}  # fmt: skip
_DETAIL_LIMIT, _INSTANCE_LIMIT = 256, 40


class ProblemError(Exception):
    """A request the gateway refuses or cannot carry out; becomes the problem answer."""

    def __init__(
        self,
        title: str,
        detail: str,
        *,
        status: int | None = None,
        headers: dict[str, str] | None = None,
    ) -> None:
        super().__init__(title, detail)
        self.title = title
        self.detail: str = detail[:_DETAIL_LIMIT]
        self.status: int = TITLES[title] if status is None else status
        self.headers: dict[str, str] = headers or {}

    def body(self, path: str) -> dict[str, Any]:
        """The problem object; `type` is left out, as for problems without an FAQ page."""
        return {
            "title": self.title,
            "detail": self.detail,
            "instance": path[:_INSTANCE_LIMIT],
        }


def title_of(status: int) -> str:
    """The title the gateway would most likely give a status."""
    return _BY_STATUS.get(status, "internal_server_error" if status >= 500 else "invalid_request")


def invalid(path: str, why: str = "The value is not acceptable.") -> ProblemError:
    """A member has the wrong form or length."""
    return ProblemError("invalid_parameter", f"{why}({path})")


def missing(path: str) -> ProblemError:
    """A required member is absent."""
    return ProblemError("missing_parameter", f"A required value is absent.({path})")


def refused(path: str, why: str) -> ProblemError:
    """The request does not fit what it refers to."""
    return ProblemError("invalid_request", f"{why}({path})")


def wrong_status(path: str, status: str) -> ProblemError:
    """The order's state does not allow the operation."""
    return ProblemError("invalid_status", f"Not possible in status {status}.({path})")
