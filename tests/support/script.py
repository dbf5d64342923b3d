"""A gateway that answers from a script and remembers what it was sent; no time passes."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import httpx2
from kessai import System

NOW = 1767574800.0  # 2026-01-05 10:00 in Japan
DATE = "Mon, 05 Jan 2026 01:00:00 GMT"

Answer = httpx2.Response | BaseException | Callable[[httpx2.Request], httpx2.Response]


class StillClock:
    """Time that stands still unless somebody sleeps; ``now`` is how far it has come."""

    def __init__(self) -> None:
        self.slept: list[float] = []
        self.now = 0.0

    @property
    def system(self) -> System:
        """What a client is given for clocks and pauses."""
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


class ScriptBase(StillClock):
    """Answers in order; the last one for ever. A gateway's own adds its clients."""

    def __init__(self, *answers: Answer) -> None:
        super().__init__()
        self.answers: list[Any] = list(answers)
        self.requests: list[httpx2.Request] = []

    def __call__(self, request: httpx2.Request) -> httpx2.Response:
        request.read()
        self.requests.append(request)
        return self._give(self._next(), request)

    def _next(self) -> Any:
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]

    def _give(self, given: Any, request: httpx2.Request) -> httpx2.Response:
        """Make of an answer of the script what the client gets."""
        if isinstance(given, BaseException):
            raise given
        if isinstance(given, httpx2.Response):
            return httpx2.Response(given.status_code, headers=given.headers, content=given.content)
        made: httpx2.Response = given(request)
        return made

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
