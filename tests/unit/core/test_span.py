"""For how long an order was sent: what is absent is measured from the last attempt."""

from __future__ import annotations

from typing import Any, cast

import pytest
from kessai.call import call
from kessai.commands import Fault, Reply, Send
from kessai.errors import ConfigurationError, OutcomeUnknown
from kessai.ledger import LEASE_MARGIN
from kessai.lookup import SPAN
from kessai.operation import CallOptions
from kessai.outcome import NotPaid, Open
from kessai.resolve import resolve
from kessai.stores.memory import MemoryJournal

from tests.support.core_fake import OPERATIONS, PAY, PayRequest, no_answer, not_sent, ok
from tests.support.core_hand import START, Hand, make_setup
from tests.support.core_odd import Search, SearchGateway
from tests.unit.core.test_resolve import dated

INTENT = "fake:shop1:test:pay:orderId=A-1"


def lost(script: list[Any], **options: Any) -> OutcomeUnknown:
    hand = Hand(script, seconds=10.0)
    with pytest.raises(OutcomeUnknown) as raised:
        hand.run(call(make_setup(SearchGateway()), PAY, PayRequest(), cast("CallOptions", options)))
    return raised.value


@pytest.mark.parametrize(
    ("script", "span"),
    [
        ([no_answer()], 0.0),
        # 10 s each, and pauses of 0.5 s and 1 s between them.
        ([no_answer()] * 2, 10.5),
        ([not_sent(), no_answer()], 10.5),
        ([no_answer(), not_sent(), no_answer()], 21.5),
    ],
)
def test_from_the_first_to_the_last_attempt(script: list[Any], span: float) -> None:
    """Whether they were sent or not."""
    assert lost(script, max_attempts=len(script)).span == span


def test_absent_counts_from_the_last() -> None:
    """An order that was tried for 21.5 s may come 21.5 s later."""
    unknown = lost([no_answer()] * 3)
    setup = make_setup(SearchGateway(Search(60.0)))
    for later, kind in ((70.0, Open), (81.0, Open), (82.0, NotPaid)):
        hand = Hand([dated(ok(200, state="ABSENT"), later / 3600.0)], seconds=0.0)
        hand.now += later
        outcome = hand.run(resolve(setup, unknown, OPERATIONS, False, None))
        assert type(outcome) is kind
        if isinstance(outcome, Open):
            assert outcome.until is not None
            assert outcome.until.timestamp() == START + 81.5


@pytest.mark.parametrize("span", [-1.0, float("nan"), float("inf"), "1", None])
def test_records_of_something_else(span: Any) -> None:
    """A span that is none could make an order final too soon."""
    record = {**lost([no_answer()], max_attempts=1).to_record(), "span": span}
    with pytest.raises(ConfigurationError, match="no record"):
        OutcomeUnknown.from_record(record)


def test_records_from_before_there_was_one() -> None:
    record = lost([no_answer()], max_attempts=1).to_record()
    del record["span"]
    assert OutcomeUnknown.from_record(record).span == 0.0


class Shelf:
    """A journal on the hand's own clock."""

    def __init__(self) -> None:
        self.hand: Hand | None = None
        self.journal = MemoryJournal(clock=lambda: START if self.hand is None else self.hand.wall)

    def take(self, script: list[Any], now: float = 1000.0, seconds: float = 10.0) -> Hand:
        self.hand = Hand(script, journal=self.journal, seconds=seconds)
        self.hand.now = now
        return self.hand

    def again(self) -> OutcomeUnknown:
        """What a repeat of the intent is given back."""
        assert self.hand is not None
        setup = make_setup(SearchGateway(), journal=True)
        with pytest.raises(OutcomeUnknown) as raised:
            self.hand.run(call(setup, PAY, PayRequest(), {}))
        return raised.value


def test_the_journal_keeps_it() -> None:
    """However often it is asked about; each question changes the entry, and not the span."""
    shelf, setup = Shelf(), make_setup(SearchGateway(Search(60.0)), journal=True)
    with pytest.raises(OutcomeUnknown):
        shelf.take([no_answer()] * 3).run(call(setup, PAY, PayRequest(), {}))
    for later in (40.0, 70.0, 80.0):
        unknown = shelf.again()
        assert 21.5 <= unknown.span < 32.0  # to the end of the call, or to the last attempt
        answer = dated(ok(200, state="ABSENT"), later / 3600.0)
        hand = shelf.take([answer], 1000.0 + later, 0.0)
        assert type(hand.run(resolve(setup, unknown, OPERATIONS, False, None))) is Open
    entry = shelf.journal.get(INTENT)
    assert entry is not None
    assert float(entry.record[SPAN]) == unknown.span
    hand = shelf.take([dated(ok(200, state="ABSENT"), 95.0 / 3600.0)], 1095.0, 0.0)
    assert type(hand.run(resolve(setup, shelf.again(), OPERATIONS, False, None))) is NotPaid


def test_a_process_that_died_had_sent_until_then() -> None:
    """The entry says when its last attempt left."""

    class Died(BaseException):
        pass

    shelf, setup = Shelf(), make_setup(SearchGateway(), journal=True)
    hand = shelf.take([no_answer()])
    answer = hand.answer

    def dying(command: Any) -> Reply | Fault | Any:
        if isinstance(command, Send) and len(hand.sent) == 1:
            raise Died
        return answer(command)

    hand.answer = dying  # type: ignore[method-assign]
    with pytest.raises(Died):
        hand.run(call(setup, PAY, PayRequest(), {}))
    shelf.take([], 1000.0 + 200.0 + LEASE_MARGIN + 1.0)
    assert shelf.again().span == 10.5
