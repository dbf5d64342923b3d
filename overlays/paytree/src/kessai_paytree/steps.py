"""What a sequence asks of its driver beside kessai's commands, and how a driver goes through it.

A sequence is one generator without I/O, which sync and async drivers share. It yields kessai's
commands, and two of its own: an event for the caller, and the question whether the cashier has
decided. A decision is looked for again and again, with pauses that are commands too: waiting for it
by a lock inside the engine would block simulated clocks.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Generic, Literal, NamedTuple, TypeAlias, TypeVar

if TYPE_CHECKING:
    from collections.abc import Generator

    from kessai.commands import Command

    from .order import Order
    from .results import Event

__all__ = ["Decision", "End", "Mailbox", "Steps", "TakeDecision", "Tell", "advance"]

ResultT = TypeVar("ResultT")

Decision: TypeAlias = Literal["confirm", "stop"]


class Tell(NamedTuple):
    """Give an event to the caller. The answer is None."""

    event: Event[Any]


class TakeDecision(NamedTuple):
    """Take what the cashier has decided. The answer is a ``Decision``, or None for none yet."""


Steps: TypeAlias = "Generator[Command | Tell | TakeDecision, Any, ResultT]"


class Mailbox:
    """What the cashier has decided, left by any thread and taken by the sequence.

    ``open``: the payment waits for the customer; only then can anything be decided. ``order``: what
    the sequence is about, so that one that is broken off can be named.
    """

    __slots__ = ("_left", "open", "order")

    def __init__(self) -> None:
        self.open: bool = False
        self.order: Order | None = None
        self._left: Decision | None = None

    def leave(self, decision: Decision) -> None:
        """Leave a decision. To stop outweighs to confirm, whichever came first."""
        if self._left != "stop":
            self._left = decision

    def take(self) -> Decision | None:
        """Take the decision; the next one is another."""
        left, self._left = self._left, None
        return left


class End(NamedTuple, Generic[ResultT]):
    """The sequence is over: its result, or what it raised."""

    result: ResultT | None
    error: BaseException | None


def advance(
    steps: Steps[ResultT], mailbox: Mailbox
) -> Generator[Command, Any, Event[ResultT] | End[ResultT]]:
    """Go on to the next event, or to the end. Holds no state: call it anew for each event."""
    answer: Any = None
    failure: BaseException | None = None
    while True:
        try:
            command = steps.send(answer) if failure is None else steps.throw(failure)
        except StopIteration as stop:
            return End(stop.value, None)
        except Exception as error:
            return End(None, error)
        answer, failure = None, None
        if isinstance(command, Tell):
            return command.event
        if isinstance(command, TakeDecision):
            answer = mailbox.take()
            continue
        try:
            answer = yield command
        except BaseException as error:
            failure = error
