"""The journal in a SQLite file: ``kessai.stores.rules`` inside ``BEGIN IMMEDIATE``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from kessai.stores import rules
from kessai.stores.checks import check_limit, check_seconds, new_owner, pack, unpack
from kessai.stores.sqlite_file import SqliteStore
from kessai.stores.values import Entry

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Collection, Mapping

    from kessai.stores.values import End, Opened, Pending

# A send whose owner is gone is unknown; nobody has to come and say so.
_PENDING = (
    "SELECT * FROM journal WHERE state <> 'closed' AND until <= :now "
    "AND CASE state WHEN 'sending' THEN 'unknown' ELSE state END IN (:first, :second) "
    "AND opened_at <= :before AND (opened_at, intent) > (:opened_at, :intent) "
    "ORDER BY opened_at, intent LIMIT :limit"
)
_FORGET = (
    "DELETE FROM journal WHERE intent IN (SELECT intent FROM journal WHERE changed_at <= :before "
    "AND (state = 'closed' OR (state = 'ready' AND until <= :now)) LIMIT :limit)"
)


class SqliteJournal(SqliteStore):
    """``JournalStore`` in a SQLite file: what is answered is on the disk."""

    durable: ClassVar[bool] = True

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
        pack("reference", reference)
        call = rules.Intent(intent, digest, operation, key, dict(reference)).check()
        check_seconds("lease_seconds", lease_seconds)
        owner = new_owner()
        with self._file.change() as db:
            stored = _read(db, intent)
            answer, entry = rules.opened(stored, call, owner, self._clock(), lease_seconds)
            _keep(db, entry)
        return answer

    def attempt(self, entry: Entry, number: int, lease_seconds: float) -> bool:
        """See ``JournalStore.attempt``."""
        check_seconds("lease_seconds", lease_seconds)
        with self._file.change() as db:
            stored = _read(db, entry.intent)
            kept = rules.attempted(stored, entry, number, self._clock(), lease_seconds)
            return _keep(db, kept)

    def renew(self, entry: Entry, lease_seconds: float) -> bool:
        """See ``JournalStore.renew``."""
        check_seconds("lease_seconds", lease_seconds)
        with self._file.change() as db:
            stored = _read(db, entry.intent)
            return _keep(db, rules.renewed(stored, entry, self._clock(), lease_seconds))

    def close(self, entry: Entry, end: End, record: Mapping[str, str]) -> bool:
        """See ``JournalStore.close``."""
        pack("record", record)
        with self._file.change() as db:
            stored = _read(db, entry.intent)
            left = rules.closed(stored, entry, end, record, self._clock())
            if left is not None and end == rules.FREEING:
                db.execute("DELETE FROM journal WHERE intent = ?", (entry.intent,))
                return True
            return _keep(db, left)

    def take(self, intent: str, lease_seconds: float) -> Entry | None:
        """See ``JournalStore.take``."""
        check_seconds("lease_seconds", lease_seconds)
        owner = new_owner()
        with self._file.change() as db:
            entry = rules.taken(_read(db, intent), owner, self._clock(), lease_seconds)
            _keep(db, entry)
        return entry

    def get(self, intent: str) -> Entry | None:
        """See ``JournalStore.get``."""
        with self._file.read() as db:
            stored = _read(db, intent)
            return None if stored is None else rules.shown(stored, self._clock())

    def pending(
        self,
        older_than: float,
        *,
        states: Collection[Pending] = ("unknown", "open"),
        limit: int = 100,
        after: Entry | None = None,
    ) -> list[Entry]:
        """See ``JournalStore.pending``."""
        check_seconds("older_than", older_than, zero=True)
        check_limit("limit", limit)
        with self._file.read() as db:
            now = self._clock()
            rows = db.execute(
                _PENDING,
                {
                    "now": now,
                    "first": "unknown" if "unknown" in states else "",
                    "second": "open" if "open" in states else "",
                    "before": now - older_than,
                    "opened_at": float("-inf") if after is None else after.opened_at,
                    "intent": "" if after is None else after.intent,
                    "limit": limit,
                },
            )
            return [rules.shown(_entry(row), now) for row in rows]

    def forget(self, older_than: float, *, limit: int = 1000) -> int:
        """See ``JournalStore.forget``."""
        check_seconds("older_than", older_than, zero=True)
        check_limit("limit", limit)
        with self._file.change() as db:
            now = self._clock()
            gone = db.execute(_FORGET, {"now": now, "before": now - older_than, "limit": limit})
            return gone.rowcount


def _read(db: sqlite3.Connection, intent: str) -> Entry | None:
    row = db.execute("SELECT * FROM journal WHERE intent = ?", (intent,)).fetchone()
    return None if row is None else _entry(row)


def _entry(row: tuple[Any, ...]) -> Entry:
    stored = Entry(*row)
    return stored._replace(reference=unpack(row[4]), record=unpack(row[10]))


def _keep(db: sqlite3.Connection, entry: Entry | None) -> bool:
    if entry is None:
        return False
    row = entry._replace(
        reference=pack("reference", entry.reference),  # type: ignore[arg-type]
        record=pack("record", entry.record),  # type: ignore[arg-type]
    )
    db.execute("INSERT OR REPLACE INTO journal VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?)", row)
    return True
