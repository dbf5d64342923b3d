"""The stores under one roof each, with a clock the tests can turn.

Memory and SQLite read a virtual clock. Redis keeps its own time, so there the past is moved
instead: every stored time is set back.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Generator
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from typing import Any, cast

from kessai.stores.aio import AsyncDedupe, AsyncJournal, AsyncSlots, AsyncTokens
from kessai.stores.base import DedupeStore, JournalStore, SlotStore, TokenStore
from kessai.stores.memory import MemoryDedupe, MemoryJournal, MemorySlots, MemoryTokens
from kessai.stores.redis import RedisDedupe, RedisJournal, RedisSlots, RedisTokens
from kessai.stores.redis_aio import (
    AsyncRedisDedupe,
    AsyncRedisJournal,
    AsyncRedisSlots,
    AsyncRedisTokens,
)
from kessai.stores.sqlite import SqliteDedupe, SqliteJournal, SqliteSlots, SqliteTokens

from tests.support.redis_server import LazyRedis, connect

NAMES = ("memory", "sqlite", "redis", "memory-async", "sqlite-async", "redis-async")


OPEN: dict[str, Any] = {
    "digest": "d",
    "operation": "creditCharge",
    "key": "k",
    "reference": {"orderId": "o"},
    "lease_seconds": 60,
}


class Clock:
    """Seconds since 1970 that pass only when told to."""

    def __init__(self) -> None:
        self.now = 1_767_600_000.0

    def __call__(self) -> float:
        return self.now


class House:
    """One store of each kind."""

    def __init__(
        self,
        dedupe: DedupeStore,
        slots: SlotStore,
        tokens: TokenStore,
        journal: JournalStore,
        advance: Callable[[float], None],
    ) -> None:
        self.dedupe = dedupe
        self.slots = slots
        self.tokens = tokens
        self.journal = journal
        self.advance = advance


class Waited:
    """Async stores called as if they were sync, so that one suite serves both."""

    def __init__(self, store: object, runner: asyncio.Runner) -> None:
        self._store = store
        self._runner = runner

    def __getattr__(self, name: str) -> Any:
        return partial(self._call, name)

    def _call(self, name: str, /, *args: Any, **options: Any) -> Any:
        return self._runner.run(getattr(self._store, name)(*args, **options))


@contextmanager
def build(name: str, folder: Path, lazy_redis: LazyRedis) -> Generator[House, None, None]:
    """Build a house and take it down again."""
    kind, _, is_async = name.partition("-")
    with ExitStack() as stack:
        if kind == "redis":
            stores, advance = _redis(lazy_redis.url(), bool(is_async), stack)
        else:
            stores, advance = _local(kind, folder / "stores.db", bool(is_async), stack)
        if is_async:
            runner = stack.enter_context(asyncio.Runner())
            for store in stores:
                stack.callback(Waited(store, runner).disconnect)
            stores = [Waited(store, runner) for store in stores]
        yield House(
            cast("DedupeStore", stores[0]),
            cast("SlotStore", stores[1]),
            cast("TokenStore", stores[2]),
            cast("JournalStore", stores[3]),
            advance,
        )


def _local(
    kind: str, path: Path, is_async: bool, stack: ExitStack
) -> tuple[list[Any], Callable[[float], None]]:
    clock = Clock()
    stores: list[Any]
    if kind == "memory":
        stores = [
            MemoryDedupe(clock=clock),
            MemorySlots(clock=clock),
            MemoryTokens(clock=clock),
            MemoryJournal(clock=clock),
        ]
    else:
        stores = [
            SqliteDedupe(path, clock=clock),
            SqliteSlots(path, clock=clock),
            SqliteTokens(path, clock=clock),
            SqliteJournal(path, clock=clock),
        ]
        for store in stores:
            stack.callback(store.disconnect)
    if is_async:
        adapters: list[Callable[[Any], Any]] = [AsyncDedupe, AsyncSlots, AsyncTokens, AsyncJournal]
        stores = [adapt(store) for adapt, store in zip(adapters, stores, strict=True)]

    def advance(seconds: float) -> None:
        clock.now += seconds

    return stores, advance


def _redis(url: str, is_async: bool, stack: ExitStack) -> tuple[list[Any], Callable[[float], None]]:
    client = connect(url)
    stack.callback(client.close)
    client.flushall()
    stores: list[Any]
    if is_async:
        stores = [
            AsyncRedisDedupe(url),
            AsyncRedisSlots(url),
            AsyncRedisTokens(url),
            AsyncRedisJournal(url),
        ]
    else:
        stores = [RedisDedupe(url), RedisSlots(url), RedisTokens(url), RedisJournal(url)]
        for store in stores:
            stack.callback(store.disconnect)
    return stores, partial(age, client)


def age(client: Any, seconds: float) -> None:
    """Move all that the stores wrote into the past, as if ``seconds`` had gone by."""
    ms = round(seconds * 1000)
    for key in client.keys("*"):
        kind = client.type(key)
        left = client.pttl(key)
        if kind == b"zset":
            client.zadd(
                key, {name: at - ms for name, at in client.zrange(key, 0, -1, withscores=True)}
            )
        if kind == b"hash":
            for field in (b"good", b"lease", b"opened", b"sent", b"changed"):
                if int(client.hget(key, field) or 0):
                    client.hincrby(key, field, -ms)
        if left > 0 and left <= ms:
            client.delete(key)
        elif left > 0:
            client.pexpire(key, left - ms)
