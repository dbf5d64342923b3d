"""Webhooks: raw bytes, their type, their sender; each becomes a typed event or a refusal."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from kessai import (
    ConfigurationError,
    Environment,
    MalformedEventError,
    ReceiveError,
    SourceAddressError,
)
from kessai_gmo import models as m
from kessai_gmo import parse_callback, parse_webhook

from tests.unit.gmo.notices import JSON, TOKEN, body, packed


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("CASH_PAID", m.CashWebhookRequest),
        ("REFUND_SUCCEEDED", m.AmazonPayCancelWebhookRequest),
        ("REFUND_FAILED", m.AmazonPayCancelWebhookRequest),
        ("WALLET_PAID", m.WalletFrontendWebhook),
    ],
)
def test_webhooks_are_typed(name: str, kind: type[Any]) -> None:
    webhook = parse_webhook(body(name), JSON, csrf_token=TOKEN)
    assert type(webhook) is kind
    assert webhook.event == name


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"null",
        b"[]",
        b"{",
        b"\xff{}",
        b'{"accessId":NaN}',
        b'{"accessId":1,"accessId":2}',
        b'{"a":' * 5000,
        b"[" * 5000,
        b"{" + b" " * 70_000 + b"}",
        b'\xef\xbb\xbf{"accessId":"x"}',
        "{}".encode("utf-16"),
    ],
)
def test_what_is_no_webhook_is_refused(raw: bytes) -> None:
    with pytest.raises(MalformedEventError):
        parse_webhook(raw, JSON, csrf_token=TOKEN)


def test_a_member_twice_is_refused() -> None:
    twice = body()[:-1] + b',"accessId":"' + b"b" * 32 + b'"}'
    with pytest.raises(MalformedEventError):
        parse_webhook(twice, JSON, csrf_token=TOKEN)
    with pytest.raises(MalformedEventError):
        parse_callback(f"p={packed(twice)}", csrf_token=TOKEN)


@given(st.binary(max_size=300))
def test_any_bytes_are_answered_with_a_refusal(raw: bytes) -> None:
    with pytest.raises(ReceiveError):
        parse_webhook(raw, JSON, csrf_token=TOKEN)


@pytest.mark.parametrize("wrong", ["{}", {}, None, bytearray(b"{}")])
def test_only_raw_bytes_are_taken(wrong: Any) -> None:
    with pytest.raises(TypeError, match="raw bytes"):
        parse_webhook(wrong, JSON, csrf_token=TOKEN)


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Content-Type": "text/plain"},
        {"Content-Type": "application/jsonp"},
        {"Content-Type": ""},
        {"Content-Type": "application/json", "content-type": "application/json"},
    ],
)
def test_the_content_type_has_to_be_json(headers: dict[str, str]) -> None:
    with pytest.raises(MalformedEventError, match=r"content.type"):
        parse_webhook(body(), headers, csrf_token=TOKEN)


@pytest.mark.parametrize("value", ["application/json", "Application/JSON; charset=utf-8"])
@pytest.mark.parametrize("name", ["content-type", "Content-Type", "CONTENT-TYPE"])
def test_header_names_and_media_types_have_no_case(name: str, value: str) -> None:
    assert parse_webhook(body(), {name: value}, csrf_token=TOKEN).event == "CASH_PAID"


# Where it came from

LOOPBACK = Environment(api="http://127.0.0.1:8801", token="http://127.0.0.1:8801")
OWN_LIVE = Environment(api="https://pay.example.com", token="https://t.example.com", live=True)


@pytest.mark.parametrize(
    ("source", "environment"),
    [
        ("210.175.7.20", "live"),
        ("::ffff:210.175.7.20", "live"),
        ("210.197.108.196", "sandbox"),
        ("127.0.0.1", LOOPBACK),
        ("::1", LOOPBACK),
        ("210.197.108.196", LOOPBACK),
        ("210.175.7.20", OWN_LIVE),
    ],
)
def test_the_documented_senders(source: str, environment: Any) -> None:
    parse_webhook(body(), JSON, csrf_token=TOKEN, source_ip=source, environment=environment)


@pytest.mark.parametrize(
    ("source", "environment"),
    [
        ("210.197.108.196", "live"),
        ("210.175.7.20", "sandbox"),
        ("127.0.0.1", "sandbox"),
        ("127.0.0.1", OWN_LIVE),
        ("210.175.7.21", "live"),
        ("", "live"),
        ("210.175.7.20, 10.0.0.1", "live"),
        ("210.175.7.020", "live"),
        ("10.0.0.1", LOOPBACK),
    ],
)
def test_other_senders_are_refused(source: str, environment: Any) -> None:
    with pytest.raises(SourceAddressError):
        parse_webhook(body(), JSON, csrf_token=TOKEN, source_ip=source, environment=environment)


def test_live_is_the_environment_unless_told() -> None:
    parse_webhook(body(), JSON, csrf_token=TOKEN, source_ip="210.175.7.20")
    with pytest.raises(SourceAddressError):
        parse_webhook(body(), JSON, csrf_token=TOKEN, source_ip="210.197.108.196")


def test_an_environment_that_does_not_exist() -> None:
    wrong: Any = "production"
    with pytest.raises(ConfigurationError):
        parse_webhook(body(), JSON, csrf_token=TOKEN, source_ip="127.0.0.1", environment=wrong)
