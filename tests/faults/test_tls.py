"""TLS over real sockets: the manual's suites, nothing below 1.2, nobody unverified."""

from __future__ import annotations

import asyncio
import socket
import ssl
import warnings
from typing import Any

import pytest
import trustme
from kessai.client import AsyncClient, Client
from kessai.environment import Environment
from kessai.errors import NotSentError
from kessai.transport import default_context

from tests.support.core_fake import PAY, FakeGateway, MarkAuth, PayRequest
from tests.support.core_server import Server, answers

pytestmark = pytest.mark.socket

#: GMO PG OpenAPI type 1.5.1, section on TLS suites (TLS通信の暗号スイート), by their OpenSSL names.
SUITES = {
    "ECDHE-RSA-AES128-SHA",  # TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA
    "ECDHE-RSA-AES128-SHA256",  # TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA256
    "ECDHE-RSA-AES256-GCM-SHA384",  # TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384
    "ECDHE-RSA-AES256-SHA",  # TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA
    "ECDHE-RSA-AES256-SHA384",  # TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA384
    "AES128-GCM-SHA256",  # TLS_RSA_WITH_AES_128_GCM_SHA256
    "AES256-GCM-SHA384",  # TLS_RSA_WITH_AES_256_GCM_SHA384
    "ECDHE-RSA-AES128-GCM-SHA256",  # TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256
}


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA(key_type=trustme.KeyType.RSA)


def server_context(authority: trustme.CA, name: str = "127.0.0.1") -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    # Any: trustme's types also name pyOpenSSL, which is not installed.
    certificate: Any = authority.issue_cert(name, key_type=trustme.KeyType.RSA)
    certificate.configure_cert(context)
    return context


def manual_context(authority: trustme.CA, suites: set[str]) -> ssl.SSLContext:
    """A server as the manual describes it: TLS 1.2 and those suites only."""
    context = server_context(authority)
    context.minimum_version = context.maximum_version = ssl.TLSVersion.TLSv1_2
    context.set_ciphers(":".join(sorted(suites)))
    offered = {str(cipher["name"]) for cipher in context.get_ciphers()}
    assert {name for name in offered if not name.startswith("TLS_")} == suites
    return context


def trusting(authority: trustme.CA) -> ssl.SSLContext:
    """The client's own context, which also trusts the test's authority."""
    context = default_context()
    trusted: Any = authority
    trusted.configure_trust(context)
    return context


def pay(flavour: str, url: str, context: ssl.SSLContext | None) -> Any:
    environment = Environment(api=url)
    settings: dict[str, Any] = {"ssl_context": context, "max_attempts": 1}
    if flavour == "sync":
        with Client(FakeGateway(), MarkAuth(), environment, **settings) as client:
            return client.run(PAY, PayRequest())

    async def main() -> Any:
        async with AsyncClient(FakeGateway(), MarkAuth(), environment, **settings) as client:
            return await client.run(PAY, PayRequest())

    return asyncio.run(main())


@pytest.fixture(params=["sync", "async"])
def flavour(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def test_the_manuals_suites(flavour: str, authority: trustme.CA) -> None:
    """A server limited to the eight suites of the manual and TLS 1.2 is spoken to."""
    with Server(answers, manual_context(authority, SUITES)) as server:
        assert pay(flavour, server.url, trusting(authority)).id == "R-1"
    ((cipher, version),) = server.ciphers
    assert cipher in SUITES
    assert version == "TLSv1.2"


@pytest.mark.parametrize("suite", ["ECDHE-RSA-AES128-GCM-SHA256", "ECDHE-RSA-AES256-SHA384"])
def test_a_single_suite_is_enough(authority: trustme.CA, suite: str) -> None:
    """One with GCM and one with CBC, each alone."""
    with Server(answers, manual_context(authority, {suite})) as server:
        assert pay("sync", server.url, trusting(authority)).id == "R-1"
    assert server.ciphers == [(suite, "TLSv1.2")]


def old_context(context: ssl.SSLContext) -> ssl.SSLContext:
    """Limit a context to TLS 1.1, which OpenSSL only speaks at security level 0."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        context.minimum_version = ssl.TLSVersion.TLSv1
        context.maximum_version = ssl.TLSVersion.TLSv1_1
    context.set_ciphers("ALL:@SECLEVEL=0")
    return context


def test_tls_1_1_is_refused(flavour: str, authority: trustme.CA) -> None:
    """Nothing is sent over it, although the server would speak it."""
    with Server(answers, old_context(server_context(authority))) as server:
        with pytest.raises(NotSentError):
            pay(flavour, server.url, trusting(authority))
        old = old_context(trusting(authority))
        with (
            socket.create_connection(("127.0.0.1", server.port), timeout=10) as plain,
            old.wrap_socket(plain, server_hostname="127.0.0.1") as spoken,
        ):
            assert spoken.version() == "TLSv1.1"
    assert server.processed == []


def test_an_unknown_authority_is_refused(flavour: str, authority: trustme.CA) -> None:
    """By default the operating system's trust counts, and the test's authority is not in it."""
    with (
        Server(answers, manual_context(authority, SUITES)) as server,
        pytest.raises(NotSentError),
    ):
        pay(flavour, server.url, None)
    assert server.processed == []


def test_another_name_is_refused(flavour: str, authority: trustme.CA) -> None:
    """A certificate that is good for somebody else."""
    with (
        Server(answers, server_context(authority, "gateway.example")) as server,
        pytest.raises(NotSentError),
    ):
        pay(flavour, server.url, trusting(authority))
    assert server.processed == []
