"""Answers of status 2xx that are no success: judged by the gateway, and never lost."""

from __future__ import annotations

import pickle
from collections.abc import Iterator
from typing import Any

import httpx2
import pytest
from kessai.call import call
from kessai.commands import Reply
from kessai.errors import (
    CardDeclinedError,
    ConflictError,
    GatewayError,
    InvalidRequestError,
    KessaiError,
    OutcomeUnknown,
    ServerError,
    UnreadableAnswerError,
)
from kessai.gateway import BaseGateway
from kessai.hooks import AttemptEnded, CallEnded
from kessai.operation import Attempt, Operation
from kessai.stores.memory import MemoryJournal

from tests.support.core_clients import Make, making
from tests.support.core_fake import (
    LOOK,
    PAY,
    PAY_BARE,
    SECRET,
    FakeGateway,
    LookRequest,
    PayRequest,
    Step,
    no_answer,
    ok,
)
from tests.support.core_hand import START, Hand, make_setup
from tests.support.core_odd import OddGateway

INTENT = "fake:shop1:test:pay:orderId=A-1"


@pytest.fixture(params=["sync", "async"])
def both(request: pytest.FixtureRequest) -> Iterator[Make]:
    with making(request.param, OddGateway) as make:
        yield make


def said(state: str, status: int = 200) -> Reply:
    return ok(status, state=state)


def ends(script: list[Any], operation: Operation[Any, Any] = PAY) -> tuple[Any, Hand]:
    """What an order ends with; an answer, or what was raised."""
    hand = Hand(script)
    try:
        return hand.run(call(make_setup(OddGateway()), operation, PayRequest(), {})), hand
    except KessaiError as error:
        return error, hand


@pytest.mark.parametrize(
    ("before", "states", "operation", "error"),
    [
        # Nothing maybe sent before: the gateway's word counts.
        (0, ["DECLINED"], PAY, CardDeclinedError),
        (0, ["DECLINED"], PAY_BARE, CardDeclinedError),
        (0, ["BAD"], PAY, InvalidRequestError),
        (0, ["LAST"], PAY, CardDeclinedError),
        # Pending and doubtful: maybe carried out.
        (0, ["WORKING"], PAY, OutcomeUnknown),
        (0, ["WORKING"], PAY_BARE, OutcomeUnknown),
        (0, ["DOUBT", "DOUBT", "DOUBT"], PAY, OutcomeUnknown),
        (0, ["DOUBT"], PAY_BARE, OutcomeUnknown),
        (0, ["DOUBT", "AUTH"], PAY, None),
        (0, ["BUSY", "AUTH"], PAY_BARE, None),
        # After an attempt that was maybe sent a refusal settles nothing, but the last word does.
        (1, ["DECLINED"], PAY, OutcomeUnknown),
        (1, ["BAD", "BAD"], PAY, OutcomeUnknown),
        (1, ["LAST"], PAY, CardDeclinedError),
        (1, ["WORKING"], PAY, OutcomeUnknown),
        (1, ["AUTH"], PAY, None),
    ],
)
def test_the_rows_of_the_table(
    before: int, states: list[str], operation: Operation[Any, Any], error: type[Exception] | None
) -> None:
    """A verdict on a 2xx counts like one on a 4xx: as often sent, and with the same end."""
    end, hand = ends([no_answer()] * before + [said(state) for state in states], operation)
    assert hand.script == []
    assert len(hand.sent) == before + len(states)
    assert end.value.state == "AUTH" if error is None else type(end) is error


def test_the_value_is_kept_and_never_shown() -> None:
    """With status, headers, request id and attempts, as for any answer."""
    error, _ = ends([said("DECLINED", 201)])
    assert isinstance(error, GatewayError)
    assert (error.value.id, error.value.state) == ("R-1", "DECLINED")
    assert (error.operation, error.status, error.request_id) == ("pay", 201, "req-1")
    assert error.headers["x-request-id"] == "req-1"
    assert error.attempts == (Attempt(1, "yes", 201, "CardDeclinedError", 0.25),)
    for text in (str(error), repr(error), *map(str, error.args)):
        assert "R-1" not in text
        assert SECRET not in text
    again = pickle.loads(pickle.dumps(error))
    assert again.value == error.value


def test_an_error_of_another_status_has_no_value() -> None:
    error, _ = ends([Reply(402, {}, b'{"title": "no"}')])
    assert type(error) is CardDeclinedError
    assert error.value is None


@pytest.mark.parametrize(("state", "repeat"), [("WORKING", False), ("DOUBT", True)])
def test_what_is_not_known_keeps_the_answer(state: str, repeat: bool) -> None:
    """In the last error; its names are there to ask by."""
    unknown, _ = ends([said(state)], PAY_BARE)
    assert isinstance(unknown, OutcomeUnknown)
    assert isinstance(unknown.last_error, ServerError)
    assert unknown.last_error.value.state == state
    assert unknown.attempts[-1][1:4] == ("maybe", 200, "ServerError")
    assert unknown.reference["number"].startswith("N-")
    assert unknown.repeat is repeat


def test_a_refusal_after_maybe_sent_keeps_the_answer() -> None:
    unknown, _ = ends([no_answer(), said("DECLINED")])
    assert unknown.last_error.value.state == "DECLINED"
    assert unknown.attempts[-1].sent == "yes"


def test_repeat_says_whether_something_may_have_arrived() -> None:
    """Nothing before, a refusal of connection before, a lost answer before."""
    gateway = OddGateway()
    script: list[Step] = [said("BUSY"), no_answer(), said("DOUBT")]
    with pytest.raises(OutcomeUnknown):
        Hand(script).run(call(make_setup(gateway), PAY, PayRequest(), {}))
    assert gateway.told == [False, True]


def test_a_read_is_judged_too() -> None:
    """A doubtful answer is read again, a refusal is raised; it never counts as maybe sent."""
    gateway = OddGateway()
    hand = Hand([said("DOUBT"), said("DECLINED")])
    with pytest.raises(CardDeclinedError) as raised:
        hand.run(call(make_setup(gateway), LOOK, LookRequest("A-1"), {}))
    assert raised.value.value.state == "DECLINED"
    assert gateway.told == [False, False]


def test_stumbling_proves_nothing_and_loses_nothing() -> None:
    """Kept as it came, not asked for again, and the order can be asked about."""
    error, hand = ends([said("STUMBLE")])
    assert isinstance(error, UnreadableAnswerError)
    assert b"STUMBLE" in error.content
    assert error.status == 200
    assert isinstance(error.__cause__, LookupError)
    assert SECRET not in str(error)
    assert error.unknown is not None
    assert error.unknown.reference == {"orderId": "A-1"}
    assert len(hand.sent) == 1


@pytest.mark.parametrize(
    ("states", "state", "reason"),
    [
        (["DECLINED"], None, ""),
        (["BAD"], None, ""),
        (["WORKING"], "unknown", "ServerError"),
        (["DOUBT"] * 3, "unknown", "ServerError"),
        (["STUMBLE"], "unknown", "UnreadableAnswerError"),
    ],
)
def test_the_journal(states: list[str], state: str | None, reason: str) -> None:
    """A definite failure frees the intent; what is not known stays, with its names."""
    journal = MemoryJournal(clock=lambda: START)
    hand = Hand([said(word) for word in states], journal=journal)
    with pytest.raises(KessaiError):
        hand.run(call(make_setup(OddGateway(), journal=True), PAY, PayRequest(), {}))
    entry = journal.get(INTENT)
    assert (entry.state if entry else None) == state
    if entry is not None:
        assert entry.record["reason"] == reason
        assert ("ask:number" in entry.record) is (reason == "ServerError")


def test_the_hooks() -> None:
    """See the status with the name of the error, and the end of the call."""
    hand = Hand([said("DOUBT"), said("LAST")])
    with pytest.raises(CardDeclinedError):
        hand.run(call(make_setup(OddGateway(), listening=True), PAY, PayRequest(), {}))
    attempts = [event for event in hand.events if isinstance(event, AttemptEnded)]
    assert [(a.sent, a.status, a.error) for a in attempts] == [
        ("maybe", 200, "ServerError"),
        ("yes", 200, "CardDeclinedError"),
    ]
    last = hand.events[-1]
    assert isinstance(last, CallEnded)
    assert (last.end, last.error) == ("failed", "CardDeclinedError")


def test_both_clients(both: Make) -> None:
    """The same through either driver, bytes on the wire to the error."""
    states = iter(["DOUBT", "DECLINED"])

    def handler(request: httpx2.Request) -> httpx2.Response:
        return httpx2.Response(200, json={"id": "R-1", "state": next(states)})

    client = both(handler, journal=MemoryJournal(clock=lambda: START))
    with pytest.raises(OutcomeUnknown) as raised:
        client.run(PAY, PayRequest())
    assert isinstance(raised.value.last_error, CardDeclinedError)
    assert raised.value.last_error.value.state == "DECLINED"
    assert [attempt.status for attempt in raised.value.attempts] == [200, 200]


def test_who_leaves_it_alone_is_not_asked() -> None:
    """Nor about repeats: such a gateway costs a call nothing."""
    setup = make_setup(FakeGateway())
    assert setup.answered is None
    assert setup.repeatable is None
    assert setup.codec is None
    assert make_setup(OddGateway()).answered is not None


def test_the_defaults_of_a_gateway() -> None:
    """What an overlay does not have to write."""

    class Plain(BaseGateway):
        name = "plain"
        account = "shop1"

        def judge(self, operation: Any, reply: Reply) -> Any:
            raise NotImplementedError

    plain = Plain()
    assert plain.headers(PAY) == {}
    assert plain.answered(PAY, ok(), None, False) is None
    assert plain.repeatable(PAY, {})
    assert not plain.repeatable(PAY_BARE, {})
    assert (plain.lookup, plain.codec, plain.key_pattern, plain.request_id_header) == (None,) * 4
    assert plain.pauses == (1.0, 5.0, 30.0, 120.0, 300.0)
    with pytest.raises(TypeError, match="judge"):
        BaseGateway()  # type: ignore[abstract]  # pyright: ignore[reportAbstractUsage]


def test_a_conflict_is_still_judged_by_its_status() -> None:
    """``answered`` is asked about 2xx only."""
    gateway = OddGateway()
    with pytest.raises(OutcomeUnknown) as raised:
        Hand([Reply(409, {}, b'{"title": "c"}')]).run(
            call(make_setup(gateway), PAY_BARE, PayRequest(), {})
        )
    assert isinstance(raised.value.last_error, ConflictError)
    assert gateway.told == []
