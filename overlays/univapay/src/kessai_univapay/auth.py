"""Who is calling: an app token (a JWT) and its secret.

The token is made in UnivaPay's console, for one store or for a merchant. It says itself whether it
moves money: its claim ``mode`` is ``test`` or ``live``, and both live on the same host.

Source: PyPI univapay-client-sdk 1.2.3 (the header), univapay-php-sdk ``AppJWTTest`` (the claims).
"""

from __future__ import annotations

import json
import re
from base64 import urlsafe_b64decode
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, cast

from kessai.errors import ConfigurationError
from kessai.setup import check_credential

if TYPE_CHECKING:
    from collections.abc import Generator, Mapping

    from kessai.commands import Command
    from kessai.gateway import Outgoing

__all__ = ["AppToken", "AppTokenAuth", "Mode", "read_app_token"]

Mode = Literal["test", "live"]

_PART = re.compile(r"[0-9A-Za-z_-]+")
_LIMIT = 8192  # characters; the ones seen have under 500
_ID_LIMIT = 100  # characters of an id; the ones seen are UUIDs


class AppToken(NamedTuple):
    """What an app token says about itself. Nothing here is secret.

    ``store_id`` is None for a merchant's token, which reads across stores and makes no transaction
    tokens. ``domains`` are where a browser may use it; ``token_id`` its own number (``jti``).
    """

    mode: Mode
    store_id: str | None
    merchant_id: str | None
    domains: tuple[str, ...]
    token_id: str | None


class AppTokenAuth:
    """``Authorization: Bearer <secret>.<app token>`` on every attempt.

    Raises ConfigurationError for credentials that cannot be right; the message never holds them.
    """

    __slots__ = ("_header",)

    def __init__(self, app_token: str, app_secret: str) -> None:
        check_credential("app_token", app_token)
        check_credential("app_secret", app_secret)
        if "." in app_secret:
            raise ConfigurationError(
                "app_secret holds a dot, which would end it in the header; "
                "were app_token and app_secret exchanged?"
            )
        self._header = {"Authorization": f"Bearer {app_secret}.{app_token}"}

    @property
    def grant(self) -> None:
        """There are no tokens to fetch: the console makes them."""
        return

    def sign(self, outgoing: Outgoing) -> Generator[Command, Any, Mapping[str, str]]:
        """The same header on every attempt."""
        yield from ()  # it asks for nothing
        return self._header

    def __repr__(self) -> str:
        return "AppTokenAuth(***)"


def read_app_token(app_token: str) -> AppToken:
    """Read the claims of an app token: its mode, store and merchant.

    Its signature is not checked: only the gateway has the key. Raises ConfigurationError for what
    is no app token; the message never shows it.
    """
    check_credential("app_token", app_token)
    parts = app_token.split(".")
    if (
        len(app_token) > _LIMIT
        or len(parts) != 3
        or not all(_PART.fullmatch(part) for part in parts)
    ):
        raise ConfigurationError(
            "app_token is no JWT of three parts joined by dots; copy it whole from the console "
            "(the secret beside it is app_secret)"
        )
    claims = _claims(parts[1])
    if claims.get("sub") != "app_token":
        raise ConfigurationError("app_token is a JWT of another kind: its sub is not app_token")
    mode = claims.get("mode")
    if mode not in ("test", "live"):
        raise ConfigurationError("app_token does not say whether its mode is test or live")
    domains: Any = claims.get("domains")
    return AppToken(
        mode,
        _text(claims, "store_id"),
        _text(claims, "merchant_id"),
        tuple(str(name) for name in domains) if isinstance(domains, list) else (),  # pyright: ignore[reportUnknownArgumentType, reportUnknownVariableType]
        _text(claims, "jti"),
    )


def _claims(part: str) -> dict[str, Any]:
    try:
        parsed: Any = json.loads(urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    except (ValueError, RecursionError):
        parsed = None
    if not isinstance(parsed, dict):
        raise ConfigurationError("app_token's middle part holds no claims; was it copied whole?")
    return cast("dict[str, Any]", parsed)


def _text(claims: Mapping[str, Any], name: str) -> str | None:
    """An id, or None; it goes into paths and into the names of journals."""
    value = claims.get(name)
    if not isinstance(value, str) or not value:
        return None
    if len(value) > _ID_LIMIT or not _PART.fullmatch(value):
        raise ConfigurationError(f"app_token's {name} is no id")
    return value
