"""Every MDK command that does something, through a network that loses things.

There is no idempotency key, so an order leaves once, whatever becomes of it. What is unknown is
settled by asking, at 1, 5, 30 and 120 seconds and then every five minutes, and never guessed.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from itertools import pairwise
from typing import Any

import pytest
from kessai import Done, NotDone, NotPaid, NotSentError, Open, OutcomeUnknown, Paid
from kessai.stores.memory import MemoryJournal
from kessai_mdk import MdkError, operations
from kessai_mock.mdk import MERCHANT_CCID, MERCHANT_SECRET_KEY

from tests.faults.mdk_wire import LANDED, MODES, Mode, World
from tests.rules.mdk_bodies import COMMANDS
from tests.support import core_server as srv
from tests.support.contract_mdk_client import request_of
from tests.support.contract_mdk_links import ORDER

ORDERS = [
    name
    for name, operation in operations.OPERATIONS.items()
    if operation.server == "api" and not operation.safe
]
# What an order that landed comes to where it is neither paid nor done for certain.
WAITS = {"mpiAuthorize", "mpiReAuthorize"}  # for the customer
UNASKED = {"alipayCreateIdentityCode"}  # names no order
PAID = {
    name for name in ORDERS if name.endswith("ReAuthorize") and name not in WAITS
} | {"cardAuthorize", "alipayAuthorize"}  # fmt: skip
BY_TOKEN = {"cardAuthorize", "mpiAuthorize"}


@pytest.fixture(params=["sync", "async"])
def flavour(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def make(flavour: str) -> Generator[Callable[..., World]]:
    made: list[World] = []

    def begin(**options: Any) -> World:
        made.append(World(flavour, **options))
        return made[-1]

    yield begin
    for world in made:
        world.close()


def lost(world: World, name: str, mode: Mode, **members: Any) -> OutcomeUnknown:
    """A command that nobody knows the end of."""
    request = world.linked(name, **members)
    before = len(world.wire.orders)
    with pytest.raises(OutcomeUnknown) as raised:
        world.call(name, request, mode)
    assert len(world.wire.orders) == before + 1
    assert len(raised.value.attempts) == 1
    return raised.value


@pytest.mark.parametrize("name", ORDERS)
def test_an_order_leaves_once_and_is_asked_about(name: str, make: Callable[..., World]) -> None:
    plain = make()
    plain.call(name, plain.linked(name))
    carried_out = plain.state()
    for mode in MODES:
        world = make()
        unknown = lost(world, name, mode)
        landed = world.state()
        if LANDED[mode]:
            assert landed == carried_out
        outcome = world.resolve(unknown, "html", complete=True, request=world.request)
        assert len(world.wire.orders) == 1, "no order leaves twice, not even on order"
        assert world.state() == landed, "a question changes nothing"
        if name in UNASKED or name in WAITS or not LANDED[mode]:
            assert isinstance(outcome, Open), (mode, outcome)
        else:
            assert type(outcome) is (Paid if name in PAID else Done), (mode, outcome)


@pytest.mark.parametrize("name", ["cardAuthorize", "cvsAuthorize", "upopCapture"])
def test_what_never_left_is_tried_again(name: str, make: Callable[..., World]) -> None:
    world = make()
    request = world.linked(name)
    answer = world.call(name, request, "not sent", "not sent")
    assert [attempt.sent for attempt in answer.attempts] == ["no", "no", "yes"]
    assert len(world.wire.orders) == 1
    world = make()
    with pytest.raises(NotSentError):
        world.call(name, world.linked(name), "not sent", "not sent", "not sent")
    assert world.wire.sent == []


def test_the_waiting_rule(make: Callable[..., World]) -> None:
    """1, 5, 30 and 120 seconds, then every five minutes; a payment by token ends at 30 minutes."""
    world = make()
    unknown = lost(world, "cardAuthorize", "lost before")
    began = world.wire.seconds()
    outcome = world.resolve(unknown, wait=86_400)
    asked = [at - began for at, path, _ in world.wire.sent if "/Search/" in path]
    pauses = [round(later - earlier) for earlier, later in pairwise(asked)]
    assert pauses[:6] == [1, 5, 30, 120, 300, 300]
    assert set(pauses[4:]) == {300}
    assert type(outcome) is NotPaid
    assert 1800 <= asked[-1] < 2100
    # Had it been on its way for so long, its token would be worth nothing.
    assert world.state()[0] == []


@pytest.mark.parametrize("name", sorted(BY_TOKEN))
def test_not_found_is_open_before_the_horizon_and_not_paid_after(
    name: str, make: Callable[..., World]
) -> None:
    world = make()
    unknown = lost(world, name, "lost before")
    for seconds, kind in ((1700, Open), (200, NotPaid)):
        world.mock.advance(seconds)
        outcome = world.resolve(unknown)
        assert type(outcome) is kind, outcome
    assert len(world.wire.orders) == 1


def test_the_horizon_is_a_setting(make: Callable[..., World]) -> None:
    world = make(not_found_after=3600.0)
    unknown = lost(world, "cardAuthorize", "lost before")
    world.mock.advance(3500)
    assert isinstance(world.resolve(unknown), Open)
    world.mock.advance(200)
    assert type(world.resolve(unknown)) is NotPaid


@pytest.mark.parametrize("name", ["cvsAuthorize", "bankAuthorize", "cardReAuthorize", "cardCancel"])
def test_what_no_token_pays_stays_open(name: str, make: Callable[..., World]) -> None:
    world = make()
    unknown = lost(world, name, "lost before")
    world.mock.advance(30 * 86_400)
    assert isinstance(world.resolve(unknown, wait=7200), Open)


def test_a_card_number_does_not_run_out(make: Callable[..., World]) -> None:
    """It stays open until somebody knows better: then Search has it after all."""
    raw = {"cardNumber": "4111111111111111", "cardExpire": "12/30", "payNowIdParam": None}
    world = make()
    request = world.linked("cardAuthorize", **raw)
    with pytest.raises(OutcomeUnknown) as raised:
        world.call("cardAuthorize", request, "lost before")
    world.mock.advance(86_400)
    assert isinstance(world.resolve(raised.value, wait=7200), Open)
    # It was only late: the very bytes arrive now.
    (_, path, content), *_ = world.wire.sent
    headers = {"content-type": "application/x-www-form-urlencoded"}
    assert world.mock.app.send("POST", path, headers, content).status == 200
    assert type(world.resolve(raised.value)) is Paid


@pytest.mark.parametrize(
    ("end", "kind"), [(None, Paid), ("AG44", NotPaid)], ids=["success", "failure"]
)
def test_pending_is_asked_about_until_it_ends(
    end: str | None, kind: type, make: Callable[..., World]
) -> None:
    world = make()
    request = world.linked("cardAuthorize")
    world.mock.script("cardAuthorize", provider="ZW00")
    with pytest.raises(OutcomeUnknown) as raised:
        world.call("cardAuthorize", request, "lost after")
    for _ in range(2):
        waiting = world.resolve(raised.value)
        assert isinstance(waiting, Open)
        assert waiting.state == "pending"
    world.mock.advance(86_400)  # long past any horizon: it is there
    assert isinstance(world.resolve(raised.value), Open)
    assert world.mock.settle(ORDER, end).status == 200
    assert type(world.resolve(raised.value)) is kind
    assert len(world.wire.orders) == 1


@pytest.mark.parametrize("mode", [mode for mode in MODES if LANDED[mode]])
def test_a_lost_refusal_is_found(mode: Mode, make: Callable[..., World]) -> None:
    world = make()
    request = world.linked("cardAuthorize")
    world.mock.script("cardAuthorize", provider="AG44")
    with pytest.raises(OutcomeUnknown) as raised:
        world.call("cardAuthorize", request, mode)
    assert type(world.resolve(raised.value)) is NotPaid


def test_3d_secure_is_asked_with_get_result(make: Callable[..., World]) -> None:
    """Open while the customer is away; Search says whether there is such an order at all."""
    world = make()
    request = world.linked("mpiAuthorize", verifyTimeout="60")
    with pytest.raises(OutcomeUnknown) as raised:
        world.call("mpiAuthorize", request, "lost after")
    assert isinstance(world.resolve(raised.value), Open)
    assert set(world.wire.questions) == {"GetResult/mpi"}
    world.mock.advance(3601)  # verifyTimeout
    assert type(world.resolve(raised.value)) is NotPaid

    world = make()
    unknown = lost(world, "mpiAuthorize", "lost before")
    assert isinstance(world.resolve(unknown), Open)
    assert set(world.wire.questions) == {"GetResult/mpi", "Search/search"}


def test_3d_secure_that_was_paid_meanwhile(make: Callable[..., World]) -> None:
    world = make()
    request = world.linked("mpiAuthorize")
    with pytest.raises(OutcomeUnknown) as raised:
        world.call("mpiAuthorize", request, "torn")
    (page,) = world.mock.gateway.pages  # the customer had it, although we never saw it
    world.mock.app.send("GET", f"/pages/mpi/{page}?outcome=challenge")
    assert type(world.resolve(raised.value)) is Paid
    assert len(world.mock.sent) == 1


def test_a_search_that_lags_says_nothing_too_early(make: Callable[..., World]) -> None:
    world = make(lag=1500.0)
    unknown = lost(world, "cardAuthorize", "lost after")
    assert isinstance(world.resolve(unknown), Open)
    assert type(world.resolve(unknown, wait=7200)) is Paid


@pytest.mark.parametrize("mode", MODES)
def test_partial_cancellations(mode: Mode, make: Callable[..., World]) -> None:
    """One at a time: the list before and the list after tell whether it was carried out."""
    world = make()
    request = world.linked("cardCancel", amount="300")
    world.call("cardCancel", request)
    world.mock.advance(3600)
    with pytest.raises(OutcomeUnknown) as raised:
        world.call("cardCancel", request, mode)
    outcome = world.resolve(raised.value)
    assert type(outcome) is (Done if LANDED[mode] else Open), outcome
    assert len(world.wire.orders) == 2
    given_back = sum(amount for _, target, amount in world.state()[0] if target == "customer")
    assert given_back == (600 if LANDED[mode] else 300)


def test_two_equal_cancellations_in_a_minute_settle_nothing(make: Callable[..., World]) -> None:
    world = make()
    request = world.linked("cardCancel", amount="300")
    world.call("cardCancel", request)
    with pytest.raises(OutcomeUnknown) as raised:
        world.call("cardCancel", request, "lost after")
    for _ in range(2):
        assert isinstance(world.resolve(raised.value), Open)
        world.mock.advance(86_400)


def test_a_refused_cancellation_was_not_done(make: Callable[..., World]) -> None:
    world = make()
    request = world.linked("cardCancel", amount="300")
    world.mock.script("cardCancel", provider="AG44")
    with pytest.raises(OutcomeUnknown) as raised:
        world.call("cardCancel", request, "lost after")
    assert type(world.resolve(raised.value)) is NotDone


def test_no_second_order_while_one_is_open(make: Callable[..., World]) -> None:
    """With a journal; until it is known that nothing was paid."""
    journal = MemoryJournal(clock=lambda: 0.0)
    world = World("sync", journal=journal)
    try:
        unknown = lost(world, "cardAuthorize", "lost before")
        again = world.linked("cardAuthorize", amount="900")
        with pytest.raises(Exception, match="cardAuthorize") as refused:
            world.call("cardAuthorize", again)
        assert not isinstance(refused.value, MdkError)
        assert len(world.wire.orders) == 1
        world.mock.advance(1900)
        assert type(world.resolve(unknown)) is NotPaid
        world.call("cardAuthorize", world.linked("cardAuthorize"))
        assert len(world.wire.orders) == 2
    finally:
        world.close()


DONE = b'{"result":{"mstatus":"success","vResultCode":"D001000000000000"}}'


def _answers(connection: Any, server: srv.Server) -> bool:
    """Answer every request, and keep the connection."""
    if not srv.read_request(connection, server):
        return False
    head = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"
    connection.sendall(head % len(DONE) + DONE)
    return True


@pytest.mark.socket
def test_an_order_has_a_connection_of_its_own(flavour: str) -> None:
    """No order meets a connection that has gone stale in the pool; questions may share one."""
    from kessai import Environment
    from kessai_mdk import AsyncMdkClient, MdkClient

    names = ["searchSearch", "cvsAuthorize", "searchSearch", "cvsAuthorize", "cvsCancel"]
    with srv.Server(_answers) as server:
        options: dict[str, Any] = {
            "merchant_ccid": MERCHANT_CCID,
            "merchant_secret_key": MERCHANT_SECRET_KEY,
            "environment": Environment(api=server.url, token=server.url),
        }
        requests = [(operations.OPERATIONS[n], request_of(n, _undated(n))) for n in names]
        if flavour == "sync":
            with MdkClient(**options) as mdk:
                for operation, request in requests:
                    mdk.raw(operation, request)
        else:
            import asyncio

            async def call() -> None:
                async with AsyncMdkClient(**options) as mdk:
                    for operation, request in requests:
                        await mdk.raw(operation, request)

            asyncio.run(call())
        assert len(server.processed) == 5
        assert server.connections == 4  # one for both questions, one for each order


def _undated(name: str) -> dict[str, Any]:
    body = COMMANDS[name]()
    body.pop("payLimit", None)
    return body
