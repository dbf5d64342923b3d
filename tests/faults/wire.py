"""A mock behind a network that loses things.

Unmodified clients run over it; only their transport is ours. Faults are httpx2's own exceptions and
answers, as a real socket gives them (``test_socket_faults`` holds the engine against those).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import repeat
from typing import Any, Literal

import httpx2
from kessai import System

from tests.support import mock_driver
from tests.support.mock_driver import DriverBase

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


class Wire(mock_driver.Wire):
    """Carries requests to the mock, with a fault for each attempt it is told about."""

    key_header = "idempotency-key"

    def __init__(self, mock: DriverBase[Any, Any]) -> None:
        super().__init__(mock)
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
        return _after(mode, self.mock.run(self.carry(request)))

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        mode = self._before(request)
        return _after(mode, await self.carry(request))

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


def _after(mode: Mode, answer: httpx2.Response) -> httpx2.Response:
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
    return httpx2.Response(answer.status_code, headers=headers, content=content)


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
