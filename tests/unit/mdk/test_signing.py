"""Digests: vectors made with another tool, and that one byte makes another digest."""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from kessai import ConfigurationError, MalformedEventError, SignatureError
from kessai_mdk.signing import (
    auth_hash,
    auth_info,
    auth_params,
    check_auth_info,
    content_hmac,
    read_auth_info,
    same,
    v_auth_info,
)

VECTORS = Path(__file__).parents[2] / "vectors" / "mdk"
LETTERS = "aA0-_/ é鍵決\U0001f4b4"
CCID, SECRET = "A100000000000000000001cc", "0123456789abcdef" * 4
LETTERS_OF_BASE64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
MADE = datetime(2026, 1, 5, 1, 0, 0, 123000, UTC)


def vectors(name: str) -> list[Any]:
    document = json.loads((VECTORS / f"{name}.json").read_text())
    assert "OpenSSL" in document["origin"]
    return [pytest.param(vector, id=vector["name"]) for vector in document["vectors"]]


@pytest.mark.parametrize("vector", vectors("auth_hash"))
def test_auth_hash(vector: Any) -> None:
    params = vector["params"] * vector.get("repeat", 1)
    assert auth_hash(vector["merchant_ccid"], params, vector["secret"]) == vector["digest"]
    assert len(vector["digest"]) == 64


@pytest.mark.parametrize("vector", vectors("v_auth_info"))
def test_v_auth_info(vector: Any) -> None:
    found = v_auth_info(vector["merchant_ccid"], vector["values"], vector["secret"])
    assert found == vector["digest"]


@pytest.mark.parametrize("vector", vectors("content_hmac"))
def test_content_hmac(vector: Any) -> None:
    body = (vector["body"] * vector.get("repeat", 1)).encode()
    assert content_hmac(body, vector["secret"]) == vector["digest"]


@pytest.mark.parametrize("vector", vectors("auth_info"))
def test_auth_info(vector: Any) -> None:
    ccid, secret = vector["merchant_ccid"], vector["secret"]
    made = datetime.fromisoformat(vector["made"])
    assert auth_info(ccid, secret, made) == vector["auth_info"]
    assert check_auth_info(vector["auth_info"], ccid, secret) == made
    parts = read_auth_info(vector["auth_info"])
    assert tuple(parts) == (ccid, vector["time"], vector["digest"])
    assert parts.at == made


def test_the_slash_that_becomes_a_dash_is_in_a_vector() -> None:
    """Whoever splits at dashes finds more than three parts there."""
    counts = {vector.values[0]["auth_info"].count("-") for vector in vectors("auth_info")}
    assert max(counts) > 2


@given(st.text("?>~ab0/+=-_*é決", min_size=1, max_size=30), st.datetimes(timezones=st.just(UTC)))
def test_auth_info_is_read_as_it_was_made(ccid: str, made: datetime) -> None:
    whole = auth_info(ccid, SECRET, made)
    expected = made.replace(microsecond=made.microsecond // 1000 * 1000)
    if made.year >= 1000:  # earlier years are written with fewer digits
        assert check_auth_info(whole, ccid, SECRET) == expected
        assert read_auth_info(whole).merchant_ccid == ccid


@given(st.data())
def test_another_letter_of_an_auth_info_is_refused(data: st.DataObject) -> None:
    whole = auth_info(CCID, SECRET, MADE)
    at = data.draw(st.integers(0, len(whole) - 1))
    letter = data.draw(st.sampled_from("abcXYZ019-_*/+= é"))
    other = whole[:at] + letter + whole[at + 1 :]
    try:
        same_parts = read_auth_info(other) == read_auth_info(whole)
    except MalformedEventError:
        same_parts = False
    if not same_parts:  # else another way to write the same letter
        with pytest.raises((SignatureError, MalformedEventError)) as raised:
            check_auth_info(other, CCID, SECRET)
        assert other not in str(raised.value)


def encoded(*parts: str) -> str:
    letters = str.maketrans("/+=", "-_*")
    return "-".join(base64.b64encode(p.encode()).decode().translate(letters) for p in parts)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "-",
        "a-b-c",
        encoded(CCID, "20260105010000123"),
        encoded("", "20260105010000123", "0" * 64),
        encoded(CCID, "20260105010000123", "0" * 63 + "g"),
        encoded(CCID, "2026010501000012x", "0" * 64),
        encoded(CCID, "20261305010000123", "0" * 64),
        encoded(CCID, "20260105010000123", "0" * 64) + "x",
        encoded(CCID, "20260105010000123", "0" * 64).replace("-", ".", 1),
        "é" + encoded(CCID, "20260105010000123", "0" * 64),
    ],
)
def test_what_is_no_auth_info(text: str) -> None:
    with pytest.raises(MalformedEventError):
        check_auth_info(text, CCID, SECRET)


def test_the_bits_of_a_last_letter_that_stand_for_nothing_are_no_way_to_write_it_anew() -> None:
    """Base64 would read either letter before the filling as the same bytes."""
    whole = auth_info(CCID, SECRET, MADE)
    assert whole.endswith("**")
    at = len(whole) - 3
    others = {letter for letter in LETTERS_OF_BASE64 if letter != whole[at]}
    for letter in others:
        with pytest.raises((MalformedEventError, SignatureError)):
            check_auth_info(whole[:at] + letter + whole[at + 1 :], CCID, SECRET)


def test_an_auth_info_of_somebody_else() -> None:
    with pytest.raises(SignatureError, match="another merchant"):
        check_auth_info(auth_info("OTHER", SECRET, MADE), CCID, SECRET)
    with pytest.raises(SignatureError, match="digest"):
        check_auth_info(auth_info(CCID, "ab", MADE), CCID, SECRET)
    upper = encoded(CCID, "20260105010000123", read_auth_info(auth_info(CCID, SECRET, MADE)).digest)
    assert check_auth_info(upper, CCID, SECRET) == MADE


def test_auth_info_is_written_in_utc() -> None:
    tokyo = MADE.astimezone(timezone(timedelta(hours=9)))
    assert auth_info(CCID, SECRET, tokyo) == auth_info(CCID, SECRET, MADE)
    with pytest.raises(ConfigurationError, match="zone"):
        auth_info(CCID, SECRET, MADE.replace(tzinfo=None))


@pytest.mark.parametrize(
    ("text", "names"),
    [
        (base64.b64encode(b"orderId,mstatus").decode(), ("orderId", "mstatus")),
        ("b3JkZXJJZA==", ("orderId",)),
        ("b3JkZXJJZA**", ("orderId",)),
        (base64.b64encode(b"a,b,a").decode(), ("a", "b", "a")),
        ("YSxiLGM_".replace("_", "+"), None),
    ],
)
def test_auth_params(text: str, names: tuple[str, ...] | None) -> None:
    if names is None:
        with pytest.raises(MalformedEventError):
            auth_params(text)
    else:
        assert auth_params(text) == names


@pytest.mark.parametrize("text", ["", "!", "YQ", "4pyT", "LA==", "YSxi,", "YSAgYg=="])
def test_what_lists_no_names(text: str) -> None:
    with pytest.raises(MalformedEventError):
        auth_params(text)


@given(st.text(LETTERS, min_size=1, max_size=200), st.data())
def test_one_letter_of_params_makes_another_digest(text: str, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(text)))
    other = text[:at] + data.draw(st.sampled_from(LETTERS)) + text[at:]
    whole = auth_hash(CCID, text, SECRET)
    assert auth_hash(CCID, other, SECRET) != whole
    assert auth_hash(CCID, text[:-1], SECRET) != whole


@given(st.binary(min_size=1, max_size=200), st.data())
def test_one_byte_of_a_body_makes_another_digest(body: bytes, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(body) - 1))
    other = bytearray(body)
    other[at] ^= data.draw(st.integers(1, 255))
    whole = content_hmac(body, SECRET)
    assert content_hmac(bytes(other), SECRET) != whole
    assert content_hmac(body[:-1], SECRET) != whole


@given(st.lists(st.text(LETTERS, max_size=20), min_size=1, max_size=8), st.data())
def test_one_letter_of_a_value_makes_another_digest(values: list[str], data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(values) - 1))
    other = [*values]
    other[at] += data.draw(st.sampled_from(LETTERS))
    assert v_auth_info(CCID, other, SECRET) != v_auth_info(CCID, values, SECRET)


def test_the_four_rules_differ() -> None:
    digests = {
        auth_hash(CCID, "x", SECRET),
        auth_hash(CCID, "x", SECRET.upper()),
        auth_hash(CCID + "x", "x", SECRET),
        content_hmac(b"x", SECRET),
        read_auth_info(auth_info(CCID, SECRET, MADE)).digest,
    }
    assert len(digests) == 5
    assert content_hmac(b"x", SECRET) == content_hmac(b"x", SECRET.upper())


@pytest.mark.parametrize("secret", ["", "not hexadecimal", "abc", "zz", " ab", "ａｂ", "ab\n"])
def test_a_secret_that_is_not_hexadecimal(secret: str) -> None:
    with pytest.raises(ConfigurationError, match="hexadecimal") as raised:
        content_hmac(b"", secret)
    assert not secret.strip() or f"'{secret}'" not in repr(raised.value)


@pytest.mark.parametrize(("ccid", "secret"), [("", SECRET), (CCID, ""), ("", "")])
def test_empty_credentials_sign_nothing(ccid: str, secret: str) -> None:
    for sign in (
        lambda: auth_hash(ccid, "{}", secret),
        lambda: v_auth_info(ccid, ["x"], secret),
        lambda: auth_info(ccid, secret, MADE),
        lambda: check_auth_info("a-b-c", ccid, secret),
    ):
        with pytest.raises(ConfigurationError, match="empty"):
            sign()


def test_half_a_surrogate_pair_makes_a_digest_and_no_exception() -> None:
    """It can come in a result; it must not be believed, and must not break the receiver."""
    assert len(v_auth_info(CCID, ["\ud800"], SECRET)) == 64
    assert not same("\ud800", "a")
    assert same("決済", "決済")
