"""Stores that live in this process and are gone with it.

Safe for threads and, because no method waits, for an event loop (``kessai.stores.aio``). For tests,
for tools, and for servers of one process that can live with forgetting: a journal in memory knows
nothing after a crash.

``clock`` answers seconds since 1970 and can be a simulation's.
"""

from __future__ import annotations

import time
from threading import Lock
from typing import TYPE_CHECKING, ClassVar, Final

from kessai.stores import rules
from kessai.stores.checks import check_limit, check_seconds, check_text, new_owner, pack
from kessai.stores.values import Claim, Full, Slot, TokenTurn

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

    from kessai.stores.values import End, Entry, Opened, Pending

_SWEEP: Final = 1024


class MemoryDedupe:
    """``DedupeStore`` in this process."""

    blocking: ClassVar[bool] = False

    def __init__(self, *, clock: Callable[[], float] = time.time) -> None:
        """Start with no key taken."""
        self._clock = clock
        self._lock = Lock()
        self._held: dict[str, tuple[bool, str, float]] = {}  # key -> done, owner, until
        self._sweep_at = _SWEEP

    def claim(self, key: str, lease_seconds: float) -> Claim:
        """See ``DedupeStore.claim``."""
        check_text("key", key)
        check_seconds("lease_seconds", lease_seconds)
        owner = new_owner()
        with self._lock:
            now = self._clock()
            held = self._held.get(key)
            if held is not None and held[2] > now:
                return Claim("done") if held[0] else Claim("busy", wait=held[2] - now)
            self._held[key] = (False, owner, now + lease_seconds)
            self._sweep(now)
        return Claim("claimed", owner)

    def done(self, key: str, owner: str, keep_seconds: float) -> bool:
        """See ``DedupeStore.done``."""
        check_text("key", key)
        check_seconds("keep_seconds", keep_seconds)
        with self._lock:
            now = self._clock()
            held = self._held.get(key)
            if held is not None and held[2] > now and held[1] != owner:
                return False
            self._held[key] = (True, owner, now + keep_seconds)
        return True

    def release(self, key: str, owner: str) -> bool:
        """See ``DedupeStore.release``."""
        with self._lock:
            held = self._held.get(key)
            if held is None or held[:2] != (False, owner) or held[2] <= self._clock():
                return False
            del self._held[key]
        return True

    def _sweep(self, now: float) -> None:
        # The sweep doubles its distance with what stays, so that its cost is constant per claim.
        if len(self._held) < self._sweep_at:
            return
        self._held = {key: held for key, held in self._held.items() if held[2] > now}
        self._sweep_at = max(_SWEEP, 2 * len(self._held))


class MemorySlots:
    """``SlotStore`` in this process."""

    blocking: ClassVar[bool] = False

    def __init__(self, *, clock: Callable[[], float] = time.time) -> None:
        """Start with every place free."""
        self._clock = clock
        self._lock = Lock()
        self._slots: dict[str, dict[str, float]] = {}  # name -> owner -> until

    def acquire(self, name: str, limit: int, lease_seconds: float) -> Slot | Full:
        """See ``SlotStore.acquire``."""
        check_text("name", name)
        check_limit("limit", limit)
        check_seconds("lease_seconds", lease_seconds)
        with self._lock:
            now = self._clock()
            live = {o: until for o, until in self._slots.get(name, {}).items() if until > now}
            self._slots[name] = live
            if len(live) >= limit:
                return Full(min(live.values()) - now)
            slot = Slot(name, new_owner(), now + lease_seconds)
            live[slot.owner] = slot.until
        return slot

    def release(self, slot: Slot) -> bool:
        """See ``SlotStore.release``."""
        with self._lock:
            until = self._slots.get(slot.name, {}).pop(slot.owner, None)
            return until is not None and until > self._clock()


class MemoryTokens:
    """``TokenStore`` in this process."""

    blocking: ClassVar[bool] = False

    def __init__(self, *, clock: Callable[[], float] = time.time) -> None:
        """Start with no token."""
        self._clock = clock
        self._lock = Lock()
        self._tokens: dict[str, tuple[str, float, float]] = {}  # name -> token, good until, life
        self._turns: dict[str, tuple[str, float]] = {}  # name -> owner, until

    def take(
        self, name: str, lease_seconds: float, *, min_seconds: float = 0.0, refused: str = ""
    ) -> TokenTurn:
        """See ``TokenStore.take``."""
        check_text("name", name)
        check_seconds("lease_seconds", lease_seconds)
        check_seconds("min_seconds", min_seconds, zero=True)
        with self._lock:
            now = self._clock()
            token, good_until, life = self._tokens.get(name, ("", 0.0, 0.0))
            if token and token != refused and good_until - now > min(min_seconds, life / 2):
                return TokenTurn("token", good_until - now, token=token)
            _, until = self._turns.get(name, ("", 0.0))
            if until > now:
                return TokenTurn("wait", until - now)
            owner = new_owner()
            self._turns[name] = (owner, now + lease_seconds)
        return TokenTurn("fetch", lease_seconds, owner=owner)

    def put(self, name: str, owner: str, token: str, seconds: float) -> bool:
        """See ``TokenStore.put``."""
        check_seconds("seconds", seconds)
        with self._lock:
            if self._turns.get(name, (None, 0.0))[0] != owner:
                return False
            del self._turns[name]
            self._tokens[name] = (token, self._clock() + seconds, seconds)
        return True

    def give_up(self, name: str, owner: str) -> bool:
        """See ``TokenStore.give_up``."""
        with self._lock:
            if self._turns.get(name, (None, 0.0))[0] != owner:
                return False
            del self._turns[name]
        return True


class MemoryJournal:
    """``JournalStore`` in this process. It forgets with the process: not for live money."""

    blocking: ClassVar[bool] = False

    def __init__(self, *, clock: Callable[[], float] = time.time) -> None:
        """Start empty."""
        self._clock = clock
        self._lock = Lock()
        self._entries: dict[str, Entry] = {}

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
        """See ``JournalStore.open``."""
        pack("reference", reference)
        call = rules.Intent(intent, digest, operation, key, dict(reference)).check()
        check_seconds("lease_seconds", lease_seconds)
        with self._lock:
            stored = self._entries.get(intent)
            answer, entry = rules.opened(stored, call, new_owner(), self._clock(), lease_seconds)
            self._keep(entry)
        return answer

    def attempt(self, entry: Entry, number: int, lease_seconds: float) -> bool:
        """See ``JournalStore.attempt``."""
        check_seconds("lease_seconds", lease_seconds)
        with self._lock:
            stored = self._entries.get(entry.intent)
            return self._keep(rules.attempted(stored, entry, number, self._clock(), lease_seconds))

    def renew(self, entry: Entry, lease_seconds: float) -> bool:
        """See ``JournalStore.renew``."""
        check_seconds("lease_seconds", lease_seconds)
        with self._lock:
            stored = self._entries.get(entry.intent)
            return self._keep(rules.renewed(stored, entry, self._clock(), lease_seconds))

    def close(self, entry: Entry, end: End, record: Mapping[str, str]) -> bool:
        """See ``JournalStore.close``."""
        pack("record", record)
        with self._lock:
            stored = self._entries.get(entry.intent)
            left = rules.closed(stored, entry, end, record, self._clock())
            if left is not None and end == rules.FREEING:
                del self._entries[entry.intent]
                return True
            return self._keep(left)

    def take(self, intent: str, lease_seconds: float) -> Entry | None:
        """See ``JournalStore.take``."""
        check_seconds("lease_seconds", lease_seconds)
        with self._lock:
            stored = self._entries.get(intent)
            entry = rules.taken(stored, new_owner(), self._clock(), lease_seconds)
            self._keep(entry)
        return entry

    def get(self, intent: str) -> Entry | None:
        """See ``JournalStore.get``."""
        with self._lock:
            stored = self._entries.get(intent)
            return None if stored is None else rules.shown(stored, self._clock())

    def pending(
        self,
        older_than: float,
        *,
        states: Collection[Pending] = ("unknown", "open"),
        limit: int = 100,
        after: Entry | None = None,
    ) -> list[Entry]:
        """See ``JournalStore.pending``. Looks at every entry."""
        check_seconds("older_than", older_than, zero=True)
        check_limit("limit", limit)
        with self._lock:
            now = self._clock()
            behind = None if after is None else (after.opened_at, after.intent)
            found = sorted(
                (entry.opened_at, entry.intent)
                for entry in self._entries.values()
                if not rules.is_live(entry, now)
                and rules.shown(entry, now).state in states
                and entry.opened_at <= now - older_than
                and (behind is None or (entry.opened_at, entry.intent) > behind)
            )
            return [rules.shown(self._entries[intent], now) for _, intent in found[:limit]]

    def forget(self, older_than: float, *, limit: int = 1000) -> int:
        """See ``JournalStore.forget``. Looks at every entry."""
        check_seconds("older_than", older_than, zero=True)
        check_limit("limit", limit)
        with self._lock:
            now = self._clock()
            old = [
                entry.intent
                for entry in self._entries.values()
                if (entry.state == "closed" or rules.is_abandoned(entry, now))
                and entry.changed_at <= now - older_than
            ][:limit]
            for intent in old:
                del self._entries[intent]
        return len(old)

    def _keep(self, entry: Entry | None) -> bool:
        if entry is None:
            return False
        self._entries[entry.intent] = entry
        return True
