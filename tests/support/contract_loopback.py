"""The guard of the contract tests: no host but this machine, no waiting in real time.

Gateways forbid load on their test environments, so a contract test that reached one by a wrong
setting would do harm. The guard listens to the interpreter's own audit events, which no library
can go around: whatever opens a socket or looks up a name is refused, unless it stays on loopback.
Sleeping has no audit event in Python 3.11, so `time.sleep` itself is replaced.
"""

from __future__ import annotations

import ipaddress
import sys
import time
from collections.abc import Generator
from contextlib import contextmanager
from typing import Any, Final, SupportsIndex

_NAMED: Final = frozenset({"socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr"})
_ADDRESSED: Final = frozenset({"socket.connect", "socket.sendto", "socket.sendmsg"})
_state = {"installed": False, "depth": 0}
_sleep = time.sleep


class ForeignHostError(AssertionError):
    """A contract test tried to reach a host that is not this machine."""


class RealSleepError(AssertionError):
    """A contract test tried to wait in real time."""


def is_loopback(host: object) -> bool:
    """Whether a host name or address, as sockets take them, can only mean this machine."""
    if isinstance(host, bytes | bytearray):
        host = host.decode("ascii", "replace")
    if not isinstance(host, str):
        return False
    name = host.strip("[]").rstrip(".").lower()
    if name == "localhost" or name.endswith(".localhost"):
        return True
    try:
        address = ipaddress.ip_address(name.partition("%")[0])
    except ValueError:
        return False
    mapped = getattr(address, "ipv4_mapped", None)
    return address.is_loopback or (mapped is not None and mapped.is_loopback)


def _audit(event: str, arguments: tuple[Any, ...]) -> None:
    if not _state["depth"]:
        return
    if event in _NAMED:
        # No host at all asks for this machine's own addresses.
        if arguments[0] is not None and not is_loopback(arguments[0]):
            raise ForeignHostError(f"{event}: a contract test may look up loopback names only")
    elif event in _ADDRESSED:
        address: Any = arguments[1]
        # A connected socket sends without address; a path is a Unix socket of this machine.
        if address.__class__ is tuple and not is_loopback(address[0]):
            raise ForeignHostError(f"{event}: a contract test may talk to loopback only")


def _no_sleep(seconds: float | SupportsIndex, /) -> None:
    if float(seconds) > 0:
        raise RealSleepError("a contract test has a virtual clock and does not sleep")
    _sleep(seconds)


@contextmanager
def loopback_only() -> Generator[None]:
    """Within the block every attempt to reach another host raises ForeignHostError.

    Sleeping raises RealSleepError. The block may be nested.
    """
    if not _state["installed"]:
        # Audit hooks cannot be taken out again; outside of a block this one does nothing.
        sys.addaudithook(_audit)
        _state["installed"] = True
    _state["depth"] += 1
    time.sleep = _no_sleep
    try:
        yield
    finally:
        _state["depth"] -= 1
        if not _state["depth"]:
            time.sleep = _sleep
