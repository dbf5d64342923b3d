"""GmoClient and AsyncGmoClient: what they send, what they refuse, what they never show."""

from __future__ import annotations

import asyncio
import base64
import re
from typing import Any

import httpx2
import pytest
from kessai import (
    Answer,
    ConfigurationError,
    Environment,
    NotSentError,
    Open,
    OutcomeUnknown,
    Paid,
    ServerError,
    Timeout,
)
from kessai_gmo import AsyncGmoClient, GmoClient, operations
from kessai_gmo import models as m
from kessai_gmo.errors import TITLES

from tests.rules import bodies as b
from tests.rules import typed
from tests.unit.gmo.scripted import PASSWORD, SHOP, Script, answer, order, problem

CHARGED = {
    "nextAction": "CAPTURE",
    "orderReference": order("AUTH", amount="3980"),
    "creditResult": {"cardType": "CREDIT_CARD", "useTds2": False},
}
REDIRECTED = {
    "nextAction": "REDIRECT",
    "orderReference": order("AUTHENTICATED", amount="3980"),
    "redirectInformation": {
        "redirectUrl": "https://stg.example.com/x",
        "httpMethod": "GET",
        "redirectType": "TDS2",
    },
}


def charge_request() -> m.CreditChargeRequest:
    request: m.CreditChargeRequest = typed.decode("creditCharge", b.credit_charge())
    return request


def test_a_charge_as_it_leaves_and_comes_back() -> None:
    script = Script(answer(201, CHARGED))
    with script.client() as gmo:
        charged = gmo.credit.charge(charge_request())
    assert isinstance(charged, m.CreditChargeResponse)
    assert charged.order_reference is not None
    assert charged.order_reference.amount == 3980
    assert charged.order_reference.status is m.StatusCredit.AUTH
    (request,) = script.requests
    assert str(request.url) == "https://stg.openapi.mul-pay.jp/credit/charge"
    assert request.method == "POST"
    credentials = base64.b64encode(f"{SHOP}:{PASSWORD}".encode()).decode()
    assert request.headers["authorization"] == f"Basic {credentials}"
    assert request.headers["content-type"] == "application/json"
    assert request.headers["x-mp-version"] == "2023-06"
    assert re.fullmatch(r"kessai-gmo/[0-9.]+ kessai/[0-9.]+", request.headers["user-agent"])
    assert re.fullmatch(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[0-9a-f-]{17}", script.keys[0] or "")
    assert script.bodies == [b.credit_charge()]


def test_the_two_answers_of_a_charge_are_told_apart_by_status() -> None:
    async def run() -> object:
        script = Script(answer(202, REDIRECTED))
        async with script.async_client() as gmo:
            return await gmo.credit.charge(charge_request())

    with Script(answer(202, REDIRECTED)).client() as gmo:
        redirected = gmo.credit.charge(charge_request())
    assert isinstance(redirected, m.CreditChargeTds2Response)
    assert redirected == asyncio.run(run())


@pytest.mark.parametrize(
    ("environment", "api", "token"),
    [
        ("sandbox", "stg.openapi.mul-pay.jp", "stg.oauth.mul-pay.jp"),
        ("live", "openapi.mul-pay.jp", "oauth.mul-pay.jp"),
    ],
)
def test_environments(environment: Any, api: str, token: str) -> None:
    script = Script(
        answer(201, {"access_token": "t", "expires_in": "3600", "token_type": "bearer"}),
        answer(200, {"orderReference": order("AUTH")}),
    )
    with script.client(environment=environment, auth="token") as gmo:
        gmo.order.inquiry(m.OrderInquiryRequest(order_id="A-1"))
    assert [r.url.host for r in script.requests] == [token, api]
    assert [r.headers["x-mp-version"] for r in script.requests] == ["2023-06", "2023-06"]


def test_raw_keeps_everything_around_the_answer() -> None:
    script = Script(answer(201, {**CHARGED, "news": 1}))
    with script.client() as gmo:
        raw = gmo.raw(operations.CREDIT_CHARGE, charge_request(), idempotency_key="key-1")
    assert raw.status == 201
    assert raw.idempotency_key == "key-1"
    assert script.keys == ["key-1"]
    assert b'"news"' in raw.content
    assert len(raw.attempts) == 1
    assert isinstance(raw.value, m.CreditChargeResponse)
    assert raw.value.unknown_members == {"news": 1}


@pytest.mark.parametrize("operation", list(operations.OPERATIONS.values()), ids=lambda o: o.name)
def test_every_operation_is_a_method_in_both_clients(operation: Any) -> None:
    name = typed.snake(operation.name)
    method = name.removeprefix(f"{operation.group}_") if name != operation.group else name
    script = Script(answer(201, CHARGED))
    with script.client() as gmo:
        assert callable(getattr(getattr(gmo, operation.group), method))
    assert callable(getattr(getattr(script.async_client(), operation.group), method))


def test_timeouts_are_on_and_can_be_set_per_client_and_call() -> None:
    script = Script(answer(200, {}))
    with script.client(timeout=Timeout(connect=1, read=2, write=3, pool=4)) as gmo:
        gmo.order.inquiry(m.OrderInquiryRequest(order_id="A-1"))
        gmo.order.inquiry(m.OrderInquiryRequest(order_id="A-1"), timeout=7)
    with script.client() as gmo:
        gmo.order.inquiry(m.OrderInquiryRequest(order_id="A-1"))
    seen = [request.extensions["timeout"] for request in script.requests]
    assert seen == [
        {"connect": 1, "read": 2, "write": 3, "pool": 4},
        {"connect": 7, "read": 7, "write": 7, "pool": 7},
        {"connect": 5, "read": 90, "write": 90, "pool": 5},
    ]


# What cannot work


@pytest.mark.parametrize(
    "version",
    ["2023-13", "2023-00", "2023-6", "23-06", "2023-06-01", "2023/06", "", "２０２３-06",
     "2023-06\n", "2023-05", None, 202306],
)  # fmt: skip
def test_a_month_the_gateway_would_take_for_its_latest_version(version: Any) -> None:
    for client in (GmoClient, AsyncGmoClient):
        with pytest.raises(ConfigurationError, match="api_version"):
            client(SHOP, PASSWORD, api_version=version)


@pytest.mark.parametrize("version", ["2023-06", "2024-12"])
def test_any_other_month_is_sent(version: str) -> None:
    script = Script(answer(200, {}))
    with script.client(api_version=version) as gmo:
        gmo.order.inquiry(m.OrderInquiryRequest(order_id="A-1"))
    assert script.requests[0].headers["x-mp-version"] == version


@pytest.mark.parametrize("auth", ["password", "token"])
@pytest.mark.parametrize(
    ("shop_id", "password"),
    [
        ("", PASSWORD),
        (SHOP, ""),
        ("shop:1", PASSWORD),
        ("ショップ", PASSWORD),
        (SHOP, "パスワード"),
        (SHOP + "\n", PASSWORD),
        (SHOP, PASSWORD + "\r\nX-Evil: 1"),
        (SHOP, " " + PASSWORD),
        (None, PASSWORD),
        (SHOP, None),
    ],
)
def test_credentials_that_cannot_be_right(auth: Any, shop_id: Any, password: Any) -> None:
    with pytest.raises(ConfigurationError) as refused:
        GmoClient(shop_id, password, auth=auth)
    if password:
        assert password not in str(refused.value)


def test_other_settings_that_cannot_work() -> None:
    wrong: Any = "production"
    with pytest.raises(ConfigurationError, match="sandbox"):
        GmoClient(SHOP, PASSWORD, environment=wrong)
    with pytest.raises(ConfigurationError, match="auth"):
        GmoClient(SHOP, PASSWORD, auth=wrong)
    with pytest.raises(ConfigurationError, match="token server"):
        GmoClient(SHOP, PASSWORD, environment=Environment(api="http://127.0.0.1:8801"))
    with pytest.raises(ConfigurationError, match="attempts"):
        GmoClient(SHOP, PASSWORD, max_attempts=0)
    options: Any = {"retries": 3}
    with pytest.raises(ConfigurationError, match="retries"):
        GmoClient(SHOP, PASSWORD, **options)


def test_nothing_secret_in_repr() -> None:
    script = Script(answer(200, {}))
    for auth in ("password", "token"):
        for client in (script.client(auth=auth), script.async_client(auth=auth)):
            shown = f"{client!r} {client} {vars(client)}"
            assert PASSWORD not in shown
            assert base64.b64encode(f"{SHOP}:{PASSWORD}".encode()).decode() not in shown
            assert SHOP in repr(client)


# Errors, end to end


@pytest.mark.parametrize(
    "title", [t for t, meaning in TITLES.items() if meaning.kind != "doubtful"]
)
def test_titles_end_a_call_with_their_error(title: str) -> None:
    meaning = TITLES[title]
    script = Script(problem(meaning.status, title))
    with script.client() as gmo, pytest.raises(meaning.error) as ended:
        gmo.credit.charge(charge_request())
    assert type(ended.value) is meaning.error
    assert ended.value.title == title
    assert ended.value.operation == "creditCharge"
    assert len(script.requests) == (3 if meaning.kind == "again" else 1)
    assert len(set(script.keys)) == 1


@pytest.mark.parametrize(
    "doubt",
    [
        problem(409, "conflict"),
        problem(500, "internal_server_error"),
        problem(502, "bad_gateway"),
        httpx2.Response(504, html="<html>"),
        httpx2.Response(404, html="<html>"),
        httpx2.Response(503, html="<html>"),
        httpx2.Response(301, headers={"location": "https://elsewhere.example.com"}),
        httpx2.ReadTimeout("stalled"),
        httpx2.RemoteProtocolError("half a body"),
    ],
    ids=str,
)
def test_doubt_is_repeated_with_one_key_and_then_unknown(doubt: Any) -> None:
    script = Script(doubt)
    with script.client() as gmo, pytest.raises(OutcomeUnknown) as unknown:
        gmo.credit.charge(charge_request())
    assert script.paths == ["/credit/charge"] * 3
    assert set(script.keys) == {unknown.value.idempotency_key}
    assert unknown.value.reference == {"orderId": "rule-order-1"}


def test_a_read_in_doubt_is_repeated_and_ends_with_the_gateways_error() -> None:
    script = Script(problem(500, "internal_server_error"))
    with script.client() as gmo, pytest.raises(ServerError):
        gmo.order.inquiry(m.OrderInquiryRequest(order_id="A-1"))
    assert len(script.requests) == 3


def test_nothing_sent_is_no_doubt() -> None:
    script = Script(httpx2.ConnectError("refused"))
    with script.client() as gmo, pytest.raises(NotSentError):
        gmo.credit.charge(charge_request())
    assert len(script.requests) == 3


def test_resolve_asks_by_order_id_and_does_not_repeat() -> None:
    script = Script(
        httpx2.ReadTimeout("lost"),
        httpx2.ReadTimeout("lost"),
        httpx2.ReadTimeout("lost"),
        answer(200, {"orderReference": order("AUTH", orderId="rule-order-1", amount="3980")}),
        problem(400, "invalid_request"),
    )
    with script.client() as gmo:
        with pytest.raises(OutcomeUnknown) as unknown:
            gmo.credit.charge(charge_request())
        assert isinstance(gmo.resolve(unknown.value), Paid)
        assert isinstance(gmo.resolve(unknown.value), Open)
    assert script.paths[3:] == ["/order/inquiry", "/order/inquiry"]
    assert script.bodies[3] == {"orderId": "rule-order-1"}


def test_resolve_completes_only_on_order_and_with_the_same_request() -> None:
    async def run() -> tuple[object, Script]:
        script = Script(
            httpx2.ReadTimeout("lost"),
            problem(400, "invalid_request"),
            answer(201, CHARGED),
            answer(200, {"orderReference": order("AUTH", orderId="rule-order-1", amount="3980")}),
        )
        async with script.async_client(max_attempts=1) as gmo:
            try:
                await gmo.credit.charge(charge_request())
            except OutcomeUnknown as unknown:
                outcome = await gmo.resolve(unknown, complete=True, request=charge_request())
                return outcome, script
        raise AssertionError("the outcome was known")

    outcome, script = asyncio.run(run())
    assert isinstance(outcome, Paid)
    assert isinstance(outcome.replayed, Answer)
    assert script.paths == ["/credit/charge", "/order/inquiry", "/credit/charge", "/order/inquiry"]
    assert script.keys[0] == script.keys[2]


def test_a_closed_client_says_so() -> None:
    gmo = Script(answer(200, {})).client()
    gmo.close()
    with pytest.raises(ConfigurationError, match="closed"):
        gmo.order.inquiry(m.OrderInquiryRequest(order_id="A-1"))
