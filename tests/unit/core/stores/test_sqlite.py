"""What only the SQLite file can get wrong: the file itself."""

from __future__ import annotations

import sqlite3
import stat
from collections.abc import Generator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, Protocol, TypeVar

import pytest
from kessai.errors import ConfigurationError
from kessai.stores.base import Entry, StoreError
from kessai.stores.sqlite import SqliteDedupe, SqliteJournal, SqliteSlots, SqliteTokens
from kessai.stores.sqlite_file import SqliteFile

from tests.unit.core.stores.houses import Clock


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "kessai.db"


def test_what_must_survive_a_power_cut_is_synchronous(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[sqlite3.Connection] = []
    connect = sqlite3.connect

    def spying(*args: Any, **options: Any) -> sqlite3.Connection:
        opened.append(connect(*args, **options))
        return opened[-1]

    monkeypatch.setattr(sqlite3, "connect", spying)
    stores: list[Disconnecting] = [
        SqliteJournal(path),
        SqliteDedupe(path),
        SqliteSlots(path),
        SqliteTokens(path),
    ]
    synchronous = [db.execute("PRAGMA synchronous").fetchone()[0] for db in opened]
    modes = {db.execute("PRAGMA journal_mode").fetchone()[0] for db in opened}
    for store in stores:
        store.disconnect()
    full, normal = 2, 1
    assert synchronous == [full, full, normal, normal]
    assert modes == {"wal"}


def test_only_the_owner_can_read_the_file(path: Path) -> None:
    with closing_store(SqliteTokens(path)) as tokens:
        turn = tokens.take("shop", 10)
        assert tokens.put("shop", turn.owner, "T1", 60)
        modes = {stat.S_IMODE(file.stat().st_mode) for file in path.parent.glob("kessai.db*")}
    assert modes == {0o600}


def test_the_file_is_found_again(path: Path) -> None:
    with closing_store(SqliteJournal(path)) as journal:
        entry = open_entry(journal)
        assert journal.attempt(entry, 1, 60)
        assert journal.close(entry, "open", {"reason": "電話"})
    with closing_store(SqliteJournal(path)) as journal:
        (found,) = journal.pending(0)
        assert dict(found.record) == {"reason": "電話"}
        journal.disconnect()
        assert journal.get("charge:1") is not None, "a closed store opens again by itself"


def test_a_wrong_place_is_refused(path: Path, tmp_path: Path) -> None:
    for wrong in (":memory:", "", "file:x.db?mode=memory"):
        with pytest.raises(ConfigurationError, match="needs a file"):
            SqliteDedupe(wrong)
    with pytest.raises(ConfigurationError, match="nowhere"):
        SqliteDedupe(tmp_path / "nowhere" / "kessai.db")
    with pytest.raises(ConfigurationError):
        SqliteDedupe(tmp_path)
    path.write_bytes(b"no database, but a long enough text" * 100)
    with pytest.raises(ConfigurationError, match="not a database"):
        SqliteDedupe(path)


def test_somebody_elses_database_is_left_alone(path: Path) -> None:
    with closing(sqlite3.connect(path)) as db:
        db.execute("CREATE TABLE customers (name TEXT)")
        db.commit()
    before = path.read_bytes()
    with pytest.raises(ConfigurationError, match="not a file of kessai's"):
        SqliteJournal(path)
    assert path.read_bytes() == before


def test_a_newer_schema_is_refused(path: Path) -> None:
    SqliteJournal(path).disconnect()
    with closing(sqlite3.connect(path)) as db:
        db.execute("PRAGMA user_version=2")
    with pytest.raises(ConfigurationError, match="schema version 2, this kessai reads 1"):
        SqliteJournal(path)


def test_opening_waits_for_the_file_alone(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The switch to WAL does not wait by itself while somebody else writes."""
    SqliteDedupe(path).disconnect()
    with closing(sqlite3.connect(path, isolation_level=None)) as writer:
        writer.execute("PRAGMA journal_mode=DELETE")
        writer.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreError, match="locked"):
            SqliteDedupe(path, timeout=0)
        waits: list[float] = []

        def wait(seconds: float) -> None:
            waits.append(seconds)
            if len(waits) == 3:
                writer.execute("ROLLBACK")

        monkeypatch.setattr("kessai.stores.sqlite_file.time.sleep", wait)
        with closing_store(SqliteDedupe(path, timeout=60)) as dedupe:
            assert dedupe.claim("event", 30).state == "claimed"
        assert len(waits) == 3


def test_a_file_that_stays_locked_is_a_store_error(path: Path) -> None:
    with closing_store(SqliteDedupe(path, timeout=0)) as dedupe:
        with closing(sqlite3.connect(path, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            with pytest.raises(StoreError, match="locked"):
                dedupe.claim("event", 30)
        assert dedupe.claim("event", 30).state == "claimed"


def test_a_broken_file_is_a_store_error(path: Path) -> None:
    with closing_store(SqliteSlots(path)) as slots:
        with closing(sqlite3.connect(path)) as other:
            other.execute("DROP TABLE slots")
        with pytest.raises(StoreError, match=r"kessai\.db: no such table"):
            slots.acquire("shop", 5, 10)


def test_a_change_that_fails_leaves_nothing(path: Path) -> None:
    clock = Clock()
    with closing_store(SqliteDedupe(path, clock=clock)) as dedupe:
        file = SqliteFile(path, timeout=0, durable=True)
        insert = "INSERT INTO dedupe VALUES ('event', 1, 'x', 9e9)"

        def failing() -> None:
            with file.change() as db:
                db.execute(insert)
                raise KeyError

        with pytest.raises(KeyError):
            failing()
        assert dedupe.claim("event", 30).state == "claimed"
        file.close()


def test_the_clock_is_read_when_nobody_else_can_write(path: Path) -> None:
    """A lease counted from before the wait for the file could be over when it begins."""
    refused = 0

    def clock() -> float:
        nonlocal refused
        with closing(sqlite3.connect(path, timeout=0, isolation_level=None)) as other:
            try:
                other.execute("BEGIN IMMEDIATE")
            except sqlite3.OperationalError:
                refused += 1
        return 1_767_600_000.0

    with closing_store(SqliteDedupe(path, clock=clock)) as dedupe:
        claim = dedupe.claim("event", 30)
        assert dedupe.done("event", claim.owner, 100)
    with closing_store(SqliteSlots(path, clock=clock)) as slots:
        slots.acquire("shop", 5, 30)
    with closing_store(SqliteJournal(path, clock=clock)) as journal:
        assert journal.attempt(open_entry(journal), 1, 60)
    assert refused == 5


def test_old_marks_go_as_new_ones_come(path: Path) -> None:
    clock = Clock()
    with closing_store(SqliteDedupe(path, clock=clock)) as dedupe:
        for number in range(60):
            dedupe.claim(f"event:{number}", 10)
            clock.now += 1
    with closing(sqlite3.connect(path)) as db:
        assert db.execute("SELECT count(*) FROM dedupe").fetchone()[0] <= 12


class Disconnecting(Protocol):
    def disconnect(self) -> None: ...


StoreT = TypeVar("StoreT", bound=Disconnecting)


@contextmanager
def closing_store(store: StoreT) -> Generator[StoreT, None, None]:
    try:
        yield store
    finally:
        store.disconnect()


def open_entry(journal: SqliteJournal) -> Entry:
    return journal.open(
        "charge:1", digest="d", operation="creditCharge", key="k", reference={}, lease_seconds=60
    ).entry
