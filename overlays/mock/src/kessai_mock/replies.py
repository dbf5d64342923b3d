"""Answers in their final bytes, and what a script does to them on the way out."""

from __future__ import annotations

import json
from typing import Any, NamedTuple, cast

from starlette.types import Receive, Scope, Send

from . import faults
from .scripts import Script
from .world import World


class Reply(NamedTuple):
    """An answer in its final bytes."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes


_HTML = Reply(
    502,
    (("content-type", "text/html"),),
    b"<html><head><title>502 Bad Gateway</title></head><body>502 Bad Gateway</body></html>",
)


def compact(data: Any) -> Any:
    """The data without None members: the gateways leave out what they have no value for."""
    if isinstance(data, dict):
        members = cast("dict[str, Any]", data)
        return {name: compact(value) for name, value in members.items() if value is not None}
    if isinstance(data, list):
        return [compact(value) for value in cast("list[object]", data)]
    return data


def encode(content: dict[str, Any]) -> bytes:
    """JSON in UTF-8 without white space."""
    return json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()


def raw_headers(reply: Reply) -> list[tuple[bytes, bytes]]:
    """The answer's headers as ASGI wants them."""
    return [(name.lower().encode(), value.encode()) for name, value in reply.headers]


async def send_reply(send: Send, reply: Reply) -> None:
    """Send a whole answer."""
    length = (b"content-length", str(len(reply.body)).encode())
    headers = [*raw_headers(reply), length]
    await send({"type": "http.response.start", "status": reply.status, "headers": headers})
    await send({"type": "http.response.body", "body": reply.body})


async def send_scripted(
    scope: Scope, receive: Receive, send: Send, reply: Reply | None, script: Script | None
) -> None:
    """Send an answer, or what the script's fault leaves of it; None is a proxy's 502."""
    fault = script.fault if script is not None else None
    if fault in {"lost-before", "lost-after"}:
        await faults.hang_up(scope, receive)
        return
    if fault == "html" or reply is None:
        await send_reply(send, _HTML)
        return
    if fault == "half":
        await faults.send_half(scope, receive, send, reply.status, raw_headers(reply), reply.body)
        return
    if fault == "torn":
        reply = reply._replace(body=reply.body[: len(reply.body) // 2])
    await send_reply(send, reply)


async def hold(world: World, script: Script) -> None:
    """Let a request wait as its script says: at a gate, or for the virtual clock."""
    if script.fault == "gate" and script.gate is not None:
        await world.gates.named(script.gate).wait()
    elif script.fault == "delay":
        with world.lock:
            gate = world.gates.nameless()
            world.clock.call_later(script.seconds, gate.open)
        await gate.wait()


def carried_out(script: Script | None) -> bool:
    """Whether the request is processed in spite of its script."""
    if script is None or script.processed:
        return True
    return script.status is None and script.fault not in {"lost-before", "html"}
