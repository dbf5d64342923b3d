"""How UnivaPay says no: HTTP errors with a code, and payments that fail under a good status.

Document: facts, Errors and limits; the codes by status and the payment error codes of the YAML.
What the messages of payment errors say is our own.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

_BY_STATUS = {
    400: """ALREADY_CAPTURED AUTH_NOT_SUPPORTED CANCEL_NOT_ALLOWED
        CANNOT_CHANGE_CANCELED_SUBSCRIPTION CANNOT_CHANGE_TOKEN CANNOT_REFUND_UNSUCCESSFUL_CHARGE
        CAPTURE_AMOUNT_TOO_LARGE CARD_BRAND_NOT_SUPPORTED CARD_COUNTRY_NOT_SUPPORTED
        CARD_PROCESSING_DISABLED CHARGE_TOO_QUICK CONVENIENCE_PROCESSING_DISABLED
        CURRENCY_MUST_MATCH_CHARGE CVV_REQUIRED CVV_AUTHORIZATION_NOT_COMPLETED FILE_INVALID_TYPE
        FILE_MAX_SIZE_EXCEEDED FORBIDDEN_IP INSTALLMENT_MAX_PAYOUT_PERIOD_EXCEEDED
        INSTALLMENT_PAYMENT_TYPE_NOT_ALLOWED_FOR_PLAN INSTALLMENT_INVALID_CYCLES_COUNT
        INSTALLMENT_INVALID_PLAN INVALID_PLATFORM INVALID_TOKEN_TYPE INVALID_QR_SCAN_GATEWAY
        LAST_NAME_REQUIRED LIVE_MODE_NOT_ENABLED_WHEN_UNVERIFIED NO_DIRECT_CURRENCY_GATEWAY
        NO_GATEWAYS_AVAILABLE NO_TEST_CARD_IN_LIVE_MODE NON_SUBSCRIPTION_PAYMENT NOT_ONE_TIME_TOKEN
        NOT_SUBSCRIPTION_TOKEN PARTIAL_CAPTURE_NOT_SUPPORTED PAYMENT_EXPIRATION_EXCEEDS_PERIOD
        PROCESSING_MODE_MISMATCH QR_PROCESSING_DISABLED RECURRING_TOKEN_DISABLED
        RECURRING_USAGE_LIMIT_REQUIRED RECURRING_USAGE_REQUIRES_CVV REFUND_EXCEEDS_CHARGE_AMOUNT
        REFUND_NOT_ALLOWED REFUND_EXCEEDS_SALES REFUND_NOT_WITHIN_BOUNDS RESOURCE_LIMIT_REACHED
        SUBSCRIPTION_ALREADY_ENDED TOKEN_FOR_WRONG_STORE TRANSACTION_ALREADY_PROCESSED
        TRANSACTION_TOKEN_EXPIRED USAGE_LIMIT_NOT_APPLICABLE VALIDATION_ERROR
        CHARGE_AMOUNT_TOO_HIGH NOT_SUPPORTED_BY_PROCESSOR""",
    401: """AUTH_HEADER_MISSING EXPIRED_LOGIN_TOKEN INVALID_APP_TOKEN INVALID_CREDENTIALS
        INVALID_DOMAIN INVALID_LOGIN_TOKEN DIRECT_CARD_TOKEN_CREATION_DISABLED""",
    403: """CARD_LOCKED INVALID_PERMISSIONS INSTALLMENT_PROCESSOR_INITIAL_AMOUNTS_NOT_SUPPORTED
        OUTDATED_APP_TOKEN TEST_CARD_CANNOT_BE_BANNED INSTALLMENTS_NOT_ENABLED""",
    # The documents give 404, 405 and 415 no code; these are assumed.
    404: "NOT_FOUND",
    405: "METHOD_NOT_ALLOWED",
    409: "IDEMPOTENCY_KEY_CONFLICT NON_UNIQUE_ACTIVE_TOKEN WEBHOOK_URL_EXISTS",
    415: "UNSUPPORTED_MEDIA_TYPE",
    500: """COULD_NOT_REFRESH_AUTH DB_ERROR FILE_UPLOAD_ERROR IMPROPER_AUTH TIMEOUT
        UNABLE_TO_GET_IDEMPOTENT_RESULT UNKNOWN_ERROR""",
    503: "SERVICE_UNAVAILABLE_TRY_AGAIN",
    504: "NO_GATEWAY_AVAILABLE_TO_PROCESS_THE_REQUEST",
}
CODES: dict[str, int] = {
    code: status for status, codes in _BY_STATUS.items() for code in codes.split()
}

PAYMENT_ERRORS: dict[int, str] = {
    301: "card number", 302: "expiration month", 303: "expiration year", 304: "card expired",
    305: "security code", 306: "declined", 307: "invalid card", 308: "not approved",
    309: "general", 310: "consumer data", 311: "too many charges", 312: "cannot be canceled",
    313: "authorization expired", 314: "reported stolen", 315: "contact issuer",
    316: "last name required", 317: "partial capture not supported",
    318: "partial refund not supported", 319: "suspected fraud", 320: "bank system",
    321: "descriptor not supported", 322: "code invalid", 323: "code expired",
    324: "code already used", 325: "code in use", 326: "high risk", 327: "payment expired",
    328: "recovery failed", 329: "refund failed", 330: "insufficient funds",
    331: "metadata value", 332: "cross border id missing", 333: "cross border phone missing",
    334: "cross border method", 335: "cross border name missing", 336: "method limit exceeded",
    337: "merchant limit exceeded", 338: "payment not found", 339: "payment duplicate",
    340: "qr account rejected", 341: "merchant data missing", 342: "cross border currency",
    343: "gateway server", 344: "method unavailable", 345: "already canceled",
    346: "canceled on timeout", 351: "invalid transaction", 355: "installments not supported",
    356: "not registered for 3-D Secure", 358: "3-D Secure failed by the consumer",
    359: "3-D Secure failed by the issuer", 500: "before processing", 501: "internal",
    502: "timeout", 601: "system", 602: "refused by the processor",
    603: "identity refused by customs", 604: "customer id missing",
}  # fmt: skip


class Wrong(NamedTuple):
    """One member that is wrong, and why."""

    field: str
    reason: str


class ProblemError(Exception):
    """An answer that refuses a request: `code`, and for VALIDATION_ERROR what is wrong."""

    def __init__(self, code: str, errors: Sequence[Wrong] = ()) -> None:
        super().__init__(code)
        self.code: str = code
        self.status: int = CODES[code]
        self.errors: tuple[Wrong, ...] = tuple(errors)

    def body(self) -> dict[str, Any]:
        """The JSON body."""
        return problem_body(self.code, self.errors)


def problem_body(code: str, errors: Sequence[Wrong] = ()) -> dict[str, Any]:
    """The JSON body of a refusal."""
    wrong = [{"field": field, "reason": reason} for field, reason in errors]
    return {"status": "error", "code": code, "errors": wrong}


def invalid(field: str, reason: str) -> ProblemError:
    """VALIDATION_ERROR about one member."""
    return ProblemError("VALIDATION_ERROR", [Wrong(field, reason)])


def payment_error(code: int) -> dict[str, Any]:
    """The `error` of a resource that failed."""
    return {"code": code, "message": PAYMENT_ERRORS[code], "detail": "As the mock was told."}
