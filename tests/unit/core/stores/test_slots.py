"""At most N live leases, and what was never answered keeps its place."""

from __future__ import annotations

import pytest
from kessai.errors import ConfigurationError
from kessai.stores.base import Full, Slot

from tests.unit.core.stores.houses import House


def take(house: House, limit: int = 5, lease: float = 100) -> Slot:
    slot = house.slots.acquire("shop", limit, lease)
    assert isinstance(slot, Slot)
    return slot


def test_no_more_than_the_limit(house: House) -> None:
    slots = [take(house) for _ in range(5)]
    assert len({slot.owner for slot in slots}) == 5
    full = house.slots.acquire("shop", 5, 100)
    assert isinstance(full, Full)
    assert 99 < full.wait <= 100
    assert isinstance(house.slots.acquire("other shop", 5, 100), Slot)


def test_a_released_place_is_free_once(house: House) -> None:
    slots = [take(house) for _ in range(5)]
    assert house.slots.release(slots[2])
    assert not house.slots.release(slots[2])
    take(house)
    assert isinstance(house.slots.acquire("shop", 5, 100), Full)


def test_a_place_never_given_back_is_free_at_the_end_of_its_lease(house: House) -> None:
    for lease in (30, 50, 70):
        take(house, limit=3, lease=lease)
    house.advance(20)
    full = house.slots.acquire("shop", 3, 100)
    assert isinstance(full, Full)
    assert 9 < full.wait <= 10, "the earliest lease says how long"
    house.advance(10)
    take(house, limit=3)
    assert isinstance(house.slots.acquire("shop", 3, 100), Full)
    house.advance(40)
    take(house, limit=3)
    take(house, limit=3)
    assert isinstance(house.slots.acquire("shop", 3, 100), Full)


def test_a_late_release_frees_no_other_place(house: House) -> None:
    late = take(house, limit=1, lease=30)
    house.advance(30)
    assert not house.slots.release(late)
    take(house, limit=1)
    assert not house.slots.release(late)
    assert isinstance(house.slots.acquire("shop", 1, 100), Full)


def test_a_made_up_slot_frees_nothing(house: House) -> None:
    slot = take(house, limit=1)
    assert not house.slots.release(slot._replace(owner=""))
    assert not house.slots.release(slot._replace(name="other"))
    assert isinstance(house.slots.acquire("shop", 1, 100), Full)


def test_a_longer_lease_outlives_shorter_ones(house: House) -> None:
    take(house, limit=2, lease=100)
    take(house, limit=2, lease=10)
    house.advance(11)
    take(house, limit=2, lease=10)
    assert isinstance(house.slots.acquire("shop", 2, 10), Full)


def test_a_lower_limit_waits_for_more_to_leave(house: House) -> None:
    slots = [take(house, limit=3) for _ in range(3)]
    assert house.slots.release(slots[0])
    assert isinstance(house.slots.acquire("shop", 2, 100), Full)
    assert house.slots.release(slots[1])
    take(house, limit=2)


@pytest.mark.parametrize(
    ("name", "limit", "lease"), [("", 5, 1.0), ("shop", 0, 1.0), ("shop", 5, 0.0)]
)
def test_arguments_that_make_no_sense_are_refused(
    house: House, name: str, limit: int, lease: float
) -> None:
    with pytest.raises(ConfigurationError):
        house.slots.acquire(name, limit, lease)
