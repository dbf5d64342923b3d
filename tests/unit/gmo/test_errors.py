"""What an error answer means: 23 titles, and everything that is not the gateway's own word."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from kessai import errors as e
from kessai.commands import Reply
from kessai_gmo.errors import TITLES, judge

DOCUMENTED = {
    # title: (status, error, kind), written down from the manual's two tables
    "invalid_contract": (400, e.InvalidContractError, "failed"),
    "invalid_header": (400, e.InvalidHeaderError, "failed"),
    "invalid_parameter": (400, e.InvalidParameterError, "failed"),
    "invalid_request": (400, e.InvalidRequestError, "failed"),
    "invalid_status": (400, e.InvalidStateError, "failed"),
    "missing_parameter": (400, e.MissingParameterError, "failed"),
    "transaction_count_exceeded": (400, e.TransactionCountExceededError, "failed"),
    "transaction_expired": (400, e.TransactionExpiredError, "failed"),
    "unauthorized_request": (401, e.AuthenticationError, "reauthorize"),
    "operation_aborted_by_user": (402, e.OperationAbortedByUserError, "failed"),
    "card_declined": (402, e.CardDeclinedError, "failed"),
    "insufficient_balance": (402, e.InsufficientBalanceError, "failed"),
    "amount_limit_exceeded": (402, e.AmountLimitExceededError, "failed"),
    "processing_failure": (402, e.ProcessingFailureError, "failed"),
    "resource_not_found": (404, e.NotFoundError, "refused"),
    "method_not_allowed": (405, e.MethodNotAllowedError, "refused"),
    "conflict": (409, e.ConflictError, "doubtful"),
    "unsupported_media_type": (415, e.UnsupportedMediaTypeError, "refused"),
    "too_many_requests": (429, e.TooManyRequestsError, "again"),
    "internal_server_error": (500, e.ServerError, "doubtful"),
    "bad_gateway": (502, e.BadGatewayError, "doubtful"),
    "maintenance": (502, e.MaintenanceError, "refused"),
    "service_unavailable": (503, e.MaintenanceError, "refused"),
}

HTML = b"<html><head><title>502 Bad Gateway</title></head></html>"


def problem(status: int, title: str | None, **members: Any) -> Reply:
    body = {"detail": "d", "instance": "/credit/charge", **members}
    if title is not None:
        body["title"] = title
    headers = {"content-type": "application/problem+json"}
    return Reply(status, headers, json.dumps(body).encode())


def test_the_table_holds_the_23_titles_and_no_other() -> None:
    assert len(DOCUMENTED) == 23
    assert set(TITLES) == set(DOCUMENTED)


@pytest.mark.parametrize("title", DOCUMENTED)
def test_each_title_is_its_own_error(title: str) -> None:
    status, error, kind = DOCUMENTED[title]
    verdict = judge(problem(status, title))
    assert type(verdict.error) is error
    assert verdict.kind == kind
    assert verdict.error.title == title
    assert verdict.error.status == status
    assert verdict.error.detail == "d"
    assert verdict.error.instance == "/credit/charge"


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (400, e.InvalidRequestError),
        (401, e.AuthenticationError),
        (402, e.DeclinedError),
        (403, e.UnexpectedStatusError),
        (404, e.NotFoundError),
        (405, e.MethodNotAllowedError),
        (409, e.ConflictError),
        (415, e.UnsupportedMediaTypeError),
        (418, e.UnexpectedStatusError),
        (429, e.TooManyRequestsError),
        (500, e.ServerError),
        (502, e.BadGatewayError),
        (503, e.MaintenanceError),
        (504, e.ServerError),
        (520, e.ServerError),
        (301, e.UnexpectedStatusError),
        (999, e.UnexpectedStatusError),
    ],
)
@pytest.mark.parametrize(
    "content",
    [HTML, b"", b"{", b"[]", b'{"message": "no title"}', b'{"title": 404}', b"\xff\xfe{}",
     b'{"title": "Not Found", "status": 404}', b"[" * 100_000, b'{"a":' * 50_000],
)  # fmt: skip
def test_a_page_says_nothing_about_the_order(
    status: int, error: type[e.GatewayError], content: bytes
) -> None:
    verdict = judge(Reply(status, {"content-type": "text/html"}, content))
    assert type(verdict.error) is error
    assert verdict.kind == "doubtful"
    assert verdict.error.status == status


@pytest.mark.parametrize("status", [401, 404, 405, 415, 429, 503])
def test_a_status_with_another_title_proves_nothing(status: int) -> None:
    for title in ("invalid_parameter", "conflict", "brand_new_title"):
        assert judge(problem(status, title)).kind == "doubtful"


@pytest.mark.parametrize(
    ("status", "title", "error", "kind"),
    [
        # the document's own samples
        (402, "unauthorized_request", e.AuthenticationError, "failed"),
        (400, "card_declined", e.CardDeclinedError, "failed"),
        (402, "invalid_parameter", e.InvalidParameterError, "failed"),
        (400, "conflict", e.ConflictError, "doubtful"),
        (400, "internal_server_error", e.ServerError, "doubtful"),
        (500, "card_declined", e.CardDeclinedError, "doubtful"),
        (504, "bad_gateway", e.BadGatewayError, "doubtful"),
        (403, "unauthorized_request", e.AuthenticationError, "doubtful"),
        (503, "too_many_requests", e.TooManyRequestsError, "doubtful"),
        (503, "maintenance", e.MaintenanceError, "refused"),
        (502, "service_unavailable", e.MaintenanceError, "refused"),
        (500, "maintenance", e.MaintenanceError, "doubtful"),
    ],
)
def test_title_first_status_second(
    status: int, title: str, error: type[e.GatewayError], kind: str
) -> None:
    verdict = judge(problem(status, title))
    assert type(verdict.error) is error
    assert verdict.kind == kind


@pytest.mark.parametrize(
    ("status", "error", "kind"),
    [
        (400, e.InvalidRequestError, "failed"),
        (402, e.DeclinedError, "failed"),
        (409, e.ConflictError, "doubtful"),
        (500, e.ServerError, "doubtful"),
        (429, e.TooManyRequestsError, "doubtful"),
    ],
)
def test_a_new_title_of_the_gateway_goes_by_its_status(
    status: int, error: type[e.GatewayError], kind: str
) -> None:
    verdict = judge(problem(status, "three_d_secure_needed"))
    assert type(verdict.error) is error
    assert verdict.kind == kind
    assert verdict.error.title == "three_d_secure_needed"


def test_a_proxys_problem_document_is_not_the_gateways_word() -> None:
    assert judge(problem(400, "Bad Request")).kind == "doubtful"
    assert judge(problem(402, "Payment Required")).kind == "doubtful"


def test_a_torn_body_says_nothing() -> None:
    reply = problem(402, "card_declined")
    assert judge(reply._replace(torn=True)).kind == "doubtful"


def test_message_and_repr_hold_neither_body_nor_detail() -> None:
    verdict = judge(problem(400, "invalid_parameter", detail="value 4100000000000100", x="secret"))
    shown = f"{verdict.error} {verdict.error!r}"
    assert "4100000000000100" not in shown
    assert "secret" not in shown
    assert "invalid_parameter" in shown


def test_a_title_cannot_break_a_log_line() -> None:
    verdict = judge(problem(400, "x\r\nFAKE " + "y" * 500))
    assert verdict.error.title is not None
    assert len(verdict.error.title) <= 64
    assert "\n" not in str(verdict.error)


@given(st.integers(100, 999), st.binary(max_size=200))
def test_any_answer_is_judged(status: int, content: bytes) -> None:
    verdict = judge(Reply(status, {}, content))
    assert isinstance(verdict.error, e.GatewayError)
    assert verdict.error.status == status


@given(
    st.integers(100, 999),
    st.dictionaries(
        st.sampled_from(["title", "detail", "type", "instance", "other"]),
        st.one_of(st.none(), st.booleans(), st.integers(), st.text(), st.lists(st.text())),
    ),
)
def test_any_json_object_is_judged(status: int, body: dict[str, Any]) -> None:
    verdict = judge(Reply(status, {}, json.dumps(body).encode()))
    title = body.get("title")
    known = isinstance(title, str) and title in TITLES
    if not known and status not in (400, 402):
        assert verdict.kind == "doubtful"
