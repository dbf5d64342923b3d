"""Settled by a gateway's own code: found, absent for good or not yet, doubled, never guessed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx2
import pytest
from kessai.call import call
from kessai.commands import Reply
from kessai.errors import CardDeclinedError, InvalidRequestError, OutcomeUnknown
from kessai.lookup import Standing
from kessai.operation import Operation
from kessai.outcome import Done, Doubled, NotDone, NotPaid, Open, Outcome, Paid
from kessai.parameters import NoBody, bind
from kessai.resolve import resolve
from kessai.stores.memory import MemoryJournal

from tests.support.core_clients import Make, making
from tests.support.core_fake import (
    OPERATIONS,
    PAY,
    PAY_BARE,
    STORE,
    PayRequest,
    Receipt,
    no_answer,
    ok,
    problem,
    receipt,
)
from tests.support.core_hand import START, Hand, make_setup
from tests.support.core_odd import Search, SearchGateway
from tests.unit.core.test_resolve import dated, paths

INTENT = "fake:shop1:test:pay:orderId=A-1"
HALF_HOUR = 1800.0


@pytest.fixture(params=["sync", "async"])
def both(request: pytest.FixtureRequest) -> Iterator[Make]:
    with making(request.param) as make:
        yield make


def lost(operation: Operation[Any, Any] = PAY, lookup: Search | None = None) -> OutcomeUnknown:
    setup = make_setup(SearchGateway(lookup))
    with pytest.raises(OutcomeUnknown) as raised:
        Hand([no_answer()]).run(call(setup, operation, PayRequest(), {"max_attempts": 1}))
    return raised.value


def settle(
    script: list[Any],
    operation: Operation[Any, Any] = PAY,
    *,
    lookup: Search | None = None,
    complete: bool = False,
    later: float = 0.0,
) -> tuple[Outcome, Hand]:
    """Resolve a lost order ``later`` seconds after it was sent."""
    unknown = lost(operation, lookup)
    hand = Hand(script, seconds=0.0)
    hand.now += later
    request = PayRequest() if complete else None
    setup = make_setup(SearchGateway(lookup))
    return hand.run(resolve(setup, unknown, OPERATIONS, complete, request)), hand


def found(state: str, seconds: float | None = None) -> Reply:
    """The search's answer, with a Date so many seconds after the order."""
    reply = ok(200, state=state)
    return reply if seconds is None else dated(reply, seconds / 3600.0)


@pytest.mark.parametrize(
    ("state", "operation", "kind", "reason"),
    [
        ("AUTH", PAY, Paid, ""),
        ("AUTH", PAY_BARE, Paid, ""),
        ("AUTH", STORE, Done, ""),
        ("CANCEL", PAY_BARE, NotPaid, ""),
        ("CANCEL", STORE, NotDone, ""),
        ("TWICE", PAY, Doubled, ""),
        ("REQSUCCESS", PAY, Open, "waiting: REQSUCCESS (ask the customer)"),
        ("ABSENT", PAY, Open, "not found at the gateway; only a replay on order settles it"),
        ("ABSENT", PAY_BARE, Open, "not found at the gateway"),
        ("OTHER", PAY_BARE, Open, "the state OTHER settles nothing"),
    ],
)
def test_it_serves_every_operation_with_a_rule(
    state: str, operation: Operation[Any, Any], kind: type[Outcome], reason: str
) -> None:
    """Asked by a read, asked by a replay alone: the gateway's own code comes first."""
    outcome, hand = settle([found(state)], operation)
    assert type(outcome) is kind
    assert paths(hand) == ["look"]
    assert not isinstance(outcome, Open) or outcome.reason == reason


def test_what_was_found_can_be_named() -> None:
    """The names in the answer stand beside those that were asked by."""
    outcome, _ = settle([found("AUTH")])
    assert outcome.reference == {"orderId": "A-1", "chargeId": "R-1"}
    assert (outcome.state, outcome.tried) == ("AUTH", ("look: AUTH",))


def test_doubled_names_both() -> None:
    outcome, _ = settle([found("TWICE")])
    assert isinstance(outcome, Doubled)
    assert outcome.references == ({"chargeId": "C-1"}, {"secondChargeId": "C-2"})
    assert outcome.state == "TWICE"
    assert outcome.answer is not None
    assert outcome.reference["orderId"] == "A-1"


# Absent


@pytest.mark.parametrize(
    ("ours", "theirs", "kind"),
    [
        (1800.0, 1800.0, NotPaid),
        (90_000.0, 90_000.0, NotPaid),
        (1799.0, 1800.0, Open),
        (1801.0, 1799.0, Open),
        (0.0, 0.0, Open),
        # One clock alone is not enough, however far ahead it is, nor is an answer without a Date.
        (60.0, 90_000.0, Open),
        (90_000.0, 60.0, Open),
        (1900.0, None, Open),
        (90_000.0, -400.0, Open),
        (-400.0, 90_000.0, Open),
    ],
)
def test_absent_is_final_when_both_clocks_have_passed_its_horizon(
    ours: float, theirs: float | None, kind: type[Outcome]
) -> None:
    lookup = Search(HALF_HOUR)
    outcome, hand = settle([found("ABSENT", theirs)], PAY_BARE, lookup=lookup, later=ours)
    assert type(outcome) is kind
    assert paths(hand) == ["look"]
    if isinstance(outcome, Open):
        assert outcome.reason.startswith("not found at the gateway, but ")
        assert "replay" not in outcome.reason
        assert outcome.until == datetime.fromtimestamp(START, UTC) + timedelta(minutes=30)
    else:
        assert outcome.tried == ("look: not found",)


def test_absent_of_what_moves_no_money() -> None:
    outcome, _ = settle([found("ABSENT", 3600.0)], STORE, lookup=Search(HALF_HOUR), later=3600.0)
    assert type(outcome) is NotDone


def test_absent_is_never_final_without_a_horizon() -> None:
    """However old it is."""
    outcome, _ = settle([found("ABSENT", 90_000.0)], PAY_BARE, later=90_000.0)
    assert isinstance(outcome, Open)
    assert outcome.until is None


def test_absent_and_not_yet_final_is_repeated_on_order() -> None:
    """Then asked once more; and being absent is final only so long after the repeat."""
    hour = 3600.0
    unknown = lost(PAY, lookup := Search(hour))
    hand = Hand(seconds=0.0)
    hand.now += 60.0

    def at(seconds: float) -> Callable[[], Reply]:
        def answer() -> Reply:
            hand.now = 1000.0 + seconds
            return found("ABSENT", seconds)

        return answer

    hand.script += [at(60.0), no_answer(), no_answer(), no_answer(), at(hour + 30.0)]
    setup = make_setup(SearchGateway(lookup))
    outcome = hand.run(resolve(setup, unknown, OPERATIONS, True, PayRequest()))
    assert paths(hand) == ["look", "pay", "pay", "pay", "look"]
    assert isinstance(outcome, Open)
    assert "may still come" in outcome.reason
    assert 60.0 < unknown.span < 62.0
    again = OutcomeUnknown.from_record(unknown.to_record())
    for seconds, kind in ((hour + 60.0, Open), (hour + 70.0, NotPaid)):
        hand.script.append(at(seconds))
        assert type(hand.run(resolve(setup, again, OPERATIONS, False, None))) is kind


def test_not_shortly_before_it_becomes_final() -> None:
    """A repeat could land when being absent is taken for not carried out."""
    for ours, theirs in ((1400.0, 1400.0), (1799.0, 1799.0), (60.0, 1400.0), (1400.0, 60.0)):
        outcome, hand = settle(
            [found("ABSENT", theirs)], lookup=Search(HALF_HOUR), complete=True, later=ours
        )
        assert isinstance(outcome, Open)
        assert "taken for not carried out" in outcome.reason
        assert paths(hand) == ["look"]
    script = [found("ABSENT", 1200.0), ok(201)]
    outcome, hand = settle(script, lookup=Search(HALF_HOUR), complete=True, later=1200.0)
    assert type(outcome) is Paid
    assert paths(hand) == ["look", "pay"]


def test_after_it_nothing_is_repeated() -> None:
    """It was not carried out, and a new order is a new decision."""
    outcome, hand = settle(
        [found("ABSENT", 3600.0)], lookup=Search(HALF_HOUR), complete=True, later=3600.0
    )
    assert type(outcome) is NotPaid
    assert paths(hand) == ["look"]


# Refusals that say something, and those that do not


def test_a_refusal_of_status_200_is_read() -> None:
    """The search's "no such order" is an error of its own call, and an answer here."""
    outcome, _ = settle([found("BAD", 3600.0)], PAY_BARE, lookup=Search(HALF_HOUR), later=3600.0)
    assert type(outcome) is NotPaid
    outcome, _ = settle([found("BAD")], PAY_BARE)
    assert isinstance(outcome, Open)
    assert outcome.reason == "not found at the gateway"


def test_a_refusal_that_says_nothing_of_the_order() -> None:
    """Is the error it is: ask again later."""
    outcome, hand = settle([found("DECLINED", 3600.0)], complete=True, later=3600.0)
    assert isinstance(outcome, Open)
    assert "ask again later" in outcome.reason
    assert isinstance(outcome.error, CardDeclinedError)
    assert paths(hand) == ["look"]


def test_status_404_is_not_what_absent_is() -> None:
    """It may be about the address; only the gateway's own code says that an order is absent."""
    reply = dated(problem(404), 25.0)
    outcome, _ = settle([reply], PAY_BARE, lookup=Search(HALF_HOUR), later=90_000.0)
    assert isinstance(outcome, Open)
    assert "not found" in outcome.reason


def test_a_final_verdict_of_the_repeat_settles_it() -> None:
    """In a 2xx as well."""
    outcome, _ = settle([found("OTHER", 60.0), found("LAST")], complete=True, later=60.0)
    assert type(outcome) is NotPaid
    assert outcome.tried == ("look: OTHER", "pay repeated: CardDeclinedError")


def test_a_repeat_without_a_date_to_measure_by() -> None:
    outcome, hand = settle([found("OTHER")], complete=True, later=60.0)
    assert isinstance(outcome, Open)
    assert "no Date" in outcome.reason
    assert paths(hand) == ["look"]


def test_nothing_to_ask_by() -> None:
    """Repeated on order where there is a key, and that is said where there is none."""
    lookup = Search(nameless=True)
    outcome, hand = settle([], PAY_BARE, lookup=lookup, complete=True)
    assert isinstance(outcome, Open)
    assert "no key to repeat it under" in outcome.reason
    assert hand.sent == []
    outcome, hand = settle([ok(201)], lookup=lookup, complete=True)
    assert type(outcome) is Paid
    assert paths(hand) == ["pay"]


def test_the_repeat_is_told_that_it_is_one() -> None:
    """What a gateway says of a repeat may differ: it may have been worked on twice."""
    gateway = SearchGateway()
    unknown = lost()
    hand = Hand([found("OTHER", 60.0), found("AUTH")], seconds=0.0)
    hand.run(resolve(make_setup(gateway), unknown, OPERATIONS, True, PayRequest()))
    assert gateway.told == [False, True]


# Bound operations


def charges(order: str) -> Operation[NoBody, Receipt]:
    return bind(LIST, path={"storeId": "S/1"}, query={"orderId": order})


LIST: Operation[NoBody, Receipt] = Operation(
    name="list",
    group="order",
    method="GET",
    path="/stores/{storeId}/charges",
    media="",
    request_name="NoBody",
    requests=lambda: (NoBody,),
    answers=lambda: {200: receipt},
    safe=True,
)


def test_a_question_with_parameters_in_its_url() -> None:
    """Bound, and without a body."""

    class Listing(Search):
        def question(
            self, reference: Mapping[str, str]
        ) -> tuple[Operation[Any, Any], Mapping[str, Any]] | None:
            return charges(reference["orderId"]), {}

    outcome, hand = settle([found("AUTH")], lookup=Listing())
    assert type(outcome) is Paid
    sent = hand.sent[0]
    assert (sent.method, sent.content) == ("GET", b"")
    assert sent.url == "https://gateway.example/stores/S%2F1/charges?orderId=A-1"


# The journal, and both clients


@pytest.mark.parametrize(
    ("state", "seconds", "end"),
    [
        ("AUTH", 0.0, "done"),
        ("TWICE", 0.0, "doubled"),
        ("ABSENT", 3600.0, None),
        ("ABSENT", 60.0, "open"),
        ("REQSUCCESS", 0.0, "open"),
    ],
)
def test_the_journal(state: str, seconds: float, end: str | None) -> None:
    """Closed, freed, or kept with the reason; both names of a doubled order are kept."""
    journal = MemoryJournal(clock=lambda: START)
    setup = make_setup(SearchGateway(Search(HALF_HOUR)), journal=True)
    with pytest.raises(OutcomeUnknown) as raised:
        Hand([no_answer()], journal=journal).run(call(setup, PAY_BARE, PayRequest(), {}))
    hand = Hand([found(state, seconds)], journal=journal, seconds=0.0)
    hand.now += seconds
    hand.run(resolve(setup, raised.value, OPERATIONS, False, None))
    entry = journal.get(INTENT)
    if end is None:
        assert entry is None
        return
    assert entry is not None
    assert (entry.end or entry.state) == end
    if state == "TWICE":
        assert entry.record["ask:chargeId"] == "C-1"
        assert entry.record["ask:secondChargeId"] == "C-2"
    if end == "open":
        assert entry.record["reason"]


def test_an_own_answer_that_waits_keeps_the_journal_open() -> None:
    """With its reason and the name it gave."""
    journal = MemoryJournal(clock=lambda: START)
    setup = make_setup(SearchGateway(), journal=True)
    Hand([ok(state="APPLIED")], journal=journal).run(call(setup, PAY, PayRequest(), {}))
    entry = journal.get(INTENT)
    assert entry is not None
    assert (entry.state, entry.record["reason"]) == ("open", "waiting: APPLIED")
    assert entry.record["ask:number"] == "N-2"


def test_the_journals_word_for_doubled() -> None:
    assert Standing("doubled").end == "doubled"
    assert Standing("absent").end == "open"


def test_both_clients(both: Make) -> None:
    """Absent, and then for good."""
    lookup = Search(HALF_HOUR)
    moments = iter([60.0, 3600.0])

    def handler(request: httpx2.Request) -> httpx2.Response:
        if request.url.path == "/payBare":
            raise httpx2.ReadError("reset")
        reply = found("ABSENT", next(moments))
        return httpx2.Response(200, content=reply.content, headers={"Date": reply.headers["date"]})

    client = both(handler, gateway=SearchGateway(lookup))
    with pytest.raises(OutcomeUnknown) as raised:
        client.run(PAY_BARE, PayRequest())
    assert isinstance(client.resolve(raised.value, OPERATIONS), Open)
    client.now += 3600.0
    outcome = client.resolve(raised.value, OPERATIONS)
    assert type(outcome) is NotPaid


def test_errors_of_the_question_keep_their_place() -> None:
    """400 is a refusal of the question, and says nothing of the order."""
    outcome, _ = settle([problem(400)])
    assert isinstance(outcome, Open)
    assert isinstance(outcome.error, InvalidRequestError)
