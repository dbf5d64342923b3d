"""The mock of PAYTREE behind a network that loses, delays and changes things, in virtual time.

Both clients run over it unmodified; only their transport, clocks and sleep are ours. A request may
arrive late: after the till has heard nothing, and has gone on.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from itertools import chain, repeat
from pathlib import Path
from typing import Any, Literal, NamedTuple

import httpx2
from kessai import System
from kessai_mock.clock import Clock
from kessai_mock.paytree import Settings as MockSettings
from kessai_paytree import AsyncPaytreeClient, PaytreeClient, Settings

from tests.support.mock_driver import exchange
from tests.unit.mock.paytree.driver import ORIGIN, Driver, keys

__all__ = ["LOST", "Caller", "Mode", "Sent", "World", "settings"]

Mode = Literal[
    "fine",
    "not sent",  # refused before a byte has left
    "lost before",  # never arrives
    "lost after",  # carried out, the answer lost
    "late",  # lost, and carried out after the till's next request
    "half",  # carried out, half an answer that looks whole
    "page",  # carried out, and a proxy's page instead of the answer
    "unsigned",  # carried out, and somebody has taken the signature off
    "forged",  # carried out, and somebody has changed the answer
    "stale",  # carried out, and an older signed answer is given
]
LOST: list[Mode] = ["lost before", "lost after", "late"]
START = 1767574800.0  # 2026-01-05 10:00 in Japan


class Sent(NamedTuple):
    """A request that the till has sent."""

    operation: str
    members: dict[str, Any]
    mode: Mode


def settings(**changed: Any) -> Settings:
    """What a till is told, with keys that the mock knows."""
    values: dict[str, Any] = {
        "server_url": ORIGIN,
        "api_path_pay": "/pay",
        "api_path_pay_v1": "/payV1",
        "api_path_refund": "/refund",
        "api_path_reverse": "/reverse",
        "api_path_confirm": "/confirm",
        "api_path_confirm_v1": "/confirmV1",
        "api_path_deposit": "/deposit",
        "private_key_file": keys("till").private_pem,
        "public_key_file": keys("gateway").public_pem,
        "merchant_id": "000000000001",
        "terminal_unique_id": "1234500000421",
        "branch_code": "SHIBUYA1",
        "terminal_code": "POS01",
        "pay_confirm_polling_mode": True,
    }
    return Settings(**{**values, **changed})


class World(httpx2.BaseTransport, httpx2.AsyncBaseTransport):
    """A mock, a network and a clock."""

    def __init__(self, **mocked: Any) -> None:
        given: dict[str, Any] = {
            "merchant_public_key": keys("till").public_pem,
            "private_key": keys("gateway").private_pem,
        }
        self.clock = Clock()
        self.clock.advance(START - self.clock.now.timestamp())
        self.mock = Driver(MockSettings(**{**given, **mocked}), clock=self.clock)
        self.sent: list[Sent] = []
        self.ran_out = False
        self._earlier = 0
        self.each_second: Callable[[], object] = lambda: None
        self.modes: Iterator[Mode] = repeat("fine")
        self._late: list[tuple[str, bytes]] = []
        self._stale: httpx2.Response | None = None

    @property
    def simulation(self) -> Any:
        """The gateway itself."""
        return self.mock.gateway.simulation

    def script(self, modes: Sequence[Mode], then: Mode = "fine") -> None:
        """What becomes of the next requests, and of those after them (``ran_out`` says so)."""

        def after() -> Iterator[Mode]:
            while True:
                self.ran_out = True
                yield then

        self.ran_out = False
        self.modes = chain(modes, after())

    def begin(self) -> None:
        """Another story in the same world: what was before counts no more."""
        self.arrive()
        self.sent.clear()
        self._stale = None
        self._earlier = len(self.simulation.orders)

    @property
    def orders(self) -> list[Any]:
        """The orders of this story."""
        return list(self.simulation.orders.values())[self._earlier :]

    @property
    def system(self) -> System:
        """Clocks and sleep: time passes when somebody waits."""

        def sleep(seconds: float) -> None:
            self.clock.advance(seconds)
            self.each_second()

        async def pause(seconds: float) -> None:
            sleep(seconds)

        def now() -> float:
            return self.clock.now.timestamp()

        return System(monotonic=now, wall=now, sleep=sleep, sleep_async=pause)

    def arrive(self) -> None:
        """Let everything arrive that is still on its way."""
        while self._late:
            url, content = self._late.pop(0)
            self.mock.run(self._deliver(url, content))

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        return self.mock.run(self.handle_async_request(request))

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        url, content = str(request.url), await _body(request)
        mode = next(self.modes)
        self.sent.append(Sent(request.url.path[1:], json.loads(content), mode))
        late, self._late = self._late, []
        try:
            return await self._carry(mode, url, content)
        finally:
            for earlier in late:
                await self._deliver(*earlier)

    async def _carry(self, mode: Mode, url: str, content: bytes) -> httpx2.Response:
        if mode == "not sent":
            raise httpx2.ConnectError("connection refused")
        if mode == "lost before":
            raise httpx2.ReadError("connection reset")
        if mode == "late":
            self._late.append((url, content))
            raise httpx2.ReadTimeout("timed out")
        answer = await self._deliver(url, content)
        stale, self._stale = self._stale, answer
        if mode == "lost after":
            raise httpx2.ReadError("connection reset")
        if mode == "page":
            return httpx2.Response(502, content=b"<html>Bad gateway</html>")
        if mode == "stale" and stale is not None:
            return stale
        if mode in ("half", "unsigned", "forged", "stale"):
            return httpx2.Response(200, content=_changed(mode, answer.content))
        return answer

    async def _deliver(self, url: str, content: bytes) -> httpx2.Response:
        headers = {"content-type": "application/json"}
        try:
            status, names, body = await exchange(self.mock.app, "POST", url, headers, content)
        except IndexError:  # the mock hung up
            raise httpx2.ReadError("connection reset") from None
        return httpx2.Response(status, headers=dict(names), content=body)

    def of(self, operation: str) -> list[Sent]:
        """What was sent of an operation, and may have left."""
        return [each for each in self.sent if each.operation == operation != "not sent"]

    def close(self) -> None:
        """End it; the mock must have made no mistake."""
        assert self.mock.gateway.faults == []
        self.mock.gateway.ledger.audit()
        assert self.mock.gateway.ledger.violations == []
        self.mock.close()


class Caller:
    """A sync or an async client over a world, called alike."""

    def __init__(
        self, flavour: str, world: World, directory: Path, journal: Any = None, **more: Any
    ) -> None:
        self.world = world
        given: dict[str, Any] = {"lock_directory": directory, "system": world.system}
        given["journal"] = journal
        chosen = settings(**more)
        self.sync: PaytreeClient | None = None
        self.asynchronous: AsyncPaytreeClient | None = None
        if flavour == "sync":
            self.sync = PaytreeClient(chosen, transport=world, **given)
        else:
            self.asynchronous = AsyncPaytreeClient(chosen, transport=world, **given)

    def call(self, name: str, *arguments: Any, **options: Any) -> Any:
        """Call a method of the client."""
        if self.sync is not None:
            return getattr(self.sync, name)(*arguments, **options)
        return self.world.mock.run(getattr(self.asynchronous, name)(*arguments, **options))

    def events(self, request: Any, on_event: Any = None) -> tuple[list[Any], Any]:
        """All events of a request, and its progress."""
        found: list[Any] = []
        if self.sync is not None:
            progress: Any = self.sync.start(request)
            for event in progress:
                found.append(event)
                if on_event is not None:
                    on_event(progress, event)
            return found, progress

        async def drain(client: AsyncPaytreeClient) -> Any:
            progress = client.start(request)
            async for event in progress:
                found.append(event)
                if on_event is not None:
                    on_event(progress, event)
            return progress

        assert self.asynchronous is not None
        return found, self.world.mock.run(drain(self.asynchronous))

    def close(self) -> None:
        """Close the client."""
        self.call("close" if self.sync is not None else "aclose")


async def _body(request: httpx2.Request) -> bytes:
    return request.read()


def _changed(mode: str, content: bytes) -> bytes:
    if mode == "half":
        return content[: len(content) // 2]
    members: dict[str, Any] = json.loads(content)
    if mode == "unsigned":
        del members["sign"]
    else:
        members["transStatus"] = 2 if members.get("transStatus") != 2 else 3
    return json.dumps(members).encode()
