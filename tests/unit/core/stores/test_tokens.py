"""A token is fetched once, however many ask."""

from __future__ import annotations

import pytest
from kessai.errors import ConfigurationError

from tests.unit.core.stores.houses import House


def test_one_fetches_and_the_others_wait(house: House) -> None:
    turn = house.tokens.take("shop", 10)
    assert (turn.state, turn.seconds) == ("fetch", 10)
    other = house.tokens.take("shop", 10)
    assert other.state == "wait"
    assert 9 < other.seconds <= 10
    assert other.owner == ""
    assert house.tokens.put("shop", turn.owner, "T1", 3600)
    served = house.tokens.take("shop", 10)
    assert (served.state, served.token) == ("token", "T1")
    assert 3599 < served.seconds <= 3600
    assert house.tokens.take("other", 10).state == "fetch"


def test_a_token_near_its_end_is_fetched_again(house: House) -> None:
    turn = house.tokens.take("shop", 10)
    assert house.tokens.put("shop", turn.owner, "T1", 200)
    house.advance(141)
    assert house.tokens.take("shop", 10, min_seconds=50).state == "token"
    assert house.tokens.take("shop", 10, min_seconds=60).state == "fetch"
    assert house.tokens.take("shop", 10, min_seconds=60).state == "wait"
    assert house.tokens.take("shop", 10).state == "token", "good enough for whoever asks for less"
    house.advance(59)
    assert house.tokens.take("shop", 10).state == "fetch"


def test_a_token_with_a_short_life_is_shared_all_the_same(house: House) -> None:
    """For the first half of it, whatever margin is asked for, or everybody would fetch."""
    turn = house.tokens.take("shop", 10)
    assert house.tokens.put("shop", turn.owner, "T1", 50)
    house.advance(24)
    assert house.tokens.take("shop", 10, min_seconds=60).token == "T1"
    house.advance(2)
    again = house.tokens.take("shop", 10, min_seconds=60)
    assert again.state == "fetch"
    assert house.tokens.take("shop", 10, min_seconds=20).token == "T1"
    assert house.tokens.put("shop", again.owner, "T2", 50)
    assert house.tokens.take("shop", 10, min_seconds=60).token == "T2"


def test_of_many_with_a_refused_token_one_fetches(house: House) -> None:
    turn = house.tokens.take("shop", 10)
    assert house.tokens.put("shop", turn.owner, "T1", 3600)
    again = house.tokens.take("shop", 10, refused="T1")
    assert again.state == "fetch"
    assert house.tokens.take("shop", 10, refused="T1").state == "wait"
    assert house.tokens.put("shop", again.owner, "T2", 3600)
    assert house.tokens.take("shop", 10, refused="T1").token == "T2"


def test_whoever_dies_while_fetching_is_replaced(house: House) -> None:
    dead = house.tokens.take("shop", 10)
    house.advance(10)
    turn = house.tokens.take("shop", 10)
    assert turn.state == "fetch"
    assert not house.tokens.put("shop", dead.owner, "OLD", 3600)
    assert not house.tokens.give_up("shop", dead.owner)
    assert house.tokens.put("shop", turn.owner, "NEW", 3600)
    assert house.tokens.take("shop", 10).token == "NEW"


def test_a_late_token_is_kept_when_nobody_took_the_turn(house: House) -> None:
    late = house.tokens.take("shop", 10)
    house.advance(11)
    assert house.tokens.put("shop", late.owner, "T1", 3600)
    assert house.tokens.take("shop", 10).token == "T1"


def test_giving_up_lets_the_next_one_fetch(house: House) -> None:
    turn = house.tokens.take("shop", 10)
    assert house.tokens.give_up("shop", turn.owner)
    assert not house.tokens.give_up("shop", turn.owner)
    assert house.tokens.take("shop", 10).state == "fetch"


@pytest.mark.parametrize("owner", ["", "0" * 32])
def test_a_made_up_owner_stores_nothing(house: House, owner: str) -> None:
    assert not house.tokens.put("shop", owner, "X", 3600)
    assert not house.tokens.give_up("shop", owner)
    turn = house.tokens.take("shop", 10)
    assert not house.tokens.put("shop", owner, "X", 3600)
    assert not house.tokens.give_up("shop", owner)
    assert house.tokens.put("shop", turn.owner, "T1", 3600)
    assert not house.tokens.put("shop", owner, "X", 3600)
    assert house.tokens.take("shop", 10).token == "T1"


def test_the_token_does_not_show(house: House) -> None:
    turn = house.tokens.take("shop", 10)
    assert house.tokens.put("shop", turn.owner, "SECRET-TOKEN", 3600)
    served = house.tokens.take("shop", 10)
    assert "SECRET" not in f"{served!r} {served} {[served]}"
    assert turn.owner not in f"{turn!r}"


def test_arguments_that_make_no_sense_are_refused(house: House) -> None:
    with pytest.raises(ConfigurationError, match="name must"):
        house.tokens.take("", 10)
    with pytest.raises(ConfigurationError, match="min_seconds must"):
        house.tokens.take("shop", 10, min_seconds=-1)
    turn = house.tokens.take("shop", 10)
    with pytest.raises(ConfigurationError, match="seconds must"):
        house.tokens.put("shop", turn.owner, "T", 0)
