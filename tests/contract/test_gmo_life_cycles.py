"""Life cycles of orders, members and checks: the real client, the mock, the ledger as oracle.

A state machine tries whatever comes to its mind; stories go where it seldom gets. Together
they have to visit every documented state and step, or the run fails naming what is missing.
"""

from __future__ import annotations

import functools
from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from tests.support import contract_acts as acts
from tests.support import contract_pay as pay
from tests.support.contract_bodies import WALLETS
from tests.support.contract_mock import Mock
from tests.support.contract_states import STATES, STEPS, Step
from tests.support.contract_stories import STORIES
from tests.support.contract_world import Tracked, World

pytestmark = pytest.mark.filterwarnings("ignore::kessai.errors.RequestWarning")

RUNS = settings(
    max_examples=100,
    stateful_step_count=40,
    derandomize=True,
    database=None,
    deadline=None,
    phases=[Phase.generate, Phase.shrink],
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
PICK = st.integers(0, 999)
AMOUNT = st.sampled_from([1000, 700, 1500, 1000, 1, acts.REFUSED])
MODE = st.sampled_from(["AUTH", "CAPTURE"])
WALLET = st.sampled_from(WALLETS)
CASH = st.sampled_from(["KONBINI", "PAYEASY", "BANK_TRANSFER_SMBC", "BANK_TRANSFER_GMO_AOZORA"])
TDS2 = st.sampled_from(["none", "automatic", "manual"])
CARD_PAGE = st.sampled_from(
    ["success", "challenge", "attempt", "success", "fail", "unavailable", "reject", "cancel",
     "success", "decline"]
)  # fmt: skip
WALLET_PAGE = st.sampled_from(
    ["success", "cancel", "success", "insufficient", "success", "limit", "fail", "abandon"]
)
WAIT = st.sampled_from([1, 61, 119, 121, 1801, 86400, 8 * 86400, 61 * 86400])


class LifeCycles(RuleBasedStateMachine):
    """Everything merchant and customer can do, in any order."""

    mock: Mock
    steps: set[Step]

    def __init__(self) -> None:
        super().__init__()
        self.world = World(self.mock, self.steps)
        self.members: list[pay.Member] = []

    @initialize()
    def setup(self) -> None:
        """Begin in a world where nothing has happened."""
        assert (self.world.orders, self.mock.postings()) == ({}, [])

    def teardown(self) -> None:
        self.world.close()

    def _orders(self, wanted: Callable[[Tracked], bool]) -> list[Tracked]:
        return [order for order in self.world.orders.values() if wanted(order)]

    def _any(self, pick: int, wanted: Callable[[Tracked], bool]) -> Tracked | None:
        found = self._orders(wanted)
        return found[pick % len(found)] if found else None

    # Opening.

    @rule(tds2=TDS2, mode=MODE, amount=AMOUNT)
    def charge_card(self, tds2: str, mode: str, amount: int) -> None:
        acts.charge_card(self.world, tds2=tds2, mode=mode, amount=amount)

    @rule(tds2=TDS2, good=st.booleans())
    def check_card(self, tds2: str, good: bool) -> None:
        acts.check_card(self.world, tds2=tds2, good=good)

    @rule(wallet=WALLET, mode=MODE, amount=AMOUNT)
    def charge_wallet(self, wallet: str, mode: str, amount: int) -> None:
        pay.charge_wallet(self.world, wallet, mode=mode, amount=amount)

    @rule(mode=MODE)
    def charge_frontend(self, mode: str) -> None:
        pay.charge_frontend(self.world, mode=mode)

    @rule(cash=CASH, amount=AMOUNT)
    def charge_cash(self, cash: str, amount: int) -> None:
        pay.charge_cash(self.world, cash, amount=amount)

    @rule()
    def start_identity(self) -> None:
        pay.start_identity(self.world)

    # The customer.

    @precondition(lambda self: self._orders(_has_card_page))
    @rule(pick=PICK, outcome=CARD_PAGE, follow=st.booleans())
    def authenticate(self, pick: int, outcome: str, follow: bool) -> None:
        order = self._any(pick, _has_card_page)
        assert order is not None
        acts.press(self.world, order, outcome, follow=follow)

    @precondition(lambda self: self._orders(_has_wallet_page))
    @rule(pick=PICK, outcome=WALLET_PAGE, follow=st.booleans())
    def decide(self, pick: int, outcome: str, follow: bool) -> None:
        order = self._any(pick, _has_wallet_page)
        assert order is not None
        acts.press(self.world, order, outcome, follow=follow)

    @precondition(lambda self: self._orders(_is_frontend))
    @rule(pick=PICK, verify=st.booleans())
    def use_app(self, pick: int, verify: bool) -> None:
        order = self._any(pick, _is_frontend)
        assert order is not None
        (pay.verify_frontend if verify else pay.approve_frontend)(self.world, order)

    @precondition(lambda self: self._orders(_is_cash))
    @rule(pick=PICK, amount=st.sampled_from([None, 300, 1000]))
    def deposit(self, pick: int, amount: int | None) -> None:
        order = self._any(pick, _is_cash)
        assert order is not None
        pay.deposit(self.world, order, amount)

    @precondition(lambda self: self._orders(_has_code_page))
    @rule(pick=PICK, code=st.sampled_from(["123456", pay.WRONG_CODE, pay.WRONG_CODE]))
    def type_code(self, pick: int, code: str) -> None:
        check = self._any(pick, _has_code_page)
        assert check is not None
        pay.type_code(self.world, check, code)

    # The merchant.

    @precondition(lambda self: self._orders(_is_capturable))
    @rule(pick=PICK)
    def capture(self, pick: int) -> None:
        order = self._any(pick, _is_capturable)
        assert order is not None
        acts.capture(self.world, order)

    @precondition(lambda self: self._orders(_is_order))
    @rule(pick=PICK, amount=AMOUNT, mode=MODE)
    def change(self, pick: int, amount: int, mode: str) -> None:
        order = self._any(pick, _is_order)
        assert order is not None
        acts.change(self.world, order, amount, mode)

    @precondition(lambda self: self._orders(_is_order))
    @rule(pick=PICK)
    def cancel(self, pick: int) -> None:
        order = self._any(pick, _is_order)
        assert order is not None
        acts.cancel(self.world, order)

    @precondition(lambda self: self._orders(_is_card))
    @rule(pick=PICK)
    def finalize(self, pick: int) -> None:
        order = self._any(pick, _is_card)
        assert order is not None
        acts.finalize(self.world, order)

    # Members.

    @rule()
    def join(self) -> None:
        self.members.append(pay.join(self.world))

    @precondition(lambda self: self.members)
    @rule(pick=PICK)
    def store_card(self, pick: int) -> None:
        pay.store_card(self.world, self.members[pick % len(self.members)])

    @precondition(lambda self: self.members)
    @rule(pick=PICK)
    def charge_stored(self, pick: int) -> None:
        pay.charge_stored(self.world, self.members[pick % len(self.members)])

    @precondition(lambda self: self.members)
    @rule(pick=PICK)
    def delete_card(self, pick: int) -> None:
        pay.delete_card(self.world, self.members[pick % len(self.members)])

    @precondition(lambda self: any(not member.deleted for member in self.members))
    @rule(pick=PICK)
    def leave(self, pick: int) -> None:
        present = [member for member in self.members if not member.deleted]
        pay.leave(self.world, present[pick % len(present)])

    @rule(seconds=WAIT)
    def wait(self, seconds: int) -> None:
        self.world.pass_time(seconds)

    @invariant()
    def belief_is_in_the_ledger(self) -> None:
        self.world.audit()
        for member in self.members:
            pay.inspect(self.world, member)


def _is_order(order: Tracked) -> bool:
    return order.kind != "VERIFICATION" and not order.failed


def _is_card(order: Tracked) -> bool:
    return order.kind == "CREDIT"


def _is_cash(order: Tracked) -> bool:
    return order.kind == "CASH" and not order.failed


def _is_capturable(order: Tracked) -> bool:
    return order.kind in {"CREDIT", "WALLET"} and not order.failed


def _is_frontend(order: Tracked) -> bool:
    return order.frontend


def _has_card_page(order: Tracked) -> bool:
    return order.kind == "CREDIT" and order.page is not None


def _has_wallet_page(order: Tracked) -> bool:
    waiting = order.status in {"REQSUCCESS", "AUTHPROCESS"}
    return order.kind == "WALLET" and order.page is not None and waiting


def _has_code_page(order: Tracked) -> bool:
    return order.kind == "VERIFICATION" and order.page is not None


# Each run happens once, whichever tests are selected.


@functools.cache
def machine_steps() -> frozenset[Step]:
    """Run the machine; the steps it took."""
    LifeCycles.mock = Mock(seed=1)
    LifeCycles.steps = set()
    try:
        run_state_machine_as_test(LifeCycles, settings=RUNS)
    finally:
        LifeCycles.mock.close()
    return frozenset(LifeCycles.steps)


@functools.cache
def story_steps(name: str) -> frozenset[Step]:
    """Tell a story; the steps it took."""
    mock = Mock(seed=1)
    world = World(mock, set())
    try:
        STORIES[name](world)
        world.audit()
    finally:
        world.close()
        mock.close()
    return frozenset(world.steps)


def test_whatever_happens_belief_is_in_the_ledger() -> None:
    assert len(machine_steps()) > 25


@pytest.mark.parametrize("name", STORIES)
def test_the_story_ends_as_documented(name: str) -> None:
    assert story_steps(name)


def test_every_documented_state_and_step_was_visited() -> None:
    steps = machine_steps().union(*(story_steps(name) for name in STORIES))
    missing = sorted(STEPS - steps)
    assert not missing, "never taken: " + ", ".join(map(str, missing))
    for kind, states in STATES.items():
        visited = {step.after for step in steps if step.kind == kind}
        assert states - visited == set(), f"{kind}: never visited {states - visited}"


def test_the_mock_works_by_the_documented_steps() -> None:
    mock = Mock(seed=1)
    documented, _ = mock.transitions()
    mock.close()
    assert {Step(*step) for step in documented} == STEPS
