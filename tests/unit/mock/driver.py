"""The mock called in this thread: no socket, no server, no real time.

`Driver` plays merchant, customer and receiver of webhooks at once. A request can be begun
and left waiting, which is how overlapping calls are staged.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qs, urlsplit

from kessai_mock.clock import Clock
from kessai_mock.gmo import Gateway, Settings, create_app
from kessai_mock.webhooks import Webhook

from tests.support.mock_driver import PlainDriver, Reply

ORIGIN = "http://127.0.0.1:8801"
SHOP = ("tshop00000001", "kessai-mock")


def basic(shop_id: str = SHOP[0], password: str = SHOP[1]) -> str:
    """A Basic Authorization header."""
    return "Basic " + base64.b64encode(f"{shop_id}:{password}".encode()).decode()


class Answer(Reply):
    """An answer of the API, or of /_mock."""

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


class Driver(PlainDriver[Gateway, Answer]):
    """A mock and everybody who deals with it."""

    def __init__(
        self, settings: Settings | None = None, *, seed: int = 1, clock: Clock | None = None
    ) -> None:
        self.webhooks: list[dict[str, Any]] = []
        app = create_app(seed=seed, settings=settings, deliver=self._receive, clock=clock)
        super().__init__(app, ORIGIN, Answer)

    def _receive(self, webhook: Webhook) -> int | None:
        self.webhooks.append(json.loads(webhook.body))
        return self._accept()

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

    async def call(self, path: str, body: Any, *, key: str | None = None) -> Answer:
        """A call of the API as a coroutine, for overlapping ones."""
        content = json.dumps(body).encode()
        return await self.send("POST", path, self._headers(key, None), content)

    def browse(self, url: str, outcome: str = "success") -> dict[str, Any]:
        """Press a button on a page; gives what the merchant's callback receives."""
        answer = self.get(f"{url}?outcome={outcome}")
        assert answer.status == 302, answer
        return decoded(answer.headers["location"])

    def inquire(self, access_id: str) -> Any:
        """The order as the gateway tells it."""
        answer = self.post("/order/inquiry", {"accessId": access_id})
        assert answer.status == 200, answer
        return answer.json()

    def status(self, access_id: str) -> str:
        """The order's status."""
        return str(self.inquire(access_id)["orderReference"]["status"])


def decoded(location: str) -> dict[str, Any]:
    """The callback's `p`, decoded."""
    packed = parse_qs(urlsplit(location).query)["p"][0]
    return dict(json.loads(base64.urlsafe_b64decode(packed)))
