"""How an unknown outcome is settled: asked first, repeated only on order, never guessed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import pytest
from kessai.call import call
from kessai.commands import Fault, Reply
from kessai.errors import (
    AuthenticationError,
    CardDeclinedError,
    ConfigurationError,
    IntentConflictError,
    InvalidRequestError,
    MethodNotAllowedError,
    NoAnswerError,
    OutcomeUnknown,
    TooManyRequestsError,
)
from kessai.gateway import Verdict
from kessai.operation import Operation
from kessai.outcome import Done, NotPaid, Open, Outcome, Paid
from kessai.resolve import resolve

from tests.support.core_fake import (
    LOOK,
    OPERATIONS,
    PAY,
    PAY_BARE,
    STORE,
    FakeGateway,
    PayRequest,
    TokenAuth,
    no_answer,
    not_sent,
    ok,
    problem,
)
from tests.support.core_hand import START, Hand, header, make_setup

PAID = {"amount": 100}


def dated(reply: Reply, hours: float = 0.0) -> Reply:
    """The same answer with a Date, so many hours after the first attempt."""
    moment = datetime.fromtimestamp(START, UTC) + timedelta(hours=hours)
    return reply._replace(headers={**reply.headers, "date": format_datetime(moment, usegmt=True)})


def lost(operation: Operation[Any, Any] = PAY) -> OutcomeUnknown:
    """An order whose answer got lost."""
    with pytest.raises(OutcomeUnknown) as raised:
        Hand([no_answer()]).run(call(make_setup(), operation, PayRequest(), {"max_attempts": 1}))
    return raised.value


def settle(
    script: list[Any],
    operation: Operation[Any, Any] = PAY,
    *,
    complete: bool = False,
    request: PayRequest | None = None,
    later: float = 0.0,
    **settings: Any,
) -> tuple[Outcome, Hand]:
    """Resolve a lost order ``later`` hours after it was sent."""
    unknown = lost(operation)
    hand = Hand(script)
    hand.now += later * 3600.0
    steps = resolve(make_setup(**settings), unknown, OPERATIONS, complete, request)
    return hand.run(steps), hand


def paths(hand: Hand) -> list[str]:
    return [send.url.rpartition("/")[2] for send in hand.sent]


@pytest.mark.parametrize("state", ["AUTH", "SALES"])
def test_found_paid(state: str) -> None:
    """The state is a paid one and the amount is ours."""
    outcome, hand = settle([ok(200, state=state, **PAID)])
    assert type(outcome) is Paid
    assert (outcome.operation, outcome.state) == ("pay", state)
    assert outcome.reference == {"orderId": "A-1"}
    assert outcome.answer is not None
    assert outcome.answer.value.state == state
    assert outcome.tried == (f"look: {state}",)
    assert hand.sent[0].content == b'{"orderId":"A-1"}'
    assert header(hand.sent[0], "Idempotency-Key") is None


def test_found_not_paid() -> None:
    """A state that says the order failed."""
    outcome, _ = settle([ok(200, state="CANCEL")])
    assert type(outcome) is NotPaid


@pytest.mark.parametrize(
    ("answer", "reason", "replayable"),
    [
        (ok(200, state="REQSUCCESS"), "waiting: REQSUCCESS", False),
        (ok(200, state="UNPROCESSED"), "UNPROCESSED settles nothing", True),
        (ok(200, state=None), "absent", True),
        (ok(200, state=["AUTH"]), "absent", True),
        (ok(200, state="AUTH", amount=99), "/amount differs", True),
        (ok(200, state="AUTH"), "/amount differs", True),
        (problem(400, "not_there"), "not found at the gateway", True),
        (problem(404, "not_there"), "not found at the gateway", True),
    ],
)
def test_found_open(answer: Reply, reason: str, replayable: bool) -> None:
    """Whatever settles nothing stays open, with the reason and the time left to repeat it."""
    outcome, hand = settle([answer])
    assert isinstance(outcome, Open)
    assert reason in outcome.reason
    horizon = datetime.fromtimestamp(START, UTC) + timedelta(hours=23)
    assert outcome.until == (horizon if replayable else None)
    assert paths(hand) == ["look"]


def test_the_question_is_a_read() -> None:
    """It is repeated like any other."""
    outcome, hand = settle([no_answer(), problem(429), ok(200, **PAID)])
    assert type(outcome) is Paid
    assert paths(hand) == ["look"] * 3


@pytest.mark.parametrize(
    ("script", "error"),
    [
        ([no_answer()] * 3, NoAnswerError),
        ([problem(429)] * 3, TooManyRequestsError),
        ([ok(200, id=1)], Exception),
        ([problem(503)], Exception),
        ([problem(402)], CardDeclinedError),
    ],
)
def test_a_question_without_an_answer(script: list[Any], error: type[Exception]) -> None:
    """Open, with the error; and nothing is repeated, whatever was ordered."""
    outcome, hand = settle(script, complete=True, request=PayRequest())
    assert isinstance(outcome, Open)
    assert "ask again later" in outcome.reason
    assert isinstance(outcome.error, error)
    assert set(paths(hand)) == {"look"}


def test_refusals_of_us_are_raised() -> None:
    """They say that the client is set up wrongly, not what became of the order."""
    with pytest.raises(AuthenticationError):
        settle([problem(401)])

    class Strict(FakeGateway):
        def judge(self, operation: Any, reply: Reply) -> Verdict:
            return Verdict("refused", MethodNotAllowedError(title="method_not_allowed"))

    with pytest.raises(MethodNotAllowedError):
        settle([problem(405)], gateway=Strict())


def test_asking_uses_the_clients_auth() -> None:
    """Token and fresh token, as for any call."""
    unknown = lost()
    hand = Hand([problem(401), ok(200, **PAID)], tokens=["old", "new"])
    outcome = hand.run(resolve(make_setup(auth=TokenAuth()), unknown, OPERATIONS, False, None))
    assert type(outcome) is Paid


# Repeating on order


def test_a_settled_order_is_never_repeated() -> None:
    """Paid, failed or waiting: complete=True adds nothing."""
    for answer, kind in (
        (ok(200, **PAID), Paid),
        (ok(200, state="CANCEL"), NotPaid),
        (ok(200, state="REQSUCCESS"), Open),
    ):
        outcome, hand = settle([dated(answer)], complete=True, request=PayRequest())
        assert type(outcome) is kind
        assert paths(hand) == ["look"]


@pytest.mark.parametrize("found", [problem(400), ok(200, state="UNPROCESSED")])
def test_repeated_on_order(found: Reply) -> None:
    """The same bytes under the same key; then the gateway is asked once more."""
    script = [dated(found), ok(201), ok(200, **PAID)]
    outcome, hand = settle(script, complete=True, request=PayRequest(), later=1.0)
    assert type(outcome) is Paid
    assert paths(hand) == ["look", "pay", "look"]
    first = lost()
    assert header(hand.sent[1], "Idempotency-Key") == first.idempotency_key
    assert outcome.replayed is not None
    assert outcome.replayed.status == 201
    assert outcome.tried[1] == "pay repeated: 201"


def test_a_repeat_that_waits_for_the_customer() -> None:
    """Open, but the order's own answer is there: it holds the redirect."""
    script = [dated(problem(400)), ok(201, id="R-7"), ok(200, state="REQSUCCESS")]
    outcome, _ = settle(script, complete=True, request=PayRequest())
    assert isinstance(outcome, Open)
    assert outcome.replayed is not None
    assert outcome.replayed.value.id == "R-7"


def test_a_refusal_of_the_repeat_settles_nothing() -> None:
    """Only asking or a success does: the first attempt may have been another story."""
    script = [dated(problem(400)), problem(402, "card_declined"), problem(400)]
    outcome, hand = settle(script, complete=True, request=PayRequest())
    assert isinstance(outcome, Open)
    assert paths(hand) == ["look", "pay", "look"]
    assert isinstance(outcome.error, InvalidRequestError)
    assert outcome.tried[1] == "pay repeated: CardDeclinedError"

    script = [dated(problem(400)), problem(402, "card_declined"), ok(200, **PAID)]
    outcome, _ = settle(script, complete=True, request=PayRequest())
    assert type(outcome) is Paid


def test_a_repeat_that_gets_lost_again() -> None:
    """The same rules: repeated under its key, then asked."""
    repeats = [no_answer(), not_sent(), problem(409)]
    outcome, hand = settle(
        [dated(problem(400)), *repeats, ok(200, state="UNPROCESSED")],
        complete=True,
        request=PayRequest(),
    )
    assert isinstance(outcome, Open)
    assert paths(hand) == ["look", "pay", "pay", "pay", "look"]
    assert outcome.error is not None


def test_another_request_is_refused() -> None:
    """Before anything is asked."""
    with pytest.raises(IntentConflictError, match="digests"):
        settle([], complete=True, request=PayRequest(amount=101))
    with pytest.raises(ConfigurationError, match="request="):
        settle([], complete=True)


@pytest.mark.parametrize(
    ("ours", "theirs", "repeated"),
    [
        (1.0, 1.0, True),
        (22.9, 22.9, True),
        # The deadline of 200 s must end before the 23 h do.
        (22.95, 1.0, False),
        (1.0, 22.95, False),
        (23.5, 23.5, False),
        (1.0, 25.0, False),
        (25.0, 1.0, False),
        (1.0, -0.05, True),
        (1.0, -0.5, False),
        (-0.5, 1.0, False),
    ],
)
def test_only_while_the_key_is_surely_young(ours: float, theirs: float, repeated: bool) -> None:
    """By this clock and by the gateway's: the older age counts, and neither may be absurd."""
    script = [dated(problem(400), theirs), ok(201), ok(200, **PAID)]
    outcome, hand = settle(script, complete=True, request=PayRequest(), later=ours)
    assert ("pay" in paths(hand)) is repeated
    if not repeated:
        assert isinstance(outcome, Open)
        assert "h old" in outcome.reason or "clocks disagree" in outcome.reason


def test_an_answer_without_a_date_allows_no_repeat() -> None:
    """Our own clock alone is not believed where another can be asked."""
    outcome, hand = settle([problem(400)], complete=True, request=PayRequest())
    assert isinstance(outcome, Open)
    assert "no Date" in outcome.reason
    assert paths(hand) == ["look"]


def test_an_order_without_a_key_is_never_repeated() -> None:
    """A repeat could be a second order."""
    outcome, hand = settle([dated(problem(400))], PAY_BARE, complete=True, request=PayRequest())
    assert isinstance(outcome, Open)
    assert "no idempotency key" in outcome.reason
    assert paths(hand) == ["look"]


# Operations that only a repeat can tell about


def test_by_replay_only_on_order() -> None:
    """Without an order nothing is sent at all."""
    outcome, hand = settle([], STORE)
    assert isinstance(outcome, Open)
    assert "only a replay on order" in outcome.reason
    assert outcome.until is not None
    assert hand.sent == []

    outcome, hand = settle([ok(200)], STORE, complete=True, request=PayRequest(), later=22.0)
    assert type(outcome) is Done
    assert paths(hand) == ["store"]
    assert outcome.replayed is not None

    outcome, hand = settle([], STORE, complete=True, request=PayRequest(), later=23.0)
    assert isinstance(outcome, Open)
    assert hand.sent == []


def test_by_replay_a_refusal_settles_nothing() -> None:
    """It stays open with what the repeat ended with."""
    outcome, _ = settle([problem(402)], STORE, complete=True, request=PayRequest())
    assert isinstance(outcome, Open)
    assert isinstance(outcome.error, CardDeclinedError)


# What cannot work


def test_another_shop_or_environment() -> None:
    """Asking there would find nothing, and a repeat would pay there."""
    other = FakeGateway()
    other.account = "shop2"
    with pytest.raises(ConfigurationError, match="shop2"):
        settle([], gateway=other)


@pytest.mark.parametrize("given", ["R-1", None, PAY], ids=["text", "None", "operation"])
def test_what_is_no_unknown_outcome(given: Any) -> None:
    """Named, and nothing is asked."""
    hand = Hand()
    with pytest.raises(TypeError, match="the OutcomeUnknown a call ended with"):
        hand.run(resolve(make_setup(), given, OPERATIONS, False, None))
    assert hand.sent == []


def test_operations_that_are_missing() -> None:
    """Named, with the remedy."""
    setup, unknown = make_setup(), lost()
    with pytest.raises(ConfigurationError, match="'pay'"):
        Hand().run(resolve(setup, unknown, {}, False, None))
    with pytest.raises(ConfigurationError, match="'look'"):
        Hand().run(resolve(setup, unknown, {"pay": PAY}, False, None))
    with pytest.raises(ConfigurationError, match="'pay'"):
        Hand().run(resolve(setup, unknown, {"pay": LOOK}, False, None))


def test_a_request_that_named_nothing() -> None:
    """Nothing to ask by: only a repeat can tell, and nothing is asked."""

    class Nameless(PayRequest):
        def to_wire(self) -> dict[str, Any]:
            return {"card": self.card}

    with pytest.raises(OutcomeUnknown) as raised:
        Hand([no_answer()]).run(call(make_setup(), PAY, Nameless(), {"max_attempts": 1}))
    hand = Hand()
    outcome = hand.run(resolve(make_setup(), raised.value, OPERATIONS, False, None))
    assert isinstance(outcome, Open)
    assert "nothing to ask by" in outcome.reason
    assert hand.sent == []


def test_from_a_record() -> None:
    """What a merchant stored is as good as the exception."""
    unknown = OutcomeUnknown.from_record(lost().to_record())
    outcome = Hand([ok(200, **PAID)]).run(resolve(make_setup(), unknown, OPERATIONS, False, None))
    assert type(outcome) is Paid


def test_faults_are_typed() -> None:
    """The helpers say what they are."""
    assert isinstance(no_answer(), Fault)
