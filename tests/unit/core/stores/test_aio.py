"""Sync stores in an event loop: files on a thread, memory on none, cancellation harmless."""

from __future__ import annotations

import asyncio
import threading
from pathlib import Path

from kessai.stores.aio import AsyncDedupe, AsyncJournal, AsyncSlots
from kessai.stores.base import Claim, Slot
from kessai.stores.memory import MemoryDedupe, MemorySlots
from kessai.stores.sqlite import SqliteJournal


class Watching(MemoryDedupe):
    """Remembers which thread it was called on, and can be held up there."""

    def __init__(self) -> None:
        super().__init__()
        self.threads: list[str] = []
        self.entered = threading.Event()
        self.go = threading.Event()
        self.go.set()

    def claim(self, key: str, lease_seconds: float) -> Claim:
        self.threads.append(threading.current_thread().name)
        self.entered.set()
        self.go.wait()
        return super().claim(key, lease_seconds)


class Blocking(Watching):
    """The same, saying that it blocks."""

    blocking = True


class Undeclared:
    """A store of somebody else's, which says nothing about blocking."""

    def __init__(self) -> None:
        self.inner = Watching()

    def claim(self, key: str, lease_seconds: float) -> Claim:
        return self.inner.claim(key, lease_seconds)

    def done(self, key: str, owner: str, keep_seconds: float) -> bool:
        return self.inner.done(key, owner, keep_seconds)

    def release(self, key: str, owner: str) -> bool:
        return self.inner.release(key, owner)


def test_memory_stays_in_the_loop_and_files_get_one_thread() -> None:
    async def scenario() -> None:
        direct, blocking, undeclared = Watching(), Blocking(), Undeclared()
        for store in (direct, blocking, undeclared):
            adapter = AsyncDedupe(store)
            await asyncio.gather(*(adapter.claim(f"{n}", 30) for n in range(20)))
            await adapter.disconnect()
        assert set(direct.threads) == {threading.current_thread().name}
        for threads in (blocking.threads, undeclared.inner.threads):
            assert len(threads) == 20
            assert len(set(threads)) == 1
            assert threads[0].startswith("kessai-store")

    asyncio.run(scenario())


def test_the_loop_goes_on_while_a_store_blocks() -> None:
    async def scenario() -> None:
        store = Blocking()
        store.go.clear()
        adapter = AsyncDedupe(store)
        claiming = asyncio.create_task(adapter.claim("event", 30))
        await asyncio.to_thread(store.entered.wait)
        assert not claiming.done()
        store.go.set()
        assert (await claiming).state == "claimed"
        await adapter.disconnect()

    asyncio.run(scenario())


def test_a_cancelled_claim_ends_with_its_lease_at_the_latest() -> None:
    async def scenario() -> None:
        store = Blocking()
        store.go.clear()
        adapter = AsyncDedupe(store)
        claiming = asyncio.create_task(adapter.claim("event", 30))
        await asyncio.to_thread(store.entered.wait)
        claiming.cancel()
        assert isinstance(
            (await asyncio.gather(claiming, return_exceptions=True))[0], BaseException
        )
        store.go.set()
        again = await adapter.claim("event", 30)
        assert again.state == "busy"
        assert 0 < again.wait <= 30
        await adapter.disconnect()

    asyncio.run(scenario())


def test_a_store_opens_again_after_disconnecting(tmp_path: Path) -> None:
    async def scenario() -> None:
        journal = AsyncJournal(SqliteJournal(tmp_path / "kessai.db"))
        for _ in range(2):
            assert await journal.get("charge:1") is None
            await journal.disconnect()
            await journal.disconnect()

    asyncio.run(scenario())


def test_many_tasks_never_exceed_the_limit() -> None:
    async def scenario() -> None:
        slots = AsyncSlots(MemorySlots())
        inside = most = 0

        async def call() -> None:
            nonlocal inside, most
            while True:
                slot = await slots.acquire("shop", 5, 60)
                if isinstance(slot, Slot):
                    break
                await asyncio.sleep(0)
            inside += 1
            most = max(most, inside)
            await asyncio.sleep(0)
            inside -= 1
            assert await slots.release(slot)

        await asyncio.gather(*(call() for _ in range(200)))
        assert most == 5

    asyncio.run(scenario())
