"""The way of one message through the mock: verified, checked, carried out, signed.

Every answer of the application is HTTP 200; other statuses come by script alone, unsigned.
"""

from __future__ import annotations

import re
from contextlib import suppress
from typing import Any

from starlette.requests import Request
from starlette.types import Receive, Scope, Send

from ..body import parsed
from ..endpoint import Entrance, staged
from ..faults import hang_up
from ..replies import Reply, compact, encode
from ..scripts import Script
from . import rules, signatures
from .gateway import Gateway
from .history import said
from .rules import RefusalError
from .simulation import Lost

_JSON = (("content-type", "application/json"),)
_REQUEST_ID = re.compile("[0-9A-Za-z]{1,32}")


class Endpoint(Entrance):
    """One operation as an ASGI application."""

    def __init__(self, gateway: Gateway, operation: str) -> None:
        super().__init__(gateway, operation)
        self._gateway = gateway

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await super().__call__(scope, receive, send)
        except Lost:  # nothing has been sent yet
            await hang_up(scope, receive)

    def _labels(self, request: Request) -> dict[str, Any]:
        return {"requestId": None, "code": None, "transStatus": None}

    async def _answer(
        self, request: Request, raw: bytes, script: Script | None, entry: dict[str, Any]
    ) -> Reply | None:
        def process() -> Reply:
            with self._gateway.lock:
                answer = self._process(request, raw, script, entry)
            entry["code"], entry["transStatus"] = answer["code"], answer.get("transStatus")
            return self._reply(answer)

        reply = await staged(self._gateway, script, process)
        if script is not None and script.status is not None:
            return self._scripted(script, raw, entry)
        return reply

    def _process(
        self, request: Request, raw: bytes, script: Script | None, entry: dict[str, Any]
    ) -> dict[str, Any]:
        members: dict[str, Any] = {}
        try:
            members = self._read(request, raw)
            entry["requestId"] = _number(members)
            self._believe(members)
            wallet = script.provider if script is not None else None
            return self._gateway.simulation.handle(self._name, members, wallet=wallet)
        except RefusalError as refusal:
            answer = {**said(refusal.code), "message": refusal.message}
            return _numbered(answer, _number(members))
        except Lost:
            raise
        except Exception as error:
            self._fault(error)
            return _numbered(said("SYSTEM_ERROR"), _number(members))

    @staticmethod
    def _read(request: Request, raw: bytes) -> dict[str, Any]:
        """The message as it came, null taken for absent. Raises RefusalError."""
        media = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        if media != "application/json":
            raise RefusalError("REQUEST_INVALID", "Content-Type")
        try:
            members: dict[str, Any] = compact(parsed(raw))
        except ValueError as error:
            raise RefusalError("REQUEST_INVALID", str(error)) from None
        return members

    def _believe(self, members: dict[str, Any]) -> None:
        """Check who sent it, and what. Raises RefusalError.

        The order is assumed: the signature, the merchant, the members.
        """
        gateway = self._gateway
        if not signatures.is_signed(members, gateway.merchant_key):
            raise RefusalError("SIGNATURE_INVALID")
        expected = gateway.settings.merchant_id
        if expected is not None and members.get("merchantId") != expected:
            raise RefusalError("SIGNATURE_INVALID", "merchantId")  # nobody's key is registered
        rules.check(self._name, members)

    def _reply(self, answer: dict[str, Any], headers: tuple[tuple[str, str], ...] = ()) -> Reply:
        content = signatures.signed(answer, self._gateway.private_key)
        return Reply(200, (*_JSON, *headers), encode(content))

    def _scripted(self, script: Script, raw: bytes, entry: dict[str, Any]) -> Reply:
        headers = tuple(script.headers.items())
        if script.outcome is None:
            return Reply(script.status or 500, headers, b"")
        answer = said(script.outcome)
        if script.detail is not None:
            answer["message"] = script.detail
        with suppress(ValueError):
            answer = _numbered(answer, _number(parsed(raw)))
        entry["code"], entry["transStatus"] = script.outcome, None
        return self._reply(answer, headers)._replace(status=script.status or 200)


def _number(members: dict[str, Any]) -> str | None:
    """The requestId to give back, if it is one."""
    found = members.get("requestId")
    return found if isinstance(found, str) and _REQUEST_ID.fullmatch(found) else None


def _numbered(answer: dict[str, Any], number: str | None) -> dict[str, Any]:
    return answer if number is None else {**answer, "requestId": number}
