"""Access tokens and many callers at once: one fetch, in tasks and in threads."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Awaitable, Callable
from typing import Any

import httpx2
import pytest
from kessai.client import AsyncClient, Client
from kessai.errors import DeadlineExceededError, NotSentError, ServerError
from kessai.system import System

from tests.support.core_fake import ENVIRONMENT, PAY, FakeGateway, PayRequest, TokenAuth
from tests.support.core_tokens import TokenServer
from tests.support.virtual_loop import run_virtual

# Many at once, in tasks


def many(
    count: int,
    handler: Callable[[httpx2.Request], Awaitable[httpx2.Response]],
    use: Callable[[AsyncClient], Awaitable[Any]],
) -> list[Any]:
    """Run ``use`` in so many tasks of one client at once."""

    async def main() -> list[Any]:
        loop = asyncio.get_running_loop()
        system = System(monotonic=loop.time)
        transport = httpx2.MockTransport(handler)  # type: ignore[arg-type]
        async with AsyncClient(
            FakeGateway(), TokenAuth(), ENVIRONMENT, transport=transport, system=system
        ) as client:
            return await asyncio.gather(
                *(use(client) for _ in range(count)), return_exceptions=True
            )

    return run_virtual(main())


async def pay(client: AsyncClient) -> str:
    return (await client.run(PAY, PayRequest())).id


def slow(server: TokenServer, seconds: float = 1.0) -> Callable[..., Awaitable[httpx2.Response]]:
    async def handler(request: httpx2.Request) -> httpx2.Response:
        if request.url.host == "token.example":
            await asyncio.sleep(seconds)
        return server(request)

    return handler


def test_many_tasks_one_fetch() -> None:
    """All wait for the one fetch and use its token."""
    server = TokenServer()
    assert many(200, slow(server), pay) == ["R-1"] * 200
    assert server.fetched == 1


def test_many_tasks_share_a_failure() -> None:
    """A gateway in trouble is asked by one, in its three attempts, and not by each."""
    server = TokenServer()
    server.broken = True
    results = many(50, slow(server), pay)
    assert {type(result) for result in results} == {ServerError}
    assert len({id(result) for result in results}) == 50
    assert server.fetched == 0


def test_a_cancelled_waiter_poisons_nobody() -> None:
    """The task that asked first is cancelled; the fetch goes on for the others."""
    server = TokenServer()
    first = True

    async def use(client: AsyncClient) -> str:
        nonlocal first
        mine, first = first, False
        if mine:
            async with asyncio.timeout(0.5):
                await pay(client)
        return await pay(client)

    results = many(20, slow(server), use)
    assert [type(result) for result in results] == [TimeoutError] + [str] * 19
    assert server.fetched == 1


def test_waiting_for_a_token_ends_with_the_deadline() -> None:
    """Nothing waits for ever, and nothing was sent."""
    server = TokenServer()

    async def use(client: AsyncClient) -> Any:
        return await client.run(PAY, PayRequest(), {"deadline": 3.0})

    results = many(3, slow(server, 50.0), use)
    assert {type(result) for result in results} == {DeadlineExceededError}
    assert server.used == []


def test_closing_ends_a_fetch() -> None:
    """Whoever waits for it learns that nothing was sent."""

    async def main() -> object:
        system = System(monotonic=asyncio.get_running_loop().time)
        transport = httpx2.MockTransport(slow(TokenServer(), 100.0))  # type: ignore[arg-type]
        client = AsyncClient(
            FakeGateway(), TokenAuth(), ENVIRONMENT, transport=transport, system=system
        )
        waiting = asyncio.ensure_future(pay(client))
        await asyncio.sleep(1.0)
        await client.aclose()
        return (await asyncio.gather(waiting, return_exceptions=True))[0]

    assert isinstance(run_virtual(main()), NotSentError)


# Many at once, in threads


class Counted:
    """A lock that says when so many have asked for it."""

    def __init__(self, many: int) -> None:
        self.many = many
        self.all_asked = threading.Event()
        self._asked: list[None] = []
        self._lock = threading.Lock()

    def acquire(self, blocking: bool = True, timeout: float = -1) -> bool:
        self._asked.append(None)
        if len(self._asked) == self.many:
            self.all_asked.set()
        return self._lock.acquire(blocking, timeout)

    def release(self) -> None:
        self._lock.release()


def test_many_threads_one_fetch() -> None:
    """All threads wait for the one that fetches, which is held up until they do."""
    server = TokenServer()
    lock = Counted(8)

    def handler(request: httpx2.Request) -> httpx2.Response:
        if request.url.host == "token.example":
            assert lock.all_asked.wait(30)
        return server(request)

    with Client(
        FakeGateway(),
        TokenAuth(),
        ENVIRONMENT,
        transport=httpx2.MockTransport(handler),
        system=System(new_lock=lambda: lock),
    ) as client:
        threads = [threading.Thread(target=client.run, args=(PAY, PayRequest())) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(30)
    assert server.used == ["t1"] * 8
    assert server.fetched == 1


class Turnstile:
    """A lock that notes who waits, and lets a test decide when it is free."""

    def __init__(self, free: bool = True) -> None:
        self.free = free
        self.asked: list[tuple[bool, float]] = []
        self.when_asked: Callable[[], None] | None = None

    def acquire(self, blocking: bool = True, timeout: float = -1) -> bool:
        self.asked.append((blocking, timeout))
        if self.when_asked is not None:
            self.when_asked()
        return self.free

    def release(self) -> None:
        """Stays as the test has set it."""


def test_a_thread_waits_no_longer_than_its_deadline() -> None:
    """The lock is asked with what the call has left."""
    lock = Turnstile(free=False)
    system = System(new_lock=lambda: lock, monotonic=lambda: 0.0)
    with (
        Client(
            FakeGateway(),
            TokenAuth(),
            ENVIRONMENT,
            transport=httpx2.MockTransport(TokenServer()),
            system=system,
        ) as client,
        pytest.raises(DeadlineExceededError),
    ):
        client.run(PAY, PayRequest(), {"deadline": 3.0})
    assert lock.asked == [(True, 3.0)]


def test_a_thread_shares_the_failure_it_waited_for() -> None:
    """It does not ask a gateway in trouble once more, and it gets an error of its own."""
    lock = Turnstile()
    server = TokenServer()
    server.broken = True
    now = 0.0

    def sleep(seconds: float) -> None:
        nonlocal now
        now += seconds

    system = System(new_lock=lambda: lock, monotonic=lambda: now, sleep=sleep)
    calls: list[str] = []

    def counting(request: httpx2.Request) -> httpx2.Response:
        calls.append(request.url.host)
        return server(request)

    transport = httpx2.MockTransport(counting)
    first: list[Exception] = []

    with Client(
        FakeGateway(), TokenAuth(), ENVIRONMENT, transport=transport, system=system
    ) as client:

        def another_was_first() -> None:
            lock.when_asked = None
            with pytest.raises(ServerError) as raised:
                client.run(PAY, PayRequest())
            first.append(raised.value)

        lock.when_asked = another_was_first
        with pytest.raises(ServerError) as raised:
            client.run(PAY, PayRequest())
    assert calls == ["token.example"] * 3
    assert raised.value is not first[0]


def test_while_one_renews_the_others_go_on() -> None:
    """A token that still lasts is used by whoever finds the lock taken."""
    lock = Turnstile()
    now = 0.0
    server = TokenServer()
    system = System(new_lock=lambda: lock, monotonic=lambda: now)
    with Client(
        FakeGateway(),
        TokenAuth(margin=60.0),
        ENVIRONMENT,
        transport=httpx2.MockTransport(server),
        system=system,
    ) as client:
        client.run(PAY, PayRequest())
        now, lock.free = 550.0, False
        client.run(PAY, PayRequest())
    assert server.used == ["t1", "t1"]
    assert lock.asked[-1] == (False, -1)
