"""The two digests of the API, read from its document for the mock alone.

Document: Unified API 1.1.1, authentication and redirect. The client has its own reading;
neither looks at the other.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable
from typing import Literal, NamedTuple

KeyEncoding = Literal["utf-8", "hex"]
_ALGORITHM = "HmacSHA512"


def content_hmac(ccid: str, body: bytes, key: str, encoding: KeyEncoding) -> str:
    """HMAC-SHA512 over CCID, body and merchant key, as lower-case hexadecimal digits.

    What the HMAC's own key is, the document does not say: the merchant key as UTF-8 text,
    or its hex-decoded bytes (assumed, both).
    """
    secret = bytes.fromhex(key) if encoding == "hex" else key.encode()
    return hmac.new(secret, ccid.encode() + body + key.encode(), hashlib.sha512).hexdigest()


def content_header(ccid: str, body: bytes, key: str, encoding: KeyEncoding) -> str:
    """The value of X-VT-Content-hmac."""
    return f"h={_ALGORITHM};s={ccid};v={content_hmac(ccid, body, key, encoding)}"


class ContentHmac(NamedTuple):
    """What an X-VT-Content-hmac header claims."""

    ccid: str
    digest: str


def read_header(value: str) -> ContentHmac | None:
    """The parts of the header, or None when it has not the documented form."""
    parts = [part.partition("=") for part in value.strip().split(";")]
    if [name.strip() for name, _, _ in parts] != ["h", "s", "v"]:
        return None
    algorithm, ccid, digest = (text.strip() for _, _, text in parts)
    if algorithm != _ALGORITHM or not ccid or not digest:
        return None
    return ContentHmac(ccid, digest)


def is_signed(header: str, ccid: str, body: bytes, key: str, encoding: KeyEncoding) -> bool:
    """Whether the header is this merchant's over exactly this body."""
    claimed = read_header(header)
    if claimed is None or claimed.ccid != ccid:
        return False
    wanted = content_hmac(ccid, body, key, encoding)
    return hmac.compare_digest(claimed.digest.lower().encode(), wanted.encode())


def v_auth_info(ccid: str, values: Iterable[str], key: str) -> str:
    """SHA-512 over CCID, the values in their order and merchant key, in hexadecimal digits.

    Lower case is assumed.
    """
    return hashlib.sha512("".join((ccid, *values, key)).encode()).hexdigest()
