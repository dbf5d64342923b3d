"""A merchant's receiver around the Unified parsers, and the document that describes it.

OpenAPI has no way to drive webhooks and redirects, so they are turned around: what the spec says
the gateway sends becomes a path of the merchant's own application.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import parse_qsl, urlencode

from kessai.errors import ReceiveError, SignatureError
from kessai.receive import Receiver
from kessai.stores.memory import MemoryDedupe
from kessai_mock.unified import MERCHANT_CCID, MERCHANT_KEY
from kessai_unified import Webhook, dedupe_key, parse_redirect, parse_webhook
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

REDIRECTS, WEBHOOKS = "/redirects", "/webhooks"
PAYMENT_ID = "BOOK-1"  # what every consumer of this merchant has applied with
CORE = (
    "status", "actionCode", "resultCode", "command", "paymentId", "fepOrderId", "fepReferenceId",
)  # fmt: skip
OWN = ("merchantRequestKey1", "merchantRequestKey2")


class Shop:
    """The application: a GET for browsers that come back, a POST for notices.

    A genuine one is answered with 200, a forged redirect with 403, everything else with 4xx.
    `booked` are the notices that were handled, each number once.
    """

    def __init__(self) -> None:
        self.booked: list[Webhook] = []
        self._receiver = Receiver(_parse, MemoryDedupe(), key=dedupe_key, name="contract")

    def app(self) -> Starlette:
        """The ASGI application."""
        return Starlette(
            routes=[
                Route(f"{REDIRECTS}/{{name}}", self._redirect, methods=["GET"]),
                Route(f"{WEBHOOKS}/{{name}}", self._webhook, methods=["POST"]),
            ]
        )

    async def _redirect(self, request: Request) -> Response:
        payment_id = request.headers.get("x-session", PAYMENT_ID)
        try:
            came = parse_redirect(
                request.scope["query_string"],
                merchant_ccid=MERCHANT_CCID,
                merchant_key=MERCHANT_KEY,
                payment_id=payment_id,
            )
        except ReceiveError as error:
            status = 403 if isinstance(error, SignatureError) else 400
            return JSONResponse({"error": str(error)}, status_code=status)
        return JSONResponse({"resultCode": str(came.result_code)})

    async def _webhook(self, request: Request) -> Response:
        body = await request.body()
        result = self._receiver.handle(body, request.headers, self.booked.append)
        return JSONResponse({"outcome": result.outcome}, status_code=result.status)


def _parse(body: bytes, headers: Mapping[str, str]) -> Webhook:
    return parse_webhook(body, headers, merchant_ccid=MERCHANT_CCID, merchant_key=MERCHANT_KEY)


def receiver_document(document: Mapping[str, Any]) -> dict[str, Any]:
    """The spec's redirects and its webhook as paths."""
    paths: dict[str, Any] = {}
    for path in document["paths"].values():
        for callbacks in path["post"].get("callbacks", {}).values():
            for item in callbacks.values():
                operation = item["get"]
                paths[f"{REDIRECTS}/{operation['operationId']}"] = {"get": _answered(operation)}
    for name, item in document["webhooks"].items():
        paths[f"{WEBHOOKS}/{name}"] = {"post": _answered(item["post"])}
    return {
        "openapi": "3.1.0",
        "info": {"title": "A merchant's receiver", "version": "1"},
        "paths": paths,
        "components": document["components"],
    }


def _answered(operation: Mapping[str, Any]) -> dict[str, Any]:
    refused = {str(status): {"description": "refused"} for status in (400, 401, 403, 405)}
    return {**operation, "responses": {"200": {"description": "taken"}, **refused}}


# What the gateway does, by another reading of the rules than the client's and the mock's.


def digest(values: Sequence[str]) -> str:
    """The vAuthInfo of some values."""
    return hashlib.sha512("".join([MERCHANT_CCID, *values, MERCHANT_KEY]).encode()).hexdigest()


def proven(values: Mapping[str, str], names: Sequence[str]) -> dict[str, str]:
    """The parameters of a redirect whose digest covers `names` in this order."""
    listed = base64.b64encode(",".join(names).encode()).decode()
    signed = digest([values[name] for name in names])
    return {**values, "vAuthInfo": signed, "authParams": listed}


def query(parameters: Mapping[str, str]) -> str:
    """A query string."""
    return urlencode(parameters)


def genuine_redirect(text: str, payment_id: str = PAYMENT_ID) -> bool:
    """Whether a query is a whole redirect for the payment: what the parser has to find out."""
    pairs = parse_qsl(text, keep_blank_values=True)
    values = dict(pairs)
    known = [name for name, _ in pairs if name in {*CORE, *OWN, "vAuthInfo", "authParams"}]
    if len(set(known)) != len(known) or not {*CORE, "vAuthInfo", "authParams"} <= set(known):
        return False
    try:
        names = base64.b64decode(values["authParams"], validate=True).decode().split(",")
    except ValueError:
        return False
    if not set(CORE) <= set(names) <= {*CORE, *OWN} or not set(names) <= set(values):
        return False
    proof = digest([values[name] for name in names])
    return values["vAuthInfo"] == proof and values["paymentId"] == payment_id


def mark(content: bytes, number: str = "01HG79DYJS6MJBN8BRS0HAQ38X") -> dict[str, str]:
    """The headers of a webhook with this body."""
    text = MERCHANT_CCID.encode() + content + MERCHANT_KEY.encode()
    signed = hmac.new(MERCHANT_KEY.encode(), text, hashlib.sha512).hexdigest()
    return {
        "content-type": "application/json",
        "x-vt-webhook-id": number,
        "x-vt-content-hmac": f"h=HmacSHA512;s={MERCHANT_CCID};v={signed}",
    }


def is_notice(content: bytes) -> bool:
    """Whether a body is one JSON object with the members a notice cannot do without."""
    try:
        body: Any = json.loads(content.decode())
        return (
            isinstance(body["result"]["status"], str)
            and isinstance(body["result"]["resultCode"], str)
            and isinstance(body["transaction"]["command"], str)
        )
    except (ValueError, KeyError, TypeError):
        return False
