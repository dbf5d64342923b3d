"""Digests of the gateway: bytes and keys in, hexadecimal digits out.

Sources: VeriTrans4G Unified API 1.1.1 RC, HMAC認証について and リダイレクト (vAuthInfo).
"""

from __future__ import annotations

import hashlib
import hmac
import re
from typing import TYPE_CHECKING, Literal

from kessai.errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["KeyEncoding", "content_hmac", "v_auth_info"]

KeyEncoding = Literal["utf-8", "hex"]
"""How the merchant key becomes the key of the HMAC; see ``content_hmac``."""

_HEX = re.compile(r"(?:[0-9A-Fa-f]{2})+")


def content_hmac(
    merchant_ccid: str, body: bytes, merchant_key: str, *, key_encoding: KeyEncoding = "utf-8"
) -> str:
    """HMAC-SHA512 over CCID, body and merchant key, in 128 lower-case hexadecimal digits.

    ``body`` is the body exactly as it travels, in bytes; CCID and key go in as UTF-8, with nothing
    between the three. What the key of the HMAC itself is, the document does not say. Assumed: the
    merchant key as UTF-8 text. ``key_encoding="hex"`` takes the bytes that its hexadecimal digits
    stand for, as the provider's older interface (MDK) does. In the text it stays as it is.

    Raises ConfigurationError for an empty CCID or key, and for a key that is not hexadecimal where
    it has to be. Nothing secret is in the message.
    Source: 1.1.1 RC, HMAC認証について. The sample digest there has 64 digits and cannot be one.
    """
    _present(merchant_ccid, merchant_key)
    text = merchant_ccid.encode() + body + merchant_key.encode()
    return hmac.new(_key(merchant_key, key_encoding), text, hashlib.sha512).hexdigest()


def v_auth_info(merchant_ccid: str, values_in_order: Iterable[str], merchant_key: str) -> str:
    """SHA-512 over CCID, values and merchant key, in 128 lower-case hexadecimal digits.

    A plain digest, no HMAC. ``values_in_order`` are the redirect's decoded values in the order that
    ``authParams`` gives, a value once for each time its name stands there. UTF-8, with nothing
    between them. Raises ConfigurationError for an empty CCID or key.
    Source: 1.1.1 RC, リダイレクト (vAuthInfo, authParams). Case of the digits: assumed.
    """
    _present(merchant_ccid, merchant_key)
    text = merchant_ccid + "".join(values_in_order) + merchant_key
    return hashlib.sha512(text.encode("utf-8", "surrogatepass")).hexdigest()


def _key(merchant_key: str, encoding: str) -> bytes:
    if encoding == "utf-8":
        return merchant_key.encode()
    if encoding != "hex":
        raise ConfigurationError('the encoding of the HMAC key must be "utf-8" or "hex"')
    if _HEX.fullmatch(merchant_key) is None:
        raise ConfigurationError(
            "the merchant key is not made of pairs of hexadecimal digits; "
            'use the encoding "utf-8" for it'
        )
    return bytes.fromhex(merchant_key)


def _present(merchant_ccid: str, merchant_key: str) -> None:
    # An empty key is no key: whoever knows that it is empty can sign.
    if not merchant_ccid or not merchant_key:
        raise ConfigurationError("merchant_ccid and merchant_key must not be empty")
