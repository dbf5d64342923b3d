"""A merchant's receiver around the client's parsers, and the document that describes it.

OpenAPI has no way to drive webhooks and callbacks, so they are turned around: what the spec
says the gateway sends becomes a path of the merchant's own application.
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Mapping
from typing import Any

from kessai.errors import CsrfTokenError, ReceiveError
from kessai_gmo import parse_callback, parse_webhook
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tests.support.contract_bodies import CSRF

CALLBACKS, WEBHOOKS, PACKED = "/callbacks", "/webhooks", "/packed"
_ACCESS_ID = re.compile("[0-9A-Za-z]{32}")
_EVENT = re.compile("[!-~]{1,64}")


def receiver() -> Starlette:
    """The application: a GET for browsers that come back, a POST for notices.

    A genuine event is answered with 200 and its name. Forged ones get 403, others 400.
    """

    async def callback(request: Request) -> Response:
        query: bytes = request.scope["query_string"]
        try:
            event = parse_callback(query, csrf_token=CSRF)
        except ReceiveError as error:
            return _refusal(error)
        return JSONResponse({"event": str(event.event)})

    async def webhook(request: Request) -> Response:
        try:
            event = parse_webhook(
                await request.body(), request.headers, csrf_token=lambda access_id: CSRF
            )
        except ReceiveError as error:
            return _refusal(error)
        return JSONResponse({"event": str(event.event)})

    return Starlette(
        routes=[
            Route(f"{CALLBACKS}/{{name}}", callback, methods=["GET"]),
            Route(f"{WEBHOOKS}/{{name}}", webhook, methods=["POST"]),
        ]
    )


def _refusal(error: ReceiveError) -> Response:
    status = 403 if isinstance(error, CsrfTokenError) else 400
    return JSONResponse({"error": str(error)}, status_code=status)


def receiver_document(document: Mapping[str, Any]) -> dict[str, Any]:
    """The spec's callbacks and webhooks as paths.

    Each callback stands twice: once as it is, with `p` as a text, and once under /packed with
    the object that `p` holds as its body; `packed` brings the latter into the former's shape.
    """
    paths: dict[str, Any] = {}
    for path in document["paths"].values():
        for callbacks in path["post"].get("callbacks", {}).values():
            for item in callbacks.values():
                operation = item["get"]
                name = operation["operationId"]
                paths[f"{CALLBACKS}/{name}"] = {"get": _answered(operation)}
                paths[f"{PACKED}/{name}"] = {"post": _answered(_unpacked(operation, document))}
    for name, item in document["webhooks"].items():
        paths[f"{WEBHOOKS}/{name}"] = {"post": _answered(item["post"])}
    return {
        "openapi": "3.1.0",
        "info": {"title": "A merchant's receiver", "version": "1"},
        "paths": paths,
        "components": {"schemas": document["components"]["schemas"]},
    }


def _answered(operation: Mapping[str, Any]) -> dict[str, Any]:
    refused = {str(status): {"description": "refused"} for status in (400, 403, 405)}
    return {**operation, "responses": {"200": {"description": "taken"}, **refused}}


def _unpacked(operation: Mapping[str, Any], document: Mapping[str, Any]) -> dict[str, Any]:
    (parameter,) = operation["parameters"]
    whole = document["components"]["schemas"][parameter["schema"]["$ref"].rpartition("/")[2]]
    return {
        "operationId": f"packed-{operation['operationId']}",
        "requestBody": {
            "required": True,
            "content": {"application/json": {"schema": whole["contentSchema"]}},
        },
    }


def packed(content: bytes, *, padding: bool) -> str:
    """The query with which a browser brings an object back."""
    text = base64.urlsafe_b64encode(content).decode()
    return "p=" + (text.replace("=", "%3D") if padding else text.rstrip("="))


def genuine(content: bytes) -> bool:
    """Whether bytes are an event with our token: what the parsers have to find out, said anew.

    An event name the spec does not know is genuine: the gateway may add one at any time.
    """

    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        if len({name for name, _ in pairs}) != len(pairs):
            raise ValueError
        return dict(pairs)

    def nothing(name: str) -> None:
        raise ValueError(name)

    try:
        event: Any = json.loads(
            content.decode("utf-8"), object_pairs_hook=once, parse_constant=nothing
        )
    except (ValueError, RecursionError):
        return False
    return (
        event.__class__ is dict
        and _matches(_ACCESS_ID, event.get("accessId"))
        and _matches(_EVENT, event.get("event"))
        and event.get("csrfToken") == CSRF
    )


def _matches(pattern: re.Pattern[str], value: object) -> bool:
    return isinstance(value, str) and pattern.fullmatch(value) is not None
