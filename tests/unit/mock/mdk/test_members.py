"""Members: a card that is kept with a payment, and payments with it afterwards."""

from __future__ import annotations

from typing import Any

from tests.unit.mock.mdk.driver import Answer, Driver


def pay(mock: Driver, order_id: str, account: dict[str, Any], **param: Any) -> Answer:
    body = {"orderId": order_id, "amount": "100"}
    return mock.post("card", "Authorize", {**body, "payNowIdParam": {"accountParam": account,
                                                                     **param}})  # fmt: skip


def cards(answer: Answer) -> list[dict[str, str]]:
    response = answer.json()["payNowIdResponse"]
    assert response["status"] == "success"
    return list(response["account"]["cardInfo"])


def test_an_unknown_member_is_registered_with_the_payment(mock: Driver) -> None:
    first = pay(mock, "o-1", {"accountId": "m-1"}, token=mock.token())
    assert first.result["vResultCode"] == "A001X00100000000"
    (card,) = cards(first)
    assert (card["cardNumber"], card["defaultCard"]) == ("411111********11", "1")
    again = pay(mock, "o-2", {"accountId": "m-1"})
    assert (again.mstatus, cards(again)) == ("success", [card])
    assert mock.balances()["hold"] == 200


def test_another_card_is_added_and_named(mock: Driver) -> None:
    pay(mock, "o-1", {"accountId": "m-1"}, token=mock.token())
    added = pay(mock, "o-2", {"accountId": "m-1"}, token=mock.token("5555555555554444"))
    _, second = cards(added)
    assert second["defaultCard"] == "0"
    by_id = {"accountId": "m-1", "cardParam": {"cardId": second["cardId"]}}
    assert pay(mock, "o-3", by_id).result["reqCardNumber"] == "555555********44"
    assert len(cards(pay(mock, "o-4", {"accountId": "m-1"}, token=mock.token()))) == 2


def test_what_is_not_known_is_refused(mock: Driver) -> None:
    assert pay(mock, "o-1", {"accountId": "m-1"}).code == "ZX01"
    pay(mock, "o-2", {"accountId": "m-1"}, token=mock.token())
    assert pay(mock, "o-3", {"accountId": "m-1", "cardParam": {"cardId": "x"}}).code == "ZX01"


def test_a_declined_payment_registers_nobody(mock: Driver) -> None:
    declined = pay(mock, "o-1", {"accountId": "m-1"}, token=mock.token(expire="01/99"))
    assert "payNowIdResponse" not in declined.json()
    assert mock.gateway.members == {}


def test_a_payment_without_a_member_says_nothing_of_one(mock: Driver) -> None:
    answer = mock.post("card", "Authorize", mock.card())
    assert set(answer.json()) == {"result"}


def test_3ds_registers_once_the_payment_is_made(mock: Driver) -> None:
    body = {
        "orderId": "o-1",
        "amount": "100",
        "serviceOptionType": "mpi-company",
        "deviceChannel": "02",
        "cardholderName": "TARO",
        "payNowIdParam": {"token": mock.token(), "accountParam": {"accountId": "m-1"}},
    }
    contents = mock.done("mpi", "Authorize", body)["resResponseContents"]
    assert mock.gateway.members == {}
    mock.submit(contents, outcome="challenge")
    assert len(mock.gateway.members["m-1"].cards) == 1
    assert "4111111111111111" not in repr(mock.gateway.members)
