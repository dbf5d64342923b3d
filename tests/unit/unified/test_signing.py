"""Digests: vectors made with another tool, and that one byte makes another digest."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from kessai import ConfigurationError
from kessai_unified.signing import content_hmac, v_auth_info

VECTORS = Path(__file__).parents[2] / "vectors" / "unified"
LETTERS = "aA0-_/ é鍵決\U0001f4b4"
CCID, KEY = "A100000000000001069951cc", "0e6b6f3d6d6f6e6f"


def vectors(name: str) -> list[Any]:
    document = json.loads((VECTORS / f"{name}.json").read_text())
    assert document["origin"]
    return [pytest.param(vector, id=vector["name"]) for vector in document["vectors"]]


@pytest.mark.parametrize("vector", vectors("content_hmac"))
def test_content_hmac(vector: Any) -> None:
    body = (vector["body"] * vector.get("repeat", 1)).encode()
    digest = content_hmac(
        vector["merchant_ccid"],
        body,
        vector["merchant_key"],
        key_encoding=vector["key_encoding"],
    )
    assert digest == vector["digest"]
    assert len(digest) == 128


@pytest.mark.parametrize("vector", vectors("v_auth_info"))
def test_v_auth_info(vector: Any) -> None:
    found = v_auth_info(vector["merchant_ccid"], vector["values"], vector["merchant_key"])
    assert found == vector["digest"]


@given(st.binary(min_size=1, max_size=200), st.data())
def test_one_byte_of_the_body_makes_another_digest(body: bytes, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(body) - 1))
    other = bytearray(body)
    other[at] ^= data.draw(st.integers(1, 255))
    for encoding in ("utf-8", "hex"):
        whole = content_hmac(CCID, body, KEY, key_encoding=encoding)
        assert content_hmac(CCID, bytes(other), KEY, key_encoding=encoding) != whole
        assert content_hmac(CCID, body[:-1], KEY, key_encoding=encoding) != whole


@given(st.lists(st.text(LETTERS, max_size=20), min_size=1, max_size=8), st.data())
def test_one_letter_of_a_value_makes_another_digest(values: list[str], data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(values) - 1))
    other = [*values]
    other[at] += data.draw(st.sampled_from(LETTERS))
    assert v_auth_info(CCID, other, KEY) != v_auth_info(CCID, values, KEY)


def test_the_parts_matter() -> None:
    digests = {
        content_hmac(CCID, b"{}", KEY),
        content_hmac(CCID + "x", b"{}", KEY),
        content_hmac(CCID, b"{}", KEY + "ab"),
        content_hmac(CCID, b"{}", KEY, key_encoding="hex"),
        v_auth_info(CCID, ["{}"], KEY),
    }
    assert len(digests) == 5


@pytest.mark.parametrize("key", ["not hexadecimal", "abc", "zz", " ab", "ａｂ", "ab\n"])
def test_a_key_that_is_not_hexadecimal(key: str) -> None:
    with pytest.raises(ConfigurationError, match="hexadecimal") as raised:
        content_hmac(CCID, b"", key, key_encoding="hex")
    assert key.strip() not in str(raised.value) or key == "not hexadecimal"


@pytest.mark.parametrize(("ccid", "key"), [("", KEY), (CCID, ""), ("", "")])
def test_empty_credentials_sign_nothing(ccid: str, key: str) -> None:
    with pytest.raises(ConfigurationError, match="empty"):
        content_hmac(ccid, b"{}", key)
    with pytest.raises(ConfigurationError, match="empty"):
        v_auth_info(ccid, ["x"], key)


def test_an_unknown_encoding() -> None:
    with pytest.raises(ConfigurationError, match="utf-8"):
        content_hmac(CCID, b"", KEY, key_encoding="base64")  # type: ignore[arg-type]  # pyright: ignore
