"""One SQLite file shared by processes: how it is opened, migrated, locked and carried over a fork.

WAL with ``synchronous=FULL``: a commit is on the disk before it is answered (NORMAL would lose the
last commits at a power cut). Every change runs in ``BEGIN IMMEDIATE``, so what it reads cannot
change under it. The file must be on a local disk: WAL does not work over a network.
"""

from __future__ import annotations

import os
import sqlite3
import time
import weakref
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, ClassVar, Final

from kessai.errors import ConfigurationError, StoreError

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

_APPLICATION_ID: Final = 0x6B657373  # "kess": tells our file from another SQLite database
_VERSION: Final = 1
_SCHEMA: Final = (
    """CREATE TABLE dedupe (key TEXT PRIMARY KEY, done INTEGER NOT NULL, owner TEXT NOT NULL,
       until REAL NOT NULL) WITHOUT ROWID""",
    "CREATE INDEX dedupe_until ON dedupe (until)",
    """CREATE TABLE slots (name TEXT NOT NULL, owner TEXT NOT NULL, until REAL NOT NULL,
       PRIMARY KEY (name, owner)) WITHOUT ROWID""",
    """CREATE TABLE tokens (name TEXT PRIMARY KEY, token TEXT NOT NULL, good_until REAL NOT NULL,
       life REAL NOT NULL, owner TEXT NOT NULL, until REAL NOT NULL) WITHOUT ROWID""",
    """CREATE TABLE journal (intent TEXT PRIMARY KEY, digest TEXT NOT NULL, operation TEXT NOT NULL,
       idempotency_key TEXT NOT NULL, reference TEXT NOT NULL, state TEXT NOT NULL,
       attempts INTEGER NOT NULL, owner TEXT NOT NULL, until REAL NOT NULL, ended TEXT NOT NULL,
       record TEXT NOT NULL, opened_at REAL NOT NULL, first_sent_at REAL,
       changed_at REAL NOT NULL) WITHOUT ROWID""",
    "CREATE INDEX journal_pending ON journal (opened_at, intent) WHERE state <> 'closed'",
    "CREATE INDEX journal_state ON journal (state, changed_at)",
)


@contextmanager
def _transaction(connection: sqlite3.Connection, begin: str) -> Generator[None, None, None]:
    connection.execute(begin)
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        # A failed COMMIT may have ended the transaction already.
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


class SqliteFile:
    """One connection to the file, used by one thread at a time."""

    def __init__(self, path: str | os.PathLike[str], *, timeout: float, durable: bool) -> None:
        """Open the file, and create it (readable by its owner only) if it is not there.

        ``timeout`` is how many seconds a change waits for other processes. Raises
        ConfigurationError for a file that is not ours, newer than this version, or cannot use WAL.
        """
        if os.fspath(path) in ("", ":memory:") or os.fspath(path).startswith("file:"):
            raise ConfigurationError("the SQLite store needs a file: use kessai.stores.memory")
        self._path = Path(path).absolute()
        self._timeout = timeout
        self._durable = durable
        self._lock = Lock()
        self._connection: sqlite3.Connection | None = None
        self._stay_out_of_forks()
        with self._lock:
            self._connect()

    @contextmanager
    def change(self) -> Generator[sqlite3.Connection, None, None]:
        """Run a change alone: what it reads stays true until it is committed."""
        with self._use() as connection, _transaction(connection, "BEGIN IMMEDIATE"):
            yield connection

    @contextmanager
    def read(self) -> Generator[sqlite3.Connection, None, None]:
        """Run one SELECT, which is consistent in itself."""
        with self._use() as connection:
            yield connection

    def close(self) -> None:
        """Close the connection. The next use opens it again."""
        with self._lock:
            self._disconnect()

    @contextmanager
    def _use(self) -> Generator[sqlite3.Connection, None, None]:
        with self._lock:
            try:
                yield self._connection or self._connect()
            except sqlite3.Error as error:
                raise StoreError(f"SQLite store {self._path.name}: {error}") from error

    def _connect(self) -> sqlite3.Connection:
        try:
            # Created by hand, because SQLite would make it readable by everybody.
            os.close(os.open(self._path, os.O_CREAT | os.O_RDWR, 0o600))
            connection = sqlite3.connect(
                self._path, timeout=self._timeout, isolation_level=None, check_same_thread=False
            )
        except (OSError, sqlite3.Error) as error:
            raise ConfigurationError(f"SQLite store {self._path}: {error}") from error
        try:
            self._prepare_patiently(connection)
        except sqlite3.OperationalError as error:
            connection.close()
            raise StoreError(f"SQLite store {self._path.name}: {error}") from error
        except sqlite3.Error as error:
            connection.close()
            raise ConfigurationError(f"SQLite store {self._path}: {error}") from error
        except BaseException:
            connection.close()
            raise
        self._connection = connection
        return connection

    def _disconnect(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _prepare_patiently(self, connection: sqlite3.Connection) -> None:
        # The switch to WAL needs the file alone, and SQLite does not wait for that by itself.
        end = time.monotonic() + self._timeout
        while True:
            try:
                self._prepare(connection)
                return
            except sqlite3.OperationalError as error:
                busy = error.sqlite_errorcode & 0xFF in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)
                if not busy or time.monotonic() >= end:
                    raise
            time.sleep(0.005)

    def _prepare(self, connection: sqlite3.Connection) -> None:
        # Looked at before anything is written: the file may be somebody else's database.
        with _transaction(connection, "BEGIN"):
            self._version(connection)
        (mode,) = connection.execute("PRAGMA journal_mode=WAL").fetchone()
        if mode != "wal":
            raise ConfigurationError(
                f"SQLite store {self._path}: WAL is not possible here; use a local disk"
            )
        connection.execute(f"PRAGMA synchronous={'FULL' if self._durable else 'NORMAL'}")
        connection.execute("PRAGMA fullfsync=ON")  # macOS: fsync alone leaves it in the drive
        with _transaction(connection, "BEGIN IMMEDIATE"):
            if self._version(connection) == 0:
                for statement in _SCHEMA:
                    connection.execute(statement)
                connection.execute(f"PRAGMA application_id={_APPLICATION_ID}")
                connection.execute(f"PRAGMA user_version={_VERSION}")

    def _version(self, connection: sqlite3.Connection) -> int:
        (version,) = connection.execute("PRAGMA user_version").fetchone()
        (application,) = connection.execute("PRAGMA application_id").fetchone()
        (tables,) = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
        if version == 0 and application == 0 and tables == 0:
            return 0
        if application != _APPLICATION_ID:
            raise ConfigurationError(f"SQLite store {self._path}: not a file of kessai's")
        if version != _VERSION:
            raise ConfigurationError(
                f"SQLite store {self._path}: schema version {version}, this kessai reads "
                f"{_VERSION}; upgrade kessai"
            )
        return _VERSION

    def _stay_out_of_forks(self) -> None:
        # A connection carried over a fork would break the locks of both processes. The parent
        # closes it before (waiting for a change under way), and both open their own after.
        register: Callable[..., None] | None = getattr(os, "register_at_fork", None)
        if register is None:
            return
        weak = weakref.ref(self)
        held: list[SqliteFile] = []

        def before() -> None:
            file = weak()
            if file is not None:
                file._lock.acquire()
                held.append(file)
                file._disconnect()

        def after() -> None:
            if held:
                held.pop()._lock.release()

        register(before=before, after_in_parent=after, after_in_child=after)


class SqliteStore:
    """What every store in a file has. ``durable``: on the disk before it is answered."""

    blocking: ClassVar[bool] = True
    durable: ClassVar[bool]

    def __init__(
        self,
        path: str | os.PathLike[str],
        *,
        timeout: float = 10.0,
        clock: Callable[[], float] = time.time,
    ) -> None:
        """Open or create the file. Raises ConfigurationError when it cannot be used."""
        self._clock = clock
        self._file = SqliteFile(path, timeout=timeout, durable=self.durable)

    def disconnect(self) -> None:
        """Close the connection to the file."""
        self._file.close()
