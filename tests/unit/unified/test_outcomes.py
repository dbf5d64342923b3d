"""How an unknown outcome ends: asked by what an answer gave, repeated on order, never guessed."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import Any

import httpx2
import pytest
from kessai import (
    ConfigurationError,
    Done,
    IntentConflictError,
    NotDone,
    NotPaid,
    Open,
    Outcome,
    OutcomeUnknown,
    Paid,
    PaidCheckNeeded,
    UnreadableAnswerError,
)
from kessai_unified import operations
from kessai_unified import refusals as r

from tests.support.script import NOW
from tests.unit.unified.scripted import (
    ORDER,
    REFERENCE,
    REQUESTS,
    Script,
    answer,
    applied,
    charge,
    coded,
    found,
    result,
)

LOST = httpx2.ReadError("connection reset")
PENDING = coded(500, "UA-PND-001", "confirm_pending_status")
SYSTEM = coded(500, "UA-SYS-001", "inquiry_support")
PAID = {"pay": Paid, "charge": Paid}


class World:
    """A gateway, and a client whose first call ended unknown."""

    def __init__(self, flavour: str, name: str, *first: Any, **options: Any) -> None:
        self.script = Script(*first)
        self.flavour, self.options = flavour, options
        self.operation, self.request = operations.OPERATIONS[name], REQUESTS[name]()
        with pytest.raises(OutcomeUnknown) as raised:
            self.call()
        self.unknown = raised.value
        self.before = len(self.script.requests)

    def call(self, request: Any = None) -> Any:
        return self._run("raw", self.operation, request or self.request)

    def resolve(self, *answers: Any, complete: bool = False, hours: float = 0.0) -> Any:
        """Settle it; the script goes on with these answers."""
        self.script.then(*answers)
        self.script.now += hours * 3600
        self.before = len(self.script.requests)
        request = self.request if complete else None
        return self._run("resolve", self.unknown, complete=complete, request=request)

    @property
    def asked(self) -> list[str]:
        """What resolving sent."""
        return self.script.commands[self.before :]

    def _run(self, method: str, *args: Any, **options: Any) -> Any:
        if self.flavour == "sync":
            with self.script.client(**self.options) as unified:
                return getattr(unified, method)(*args, **options)

        async def call() -> Any:
            async with self.script.async_client(**self.options) as unified:
                return await getattr(unified, method)(*args, **options)

        return asyncio.run(call())


@pytest.fixture(params=["sync", "async"])
def flavour(request: pytest.FixtureRequest) -> str:
    return str(request.param)


MONEY = [name for name in REQUESTS if name != "getTransactionResult"]


@pytest.mark.parametrize("name", MONEY)
def test_pending_is_asked_about_by_its_number(flavour: str, name: str) -> None:
    world = World(flavour, name, PENDING)
    outcome = world.resolve(found("UA-000-001"))
    assert type(outcome) is PAID.get(name, Done)
    assert outcome.state == "UA-000-001"
    assert outcome.reference["fepReferenceId"] == REFERENCE
    assert world.script.bodies[-1] == {"transaction": {"fepReferenceId": REFERENCE}}
    assert world.asked == ["getTransactionResult"]
    assert outcome.tried == ("getTransactionResult: UA-000-001",)


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("UA-000-002", PaidCheckNeeded),
        ("UA-PRV-001", NotPaid),
        ("UA-CST-001", NotPaid),
        ("UA-REQ-007", NotPaid),
        ("UA-U00-001", Open),
        ("UA-P00-001", Open),
        ("UA-PND-001", Open),
        ("UA-SYS-001", Open),
        ("UA-NEW-001", Open),
    ],
)
def test_what_is_found(flavour: str, code: str, kind: type[Outcome]) -> None:
    world = World(flavour, "charge", PENDING)
    outcome = world.resolve(found(code))
    assert type(outcome) is kind, outcome
    assert outcome.state == code
    other = World(flavour, "capture", PENDING).resolve(found(code))
    assert type(other) is (NotDone if kind is NotPaid else kind)


@pytest.mark.parametrize("name", MONEY)
@pytest.mark.parametrize("code", ["UA-PND-001", "UA-U00-001", "UA-P00-001", "UA-SYS-001"])
def test_pending_is_never_repeated_not_even_on_order(flavour: str, name: str, code: str) -> None:
    world = World(flavour, name, PENDING)
    outcome = world.resolve(found(code), complete=True)
    assert isinstance(outcome, Open)
    assert world.asked == ["getTransactionResult"]
    assert outcome.until is None
    assert "again later" in outcome.reason


def test_pending_without_a_number_is_never_repeated_either(flavour: str) -> None:
    bare = answer(500, {"result": result("UA-PND-001", "confirm_pending_status")})
    world = World(flavour, "charge", bare)
    outcome = world.resolve(applied(), complete=True)
    assert isinstance(outcome, Open)
    assert world.asked == []
    assert "staff" in outcome.reason


def test_a_later_attempt_without_answer_keeps_the_number(flavour: str) -> None:
    world = World(flavour, "charge", SYSTEM, LOST, LOST)
    assert world.unknown.reference["fepReferenceId"] == REFERENCE
    assert type(world.resolve(found("UA-000-001"))) is Paid


@pytest.mark.parametrize(
    "given",
    [
        coded(404, "UA-REQ-900", "confirm_request"),
        found("UA-SYS-002"),
        found("UA-000-001", order={"paymentId": "OTHER"}),
        found("UA-000-001", order={"fepOrderId": "OTHER_1"}),
        answer(200, {"result": result("UA-000-001")}),
    ],
)
def test_a_question_that_settles_nothing_leaves_the_repeat(flavour: str, given: Any) -> None:
    """The system error may have been the end of it, or not: the first answer would come again."""
    world = World(flavour, "charge", SYSTEM)
    outcome = world.resolve(given)
    assert isinstance(outcome, Open)
    assert outcome.until == datetime.fromtimestamp(NOW + 23 * 3600, UTC)
    completed = world.resolve(given, coded(200, "UA-000-001"), complete=True)
    assert type(completed) is Paid
    assert world.asked == ["getTransactionResult", "charge"]
    assert set(world.script.keys) == {world.unknown.idempotency_key, None}


@pytest.mark.parametrize("given", [LOST, httpx2.Response(502), coded(429, "UA-LMT-001")])
def test_a_question_without_an_answer(flavour: str, given: Any) -> None:
    world = World(flavour, "charge", PENDING)
    outcome = world.resolve(given, complete=True)
    assert isinstance(outcome, Open)
    assert set(world.asked) == {"getTransactionResult"}
    assert outcome.error is not None


def test_questions_of_ours_that_are_refused_are_raised(flavour: str) -> None:
    world = World(flavour, "charge", PENDING)
    with pytest.raises(r.ConfirmTokenError):
        world.resolve(coded(401, "UA-REQ-008", "confirm_token"))


# A lost answer took its number with it


@pytest.mark.parametrize("name", MONEY)
def test_a_lost_answer_is_only_asked_for_on_order(flavour: str, name: str) -> None:
    world = World(flavour, name, LOST)
    outcome = world.resolve(applied())
    assert isinstance(outcome, Open)
    assert world.asked == []
    assert outcome.until == datetime.fromtimestamp(NOW + 23 * 3600, UTC)
    completed = world.resolve(applied(), complete=True)
    assert type(completed) is (Paid if name == "charge" else Done)
    assert world.asked == [name]
    assert completed.replayed is not None
    assert completed.replayed.value.result.result_code == "UA-000-001"
    assert set(world.script.keys) == {world.unknown.idempotency_key}
    assert len({request.content for request in world.script.requests}) == 1


def test_a_replayed_failure_is_the_end(flavour: str) -> None:
    """The gateway gives its first answer again, failures included."""
    world = World(flavour, "charge", LOST)
    outcome = world.resolve(coded(502, "UA-CST-001", "confirm_consumer"), complete=True)
    assert type(outcome) is NotPaid
    assert outcome.state == "UA-CST-001"
    assert outcome.tried[-1] == "charge repeated: ConfirmConsumerError"
    other = World(flavour, "cancel", LOST)
    assert type(other.resolve(coded(502, "UA-PRV-001"), complete=True)) is NotDone


@pytest.mark.parametrize(
    ("second", "kind"),
    [
        (found("UA-000-001"), Paid),
        (found("UA-U00-001"), Open),
        (found("UA-PRV-001"), NotPaid),
        (found("UA-000-002"), PaidCheckNeeded),
        (LOST, Open),
    ],
)
@pytest.mark.parametrize(
    "first", [coded(200, "UA-U00-001", "user_paying"), coded(200, "UA-P00-001"), PENDING]
)
def test_a_repeat_that_waits_gives_a_number_to_ask_by(
    flavour: str, first: Any, second: Any, kind: type[Outcome]
) -> None:
    world = World(flavour, "charge", LOST)
    outcome = world.resolve(first, second, complete=True)
    assert type(outcome) is kind
    assert world.asked[:2] == ["charge", "getTransactionResult"]
    assert outcome.reference["fepReferenceId"] == REFERENCE
    assert outcome.reference["fepOrderId"] == ORDER


def test_a_repeat_that_is_doubled(flavour: str) -> None:
    world = World(flavour, "charge", LOST)
    outcome = world.resolve(coded(200, "UA-000-002", "confirm_payment"), complete=True)
    assert type(outcome) is PaidCheckNeeded
    assert outcome.reference["fepOrderId"] == ORDER
    assert world.asked == ["charge"]


def test_a_duplicate_says_that_the_first_landed(flavour: str) -> None:
    """UA-REQ-003 to a repeat: nothing is claimed, nothing sent again."""
    world = World(flavour, "charge", LOST, coded(409, "UA-REQ-003", "confirm_request"))
    assert len(world.script.requests) == 2
    outcome = world.resolve(coded(409, "UA-REQ-003", "confirm_request"), complete=True)
    assert isinstance(outcome, Open)
    assert isinstance(outcome.error, r.DuplicateTransactionError)
    assert world.asked == ["charge"]


@pytest.mark.parametrize("given", [LOST, coded(406, "UA-REQ-005"), coded(503, "UA-PRV-999")])
def test_a_repeat_that_settles_nothing(flavour: str, given: Any) -> None:
    outcome = World(flavour, "charge", LOST).resolve(given, complete=True)
    assert isinstance(outcome, Open)
    assert outcome.until is not None
    assert outcome.error is not None


def test_an_old_key_is_not_sent_again(flavour: str) -> None:
    world = World(flavour, "charge", LOST)
    outcome = world.resolve(applied(), complete=True, hours=22.97)
    assert isinstance(outcome, Open)
    assert "23.0 h old" in outcome.reason
    assert world.asked == []
    assert (
        type(World(flavour, "charge", LOST).resolve(applied(), complete=True, hours=22.8)) is Paid
    )


def test_another_request_is_not_sent(flavour: str) -> None:
    world = World(flavour, "charge", LOST)
    world.request = charge(1)
    with pytest.raises(IntentConflictError):
        world.resolve(applied(), complete=True)
    assert world.asked == []


def test_another_merchants_outcome_is_refused(flavour: str) -> None:
    world = World(flavour, "charge", LOST)
    world.options = {"merchant_ccid": "OTHER"}
    with pytest.raises(ConfigurationError, match="OTHER"):
        world.resolve(applied())


def test_a_failure_under_a_success_is_asked_about(flavour: str) -> None:
    script = Script(coded(200, "UA-PRV-001"), found("UA-PRV-001"))
    with script.client() as unified:
        with pytest.raises(UnreadableAnswerError) as raised:
            unified.payment.charge(charge())
        assert raised.value.unknown is not None
        assert type(unified.resolve(raised.value.unknown)) is NotPaid
