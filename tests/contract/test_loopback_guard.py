"""The guard of the contract tests does what the other files here rely on."""

from __future__ import annotations

import asyncio
import http.client
import socket
import time
import urllib.request

import httpx2
import pytest

from tests.support.contract_loopback import (
    ForeignHostError,
    RealSleepError,
    is_loopback,
    loopback_only,
)

# Reserved for documentation (RFC 5737, 3849, 2606): even without a guard nobody is reached.
ADDRESSES = ["192.0.2.1", "2001:db8::1"]
FOREIGN = [*ADDRESSES, "gateway.invalid"]


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1", "127.255.0.3", "::1", "[::1]", "::ffff:127.0.0.1", "localhost", "LOCALHOST.",
     "mock.localhost", b"localhost"],
)  # fmt: skip
def test_this_machine_is_loopback(host: object) -> None:
    assert is_loopback(host)


@pytest.mark.parametrize(
    "host",
    [*FOREIGN, "stg.openapi.mul-pay.jp", "127.0.0.1.example.com", "localhost.example.com",
     "127.1", "10.0.0.1", "::ffff:192.0.2.1", "0.0.0.0", "", None, 2130706433],
)  # fmt: skip
def test_anything_else_is_not(host: object) -> None:
    assert not is_loopback(host)


@pytest.mark.parametrize("host", ADDRESSES)
def test_no_socket_reaches_another_host(host: str) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as stream:
        stream.settimeout(1)
        with pytest.raises(ForeignHostError):
            stream.connect((host, 443))
        with pytest.raises(ForeignHostError):
            stream.connect_ex((host, 443))
    with socket.socket(family, socket.SOCK_DGRAM) as datagram, pytest.raises(ForeignHostError):
        datagram.sendto(b"x", (host, 53))


@pytest.mark.parametrize("host", FOREIGN)
def test_no_name_of_another_host_is_looked_up(host: str) -> None:
    with pytest.raises(ForeignHostError):
        socket.getaddrinfo(host, 443)
    with pytest.raises(ForeignHostError):
        socket.gethostbyname(host)


@pytest.mark.parametrize("host", ["192.0.2.1", "gateway.invalid"])
def test_no_http_library_goes_around_it(host: str) -> None:
    with pytest.raises(ForeignHostError):
        urllib.request.urlopen(f"http://{host}/", timeout=1)
    with pytest.raises(ForeignHostError):
        http.client.HTTPConnection(host, timeout=1).connect()
    with httpx2.Client(trust_env=False) as client, pytest.raises(ForeignHostError):
        client.get(f"http://{host}/")

    async def asynchronous() -> None:
        await asyncio.open_connection(host, 80)

    with pytest.raises(ForeignHostError):
        asyncio.run(asynchronous())


def test_loopback_is_reached() -> None:
    with (
        socket.create_server(("127.0.0.1", 0)) as server,
        socket.create_connection(server.getsockname()[:2], timeout=5) as stream,
    ):
        peer, _ = server.accept()
        with peer:
            stream.sendall(b"x")
            assert peer.recv(1) == b"x"


def test_nothing_sleeps() -> None:
    time.sleep(0)
    with pytest.raises(RealSleepError):
        time.sleep(0.001)


def test_the_guard_may_be_nested() -> None:
    with loopback_only(), loopback_only():
        pass
    with pytest.raises(ForeignHostError):
        socket.gethostbyname("gateway.invalid")


def test_every_test_here_is_marked(request: pytest.FixtureRequest) -> None:
    assert "contract" in request.keywords
