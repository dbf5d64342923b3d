"""Signatures of messages, as this mock reads the assumption of specs/paytree: a second opinion.

SHA-1 with RSA (PKCS #1 v1.5, 2048 bits), Base64, over the canonical string. Keys are PEM files in
PKCS1 form, as the manual has them. Needs `cryptography`, imported when a key is first used.

Source: WbPay library specification 1.0, section 2.3; what exactly is signed is assumed.
"""

from __future__ import annotations

import base64
import binascii
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Self, cast

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey

BITS = 2048
SIGN = "sign"


@dataclass(frozen=True, slots=True)
class KeyPair:
    """Two PEM texts in PKCS1 form. Made for tests; never to be kept or committed."""

    private_pem: bytes = field(repr=False)
    public_pem: bytes

    @classmethod
    def generate(cls) -> Self:
        """A new pair. It takes about a tenth of a second."""
        from cryptography.hazmat.primitives.asymmetric import rsa

        return cls.of(rsa.generate_private_key(public_exponent=65537, key_size=BITS))

    @classmethod
    def of(cls, key: RSAPrivateKey) -> Self:
        """The pair of a key."""
        from cryptography.hazmat.primitives.serialization import (
            Encoding,
            NoEncryption,
            PrivateFormat,
        )

        private = key.private_bytes(Encoding.PEM, PrivateFormat.TraditionalOpenSSL, NoEncryption())
        return cls(private, public_pem(key.public_key()))


def public_pem(key: RSAPublicKey) -> bytes:
    """A public key as PEM in PKCS1 form."""
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    return key.public_bytes(Encoding.PEM, PublicFormat.PKCS1)


def private_key(pem: bytes) -> RSAPrivateKey:
    """A private key. Raises ValueError for anything but an RSA key of 2048 bits."""
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    try:
        key = load_pem_private_key(pem, password=None)
    except (TypeError, ValueError):
        key = None
    if not isinstance(key, RSAPrivateKey) or key.key_size != BITS:
        raise ValueError(f"this is no private RSA key of {BITS} bits in PEM")
    return key


def public_key(pem: bytes) -> RSAPublicKey:
    """A public key. Raises ValueError for anything but an RSA key of 2048 bits."""
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
    from cryptography.hazmat.primitives.serialization import load_pem_public_key

    try:
        key = load_pem_public_key(pem)
    except (TypeError, ValueError):
        key = None
    if not isinstance(key, RSAPublicKey) or key.key_size != BITS:
        raise ValueError(f"this is no public RSA key of {BITS} bits in PEM")
    return key


def canonical(members: dict[str, Any]) -> str:
    """The text that is signed: every member that says something, but the signature."""
    return _joined({name: value for name, value in members.items() if name != SIGN})


def _joined(members: dict[str, Any]) -> str:
    parts: list[str] = []
    for name, value in sorted(members.items()):
        text = _text(value)
        if text != "":
            parts.append(name + "=" + text)
    return "&".join(parts)


def _text(value: object) -> str:
    if value is None or isinstance(value, str):
        return value or ""
    if isinstance(value, dict):
        inner = _joined(cast("dict[str, Any]", value))
        return "{" + inner + "}" if inner else ""
    if isinstance(value, list):
        texts = [_text(item) for item in cast("list[object]", value)]
        return "[" + ",".join(texts) + "]" if any(texts) else ""
    return json.dumps(value)


def signed(members: dict[str, Any], key: RSAPrivateKey) -> dict[str, Any]:
    """The members with their signature last."""
    from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
    from cryptography.hazmat.primitives.hashes import SHA1

    made = key.sign(canonical(members).encode(), PKCS1v15(), SHA1())  # noqa: S303 - the gateway's
    return {**members, SIGN: base64.b64encode(made).decode()}


def is_signed(members: dict[str, Any], key: RSAPublicKey | None) -> bool:
    """Whether the members carry the signature of this key; without a key, of any of its size."""
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
    from cryptography.hazmat.primitives.hashes import SHA1

    given = members.get(SIGN)
    if not isinstance(given, str):
        return False
    try:
        signature = base64.b64decode(given, validate=True)
    except (ValueError, binascii.Error):
        return False
    if key is None:
        return len(signature) == BITS // 8
    text = canonical(members).encode("utf-8", "surrogatepass")
    try:
        key.verify(signature, text, PKCS1v15(), SHA1())  # noqa: S303 - likewise
    except InvalidSignature:
        return False
    return True
