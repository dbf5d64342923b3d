"""Every row of: what an attempt brought x what was before x what the operation allows."""

from __future__ import annotations

from typing import Any

import pytest
from kessai.call import call
from kessai.commands import Fault, Reply
from kessai.errors import KessaiError, OutcomeUnknown, UnreadableAnswerError
from kessai.operation import CallOptions, Operation

from tests.support.core_fake import (
    LOOK,
    PAY,
    PAY_BARE,
    LookRequest,
    PayRequest,
    TokenAuth,
    no_answer,
    not_sent,
    ok,
    problem,
)
from tests.support.core_hand import Hand, header, make_setup

BROUGHT: dict[str, Reply | Fault] = {
    "not sent": not_sent(),
    "no answer": no_answer(),
    "doubtful": problem(500),
    "conflict": problem(409),
    "redirect": Reply(302, {"location": "https://elsewhere.example/"}, b""),
    "page": Reply(502, {}, b"<html>Bad Gateway</html>"),
    "torn": Reply(200, {}, b'{"id": "R-1", "sta'),
    "short": Reply(200, {}, b'{"id": "R-1"}', torn=True),
    "short error": Reply(402, {}, b'{"title": "x"}', torn=True),
    "empty": Reply(200, {}, b""),
    "refused": problem(404),
    "maintenance": problem(503),
    "failed": problem(400),
    "declined": problem(402),
    "again": problem(429),
    "no credentials": problem(401),
    "misjudged": problem(418),
    "mistyped": Reply(200, {}, b'{"id": 1}'),
    "unnamed": Reply(299, {}, b'{"id": "R-1"}'),
    "array": Reply(200, {}, b"[1]"),
}
OPERATIONS: dict[str, tuple[Operation[Any, Any], Any]] = {
    "reads": (LOOK, LookRequest("A-1")),
    "keyed": (PAY, PayRequest()),
    "bare": (PAY_BARE, PayRequest()),
}
AGAIN = "returned"

# (operation, maybe sent before, brought, how it ends, sends); a success follows whatever is sent on
TABLE = [
    ("reads", False, "not sent", AGAIN, 2),
    ("reads", False, "no answer", AGAIN, 2),
    ("reads", False, "doubtful", AGAIN, 2),
    ("reads", False, "conflict", AGAIN, 2),
    ("reads", False, "redirect", AGAIN, 2),
    ("reads", False, "page", AGAIN, 2),
    ("reads", False, "torn", AGAIN, 2),
    ("reads", False, "short", AGAIN, 2),
    ("reads", False, "short error", AGAIN, 2),
    ("reads", False, "empty", AGAIN, 2),
    ("reads", False, "misjudged", AGAIN, 2),
    ("reads", False, "refused", "NotFoundError", 1),
    ("reads", False, "maintenance", "MaintenanceError", 1),
    ("reads", False, "failed", "InvalidRequestError", 1),
    ("reads", False, "declined", "CardDeclinedError", 1),
    ("reads", False, "again", AGAIN, 2),
    ("reads", False, "no credentials", "AuthenticationError", 1),
    ("reads", False, "mistyped", "UnreadableAnswerError", 1),
    ("reads", False, "unnamed", "UnreadableAnswerError", 1),
    ("reads", False, "array", "UnreadableAnswerError", 1),
    ("reads", True, "not sent", AGAIN, 3),
    ("reads", True, "no answer", AGAIN, 3),
    ("reads", True, "doubtful", AGAIN, 3),
    ("reads", True, "refused", "NotFoundError", 2),
    ("reads", True, "failed", "InvalidRequestError", 2),
    ("reads", True, "again", AGAIN, 3),
    ("reads", True, "no credentials", "AuthenticationError", 2),
    ("reads", True, "mistyped", "UnreadableAnswerError", 2),
    ("keyed", False, "not sent", AGAIN, 2),
    ("keyed", False, "no answer", AGAIN, 2),
    ("keyed", False, "doubtful", AGAIN, 2),
    ("keyed", False, "conflict", AGAIN, 2),
    ("keyed", False, "redirect", AGAIN, 2),
    ("keyed", False, "page", AGAIN, 2),
    ("keyed", False, "torn", AGAIN, 2),
    ("keyed", False, "short", AGAIN, 2),
    ("keyed", False, "short error", AGAIN, 2),
    ("keyed", False, "empty", AGAIN, 2),
    ("keyed", False, "misjudged", AGAIN, 2),
    ("keyed", False, "refused", "NotFoundError", 1),
    ("keyed", False, "maintenance", "MaintenanceError", 1),
    ("keyed", False, "failed", "InvalidRequestError", 1),
    ("keyed", False, "declined", "CardDeclinedError", 1),
    ("keyed", False, "again", AGAIN, 2),
    ("keyed", False, "no credentials", "AuthenticationError", 1),
    ("keyed", False, "mistyped", "UnreadableAnswerError", 1),
    ("keyed", False, "unnamed", "UnreadableAnswerError", 1),
    ("keyed", False, "array", "UnreadableAnswerError", 1),
    ("keyed", True, "not sent", AGAIN, 3),
    ("keyed", True, "no answer", AGAIN, 3),
    ("keyed", True, "doubtful", AGAIN, 3),
    ("keyed", True, "torn", AGAIN, 3),
    ("keyed", True, "refused", AGAIN, 3),
    ("keyed", True, "maintenance", AGAIN, 3),
    ("keyed", True, "failed", "OutcomeUnknown", 2),
    ("keyed", True, "declined", "OutcomeUnknown", 2),
    ("keyed", True, "again", AGAIN, 3),
    ("keyed", True, "no credentials", AGAIN, 3),
    ("keyed", True, "mistyped", "UnreadableAnswerError", 2),
    ("keyed", True, "unnamed", "UnreadableAnswerError", 2),
    ("bare", False, "not sent", AGAIN, 2),
    ("bare", False, "no answer", "OutcomeUnknown", 1),
    ("bare", False, "doubtful", "OutcomeUnknown", 1),
    ("bare", False, "conflict", "OutcomeUnknown", 1),
    ("bare", False, "redirect", "OutcomeUnknown", 1),
    ("bare", False, "page", "OutcomeUnknown", 1),
    ("bare", False, "torn", "OutcomeUnknown", 1),
    ("bare", False, "short", "OutcomeUnknown", 1),
    ("bare", False, "short error", "OutcomeUnknown", 1),
    ("bare", False, "empty", "OutcomeUnknown", 1),
    ("bare", False, "misjudged", "OutcomeUnknown", 1),
    ("bare", False, "refused", "NotFoundError", 1),
    ("bare", False, "maintenance", "MaintenanceError", 1),
    ("bare", False, "failed", "InvalidRequestError", 1),
    ("bare", False, "declined", "CardDeclinedError", 1),
    ("bare", False, "again", AGAIN, 2),
    ("bare", False, "no credentials", "AuthenticationError", 1),
    ("bare", False, "mistyped", "UnreadableAnswerError", 1),
    ("bare", False, "unnamed", "UnreadableAnswerError", 1),
]

# (operation, what each attempt brings until they end, how it ends)
ENDS = [
    ("reads", ["not sent"] * 3, "NotSentError"),
    ("reads", ["no answer"] * 3, "NoAnswerError"),
    ("reads", ["doubtful"] * 3, "ServerError"),
    ("reads", ["page"] * 3, "UnexpectedStatusError"),
    ("reads", ["torn"] * 3, "UnreadableAnswerError"),
    ("reads", ["again"] * 3, "TooManyRequestsError"),
    ("reads", ["no answer", "not sent", "not sent"], "NotSentError"),
    ("keyed", ["not sent"] * 3, "NotSentError"),
    ("keyed", ["again"] * 3, "TooManyRequestsError"),
    ("keyed", ["not sent", "again", "not sent"], "NotSentError"),
    ("keyed", ["no answer"] * 3, "OutcomeUnknown"),
    ("keyed", ["doubtful"] * 3, "OutcomeUnknown"),
    ("keyed", ["no answer", "not sent", "not sent"], "OutcomeUnknown"),
    ("keyed", ["no answer", "again", "again"], "OutcomeUnknown"),
    ("keyed", ["not sent", "no answer", "again"], "OutcomeUnknown"),
    ("keyed", ["again", "not sent", "torn"], "OutcomeUnknown"),
    ("keyed", ["no answer", "refused", "refused"], "OutcomeUnknown"),
    ("keyed", ["no answer", "no credentials", "no credentials"], "OutcomeUnknown"),
    ("keyed", ["conflict", "conflict", "maintenance"], "OutcomeUnknown"),
    ("bare", ["not sent"] * 3, "NotSentError"),
    ("bare", ["again"] * 3, "TooManyRequestsError"),
    ("bare", ["again", "not sent", "no answer"], "OutcomeUnknown"),
]
LAST = {
    "not sent": "NotSentError",
    "no answer": "NoAnswerError",
    "doubtful": "ServerError",
    "again": "TooManyRequestsError",
    "torn": "UnreadableAnswerError",
    "refused": "NotFoundError",
    "no credentials": "AuthenticationError",
    "maintenance": "MaintenanceError",
}


def end_of(
    hand: Hand, kind: str, auth: Any = None, options: CallOptions | None = None
) -> tuple[str, KessaiError | None]:
    operation, request = OPERATIONS[kind]
    try:
        hand.run(call(make_setup(auth=auth), operation, request, options or {}))
    except KessaiError as error:
        return type(error).__name__, error
    return AGAIN, None


@pytest.mark.parametrize(("kind", "before", "brought", "end", "sends"), TABLE)
def test_row(kind: str, before: bool, brought: str, end: str, sends: int) -> None:
    """One attempt, and what the engine makes of it."""
    first = [no_answer()] if before else []
    hand = Hand([*first, BROUGHT[brought], ok(200), ok(200)])
    found, error = end_of(hand, kind)
    assert (found, len(hand.sent)) == (end, sends)
    if isinstance(error, UnreadableAnswerError):
        assert (error.unknown is None) == (kind == "reads")


@pytest.mark.parametrize(("kind", "brought", "end"), ENDS)
def test_attempts_end(kind: str, brought: list[str], end: str) -> None:
    """What three attempts that all bring nothing add up to."""
    hand = Hand([BROUGHT[name] for name in brought])
    found, error = end_of(hand, kind)
    assert found == end
    assert len(hand.sent) == 3
    attempts = getattr(error, "attempts", ())
    assert [attempt.number for attempt in attempts] == [1, 2, 3]
    if isinstance(error, OutcomeUnknown):
        assert type(error.last_error).__name__ == LAST[brought[-1]]


def test_every_kind_of_answer_is_in_the_table() -> None:
    """A row that was forgotten is a decision nobody took."""
    first = {(kind, brought) for kind, before, brought, _, _ in TABLE if not before}
    assert {brought for kind, brought in first if kind == "reads"} == BROUGHT.keys()
    assert {brought for kind, brought in first if kind == "keyed"} == BROUGHT.keys()
    assert {brought for kind, brought in first if kind == "bare"} == BROUGHT.keys() - {"array"}


@pytest.mark.parametrize("kind", ["reads", "keyed", "bare"])
@pytest.mark.parametrize("attempts", [1, 2, 5])
def test_never_more_attempts_than_allowed(kind: str, attempts: int) -> None:
    """max_attempts counts every send, the first one too."""
    hand = Hand([not_sent() for _ in range(9)])
    end_of(hand, kind, options={"max_attempts": attempts})
    assert len(hand.sent) == attempts


@pytest.mark.parametrize("kind", ["reads", "keyed", "bare"])
def test_a_fresh_token_is_tried_once(kind: str) -> None:
    """After a 401 one new token, at once; a second 401 ends the call."""
    hand = Hand([problem(401), ok(200)], tokens=["old", "new"])
    assert end_of(hand, kind, TokenAuth())[0] == AGAIN
    assert [token.refused for token in hand.asked_tokens] == [None, "old"]
    assert [header(send, "Authorization") for send in hand.sent] == ["Bearer old", "Bearer new"]
    assert hand.slept == []

    hand = Hand([problem(401), problem(401), ok(200)], tokens=["old", "new", "newer"])
    assert end_of(hand, kind, TokenAuth())[0] == "AuthenticationError"
    assert len(hand.sent) == 2


def test_only_bare_orders_want_a_fresh_connection() -> None:
    """A pooled connection that has gone stale swallows what cannot be sent again."""
    for kind, fresh in (("reads", False), ("keyed", False), ("bare", True)):
        hand = Hand([ok(200)])
        end_of(hand, kind)
        assert hand.sent[0].fresh is fresh
