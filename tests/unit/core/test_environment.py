"""Where a client may send: https, default port, public hosts; anything only on loopback."""

from __future__ import annotations

import pytest
from kessai.environment import Environment
from kessai.errors import ConfigurationError


@pytest.mark.parametrize(
    "url",
    [
        "https://openapi.mul-pay.jp",
        "https://gateway.example:443",
        "https://gateway.example/base/",
        "https://203.0.113.9.example",
        "https://8.8.8.8",
        "https://[2001:4860:4860::8888]",
        "http://127.0.0.1:8801",
        "http://127.8.8.8",
        "http://localhost:1",
        "http://mock.localhost:8801",
        "https://localhost:8443",
        "http://[::1]:8801",
        "http://[::ffff:127.0.0.1]:8801",
    ],
)
def test_taken(url: str) -> None:
    """Public https, or loopback in any form."""
    assert Environment(api=url).url("api", "/pay") == url.rstrip("/") + "/pay"


@pytest.mark.parametrize(
    ("url", "cause"),
    [
        ("http://openapi.mul-pay.jp", "plain http"),
        ("http://192.168.0.1", "plain http"),
        ("https://openapi.mul-pay.jp:8443", "port"),
        ("https://openapi.mul-pay.jp:80", "port"),
        ("https://10.0.0.1", "private address"),
        ("https://192.168.1.1", "private address"),
        ("https://169.254.169.254", "private address"),
        ("https://100.64.0.1", "private address"),
        ("https://0.0.0.0", "private address"),
        ("https://224.0.0.1", "private address"),
        ("https://[fe80::1]", "private address"),
        ("https://[fd00::1]", "private address"),
        ("https://[::ffff:10.0.0.1]", "private address"),
        ("https://gateway", "full name"),
        ("https://127.1", "full name"),
        ("https://2130706433", "full name"),
        ("https://0x7f.0x1", "full name"),
        ("https://gateway.local", "local networks"),
        ("https://gateway.corp.internal.", "local networks"),
        ("https://localhost.example:444", "port"),
        ("ftp://gateway.example", "https URL"),
        ("gateway.example", "https URL"),
        ("", "https URL"),
        ("https://", "no host"),
        ("https:///pay", "no host"),
        ("https://gateway.example?a=1", "query"),
        ("https://gateway.example#a", "query"),
        ("https://gateway.example:port", "no URL"),
        ("https://[::1", "no URL"),
        ("https://gate way.example", "spaces"),
        ("https://gateway.example/\n", "spaces"),
    ],
)
def test_refused(url: str, cause: str) -> None:
    """Each with its cause, the server's name, and what to do."""
    with pytest.raises(ConfigurationError, match=cause) as raised:
        Environment(api="https://gateway.example", token=url)
    assert "'token'" in str(raised.value)
    assert ";" in str(raised.value) or "spaces" in cause


def test_credentials_in_an_address_are_not_shown() -> None:
    """They are a secret that was put in the wrong place."""
    with pytest.raises(ConfigurationError) as raised:
        Environment(api="https://shop:hunter2@gateway.example")
    assert "hunter2" not in str(raised.value)


def test_servers_by_name() -> None:
    """Any number of them; a missing one is named with the remedy."""
    environment = Environment(
        api="https://gateway.example", live=True, search="https://search.example"
    )
    assert environment.url("search", "/v1") == "https://search.example/v1"
    assert environment.live
    assert repr(environment) == (
        "Environment(api='https://gateway.example', search='https://search.example', live=True)"
    )
    with pytest.raises(ConfigurationError, match=r"Environment\(token="):
        environment.url("token", "/token")
