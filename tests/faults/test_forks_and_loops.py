"""One client in two processes, or in two event loops: nobody reads the other's connection."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys

import pytest
from kessai.client import AsyncClient
from kessai.environment import Environment

from tests.support import core_server as srv
from tests.support.core_fake import LOOK, FakeGateway, LookRequest, MarkAuth

pytestmark = pytest.mark.socket

FORK = """
import os, sys
from kessai.client import Client
from kessai.environment import Environment
from tests.support.core_fake import LOOK, FakeGateway, LookRequest, MarkAuth

client = Client(FakeGateway(), MarkAuth(), Environment(api=sys.argv[1]))
client.run(LOOK, LookRequest("A-1"))
client._building.acquire()  # as another thread of the parent might have
client._desk._lock.acquire()
child = os.fork()
if child:
    client._building.release()
client.run(LOOK, LookRequest("A-1"), {"max_attempts": 1})
if not child:
    assert client._desk._lock.acquire(timeout=0)
    os._exit(0)
sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")
def test_a_forked_child_opens_a_connection_of_its_own() -> None:
    """On the parent's, the child could be given the answer to the parent's order."""
    with srv.Server(srv.answers) as server:
        words = [sys.executable, "-c", FORK, server.url]
        subprocess.run(words, check=True, timeout=60)
        assert server.connections == 2
        assert len(server.processed) == 3


def test_each_event_loop_has_connections_of_its_own() -> None:
    """A connection of a loop that has ended fails as if the order had left."""
    with srv.Server(srv.answers) as server:
        client = AsyncClient(FakeGateway(), MarkAuth(), Environment(api=server.url))

        async def twice() -> None:
            for _ in range(2):
                await client.run(LOOK, LookRequest("A-1"), {"max_attempts": 1})
            for transport in client._lines.here().used():  # pyright: ignore[reportPrivateUsage]
                await transport.aclose()

        async def last() -> None:
            async with client:
                await client.run(LOOK, LookRequest("A-1"), {"max_attempts": 1})
                lines = client._lines._lines  # pyright: ignore[reportPrivateUsage]
                assert len(lines) == 2  # this loop's, and the place of loops that are not asyncio's

        asyncio.run(twice())
        asyncio.run(last())
        assert server.connections == 2
        assert len(server.processed) == 3
