"""Every test that asks for a house runs in all of them."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support.redis_server import LazyRedis, connect
from tests.unit.core.stores.houses import NAMES, House, build


@pytest.fixture(scope="session")
def lazy_redis() -> Iterator[LazyRedis]:
    """Keep one server for the whole run."""
    server = LazyRedis()
    yield server
    server.stop()


@pytest.fixture(
    params=[
        pytest.param(name, marks=[pytest.mark.redis] if name.startswith("redis") else [])
        for name in NAMES
    ]
)
def house(request: pytest.FixtureRequest, tmp_path: Path, lazy_redis: LazyRedis) -> Iterator[House]:
    """Build each house in turn."""
    with build(request.param, tmp_path, lazy_redis) as built:
        yield built


@pytest.fixture
def client(lazy_redis: LazyRedis) -> Generator[Any, None, None]:
    """Look at an empty server from outside the stores."""
    client = connect(lazy_redis.url())
    client.flushall()
    yield client
    client.close()
