"""The virtual time on every answer, as the Date header."""

from __future__ import annotations

from datetime import UTC
from email.utils import format_datetime

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from .world import World


class Dated:
    """Middleware that dates an application's answers by its world's clock."""

    def __init__(self, app: ASGIApp, world: World) -> None:
        self._app = app
        self._world = world

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def dated(message: Message) -> None:
            if message["type"] == "http.response.start":
                now = self._world.clock.now
                date = format_datetime(now.astimezone(UTC), usegmt=True)
                MutableHeaders(scope=message)["date"] = date
            await send(message)

        await self._app(scope, receive, dated)
