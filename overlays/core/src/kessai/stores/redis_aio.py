"""``kessai.stores.redis`` for an event loop: the same keys, with ``redis.asyncio``.

A store, like its client, belongs to the event loop it was first used in.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from kessai.stores import redis_asks as asks
from kessai.stores.checks import check_text
from kessai.stores.redis_server import AsyncServer, checking
from kessai.stores.rules import Intent

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from kessai.stores.redis_server import AsyncRedisClient
    from kessai.stores.values import Claim, End, Entry, Full, Opened, Pending, Slot, TokenTurn

ValueT = TypeVar("ValueT")


class _AsyncRedisStore:
    """What the four have in common."""

    def __init__(
        self, server: str | AsyncRedisClient, *, prefix: str = "kessai", timeout: float = 5.0
    ) -> None:
        """Name the server. Nothing is sent yet."""
        check_text("prefix", prefix)
        self._server = AsyncServer(server, timeout=timeout)
        self._prefix = prefix

    async def disconnect(self) -> None:
        """Close the connections, if the store made them."""
        await self._server.disconnect()


class AsyncRedisDedupe(_AsyncRedisStore):
    """``AsyncDedupeStore`` on a Redis server."""

    async def claim(self, key: str, lease_seconds: float) -> Claim:
        """See ``DedupeStore.claim``."""
        return await self._server.ask(asks.claim(self._prefix, key, lease_seconds))

    async def done(self, key: str, owner: str, keep_seconds: float) -> bool:
        """See ``DedupeStore.done``."""
        return await self._server.ask(asks.done(self._prefix, key, owner, keep_seconds))

    async def release(self, key: str, owner: str) -> bool:
        """See ``DedupeStore.release``."""
        return await self._server.ask(asks.release(self._prefix, key, owner))


class AsyncRedisSlots(_AsyncRedisStore):
    """``AsyncSlotStore`` on a Redis server."""

    async def acquire(self, name: str, limit: int, lease_seconds: float) -> Slot | Full:
        """See ``SlotStore.acquire``."""
        return await self._server.ask(asks.acquire(self._prefix, name, limit, lease_seconds))

    async def release(self, slot: Slot) -> bool:
        """See ``SlotStore.release``."""
        return await self._server.ask(asks.leave(self._prefix, slot))


class AsyncRedisTokens(_AsyncRedisStore):
    """``AsyncTokenStore`` on a Redis server."""

    async def take(
        self, name: str, lease_seconds: float, *, min_seconds: float = 0.0, refused: str = ""
    ) -> TokenTurn:
        """See ``TokenStore.take``."""
        return await self._server.ask(
            asks.take_turn(self._prefix, name, lease_seconds, min_seconds, refused)
        )

    async def put(self, name: str, owner: str, token: str, seconds: float) -> bool:
        """See ``TokenStore.put``."""
        return await self._server.ask(asks.put_token(self._prefix, name, owner, token, seconds))

    async def give_up(self, name: str, owner: str) -> bool:
        """See ``TokenStore.give_up``."""
        return await self._server.ask(asks.give_up_turn(self._prefix, name, owner))


class AsyncRedisJournal(_AsyncRedisStore):
    """``AsyncJournalStore`` on a Redis server: appendfsync always, and no failover."""

    def __init__(
        self,
        server: str | AsyncRedisClient,
        *,
        prefix: str = "kessai",
        timeout: float = 5.0,
        check_durability: bool = True,
    ) -> None:
        """Name the server. Its settings are looked at before the first entry (see ``check``)."""
        super().__init__(server, prefix=prefix, timeout=timeout)
        self._unchecked = check_durability

    async def check(self) -> None:
        """Look at the server's settings now, unless ``check_durability`` was False or it is done.

        Raises ConfigurationError for the reasons that ``RedisJournal`` gives. Await it when the
        program starts: the first payment is a bad moment to learn them.
        """
        if self._unchecked:
            await self._server.run(checking())
            self._unchecked = False

    async def _ask(self, ask: asks.Ask[ValueT]) -> ValueT:
        await self.check()
        return await self._server.ask(ask)

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
        call = Intent(intent, digest, operation, key, reference)
        return await self._ask(asks.open_entry(self._prefix, call, lease_seconds))

    async def attempt(self, entry: Entry, number: int, lease_seconds: float) -> bool:
        """See ``JournalStore.attempt``."""
        return await self._ask(asks.attempt(self._prefix, entry, number, lease_seconds))

    async def renew(self, entry: Entry, lease_seconds: float) -> bool:
        """See ``JournalStore.renew``."""
        return await self._ask(asks.renew(self._prefix, entry, lease_seconds))

    async def close(self, entry: Entry, end: End, record: Mapping[str, str]) -> bool:
        """See ``JournalStore.close``."""
        return await self._ask(asks.close(self._prefix, entry, end, record))

    async def take(self, intent: str, lease_seconds: float) -> Entry | None:
        """See ``JournalStore.take``."""
        return await self._ask(asks.take(self._prefix, intent, lease_seconds))

    async def get(self, intent: str) -> Entry | None:
        """See ``JournalStore.get``."""
        return await self._ask(asks.get(self._prefix, intent))

    async def pending(
        self,
        older_than: float,
        *,
        states: Collection[Pending] = ("unknown", "open"),
        limit: int = 100,
        after: Entry | None = None,
    ) -> list[Entry]:
        """See ``JournalStore.pending``."""
        return await self._ask(asks.pending(self._prefix, older_than, states, limit, after))

    async def forget(self, older_than: float, *, limit: int = 1000) -> int:
        """See ``JournalStore.forget``."""
        return await self._ask(asks.forget(self._prefix, older_than, limit))
