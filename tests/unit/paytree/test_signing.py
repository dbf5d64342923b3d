"""Signatures: vectors made with another tool, one bit makes another, and keys of all kinds."""

from __future__ import annotations

import base64
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives import serialization as s
from cryptography.hazmat.primitives.asymmetric import ec
from hypothesis import given
from hypothesis import strategies as st
from kessai import ConfigurationError
from kessai_paytree.signing import canonical, load_private_key, load_public_key, sign, verify

from tests.unit.paytree.keys import pair, private_pem, public_pem

VECTORS = Path(__file__).parents[2] / "vectors" / "paytree" / "sign.json"
DOCUMENT = json.loads(VECTORS.read_text(encoding="utf-8"))
PLAIN, ENCODING = s.NoEncryption(), s.Encoding.PEM


@pytest.mark.parametrize("vector", DOCUMENT["vectors"], ids=lambda vector: vector["name"])
def test_vectors(vector: Any) -> None:
    key = load_public_key(DOCUMENT["public_key"].encode())
    assert canonical(vector["message"]) == vector["canonical"].encode()
    assert verify(vector["message"], vector["signature"], key)
    assert not verify({**vector["message"], "more": "1"}, vector["signature"], key)


def test_a_signature_is_the_same_each_time_and_is_taken_back() -> None:
    message = {"orderId": "1", "amount": 3980}
    signature = sign(message, pair())
    assert signature == sign({**message, "sign": signature}, pair())
    assert len(base64.b64decode(signature)) == 256
    assert verify({**message, "sign": "other"}, signature, pair().public_key())
    assert not verify(message, signature, pair("gateway").public_key())


@given(st.data())
def test_one_bit_makes_another_signature(data: st.DataObject) -> None:
    message: dict[str, Any] = {"amount": 3980, "orderId": "0001", "detail": {"a": "1", "b": "2"}}
    signature = SIGNATURE
    place = data.draw(st.integers(0, 255 * 8))
    raw = bytearray(base64.b64decode(signature))
    raw[place // 8] ^= 1 << place % 8
    key = pair().public_key()
    assert verify(message, signature, key)
    assert not verify(message, base64.b64encode(bytes(raw)).decode(), key)


SIGNATURE = sign({"amount": 3980, "orderId": "0001", "detail": {"a": "1", "b": "2"}}, pair())


@pytest.mark.parametrize("none", [None, "", 7, b"x", "not base64!", "AAAA", "é", SIGNATURE + "\n"])
def test_what_is_no_signature_verifies_nothing(none: object) -> None:
    message = {"amount": 3980, "orderId": "0001", "detail": {"a": "1", "b": "2"}}
    assert not verify(message, none, pair().public_key())


def test_the_canonical_text_can_be_another() -> None:
    def other(message: Any) -> bytes:
        return json.dumps(message, sort_keys=True).encode()

    signature = sign({"a": 1}, pair(), canonical=other)
    assert verify({"a": 1}, signature, pair().public_key(), canonical=other)
    assert not verify({"a": 1}, signature, pair().public_key())


@given(st.dictionaries(st.text(max_size=4), st.text(max_size=4) | st.integers() | st.none()))
def test_the_order_of_members_does_not_count(message: dict[str, Any]) -> None:
    backwards = dict(reversed(message.items()))
    assert canonical(backwards) == canonical(message)
    assert canonical({**message, "sign": "x"}) == canonical(
        {name: value for name, value in message.items() if name != "sign"}
    )


def test_keys_come_from_a_path_a_text_or_bytes(tmp_path: Path) -> None:
    path = tmp_path / "own.pem"
    path.write_bytes(private_pem())
    secret = pair().private_numbers().d
    for source in (path, str(path), private_pem(), private_pem().decode()):
        assert load_private_key(source).private_numbers().d == secret
    found = load_public_key(public_pem().replace(b"\n", b"\r\n"))
    assert found.public_numbers() == pair("gateway").public_key().public_numbers()


def other_forms() -> dict[str, tuple[bytes, str]]:
    """Private and wrong: what it is, and what has to be said about it."""
    curve = ec.generate_private_key(ec.SECP256R1())
    key = pair()
    cut = private_pem().splitlines(keepends=True)
    return {
        "1024 bits": (private_pem(bits=1024), "has 1024 bits"),
        "4096 bits": (private_pem(bits=3072), "has 3072 bits"),
        "encrypted": (private_pem(password=b"secret-word"), "is encrypted"),
        "encrypted pkcs8": (
            key.private_bytes(
                ENCODING, s.PrivateFormat.PKCS8, s.BestAvailableEncryption(b"secret-word")
            ),
            "is encrypted",
        ),
        "pkcs8": (
            key.private_bytes(ENCODING, s.PrivateFormat.PKCS8, PLAIN),
            "openssl rsa -in KEY.pem -traditional",
        ),
        "public": (public_pem("till"), "is a public key"),
        "public spki": (
            key.public_key().public_bytes(ENCODING, s.PublicFormat.SubjectPublicKeyInfo),
            "is a public key",
        ),
        "curve": (
            curve.private_bytes(ENCODING, s.PrivateFormat.TraditionalOpenSSL, PLAIN),
            "is EC PRIVATE KEY",
        ),
        "der": (
            key.private_bytes(s.Encoding.DER, s.PrivateFormat.TraditionalOpenSSL, PLAIN),
            "is no PEM",
        ),
        "certificate": (b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", "certi"),
        "two": (private_pem() * 2, "holds 2 PEM blocks"),
        "empty": (b"", "is no PEM"),
        "long": (private_pem() + b"\n" * 70000, "is no PEM"),
        "cut": (b"".join(cut[:5] + cut[-1:]), "is damaged"),
        "no end": (b"".join(cut[:5]), "is damaged"),
        "garbage": (b"-----BEGIN RSA PRIVATE KEY-----\n!!!!\n", "is damaged"),
    }


@pytest.mark.parametrize("form", other_forms())
def test_a_wrong_private_key_is_named_and_not_shown(form: str, tmp_path: Path) -> None:
    pem, said = other_forms()[form]
    path = tmp_path / "own.pem"
    path.write_bytes(pem)
    for source in (pem, path):
        with pytest.raises(ConfigurationError) as caught:
            load_private_key(source)
        text = str(caught.value)
        assert said in text
        assert caught.value.__context__ is None or caught.value.__suppress_context__
        for line in pem.split(b"\n")[1:3]:
            assert len(line) < 20 or line.decode("latin-1") not in text
    assert str(path) in text


def test_a_wrong_public_key_is_named() -> None:
    spki = pair("gateway").public_key()
    wrong = {
        "is a private key": private_pem(),
        "-RSAPublicKey_out": spki.public_bytes(ENCODING, s.PublicFormat.SubjectPublicKeyInfo),
        "is a certificate": b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
        "has 1024 bits": public_pem(bits=1024),
        "is damaged": b"-----BEGIN RSA PUBLIC KEY-----\nAAAA\n-----END RSA PUBLIC KEY-----\n",
    }
    for said, pem in wrong.items():
        with pytest.raises(ConfigurationError, match=said):
            load_public_key(pem)


def test_a_key_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    for path in (tmp_path / "none.pem", tmp_path, "with\0nul"):
        with pytest.raises(ConfigurationError, match="cannot be read"):
            load_private_key(path)


def test_cryptography_is_imported_when_a_key_is() -> None:
    code = "import kessai_paytree.signing, sys; print('cryptography' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
