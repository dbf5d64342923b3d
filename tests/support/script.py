"""A gateway that answers from a script and remembers what it was sent; no time passes."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import httpx2
from kessai import System

NOW = 1767574800.0  # 2026-01-05 10:00 in Japan
DATE = "Mon, 05 Jan 2026 01:00:00 GMT"

Answer = httpx2.Response | Exception | Callable[[httpx2.Request], httpx2.Response]


class ScriptBase:
    """Answers in order; the last one for ever. A gateway's own adds its clients."""

    def __init__(self, *answers: Answer) -> None:
        self.answers: list[Answer] = list(answers)
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

    def then(self, *answers: Answer) -> None:
        """Go on with these answers."""
        self.answers = list(answers)

    @property
    def transport(self) -> httpx2.MockTransport:
        """What a client is given in place of the network."""
        return httpx2.MockTransport(self)

    @property
    def paths(self) -> list[str]:
        """What was called, in order."""
        return [request.url.path for request in self.requests]

    @property
    def bodies(self) -> list[Any]:
        """What was sent, in order."""
        return [json.loads(request.content) for request in self.requests]

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
