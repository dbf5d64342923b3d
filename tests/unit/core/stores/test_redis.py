"""What only a Redis server can get wrong: forgetting, lost answers, being away."""

from __future__ import annotations

import asyncio
import importlib
import sys
from typing import Any

import pytest
from kessai.errors import ConfigurationError
from kessai.stores.base import Entry, Slot, StoreError
from kessai.stores.redis import RedisDedupe, RedisJournal, RedisSlots, RedisTokens
from kessai.stores.redis_aio import AsyncRedisDedupe, AsyncRedisJournal

from tests.support.redis_server import LazyRedis
from tests.unit.core.stores.houses import OPEN

pytestmark = pytest.mark.redis


# --- lost answers --------------------------------------------------------------------------------


class Twice:
    """A client that sends every script twice, as after a lost answer, and returns the second."""

    def __init__(self, client: Any) -> None:
        self.client = client

    def execute_command(self, *args: Any, **options: Any) -> Any:
        if args[0] in ("EVALSHA", "EVAL"):
            self.client.execute_command(*args)
        return self.client.execute_command(*args)


def test_a_repeated_script_changes_and_answers_the_same(client: Any) -> None:
    twice = Twice(client)
    dedupe = RedisDedupe(twice)
    claim = dedupe.claim("event", 30)
    assert claim.state == "claimed"
    assert dedupe.done("event", claim.owner, 60)

    slots = RedisSlots(twice)
    assert isinstance(slots.acquire("shop", 1, 30), Slot)
    assert client.zcard("kessai:slots:shop") == 1

    tokens = RedisTokens(twice)
    turn = tokens.take("shop", 10)
    assert turn.state == "fetch"
    assert tokens.put("shop", turn.owner, "T1", 60)
    assert tokens.take("shop", 10).token == "T1"

    journal = RedisJournal(twice)
    entry = journal.open("charge:1", **OPEN).entry
    assert entry.owner
    assert journal.attempt(entry, 1, 60)
    assert not journal.attempt(entry, 1, 60), "but a second call is a second attempt"
    assert journal.attempt(entry, 2, 60)
    assert journal.renew(entry, 60)
    assert journal.close(entry, "unknown", {})
    taken = journal.take("charge:1", 60)
    assert taken is not None
    assert taken.owner
    assert journal.close(taken, "not_done", {})
    assert journal.get("charge:1") is None
    again = journal.open("charge:1", **OPEN)
    assert again.verdict == "opened"
    assert journal.close(again.entry, "done", {})
    assert journal.open("charge:1", **OPEN).verdict == "closed"


def test_a_freed_entry_leaves_no_trace_but_for_a_minute(client: Any) -> None:
    journal = RedisJournal(client)
    entry = journal.open("charge:1", **OPEN).entry
    assert journal.close(entry, "not_done", {})
    (left,) = client.keys("*")
    assert 0 < client.pttl(left) <= 60_000
    assert journal.get("charge:1") is None
    assert journal.take("charge:1", 60) is None
    assert journal.pending(0) == []


def test_a_server_that_lost_the_scripts_gets_them_again(client: Any) -> None:
    dedupe = RedisDedupe(client)
    assert dedupe.claim("a", 30).state == "claimed"
    client.script_flush()
    assert dedupe.claim("a", 30).state == "busy"


# --- keys and clients ----------------------------------------------------------------------------


def test_everything_but_the_journal_expires_by_itself(client: Any) -> None:
    slots, tokens = RedisSlots(client), RedisTokens(client)
    RedisDedupe(client).claim("event", 30)
    slots.acquire("shop", 5, 100)
    slots.acquire("shop", 5, 10)
    turn = tokens.take("shop", 10)
    assert tokens.put("shop", turn.owner, "T", 50)
    assert 29_000 < client.pttl("kessai:dedupe:event") <= 30_000
    assert 99_000 < client.pttl("kessai:slots:shop") <= 100_000
    assert 86_449_000 < client.pttl("kessai:tokens:shop") <= 86_450_000
    journal = RedisJournal(client)
    entry = journal.open("charge:1", **OPEN).entry
    assert journal.attempt(entry, 1, 1)
    kept = {key for key in client.keys("*") if client.pttl(key) == -1}
    assert kept == {b"{kessai:journal}:entry:charge:1", b"{kessai:journal}:open"}


def test_pending_reads_on_behind_its_first_page(client: Any) -> None:
    journal = RedisJournal(client)
    for number in range(240):
        entry = journal.open(f"charge:{number:03}", **OPEN).entry
        if number % 3:
            assert journal.attempt(entry, 1, 60)
            assert journal.close(entry, "unknown", {})
    wanted = [f"charge:{number:03}" for number in range(240) if number % 3]
    assert [entry.intent for entry in journal.pending(0, limit=1000)] == wanted
    assert [entry.intent for entry in journal.pending(0, limit=150)] == wanted[:150]


def test_pending_pages_within_one_millisecond(client: Any) -> None:
    journal = RedisJournal(client)
    names = ["charge:決", "charge:a", "charge:Z", "charge:10", "charge:2"]
    for name in names:
        entry = journal.open(name, **OPEN).entry
        assert journal.attempt(entry, 1, 60)
        assert journal.close(entry, "unknown", {})
        client.hset(f"{{kessai:journal}}:entry:{name}", "opened", 1_767_600_000_123)
        client.zadd("{kessai:journal}:open", {name: 1_767_600_000_123})
    seen: list[str] = []
    while page := journal.pending(0, limit=2, after=last(journal, seen)):
        seen += [entry.intent for entry in page]
    assert seen == sorted(names, key=str.encode)


def last(journal: RedisJournal, seen: list[str]) -> Entry | None:
    return journal.get(seen[-1]) if seen else None


def test_prefixes_keep_shops_apart(client: Any) -> None:
    one, two = RedisJournal(client, prefix="a"), RedisJournal(client, prefix="b")
    entry = one.open("charge:1", **OPEN).entry
    assert one.attempt(entry, 1, 60)
    assert one.close(entry, "unknown", {})
    assert two.pending(0) == []
    assert two.open("charge:1", **OPEN).verdict == "opened"
    with pytest.raises(ConfigurationError, match="prefix"):
        RedisJournal(client, prefix="")


@pytest.mark.parametrize("options", [{"decode_responses": True}, {"protocol": 3}])
def test_clients_that_read_answers_their_own_way(
    lazy_redis: LazyRedis, client: Any, options: dict[str, Any]
) -> None:
    other = importlib.import_module("redis").from_url(lazy_redis.url(), **options)
    journal, tokens = RedisJournal(other), RedisTokens(other)
    entry = journal.open("決済:1", **OPEN).entry
    assert journal.attempt(entry, 1, 60)
    assert journal.close(entry, "open", {"reason": "電話"})
    (found,) = journal.pending(0)
    assert (found.intent, dict(found.record)) == ("決済:1", {"reason": "電話"})
    assert tokens.put("shop", tokens.take("shop", 10).owner, "T", 60)
    assert tokens.take("shop", 10).token == "T"
    other.close()


def test_a_client_of_the_wrong_kind_is_refused(client: Any, lazy_redis: LazyRedis) -> None:
    aio = importlib.import_module("redis.asyncio").from_url(lazy_redis.url())
    with pytest.raises(ConfigurationError, match=r"needs kessai\.stores\.redis_aio"):
        RedisDedupe(aio)
    with pytest.raises(ConfigurationError, match=r"needs kessai\.stores\.redis$"):
        AsyncRedisDedupe(client)
    asyncio.run(aio.aclose())


def test_without_the_package_the_remedy_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("redis", "redis.exceptions", "redis.asyncio"):
        monkeypatch.setitem(sys.modules, name, None)
    for store in (RedisDedupe, AsyncRedisDedupe):
        with pytest.raises(ConfigurationError, match=r"pip install kessai\[redis\]"):
            store("redis://127.0.0.1:6379/0")


def test_a_bad_address_is_refused_without_its_password() -> None:
    with pytest.raises(ConfigurationError, match="not a redis://") as caught:
        RedisDedupe("http://shop:geheim@127.0.0.1/")
    assert "geheim" not in str(caught.value)


class Away:
    """A client whose server is away."""

    def execute_command(self, *args: Any, **options: Any) -> Any:
        raise importlib.import_module("redis.exceptions").ConnectionError("refused")


class AsyncAway:
    """Likewise, for an event loop."""

    async def execute_command(self, *args: Any, **options: Any) -> Any:
        return Away().execute_command()


def test_a_server_that_is_away_is_a_store_error() -> None:
    with pytest.raises(StoreError, match="ConnectionError"):
        RedisDedupe(Away()).claim("event", 30)
    with pytest.raises(StoreError, match="ConnectionError"):
        RedisJournal(Away())
    with pytest.raises(StoreError, match="ConnectionError"):
        asyncio.run(AsyncRedisDedupe(AsyncAway()).claim("event", 30))
    with pytest.raises(StoreError, match="ConnectionError"):
        asyncio.run(AsyncRedisJournal(AsyncAway()).check())
