"""Callbacks and webhooks as the gateway sends them."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from typing import Any

from kessai_gmo import parse_callback, parse_webhook

ACCESS_ID = "62f6b3a890fc74b643f4580b3f999769"
TOKEN = "7f1c2f6e-0d7e-4f0a-9c53-6a8f5f0e2b11"
JSON = {"Content-Type": "application/json"}
EVENTS = [
    "TDS_CHARGE_FINISHED",
    "TDS_VERIFICATION_FINISHED",
    "TDS_FINISHED",
    "WALLET_CHARGE_FINISHED",
    "WALLET_APPROVAL_FINISHED",
    "VERIFICATION_FINISHED",
]


def packed(data: Any, *, padded: bool = True) -> str:
    raw = data if isinstance(data, bytes) else json.dumps(data).encode()
    text = base64.urlsafe_b64encode(raw).decode()
    return text if padded else text.rstrip("=")


def event(name: str = "TDS_CHARGE_FINISHED", **members: Any) -> dict[str, Any]:
    return {"accessId": ACCESS_ID, "event": name, "csrfToken": TOKEN, **members}


def body(name: str = "CASH_PAID", **members: Any) -> bytes:
    return json.dumps(event(name, **members)).encode()


def both(members: dict[str, Any], csrf_token: Any) -> list[Callable[[], object]]:
    """A callback and a webhook that say the same."""
    raw = json.dumps(members).encode()
    return [
        lambda: parse_callback(f"p={packed(members)}", csrf_token=csrf_token),
        lambda: parse_webhook(raw, JSON, csrf_token=csrf_token),
    ]
