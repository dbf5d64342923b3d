"""Every store fits its protocol (the type checkers say so), and nothing is imported too early."""

from __future__ import annotations

import inspect
import subprocess
import sys
from pathlib import Path

import pytest
from kessai.stores import base
from kessai.stores.aio import AsyncDedupe, AsyncJournal, AsyncSlots, AsyncTokens
from kessai.stores.memory import MemoryDedupe, MemoryJournal, MemorySlots, MemoryTokens
from kessai.stores.redis import RedisDedupe, RedisJournal, RedisSlots, RedisTokens
from kessai.stores.redis_aio import (
    AsyncRedisDedupe,
    AsyncRedisJournal,
    AsyncRedisSlots,
    AsyncRedisTokens,
)
from kessai.stores.sqlite import SqliteDedupe, SqliteJournal, SqliteSlots, SqliteTokens

DEDUPE: list[type[base.DedupeStore]] = [MemoryDedupe, SqliteDedupe, RedisDedupe]
SLOTS: list[type[base.SlotStore]] = [MemorySlots, SqliteSlots, RedisSlots]
TOKENS: list[type[base.TokenStore]] = [MemoryTokens, SqliteTokens, RedisTokens]
JOURNAL: list[type[base.JournalStore]] = [MemoryJournal, SqliteJournal, RedisJournal]
ASYNC_DEDUPE: list[type[base.AsyncDedupeStore]] = [AsyncDedupe, AsyncRedisDedupe]
ASYNC_SLOTS: list[type[base.AsyncSlotStore]] = [AsyncSlots, AsyncRedisSlots]
ASYNC_TOKENS: list[type[base.AsyncTokenStore]] = [AsyncTokens, AsyncRedisTokens]
ASYNC_JOURNAL: list[type[base.AsyncJournalStore]] = [AsyncJournal, AsyncRedisJournal]

PAIRS: list[tuple[type, type, list[type], list[type]]] = [
    (base.DedupeStore, base.AsyncDedupeStore, [*DEDUPE], [*ASYNC_DEDUPE]),
    (base.SlotStore, base.AsyncSlotStore, [*SLOTS], [*ASYNC_SLOTS]),
    (base.TokenStore, base.AsyncTokenStore, [*TOKENS], [*ASYNC_TOKENS]),
    (base.JournalStore, base.AsyncJournalStore, [*JOURNAL], [*ASYNC_JOURNAL]),
]


def methods(kind: type) -> dict[str, inspect.Signature]:
    return {
        name: inspect.signature(method)
        for name, method in vars(kind).items()
        if inspect.isfunction(method) and not name.startswith("_")
    }


@pytest.mark.parametrize(("sync", "twin", "stores", "async_stores"), PAIRS)
def test_all_houses_have_the_same_doors(
    sync: type, twin: type, stores: list[type], async_stores: list[type]
) -> None:
    wanted = methods(sync)
    assert wanted
    assert methods(twin) == wanted
    for store in [*stores, *async_stores]:
        found = methods(store)
        assert {name: found.get(name) for name in wanted} == wanted
        assert all(
            inspect.iscoroutinefunction(getattr(store, name)) == (store in async_stores)
            for name in wanted
        )


@pytest.mark.parametrize(
    ("module", "absent"),
    [
        ("kessai", ["kessai.stores", "sqlite3", "redis", "asyncio"]),
        ("kessai.stores.base", ["kessai.stores.memory", "sqlite3", "redis", "asyncio"]),
        ("kessai.stores.memory", ["sqlite3", "redis", "asyncio"]),
        ("kessai.stores.aio", ["sqlite3", "redis", "asyncio", "concurrent.futures"]),
        ("kessai.stores.sqlite", ["redis", "asyncio"]),
        ("kessai.stores.redis", ["redis", "sqlite3", "asyncio"]),
        ("kessai.receive", ["kessai.stores.memory", "sqlite3", "redis", "asyncio"]),
    ],
)
def test_imports_stay_cheap(module: str, absent: list[str], tmp_path: Path) -> None:
    code = f"import sys, {module}; print([m for m in {absent!r} if m in sys.modules])"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=tmp_path
    )
    assert done.stdout.strip() == "[]"
