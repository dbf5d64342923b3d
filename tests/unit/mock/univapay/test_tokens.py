"""Tokens of every kind: what they show, how long they live, how they change."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.unit.mock.univapay.driver import STORE, Driver, card, hold_to, konbini

BODIES: dict[str, dict[str, Any]] = {
    "online": {"brand": "pay_pay_online", "call_method": "http_get"},
    "bank_transfer": {"brand": "aozora_bank", "expiration_period": "P7D"},
    "qr_scan": {"scanned_qr": "280000000000000000"},
    "qr_merchant": {"brand": "we_chat_mpm"},
    "paidy": {"paidy_token": "tok_1", "shipping_address": {"zip": "1000001", "city": "千代田区"}},
}


def other(kind: str, **more: Any) -> dict[str, Any]:
    """The body of a token of another payment type."""
    return {
        "payment_type": kind,
        "type": "one_time",
        "email": "taro@shop.example",
        "data": BODIES[kind],
        **more,
    }


def charge_body(token: dict[str, Any]) -> dict[str, Any]:
    """The body of a charge."""
    return {"transaction_token_id": token["id"], "amount": 1, "currency": "JPY"}


@pytest.mark.parametrize("kind", BODIES)
def test_every_payment_type(mock: Driver, kind: str) -> None:
    """The driver holds each to its component of the spec."""
    made = mock.token(other(kind))
    assert made["payment_type"] == kind
    assert mock.get(f"{STORE}/tokens/{made['id']}") == made


def test_a_card_is_shown_without_its_number(mock: Driver) -> None:
    made = mock.token(
        card(
            type="recurring",
            data={
                "phone_number": {"country_code": 81, "local_number": "0312345678"},
                "three_ds": {"enabled": True, "redirect_endpoint": "https://shop.example/back"},
            },
        )
    )
    shown = made["data"]["card"]
    assert (shown["card_bin"], shown["last_four"], shown["brand"]) == ("400002", "0000", "visa")
    assert (shown["exp_month"], shown["exp_year"]) == (12, 2029)
    assert made["data"]["billing"]["phone_number"]["country_code"] == 81
    assert made["data"]["three_ds"]["status"] == "pending"
    assert "4000020000000000" not in str(made)
    assert "4000020000000000" not in repr(mock.gateway.tokens)


@pytest.mark.parametrize(
    ("data", "wrong"),
    [
        ({"card_number": "4000020000000001"}, ("data.card_number", "INVALID_CARD_NUMBER")),
        ({"exp_year": "2025"}, ("data.exp_month", "INVALID_CARD_EXPIRATION")),
        ({"exp_month": "13"}, ("data.exp_month", "INVALID_CARD_EXPIRATION")),
        ({"cvv": "12"}, ("data.cvv", "INVALID_CVV")),
    ],
)
def test_cards_that_cannot_be(mock: Driver, data: dict[str, Any], wrong: tuple[str, str]) -> None:
    assert mock.post("/tokens", card(data=data)).wrong == [wrong]


def test_a_card_may_expire_this_month_and_in_two_digits(mock: Driver) -> None:
    made = mock.token(card(data={"exp_month": 1, "exp_year": "26"}))
    assert made["data"]["card"]["exp_year"] == 2026


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (other("online", type="recurring"), "VALIDATION_ERROR"),
        (other("qr_scan", type="subscription"), "VALIDATION_ERROR"),
        (konbini(usage_limit="monthly"), "USAGE_LIMIT_NOT_APPLICABLE"),
        (
            other("paidy", data={"paidy_token": "t", "shipping_address": {"zip": "1000001"}}),
            "VALIDATION_ERROR",
        ),
        (konbini(email="nobody"), "VALIDATION_ERROR"),
    ],
)
def test_rules_a_schema_cannot_say(mock: Driver, body: dict[str, Any], code: str) -> None:
    answer = mock.post("/tokens", body)
    assert (answer.status, answer.code) == (400, code)


def test_only_an_online_token_needs_no_address(mock: Driver) -> None:
    assert mock.token(other("online", email=None))["email"] is None
    assert mock.post("/tokens", other("qr_scan", email=None)).wrong[0][0] == "email"


def test_a_one_time_token_is_charged_once(mock: Driver) -> None:
    token = mock.token()
    mock.charge(token)
    refused = mock.post("/charges", charge_body(token))
    assert (refused.status, refused.code) == (400, "TRANSACTION_ALREADY_PROCESSED")
    mock.advance(1000)
    assert mock.post("/charges", charge_body(token)).code == "TRANSACTION_ALREADY_PROCESSED"
    used = mock.get(f"{STORE}/tokens/{token['id']}")
    assert (used["active"], used["last_used_on"]) == (False, "2026-01-05T01:00:00.000000Z")


def test_a_one_time_token_lives_for_five_minutes(mock: Driver) -> None:
    token, late = mock.token(), mock.token()
    mock.advance(299)
    mock.charge(token)
    mock.advance(1)
    refused = mock.post("/charges", charge_body(late))
    assert (refused.status, refused.code) == (400, "TRANSACTION_TOKEN_EXPIRED")


def test_a_recurring_token_goes_on(mock: Driver) -> None:
    token = mock.token(card(type="recurring"))
    for _ in range(3):
        mock.successful(token)
        mock.advance(86_400)
    assert mock.balances()["merchant"] == 3300


def test_a_usage_limit(mock: Driver) -> None:
    token = mock.token(card(type="recurring", usage_limit="weekly"))
    mock.successful(token)
    mock.advance(6 * 86_400)
    assert mock.post("/charges", charge_body(token)).code == "RESOURCE_LIMIT_REACHED"
    mock.advance(86_400)
    mock.charge(token)


def test_who_may_use_recurring_tokens(mock_with: Callable[..., Driver]) -> None:
    bounded = mock_with(recurring="bounded")
    refused = bounded.post("/tokens", card(type="recurring"))
    assert refused.code == "RECURRING_USAGE_LIMIT_REQUIRED"
    bounded.token(card(type="recurring", usage_limit="daily"))
    none = mock_with(recurring="none")
    assert none.post("/tokens", card(type="recurring")).code == "RECURRING_TOKEN_DISABLED"


def test_a_subscription_token_is_no_charges(mock: Driver) -> None:
    token = mock.token(card(type="subscription"))
    assert mock.post("/charges", charge_body(token)).code == "INVALID_TOKEN_TYPE"


def test_changes_merge(mock: Driver) -> None:
    mock.hook("token_updated")
    token = mock.token(card(type="recurring", metadata={"a": 1, "b": 2}))
    body = {"email": "new@shop.example", "metadata": {"b": 3}, "data": {"exp_year": 2031}}
    changed = mock.patch(f"{STORE}/tokens/{token['id']}", body).json()
    hold_to("CardToken", changed)
    assert changed["metadata"] == {"a": 1, "b": 3}
    assert (changed["email"], changed["data"]["card"]["exp_year"]) == ("new@shop.example", 2031)
    assert mock.told[0].body["data"] == changed
    one = mock.token()
    refused = mock.patch(f"{STORE}/tokens/{one['id']}", {"data": {"cvv": "123"}})
    assert refused.code == "CANNOT_CHANGE_TOKEN"


def test_a_deleted_token_is_gone(mock: Driver) -> None:
    mock.hook("recurring_token_deleted")
    token = mock.token(card(type="recurring"))
    path = f"{STORE}/tokens/{token['id']}"
    gone = mock.request("DELETE", path)
    assert (gone.status, gone.content) == (204, b"")
    assert mock.request("GET", path).status == 404
    assert mock.request("DELETE", path).status == 404
    assert mock.post("/charges", charge_body(token)).status == 400
    assert mock.events == ["recurring_token_deleted"]


def test_lists_leave_one_time_tokens_out(mock: Driver) -> None:
    mock.token()
    kept = mock.token(card(type="recurring", metadata={"univapay-customer-id": "c-1"}))
    mock.token(card(type="subscription", email="hanako@shop.example"))
    listed = mock.get("/tokens")
    hold_to("TokenList", listed)
    assert [one["type"] for one in listed["items"]] == ["subscription", "recurring"]
    assert mock.get("/tokens?type=recurring")["items"][0]["id"] == kept["id"]
    assert mock.get(f"{STORE}/tokens?search=HANAKO")["total_hits"] == 1
    assert mock.get("/tokens?customer_id=c-1")["total_hits"] == 1
    assert mock.get("/tokens?active=inactive")["items"] == []
    assert mock.get("/tokens?mode=live")["items"] == []


def test_3d_secure_of_a_token(mock: Driver) -> None:
    mock.hook("token_three_d_s_updated")
    token = mock.token(card(type="recurring"))
    path = f"{STORE}/tokens/{token['id']}"
    assert mock.request("GET", f"{path}/three_ds/issuer_token").status == 400
    asked = mock.post(f"{path}/three_ds", {"redirect_endpoint": "https://shop.example/back"})
    hold_to("CardToken", asked.json())
    assert asked.json()["data"]["three_ds"]["status"] == "awaiting"
    issued = mock.get(f"{path}/three_ds/issuer_token")
    hold_to("ThreeDsIssuerToken", issued)
    page = issued["issuer_token"].removeprefix("http://127.0.0.1:8804")
    assert mock.request("POST", page, auth=None).status == 200
    back = mock.request("GET", f"{page}?outcome=pay", auth=None)
    assert (back.status, back.headers["location"]) == (303, "https://shop.example/back")
    assert mock.get(path)["data"]["three_ds"]["status"] == "successful"
    mock.successful(token)
    given_up = mock.request("DELETE", f"{path}/three_ds").json()
    assert given_up["data"]["three_ds"]["enabled"] is False
    assert mock.events == ["token_three_d_s_updated"] * 3


def test_a_cardholder_who_was_not_recognized_pays_nothing(mock: Driver) -> None:
    token = mock.token(card(type="recurring", data={"three_ds": {"enabled": True}}))
    page = f"/pages/token_three_ds/{token['id']}"
    assert mock.request("GET", f"{page}?outcome=fly", auth=None).status == 400
    assert mock.request("GET", f"{page}?outcome=cancel", auth=None).status == 200
    assert b"come to an end" in mock.request("GET", page, auth=None).content
    charge = mock.charge(token)
    mock.advance(1)
    assert mock.read(charge, "failed")["error"]["code"] == 358
    one = mock.token()
    assert mock.post(f"{STORE}/tokens/{one['id']}/three_ds").code == "CANNOT_CHANGE_TOKEN"


def test_test_cards_are_refused_in_live_mode(mock_with: Callable[..., Driver]) -> None:
    from kessai_mock.univapay import app_token

    from tests.unit.mock.univapay.driver import bearer

    live = app_token(mode="live")
    mock = mock_with(app_tokens=frozenset({live}))
    refused = mock.post("/tokens", card(), auth=bearer(live))
    assert refused.code == "NO_TEST_CARD_IN_LIVE_MODE"
    assert mock.post("/tokens", card("4916741415383284"), auth=bearer(live)).status == 201


def test_another_card_under_the_same_token(mock: Driver) -> None:
    token = mock.token(card("4111111111111111", type="recurring"))
    body = {"data": {"card_number": "4000020000000000", "exp_month": 1}}
    changed = mock.patch(f"{STORE}/tokens/{token['id']}", body).json()
    assert (changed["data"]["card"]["last_four"], changed["data"]["card"]["exp_month"]) == (
        "0000",
        1,
    )
    mock.successful(token)


def test_live_cards_have_no_magic(mock_with: Callable[..., Driver]) -> None:
    from kessai_mock.univapay import app_token

    from tests.unit.mock.univapay.driver import bearer

    live = bearer(app_token(mode="live"))
    mock = mock_with(app_tokens=frozenset({app_token(mode="live")}))
    body = card("4916741415383284", email="taro+charge-failure-330@shop.example")
    token = mock.post("/tokens", body, auth=live).json()
    charge = mock.post("/charges", charge_body(token), auth=live).json()
    mock.advance(1)
    path = f"{STORE}/charges/{charge['id']}"
    assert mock.get(path, auth=live)["status"] == "successful"
