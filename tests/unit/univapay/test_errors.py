"""What an error answer means: every code and status, and everything that is not the gateway's."""

from __future__ import annotations

import json
import pickle
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from kessai import errors as e
from kessai.commands import Reply
from kessai_univapay import models as m
from kessai_univapay import refusals as r
from kessai_univapay.errors import CODES, PAYMENT_ERRORS, judge, payment_error

from tests.unit.univapay.scripted import charge_of, failed

HTML = b"<html><head><title>502 Bad Gateway</title></head></html>"

# A row for each group: HTTP status, our error, kessai's own class of it, what it says of the order.
DOCUMENTED: list[tuple[int, type[r.UnivapayError], type[e.GatewayError], str, str]] = [
    (400, r.InvalidFieldsError, e.InvalidParameterError, "failed", "VALIDATION_ERROR"),
    (400, r.TokenUsedError, e.InvalidStateError, "failed", "TRANSACTION_ALREADY_PROCESSED"),
    (400, r.TokenExpiredError, e.TransactionExpiredError, "failed", "TRANSACTION_TOKEN_EXPIRED"),
    (400, r.ChargeTooQuickError, e.InvalidStateError, "failed", "CHARGE_TOO_QUICK"),
    (400, r.StateRefusedError, e.InvalidStateError, "failed", "CANCEL_NOT_ALLOWED"),
    (400, r.StateRefusedError, e.InvalidStateError, "failed", "REFUND_NOT_ALLOWED"),
    (400, r.StateRefusedError, e.InvalidStateError, "failed", "ALREADY_CAPTURED"),
    (400, r.StateRefusedError, e.InvalidStateError, "failed",
     "CANNOT_REFUND_UNSUCCESSFUL_CHARGE"),
    (400, r.NotContractedError, e.InvalidContractError, "failed",
     "CONVENIENCE_PROCESSING_DISABLED"),
    (400, r.NotContractedError, e.InvalidContractError, "failed", "NO_GATEWAYS_AVAILABLE"),
    (400, r.CardRefusedError, e.CardDeclinedError, "failed", "NO_TEST_CARD_IN_LIVE_MODE"),
    (400, r.RequestRefusedError, e.InvalidRequestError, "failed", "PROCESSING_MODE_MISMATCH"),
    (400, r.RequestRefusedError, e.InvalidRequestError, "failed", "CHARGE_AMOUNT_TOO_HIGH"),
    (400, r.RequestRefusedError, e.InvalidRequestError, "failed", "REFUND_EXCEEDS_CHARGE_AMOUNT"),
    (401, r.CredentialsRefusedError, e.AuthenticationError, "refused", "INVALID_CREDENTIALS"),
    (401, r.CredentialsRefusedError, e.AuthenticationError, "refused", "INVALID_APP_TOKEN"),
    (401, r.CredentialsRefusedError, e.AuthenticationError, "refused", "AUTH_HEADER_MISSING"),
    (403, r.CredentialsRefusedError, e.AuthenticationError, "refused", "INVALID_PERMISSIONS"),
    (403, r.CardRefusedError, e.CardDeclinedError, "refused", "CARD_LOCKED"),
    (409, r.TakenError, e.ConflictError, "pending", "IDEMPOTENCY_KEY_CONFLICT"),
    (409, r.TakenError, e.ConflictError, "failed", "WEBHOOK_URL_EXISTS"),
    (409, r.TakenError, e.ConflictError, "failed", "NON_UNIQUE_ACTIVE_TOKEN"),
    (500, r.GatewayFaultError, e.ServerError, "pending", "UNABLE_TO_GET_IDEMPOTENT_RESULT"),
    (500, r.GatewayFaultError, e.ServerError, "doubtful", "UNKNOWN_ERROR"),
    (500, r.GatewayFaultError, e.ServerError, "doubtful", "DB_ERROR"),
    (500, r.GatewayFaultError, e.ServerError, "doubtful", "TIMEOUT"),
    (503, r.UnavailableError, e.MaintenanceError, "doubtful", "SERVICE_UNAVAILABLE_TRY_AGAIN"),
    (504, r.GatewayFaultError, e.ServerError, "doubtful",
     "NO_GATEWAY_AVAILABLE_TO_PROCESS_THE_REQUEST"),
]  # fmt: skip
KEYS = {"IDEMPOTENCY_KEY_CONFLICT", "UNABLE_TO_GET_IDEMPOTENT_RESULT"}

# What the generated docstrings promise for a status.
BY_STATUS = {
    400: e.GatewayError,  # nearly always InvalidRequestError; a card's refusal is its own
    401: e.AuthenticationError,
    403: e.GatewayError,
    409: e.ConflictError,
    500: e.ServerError,
    503: e.MaintenanceError,
    504: e.ServerError,
}


def reply(status: int, body: Any, **options: Any) -> Reply:
    """An answer as the driver hands it over."""
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    return Reply(status, {"content-type": "application/json"}, content, **options)


def coded(code: str, **members: Any) -> dict[str, Any]:
    """An error answer's body."""
    return {"status": "error", "code": code, "errors": [], **members}


@pytest.mark.parametrize("row", DOCUMENTED, ids=lambda row: row[4])
def test_a_code_is_its_own_error(row: Any) -> None:
    status, error, core, kind, code = row
    verdict = judge(reply(status, coded(code)))
    assert verdict.kind == kind
    assert type(verdict.error) is error
    assert isinstance(verdict.error, core)
    assert isinstance(verdict.error, BY_STATUS[status])
    assert isinstance(verdict.error, r.UnivapayError)
    assert (verdict.error.code, verdict.error.title, verdict.error.status) == (code, code, status)


def test_every_code_of_the_spec_is_in_the_table() -> None:
    """Each is told by its own status; those of the table that are no code are reasons."""
    spec = {str(code) for code in m.ApiErrorCode}
    assert {row[4] for row in DOCUMENTED} <= set(CODES)
    assert spec <= set(CODES), spec - set(CODES)
    assert set(CODES) - spec <= {"CHARGE_AMOUNT_TOO_LOW"}


@pytest.mark.parametrize("code", sorted(CODES))
def test_a_code_never_proves_more_than_its_status(code: str) -> None:
    """With its own status it is the gateway's word; with another it names the error, no more."""
    meaning = CODES[code]
    own = judge(reply(meaning.status, coded(code)))
    assert type(own.error) is meaning.error
    assert own.kind == meaning.kind
    assert (own.kind in ("failed", "refused")) == (meaning.status < 500 and code not in KEYS)
    for status in {400, 401, 403, 404, 409, 418, 429, 500, 502, 503, 504} - {meaning.status}:
        other = judge(reply(status, coded(code)))
        assert type(other.error) is meaning.error
        assert other.kind == ("pending" if code in KEYS else "doubtful")


STATUSES = [
    (400, r.RequestRefusedError, "failed"),
    (401, r.CredentialsRefusedError, "refused"),
    (403, r.CredentialsRefusedError, "refused"),
    (404, r.NoSuchResourceError, "refused"),
    (405, r.UnivapayError, "doubtful"),
    (409, r.TakenError, "pending"),
    (418, r.UnivapayError, "doubtful"),
    (429, r.TooFastError, "again"),
    (500, r.GatewayFaultError, "doubtful"),
    (502, r.GatewayFaultError, "doubtful"),
    (503, r.UnavailableError, "doubtful"),
    (504, r.GatewayFaultError, "doubtful"),
]


@pytest.mark.parametrize(("status", "error", "kind"), STATUSES)
@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"", None),
        (b" \n", None),
        ({}, None),
        ({"status": "error"}, None),
        ({"code": None}, None),
        ({"code": 404}, None),
        ({"code": "not a code"}, None),
        ({"code": "x" * 300}, None),
        (coded("BRAND_NEW_CODE"), "BRAND_NEW_CODE"),
    ],
    ids=["empty", "blank", "object", "bare", "null", "number", "words", "long", "new"],
)
def test_without_a_code_anybody_knows_the_status_counts(
    status: int, error: type[r.UnivapayError], kind: str, body: Any, code: str | None
) -> None:
    """A 429 comes with nothing or with an empty object, a 404 with a code nobody has named."""
    verdict = judge(reply(status, body))
    assert type(verdict.error) is error
    assert verdict.kind == kind
    assert (verdict.error.code, verdict.error.status) == (code, status)


BARE = {
    400: e.InvalidRequestError,
    401: e.AuthenticationError,
    404: e.NotFoundError,
    405: e.MethodNotAllowedError,
    409: e.ConflictError,
    415: e.UnsupportedMediaTypeError,
    418: e.UnexpectedStatusError,
    429: e.TooManyRequestsError,
    500: e.ServerError,
    502: e.BadGatewayError,
    503: e.MaintenanceError,
    504: e.ServerError,
}


@pytest.mark.parametrize("status", BARE)
@pytest.mark.parametrize(
    "content",
    [HTML, b"{", b"[]", b'"text"', b"\xff{}", b"[" * 100_000, b'{"a":' * 50_000,
     b" " * 70_000 + b"x"],
    ids=["page", "torn", "array", "text", "bytes", "deep", "nested", "huge"],
)  # fmt: skip
def test_a_page_says_nothing(status: int, content: bytes) -> None:
    """It may be a proxy's, and the gateway may have carried the order out behind it."""
    verdict = judge(reply(status, content))
    assert type(verdict.error) is BARE[status]
    assert verdict.kind == "doubtful"


@pytest.mark.parametrize("row", DOCUMENTED, ids=lambda row: row[4])
def test_a_torn_answer_says_nothing(row: Any) -> None:
    assert judge(reply(row[0], coded(row[4]), torn=True)).kind == "doubtful"


def test_fields_and_reasons_are_kept() -> None:
    """Those with the form of the documents; the rest is left out, not stumbled over."""
    errors: list[Any] = [
        {"field": "data.phone_number", "reason": "ONLY_JAPANESE_PHONE_NUMBER_ALLOWED"},
        {"reason": "REQUIRED_VALUE"},
        {"field": "a\r\nb", "reason": "INVALID_FORMAT"},
        {"field": "amount", "reason": "no reason"},
        {"field": "amount"},
        "text",
        None,
        7,
    ]
    error = judge(reply(400, coded("VALIDATION_ERROR", errors=errors))).error
    assert isinstance(error, r.InvalidFieldsError)
    assert error.errors == (
        r.FieldError("data.phone_number", "ONLY_JAPANESE_PHONE_NUMBER_ALLOWED"),
        r.FieldError(None, "REQUIRED_VALUE"),
        r.FieldError(None, "INVALID_FORMAT"),
    )
    many = judge(reply(400, coded("VALIDATION_ERROR", errors=[{"reason": "TOO_LONG"}] * 500))).error
    assert isinstance(many, r.UnivapayError)
    assert len(many.errors) == 100


@given(st.integers(100, 999), st.binary(max_size=200))
def test_any_answer_is_judged(status: int, content: bytes) -> None:
    """Bytes that are no object of JSON never prove anything."""
    verdict = judge(reply(status, content))
    assert isinstance(verdict.error, e.GatewayError)
    assert verdict.error.status == status


texts = st.one_of(st.text("aA0_\n\0é", max_size=8), st.sampled_from(sorted(CODES)))
values = st.one_of(st.none(), st.booleans(), st.integers(), texts, st.lists(texts, max_size=2))
entries = st.dictionaries(st.sampled_from(["field", "reason"]), values, max_size=2)
bodies = st.dictionaries(
    st.sampled_from(["status", "code", "errors", "message"]),
    st.one_of(values, st.lists(entries, max_size=3)),
)


@given(st.integers(400, 599), st.one_of(bodies, values), st.booleans())
def test_failed_is_never_said_of_what_may_have_been_processed(
    status: int, body: Any, torn: bool
) -> None:
    """Only whole answers of status 400 and documented conflicts say so, and no code of a key."""
    verdict = judge(reply(status, body, torn=torn))
    if verdict.kind == "failed":
        assert not torn
        assert isinstance(body, dict)
        assert isinstance(verdict.error, r.UnivapayError)
        assert status == 400 or (status == 409 and verdict.error.code in CODES)
        assert verdict.error.code not in KEYS
    if status >= 500:
        assert verdict.kind in ("doubtful", "pending")


# -- payments that failed


PAID_WITH = {
    r.PaymentCardError: (301, 302, 303, 304, 305, 307),
    r.PaymentDeclinedError: (306, 308),
    r.PaymentInsufficientError: (330,),
    r.PaymentLimitError: (311, 336, 337),
    r.PaymentExpiredError: (323, 327),
    r.PaymentRefusedError: (312,),
    r.PaymentFailedError: (309, 310, 501, 599, 604, 99999),
}


@pytest.mark.parametrize(
    ("error", "code"), [(error, code) for error, codes in PAID_WITH.items() for code in codes]
)
def test_a_payment_error_is_told_by_its_number(error: type[r.PaymentError], code: int) -> None:
    charge = m.Charge.from_wire(charge_of("failed", **failed(code)))
    found = payment_error(charge)
    assert type(found) is error
    assert found is not None
    assert (found.code, found.title, found.detail) == (code, str(code), "In English.")
    assert found.value is charge


def test_every_payment_error_of_the_spec_has_a_class() -> None:
    """Each of the codes is one of ours, and those of the table stand in the spec."""
    assert set(PAYMENT_ERRORS) <= {int(code) for code in m.PaymentErrorCode}
    for code in m.PaymentErrorCode:
        charge = m.Charge.from_wire(charge_of("error", **failed(int(code))))
        assert isinstance(payment_error(charge), r.PaymentError)


@pytest.mark.parametrize("status", ["pending", "awaiting", "authorized", "successful", "canceled"])
def test_what_did_not_fail_is_no_error(status: str) -> None:
    """Even with an ``error`` object: lists give one without members."""
    assert payment_error(m.Charge.from_wire(charge_of(status, error={}))) is None
    assert payment_error(m.Charge.from_wire(charge_of(status, **failed(306)))) is None


@pytest.mark.parametrize("error", [None, {}, {"message": None}, {"code": None, "detail": ""}])
def test_a_failure_without_a_code(error: Any) -> None:
    found = payment_error(m.Charge.from_wire(charge_of("failed", error=error)))
    assert type(found) is r.PaymentFailedError
    assert found.code is None
    assert found.detail is None


def test_a_message_cannot_break_a_log_line() -> None:
    charge = m.Charge.from_wire(
        charge_of("failed", error={"code": 306, "message": "a\r\nFAKE " + "x" * 9000})
    )
    found = payment_error(charge)
    assert found is not None
    assert found.detail is not None
    assert "\n" not in found.detail
    assert len(found.detail) <= 512
    assert "FAKE" not in f"{found} {found!r}"


@given(st.one_of(values, st.builds(object)))
def test_anything_may_be_looked_at(value: Any) -> None:
    assert payment_error(value) is None


@pytest.mark.parametrize("row", DOCUMENTED, ids=lambda row: row[4])
def test_errors_survive_a_pickle(row: Any) -> None:
    errors = [{"field": "amount", "reason": "INVALID_FORMAT"}]
    came = pickle.loads(pickle.dumps(judge(reply(row[0], coded(row[4], errors=errors))).error))
    assert type(came) is row[1]
    assert came.code == row[4]
    assert came.errors == (r.FieldError("amount", "INVALID_FORMAT"),)


def test_a_payment_error_survives_a_pickle() -> None:
    charge = m.Charge.from_wire(charge_of("failed", **failed(330)))
    came = pickle.loads(pickle.dumps(payment_error(charge)))
    assert (came.code, came.value) == (330, charge)
