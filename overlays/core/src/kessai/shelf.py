"""Carries the engine's store commands to the stores a client was given."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kessai.commands import (
    JournalAttempt,
    JournalClose,
    JournalOpen,
    JournalTake,
    SlotAcquire,
    SlotRelease,
    StoreFault,
    TokenGiveUp,
    TokenPut,
    TokenTake,
)
from kessai.errors import KessaiError, StoreError

if TYPE_CHECKING:
    from kessai.commands import Command


class Shelf:
    """The stores of a client, sync or async: what a store returns (a value, or an awaitable of
    one) is passed on as it is."""

    __slots__ = ("journal", "slots", "tokens")

    def __init__(self, journal: Any, slots: Any, tokens: Any) -> None:
        self.journal: Any = journal
        self.slots: Any = slots
        self.tokens: Any = tokens

    def ask(self, command: Command) -> Any:
        """Ask the store that a command is meant for."""
        match command:
            case SlotAcquire(name, limit, lease):
                return self.slots.acquire(name, limit, lease)
            case SlotRelease(slot):
                return self.slots.release(slot)
            case JournalOpen(intent, digest, operation, key, reference, lease):
                return self.journal.open(
                    intent,
                    digest=digest,
                    operation=operation,
                    key=key,
                    reference=reference,
                    lease_seconds=lease,
                )
            case JournalAttempt(entry, number, lease):
                return self.journal.attempt(entry, number, lease)
            case JournalClose(entry, end, record):
                return self.journal.close(entry, end, record)
            case JournalTake(intent, lease):
                return self.journal.take(intent, lease)
            case TokenTake(name, lease, least, refused):
                return self.tokens.take(name, lease, min_seconds=least, refused=refused)
            case TokenPut(name, owner, token, seconds):
                return self.tokens.put(name, owner, token, seconds)
            case TokenGiveUp(name, owner):
                return self.tokens.give_up(name, owner)
            case _:
                raise TypeError(f"the engine asked for {type(command).__name__}")


def store_fault(error: Exception) -> StoreFault:
    """Return a store's failure as a value for the engine."""
    if isinstance(error, KessaiError):
        return StoreFault(error)
    wrapped = StoreError(f"a store failed: {type(error).__name__}")
    wrapped.__cause__ = error
    return StoreFault(wrapped)
