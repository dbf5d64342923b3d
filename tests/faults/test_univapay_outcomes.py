"""Orders through a network that loses things: at most once, nothing untrue, ends as documented.

One-time and recurring tokens apart: the one may be repeated, because it can be charged once; the
other may not, because the gateway's keys are best effort. The ledger is audited at every end.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from kessai import Done, Doubled, NotPaid, NotSentError, Open, Outcome, OutcomeUnknown, Paid
from kessai.parameters import bind
from kessai.stores.aio import AsyncJournal
from kessai.stores.memory import MemoryJournal
from kessai_mock.univapay import STORE_ID
from kessai_univapay import StillWaitingError, operations
from kessai_univapay import models as m
from kessai_univapay import refusals as r

from tests.faults.univapay_wire import LANDED, MODES, Caller, Mode, Wire
from tests.unit.mock.univapay.driver import Driver, card, konbini

FLAVOURS = pytest.mark.parametrize("flavour", ["sync", "async"])
Order = tuple[Any, Any]  # a bound operation and its request
NAMED = {"univapay-reference-id": "B-1"}


def _charge(token: dict[str, Any], **members: Any) -> Order:
    request = m.ChargeRequest(
        transaction_token_id=token["id"], amount=1100, currency="JPY", **members
    )
    return operations.CHARGES_CREATE, request


def _konbini(mock: Driver) -> Order:
    return _charge(mock.token(konbini()))


def _card(mock: Driver) -> Order:
    return _charge(mock.token(card()))


def _recurring(mock: Driver) -> Order:
    return _charge(mock.token(card(type="recurring")), metadata=NAMED)


def _nameless(mock: Driver) -> Order:
    return _charge(mock.token(card(type="recurring")))


def _on_charge(operation: Any, charge: dict[str, Any], request: Any) -> Order:
    return bind(operation, path={"store_id": STORE_ID, "charge_id": charge["id"]}), request


def _refund(mock: Driver) -> Order:
    request = m.RefundRequest(amount=300, currency="JPY", metadata=NAMED)
    return _on_charge(operations.REFUNDS_CREATE, mock.successful(), request)


def _cancel(mock: Driver) -> Order:
    return _on_charge(operations.CANCELS_CREATE, mock.awaiting(), m.CancelRequest())


def _capture(mock: Driver) -> Order:
    made = mock.charge(mock.token(card()), capture=False)
    mock.advance(1)
    request = m.CaptureRequest(amount=1100, currency="JPY")
    return _on_charge(operations.CAPTURES_CREATE, made, request)


class Case(NamedTuple):
    """An order: what may be repeated, and how it ends once it landed, and when it did not.

    ``landed``: a few seconds later. ``absent``: at once; ``gone``: after the token's minutes.
    """

    name: str
    make: Callable[[Driver], Order]
    repeated: bool
    landed: type[Outcome]
    absent: type[Outcome]
    gone: type[Outcome]


CASES = [
    Case("konbini", _konbini, True, Open, Open, NotPaid),
    Case("card", _card, True, Paid, Open, NotPaid),
    Case("recurring", _recurring, False, Paid, Open, Open),
    Case("nameless", _nameless, False, Open, Open, Open),
    Case("refund", _refund, False, Done, Open, Open),
    Case("cancel", _cancel, True, Done, Open, Open),
    Case("capture", _capture, True, Paid, Open, Open),
]
BY_NAME = {case.name: case for case in CASES}
EVERY = pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)


class World:
    """A mock, the network before it, a client, and everything the mock knows."""

    def __init__(self, case: Case, flavour: str, **options: Any) -> None:
        self.mock = Driver()
        self.case = case
        self.flavour = flavour
        self.wire = Wire(self.mock)
        self.operation, self.request = case.make(self.mock)
        if case.name in ("konbini", "card"):
            options.setdefault("token_type", "one_time")
        self.caller = Caller(flavour, self.wire, **options)
        self.before = self.made()

    def made(self) -> int:
        """How many charges, refunds, cancelled charges and captures there are.

        A charge can be cancelled once, however many cancels are made of it.
        """
        charges = self.mock.gateway.charges.values()
        orders = sum(1 + len(charge.refunds) + bool(charge.cancels) for charge in charges)
        postings = self.mock.get("/_mock/ledger", auth=None)["postings"]
        captures = [posting for posting in postings if posting["reason"] == "capture"]
        return orders + len(captures)

    @property
    def times(self) -> int:
        """How often the order was carried out. The ledger has to balance."""
        self.mock.balances()
        return self.made() - self.before

    def call(self, **options: Any) -> Any:
        """Send the order."""
        return self.caller.raw(self.operation, self.request, **options).value

    def unknown(self) -> OutcomeUnknown:
        """Send the order, and do not learn what became of it."""
        with pytest.raises(OutcomeUnknown) as caught:
            self.call()
        return caught.value

    def resolve(self, unknown: OutcomeUnknown, **options: Any) -> Outcome:
        """Ask what became of it, over a network that has healed."""
        self.wire.script([])
        outcome: Outcome = self.caller.resolve(unknown, **options)
        return outcome

    def close(self) -> None:
        """End everything."""
        self.caller.close()
        assert self.mock.gateway.faults == []
        self.mock.close()


@pytest.fixture
def world(flavour: str, case: Case) -> Iterator[World]:
    world = World(case, flavour)
    yield world
    world.close()


@FLAVOURS
@EVERY
@pytest.mark.parametrize("mode", MODES)
def test_one_fault(world: World, mode: Mode) -> None:
    """A repeat where it cannot pay twice; otherwise the truth, that nobody knows."""
    world.wire.once(mode)
    if world.case.repeated or mode == "not sent":
        world.call()
        assert len(world.wire.keys) == 2
        assert len(set(world.wire.keys)) == 1
        assert world.times == 1
        return
    unknown = world.unknown()
    assert len(world.wire.keys) == 1
    assert world.times == LANDED[mode]
    world.mock.advance(5)
    outcome = world.resolve(unknown)
    assert type(outcome) is (world.case.landed if LANDED[mode] else world.case.absent)
    assert world.times == LANDED[mode]


@FLAVOURS
@EVERY
@pytest.mark.parametrize("mode", MODES)
def test_every_attempt_is_lost(world: World, mode: Mode) -> None:
    """The question comes first, and an order that never landed is not made up for by it."""
    world.wire.always(mode)
    if mode == "not sent":
        with pytest.raises(NotSentError):
            world.call()
        assert world.times == 0
        return
    unknown = world.unknown()
    landed = LANDED[mode]
    assert world.times == landed
    world.mock.advance(5)
    outcome = world.resolve(unknown)
    assert type(outcome) is (world.case.landed if landed else world.case.absent), outcome
    world.mock.advance(4000)
    outcome = world.resolve(unknown)
    assert type(outcome) is (world.case.landed if landed else world.case.gone), outcome
    assert world.times == landed


@FLAVOURS
@EVERY
def test_completing_an_order_that_never_landed(world: World) -> None:
    """Only where a repeat cannot pay twice; the others stay as they are."""
    world.wire.always("lost before")
    unknown = world.unknown()
    outcome = world.resolve(unknown, complete=True, request=world.request)
    if not world.case.repeated:
        assert isinstance(outcome, Open)
        assert outcome.until is None
        assert outcome.reason
        assert world.times == 0
        return
    assert world.times == 1
    world.mock.advance(5)
    assert type(world.resolve(unknown)) is world.case.landed
    again = world.resolve(unknown, complete=True, request=world.request)
    assert type(again) is world.case.landed
    assert world.times == 1


@pytest.mark.parametrize("name", ["konbini", "card", "capture", "cancel"])
@pytest.mark.parametrize("status", ["error", "not_stored", "disabled"])
def test_a_check_of_the_key_that_fails_processes_again(name: str, status: str) -> None:
    """What can be done once only stops it, and the first one is found."""
    world = World(BY_NAME[name], "sync")
    script = {"operation": world.operation.name, "idempotency": status}
    world.wire.once("lost after")
    world.wire.acts = [lambda: None, lambda: world.mock.next(**script)]
    unknown = world.unknown()
    assert isinstance(unknown.last_error, r.StateRefusedError | r.ProcessedAgainError)
    assert len(world.wire.keys) == 2
    early = world.resolve(unknown)
    assert not isinstance(early, Doubled)
    world.mock.advance(5)
    assert type(world.resolve(unknown)) is world.case.landed
    assert world.times == 1
    world.close()


@FLAVOURS
def test_a_recurring_token_charged_twice_on_purpose_is_doubled(flavour: str) -> None:
    """Somebody sends it again by hand under a key that was not kept: both are named."""
    world = World(BY_NAME["recurring"], flavour)
    world.wire.once("lost after")
    world.mock.next(operation="charges_create", idempotency="not_stored")
    unknown = world.unknown()
    world.mock.advance(31)
    world.wire.script([])
    world.call(idempotency_key=unknown.idempotency_key)
    world.mock.advance(5)
    outcome = world.resolve(unknown)
    assert isinstance(outcome, Doubled)
    named = {number for names in outcome.references for number in names.values()}
    assert named == set(world.mock.gateway.charges)
    assert world.times == 2
    world.close()


@FLAVOURS
@pytest.mark.parametrize("mode", MODES)
def test_the_same_card_within_30_seconds(flavour: str, mode: Mode) -> None:
    """CHARGE_TOO_QUICK to a second call says that the first has landed; alone it is no answer."""
    world = World(BY_NAME["recurring"], flavour)
    world.wire.once(mode)
    if mode == "not sent":
        world.call()
    else:
        world.unknown()
    landed = LANDED[mode] or mode == "not sent"
    if landed:
        with pytest.raises(r.ChargeTooQuickError):
            world.call()
    else:
        world.call()
    assert world.times == 1
    world.close()


@FLAVOURS
@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("every", [2, 3])
def test_waiting_goes_on_over_a_bad_network(flavour: str, mode: Mode, every: int) -> None:
    """Each second or third read is lost; the end comes through, and nothing is changed by it."""
    world = World(BY_NAME["konbini"], flavour)
    made = world.call()
    world.wire.script([mode if number % every else "fine" for number in range(1, 40)])
    charge = world.caller.wait("charges", made, until="awaiting", within=120)
    assert charge.status == "awaiting"
    world.wire.script([], then=mode)
    with pytest.raises(StillWaitingError):
        world.caller.wait("charges", made, within=30)
    world.wire.script([])
    world.mock.pay({"id": made.id})
    assert world.caller.wait("charges", made).status == "successful"
    assert world.times == 1
    assert world.mock.balances()["merchant"] == 1100
    world.close()


@FLAVOURS
@pytest.mark.parametrize("mode", MODES)
def test_a_konbini_order_from_lost_to_paid(flavour: str, mode: Mode) -> None:
    """The answer is lost, the customer pays all the same, and the journal learns of it."""
    memory = MemoryJournal()
    journal = memory if flavour == "sync" else AsyncJournal(memory)
    world = World(BY_NAME["konbini"], flavour, journal=journal)
    world.wire.always(mode)
    if mode == "not sent":
        with pytest.raises(NotSentError):
            world.call()
        world.close()
        return
    unknown = world.unknown()
    with pytest.raises(OutcomeUnknown):
        world.call()  # the journal holds a second one back, before the network
    assert world.times == LANDED[mode]
    if LANDED[mode]:
        world.mock.advance(5)
        waiting = world.resolve(unknown)
        assert isinstance(waiting, Open)
        assert waiting.state == "awaiting"
        world.mock.pay({"id": waiting.reference["charge_id"]})
        assert type(world.resolve(unknown)) is Paid
        assert world.mock.balances()["merchant"] == 1100
    else:
        world.mock.advance(700)
        assert type(world.resolve(unknown)) is NotPaid
        assert world.mock.balances()["merchant"] == 0
    world.close()


modes = st.lists(st.sampled_from(["fine", *MODES]), max_size=4)


@settings(max_examples=120, deadline=None, derandomize=True, database=None)
@given(
    st.sampled_from(CASES),
    modes,
    modes,
    st.sampled_from([None, "error", "not_stored", "disabled"]),
    st.booleans(),
)
def test_whatever_is_lost_nothing_untrue_is_said(
    case: Case, sending: Any, asking: Any, key_status: str | None, complete: bool
) -> None:
    """Any faults while sending and while asking, and a key that is not kept."""
    world = World(case, "sync")
    if key_status is not None:
        world.mock.next(operation=world.operation.name, idempotency=key_status)
    world.wire.script(sending)
    unknown: OutcomeUnknown | None = None
    try:
        world.call()
    except NotSentError:
        assert world.times == 0
    except OutcomeUnknown as error:
        unknown = error
    else:
        assert world.times == 1
    if unknown is not None:
        assert world.times <= 1
        for number in range(3):
            world.mock.advance(300)
            world.wire.script(asking[number:])
            request = world.request if complete else None
            outcome = world.caller.resolve(unknown, complete=complete, request=request)
            _is_true(world, outcome)
    world.close()


def _is_true(world: World, outcome: Outcome) -> None:
    """An end that is claimed is the one the books have."""
    times = world.times
    assert times <= 1
    if type(outcome) in (Paid, Done):
        assert times == 1, outcome
    elif isinstance(outcome, NotPaid):
        assert times == 0, outcome
    else:
        assert isinstance(outcome, Open), outcome
