"""Life cycles of the MDK: the real client, the mock, its ledger as oracle, and a bad network.

A state machine for each family tries whatever comes to its mind. Any order may get lost on its way
there or back, be answered late, by a page, or by half an answer; any question may go unheard. Each
unknown is resolved by Search or GetResult in virtual time, and what PUSHes and browsers tell is
taken in whenever, in whatever order. Nothing may leave twice, and belief has to be in the ledger.
"""

from __future__ import annotations

import functools
import random
from collections import Counter
from collections.abc import Callable
from typing import Any, cast

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
from kessai import IntentConflictError, OutcomeUnknown

from tests.rules.mdk_bodies import COMMANDS
from tests.support import contract_mdk_acts as acts
from tests.support.contract_mdk_client import method, request_of
from tests.support.contract_mdk_mock import Mock
from tests.support.contract_mdk_stories import STORIES
from tests.support.contract_mdk_wire import FAULTS, Fault
from tests.support.contract_mdk_world import DAY, Order, World

RUNS = settings(
    max_examples=12,
    stateful_step_count=30,
    derandomize=True,
    database=None,
    deadline=None,
    phases=[Phase.generate, Phase.shrink],
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
PICK = st.integers(0, 999)
FAULT: st.SearchStrategy[Fault] = st.sampled_from(("none", "none", "none", *FAULTS))
DEAF = st.sampled_from([0, 0, 1, 3])
TAKE = st.booleans()
AMOUNT = st.sampled_from([None, 1000, 3300, 4000])
FAMILIES: dict[str, tuple[str, ...]] = {
    "card and 3-D Secure": ("card", "mpi"),
    "konbini and bank": ("cvs", "bank"),
    "UnionPay, PayPal, Alipay": ("upop", "paypal", "alipay"),
    "carrier": ("carrier",),
    "wallets": ("paypay", "rakuten", "merpay"),
}
OUTCOMES = ["success"] * 6 + ["cancel", "fail", "away", "abandon"]
CARD_OUTCOMES = ["success", "challenge", "attempt", "fail", "cancel", "decline", "away", "abandon"]
COMMANDS_ON = {
    "card": ["Capture", "Cancel"],
    "mpi": ["Capture", "Cancel"],
    "cvs": ["Cancel"],
    "bank": [],
    "upop": ["Capture", "Cancel", "Refund"],
    "paypal": ["Cancel", "Refund"],
    "alipay": ["Refund"],
    "carrier": ["Capture", "Cancel", "Terminate", "UpdateAuthorize"],
    "paypay": ["Capture", "Cancel", "Refund", "Terminate"],
    "rakuten": ["Capture", "Cancel", "UpdateAuthorize"],
    "merpay": ["Capture", "Cancel", "Refund", "Terminate"],
}


class Machine(RuleBasedStateMachine):
    """Everything merchant and customer can do with a family's services, in any order."""

    services: tuple[str, ...]
    mock: Mock
    seen: Counter[str]

    def __init__(self) -> None:
        super().__init__()
        self.world = World(self.mock)

    def teardown(self) -> None:
        self.world.close()
        self.seen.update(self.world.seen)

    def _some(self, wanted: Callable[[Order], bool]) -> list[Order]:
        return [order for order in self.world.orders if wanted(order)]

    @rule(pick=PICK, take=TAKE, club=st.booleans(), fault=FAULT, deaf=DEAF)
    def apply(self, pick: int, take: bool, club: bool, fault: Fault, deaf: int) -> None:
        service = self.services[pick % len(self.services)]
        more: dict[str, Any] = {}
        if service == "cvs":
            more["telNo"] = "0612345678" if pick % 5 else "0312345678"
        if service == "card" and pick % 7 == 0:
            more["expire"] = "04/99"
        if service == "alipay" and pick % 3 == 0:
            more["identityCode"], more["payType"] = "281234", "1"
        if service == "carrier" and pick % 3 == 0:
            more["serviceOptionType"] = "au"
        club = club and service in acts.CLUB
        acts.apply(self.world, service, take=take, club=club, fault=fault, deaf=deaf, **more)

    @precondition(lambda self: self._some(_has_page))
    @rule(pick=PICK, outcome=st.sampled_from(OUTCOMES), secure=st.sampled_from(CARD_OUTCOMES))
    def go(self, pick: int, outcome: str, secure: str) -> None:
        found = self._some(_has_page)
        order = found[pick % len(found)]
        command = "Terminate" if self.world.status(order) == "ACTIVE" else "Authorize"
        acts.choose(self.world, order, secure if order.service == "mpi" else outcome, command)

    @precondition(lambda self: self._some(_payable))
    @rule(pick=PICK)
    def pay(self, pick: int) -> None:
        found = self._some(_payable)
        acts.pay(self.world, found[pick % len(found)])

    @precondition(lambda self: self._some(_waits))
    @rule(pick=PICK, chance=PICK)
    def listen(self, pick: int, chance: int) -> None:
        """Some of what waits is taken in, in any order, one of it twice."""
        found = self._some(_waits)
        order = found[pick % len(found)]

        def shuffled(several: list[Any]) -> list[Any]:
            twice = [*several, several[0]]
            random.Random(chance).shuffle(twice)
            return twice

        self.world.listen(order, shuffled)

    @precondition(lambda self: self._some(_known))
    @rule(pick=PICK, which=PICK, amount=AMOUNT, fault=FAULT, deaf=DEAF)
    def follow(self, pick: int, which: int, amount: int | None, fault: Fault, deaf: int) -> None:
        found = self._some(_known)
        order = found[pick % len(found)]
        commands = COMMANDS_ON[order.service]
        if order.service == "paypal" and order.back:
            acts.do(self.world, order, fault=fault, deaf=deaf)
            order.back = {}
            return
        if not commands:
            return
        command = commands[which % len(commands)]
        if command == "UpdateAuthorize" and order.option not in ("", "au"):
            command = "Capture"
        more = {"force": "true"} if command == "Terminate" and which % 2 else {}
        if command == "Terminate" and not more:
            more = {"successUrl": "https://shop.example/s", "cancelUrl": "https://shop.example/c"}
            if order.service == "merpay":
                more = {}
        if command in ("Terminate",) or (order.service, command) in _WHOLE:
            amount = None
        if command in ("Refund", "UpdateAuthorize") and amount is None:
            amount = 1000
        # An hour, so that a question can tell this command from an equal one before.
        self.mock.advance(3600)
        acts.follow(self.world, order, command, amount, fault=fault, deaf=deaf, **more)

    @precondition(lambda self: self._some(_may_again))
    @rule(pick=PICK, fault=FAULT, deaf=DEAF)
    def again(self, pick: int, fault: Fault, deaf: int) -> None:
        found = self._some(_may_again)
        acts.again(self.world, found[pick % len(found)], fault=fault, deaf=deaf)

    @precondition(lambda self: self._some(_unsettled))
    @rule(pick=PICK)
    def no_second_order(self, pick: int) -> None:
        """Under an order number that is open, the journal lets nothing leave."""
        found = self._some(_unsettled)
        order = found[pick % len(found)]
        left = len(self.world.wire.orders)
        body = {**COMMANDS["cardAuthorize"](), "orderId": order.order_id}
        with pytest.raises((OutcomeUnknown, IntentConflictError)):
            method(self.world.client, "cardAuthorize")(request_of("cardAuthorize", body))
        assert len(self.world.wire.orders) == left

    @rule(days=st.sampled_from([0, 1, 4]))
    def wait(self, days: int) -> None:
        self.mock.advance(days * DAY + 60)

    @invariant()
    def belief_is_in_the_ledger(self) -> None:
        self.world.audit()


_WHOLE = {
    ("cvs", "Cancel"), ("upop", "Cancel"), ("paypal", "Cancel"), ("carrier", "Capture"),
    ("paypay", "Cancel"), ("merpay", "Cancel"),
}  # fmt: skip


def _has_page(order: Order) -> bool:
    return order.page is not None


def _payable(order: Order) -> bool:
    return order.service in ("cvs", "bank") and order.unknown is None


def _waits(order: Order) -> bool:
    return bool(order.waiting)


def _known(order: Order) -> bool:
    return not order.waiting and order.unknown is None


def _unsettled(order: Order) -> bool:
    return order.unknown is not None and order.unknown.operation.endswith("Authorize")


def _may_again(order: Order) -> bool:
    if order.service in ("card", "mpi"):
        return order.service == "card" and _known(order)
    return order.agreement and order.service in acts.CLUB and _known(order)


@functools.cache
def seen(family: str) -> Counter[str]:
    """Run a family's machine once, whichever tests are selected; what came about."""
    machine = cast("type[Machine]", type("LifeCycles", (Machine,), {}))
    machine.services = FAMILIES[family]
    machine.mock = Mock(seed=1, hold_days=100_000)
    machine.seen = Counter()
    try:
        run_state_machine_as_test(machine, settings=RUNS)
    finally:
        machine.mock.close()
    return machine.seen


@pytest.mark.parametrize("family", FAMILIES)
def test_belief_is_in_the_ledger(family: str) -> None:
    said = seen(family)
    for fault in FAULTS:
        assert any(word.endswith(f" after {fault}") for word in said), (fault, said)


def test_unknowns_ended_in_every_way() -> None:
    said = sum((seen(family) for family in FAMILIES), Counter[str]())
    ways = {word.split()[0] for word in said if " after " in word}
    assert ways == {"Paid", "NotPaid", "Done", "NotDone", "Open"}


@pytest.mark.parametrize("fault", ["none", *FAULTS])
@pytest.mark.parametrize("name", STORIES)
def test_the_story_ends_as_documented(name: str, fault: Fault) -> None:
    mock = Mock(seed=1, hold_days=100_000)
    world = World(mock)
    try:
        STORIES[name](world, fault)
        world.close()
    finally:
        mock.close()
