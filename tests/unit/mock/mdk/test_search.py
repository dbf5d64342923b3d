"""Search: what it finds, what it shows of it, and from when on."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.mock.mdk.driver import Driver


def search(mock: Driver, common: Any = None, **more: Any) -> dict[str, Any]:
    """Search in dummy mode; gives the result."""
    request: dict[str, Any] = {"containDummyFlag": "true", **more}
    if common is not None:
        request["searchParameters"] = {"common": common}
    return mock.done("search", "Search", {n: v for n, v in request.items() if v is not None})


def numbers(result: dict[str, Any]) -> list[str]:
    return [str(info["orderId"]) for info in result["orderInfos"]["orderInfo"]]


def transactions(result: dict[str, Any]) -> list[tuple[str, str, str]]:
    (info,) = result["orderInfos"]["orderInfo"]
    shown = info["transactionInfos"]["transactionInfo"]
    return [(one["command"], one["mstatus"], one["amount"]) for one in shown]


@pytest.fixture
def shop(mock: Driver) -> Driver:
    """Four orders: captured, declined, at a konbini, and a live one."""
    mock.done("card", "Authorize", mock.card("a-1", 1000, payNowIdParam=_memo(mock)))
    mock.done("card", "Capture", {"orderId": "a-1", "amount": "700"})
    mock.post("card", "Authorize", mock.card("a-2", 200, expire="01/99"))
    konbini = {"serviceOptionType": "lawson", "amount": "300", "telNo": "0901"}
    mock.advance(3600)
    mock.done("cvs", "Authorize", {"orderId": "b-1", "payLimit": "2026/01/07", **konbini})
    mock.done("card", "Authorize", mock.card("l-1", 400), dummy=False)
    return mock


def _memo(mock: Driver) -> dict[str, Any]:
    account = {"accountId": "m-1"}
    return {"token": mock.token(), "memo1": "first", "freeKey": "k", "accountParam": account}


def test_an_exact_number_finds_one_order_newest_transaction_first(shop: Driver) -> None:
    result = search(shop, {"orderId": "a-1"})
    assert result["vResultCode"] == "N001000000000000"
    assert (result["searchCount"], result["overMaxCountFlag"]) == (1, False)
    assert transactions(result) == [("Capture", "success", "700"), ("Authorize", "success", "1000")]
    (info,) = result["orderInfos"]["orderInfo"]
    assert (info["serviceTypeCd"], info["lastSuccessTxnType"]) == ("card", "Capture")
    assert (info["memo1"], info["freeKey"], info["accountId"]) == ("first", "k", "m-1")
    one = info["transactionInfos"]["transactionInfo"][0]
    assert one["txnDatetime"] == "2026-01-05 10:00:00.0"
    assert one["properTransactionInfo"]["txnKind"] == "card"


def test_the_newest_transaction_alone(shop: Driver) -> None:
    result = search(shop, {"orderId": "a-1"}, newerFlag="true")
    assert transactions(result) == [("Capture", "success", "700")]


def test_nothing_is_a_success_without_orders(shop: Driver) -> None:
    result = search(shop, {"orderId": "none"})
    assert (result["searchCount"], result["orderInfos"]) == (0, {"orderInfo": []})


def test_dummy_orders_are_found_on_request_only(shop: Driver) -> None:
    assert numbers(search(shop)) == ["a-1", "a-2", "b-1", "l-1"]
    for flag in ("false", None):
        assert numbers(search(shop, containDummyFlag=flag)) == ["l-1"]


@pytest.mark.parametrize(
    ("common", "found"),
    [
        ({"orderId": "a-*"}, ["a-1", "a-2"]),
        ({"orderId": "*-1"}, ["a-1", "b-1", "l-1"]),
        ({"orderId": "a.1"}, []),
        ({"orderId": "a"}, []),
        ({"command": ["Capture"]}, ["a-1"]),
        ({"command": ["Capture", "Authorize"], "mstatus": ["failure"]}, ["a-2"]),
        ({"command": ["Capture"], "mstatus": ["failure"]}, []),
        ({"amount": {"from": "300", "to": "700"}}, ["a-1", "b-1", "l-1"]),
        ({"amount": {"to": "299"}}, ["a-2"]),
        ({"txnDatetime": {"from": "202601051001"}}, ["b-1", "l-1"]),
        ({"txnDatetime": {"from": "202601051000", "to": "202601051059"}}, ["a-1", "a-2"]),
        ({"txnDatetime": {"to": "202601050959"}}, []),
        ({"orderStatus": ["captured", "applied"]}, ["a-1", "b-1"]),
    ],
)
def test_conditions(shop: Driver, common: dict[str, Any], found: list[str]) -> None:
    assert numbers(search(shop, common)) == found


@pytest.mark.parametrize(
    ("special", "found"),
    [
        ({"cvs": {"cvsType": ["famima", "lawson"]}}, ["b-1"]),
        ({"cvs": {"cvsType": ["sej"]}}, []),
        ({"cvs": {"payLimit": {"from": "2026/01/07", "to": "2026/01/08"}}}, ["b-1"]),
        ({"cvs": {"payLimit": {"from": "2026/01/08"}}}, []),
        ({"cvs": {"paidDatetime": {"from": "20260101000000"}}}, []),
        ({"card": {"detailOrderType": ["ac"]}}, ["a-1"]),
        ({"card": {}, "common": {"orderId": "*2"}}, ["a-2"]),
    ],
)
def test_conditions_of_a_service(shop: Driver, special: Any, found: list[str]) -> None:
    assert numbers(search(shop, searchParameters=special)) == found


def test_services_and_counts(shop: Driver) -> None:
    assert numbers(search(shop, serviceTypeCd=["cvs"])) == ["b-1"]
    some = search(shop, maxCount="2")
    assert (numbers(some), some["overMaxCountFlag"]) == (["a-1", "a-2"], True)
    assert search(shop, maxCount="4")["overMaxCountFlag"] is False


def test_search_lags_behind(shop: Driver) -> None:
    assert shop.admin("lag", {"seconds": 60}).json() == {"searchLag": 60.0}
    assert numbers(search(shop, {"orderId": "a-1"})) == ["a-1"]
    assert numbers(search(shop, {"orderId": "l-1"})) == []
    shop.done("card", "Cancel", {"orderId": "a-1"})
    assert len(transactions(search(shop, {"orderId": "a-1"}))) == 2
    shop.advance(59)
    assert numbers(search(shop, {"orderId": "l-1"})) == []
    shop.advance(1)
    assert numbers(search(shop, {"orderId": "l-1"})) == ["l-1"]
    assert transactions(search(shop, {"orderId": "a-1"}))[0][0] == "Cancel"
    assert shop.admin("lag", {"seconds": -1}).status == 400


def test_a_3ds_order_is_found_by_its_request(shop: Driver) -> None:
    begun = {
        **shop.card("m-1"),
        "serviceOptionType": "mpi-company",
        "deviceChannel": "02",
        "cardholderName": "TARO",
    }
    contents = shop.done("mpi", "Authorize", begun)["resResponseContents"]
    shop.submit(contents, outcome="challenge")
    request = shop.done("mpi", "GetResult", {"orderId": "m-1"})["requestId"]
    result = search(shop, requestId=request)
    assert numbers(result) == ["m-1"]
    assert [one[0] for one in transactions(result)] == ["Authorize", "VerifyNotify", "Authorize"]
    kinds = [
        one["properTransactionInfo"]["txnKind"]
        for one in result["orderInfos"]["orderInfo"][0]["transactionInfos"]["transactionInfo"]
    ]
    assert kinds == ["card", "mpi", "mpi"]


@pytest.mark.parametrize(
    "request_",
    [
        {"maxCount": "0"},
        {"maxCount": "many"},
        {"newerFlag": "1"},
        {"searchParameters": {"common": {"txnDatetime": {"from": "20260105"}}}},
        {"searchParameters": {"common": {"amount": {"to": "-1"}}}},
    ],
)
def test_what_is_refused(mock: Driver, request_: dict[str, Any]) -> None:
    assert mock.post("search", "Search", request_).code == "ZF01"


@pytest.mark.parametrize(
    ("pattern", "wanted"),
    [
        ("*" * 100, True),
        ("a*" * 40, True),
        ("a*" * 12 + "b", False),  # with a regular expression, a matter of years
        ("*a" * 12 + "*b", False),
        ("a" * 50 + "*" + "a" * 50, True),
        ("a" * 51 + "*" + "a" * 50, False),
        ("*aa*", True),
        ("aa", False),
        ("*.*", False),
    ],
)
def test_many_stars_are_soon_compared(mock: Driver, pattern: str, wanted: bool) -> None:
    order_id = "a" * 100
    mock.done("card", "Authorize", mock.card(order_id))
    assert numbers(search(mock, {"orderId": pattern})) == ([order_id] if wanted else [])
