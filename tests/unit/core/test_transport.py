"""How connections are made, and how pauses are drawn."""

from __future__ import annotations

import ssl
import uuid

import httpx2
import pytest
from kessai.client import AsyncClient, Client
from kessai.commands import Jitter
from kessai.errors import ConfigurationError
from kessai.retry import http_date, pause_before
from kessai.system import System
from kessai.transport import Wiring, default_context

from tests.support.core_fake import ENVIRONMENT, FakeGateway, MarkAuth


def test_the_default_context_verifies() -> None:
    """TLS 1.2 or later, certificates required, names checked."""
    context = default_context()
    assert context.minimum_version == ssl.TLSVersion.TLSv1_2
    assert context.verify_mode == ssl.CERT_REQUIRED
    assert context.check_hostname


def test_the_default_context_does_not_rely_on_defaults(monkeypatch: pytest.MonkeyPatch) -> None:
    """An operating system's settings may allow TLS 1.0; the client does not."""
    lax = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    lax.minimum_version = ssl.TLSVersion.MINIMUM_SUPPORTED

    def create(trust_env: bool) -> ssl.SSLContext:
        return lax

    monkeypatch.setattr(httpx2, "create_ssl_context", create)
    assert default_context().minimum_version == ssl.TLSVersion.TLSv1_2


def test_contexts_that_are_refused() -> None:
    """One that does not verify, one that does not look at names, one for TLS 1.1."""
    loose = ssl.create_default_context()
    loose.check_hostname = False
    nameless = ssl.create_default_context()
    nameless.check_hostname = False
    loose.verify_mode = ssl.CERT_NONE
    old = ssl.create_default_context()
    old.minimum_version = ssl.TLSVersion.MINIMUM_SUPPORTED
    for context, cause in ((loose, "verify"), (nameless, "verify"), (old, "TLS below 1.2")):
        with pytest.raises(ConfigurationError, match=cause):
            Client(FakeGateway(), MarkAuth(), ENVIRONMENT, ssl_context=context)
        with pytest.raises(ConfigurationError, match=cause):
            AsyncClient(FakeGateway(), MarkAuth(), ENVIRONMENT, ssl_context=context)
    Client(FakeGateway(), MarkAuth(), ENVIRONMENT, ssl_context=ssl.create_default_context())


def test_the_environment_redirects_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither a proxy nor a trust store named in the process environment is used."""
    for name in ("HTTPS_PROXY", "https_proxy", "ALL_PROXY", "HTTP_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    monkeypatch.setenv("SSL_CERT_FILE", "/nonexistent/ca.pem")
    seen: list[dict[str, object]] = []

    class Watched(httpx2.HTTPTransport):
        def __init__(self, **options: object) -> None:
            seen.append(options)

    monkeypatch.setattr(httpx2, "HTTPTransport", Watched)
    Wiring(None, None, 7).pooled()
    Wiring(None, "http://127.0.0.1:3128", 7).fresh()
    pooled, fresh = seen
    assert (pooled["trust_env"], pooled["proxy"]) == (False, None)
    assert (fresh["trust_env"], fresh["proxy"]) == (False, "http://127.0.0.1:3128")
    assert pooled["limits"] == httpx2.Limits(
        max_connections=7, max_keepalive_connections=20, keepalive_expiry=5.0
    )
    assert fresh["limits"] == httpx2.Limits(
        max_connections=7, max_keepalive_connections=0, keepalive_expiry=5.0
    )


def test_keys_are_uuids() -> None:
    """Version 4, variant of RFC 9562, as the uuid module writes them; and no two alike."""
    keys = [System().new_key() for _ in range(500)]
    assert len(set(keys)) == 500
    for key in keys:
        parsed = uuid.UUID(key)
        assert (str(parsed), parsed.version, parsed.variant) == (key, 4, uuid.RFC_4122)


def test_pauses_leave_half_to_chance() -> None:
    """Drawn between half of it and the whole; what the gateway asks for is never cut by chance."""

    def drawn(number: int, asked: float | None, chance: float) -> tuple[Jitter, float]:
        steps = pause_before(number, asked)
        jitter = next(steps)
        assert isinstance(jitter, Jitter)
        with pytest.raises(StopIteration) as stop:
            steps.send(jitter.low + (jitter.high - jitter.low) * chance)
        return jitter, stop.value.value

    assert drawn(2, None, 0.0) == (Jitter(0.25, 0.5), 0.25)
    assert drawn(3, None, 1.0) == (Jitter(0.5, 1.0), 1.0)
    assert drawn(1000, None, 1.0)[1] == 8.0
    assert drawn(2, 3.0, 0.0)[1] == 3.0
    assert drawn(2, 0.1, 1.0)[1] == 0.5
    assert drawn(2, 1e9, 1.0)[1] == 60.0


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("Mon, 05 Jan 2026 01:00:00 GMT", 1_767_574_800.0),
        ("Mon, 05 Jan 2026 10:00:00 +0900", 1_767_574_800.0),
        ("Monday, 05-Jan-26 01:00:00 GMT", 1_767_574_800.0),
        ("Mon, 05 Jan 2026 01:00:00", None),
        ("Mon, 99 Jan 2026 01:00:00 GMT", None),
        ("tomorrow", None),
        ("", None),
    ],
)
def test_http_dates(text: str, seconds: float | None) -> None:
    """Aware ones only."""
    assert http_date(text) == seconds
