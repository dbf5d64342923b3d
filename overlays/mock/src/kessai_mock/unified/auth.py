"""Who is calling: Bearer with a token, or an HMAC over the body; Bearer counts if both are there.

Document: Unified API 1.1.1, authentication.
"""

from __future__ import annotations

from collections.abc import Mapping

from . import signing
from .results import ResultError
from .settings import Settings

CONTENT_HMAC = "x-vt-content-hmac"


class Auth:
    """Checks the credentials of one merchant."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    def check(self, headers: Mapping[str, str], body: bytes) -> None:
        """Let the request in, or raise ResultError UA-REQ-008."""
        settings, token = self._settings, headers.get("authorization")
        signature = headers.get(CONTENT_HMAC)
        if token is not None:
            scheme, _, credentials = token.partition(" ")
            known = settings.tokens is None or credentials.strip() in settings.tokens
            if scheme.lower() == "bearer" and credentials.strip() and known:
                return
        elif signature is not None and signing.is_signed(
            signature, settings.merchant_ccid, body, settings.merchant_key, settings.key_encoding
        ):
            return
        raise ResultError("UA-REQ-008")
