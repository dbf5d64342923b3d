"""Life cycles of PAYTREE: the real clients, a network that does its worst, the ledger as oracle.

A cashier pays, refunds, reverses and deposits; customers approve or do not; requests and answers
get lost, late, torn and forged; the till is killed and started again. In the end the books and the
till agree, or the till says whom to call.
"""

from __future__ import annotations

import functools
import logging
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

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
from kessai_mock.paytree import signatures
from kessai_paytree import signing

from tests.support import contract_paytree_acts as acts
from tests.support.contract_paytree_acts import Plan
from tests.support.contract_paytree_world import KILLS, Network, Sale, Till

RUNS = settings(
    max_examples=160,
    stateful_step_count=20,
    derandomize=True,
    database=None,
    deadline=None,
    phases=[Phase.generate],
    report_multiple_bugs=False,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
PICK = st.integers(0, 99)
LOST = ["lost before", "lost after", "late", "later"]
FORGED = ["half", "page", "unsigned", "forged", "stale"]
MODE = st.sampled_from(["fine"] * 6 + LOST * 3 + FORGED + KILLS)
BAD = st.sampled_from(LOST * 4 + FORGED + KILLS)
# Nothing happens, or anything, or nearly nothing gets through.
MODES: st.SearchStrategy[list[str]] = st.one_of(
    st.just([]), st.lists(MODE, max_size=7), st.lists(BAD, min_size=3, max_size=7)
)
WALLET = st.sampled_from([None, None, None, None, "SYSTEM_ERROR", "PROCESSOR_ERROR"])
ENDS = {  # ends that no run may miss
    *("PayResult", "DepositResult", "RefundResult", "ReverseResult"),
    *("ReversedError", "NeverSentError", "ReversalFailedError", "RefundOpenError"),
    *("UserCodeError", "BalanceError", "ProcessorError", "CustomerStoppedError"),
    *("AmountExceededError", "OpenPaymentError", "Open", "killed"),
}
STEPS = st.dictionaries(
    st.integers(1, 45),
    st.sampled_from(["approve", "approve", "decline", "confirm", "confirm", "stop", "kill"]),
    max_size=4,
)


class LifeCycles(RuleBasedStateMachine):
    """Everything that happens at a till, in any order."""

    directory: Path
    seen: set[str]

    @initialize(
        flavour=st.sampled_from(["sync", "async"]),
        polling=st.booleans(),
        confirms=st.sampled_from([1, 1, 2]),
    )
    def open(self, flavour: str, polling: bool, confirms: int) -> None:
        self.codes = 0
        self.till = Till(
            Network(confirms=None),
            self.directory,
            flavour,
            self.seen,
            pay_confirm_polling_mode=polling,
            pay_confirm_polling_wait=1,
            pay_confirm_polling_interval=1,
            pay_confirm_polling_timeout=4,
            request_confirm_num=confirms,
        )

    def teardown(self) -> None:
        if not hasattr(self, "till"):
            return
        if sys.exc_info()[0] is None:
            self.till.close()
        else:  # what failed is told, not this
            self.till.abandon()

    def _sale(self, kind: str, detect: bool = False) -> Sale:
        self.codes += 1
        sale = Sale(kind, f"28101{self.codes:013}", 1000 + 10 * self.codes)
        sale.detect = detect
        self.till.sales.append(sale)
        return sale

    def _wallet_says(self, operation: str, wallet: str | None) -> None:
        if wallet is not None:
            self.till.network.mock.next(operation=operation, provider=wallet)

    def _some(self, wanted: Callable[[Sale], bool]) -> list[Sale]:
        return [sale for sale in self.till.sales if wanted(sale)]

    @rule(
        detect=st.booleans(),
        modes=MODES,
        test_class=st.sampled_from([0, 0, 0, 2, 3, 4]),
        wallet=WALLET,
    )
    def pay(self, detect: bool, modes: list[str], test_class: int, wallet: str | None) -> None:
        self._wallet_says("pay", wallet)
        acts.pay(self.till, self._sale("Pay", detect), modes, test_class)

    @rule(modes=MODES, steps=STEPS)
    def pay_with_approval(self, modes: list[str], steps: dict[int, str]) -> None:
        acts.pay(self.till, self._sale("Pay"), modes, 1, Plan(steps))

    @rule(modes=MODES, wallet=WALLET)
    def deposit(self, modes: list[str], wallet: str | None) -> None:
        self._wallet_says("deposit", wallet)
        acts.deposit(self.till, self._sale("Deposit"), modes)

    @rule()
    def pay_off_the_net(self) -> None:
        acts.pay(self.till, self._sale("Pay"), ["not sent"] * 9)

    @precondition(lambda self: self._some(_unpaid))
    @rule(pick=PICK, modes=MODES)
    def try_again(self, pick: int, modes: list[str]) -> None:
        """The same code once more; refused while an earlier request on it is open."""
        found = self._some(_unpaid)
        sale = found[pick % len(found)]
        if sale.kind == "Pay":
            acts.pay(self.till, sale, modes)
        else:
            acts.deposit(self.till, sale, modes)

    @precondition(lambda self: self._some(_refundable))
    @rule(
        pick=PICK,
        part=st.sampled_from([0.3, 0.5, 1.0, 2.0]),
        modes=MODES,
        lost=st.sampled_from([False, False, True]),
        wallet=WALLET,
    )
    def refund(
        self, pick: int, part: float, modes: list[str], lost: bool, wallet: str | None
    ) -> None:
        self._wallet_says("refund", wallet)
        found = self._some(_refundable)
        sale = found[pick % len(found)]
        acts.refund(self.till, sale, int(sale.amount * part), modes, 1 if lost else 0)

    @precondition(lambda self: self._some(_paid))
    @rule(pick=PICK, modes=MODES, wallet=WALLET)
    def reverse(self, pick: int, modes: list[str], wallet: str | None) -> None:
        self._wallet_says("reverse", wallet)
        found = self._some(_paid)
        acts.reverse(self.till, found[pick % len(found)], modes)

    @precondition(lambda self: self._some(_begun))
    @rule(pick=PICK, by_order=st.booleans(), modes=MODES)
    def confirm(self, pick: int, by_order: bool, modes: list[str]) -> None:
        found = self._some(_begun)
        acts.confirm(self.till, found[pick % len(found)], by_order, modes)

    @precondition(lambda self: self.till.believed_open())
    @rule(pick=PICK, modes=MODES, steps=STEPS)
    def recover(self, pick: int, modes: list[str], steps: dict[int, str]) -> None:
        acts.recover(self.till, pick, modes, Plan(steps))

    @precondition(lambda self: self.till.believed_open())
    @rule(pick=PICK, modes=MODES)
    def resolve(self, pick: int, modes: list[str]) -> None:
        acts.resolve(self.till, pick, modes)

    @precondition(lambda self: self.till.believed_open())
    @rule(pick=PICK)
    def call_centre(self, pick: int) -> None:
        acts.call_centre(self.till, pick)

    @precondition(lambda self: self.till.believed_open())
    @rule(pick=PICK, good=st.booleans())
    def wallet_settles(self, pick: int, good: bool) -> None:
        found = sorted(self.till.believed_open())
        acts.wallet_settles(self.till, found[pick % len(found)], good=good)

    @rule()
    def open_a_second(self) -> None:
        acts.second_till(self.till)

    @rule()
    def start_again(self) -> None:
        self.till.restart()

    @rule()
    def everything_arrives(self) -> None:
        self.till.network.arrive()
        self.till.agree()

    @invariant()
    def what_is_open_is_told(self) -> None:
        if hasattr(self, "till"):
            told = {error.request_id for error in self.till.unsettled()}
            assert told == self.till.believed_open()


def _unpaid(sale: Sale) -> bool:
    return sale.state in ("unpaid", "open")


def _paid(sale: Sale) -> bool:
    return sale.state == "paid"


def _refundable(sale: Sale) -> bool:
    return sale.state == "paid" and sale.kind == "Pay"


def _begun(sale: Sale) -> bool:
    return bool(sale.numbers)


@pytest.fixture(autouse=True)
def quiet(caplog: pytest.LogCaptureFixture) -> None:
    """Thousands of failures are meant here."""
    caplog.set_level(logging.CRITICAL, "kessai_paytree")


@pytest.fixture(autouse=True)
def keys_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keys take 40 ms to load, and tills are started again all the time."""
    for room, name in (
        (signing, "load_private_key"),
        (signing, "load_public_key"),
        (signatures, "private_key"),
        (signatures, "public_key"),
    ):
        monkeypatch.setattr(room, name, functools.cache(getattr(room, name)))


def test_books_and_till_agree_or_somebody_is_to_be_called() -> None:
    with tempfile.TemporaryDirectory() as folder:
        seen = set[str]()

        class Here(LifeCycles):
            pass

        Here.directory, Here.seen = Path(folder), seen
        run_state_machine_as_test(Here, settings=RUNS)
    assert seen >= ENDS, f"never seen: {sorted(ENDS - seen)}"


LOOSE = ["lost before", "later", "lost before", "later", "lost before"]


@pytest.mark.parametrize("flavour", ["sync", "async"])
@pytest.mark.parametrize("first", ["lost after", "lost before", "later"])
@pytest.mark.parametrize("rest", [LOOSE, [*LOOSE[:1], "killed late"], [*LOOSE[:3], "killed late"]])
@pytest.mark.parametrize("how", ["recover", "resolve"])
def test_what_is_taken_up_while_its_reversal_is_on_its_way(
    flavour: str, first: str, rest: list[str], how: str, tmp_path: Path
) -> None:
    """What chance seldom brings about: the reversal arrives behind whatever the till is told."""
    till = Till(Network(), tmp_path, flavour, set())
    sale = Sale("Pay", "281019999999999999", 1980)
    till.sales.append(sale)
    acts.pay(till, sale, [first, *rest])
    assert sale.state == "open"
    if how == "recover":
        acts.recover(till, 0, [])
    else:
        acts.resolve(till, 0, [])
    till.close()
