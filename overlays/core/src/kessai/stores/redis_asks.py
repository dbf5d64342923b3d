"""Each store method as a script with its arguments and the reading of its answer. No I/O.

``kessai.stores.redis`` and ``kessai.stores.redis_aio`` differ only in the await.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Generic, NamedTuple, TypeVar, cast

from kessai.stores import redis_scripts as scripts
from kessai.stores import rules
from kessai.stores.checks import check_limit, check_seconds, check_text, new_owner, pack, unpack
from kessai.stores.values import Claim, Entry, Full, Opened, Slot, TokenTurn

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

    from kessai.stores.values import End, Pending, Verdict

ValueT = TypeVar("ValueT")
Arg = str | int


class Ask(NamedTuple, Generic[ValueT]):
    """One script call and what its reply means."""

    script: scripts.Script
    keys: tuple[str, ...]
    args: tuple[Arg, ...]
    read: Callable[[Any], ValueT]


def text(value: object) -> str:
    """Read a reply's text, whether the client decodes answers or not."""
    return value.decode() if isinstance(value, bytes) else str(value)


def _ms(seconds: float) -> int:
    # Rounded up, so that a lease is never shorter than asked and never zero.
    return math.ceil(seconds * 1000)


def claim(prefix: str, key: str, lease_seconds: float) -> Ask[Claim]:
    """``DedupeStore.claim``."""
    check_text("key", key)
    check_seconds("lease_seconds", lease_seconds)
    owner = new_owner()

    def read(reply: Any) -> Claim:
        state = text(reply[0])
        if state == "claimed":
            return Claim("claimed", owner)
        return Claim("done") if state == "done" else Claim("busy", wait=reply[1] / 1000)

    return Ask(scripts.CLAIM, (f"{prefix}:dedupe:{key}",), (owner, _ms(lease_seconds)), read)


def done(prefix: str, key: str, owner: str, keep_seconds: float) -> Ask[bool]:
    """``DedupeStore.done``."""
    check_text("key", key)
    check_seconds("keep_seconds", keep_seconds)
    return Ask(scripts.DONE, (f"{prefix}:dedupe:{key}",), (owner, _ms(keep_seconds)), bool)


def release(prefix: str, key: str, owner: str) -> Ask[bool]:
    """``DedupeStore.release``."""
    return Ask(scripts.RELEASE, (f"{prefix}:dedupe:{key}",), (owner,), bool)


def acquire(prefix: str, name: str, limit: int, lease_seconds: float) -> Ask[Slot | Full]:
    """``SlotStore.acquire``."""
    check_text("name", name)
    check_limit("limit", limit)
    check_seconds("lease_seconds", lease_seconds)
    owner = new_owner()

    def read(reply: Any) -> Slot | Full:
        taken, ms = reply
        return Slot(name, owner, ms / 1000) if taken else Full(ms / 1000)

    args = (owner, limit, _ms(lease_seconds))
    return Ask(scripts.ACQUIRE, (f"{prefix}:slots:{name}",), args, read)


def leave(prefix: str, slot: Slot) -> Ask[bool]:
    """``SlotStore.release``."""
    return Ask(scripts.LEAVE, (f"{prefix}:slots:{slot.name}",), (slot.owner,), bool)


def take_turn(
    prefix: str, name: str, lease_seconds: float, min_seconds: float, refused: str
) -> Ask[TokenTurn]:
    """``TokenStore.take``."""
    check_text("name", name)
    check_seconds("lease_seconds", lease_seconds)
    check_seconds("min_seconds", min_seconds, zero=True)
    owner = new_owner()

    def read(reply: Any) -> TokenTurn:
        state, seconds = text(reply[0]), reply[1] / 1000
        if state == "token":
            return TokenTurn("token", seconds, token=text(reply[2]))
        if state == "wait":
            return TokenTurn("wait", seconds)
        return TokenTurn("fetch", seconds, owner=owner)

    args = (owner, _ms(lease_seconds), _ms(min_seconds), refused)
    return Ask(scripts.TAKE_TURN, (f"{prefix}:tokens:{name}",), args, read)


def put_token(prefix: str, name: str, owner: str, token: str, seconds: float) -> Ask[bool]:
    """``TokenStore.put``."""
    check_seconds("seconds", seconds)
    args = (owner, token, int(seconds * 1000))
    return Ask(scripts.PUT_TOKEN, (f"{prefix}:tokens:{name}",), args, bool)


def give_up_turn(prefix: str, name: str, owner: str) -> Ask[bool]:
    """``TokenStore.give_up``."""
    return Ask(scripts.GIVE_UP_TURN, (f"{prefix}:tokens:{name}",), (owner,), bool)


def open_entry(prefix: str, call: rules.Intent, lease_seconds: float) -> Ask[Opened]:
    """``JournalStore.open``."""
    call.check()
    check_seconds("lease_seconds", lease_seconds)
    reference = pack("reference", call.reference)
    owner = new_owner()

    def read(reply: Any) -> Opened:
        verdict = cast("Verdict", text(reply[0]))
        entry = _entry(reply[2])
        if verdict == "opened":
            return Opened(verdict, entry)
        return Opened(verdict, rules.shown(entry, reply[1] / 1000))

    args = (*call[:4], reference, owner, _ms(lease_seconds))
    return Ask(scripts.OPEN, _journal_keys(prefix, call.intent), args, read)


def attempt(prefix: str, entry: Entry, number: int, lease_seconds: float) -> Ask[bool]:
    """``JournalStore.attempt``."""
    check_seconds("lease_seconds", lease_seconds)
    args = (entry.owner, number, _ms(lease_seconds), new_owner())
    return Ask(scripts.ATTEMPT, _journal_keys(prefix, entry.intent)[:1], args, bool)


def renew(prefix: str, entry: Entry, lease_seconds: float) -> Ask[bool]:
    """``JournalStore.renew``."""
    check_seconds("lease_seconds", lease_seconds)
    keys = _journal_keys(prefix, entry.intent)[:1]
    return Ask(scripts.RENEW, keys, (entry.owner, _ms(lease_seconds)), bool)


def close(prefix: str, entry: Entry, end: End, record: Mapping[str, str]) -> Ask[bool]:
    """``JournalStore.close``."""
    rules.check_end(end)
    args = (entry.intent, entry.owner, end, pack("record", record), new_owner())
    return Ask(scripts.CLOSE, _journal_keys(prefix, entry.intent), args, bool)


def take(prefix: str, intent: str, lease_seconds: float) -> Ask[Entry | None]:
    """``JournalStore.take``."""
    check_seconds("lease_seconds", lease_seconds)

    def read(reply: Any) -> Entry | None:
        return _entry(reply[2]) if text(reply[0]) == "taken" else None

    keys = _journal_keys(prefix, intent)[:1]
    return Ask(scripts.TAKE, keys, (new_owner(), _ms(lease_seconds)), read)


def get(prefix: str, intent: str) -> Ask[Entry | None]:
    """``JournalStore.get``."""

    def read(reply: Any) -> Entry | None:
        if text(reply[0]) == "no":
            return None
        return rules.shown(_entry(reply[2]), reply[1] / 1000)

    return Ask(scripts.GET, _journal_keys(prefix, intent)[:1], (), read)


def pending(
    prefix: str,
    older_than: float,
    states: Collection[Pending],
    limit: int,
    after: Entry | None,
) -> Ask[list[Entry]]:
    """``JournalStore.pending``."""
    check_seconds("older_than", older_than, zero=True)
    check_limit("limit", limit)

    def read(reply: Any) -> list[Entry]:
        now = reply[0] / 1000
        return [rules.shown(_entry(flat), now) for flat in reply[1]]

    args: tuple[Arg, ...] = (
        f"{_journal(prefix)}:entry:",
        _ms(older_than),
        limit,
        "-inf" if after is None else round(after.opened_at * 1000),
        "" if after is None else after.intent,
        *(state if state in states else "" for state in ("unknown", "open")),
    )
    return Ask(scripts.PENDING, _journal_keys(prefix, "")[1:2], args, read)


def forget(prefix: str, older_than: float, limit: int) -> Ask[int]:
    """``JournalStore.forget``."""
    check_seconds("older_than", older_than, zero=True)
    check_limit("limit", limit)
    args = (f"{_journal(prefix)}:entry:", _ms(older_than), limit)
    return Ask(scripts.FORGET, _journal_keys(prefix, "")[1:], args, int)


def _journal(prefix: str) -> str:
    # The braces keep all keys of the journal in one slot of a cluster, as scripts need it.
    return f"{{{prefix}:journal}}"


def _journal_keys(prefix: str, intent: str) -> tuple[str, str, str]:
    root = _journal(prefix)
    return f"{root}:entry:{intent}", f"{root}:open", f"{root}:closed"


def _entry(flat: list[Any]) -> Entry:
    fields = {text(flat[i]): flat[i + 1] for i in range(0, len(flat), 2)}

    def seconds(name: str) -> float:
        return int(fields[name]) / 1000

    return Entry(
        intent=text(fields["intent"]),
        digest=text(fields["digest"]),
        operation=text(fields["operation"]),
        key=text(fields["key"]),
        reference=unpack(fields["reference"]),
        state=cast("Any", text(fields["state"])),
        attempts=int(fields["attempts"]),
        owner=text(fields["owner"]),
        until=seconds("lease"),
        end=cast("Any", text(fields["ended"])),
        record=unpack(fields["record"]),
        opened_at=seconds("opened"),
        first_sent_at=seconds("sent") if fields["sent"] else None,
        changed_at=seconds("changed"),
    )
