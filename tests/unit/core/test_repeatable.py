"""Orders with a key that must not be sent again by themselves, and nothing does it for them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx2
import pytest
from kessai.call import call
from kessai.errors import CardDeclinedError, NotSentError, OutcomeUnknown
from kessai.lookup import NO_REPEAT
from kessai.operation import Operation
from kessai.outcome import Open, Paid
from kessai.resolve import resolve
from kessai.stores.memory import MemoryJournal

from tests.support.core_clients import Make, making
from tests.support.core_fake import (
    LOOK,
    OPERATIONS,
    PAY,
    PAY_BARE,
    STORE,
    LookRequest,
    PayRequest,
    no_answer,
    not_sent,
    ok,
    problem,
)
from tests.support.core_hand import START, Hand, header, make_setup
from tests.support.core_odd import OnceGateway
from tests.unit.core.test_resolve import PAID, dated, paths

INTENT = "fake:shop1:test:pay:orderId=A-1"
ONCE = PayRequest(amount=900)


@pytest.fixture(params=["sync", "async"])
def both(request: pytest.FixtureRequest) -> Iterator[Make]:
    with making(request.param, OnceGateway) as make:
        yield make


def lost(script: list[Any], operation: Operation[Any, Any] = PAY) -> tuple[OutcomeUnknown, Hand]:
    hand = Hand(script)
    with pytest.raises(OutcomeUnknown) as raised:
        hand.run(call(make_setup(OnceGateway()), operation, ONCE, {}))
    return raised.value, hand


@pytest.mark.parametrize("answer", [no_answer(), problem(500), problem(409)])
def test_it_ends_after_the_first_that_was_maybe_sent(answer: Any) -> None:
    """With its key, which every attempt carried; a repeat may not be sent."""
    unknown, hand = lost([not_sent(), answer])
    assert len(hand.sent) == 2
    assert header(hand.sent[0], "Idempotency-Key") == unknown.idempotency_key == "key-1"
    assert not unknown.repeat


def test_what_was_not_sent_is_sent_again() -> None:
    """And what was refused, as ever."""
    hand = Hand([not_sent(), problem(429), ok()])
    assert hand.run(call(make_setup(OnceGateway()), PAY, ONCE, {})).value.id == "R-1"
    with pytest.raises(NotSentError):
        Hand([not_sent()] * 3).run(call(make_setup(OnceGateway()), PAY, ONCE, {}))
    with pytest.raises(CardDeclinedError):
        Hand([problem(402)]).run(call(make_setup(OnceGateway()), PAY, ONCE, {}))


def test_it_never_goes_over_a_connection_that_may_have_gone_stale() -> None:
    """Like an order without a key; the others do as before."""
    gateway = OnceGateway()
    setup = make_setup(gateway)
    for request, fresh in ((ONCE, True), (PayRequest(), False), (ONCE, True)):
        hand = Hand([ok()])
        hand.run(call(setup, PAY, request, {}))
        assert hand.sent[0].fresh is fresh
    assert len(gateway.asked) == 3
    hand = Hand([ok(200)])
    hand.run(call(setup, LOOK, LookRequest("A-1"), {}))
    assert not hand.sent[0].fresh


def test_asked_once_a_call_with_what_it_says() -> None:
    gateway = OnceGateway()
    hand = Hand([no_answer(), no_answer(), ok()])
    hand.run(call(make_setup(gateway), PAY, PayRequest(), {}))
    assert gateway.asked == [PayRequest().to_wire()]


def test_an_order_without_a_key_can_be_asked_about_as_before() -> None:
    """``repeat`` is about keys: there is none here, and that says it all."""
    unknown, _ = lost([no_answer()], PAY_BARE)
    assert unknown.repeat


@pytest.mark.parametrize("from_record", [False, True])
def test_not_even_on_order(from_record: bool) -> None:
    """Asked, and kept back with the reason, also where only a record is left of it."""
    unknown, _ = lost([no_answer()])
    if from_record:
        unknown = OutcomeUnknown.from_record(unknown.to_record())
    hand = Hand([dated(problem(400))])
    outcome = hand.run(resolve(make_setup(OnceGateway()), unknown, OPERATIONS, True, ONCE))
    assert isinstance(outcome, Open)
    assert "not repeated: the gateway does not surely replay" in outcome.reason
    assert "not found" in outcome.reason
    assert paths(hand) == ["look"]


def test_not_even_when_nothing_kept_what_was_known() -> None:
    """The process died before it could say so: the request in hand says it again."""
    unknown, _ = lost([no_answer()])
    unknown.repeat = True
    hand = Hand([dated(problem(400))])
    outcome = hand.run(resolve(make_setup(OnceGateway()), unknown, OPERATIONS, True, ONCE))
    assert isinstance(outcome, Open)
    assert paths(hand) == ["look"]


def test_what_an_answer_called_pending_is_not_repeated_either() -> None:
    """Whether the spec's rule asks about it or the gateway's own code."""
    request = PayRequest()
    with pytest.raises(OutcomeUnknown) as raised:
        Hand([no_answer()]).run(call(make_setup(), PAY, request, {"max_attempts": 1}))
    raised.value.repeat = False
    hand = Hand([dated(problem(400))])
    outcome = hand.run(resolve(make_setup(), raised.value, OPERATIONS, True, request))
    assert isinstance(outcome, Open)
    assert "not repeated" in outcome.reason
    assert paths(hand) == ["look"]


def test_only_a_repeat_could_tell_and_none_may_be_sent() -> None:
    unknown, _ = lost([no_answer()], STORE)
    hand = Hand()
    outcome = hand.run(resolve(make_setup(OnceGateway()), unknown, OPERATIONS, True, ONCE))
    assert isinstance(outcome, Open)
    assert hand.sent == []


def test_asking_settles_it() -> None:
    unknown, _ = lost([no_answer()])
    hand = Hand([ok(200, amount=900)])
    setup = make_setup(OnceGateway())
    assert type(hand.run(resolve(setup, unknown, OPERATIONS, False, None))) is Paid


def test_the_journal_keeps_that_no_repeat_may_be_sent() -> None:
    """Across processes, and after it was asked about without an end."""
    journal = MemoryJournal(clock=lambda: START)
    setup = make_setup(OnceGateway(), journal=True)
    with pytest.raises(OutcomeUnknown):
        Hand([no_answer()], journal=journal).run(call(setup, PAY, ONCE, {}))
    for _ in range(2):
        entry = journal.get(INTENT)
        assert entry is not None
        assert entry.record[NO_REPEAT]
        with pytest.raises(OutcomeUnknown) as again:
            Hand(journal=journal).run(call(setup, PAY, ONCE, {}))
        assert not again.value.repeat
        hand = Hand([dated(problem(400))], journal=journal)
        hand.run(resolve(setup, again.value, OPERATIONS, True, ONCE))
        assert paths(hand) == ["look"]


def test_both_clients(both: Make) -> None:
    """One attempt and no more, through either driver."""
    seen: list[str] = []

    def handler(request: httpx2.Request) -> httpx2.Response:
        seen.append(request.url.path)
        if request.url.path == "/look":
            return httpx2.Response(200, json={"id": "R-1", "state": "AUTH", **PAID, "amount": 900})
        raise httpx2.ReadError("reset")

    client = both(handler)
    with pytest.raises(OutcomeUnknown) as raised:
        client.run(PAY, ONCE)
    outcome = client.resolve(raised.value, OPERATIONS, complete=True, request=ONCE)
    assert type(outcome) is Paid
    assert seen == ["/pay", "/look"]
