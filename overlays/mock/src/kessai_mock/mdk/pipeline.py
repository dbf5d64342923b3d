"""The way of one command through the mock: an envelope in, a `result` out.

Every answer of the application is HTTP 200; 500, 502 and 503 come by script alone.
"""

from __future__ import annotations

from typing import Any

from starlette.requests import Request

from ..body import Body
from ..endpoint import Entrance, staged
from ..replies import Reply, compact, encode
from ..scripts import Script
from . import envelope, validation
from .gateway import Gateway
from .results import CODES, RefusalError
from .service import Answer, Call, Service, carry_out, refused, whole

_JSON = (("content-type", "application/json;charset=UTF-8"),)
MEDIA = frozenset({"application/x-www-form-urlencoded", "application/json"})


class Endpoint(Entrance):
    """One command, in live or in dummy mode, as an ASGI application."""

    def __init__(self, gateway: Gateway, service: Service, command: str, *, dummy: bool) -> None:
        super().__init__(gateway, service.operation(command))
        self._gateway = gateway
        self._service = service
        self._command = command
        self._dummy = dummy

    def _labels(self, request: Request) -> dict[str, Any]:
        return {"dummy": self._dummy, "mstatus": None, "vResultCode": None}

    async def _answer(
        self, request: Request, raw: bytes, script: Script | None, entry: dict[str, Any]
    ) -> Reply | None:
        base = str(request.base_url).rstrip("/")

        def process() -> Reply:
            result = self._process(request, raw, base, script)
            entry["mstatus"] = result["result"]["mstatus"]
            entry["vResultCode"] = result["result"]["vResultCode"]
            return Reply(200, _JSON, encode(compact(result)))

        reply = await staged(self._gateway, script, process)
        if script is not None and script.status is not None:
            return self._scripted(script)
        return reply

    def _process(
        self, request: Request, raw: bytes, base: str, script: Script | None
    ) -> dict[str, Any]:
        gateway, service = self._gateway, self._service
        order_id: str | None = None
        with gateway.lock:
            try:
                media = request.headers.get("content-type", "").partition(";")[0].strip().lower()
                if media not in MEDIA:
                    raise RefusalError("ZA01", "Content-Type")
                params = envelope.read(raw, gateway.settings, dummy=self._dummy)
                body = Body(params.data)
                order_id = validation.echoed(body.text("orderId"))
                validation.validate(service.name, service.model(self._command), params.data)
                provider = script.provider if script is not None else None
                return carry_out(
                    Call(gateway, service, self._command, body, self._dummy, base, provider)
                )
            except RefusalError as refusal:
                return whole(gateway, service.name, refused(refusal), order_id, None)
            except Exception as error:
                self._fault(error)
                fault = refused(RefusalError("ZS99"))
                return whole(gateway, service.name, fault, order_id, None)

    def _scripted(self, script: Script) -> Reply:
        status, headers = script.status or 500, tuple(script.headers.items())
        if script.outcome is None:
            return Reply(status, headers, b"")
        answer = Answer(
            mstatus=CODES[script.outcome].mstatus, blocks=(script.outcome,), text=script.detail
        )
        with self._gateway.lock:
            content = whole(self._gateway, self._service.name, answer, None, None)
        return Reply(status, (*_JSON, *headers), encode(compact(content)))
