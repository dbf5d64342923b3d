"""Waiting for a charge, refund or cancel to come to its end, by long polling.

``polling=true`` makes the gateway hold its answer for up to 3 seconds, until the state is final.
One course of steps serves both clients; a gateway that answers at once is not asked again within
a second.

Source: docs.gopay-services.com, References/pollable-transactions.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar, cast

from kessai import errors as e
from kessai.call import call
from kessai.commands import Now, Sleep
from kessai.environment import positive
from kessai.parameters import NO_BODY, bind

from .errors import payment_error
from .refusals import StillWaitingError

if TYPE_CHECKING:
    from collections.abc import Collection, Generator, Mapping

    from kessai.commands import Command
    from kessai.operation import CallOptions, Operation
    from kessai.setup import Setup

ResourceT = TypeVar("ResourceT")

__all__ = ["FINAL", "WAIT", "wait_for"]

#: The states after which nothing changes, of a charge (the first four), a refund or a cancel.
FINAL = frozenset({"successful", "failed", "error", "canceled"})
#: Seconds for which ``wait`` waits unless it is told otherwise.
WAIT = 60.0
_PAUSE = 1.0
#: A read that ended so may be made again.
_PASSING = (
    e.NotSentError,
    e.NoAnswerError,
    e.UnreadableAnswerError,
    e.TooManyRequestsError,
    e.ServerError,
    e.MaintenanceError,
    e.UnexpectedStatusError,
)
_STATES = frozenset({"pending", "awaiting", "authorized"}) | FINAL


def wait_for(
    setup: Setup,
    operation: Operation[Any, ResourceT],
    path: Mapping[str, str],
    until: str | Collection[str] | None,
    seconds: float,
    options: CallOptions,
) -> Generator[Command, Any, ResourceT]:
    """Read a resource until its state is one of ``until`` or final; raise for one that failed.

    A question that brought no answer, or 429 or 5xx, is asked again while there is time: reading
    changes nothing.
    """
    wanted = _wanted(until)
    positive("within", seconds)
    question = bind(operation, path=path, query={"polling": "true"})
    ends = seconds + (yield Now())
    last: Any = None
    trouble: e.KessaiError | None = None
    while True:
        began: float = yield Now()
        if began >= ends:
            raise StillWaitingError(last, seconds, wanted) from trouble
        left = ends - began
        within: CallOptions = {**options, "deadline": min(left, options.get("deadline", left))}
        try:
            answer = yield from call(setup, question, NO_BODY, within)
        except _PASSING as error:
            trouble = error
        else:
            last, trouble = answer.value, None
            status = str(last.status)
            if status in wanted or status in FINAL:
                refusal = payment_error(last)
                if refusal is not None and status not in wanted:
                    refusal.operation = operation.name
                    refusal.status = answer.status
                    refusal.headers = answer.headers
                    refusal.attempts = answer.attempts
                    raise refusal
                return cast("ResourceT", last)
        now: float = yield Now()
        pause = min(_PAUSE - (now - began), ends - now)
        if pause > 0:
            yield Sleep(pause)


def _wanted(until: str | Collection[str] | None) -> frozenset[str]:
    if until is None:
        return frozenset()
    try:
        wanted = frozenset([str(until)] if isinstance(until, str) else map(str, until))
    except TypeError:
        raise e.ConfigurationError("until must be the name of a state, or several") from None
    unknown = wanted - _STATES
    if unknown:
        raise e.ConfigurationError(
            f"until names no state: {', '.join(sorted(unknown))}; "
            f"there are {', '.join(sorted(_STATES))}"
        )
    return wanted
