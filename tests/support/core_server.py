"""A tiny server on loopback that misbehaves to order, over plain sockets or TLS."""

from __future__ import annotations

import socket
import ssl
import struct
import threading
from collections.abc import Callable
from types import TracebackType
from typing import Self

BODY = b'{"id": "R-1", "state": "AUTH", "amount": 100}'
WHOLE = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s" % (
    len(BODY),
    BODY,
)

#: Gets one accepted connection and the server; returns True to keep the connection for more.
Behaviour = Callable[[socket.socket, "Server"], bool]


class Server:
    """Serves each connection in a thread of its own.

    ``processed`` holds the bodies of requests that were read whole: what a gateway would act on.
    """

    def __init__(self, behaviour: Behaviour, context: ssl.SSLContext | None = None) -> None:
        self.behaviour = behaviour
        self.context = context
        self.processed: list[bytes] = []
        self.connections = 0
        self.ciphers: list[tuple[str, str | None]] = []
        self.stop = threading.Event()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._thread = threading.Thread(target=self._listen, daemon=True)
        self._threads: list[threading.Thread] = []

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"{'http' if self.context is None else 'https'}://127.0.0.1:{self.port}"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.stop.set()
        # Wakes the thread out of accept().
        socket.create_connection(("127.0.0.1", self.port), timeout=10).close()
        self._thread.join(10)
        self._listener.close()
        for thread in self._threads:
            thread.join(10)
        assert not any(thread.is_alive() for thread in [self._thread, *self._threads])

    def _listen(self) -> None:
        while True:
            connection, _ = self._listener.accept()
            if self.stop.is_set():
                connection.close()
                return
            self.connections += 1
            self._threads.append(
                threading.Thread(target=self._serve, args=(connection,), daemon=True)
            )
            self._threads[-1].start()

    def _serve(self, connection: socket.socket) -> None:
        connection.settimeout(10)
        try:
            if self.context is not None:
                wrapped = self.context.wrap_socket(connection, server_side=True)
                cipher = wrapped.cipher()
                self.ciphers.append((cipher[0] if cipher else "", wrapped.version()))
                connection = wrapped
            while self.behaviour(connection, self):
                pass
        except OSError:
            pass  # the client went away, or refused the handshake
        finally:
            connection.close()


def read_request(connection: socket.socket, server: Server) -> bool:
    """Read one whole request and note its body; False when the client has closed."""
    data = b""
    while b"\r\n\r\n" not in data:
        chunk = connection.recv(65536)
        if not chunk:
            return False
        data += chunk
    head, _, body = data.partition(b"\r\n\r\n")
    lines = head.lower().split(b"\r\n")
    length = next(
        int(line.partition(b":")[2]) for line in lines if line.startswith(b"content-length:")
    )
    while len(body) < length:
        body += connection.recv(65536)
    server.processed.append(body)
    return True


def reset(connection: socket.socket) -> None:
    """Close so that the other side sees a reset, not an end."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()


def answers(connection: socket.socket, server: Server) -> bool:
    """Answer every request, and keep the connection."""
    if not read_request(connection, server):
        return False
    connection.sendall(WHOLE)
    return True


def resets_before(connection: socket.socket, server: Server) -> bool:
    """Reset before the request was read whole."""
    connection.recv(1)
    reset(connection)
    return False


def resets_after(connection: socket.socket, server: Server) -> bool:
    """Process the request, then reset."""
    read_request(connection, server)
    reset(connection)
    return False


def closes_before(connection: socket.socket, server: Server) -> bool:
    """Close in order, having read nothing that counts."""
    connection.recv(65536)
    connection.shutdown(socket.SHUT_RDWR)
    return False


def closes_after(connection: socket.socket, server: Server) -> bool:
    """Process the request, then close without a word."""
    read_request(connection, server)
    return False


def half_a_body(connection: socket.socket, server: Server) -> bool:
    """Promise a length and send half."""
    read_request(connection, server)
    connection.sendall(WHOLE[: -len(BODY) // 2])
    return False


def half_a_body_without_length(connection: socket.socket, server: Server) -> bool:
    """Send half a body that ends with the connection: it looks complete."""
    read_request(connection, server)
    connection.sendall(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n" + BODY[: len(BODY) // 2])
    return False


def half_a_chunked_body(connection: socket.socket, server: Server) -> bool:
    """Send a first chunk and no last one."""
    read_request(connection, server)
    head = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
    connection.sendall(head + b"5\r\n" + BODY[:5] + b"\r\n")
    return False


def half_a_head(connection: socket.socket, server: Server) -> bool:
    """End in the middle of the headers."""
    read_request(connection, server)
    connection.sendall(WHOLE[:25])
    return False


def garbage(connection: socket.socket, server: Server) -> bool:
    """Answer in no protocol at all."""
    read_request(connection, server)
    connection.sendall(b"\x00\x01\x02 what?\r\n\r\n")
    return False


def a_page(connection: socket.socket, server: Server) -> bool:
    """A proxy's page instead of the gateway's answer."""
    read_request(connection, server)
    page = b"<html>Bad Gateway</html>"
    head = b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: %d\r\nConnection: close\r\n\r\n"
    connection.sendall(head % len(page) + page)
    return False


def stalls(connection: socket.socket, server: Server) -> bool:
    """Process the request and say nothing until the test ends."""
    read_request(connection, server)
    server.stop.wait(10)
    return False


def stalls_in_the_body(connection: socket.socket, server: Server) -> bool:
    """Send half and say nothing more."""
    read_request(connection, server)
    connection.sendall(WHOLE[: -len(BODY) // 2])
    server.stop.wait(10)
    return False


def closes_after_one_answer(connection: socket.socket, server: Server) -> bool:
    """Answer as if the connection would be kept, and close it: it goes stale in the pool."""
    read_request(connection, server)
    connection.sendall(WHOLE)
    return False
