"""The events a hook receives. They hold ids, statuses and times; never bodies, headers or secrets.

``Client(hooks=[watch])`` calls ``watch(event)`` for each, in the thread or task of the call. A hook
must be quick and must not wait. What it raises becomes a ``RuntimeWarning``; it never breaks a
call.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from kessai.constraints import Violation


class CallStarted(NamedTuple):
    """The request has passed its checks. ``call`` numbers the calls of one client."""

    call: int
    operation: str
    idempotency_key: str | None
    intent: str | None
    reference: Mapping[str, str]
    size: int


class AttemptStarted(NamedTuple):
    """An attempt leaves now."""

    call: int
    operation: str
    number: int


class AttemptEnded(NamedTuple):
    """An attempt ended. ``error`` is the name of an error class, or None."""

    call: int
    operation: str
    number: int
    sent: Literal["no", "maybe", "yes"]
    status: int | None
    error: str | None
    seconds: float


class PauseStarted(NamedTuple):
    """The call waits ``seconds`` before attempt ``number``."""

    call: int
    operation: str
    number: int
    seconds: float


class CallEnded(NamedTuple):
    """The call came to its end.

    ``end``: ``"answered"``, ``"failed"`` (``error`` names the class; nothing was carried out),
    ``"unknown"`` (``OutcomeUnknown``) or ``"abandoned"`` (cancelled or interrupted). An order that
    is abandoned while ``maybe_sent`` has no other trace than this event and the journal.
    """

    call: int
    operation: str
    end: Literal["answered", "failed", "unknown", "abandoned"]
    status: int | None
    error: str | None
    attempts: int
    maybe_sent: bool
    seconds: float


class LimitsWarned(NamedTuple):
    """The request goes beyond limits that are not enforced."""

    call: int
    operation: str
    violations: Sequence[Violation]


class StoreFailed(NamedTuple):
    """A journal or slot store failed where the call could go on without it."""

    call: int
    operation: str
    step: str
    error: str


Event = (
    CallStarted
    | AttemptStarted
    | AttemptEnded
    | PauseStarted
    | CallEnded
    | LimitsWarned
    | StoreFailed
)
