"""Lists: pages, cursors, directions, filters."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.mock.univapay.driver import STORE, Driver, card, hold_to


@pytest.fixture
def charges(mock: Driver) -> list[dict[str, Any]]:
    """Twelve charges, oldest first, a second apart."""
    made: list[dict[str, Any]] = []
    for number in range(12):
        made.append(mock.charge(amount=100 + number, metadata={"order": f"o-{number}"}))
        mock.advance(1)
    return made


def ids(items: list[dict[str, Any]]) -> list[str]:
    """Their numbers."""
    return [one["id"] for one in items]


def test_ten_at_a_time_newest_first(mock: Driver, charges: list[dict[str, Any]]) -> None:
    first = mock.get("/charges")
    hold_to("ChargeList", first)
    newest = ids(charges)[::-1]
    assert ids(first["items"]) == newest[:10]
    assert (first["has_more"], first["total_hits"]) == (True, 12)
    second = mock.get(f"{STORE}/charges?cursor={first['items'][-1]['id']}")
    assert (ids(second["items"]), second["has_more"]) == (newest[10:], False)
    assert first["items"][0]["store_name"] == "Store 1"


def test_oldest_first_by_small_pages(mock: Driver, charges: list[dict[str, Any]]) -> None:
    seen: list[str] = []
    path = "/charges?limit=5&cursor_direction=asc"
    while True:
        page = mock.get(path + (f"&cursor={seen[-1]}" if seen else ""))
        seen += ids(page["items"])
        if not page["has_more"]:
            break
    assert seen == ids(charges)


def test_numbers_are_in_the_order_of_time(charges: list[dict[str, Any]]) -> None:
    """As the gateway's own, which begin with the time."""
    assert ids(charges) == sorted(ids(charges))


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("transaction_token_id={token}", [3]),
        ("amount_from=103&amount_to=105", [4, 3]),
        ("from=2026-01-05T01:00:09Z", [11, 10, 9]),
        ("to=2026-01-05T10:00:02%2B09:00", [1, 0]),
        ("metadata=o-7", [7]),
        ("email=TARO@shop.example&limit=1", [11]),
        ("email=nobody@shop.example", []),
        ("phone=0312345678&limit=1", [11]),
        ("currency=jpy&limit=1", [11]),
        ("currency=usd", []),
        ("mode=live", []),
        ("last_four=0000", []),
        ("cursor=11ed00f1-da1b-c4d2-b420-37b91ef1b282", []),
    ],
)
def test_filters(mock: Driver, charges: list[dict[str, Any]], query: str, found: list[int]) -> None:
    query = query.format(token=charges[3]["transaction_token_id"])
    listed = mock.get(f"/charges?{query}")["items"]
    assert ids(listed) == [charges[number]["id"] for number in found]


def test_filters_by_card(mock: Driver) -> None:
    paid = mock.successful()
    mock.charge()
    query = "last_four=0000&name=taro%20kessai&exp_month=12&exp_year=2029"
    assert ids(mock.get(f"/charges?{query}")["items"]) == [paid["id"]]
    assert mock.get(f"/charges?{query.replace('2029', '2030')}")["items"] == []


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("limit=0", "limit"),
        ("limit=101", "limit"),
        ("limit=ten", "limit"),
        ("cursor_direction=up", "cursor_direction"),
        ("amount_from=x", "amount_from"),
        ("from=yesterday", "from"),
        ("to=2026-01-05T01:00:00", "to"),
    ],
)
def test_what_cannot_be_asked(mock: Driver, query: str, field: str) -> None:
    answer = mock.request("GET", f"/charges?{query}")
    assert (answer.status, answer.wrong[0][0]) == (400, field)


def test_a_recurring_tokens_charges(mock: Driver) -> None:
    """What a client asks by after a lost answer."""
    token = mock.token(card(type="recurring"))
    mock.next(operation="charges_create", fault="lost-after")
    body = {"transaction_token_id": token["id"], "amount": 1, "currency": "JPY"}
    with pytest.raises(ConnectionResetError):
        mock.post("/charges", body)
    listed = mock.get(f"/charges?transaction_token_id={token['id']}")
    assert (listed["total_hits"], listed["items"][0]["requested_amount"]) == (1, 1)
