"""How the Redis stores reach their server, and whether it keeps what it was told."""

from __future__ import annotations

import importlib
import inspect
from typing import TYPE_CHECKING, Any, Final, Protocol, TypeVar

from kessai.errors import ConfigurationError, StoreError
from kessai.stores.redis_asks import text

if TYPE_CHECKING:
    from collections.abc import Awaitable, Generator

    from kessai.stores.redis_asks import Ask

ValueT = TypeVar("ValueT")

_SETTINGS: Final = ("appendonly", "appendfsync", "no-appendfsync-on-rewrite", "maxmemory-policy")
_INSTEAD: Final = (
    "Mend that, keep the journal in SQLite, or pass check_durability=False to accept that entries "
    "can be lost."
)


class RedisClient(Protocol):
    """What the stores use of a ``redis.Redis``."""

    def execute_command(self, *args: Any, **options: Any) -> Any:
        """Send one command and return its reply."""
        ...


class AsyncRedisClient(Protocol):
    """What the stores use of a ``redis.asyncio.Redis``."""

    def execute_command(self, *args: Any, **options: Any) -> Awaitable[Any]:
        """Send one command and return its reply."""
        ...


class Server:
    """A Redis server reached with a sync client."""

    def __init__(self, server: str | RedisClient, *, timeout: float) -> None:
        """Take a client, or make one for a URL that waits ``timeout`` seconds at most."""
        self._own = isinstance(server, str)
        self._client: Any = _client("redis", server, timeout)
        if inspect.iscoroutinefunction(self._client.execute_command):
            raise ConfigurationError("an async Redis client needs kessai.stores.redis_aio")
        self._errors = _errors()

    def run(self, steps: Generator[tuple[Any, ...], Any, ValueT]) -> ValueT:
        """Send what the steps ask for until they are done."""
        try:
            command = next(steps)
            while True:
                try:
                    reply: Any = self._client.execute_command(*command)
                except self._errors as error:
                    command = steps.throw(error)
                else:
                    command = steps.send(reply)
        except StopIteration as end:
            value: ValueT = end.value
            return value
        except self._errors as error:
            raise StoreError(f"Redis store: {type(error).__name__}: {error}") from error

    def ask(self, ask: Ask[ValueT]) -> ValueT:
        """Run one script."""
        return self.run(asking(ask))

    def disconnect(self) -> None:
        """Close the connections, if the client was made here."""
        if self._own:
            self._client.close()


class AsyncServer:
    """A Redis server reached with an asyncio client."""

    def __init__(self, server: str | AsyncRedisClient, *, timeout: float) -> None:
        """Take a client, or make one for a URL that waits ``timeout`` seconds at most."""
        self._own = isinstance(server, str)
        self._client: Any = _client("redis.asyncio", server, timeout)
        if not inspect.iscoroutinefunction(self._client.execute_command):
            raise ConfigurationError("a sync Redis client needs kessai.stores.redis")
        self._errors = _errors()

    async def run(self, steps: Generator[tuple[Any, ...], Any, ValueT]) -> ValueT:
        """Send what the steps ask for until they are done."""
        try:
            command = next(steps)
            while True:
                try:
                    reply: Any = await self._client.execute_command(*command)
                except self._errors as error:
                    command = steps.throw(error)
                else:
                    command = steps.send(reply)
        except StopIteration as end:
            value: ValueT = end.value
            return value
        except self._errors as error:
            raise StoreError(f"Redis store: {type(error).__name__}: {error}") from error

    async def ask(self, ask: Ask[ValueT]) -> ValueT:
        """Run one script."""
        return await self.run(asking(ask))

    async def disconnect(self) -> None:
        """Close the connections, if the client was made here."""
        if self._own:
            await self._client.aclose()


def asking(ask: Ask[ValueT]) -> Generator[tuple[Any, ...], Any, ValueT]:
    """Run a script by its name, and send its text when the server does not know it (any more)."""
    rest = (len(ask.keys), *ask.keys, *ask.args)
    try:
        reply = yield ("EVALSHA", ask.script.sha, *rest)
    except Exception as error:
        if type(error).__name__ != "NoScriptError":
            raise
        reply = yield ("EVAL", ask.script.text, *rest)
    return ask.read(reply)


def checking() -> Generator[tuple[Any, ...], Any, None]:
    """Refuse a server that may forget what it has acknowledged. Raises ConfigurationError."""
    found: dict[str, str] = {}
    try:
        for name in _SETTINGS:
            found.update(_pairs((yield ("CONFIG", "GET", name))))
        info = _pairs_of_info((yield ("INFO", "replication")))
        info.update(_pairs_of_info((yield ("INFO", "cluster"))))
    except Exception as error:
        if type(error).__name__ not in ("ResponseError", "NoPermissionError"):
            raise
        raise ConfigurationError(
            f"the Redis server does not tell how it keeps data ({error}). {_INSTEAD}"
        ) from error
    problems: list[str] = []
    if found.get("appendonly") != "yes" or found.get("appendfsync") != "always":
        problems.append(
            "it does not write each change to disk (appendonly yes, appendfsync always)"
        )
    if found.get("no-appendfsync-on-rewrite") != "no":
        problems.append("it stops doing so during rewrites (no-appendfsync-on-rewrite no)")
    if found.get("maxmemory-policy", "").startswith("allkeys"):
        problems.append("it drops entries when memory is short (maxmemory-policy noeviction)")
    if info.get("connected_slaves", "0") != "0" or info.get("cluster_enabled", "0") != "0":
        problems.append("it has replicas, and a failover loses what they had not received")
    if problems:
        raise ConfigurationError(
            f"the Redis server may lose journal entries: {'; '.join(problems)}. {_INSTEAD}"
        )


def _pairs(reply: Any) -> dict[str, str]:
    # A mapping with RESP3, a flat list with RESP2.
    pairs = reply.items() if hasattr(reply, "items") else zip(reply[::2], reply[1::2], strict=True)
    return {text(name): text(value) for name, value in pairs}


def _pairs_of_info(reply: Any) -> dict[str, str]:
    # redis-py parses INFO; other clients with the same method may not.
    if hasattr(reply, "items"):
        return _pairs(reply)
    lines = (line.split(":", 1) for line in text(reply).splitlines() if ":" in line)
    return {name: value.strip() for name, value in lines}


def _client(module: str, server: object, timeout: float) -> Any:
    if not isinstance(server, str):
        return server
    try:
        redis: Any = importlib.import_module(module)
    except ImportError:
        raise ConfigurationError(_MISSING) from None
    try:
        return redis.from_url(server, socket_timeout=timeout, socket_connect_timeout=timeout)
    except ValueError as error:
        # The address may hold a password: it is not repeated.
        raise ConfigurationError("not a redis://, rediss:// or unix:// address") from error


def _errors() -> tuple[type[Exception], ...]:
    try:
        exceptions: Any = importlib.import_module("redis.exceptions")
    except ImportError:
        raise ConfigurationError(_MISSING) from None
    return (exceptions.RedisError,)


_MISSING: Final = "the Redis stores need the redis package: pip install kessai[redis]"
