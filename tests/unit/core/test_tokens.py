"""Access tokens: fetched once, renewed in time, once more after a 401."""

from __future__ import annotations

import json

import httpx2
import pytest
from kessai.call import call
from kessai.errors import AuthenticationError, ServerError, UnreadableAnswerError

from tests.support.core_clients import Both
from tests.support.core_fake import PAY, MarkAuth, PayRequest, TokenAuth, problem
from tests.support.core_hand import Hand, make_setup
from tests.support.core_tokens import TokenServer


@pytest.fixture(params=["sync", "async"])
def flavour(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def test_fetched_once_and_renewed_before_its_end(flavour: str) -> None:
    """One fetch serves many calls; within the margin of its end the next one fetches."""
    server = TokenServer()
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
    server = TokenServer()
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
    server = TokenServer()
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
    server = TokenServer(seconds=20.0)
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


def test_an_auth_without_a_grant(flavour: str) -> None:
    """Asking for a token nobody can fetch is a mistake in the overlay, and said."""

    class Odd(TokenAuth):
        @property
        def grant(self) -> None:
            return None

    client = Both(flavour, TokenServer(), auth=Odd())
    with pytest.raises(Exception, match="has no grant"):
        client.run(PAY, PayRequest())
    client.finish()


def test_passwords_need_no_tokens() -> None:
    """A 401 is final then."""
    hand = Hand([problem(401)])
    with pytest.raises(AuthenticationError):
        hand.run(call(make_setup(auth=MarkAuth()), PAY, PayRequest(), {}))
    assert len(hand.sent) == 1
