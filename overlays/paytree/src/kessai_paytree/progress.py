"""A request on its way, as its caller sees it: events one after another, and one end.

The manual's two events map onto ``Complete`` and ``Failed``. All but the last are on the way; the
last one is ``final``, and ``result`` then returns or raises the same once more.
"""

from __future__ import annotations

import logging
import warnings
from typing import TYPE_CHECKING, Any, Generic, Self, TypeVar, cast

from .errors import (
    NotWaitingError,
    PaytreeError,
    ReversalFailedError,
    UnsettledError,
)
from .logs import LOGGER, Level
from .results import Complete, Failed, PayResult
from .steps import End, Mailbox, advance

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from types import TracebackType

    from kessai_paytree_api import models as m

    from .desk import Desk
    from .engine import AsyncEngine, Engine
    from .results import Event
    from .steps import Steps

__all__ = ["AsyncProgress", "Progress"]

ResultT = TypeVar("ResultT")


class _Journey(Generic[ResultT]):
    """What a request has been through. Shared by both drivers."""

    def __init__(
        self,
        desk: Desk,
        request_type: m.RequestType,
        begin: Callable[[Mailbox], Steps[ResultT]],
        code: str | None,
        said: dict[str, object],
    ) -> None:
        self.request_type: m.RequestType = request_type
        self._desk = desk
        self._begin = begin
        self._code = code
        self._said = said
        self._mailbox = Mailbox()
        self._steps: Steps[ResultT] | None = None
        self._end: End[ResultT] | None = None

    @property
    def done(self) -> bool:
        """Whether it is at its end."""
        return self._end is not None

    @property
    def waiting(self) -> bool:
        """Whether it waits for the customer's approval: only then ``confirm`` and ``stop`` work."""
        return self._mailbox.open

    @property
    def result(self) -> ResultT:
        """The result; raises what the request ended with, and RuntimeError before its end."""
        if self._end is None:
            raise RuntimeError("the request is not at its end")
        if self._end.error is not None:
            raise self._end.error
        return cast("ResultT", self._end.result)

    def confirm(self) -> None:
        """The cashier has seen the customer approve: ask. The answer comes as an event.

        Raises NotWaitingError when nothing waits. Any thread may call it.
        """
        self._waits()
        self._mailbox.leave("confirm")

    def stop(self) -> None:
        """End the wait: ask a last time, and reverse what has not been approved.

        Raises NotWaitingError when nothing waits. Any thread may call it.
        """
        self._waits()
        self._mailbox.leave("stop")

    def _waits(self) -> None:
        if not self._mailbox.open:
            raise NotWaitingError().about(
                code="NOT_WAITING", message="no payment waits for the customer's approval"
            )

    def _ready(self) -> Steps[ResultT]:
        """The steps; the first use takes the till."""
        if self._steps is None:
            self._desk.begin(self._code)
            try:
                self._steps = self._begin(self._mailbox)
            except BaseException:
                self._desk.end()
                raise
            self._desk.log.write(
                Level.SEQUENCE, str(self.request_type), state="begun", **self._said
            )
        return self._steps

    def _seen(self, seen: Event[ResultT] | End[ResultT]) -> Event[ResultT]:
        """Take what the driver brought, and tell it."""
        if not isinstance(seen, End):
            self._tell(seen)
            return seen
        self._end = seen
        self._desk.end()
        order = self._mailbox.order
        error = seen.error
        if isinstance(error, UnsettledError):
            self._desk.leave_open(error)
        elif order is not None:
            self._desk.settle(order.request_id)
        event: Event[ResultT]
        if error is None:
            event = Complete(self.request_type, cast("ResultT", seen.result), True)
        elif isinstance(error, PaytreeError):
            event = Failed(self.request_type, error, True)
        else:
            # A request that breaks limits, a store that failed before anything left.
            self._desk.log.write(Level.ERROR, str(self.request_type), error=type(error).__name__)
            raise error
        self._tell(event)
        return event

    def _broken(self, error: BaseException) -> None:
        """Interrupted or cancelled: what was under way is open, and the till is free."""
        steps, self._steps = self._steps, None
        if steps is not None:
            steps.close()
        order = self._mailbox.order
        self._mailbox.open = False
        if order is not None and order.sent:
            unknown = order.unknown(f"broken off by {type(error).__name__}")
            left = ReversalFailedError.of(
                unknown,
                code="BROKEN_OFF",
                message="broken off before its end; recover it, or call",
                tried=tuple(order.tried),
            )
            order.named(left)
            self._desk.leave_open(left)
            self._end = End(None, left)
            self._tell(Failed(self.request_type, left, True))
        else:
            self._end = End(None, error)
        self._desk.end()

    def _tell(self, event: Event[ResultT]) -> None:
        """Write an event into the log."""
        log, name = self._desk.log, str(event.request_type)
        if isinstance(event, Failed):
            error = event.error
            log.write(
                Level.ERROR,
                name,
                state="failed" if event.final else "not yet",
                error=type(error).__name__,
                kind=int(error.kind),
                code=error.code,
                sub_code=error.sub_code,
                message=error.message,
                escalation=error.escalation,
                order_id=error.order_id,
                request_id=error.request_id,
            )
            return
        result: Any = event.result
        log.write(
            Level.SEQUENCE,
            name,
            state="waiting" if isinstance(result, PayResult) and result.waiting else "done",
            order_id=result.order_id,
            request_id=result.request_id,
            status=getattr(result.trans_status, "name", None),
            confirmed="yes" if result.confirmed else None,
        )

    def _callback_failed(self, error: Exception) -> None:
        """A handler must not cost the payment: it goes on, and this is said aside."""
        text = f"a handler raised {type(error).__name__}; the request goes on"
        self._desk.log.write(Level.ERROR, text)
        try:
            warnings.warn(text, RuntimeWarning, stacklevel=4)
        except RuntimeWarning:
            logging.getLogger(LOGGER).warning(text)

    def __repr__(self) -> str:
        state = "done" if self.done else "waiting" if self.waiting else "under way"
        return f"<{type(self).__name__} {self.request_type} {state}>"


class Progress(_Journey[ResultT]):
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

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def _call(self, handler: Callable[[Any], object], event: object) -> None:
        try:
            handler(event)
        except Exception as error:
            self._callback_failed(error)


class AsyncProgress(_Journey[ResultT]):
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

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self.aclose()

    async def _call(self, handler: Callable[[Any], object], event: object) -> None:
        try:
            answer = handler(event)
            if hasattr(answer, "__await__"):
                await cast("Awaitable[object]", answer)
        except Exception as error:
            self._callback_failed(error)
