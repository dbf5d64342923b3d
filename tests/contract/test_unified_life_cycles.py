"""Life cycles of the Unified API: the real client, the mock, its ledger as oracle.

A state machine tries whatever comes to its mind; stories of each wallet go where it seldom gets.
Together they have to visit every documented state and step, or the run fails naming what is
missing.
"""

from __future__ import annotations

import functools
from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from tests.support import contract_unified_acts as acts
from tests.support.contract_unified_acts import GIVES_UP, PENDING, REFUSED, WAITING
from tests.support.contract_unified_mock import Mock
from tests.support.contract_unified_states import STEPS, WALLETS, Step
from tests.support.contract_unified_stories import STORIES
from tests.support.contract_unified_world import Order, World

RUNS = settings(
    max_examples=150,
    stateful_step_count=50,
    derandomize=True,
    database=None,
    deadline=None,
    phases=[Phase.generate, Phase.shrink],
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
PICK = st.integers(0, 999)
WALLET = st.sampled_from(WALLETS)
TAKE = st.sampled_from(["auth", "auth_capture"])
AMOUNT = st.sampled_from([None, 1000, 3300, 700, 4000])
SAYS = st.sampled_from([None, None, None, REFUSED, PENDING])


class LifeCycles(RuleBasedStateMachine):
    """Everything merchant, consumer and wallet can do, in any order."""

    mock: Mock
    steps: set[Step]

    def __init__(self) -> None:
        super().__init__()
        self.world = World(self.mock, self.steps)

    def teardown(self) -> None:
        self.world.close()

    def _orders(self, wanted: Callable[[Order], bool]) -> list[Order]:
        return [order for order in self.world.orders if wanted(order)]

    def _any(self, pick: int, wanted: Callable[[Order], bool]) -> Order:
        """An order that is wanted if there is one, at times any other."""
        found = (self._orders(wanted) if pick % 5 else []) or self.world.orders
        return found[pick % len(found)]

    def _one(self, pick: int, wanted: Callable[[Order], bool]) -> Order:
        found = self._orders(wanted)
        return found[pick % len(found)]

    @rule(wallet=WALLET, kind=st.sampled_from(["single", "agreement"]), take=TAKE, says=SAYS)
    def apply(self, wallet: str, kind: str, take: str, says: str | None) -> None:
        acts.apply(self.world, wallet, kind, take=take, says=says)

    @precondition(lambda self: self.world.orders)
    @rule(pick=PICK, wallet=WALLET, take=TAKE, says=SAYS)
    def apply_again(self, pick: int, wallet: str, take: str, says: str | None) -> None:
        """Under a paymentId that was used, whatever has become of it."""
        payment_id = self._any(pick, _whatever).payment_id
        acts.apply(self.world, wallet, take=take, payment_id=payment_id, says=says)

    @precondition(lambda self: self._orders(_is_agreement))
    @rule(pick=PICK, again=st.none() | PICK, take=TAKE, says=SAYS)
    def charge(self, pick: int, again: int | None, take: str, says: str | None) -> None:
        agreement = self._one(pick, _is_agreement)
        payment_id = None if again is None else self._any(again, _whatever).payment_id
        if payment_id is None and agreement.wallet == "paypay" and pick % 3 == 0:
            says = WAITING
        acts.charge(self.world, agreement, take=take, payment_id=payment_id, says=says)

    @precondition(lambda self: self._orders(_has_page))
    @rule(pick=PICK, button=st.sampled_from(["success"] * 5 + ["give up", "away", "abandon"]))
    def decide(self, pick: int, button: str) -> None:
        order = self._one(pick, _has_page)
        if button == "give up":
            button = GIVES_UP[order.wallet]
            if order.kind == "agreement" and order.wallet == "rakuten":
                button = "failure_deadline"
        acts.press(self.world, order, button)

    @precondition(lambda self: self._orders(_is_open))
    @rule(pick=PICK, good=st.booleans())
    def settle(self, pick: int, good: bool) -> None:
        acts.settle(self.world, self._one(pick, _is_open), good=good)

    @precondition(lambda self: self.world.orders)
    @rule(pick=PICK)
    def pay_in_app(self, pick: int) -> None:
        acts.pay_in_app(self.world, self._any(pick, _whatever))

    @precondition(lambda self: self.world.orders)
    @rule(pick=PICK, amount=AMOUNT, says=SAYS)
    def capture(self, pick: int, amount: int | None, says: str | None) -> None:
        acts.capture(self.world, self._any(pick, _is_held), amount, says)

    @precondition(lambda self: self.world.orders)
    @rule(pick=PICK, amount=AMOUNT, says=SAYS)
    def cancel(self, pick: int, amount: int | None, says: str | None) -> None:
        acts.cancel(self.world, self._any(pick, _is_paid), amount, says)

    @precondition(lambda self: self.world.orders)
    @rule(pick=PICK, amount=AMOUNT, says=SAYS)
    def update(self, pick: int, amount: int | None, says: str | None) -> None:
        acts.update(self.world, self._any(pick, _is_held), amount, says)

    @precondition(lambda self: self.world.orders)
    @rule(pick=PICK, says=SAYS)
    def terminate(self, pick: int, says: str | None) -> None:
        acts.terminate(self.world, self._any(pick, _is_agreement), says)

    @precondition(lambda self: self._orders(_is_agreement))
    @rule(pick=PICK)
    def deregister(self, pick: int) -> None:
        acts.deregister(self.world, self._one(pick, _is_agreement))

    @rule(seconds=st.sampled_from([1, 3600, 86400, 31 * 86400]))
    def wait(self, seconds: int) -> None:
        self.world.pass_time(seconds)

    @invariant()
    def belief_is_in_the_ledger(self) -> None:
        self.world.audit()

    @precondition(lambda self: self.world.orders)
    @rule()
    def inquire(self) -> None:
        self.world.inquire()


def _whatever(order: Order) -> bool:
    return True


def _is_held(order: Order) -> bool:
    return order.status == "AUTHORIZED"


def _is_paid(order: Order) -> bool:
    return order.status in {"AUTHORIZED", "CAPTURED"}


def _is_agreement(order: Order) -> bool:
    return order.kind == "agreement"


def _has_page(order: Order) -> bool:
    return order.page is not None


def _is_open(order: Order) -> bool:
    return order.pending is not None or order.status in {"PENDING", "WAITING"}


# Each run happens once, whichever tests are selected.


def _mock() -> Mock:
    return Mock(seed=1, user_paying_seconds=None)


@functools.cache
def machine_steps() -> frozenset[Step]:
    """Run the machine; the steps it took."""
    LifeCycles.mock = _mock()
    LifeCycles.steps = set()
    try:
        run_state_machine_as_test(LifeCycles, settings=RUNS)
    finally:
        LifeCycles.mock.close()
    return frozenset(LifeCycles.steps)


@functools.cache
def story_steps(name: str, wallet: str) -> frozenset[Step]:
    """Tell a story; the steps it took."""
    mock = _mock()
    world = World(mock, set())
    try:
        STORIES[name](world, wallet)
        world.audit()
        world.inquire()
    finally:
        world.close()
        mock.close()
    return frozenset(world.steps)


def test_whatever_happens_belief_is_in_the_ledger() -> None:
    assert len(machine_steps()) > 60


@pytest.mark.parametrize("wallet", WALLETS)
@pytest.mark.parametrize("name", STORIES)
def test_the_story_ends_as_documented(name: str, wallet: str) -> None:
    assert story_steps(name, wallet)


def test_every_documented_state_and_step_was_visited() -> None:
    told = (story_steps(name, wallet) for name in STORIES for wallet in WALLETS)
    steps = machine_steps().union(*told)
    missing = sorted(STEPS - steps)
    assert not missing, "never taken: " + ", ".join(map(str, missing))
    states = {(step.wallet, step.kind, step.after) for step in STEPS}
    assert states == {(step.wallet, step.kind, step.after) for step in steps}


def test_the_mock_works_by_the_documented_steps() -> None:
    mock = _mock()
    documented, _ = mock.transitions()
    mock.close()
    assert documented == {tuple(step[1:]) for step in STEPS}
