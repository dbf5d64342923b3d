"""A gateway that answers from a script and remembers what it was sent; no time passes."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import httpx2
from kessai import System
from kessai_gmo import AsyncGmoClient, GmoClient

NOW = 1767574800.0  # 2026-01-05 10:00 in Japan
DATE = "Mon, 05 Jan 2026 01:00:00 GMT"
SHOP = "tshop00000001"
PASSWORD = "correct-horse"
ACCESS_ID = "62f6b3a890fc74b643f4580b3f999769"

Answer = httpx2.Response | Exception | Callable[[httpx2.Request], httpx2.Response]


def problem(status: int, title: str, detail: str = "d", **headers: str) -> httpx2.Response:
    """An error as the gateway writes it."""
    named = {"content-type": "application/problem+json", "date": DATE, **headers}
    content = json.dumps({"title": title, "detail": detail, "instance": "/x"})
    return httpx2.Response(status, headers=named, content=content)


def answer(status: int, body: Any) -> httpx2.Response:
    """A success, or anything else with a JSON body."""
    return httpx2.Response(status, json=body, headers={"date": DATE})


def order(status: str, kind: str = "CREDIT", **members: Any) -> dict[str, Any]:
    """An orderReference."""
    return {
        "accessId": ACCESS_ID,
        "orderId": "A-1",
        "status": status,
        "chargeType": kind,
        **members,
    }


class Script:
    """Answers in order; the last one for ever."""

    def __init__(self, *answers: Answer) -> None:
        self.answers = list(answers)
        self.requests: list[httpx2.Request] = []
        self.slept: list[float] = []
        self.now = 0.0

    def __call__(self, request: httpx2.Request) -> httpx2.Response:
        request.read()
        self.requests.append(request)
        given = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(given, Exception):
            raise given
        if isinstance(given, httpx2.Response):
            return httpx2.Response(given.status_code, headers=given.headers, content=given.content)
        return given(request)

    @property
    def paths(self) -> list[str]:
        """What was called, in order."""
        return [request.url.path for request in self.requests]

    @property
    def bodies(self) -> list[Any]:
        """What was sent, in order."""
        return [json.loads(request.content) for request in self.requests]

    @property
    def keys(self) -> list[str | None]:
        """The idempotency keys, in order."""
        return [request.headers.get("idempotency-key") for request in self.requests]

    @property
    def system(self) -> System:
        """Clocks that stand still unless somebody sleeps."""
        return System(
            monotonic=lambda: self.now,
            wall=lambda: NOW + self.now,
            sleep=self._sleep,
            sleep_async=self._sleep_async,
            uniform=lambda low, high: high,
        )

    def _sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds

    async def _sleep_async(self, seconds: float) -> None:
        self._sleep(seconds)

    def client(self, **options: Any) -> GmoClient:
        """A sync client of this gateway."""
        options.setdefault("system", self.system)
        return GmoClient(SHOP, PASSWORD, transport=httpx2.MockTransport(self), **options)

    def async_client(self, **options: Any) -> AsyncGmoClient:
        """An async client of this gateway."""
        options.setdefault("system", self.system)
        return AsyncGmoClient(SHOP, PASSWORD, transport=httpx2.MockTransport(self), **options)
