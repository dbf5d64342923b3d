"""The mock behind a network that loses things, for both clients.

The unmodified clients run; only their transport is ours. Faults are httpx2's own exceptions and
answers, as a real socket gives them (``test_socket_faults`` holds the engine against those).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Literal

import httpx2
from kessai import Environment, System
from kessai_gmo import AsyncGmoClient, GmoClient

from tests.unit.mock.driver import ORIGIN, SHOP, Answer, Driver, exchange

Mode = Literal["fine", "not sent", "lost before", "lost after", "half", "half, unannounced"]

MODES: list[Mode] = ["not sent", "lost before", "lost after", "half", "half, unannounced"]
LANDED: dict[Mode, bool] = {
    "not sent": False,
    "lost before": False,
    "lost after": True,
    "half": True,
    "half, unannounced": True,
}
NOW = 1767574800.0  # where the mock's clock stands: 2026-01-05 10:00 in Japan


def _forever(modes: Sequence[Mode], then: Mode) -> Iterator[Mode]:
    yield from modes
    while True:
        yield then


class Wire(httpx2.BaseTransport, httpx2.AsyncBaseTransport):
    """Carries requests to the mock, with a fault for each attempt it is told about."""

    def __init__(self, driver: Driver) -> None:
        self.driver = driver
        self.keys: list[str | None] = []
        self._modes = _forever([], "fine")

    def script(self, modes: Sequence[Mode], then: Mode = "fine") -> None:
        """What becomes of the next requests, and of all after them."""
        self._modes = _forever(modes, then)

    def once(self, mode: Mode) -> None:
        """Let the next request fail, and heal."""
        self.script([mode])

    def always(self, mode: Mode) -> None:
        """Let every request fail until told otherwise."""
        self.script([], then=mode)

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        mode = self._before(request)
        answer = self.driver.request(
            request.method, str(request.url), headers=request.headers, content=request.read()
        )
        return _after(mode, answer)

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        mode = self._before(request)
        content = await request.aread()
        answer = await exchange(
            self.driver.app, request.method, str(request.url), request.headers, content
        )
        return _after(mode, answer)

    def _before(self, request: httpx2.Request) -> Mode:
        self.keys.append(request.headers.get("idempotency-key"))
        mode = next(self._modes)
        if mode == "not sent":
            raise httpx2.ConnectError("connection refused")
        if mode == "lost before":
            raise httpx2.ReadError("connection reset")
        return mode

    def options(self) -> dict[str, Any]:
        """What a client of this network is told; its pauses take no time."""

        async def pause(seconds: float) -> None: ...

        return {
            "environment": Environment(api=ORIGIN, token=ORIGIN),
            "transport": self,
            "system": System(wall=lambda: NOW, sleep=lambda seconds: None, sleep_async=pause),
        }


def _after(mode: Mode, answer: Answer) -> httpx2.Response:
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

    def __init__(self, flavour: str, wire: Wire) -> None:
        self._wire = wire
        options = wire.options()
        self._sync = GmoClient(*SHOP, **options) if flavour == "sync" else None
        self._async = AsyncGmoClient(*SHOP, **options) if flavour == "async" else None

    def raw(self, operation: Any, request: Any) -> Any:
        """Run an operation."""
        if self._sync is not None:
            return self._sync.raw(operation, request)
        assert self._async is not None
        return self._wire.driver.run(self._async.raw(operation, request))

    def resolve(self, unknown: Any, **options: Any) -> Any:
        """Settle an unknown outcome."""
        if self._sync is not None:
            return self._sync.resolve(unknown, **options)
        assert self._async is not None
        return self._wire.driver.run(self._async.resolve(unknown, **options))

    def close(self) -> None:
        """Close the client."""
        if self._sync is not None:
            self._sync.close()
        if self._async is not None:
            self._wire.driver.run(self._async.aclose())
