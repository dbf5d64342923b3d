"""Receiving in tasks: awaited handlers and keys, and cancellation at the worst moment."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import pytest
from kessai.receive import AsyncReceiver
from kessai.stores.aio import AsyncDedupe
from kessai.stores.base import Claim
from kessai.stores.memory import MemoryDedupe

from tests.unit.core.receiving import BODY, HEADERS, BrokenStore, Event, parse


def test_async_handlers_and_keys_are_awaited() -> None:
    seen: list[str] = []

    async def key(event: Event) -> str:
        await asyncio.sleep(0)
        return f"{event.id}:{event.kind}"

    async def handler(event: Event) -> None:
        await asyncio.sleep(0)
        seen.append(event.kind)

    keys: list[Callable[[Event], str | Awaitable[str]]] = [key, lambda event: event.id]
    for number, name in enumerate(keys):
        receiver = AsyncReceiver(parse, AsyncDedupe(MemoryDedupe()), key=name, name=f"shop{number}")
        assert asyncio.run(receiver.handle(BODY, HEADERS, handler)).outcome == "handled"
    assert seen == ["paid", "paid"]


class SlowStore:
    """An async store whose answers to ``done`` and ``release`` wait for the test."""

    def __init__(self) -> None:
        self.inner = MemoryDedupe()
        self.asked = asyncio.Event()
        self.go = asyncio.Event()

    async def claim(self, key: str, lease_seconds: float) -> Claim:
        return self.inner.claim(key, lease_seconds)

    async def done(self, key: str, owner: str, keep_seconds: float) -> bool:
        self.asked.set()
        await self.go.wait()
        return self.inner.done(key, owner, keep_seconds)

    async def release(self, key: str, owner: str) -> bool:
        self.asked.set()
        await self.go.wait()
        return self.inner.release(key, owner)


@pytest.mark.parametrize(("fails", "left"), [(False, "done"), (True, "claimed")])
def test_a_cancelled_task_still_tells_the_store(fails: bool, left: str) -> None:
    async def scenario() -> str:
        store = SlowStore()
        receiver = AsyncReceiver(parse, store, key=lambda event: event.id, name="shop")

        async def handler(event: Event) -> None:
            if fails:
                raise LookupError

        task = asyncio.create_task(receiver.handle(BODY, HEADERS, handler))
        await store.asked.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        store.go.set()
        for _ in range(5):
            await asyncio.sleep(0)
        return store.inner.claim("shop:e1", 60).state

    assert asyncio.run(scenario()) == left


def test_a_cancelled_handler_frees_the_event() -> None:
    async def scenario() -> None:
        store = MemoryDedupe()
        receiver = AsyncReceiver(parse, AsyncDedupe(store), key=lambda event: event.id, name="shop")
        started = asyncio.Event()

        async def handler(event: Event) -> None:
            started.set()
            await asyncio.Event().wait()

        task = asyncio.create_task(receiver.handle(BODY, HEADERS, handler))
        await started.wait()
        assert store.claim("shop:e1", 60).state == "busy"
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert store.claim("shop:e1", 60).state == "claimed"

    asyncio.run(scenario())


def test_a_store_that_is_away_hides_no_other_error_from_a_task() -> None:
    receiver = AsyncReceiver(
        parse, AsyncDedupe(BrokenStore()), key=lambda event: event.id, name="shop"
    )

    async def failing(event: Event) -> None:
        raise LookupError

    with pytest.raises(LookupError) as caught:
        asyncio.run(receiver.handle(BODY, HEADERS, failing))
    assert len(caught.value.__notes__) == 1
