"""A redis-server of the tests' own: on loopback, on a free port, in a folder of its own.

It is ended by its process id. A server that runs on the machine already is never touched.
"""

from __future__ import annotations

import importlib
import os
import shutil
import socket
import subprocess
import tempfile
from types import TracebackType
from typing import Any, Self

import pytest

DURABLE = ("--appendonly", "yes", "--appendfsync", "always")


def find_redis_server() -> str:
    """Find the program. Without it the test is skipped, but under CI it fails."""
    program = shutil.which("redis-server")
    if program is None:
        reason = "redis-server is not installed (Debian: apt-get install redis-server)"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    return program


class RedisServer:
    """One running server; ``url`` is its address."""

    def __init__(self, *settings: str) -> None:
        """Start it with further command-line settings and wait until it accepts connections."""
        self._settings = settings
        self._folder = tempfile.TemporaryDirectory(prefix="kessai-redis-")
        for _ in range(5):  # another program may take the port before the server does
            self.port = _free_port()
            self.url = f"redis://127.0.0.1:{self.port}/0"
            if self._start():
                return
        self._folder.cleanup()
        pytest.fail("redis-server did not start")

    def _start(self) -> bool:
        self._process = subprocess.Popen(
            [
                *(find_redis_server(), "--port", str(self.port), "--bind", "127.0.0.1"),
                *("--save", "", "--dir", self._folder.name, *self._settings),
            ],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        assert self._process.stdout is not None
        ready = any("Ready to accept connections" in line for line in self._process.stdout)
        if not ready:
            self._end_process()
        return ready

    def crash_and_restart(self) -> None:
        """Kill it (SIGKILL) and start it again on the same port and folder."""
        self._end_process()
        assert self._start(), "redis-server did not start again"

    def _end_process(self) -> None:
        self._process.kill()
        assert self._process.stdout is not None
        self._process.stdout.close()
        self._process.wait()

    def stop(self) -> None:
        """End the server and remove its folder."""
        self._end_process()
        self._folder.cleanup()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()


class LazyRedis:
    """A durable server that starts when the first test asks for its address."""

    def __init__(self) -> None:
        self._server: RedisServer | None = None

    def url(self) -> str:
        """Start it if it is not running."""
        self._server = self._server or RedisServer(*DURABLE)
        return self._server.url

    def stop(self) -> None:
        """End it if it is running."""
        if self._server is not None:
            self._server.stop()


def connect(url: str) -> Any:
    """Make a client to look behind the stores with. Its own types are half unknown, so: Any."""
    return importlib.import_module("redis").from_url(url)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
