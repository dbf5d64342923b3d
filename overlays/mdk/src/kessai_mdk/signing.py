"""The four digests of the MDK: texts, bytes and the secret in, hexadecimal digits out.

Three of them take the merchant's secret key as the text it is printed as; ``content_hmac`` takes
the bytes that its hexadecimal digits stand for. Sources: the provider's kit for PHP 2.0.1
(add_common_param, TGMDK_AuthHashUtil, calcHmac) and its shop plug-in (checkAuthInfo).
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, NamedTuple

from kessai.errors import ConfigurationError, MalformedEventError, SignatureError

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = [
    "AuthInfo",
    "auth_hash",
    "auth_info",
    "auth_params",
    "check_auth_info",
    "content_hmac",
    "read_auth_info",
    "same",
    "v_auth_info",
]

_HEX = re.compile(r"(?:[0-9A-Fa-f]{2})+")
_DIGEST = re.compile(r"[0-9a-f]{64}|[0-9A-F]{64}")
_MADE = re.compile(r"[0-9]{17}")
_NAMES = re.compile(r"[0-9A-Za-z_.-]{1,64}")

# What Base64 makes of 17 digits of time and of 64 digits of a digest, padding included.
_MADE_LENGTH, _DIGEST_LENGTH = 24, 88
_OTHER_LETTERS = str.maketrans("/+=", "-_*")
_BASE64_LETTERS = str.maketrans("-_*", "/+=")
_PARAMS_LETTERS = str.maketrans("-_* ", "/+=+")


class AuthInfo(NamedTuple):
    """The three parts of an ``authInfo``: whose it is, when it was made, the digest.

    ``made`` is the text of the wire, ``yyyyMMddHHmmssSSS`` in UTC; ``at`` the same as a date-time.
    """

    merchant_ccid: str
    made: str
    digest: str

    @property
    def at(self) -> datetime:
        """When it was made, in UTC."""
        return _when(self.made)


def auth_hash(merchant_ccid: str, params_text: str, secret: str) -> str:
    """SHA-256 over CCID, the text of ``params`` and the secret, in 64 lower-case digits.

    ``params_text`` is the object exactly as it travels, braces included and not URL-encoded: the
    gateway digests the text it receives, so the text is made once and used for both. Everything
    goes in as UTF-8 with nothing between, the secret as the text it is.

    Raises ConfigurationError for an empty CCID or secret.
    Source: kit for PHP 2.0.1, add_common_param.
    """
    _present(merchant_ccid, secret)
    return _sha256(merchant_ccid + params_text + secret)


def v_auth_info(merchant_ccid: str, values_in_order: Iterable[str], secret: str) -> str:
    """SHA-256 over CCID, the values of a browser result and the secret, in 64 lower-case digits.

    ``values_in_order`` are the decoded values in the order that ``authParams`` gives (see
    ``auth_params``), a value once for each time its name stands there. UTF-8, nothing between.

    Raises ConfigurationError for an empty CCID or secret.
    Source: kit for PHP 2.0.1, TGMDK_AuthHashUtil.
    """
    _present(merchant_ccid, secret)
    return _sha256(merchant_ccid + "".join(values_in_order) + secret)


def auth_info(merchant_ccid: str, secret: str, made: datetime) -> str:
    """The ``authInfo`` of UnionPay and Alipay results: CCID, time and digest, each in Base64.

    The digest is SHA-256 over CCID, time and secret. It proves who sent it and covers no other
    parameter. In Base64 ``/ + =`` are written ``- _ *``, and dashes stand between the three parts.
    ``made`` is an aware date-time, written in UTC to the millisecond.

    Raises ConfigurationError for an empty CCID or secret, and for a date-time without a zone.
    Source: shop plug-in, UtilService.checkAuthInfo; kit for PHP 2.0.1, getTripartiteAuthHash.
    """
    _present(merchant_ccid, secret)
    if made.tzinfo is None:
        raise ConfigurationError("made must be a date-time with a zone")
    utc = made.astimezone(UTC)
    time = f"{utc:%Y%m%d%H%M%S}{utc.microsecond // 1000:03d}"
    digest = _sha256(merchant_ccid + time + secret)
    return "-".join(_encoded(part) for part in (merchant_ccid, time, digest))


def read_auth_info(text: str) -> AuthInfo:
    """Take an ``authInfo`` apart, without proving it.

    A dash is both the separator and what stands for ``/`` inside a part. Time and digest have one
    length each, so the parts are cut off from the right, and a CCID may hold what it likes.

    Raises MalformedEventError when it is not three parts of the documented form.
    """
    ccid, time, digest = _cut(text)
    parts = AuthInfo(_decoded(ccid), _decoded(time), _decoded(digest))
    if _MADE.fullmatch(parts.made) is None or _DIGEST.fullmatch(parts.digest) is None:
        raise MalformedEventError("the authInfo's time or digest has the wrong form")
    _when(parts.made)
    return parts


def check_auth_info(text: str, merchant_ccid: str, secret: str) -> datetime:
    """Prove an ``authInfo``; return when it was made, in UTC.

    The parameters beside it are proven by nothing: look the order up before goods leave. How old
    it may be is the caller's to say, no document does.

    Raises MalformedEventError (not of the documented form), SignatureError (of another merchant, or
    a wrong digest), ConfigurationError (empty CCID or secret). Messages hold nothing that came.
    """
    _present(merchant_ccid, secret)
    parts = read_auth_info(text)
    if not same(parts.merchant_ccid, merchant_ccid):
        raise SignatureError("the authInfo is of another merchant CCID")
    if not same(parts.digest.lower(), _sha256(merchant_ccid + parts.made + secret)):
        raise SignatureError("the authInfo's digest is not that of its CCID and time")
    return parts.at


def content_hmac(body: bytes, secret: str) -> str:
    """HMAC-SHA256 over the raw body of a PUSH, in 64 lower-case digits; the ``v`` of Content-Hmac.

    ``body`` are the bytes as they came. The key is what the hexadecimal digits of the secret stand
    for, unlike in the three others.

    Raises ConfigurationError for a secret that is not made of pairs of hexadecimal digits.
    Source: kit for PHP 2.0.1, calcHmac.
    """
    if _HEX.fullmatch(secret) is None:
        raise ConfigurationError(
            "the merchant secret key is not made of pairs of hexadecimal digits; was it copied "
            "whole?"
        )
    return hmac.new(bytes.fromhex(secret), body, hashlib.sha256).hexdigest()


def auth_params(text: str) -> tuple[str, ...]:
    """The names, in order, that an ``authParams`` lists; ``v_auth_info`` covers their values.

    It is Base64 of names with commas between, ``= / +`` possibly written ``* - _``, and ``+`` as
    the blank that an undecoded form makes of it.

    Raises MalformedEventError when it is no such list.
    Source: kit for PHP 2.0.1, TGMDK_AuthHashUtil.
    """
    try:
        listed = base64.b64decode(text.translate(_PARAMS_LETTERS), validate=True).decode("ascii")
    except ValueError:
        raise MalformedEventError("authParams is no Base64 of a list of names") from None
    names = tuple(listed.split(","))
    if not all(_NAMES.fullmatch(name) for name in names):
        raise MalformedEventError("authParams is no list of names")
    return names


def same(given: str, expected: str) -> bool:
    """Whether two texts are equal, in a time that does not tell where they differ."""
    return hmac.compare_digest(_utf8(given), _utf8(expected))


def _cut(text: str) -> tuple[str, str, str]:
    digest = text[-_DIGEST_LENGTH:]
    rest = text[:-_DIGEST_LENGTH]
    time = rest[-_MADE_LENGTH - 1 : -1]
    ccid = rest[: -_MADE_LENGTH - 2]
    if not ccid or text != f"{ccid}-{time}-{digest}":
        raise MalformedEventError("the authInfo is not three parts with dashes between")
    return ccid, time, digest


def _encoded(part: str) -> str:
    return base64.b64encode(_utf8(part)).decode("ascii").translate(_OTHER_LETTERS)


def _decoded(part: str) -> str:
    letters = part.translate(_BASE64_LETTERS)
    try:
        found = base64.b64decode(letters, validate=True)
        text = found.decode()
    except ValueError:
        raise MalformedEventError("a part of the authInfo is no Base64 of a text") from None
    if base64.b64encode(found).decode("ascii") != letters:
        # Its last letter has bits that stand for nothing: the same proof could be written anew.
        raise MalformedEventError("a part of the authInfo is not written as Base64 writes it")
    return text


def _when(made: str) -> datetime:
    try:
        whole = datetime.strptime(made[:14], "%Y%m%d%H%M%S")
    except ValueError:
        raise MalformedEventError("the authInfo's time is no date-time") from None
    return whole.replace(microsecond=int(made[14:]) * 1000, tzinfo=UTC)


def _sha256(text: str) -> str:
    return hashlib.sha256(_utf8(text)).hexdigest()


def _utf8(text: str) -> bytes:
    # What came may hold half a surrogate pair; it must make a wrong digest, not an exception.
    return text.encode("utf-8", "surrogatepass")


def _present(merchant_ccid: str, secret: str) -> None:
    # An empty secret is none: whoever knows that it is empty can sign.
    if not merchant_ccid or not secret:
        raise ConfigurationError("merchant_ccid and merchant_secret_key must not be empty")
