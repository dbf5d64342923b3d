"""The protocols of the stores and the values they answer with.

Shared by every protocol here:

- Durations (``lease_seconds``, ``keep_seconds``, ``older_than``) are seconds, greater than zero and
  finite. Points in time are seconds since 1970-01-01T00:00:00Z by the store's own clock.
- Keys, names and intents are text of 1 to 512 bytes in UTF-8, without NUL. A store adds no scope to
  them: two gateways that share a store need different names (``gmo:tshop00000001:...``).
- An owner is a random text made by the store, new for every claim. It is the fence: whoever holds
  an older one can no longer change the entry, however late it wakes up.
- A lease bounds how long something is taken, never what its holder does meanwhile.
- No method waits for another holder. Each answers at once, and the caller decides whether to pause.
- ``ConfigurationError`` says that an argument breaks the rules above; ``StoreError`` that the store
  could not be reached or written, in which case the change may or may not have been made.

Every protocol has an ``Async`` twin with the same methods as coroutines.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from kessai.errors import StoreError
from kessai.stores.values import (
    Claim,
    End,
    Entry,
    Full,
    Opened,
    Pending,
    Slot,
    State,
    TokenTurn,
    Verdict,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

__all__ = [
    "AsyncDedupeStore",
    "AsyncJournalStore",
    "AsyncSlotStore",
    "AsyncTokenStore",
    "Claim",
    "DedupeStore",
    "End",
    "Entry",
    "Full",
    "JournalStore",
    "Opened",
    "Pending",
    "Slot",
    "SlotStore",
    "State",
    "StoreError",
    "TokenStore",
    "TokenTurn",
    "Verdict",
]


class DedupeStore(Protocol):
    """Remembers which events are being handled and which were handled."""

    def claim(self, key: str, lease_seconds: float) -> Claim:
        """Take ``key`` unless it is done or somebody else holds it."""
        ...

    def done(self, key: str, owner: str, keep_seconds: float) -> bool:
        """Mark ``key`` as done for ``keep_seconds``.

        Also when the owner's own lease has ended and nobody has taken the key since. False, and
        nothing is changed, when another owner holds the key or has finished it: the event is then
        handled twice, which the caller should log.
        """
        ...

    def release(self, key: str, owner: str) -> bool:
        """Free ``key`` for the next delivery. False when it was not ours any more."""
        ...


class SlotStore(Protocol):
    """At most ``limit`` live leases per name.

    Not a queue: whoever asks at the right moment gets the place.
    """

    def acquire(self, name: str, limit: int, lease_seconds: float) -> Slot | Full:
        """Take a place among at most ``limit`` (1 or more) for ``lease_seconds``."""
        ...

    def release(self, slot: Slot) -> bool:
        """Give the place back once the gateway has answered. False when its lease had ended.

        A call that never got its answer must not release: the gateway counts it until *it* has
        answered, so the place stays taken until the lease ends.
        """
        ...


class TokenStore(Protocol):
    """Shares access tokens, so that many callers fetch one once.

    Tokens are kept as they are: whoever can read the store can use them.
    """

    def take(
        self, name: str, lease_seconds: float, *, min_seconds: float = 0.0, refused: str = ""
    ) -> TokenTurn:
        """Get the token, or the turn to fetch it.

        A token with ``min_seconds`` or less to live counts as absent (or half its whole life, where
        that is less: a short life must not mean a fetch for every caller), and so does the one the
        gateway has just refused with 401 (``refused``): of many callers holding a refused token one
        fetches and the others wait for the next.
        """
        ...

    def put(self, name: str, owner: str, token: str, seconds: float) -> bool:
        """Store a token good for ``seconds`` and end the turn.

        False, and nothing is stored, when the turn had ended and somebody else has taken it.
        """
        ...

    def give_up(self, name: str, owner: str) -> bool:
        """End the turn without a token, so that the next caller fetches."""
        ...


class JournalStore(Protocol):
    """What left, written down before it leaves, and kept until its outcome is known.

    ``open`` → ``attempt(1)`` → send → ``close``. Every change is a compare-and-set on the owner:
    a process that lost its entry is told so (False) and must not send. The engine asks ``attempt``
    after the slot wait, just before each send, so an entry with no attempts proves that nothing
    left.

    ``intent`` is opaque and must name the operation and the shop too, or the cancellation of an
    order would meet its charge. ``digest`` is compared, never read back: make it with a key where
    the request holds a card number, because a plain hash of one can be searched.
    """

    def open(
        self,
        intent: str,
        *,
        digest: str,
        operation: str,
        key: str,
        reference: Mapping[str, str],
        lease_seconds: float,
    ) -> Opened:
        """Insert the intent if it is absent and own it for ``lease_seconds``.

        An entry that was never sent and whose owner is gone counts as absent, whatever its digest.
        ``key`` is the idempotency key ("" for none); ``reference`` at most 4,096 bytes as JSON.
        """
        ...

    def attempt(self, entry: Entry, number: int, lease_seconds: float) -> bool:
        """Write down that attempt ``number`` leaves now, and renew the lease.

        True when the entry is still ours and ``number`` is the next one. False: do not send.
        ``number`` counts on from ``entry.attempts`` of an entry taken over.
        """
        ...

    def renew(self, entry: Entry, lease_seconds: float) -> bool:
        """Keep the entry for ``lease_seconds`` from now. False when it is not ours any more."""
        ...

    def close(self, entry: Entry, end: End, record: Mapping[str, str]) -> bool:
        """Write down how it ended and let go of the entry.

        ``done``, ``check_needed``, ``doubled`` and ``stray`` close it and are given back to every
        repeat. ``unknown`` and ``open`` keep it for ``take``. ``not_done`` (definitely nothing
        happened) removes it, which frees the intent. ``record`` at most 4,096 bytes as JSON.
        False, and nothing is changed, when the entry is not ours any more.
        """
        ...

    def take(self, intent: str, lease_seconds: float) -> Entry | None:
        """Take over an entry whose outcome is ``unknown`` or ``open``, to settle it.

        None when there is no such entry or a live owner works on it.
        """
        ...

    def get(self, intent: str) -> Entry | None:
        """Read an entry as it is now, or None."""
        ...

    def pending(
        self,
        older_than: float,
        *,
        states: Collection[Pending] = ("unknown", "open"),
        limit: int = 100,
        after: Entry | None = None,
    ) -> list[Entry]:
        """List entries that nobody works on and whose outcome is not known.

        Opened ``older_than`` seconds ago or earlier (0 for all), oldest first, at most ``limit``.
        ``after`` continues behind the last entry of the page before.
        """
        ...

    def forget(self, older_than: float, *, limit: int = 1000) -> int:
        """Remove entries that are closed, or were never sent and abandoned.

        Only those unchanged for ``older_than`` seconds (0 for all). Entries whose outcome is not
        known are never removed. A repeat of a forgotten intent is a new order. Returns how many
        went; call again while it equals ``limit``.
        """
        ...


class AsyncDedupeStore(Protocol):
    """``DedupeStore`` for an event loop."""

    async def claim(self, key: str, lease_seconds: float) -> Claim:
        """See ``DedupeStore.claim``."""
        ...

    async def done(self, key: str, owner: str, keep_seconds: float) -> bool:
        """See ``DedupeStore.done``."""
        ...

    async def release(self, key: str, owner: str) -> bool:
        """See ``DedupeStore.release``."""
        ...


class AsyncSlotStore(Protocol):
    """``SlotStore`` for an event loop."""

    async def acquire(self, name: str, limit: int, lease_seconds: float) -> Slot | Full:
        """See ``SlotStore.acquire``."""
        ...

    async def release(self, slot: Slot) -> bool:
        """See ``SlotStore.release``."""
        ...


class AsyncTokenStore(Protocol):
    """``TokenStore`` for an event loop."""

    async def take(
        self, name: str, lease_seconds: float, *, min_seconds: float = 0.0, refused: str = ""
    ) -> TokenTurn:
        """See ``TokenStore.take``."""
        ...

    async def put(self, name: str, owner: str, token: str, seconds: float) -> bool:
        """See ``TokenStore.put``."""
        ...

    async def give_up(self, name: str, owner: str) -> bool:
        """See ``TokenStore.give_up``."""
        ...


class AsyncJournalStore(Protocol):
    """``JournalStore`` for an event loop."""

    async def open(
        self,
        intent: str,
        *,
        digest: str,
        operation: str,
        key: str,
        reference: Mapping[str, str],
        lease_seconds: float,
    ) -> Opened:
        """See ``JournalStore.open``."""
        ...

    async def attempt(self, entry: Entry, number: int, lease_seconds: float) -> bool:
        """See ``JournalStore.attempt``."""
        ...

    async def renew(self, entry: Entry, lease_seconds: float) -> bool:
        """See ``JournalStore.renew``."""
        ...

    async def close(self, entry: Entry, end: End, record: Mapping[str, str]) -> bool:
        """See ``JournalStore.close``."""
        ...

    async def take(self, intent: str, lease_seconds: float) -> Entry | None:
        """See ``JournalStore.take``."""
        ...

    async def get(self, intent: str) -> Entry | None:
        """See ``JournalStore.get``."""
        ...

    async def pending(
        self,
        older_than: float,
        *,
        states: Collection[Pending] = ("unknown", "open"),
        limit: int = 100,
        after: Entry | None = None,
    ) -> list[Entry]:
        """See ``JournalStore.pending``."""
        ...

    async def forget(self, older_than: float, *, limit: int = 1000) -> int:
        """See ``JournalStore.forget``."""
        ...
