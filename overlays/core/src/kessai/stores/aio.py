"""Memory and SQLite stores for an event loop.

``AsyncJournal(SqliteJournal("kessai.db"))`` and so on. A store that reads and writes files
(``blocking``) works on one thread of its own, started at its first use; a memory store is called
directly and starts none. Redis has its own room, ``kessai.stores.redis_aio``.

A task that is cancelled while its store works does not stop the store: what was claimed or opened
then stays so until its lease ends.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, TypeVar

from kessai.stores.base import DedupeStore, JournalStore, SlotStore, TokenStore

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping
    from concurrent.futures import ThreadPoolExecutor

    from kessai.stores.values import Claim, End, Entry, Full, Opened, Pending, Slot, TokenTurn

StoreT = TypeVar("StoreT")
ValueT = TypeVar("ValueT")


class _Adapter(Generic[StoreT]):
    """A sync store, and the thread it blocks if it blocks."""

    def __init__(self, store: StoreT) -> None:
        """Wrap a store. One that does not say whether it blocks gets a thread."""
        self.store = store
        self._blocking = bool(getattr(store, "blocking", True))
        self._thread: ThreadPoolExecutor | None = None

    async def disconnect(self) -> None:
        """End the thread and close the store's file. The next use opens both again."""
        disconnect: Callable[[], None] | None = getattr(self.store, "disconnect", None)
        if disconnect is not None:
            await self._run(disconnect)
        thread, self._thread = self._thread, None
        if thread is not None:
            thread.shutdown(wait=False)

    async def _run(self, call: Callable[[], ValueT]) -> ValueT:
        if not self._blocking:
            return call()
        import asyncio

        if self._thread is None:
            from concurrent.futures import ThreadPoolExecutor

            # One thread is enough: a file takes one change at a time anyway.
            self._thread = ThreadPoolExecutor(1, thread_name_prefix="kessai-store")
        return await asyncio.get_running_loop().run_in_executor(self._thread, call)


class AsyncDedupe(_Adapter[DedupeStore]):
    """``AsyncDedupeStore`` over a sync store."""

    async def claim(self, key: str, lease_seconds: float) -> Claim:
        """See ``DedupeStore.claim``."""
        return await self._run(lambda: self.store.claim(key, lease_seconds))

    async def done(self, key: str, owner: str, keep_seconds: float) -> bool:
        """See ``DedupeStore.done``."""
        return await self._run(lambda: self.store.done(key, owner, keep_seconds))

    async def release(self, key: str, owner: str) -> bool:
        """See ``DedupeStore.release``."""
        return await self._run(lambda: self.store.release(key, owner))


class AsyncSlots(_Adapter[SlotStore]):
    """``AsyncSlotStore`` over a sync store."""

    async def acquire(self, name: str, limit: int, lease_seconds: float) -> Slot | Full:
        """See ``SlotStore.acquire``."""
        return await self._run(lambda: self.store.acquire(name, limit, lease_seconds))

    async def release(self, slot: Slot) -> bool:
        """See ``SlotStore.release``."""
        return await self._run(lambda: self.store.release(slot))


class AsyncTokens(_Adapter[TokenStore]):
    """``AsyncTokenStore`` over a sync store."""

    async def take(
        self, name: str, lease_seconds: float, *, min_seconds: float = 0.0, refused: str = ""
    ) -> TokenTurn:
        """See ``TokenStore.take``."""
        return await self._run(
            lambda: self.store.take(name, lease_seconds, min_seconds=min_seconds, refused=refused)
        )

    async def put(self, name: str, owner: str, token: str, seconds: float) -> bool:
        """See ``TokenStore.put``."""
        return await self._run(lambda: self.store.put(name, owner, token, seconds))

    async def give_up(self, name: str, owner: str) -> bool:
        """See ``TokenStore.give_up``."""
        return await self._run(lambda: self.store.give_up(name, owner))


class AsyncJournal(_Adapter[JournalStore]):
    """``AsyncJournalStore`` over a sync store."""

    async def open(
        self,
        intent: str,
        *,
        digest: str,
        operation: str,
        key: str,
        reference: Mapping[str, str],
        lease_seconds: float,
    ) -> Opened:
        """See ``JournalStore.open``."""
        return await self._run(
            lambda: self.store.open(
                intent,
                digest=digest,
                operation=operation,
                key=key,
                reference=reference,
                lease_seconds=lease_seconds,
            )
        )

    async def attempt(self, entry: Entry, number: int, lease_seconds: float) -> bool:
        """See ``JournalStore.attempt``."""
        return await self._run(lambda: self.store.attempt(entry, number, lease_seconds))

    async def renew(self, entry: Entry, lease_seconds: float) -> bool:
        """See ``JournalStore.renew``."""
        return await self._run(lambda: self.store.renew(entry, lease_seconds))

    async def close(self, entry: Entry, end: End, record: Mapping[str, str]) -> bool:
        """See ``JournalStore.close``."""
        return await self._run(lambda: self.store.close(entry, end, record))

    async def take(self, intent: str, lease_seconds: float) -> Entry | None:
        """See ``JournalStore.take``."""
        return await self._run(lambda: self.store.take(intent, lease_seconds))

    async def get(self, intent: str) -> Entry | None:
        """See ``JournalStore.get``."""
        return await self._run(lambda: self.store.get(intent))

    async def pending(
        self,
        older_than: float,
        *,
        states: Collection[Pending] = ("unknown", "open"),
        limit: int = 100,
        after: Entry | None = None,
    ) -> list[Entry]:
        """See ``JournalStore.pending``."""
        return await self._run(
            lambda: self.store.pending(older_than, states=states, limit=limit, after=after)
        )

    async def forget(self, older_than: float, *, limit: int = 1000) -> int:
        """See ``JournalStore.forget``."""
        return await self._run(lambda: self.store.forget(older_than, limit=limit))
