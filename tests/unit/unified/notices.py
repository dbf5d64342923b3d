"""Redirects and webhooks as the gateway makes them, by another reading of the rules.

Digests are made here with hashlib and hmac alone, so that a mistake in the package's own signing
does not agree with itself.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from typing import Any
from urllib.parse import urlencode

from tests.unit.unified.scripted import CCID, KEY, ORDER, REFERENCE, whole

WEBHOOK_ID = "01HG79DYJS6MJBN8BRS0HAQ38X"
VALUES = {
    "status": "success",
    "actionCode": "success",
    "resultCode": "UA-000-001",
    "command": "pay",
    "paymentId": "BOOK-1",
    "fepOrderId": ORDER,
    "fepReferenceId": REFERENCE,
}
OWN = {"merchantRequestKey1": "cart-8841", "merchantRequestKey2": "shibuya/2"}


def redirect(
    values: dict[str, str] | None = None,
    names: list[str] | None = None,
    *,
    ccid: str = CCID,
    key: str = KEY,
) -> dict[str, str]:
    """The parameters of a redirect whose digest covers ``names``."""
    values = {**VALUES, **OWN} if values is None else values
    names = [*values, *reversed(values)] if names is None else names
    text = ccid + "".join(values[name] for name in names) + key
    return {
        **values,
        "vAuthInfo": hashlib.sha512(text.encode()).hexdigest(),
        "authParams": base64.b64encode(",".join(names).encode()).decode(),
    }


def query(parameters: dict[str, str]) -> str:
    """A query string."""
    return urlencode(parameters)


def webhook(
    body: dict[str, Any] | bytes | None = None, *, ccid: str = CCID, key: bytes | None = None
) -> tuple[bytes, dict[str, str]]:
    """A webhook's body and headers."""
    if body is None:
        body = notice()
    content = body if isinstance(body, bytes) else json.dumps(body, ensure_ascii=False).encode()
    text = ccid.encode() + content + KEY.encode()
    digest = hmac.new(KEY.encode() if key is None else key, text, "sha512").hexdigest()
    return content, {
        "content-type": "application/json",
        "x-vt-webhook-id": WEBHOOK_ID,
        "x-vt-content-hmac": f"h=HmacSHA512;s={ccid};v={digest}",
    }


def notice(command: str = "pay", code: str = "UA-000-001") -> dict[str, Any]:
    """A webhook's members."""
    blocks = whole(code, "success")
    blocks["transaction"]["command"] = command
    blocks["paymentInstrument"] = {"kind": "balance"}
    return blocks
