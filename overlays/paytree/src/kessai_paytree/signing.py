"""Signatures of messages: SHA1 with RSA over one text, both ways, and the keys that make them.

The manual says SHA1WithRSA, RSA of 2048 bits, keys in PKCS1 form in PEM files, in both directions.
What exactly is signed it does not say. Assumed here, in ``canonical`` alone: a merchant with the
contract documents writes that one function anew and hands it to the client (``canonical=``).

SHA-1 is the gateway's choice and no longer a strong one; it is used for nothing else here.

Source: WbPay library specification 1.0, section 2.3.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable, Mapping
from os import PathLike, fspath
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeAlias, cast

from kessai.errors import ConfigurationError

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey

__all__ = [
    "KEY_BITS",
    "SIGNATURE",
    "Canonical",
    "KeySource",
    "canonical",
    "load_private_key",
    "load_public_key",
    "sign",
    "verify",
]

Canonical: TypeAlias = Callable[[Mapping[str, Any]], bytes]
"""From the members of a message to the bytes that are signed."""

KeySource: TypeAlias = "str | PathLike[str] | bytes"
"""The path of a PEM file, or what stands in one."""

SIGNATURE: Final = "sign"
"""The member that carries the signature (assumed), which is not part of what is signed."""

KEY_BITS: Final = 2048

_PRIVATE, _PUBLIC = "RSA PRIVATE KEY", "RSA PUBLIC KEY"
_BEGIN = re.compile(rb"-----BEGIN ([A-Z0-9 ]+)-----")
_LONGEST = 64 * 1024  # bytes; a key of 2048 bits has under 2000
_CONVERT = {
    "PRIVATE KEY": "openssl rsa -in KEY.pem -traditional -out PKCS1.pem",
    "PUBLIC KEY": "openssl rsa -pubin -in KEY.pem -RSAPublicKey_out -out PKCS1.pem",
}


def canonical(message: Mapping[str, Any]) -> bytes:
    """Return the bytes that are signed for a message. Assumed; replaceable.

    Every member that is not empty, but ``sign``, sorted by its name (by code point), as
    ``name=value``, joined by ``&``, in UTF-8. An object within stands in braces and is written by
    the same rule, a list in brackets with commas. Empty are an absent value, an empty text, and
    objects and lists in which nothing is left. Numbers and truth values are written as in JSON.
    """
    members = {name: value for name, value in message.items() if name != SIGNATURE}
    return _members(members).encode("utf-8", "surrogatepass")


def sign(
    message: Mapping[str, Any], private_key: RSAPrivateKey, *, canonical: Canonical = canonical
) -> str:
    """Return the signature of a message: RSASSA-PKCS1-v1_5 with SHA-1, in Base64.

    A ``sign`` that the message already has is not looked at.
    """
    from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
    from cryptography.hazmat.primitives.hashes import SHA1

    made = private_key.sign(canonical(message), PKCS1v15(), SHA1())  # noqa: S303 - the gateway's
    return base64.b64encode(made).decode("ascii")


def verify(
    message: Mapping[str, Any],
    signature: object,
    public_key: RSAPublicKey,
    *,
    canonical: Canonical = canonical,
) -> bool:
    """Whether ``signature`` is the one of this message. False for anything that is none at all."""
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
    from cryptography.hazmat.primitives.hashes import SHA1

    if not isinstance(signature, str):
        return False
    try:
        given = base64.b64decode(signature, validate=True)
    except (ValueError, binascii.Error):
        return False
    try:
        public_key.verify(given, canonical(message), PKCS1v15(), SHA1())  # noqa: S303 - likewise
    except InvalidSignature:
        return False
    return True


def load_private_key(source: KeySource) -> RSAPrivateKey:
    """Read the key that signs requests, and try it.

    It takes about 40 ms: do it once. Raises ConfigurationError for a file that cannot be read and
    for anything but one unencrypted private RSA key of 2048 bits in PKCS1 form; the message says
    what it is instead and how to mend it, and never what stands in it.
    """
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    what, pem = _read(source, "the private key")
    _check_form(what, pem, _PRIVATE)
    if b"ENCRYPTED" in pem:
        raise ConfigurationError(
            f"{what} is encrypted, and the gateway's library takes no passphrase: keep it readable "
            "by the till's own account only, and decrypt it (openssl rsa -in KEY.pem -traditional)"
        )
    try:
        key = load_pem_private_key(pem, password=None)
    except (TypeError, ValueError, UnsupportedAlgorithm):
        raise _broken(what) from None
    if not isinstance(key, RSAPrivateKey):
        raise _broken(what)
    _check_size(what, key.key_size)
    try:
        trial = sign({"trial": "1"}, key)
    except (ValueError, UnsupportedAlgorithm):
        raise ConfigurationError(
            f"{what} is good, but this machine's OpenSSL refuses SHA-1 signatures, which the "
            "gateway asks for (a FIPS or hardened policy does that); allow them for this program"
        ) from None
    if not verify({"trial": "1"}, trial, key.public_key()):
        raise _broken(what)
    return key


def load_public_key(source: KeySource) -> RSAPublicKey:
    """Read the gateway's key that verifies answers. Raises as ``load_private_key`` does."""
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
    from cryptography.hazmat.primitives.serialization import load_pem_public_key

    what, pem = _read(source, "the public key")
    _check_form(what, pem, _PUBLIC)
    try:
        key = load_pem_public_key(pem)
    except (TypeError, ValueError, UnsupportedAlgorithm):
        raise _broken(what) from None
    if not isinstance(key, RSAPublicKey):
        raise _broken(what)
    _check_size(what, key.key_size)
    return key


def _members(members: Mapping[str, Any]) -> str:
    written = ((name, _value(members[name])) for name in sorted(members))
    return "&".join(f"{name}={text}" for name, text in written if text)


def _value(value: Any) -> str:
    """A value as text; empty for one that is not signed."""
    if value is None:
        return ""
    if isinstance(value, str):
        return str.__str__(value)  # of an enum's member the value, not its name
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Mapping):
        inner = _members(cast("Mapping[str, Any]", value))
        return f"{{{inner}}}" if inner else ""
    if isinstance(value, list | tuple):
        texts = [_value(element) for element in cast("list[Any]", value)]
        return f"[{','.join(texts)}]" if any(texts) else ""
    return int.__repr__(value) if isinstance(value, int) else str(value)


def _read(source: KeySource, what: str) -> tuple[str, bytes]:
    """What it is called in messages, and its bytes."""
    if isinstance(source, bytes):
        return what, source
    path = fspath(source)
    if _BEGIN.match(path.encode("utf-8", "replace").lstrip()):
        return what, path.encode("utf-8", "replace")
    what = f"{what} in {path}"
    try:
        with Path(path).open("rb") as file:
            pem = file.read(_LONGEST + 1)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise ConfigurationError(f"{what} cannot be read: {reason}") from None
    except ValueError:
        raise ConfigurationError(f"{what} cannot be read: this is no path") from None
    return what, pem


def _check_form(what: str, pem: bytes, wanted: str) -> None:
    """Refuse what is no PEM of the wanted kind, and say what it is."""
    kinds = [kind.decode("ascii") for kind in _BEGIN.findall(pem[: _LONGEST + 1])]
    if len(pem) > _LONGEST or not kinds:
        raise ConfigurationError(
            f"{what} is no PEM: it must begin with -----BEGIN {wanted}----- (a DER file becomes "
            "one by openssl rsa -inform DER)"
        )
    if len(kinds) > 1:
        raise ConfigurationError(
            f"{what} holds {len(kinds)} PEM blocks ({', '.join(kinds)}); leave the one key in it"
        )
    kind = kinds[0]
    if kind == wanted:
        return
    own = "own private key, which signs requests"
    theirs = "gateway's public key, which verifies answers"
    if kind == "ENCRYPTED PRIVATE KEY":
        reason = "is encrypted, and in PKCS8 form; openssl rsa -traditional makes it plain PKCS1"
    elif kind.endswith("CERTIFICATE"):
        reason = (
            "is a certificate, not a key; ask the gateway for the key itself, in PKCS1 form"
            if wanted == _PUBLIC
            else "is a certificate, not a key"
        )
    elif ("PRIVATE" in kind) != ("PRIVATE" in wanted):
        reason = (
            f"is a private key; the {theirs}, belongs here"
            if wanted == _PUBLIC
            else f"is a public key; the {own}, belongs here"
        )
    elif kind in _CONVERT:
        reason = f"is not in PKCS1 form ({kind}); convert it: {_CONVERT[kind]}"
    else:
        reason = f"is {kind}, not {wanted} (RSA, PKCS1)"
    raise ConfigurationError(f"{what} {reason}")


def _check_size(what: str, bits: int) -> None:
    if bits != KEY_BITS:
        raise ConfigurationError(
            f"{what} has {bits} bits; the gateway takes RSA keys of {KEY_BITS} bits"
        )


def _broken(what: str) -> ConfigurationError:
    return ConfigurationError(f"{what} is damaged: no RSA key can be read from it")
