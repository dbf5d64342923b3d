"""The steps of a call that go to the journal and to the slots."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from kessai.commands import (
    Complain,
    Emit,
    Jitter,
    JournalAttempt,
    JournalClose,
    JournalOpen,
    Now,
    Sleep,
    SlotAcquire,
    SlotRelease,
    StoreFault,
)
from kessai.errors import (
    DeadlineExceededError,
    IntentClosedError,
    IntentConflictError,
    IntentInProgressError,
    OutcomeUnknown,
)
from kessai.hooks import StoreFailed
from kessai.lookup import NO_REPEAT, SPAN, learned
from kessai.operation import Attempt

if TYPE_CHECKING:
    from collections.abc import Generator, Mapping

    from kessai.commands import Command
    from kessai.errors import KessaiError
    from kessai.prepare import Prepared
    from kessai.setup import Setup
    from kessai.stores.values import End, Entry, Opened, Slot

#: Seconds an owner may be slower than its deadline before its entry counts as abandoned.
LEASE_MARGIN = 30.0
#: Among the names in an entry: what the order's path was filled with.
PATH = "path:"
#: Seconds between two looks at slots that are all taken: doubled from the first to the last.
FIRST_LOOK, LAST_LOOK = 0.02, 0.5


def open_intent(setup: Setup, prepared: Prepared) -> Generator[Command, Any, Entry]:
    """Write the intent down before anything leaves; own it until the deadline and a margin.

    A repeat of an intent is given back what became of it: ``OutcomeUnknown`` while that is not
    known, ``IntentClosedError`` when it ended. Nothing is sent then. A definite failure has freed
    the intent.
    """
    intent = prepared.intent or ""
    filled = {} if prepared.path is None else {PATH: prepared.path}
    answer: Opened | StoreFault = yield JournalOpen(
        intent,
        prepared.digest,
        prepared.operation.name,
        prepared.key or "",
        {**prepared.reference, **prepared.expected, **filled},
        prepared.deadline + LEASE_MARGIN,
    )
    if isinstance(answer, StoreFault):
        raise answer.error
    verdict, entry = answer
    name = prepared.operation.name
    if verdict == "opened":
        return entry
    if verdict == "in_progress":
        raise IntentInProgressError(
            f"{name}: another call works on this intent now; nothing was sent"
        )
    if verdict == "conflict":
        raise IntentConflictError(
            f"{name}: this intent was begun by {entry.operation} with another request, and is "
            f"{entry.state}; settle that one first, or name another intent"
        )
    if verdict == "closed":
        raise IntentClosedError(
            operation=name,
            intent=entry.intent,
            end=entry.end,
            reference={**_names(entry), **learned(entry.record)},
            record=entry.record,
            idempotency_key=entry.key or None,
        )
    raise unknown_from(setup, entry)


def unknown_from(setup: Setup, entry: Entry) -> OutcomeUnknown:
    """Return what the journal knows of a call whose outcome is not known."""
    reference, expected = _split(entry.reference)
    path = reference.pop(PATH, None)
    first = entry.opened_at if entry.first_sent_at is None else entry.first_sent_at
    return OutcomeUnknown(
        operation=entry.operation,
        scope=setup.scope,
        idempotency_key=entry.key or None,
        reference={**reference, **learned(entry.record)},
        expected=expected,
        attempts=[Attempt(n + 1, "maybe", None, None, 0.0) for n in range(entry.attempts)],
        first_sent_at=datetime.fromtimestamp(first, UTC),
        digest=entry.digest,
        intent=entry.intent,
        repeat=NO_REPEAT not in entry.record,
        reason=entry.record.get("reason", entry.state),
        path=path,
        span=_span(entry, first),
    )


def _span(entry: Entry, first: float) -> float:
    """For how long attempts left. An entry that is open has changed since, by being asked about."""
    if entry.state != "open":
        return max(0.0, entry.changed_at - first)
    return float(entry.record.get(SPAN, 0.0))


def _names(entry: Entry) -> dict[str, str]:
    names, _ = _split(entry.reference)
    names.pop(PATH, None)
    return names


def _split(kept: Mapping[str, str]) -> tuple[dict[str, str], dict[str, str]]:
    """Part what the gateway is asked by (names) from what must agree (JSON pointers)."""
    return (
        {name: text for name, text in kept.items() if not name.startswith("/")},
        {name: text for name, text in kept.items() if name.startswith("/")},
    )


def write_down(entry: Entry, number: int, left: float) -> Generator[Command, Any, None]:
    """Write down that attempt ``number`` leaves; raises when it must not."""
    answer: bool | StoreFault = yield JournalAttempt(entry, number, left + LEASE_MARGIN)
    if isinstance(answer, StoreFault):
        raise answer.error
    if not answer:
        raise IntentInProgressError(
            f"{entry.operation}: this call was paused until its journal lease ended, and another "
            "has taken over the intent"
        )


def close_intent(
    setup: Setup, number: int, entry: Entry, end: End, record: Mapping[str, str]
) -> Generator[Command, Any, None]:
    """Write down how it ended. A journal that fails now must not cost the caller the answer."""
    answer: bool | StoreFault = yield JournalClose(entry, end, record)
    if isinstance(answer, StoreFault):
        yield from _failed(setup, number, entry.operation, "close", answer.error)
    elif not answer:
        yield Complain(
            f"{entry.operation}: the journal's lease ended before the call did; the end of this "
            f"call ({end}) is not in the journal"
        )


def take_slot(prepared: Prepared, end: float) -> Generator[Command, Any, Slot]:
    """Wait for a place among the calls in flight, until the deadline.

    The lease spans the longest an attempt may take. A call whose answer never comes does not give
    its place back: the gateway counts it until *it* has answered.
    """
    from kessai.stores.values import Full

    route = prepared.route
    lease = sum(prepared.timeout)
    look = FIRST_LOOK
    while True:
        answer: Slot | Full | StoreFault = yield SlotAcquire(route.slot, route.slot_limit, lease)
        if isinstance(answer, StoreFault):
            raise answer.error
        if not isinstance(answer, Full):
            return answer
        seconds: float = yield Jitter(look / 2, look)
        look = min(look * 2, LAST_LOOK)
        now: float = yield Now()
        if now + seconds >= end:
            raise DeadlineExceededError(
                f"{prepared.operation.name}: no place among {route.slot_limit} calls in flight "
                "became free before the deadline",
                operation=prepared.operation.name,
            )
        yield Sleep(seconds)


def give_slot(setup: Setup, prepared: Prepared, slot: Slot) -> Generator[Command, Any, None]:
    """Give a place back. If that fails, its lease ends it."""
    answer: bool | StoreFault = yield SlotRelease(slot)
    if isinstance(answer, StoreFault):
        yield from _failed(setup, prepared.number, prepared.operation.name, "release", answer.error)


def _failed(
    setup: Setup, number: int, name: str, step: str, error: KessaiError
) -> Generator[Command, Any, None]:
    yield Complain(f"{name}: a store failed ({step}: {type(error).__name__}); the call goes on")
    if setup.listening:
        yield Emit(StoreFailed(number, name, step, type(error).__name__))
