"""What an error answer means: every result code, and everything that is not the gateway's word."""

from __future__ import annotations

import json
import pickle
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from kessai import errors as e
from kessai.commands import Reply
from kessai_unified import refusals as r
from kessai_unified.errors import ACTIONS, RESULTS, judge
from kessai_unified_api.codes import ERROR_CODES

from tests.unit.unified.scripted import ORDER, REFERENCE, whole

DOCUMENTED = {
    # code: (HTTP status, status, action code), from the list of result codes; then what kessai
    # makes of it: the error, kessai's own class of it, and what it says about the order
    "UA-REQ-001": (400, "failure", "confirm_request",
                   r.MalformedRequestError, e.InvalidRequestError, "failed"),
    "UA-REQ-002": (400, "failure", "confirm_request",
                   r.ParameterRefusedError, e.InvalidParameterError, "failed"),
    "UA-REQ-003": (409, "failure", "confirm_request",
                   r.DuplicateTransactionError, e.ConflictError, "failed"),
    "UA-REQ-004": (401, "failure", "confirm_merchant_info",
                   r.NotPermittedError, e.AuthenticationError, "refused"),
    "UA-REQ-005": (406, "failure", "retry_request",
                   r.InProgressError, e.ConflictError, "again"),
    "UA-REQ-006": (400, "failure", "alternate_payment",
                   r.DeadlinePassedError, e.TransactionExpiredError, "failed"),
    "UA-REQ-007": (400, "failure", "confirm_payment_status",
                   r.StatusRefusedError, e.InvalidStateError, "failed"),
    "UA-REQ-008": (401, "failure", "confirm_token",
                   r.ConfirmTokenError, e.AuthenticationError, "refused"),
    "UA-REQ-900": (404, "failure", "confirm_request",
                   r.TransactionNotFoundError, e.NotFoundError, "failed"),
    "UA-PRV-001": (502, "failure", "retry_request",
                   r.ProviderRefusedError, e.ProcessingFailureError, "final"),
    "UA-PRV-002": (502, "failure", "confirm_payment_status",
                   r.ProviderStatusError, e.InvalidStateError, "failed"),
    "UA-PRV-003": (502, "failure", "confirm_merchant_info",
                   r.ProviderContractError, e.InvalidContractError, "final"),
    "UA-PRV-004": (502, "failure", "confirm_request",
                   r.AmountRefusedError, e.DeclinedError, "final"),
    "UA-PRV-999": (503, "failure", "maintenance",
                   r.ProviderMaintenanceError, e.MaintenanceError, "refused"),
    "UA-CST-001": (502, "failure", "confirm_consumer",
                   r.ConfirmConsumerError, e.DeclinedError, "final"),
    "UA-CST-002": (502, "failure", "retry_payment",
                   r.ConsumerCancelledError, e.OperationAbortedByUserError, "final"),
    "UA-CST-003": (502, "failure", "retry_payment",
                   r.ConsumerNotVerifiedError, e.DeclinedError, "final"),
    "UA-LMT-001": (429, "failure", "retry_request",
                   r.TooManyConnectionsError, e.TooManyRequestsError, "again"),
    "UA-LMT-002": (403, "failure", "confirm_merchant_info",
                   r.AddressRefusedError, e.AuthenticationError, "refused"),
    "UA-PND-001": (500, "failure", "confirm_pending_status",
                   r.PendingError, e.ServerError, "pending"),
    "UA-SYS-001": (500, "error", "inquiry_support",
                   r.InquirySupportError, e.ServerError, "doubtful"),
    "UA-SYS-002": (500, "error", "inquiry_support",
                   r.InquirySupportError, e.ServerError, "doubtful"),
    "UA-SYS-003": (500, "error", "retry_request",
                   r.CommunicationError, e.ServerError, "doubtful"),
    "UA-SYS-004": (500, "error", "retry_request",
                   r.CommunicationError, e.ServerError, "doubtful"),
}  # fmt: skip
RESULT_CODES = {"UA-000-001", "UA-000-002", "UA-U00-001", "UA-P00-001"}

# What the generated docstrings promise for a status.
BY_STATUS = {
    400: e.InvalidRequestError,
    401: e.AuthenticationError,
    403: e.GatewayError,
    404: e.NotFoundError,
    406: e.GatewayError,
    409: e.ConflictError,
    429: e.TooManyRequestsError,
    500: e.ServerError,
    502: e.BadGatewayError,
    503: e.MaintenanceError,
}
HTML = b"<html><head><title>502 Bad Gateway</title></head></html>"


def reply(status: int, body: Any, **options: Any) -> Reply:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    return Reply(status, {"content-type": "application/json"}, content, **options)


def test_every_code_of_the_spec_is_in_the_table() -> None:
    assert set(RESULTS) == set(DOCUMENTED)
    assert set(DOCUMENTED) | RESULT_CODES == set(ERROR_CODES)
    assert {code: meaning.status for code, meaning in RESULTS.items()} == {
        code: status for code, status in ERROR_CODES.items() if code not in RESULT_CODES
    }


@pytest.mark.parametrize("code", DOCUMENTED)
def test_each_code_is_its_own_error(code: str) -> None:
    status, word, action, error, core, kind = DOCUMENTED[code]
    body = whole(code, action)
    assert body["result"]["status"] == word
    verdict = judge(reply(status, body))
    assert verdict.kind == kind
    assert type(verdict.error) is error
    assert isinstance(verdict.error, core)
    assert isinstance(verdict.error, BY_STATUS[status])
    assert isinstance(verdict.error, ACTIONS[action])
    assert isinstance(verdict.error, r.UnifiedError)
    assert (verdict.error.result_code, verdict.error.action_code) == (code, action)
    assert verdict.error.v_result_code == "1001"
    assert (verdict.error.payment_id, verdict.error.fep_order_id) == ("BOOK-1", ORDER)
    assert verdict.error.fep_reference_id == REFERENCE
    assert verdict.error.detail == "In English."
    names = {"fepOrderId": ORDER, "fepReferenceId": REFERENCE}
    assert verdict.reference == (names if kind in ("doubtful", "pending") else {})


@pytest.mark.parametrize("code", DOCUMENTED)
def test_a_code_with_another_status_proves_nothing(code: str) -> None:
    status, _, action, error, _, kind = DOCUMENTED[code]
    verdict = judge(reply(504 if status != 504 else 500, whole(code, action)))
    assert type(verdict.error) is error
    assert verdict.kind == ("pending" if kind == "pending" else "doubtful")


@pytest.mark.parametrize("code", sorted(RESULT_CODES))
@pytest.mark.parametrize("status", [400, 409, 500, 502])
def test_a_success_under_an_error_status_proves_nothing(code: str, status: int) -> None:
    verdict = judge(reply(status, whole(code)))
    assert verdict.kind in ("doubtful", "pending")
    assert verdict.reference["fepReferenceId"] == REFERENCE


@pytest.mark.parametrize(
    ("status", "action", "error", "kind"),
    [
        (400, "confirm_request", r.ConfirmRequestError, "failed"),
        (400, "retry_payment", r.RetryPaymentError, "failed"),
        (400, None, r.UnifiedError, "failed"),
        (400, "confirm_pending_status", r.PendingError, "pending"),
        (500, "user_paying", r.PendingError, "pending"),
        (502, "provider_processing", r.PendingError, "pending"),
        (502, "retry_payment", r.RetryPaymentError, "doubtful"),
        (502, "brand_new_action", r.InquirySupportError, "doubtful"),
        (409, "confirm_request", r.ConfirmRequestError, "doubtful"),
        (418, None, r.UnifiedError, "doubtful"),
    ],
)
def test_unknown_codes(
    status: int, action: str | None, error: type[r.UnifiedError], kind: str
) -> None:
    verdict = judge(reply(status, whole("UA-NEW-001", action)))
    assert type(verdict.error) is error
    assert verdict.kind == kind
    assert verdict.error.title == "UA-NEW-001"


STATUSES = [
    (400, e.InvalidRequestError, "doubtful"),
    (401, e.AuthenticationError, "refused"),
    (403, e.AuthenticationError, "refused"),
    (404, e.NotFoundError, "refused"),
    (406, e.ConflictError, "doubtful"),
    (409, e.ConflictError, "doubtful"),
    (418, e.UnexpectedStatusError, "doubtful"),
    (429, e.TooManyRequestsError, "again"),
    (500, e.ServerError, "doubtful"),
    (502, e.BadGatewayError, "doubtful"),
    (503, e.MaintenanceError, "doubtful"),
    (504, e.ServerError, "doubtful"),
]


@pytest.mark.parametrize(("status", "error", "kind"), STATUSES)
def test_a_status_without_a_body(status: int, error: type[e.GatewayError], kind: str) -> None:
    verdict = judge(reply(status, b""))
    assert type(verdict.error) is error
    assert verdict.kind == kind
    assert verdict.error.status == status
    assert judge(reply(status, b"", torn=True)).kind == "doubtful"


@pytest.mark.parametrize(("status", "error"), [row[:2] for row in STATUSES])
@pytest.mark.parametrize(
    "content",
    [HTML, b" ", b"{", b"[]", b"{}", b'{"result": null}', b'{"result": {"resultCode": 7}}',
     b'{"result": {"resultCode": "Bad Gateway"}}', b'{"result": "UA-PRV-001"}', b"\xff{}",
     b"[" * 100_000, b'{"a":' * 50_000],
)  # fmt: skip
def test_a_page_says_nothing(status: int, error: type[e.GatewayError], content: bytes) -> None:
    verdict = judge(reply(status, content))
    assert type(verdict.error) is error
    assert verdict.kind == "doubtful"


def test_a_torn_body_says_nothing() -> None:
    verdict = judge(reply(502, whole("UA-PRV-001", "retry_request"), torn=True))
    assert verdict.kind == "doubtful"
    assert verdict.reference == {}


def test_nothing_that_came_is_shown() -> None:
    body = whole("UA-REQ-002", "confirm_request", extra="MARK")
    body["result"]["message"] = "MARK 4980000000"
    body["order"]["paymentId"] = "MARK-1"
    verdict = judge(reply(400, body))
    shown = f"{verdict.error} {verdict.error!r}"
    assert "MARK" not in shown
    assert "UA-REQ-002" in shown


def test_texts_cannot_break_a_log_line() -> None:
    body = whole("UA-REQ-002", "x\r\nFAKE " + "y" * 500)
    body["transaction"]["fepReferenceId"] = "a\r\nb"
    error = judge(reply(400, body)).error
    assert isinstance(error, r.UnifiedError)
    assert error.action_code is not None
    assert len(error.action_code) <= 64
    assert "\n" not in error.action_code
    assert error.fep_reference_id is None


@pytest.mark.parametrize("code", DOCUMENTED)
def test_errors_survive_a_pickle(code: str) -> None:
    status, _, action, error, _, _ = DOCUMENTED[code]
    came = pickle.loads(pickle.dumps(judge(reply(status, whole(code, action))).error))
    assert type(came) is error
    assert (came.result_code, came.action_code) == (code, action)
    assert (came.fep_reference_id, came.status) == (REFERENCE, status)


@given(st.integers(100, 999), st.binary(max_size=200))
def test_any_answer_is_judged(status: int, content: bytes) -> None:
    verdict = judge(reply(status, content))
    assert isinstance(verdict.error, e.GatewayError)
    assert verdict.error.status == status


texts = st.text("aA0-_é鍵\n\0", max_size=10)
values = st.one_of(st.none(), st.booleans(), st.integers(), texts, st.lists(texts, max_size=2))
blocks = st.dictionaries(
    st.sampled_from(["resultCode", "actionCode", "status", "paymentId", "fepReferenceId"]), values
)


@given(
    st.integers(400, 599),
    st.dictionaries(st.sampled_from(["result", "order", "transaction"]), st.one_of(blocks, values)),
)
def test_any_object_is_judged(status: int, body: dict[str, Any]) -> None:
    verdict = judge(reply(status, body))
    if not isinstance(verdict.error, r.UnifiedError):
        assert verdict.kind == "doubtful"
