"""Who is calling: shop id and password on each call, or an access token fetched with them.

Sources: GMO PG OpenAPI type 1.5.1, APIの認証 (パスワード方式, アクセストークン方式).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kessai.errors import ConfigurationError
from kessai.gateway import Grant, access_token
from kessai.setup import check_credential

if TYPE_CHECKING:
    from collections.abc import Generator, Mapping

    from kessai.commands import Command
    from kessai.gateway import Outgoing
    from kessai_gmo_api import models as m

__all__ = ["AccessTokenAuth", "PasswordAuth"]

DEFAULT_SECONDS = 3600.0
"""How long a token is good for when the answer does not say (有効範囲); a 401 corrects it."""

MARGIN_SECONDS = 60.0
"""How long before its end a token is renewed: clocks differ, and a call takes its time."""

_BEARER = "Bearer "


class PasswordAuth:
    """HTTP Basic with shop id and shop password (RFC 7617).

    Raises ConfigurationError for credentials that cannot be right: empty, not printable ASCII, a
    colon in the shop id. The message never holds them.
    """

    __slots__ = ("_header",)

    def __init__(self, shop_id: str, shop_password: str) -> None:
        from base64 import b64encode

        check_credential("shop_id", shop_id, blanks=True)
        check_credential("shop_password", shop_password, blanks=True)
        if ":" in shop_id:
            raise ConfigurationError("shop_id holds a colon, which ends a user name in HTTP Basic")
        pair = f"{shop_id}:{shop_password}".encode("ascii")
        self._header = {"Authorization": f"Basic {b64encode(pair).decode('ascii')}"}

    @property
    def grant(self) -> None:
        """There are no tokens to fetch."""
        return

    def sign(self, outgoing: Outgoing) -> Generator[Command, Any, Mapping[str, str]]:
        """The same header on every attempt."""
        yield from ()  # it asks for nothing
        return self._header

    def __repr__(self) -> str:
        return "PasswordAuth(***)"


class AccessTokenAuth:
    """A bearer token, fetched with the password (POST /token), renewed in time and after a 401.

    One fetch serves every thread or task that waits for it; the fetch itself always uses the
    password. ``expires_in`` is a string in this API; where it is missing or no number, a token is
    taken to be good for the documented 3600 seconds.
    """

    __slots__ = ("_grant",)

    def __init__(self, shop_id: str, shop_password: str) -> None:
        from kessai_gmo_api import operations

        self._grant = Grant(
            operation=operations.TOKEN,
            request=_token_request,
            auth=PasswordAuth(shop_id, shop_password),
            read=_read,
            margin=MARGIN_SECONDS,
        )

    @property
    def grant(self) -> Grant:
        """How tokens are fetched."""
        return self._grant

    def sign(self, outgoing: Outgoing) -> Generator[Command, Any, Mapping[str, str]]:
        """The token in hand, or another one if the gateway has just refused it.

        The operation ``token`` itself takes the password only (アクセストークン発行).
        """
        if outgoing.url.endswith(self._grant.operation.path):
            return (yield from self._grant.auth.sign(outgoing))
        marks = outgoing.refused
        refused = None if marks is None else marks.get("Authorization", "").removeprefix(_BEARER)
        token = yield from access_token(outgoing, refused)
        return {"Authorization": f"{_BEARER}{token}"}

    def __repr__(self) -> str:
        return "AccessTokenAuth(***)"


def _token_request() -> m.TokenRequest:
    from kessai_gmo_api import models as m

    return m.TokenRequest(grant_type=m.GrantType.CLIENT_CREDENTIALS, scope=m.TokenScope.OPENAPI)


def _read(answer: m.TokenResponse) -> tuple[str, float]:
    """The token and its seconds; an answer without a token is the runtime's to refuse."""
    return answer.access_token or "", _seconds(answer.expires_in)


def _seconds(text: str | None) -> float:
    if text is not None and text.isascii() and text.isdigit() and len(text) <= 6 and int(text) > 0:
        return float(text)
    return DEFAULT_SECONDS
