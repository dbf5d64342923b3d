"""Redirects and webhooks of the Unified spec against the client's parsers, in a merchant's app.

A genuine one is taken, anything else is refused with a 4xx, and nothing ends in a 500.
"""

from __future__ import annotations

import base64
import json
from collections import Counter
from collections.abc import Generator
from typing import Any
from urllib.parse import parse_qsl

import jsonschema_rs
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tests.support import contract_unified_bodies as bodies
from tests.support.contract_asgi import ORIGIN, Answer, App
from tests.support.contract_drawn import drawing
from tests.support.contract_drive import Drive
from tests.support.contract_schemathesis import Request, Schema
from tests.support.contract_unified_bodies import WALLETS
from tests.support.contract_unified_mock import Mock
from tests.support.contract_unified_receiver import (
    CORE,
    PAYMENT_ID,
    REDIRECTS,
    WEBHOOKS,
    Shop,
    genuine_redirect,
    is_notice,
    mark,
    proven,
    query,
    receiver_document,
)
from tests.support.contract_values import Values

CALLED = tuple(
    f"redirect{ending}{command}"
    for command in ("Pay", "Subscribe")
    for ending in ("Success", "Cancel", "Error")
)
DRAWN = drawing(60)
VISIBLE = st.characters(min_codepoint=33, max_codepoint=126)


@pytest.fixture(scope="module")
def described(unified_document: dict[str, Any]) -> Schema:
    return Schema(receiver_document(unified_document))


@pytest.fixture(scope="module")
def shop() -> Shop:
    return Shop()


@pytest.fixture(scope="module")
def app(shop: Shop) -> Generator[App]:
    app = App(shop.app())
    yield app
    app.close()


@pytest.mark.parametrize("name", CALLED)
def test_a_redirect_is_taken_or_refused(
    name: str, described: Schema, app: App, unified_document: dict[str, Any]
) -> None:
    drive = Drive(app, described[name])
    for case in described[name].cases:  # whatever schemathesis thinks of: never proven
        drive.send(case.request({}), wanted=False)
    values = Values(unified_document).of("Redirect")

    @DRAWN
    @given(values, st.data(), st.sampled_from([PAYMENT_ID, "OTHER-1"]))
    def drawn(value: dict[str, str], data: st.DataObject, payment_id: str) -> None:
        parts = {key: text for key, text in value.items() if key not in {"vAuthInfo", "authParams"}}
        parts = {"actionCode": "success", **parts, "paymentId": payment_id}
        more = data.draw(st.lists(st.sampled_from(list(parts)), max_size=4))
        names = data.draw(st.permutations([*parts, *more]))
        bare = data.draw(st.sampled_from(CORE))  # what the digest does not cover
        for parameters in (
            proven(parts, names),
            {**proven(parts, names), "cart": "1"},  # of the merchant's own URL
            proven(parts, [n for n in names if n != bare]),
            {**parts, "vAuthInfo": "0" * 128, "authParams": proven(parts, names)["authParams"]},
        ):
            text = query(parameters)
            wanted = genuine_redirect(text)
            url = f"{ORIGIN}{REDIRECTS}/{name}?{text}"
            drive.send(Request("GET", url, [], b""), wanted=wanted)

    drawn()
    assert drive.statuses[200] > 20
    assert {400, 403, 405} <= set(drive.statuses)


def test_a_webhook_is_taken_or_refused(
    described: Schema, shop: Shop, app: App, unified_document: dict[str, Any]
) -> None:
    """Signed bodies that keep to the spec are taken; of others the client may take some too,
    because it reads no limits, but none without its core."""
    operation = described["push"]
    components = unified_document["components"]
    keeps = jsonschema_rs.Draft202012Validator(
        {"components": components, "$ref": "#/components/schemas/PushRequest"}
    )
    drive = Drive(app, operation)
    url = f"{ORIGIN}{operation.path}"
    shop.booked.clear()
    taken: set[str] = set()
    for number, case in enumerate(operation.cases):
        request = case.request({})
        drive.send(request, wanted=False)  # generated headers prove nothing
        body = case.members()
        if body is None:
            continue
        content = json.dumps(body).encode()
        lines = mark(content, f"id-{number}")
        wanted = True if keeps.is_valid(body) else None if is_notice(content) else False
        signed = Request("POST", url, list(lines.items()), content)
        if drive.send(signed, wanted=wanted) == 200:
            taken.add(f"id-{number}")
            drive.send(signed, wanted=True)  # again
    assert drive.statuses[200] > 40
    assert {400, 401, 405} <= set(drive.statuses)
    assert Counter(webhook.id for webhook in shop.booked) == Counter(taken)


def test_every_redirect_and_webhook_of_the_spec_is_driven(described: Schema) -> None:
    assert {"push", *CALLED} == set(described.operations)


# What the mock really sends, and what somebody makes of it on the way.


def _came_back(mock: Mock) -> list[tuple[str, str]]:
    """Redirects of all wallets: the paymentId and the query each came back with."""
    found: list[tuple[str, str]] = []
    for wallet in WALLETS:
        for command in ("pay", "subscribe"):
            payment_id = f"{command}-{wallet}"
            make = bodies.pay if command == "pay" else bodies.subscribe
            url = mock.ask(command, make(payment_id, wallet=wallet))["control"]["redirectUrl"]
            location = mock.press(url, outcome="success")
            assert location is not None
            found.append((payment_id, location.partition("?")[2]))
    return found


def _get(app: App, text: str, payment_id: str) -> Answer:
    return app.send("GET", f"{REDIRECTS}/any?{text}", {"x-session": payment_id})


def test_the_mocks_redirects_are_taken_and_no_other(unified_mock: Mock, app: App) -> None:
    unified_mock.reset()
    came = _came_back(unified_mock)
    for payment_id, text in came:
        assert genuine_redirect(text, payment_id)
        assert _get(app, text, payment_id).status == 200
        assert _get(app, text, "another").status == 403

    @DRAWN
    @given(st.sampled_from(came), st.data())
    def tampered(one: tuple[str, str], data: st.DataObject) -> None:
        payment_id, text = one
        pairs = parse_qsl(text)
        place = data.draw(st.integers(0, len(pairs) - 1))
        name, value = pairs[place]
        at = data.draw(st.integers(0, len(value) - 1))
        letter = data.draw(VISIBLE)
        changed = data.draw(
            st.sampled_from(
                [
                    value[:at] + letter + value[at + 1 :],
                    value[:at] + letter + value[at:],
                    value[:at] + value[at + 1 :],
                    "",
                ]
            )
        )
        assume(changed != value)
        if name == "authParams":
            assume(_listed(changed) != _listed(value))  # another spelling of the same list
        other = [*pairs[:place], (name, changed), *pairs[place + 1 :]]
        for forged in (other, [*pairs, (name, changed)], pairs[:place] + pairs[place + 1 :]):
            answer = _get(app, _joined(forged), payment_id)
            assert 400 <= answer.status < 500, forged

    tampered()


def _joined(pairs: list[tuple[str, str]]) -> str:
    """A query string with repeats."""
    return "&".join(query({name: value}) for name, value in pairs)


def _listed(auth_params: str) -> bytes | None:
    try:
        return base64.b64decode(auth_params, validate=True)
    except ValueError:
        return None


def test_the_mocks_webhooks_are_taken_once_and_no_other(
    unified_mock: Mock, shop: Shop, app: App
) -> None:
    mock = unified_mock
    mock.reset()
    shop.booked.clear()
    _came_back(mock)
    mock.ask("updateOrder", bodies.on_order("pay-rakuten", 3000))
    for wallet in WALLETS:
        mock.ask("capture", bodies.on_order(f"pay-{wallet}"))
        mock.ask("cancel", bodies.on_order(f"pay-{wallet}", 500))
        mock.ask("charge", bodies.charge(f"charge-{wallet}", f"subscribe-{wallet}"))
    mock.ask("terminate", bodies.on_order("subscribe-paypay"))
    assert mock.deregister("subscribe-docomo").status == 200
    sent = list(mock.sent)
    for webhook in [*sent, *sent]:  # each comes twice
        answer = app.send("POST", f"{WEBHOOKS}/any", dict(webhook.headers), webhook.body)
        assert answer.status == 200
    commands = Counter(str(webhook.command) for webhook in shop.booked)
    assert sum(commands.values()) == len(sent)
    assert set(commands) == {
        "pay", "subscribe", "updateOrder", "capture", "cancel", "charge", "terminate",
        "deregistraction",
    }  # fmt: skip

    @DRAWN
    @given(st.sampled_from(sent), st.data())
    def tampered(webhook: Any, data: st.DataObject) -> None:
        body, headers = webhook.body, dict(webhook.headers)
        at = data.draw(st.integers(0, len(body) - 1))
        byte = bytes([data.draw(st.integers(0, 255))])
        lines = {name.lower(): text for name, text in headers.items()}
        marked = lines["x-vt-content-hmac"]
        spot = data.draw(st.integers(0, len(marked) - 1))
        other = marked[:spot] + data.draw(VISIBLE) + marked[spot + 1 :]
        for content, line in (
            (body[:at] + byte + body[at + 1 :], marked),
            (body[:at] + byte + body[at:], marked),
            (body[:at] + body[at + 1 :], marked),
            (body[:at], marked),
            (body, other),
        ):
            if (content, line) == (body, marked):
                continue
            answer = app.send(
                "POST", f"{WEBHOOKS}/any", {**lines, "x-vt-content-hmac": line}, content
            )
            assert answer.status == 401, (content, line)

    tampered()
    assert len(shop.booked) == len(sent)


def test_the_core_is_what_a_redirect_always_carries(unified_document: dict[str, Any]) -> None:
    """The parameters the receiver's oracle asks for are the spec's."""
    redirect = unified_document["components"]["schemas"]["Redirect"]
    always = set(redirect["properties"]) - {"merchantRequestKey1", "merchantRequestKey2"}
    assert always == {*CORE, "vAuthInfo", "authParams"}
