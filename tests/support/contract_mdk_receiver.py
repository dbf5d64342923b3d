"""A merchant's receiver around the MDK parsers, and the document that describes it.

OpenAPI has no way to drive webhooks and browser results, so they are turned around: what the spec
says the gateway sends becomes a path of the merchant's own application.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qsl, urlencode

from kessai.errors import ReceiveError, SignatureError
from kessai.stores.memory import MemoryDedupe
from kessai_mdk import Notice, Push, PushReceiver, ResultService, parse_push, parse_result
from kessai_mock.mdk import MERCHANT_CCID, MERCHANT_SECRET_KEY
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

RESULTS, PUSHES = "/results", "/pushes"
NOW = datetime(2026, 1, 5, 1, 0, tzinfo=UTC)  # by the shop's clock
FORM = "application/x-www-form-urlencoded"
SERVICES: dict[str, ResultService] = {
    "mpi": "mpi",
    "carrier": "carrier",
    "oricosc": "oricosc",
    "paypay": "paypay",
    "rakuten": "rakuten",
    "merpay": "merpay",
    "upop": "upop",
    "alipay": "alipay",
}
BY_SENDER = {"upop", "alipay"}
PROOFS = {"vAuthInfo", "authParams", "authInfo"}


class Shop:
    """The application: a path for browsers that come back, and one for PUSHes.

    A genuine one is answered with 200, a forged result with 403, everything else with 4xx.
    `booked` are the notices that were handled, each once. `now` is the shop's clock.
    """

    def __init__(self) -> None:
        self.booked: list[Notice] = []
        self.now = NOW
        self._receiver = PushReceiver(_parse, MemoryDedupe(), name="contract")

    def app(self) -> Starlette:
        """The ASGI application; a result's path ends in the service's name."""
        return Starlette(
            routes=[
                *(
                    Route(f"{RESULTS}/{name}/{service}", self._result, methods=[method])
                    for service in SERVICES
                    for name, method in [("{name}", _method(service))]
                ),
                Route(f"{PUSHES}/{{name}}", self._push, methods=["POST"]),
            ]
        )

    async def _result(self, request: Request) -> Response:
        service = SERVICES[request.url.path.rpartition("/")[2]]
        posted = request.method == "POST"
        received = await request.body() if posted else request.scope["query_string"]
        try:
            came = parse_result(
                received,
                request.headers if posted else None,
                service=service,
                merchant_ccid=MERCHANT_CCID,
                secret=MERCHANT_SECRET_KEY,
                now=self.now,
            )
        except ReceiveError as error:
            status = 403 if isinstance(error, SignatureError) else 400
            return JSONResponse({"error": str(error)}, status_code=status)
        return JSONResponse({"orderId": came.order_id, "status": came.status})

    async def _push(self, request: Request) -> Response:
        body = await request.body()
        result = self._receiver.handle(body, request.headers, self.booked.append)
        return JSONResponse({"outcome": result.outcome}, status_code=result.status)


def _parse(body: bytes, headers: Mapping[str, str]) -> Push:
    return parse_push(
        body,
        headers,
        merchant_ccid=MERCHANT_CCID,
        secret=MERCHANT_SECRET_KEY,
        allow_test=True,
    )


def _method(service: str) -> str:
    return "POST" if service in {"mpi", *BY_SENDER} else "GET"


def receiver_document(document: Mapping[str, Any]) -> dict[str, Any]:
    """The spec's browser results and notices as paths; PayPal's return has nothing to prove."""
    paths: dict[str, Any] = {}
    for path in document["paths"].values():
        for name, keyed in path["post"].get("callbacks", {}).items():
            service = name.removesuffix("Return")
            for item in keyed.values():
                for method, operation in item.items():
                    if service in SERVICES:
                        place = f"{RESULTS}/{operation['operationId']}/{service}"
                        paths[place] = {method: _answered(operation)}
    for name, item in document["webhooks"].items():
        paths[f"{PUSHES}/{name}"] = {"post": _answered(item["post"])}
    return {
        "openapi": "3.1.0",
        "info": {"title": "A merchant's receiver", "version": "1"},
        "paths": paths,
        "components": document["components"],
    }


def _answered(operation: Mapping[str, Any]) -> dict[str, Any]:
    refused = {str(status): {"description": "refused"} for status in (400, 401, 403, 404, 405)}
    described = {**operation, "responses": {"200": {"description": "taken"}, **refused}}
    if "requestBody" in operation:
        # As JSON: of members that are all optional texts, no form can be made that is wrong.
        (content,) = operation["requestBody"]["content"].values()
        described["requestBody"] = {"required": True, "content": {"application/json": content}}
    return described


# What the gateway does, by another reading of the rules than the client's and the mock's.


def _sha256(*parts: str) -> str:
    text = "".join([MERCHANT_CCID, *parts, MERCHANT_SECRET_KEY])
    return hashlib.sha256(text.encode()).hexdigest()


def proven(values: Mapping[str, str], names: Sequence[str]) -> dict[str, str]:
    """A result whose vAuthInfo covers `names` in this order."""
    listed = base64.b64encode(",".join(names).encode()).decode()
    digest = _sha256(*[values[name] for name in names])
    return {**values, "vAuthInfo": digest, "authParams": listed}


def sent_by(values: Mapping[str, str], made: datetime = NOW) -> dict[str, str]:
    """A result whose authInfo was made then."""
    moment = f"{made:%Y%m%d%H%M%S}{made.microsecond // 1000:03}"
    parts = (MERCHANT_CCID, moment, _sha256(moment))
    told = [base64.b64encode(part.encode()).decode() for part in parts]
    return {**values, "authInfo": "-".join(told).translate(str.maketrans("/+=", "-_*"))}


def core(service: str) -> tuple[str, str]:
    """The members without which a result says nothing of an order."""
    return ("OrderId", "mpiMstatus") if service == "mpi" else ("orderId", "mstatus")


def genuine_result(service: str, text: str) -> bool:
    """Whether a form or query is what the gateway made: what the parser has to find out.

    For what is proven by vAuthInfo only; of a name twice, of yen that are none, it knows too.
    """
    pairs = parse_qsl(text, keep_blank_values=True)
    values = dict(pairs)
    if len(values) != len(pairs) or not {"vAuthInfo", "authParams"} <= set(values):
        return False
    try:
        names = base64.b64decode(values["authParams"], validate=True).decode().split(",")
    except ValueError:
        return False
    if not set(core(service)) <= set(names) <= set(values):
        return False
    return values["vAuthInfo"] == _sha256(*[values[name] for name in names])


def bundle(*records: Mapping[str, str], push_id: str = "100", fixed: str | None = None) -> bytes:
    """A PUSH's body of these records, as they stand in the spec: without their numbers."""
    head = {"numberOfNotify": str(len(records)), "pushTime": "20260105100000", "pushId": push_id}
    if fixed is not None:
        head["fixed"] = fixed
    numbered = {
        f"{name}{index:04}": value
        for index, record in enumerate(records)
        for name, value in record.items()
    }
    return urlencode({**head, **numbered}).encode()


def mark(body: bytes) -> dict[str, str]:
    """The headers of a PUSH with this body."""
    digest = hmac.new(bytes.fromhex(MERCHANT_SECRET_KEY), body, hashlib.sha256).hexdigest()
    return {"content-type": FORM, "content-hmac": f"h=HmacSHA256;s={MERCHANT_CCID};v={digest}"}


def as_texts(members: Mapping[str, Any]) -> dict[str, str]:
    """Generated members as a form can carry them."""
    return {
        name: value if isinstance(value, str) else json.dumps(value)
        for name, value in members.items()
    }
