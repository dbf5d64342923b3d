"""The token server: what it takes, and how long and for whom a token is good."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from kessai_mock.mdk import TOKEN_API_KEY

from tests.unit.mock.mdk.driver import Answer, Driver, hold_to

GOOD = {
    "token_api_key": TOKEN_API_KEY,
    "card_number": "4111111111111111",
    "card_expire": "12/30",
    "security_code": "123",
    "cardholder_name": "TARO KESSAI",
    "lang": "en",
}


def ask(mock: Driver, **change: Any) -> Answer:
    content = json.dumps({**GOOD, **change}).encode()
    return mock.request("POST", "/4gtoken", content=content)


def made(mock: Driver, **change: Any) -> str:
    answer = ask(mock, **change)
    assert answer.status == 200, answer
    hold_to("TokenResponse", answer.json())
    return str(answer.json()["token"])


def pay(mock: Driver, token: str, order_id: str = "o-1") -> Answer:
    body = {"orderId": order_id, "amount": "100", "payNowIdParam": {"token": token}}
    return mock.post("card", "Authorize", body)


def test_a_token_pays_once(mock: Driver) -> None:
    answer = ask(mock)
    assert answer.json()["req_card_number"] == "411111********11"
    assert answer.json()["token_expire_date"] == "20260105101500"
    assert answer.headers["access-control-allow-origin"] == "*"
    token = str(answer.json()["token"])
    assert pay(mock, token).mstatus == "success"
    assert pay(mock, token, "o-2").code == "OC09"


def test_a_declined_payment_has_used_its_token(mock: Driver) -> None:
    token = made(mock, card_expire="01/99")
    assert pay(mock, token).code == "AG33"
    assert pay(mock, token, "o-2").code == "OC09"


def test_a_token_is_good_for_15_minutes(mock: Driver) -> None:
    early, late = made(mock), made(mock)
    mock.advance(899)
    assert pay(mock, early).mstatus == "success"
    mock.advance(1)
    assert pay(mock, late, "o-2").code == "OC09"


def test_a_token_of_another_merchant_is_none(mock: Driver) -> None:
    token = made(mock, token_api_key="00000000-0000-4000-8000-000000000000")
    assert pay(mock, token).code == "OC09"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"token_api_key": None}, "missing_token_api_key"),
        ({"token_api_key": "x"}, "invalid_token_api_key"),
        ({"card_number": ""}, "missing_card_number"),
        ({"card_number": None}, "missing_card_number"),
        ({"card_number": "4111-1111-1111-1111"}, "invalid_card_number"),
        ({"card_number": "41111111111"}, "invalid_card_number"),
        ({"card_number": "４１１１１１１１１１１１１１１１"}, "invalid_card_number"),
        ({"card_number": "4111111111111112"}, "digit_check_error"),
        ({"card_expire": ""}, "missing_card_expire"),
        ({"card_expire": "13/30"}, "invalid_card_expire"),
        ({"card_expire": "12/25"}, "invalid_card_expire"),
        ({"security_code": "12"}, "invalid_security_code"),
        ({"security_code": "12a"}, "invalid_security_code"),
        ({"security_code": 123}, "invalid_security_code"),
        ({"cardholder_name": ["TARO"]}, "invalid_request"),
    ],
)
def test_what_is_refused(mock: Driver, change: dict[str, Any], code: str) -> None:
    answer = ask(mock, **change)
    assert (answer.status, answer.json()["status"]) == (400, "failure")
    assert answer.json()["code"] == code
    assert "token" not in answer.json()
    assert mock.gateway.tokens == {}


def test_the_check_digit_is_luhns(mock: Driver) -> None:
    for number in ("5555555555554444", "3530111333300000", "378282246310005", "30569309025904"):
        made(mock, card_number=number)
        wrong = number[:-1] + str((int(number[-1]) + 1) % 10)
        assert ask(mock, card_number=wrong).json()["code"] == "digit_check_error"


def test_this_month_is_not_over(mock: Driver) -> None:
    made(mock, card_expire="01/26")


def test_a_security_code_may_be_needed(mock: Driver, mock_with: Callable[..., Driver]) -> None:
    made(mock, security_code=None)
    strict = mock_with(security_code_needed=True)
    assert ask(strict, security_code="").json()["code"] == "missing_security_code"


def test_messages_speak_the_language_asked_for(mock: Driver) -> None:
    assert ask(mock, card_number="", lang="en").json()["message"] == "No card number."
    assert ask(mock, card_number="", lang="ja").json()["message"] == "カード番号がありません。"
    assert ask(mock, card_number="", lang=None).json()["message"] == "カード番号がありません。"


def test_browsers_ask_first_and_rubbish_is_refused(mock: Driver) -> None:
    asked = mock.request("OPTIONS", "/4gtoken")
    assert (asked.status, asked.headers["access-control-allow-methods"]) == (204, "POST")
    assert mock.get("/4gtoken").status == 405
    assert mock.request("POST", "/4gtoken", content=b"[]").status == 400
    mock.next(operation="token", status=503)
    assert ask(mock).status == 503


def test_no_card_shows_in_a_repr_or_the_log(mock: Driver) -> None:
    made(mock)
    said = repr(mock.gateway.tokens) + mock.get("/_mock/requests").content.decode()
    assert "4111111111111111" not in said
    assert "12/30" not in said
