"""The way of one request through the mock, from arrival to the last byte of its answer."""

from __future__ import annotations

from typing import Any, TypeGuard

from starlette.requests import Request

from ..body import Body, parsed
from ..endpoint import Entrance, staged
from ..replies import Reply, carried_out, compact, encode
from ..scripts import Script
from . import idempotency, rules, validation
from .call import Answer, Call, Operation
from .gateway import Gateway
from .results import CODES, ResultError, result

_JSON = (("content-type", "application/json"),)
_KEY = "x-vt-idempotency-key"


def bare(status: int, headers: tuple[tuple[str, str], ...] = ()) -> Reply:
    """An answer of nothing but its status, which some errors are."""
    return Reply(status, headers, b"")


def _reply(answer: Answer) -> Reply:
    return Reply(CODES[answer.code].http, _JSON, encode(compact(answer.content)))


def _refusal(error: ResultError) -> Reply:
    return _reply(Answer(error.code, {"result": result(error.code, None, error.detail)}))


class Endpoint(Entrance):
    """One command as an ASGI application."""

    def __init__(self, gateway: Gateway, operation: Operation) -> None:
        super().__init__(gateway, operation.name)
        self._gateway = gateway
        self._operation = operation

    def _labels(self, request: Request) -> dict[str, Any]:
        return {"idempotencyKey": request.headers.get(_KEY), "replayed": False}

    def _admit(self, request: Request, raw: bytes, entry: dict[str, Any]) -> Reply | None:
        if request.method != "POST":
            return bare(405, (("allow", "POST"),))
        try:
            self._check(request, raw)
        except ResultError as error:
            return _refusal(error)
        self._gateway.in_flight += 1
        return None

    def _leave(self, request: Request) -> None:
        self._gateway.in_flight -= 1

    def _gone(self) -> Reply:
        return bare(503)

    def _check(self, request: Request, raw: bytes) -> None:
        """The checks made before a body is read: credentials, requests at once, media type.

        Raises ResultError UA-REQ-008, UA-LMT-001, UA-REQ-001 (the order, and the last, are
        assumed).
        """
        gateway = self._gateway
        gateway.auth.check(request.headers, raw)
        limit = gateway.settings.in_flight
        if limit is not None and gateway.in_flight >= limit:
            raise ResultError("UA-LMT-001")
        media = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        if media != "application/json":
            raise ResultError("UA-REQ-001", "Content-Type")

    def _checked(self, request: Request, raw: bytes) -> Body:
        """The request in its documented form; repeats are held to it too."""
        key = request.headers.get(_KEY)
        if key is not None and self._operation.idempotent:
            idempotency.check(key)
        try:
            # null is taken for absent (assumed).
            data = compact(parsed(raw))
        except ValueError as error:
            raise ResultError("UA-REQ-001", str(error)) from None
        validation.validate(self._operation.model, data)
        body = Body(data)
        rules.check(self._operation.name, body)
        return body

    async def _answer(
        self, request: Request, raw: bytes, script: Script | None, entry: dict[str, Any]
    ) -> Reply | None:
        """Replay, carry out or fail as scripted; None when nothing was carried out."""
        if _in_front(script):
            return _scripted(script)
        gateway, generation = self._gateway, self._gateway.generation
        key: idempotency.Key | None = None
        payment_id: str | None = None
        try:
            body = self._checked(request, raw)
            with gateway.lock:
                key = self._key(request, body)
                if key is not None:
                    replay = gateway.keys.claim(key)
                    if replay is not None:
                        entry["replayed"] = True
                        return replay
                payment_id = self._occupy(body, key)
        except ResultError as error:
            return _refusal(error)
        kept: Reply | None = None

        def process() -> Reply:
            nonlocal kept
            done = self._process(body, str(request.base_url).rstrip("/"), script)
            kept = None if script is not None and script.forget else done
            return done

        try:
            reply = await staged(gateway, script, process)
        finally:
            if gateway.generation == generation:
                with gateway.lock:
                    if key is not None:
                        gateway.keys.finish(key, kept)
                    if payment_id is not None:
                        gateway.busy.discard(payment_id)
        if script is not None and script.status is not None:
            return _scripted(script)
        return reply

    def _key(self, request: Request, body: Body) -> idempotency.Key | None:
        key = request.headers.get(_KEY)
        if key is None or not self._operation.idempotent:
            return None
        number = body.text("order", "paymentId") or body.text("order", "fepOrderId") or ""
        return idempotency.Key(self._operation.name, number, key)

    def _occupy(self, body: Body, key: idempotency.Key | None) -> str | None:
        """Take the paymentId, so that nothing else is done under it meanwhile.

        Raises ResultError UA-REQ-005 when something is (that the rule is by paymentId, and
        holds without a key too, is assumed).
        """
        gateway = self._gateway
        payment_id = body.text("order", "paymentId")
        number = body.text("order", "fepOrderId")
        if payment_id is None and number in gateway.orders:
            payment_id = gateway.orders[number].payment_id
        if payment_id is None:
            return None
        if payment_id in gateway.busy:
            if key is not None:
                gateway.keys.finish(key, None)
            raise ResultError("UA-REQ-005")
        gateway.busy.add(payment_id)
        return payment_id

    def _process(self, body: Body, base: str, script: Script | None) -> Reply:
        gateway, operation = self._gateway, self._operation
        provider = script.provider if script is not None else None
        with gateway.lock:
            try:
                return _reply(
                    operation.handler(Call(gateway, operation.name, body, base, provider))
                )
            except ResultError as error:
                return _refusal(error)
            except Exception as error:
                self._fault(error)
                return _refusal(ResultError("UA-SYS-001", "a fault of the mock; see /_mock"))


def _in_front(script: Script | None) -> TypeGuard[Script]:
    """Whether a script answers before anything is looked at: form, key, order.

    A held one is in progress meanwhile, so it takes the ordinary way.
    """
    if script is None or script.fault in {"gate", "delay"}:
        return False
    return script.status is not None and not carried_out(script)


def _scripted(script: Script) -> Reply:
    status, headers = script.status or 500, tuple(script.headers.items())
    if script.outcome is None:
        return bare(status, headers)
    content = {"result": result(script.outcome, None, script.detail)}
    return Reply(status, (*_JSON, *headers), encode(compact(content)))
