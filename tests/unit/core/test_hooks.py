"""What hooks are told: typed events in order, with ids and times, without bodies or secrets."""

from __future__ import annotations

import pytest
from kessai.call import call
from kessai.errors import CardDeclinedError, OutcomeUnknown, StoreError
from kessai.hooks import (
    AttemptEnded,
    AttemptStarted,
    CallEnded,
    CallStarted,
    LimitsWarned,
    PauseStarted,
    StoreFailed,
)
from kessai.stores.memory import MemoryJournal

from tests.support.core_fake import (
    PAY,
    SECRET,
    PayRequest,
    no_answer,
    not_sent,
    ok,
    problem,
)
from tests.support.core_hand import Hand, make_setup


def test_the_story_of_a_call() -> None:
    """Everything in order, with the time it took."""
    hand = Hand([not_sent(), ok()])
    setup = make_setup(listening=True)
    hand.run(call(setup, PAY, PayRequest(), {}))
    size = len(hand.sent[0].content)
    assert hand.events == [
        CallStarted(1, "pay", "key-1", None, {"orderId": "A-1"}, size),
        AttemptStarted(1, "pay", 1),
        AttemptEnded(1, "pay", 1, "no", None, "ConnectionRefusedError", 0.25),
        PauseStarted(1, "pay", 2, 0.5),
        AttemptStarted(1, "pay", 2),
        AttemptEnded(1, "pay", 2, "yes", 201, None, 0.25),
        CallEnded(1, "pay", "answered", 201, None, 2, False, 1.0),
    ]
    hand = Hand([ok()])
    hand.run(call(setup, PAY, PayRequest(), {}))
    assert hand.events[0].call == 2


def test_how_calls_end() -> None:
    """Failed, or unknown; with the error's name."""
    setup = make_setup(listening=True)
    hand = Hand([problem(402)])
    with pytest.raises(CardDeclinedError):
        hand.run(call(setup, PAY, PayRequest(), {}))
    assert hand.events[-1] == CallEnded(
        1, "pay", "failed", None, "CardDeclinedError", 1, False, 0.25
    )
    hand = Hand([no_answer()])
    with pytest.raises(OutcomeUnknown):
        hand.run(call(setup, PAY, PayRequest(), {"max_attempts": 1}))
    assert hand.events[-1] == CallEnded(2, "pay", "unknown", None, "OutcomeUnknown", 1, True, 0.25)


def test_warnings_and_stores() -> None:
    """Limits that only warn, and a journal that fails beside the call."""

    class Failing(MemoryJournal):
        def close(self, entry: object, end: object, record: object) -> bool:
            raise StoreError("gone")

    hand = Hand([ok()], journal=Failing())
    hand.run(call(make_setup(listening=True, journal=True), PAY, PayRequest(amount=7), {}))
    warned, started = hand.events[:2]
    assert isinstance(warned, LimitsWarned)
    assert [violation.pointer for violation in warned.violations] == ["/order/amount"]
    assert isinstance(started, CallStarted)
    assert started.intent == "fake:shop1:test:pay:orderId=A-1"
    assert StoreFailed(1, "pay", "close", "StoreError") in hand.events


def test_events_hold_no_secrets() -> None:
    """No card number, no mark of the auth, no body."""
    hand = Hand([no_answer(), problem(402)])
    with pytest.raises(OutcomeUnknown):
        hand.run(call(make_setup(listening=True), PAY, PayRequest(), {}))
    told = repr(hand.events)
    assert SECRET not in told
    assert "Mark" not in told
