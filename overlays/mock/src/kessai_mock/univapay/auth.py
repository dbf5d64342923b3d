"""Who is calling: the app token and its secret.

Document: facts, Authentication. Which of the codes a mistake gets is assumed where the facts
do not say; the README lists it.
"""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from typing import NamedTuple
from urllib.parse import urlsplit

from .jwt import claims_of
from .problems import ProblemError
from .settings import MERCHANT_ID, Settings


class Caller(NamedTuple):
    """Whose app token it was: a store's, or without `store_id` a merchant's.

    `secret`: whether the secret came with it, as a server sends it and a browser does not.
    """

    merchant_id: str
    store_id: str | None
    mode: str
    secret: bool


def caller_of(settings: Settings, headers: Mapping[str, str]) -> Caller:
    """The caller of a request.

    Raises ProblemError 401: AUTH_HEADER_MISSING; INVALID_APP_TOKEN for what is no app token, or
    none that is let in; INVALID_CREDENTIALS for another secret; INVALID_DOMAIN for a browser on
    a page the app token does not name.
    """
    header = headers.get("authorization")
    if header is None:
        raise ProblemError("AUTH_HEADER_MISSING")
    scheme, _, credentials = header.partition(" ")
    if scheme.lower() != "bearer":
        raise ProblemError("INVALID_APP_TOKEN")
    # A JWT has two dots of its own; a third stands behind the secret.
    secret, dot, token = (
        credentials.partition(".") if credentials.count(".") == 3 else ("", "", credentials)
    )
    caller = _read(settings, token, secret=bool(dot), origin=headers.get("origin"))
    if dot and not secret:
        raise ProblemError("INVALID_CREDENTIALS")
    if dot and settings.secret is not None and not _same(secret, settings.secret):
        raise ProblemError("INVALID_CREDENTIALS")
    return caller


def _read(settings: Settings, token: str, *, secret: bool, origin: str | None) -> Caller:
    try:
        claims = claims_of(token)
    except (ValueError, RecursionError):
        raise ProblemError("INVALID_APP_TOKEN") from None
    mode, domains = claims.get("mode"), claims.get("domains")
    known = settings.app_tokens
    admitted = mode == "test" if known is None else any(_same(token, one) for one in known)
    if claims.get("sub") != "app_token" or mode not in {"test", "live"} or not admitted:
        raise ProblemError("INVALID_APP_TOKEN")
    if origin is not None and not secret and isinstance(domains, list) and domains:
        host = urlsplit(origin).hostname
        if host not in domains:
            raise ProblemError("INVALID_DOMAIN")
    merchant, store = claims.get("merchant_id"), claims.get("store_id")
    return Caller(
        merchant if isinstance(merchant, str) and merchant else MERCHANT_ID,
        store if isinstance(store, str) and store else None,
        str(mode),
        secret,
    )


def _same(one: str, other: str) -> bool:
    return hmac.compare_digest(one.encode(), other.encode())
