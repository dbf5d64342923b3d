"""What the drivers of the five mocks share: requests in this thread, the clock, scripts, the books.

No socket, no server, no real time. A request can be begun and left waiting, which is how
overlapping calls are staged.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Coroutine, Generator, Mapping
from contextlib import ExitStack, contextmanager
from types import ModuleType
from typing import Any, Generic, NamedTuple, TypeVar
from urllib.parse import urlsplit

import httpx2
from kessai_mock.world import World
from pydantic import TypeAdapter


class Reply(NamedTuple):
    """An answer as it came. A gateway's own adds names for its members."""

    status: int
    headers: dict[str, str]
    content: bytes

    def json(self) -> Any:
        """The decoded body."""
        return json.loads(self.content)


T = TypeVar("T")
WorldT = TypeVar("WorldT", bound=World)
ReplyT = TypeVar("ReplyT", bound=Reply)


async def exchange(
    app: Any, method: str, url: str, headers: Mapping[str, str], content: bytes
) -> Reply:
    """One request to an ASGI application."""
    parts = urlsplit(url)
    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": parts.path,
        "raw_path": parts.path.encode(),
        "query_string": parts.query.encode(),
        "root_path": "",
        "headers": [
            (b"host", parts.netloc.encode()),
            *((name.lower().encode(), value.encode()) for name, value in headers.items()),
        ],
        "server": (parts.hostname, parts.port),
        "client": ("127.0.0.1", 50000),
    }
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": content, "more_body": False}

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    await app(scope, receive, send)
    start = sent[0]
    names = {name.decode(): value.decode() for name, value in start["headers"]}
    body = b"".join(message.get("body", b"") for message in sent[1:])
    assert int(names.get("content-length", len(body))) == len(body)
    return Reply(start["status"], names, body)


def hold(models: ModuleType, model: str, data: Any) -> None:
    """Raise unless `data` is what the spec's component says, by the models made of the spec."""
    adapter: TypeAdapter[Any] = TypeAdapter(getattr(models, model))
    adapter.validate_json(json.dumps(data), strict=True)


class DriverBase(Generic[WorldT, ReplyT]):
    """A mock and everybody who deals with it. A gateway's own adds its calls.

    `origin`: where the mock seems to be; `reply`: the gateway's own kind of answer.
    """

    def __init__(self, app: Any, origin: str, reply: Callable[..., ReplyT]) -> None:
        self.app = app
        self.gateway: WorldT = app.state.gateway
        self.answers: list[int | None] = []  # what the receiver answers next; then 200
        self._origin = origin
        self._reply = reply
        self._runner = asyncio.Runner()

    def _accept(self) -> int | None:
        """What the merchant's receiver answers to the notice that has just come."""
        return self.answers.pop(0) if self.answers else 200

    def close(self) -> None:
        """End the event loop."""
        self._runner.close()

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """Run something on the driver's event loop."""
        return self._runner.run(work)

    async def send(
        self,
        method: str,
        path: str,
        headers: Mapping[str, str] | None = None,
        content: bytes = b"",
    ) -> ReplyT:
        """Any request, as a coroutine for overlapping ones; `path` may be a whole URL."""
        url = path if path.startswith("http") else self._origin + path
        return self._reply(*await exchange(self.app, method, url, headers or {}, content))

    def admin(self, path: str, body: Any = None) -> ReplyT:
        """A route under /_mock."""
        content = json.dumps({} if body is None else body).encode()
        return self.run(self.send("POST", f"/_mock/{path}", content=content))

    async def held(self, count: int = 1, gate: str = "g") -> None:
        """Come back once `count` requests stand behind a gate ("" for the clock)."""
        while self.gateway.gates.waiting().get(gate, 0) < count:  # noqa: ASYNC110 - no real time
            await asyncio.sleep(0)

    def advance(self, seconds: float) -> None:
        """Move the clock on."""
        assert self.admin("clock", {"advance": seconds}).status == 200

    def next(self, **script: Any) -> None:
        """Script the next call of an operation."""
        answer = self.admin("next", script)
        assert answer.status == 200, answer

    def balances(self) -> dict[str, int]:
        """The ledger, which must balance."""
        books = self.run(self.send("GET", "/_mock/ledger")).json()
        assert books["balanced"], books["violations"]
        return dict(books["balances"])


class PlainDriver(DriverBase[WorldT, ReplyT]):
    """A driver whose requests are headers and bytes; a gateway that has more to add adds it."""

    def request(
        self,
        method: str,
        path: str,
        *,
        headers: Mapping[str, str] | None = None,
        content: bytes = b"",
    ) -> ReplyT:
        """Any request; `path` may be a whole URL."""
        return self.run(self.send(method, path, headers, content))

    def get(self, path: str) -> ReplyT:
        """A page or an admin route."""
        return self.request("GET", path)


class Wire(httpx2.BaseTransport, httpx2.AsyncBaseTransport):
    """A mock as a client's transport. A gateway's own loses things on the way."""

    def __init__(self, mock: DriverBase[Any, Any]) -> None:
        self.mock = mock

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        return self.mock.run(self.handle_async_request(request))

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        return await self.carry(request)

    async def carry(self, request: httpx2.Request) -> httpx2.Response:
        """One request there and back."""
        content, url = await request.aread(), str(request.url)
        came = await exchange(self.mock.app, request.method, url, request.headers, content)
        return httpx2.Response(came.status, headers=came.headers, content=came.content)


DriverT = TypeVar("DriverT", bound=DriverBase[Any, Any])


@contextmanager
def at_work(driver: DriverT) -> Generator[DriverT]:
    """A driver for a while; at the end its mock has made no mistake, and the books balance."""
    yield driver
    assert driver.gateway.faults == []
    driver.gateway.ledger.audit()
    driver.close()


@contextmanager
def several(make: Callable[..., DriverT]) -> Generator[Callable[..., DriverT]]:
    """Makes drivers, each held to what `at_work` holds it to at the end."""
    with ExitStack() as stack:

        def begin(**options: Any) -> DriverT:
            return stack.enter_context(at_work(make(**options)))

        yield begin
