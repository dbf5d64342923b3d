"""The way of one request through the mock, from arrival to the last byte of its answer."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from starlette.requests import Request
from starlette.types import Receive, Scope, Send

from ..body import Body, parsed
from ..endpoint import Entrance, staged
from ..replies import Reply, encode, send_reply
from ..scripts import Script
from . import idempotency, validation
from .auth import Caller, caller_of
from .call import Call, Operation
from .gateway import Gateway
from .idempotency import CONFLICT, HEADER, NOT_STORED, REPLAYED, STORED
from .problems import ProblemError, invalid, problem_body
from .state import Resource
from .transitions import FINAL

Headers = tuple[tuple[str, str], ...]
_JSON: Headers = (("content-type", "application/json"),)
# What an answer of nothing but its status says; a 429 and every other one has no body.
_PLAIN = {
    400: "VALIDATION_ERROR", 401: "INVALID_CREDENTIALS", 403: "INVALID_PERMISSIONS",
    404: "NOT_FOUND", 409: "IDEMPOTENCY_KEY_CONFLICT", 500: "UNKNOWN_ERROR",
    503: "SERVICE_UNAVAILABLE_TRY_AGAIN", 504: "NO_GATEWAY_AVAILABLE_TO_PROCESS_THE_REQUEST",
}  # fmt: skip
_FIRST = {"pending", "unverified"}  # a request that polls is answered at any change of these
_ENDS = FINAL | {"completed"}


def problem_reply(problem: ProblemError, headers: Headers = ()) -> Reply:
    """The problem as its final bytes."""
    return Reply(problem.status, (*_JSON, *headers), encode(problem.body()))


def settled(resource: Resource, first: str) -> bool:
    """Whether a request that polls is answered now."""
    return resource.status in _ENDS or (first in _FIRST and resource.status != first)


class Endpoint(Entrance):
    """One operation as an ASGI application; a request is let in for an app token."""

    def __init__(self, gateway: Gateway, operation: Operation) -> None:
        super().__init__(gateway, operation.name)
        self._gateway = gateway
        self._operation = operation

    def _labels(self, request: Request) -> dict[str, Any]:
        return {
            "idempotencyKey": request.headers.get("idempotency-key"),
            "idempotencyStatus": None,
            "code": None,
        }

    def _admit(self, request: Request, raw: bytes, entry: dict[str, Any]) -> Reply | None:
        operation, gateway = self._operation, self._gateway
        request.state.limits = ()
        request.state.entry = entry
        try:
            caller = caller_of(gateway.settings, request.headers)
        except ProblemError as problem:
            return self._refused(request, problem, "")
        whose = caller.store_id or caller.merchant_id
        limits, over = gateway.limits.pass_through(whose, operation.name, operation.route)
        request.state.limits = limits
        if over:
            return Reply(429, limits, b"")
        try:
            self._allow(caller)
        except ProblemError as problem:
            return self._refused(request, problem, whose)
        if caller.store_id is not None:
            gateway.store(caller.store_id, caller.merchant_id)
        request.state.caller = caller
        return None

    def _refused(self, request: Request, problem: ProblemError, whose: str) -> Reply:
        request.state.entry["code"] = problem.code
        limits: Headers = request.state.limits
        if not limits:
            gateway = self._gateway
            limits, _ = gateway.limits.pass_through(whose, self._name, self._operation.route)
        return problem_reply(problem, limits)

    def _allow(self, caller: Caller) -> None:
        """Raises ProblemError: 401 without the secret, 403 for the wrong kind of app token."""
        operation = self._operation
        if operation.secret and not caller.secret:
            raise ProblemError("INVALID_CREDENTIALS")
        if operation.who == "store" and caller.store_id is None:
            raise ProblemError("INVALID_PERMISSIONS")
        if operation.who == "merchant" and caller.store_id is not None:
            raise ProblemError("INVALID_PERMISSIONS")

    def _leave(self, request: Request) -> None:
        # What takes no time happens once the answer is on its way.
        self._gateway.clock.advance(0)

    def _gone(self) -> Reply:
        return problem_reply(ProblemError("SERVICE_UNAVAILABLE_TRY_AGAIN"))

    async def _answer(
        self, request: Request, raw: bytes, script: Script | None, entry: dict[str, Any]
    ) -> Reply | None:
        """Replay, carry out or fail as scripted; None when nothing was carried out."""
        reply, status = await self._keyed(request, raw, script)
        headers: Headers = ((HEADER, status),) if status is not None else ()
        if script is not None and script.status is not None:
            reply, headers = _scripted(script), ()
        entry["idempotencyStatus"] = status
        if reply is None:
            return None
        limits: Headers = request.state.limits
        return reply._replace(headers=(*reply.headers, *limits, *headers))

    async def _keyed(
        self, request: Request, raw: bytes, script: Script | None
    ) -> tuple[Reply | None, str | None]:
        """The answer, and what became of the Idempotency-Key if there is one."""
        gateway, caller = self._gateway, request.state.caller
        keyed = self._operation.keyed and request.method in {"POST", "PATCH"}
        text = request.headers.get("idempotency-key") if keyed else None
        forced = script.more.get("idempotency") if script is not None else None
        if not text or forced is not None:
            # A check that fails looks at no key: the request is carried out, again if need be.
            return await self._carried_out(request, raw, script), forced if text else None
        key = (caller.merchant_id, caller.store_id or "", text)
        digest = idempotency.digest_of(request.method, request.url.path, raw)
        try:
            with gateway.lock:
                replay = gateway.keys.claim(key, digest)
        except ProblemError as problem:
            request.state.entry["code"] = problem.code
            return problem_reply(problem), CONFLICT
        if replay is not None:
            return replay, REPLAYED
        keys, reply, kept = gateway.keys, None, False
        try:
            reply = await self._carried_out(request, raw, script)
        finally:
            with gateway.lock:
                forget = script is not None and script.forget
                kept = keys.finish(key, None if forget else reply)
        return reply, STORED if kept else NOT_STORED

    async def _carried_out(
        self, request: Request, raw: bytes, script: Script | None
    ) -> Reply | None:
        def process() -> Reply:
            return self._process(call, request, raw)

        call = self._call(request, script)
        await self._poll(call)
        return await staged(self._gateway, script, process)

    def _call(self, request: Request, script: Script | None) -> Call:
        error = script.more.get("payment_error") if script is not None else None
        return Call(
            self._gateway,
            request.state.caller,
            {name: str(value) for name, value in request.path_params.items()},
            dict(request.query_params),
            Body({}),
            str(request.base_url).rstrip("/"),
            int(error) if error is not None else None,
        )

    def _process(self, call: Call, request: Request, raw: bytes) -> Reply:
        gateway, operation = self._gateway, self._operation
        with gateway.lock:
            try:
                merchant_id = call.path.get("merchant_id")
                if merchant_id not in {None, call.caller.merchant_id}:
                    raise ProblemError("INVALID_PERMISSIONS")
                if "store_id" in call.path:
                    gateway.store_for(call.caller, call.store_id)
                if operation.model is not None:
                    call.body.data = self._read(raw, request.headers)
                answer = operation.handler(call)
            except ProblemError as problem:
                request.state.entry["code"] = problem.code
                return problem_reply(problem)
            except Exception as error:
                self._fault(error)
                return problem_reply(ProblemError("UNKNOWN_ERROR"))
        if answer.content is None:
            return Reply(answer.status, (), b"")
        return Reply(answer.status, _JSON, encode(answer.content))  # type: ignore[arg-type]

    def _read(self, raw: bytes, headers: Mapping[str, str]) -> dict[str, Any]:
        """The body's members, held against the operation's model. Raises ProblemError."""
        operation, members = self._operation, dict[str, Any]()
        if raw:
            media = headers.get("content-type", "").partition(";")[0].strip().lower()
            if media != "application/json":
                raise ProblemError("UNSUPPORTED_MEDIA_TYPE")
            try:
                members = validation.lenient(parsed(raw))
                encode(members)  # half a surrogate pair is no text, and could not be answered
            except ValueError:
                raise invalid("body", "INVALID_FORMAT_OBJECT") from None
        elif operation.optional:
            return members
        model = operation.model if isinstance(operation.model, str) else None
        if model is None and callable(operation.model):
            model = operation.model(members)
        if model is not None:
            validation.validate(model, members)
        return members

    async def _poll(self, call: Call) -> None:
        """Wait, in virtual time only, until what is asked for has come to an end, or 3 seconds."""
        gateway, watch = self._gateway, self._operation.watch
        if watch is None or call.query.get("polling", "").lower() != "true":
            return
        with gateway.lock:
            try:
                resource = watch(call)
            except ProblemError:
                return  # the answer says so
        first, seconds = resource.status, gateway.settings.polling_seconds
        if gateway.settings.polling == "wait":
            await self._wait(resource, first, seconds)
            return
        steps = gateway.clock.steps(seconds)
        while not settled(resource, first):
            with gateway.lock:
                if next(steps, None) is None:
                    return
            await gateway.webhooks.drain()

    async def _wait(self, resource: Resource, first: str, seconds: float) -> None:
        """Wait for the clock to be moved by somebody else."""
        gateway, generation = self._gateway, self._gateway.generation
        end = gateway.clock.now + timedelta(seconds=seconds)
        while not settled(resource, first) and gateway.clock.now < end:
            with gateway.lock:
                gate = gateway.gates.nameless()
                gateway.watchers.append(gate)
                timer = gateway.clock.call_at(end, gate.open)
            await gate.wait()
            timer.cancel()
            if gateway.generation != generation:
                return


class Crossing:
    """One path as an ASGI application: what is asked of it by each method, 405 for others."""

    def __init__(self, gateway: Gateway, operations: list[Operation]) -> None:
        self._gateway = gateway
        self._endpoints = {one.method: Endpoint(gateway, one) for one in operations}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        endpoint = self._endpoints.get(scope["method"])
        if endpoint is not None:
            await endpoint(scope, receive, send)
            return
        allowed = ("allow", ", ".join(sorted(self._endpoints)))
        await send_reply(send, unserved(self._gateway, "METHOD_NOT_ALLOWED", allowed))


def unserved(gateway: Gateway, code: str, *headers: tuple[str, str]) -> Reply:
    """The answer to a request for no operation."""
    with gateway.lock:
        limits, _ = gateway.limits.pass_through("", "", "")
    return problem_reply(ProblemError(code), (*limits, *headers))


def _scripted(script: Script) -> Reply:
    status, headers = script.status or 500, tuple(script.headers.items())
    code = script.outcome or _PLAIN.get(status)
    if code is None or (status == 429 and script.outcome is None):
        return Reply(status, headers, b"")
    return Reply(status, (*_JSON, *headers), encode(problem_body(code)))
