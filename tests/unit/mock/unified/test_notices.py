"""Webhooks: when they come, what they say, who signed them, how often they come."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Callable
from typing import Any

import pytest
from kessai_mock.unified import MERCHANT_CCID, MERCHANT_KEY
from kessai_mock.webhooks import Policy, Webhook

from tests.unit.mock.unified.driver import PUSH, Driver, charge, order, pay, signature, subscribe

WALLETS = ["paypay", "rakuten", "docomo", "au", "merpay"]
ENDED = {"success": "UA-000-001", "failure": "UA-PRV-001", "pending": "UA-PND-001"}


def _run(mock: Driver, command: str, wallet: str, provider: str) -> None:
    """One command that has a pushUrl, on an order made without one."""
    if command in {"pay", "subscribe"}:
        make = pay if command == "pay" else subscribe
        if provider != "UA-000-001":
            mock.next(operation=command, provider=provider)
        answer = mock.post(command, make(wallet=wallet, push=PUSH))
        if provider == "UA-000-001":
            mock.browse(answer.redirect)
        return
    if command in {"charge", "terminate"}:
        mock.agreed("p-1", wallet)
    else:
        mock.paid(wallet=wallet)
    mock.next(operation=command, provider=provider)
    body = charge(original="p-1", push=PUSH) if command == "charge" else order(push=PUSH)
    mock.post(command, body)


def _wanted(command: str, wallet: str, ending: str) -> bool:
    """The document's table, written down a second time."""
    if command in {"pay", "subscribe"}:
        return ending == "success"
    if command == "updateOrder":
        return wallet in {"rakuten", "au"}
    if command == "terminate":
        return wallet != "rakuten"
    return True


@pytest.mark.parametrize("ending", ENDED)
@pytest.mark.parametrize("wallet", WALLETS)
@pytest.mark.parametrize(
    "command", ["pay", "subscribe", "updateOrder", "capture", "cancel", "charge", "terminate"]
)
def test_each_comes_on_its_conditions(mock: Driver, command: str, wallet: str, ending: str) -> None:
    """By command, wallet and result."""
    _run(mock, command, wallet, ENDED[ending])
    supported = not (
        (command == "updateOrder" and wallet in {"paypay", "docomo", "merpay"})
        or (command == "terminate" and wallet == "rakuten")
    )
    if not supported:
        assert mock.notices == []
    elif _wanted(command, wallet, ending):
        assert mock.notices == [(command, ENDED[ending])]
    else:
        assert mock.notices == []


def test_without_a_push_url_nothing_is_sent(mock: Driver) -> None:
    """It belongs to each request."""
    mock.agreed()
    mock.post("charge", charge())
    mock.post("capture", order("c-1", push=PUSH))
    mock.post("cancel", order("c-1"))
    assert mock.notices == [("capture", "UA-000-001")]


def test_what_the_state_does_not_allow_is_told_as_well(mock: Driver) -> None:
    """Every status of a command means refusals, too (assumed)."""
    mock.paid(mode="auth_capture")
    mock.post("capture", order(push=PUSH))
    assert mock.notices == [("capture", "UA-REQ-007")]


def _verified(webhook: Webhook) -> Any:
    claimed = webhook.headers["X-VT-Content-hmac"]
    assert claimed == signature(webhook.body)
    assert webhook.headers["Content-Type"] == "application/json"
    number = webhook.headers["X-VT-webhook-id"]
    assert number.replace("-", "").replace("_", "").isalnum()
    return json.loads(webhook.body)


def test_the_body_is_signed_and_tells_what_an_inquiry_tells(mock: Driver) -> None:
    """Of every command; each has an id of its own."""
    answer = mock.post(
        "pay", pay(wallet="rakuten", push=PUSH, merchantRequestKey1="k1", metadata2="書店")
    )
    mock.browse(answer.redirect)
    mock.post("updateOrder", order(amount=900, push=PUSH))
    mock.post("capture", order(amount=500, push=PUSH))
    mock.post("cancel", order(push=PUSH))
    bodies = [_verified(webhook) for webhook in mock.pushed]
    assert len({webhook.headers["X-VT-webhook-id"] for webhook in mock.pushed}) == 4
    first = bodies[0]["transaction"]
    assert (first["merchantRequestKey1"], first["metadata2"]) == ("k1", "書店")
    assert [body["order"]["amount"] for body in bodies] == ["1000", "900", "500", "500"]
    for body in bodies:
        told = mock.inquire(body["transaction"]["fepReferenceId"])["transactionData"]
        del body["transaction"]["command"]
        assert body == told


def test_one_changed_byte_breaks_the_signature(mock: Driver) -> None:
    """Anywhere."""
    mock.browse(mock.post("pay", pay(push=PUSH)).redirect)
    (webhook,) = mock.pushed
    claimed = webhook.headers["X-VT-Content-hmac"].rpartition("=")[2]
    for at in range(len(webhook.body)):
        body = bytearray(webhook.body)
        body[at] ^= 1
        text = MERCHANT_CCID.encode() + bytes(body) + MERCHANT_KEY.encode()
        assert hmac.digest(MERCHANT_KEY.encode(), text, hashlib.sha512).hex() != claimed


def test_the_other_key_signs_webhooks_too(mock_with: Callable[..., Driver]) -> None:
    """key_encoding hex."""
    mock = mock_with(key_encoding="hex")
    body = json.dumps(pay(push=PUSH)).encode()
    headers = {"Authorization": "Bearer t", "Content-Type": "application/json"}
    answer = mock.request("POST", "/fep/command/pay", headers=headers, content=body)
    mock.get(answer.json()["control"]["redirectUrl"] + "?outcome=success")
    (webhook,) = mock.pushed
    text = MERCHANT_CCID.encode() + webhook.body + MERCHANT_KEY.encode()
    digest = hmac.digest(bytes.fromhex(MERCHANT_KEY), text, hashlib.sha512).hex()
    assert webhook.headers["X-VT-Content-hmac"].endswith(f";v={digest}")


@pytest.mark.parametrize("failure", [None, 201, 204, 302, 500])
def test_only_200_ends_it(mock: Driver, failure: int | None) -> None:
    """The same id and bytes come again, ten minutes later (assumed)."""
    mock.answers = [failure, failure]
    mock.browse(mock.post("pay", pay(push=PUSH)).redirect)
    mock.advance(1200)
    assert len(mock.pushed) == 3
    assert len({(w.headers["X-VT-webhook-id"], w.body) for w in mock.pushed}) == 1
    mock.advance(86_400)
    assert len(mock.pushed) == 3


def test_after_five_repeats_it_is_given_up(mock_with: Callable[..., Driver]) -> None:
    """Assumed; and a setting."""
    for mock, sent in (
        (mock_with(), 6),
        (mock_with(webhooks=Policy(repeats=1, interval=60, accepted=range(200, 201))), 2),
    ):
        mock.answers = [500] * 10
        mock.browse(mock.post("pay", pay(push=PUSH)).redirect)
        mock.advance(86_400)
        assert len(mock.pushed) == sent
        assert mock.get("/_mock/webhooks").json()["webhooks"][0]["state"] == "given-up"


def test_a_200_the_gateway_did_not_see_is_repeated(mock: Driver) -> None:
    """Scripted: operation webhook, fault lost-after."""
    mock.next(operation="webhook", fault="lost-after")
    mock.browse(mock.post("pay", pay(push=PUSH)).redirect)
    assert len(mock.pushed) == 1
    (logged,) = mock.get("/_mock/webhooks").json()["webhooks"]
    assert (logged["state"], logged["attempts"][0]["status"]) == ("pending", None)
    mock.advance(600)
    assert len(mock.pushed) == 2
    assert mock.pushed[0] == mock.pushed[1]
    (logged,) = mock.get("/_mock/webhooks").json()["webhooks"]
    assert logged["state"] == "delivered"


def test_one_may_be_late_or_get_lost(mock: Driver) -> None:
    """delay, lost-before."""
    mock.next(operation="webhook", fault="delay", seconds=90)
    mock.browse(mock.post("pay", pay(push=PUSH)).redirect)
    assert mock.pushed == []
    mock.advance(90)
    assert len(mock.pushed) == 1
    mock.next(operation="webhook", fault="lost-before")
    mock.post("capture", order(push=PUSH))
    assert len(mock.pushed) == 1
    mock.advance(600)
    assert mock.notices == [("pay", "UA-000-001"), ("capture", "UA-000-001")]


def test_the_log_names_order_request_and_result(mock: Driver) -> None:
    """No body, no signature."""
    answer = mock.post("pay", pay(push=PUSH))
    mock.browse(answer.redirect)
    (logged,) = mock.get("/_mock/webhooks").json()["webhooks"]
    assert logged["webhookId"] == mock.pushed[0].headers["X-VT-webhook-id"]
    assert (logged["command"], logged["resultCode"]) == ("pay", "UA-000-001")
    assert (logged["fepOrderId"], logged["fepReferenceId"]) == (answer.fep, answer.reference)
    assert "hmac" not in str(logged).lower()


def test_a_lost_answer_does_not_keep_the_webhook_from_going_out(mock: Driver) -> None:
    """Processed is processed."""
    mock.paid()
    mock.next(operation="capture", fault="torn")
    content = json.dumps(order(push=PUSH)).encode()
    headers = {"X-VT-Content-hmac": signature(content), "Content-Type": "application/json"}
    torn = mock.request("POST", "/fep/command/capture", headers=headers, content=content)
    with pytest.raises(ValueError, match="char"):
        torn.json()
    mock.next(operation="cancel", fault="lost-after")
    with pytest.raises(ConnectionResetError):
        mock.post("cancel", order(push=PUSH))
    assert mock.notices == [("capture", "UA-000-001"), ("cancel", "UA-000-001")]
