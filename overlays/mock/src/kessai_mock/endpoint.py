"""The way of one request through a mock, from arrival to the last byte of its answer.

What is the same for every gateway: the log, the scripts, held requests, a reset meanwhile,
faults of the mock, the notices that follow. A gateway says who is let in, what is answered,
and how its errors are worded.
"""

from __future__ import annotations

import abc
import logging
from collections.abc import Callable
from typing import Any

from starlette.requests import Request
from starlette.types import Receive, Scope, Send

from .clock import text
from .replies import Reply, carried_out, hold, send_reply, send_scripted
from .scripts import Script
from .world import World

_log = logging.getLogger("kessai_mock")


class Entrance(abc.ABC):
    """One operation as an ASGI application; `name` is its operationId."""

    def __init__(self, world: World, name: str) -> None:
        self._world = world
        self._name = name

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        raw = await request.body()
        world, generation = self._world, self._world.generation
        entry = self._enter(request)
        with world.lock:
            refusal = self._admit(request, raw, entry)
        if refusal is not None:
            entry["status"] = refusal.status
            await send_reply(send, refusal)
            return
        try:
            with world.lock:
                script = world.scripts.take(self._name)
            reply = await self._answer(request, raw, script, entry)
            if world.generation != generation:
                reply, script = self._gone(), None
            entry["status"] = reply.status if reply is not None else None
            await send_scripted(scope, receive, send, reply, script)
        finally:
            if world.generation == generation:
                with world.lock:
                    self._leave(request)
                # After the answer, be it lost or not: a receiver may ask about what it is told.
                await world.webhooks.drain()

    def _enter(self, request: Request) -> dict[str, Any]:
        """Note the request in the log: never its body, never its credentials."""
        with self._world.lock:
            entry: dict[str, Any] = {
                "number": len(self._world.requests) + 1,
                "at": text(self._world.clock.now),
                "operation": self._name,
                "method": request.method,
                "status": None,
                **self._labels(request),
            }
            self._world.requests.append(entry)
        return entry

    def _labels(self, request: Request) -> dict[str, Any]:
        """What else the log says of a request."""
        return {}

    def _admit(self, request: Request, raw: bytes, entry: dict[str, Any]) -> Reply | None:
        """What a request is turned away with, None to let it in (every POST); under the lock.

        No script is spent on one that is turned away.
        """
        return None if request.method == "POST" else Reply(405, (("allow", "POST"),), b"")

    @abc.abstractmethod
    async def _answer(
        self, request: Request, raw: bytes, script: Script | None, entry: dict[str, Any]
    ) -> Reply | None:
        """The answer, as it is or as scripted; None when nothing was carried out."""

    def _gone(self) -> Reply:
        """The answer to a request that was held over a reset, where no document words one."""
        return Reply(503, (), b"")

    def _leave(self, request: Request) -> None:  # noqa: B027 - most have nothing to give back
        """Give back what `_admit` took; under the lock, and not after a reset."""

    def _fault(self, error: Exception) -> None:
        """Note a mistake of the mock itself, for its log and GET /_mock."""
        _log.exception("%s failed inside the mock", self._name)
        self._world.faults.append(f"{self._name}: {type(error).__name__}: {error}")


async def staged(world: World, script: Script | None, process: Callable[[], Reply]) -> Reply | None:
    """Carry a request out, unless its script or a reset keeps it from being; held as scripted."""
    generation, reply = world.generation, None
    if script is not None and script.when == "before":
        await hold(world, script)
    # A request held over a reset belongs to a world that is gone.
    if carried_out(script) and world.generation == generation:
        reply = process()
    if script is not None and script.when == "after":
        await hold(world, script)
    return reply
