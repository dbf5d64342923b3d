"""An ASGI application called in this thread: no socket, no server, no real time.

`App` has an event loop of its own that runs only while a request is being answered, so the
same application can stand behind the sync client, behind schemathesis and behind a browser.
A request may also be begun and left waiting, which is how overlapping calls are staged.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Coroutine, Mapping, MutableMapping
from typing import Any, NamedTuple, TypeVar
from urllib.parse import urlsplit

import httpx2

from tests.support.contract_loopback import ForeignHostError, is_loopback

T = TypeVar("T")

ORIGIN = "http://127.0.0.1:8801"

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
ASGI = Callable[
    [Scope, Callable[[], Awaitable[Message]], Callable[[Message], Awaitable[None]]],
    Awaitable[None],
]
Watch = Callable[[httpx2.Request, httpx2.Response], None]


class Answer(NamedTuple):
    """An answer: status, header lines in order of arrival (names in lower case), bytes."""

    status: int
    headers: list[tuple[str, str]]
    content: bytes

    def header(self, name: str) -> str | None:
        """The first value of a header, or None."""
        return next((value for key, value in self.headers if key == name), None)

    def json(self) -> Any:
        """The decoded body. Raises ValueError when it is no JSON."""
        return json.loads(self.content)


class HungUpError(Exception):
    """The application ended without a whole answer."""


async def exchange(
    app: ASGI, method: str, url: str, headers: list[tuple[str, str]], content: bytes
) -> Answer:
    """Send one request to an ASGI application and collect its answer.

    Raises ForeignHostError for a URL that is not on loopback, HungUpError for half an answer.
    """
    parts = urlsplit(url)
    if not is_loopback(parts.hostname):
        raise ForeignHostError("a contract test may talk to loopback only")
    scope: dict[str, Any] = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": method,
        "scheme": parts.scheme,
        "path": httpx2.URL(url).path,
        "raw_path": parts.path.encode(),
        "query_string": parts.query.encode(),
        "root_path": "",
        "headers": [
            (name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers
        ],
        "client": ("127.0.0.1", 50000),
        "server": (parts.hostname, parts.port or 80),
    }
    if all(name.lower() != "host" for name, _ in headers):
        scope["headers"].insert(0, (b"host", parts.netloc.encode()))
    started: list[Message] = []
    chunks: list[bytes] = []
    whole = False
    received = False

    async def receive() -> Message:
        nonlocal received
        if received:
            return {"type": "http.disconnect"}
        received = True
        return {"type": "http.request", "body": content, "more_body": False}

    async def send(message: Message) -> None:
        nonlocal whole
        if message["type"] == "http.response.start":
            started.append(message)
        elif message["type"] == "http.response.body":
            chunks.append(message.get("body", b""))
            whole = not message.get("more_body", False)

    try:
        await app(scope, receive, send)
    except ConnectionError:
        raise HungUpError from None
    if not started or not whole:
        raise HungUpError
    lines = [(n.decode("latin-1").lower(), v.decode("latin-1")) for n, v in started[0]["headers"]]
    return Answer(started[0]["status"], lines, b"".join(chunks))


class App:
    """One ASGI application and the event loop it runs on."""

    def __init__(self, asgi: ASGI) -> None:
        self.asgi = asgi
        self._runner = asyncio.Runner()

    def close(self) -> None:
        """Close the loop; requests still waiting are cancelled."""
        self._runner.close()

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """Run a coroutine to its end on this application's loop."""
        return self._runner.run(work)

    def send(
        self,
        method: str,
        target: str,
        headers: Mapping[str, str] | list[tuple[str, str]] | None = None,
        content: bytes = b"",
    ) -> Answer:
        """Send a request and take its answer. `target` is a path or a loopback URL.

        An application that has nothing to wait for needs no event loop, and is ten times as
        fast without. Raises RuntimeError when it waits after all: `begin` such a request.
        """
        work = self._exchange(method, target, headers, content)
        try:
            work.send(None)
        except StopIteration as end:
            answer: Answer = end.value
            return answer
        work.close()
        raise RuntimeError("the application waits for something; begin the request instead")

    def begin(
        self,
        method: str,
        target: str,
        headers: Mapping[str, str] | list[tuple[str, str]] | None = None,
        content: bytes = b"",
    ) -> asyncio.Task[Answer]:
        """Send a request and come back as soon as it waits for something."""
        task = self._runner.get_loop().create_task(self._exchange(method, target, headers, content))
        self._runner.run(_turns())
        return task

    def end(self, task: asyncio.Task[Answer]) -> Answer:
        """Wait for the answer of a request that was begun."""

        async def wait() -> Answer:
            return await task

        return self._runner.run(wait())

    def _exchange(
        self,
        method: str,
        target: str,
        headers: Mapping[str, str] | list[tuple[str, str]] | None,
        content: bytes,
    ) -> Coroutine[Any, Any, Answer]:
        url = ORIGIN + target if target.startswith("/") else target
        lines = list(headers.items()) if isinstance(headers, Mapping) else headers or []
        return exchange(self.asgi, method, url, lines, content)


async def _turns() -> None:
    """Let every task go on until it waits for something that is not just its turn."""
    for _ in range(10):
        await asyncio.sleep(0)


def _nothing(request: httpx2.Request, response: httpx2.Response) -> None:
    """Watch nothing."""


def _lines(request: httpx2.Request) -> list[tuple[str, str]]:
    return [(name, value) for name, value in request.headers.multi_items()]


def _response(request: httpx2.Request, answer: Answer) -> httpx2.Response:
    return httpx2.Response(
        answer.status, headers=answer.headers, content=answer.content, request=request
    )


class SyncTransport(httpx2.BaseTransport):
    """httpx2's sync transport into an `App`; `watch` sees every request with its response."""

    def __init__(self, app: App, watch: Watch = _nothing) -> None:
        self._app = app
        self._watch = watch

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        """Answer one request; a hung up connection is a RemoteProtocolError, as on a socket."""
        content = request.read()
        try:
            answer = self._app.send(request.method, str(request.url), _lines(request), content)
        except HungUpError:
            raise httpx2.RemoteProtocolError("hung up", request=request) from None
        response = _response(request, answer)
        self._watch(request, response)
        return response


class AsyncTransport(httpx2.AsyncBaseTransport):
    """The same for the async client, on the loop that the client runs on."""

    def __init__(self, asgi: ASGI, watch: Watch = _nothing) -> None:
        self._asgi = asgi
        self._watch = watch

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        """Answer one request; a hung up connection is a RemoteProtocolError, as on a socket."""
        content = await request.aread()
        try:
            answer = await exchange(
                self._asgi, request.method, str(request.url), _lines(request), content
            )
        except HungUpError:
            raise httpx2.RemoteProtocolError("hung up", request=request) from None
        response = _response(request, answer)
        self._watch(request, response)
        return response
