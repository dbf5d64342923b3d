"""A shop that receives UnivaPay's webhooks, driven from the spec, by the mock, and by a forger."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Generator
from typing import Any, cast

import jsonschema_rs
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from kessai_univapay import UnknownEvent, is_paid
from kessai_univapay import models as m

from tests.support.contract_asgi import ORIGIN, App
from tests.support.contract_schemathesis import Operation, Request, Schema, send
from tests.support.contract_univapay_mock import AUTH_TOKEN, STORE, Mock
from tests.support.contract_univapay_receiver import WEBHOOKS, Shop, is_notice, receiver_document

DRAWN = settings(
    phases=[Phase.generate, Phase.shrink],
    max_examples=60,
    derandomize=True,
    database=None,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
EVENTS = ["charge_updated", "charge_finished", "refund_finished", "cancel_finished",
          "token_created", "token_updated", "recurring_token_deleted", "token_three_d_s_updated",
          "bank_transfer_status_updated", "subscription_created",
          "subscription_payment"]  # fmt: skip
MOST = 20  # generated cases of one event


@pytest.fixture(scope="module")
def described(univapay_document: dict[str, Any]) -> Schema:
    """The receiver's own document."""
    return Schema(receiver_document(univapay_document), fuzzed=2)


@pytest.fixture
def shop() -> Shop:
    """A shop that takes test notices."""
    return Shop()


@pytest.fixture
def app(shop: Shop) -> Generator[App]:
    """Its application."""
    app = App(shop.app())
    yield app
    app.close()


def _lines(auth: str | None = AUTH_TOKEN) -> list[tuple[str, str]]:
    lines = [("content-type", "application/json")]
    return lines if auth is None else [*lines, ("authorization", auth)]


def _event(operation: Operation) -> str:
    return operation.path.rpartition("/")[2]


def _keeps(document: dict[str, Any], operation: Operation) -> Any:
    item = document["webhooks"][_event(operation)]["post"]
    body: Any = item["requestBody"]
    if "$ref" in body:
        body = document["components"]["requestBodies"][body["$ref"].rpartition("/")[2]]
    schema = body["content"]["application/json"]["schema"]
    return jsonschema_rs.Draft202012Validator(
        {"components": document["components"], **schema}, validate_formats=True
    )


def test_a_webhook_is_taken_or_refused(
    described: Schema, shop: Shop, app: App, univapay_document: dict[str, Any]
) -> None:
    """Bodies that keep to the spec are taken, of others some too, because no limits are read; but
    none without its core, and none without the shop's own secret."""
    statuses: Counter[int] = Counter()
    for operation in described:
        keeps = _keeps(univapay_document, operation)
        cases = operation.cases
        for case in cases[:: -(-len(cases) // MOST)]:
            forged = case.request({"authorization": "Bearer other"})
            answer = send(app, forged)
            assert 400 <= answer.status < 500, forged
            body = case.members()
            if body is None:
                continue
            if keeps.is_valid(body):
                # Any event would keep to the spec, with any data; and numbers come again.
                body |= {"event": _event(operation), "id": f"notice-{sum(statuses.values())}"}
            content = json.dumps(body).encode()
            request = Request("POST", ORIGIN + operation.path, _lines(), content)
            answer = send(app, request)
            assert operation.mistakes(request, answer) == [], request
            statuses[answer.status] += 1
            assert answer.status in (200, 400), request
            if keeps.is_valid(body):
                assert answer.status == 200, request
            if not is_notice(content):
                assert answer.status == 400, request
    assert statuses[200] > 60
    assert statuses[400] > 60
    assert len({event.event for event in shop.booked}) >= 20


def test_every_webhook_of_the_spec_is_driven(
    described: Schema, univapay_document: dict[str, Any]
) -> None:
    driven = {_event(operation) for operation in described}
    assert driven == set(univapay_document["webhooks"])


def _happen(mock: Mock) -> None:
    """Something of everything that is told."""
    paid = mock.charge()
    assert mock.pay(paid).status == 200
    given_up = mock.charge()
    mock.ask("POST", f"{STORE}/charges/{given_up}/cancels", {})
    card = mock.paid()
    mock.ask("POST", f"{STORE}/charges/{card}/refunds", {"amount": 300, "currency": "JPY"})
    token = mock.token("card", "recurring")
    mock.ask("PATCH", f"{STORE}/tokens/{token}", {"metadata": {"a": 1}})
    endpoint = {"redirect_endpoint": "https://books.example.com/back"}
    mock.ask("POST", f"{STORE}/tokens/{token}/three_ds", endpoint)
    mock.ask("DELETE", f"{STORE}/tokens/{token}")
    transfer = mock.charge(mock.token("bank_transfer"))
    assert mock.pay(transfer).status == 200
    plan = {"amount": 980, "currency": "JPY", "period": "monthly"}
    subscriber = {"transaction_token_id": mock.token("card", "subscription"), **plan}
    mock.ask("POST", "/subscriptions", subscriber)
    mock.advance(5)


@pytest.mark.parametrize("envelope", ["full", "short"])
@pytest.mark.parametrize("bearer", [False, True])
def test_the_mocks_webhooks_are_taken_once_and_no_other(
    envelope: str, bearer: bool, shop: Shop, app: App
) -> None:
    """In both forms, with and without the scheme; each twice, and handled once."""
    mock = Mock(envelope=envelope, bearer=bearer)
    mock.webhook(*EVENTS)
    _happen(mock)
    sent = list(mock.sent)
    mock.close()
    for webhook in [*sent, *sent]:
        answer = app.send("POST", f"{WEBHOOKS}/any", dict(webhook.headers), webhook.body)
        assert answer.status == 200
    assert len(shop.booked) == len(sent)
    assert {event.event for event in shop.booked} == set(EVENTS)
    assert not any(isinstance(event, UnknownEvent) for event in shop.booked)
    finished = [event for event in shop.booked if event.event == "charge_finished"]
    paid = [isinstance(event, m.ChargeEvent) and is_paid(event.data) for event in finished]
    assert Counter(paid) == {True: 4, False: 1}
    for event, webhook in zip(shop.booked, sent, strict=True):
        assert not isinstance(event, UnknownEvent)
        assert event.to_wire() == _compact(json.loads(webhook.body))

    @DRAWN
    @given(st.sampled_from(sent), st.data())
    def tampered(webhook: Any, data: st.DataObject) -> None:
        lines = {name.lower(): text for name, text in webhook.headers.items()}
        auth = lines["authorization"]
        spot = data.draw(st.integers(0, len(auth) - 1))
        letter = data.draw(st.characters(min_codepoint=33, max_codepoint=126))
        for other in (
            auth[:spot] + letter + auth[spot + 1 :],
            auth[:spot] + auth[spot + 1 :],
            auth[:spot] + letter + auth[spot:],
            auth + letter,
        ):
            if _secret(other) == AUTH_TOKEN:
                continue  # the scheme alone was changed, in its letters' case
            forged = {**lines, "authorization": other}
            assert app.send("POST", f"{WEBHOOKS}/any", forged, webhook.body).status == 401

    tampered()
    assert len(shop.booked) == len(sent)


def _secret(auth: str) -> str:
    return auth[7:] if auth[:7].lower() == "bearer " else auth


def _compact(value: Any) -> Any:
    """Without nulls, as models write themselves; metadata keeps its own."""
    if isinstance(value, dict):
        return {
            name: inner if name == "metadata" else _compact(inner)
            for name, inner in cast("dict[str, Any]", value).items()
            if inner is not None
        }
    if isinstance(value, list):
        return [_compact(element) for element in value]  # pyright: ignore[reportUnknownVariableType]
    return value


def test_a_live_shop_takes_no_test_notices() -> None:
    """All that the mock sends is of test mode; what does not say its mode is taken."""
    mock = Mock()
    mock.webhook(*EVENTS)
    _happen(mock)
    shop = Shop(allow_test=False)
    app = App(shop.app())
    for webhook in mock.sent:
        body = json.loads(webhook.body)
        answer = app.send("POST", f"{WEBHOOKS}/any", dict(webhook.headers), webhook.body)
        assert answer.status == (400 if "mode" in body["data"] else 200)
    assert {str(event.event) for event in shop.booked} == {"bank_transfer_status_updated"}
    mock.close()
    app.close()


def test_what_nobody_answers_comes_again() -> None:
    """A shop that is away for a while misses nothing, and books nothing twice."""
    mock = Mock()
    mock.received = 500
    mock.webhook("charge_finished")
    charge = mock.charge()
    mock.pay(charge)
    assert len(mock.sent) == 1
    mock.advance(60)
    assert len(mock.sent) == 2
    mock.received = 200
    mock.advance(120)
    mock.advance(4000)
    assert len(mock.sent) == 3
    assert len({webhook.body for webhook in mock.sent}) == 1
    shop = Shop()
    app = App(shop.app())
    for webhook in mock.sent:
        assert app.send("POST", f"{WEBHOOKS}/x", dict(webhook.headers), webhook.body).status == 200
    assert len(shop.booked) == 1
    mock.close()
    app.close()
