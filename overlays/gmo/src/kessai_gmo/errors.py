"""What GMO's error answers mean: by problem title first, by status second.

Only the gateway's own word settles anything. A status is believed when the body is a problem
document (RFC 9457) whose title belongs to it; a page of HTML, a torn body, a proxy's 404 or 502
say nothing about the order and are *doubtful*: maybe processed.

Sources: GMO PG OpenAPI type 1.5.1, HTTPステータスコード and エラーの情報 (the 23 titles).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal, NamedTuple

from kessai.bodies import members, printable
from kessai.errors import (
    AmountLimitExceededError,
    AuthenticationError,
    BadGatewayError,
    CardDeclinedError,
    ConflictError,
    DeclinedError,
    GatewayError,
    InsufficientBalanceError,
    InvalidContractError,
    InvalidHeaderError,
    InvalidParameterError,
    InvalidRequestError,
    InvalidStateError,
    MaintenanceError,
    MethodNotAllowedError,
    MissingParameterError,
    NotFoundError,
    OperationAbortedByUserError,
    ProcessingFailureError,
    ServerError,
    TooManyRequestsError,
    TransactionCountExceededError,
    TransactionExpiredError,
    UnexpectedStatusError,
    UnsupportedMediaTypeError,
)
from kessai.gateway import Verdict

if TYPE_CHECKING:
    from kessai.commands import Reply

__all__ = ["BY_STATUS", "TITLES", "Meaning", "judge"]

Kind = Literal["refused", "again", "reauthorize", "failed", "doubtful"]


class Meaning(NamedTuple):
    """What a problem title stands for: its status, its error, and whether anything was done."""

    status: int
    error: type[GatewayError]
    kind: Kind


TITLES: dict[str, Meaning] = {
    "invalid_contract": Meaning(400, InvalidContractError, "failed"),
    "invalid_header": Meaning(400, InvalidHeaderError, "failed"),
    "invalid_parameter": Meaning(400, InvalidParameterError, "failed"),
    "invalid_request": Meaning(400, InvalidRequestError, "failed"),
    "invalid_status": Meaning(400, InvalidStateError, "failed"),
    "missing_parameter": Meaning(400, MissingParameterError, "failed"),
    "transaction_count_exceeded": Meaning(400, TransactionCountExceededError, "failed"),
    "transaction_expired": Meaning(400, TransactionExpiredError, "failed"),
    "unauthorized_request": Meaning(401, AuthenticationError, "reauthorize"),
    "operation_aborted_by_user": Meaning(402, OperationAbortedByUserError, "failed"),
    "card_declined": Meaning(402, CardDeclinedError, "failed"),
    "insufficient_balance": Meaning(402, InsufficientBalanceError, "failed"),
    "amount_limit_exceeded": Meaning(402, AmountLimitExceededError, "failed"),
    "processing_failure": Meaning(402, ProcessingFailureError, "failed"),
    "resource_not_found": Meaning(404, NotFoundError, "refused"),
    "method_not_allowed": Meaning(405, MethodNotAllowedError, "refused"),
    "conflict": Meaning(409, ConflictError, "doubtful"),
    "unsupported_media_type": Meaning(415, UnsupportedMediaTypeError, "refused"),
    "too_many_requests": Meaning(429, TooManyRequestsError, "again"),
    "internal_server_error": Meaning(500, ServerError, "doubtful"),
    "bad_gateway": Meaning(502, BadGatewayError, "doubtful"),
    "maintenance": Meaning(502, MaintenanceError, "refused"),
    "service_unavailable": Meaning(503, MaintenanceError, "refused"),
}
"""The 23 titles of 1.5.1. ``kind`` holds for the title's own status; see ``judge`` for others."""

BY_STATUS: dict[int, type[GatewayError]] = {
    400: InvalidRequestError,
    401: AuthenticationError,
    402: DeclinedError,
    404: NotFoundError,
    405: MethodNotAllowedError,
    409: ConflictError,
    415: UnsupportedMediaTypeError,
    429: TooManyRequestsError,
    502: BadGatewayError,
    503: MaintenanceError,
}
"""The error of a status whose title is missing or unknown. Other 5xx are ``ServerError``."""

_DEFINITE = frozenset({400, 402})
_MAINTENANCE = frozenset({502, 503})
_OWN_TITLE = re.compile(r"[a-z][a-z0-9_]{0,63}")  # the gateway's form; proxies write "Bad Request"


def judge(reply: Reply) -> Verdict:
    """Say which error an answer is, and whether the order may have been carried out.

    - A known title with its own status means what ``TITLES`` says (both maintenance titles go with
      502 and 503).
    - A known title with another status, as some of the document's samples have it
      (unauthorized_request with 402): the title names the error; it is definitely failed when the
      status is 400 or 402 and the title is no doubtful one, else doubtful.
    - An unknown title in the gateway's form: the status names the error; 400 and 402 are failed,
      everything else is doubtful. New titles are no breaking change for the gateway.
    - No title, HTML, torn, a status that no document names: doubtful.
    """
    problem = {} if reply.torn else members(reply.content) or {}
    title = printable(problem.get("title"))
    meaning = TITLES.get(title or "")
    if meaning is not None:
        error, kind = meaning.error, _kind(meaning, reply.status)
    else:
        error = BY_STATUS.get(reply.status, _other(reply.status))
        own = title is not None and _OWN_TITLE.fullmatch(title) is not None
        kind = "failed" if own and reply.status in _DEFINITE else "doubtful"
    return Verdict(
        kind,
        error(
            status=reply.status,
            headers=reply.headers,
            title=title,
            detail=printable(problem.get("detail"), 512),
            type=printable(problem.get("type"), 512),
            instance=printable(problem.get("instance"), 512),
        ),
    )


def _kind(meaning: Meaning, status: int) -> Kind:
    if status == meaning.status:
        return meaning.kind
    if meaning.error is MaintenanceError and status in _MAINTENANCE:
        return meaning.kind
    return "failed" if status in _DEFINITE and meaning.kind != "doubtful" else "doubtful"


def _other(status: int) -> type[GatewayError]:
    return ServerError if 500 <= status <= 599 else UnexpectedStatusError
