"""Seen means done, and a claim that dies is free again."""

from __future__ import annotations

import pytest
from kessai.errors import ConfigurationError
from kessai.stores.base import Claim

from tests.unit.core.stores.houses import House


def test_claim_is_exclusive_until_done(house: House) -> None:
    first = house.dedupe.claim("event", 30)
    assert first.state == "claimed"
    assert first.owner
    second = house.dedupe.claim("event", 30)
    assert second.state == "busy"
    assert second.owner == ""
    assert 29 < second.wait <= 30
    assert house.dedupe.done("event", first.owner, 100)
    assert house.dedupe.claim("event", 30) == Claim("done")


def test_keys_do_not_disturb_each_other(house: House) -> None:
    assert house.dedupe.claim("a", 30).state == "claimed"
    assert house.dedupe.claim("b", 30).state == "claimed"
    assert house.dedupe.claim("決済:1", 30).state == "claimed"
    assert house.dedupe.claim("決済:1", 30).state == "busy"


def test_release_frees_the_key(house: House) -> None:
    claim = house.dedupe.claim("event", 30)
    assert house.dedupe.release("event", claim.owner)
    assert not house.dedupe.release("event", claim.owner)
    assert house.dedupe.claim("event", 30).state == "claimed"


def test_claim_frees_itself_at_the_end_of_its_lease(house: House) -> None:
    first = house.dedupe.claim("event", 30)
    house.advance(29)
    assert house.dedupe.claim("event", 30).state == "busy"
    house.advance(1)
    second = house.dedupe.claim("event", 30)
    assert second.state == "claimed"
    assert second.owner != first.owner


def test_a_late_owner_cannot_touch_the_next_claim(house: House) -> None:
    late = house.dedupe.claim("event", 30)
    house.advance(30)
    now = house.dedupe.claim("event", 30)
    assert not house.dedupe.done("event", late.owner, 100)
    assert not house.dedupe.release("event", late.owner)
    assert house.dedupe.claim("event", 30).state == "busy"
    assert house.dedupe.done("event", now.owner, 100)
    assert not house.dedupe.done("event", late.owner, 100)


def test_a_late_owner_may_still_finish_what_nobody_took(house: House) -> None:
    late = house.dedupe.claim("event", 30)
    house.advance(31)
    assert not house.dedupe.release("event", late.owner)
    assert house.dedupe.done("event", late.owner, 100)
    assert house.dedupe.claim("event", 30).state == "done"


def test_a_late_owner_may_finish_after_another_died_too(house: House) -> None:
    late = house.dedupe.claim("event", 30)
    house.advance(31)
    assert house.dedupe.claim("event", 30).state == "claimed"
    house.advance(31)
    assert house.dedupe.done("event", late.owner, 100)
    assert house.dedupe.claim("event", 30).state == "done"


def test_done_is_kept_as_long_as_asked(house: House) -> None:
    claim = house.dedupe.claim("event", 30)
    assert house.dedupe.done("event", claim.owner, 100)
    assert house.dedupe.done("event", claim.owner, 100), "the same answer to the same question"
    house.advance(99)
    assert house.dedupe.claim("event", 30).state == "done"
    house.advance(1)
    assert house.dedupe.claim("event", 30).state == "claimed"


@pytest.mark.parametrize("owner", ["", "0" * 32])
def test_a_made_up_owner_changes_nothing(house: House, owner: str) -> None:
    claim = house.dedupe.claim("event", 30)
    assert not house.dedupe.release("event", owner)
    assert not house.dedupe.done("event", owner, 100)
    assert house.dedupe.done("event", claim.owner, 100)
    assert not house.dedupe.release("event", owner)
    assert house.dedupe.claim("event", 30).state == "done"


def test_released_after_done_stays_done(house: House) -> None:
    claim = house.dedupe.claim("event", 30)
    assert house.dedupe.done("event", claim.owner, 100)
    assert not house.dedupe.release("event", claim.owner)
    assert house.dedupe.claim("event", 30).state == "done"


@pytest.mark.parametrize("key", ["", "x" * 513, "決" * 171, "a\0b", "\ud800"])
def test_keys_no_store_can_keep_are_refused(house: House, key: str) -> None:
    with pytest.raises(ConfigurationError, match="key must"):
        house.dedupe.claim(key, 30)


@pytest.mark.parametrize("seconds", [0, -1, float("inf"), float("nan")])
def test_durations_must_be_finite_and_positive(house: House, seconds: float) -> None:
    with pytest.raises(ConfigurationError, match="lease_seconds must"):
        house.dedupe.claim("event", seconds)
    claim = house.dedupe.claim("event", 30)
    with pytest.raises(ConfigurationError, match="keep_seconds must"):
        house.dedupe.done("event", claim.owner, seconds)
