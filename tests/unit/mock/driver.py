"""The mock called in this thread: no socket, no server, no real time.

`Driver` plays merchant, customer and receiver of webhooks at once. A request can be begun
and left waiting, which is how overlapping calls are staged.
"""

from __future__ import annotations

import asyncio
import base64
import json
from collections.abc import Coroutine, Mapping
from typing import Any, NamedTuple, TypeVar
from urllib.parse import parse_qs, urlsplit

from kessai_mock.clock import Clock
from kessai_mock.gmo import Gateway, Settings, create_app
from kessai_mock.webhooks import Webhook

ORIGIN = "http://127.0.0.1:8801"
T = TypeVar("T")
SHOP = ("tshop00000001", "kessai-mock")


def basic(shop_id: str = SHOP[0], password: str = SHOP[1]) -> str:
    """A Basic Authorization header."""
    return "Basic " + base64.b64encode(f"{shop_id}:{password}".encode()).decode()


class Answer(NamedTuple):
    """An answer as it came."""

    status: int
    headers: dict[str, str]
    content: bytes

    def json(self) -> Any:
        """The decoded body."""
        return json.loads(self.content)

    @property
    def title(self) -> str:
        """The problem's title."""
        return str(self.json()["title"])

    @property
    def detail(self) -> str:
        """The problem's detail."""
        return str(self.json()["detail"])

    @property
    def access_id(self) -> str:
        """The order's accessId."""
        return str(self.json()["orderReference"]["accessId"])

    @property
    def order_status(self) -> str:
        """The order's status."""
        return str(self.json()["orderReference"]["status"])

    @property
    def redirect(self) -> str:
        """Where the customer is sent."""
        return str(self.json()["redirectInformation"]["redirectUrl"])


async def exchange(
    app: Any, method: str, url: str, headers: Mapping[str, str], content: bytes
) -> Answer:
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
    return Answer(start["status"], names, body)


class Driver:
    """A mock and everybody who deals with it."""

    def __init__(
        self, settings: Settings | None = None, *, seed: int = 1, clock: Clock | None = None
    ) -> None:
        self.webhooks: list[dict[str, Any]] = []
        self.answers: list[int | None] = []  # what the receiver answers next; then 200
        self.app = create_app(seed=seed, settings=settings, deliver=self._receive, clock=clock)
        self.gateway: Gateway = self.app.state.gateway
        self._runner = asyncio.Runner()

    def _receive(self, webhook: Webhook) -> int | None:
        self.webhooks.append(json.loads(webhook.body))
        return self.answers.pop(0) if self.answers else 200

    def close(self) -> None:
        """End the event loop."""
        self._runner.close()

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """Run something on the driver's event loop."""
        return self._runner.run(work)

    def request(
        self,
        method: str,
        path: str,
        *,
        headers: Mapping[str, str] | None = None,
        content: bytes = b"",
    ) -> Answer:
        """Any request; `path` may be a whole URL."""
        url = path if path.startswith("http") else ORIGIN + path
        return self.run(exchange(self.app, method, url, headers or {}, content))

    def _headers(self, key: str | None, headers: Mapping[str, str] | None) -> dict[str, str]:
        named = {"Authorization": basic(), "Content-Type": "application/json"}
        if key is not None:
            named["Idempotency-Key"] = key
        return named | dict(headers or {})

    def post(
        self,
        path: str,
        body: Any = None,
        *,
        key: str | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """A call of the API (or of /_mock, which ignores the credentials)."""
        content = json.dumps({} if body is None else body).encode()
        return self.request("POST", path, headers=self._headers(key, headers), content=content)

    def get(self, path: str) -> Answer:
        """A page or an admin route."""
        return self.request("GET", path)

    async def call(self, path: str, body: Any, *, key: str | None = None) -> Answer:
        """A call of the API as a coroutine, for overlapping ones."""
        content = json.dumps(body).encode()
        url = ORIGIN + path
        return await exchange(self.app, "POST", url, self._headers(key, None), content)

    async def held(self, count: int = 1, gate: str = "g") -> None:
        """Come back once `count` requests stand behind a gate ("" for the clock)."""
        while self.gateway.gates.waiting().get(gate, 0) < count:  # noqa: ASYNC110 - no real time
            await asyncio.sleep(0)

    def browse(self, url: str, outcome: str = "success") -> dict[str, Any]:
        """Press a button on a page; gives what the merchant's callback receives."""
        answer = self.get(f"{url}?outcome={outcome}")
        assert answer.status == 302, answer
        return decoded(answer.headers["location"])

    def advance(self, seconds: float) -> None:
        """Move the clock on."""
        assert self.post("/_mock/clock", {"advance": seconds}).status == 200

    def next(self, **script: Any) -> None:
        """Script the next call of an operation."""
        answer = self.post("/_mock/next", script)
        assert answer.status == 200, answer

    def inquire(self, access_id: str) -> Any:
        """The order as the gateway tells it."""
        answer = self.post("/order/inquiry", {"accessId": access_id})
        assert answer.status == 200, answer
        return answer.json()

    def status(self, access_id: str) -> str:
        """The order's status."""
        return str(self.inquire(access_id)["orderReference"]["status"])

    def balances(self) -> dict[str, int]:
        """The ledger, which must balance."""
        books = self.get("/_mock/ledger").json()
        assert books["balanced"], books["violations"]
        return dict(books["balances"])


def decoded(location: str) -> dict[str, Any]:
    """The callback's `p`, decoded."""
    packed = parse_qs(urlsplit(location).query)["p"][0]
    return dict(json.loads(base64.urlsafe_b64decode(packed)))
