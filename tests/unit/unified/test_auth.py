"""Bearer or HMAC, one of them; the digest is over the bytes that leave."""

from __future__ import annotations

from typing import Any

import httpx2
import pytest
from kessai import ConfigurationError, Environment, TooManyRequestsError
from kessai_unified import AsyncUnifiedClient, UnifiedClient, operations
from kessai_unified.auth import BearerAuth, HmacAuth, auth_from
from kessai_unified.refusals import ConfirmTokenError
from kessai_unified.signing import content_hmac

from tests.unit.unified.scripted import (
    CCID,
    KEY,
    REQUESTS,
    TOKEN,
    Script,
    applied,
    coded,
    found,
    pay,
)


def signature(request: httpx2.Request) -> dict[str, str]:
    """The parts of the HMAC header."""
    parts = (part.partition("=") for part in request.headers["x-vt-content-hmac"].split(";"))
    return {name: value for name, _, value in parts}


@pytest.mark.parametrize("encoding", ["utf-8", "hex"])
@pytest.mark.parametrize("name", REQUESTS)
def test_hmac_over_the_exact_bytes(name: str, encoding: Any) -> None:
    script = Script(found("UA-000-001") if name == "getTransactionResult" else applied())
    with script.client(hmac_key_encoding=encoding) as unified:
        unified.raw(operations.OPERATIONS[name], REQUESTS[name]())
    (request,) = script.requests
    assert "authorization" not in request.headers
    mark = signature(request)
    assert (mark["h"], mark["s"]) == ("HmacSHA512", CCID)
    assert mark["v"] == content_hmac(CCID, request.content, KEY, key_encoding=encoding)


@pytest.mark.parametrize("name", REQUESTS)
def test_bearer(name: str) -> None:
    script = Script(found("UA-000-001") if name == "getTransactionResult" else applied())
    with script.client(bearer_token=TOKEN) as unified:
        unified.raw(operations.OPERATIONS[name], REQUESTS[name]())
    (request,) = script.requests
    assert request.headers["authorization"] == f"Bearer {TOKEN}"
    assert "x-vt-content-hmac" not in request.headers


async def _async_headers(script: Script, **options: Any) -> httpx2.Headers:
    async with script.async_client(**options) as unified:
        await unified.payment.pay(pay())
    return script.requests[0].headers


def test_the_async_client_signs_alike() -> None:
    import asyncio

    script = Script(applied())
    headers = asyncio.run(_async_headers(script))
    digest = content_hmac(CCID, script.requests[0].content, KEY)
    assert headers["x-vt-content-hmac"] == f"h=HmacSHA512;s={CCID};v={digest}"
    headers = asyncio.run(_async_headers(Script(applied()), bearer_token=TOKEN))
    assert headers["authorization"] == f"Bearer {TOKEN}"
    assert "x-vt-content-hmac" not in headers


def test_every_attempt_is_signed_and_has_the_same_bytes() -> None:
    script = Script(coded(429, "UA-LMT-001"), coded(406, "UA-REQ-005"), applied())
    with script.client() as unified:
        unified.payment.pay(pay())
    assert len({request.content for request in script.requests}) == 1
    assert len({request.headers["x-vt-content-hmac"] for request in script.requests}) == 1
    assert len(set(script.keys)) == 1


@pytest.mark.parametrize(
    "credentials",
    [
        {},
        {"merchant_ccid": CCID},
        {"merchant_key": KEY},
        {"bearer_token": TOKEN, "merchant_key": KEY},
        {"bearer_token": TOKEN, "merchant_ccid": CCID, "merchant_key": KEY},
        {"bearer_token": ""},
        {"bearer_token": f"{TOKEN}\r\nX-Evil: 1"},
        {"bearer_token": "トークン"},
        {"bearer_token": f" {TOKEN}"},
        {"bearer_token": 7},
        {"merchant_ccid": "", "merchant_key": KEY},
        {"merchant_ccid": CCID, "merchant_key": ""},
        {"merchant_ccid": f"{CCID};v=1", "merchant_key": KEY},
        {"merchant_ccid": f"{CCID}\n", "merchant_key": KEY},
        {"merchant_ccid": CCID, "merchant_key": KEY, "hmac_key_encoding": "base64"},
        {"merchant_ccid": CCID, "merchant_key": "SECRETKEY", "hmac_key_encoding": "hex"},
        {"bearer_token": TOKEN, "hmac_key_encoding": "base64"},
    ],
)
@pytest.mark.parametrize("kind", [UnifiedClient, AsyncUnifiedClient])
def test_credentials_that_cannot_work(kind: Any, credentials: dict[str, Any]) -> None:
    with pytest.raises(ConfigurationError) as raised:
        kind(**credentials)
    for secret in (TOKEN, KEY, "SECRETKEY"):
        assert secret not in str(raised.value)
        assert secret not in repr(raised.value)


def test_auths_show_nothing() -> None:
    auths: list[BearerAuth | HmacAuth] = [
        BearerAuth(TOKEN),
        HmacAuth(CCID, KEY),
        auth_from(None, CCID, KEY, "hex"),
    ]
    for auth in auths:
        assert auth.grant is None
        assert "***" in repr(auth)
        assert KEY not in repr(auth)
        assert TOKEN not in repr(auth)


@pytest.mark.parametrize("credentials", [{}, {"bearer_token": TOKEN}, {"hmac_key_encoding": "hex"}])
def test_refused_credentials_are_an_error_at_once(credentials: dict[str, Any]) -> None:
    """A token past its time and a wrong encoding of the key look the same to the gateway."""
    script = Script(coded(401, "UA-REQ-008", "confirm_token"))
    with script.client(**credentials) as unified, pytest.raises(ConfirmTokenError) as raised:
        unified.payment.pay(pay())
    assert raised.value.action_code == "confirm_token"
    assert len(script.requests) == 1


@pytest.mark.parametrize("credentials", [{}, {"bearer_token": TOKEN}])
@pytest.mark.parametrize("header", ["X-VT-Content-hmac", "x-vt-content-HMAC", "Authorization"])
def test_a_mark_of_ones_own_is_refused(credentials: dict[str, Any], header: str) -> None:
    script = Script(applied())
    with script.client(**credentials) as unified, pytest.raises(ConfigurationError):
        unified.payment.pay(pay(), headers={header: "h=none"})
    assert script.requests == []


def test_the_servers_by_name() -> None:
    hosts = {
        ("sandbox", "new"): "api.sandbox.unified.veritrans.jp",
        ("live", "new"): "api.unified.veritrans.jp",
        ("sandbox", "old"): "api.sandbox.unified.veritrans.co.jp",
        ("live", "old"): "api.unified.veritrans.co.jp",
    }
    for (environment, domain), host in hosts.items():
        script = Script(applied())
        with script.client(environment=environment, domain=domain) as unified:
            unified.payment.pay(pay())
        assert str(script.requests[0].url) == f"https://{host}/fep/command/pay"
        assert repr(unified).endswith(f"{'live' if environment == 'live' else 'test'}>")


def test_another_server() -> None:
    script = Script(applied())
    server = Environment(api="http://127.0.0.1:8802/fep/command")
    with script.client(environment=server) as unified:
        unified.payment.pay(pay())
    assert str(script.requests[0].url) == "http://127.0.0.1:8802/fep/command/pay"


@pytest.mark.parametrize(
    "options",
    [
        {"environment": "production"},
        {"domain": "newest"},
        {"environment": Environment(api="https://gateway.example"), "domain": "old"},
    ],
)
def test_environments_that_cannot_be(options: dict[str, Any]) -> None:
    with pytest.raises(ConfigurationError):
        Script(applied()).client(**options)


def test_a_token_alone_names_no_merchant_in_a_store() -> None:
    from kessai.stores.memory import MemoryJournal

    script = Script(applied())
    with pytest.raises(ConfigurationError, match="merchant_ccid"):
        script.client(bearer_token=TOKEN, journal=MemoryJournal())
    named = {"bearer_token": TOKEN, "merchant_ccid": CCID}
    with script.client(journal=MemoryJournal(), **named) as unified:
        assert repr(unified) == f"<UnifiedClient unified:{CCID}:test>"
        unified.payment.pay(pay())
    assert script.requests[0].headers["authorization"] == f"Bearer {TOKEN}"
    assert "x-vt-content-hmac" not in script.requests[0].headers


def test_bare_refusals_are_typed_too() -> None:
    script = Script(httpx2.Response(429))
    with script.client() as unified, pytest.raises(TooManyRequestsError) as raised:
        unified.payment.pay(pay())
    assert len(script.requests) == 3
    assert [attempt.status for attempt in raised.value.attempts] == [429, 429, 429]
