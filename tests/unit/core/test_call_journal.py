"""A call and its journal: written down before it leaves, kept until its outcome is known."""

from __future__ import annotations

from typing import Any, cast

import pytest
from kessai.call import call
from kessai.commands import JournalAttempt, JournalOpen, Send, SlotAcquire, SlotRelease
from kessai.errors import (
    CardDeclinedError,
    IntentClosedError,
    IntentConflictError,
    IntentInProgressError,
    KessaiError,
    NotSentError,
    OutcomeUnknown,
    StoreError,
    UnreadableAnswerError,
)
from kessai.operation import CallOptions
from kessai.stores.memory import MemoryJournal, MemorySlots
from kessai.stores.values import Entry

from tests.support.core_fake import (
    LOOK,
    PAY,
    SECRET,
    LookRequest,
    PayRequest,
    no_answer,
    not_sent,
    ok,
    problem,
)
from tests.support.core_hand import START, Hand, make_setup

INTENT = "fake:shop1:test:pay:orderId=A-1"


class Clock:
    """The journal's own clock, moved by the test."""

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def journal(clock: Clock) -> MemoryJournal:
    return MemoryJournal(clock=clock)


def pay(hand: Hand, request: PayRequest | None = None, **options: Any) -> Any:
    setup = make_setup(journal=True, slots=hand.shelf.slots is not None)
    return hand.run(call(setup, PAY, request or PayRequest(), cast("CallOptions", options)))


def entry(journal: MemoryJournal) -> Entry:
    found = journal.get(INTENT)
    assert found is not None
    return found


def test_written_down_before_it_leaves(journal: MemoryJournal) -> None:
    """Opened first, each attempt just before its send, after the wait for a slot."""
    hand = Hand([not_sent(), ok()], journal=journal, slots=MemorySlots())
    pay(hand)
    kinds = [
        type(command)
        for command in hand.commands
        if isinstance(command, JournalOpen | JournalAttempt | Send | SlotAcquire | SlotRelease)
    ]
    assert kinds == [
        JournalOpen,
        *[SlotAcquire, JournalAttempt, Send, SlotRelease] * 2,
    ]
    attempts = [c.number for c in hand.commands if isinstance(c, JournalAttempt)]
    assert attempts == [1, 2]
    kept = entry(journal)
    assert (kept.state, kept.end, kept.attempts, kept.key) == ("closed", "done", 2, "key-1")
    assert kept.reference == {"orderId": "A-1", "/amount": "100"}
    assert SECRET not in repr(kept)


def test_reads_are_not_written_down(journal: MemoryJournal) -> None:
    """Nothing can be lost by reading."""
    hand = Hand([ok(200)], journal=journal)
    hand.run(call(make_setup(journal=True), LOOK, LookRequest("A-1"), {}))
    assert not [c for c in hand.commands if isinstance(c, JournalOpen)]


def test_a_repeat_of_a_success_sends_nothing(journal: MemoryJournal) -> None:
    """It is told how the intent ended, and by what to ask for it."""
    pay(Hand([ok()], journal=journal))
    hand = Hand(journal=journal)
    with pytest.raises(IntentClosedError) as raised:
        pay(hand)
    assert hand.sent == []
    assert (raised.value.end, raised.value.idempotency_key) == ("done", "key-1")
    assert raised.value.reference == {"orderId": "A-1"}
    assert raised.value.record == {"status": "201"}


def test_a_repeat_of_an_unknown_gets_it_back(journal: MemoryJournal) -> None:
    """With its key, its reference and its time: enough to resolve it from another process."""
    with pytest.raises(OutcomeUnknown) as first:
        pay(Hand([no_answer(), not_sent(), no_answer()], journal=journal))
    hand = Hand(journal=journal)
    with pytest.raises(OutcomeUnknown) as again:
        pay(hand)
    assert hand.sent == []
    before, after = first.value, again.value
    for name in ("operation", "scope", "idempotency_key", "reference", "expected", "digest"):
        assert getattr(after, name) == getattr(before, name)
    assert after.intent == before.intent == INTENT
    assert after.first_sent_at == before.first_sent_at
    assert [attempt.sent for attempt in after.attempts] == ["maybe"] * 3
    assert after.reason == "NoAnswerError"


def test_an_unreadable_success_stays_unknown(journal: MemoryJournal) -> None:
    """The journal must not say done before the merchant knows what was done."""
    with pytest.raises(UnreadableAnswerError):
        pay(Hand([ok(id=1)], journal=journal))
    assert entry(journal).state == "unknown"
    assert entry(journal).record == {"reason": "UnreadableAnswerError"}


@pytest.mark.parametrize(
    ("script", "error"),
    [
        ([problem(402)], CardDeclinedError),
        ([not_sent()] * 3, NotSentError),
        ([not_sent(), problem(402)], CardDeclinedError),
    ],
)
def test_a_definite_failure_frees_the_intent(
    journal: MemoryJournal, script: list[Any], error: type[KessaiError]
) -> None:
    """Another try is a new order, also with another body."""
    with pytest.raises(error):
        pay(Hand(script, journal=journal))
    assert journal.get(INTENT) is None
    pay(Hand([ok()], journal=journal), PayRequest(amount=200))
    assert entry(journal).end == "done"


def test_another_request_under_the_same_intent(journal: MemoryJournal) -> None:
    """Refused whatever became of the first, by any means of payment."""
    with pytest.raises(OutcomeUnknown):
        pay(Hand([no_answer()] * 3, journal=journal))
    hand = Hand(journal=journal)
    with pytest.raises(IntentConflictError, match="unknown"):
        pay(hand, PayRequest(amount=200))
    assert hand.sent == []
    pay(Hand([ok()], journal=journal), PayRequest(amount=200), intent="the second half")


def test_somebody_else_works_on_it(journal: MemoryJournal) -> None:
    """While the lease of a live owner lasts, nobody else sends."""

    def meanwhile() -> Any:
        with pytest.raises(IntentInProgressError):
            pay(Hand(journal=journal))
        return ok()

    pay(Hand([meanwhile], journal=journal))


def test_a_process_that_died_while_sending(journal: MemoryJournal, clock: Clock) -> None:
    """Its lease ends, and its order is unknown to everybody who comes after."""

    def dies() -> Any:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        pay(Hand([dies], journal=journal))
    assert entry(journal).state == "sending"
    with pytest.raises(IntentInProgressError):
        pay(Hand(journal=journal))
    clock.now += 10_000.0
    with pytest.raises(OutcomeUnknown) as raised:
        pay(Hand(journal=journal))
    assert raised.value.idempotency_key == "key-1"


def test_a_paused_owner_does_not_send(journal: MemoryJournal, clock: Clock) -> None:
    """It slept through its lease; somebody else took the intent over; it must stay quiet."""

    def long_pause() -> Any:
        clock.now += 10_000.0
        assert journal.take(INTENT, 100.0) is not None
        return no_answer()

    hand = Hand([long_pause, ok()], journal=journal)
    with pytest.raises(OutcomeUnknown) as raised:
        pay(hand)
    assert len(hand.sent) == 1
    assert isinstance(raised.value.last_error, IntentInProgressError)
    assert hand.complaints  # its own end could not be written down either


def test_an_end_that_comes_too_late_is_said(journal: MemoryJournal, clock: Clock) -> None:
    """The answer is the caller's; the journal belongs to somebody else by then."""

    def long_answer() -> Any:
        clock.now += 10_000.0
        assert journal.take(INTENT, 100.0) is not None
        return ok()

    hand = Hand([long_answer], journal=journal)
    assert pay(hand).value.id == "R-1"
    assert "not in the journal" in hand.complaints[0]


class Failing(MemoryJournal):
    """A journal that fails at one step."""

    def __init__(self, step: str) -> None:
        super().__init__()
        self.step = step

    def open(self, intent: str, **kept: Any) -> Any:
        if self.step == "open":
            raise StoreError("the disk is full")
        return super().open(intent, **kept)

    def attempt(self, entry: Any, number: int, lease_seconds: float) -> bool:
        if self.step == "attempt" and number == 2:
            raise OSError("the disk is gone")
        return super().attempt(entry, number, lease_seconds)

    def close(self, entry: Any, end: Any, record: Any) -> bool:
        if self.step == "close":
            raise StoreError("the disk is full")
        return super().close(entry, end, record)


def test_a_journal_that_cannot_be_opened_sends_nothing() -> None:
    """What leaves is in the journal first, or it does not leave."""
    hand = Hand([ok()], journal=Failing("open"))
    with pytest.raises(StoreError):
        pay(hand)
    assert hand.sent == []


def test_a_journal_that_breaks_between_attempts() -> None:
    """Before anything was maybe sent it is the store's error; afterwards nothing is settled."""
    hand = Hand([not_sent(), ok()], journal=Failing("attempt"))
    with pytest.raises(StoreError) as plain:
        pay(hand)
    assert isinstance(plain.value.__cause__, OSError)
    hand = Hand([no_answer(), ok()], journal=Failing("attempt"))
    with pytest.raises(OutcomeUnknown) as raised:
        pay(hand)
    assert isinstance(raised.value.last_error, StoreError)
    assert len(hand.sent) == 1


def test_a_journal_that_fails_at_the_end_costs_no_answer() -> None:
    """The success is returned, and the failure is said."""
    hand = Hand([ok()], journal=Failing("close"))
    assert pay(hand).value.id == "R-1"
    assert "close: StoreError" in hand.complaints[0]
