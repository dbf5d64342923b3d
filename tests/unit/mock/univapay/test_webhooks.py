"""Webhooks: who is told what, how often, when it stops, and what the log says."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from kessai_mock.univapay import MERCHANT_ID, STORE_ID, app_token

from tests.unit.mock.univapay.driver import SHOP, STORE, Driver, bearer, hold_to

MERCHANT = bearer(app_token(store_id=None))
OTHER = "11ec9f7f-fb02-2620-af32-af7eb1bedc1a"
MINUTE = 60


def paid(mock: Driver) -> dict[str, Any]:
    """A konbini charge, paid; the clock moves on by a second."""
    charge = mock.awaiting()
    mock.pay(charge)
    return charge


def state(mock: Driver) -> dict[str, Any]:
    """The first notice, as the mock's log has it."""
    return dict(mock.get("/_mock/webhooks", auth=None)["webhooks"][0])


def pauses(mock: Driver) -> list[float]:
    """Seconds between the attempts of the first notice."""
    attempts = [at for at, _ in mock.gateway.webhooks.log[0].attempts]
    return [(b - a).total_seconds() for a, b in itertools.pairwise(attempts)]


def test_made_read_changed_deleted(mock: Driver) -> None:
    made = mock.hook("charge_finished")
    path = f"{STORE}/webhooks/{made['id']}"
    assert mock.get(path) == made
    assert (made["store_id"], made["merchant_id"]) == (STORE_ID, MERCHANT_ID)
    assert (made["active"], made["auth_token"]) == (True, "hush")
    changed = mock.patch(path, {"auth_token": None, "triggers": ["charge_updated"]}).json()
    hold_to("Webhook", changed)
    assert (changed["auth_token"], changed["triggers"]) == (None, ["charge_updated"])
    listed = mock.get(f"{STORE}/webhooks")
    hold_to("WebhookList", listed)
    assert listed == {"items": [changed], "has_more": False}
    assert mock.request("DELETE", path).status == 204
    assert mock.request("GET", path).status == 404
    assert "hush" not in repr(mock.gateway.hooks)


def test_a_url_has_one_webhook(mock: Driver) -> None:
    mock.hook("charge_finished")
    body = {"triggers": ["charge_updated"], "url": SHOP}
    refused = mock.post(f"{STORE}/webhooks", body)
    assert (refused.status, refused.code) == (409, "WEBHOOK_URL_EXISTS")
    assert mock.post("/webhooks", body, auth=MERCHANT).status == 201
    second = mock.hook("charge_updated", url=f"{SHOP}/2")
    path = f"{STORE}/webhooks/{second['id']}"
    assert mock.patch(path, {"url": SHOP}).status == 409
    assert mock.patch(path, {"url": f"{SHOP}/2"}).status == 200


@pytest.mark.parametrize(
    ("body", "wrong"),
    [
        ({"url": "shop"}, ("url", "INVALID_FORMAT_URL")),
        ({"url": "ftp://shop.example/"}, ("url", "INVALID_FORMAT_URL")),
        ({"triggers": ["transfer_created"]}, ("triggers", "INVALID_EVENT_FOR_STORE")),
        ({"triggers": ["charge_flown"]}, ("triggers[0]", "INVALID_FORMAT")),
    ],
)
def test_what_cannot_be_told(mock: Driver, body: dict[str, Any], wrong: tuple[str, str]) -> None:
    base = {"triggers": ["charge_finished"], "url": SHOP}
    assert mock.post(f"{STORE}/webhooks", {**base, **body}).wrong == [wrong]


def test_only_what_it_wants_to_know(mock: Driver) -> None:
    mock.hook("charge_finished")
    mock.hook("token_created", url=f"{SHOP}/tokens")
    paid(mock)
    assert [(one.url, one.body["event"]) for one in mock.told] == [
        (f"{SHOP}/tokens", "token_created"),
        (SHOP, "charge_finished"),
    ]


def test_a_merchants_webhook_is_told_of_every_store(mock: Driver) -> None:
    made = mock.post("/webhooks", {"triggers": ["token_created"], "url": SHOP}, auth=MERCHANT)
    assert (made.status, made.json()["store_id"]) == (201, None)
    mock.token()
    mock.token(auth=bearer(app_token(store_id=OTHER)))
    mock.token(auth=bearer(app_token(store_id=OTHER[:-1] + "b", merchant_id=OTHER)))
    stores = [one.body["data"]["store_id"] for one in mock.told]
    assert stores == [STORE_ID, OTHER]
    assert "Authorization" not in mock.told[0].headers
    listed = mock.get(f"/webhooks/{made.json()['id']}/events", auth=MERCHANT)
    assert len(listed["items"]) == 2
    assert mock.request("GET", f"{STORE}/webhooks/{made.json()['id']}").status == 404


def test_both_envelopes_and_both_headers(mock_with: Callable[..., Driver]) -> None:
    mock = mock_with(envelope="short", bearer=True)
    mock.hook("charge_finished")
    paid(mock)
    (told,) = mock.told
    assert {*told.body} == {"event", "data"}
    assert told.headers["Authorization"] == "Bearer hush"


def test_nobody_answers(mock: Driver) -> None:
    """After 1, 2, 4, 8 minutes, then every 15; given up after 10 attempts."""
    hook = mock.hook("charge_finished")
    mock.answers = [None] * 10
    paid(mock)
    mock.advance(86_400)
    minutes = [1, 2, 4, 8, 15, 15, 15, 15, 15]
    assert pauses(mock) == [number * MINUTE for number in minutes]
    assert state(mock)["state"] == "given-up"
    assert mock.get(f"{STORE}/webhooks/{hook['id']}")["active"] is True


def test_a_repeat_is_the_same_to_the_byte(mock: Driver) -> None:
    mock.hook("charge_finished")
    mock.answers = [503, 429, 200]
    paid(mock)
    mock.advance(3 * MINUTE)
    first, second, third = mock.told
    assert first.body == second.body == third.body
    assert state(mock)["state"] == "delivered"
    mock.advance(86_400)
    assert len(mock.told) == 3


@pytest.mark.parametrize("status", [301, 302, 304, 399])
def test_a_redirect_stops_the_webhook_at_once(mock: Driver, status: int) -> None:
    hook = mock.hook("charge_finished")
    mock.answers = [status]
    paid(mock)
    mock.advance(86_400)
    assert len(mock.told) == 1
    path = f"{STORE}/webhooks/{hook['id']}"
    assert mock.get(path)["active"] is False
    assert mock.get(f"{STORE}/webhooks?active=false")["items"][0]["id"] == hook["id"]
    assert mock.get(f"{STORE}/webhooks?active=true")["items"] == []
    paid(mock)
    assert len(mock.told) == 1, "nothing is sent while it is stopped"
    assert mock.patch(path, {"active": True}).json()["active"] is True
    paid(mock)
    assert len(mock.told) == 2


@pytest.mark.parametrize(
    ("status", "stopped"),
    [
        (400, True),
        (404, True),
        (500, True),
        (501, True),
        (502, True),
        (429, False),
        (503, False),
        (504, False),
    ],
)
def test_ten_attempts(mock: Driver, status: int, stopped: bool) -> None:
    """Then the webhook stops, but for 429 and what the documents do not tell."""
    hook = mock.hook("charge_finished")
    mock.answers = [status] * 10
    paid(mock)
    mock.advance(86_400)
    assert len(mock.told) == 10
    assert mock.get(f"{STORE}/webhooks/{hook['id']}")["active"] is not stopped


def test_what_waits_when_it_stops_is_given_up(mock: Driver) -> None:
    mock.hook("charge_updated", "charge_finished")
    mock.answers = [None, 302]
    paid(mock)
    mock.advance(86_400)
    assert len(mock.told) == 2
    states = [one["state"] for one in mock.get("/_mock/webhooks", auth=None)["webhooks"]]
    assert states == ["given-up", "given-up"]


def test_what_is_deleted_or_switched_off_is_told_no_more(mock: Driver) -> None:
    hook = mock.hook("charge_finished")
    mock.answers = [None]
    paid(mock)
    path = f"{STORE}/webhooks/{hook['id']}"
    assert mock.patch(path, {"active": False}).json()["active"] is False
    mock.advance(86_400)
    assert len(mock.told) == 1
    mock.patch(path, {"active": True})
    mock.answers = [None]
    paid(mock)
    assert mock.request("DELETE", path).status == 204
    mock.advance(86_400)
    assert len(mock.told) == 2


def test_its_events_are_logged(mock: Driver) -> None:
    hook = mock.hook("charge_updated", "charge_finished")
    mock.answers = [200, 500]
    paid(mock)
    events = mock.get(f"{STORE}/webhooks/{hook['id']}/events?limit=1")
    hold_to("WebhookDeliveryList", events)
    assert events["has_more"] is True
    (last,) = events["items"]
    assert (last["event"], last["successful"]) == ("charge_finished", False)
    assert last["error_message"] == "The answer was 500."
    assert last["fired_on"] == "2026-01-05T01:00:01.000000Z"
    mock.advance(MINUTE)
    events = mock.get(f"{STORE}/webhooks/{hook['id']}/events")
    assert [one["successful"] for one in events["items"]] == [True, True]
    assert events["items"][0]["id"] == mock.told[-1].body["id"]
    assert events["items"][0]["fired_on"] == "2026-01-05T01:01:01.000000Z"


def test_a_receiver_may_ask_about_what_it_is_told(mock: Driver) -> None:
    """The notice leaves after the answer, with the resource as it then was."""
    mock.hook("charge_updated")
    charge = mock.charge()
    mock.next(operation="webhook", fault="delay", seconds=3600)
    mock.advance(1)
    assert mock.told == []
    mock.pay(charge)
    mock.advance(3600)
    assert mock.told[0].body["data"]["status"] == "awaiting"
    mock.read(charge, "successful")


def test_the_receivers_answer_is_lost(mock: Driver) -> None:
    """So the same notice comes twice."""
    mock.hook("charge_finished")
    mock.next(operation="webhook", fault="lost-after")
    paid(mock)
    mock.advance(MINUTE)
    assert [one.body["id"] for one in mock.told] == [mock.told[0].body["id"]] * 2


def test_the_log_of_the_mock_says_no_secret(mock: Driver) -> None:
    mock.hook("charge_finished")
    charge = paid(mock)
    told = state(mock)
    assert (told["event"], told["id"]) == ("charge_finished", charge["id"])
    assert "hush" not in str(told)


def test_a_first_pause_of_another_length(mock_with: Callable[..., Driver]) -> None:
    from kessai_mock.webhooks import Policy

    mock = mock_with(webhooks=Policy(repeats=2, interval=10.0))
    mock.hook("charge_finished")
    mock.answers = [None] * 3
    paid(mock)
    mock.advance(86_400)
    assert pauses(mock) == [10, 20]
    delivery = mock.gateway.webhooks.log[0]
    assert delivery.attempts[-1][0] - delivery.attempts[0][0] == timedelta(seconds=30)
