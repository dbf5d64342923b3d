"""The async driver on virtual time: many at once, cancelled, and never a thread."""

from __future__ import annotations

import asyncio
import threading
from typing import Any

import httpx2
import pytest
from kessai.client import AsyncClient
from kessai.hooks import CallEnded
from kessai.stores.aio import AsyncJournal
from kessai.stores.memory import MemoryJournal
from kessai.system import System

from tests.support.core_fake import ENVIRONMENT, PAY, FakeGateway, MarkAuth, PayRequest
from tests.support.virtual_loop import run_virtual

BODY = b'{"id": "R-1", "state": "AUTH"}'


async def one_second(request: httpx2.Request) -> httpx2.Response:
    await asyncio.sleep(1.0)
    return httpx2.Response(200, content=BODY)


def client(handler: Any, **options: Any) -> AsyncClient:
    system = System(monotonic=asyncio.get_running_loop().time)
    transport = httpx2.MockTransport(handler)
    return AsyncClient(
        FakeGateway(), MarkAuth(), ENVIRONMENT, transport=transport, system=system, **options
    )


def test_a_thousand_calls_take_as_long_as_one() -> None:
    """1,000 calls of one virtual second each end in one virtual second, without a thread."""

    async def main() -> tuple[float, int, int]:
        loop = asyncio.get_running_loop()
        async with client(one_second) as gateway:
            values = await asyncio.gather(
                *(gateway.run(PAY, PayRequest(f"A-{n}")) for n in range(1000))
            )
        return loop.time(), len(values), threading.active_count()

    before = threading.active_count()
    assert run_virtual(main()) == (1.0, 1000, before)


def test_pauses_are_the_loops() -> None:
    """A pause lets the others run."""
    order: list[str] = []

    async def flaky(request: httpx2.Request) -> httpx2.Response:
        first = "first" not in order
        order.append("first" if first else "second")
        if first:
            raise httpx2.ConnectError("x")
        return httpx2.Response(200, content=BODY)

    async def main() -> float:
        async with client(flaky) as gateway:

            async def other() -> None:
                await asyncio.sleep(0.1)
                order.append("other")

            await asyncio.gather(gateway.run(PAY, PayRequest()), other())
        return asyncio.get_running_loop().time()

    assert 0.25 <= run_virtual(main()) <= 0.5
    assert order == ["first", "other", "second"]


def test_cancelled_while_an_order_is_under_way() -> None:
    """CancelledError, and the order stays in the journal; the hooks say that it may have left."""
    journal = MemoryJournal()
    events: list[Any] = []

    async def main() -> None:
        async with client(
            one_second, journal=AsyncJournal(journal), hooks=[events.append]
        ) as gateway:
            async with asyncio.timeout(0.5):
                await gateway.run(PAY, PayRequest())

    with pytest.raises(TimeoutError):
        run_virtual(main())
    entry = journal.get("fake:shop1:test:pay:orderId=A-1")
    assert entry is not None
    assert (entry.state, entry.attempts) == ("sending", 1)
    last = events[-1]
    assert isinstance(last, CallEnded)
    assert (last.end, last.maybe_sent, last.error) == ("abandoned", True, "CancelledError")


def test_cancelled_before_anything_left() -> None:
    """Then nothing was maybe sent."""
    events: list[Any] = []

    async def refused(request: httpx2.Request) -> httpx2.Response:
        raise httpx2.ConnectError("x")

    async def main() -> None:
        async with client(refused, hooks=[events.append]) as gateway:
            async with asyncio.timeout(0.1):
                await gateway.run(PAY, PayRequest())

    with pytest.raises(TimeoutError):
        run_virtual(main())
    assert (events[-1].end, events[-1].maybe_sent) == ("abandoned", False)


def test_one_client_on_two_loops() -> None:
    """A client made outside any loop serves one after another."""
    shared = AsyncClient(
        FakeGateway(), MarkAuth(), ENVIRONMENT, transport=httpx2.MockTransport(one_second)
    )
    for _ in range(2):
        assert run_virtual(shared.run(PAY, PayRequest())).id == "R-1"
    run_virtual(shared.aclose())
