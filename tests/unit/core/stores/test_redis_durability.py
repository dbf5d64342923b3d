"""A journal on a server that may forget is refused; on one that does not, it survives a crash."""

from __future__ import annotations

import asyncio
from collections.abc import Generator
from contextlib import contextmanager
from typing import Any

import pytest
from kessai.errors import ConfigurationError
from kessai.stores.redis import RedisDedupe, RedisJournal
from kessai.stores.redis_aio import AsyncRedisJournal

from tests.support.redis_server import DURABLE, LazyRedis, RedisServer
from tests.unit.core.stores.houses import OPEN

pytestmark = pytest.mark.redis


@contextmanager
def setting(client: Any, name: str, value: str) -> Generator[None, None, None]:
    before = client.config_get(name)[name]
    client.config_set(name, value)
    try:
        yield
    finally:
        client.config_set(name, before)


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("appendonly", "no", "write each change to disk"),
        ("appendfsync", "everysec", "write each change to disk"),
        ("no-appendfsync-on-rewrite", "yes", "during rewrites"),
        ("maxmemory-policy", "allkeys-lru", "when memory is short"),
    ],
)
def test_the_journal_refuses_a_server_that_forgets(
    client: Any, name: str, value: str, told: str
) -> None:
    RedisJournal(client)
    with setting(client, name, value):
        with pytest.raises(ConfigurationError, match=told) as caught:
            RedisJournal(client)
        assert "check_durability=False" in str(caught.value)
        accepted = RedisJournal(client, check_durability=False)
        assert accepted.open("charge:1", **OPEN).verdict == "opened"
        RedisDedupe(client).claim("event", 30)


def test_a_server_that_does_not_tell_is_refused(client: Any, lazy_redis: LazyRedis) -> None:
    client.execute_command("ACL", "SETUSER", "shop", "on", ">geheim", "~*", "+@all", "-config")
    url = lazy_redis.url().replace("redis://", "redis://shop:geheim@")
    with pytest.raises(ConfigurationError, match="does not tell") as caught:
        RedisJournal(url)
    assert "geheim" not in str(caught.value)


def test_the_async_journal_looks_before_its_first_entry(client: Any, lazy_redis: LazyRedis) -> None:
    async def scenario() -> None:
        journal = AsyncRedisJournal(lazy_redis.url())
        with pytest.raises(ConfigurationError, match="write each change"):
            await journal.check()
        with pytest.raises(ConfigurationError, match="write each change"):
            await journal.open("charge:1", **OPEN)
        careless = AsyncRedisJournal(lazy_redis.url(), check_durability=False)
        assert (await careless.open("charge:1", **OPEN)).verdict == "opened"
        await journal.disconnect()
        await careless.disconnect()

    with setting(client, "appendfsync", "everysec"):
        asyncio.run(scenario())


class Told:
    """A client whose server gives prepared answers."""

    def __init__(self, info: object, *, flat: bool) -> None:
        self.info = info
        self.flat = flat

    def execute_command(self, *args: Any, **options: Any) -> Any:
        if args[0] == "INFO":
            return self.info
        values = {
            "appendonly": "yes",
            "appendfsync": "always",
            "no-appendfsync-on-rewrite": "no",
            "maxmemory-policy": "volatile-lru",
        }
        name = args[2]
        pair = {name.encode(): values[name].encode()} if self.flat else {name: values[name]}
        return [part for item in pair.items() for part in item] if self.flat else pair


@pytest.mark.parametrize(
    "info",
    [
        {"connected_slaves": 1},
        {"cluster_enabled": 1},
        b"# Replication\r\nrole:master\r\nconnected_slaves:2\r\n",
        "# Cluster\r\ncluster_enabled:1\r\n",
    ],
)
@pytest.mark.parametrize("flat", [True, False])
def test_a_server_that_may_fail_over_is_refused(info: object, flat: bool) -> None:
    with pytest.raises(ConfigurationError, match="replicas"):
        RedisJournal(Told(info, flat=flat))
    RedisJournal(Told({"connected_slaves": 0, "cluster_enabled": 0}, flat=flat))


def test_what_was_acknowledged_survives_a_crash() -> None:
    with RedisServer(*DURABLE) as server:
        journal = RedisJournal(server.url)
        entry = journal.open("charge:1", **OPEN).entry
        assert journal.attempt(entry, 1, 60)
        server.crash_and_restart()
        found = journal.get("charge:1")
        assert found is not None
        assert (found.state, found.attempts) == ("sending", 1)
        assert journal.close(entry, "done", {}), "and its owner still owns it"
        journal.disconnect()
