"""Every operation that changes something, through a network that loses things.

Whatever is lost, and whether the order had been carried out by then: it happens at most once, the
caller is never told something untrue, and ``resolve`` ends as documented.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import pytest
from kessai import Done, NotSentError, Open, Outcome, OutcomeUnknown, Paid
from kessai_gmo import operations

from tests.faults.gmo_wire import LANDED, MODES, Caller, Mode, Wire
from tests.rules import typed
from tests.unit.mock import bodies as b
from tests.unit.mock.driver import Driver

Json = dict[str, Any]
OWN = {"autoAuthorization": False}


def _plain(body: Json) -> Callable[[Driver], Json]:
    """A request that needs nothing to be there before."""

    def request(mock: Driver) -> Json:
        return copy.deepcopy(body)  # decoding uses it up

    return request


def _cards(mock: Driver) -> Any:
    found = mock.post("/member/inquiry", {"memberId": "member-1"}).json()
    return [card["cardId"] for card in found.get("onfileCards", [])]


def _members(mock: Driver) -> Any:
    return [mock.post("/member/inquiry", {"memberId": name}).status for name in ("new", "member-1")]


def _order(order_id: str) -> Callable[[Driver], Any]:
    def look(mock: Driver) -> Any:
        found = mock.post("/order/inquiry", {"orderId": order_id}).json()
        reference = found.get("orderReference", {})
        return reference.get("status"), reference.get("amount")

    return look


def _check(mock: Driver) -> Any:
    return mock.post("/verification/inquiry", {"verificationId": "check-1"}).status


# What has to be there before, and the request then


def _stored(mock: Driver) -> Json:
    mock.post("/member/create", {"memberId": "member-1"})
    assert mock.post("/credit/storeCard", b.store()).status == 201
    return b.onfile(index="0")


def _authenticated(mock: Driver) -> Json:
    started = mock.post("/credit/charge", b.charge(tds=OWN))
    mock.browse(started.redirect)
    return {"accessId": started.access_id}


def _authenticated_check(mock: Driver) -> Json:
    started = mock.post("/credit/verifyCard", b.verify(tds=OWN))
    mock.browse(started.redirect)
    return {"accessId": started.access_id}


def _member(mock: Driver) -> Json:
    mock.post("/member/create", {"memberId": "member-1"})
    return b.store()


def _consented(mock: Driver) -> Json:
    started = mock.post("/wallet/authorizeAccount", b.consent())
    mock.browse(started.redirect)
    return b.wallet_onfile()


def _approved(mock: Driver) -> Json:
    started = mock.post("/wallet/front-end/charge", b.frontend())
    mock.post(f"/_mock/pay/{started.access_id}")
    return {"accessId": started.access_id}


def _held(mock: Driver) -> Json:
    return {"accessId": mock.post("/credit/charge", b.charge()).access_id}


def _less(mock: Driver) -> Json:
    return _held(mock) | {"amount": "600", "authorizationMode": "AUTH"}


def _gone(mock: Driver) -> Json:
    _stored(mock)
    return {"memberId": "member-1"}


def _one_card(mock: Driver) -> Json:
    _stored(mock)
    return {
        "memberId": "member-1",
        "onfileType": "CARD",
        "onfileCardType": "CREDIT_CARD",
        "cardId": _cards(mock)[0],
    }


class Case(NamedTuple):
    """An operation: its request, what it changes, and how asking ends once it was carried out."""

    operation: str
    request: Callable[[Driver], Json]
    look: Callable[[Driver], Any]
    landed: type[Outcome]


ORDER = _order("order-1")
CASES = [
    Case("creditCharge", _plain(b.charge()), ORDER, Paid),
    Case("creditCharge", _plain(b.charge(tds={}, useTds2=True)), ORDER, Open),
    Case("creditOnfileCharge", _stored, ORDER, Paid),
    Case("tds2FinalizeCharge", _authenticated, ORDER, Paid),
    Case("creditVerifyCard", _plain(b.verify()), _order("check-1"), Done),
    Case("tds2FinalizeVerification", _authenticated_check, _order("check-1"), Done),
    Case("creditStoreCard", _member, _cards, Open),
    Case("walletCharge", _plain(b.wallet()), ORDER, Open),
    Case("walletFrontendCharge", _plain(b.frontend()), ORDER, Open),
    Case("walletFrontendVerifyCharge", _approved, ORDER, Paid),
    Case("walletOnfileCharge", _consented, ORDER, Paid),
    Case("walletAuthorizeAccount", _plain(b.consent()), _order("consent-1"), Open),
    Case("cashCharge", _plain(b.cash()), ORDER, Open),
    Case("orderCapture", _held, ORDER, Done),
    Case("orderUpdate", _less, ORDER, Open),
    Case("orderCancel", _held, ORDER, Done),
    Case("memberCreate", _plain({"memberId": "new"}), _members, Done),
    Case("memberDelete", _gone, _members, Open),
    Case("memberDeleteItem", _one_card, _cards, Open),
    Case("verificationStart", _plain(b.verification()), _check, Open),
]
IDS = [f"{case.operation}-{case.landed.__name__}" for case in CASES]


class World:
    """A mock, the network before it, a client, and what the case's operation would change."""

    def __init__(self, case: Case, flavour: str) -> None:
        self.mock = Driver()
        self.wire = Wire(self.mock)
        self.caller = Caller(flavour, self.wire)
        self.case = case
        self.operation = operations.OPERATIONS[case.operation]
        body = case.request(self.mock)
        self.request = typed.decode(case.operation, body)
        self.untouched = self.state()

    def state(self) -> Any:
        """All money that moved, in order, and what the operation is about."""
        books = self.mock.get("/_mock/ledger").json()
        assert books["balanced"], books["violations"]
        moves = [(p["reason"], p["from"], p["to"], p["amount"]) for p in books["postings"]]
        return moves, self.case.look(self.mock)

    def call(self) -> Any:
        """Run the operation."""
        return self.caller.raw(self.operation, self.request)

    def close(self) -> None:
        """End everything."""
        self.caller.close()
        assert self.mock.gateway.faults == []
        self.mock.close()


@pytest.fixture(params=["sync", "async"])
def flavour(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def world(case: Case, flavour: str) -> Iterator[World]:
    made = World(case, flavour)
    yield made
    made.close()


@pytest.fixture
def carried_out(case: Case) -> Any:
    """The state after the operation was carried out once, with nothing lost."""
    plain = World(case, "sync")
    try:
        plain.call()
        state = plain.state()
        assert state != plain.untouched, "the operation changes nothing that is looked at"
        return state
    finally:
        plain.close()


def test_every_operation_that_is_not_safe_is_here() -> None:
    unsafe = {name for name, operation in operations.OPERATIONS.items() if not operation.safe}
    assert {case.operation for case in CASES} == unsafe


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("case", CASES, ids=IDS)
def test_lost_once(world: World, mode: Mode, carried_out: Any) -> None:
    """The second attempt brings the answer, and nothing happens twice."""
    world.wire.once(mode)
    answer = world.call()
    assert len(answer.attempts) == 2
    assert len(set(world.wire.keys)) == 1
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
    """Unknown; asking changes nothing and ends as documented; completing carries it out once."""
    world.wire.always(mode)
    with pytest.raises(OutcomeUnknown) as lost:
        world.call()
    unknown = lost.value
    landed = LANDED[mode]
    assert set(world.wire.keys) == {unknown.idempotency_key}
    assert world.state() == (carried_out if landed else world.untouched)

    # Still no network: nothing is learnt, nothing changes, nothing is claimed.
    assert isinstance(world.caller.resolve(unknown), Open)
    assert world.state() == (carried_out if landed else world.untouched)

    world.wire.always("fine")
    asked = world.caller.resolve(unknown)
    expected = world.case.landed if landed else Open
    assert type(asked) is expected, asked
    assert world.state() == (carried_out if landed else world.untouched)

    if isinstance(asked, Open) and asked.state == "AUTHPROCESS":
        # The wallet is at it: a repeat would not hurry it. The gateway settles it by itself.
        waiting = world.caller.resolve(unknown, complete=True, request=world.request)
        assert type(waiting) is Open
        assert waiting.replayed is None
        world.mock.advance(60)
        assert type(world.caller.resolve(unknown)) is Paid
    for _ in range(2):
        completed = world.caller.resolve(unknown, complete=True, request=world.request)
        assert isinstance(completed, Done | Open)
        if isinstance(completed, Open):
            assert completed.replayed is not None or completed.state is not None
        assert world.state() == carried_out
