"""Stores on one Redis server (5 or later), shared by everybody who reaches it.

Each takes a ``redis.Redis`` or an address (``redis://127.0.0.1:6379/0``); for an address the client
is made here and waits ``timeout`` seconds at most. Leases run by the server's clock. ``prefix``
starts every key, so that several shops or stages can share a server. Tokens stand there as they
are.

What a failover loses: a slot (one call too many in flight, answered with 429), a dedupe mark (an
event is handled twice), a token (fetched again). A lost journal entry could mean a second payment,
so ``RedisJournal`` looks at the server's settings first.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from kessai.stores import redis_asks as asks
from kessai.stores.checks import check_text
from kessai.stores.redis_server import Server, checking
from kessai.stores.rules import Intent

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from kessai.stores.redis_server import RedisClient
    from kessai.stores.values import Claim, End, Entry, Full, Opened, Pending, Slot, TokenTurn


class _RedisStore:
    """What the four have in common."""

    blocking: ClassVar[bool] = True

    def __init__(
        self, server: str | RedisClient, *, prefix: str = "kessai", timeout: float = 5.0
    ) -> None:
        """Name the server. Nothing is sent yet."""
        check_text("prefix", prefix)
        self._server = Server(server, timeout=timeout)
        self._prefix = prefix

    def disconnect(self) -> None:
        """Close the connections, if the store made them."""
        self._server.disconnect()


class RedisDedupe(_RedisStore):
    """``DedupeStore`` on a Redis server."""

    def claim(self, key: str, lease_seconds: float) -> Claim:
        """See ``DedupeStore.claim``."""
        return self._server.ask(asks.claim(self._prefix, key, lease_seconds))

    def done(self, key: str, owner: str, keep_seconds: float) -> bool:
        """See ``DedupeStore.done``."""
        return self._server.ask(asks.done(self._prefix, key, owner, keep_seconds))

    def release(self, key: str, owner: str) -> bool:
        """See ``DedupeStore.release``."""
        return self._server.ask(asks.release(self._prefix, key, owner))


class RedisSlots(_RedisStore):
    """``SlotStore`` on a Redis server."""

    def acquire(self, name: str, limit: int, lease_seconds: float) -> Slot | Full:
        """See ``SlotStore.acquire``."""
        return self._server.ask(asks.acquire(self._prefix, name, limit, lease_seconds))

    def release(self, slot: Slot) -> bool:
        """See ``SlotStore.release``."""
        return self._server.ask(asks.leave(self._prefix, slot))


class RedisTokens(_RedisStore):
    """``TokenStore`` on a Redis server."""

    def take(
        self, name: str, lease_seconds: float, *, min_seconds: float = 0.0, refused: str = ""
    ) -> TokenTurn:
        """See ``TokenStore.take``."""
        return self._server.ask(
            asks.take_turn(self._prefix, name, lease_seconds, min_seconds, refused)
        )

    def put(self, name: str, owner: str, token: str, seconds: float) -> bool:
        """See ``TokenStore.put``."""
        return self._server.ask(asks.put_token(self._prefix, name, owner, token, seconds))

    def give_up(self, name: str, owner: str) -> bool:
        """See ``TokenStore.give_up``."""
        return self._server.ask(asks.give_up_turn(self._prefix, name, owner))


class RedisJournal(_RedisStore):
    """``JournalStore`` on a Redis server: appendfsync always, and no failover."""

    def __init__(
        self,
        server: str | RedisClient,
        *,
        prefix: str = "kessai",
        timeout: float = 5.0,
        check_durability: bool = True,
    ) -> None:
        """Look at the server's settings.

        Raises ConfigurationError when they, or replicas, allow a written entry to be lost, or when
        the server does not tell (managed servers often forbid CONFIG). ``check_durability=False``
        skips the look: for one who has made sure otherwise, or accepts the loss.
        """
        super().__init__(server, prefix=prefix, timeout=timeout)
        if check_durability:
            self._server.run(checking())

    def open(
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
        return self._server.ask(asks.open_entry(self._prefix, call, lease_seconds))

    def attempt(self, entry: Entry, number: int, lease_seconds: float) -> bool:
        """See ``JournalStore.attempt``."""
        return self._server.ask(asks.attempt(self._prefix, entry, number, lease_seconds))

    def renew(self, entry: Entry, lease_seconds: float) -> bool:
        """See ``JournalStore.renew``."""
        return self._server.ask(asks.renew(self._prefix, entry, lease_seconds))

    def close(self, entry: Entry, end: End, record: Mapping[str, str]) -> bool:
        """See ``JournalStore.close``."""
        return self._server.ask(asks.close(self._prefix, entry, end, record))

    def take(self, intent: str, lease_seconds: float) -> Entry | None:
        """See ``JournalStore.take``."""
        return self._server.ask(asks.take(self._prefix, intent, lease_seconds))

    def get(self, intent: str) -> Entry | None:
        """See ``JournalStore.get``."""
        return self._server.ask(asks.get(self._prefix, intent))

    def pending(
        self,
        older_than: float,
        *,
        states: Collection[Pending] = ("unknown", "open"),
        limit: int = 100,
        after: Entry | None = None,
    ) -> list[Entry]:
        """See ``JournalStore.pending``."""
        return self._server.ask(asks.pending(self._prefix, older_than, states, limit, after))

    def forget(self, older_than: float, *, limit: int = 1000) -> int:
        """See ``JournalStore.forget``."""
        return self._server.ask(asks.forget(self._prefix, older_than, limit))
