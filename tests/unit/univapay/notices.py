"""Webhooks as UnivaPay sends them: body and headers, in every form that is documented."""

from __future__ import annotations

import json
from typing import Any

from tests.unit.univapay.scripted import charge_of

AUTH = "s3cret-of-this-webhook"
NOTICE = "11ed0aaa-0000-0000-0000-000000000001"


def notice(
    event: str = "charge_finished", data: dict[str, Any] | None = None, **members: Any
) -> dict[str, Any]:
    """A notice in the short form: event and data."""
    shown = charge_of("successful", mode="live") if data is None else data
    return {"event": event, "data": shown, **members}


def numbered(event: str = "charge_finished", **members: Any) -> dict[str, Any]:
    """The long form: with the notice's number and time."""
    return {"id": NOTICE, "created_on": "2026-01-05T01:00:09.000000Z", **notice(event, **members)}


def webhook(body: Any = None, auth: str | None = AUTH) -> tuple[bytes, dict[str, str]]:
    """What arrives: raw bytes and headers."""
    content = body if isinstance(body, bytes) else json.dumps(body or notice()).encode()
    headers = {"content-type": "application/json", "user-agent": "UnivaPay"}
    if auth is not None:
        headers["authorization"] = auth
    return content, headers
