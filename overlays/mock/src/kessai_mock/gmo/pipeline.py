"""The way of one request through the mock, from arrival to the last byte of its answer."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl

from starlette.requests import Request

from ..body import parsed
from ..endpoint import Entrance, staged
from ..replies import Reply, compact, encode
from ..scripts import Script
from . import validation
from .body import Body, pruned_object
from .call import Call, Operation
from .gateway import Gateway
from .idempotency import MAX_LENGTH, Key
from .problem import ProblemError, title_of


def problem_reply(problem: ProblemError, path: str) -> Reply:
    """The problem as its final bytes."""
    headers = (("content-type", "application/problem+json"), *problem.headers.items())
    return Reply(problem.status, headers, encode(problem.body(path)))


class Endpoint(Entrance):
    """One operation as an ASGI application; a request is let in for a shop."""

    def __init__(self, gateway: Gateway, operation: Operation) -> None:
        super().__init__(gateway, operation.name)
        self._gateway = gateway
        self._operation = operation

    def _labels(self, request: Request) -> dict[str, Any]:
        return {"idempotencyKey": request.headers.get("idempotency-key"), "replayed": False}

    def _admit(self, request: Request, raw: bytes, entry: dict[str, Any]) -> Reply | None:
        try:
            request.state.shop_id = self._shop_of(request)
        except ProblemError as problem:
            return problem_reply(problem, self._operation.path)
        return None

    def _leave(self, request: Request) -> None:
        self._gateway.slots.release(request.state.shop_id, self._operation.path)

    def _gone(self) -> Reply:
        gone = ProblemError("service_unavailable", "The mock was reset meanwhile.")
        return problem_reply(gone, self._operation.path)

    def _shop_of(self, request: Request) -> str:
        """The checks made before a request is accepted at all; takes the place in flight.

        Raises ProblemError: 405, 401, 415, 429 in this order (the order is assumed).
        """
        operation = self._operation
        if request.method != "POST":
            raise ProblemError(
                "method_not_allowed", "Only POST is possible here.", headers={"Allow": "POST"}
            )
        shop_id = self._gateway.auth.shop_of(
            request.headers.get("authorization"), tokens=not operation.form
        )
        wanted = "application/x-www-form-urlencoded" if operation.form else "application/json"
        media = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        if media != wanted:
            raise ProblemError("unsupported_media_type", f"Content-Type must be {wanted}.")
        self._gateway.slots.take(shop_id, operation.path)
        return shop_id

    async def _answer(
        self, request: Request, raw: bytes, script: Script | None, entry: dict[str, Any]
    ) -> Reply | None:
        """Replay, carry out or fail as scripted; None when nothing was carried out."""
        gateway, path = self._gateway, self._operation.path
        shop_id: str = request.state.shop_id
        text_key = request.headers.get("idempotency-key") if self._operation.idempotent else None
        key: Key | None = (shop_id, path, text_key) if text_key else None
        if text_key is not None and len(text_key) > MAX_LENGTH:
            problem = ProblemError("invalid_header", "At most 36 characters.(Idempotency-Key)")
            return problem_reply(problem, path)
        keys = gateway.keys
        if key is not None:
            try:
                with gateway.lock:
                    replay = keys.claim(key)
            except ProblemError as problem:
                return problem_reply(problem, path)
            if replay is not None:
                entry["replayed"] = True
                return replay
        kept: Reply | None = None

        def process() -> Reply:
            nonlocal kept
            done = self._process(raw, shop_id, str(request.base_url).rstrip("/"))
            kept = None if script is not None and script.forget else done
            return done

        try:
            reply = await staged(gateway, script, process)
        finally:
            if key is not None:
                with gateway.lock:
                    keys.finish(key, kept)
        if script is not None and script.status is not None:
            return _scripted(script, path)
        return reply

    def _process(self, raw: bytes, shop_id: str, base: str) -> Reply:
        gateway, operation = self._gateway, self._operation
        with gateway.lock:
            try:
                data = _parsed(raw, form=operation.form)
                validation.validate(operation.model, data)
                call = Call(gateway, gateway.shop(shop_id), Body(data), base)
                answer = operation.handler(call)
            except ProblemError as problem:
                return problem_reply(problem, operation.path)
            except Exception as error:
                self._fault(error)
                fault = ProblemError("internal_server_error", "A fault of the mock; see /_mock.")
                return problem_reply(fault, operation.path)
        headers = (("content-type", "application/json"),)
        return Reply(answer.status, headers, encode(compact(answer.content)))


def _scripted(script: Script, path: str) -> Reply:
    status = script.status or 500
    problem = ProblemError(
        script.outcome or title_of(status),
        script.detail or "As scripted.",
        status=status,
        headers=script.headers,
    )
    return problem_reply(problem, path)


def _parsed(raw: bytes, *, form: bool) -> dict[str, Any]:
    """The request's members without absent ones.

    Raises ProblemError: invalid_request for a body that is no JSON object (assumed title).
    """
    try:
        if form:
            return pruned_object(dict(parse_qsl(raw.decode(), keep_blank_values=True)))
        return pruned_object(parsed(raw))
    except UnicodeDecodeError:
        raise ProblemError("invalid_request", "The body cannot be read.") from None
    except ValueError as error:
        raise ProblemError("invalid_request", str(error)) from None
