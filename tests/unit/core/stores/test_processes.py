"""Several processes at one store, and processes that are killed in the middle."""

from __future__ import annotations

import multiprocessing
import os
import sqlite3
import time
from collections.abc import Callable, Generator
from contextlib import ExitStack, closing, contextmanager
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import pytest
from kessai.stores.base import Full, Slot, StoreError
from kessai.stores.redis import RedisDedupe, RedisJournal, RedisSlots
from kessai.stores.sqlite import SqliteDedupe, SqliteJournal, SqliteSlots

from tests.support.redis_server import LazyRedis, connect
from tests.unit.core.stores import processes
from tests.unit.core.stores.houses import age

SPAWN = multiprocessing.get_context("spawn")
KINDS = ["sqlite", pytest.param("redis", marks=pytest.mark.redis)]

PROCESSES = 10
LIMIT = 5
ROUNDS = 20


@pytest.fixture
def address(request: pytest.FixtureRequest, tmp_path: Path, lazy_redis: LazyRedis) -> str:
    if request.param == "sqlite":
        return str(tmp_path / "kessai.db")
    with closing(connect(lazy_redis.url())) as client:
        client.flushall()
    return lazy_redis.url()


@contextmanager
def started(
    target: Callable[..., None], *args: object
) -> Generator[tuple[Connection, Callable[[], None]], None, None]:
    """Start a process that reports to a pipe; give the pipe and the way to kill the process.

    Whatever happens, the process is dead in the end, and a report that does not come is an error.
    """
    ours, theirs = SPAWN.Pipe()
    process = SPAWN.Process(target=target, args=(*args, theirs), daemon=True)
    process.start()
    theirs.close()

    def kill() -> None:
        process.kill()  # SIGKILL: no clean-up runs
        process.join()

    try:
        yield ours, kill
    finally:
        kill()
        process.close()
        ours.close()


def heard(report: Connection) -> Any:
    """Receive what a process reports; one that hangs fails the test instead of stopping it."""
    assert report.poll(120), "the process does not report"
    return report.recv()


@pytest.mark.parametrize("address", KINDS, indirect=True)
def test_ten_processes_get_exactly_what_there_is(address: str) -> None:
    barrier = SPAWN.Barrier(PROCESSES, timeout=100)
    with ExitStack() as stack:
        reports = [
            stack.enter_context(started(processes.compete, address, LIMIT, ROUNDS, barrier))[0]
            for _ in range(PROCESSES)
        ]
        won = [heard(report) for report in reports]
    for number in range(ROUNDS):
        slots, claims, sends = zip(*(told[number] for told in won), strict=True)
        assert (sum(slots), sum(claims), sum(sends)) == (LIMIT, 1, 1), f"round {number}"


@pytest.mark.parametrize("address", KINDS, indirect=True)
def test_what_a_killed_process_held_is_free_after_its_lease(address: str) -> None:
    with started(processes.take_and_hang, address) as (report, kill):
        assert heard(report) == (True, "claimed", True)
        kill()
    offset = 0.0

    def clock() -> float:
        return time.time() + offset

    redis = address.startswith("redis://")
    dedupe = RedisDedupe(address) if redis else SqliteDedupe(address, clock=clock)
    slots = RedisSlots(address) if redis else SqliteSlots(address, clock=clock)
    journal = RedisJournal(address) if redis else SqliteJournal(address, clock=clock)
    assert dedupe.claim("event", 60).state == "busy"
    assert isinstance(slots.acquire("shop", 1, 60), Full)
    assert journal.take("charge:1", 60) is None
    if redis:
        with closing(connect(address)) as client:
            age(client, 61)
    else:
        offset = 61.0
    assert dedupe.claim("event", 60).state == "claimed"
    assert isinstance(slots.acquire("shop", 1, 60), Slot)
    (unknown,) = journal.pending(0)
    assert (unknown.state, unknown.attempts) == ("unknown", 1)
    assert journal.take("charge:1", 60) is not None
    for store in (dedupe, slots, journal):
        store.disconnect()


def test_a_process_killed_inside_a_change_leaves_nothing(tmp_path: Path) -> None:
    path = str(tmp_path / "kessai.db")
    impatient = SqliteDedupe(path, timeout=0)
    with started(processes.hang_inside_a_change, path) as (report, kill):
        assert heard(report) == "inside"
        with pytest.raises(StoreError, match="locked"):
            impatient.claim("event", 60)
        kill()
        assert impatient.claim("event", 60).state == "claimed"
    impatient.disconnect()
    with closing(sqlite3.connect(path)) as db:
        assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")
def test_a_store_survives_a_fork(tmp_path: Path) -> None:
    with started(processes.fork_with_an_open_store, str(tmp_path / "kessai.db")) as (report, _):
        states, child, attempts = heard(report)
    assert states == ["claimed", "busy", "claimed", "busy"]
    assert (child, attempts) == (0, 1)
