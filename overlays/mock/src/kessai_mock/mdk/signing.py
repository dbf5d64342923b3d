"""The four digests of the protocol, read from its documents for the mock alone.

The client has its own reading; neither looks at the other. Documents: the kit for PHP 2.0.1
(add_common_param, TGMDK_AuthHashUtil, calcHmac), the shop plug-ins (checkAuthInfo).
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Iterable
from datetime import UTC, datetime


def _sha256(*parts: str) -> str:
    return hashlib.sha256("".join(parts).encode()).hexdigest()


def auth_hash(ccid: str, params: str, secret: str) -> str:
    """The request's: over the text of `params` exactly as it came."""
    return _sha256(ccid, params, secret)


def v_auth_info(ccid: str, values: Iterable[str], secret: str) -> str:
    """A browser's: over the values in the order of authParams, without separators."""
    return _sha256(ccid, *values, secret)


def auth_params(names: Iterable[str]) -> str:
    """The names that vAuthInfo is over: Base64 of them with commas between."""
    return base64.b64encode(",".join(names).encode()).decode()


def auth_info(ccid: str, now: datetime, secret: str) -> str:
    """UnionPay's and Alipay's: proves who sends, not what."""
    at = now.astimezone(UTC)
    moment = f"{at:%Y%m%d%H%M%S}{at.microsecond // 1000:03}"
    return "-".join(_b64(part) for part in (ccid, moment, _sha256(ccid, moment, secret)))


def _b64(text: str) -> str:
    return base64.b64encode(text.encode()).decode().translate(str.maketrans("/+=", "-_*"))


def content_hmac(ccid: str, body: bytes, secret: str) -> str:
    """The whole Content-Hmac header of a PUSH; its key is the secret's bytes, hex-decoded."""
    digest = hmac.digest(bytes.fromhex(secret), body, hashlib.sha256).hex()
    return f"h=HmacSHA256;s={ccid};v={digest}"
