"""What a request has been through, whichever driver it goes with.

Events are told, the log is written, the till is taken and freed, and what was broken off is kept.
"""

from __future__ import annotations

import logging
import warnings
from typing import TYPE_CHECKING, Any, Generic, TypeVar, cast

from .errors import (
    NotWaitingError,
    PaytreeError,
    RefundOpenError,
    ReversalFailedError,
    UnsettledError,
)
from .logs import LOGGER, Level
from .results import Complete, Failed, PayResult
from .steps import End, Mailbox

if TYPE_CHECKING:
    from collections.abc import Callable

    from kessai_paytree_api import models as m

    from .desk import Desk
    from .order import Order
    from .results import Event
    from .steps import Steps

__all__ = ["Journey"]

ResultT = TypeVar("ResultT")


class Journey(Generic[ResultT]):
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
        order, error = self._mailbox.order, seen.error
        if isinstance(error, UnsettledError):
            self._desk.leave_open(error)
        elif not isinstance(error, PaytreeError | None) and order is not None and order.sent:
            # A fault of the program, ours or the system's, on the way: what has left is open.
            error = self._left(order, error)
            self._end = End(None, error)
        elif order is not None:
            self._desk.settle(order.request_id)
        self._desk.end()
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
            left = self._left(order, error)
            self._end = End(None, left)
            self._tell(Failed(self.request_type, left, True))
        else:
            self._end = End(None, error)
        self._desk.end()

    def _left(self, order: Order, error: BaseException) -> UnsettledError:
        """Remember what was broken off."""
        kind = RefundOpenError if order.request_type == "Refund" else ReversalFailedError
        left = kind.of(
            order.unknown(f"broken off by {type(error).__name__}"),
            code="BROKEN_OFF",
            message="broken off before its end; recover it, or call",
            tried=tuple(order.tried),
        )
        order.named(left)
        left.__cause__ = error
        self._desk.leave_open(left)
        return left

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
