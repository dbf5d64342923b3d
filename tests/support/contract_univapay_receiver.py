"""A merchant's receiver around the UnivaPay parser, and the document that describes it.

OpenAPI has no way to drive webhooks, so they are turned around: what the spec says the gateway
sends becomes a path of the merchant's own application.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from kessai.receive import Receiver
from kessai.stores.memory import MemoryDedupe
from kessai_univapay import Event, dedupe_key, parse_webhook
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tests.support.contract_univapay_mock import AUTH_TOKEN

WEBHOOKS = "/webhooks"


class Shop:
    """The application: a POST for notices.

    A genuine one is answered with 200, a forged one with 401, everything else with 4xx. ``booked``
    are the notices that were handled, each once.
    """

    def __init__(self, *, allow_test: bool = True) -> None:
        self.booked: list[Event] = []
        self.allow_test = allow_test
        self._receiver = Receiver(self._parse, MemoryDedupe(), key=dedupe_key, name="contract")

    def app(self) -> Starlette:
        """The ASGI application."""
        return Starlette(routes=[Route(f"{WEBHOOKS}/{{name}}", self._webhook, methods=["POST"])])

    async def _webhook(self, request: Request) -> Response:
        body = await request.body()
        result = self._receiver.handle(body, request.headers, self.booked.append)
        return JSONResponse({"outcome": result.outcome}, status_code=result.status)

    def _parse(self, body: bytes, headers: Mapping[str, str]) -> Event:
        return parse_webhook(body, headers, auth_token=AUTH_TOKEN, allow_test=self.allow_test)


def receiver_document(document: Mapping[str, Any]) -> dict[str, Any]:
    """The spec's webhooks as paths."""
    refused = {str(status): {"description": "refused"} for status in (400, 401, 405)}
    responses = {"200": {"description": "taken"}, **refused}
    paths: dict[str, Any] = {}
    for name, item in document["webhooks"].items():
        operation = item["post"]
        paths[f"{WEBHOOKS}/{name}"] = {"post": {**operation, "responses": responses}}
    return {
        "openapi": "3.1.0",
        "info": {"title": "A merchant's receiver", "version": "1"},
        "paths": paths,
        "components": document["components"],
    }


def is_notice(content: bytes) -> bool:
    """Whether a body is one JSON object with the members a notice cannot do without."""
    try:
        body: Any = json.loads(content.decode())
        return isinstance(body["event"], str) and isinstance(body["data"], dict)
    except (ValueError, KeyError, TypeError):
        return False
