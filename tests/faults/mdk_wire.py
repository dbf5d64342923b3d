"""The MDK's mock behind a network that loses things, for both clients and on one clock."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any, Literal

import httpx2
from kessai import Environment, System
from kessai_mdk import AsyncMdkClient, MdkClient, operations
from kessai_mock.mdk import MERCHANT_CCID, MERCHANT_SECRET_KEY

from tests.support.contract_asgi import ORIGIN, exchange
from tests.support.contract_mdk_client import request_of
from tests.support.contract_mdk_links import link
from tests.support.contract_mdk_mock import Mock

Mode = Literal["fine", "not sent", "lost before", "lost after", "late", "half", "torn", "html"]
MODES: list[Mode] = ["lost before", "lost after", "late", "half", "torn", "html"]
LANDED: dict[Mode, bool] = {
    "lost before": False,
    "lost after": True,
    "late": True,
    "half": True,
    "torn": True,
    "html": False,
}


class Wire(httpx2.BaseTransport, httpx2.AsyncBaseTransport):
    """Carries requests to the mock; the next ones meet what `modes` say, all after them nothing.

    `sent`: when each request left (seconds since the wire was made), its path and its bytes.
    """

    def __init__(self, mock: Mock) -> None:
        self.mock = mock
        self.modes: list[Mode] = []
        self.sent: list[tuple[float, str, bytes]] = []
        self._began = mock.gateway.clock.now

    @property
    def orders(self) -> list[bytes]:
        """The bytes of what asked for something to be done."""
        return [content for _, path, content in self.sent if not _is_question(path)]

    @property
    def questions(self) -> list[str]:
        """Command and service of each question, in order."""
        return ["/".join(path.rsplit("/", 2)[1:]) for _, path, _ in self.sent if _is_question(path)]

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        work = self._carry(request, request.read())
        try:
            work.__await__().send(None)
        except StopIteration as end:
            answer: httpx2.Response = end.value
            return answer
        raise RuntimeError("the mock waits for something")

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        return await self._carry(request, await request.aread())

    async def _carry(self, request: httpx2.Request, content: bytes) -> httpx2.Response:
        mode = self.modes.pop(0) if self.modes else "fine"
        if mode == "not sent":
            raise httpx2.ConnectError("connection refused")
        self.sent.append((self.seconds(), request.url.path, content))
        if mode == "lost before":
            raise httpx2.ReadError("connection reset")
        if mode == "html":
            return httpx2.Response(502, text="<html>Bad Gateway</html>")
        lines = request.headers.multi_items()
        url = str(request.url)
        came = await exchange(self.mock.app.asgi, request.method, url, list(lines), content)
        if mode == "lost after":
            raise httpx2.ReadError("connection reset")
        if mode == "late":
            raise httpx2.ReadTimeout("no answer in time")
        if mode == "half":
            raise httpx2.RemoteProtocolError("peer closed connection without sending complete body")
        whole = came.content if mode == "fine" else came.content[: len(came.content) // 2]
        lines = [line for line in came.headers if line[0] != "content-length"]
        return httpx2.Response(came.status, headers=lines, content=whole)

    def seconds(self) -> float:
        """Seconds since the wire was made, by the mock's clock."""
        return (self.mock.gateway.clock.now - self._began) / timedelta(seconds=1)

    def options(self) -> dict[str, Any]:
        """What a client of this network is told."""

        def sleep(seconds: float) -> None:
            self.mock.gateway.clock.advance(max(seconds, 0.001))

        async def pause(seconds: float) -> None:
            sleep(seconds)

        clock = self.mock.gateway.clock
        system = System(
            monotonic=self.seconds,
            wall=lambda: clock.now.timestamp(),
            sleep=sleep,
            sleep_async=pause,
            uniform=lambda low, high: high,
        )
        return {
            "merchant_ccid": MERCHANT_CCID,
            "merchant_secret_key": MERCHANT_SECRET_KEY,
            "environment": Environment(api=ORIGIN, token=ORIGIN),
            "transport": self,
            "system": system,
        }


def _is_question(path: str) -> bool:
    return any(word in path for word in ("/Search/", "/GetResult/", "/Confirm/"))


class World:
    """A mock, the network before it, and a client of either kind."""

    def __init__(self, flavour: str, *, lag: float = 0.0, **options: Any) -> None:
        self.mock = Mock(seed=1, search_lag=lag)
        self.wire = Wire(self.mock)
        self.request: Any = None
        options = {**self.wire.options(), **options}
        self.sync = MdkClient(**options) if flavour == "sync" else None
        self.other = AsyncMdkClient(**options) if flavour == "async" else None

    def close(self) -> None:
        """End everything; the mock has made no mistake."""
        if self.sync is not None:
            self.sync.close()
        if self.other is not None:
            self.mock.app.run(self.other.aclose())
        assert self.mock.faults() == []
        self.mock.close()

    def linked(self, name: str, **members: Any) -> Any:
        """A command's plain request, about an order that was made for it."""
        body: dict[str, Any] = {}
        link(name, self.mock, body)
        self.mock.advance(3600)  # what was done for it is long ago
        if name in ("cardAuthorize", "mpiAuthorize"):
            body["payNowIdParam"] = {"token": self.mock.token()}
        self.request = request_of(name, {**body, **members})
        return self.request

    def call(self, name: str, request: Any, *modes: Mode, **options: Any) -> Any:
        """Run a command, its attempts meeting these modes."""
        self.wire.modes = list(modes)
        return self._run("raw", operations.OPERATIONS[name], request, **options)

    def resolve(self, unknown: Any, *modes: Mode, **options: Any) -> Any:
        """Settle an unknown outcome."""
        self.wire.modes = list(modes)
        return self._run("resolve", unknown, **options)

    def _run(self, method: str, *args: Any, **options: Any) -> Any:
        if self.sync is not None:
            return getattr(self.sync, method)(*args, **options)
        work: Callable[..., Awaitable[Any]] = getattr(self.other, method)

        async def run() -> Any:
            return await work(*args, **options)

        return self.mock.app.run(run())

    def state(self) -> Any:
        """All money that moved, in order, and how every order stands."""
        moves = [posting[1:] for posting in self.mock.postings()]
        orders = self.mock.gateway.orders.values()
        return moves, sorted((o.order_id, o.status, o.amount) for o in orders)
