"""Who is calling: Basic with shop id and password, or Bearer with a token from /token."""

from __future__ import annotations

import base64
import binascii
from datetime import datetime, timedelta

from ..clock import Clock
from ..ids import Ids
from .problem import ProblemError
from .settings import Settings


def _unauthorized() -> ProblemError:
    return ProblemError(
        "unauthorized_request",
        "The credentials are not accepted.",
        headers={"WWW-Authenticate": 'Basic realm="kessai-mock"'},
    )


class Auth:
    """Checks credentials and issues access tokens that expire by the virtual clock."""

    def __init__(self, settings: Settings, clock: Clock, ids: Ids) -> None:
        self._settings = settings
        self._clock = clock
        self._ids = ids
        self._tokens: dict[str, tuple[str, datetime]] = {}

    def shop_of(self, header: str | None, *, tokens: bool = True) -> str:
        """The shop id behind an Authorization header. Raises ProblemError, 401.

        `tokens` False is /token itself, which takes the password only.
        """
        scheme, _, credentials = (header or "").partition(" ")
        credentials = credentials.strip()
        if scheme.lower() == "basic":
            return self._password(credentials)
        if scheme.lower() == "bearer" and tokens:
            return self._token(credentials)
        raise _unauthorized()

    def _password(self, credentials: str) -> str:
        try:
            decoded = base64.b64decode(credentials, validate=True).decode()
        except (binascii.Error, ValueError):
            raise _unauthorized() from None
        shop_id, colon, password = decoded.partition(":")
        if not colon or not shop_id or not password:
            raise _unauthorized()
        if self._settings.shop_id not in (None, shop_id):
            raise _unauthorized()
        if self._settings.shop_password not in (None, password):
            raise _unauthorized()
        return shop_id

    def _token(self, token: str) -> str:
        shop_id, until = self._tokens.get(token, ("", self._clock.now))
        if self._clock.now >= until:
            raise _unauthorized()
        return shop_id

    def issue(self, shop_id: str) -> str:
        """A new token of 68 characters; older ones stay good until their own end."""
        milliseconds = str(int(self._clock.now.timestamp() * 1000)).zfill(13)
        text = f"{self._ids.uuid('token')}:{milliseconds}"
        token = base64.b64encode(text.encode()).decode()
        until = self._clock.now + timedelta(seconds=self._settings.token_seconds)
        self._tokens[token] = (shop_id, until)
        return token
