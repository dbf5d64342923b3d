"""Stores in one SQLite file, shared by all processes of one machine.

Each store opens its own connection; several stores may name the same file. ``clock`` answers
seconds since 1970 and must be the same for all processes (the machine's clock is): when it jumps,
leases end early or late by as much. ``timeout`` is how many seconds a change waits for the other
processes before it raises StoreError.

The journal and the dedupe marks are on the disk before they are answered. Slots and tokens are not:
a power cut takes their holders along.
"""

from __future__ import annotations

from typing import ClassVar

from kessai.stores.checks import check_limit, check_seconds, check_text, new_owner
from kessai.stores.sqlite_file import SqliteStore
from kessai.stores.sqlite_journal import SqliteJournal
from kessai.stores.values import Claim, Full, Slot, TokenTurn

__all__ = ["SqliteDedupe", "SqliteJournal", "SqliteSlots", "SqliteTokens"]


class SqliteDedupe(SqliteStore):
    """``DedupeStore`` in a SQLite file."""

    durable: ClassVar[bool] = True

    def claim(self, key: str, lease_seconds: float) -> Claim:
        """See ``DedupeStore.claim``."""
        check_text("key", key)
        check_seconds("lease_seconds", lease_seconds)
        owner = new_owner()
        with self._file.change() as db:
            # The clock is read inside: the wait for the file may have been long.
            now = self._clock()
            row = db.execute(
                "SELECT done, until FROM dedupe WHERE key = ? AND until > ?", (key, now)
            ).fetchone()
            if row is not None:
                return Claim("done") if row[0] else Claim("busy", wait=row[1] - now)
            # Two old marks go for each new one, so that the table cannot grow for ever.
            db.execute(
                "DELETE FROM dedupe WHERE key IN "
                "(SELECT key FROM dedupe WHERE until <= ? ORDER BY until LIMIT 2)",
                (now,),
            )
            db.execute(
                "INSERT OR REPLACE INTO dedupe VALUES (?, 0, ?, ?)",
                (key, owner, now + lease_seconds),
            )
        return Claim("claimed", owner)

    def done(self, key: str, owner: str, keep_seconds: float) -> bool:
        """See ``DedupeStore.done``."""
        check_text("key", key)
        check_seconds("keep_seconds", keep_seconds)
        with self._file.change() as db:
            now = self._clock()
            other = db.execute(
                "SELECT 1 FROM dedupe WHERE key = ? AND until > ? AND owner <> ?", (key, now, owner)
            ).fetchone()
            if other is not None:
                return False
            db.execute(
                "INSERT OR REPLACE INTO dedupe VALUES (?, 1, ?, ?)",
                (key, owner, now + keep_seconds),
            )
        return True

    def release(self, key: str, owner: str) -> bool:
        """See ``DedupeStore.release``."""
        with self._file.change() as db:
            gone = db.execute(
                "DELETE FROM dedupe WHERE key = ? AND owner = ? AND done = 0 AND until > ?",
                (key, owner, self._clock()),
            )
            return gone.rowcount == 1


class SqliteSlots(SqliteStore):
    """``SlotStore`` in a SQLite file."""

    durable: ClassVar[bool] = False

    def acquire(self, name: str, limit: int, lease_seconds: float) -> Slot | Full:
        """See ``SlotStore.acquire``."""
        check_text("name", name)
        check_limit("limit", limit)
        check_seconds("lease_seconds", lease_seconds)
        owner = new_owner()
        with self._file.change() as db:
            now = self._clock()
            db.execute("DELETE FROM slots WHERE name = ? AND until <= ?", (name, now))
            taken, earliest = db.execute(
                "SELECT count(*), min(until) FROM slots WHERE name = ?", (name,)
            ).fetchone()
            if taken >= limit:
                return Full(earliest - now)
            slot = Slot(name, owner, now + lease_seconds)
            db.execute("INSERT INTO slots VALUES (?, ?, ?)", slot)
        return slot

    def release(self, slot: Slot) -> bool:
        """See ``SlotStore.release``."""
        with self._file.change() as db:
            gone = db.execute(
                "DELETE FROM slots WHERE name = ? AND owner = ? AND until > ?",
                (slot.name, slot.owner, self._clock()),
            )
            return gone.rowcount == 1


class SqliteTokens(SqliteStore):
    """``TokenStore`` in a SQLite file. The token stands in it as it is; the file's mode is 0600."""

    durable: ClassVar[bool] = False

    def take(
        self, name: str, lease_seconds: float, *, min_seconds: float = 0.0, refused: str = ""
    ) -> TokenTurn:
        """See ``TokenStore.take``."""
        check_text("name", name)
        check_seconds("lease_seconds", lease_seconds)
        check_seconds("min_seconds", min_seconds, zero=True)
        with self._file.change() as db:
            now = self._clock()
            row = db.execute(
                "SELECT token, good_until, life, until FROM tokens WHERE name = ?", (name,)
            ).fetchone()
            token, good_until, life, until = row or ("", 0.0, 0.0, 0.0)
            if token and token != refused and good_until - now > min(min_seconds, life / 2):
                return TokenTurn("token", good_until - now, token=token)
            if until > now:
                return TokenTurn("wait", until - now)
            owner = new_owner()
            db.execute(
                "INSERT OR REPLACE INTO tokens VALUES (?, ?, ?, ?, ?, ?)",
                (name, token, good_until, life, owner, now + lease_seconds),
            )
        return TokenTurn("fetch", lease_seconds, owner=owner)

    def put(self, name: str, owner: str, token: str, seconds: float) -> bool:
        """See ``TokenStore.put``."""
        check_seconds("seconds", seconds)
        with self._file.change() as db:
            kept = db.execute(
                "UPDATE tokens SET token = ?, good_until = ?, life = ?, owner = '', until = 0 "
                "WHERE name = ? AND owner = ? AND owner <> ''",
                (token, self._clock() + seconds, seconds, name, owner),
            )
            return kept.rowcount == 1

    def give_up(self, name: str, owner: str) -> bool:
        """See ``TokenStore.give_up``."""
        with self._file.change() as db:
            ended = db.execute(
                "UPDATE tokens SET owner = '', until = 0 "
                "WHERE name = ? AND owner = ? AND owner <> ''",
                (name, owner),
            )
            return ended.rowcount == 1
