"""What the gateway's error answers mean, by code and status, and what a failed payment means.

An error answer is JSON: ``{"status": "error", "code": "...", "errors": [...]}``; some have no body
at all (429 above all). Two codes say that an earlier request with this key is in the way: they
prove nothing about it, so the call ends unknown and the gateway is asked.

A payment that fails is no error of HTTP: it is an answer of status 2xx whose resource has the
status ``failed`` or ``error``.

Source: the provider's Java SDK, ``doc/`` (codes by status, payment errors);
docs.gopay-services.com, References/error-codes (no body).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, cast

from kessai import errors as e
from kessai.bodies import members, printable
from kessai.gateway import Verdict

from . import refusals as r

if TYPE_CHECKING:
    from kessai.commands import Reply

__all__ = ["BY_STATUS", "CODES", "PAYMENT_ERRORS", "Meaning", "judge", "payment_error"]

Kind = Literal["refused", "again", "failed", "doubtful", "pending"]


class Meaning(NamedTuple):
    """What an error code stands for: the status it comes with, its error, and what was done."""

    status: int
    error: type[r.UnivapayError]
    kind: Kind


def _all(status: int, error: type[r.UnivapayError], kind: Kind, *codes: str) -> dict[str, Meaning]:
    return dict.fromkeys(codes, Meaning(status, error, kind))


CODES: dict[str, Meaning] = {
    **_all(400, r.InvalidFieldsError, "failed", "VALIDATION_ERROR"),
    **_all(400, r.TokenUsedError, "failed", "TRANSACTION_ALREADY_PROCESSED"),
    **_all(400, r.TokenExpiredError, "failed", "TRANSACTION_TOKEN_EXPIRED"),
    **_all(400, r.ChargeTooQuickError, "failed", "CHARGE_TOO_QUICK"),
    **_all(
        400,
        r.StateRefusedError,
        "failed",
        "ALREADY_CAPTURED",
        "CANCEL_NOT_ALLOWED",
        "CANNOT_CHANGE_CANCELED_SUBSCRIPTION",
        "CANNOT_CHANGE_TOKEN",
        "CANNOT_REFUND_UNSUCCESSFUL_CHARGE",
        "CVV_AUTHORIZATION_NOT_COMPLETED",
        "REFUND_NOT_ALLOWED",
        "SUBSCRIPTION_ALREADY_ENDED",
    ),
    **_all(
        400,
        r.NotContractedError,
        "failed",
        "AUTH_NOT_SUPPORTED",
        "CARD_PROCESSING_DISABLED",
        "CONVENIENCE_PROCESSING_DISABLED",
        "FORBIDDEN_IP",
        "LIVE_MODE_NOT_ENABLED_WHEN_UNVERIFIED",
        "NO_DIRECT_CURRENCY_GATEWAY",
        "NO_GATEWAYS_AVAILABLE",
        "NOT_SUPPORTED_BY_PROCESSOR",
        "PARTIAL_CAPTURE_NOT_SUPPORTED",
        "QR_PROCESSING_DISABLED",
        "RECURRING_TOKEN_DISABLED",
        "RESOURCE_LIMIT_REACHED",
    ),
    **_all(
        400,
        r.CardRefusedError,
        "failed",
        "CARD_BRAND_NOT_SUPPORTED",
        "CARD_COUNTRY_NOT_SUPPORTED",
        "NO_TEST_CARD_IN_LIVE_MODE",
    ),
    **_all(
        400,
        r.RequestRefusedError,
        "failed",
        "CAPTURE_AMOUNT_TOO_LARGE",
        "CHARGE_AMOUNT_TOO_HIGH",
        "CHARGE_AMOUNT_TOO_LOW",
        "CURRENCY_MUST_MATCH_CHARGE",
        "CVV_REQUIRED",
        "FILE_INVALID_TYPE",
        "FILE_MAX_SIZE_EXCEEDED",
        "INSTALLMENT_INVALID_CYCLES_COUNT",
        "INSTALLMENT_INVALID_PLAN",
        "INSTALLMENT_MAX_PAYOUT_PERIOD_EXCEEDED",
        "INSTALLMENT_PAYMENT_TYPE_NOT_ALLOWED_FOR_PLAN",
        "INVALID_PLATFORM",
        "INVALID_QR_SCAN_GATEWAY",
        "INVALID_TOKEN_TYPE",
        "LAST_NAME_REQUIRED",
        "NON_SUBSCRIPTION_PAYMENT",
        "NOT_ONE_TIME_TOKEN",
        "NOT_SUBSCRIPTION_TOKEN",
        "PAYMENT_EXPIRATION_EXCEEDS_PERIOD",
        "PROCESSING_MODE_MISMATCH",
        "RECURRING_USAGE_LIMIT_REQUIRED",
        "RECURRING_USAGE_REQUIRES_CVV",
        "REFUND_EXCEEDS_CHARGE_AMOUNT",
        "REFUND_EXCEEDS_SALES",
        "REFUND_NOT_WITHIN_BOUNDS",
        "TOKEN_FOR_WRONG_STORE",
        "USAGE_LIMIT_NOT_APPLICABLE",
    ),
    **_all(
        401,
        r.CredentialsRefusedError,
        "refused",
        "AUTH_HEADER_MISSING",
        "DIRECT_CARD_TOKEN_CREATION_DISABLED",
        "EXPIRED_LOGIN_TOKEN",
        "INVALID_APP_TOKEN",
        "INVALID_CREDENTIALS",
        "INVALID_DOMAIN",
        "INVALID_LOGIN_TOKEN",
    ),
    **_all(403, r.CardRefusedError, "refused", "CARD_LOCKED"),
    **_all(
        403,
        r.CredentialsRefusedError,
        "refused",
        "INSTALLMENTS_NOT_ENABLED",
        "INSTALLMENT_PROCESSOR_INITIAL_AMOUNTS_NOT_SUPPORTED",
        "INVALID_PERMISSIONS",
        "OUTDATED_APP_TOKEN",
        "TEST_CARD_CANNOT_BE_BANNED",
    ),
    **_all(409, r.TakenError, "pending", "IDEMPOTENCY_KEY_CONFLICT"),
    **_all(409, r.TakenError, "failed", "NON_UNIQUE_ACTIVE_TOKEN", "WEBHOOK_URL_EXISTS"),
    **_all(500, r.GatewayFaultError, "pending", "UNABLE_TO_GET_IDEMPOTENT_RESULT"),
    **_all(
        500,
        r.GatewayFaultError,
        "doubtful",
        "COULD_NOT_REFRESH_AUTH",
        "DB_ERROR",
        "FILE_UPLOAD_ERROR",
        "IMPROPER_AUTH",
        "TIMEOUT",
        "UNKNOWN_ERROR",
    ),
    **_all(503, r.UnavailableError, "doubtful", "SERVICE_UNAVAILABLE_TRY_AGAIN"),
    **_all(504, r.GatewayFaultError, "doubtful", "NO_GATEWAY_AVAILABLE_TO_PROCESS_THE_REQUEST"),
}
"""The documented codes of error answers. CHARGE_AMOUNT_TOO_LOW is listed as a reason only."""

BY_STATUS: dict[int, Meaning] = {
    400: Meaning(400, r.RequestRefusedError, "failed"),
    401: Meaning(401, r.CredentialsRefusedError, "refused"),
    403: Meaning(403, r.CredentialsRefusedError, "refused"),
    404: Meaning(404, r.NoSuchResourceError, "refused"),
    409: Meaning(409, r.TakenError, "pending"),
    429: Meaning(429, r.TooFastError, "again"),
    503: Meaning(503, r.UnavailableError, "doubtful"),
}
"""What a status means with a code nobody documents, or with none. Others are doubtful."""

PAYMENT_ERRORS: dict[int, type[r.PaymentError]] = {
    **dict.fromkeys((301, 302, 303, 304, 305, 307, 314, 316, 355, 356), r.PaymentCardError),
    **dict.fromkeys((306, 308, 315, 319, 326, 340, 358, 359), r.PaymentDeclinedError),
    **dict.fromkeys((311, 336, 337), r.PaymentLimitError),
    **dict.fromkeys((313, 323, 327, 346), r.PaymentExpiredError),
    **dict.fromkeys((312, 317, 318, 324, 325, 339, 345), r.PaymentRefusedError),
    330: r.PaymentInsufficientError,
}
"""The error of a payment error's code (``models.PaymentErrorCode`` says what each means). Others
are ``PaymentFailedError``: the data, the merchant's contract, a system that failed."""

_BARE: dict[int, type[e.GatewayError]] = {
    400: e.InvalidRequestError,
    401: e.AuthenticationError,
    403: e.AuthenticationError,
    404: e.NotFoundError,
    405: e.MethodNotAllowedError,
    409: e.ConflictError,
    415: e.UnsupportedMediaTypeError,
    429: e.TooManyRequestsError,
    502: e.BadGatewayError,
    503: e.MaintenanceError,
}
_CODE = re.compile(r"[A-Z][A-Z0-9_]{2,79}")
_FIELD = re.compile(r"[0-9A-Za-z_.\[\]-]{1,100}")


def judge(reply: Reply) -> Verdict:
    """Say which error an answer of status 400 or above is, and whether anything may have been done.

    - A documented code with its own status means what ``CODES`` says; with another status it names
      the error and proves nothing.
    - An unknown code means what its status does (``BY_STATUS``).
    - An empty body or ``{}`` means what its status does, too: that is how 429 comes.
    - A page, a torn body, any other status: doubtful.
    """
    body = None if reply.torn else members(reply.content.strip() or b"{}")
    if body is None:
        error = _BARE.get(reply.status)
        if error is None:
            error = e.ServerError if 500 <= reply.status <= 599 else e.UnexpectedStatusError
        return Verdict("doubtful", error(status=reply.status))
    given = body.get("code")
    code = given if isinstance(given, str) and _CODE.fullmatch(given) else None
    by_status = BY_STATUS.get(reply.status)
    meaning = None if code is None else CODES.get(code)
    kind: Kind
    if meaning is None:
        kind = "doubtful" if by_status is None else by_status.kind
        error_class = r.GatewayFaultError if reply.status >= 500 else r.UnivapayError
        own = (error_class if by_status is None else by_status.error)(code, status=reply.status)
    else:
        own = meaning.error(code, status=reply.status)
        kind = meaning.kind
        if reply.status != meaning.status and kind != "pending":
            kind = "doubtful"
    own.errors = _fields(body.get("errors"))
    return Verdict(kind, own)


def payment_error(value: Any) -> r.PaymentError | None:
    """The error of a charge, refund or cancel that failed; None for one that did not.

    ``value`` is the resource as it was decoded; the error carries it.
    """
    status = getattr(value, "status", None)
    if status not in ("failed", "error"):
        return None
    details = getattr(value, "error", None)
    code = getattr(details, "code", None)
    if not isinstance(code, int):
        code = None
    message, detail = getattr(details, "message", None), getattr(details, "detail", None)
    found = PAYMENT_ERRORS.get(code or 0, r.PaymentFailedError)(code)
    found.detail = printable(detail if isinstance(detail, str) and detail else message, 512)
    found.value = value
    return found


def _fields(given: object) -> tuple[r.FieldError, ...]:
    found: list[r.FieldError] = []
    if isinstance(given, list):
        for entry in cast("list[Any]", given)[:100]:  # type: ignore[redundant-cast]
            members = cast("dict[str, Any]", entry) if isinstance(entry, dict) else {}
            field, reason = members.get("field"), members.get("reason")
            if isinstance(reason, str) and _CODE.fullmatch(reason):
                named = isinstance(field, str) and _FIELD.fullmatch(field) is not None
                found.append(r.FieldError(cast("str", field) if named else None, reason))
    return tuple(found)
