"""Every command that changes something, through a network that loses things.

Whatever is lost, and whether the order had been carried out by then: it happens at most once, the
caller is never told something untrue, and ``resolve`` ends as documented.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import pytest
from kessai import Done, NotDone, NotPaid, NotSentError, Open, Outcome, OutcomeUnknown, Paid
from kessai.stores.memory import MemoryJournal
from kessai_unified import operations
from kessai_unified import refusals as r

from tests.faults.unified_wire import LANDED, MODES, Caller, Mode, Wire
from tests.rules.typed import Typed
from tests.unit.mock.unified.driver import Driver, charge, order, pay, subscribe

Json = dict[str, Any]
UNIFIED = Typed("kessai_unified_api")


# What has to be there before, and the request then


def _pay(mock: Driver) -> Json:
    return pay("p-1", 1000, "docomo")


def _subscribe(mock: Driver) -> Json:
    return subscribe("club", "merpay")


def _held(mock: Driver) -> Json:
    mock.paid("p-1", 1000, "au")
    return order("p-1", 600)


def _capture(mock: Driver) -> Json:
    mock.paid("p-1", 1000)
    return order("p-1", 900)


def _refund(mock: Driver) -> Json:
    mock.paid("p-1", 1000)
    mock.post("capture", order("p-1"))
    return order("p-1", 100)


def _charge(mock: Driver) -> Json:
    mock.agreed()
    return charge("c-1", 1000)


def _terminate(mock: Driver) -> Json:
    mock.agreed()
    return order("club")


class Case(NamedTuple):
    """A command: what has to be there, and how it ends once it was carried out."""

    command: str
    request: Callable[[Driver], Json]
    done: type[Outcome]
    failed: type[Outcome]


CASES = [
    Case("pay", _pay, Done, NotDone),
    Case("subscribe", _subscribe, Done, NotDone),
    Case("updateOrder", _held, Done, NotDone),
    Case("capture", _capture, Done, NotDone),
    Case("cancel", _refund, Done, NotDone),
    Case("charge", _charge, Paid, NotPaid),
    Case("terminate", _terminate, Done, NotDone),
]
IDS = [case.command for case in CASES]
MONEY = [case for case in CASES if case.command not in ("pay", "subscribe")]


class World:
    """A mock, the network before it, a client, and everything the mock knows."""

    def __init__(self, case: Case, flavour: str, auth: str = "hmac", **options: Any) -> None:
        self.mock = Driver()
        self.wire = Wire(self.mock)
        self.caller = Caller(flavour, self.wire, auth, **options)
        self.case = case
        self.operation = operations.OPERATIONS[case.command]
        self.body = case.request(self.mock)
        self.request = UNIFIED.decode(case.command, json.loads(json.dumps(self.body)))
        self.untouched = self.state()

    def state(self) -> Any:
        """All money that moved, in order, and how every order stands."""
        books = self.mock.get("/_mock/ledger").json()
        assert books["balanced"], books["violations"]
        moves = [(p["reason"], p["from"], p["to"], p["amount"]) for p in books["postings"]]
        orders = self.mock.gateway.orders.values()
        return moves, sorted((o.payment_id, o.status, o.amount) for o in orders)

    def call(self, **options: Any) -> Any:
        """Run the command."""
        return self.caller.raw(self.operation, self.request, **options)

    def resolve(self, unknown: OutcomeUnknown, *, complete: bool = False) -> Outcome:
        """Settle it."""
        request = self.request if complete else None
        outcome: Outcome = self.caller.resolve(unknown, complete=complete, request=request)
        return outcome

    def close(self) -> None:
        """End everything."""
        self.caller.close()
        assert self.mock.gateway.faults == []
        self.mock.close()


@pytest.fixture(params=["sync", "async"])
def flavour(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(params=["hmac", "bearer"])
def auth(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def world(case: Case, flavour: str, auth: str) -> Iterator[World]:
    made = World(case, flavour, auth)
    yield made
    made.close()


@pytest.fixture
def carried_out(case: Case) -> Any:
    """The state after the command was carried out once, with nothing lost."""
    plain = World(case, "sync")
    try:
        plain.call()
        state = plain.state()
        assert state != plain.untouched, "the command changes nothing that is looked at"
        return state
    finally:
        plain.close()


def test_every_command_that_is_not_safe_is_here() -> None:
    unsafe = {name for name, operation in operations.OPERATIONS.items() if not operation.safe}
    assert {case.command for case in CASES} == unsafe


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("case", CASES, ids=IDS)
def test_lost_once(world: World, mode: Mode, carried_out: Any) -> None:
    """The second attempt brings the answer, and nothing happens twice."""
    world.wire.once(mode)
    answer = world.call()
    assert len(answer.attempts) == 2
    assert len(set(world.wire.keys)) == 1
    assert answer.value.result.result_code == "UA-000-001"
    assert world.state() == carried_out


@pytest.mark.parametrize("case", CASES, ids=IDS)
def test_never_sent(world: World, carried_out: Any) -> None:
    """Nothing left: an error that says so, and the call may be made again."""
    world.wire.always("not sent")
    with pytest.raises(NotSentError):
        world.call()
    assert world.state() == world.untouched
    world.wire.always("fine")
    world.call()
    assert world.state() == carried_out


@pytest.mark.parametrize("mode", [mode for mode in MODES if mode != "not sent"])
@pytest.mark.parametrize("case", CASES, ids=IDS)
def test_lost_for_good(world: World, mode: Mode, carried_out: Any) -> None:
    """Unknown; without a name nothing can be asked; completing carries it out once."""
    world.wire.always(mode)
    with pytest.raises(OutcomeUnknown) as lost:
        world.call()
    unknown = lost.value
    landed = carried_out if LANDED[mode] else world.untouched
    assert set(world.wire.keys) == {unknown.idempotency_key}
    assert "fepReferenceId" not in unknown.reference
    assert world.state() == landed

    # Asking sends nothing, whatever the network is like; the answer took its number with it.
    sent = len(world.wire.keys)
    for then in (mode, "fine"):
        world.wire.always(then)
        asked = world.resolve(unknown)
        assert isinstance(asked, Open)
        assert asked.until is not None
    assert len(world.wire.keys) == sent
    assert world.state() == landed

    # Completing over a network that is still down settles nothing, and claims nothing.
    world.wire.always(mode)
    assert isinstance(world.resolve(unknown, complete=True), Open)
    assert world.state() == landed

    world.wire.always("fine")
    for _ in range(2):
        completed = world.resolve(unknown, complete=True)
        assert type(completed) is world.case.done, completed
        assert completed.replayed is not None
        assert world.state() == carried_out
    assert set(world.wire.keys) == {unknown.idempotency_key}


@pytest.mark.parametrize("mode", [mode for mode in MODES if mode != "not sent"])
@pytest.mark.parametrize("case", CASES, ids=IDS)
def test_a_lost_failure_is_told_by_its_replay(world: World, mode: Mode) -> None:
    """The first answer comes again, failures included: it is the end."""
    world.mock.next(operation=world.case.command, provider="UA-CST-001")
    world.wire.once(mode)
    with pytest.raises(r.ConfirmConsumerError):
        world.call()
    assert len(set(world.wire.keys)) == 1
    moved, _ = world.state()
    assert moved == world.untouched[0]


@pytest.mark.parametrize("case", CASES, ids=IDS)
def test_a_failure_lost_for_good(world: World) -> None:
    """A refusal of the wallet is found by completing, and moves nothing."""
    world.mock.next(operation=world.case.command, provider="UA-PRV-001")
    world.wire.always("lost after")
    with pytest.raises(OutcomeUnknown) as lost:
        world.call()
    world.wire.always("fine")
    for _ in range(2):
        ended = world.resolve(lost.value, complete=True)
        assert type(ended) is world.case.failed, ended
        assert ended.state == "UA-PRV-001"
    assert world.state()[0] == world.untouched[0]
    # A definite failure needs a new key, and may keep its number.
    world.call()
    assert len(set(world.wire.keys)) == 2


@pytest.mark.parametrize("end", ["UA-000-001", "UA-PRV-001"])
@pytest.mark.parametrize("case", MONEY, ids=[case.command for case in MONEY])
def test_pending_is_asked_about_until_it_ends(world: World, end: str, carried_out: Any) -> None:
    """UA-PND-001: one attempt, then only questions, also with complete=True."""
    world.mock.next(operation=world.case.command, provider="UA-PND-001")
    with pytest.raises(OutcomeUnknown) as pending:
        world.call()
    unknown = pending.value
    reference = unknown.reference["fepReferenceId"]
    assert len(world.wire.keys) == 1
    for complete in (False, True):
        waiting = world.resolve(unknown, complete=complete)
        assert isinstance(waiting, Open)
        assert waiting.state in ("UA-PND-001", "UA-U00-001")
    body = {} if end == "UA-000-001" else {"resultCode": end}
    assert world.mock.admin(f"settle/{reference}", body).status == 200
    settled = world.resolve(unknown, complete=True)
    assert type(settled) is (world.case.done if end == "UA-000-001" else world.case.failed)
    assert settled.state == end
    assert [path.rsplit("/", 1)[-1] for path in world.wire.paths[1:]] == [
        "getTransactionResult"
    ] * 3
    if end == "UA-000-001":
        assert world.state()[0] == carried_out[0]
    else:
        assert world.state()[0] == world.untouched[0]


@pytest.mark.parametrize("code", ["UA-REQ-005", "UA-LMT-001"])
@pytest.mark.parametrize("case", CASES, ids=IDS)
def test_refused_for_the_moment(world: World, code: str, carried_out: Any) -> None:
    """The same key again, and nothing twice."""
    world.mock.next(operation=world.case.command, resultCode=code, times=2)
    answer = world.call()
    assert len(answer.attempts) == 3
    assert len(set(world.wire.keys)) == 1
    assert world.state() == carried_out


@pytest.mark.parametrize("case", CASES, ids=IDS)
def test_a_bare_status_after_the_work_was_done(world: World, carried_out: Any) -> None:
    """Carried out, then a status 500 without a word: the repeat brings the first answer."""
    world.mock.next(operation=world.case.command, status=500, processed=True)
    answer = world.call()
    assert [attempt.status for attempt in answer.attempts] == [500, 200]
    assert world.state() == carried_out


@pytest.mark.parametrize("case", [CASES[5]], ids=["charge"])
def test_a_gateway_that_forgets_its_keys(world: World, carried_out: Any) -> None:
    """UA-REQ-003 to a repeat: the first landed. Nothing is claimed, nothing paid twice."""
    world.mock.next(operation="charge", fault="lost-after", forget=True)
    with pytest.raises(OutcomeUnknown) as lost:
        world.call()
    assert isinstance(lost.value.last_error, r.DuplicateTransactionError)
    assert len(world.wire.keys) == 2
    assert isinstance(world.resolve(lost.value, complete=True), Open)
    assert world.state() == carried_out


@pytest.mark.parametrize("case", [CASES[0]], ids=["pay"])
def test_two_payments_under_one_number(world: World) -> None:
    """Without a journal the client cannot know: the gateway says UA-000-002, and so do we."""
    first = world.call().value
    second = world.call().value
    assert first.control is not None
    assert second.control is not None
    for application in (first, second):
        world.mock.browse(str(application.control.redirect_url))
    found = world.caller.raw(
        operations.GET_TRANSACTION_RESULT,
        UNIFIED.decode(
            "getTransactionResult",
            {"transaction": {"fepReferenceId": second.transaction.fep_reference_id}},
        ),
    ).value
    assert found.transaction_data.result.result_code == "UA-000-002"
    assert len(set(world.wire.keys) - {None}) == 2


@pytest.mark.parametrize("outcome", ["success", "stop_purchase"])
@pytest.mark.parametrize("case", [CASES[0]], ids=["pay"])
def test_a_journal_keeps_a_number_to_one_payment(case: Case, outcome: str) -> None:
    """While the consumer is on the page nothing else leaves; then it is paid, or free again."""
    world = World(case, "sync", journal=MemoryJournal(clock=lambda: 1767574800.0))
    try:
        application = world.call().value
        sent = len(world.wire.keys)
        with pytest.raises(OutcomeUnknown) as waiting:
            world.call()
        assert len(world.wire.keys) == sent
        assert isinstance(world.resolve(waiting.value), Open)
        world.mock.browse(str(application.control.redirect_url), outcome)
        ended = world.resolve(waiting.value)
        assert type(ended) is (Paid if outcome == "success" else NotPaid)
        if outcome == "success":
            assert sum(move[2] == "hold" for move in world.state()[0]) == 1
        else:
            world.call()
            assert len(set(world.wire.keys) - {None}) == 2
    finally:
        world.close()
