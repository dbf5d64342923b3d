"""Who is let in, and with what: app tokens, secrets, stores, paths, rate limits."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from typing import Any

import pytest
from kessai_mock.univapay import MERCHANT_ID, STORE_ID, app_token
from kessai_mock.univapay.jwt import claims_of

from tests.unit.mock.univapay.driver import STORE, Driver, bearer, card, konbini

OTHER = "11ec9f7f-fb02-2620-af32-af7eb1bedc1a"


def forged(head: Any, claims: Any, signature: bytes = b"s" * 32) -> str:
    """A JWT of whatever parts."""
    parts = [json.dumps(head).encode(), json.dumps(claims).encode(), signature]
    return ".".join(base64.urlsafe_b64encode(part).rstrip(b"=").decode() for part in parts)


def test_an_app_token_says_whose_it_is() -> None:
    claims = claims_of(app_token(mode="live", domains=["shop.example"]))
    assert claims["sub"] == "app_token"
    assert (claims["store_id"], claims["merchant_id"]) == (STORE_ID, MERCHANT_ID)
    assert (claims["mode"], claims["domains"]) == ("live", ["shop.example"])
    assert "store_id" not in claims_of(app_token(store_id=None))
    assert app_token() == app_token()
    assert app_token() != app_token(key=b"another")


@pytest.mark.parametrize(
    ("header", "code"),
    [
        (None, "AUTH_HEADER_MISSING"),
        ("Basic abc", "INVALID_APP_TOKEN"),
        ("Bearer ", "INVALID_APP_TOKEN"),
        ("Bearer secret.a.b.c", "INVALID_APP_TOKEN"),
        (
            bearer(forged({"alg": "none"}, {"mode": "test"})),
            "INVALID_APP_TOKEN",
        ),
        (bearer(forged({"alg": "HS256"}, [])), "INVALID_APP_TOKEN"),
        (bearer(forged({"alg": "HS256"}, {}, b"short")), "INVALID_APP_TOKEN"),
        (bearer(app_token(sub="session")), "INVALID_APP_TOKEN"),
        (bearer(app_token(mode="live")), "INVALID_APP_TOKEN"),
        (bearer(secret=None), "INVALID_CREDENTIALS"),
        (bearer(secret=""), "INVALID_CREDENTIALS"),
    ],
)
def test_turned_away(mock: Driver, header: str | None, code: str) -> None:
    answer = mock.request("GET", "/charges", auth=header)
    assert (answer.status, answer.code) == (401, code)
    assert answer.json() == {"status": "error", "code": code, "errors": []}
    assert mock.gateway.stores == {}


def test_any_secret_and_any_key_will_do(mock: Driver) -> None:
    assert mock.get("/charges", auth=bearer(secret="whatever"))["items"] == []
    assert mock.get("/charges", auth=bearer(app_token(key=b"the gateway's own")))["items"] == []


def test_only_what_it_is_told(mock_with: Callable[..., Driver]) -> None:
    live = app_token(mode="live")
    mock = mock_with(app_tokens=frozenset({live}), secret="s3cret")
    assert mock.get("/charges", auth=bearer(live, secret="s3cret"))["items"] == []
    wrong = mock.request("GET", "/charges", auth=bearer(live, secret="other"))
    assert wrong.code == "INVALID_CREDENTIALS"
    assert mock.request("GET", "/charges", auth=bearer(secret="s3cret")).code == "INVALID_APP_TOKEN"
    assert live not in repr(mock.gateway.settings)
    assert "s3cret" not in repr(mock.gateway.settings)


def test_a_browser_makes_tokens_without_the_secret(mock: Driver) -> None:
    """And nothing that moves money, on its own pages only."""
    browser = bearer(app_token(domains=["shop.example"]), secret=None)
    origin = {"Origin": "https://shop.example"}
    made = mock.post("/tokens", konbini(), auth=browser, headers=origin)
    assert made.status == 201
    body = {"transaction_token_id": made.json()["id"], "amount": 1, "currency": "JPY"}
    assert mock.post("/charges", body, auth=browser, headers=origin).status == 401
    elsewhere = {"Origin": "https://elsewhere.example"}
    refused = mock.post("/tokens", konbini(), auth=browser, headers=elsewhere)
    assert refused.code == "INVALID_DOMAIN"
    assert mock.get("/checkout_info", auth=browser, headers=origin)["mode"] == "test"
    refreshed = {"authorization", "x-refresh-authorization", "x-amzn-remapped-authorization"}
    assert not refreshed & made.headers.keys()


def test_a_merchants_app_token_reads_across_stores(mock: Driver) -> None:
    merchant = bearer(app_token(store_id=None))
    elsewhere = bearer(app_token(store_id=OTHER))
    charge = mock.charge()
    token = mock.token(auth=elsewhere)
    body = {"transaction_token_id": token["id"], "amount": 1, "currency": "JPY"}
    mock.post("/charges", body, auth=elsewhere)
    assert mock.get("/charges", auth=merchant)["total_hits"] == 2
    assert mock.get("/charges")["total_hits"] == 1
    assert mock.get("/stores", auth=merchant)["total_hits"] == 2
    assert mock.get(f"{STORE}/charges/{charge['id']}", auth=merchant)["id"] == charge["id"]
    assert mock.post("/tokens", konbini(), auth=merchant).code == "INVALID_PERMISSIONS"
    assert mock.post("/charges", body, auth=merchant).code == "INVALID_PERMISSIONS"


def test_stores_are_apart(mock: Driver) -> None:
    charge = mock.charge()
    elsewhere = bearer(app_token(store_id=OTHER))
    path = f"{STORE}/charges/{charge['id']}"
    assert mock.request("GET", path, auth=elsewhere).code == "INVALID_PERMISSIONS"
    path = f"/stores/{OTHER}/charges/{charge['id']}"
    assert mock.request("GET", path, auth=elsewhere).code == "NOT_FOUND"
    token = mock.token()
    body = {"transaction_token_id": token["id"], "amount": 1, "currency": "JPY"}
    assert mock.post("/charges", body, auth=elsewhere).code == "TOKEN_FOR_WRONG_STORE"
    other_merchant = bearer(app_token(merchant_id=OTHER, store_id=None))
    path = f"{STORE}/charges"
    assert mock.request("GET", path, auth=other_merchant).code == "INVALID_PERMISSIONS"
    path = f"/stores/{OTHER[:-1]}b/charges"
    merchant = bearer(app_token(store_id=None))
    assert mock.request("GET", path, auth=merchant).code == "NOT_FOUND"


def test_modes_are_apart(mock_with: Callable[..., Driver]) -> None:
    test, live = app_token(), app_token(mode="live")
    mock = mock_with(app_tokens=frozenset({test, live}))
    token = mock.token()
    body = {"transaction_token_id": token["id"], "amount": 1, "currency": "JPY"}
    refused = mock.post("/charges", body, auth=bearer(live))
    assert (refused.status, refused.code) == (400, "PROCESSING_MODE_MISMATCH")
    charge = mock.charge(token)
    path = f"{STORE}/charges/{charge['id']}"
    assert mock.request("GET", path, auth=bearer(live)).status == 404
    assert mock.get("/charges", auth=bearer(live))["items"] == []
    mine = mock.post("/tokens", konbini(), auth=bearer(live))
    assert mine.json()["mode"] == "live"


def test_a_merchants_prefix_is_accepted(mock: Driver) -> None:
    charge = mock.charge()
    path = f"{STORE}/charges/{charge['id']}"
    assert mock.get(f"/merchants/{MERCHANT_ID}{path}") == charge
    assert mock.request("GET", f"/merchants/{OTHER}{path}").code == "INVALID_PERMISSIONS"


def test_what_is_not_there(mock: Driver) -> None:
    assert mock.request("GET", "/nothing").status == 404
    wrong = mock.request("PUT", "/charges")
    assert (wrong.status, wrong.headers["allow"]) == (405, "GET, POST")
    assert mock.request("GET", f"{STORE}/charges/{OTHER}").status == 404


def test_a_heartbeat_needs_no_app_token(mock: Driver) -> None:
    assert mock.run(mock.call("GET", "/heartbeat", auth=None)).status == 200


def test_bodies_are_json_objects(mock: Driver) -> None:
    form = mock.post("/tokens", konbini(), headers={"Content-Type": "text/plain"})
    assert form.status == 415
    assert mock.post("/tokens", [1]).wrong == [("body", "INVALID_FORMAT_OBJECT")]
    half = konbini(metadata={"a": "\ud800"})
    assert mock.post("/tokens", half).wrong == [("body", "INVALID_FORMAT_OBJECT")]
    charset = {"Content-Type": "application/json; charset=utf-8"}
    assert mock.post("/tokens", konbini(), headers=charset).status == 201


@pytest.mark.parametrize(
    ("body", "wrong"),
    [
        ({"amount": 0}, ("amount", "INVALID_AMOUNT")),
        ({"amount": "ten"}, ("amount", "INVALID_AMOUNT")),
        ({"amount": 1.5}, ("amount", "INVALID_AMOUNT")),
        ({"amount": True}, ("amount", "INVALID_AMOUNT")),
        ({"amount": "１００"}, ("amount", "INVALID_AMOUNT")),
        ({"currency": "YEN!"}, ("currency", "INVALID_FORMAT_CURRENCY")),
        ({"transaction_token_id": "t-1"}, ("transaction_token_id", "INVALID_UUID")),
        ({"transaction_token_id": OTHER}, ("transaction_token_id", "INVALID_UUID")),
        ({"metadata": {"a": {"b": 1}}}, ("metadata.a", "NESTED_JSON_NOT_ALLOWED")),
        ({"metadata": {"a": [[1]]}}, ("metadata.a", "NESTED_JSON_NOT_ALLOWED")),
        ({"metadata": {"univapay-name": 1}}, ("metadata.univapay-name", "INVALID_FORMAT")),
        ({"capture": False}, ("capture", "CAPTURE_ONLY_FOR_CARD_PAYMENT")),
        ({"merchant_transaction_id": "a-1"}, ("merchant_transaction_id", "INVALID_FORMAT")),
        ({"three_ds": {"eci": "05"}}, ("three_ds", "REQUIRED_VALUE")),
        ({"capture_at": "tomorrow"}, ("capture_at", "INVALID_FORMAT_DATE")),
    ],
)
def test_what_a_charge_cannot_be(
    mock: Driver, body: dict[str, Any], wrong: tuple[str, str]
) -> None:
    base = {"transaction_token_id": mock.token()["id"], "amount": 1, "currency": "JPY"}
    answer = mock.post("/charges", {**base, **body})
    assert (answer.status, answer.code, answer.wrong) == (400, "VALIDATION_ERROR", [wrong])
    assert mock.post("/charges", base).status == 201, "the token was not used up"


def test_rate_limits_are_on_every_answer(mock: Driver) -> None:
    """The example's buckets; the driver looks for the four headers everywhere."""
    answer = mock.request("GET", "/charges")
    assert answer.headers["x-remaining-requests-exact"] == "10"
    assert answer.headers["x-requests-per-minute-route"] == "1200"
    for _ in range(40):
        assert mock.request("GET", "/charges").status == 200


def test_rate_limits_may_be_enforced(mock_with: Callable[..., Driver]) -> None:
    mock = mock_with(limited=True)
    answers = [mock.request("GET", "/charges") for _ in range(10)]
    left = [int(answer.headers["x-remaining-requests-exact"]) for answer in answers]
    assert left == list(range(9, -1, -1))
    refused = mock.request("GET", "/charges")
    assert (refused.status, refused.content) == (429, b"")
    assert refused.headers["content-length"] == "0"
    assert mock.request("GET", "/stores").status == 200
    mock.advance(0.5)  # 120 a minute
    assert mock.request("GET", "/charges").status == 200
    assert mock.request("GET", "/charges").status == 429


def test_a_429_by_script_has_no_body(mock: Driver) -> None:
    mock.next(operation="charges_list", status=429)
    answer = mock.request("GET", "/charges")
    assert (answer.status, answer.content, answer.headers["content-length"]) == (429, b"", "0")


@pytest.mark.parametrize(
    ("script", "status", "code"),
    [
        ({"status": 500}, 500, "UNKNOWN_ERROR"),
        ({"code": "DB_ERROR"}, 500, "DB_ERROR"),
        ({"status": 503}, 503, "SERVICE_UNAVAILABLE_TRY_AGAIN"),
        ({"status": 504}, 504, "NO_GATEWAY_AVAILABLE_TO_PROCESS_THE_REQUEST"),
        ({"code": "CARD_LOCKED"}, 403, "CARD_LOCKED"),
    ],
)
def test_answers_by_script(mock: Driver, script: dict[str, Any], status: int, code: str) -> None:
    token = mock.token()
    body = {"transaction_token_id": token["id"], "amount": 1, "currency": "JPY"}
    mock.next(operation="charges_create", **script)
    answer = mock.post("/charges", body)
    assert (answer.status, answer.code) == (status, code)
    assert mock.get("/charges")["items"] == []
    mock.next(operation="charges_create", processed=True, **script)
    assert mock.post("/charges", body).status == status
    assert mock.get("/charges")["total_hits"] == 1


def test_cards_by_api_may_be_forbidden(mock_with: Callable[..., Driver]) -> None:
    mock = mock_with(direct_cards=False)
    refused = mock.post("/tokens", card())
    assert (refused.status, refused.code) == (401, "DIRECT_CARD_TOKEN_CREATION_DISABLED")
