"""Access tokens in a store that other processes share."""

from __future__ import annotations

from typing import Any

import pytest
from kessai.commands import Sleep, TokenGiveUp, TokenPut, TokenTake
from kessai.errors import DeadlineExceededError, StoreError
from kessai.stores.memory import MemoryTokens
from kessai.tokens import Held, obtain

from tests.support.core_fake import TokenAuth, no_answer, ok
from tests.support.core_hand import Hand, make_setup


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


def test_a_shared_token_with_a_short_life_is_fetched_once() -> None:
    """A margin longer than the token's life must not make every process fetch."""
    hand = Hand([ok(201, access_token="t1", expires_in="50")])
    store = MemoryTokens(clock=lambda: hand.now)
    hand.shelf.tokens = store
    assert fetch(hand).token == "t1"
    other = Hand([ok(201, access_token="t2", expires_in="50")], store=store)
    assert fetch(other).token == "t1"
    assert other.sent == []
    hand.now += 26.0
    assert fetch(other).token == "t2"


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
