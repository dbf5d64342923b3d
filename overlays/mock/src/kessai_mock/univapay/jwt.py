"""App tokens: JWTs signed with HS256 that say whose they are, of which store and mode.

Document: facts, Authentication; claims as in the official PHP library's test.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import uuid
from collections.abc import Iterable
from typing import Any, Literal, cast

from .settings import MERCHANT_ID, STORE_ID

_KEY = b"a key of the mock's own, which nobody has to know"
_ISSUED = 1767574800  # the mock's clock when it starts


def app_token(
    *,
    store_id: str | None = STORE_ID,
    merchant_id: str = MERCHANT_ID,
    mode: Literal["test", "live"] = "test",
    domains: Iterable[str] = (),
    key: bytes = _KEY,
    **claims: Any,
) -> str:
    """An app token the mock lets in; with `store_id=None` a merchant's.

    The same arguments make the same token. `claims` are put beside the others, or in place of
    them. A token of live mode is let in only where the settings name it.
    """
    said: dict[str, Any] = {
        "sub": "app_token",
        "iat": _ISSUED,
        "merchant_id": merchant_id,
        "store_id": store_id,
        "domains": list(domains),
        "mode": mode,
        "creator_id": merchant_id,
        "version": 1,
        "jti": str(uuid.uuid5(uuid.UUID(merchant_id), f"{store_id} {mode}")),
        **claims,
    }
    said = {name: value for name, value in said.items() if value is not None}
    signed = f"{_part({'typ': 'JWT', 'alg': 'HS256'})}.{_part(said)}"
    return f"{signed}.{_encoded(hmac.digest(key, signed.encode(), hashlib.sha256))}"


def claims_of(token: str) -> dict[str, Any]:
    """The claims of an app token. Raises ValueError for what is no JWT signed with HS256.

    Whose key signed it cannot be told: the gateway's own is nobody's to know.
    """
    parts = token.split(".")
    if len(parts) != 3:
        raise ValueError("an app token has three parts")
    head, claims = _object(parts[0]), _object(parts[1])
    if head.get("alg") != "HS256" or len(_decoded(parts[2])) != hashlib.sha256().digest_size:
        raise ValueError("an app token is signed with HS256")
    return claims


def _part(members: dict[str, Any]) -> str:
    return _encoded(json.dumps(members, separators=(",", ":")).encode())


def _encoded(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _decoded(part: str) -> bytes:
    return base64.b64decode(part + "=" * (-len(part) % 4), altchars=b"-_", validate=True)


def _object(part: str) -> dict[str, Any]:
    members: object = json.loads(_decoded(part))
    if not isinstance(members, dict):
        raise ValueError("a part of an app token is an object")
    return cast("dict[str, Any]", members)
