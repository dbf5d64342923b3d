"""Key pairs for tests, made when they are first needed: no private key is kept in a file."""

from __future__ import annotations

from functools import cache

from cryptography.hazmat.primitives import serialization as s
from cryptography.hazmat.primitives.asymmetric import rsa

__all__ = ["pair", "private_pem", "public_pem"]


def pair(name: str = "till", bits: int = 2048) -> rsa.RSAPrivateKey:
    """The key pair of that name and size, the same one for the whole run."""
    return _made(name, bits)


@cache
def _made(name: str, bits: int) -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=bits)


def private_pem(name: str = "till", bits: int = 2048, *, password: bytes | None = None) -> bytes:
    """Its private half, in PKCS1 form."""
    hiding: s.KeySerializationEncryption = s.NoEncryption()
    if password is not None:
        hiding = s.BestAvailableEncryption(password)
    key = pair(name, bits)
    return key.private_bytes(s.Encoding.PEM, s.PrivateFormat.TraditionalOpenSSL, hiding)


def public_pem(name: str = "gateway", bits: int = 2048) -> bytes:
    """Its public half, in PKCS1 form."""
    return pair(name, bits).public_key().public_bytes(s.Encoding.PEM, s.PublicFormat.PKCS1)
