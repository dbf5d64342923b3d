"""Serving a mock over real sockets, on this machine only."""

from __future__ import annotations

import asyncio
import socket
import threading
from types import TracebackType
from typing import TYPE_CHECKING, Any

import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

from .faults import CLOSE
from .loopback import is_loopback

if TYPE_CHECKING:
    from starlette.types import ASGIApp


class ServeError(Exception):
    """The server cannot start; the message is one line with the remedy."""


class _Protocol(H11Protocol):
    """HTTP/1.1 that lets the application hang up, for scripted faults."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        app = self.app

        async def with_close(scope: Any, receive: Any, send: Any) -> None:
            scope.setdefault("extensions", {})[CLOSE] = transport.close
            await app(scope, receive, send)

        self.app = with_close


class _Server(uvicorn.Server):
    """Says when it is ready to be called."""

    def __init__(self, config: uvicorn.Config, ready: threading.Event) -> None:
        super().__init__(config)
        self._ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._ready.set()


def bind(host: str, port: int) -> socket.socket:
    """A listening socket; port 0 takes a free one. Raises ServeError.

    Only loopback: a mock that others can reach would be taken for a gateway.
    """
    if not is_loopback(host):
        raise ServeError(f"{host} is not a loopback address; use 127.0.0.1")
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host.strip("[]"), port))
        listener.listen(128)
    except OSError as error:
        listener.close()
        raise ServeError(
            f"cannot listen on {host} port {port} ({error.strerror}); try --port 0"
        ) from None
    return listener


def url_of(listener: socket.socket) -> str:
    """The address of a listening socket."""
    host, port = listener.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def _server(app: ASGIApp, ready: threading.Event) -> _Server:
    config = uvicorn.Config(
        app,
        http=_Protocol,
        loop="asyncio",
        lifespan="off",
        log_config=None,
        access_log=False,
        date_header=False,  # the mock's own time is on every answer
        server_header=False,
        timeout_graceful_shutdown=1,
    )
    return _Server(config, ready)


def serve(app: ASGIApp, listener: socket.socket) -> None:
    """Serve until interrupted."""
    with listener:
        _server(app, threading.Event()).run([listener])


class ServerThread:
    """A server in a thread of this process, for tests: `with ServerThread(app) as url:`."""

    def __init__(self, app: ASGIApp, *, host: str = "127.0.0.1", port: int = 0) -> None:
        self._listener = bind(host, port)
        self.url: str = url_of(self._listener)
        self._ready = threading.Event()
        self._server = _server(app, self._ready)
        self._thread = threading.Thread(
            target=self._server.run, args=([self._listener],), daemon=True, name="kessai-mock"
        )

    def start(self) -> None:
        """Come back once it can be called. Raises ServeError if it does not come up."""
        self._thread.start()
        if not self._ready.wait(30):
            raise ServeError("the server did not come up within 30 seconds")

    def stop(self) -> None:
        """End the server and wait for its thread."""
        self._server.should_exit = True
        self._thread.join(30)
        self._listener.close()

    def __enter__(self) -> str:
        self.start()
        return self.url

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()
