"""Answers that never arrive whole.

Over a real socket the connection is closed, with or without half an answer (kessai_mock's
own server hands the application a way to do so). Inside one process there is no
connection to close: the ASGI application raises `Dropped` instead, after sending as much
as a broken connection would have carried.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

from starlette.types import Receive, Scope, Send

CLOSE = "kessai_mock.close"  # the ASGI extension of our own server: a function that hangs up


class Dropped(ConnectionResetError):
    """The mock hung up, as scripted."""


async def hang_up(scope: Scope, receive: Receive) -> None:
    """Close the connection without (further) answer. Raises Dropped where there is none."""
    extensions = cast("dict[str, Any]", scope.get("extensions") or {})
    if CLOSE not in extensions:
        raise Dropped("the mock hung up, as scripted")
    cast("Callable[[], None]", extensions[CLOSE])()
    # The server would answer 500 for us if it did not know yet that the peer is gone.
    while (await receive())["type"] != "http.disconnect":
        pass


async def send_half(
    scope: Scope,
    receive: Receive,
    send: Send,
    status: int,
    headers: list[tuple[bytes, bytes]],
    body: bytes,
) -> None:
    """Announce the whole body, send half of it, hang up."""
    announced = [*headers, (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": announced})
    half = body[: len(body) // 2]
    await send({"type": "http.response.body", "body": half, "more_body": True})
    await hang_up(scope, receive)
