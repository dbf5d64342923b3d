"""The mock's reading of the signature against the shared vectors, and against damage."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from kessai_mock.paytree import signatures

from tests.unit.mock.paytree.driver import canonical, keys

VECTORS: dict[str, Any] = json.loads(
    (Path(__file__).parents[3] / "vectors" / "paytree" / "sign.json").read_text("utf-8")
)
PUBLIC = signatures.public_key(VECTORS["public_key"].encode())
named = pytest.mark.parametrize("vector", VECTORS["vectors"], ids=lambda vector: vector["name"])


@named
def test_the_canonical_text(vector: dict[str, Any]) -> None:
    """Written by hand in the vectors."""
    assert signatures.canonical(vector["message"]) == vector["canonical"]


@named
def test_the_signature_made_by_another_program(vector: dict[str, Any]) -> None:
    """It fits, and no other text does."""
    message = {**vector["message"], "sign": vector["signature"]}
    assert signatures.is_signed(message, PUBLIC)
    assert not signatures.is_signed({**message, "more": "1"}, PUBLIC)
    for name in set(vector["message"]) - {"sign"}:
        assert not signatures.is_signed({**message, name: "other"}, PUBLIC)


def test_what_is_signed_here_is_verified_here_and_by_nobody_elses_key() -> None:
    """Round trip."""
    key = signatures.private_key(keys("till").private_pem)
    made = signatures.signed({"a": "1", "sign": "old"}, key)
    assert list(made) == ["a", "sign"]
    assert signatures.is_signed(made, key.public_key())
    assert not signatures.is_signed(made, PUBLIC)


flat = st.dictionaries(
    st.text("abcdefgh", min_size=1), st.one_of(st.text(max_size=5), st.integers(0, 10**15))
)


@given(flat)
def test_flat_messages_are_written_as_the_tests_write_them(message: dict[str, Any]) -> None:
    """Two readings of one assumption."""
    assert signatures.canonical(message).encode("utf-8", "surrogatepass") == canonical(message)


@pytest.mark.parametrize("made", ["private_key", "public_key"])
@pytest.mark.parametrize("pem", [b"", b"-----BEGIN RSA PUBLIC KEY-----\nAAAA\n-----END-----"])
def test_what_is_no_key(made: str, pem: bytes) -> None:
    """One sentence, without what stands in it."""
    with pytest.raises(ValueError, match="RSA key of 2048 bits in PEM") as caught:
        getattr(signatures, made)(pem)
    assert "AAAA" not in str(caught.value)


def test_keys_of_another_size_are_none() -> None:
    """The manual says 2048."""
    from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key

    small = signatures.KeyPair.of(generate_private_key(65537, 1024))
    with pytest.raises(ValueError, match="2048 bits"):
        signatures.private_key(small.private_pem)
    with pytest.raises(ValueError, match="2048 bits"):
        signatures.public_key(small.public_pem)
