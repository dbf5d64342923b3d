"""Life cycles of UnivaPay's charges: the real client, a network that loses things, the ledger.

A state machine tries whatever comes to its mind; a story goes where it seldom gets. Together they
have to take every documented step of a charge, a refund and a cancel, or the run fails naming what
is missing.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    precondition,
    rule,
    run_state_machine_as_test,
)

from tests.support.contract_univapay_mock import Mock
from tests.support.contract_univapay_world import KINDS, Fault, World

RUNS = settings(
    max_examples=60,
    stateful_step_count=30,
    derandomize=True,
    database=None,
    deadline=None,
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
PICK = st.integers(0, 999)
FAULT: st.SearchStrategy[Fault] = st.sampled_from([None, None, "lost before", "lost after"])
SAYS = st.sampled_from([None, None, None, 312, 501])
AMOUNT = st.sampled_from([100, 980, 1100, 3980])
Steps = set[tuple[str, ...]]


class LifeCycles(RuleBasedStateMachine):
    """Everything merchant and customer can do, in any order, over a bad network."""

    mock: Mock
    steps: Steps

    def __init__(self) -> None:
        super().__init__()
        self.world = World(self.mock)

    def teardown(self) -> None:
        self.world.close()
        known, visited = self.mock.transitions()
        assert visited <= known
        self.steps |= visited

    def _one(self, pick: int, *wanted: str) -> Any:
        """A charge in one of these states if there is one, at times any other."""
        charges = self.world.charges
        found = [charge for charge in charges if charge.status in wanted]
        pool = found if found and pick % 5 else charges
        return pool[pick % len(pool)]

    @rule(kind=st.sampled_from(KINDS), amount=AMOUNT, fault=FAULT)
    def make(self, kind: str, amount: int, fault: Fault) -> None:
        self.world.make(kind, amount, fault)
        self._audit(-1)

    @precondition(lambda self: self.world.charges)
    @rule(pick=PICK)
    def pay(self, pick: int) -> None:
        """The customer pays: at the till, in an app, at a bank."""
        charge = self._one(pick, "awaiting")
        waits = charge.status == "awaiting"
        assert self.world.mock.pay(charge.id).status == (200 if waits else 400)
        self.world.audit(charge.id)

    @precondition(lambda self: self.world.charges)
    @rule(pick=PICK, code=st.sampled_from([306, 501]))
    def refuse(self, pick: int, code: int) -> None:
        """The customer gives up, or is not recognized."""
        charge = self._one(pick, "awaiting", "authorized")
        able = charge.status in ("awaiting", "authorized")
        answer = self.world.mock.refuse(charge.id, code)
        assert answer.status == (200 if able else 400)
        self.world.audit(charge.id)

    @precondition(lambda self: self.world.charges)
    @rule(pick=PICK, amount=AMOUNT, fault=FAULT)
    def capture(self, pick: int, amount: int, fault: Fault) -> None:
        charge = self._one(pick, "authorized")
        self.world.capture(charge, min(amount, charge.amount), fault)
        self.world.audit(charge.id)

    @precondition(lambda self: self.world.charges)
    @rule(pick=PICK, fault=FAULT, says=SAYS)
    def cancel(self, pick: int, fault: Fault, says: int | None) -> None:
        charge = self._one(pick, "awaiting", "authorized")
        self.world.cancel(charge, fault, says)
        self.world.audit(charge.id)

    @precondition(lambda self: self.world.charges)
    @rule(pick=PICK, amount=AMOUNT, fault=FAULT, says=SAYS)
    def refund(self, pick: int, amount: int, fault: Fault, says: int | None) -> None:
        charge = self._one(pick, "successful")
        self.world.refund(charge, amount, fault, says)
        self.world.audit(charge.id)

    @precondition(lambda self: self.world.loose)
    @rule(pick=PICK)
    def ask(self, pick: int) -> None:
        """What became of an order whose answer was lost."""
        loose = self.world.loose
        self.world.ask(loose[pick % len(loose)])

    @rule(seconds=st.sampled_from([1, 1, 5, 31, 301, 86400, 8 * 86400, 61 * 86400]))
    def time_passes(self, seconds: int) -> None:
        self.world.mock.advance(seconds)
        self._audit(0)

    def _audit(self, place: int) -> None:
        charges = self.world.charges
        if charges:
            self.world.audit(charges[place].id)


@functools.cache
def machine_steps() -> frozenset[tuple[str, ...]]:
    """Run the machine once, whichever tests are selected; the steps it took."""
    LifeCycles.mock = Mock()
    LifeCycles.steps = set()
    try:
        run_state_machine_as_test(LifeCycles, settings=RUNS)
    finally:
        LifeCycles.mock.close()
    return frozenset(LifeCycles.steps)


def _story(tell: Callable[[World], None]) -> Steps:
    mock = Mock()
    world = World(mock)
    tell(world)
    world.close()
    _, visited = mock.transitions()
    mock.close()
    return visited


def _every_kind(world: World) -> None:
    """Each kind to each of its ends, without a fault."""
    for kind in KINDS:
        for end in ("pay", "refuse", "error", "cancel", "late", "capture", "captured late"):
            world.mock.advance(31)
            world.make(kind, 1100, None)
            world.mock.advance(2)
            charge = world.charges[-1]
            if kind == "challenged hold" and charge.status == "awaiting" and "capture" in end:
                assert world.mock.pay(charge.id).status == 200
            if end == "pay":
                world.mock.pay(charge.id)
            elif end in ("refuse", "error"):
                world.mock.refuse(charge.id, 306 if end == "refuse" else 501)
            elif end == "cancel":
                world.cancel(charge, None, None)
            elif end == "capture":
                world.capture(charge, 1000, None)
            else:
                world.mock.advance(62 * 86400)
            world.mock.advance(2)
            world.audit(charge.id)
            if charge.status == "successful":
                for says in (None, 312, 501):
                    world.refund(charge, 100, None, says)
                    world.mock.advance(2)
                    world.audit(charge.id)


def _cancels_that_fail(world: World) -> None:
    for says in (312, 501):
        world.make("konbini", 1100, None)
        world.mock.advance(2)
        world.cancel(world.charges[-1], None, says)
        world.mock.advance(2)
        assert world.charges[-1].status == "awaiting"


#: No request leads there: only what awaits, or is held, can be cancelled.
UNREACHED = {("charge", "pending", "canceled")}


def test_whatever_is_lost_belief_is_in_the_ledger() -> None:
    assert len(machine_steps()) > 15


def test_every_kind_comes_to_each_of_its_ends() -> None:
    assert len(_story(_every_kind)) > 15


def test_every_documented_step_is_taken() -> None:
    mock = Mock()
    known, _ = mock.transitions()
    mock.close()
    ours = {step for step in known if step[0] in ("charge", "refund", "cancel")}
    taken = {*machine_steps(), *_story(_every_kind), *_story(_cancels_that_fail)}
    missing = sorted(ours - taken - UNREACHED)
    assert not missing, f"never taken: {missing}"
    assert not UNREACHED & taken
