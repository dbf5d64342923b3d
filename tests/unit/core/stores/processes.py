"""What the processes of test_processes.py do. Each is started afresh (spawn)."""

from __future__ import annotations

import os
import sqlite3
from multiprocessing.connection import Connection
from multiprocessing.synchronize import Barrier
from typing import Any, NamedTuple

import pytest
from kessai.stores.base import DedupeStore, JournalStore, Slot, SlotStore
from kessai.stores.redis import RedisDedupe, RedisJournal, RedisSlots
from kessai.stores.sqlite import SqliteDedupe, SqliteJournal, SqliteSlots

LONG = 3600.0


class Stores(NamedTuple):
    """The stores of one process."""

    dedupe: DedupeStore
    slots: SlotStore
    journal: JournalStore


def connect(address: str) -> Stores:
    """Open the stores at a file's path or a server's address."""
    if address.startswith("redis://"):
        return Stores(RedisDedupe(address), RedisSlots(address), RedisJournal(address))
    return Stores(SqliteDedupe(address), SqliteSlots(address), SqliteJournal(address))


def compete(address: str, limit: int, rounds: int, barrier: Barrier, report: Connection) -> None:
    """In each round try everything once, all processes at the same moment, and tell who got it.

    A slot is held until every process has tried.
    """
    barrier.wait()  # a new file is opened by all at once, too
    stores = connect(address)
    won: list[tuple[bool, bool, bool]] = []
    for number in range(rounds):
        barrier.wait()
        slot = stores.slots.acquire("shop", limit, LONG)
        claim = stores.dedupe.claim(f"event:{number}", LONG)
        opened = stores.journal.open(
            f"charge:{number}",
            digest="d",
            operation="creditCharge",
            key="k",
            reference={},
            lease_seconds=LONG,
        )
        sent = opened.verdict == "opened" and stores.journal.attempt(opened.entry, 1, LONG)
        won.append((isinstance(slot, Slot), claim.state == "claimed", sent))
        barrier.wait()
        if isinstance(slot, Slot):
            assert stores.slots.release(slot)
        if claim.owner:
            assert stores.dedupe.done(f"event:{number}", claim.owner, LONG)
        if sent:
            assert stores.journal.close(opened.entry, "done", {"by": str(os.getpid())})
    report.send(won)


def take_and_hang(address: str, report: Connection) -> None:
    """Take one of everything, write down a send, and never come back."""
    stores = connect(address)
    slot = stores.slots.acquire("shop", 1, 60)
    claim = stores.dedupe.claim("event", 60)
    entry = stores.journal.open(
        "charge:1", digest="d", operation="op", key="k", reference={}, lease_seconds=60
    ).entry
    sent = stores.journal.attempt(entry, 1, 60)
    report.send((isinstance(slot, Slot), claim.state, sent))
    report.recv()  # nobody sends anything


def hang_inside_a_change(path: str, report: Connection) -> None:
    """Begin to claim, and stop where the clock is read: inside the transaction."""

    def clock() -> float:
        report.send("inside")
        report.recv()  # nobody sends anything
        return 0.0

    SqliteDedupe(path, clock=clock).claim("event", 60)


def fork_with_an_open_store(path: str, report: Connection) -> None:
    """Use a store before and after a fork, in parent and child.

    SQLite forbids to carry a connection over a fork, whether or not it seems to work: each process
    must have opened its own.
    """
    opened_by: list[int] = []
    connect = sqlite3.connect

    def spying(*args: Any, **options: Any) -> Any:
        opened_by.append(os.getpid())
        return connect(*args, **options)

    pytest.MonkeyPatch().setattr(sqlite3, "connect", spying)
    dedupe = SqliteDedupe(path)
    journal = SqliteJournal(path)
    states = [dedupe.claim("before", LONG).state]
    entry = journal.open(
        "charge:1", digest="d", operation="op", key="k", reference={}, lease_seconds=LONG
    ).entry
    child = os.fork()
    if child == 0:
        code = 1
        try:
            seen = [dedupe.claim(key, LONG).state for key in ("before", "child")]
            sent = journal.attempt(entry, 1, LONG)
            own = opened_by.count(os.getpid()) == 2
            code = 0 if seen == ["busy", "claimed"] and sent and own else 2
        finally:
            os._exit(code)
    states += [dedupe.claim(key, LONG).state for key in ("before", "parent")]
    _, status = os.waitpid(child, 0)
    states.append(dedupe.claim("child", LONG).state)
    found = journal.get("charge:1")
    assert found is not None
    report.send((states, os.waitstatus_to_exitcode(status), found.attempts))
