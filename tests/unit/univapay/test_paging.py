"""Lists as iterators: page by page, by cursor, and never for ever."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx2
import pytest
from hypothesis import given
from hypothesis import strategies as st
from kessai import errors as e
from kessai_univapay import paginate, paginate_async

from tests.unit.univapay.scripted import (
    CHARGE,
    STORE,
    Script,
    answer,
    at_most,
    charge_of,
    listed,
    refund_of,
)


class Shelf:
    """A gateway's list, served as its documents say."""

    def __init__(self, count: int) -> None:
        self.items = [charge_of("successful", id=f"charge-{number:03d}") for number in range(count)]
        self.asked: list[dict[str, str]] = []

    def __call__(self, request: httpx2.Request) -> httpx2.Response:
        query = dict(request.url.params)
        self.asked.append(query)
        start = 0
        if "cursor" in query:
            start = [item["id"] for item in self.items].index(query["cursor"]) + 1
        end = start + int(query.get("limit", "10"))
        return answer(200, listed(*self.items[start:end], more=end < len(self.items)))


def all_of(flavour: str, script: Script, **filters: Any) -> list[str]:
    """The ids of the whole list."""
    if flavour == "sync":
        with script.client() as univapay:
            return [charge.id for charge in paginate(univapay.charges.list, **filters)]

    async def main() -> list[str]:
        async with script.async_client() as univapay:
            return [charge.id async for charge in paginate_async(univapay.charges.list, **filters)]

    return asyncio.run(main())


FLAVOURS = pytest.mark.parametrize("flavour", ["sync", "async"])


@FLAVOURS
@pytest.mark.parametrize("count", [0, 1, 9, 10, 11, 20, 25])
def test_everything_once_in_order(flavour: str, count: int) -> None:
    shelf = Shelf(count)
    assert all_of(flavour, Script(shelf)) == [item["id"] for item in shelf.items]
    assert len(shelf.asked) == max(1, -(-count // 10))
    assert "cursor" not in shelf.asked[0]
    assert all("cursor" in query for query in shelf.asked[1:])


@given(st.integers(0, 40), st.integers(1, 15))
def test_with_any_size_of_a_page(count: int, limit: int) -> None:
    shelf = Shelf(count)
    assert len(all_of("sync", Script(shelf), limit=limit)) == count
    assert {query["limit"] for query in shelf.asked} == {str(limit)}


@FLAVOURS
def test_filters_stay_and_a_cursor_begins_there(flavour: str) -> None:
    shelf = Shelf(25)
    ids = all_of(flavour, Script(shelf), currency="JPY", cursor="charge-011", limit=5)
    assert ids == [item["id"] for item in shelf.items[12:]]
    assert {query["currency"] for query in shelf.asked} == {"JPY"}
    assert shelf.asked[0]["cursor"] == "charge-011"


def test_a_page_is_fetched_when_it_is_needed() -> None:
    shelf = Shelf(25)
    script = Script(shelf)
    with script.client() as univapay:
        charges = paginate(univapay.charges.list)
        assert shelf.asked == []
        for _ in range(10):
            next(charges)
        assert len(shelf.asked) == 1
        next(charges)
        assert len(shelf.asked) == 2


@FLAVOURS
def test_a_gateway_that_ignores_the_cursor_does_not_loop(flavour: str) -> None:
    """The same page again ends the list, and shows nothing twice."""
    items = [charge_of("successful", id=f"c{number}") for number in range(3)]
    script = Script(at_most(9, listed(*items, more=True)))
    assert all_of(flavour, script) == ["c0", "c1", "c2"]
    assert len(script.requests) == 2


@FLAVOURS
def test_nor_does_one_that_goes_round_in_circles(flavour: str) -> None:
    pages = [
        at_most(9, listed(*(charge_of(id=f"{name}{n}") for n in range(2)), more=True))
        for name in "abab"
    ]
    script = Script(*pages)
    assert all_of(flavour, script) == ["a0", "a1", "b0", "b1"]
    assert len(script.requests) == 3


@FLAVOURS
def test_an_empty_page_that_promises_more_is_the_end(flavour: str) -> None:
    script = Script(answer(200, listed(more=True)))
    assert all_of(flavour, script) == []
    assert len(script.requests) == 1


@FLAVOURS
def test_what_a_page_raises_is_raised_in_the_loop(flavour: str) -> None:
    items = [charge_of("successful", id="c0")]
    script = Script(answer(200, listed(*items, more=True)), httpx2.Response(404, json={}))
    with pytest.raises(e.NotFoundError):
        all_of(flavour, script)


def test_lists_with_a_path() -> None:
    """The list's own arguments are passed on."""
    script = Script(
        answer(200, {"items": [refund_of("successful", id="r1")], "has_more": True}),
        answer(200, {"items": [refund_of("failed", id="r2")], "has_more": False}),
    )
    with script.client() as univapay:
        found = list(paginate(univapay.refunds.list, store_id=STORE, charge_id=CHARGE))
    assert [refund.id for refund in found] == ["r1", "r2"]
    assert script.requests[1].url.params["cursor"] == "r1"
