"""The consumer's way back: the right address, and a query that only the gateway can make."""

from __future__ import annotations

import base64
import hashlib

import pytest
from kessai_mock.unified import MERCHANT_CCID, MERCHANT_KEY

from tests.unit.mock.unified.driver import PUSH, Driver, pay, subscribe

NAMES = {
    "status",
    "actionCode",
    "resultCode",
    "command",
    "paymentId",
    "fepOrderId",
    "fepReferenceId",
}


def _order(query: dict[str, str]) -> list[str]:
    return base64.b64decode(query["authParams"], validate=True).decode().split(",")


def _digest(query: dict[str, str]) -> str:
    """vAuthInfo, worked out here and not by the mock."""
    text = MERCHANT_CCID + "".join(query[name] for name in _order(query)) + MERCHANT_KEY
    return hashlib.sha512(text.encode()).hexdigest()


def test_v_auth_info_is_over_every_value_in_the_order_of_auth_params(mock: Driver) -> None:
    """Names repeat, and the order is another one each time."""
    orders: set[str] = set()
    repeated = 0
    for number in range(40):
        answer = mock.post("pay", pay(f"p-{number}", merchantRequestKey1=f"k%&+=/{number}"))
        query = mock.browse(answer.redirect)
        assert query["merchantRequestKey1"] == f"k%&+=/{number}"
        assert query["vAuthInfo"] == _digest(query)
        assert set(_order(query)) == NAMES | {"merchantRequestKey1"}
        assert set(query) == NAMES | {"merchantRequestKey1", "vAuthInfo", "authParams"}
        repeated += len(_order(query)) > len(set(_order(query)))
        orders.add(query["authParams"])
    assert len(orders) == 40
    assert repeated > 20


def test_any_changed_parameter_shows(mock: Driver) -> None:
    """Each is in the digest."""
    query = mock.browse(mock.post("pay", pay(merchantRequestKey2="b")).redirect)
    for name in _order(query):
        assert _digest({**query, name: query[name] + "x"}) != query["vAuthInfo"]


@pytest.mark.parametrize(
    ("wallet", "outcome", "page", "code"),
    [
        ("paypay", "success", "done", "UA-000-001"),
        ("paypay", "cancel", "cancelled", "UA-CST-002"),
        ("rakuten", "interrupted", "failed", "UA-PND-001"),
        ("rakuten", "failure_payment", "failed", "UA-PRV-001"),
        ("rakuten", "failure_maintenance", "failed", "UA-PRV-999"),
        ("docomo", "stop_purchase", "cancelled", "UA-CST-002"),
        ("au", "cancel", "cancelled", "UA-CST-002"),
        ("merpay", "cancel", "cancelled", "UA-CST-001"),
        ("merpay", "deny", "cancelled", "UA-CST-001"),
        ("merpay", "failure_redirect_only", "done", "UA-000-001"),
    ],
)
def test_each_result_goes_to_its_address(
    mock: Driver, wallet: str, outcome: str, page: str, code: str
) -> None:
    """success, given up, everything else (assumed)."""
    answer = mock.post("pay", pay(wallet=wallet))
    target, query = mock.come_back(f"{answer.redirect}?outcome={outcome}")
    assert target == f"https://shop.example/{page}"
    assert (query["command"], query["resultCode"]) == ("pay", code)
    assert (query["paymentId"], query["fepOrderId"]) == ("p-1", answer.fep)
    assert query["fepReferenceId"] == answer.reference


def test_an_agreement_says_subscribe(mock: Driver) -> None:
    """Too late to agree: alternate_payment."""
    answer = mock.post("subscribe", subscribe(wallet="rakuten"))
    query = mock.browse(answer.redirect, "failure_deadline")
    assert (query["command"], query["resultCode"]) == ("subscribe", "UA-REQ-006")
    assert query["actionCode"] == "alternate_payment"


def test_a_query_of_the_merchants_own_stays(mock: Driver) -> None:
    """Ours follows it."""
    body = pay()
    body["control"]["successUrl"] = "https://shop.example/done?cart=1"
    location = mock.get(f"{mock.post('pay', body).redirect}?outcome=success").headers["location"]
    assert location.startswith("https://shop.example/done?cart=1&status=success&")


def test_the_same_redirect_may_come_again(mock: Driver) -> None:
    """Byte for byte, and nothing moves."""
    answer = mock.post("pay", pay(push=PUSH))
    first = mock.get(f"{answer.redirect}?outcome=success")
    for again in (answer.redirect, f"{answer.redirect}?outcome=cancel"):
        assert mock.get(again).headers["location"] == first.headers["location"]
    assert mock.balances()["hold"] == 1000
    assert mock.notices == [("pay", "UA-000-001")]


def test_invalid_points_show_the_page_again(mock: Driver) -> None:
    """Rakuten Pay; nothing goes back to the merchant."""
    answer = mock.post("pay", pay(wallet="rakuten", push=PUSH))
    page = mock.get(f"{answer.redirect}?outcome=failure_points")
    assert page.status == 200
    assert "Choose again" in page.content.decode()
    assert mock.status(answer.fep) == "APPLIED"
    assert mock.notices == []


@pytest.mark.parametrize(
    ("wallet", "command", "offered"),
    [
        ("paypay", "pay", {"success", "cancel"}),
        (
            "rakuten",
            "pay",
            {"success", "interrupted", "failure_points", "failure_payment", "failure_maintenance"},
        ),
        ("rakuten", "subscribe", {"success", "interrupted", "failure_deadline"}),
        ("docomo", "pay", {"success", "stop_purchase"}),
        ("au", "subscribe", {"success", "cancel"}),
        ("merpay", "pay", set[str]()),
    ],
)
def test_each_wallet_has_a_page_of_its_own(
    mock: Driver, wallet: str, command: str, offered: set[str]
) -> None:
    """With the documented choices, and two ways not to come back."""
    body = pay(wallet=wallet) if command == "pay" else subscribe(wallet=wallet)
    page = mock.get(mock.post(command, body).redirect).content.decode()
    shown = {part.split('"')[0] for part in page.split('name="outcome" value="')[1:]}
    assert shown == offered | {"away", "abandon"}
    if wallet == "merpay":
        for name in ("permission", "checkbox", "button"):
            assert f'name="{name}"' in page


def test_a_consumer_may_walk_away(mock: Driver) -> None:
    """Neither webhook nor redirect; the application stays undetermined."""
    answer = mock.post("pay", pay(push=PUSH))
    assert mock.get(f"{answer.redirect}?outcome=abandon").status == 200
    assert mock.get(answer.redirect).status == 410
    assert mock.notices == []
    assert mock.inquire(answer.reference)["result"]["resultCode"] == "UA-U00-001"


def test_a_consumer_may_pay_and_not_come_back(mock: Driver) -> None:
    """The webhook comes; the inquiry waits for the browser, which may come late."""
    answer = mock.post("pay", pay(push=PUSH))
    assert mock.get(f"{answer.redirect}?outcome=away").status == 200
    assert mock.notices == [("pay", "UA-000-001")]
    assert mock.balances()["hold"] == 1000
    assert mock.inquire(answer.reference)["result"]["resultCode"] == "UA-U00-001"
    assert mock.come_back(answer.redirect)[1]["resultCode"] == "UA-000-001"
    assert mock.inquire(answer.reference)["result"]["resultCode"] == "UA-000-001"


def test_an_address_that_was_not_given_out_is_no_page(mock: Driver) -> None:
    """Nor is one of another wallet, nor an unknown choice."""
    answer = mock.post("pay", pay())
    assert mock.get("/pages/paypay/0").status == 404
    assert mock.get(answer.redirect.replace("paypay", "au")).status == 404
    wrong = mock.get(f"{answer.redirect}?outcome=maybe")
    assert wrong.status == 400
    assert "success, cancel, away, abandon" in wrong.content.decode()


def test_a_failed_application_has_no_page(mock: Driver) -> None:
    """No control in the answer."""
    assert "control" not in mock.post("pay", pay(amount=8)).json()
