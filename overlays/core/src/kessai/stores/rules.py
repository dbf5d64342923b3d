"""The journal's rules as pure functions: an entry and the time in, an entry out.

Memory and SQLite apply them inside their own lock or transaction. Redis has them once more in Lua,
because only a script is atomic there; the same tests run over all three.

A stored entry keeps the owner for the compare-and-set. ``shown`` is what anybody but the owner
gets to see.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple, get_args

from kessai.errors import ConfigurationError
from kessai.stores.checks import check_text
from kessai.stores.values import End, Entry, Opened, Pending

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kessai.stores.values import Verdict

FREEING: Final = "not_done"
PENDING: Final = frozenset(get_args(Pending))
_ENDS: Final = frozenset(get_args(End))


class Intent(NamedTuple):
    """What a call says about itself when it opens its entry."""

    intent: str
    digest: str
    operation: str
    key: str
    reference: Mapping[str, str]

    def check(self) -> Intent:
        """Refuse texts no store can keep; the key alone may be empty."""
        check_text("intent", self.intent)
        check_text("digest", self.digest)
        check_text("operation", self.operation)
        if self.key:
            check_text("key", self.key)
        return self


def check_end(end: str) -> None:
    """Refuse an end the journal does not know."""
    if end not in _ENDS:
        raise ConfigurationError(f"end must be one of {', '.join(sorted(_ENDS))}")


def is_live(entry: Entry, now: float) -> bool:
    """Say whether somebody works on the entry."""
    return entry.owner != "" and entry.until > now


def shown(entry: Entry, now: float) -> Entry:
    """Show an entry without its fence. A send whose owner is gone is unknown."""
    if is_live(entry, now):
        return entry._replace(owner="")
    state = "unknown" if entry.state == "sending" else entry.state
    return entry._replace(owner="", until=0.0, state=state)


def is_abandoned(entry: Entry, now: float) -> bool:
    """Say whether the owner is gone before anything was sent, which makes the entry worthless."""
    return entry.state == "ready" and not is_live(entry, now)


def opened(
    stored: Entry | None, call: Intent, owner: str, now: float, lease_seconds: float
) -> tuple[Opened, Entry | None]:
    """Answer ``open``; the second value is what to store, None for no change."""
    if stored is None or is_abandoned(stored, now):
        entry = Entry(
            *call,
            state="ready",
            attempts=0,
            owner=owner,
            until=now + lease_seconds,
            end="",
            record={},
            opened_at=now,
            first_sent_at=None,
            changed_at=now,
        )
        return Opened("opened", entry), entry
    seen = shown(stored, now)
    verdict: Verdict
    if (stored.digest, stored.operation) != (call.digest, call.operation):
        verdict = "conflict"
    elif is_live(stored, now):
        verdict = "in_progress"
    elif seen.state in ("closed", "open"):
        verdict = seen.state
    else:
        verdict = "unknown"
    return Opened(verdict, seen), None


def _is_ours(stored: Entry | None, entry: Entry) -> bool:
    return stored is not None and stored.owner != "" and stored.owner == entry.owner


def attempted(
    stored: Entry | None, entry: Entry, number: int, now: float, lease_seconds: float
) -> Entry | None:
    """Answer ``attempt`` with what to store, None for a refusal.

    An ended lease is renewed as long as nobody else took the entry: the owner is still the last
    one, so nothing can have been sent or settled behind its back.
    """
    if stored is None or not _is_ours(stored, entry) or number != stored.attempts + 1:
        return None
    return stored._replace(
        state="sending",
        attempts=number,
        until=now + lease_seconds,
        first_sent_at=now if stored.first_sent_at is None else stored.first_sent_at,
        changed_at=now,
    )


def renewed(stored: Entry | None, entry: Entry, now: float, lease_seconds: float) -> Entry | None:
    """Answer ``renew`` with what to store, None for a refusal."""
    if stored is None or not _is_ours(stored, entry):
        return None
    return stored._replace(until=now + lease_seconds)


def closed(
    stored: Entry | None, entry: Entry, end: End, record: Mapping[str, str], now: float
) -> Entry | None:
    """Answer ``close`` with what to store, None for a refusal.

    With ``FREEING`` there is nothing to store: the store removes the entry instead.
    """
    check_end(end)
    if stored is None or not _is_ours(stored, entry):
        return None
    left = stored._replace(owner="", until=0.0, record=dict(record), changed_at=now)
    if end in ("unknown", "open"):
        return left._replace(state=end)
    return left._replace(state="closed", end=end)


def taken(stored: Entry | None, owner: str, now: float, lease_seconds: float) -> Entry | None:
    """Answer ``take`` with what to store, None for a refusal."""
    if stored is None or is_live(stored, now):
        return None
    seen = shown(stored, now)
    if seen.state not in PENDING:
        return None
    return seen._replace(owner=owner, until=now + lease_seconds)
