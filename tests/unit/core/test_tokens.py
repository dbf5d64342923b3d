"""Access tokens: one fetch however many ask, renewed in time, once more after a 401."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Awaitable, Callable
from typing import Any

import httpx2
import pytest
from kessai.call import call
from kessai.client import AsyncClient, Client
from kessai.commands import Sleep, TokenGiveUp, TokenPut, TokenTake
from kessai.errors import (
    AuthenticationError,
    DeadlineExceededError,
    NotSentError,
    ServerError,
    UnreadableAnswerError,
)
from kessai.stores.memory import MemoryTokens
from kessai.stores.values import StoreError
from kessai.system import System
from kessai.tokens import Held, obtain

from tests.support.core_clients import Both
from tests.support.core_fake import (
    ENVIRONMENT,
    PAY,
    FakeGateway,
    MarkAuth,
    PayRequest,
    TokenAuth,
    no_answer,
    ok,
    problem,
)
from tests.support.core_hand import Hand, make_setup
from tests.support.virtual_loop import run_virtual

BODY = b'{"id": "R-1", "state": "AUTH"}'


class Server:
    """Hands out tokens t1, t2, ...; takes only the newest, and only while it lives."""

    def __init__(self, seconds: float = 600.0) -> None:
        self.seconds = seconds
        self.fetched = 0
        self.used: list[str] = []
        self.revoked: set[str] = set()
        self.broken = False

    def __call__(self, request: httpx2.Request) -> httpx2.Response:
        if request.url.host == "token.example":
            assert request.headers["authorization"].startswith("Mark ")
            if self.broken:
                return httpx2.Response(500, json={"title": "oops"})
            self.fetched += 1
            token = {"access_token": f"t{self.fetched}", "expires_in": str(self.seconds)}
            return httpx2.Response(201, json=token)
        bearer = request.headers["authorization"].removeprefix("Bearer ")
        self.used.append(bearer)
        if bearer in self.revoked:
            return httpx2.Response(401, json={"title": "unauthorized"})
        return httpx2.Response(200, content=BODY)


@pytest.fixture(params=["sync", "async"])
def flavour(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def test_fetched_once_and_renewed_before_its_end(flavour: str) -> None:
    """One fetch serves many calls; within the margin of its end the next one fetches."""
    server = Server()
    client = Both(flavour, server, auth=TokenAuth(margin=60.0))
    for _ in range(3):
        client.run(PAY, PayRequest())
    client.now += 539.0
    client.run(PAY, PayRequest())
    client.now += 2.0
    client.run(PAY, PayRequest())
    assert server.used == ["t1"] * 4 + ["t2"]
    client.finish()


def test_once_more_after_a_401(flavour: str) -> None:
    """A token that was revoked early is replaced at once, and the call goes through."""
    server = Server()
    client = Both(flavour, server, auth=TokenAuth())
    client.run(PAY, PayRequest())
    server.revoked.add("t1")
    client.run(PAY, PayRequest())
    assert server.used == ["t1", "t1", "t2"]
    server.revoked.update({"t2", "t3"})
    with pytest.raises(AuthenticationError):
        client.run(PAY, PayRequest())
    assert server.fetched == 3
    client.finish()


def test_a_renewal_that_fails_while_the_token_lasts(flavour: str) -> None:
    """The old one is still good; once it has ended, the failure is the call's."""
    server = Server()
    client = Both(flavour, server, auth=TokenAuth(margin=60.0))
    client.run(PAY, PayRequest())
    client.now += 545.0
    server.broken = True
    client.run(PAY, PayRequest())
    assert server.used == ["t1", "t1"]
    client.now += 100.0
    with pytest.raises(ServerError) as raised:
        client.run(PAY, PayRequest())
    assert raised.value.operation == "token"
    assert server.used == ["t1", "t1"]
    client.finish()


def test_a_short_life_is_no_fetch_per_call(flavour: str) -> None:
    """A margin longer than the token's life counts for half of it at most."""
    server = Server(seconds=20.0)
    client = Both(flavour, server, auth=TokenAuth(margin=60.0))
    client.run(PAY, PayRequest())
    client.now += 9.0
    client.run(PAY, PayRequest())
    client.now += 2.0
    client.run(PAY, PayRequest())
    assert server.used == ["t1", "t1", "t2"]
    client.finish()


@pytest.mark.parametrize("answer", [{}, {"access_token": "t"}, {"access_token": "a b\n"}])
def test_an_answer_without_a_token(flavour: str, answer: dict[str, str]) -> None:
    """Is unreadable, keeps its bytes, and shows none."""

    def server(request: httpx2.Request) -> httpx2.Response:
        return httpx2.Response(201, json=answer)

    client = Both(flavour, server, auth=TokenAuth())
    with pytest.raises(UnreadableAnswerError) as raised:
        client.run(PAY, PayRequest())
    assert json.loads(raised.value.content) == answer
    assert "access_token" not in str(raised.value)
    client.finish()


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


def slow(server: Server, seconds: float = 1.0) -> Callable[..., Awaitable[httpx2.Response]]:
    async def handler(request: httpx2.Request) -> httpx2.Response:
        if request.url.host == "token.example":
            await asyncio.sleep(seconds)
        return server(request)

    return handler


def test_many_tasks_one_fetch() -> None:
    """All wait for the one fetch and use its token."""
    server = Server()
    assert many(200, slow(server), pay) == ["R-1"] * 200
    assert server.fetched == 1


def test_many_tasks_share_a_failure() -> None:
    """A gateway in trouble is asked by one, in its three attempts, and not by each."""
    server = Server()
    server.broken = True
    results = many(50, slow(server), pay)
    assert {type(result) for result in results} == {ServerError}
    assert len({id(result) for result in results}) == 50
    assert server.fetched == 0


def test_a_cancelled_waiter_poisons_nobody() -> None:
    """The task that asked first is cancelled; the fetch goes on for the others."""
    server = Server()
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
    server = Server()

    async def use(client: AsyncClient) -> Any:
        return await client.run(PAY, PayRequest(), {"deadline": 3.0})

    results = many(3, slow(server, 50.0), use)
    assert {type(result) for result in results} == {DeadlineExceededError}
    assert server.used == []


def test_closing_ends_a_fetch() -> None:
    """Whoever waits for it learns that nothing was sent."""

    async def main() -> object:
        system = System(monotonic=asyncio.get_running_loop().time)
        transport = httpx2.MockTransport(slow(Server(), 100.0))  # type: ignore[arg-type]
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
    server = Server()
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
            transport=httpx2.MockTransport(Server()),
            system=system,
        ) as client,
        pytest.raises(DeadlineExceededError),
    ):
        client.run(PAY, PayRequest(), {"deadline": 3.0})
    assert lock.asked == [(True, 3.0)]


def test_a_thread_shares_the_failure_it_waited_for() -> None:
    """It does not ask a gateway in trouble once more, and it gets an error of its own."""
    lock = Turnstile()
    server = Server()
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
    server = Server()
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


# With a store that other processes share


def fetch(hand: Hand, refused: str = "") -> Held:
    grant = TokenAuth().grant
    assert grant is not None
    return hand.run(obtain(make_setup(tokens=True), grant, refused))


GRANTED = ok(201, access_token="t1", expires_in="600")


def test_a_shared_token_is_fetched_once() -> None:
    """The first process fetches, the next finds it, until it is refused or too old."""
    hand = Hand([GRANTED])
    store = MemoryTokens(clock=lambda: hand.now)
    hand.shelf.tokens = store
    assert fetch(hand).token == "t1"
    other = Hand([ok(201, access_token="t2", expires_in="600")], store=store)
    assert fetch(other).token == "t1"
    assert other.sent == []
    assert fetch(other, "t1").token == "t2"
    names = [c.name for c in hand.commands if isinstance(c, TokenTake)]
    assert names == [NAME]


NAME = "fake:shop1:test:token"


def test_waiting_for_another_process() -> None:
    """It looks again until the other has put its token there."""

    class Waiting(Hand):
        def answer(self, command: Any) -> Any:
            if isinstance(command, Sleep) and len(self.slept) == 2:
                assert store.put(NAME, turn.owner, "theirs", 600.0)
            return super().answer(command)

    hand = Waiting()
    hand.shelf.tokens = store = MemoryTokens(clock=lambda: hand.now)
    turn = store.take(NAME, 1000.0)
    assert fetch(hand).token == "theirs"
    assert len(hand.slept) == 3
    assert hand.sent == []


def test_waiting_for_another_process_ends() -> None:
    """With the deadline; nothing was sent."""
    hand = Hand()
    hand.shelf.tokens = store = MemoryTokens(clock=lambda: hand.now)
    store.take(NAME, 1000.0)
    with pytest.raises(DeadlineExceededError):
        fetch(hand)
    assert hand.sent == []
    assert 199.0 < sum(hand.slept) < 201.0


def test_a_turn_is_given_up() -> None:
    """A fetch that failed frees the turn for the next process."""
    hand = Hand([no_answer()] * 3)
    store = MemoryTokens(clock=lambda: hand.now)
    hand.shelf.tokens = store
    with pytest.raises(Exception, match="no complete answer"):
        fetch(hand)
    assert [type(c) for c in hand.commands if isinstance(c, TokenPut | TokenGiveUp)] == [
        TokenGiveUp
    ]
    assert store.take(NAME, 1.0).state == "fetch"


def test_a_store_that_fails() -> None:
    """Before the fetch it is the call's failure; after it the token is used all the same."""

    class Failing(MemoryTokens):
        def __init__(self, step: str) -> None:
            super().__init__()
            self.step = step

        def take(self, name: str, lease_seconds: float, **kept: Any) -> Any:
            if self.step == "take":
                raise StoreError("gone")
            return super().take(name, lease_seconds, **kept)

        def put(self, name: str, owner: str, token: str, seconds: float) -> bool:
            raise StoreError("gone")

    with pytest.raises(StoreError):
        fetch(Hand(store=Failing("take")))
    assert fetch(Hand([GRANTED], store=Failing("put"))).token == "t1"


def test_tokens_are_never_shown() -> None:
    """Not by what holds them, nor by the commands that carry them."""
    hand = Hand([GRANTED], store=MemoryTokens())
    held = fetch(hand, "old-secret")
    shown = repr(held) + "".join(repr(command) for command in hand.commands)
    assert "t1" not in shown.replace("test", "")
    assert "old-secret" not in shown


def test_an_auth_without_a_grant(flavour: str) -> None:
    """Asking for a token nobody can fetch is a mistake in the overlay, and said."""

    class Odd(TokenAuth):
        @property
        def grant(self) -> None:
            return None

    client = Both(flavour, Server(), auth=Odd())
    with pytest.raises(Exception, match="has no grant"):
        client.run(PAY, PayRequest())
    client.finish()


def test_passwords_need_no_tokens() -> None:
    """A 401 is final then."""
    hand = Hand([problem(401)])
    with pytest.raises(AuthenticationError):
        hand.run(call(make_setup(auth=MarkAuth()), PAY, PayRequest(), {}))
    assert len(hand.sent) == 1
