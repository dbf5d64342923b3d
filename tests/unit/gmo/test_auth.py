"""Access tokens: fetched once however many ask, renewed in time, once more after a 401."""

from __future__ import annotations

import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx2
import pytest
from kessai import AuthenticationError, GatewayError, NotSentError, UnreadableAnswerError
from kessai_gmo import AsyncGmoClient, GmoClient
from kessai_gmo import models as m

from tests.unit.gmo.scripted import PASSWORD, SHOP, Script, answer, order, problem

ASK = m.OrderInquiryRequest(order_id="A-1")


class TokenGateway:
    """Gives out tokens and takes the ones it has not revoked."""

    def __init__(self, **members: Any) -> None:
        self.members = members
        self.fetched = 0
        self.refused = 0
        self.calls = 0
        self.good: set[str] = set()
        self.lock = threading.Lock()
        self.token_auth: set[str] = set()
        self.bodies: set[bytes] = set()
        self.fails = 0  # token requests to refuse first

    def __call__(self, request: httpx2.Request) -> httpx2.Response:
        with self.lock:
            if request.url.path == "/token":
                return self._token(request)
            self.calls += 1
            bearer = request.headers["authorization"].removeprefix("Bearer ")
            if bearer not in self.good:
                self.refused += 1
                return problem(401, "unauthorized_request")
            return answer(200, {"orderReference": order("AUTH")})

    def _token(self, request: httpx2.Request) -> httpx2.Response:
        self.token_auth.add(request.headers["authorization"].partition(" ")[0])
        self.bodies.add(request.content)
        self.fetched += 1
        if self.fails:
            self.fails -= 1
            return problem(401, "unauthorized_request")
        token = f"token-{self.fetched}"
        self.good.add(token)
        members = {"expires_in": "3600", "scope": "openapi", "token_type": "bearer"}
        return answer(201, {"access_token": token, **members, **self.members})


def sync_client(gateway: TokenGateway, script: Script, **options: Any) -> GmoClient:
    return GmoClient(
        SHOP, PASSWORD, auth="token", transport=httpx2.MockTransport(gateway),
        system=script.system, **options,
    )  # fmt: skip


def async_client(gateway: TokenGateway, script: Script) -> AsyncGmoClient:
    return AsyncGmoClient(
        SHOP, PASSWORD, auth="token", transport=httpx2.MockTransport(gateway), system=script.system
    )


@pytest.fixture
def clock() -> Script:
    return Script(answer(200, {}))


def test_the_token_itself_is_asked_for_with_the_password(clock: Script) -> None:
    gateway = TokenGateway()
    with sync_client(gateway, clock) as gmo:
        gmo.order.inquiry(ASK)
    assert gateway.token_auth == {"Basic"}
    assert gateway.bodies == {b"grant_type=client_credentials&scope=openapi"}


def test_a_token_the_merchant_asks_for_takes_the_password_too(clock: Script) -> None:
    gateway = TokenGateway()
    request = m.TokenRequest(grant_type=m.GrantType.CLIENT_CREDENTIALS, scope=m.TokenScope.OPENAPI)
    with sync_client(gateway, clock) as gmo:
        assert gmo.token.token(request).access_token == "token-1"
    assert gateway.fetched == 1
    assert gateway.token_auth == {"Basic"}


def test_many_threads_fetch_one_token(clock: Script) -> None:
    gateway = TokenGateway()
    with sync_client(gateway, clock) as gmo, ThreadPoolExecutor(16) as pool:
        list(pool.map(gmo.order.inquiry, [ASK] * 200))
    assert gateway.fetched == 1
    assert gateway.refused == 0
    assert gateway.calls == 200


def test_many_tasks_fetch_one_token(clock: Script) -> None:
    gateway = TokenGateway()

    async def run() -> None:
        async with async_client(gateway, clock) as gmo:
            await asyncio.gather(*(gmo.order.inquiry(ASK) for _ in range(200)))

    asyncio.run(run())
    assert gateway.fetched == 1
    assert gateway.refused == 0
    assert gateway.calls == 200


def test_many_threads_with_a_revoked_token_fetch_one_more(clock: Script) -> None:
    gateway = TokenGateway()
    with sync_client(gateway, clock) as gmo, ThreadPoolExecutor(16) as pool:
        gmo.order.inquiry(ASK)
        gateway.good.clear()
        list(pool.map(gmo.order.inquiry, [ASK] * 100))
    assert gateway.fetched == 2


def test_a_401_is_answered_with_one_fresh_token_and_no_second(clock: Script) -> None:
    gateway = TokenGateway()
    with sync_client(gateway, clock) as gmo:
        gmo.order.inquiry(ASK)
        gateway.good.clear()
        gmo.order.inquiry(ASK)
        assert (gateway.fetched, gateway.refused) == (2, 1)

    class Never(TokenGateway):
        def _token(self, request: httpx2.Request) -> httpx2.Response:
            given = super()._token(request)
            self.good.clear()
            return given

    gateway = Never()
    with sync_client(gateway, clock) as gmo, pytest.raises(AuthenticationError):
        gmo.order.inquiry(ASK)
    assert (gateway.fetched, gateway.refused) == (2, 2)


def test_a_wrong_password_ends_the_call_that_needed_the_token(clock: Script) -> None:
    gateway = TokenGateway()
    gateway.fails = 1
    with sync_client(gateway, clock) as gmo:
        with pytest.raises((AuthenticationError, NotSentError)):
            gmo.order.inquiry(ASK)
        assert gateway.calls == 0
        assert gateway.fetched == 1
        gmo.order.inquiry(ASK)  # the next call tries again


@pytest.mark.parametrize(
    ("expires_in", "lives"),
    [
        ("3600", 3600),
        ("60", 60),
        ("7200", 7200),
        (None, 3600),
        ("", 3600),
        ("soon", 3600),
        ("-1", 3600),
        ("0", 3600),
        ("３６００", 3600),
        ("1e3", 3600),
    ],
)
def test_a_token_is_renewed_before_it_ends(
    clock: Script, expires_in: str | None, lives: float
) -> None:
    gateway = TokenGateway(expires_in=expires_in)
    with sync_client(gateway, clock) as gmo:
        gmo.order.inquiry(ASK)
        clock.now = lives / 2 - 1
        gmo.order.inquiry(ASK)
        assert gateway.fetched == 1
        clock.now = lives - 1
        gmo.order.inquiry(ASK)
        assert gateway.fetched == 2
    assert gateway.refused == 0


@pytest.mark.parametrize("token", [None, "", "tok\ren", "トークン"])
def test_an_answer_without_a_usable_token(clock: Script, token: str | None) -> None:
    gateway = TokenGateway(access_token=token)
    with sync_client(gateway, clock) as gmo, pytest.raises(UnreadableAnswerError) as failed:
        gmo.order.inquiry(ASK)
    assert gateway.calls == 0
    assert token is None or not token or token not in str(failed.value)


def test_the_password_alone_never_fetches_a_token() -> None:
    script = Script(problem(401, "unauthorized_request"))
    with script.client() as gmo, pytest.raises(AuthenticationError):
        gmo.order.inquiry(ASK)
    assert script.paths == ["/order/inquiry"]


def test_tokens_and_password_stay_out_of_errors(clock: Script) -> None:
    class Leaky(TokenGateway):
        def __call__(self, request: httpx2.Request) -> httpx2.Response:
            if request.url.path == "/token":
                return super().__call__(request)
            return problem(402, "card_declined", detail="token-1")

    with sync_client(Leaky(), clock) as gmo, pytest.raises(GatewayError) as failed:
        gmo.order.inquiry(ASK)
    shown = f"{failed.value!r} {failed.value} {gmo!r}"
    assert "token-1" not in shown
    assert PASSWORD not in shown
