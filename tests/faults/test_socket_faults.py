"""Faults of real connections, against the table by which the engine decides.

The server runs on loopback. Only the two stalls take real time: 0.05 s each, the read timeout.
"""

from __future__ import annotations

import asyncio
import socket
from typing import Any

import pytest
from kessai.client import AsyncClient, Client
from kessai.environment import Environment, Timeout
from kessai.errors import KessaiError, NotSentError, OutcomeUnknown
from kessai.operation import Answer
from kessai.system import System

from tests.support import core_server as srv
from tests.support.core_fake import (
    LOOK,
    PAY,
    PAY_BARE,
    FakeGateway,
    LookRequest,
    MarkAuth,
    PayRequest,
)

pytestmark = pytest.mark.socket

SHORT = Timeout(connect=5, read=0.05, write=5, pool=5)
LONG = Timeout(connect=5, read=30, write=5, pool=5)


async def no_pause(seconds: float) -> None:
    """Pauses between attempts take no time here."""


SYSTEM = System(sleep=lambda seconds: None, sleep_async=no_pause)


@pytest.fixture(params=["sync", "async"])
def flavour(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def calls(flavour: str, url: str, operations: list[Any], **options: Any) -> list[Any]:
    """Run operations one after another over one client; errors come back as values."""
    environment = Environment(api=url)
    settings: dict[str, Any] = {"system": SYSTEM, "timeout": LONG, "max_attempts": 1, **options}

    def request(operation: Any) -> Any:
        return LookRequest("A-1") if operation is LOOK else PayRequest()

    results: list[Any] = []
    if flavour == "sync":
        with Client(FakeGateway(), MarkAuth(), environment, **settings) as client:
            for operation in operations:
                try:
                    results.append(client.raw(operation, request(operation)))
                except KessaiError as error:
                    results.append(error)
        return results

    async def main() -> None:
        async with AsyncClient(FakeGateway(), MarkAuth(), environment, **settings) as client:
            for operation in operations:
                try:
                    results.append(await client.raw(operation, request(operation)))
                except KessaiError as error:
                    results.append(error)

    asyncio.run(main())
    return results


# What httpx2 calls a connection that ends early depends on which write met the end.
EARLY = {"ReadError", "WriteError", "RemoteProtocolError"}

# behaviour, what the attempt is, what httpx2 says, whether the gateway has processed the order
TABLE = [
    (srv.resets_before, "maybe", EARLY, 0),
    (srv.resets_after, "maybe", {"ReadError"}, 1),
    (srv.closes_before, "maybe", EARLY, 0),
    (srv.closes_after, "maybe", {"RemoteProtocolError"}, 1),
    (srv.half_a_head, "maybe", {"RemoteProtocolError"}, 1),
    (srv.half_a_body, "maybe", {"RemoteProtocolError"}, 1),
    (srv.half_a_chunked_body, "maybe", {"RemoteProtocolError"}, 1),
    (srv.half_a_body_without_length, "maybe", {"UnreadableAnswerError"}, 1),
    (srv.garbage, "maybe", {"RemoteProtocolError"}, 1),
    (srv.a_page, "maybe", {"UnexpectedStatusError"}, 1),
    (srv.stalls, "maybe", {"ReadTimeout"}, 1),
    (srv.stalls_in_the_body, "maybe", {"ReadTimeout"}, 1),
]


@pytest.mark.parametrize(("behaviour", "sent", "errors", "processed"), TABLE)
def test_maybe_sent(
    flavour: str, behaviour: srv.Behaviour, sent: str, errors: set[str], processed: int
) -> None:
    """Whether the order was processed cannot be seen from here: all of these are unknown."""
    stalling = behaviour in {srv.stalls, srv.stalls_in_the_body}
    with srv.Server(behaviour) as server:
        timeout = SHORT if stalling else LONG
        (error,) = calls(flavour, server.url, [PAY], timeout=timeout)
        assert isinstance(error, OutcomeUnknown)
        (attempt,) = error.attempts
        assert attempt.sent == sent
        assert attempt.error in errors
    assert len(server.processed) == processed


def test_refused(flavour: str) -> None:
    """Nobody listens: nothing was sent."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    (error,) = calls(flavour, f"http://127.0.0.1:{port}", [PAY])
    assert type(error) is NotSentError
    assert [(attempt.sent, attempt.error) for attempt in error.attempts] == [("no", "ConnectError")]


def test_answered(flavour: str) -> None:
    """And the whole road works: one connection serves many calls."""
    with srv.Server(srv.answers) as server:
        results = calls(flavour, server.url, [PAY, PAY, LOOK])
        assert [result.status for result in results] == [200] * 3
    assert server.connections == 1
    assert len(server.processed) == 3


def test_a_bare_order_never_meets_a_stale_connection(flavour: str) -> None:
    """Money calls without a key get a connection of their own, each."""
    with srv.Server(srv.answers) as server:
        results = calls(flavour, server.url, [PAY, PAY_BARE, PAY_BARE])
        assert all(isinstance(result, Answer) for result in results)
    # While the pooled one waits, each bare order comes over another.
    assert server.connections == 3
    assert len(server.processed) == 3


def test_a_stale_connection_is_survived(flavour: str) -> None:
    """The gateway closed the pooled connection: the call with a key goes through all the same."""
    with srv.Server(srv.closes_after_one_answer) as server:
        results = calls(flavour, server.url, [PAY, PAY, LOOK], max_attempts=3)
        assert all(isinstance(result, Answer) for result in results)


def test_lost_and_repeated(flavour: str) -> None:
    """Three attempts over real connections carry the same bytes."""
    with srv.Server(srv.resets_after) as server:
        (error,) = calls(flavour, server.url, [PAY], max_attempts=3)
        assert isinstance(error, OutcomeUnknown)
    assert len(server.processed) == 3
    assert len(set(server.processed)) == 1
