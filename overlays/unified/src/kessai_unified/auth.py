"""Who is calling: a bearer token, or an HMAC over the exact bytes sent.

Source: VeriTrans4G Unified API 1.1.1 RC, 決済リクエストの認証について. A request that carries
both is treated as Bearer by the gateway, without a word; a client therefore has one of them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kessai.errors import ConfigurationError
from kessai.setup import check_credential

if TYPE_CHECKING:
    from collections.abc import Generator, Mapping

    from kessai.commands import Command
    from kessai.gateway import Outgoing

    from .signing import KeyEncoding

__all__ = ["CONTENT_HMAC", "BearerAuth", "HmacAuth", "auth_from"]

CONTENT_HMAC = "X-VT-Content-hmac"


class BearerAuth:
    """A token made in MAP, which also says until when it is good. It is not renewed here.

    Raises ConfigurationError for a token that cannot be one; the message never holds it.
    """

    __slots__ = ("_header",)

    def __init__(self, bearer_token: str) -> None:
        check_credential("bearer_token", bearer_token)
        self._header = {"Authorization": f"Bearer {bearer_token}"}

    @property
    def grant(self) -> None:
        """There are no tokens to fetch: MAP makes them."""
        return

    def sign(self, outgoing: Outgoing) -> Generator[Command, Any, Mapping[str, str]]:
        """The same header on every attempt."""
        yield from ()  # it asks for nothing
        _alone(outgoing)
        return self._header

    def __repr__(self) -> str:
        return "BearerAuth(***)"


class HmacAuth:
    """CCID, and a digest over the final bytes of each attempt made with the merchant key.

    Raises ConfigurationError for credentials that cannot be right; the message never holds them.
    """

    __slots__ = ("_ccid", "_encoding", "_key")

    def __init__(
        self, merchant_ccid: str, merchant_key: str, *, key_encoding: KeyEncoding = "utf-8"
    ) -> None:
        check_credential("merchant_ccid", merchant_ccid)
        check_credential("merchant_key", merchant_key)
        if ";" in merchant_ccid:
            raise ConfigurationError(
                f"merchant_ccid holds a semicolon, which ends it in {CONTENT_HMAC}"
            )
        from .signing import content_hmac

        content_hmac(merchant_ccid, b"", merchant_key, key_encoding=key_encoding)
        self._ccid = merchant_ccid
        self._key = merchant_key
        self._encoding: KeyEncoding = key_encoding

    @property
    def grant(self) -> None:
        """There are no tokens."""
        return

    def sign(self, outgoing: Outgoing) -> Generator[Command, Any, Mapping[str, str]]:
        """The digest over exactly the bytes that leave."""
        from .signing import content_hmac

        yield from ()
        _alone(outgoing)
        digest = content_hmac(self._ccid, outgoing.content, self._key, key_encoding=self._encoding)
        return {CONTENT_HMAC: f"h=HmacSHA512;s={self._ccid};v={digest}"}

    def __repr__(self) -> str:
        return "HmacAuth(***)"


def auth_from(
    bearer_token: str | None,
    merchant_ccid: str | None,
    merchant_key: str | None,
    key_encoding: KeyEncoding,
) -> BearerAuth | HmacAuth:
    """The auth that the credentials mean. Raises ConfigurationError for none, half or both."""
    if key_encoding not in ("utf-8", "hex"):
        raise ConfigurationError('hmac_key_encoding must be "utf-8" or "hex"')
    if bearer_token is not None:
        if merchant_key is not None:
            raise ConfigurationError(
                "pass bearer_token, or merchant_ccid and merchant_key, not both: the gateway would "
                "silently take the token (parse_redirect and parse_webhook take CCID and key "
                "themselves)"
            )
        return BearerAuth(bearer_token)
    if merchant_ccid is None or merchant_key is None:
        raise ConfigurationError(
            "credentials are missing: pass bearer_token, or merchant_ccid and merchant_key "
            "(both stand in MAP)"
        )
    return HmacAuth(merchant_ccid, merchant_key, key_encoding=key_encoding)


def _alone(outgoing: Outgoing) -> None:
    """Refuse a mark of the caller's own: two of them, and only one would count."""
    if any(name.lower() == CONTENT_HMAC.lower() for name in outgoing.headers):
        raise ConfigurationError(f"header {CONTENT_HMAC!r} is the client's own; leave it out")
