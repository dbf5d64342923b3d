"""App tokens: what they say about themselves, and what is sent with every call."""

from __future__ import annotations

from typing import Any

import pytest
from kessai import Environment
from kessai.errors import ConfigurationError
from kessai_univapay import UnivapayClient, read_app_token
from kessai_univapay.auth import AppTokenAuth

from tests.unit.univapay.scripted import (
    SECRET,
    STORE,
    Script,
    answer,
    app_token,
    charge,
    charge_of,
)

ODD: list[dict[str, Any]] = [{"mode": ["test"]}, {"mode": True}]


def test_a_token_says_whose_it_is() -> None:
    """Store, merchant, mode and domains are its claims."""
    app = read_app_token(app_token("live"))
    assert (app.mode, app.store_id, app.domains) == ("live", STORE, ("books.example.com",))
    assert read_app_token(app_token(store_id=None)).store_id is None


@pytest.mark.parametrize(
    "token",
    [
        "",
        "one.two",
        "a.b.c",
        "a.bm90IGpzb24.c",
        "a.W10.c",
        app_token(sub="login_token"),
        app_token("staging"),
        app_token() + ".x",
        app_token().replace(".", " ", 1),
        app_token()[:-1] + "あ",
        "a." + "b" * 9000 + ".c",
        app_token(store_id="../another"),
        app_token(store_id="a\r\nb"),
        app_token(store_id="\ud800"),
        app_token(store_id="s" * 101),
        app_token(merchant_id="１１"),
        app_token(**ODD[0]),
        app_token(**ODD[1]),
        f"{SECRET}.{app_token()}",
        f"{app_token()}\n",
    ],
)
def test_what_is_no_app_token_is_refused_unseen(token: str) -> None:
    """At once, and the message does not hold it."""
    with pytest.raises(ConfigurationError) as caught:
        UnivapayClient(token, SECRET)
    assert not token or token not in str(caught.value)


@pytest.mark.parametrize("secret", ["", "two words", "se.cret", "ひみつ", "line\nbreak"])
def test_a_secret_that_cannot_be_one(secret: str) -> None:
    """A dot in it would end it in the header: token and secret were exchanged."""
    with pytest.raises(ConfigurationError) as caught:
        UnivapayClient(app_token(), secret)
    assert not secret or secret not in str(caught.value)


@pytest.mark.parametrize(
    ("environment", "mode", "taken"),
    [
        ("sandbox", "test", True),
        ("sandbox", "live", False),
        ("live", "live", True),
        ("live", "test", False),
        (Environment(api="http://127.0.0.1:1"), "test", True),
        (Environment(api="http://127.0.0.1:1"), "live", False),
        (Environment(api="https://pay.example", live=True), "live", True),
    ],
)
def test_a_token_of_the_other_mode_is_refused_before_anything_leaves(
    environment: Any, mode: str, taken: bool
) -> None:
    """Test and live share a host, so a wrong token would simply pay."""
    if taken:
        UnivapayClient(app_token(mode), SECRET, environment=environment).close()
        return
    with pytest.raises(ConfigurationError, match="mode"):
        UnivapayClient(app_token(mode), SECRET, environment=environment)


def test_secret_and_token_go_with_every_call() -> None:
    """In this order, joined by a dot; the host is the one for both modes."""
    script = Script(answer(201, charge_of()))
    with script.client() as univapay:
        univapay.charges.create(charge())
    request = script.requests[0]
    assert request.headers["authorization"] == f"Bearer {SECRET}.{app_token()}"
    assert str(request.url) == "https://api.univapay.com/charges"
    assert SECRET not in repr(AppTokenAuth(app_token(), SECRET))
    assert SECRET not in repr(univapay)


@pytest.mark.parametrize(
    "options",
    [
        {"token_type": "sometimes"},
        {"reference_key": ""},
        {"not_found_after": 0},
        {"environment": "staging"},
    ],
)
def test_settings_that_cannot_work(options: dict[str, Any]) -> None:
    """At once."""
    with pytest.raises(ConfigurationError):
        UnivapayClient(app_token(), SECRET, **options)
