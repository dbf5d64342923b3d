"""A call and the places among calls in flight."""

from __future__ import annotations

from typing import Any, cast

import pytest
from kessai.call import call
from kessai.commands import SlotAcquire
from kessai.environment import Environment
from kessai.errors import DeadlineExceededError, NotSentError, OutcomeUnknown, StoreError
from kessai.operation import CallOptions
from kessai.stores.memory import MemorySlots
from kessai.stores.values import Slot

from tests.support.core_fake import (
    LOOK,
    PAY,
    PAY_BARE,
    LookRequest,
    MarkAuth,
    PayRequest,
    no_answer,
    not_sent,
    ok,
    problem,
)
from tests.support.core_hand import Hand, make_setup

NAME = "fake:shop1:test:pay:/pay"


class Slots(MemorySlots):
    """Slots on the hand's clock that keep count."""

    def __init__(self) -> None:
        self.hand: Any = None
        super().__init__(clock=lambda: self.hand.now)

    def free(self, limit: int = 2) -> int:
        """How many of ``limit`` places are free now."""
        taken: list[Slot] = []
        while isinstance(slot := self.acquire(NAME, limit, 1.0), Slot):
            taken.append(slot)
        for slot in taken:
            self.release(slot)
        return len(taken)


@pytest.fixture
def slots() -> Slots:
    return Slots()


def hand_with(slots: Slots, script: list[Any]) -> Hand:
    hand = Hand(script, slots=slots)
    slots.hand = hand
    return hand


def pay(hand: Hand, operation: Any = PAY, **options: Any) -> Any:
    settings = options.pop("settings", {})
    setup = make_setup(slots=True, **settings)
    request = LookRequest("A-1") if operation is LOOK else PayRequest()
    return hand.run(call(setup, operation, request, cast("CallOptions", options)))


@pytest.mark.parametrize("reply", [ok(), problem(402), problem(429), problem(500), not_sent()])
def test_an_answer_gives_the_place_back(slots: Slots, reply: Any) -> None:
    """Any answer, a bad one too, and what was never sent."""
    hand = hand_with(slots, [reply, ok()])
    if reply == problem(402):
        with pytest.raises(Exception, match="402"):
            pay(hand)
    else:
        pay(hand)
    assert slots.free() == 2


def test_a_lost_answer_keeps_its_place(slots: Slots) -> None:
    """The gateway counts the call until it has answered, so the lease runs to its end."""
    hand = hand_with(slots, [no_answer()])
    with pytest.raises(OutcomeUnknown):
        pay(hand, max_attempts=1, timeout=10.0)
    assert slots.free() == 1
    hand.now += 39.0
    assert slots.free() == 1
    hand.now += 2.0
    assert slots.free() == 2


def test_a_repeat_takes_a_place_of_its_own(slots: Slots) -> None:
    """The lost attempt and its repeat count as two."""
    hand = hand_with(slots, [no_answer(), lambda: ok(201, free=slots.free())])
    assert b'"free": 0' in pay(hand).content


def test_waiting_for_a_place(slots: Slots) -> None:
    """Sleeps, a little longer each time, until a place is free."""
    hand = hand_with(slots, [ok()])
    for _ in range(2):
        assert isinstance(slots.acquire(NAME, 2, 3.0), Slot)
    pay(hand)
    assert hand.slept[:5] == [0.02, 0.04, 0.08, 0.16, 0.32]
    assert max(hand.slept) == 0.5
    assert sum(hand.slept) == pytest.approx(3.0, abs=0.5)


def test_no_place_before_the_deadline(slots: Slots) -> None:
    """Nothing was sent, and the error says so."""
    hand = hand_with(slots, [ok()])
    for _ in range(2):
        slots.acquire(NAME, 2, 500.0)
    with pytest.raises(DeadlineExceededError, match="2 calls in flight") as raised:
        pay(hand, deadline=5.0)
    assert isinstance(raised.value, NotSentError)
    assert hand.sent == []
    assert sum(hand.slept) < 5.0


def test_no_place_for_a_repeat_settles_nothing(slots: Slots) -> None:
    """After maybe sent, the want of a place is no answer."""

    def crowd() -> Any:
        while isinstance(slots.acquire(NAME, 2, 500.0), Slot):
            pass
        return no_answer()

    hand = hand_with(slots, [crowd])
    with pytest.raises(OutcomeUnknown) as raised:
        pay(hand, deadline=20.0)
    assert isinstance(raised.value.last_error, DeadlineExceededError)


def test_limits(slots: Slots) -> None:
    """By environment, by operation, by the client's settings; none where there is none."""

    def limit(operation: Any, **settings: Any) -> list[tuple[str, int]]:
        hand = hand_with(slots, [ok(200)])
        pay(hand, operation, settings=settings)
        return [(c.name, c.limit) for c in hand.commands if isinstance(c, SlotAcquire)]

    live = Environment(api="https://gateway.example", live=True)
    assert limit(PAY) == [(NAME, 2)]
    assert limit(PAY, environment=live) == [("fake:shop1:live:pay:/pay", 5)]
    assert limit(LOOK) == [("fake:shop1:test:look:/look", 10)]
    assert limit(PAY, in_flight={"pay": 30}) == [(NAME, 30)]
    assert limit(PAY_BARE) == []
    assert limit(PAY_BARE, in_flight={"payBare": 1}) == [("fake:shop1:test:payBare:/payBare", 1)]


def test_the_lease_spans_the_longest_attempt(slots: Slots) -> None:
    """All four timeouts after one another, uncut by the deadline."""
    hand = hand_with(slots, [ok()])
    pay(hand, timeout=30.0, deadline=20.0)
    (acquire,) = [c for c in hand.commands if isinstance(c, SlotAcquire)]
    assert acquire.lease_seconds == 120.0


def test_an_auth_that_fails_gives_its_place_back(slots: Slots) -> None:
    """Nothing has left, so nothing is counted."""

    class Broken:
        grant = None

        def sign(self, outgoing: Any) -> Any:
            yield from ()
            raise LookupError

    hand = hand_with(slots, [ok()])
    with pytest.raises(LookupError):
        pay(hand, settings={"auth": Broken()})
    assert slots.free() == 2


def test_signed_after_the_wait(slots: Slots) -> None:
    """Tokens and the times in signatures grow old while a call waits for its place."""
    auth = MarkAuth()
    hand = hand_with(slots, [ok()])
    for _ in range(2):
        slots.acquire(NAME, 2, 50.0)
    pay(hand, settings={"auth": auth})
    assert 149.0 < auth.seen[0].wait < 150.5


class Failing(Slots):
    """Slots whose house burns down at one step."""

    def __init__(self, step: str) -> None:
        super().__init__()
        self.step = step

    def acquire(self, name: str, limit: int, lease_seconds: float) -> Any:
        if self.step == "acquire":
            raise StoreError("gone")
        return super().acquire(name, limit, lease_seconds)

    def release(self, slot: Any) -> bool:
        if self.step == "release":
            raise StoreError("gone")
        return super().release(slot)


def test_slots_that_fail() -> None:
    """Without a place nothing is sent; a place that cannot be given back costs no answer."""
    hand = hand_with(Failing("acquire"), [ok()])
    with pytest.raises(StoreError):
        pay(hand)
    assert hand.sent == []
    hand = hand_with(Failing("release"), [ok()])
    assert pay(hand).value.id == "R-1"
    assert "release: StoreError" in hand.complaints[0]
