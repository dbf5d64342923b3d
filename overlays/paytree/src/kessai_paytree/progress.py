"""A request on its way, as its caller sees it: events one after another, and one end.

The manual's two events map onto ``Complete`` and ``Failed``. All but the last are on the way; the
last one is ``final``, and ``result`` then returns or raises the same once more.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self, TypeVar, cast

from kessai.closing import AsyncClosing, Closing

from .journey import Journey
from .results import Complete, Failed
from .steps import Mailbox, advance

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from kessai_paytree_api import models as m

    from .desk import Desk
    from .engine import AsyncEngine, Engine
    from .results import Event
    from .steps import Steps

__all__ = ["AsyncProgress", "Progress"]

ResultT = TypeVar("ResultT")


class Progress(Journey[ResultT], Closing):
    """Iterate over it: each event, the last one ``final``. Nothing happens between two events.

    Bring it to its end: iterate on, ``finish()``, or leave its ``with`` block, which stops a
    payment that waits. Until then the client takes no other request. What is raised is a mistake of
    the program's, before anything has left; what PAYTREE says comes as events.
    """

    def __init__(
        self,
        desk: Desk,
        engine: Engine,
        request_type: m.RequestType,
        begin: Callable[[Mailbox], Steps[ResultT]],
        code: str | None,
        said: dict[str, object],
        before: Callable[[], None],
    ) -> None:
        super().__init__(desk, request_type, begin, code, said)
        self._engine = engine
        self._before = before

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> Event[ResultT]:
        if self._end is not None:
            raise StopIteration
        if self._steps is None:
            self._before()
        steps = self._ready()
        try:
            seen = self._engine.go(advance(steps, self._mailbox))
        except BaseException as error:
            self._broken(error)
            raise
        return self._seen(seen)

    def finish(self, on_progress: Callable[[Event[ResultT]], object] | None = None) -> ResultT:
        """Go to the end and return the result, or raise what it ended with.

        ``on_progress`` is called with the events on the way, not with the final one.
        """
        for event in self:
            if not event.final and on_progress is not None:
                self._call(on_progress, event)
        return self.result

    def run(
        self,
        *,
        on_complete: Callable[[Complete[ResultT]], object],
        on_error: Callable[[Failed], object],
    ) -> None:
        """Go to the end as the manual does: each event to its handler, the final one too."""
        for event in self:
            if isinstance(event, Failed):
                self._call(on_error, event)
            else:
                self._call(on_complete, event)

    def close(self) -> None:
        """Bring it to its end: stop what waits, and run the rest. Raises nothing of PAYTREE's."""
        while self._steps is not None and self._end is None:
            self._mailbox.leave("stop")
            next(self)

    def _call(self, handler: Callable[[Any], object], event: object) -> None:
        try:
            handler(event)
        except Exception as error:
            self._callback_failed(error)


class AsyncProgress(Journey[ResultT], AsyncClosing):
    """``Progress`` for an event loop: ``async for``, ``await finish()``, ``async with``."""

    def __init__(
        self,
        desk: Desk,
        engine: AsyncEngine,
        request_type: m.RequestType,
        begin: Callable[[Mailbox], Steps[ResultT]],
        code: str | None,
        said: dict[str, object],
        before: Callable[[], Awaitable[None]],
    ) -> None:
        super().__init__(desk, request_type, begin, code, said)
        self._engine = engine
        self._before = before

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> Event[ResultT]:
        if self._end is not None:
            raise StopAsyncIteration
        if self._steps is None:
            await self._before()
        steps = self._ready()
        try:
            seen = await self._engine.go(advance(steps, self._mailbox))
        except BaseException as error:
            self._broken(error)
            raise
        return self._seen(seen)

    async def finish(
        self, on_progress: Callable[[Event[ResultT]], object] | None = None
    ) -> ResultT:
        """See ``Progress.finish``. ``on_progress`` may be a coroutine function."""
        async for event in self:
            if not event.final and on_progress is not None:
                await self._call(on_progress, event)
        return self.result

    async def run(
        self,
        *,
        on_complete: Callable[[Complete[ResultT]], object],
        on_error: Callable[[Failed], object],
    ) -> None:
        """See ``Progress.run``. The handlers may be coroutine functions."""
        async for event in self:
            if isinstance(event, Failed):
                await self._call(on_error, event)
            else:
                await self._call(on_complete, event)

    async def aclose(self) -> None:
        """See ``Progress.close``."""
        while self._steps is not None and self._end is None:
            self._mailbox.leave("stop")
            await anext(self)

    async def _call(self, handler: Callable[[Any], object], event: object) -> None:
        try:
            answer = handler(event)
            if hasattr(answer, "__await__"):
                await cast("Awaitable[object]", answer)
        except Exception as error:
            self._callback_failed(error)
