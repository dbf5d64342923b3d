"""A mock behind a network that loses things.

Unmodified clients run over it; only their transport is ours. Faults are httpx2's own exceptions and
answers, as a real socket gives them (``test_socket_faults`` holds the engine against those).
"""

from __future__ import annotations

from collections.abc import Coroutine, Iterator, Mapping, Sequence
from itertools import repeat
from typing import Any, Literal, Protocol, TypeVar

import httpx2
from kessai import System

from tests.support.mock_driver import exchange

Mode = Literal["fine", "not sent", "lost before", "lost after", "half", "half, unannounced"]

MODES: list[Mode] = ["not sent", "lost before", "lost after", "half", "half, unannounced"]
LANDED: dict[Mode, bool] = {
    "not sent": False,
    "lost before": False,
    "lost after": True,
    "half": True,
    "half, unannounced": True,
}
NOW = 1767574800.0  # where a mock's clock stands: 2026-01-05 10:00 in Japan
T = TypeVar("T")


class Reply(Protocol):
    """An answer of a mock."""

    @property
    def status(self) -> int: ...
    @property
    def headers(self) -> dict[str, str]: ...
    @property
    def content(self) -> bytes: ...


class Mock(Protocol):
    """A mock called in this thread: a driver of ``tests.unit.mock``."""

    app: Any

    def request(
        self,
        method: str,
        path: str,
        /,
        *,
        headers: Mapping[str, str] | None = None,
        content: bytes = b"",
    ) -> Reply: ...

    def run(self, work: Coroutine[Any, Any, T], /) -> T: ...


class Wire(httpx2.BaseTransport, httpx2.AsyncBaseTransport):
    """Carries requests to the mock, with a fault for each attempt it is told about."""

    key_header = "idempotency-key"

    def __init__(self, mock: Mock) -> None:
        self.mock = mock
        self.keys: list[str | None] = []
        self.paths: list[str] = []
        self._modes: Iterator[Mode] = repeat("fine")

    def script(self, modes: Sequence[Mode], then: Mode = "fine") -> None:
        """What becomes of the next requests, and of all after them."""

        def each() -> Iterator[Mode]:
            yield from modes
            while True:
                yield then

        self._modes = each()

    def once(self, mode: Mode) -> None:
        """Let the next request fail, and heal."""
        self.script([mode])

    def always(self, mode: Mode) -> None:
        """Let every request fail until told otherwise."""
        self.script([], then=mode)

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        mode = self._before(request)
        answer = self.mock.request(
            request.method, str(request.url), headers=request.headers, content=request.read()
        )
        return _after(mode, answer)

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        mode = self._before(request)
        content = await request.aread()
        answer = await exchange(
            self.mock.app, request.method, str(request.url), request.headers, content
        )
        return _after(mode, answer)

    def _before(self, request: httpx2.Request) -> Mode:
        self.keys.append(request.headers.get(self.key_header))
        self.paths.append(request.url.path)
        mode = next(self._modes)
        if mode == "not sent":
            raise httpx2.ConnectError("connection refused")
        if mode == "lost before":
            raise httpx2.ReadError("connection reset")
        return mode

    def options(self) -> dict[str, Any]:
        """What a client of this network is told; its pauses take no time."""

        async def pause(seconds: float) -> None: ...

        system = System(wall=lambda: NOW, sleep=lambda seconds: None, sleep_async=pause)
        return {"transport": self, "system": system}


def _after(mode: Mode, answer: Reply) -> httpx2.Response:
    headers, content = dict(answer.headers), answer.content
    headers["content-length"] = str(len(content))
    if mode == "lost after":
        raise httpx2.ReadError("connection reset")
    if mode.startswith("half"):
        content = content[: len(content) // 2]
    if mode == "half, unannounced":
        del headers["content-length"]
    if mode == "half":
        raise httpx2.RemoteProtocolError("peer closed connection without sending complete body")
    return httpx2.Response(answer.status, headers=headers, content=content)


class Caller:
    """A sync or an async client, called alike."""

    def __init__(self, wire: Wire, sync: Any = None, asynchronous: Any = None) -> None:
        self._wire, self._sync, self._async = wire, sync, asynchronous

    def raw(self, operation: Any, request: Any, **options: Any) -> Any:
        """Run an operation."""
        if self._sync is not None:
            return self._sync.raw(operation, request, **options)
        return self._wire.mock.run(self._async.raw(operation, request, **options))

    def resolve(self, unknown: Any, **options: Any) -> Any:
        """Settle an unknown outcome."""
        if self._sync is not None:
            return self._sync.resolve(unknown, **options)
        return self._wire.mock.run(self._async.resolve(unknown, **options))

    def close(self) -> None:
        """Close the client."""
        if self._sync is not None:
            self._sync.close()
        if self._async is not None:
            self._wire.mock.run(self._async.aclose())
