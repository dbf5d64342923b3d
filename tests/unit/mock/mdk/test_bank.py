"""Pay-easy: three numbers for a machine, pages for a browser, and no way back from a bank."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest

from tests.unit.mock.mdk.driver import FORM, PUSH, Answer, Driver

THANKS = "https://shop.example/thanks"


def body(order_id: str = "o-1", option: str = "atm", **more: Any) -> Any:
    return {
        "serviceOptionType": option,
        "orderId": order_id,
        "amount": "5000",
        "name1": "決済",
        "payLimit": "20260110",
        "agreementDate": "20260105",
        "contents": "書籍代",
        "pushUrl": PUSH,
        **more,
    }


def test_at_a_cash_machine(mock: Driver) -> None:
    result = mock.done("bank", "Authorize", body())
    assert "url" not in result
    assert mock.pay("o-1")["status"] == "PAID"
    assert mock.balances()["merchant"] == 5000
    (record,) = mock.records
    assert record["kikanNo"] == result["shunoKikanNo"]
    assert record["customerNo"] == result["customerNo"]
    assert record["confNo"] == result["confirmNo"]
    assert (record["rcvDate"], record["rcvAmount"]) == ("20260105100000", "5000")


def banks_page(answer: Answer) -> str:
    found = re.search(r'href="(/pages/bank/[0-9a-f]+)"', answer.content.decode())
    assert found is not None
    return found[1]


def test_a_bank_is_chosen_paid_and_checked(mock: Driver) -> None:
    url = str(mock.done("bank", "Authorize", body(option="netbank-pc"))["url"])
    assert "けっさい銀行" in mock.get(url).content.decode()
    assert mock.request("POST", url, headers=FORM).status == 405
    assert mock.get(url + "?bank=9999").status == 400
    beside = banks_page(mock.get(url + "?bank=0001"))
    unpaid = mock.get(url + "?outcome=check")
    assert (unpaid.status, banks_page(unpaid)) == (200, beside)
    assert mock.get(beside).status == 200
    assert mock.get(beside + "?outcome=fly").status == 400
    paid = mock.get(beside + "?outcome=pay")
    assert "location" not in paid.headers
    assert len(mock.records) == 1
    assert mock.get(beside + "?outcome=pay").status == 200
    assert mock.balances()["merchant"] == 5000
    home = mock.get(url + "?outcome=check")
    assert (home.status, home.headers["location"]) == (302, THANKS)


def test_a_banks_page_lives_for_30_minutes_from_its_first_opening(mock: Driver) -> None:
    url = str(mock.done("bank", "Authorize", body(option="netbank-pc"))["url"])
    beside = banks_page(mock.get(url + "?bank=0005"))
    mock.advance(3600)
    assert mock.get(beside).status == 200
    mock.advance(1800)
    assert mock.get(beside).status == 200
    mock.advance(1)
    assert mock.get(beside + "?outcome=pay").status == 410
    assert mock.status("o-1") == "APPLIED"
    mock.pay("o-1")


def test_the_address_to_come_back_to_may_be_the_requests(
    mock: Driver, mock_with: Callable[..., Driver]
) -> None:
    url = mock.done("bank", "Authorize", body(option="netbank-pc", termUrl="https://a.example/t"))
    mock.pay("o-1")
    mock.get(url["url"] + "?bank=0001")
    assert mock.get(url["url"] + "?outcome=check").headers["location"] == "https://a.example/t"
    other = mock_with(thanks_url="https://b.example/")
    url = other.done("bank", "Authorize", body(option="netbank-au"))
    other.pay("o-1")
    other.get(url["url"] + "?bank=0001")
    assert other.get(url["url"] + "?outcome=check").headers["location"] == "https://b.example/"


def test_a_bank_that_was_named_takes_a_form_and_lets_nobody_back(mock: Driver) -> None:
    result = mock.done("bank", "Authorize", body(option="netbank-pc", payCsv="0033"))
    url = str(result["url"])
    skno, bptn, bill = result["shunoKikanNo"], result["billPattern"], result["bill"]
    right = f"skno={skno}&bptn={bptn}&bill={bill}".encode()
    assert mock.get(url).status == 405
    assert mock.request("POST", url, headers=FORM, content=b"skno=1").status == 400
    assert mock.request("POST", url, headers=FORM, content=right).status == 200
    paid = mock.get(url + "?outcome=pay")
    assert (paid.status, mock.status("o-1")) == (200, "PAID")
    assert "location" not in paid.headers
    assert "href" not in paid.content.decode()


@pytest.mark.parametrize(
    "change",
    [
        {"payCsv": "0001"},
        {"serviceOptionType": "netbank-pc", "payCsv": "0002"},
        {"serviceOptionType": "netbank-pc", "payCsv": "0001", "viewLocale": "ja"},
        {"serviceOptionType": "netbank-pc", "payCsv": "0001", "termUrl": "https://a.example/"},
        {"serviceOptionType": "netbank-au", "termUrl": "https://a.example/"},
        {"payLimit": "20260104"},
        {"payLimit": "20260230"},
        {"agreementDate": "2026"},
        {"amount": "0"},
        {"contents": "あ" * 13},
    ],
)
def test_what_is_refused(mock: Driver, change: dict[str, str]) -> None:
    answer = mock.post("bank", "Authorize", {**body(), **change})
    assert (answer.mstatus, answer.code) == ("failure", "ZF01")
    assert mock.gateway.orders == {}


def test_the_last_day_ends_it(mock: Driver) -> None:
    mock.done("bank", "Authorize", body())
    mock.advance(6 * 86_400 - 10 * 3600 - 1)
    assert mock.status("o-1") == "APPLIED"
    mock.advance(1)
    assert mock.status("o-1") == "EXPIRED"
    assert mock.admin("pay/o-1").status == 400


def test_the_codes_of_banks_come_through_search(mock: Driver) -> None:
    found = mock.done("search", "Search", {"masterNames": ["bankFinancialInstInfo"]})
    (info,) = found["masterInfos"]["masterInfo"]
    banks = info["masters"]["bankFinancialInstInfo"]
    assert [bank["bankCode"] for bank in banks] == ["0001", "0005", "0033"]
    for at, bank in enumerate(banks):
        named = body(f"o-{at}", "netbank-docomo", payCsv=bank["bankCode"])
        mock.done("bank", "Authorize", named)
    assert mock.post("search", "Search", {"masterNames": ["stores"]}).code == "ZF01"
