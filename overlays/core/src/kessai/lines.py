"""The connections of an async client, by event loop; and what a client may be given."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Final

from kessai.errors import ConfigurationError

if TYPE_CHECKING:
    from asyncio import AbstractEventLoop

    import httpx2

    from kessai.shelf import Shelf

#: What each store is asked first.
_FIRST: Final = (("journal", "open"), ("slots", "acquire"), ("tokens", "take"))


class Line:
    """The transports of one event loop, made at their first use."""

    __slots__ = ("fresh", "loop", "pooled")

    def __init__(self, loop: AbstractEventLoop | None) -> None:
        self.loop: AbstractEventLoop | None = loop
        self.pooled: httpx2.AsyncBaseTransport | None = None
        self.fresh: httpx2.AsyncBaseTransport | None = None

    def used(self) -> list[httpx2.AsyncBaseTransport]:
        """Return what has been made."""
        return [transport for transport in (self.pooled, self.fresh) if transport is not None]


class Lines:
    """A line for each event loop.

    A connection belongs to the loop it was opened in. Used in another one (``asyncio.run`` for each
    request, a loop for each thread) it fails in a way that looks as if the order had left.
    """

    __slots__ = ("_last", "_lines", "_lock")

    def __init__(self) -> None:
        self._last = Line(None)
        self._lines: dict[AbstractEventLoop | None, Line] = {None: self._last}
        self._lock = threading.Lock()

    def here(self) -> Line:
        """Return the line of the running loop."""
        from asyncio import get_running_loop

        try:
            loop: AbstractEventLoop | None = get_running_loop()
        except RuntimeError:  # another library's loop; it is taken for the only one
            loop = None
        last = self._last
        return last if last.loop is loop else self._of(loop)

    def _of(self, loop: AbstractEventLoop | None) -> Line:
        with self._lock:
            for old in [known for known in self._lines if known is not None and known.is_closed()]:
                del self._lines[old]
            line = self._lines.get(loop)
            if line is None:
                line = self._lines[loop] = Line(loop)
            self._last = line
            return line


def check_io(transport: object, shelf: Shelf, method: str, *, awaits: bool) -> None:
    """Refuse a transport or a store of the other kind: found out in a call, it looks like a fault.

    ``method`` is what the transport is asked; ``awaits``: the stores' answers are awaited.
    """
    if transport is not None and not hasattr(transport, method):
        raise ConfigurationError(
            f"this transport has no {method}; pass an httpx2 transport of the client's own kind "
            "(httpx2.HTTPTransport, httpx2.AsyncHTTPTransport), not an httpx2 client"
        )
    for name, first in _FIRST:
        store = getattr(shelf, name)
        if store is None:
            continue
        from inspect import iscoroutinefunction

        ask = getattr(store, first, None)
        if isinstance(store, type) or not callable(ask):
            raise ConfigurationError(f"{name} takes a store of kessai.stores, ready to be used")
        if iscoroutinefunction(ask) is not awaits:
            raise ConfigurationError(
                f"this {name} store is for an event loop; pass the sync one"
                if not awaits
                else f"this {name} store is a sync one; wrap it with kessai.stores.aio"
            )
