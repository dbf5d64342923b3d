"""Resolving and the journal: the outcome is written down, and a repeat needs the entry."""

from __future__ import annotations

from typing import Any

import pytest
from kessai.call import call
from kessai.errors import IntentClosedError, OutcomeUnknown, StoreError
from kessai.outcome import NotPaid, Open, Outcome, Paid
from kessai.resolve import resolve
from kessai.stores.memory import MemoryJournal

from tests.support.core_fake import OPERATIONS, PAY, PayRequest, no_answer, ok, problem
from tests.support.core_hand import START, Hand, make_setup
from tests.unit.core.test_resolve import PAID, dated, paths

INTENT = "fake:shop1:test:pay:orderId=A-1"


@pytest.fixture
def journal() -> MemoryJournal:
    return MemoryJournal(clock=lambda: START)


def lost(journal: MemoryJournal) -> OutcomeUnknown:
    hand = Hand([no_answer()], journal=journal)
    with pytest.raises(OutcomeUnknown) as raised:
        hand.run(call(make_setup(journal=True), PAY, PayRequest(), {"max_attempts": 1}))
    return raised.value


def settle(
    journal: MemoryJournal, unknown: OutcomeUnknown, script: list[Any], complete: bool = False
) -> tuple[Outcome, Hand]:
    hand = Hand(script, journal=journal)
    request = PayRequest() if complete else None
    setup = make_setup(journal=True)
    return hand.run(resolve(setup, unknown, OPERATIONS, complete, request)), hand


def test_paid_closes_the_intent(journal: MemoryJournal) -> None:
    """A repeat is told so."""
    outcome, _ = settle(journal, lost(journal), [ok(200, **PAID)])
    assert type(outcome) is Paid
    entry = journal.get(INTENT)
    assert entry is not None
    assert (entry.state, entry.end, entry.record) == ("closed", "done", {"state": "AUTH"})
    with pytest.raises(IntentClosedError):
        Hand(journal=journal).run(call(make_setup(journal=True), PAY, PayRequest(), {}))


def test_not_paid_frees_the_intent(journal: MemoryJournal) -> None:
    """The order may be given anew."""
    outcome, _ = settle(journal, lost(journal), [ok(200, state="CANCEL")])
    assert type(outcome) is NotPaid
    assert journal.get(INTENT) is None


def test_open_stays_with_its_reason(journal: MemoryJournal) -> None:
    """And can be asked for again later."""
    unknown = lost(journal)
    outcome, _ = settle(journal, unknown, [problem(400)])
    assert isinstance(outcome, Open)
    entry = journal.get(INTENT)
    assert entry is not None
    assert entry.state == "open"
    assert entry.record["reason"] == outcome.reason
    assert type(settle(journal, unknown, [ok(200, **PAID)])[0]) is Paid


def test_a_repeat_is_written_down(journal: MemoryJournal) -> None:
    """As the second attempt of the same intent."""
    unknown = lost(journal)
    script = [dated(problem(400)), ok(201), ok(200, **PAID)]
    outcome, hand = settle(journal, unknown, script, complete=True)
    assert type(outcome) is Paid
    assert paths(hand) == ["look", "pay", "look"]
    entry = journal.get(INTENT)
    assert entry is not None
    assert (entry.state, entry.attempts, entry.key) == ("closed", 2, unknown.idempotency_key)


def test_a_refused_repeat_does_not_free_the_intent(journal: MemoryJournal) -> None:
    """The first attempt's outcome is as unknown as before."""
    script = [dated(problem(400)), problem(402), problem(400)]
    outcome, _ = settle(journal, lost(journal), script, complete=True)
    assert isinstance(outcome, Open)
    entry = journal.get(INTENT)
    assert entry is not None
    assert (entry.state, entry.attempts) == ("open", 2)


def test_somebody_else_is_at_it(journal: MemoryJournal) -> None:
    """Two must not repeat one order."""
    unknown = lost(journal)
    assert journal.take(INTENT, 100.0) is not None
    outcome, hand = settle(journal, unknown, [dated(problem(400))], complete=True)
    assert isinstance(outcome, Open)
    assert "no free entry" in outcome.reason
    assert paths(hand) == ["look"]


class Failing(MemoryJournal):
    """A journal that cannot be taken from."""

    def take(self, intent: str, lease_seconds: float) -> Any:
        raise StoreError("gone")


def test_a_journal_that_fails() -> None:
    """What was learnt is returned; a repeat that cannot be written down does not leave."""
    journal = Failing(clock=lambda: START)
    unknown = lost(journal)
    outcome, hand = settle(journal, unknown, [ok(200, **PAID)])
    assert type(outcome) is Paid
    assert "could not take down" in hand.complaints[0]
    hand = Hand([dated(problem(400))], journal=journal)
    with pytest.raises(StoreError):
        hand.run(resolve(make_setup(journal=True), unknown, OPERATIONS, True, PayRequest()))
    assert paths(hand) == ["look"]
