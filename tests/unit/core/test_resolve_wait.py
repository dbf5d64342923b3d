"""A resolve that waits: asks again after the gateway's pauses, for so long and no longer."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Any

import httpx2
import pytest
from kessai.call import call
from kessai.case import MOST_TRIED, Tried
from kessai.client import AsyncClient
from kessai.commands import Reply
from kessai.errors import AuthenticationError, ConfigurationError, OutcomeUnknown
from kessai.operation import Operation
from kessai.outcome import NotPaid, Open, Outcome, Paid
from kessai.resolve import resolve
from kessai.stores.aio import AsyncJournal
from kessai.stores.memory import MemoryJournal
from kessai.system import System

from tests.support.core_clients import Make, making
from tests.support.core_fake import (
    ENVIRONMENT,
    OPERATIONS,
    PAY,
    PAY_BARE,
    STORE,
    FakeGateway,
    MarkAuth,
    PayRequest,
    no_answer,
    ok,
    problem,
)
from tests.support.core_hand import START, Hand, make_setup
from tests.support.core_odd import Search, SearchGateway
from tests.support.virtual_loop import run_virtual
from tests.unit.core.test_resolve import PAID, dated, paths

INTENT = "fake:shop1:test:pay:orderId=A-1"

WAITING, DONE = ok(200, state="REQSUCCESS"), ok(200, **PAID)


@pytest.fixture(params=["sync", "async"])
def both(request: pytest.FixtureRequest) -> Iterator[Make]:
    with making(request.param) as make:
        yield make


def lost(operation: Operation[Any, Any] = PAY) -> OutcomeUnknown:
    with pytest.raises(OutcomeUnknown) as raised:
        Hand([no_answer()]).run(call(make_setup(), operation, PayRequest(), {"max_attempts": 1}))
    return raised.value


def settle(
    script: list[Any], wait: Any, operation: Operation[Any, Any] = PAY, **options: Any
) -> tuple[Outcome, Hand]:
    hand = Hand(script, seconds=options.pop("seconds", 0.0))
    complete = options.pop("complete", False)
    request = PayRequest() if complete else None
    steps = resolve(make_setup(**options), lost(operation), OPERATIONS, complete, request, wait)
    return hand.run(steps), hand


def test_it_asks_after_the_gateways_pauses() -> None:
    """Until it is settled; the last pause repeats."""
    outcome, hand = settle([WAITING] * 7 + [DONE], 3600.0)
    assert type(outcome) is Paid
    assert hand.slept == [1.0, 5.0, 30.0, 120.0, 300.0, 300.0, 300.0]
    assert outcome.tried == ("look: REQSUCCESS (7 times)", "look: AUTH")


def test_the_pauses_are_the_gateways_own() -> None:
    gateway = SearchGateway(pauses=(2.0, 3.0))
    outcome, hand = settle([WAITING] * 4 + [DONE], 60.0, gateway=gateway)
    assert type(outcome) is Paid
    assert hand.slept == [2.0, 3.0, 3.0, 3.0]


@pytest.mark.parametrize(
    ("wait", "slept"),
    [(0.0, []), (0.5, [0.5]), (1.0, [1.0]), (20.0, [1.0, 5.0, 14.0]), (36.0, [1.0, 5.0, 30.0])],
)
def test_it_waits_so_long_and_asks_once_more_at_the_end(wait: float, slept: list[float]) -> None:
    outcome, hand = settle([WAITING] * (len(slept) + 1), wait)
    assert isinstance(outcome, Open)
    assert hand.slept == slept
    assert hand.script == []


def test_what_questions_take_counts() -> None:
    """A question of ten seconds leaves that much less."""
    outcome, hand = settle([WAITING] * 3, 20.0, seconds=10.0)
    assert isinstance(outcome, Open)
    assert hand.slept == [1.0]
    assert hand.now == 1000.0 + 21.0


def test_settled_at_once_waits_for_nothing() -> None:
    outcome, hand = settle([DONE], 3600.0)
    assert type(outcome) is Paid
    assert hand.slept == []


def test_a_question_without_an_answer_is_asked_again() -> None:
    """Its own attempts and pauses included."""
    outcome, hand = settle([problem(503), problem(503), DONE], 60.0)
    assert type(outcome) is Paid
    assert outcome.tried == ("look: MaintenanceError (2 times)", "look: AUTH")
    assert hand.slept == [1.0, 5.0]


def test_absent_becomes_final_while_it_waits() -> None:
    """By the Date of each answer and by this clock."""
    hand = Hand(seconds=0.0)

    def absent() -> Reply:
        return dated(ok(200, state="ABSENT"), (hand.now - 1000.0) / 3600.0)

    hand.script += [absent] * 10
    setup = make_setup(SearchGateway(Search(1800.0), pauses=(60.0, 300.0)))
    outcome = hand.run(resolve(setup, lost(PAY_BARE), OPERATIONS, False, None, 7200.0))
    assert type(outcome) is NotPaid
    assert hand.now - 1000.0 == 1860.0


def test_there_is_nothing_to_ask_by() -> None:
    """Then nothing is waited for."""
    outcome, hand = settle([], 3600.0, STORE)
    assert isinstance(outcome, Open)
    assert hand.slept == []
    gateway = SearchGateway(Search(nameless=True))
    with pytest.raises(OutcomeUnknown) as raised:
        Hand([no_answer()]).run(call(make_setup(gateway), PAY_BARE, PayRequest(), {}))
    hand = Hand()
    outcome = hand.run(resolve(make_setup(gateway), raised.value, OPERATIONS, False, None, 60.0))
    assert isinstance(outcome, Open)
    assert (hand.sent, hand.slept) == ([], [])


def test_the_order_is_repeated_once() -> None:
    """However often it is asked about afterwards; its own answer is kept to the end."""
    script = [dated(problem(400)), ok(201, id="R-7"), WAITING, WAITING, DONE]
    outcome, hand = settle(script, 60.0, complete=True)
    assert type(outcome) is Paid
    assert paths(hand) == ["look", "pay", "look", "look", "look"]
    assert outcome.replayed is not None
    assert outcome.replayed.value.id == "R-7"


def test_refusals_of_us_are_raised_whenever_they_come() -> None:
    with pytest.raises(AuthenticationError):
        settle([WAITING, problem(401)], 60.0)


@pytest.mark.parametrize("wait", [-1.0, float("inf"), float("nan"), True, "60", None])
def test_waits_that_cannot_be(wait: Any) -> None:
    """Refused before anything is asked."""
    with pytest.raises(ConfigurationError, match="wait"):
        settle([], wait)


def test_the_journal_is_written_once_at_the_end() -> None:
    """What it says then is what was found last."""
    journal = MemoryJournal(clock=lambda: START)
    setup = make_setup(journal=True)
    with pytest.raises(OutcomeUnknown) as raised:
        Hand([no_answer()], journal=journal).run(
            call(setup, PAY, PayRequest(), {"max_attempts": 1})
        )
    hand = Hand([WAITING, WAITING, DONE], journal=journal)
    hand.run(resolve(setup, raised.value, OPERATIONS, False, None, 60.0))
    entry = journal.get(INTENT)
    assert entry is not None
    assert entry.end == "done"
    assert [type(command).__name__ for command in hand.commands].count("JournalClose") == 1


# What was tried


def test_what_was_tried_does_not_grow_without_bound() -> None:
    """A day of asking, with answers that change all the time."""
    states = ["REQSUCCESS", "UNPROCESSED"]
    script = [ok(200, state=states[n % 2]) for n in range(293)]
    outcome, hand = settle(script, 86_400.0)
    assert isinstance(outcome, Open)
    assert hand.script == []
    assert len(outcome.tried) == MOST_TRIED + 1
    assert outcome.tried[MOST_TRIED // 2] == f"and {293 - MOST_TRIED} more"
    assert outcome.tried[:2] == ("look: REQSUCCESS", "look: UNPROCESSED")
    assert outcome.tried[-1] == "look: REQSUCCESS"


def test_the_same_again_is_counted() -> None:
    tried = Tried()
    for text in ("a", "a", "b", "a"):
        tried.add(text)
    assert tried.lines() == ("a (2 times)", "b", "a")


# Both clients


def test_both_clients_wait(both: Make) -> None:
    """On their own clocks: no test waits."""
    answers = iter([WAITING, WAITING, DONE])

    def handler(request: httpx2.Request) -> httpx2.Response:
        if request.url.path == "/pay":
            raise httpx2.ReadError("reset")
        return httpx2.Response(200, content=next(answers).content)

    client = both(handler, max_attempts=1)
    with pytest.raises(OutcomeUnknown) as raised:
        client.run(PAY, PayRequest())
    assert type(client.resolve(raised.value, OPERATIONS, wait=60.0)) is Paid
    assert client.slept == [1.0, 5.0]


def test_waiting_can_be_cancelled() -> None:
    """The outcome is as unknown as before, in the journal too; nothing is asked afterwards."""
    journal = MemoryJournal(clock=lambda: START)
    asked: list[str] = []

    async def handler(request: httpx2.Request) -> httpx2.Response:
        asked.append(request.url.path)
        if request.url.path == "/pay":
            raise httpx2.ReadError("reset")
        return httpx2.Response(200, content=WAITING.content)

    async def main() -> float:
        system = System(monotonic=asyncio.get_running_loop().time)
        transport = httpx2.MockTransport(handler)
        async with AsyncClient(
            FakeGateway(),
            MarkAuth(),
            ENVIRONMENT,
            transport=transport,
            system=system,
            journal=AsyncJournal(journal),
            max_attempts=1,
        ) as client:
            with pytest.raises(OutcomeUnknown) as raised:
                await client.run(PAY, PayRequest())
            with pytest.raises(TimeoutError):
                async with asyncio.timeout(10.0):
                    await client.resolve(raised.value, operations=OPERATIONS, wait=3600.0)
        return asyncio.get_running_loop().time()

    assert run_virtual(main()) == 10.0
    assert asked == ["/pay", "/look", "/look", "/look"]
    entry = journal.get(INTENT)
    assert entry is not None
    assert entry.state == "unknown"
