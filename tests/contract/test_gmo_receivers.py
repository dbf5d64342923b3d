"""Callbacks and webhooks of the spec against the client's parsers, driven by schemathesis.

A genuine event is taken, anything else is refused with a 4xx, and nothing ends in a 500.
"""

from __future__ import annotations

import json
from collections.abc import Generator
from typing import Any

import pytest
from kessai.errors import ReceiveError
from kessai_gmo import UnknownEvent, parse_callback, parse_webhook

from tests.support import contract_bodies as bodies
from tests.support import contract_links as links
from tests.support.contract_asgi import ORIGIN, Answer, App
from tests.support.contract_bodies import CSRF
from tests.support.contract_drive import Drive
from tests.support.contract_mock import Mock
from tests.support.contract_receiver import (
    CALLBACKS,
    PACKED,
    genuine,
    packed,
    receiver,
    receiver_document,
)
from tests.support.contract_schemathesis import Request, Schema
from tests.support.contract_stage import JSON

WEBHOOKS = ("cashWebhook", "amazonPayCancelWebhook", "walletFrontendWebhook")
CALLED = (
    "callbackTds2ChargeCreditCharge",
    "callbackTds2ChargeCreditOnfileCharge",
    "callbackTds2VerificationCreditVerifyCard",
    "callbackWalletChargeWalletCharge",
    "callbackWalletApprovalWalletAuthorizeAccount",
    "callbackVerificationStartVerificationStart",
)


@pytest.fixture(scope="module")
def described(document: dict[str, Any]) -> Schema:
    return Schema(receiver_document(document))


@pytest.fixture(scope="module")
def shop() -> Generator[App]:
    app = App(receiver())
    yield app
    app.close()


def with_token(body: dict[str, Any] | None) -> list[Any]:
    """A body as generated, and the same with our token."""
    return [] if body is None else [body, {**body, "csrfToken": CSRF}]


@pytest.mark.parametrize("name", WEBHOOKS)
def test_a_webhook_is_taken_or_refused(name: str, described: Schema, shop: App) -> None:
    drive = Drive(shop, described[name])
    for case in described[name].cases:
        request = case.request({})
        media = {key.lower(): value for key, value in request.headers}.get("content-type")
        as_sent = request.method == "POST" and media == JSON
        drive.send(request, wanted=as_sent and genuine(request.content))
        for body in with_token(case.members()):
            if as_sent:
                content = json.dumps(body).encode()
                drive.send(request._replace(content=content), wanted=genuine(content))
    assert drive.statuses[200] > 20
    assert {400, 403, 405} <= set(drive.statuses)


@pytest.mark.parametrize("name", CALLED)
def test_a_callback_is_taken_or_refused(name: str, described: Schema, shop: App) -> None:
    drive = Drive(shop, described[name])
    for case in described[name].cases:  # whatever text p may be
        drive.send(case.request({}), wanted=False)
    url = f"{ORIGIN}{CALLBACKS}/{name}"
    for case in described[f"packed-{name}"].cases:  # p done right, around any object
        for body in with_token(case.members()):
            content = json.dumps(body).encode()
            for padding in (True, False):
                query = packed(content, padding=padding)
                drive.send(Request("GET", f"{url}?{query}", [], b""), wanted=genuine(content))
    assert drive.statuses[200] > 20
    assert {400, 403, 405} <= set(drive.statuses)


def test_every_callback_and_webhook_of_the_spec_is_driven(described: Schema) -> None:
    driven = {*WEBHOOKS, *CALLED, *(f"packed-{name}" for name in CALLED)}
    assert driven == set(described.operations)
    assert all(described[f"packed-{name}"].path == f"{PACKED}/{name}" for name in CALLED)


# What the mock really sends.


def _callback(mock: Mock, path: str, body: dict[str, Any]) -> str:
    sent = mock.ask(path, body)
    return mock.location(sent["redirectInformation"]["redirectUrl"], "success")


def test_the_mocks_callbacks_are_taken(mock: Mock, shop: App) -> None:
    mock.reset()
    member_id = links.member(mock)
    waiting = bodies.credit_charge("c-2", tds2=True, automatic=False)
    came = [
        _callback(mock, "/credit/charge", bodies.credit_charge("c-1", tds2=True)),
        _callback(mock, "/credit/charge", waiting),
        _callback(mock, "/credit/verifyCard", bodies.credit_verify_card("c-3", tds2=True)),
        _callback(mock, "/wallet/charge", bodies.wallet_charge("c-4")),
        _callback(
            mock, "/wallet/authorizeAccount", bodies.wallet_authorize_account("c-5", member_id)
        ),
        _callback(mock, "/verification/start", bodies.verification_start("c-6")),
    ]
    events = [parse_callback(url, csrf_token=CSRF).event for url in came]
    assert events == [
        "TDS_CHARGE_FINISHED",
        "TDS_FINISHED",
        "TDS_VERIFICATION_FINISHED",
        "WALLET_CHARGE_FINISHED",
        "WALLET_APPROVAL_FINISHED",
        "VERIFICATION_FINISHED",
    ]
    for url in came:
        query = url.partition("?")[2]
        assert _get(shop, query).status == 200
        with pytest.raises(ReceiveError):
            parse_callback(url, csrf_token="another")
        text = query.removeprefix("p=")
        for place in range(0, len(text.rstrip("=")), 7):  # a byte changed on the way
            other = "A" if text[place] != "A" else "B"
            _survives(f"p={text[:place]}{other}{text[place + 1 :]}")


def _survives(query: str) -> None:
    """A changed callback is refused, or says something else that is well-formed."""
    try:
        event = parse_callback(query, csrf_token=CSRF)
    except ReceiveError:
        return
    assert len(event.access_id) == 32


def _get(shop: App, query: str) -> Answer:
    return shop.send("GET", f"{CALLBACKS}/any?{query}")


def test_the_mocks_webhooks_are_taken(mock: Mock, shop: App) -> None:
    mock.reset()
    slip = mock.ask("/cash/charge", bodies.cash_charge("w-1"))["orderReference"]["accessId"]
    mock.pay(slip)
    links.frontend(mock)
    mock.advance(120)
    for number, fault in ((1, None), (2, "fail")):
        if fault is not None:
            mock.script("amazonPayRefund", fault=fault)
        body = bodies.wallet_charge(f"w-amazon-{number}", wallet="AMAZON")
        sent = mock.ask("/wallet/charge", body)
        mock.press(sent["redirectInformation"]["redirectUrl"], "success")
        mock.ask("/order/cancel", {"accessId": sent["orderReference"]["accessId"]})
        mock.advance(120)
    events: list[str] = []
    for webhook in mock.sent:
        headers = dict(webhook.headers)
        event = parse_webhook(webhook.body, headers, csrf_token=lambda access_id: CSRF)
        assert not isinstance(event, UnknownEvent)
        events.append(event.event)
        answer = shop.send("POST", "/webhooks/any", headers, webhook.body)
        assert answer.status == 200
        with pytest.raises(ReceiveError):
            parse_webhook(webhook.body, headers, csrf_token=lambda access_id: None)
        with pytest.raises(ReceiveError):
            parse_webhook(webhook.body[:-1], headers, csrf_token=CSRF)
    assert events == ["CASH_PAID", "WALLET_PAID", "REFUND_SUCCEEDED", "REFUND_FAILED"]
