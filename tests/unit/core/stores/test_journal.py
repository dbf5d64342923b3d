"""What left is written down first, and stays until it is known."""

from __future__ import annotations

from enum import StrEnum
from typing import cast

import pytest
from kessai.errors import ConfigurationError
from kessai.stores.base import End, Entry, Opened, Verdict

from tests.unit.core.stores.houses import House

REFERENCE = {"orderId": "注文-1"}


def start(house: House, intent: str = "charge:1", digest: str = "d1", lease: float = 60) -> Opened:
    return house.journal.open(
        intent,
        digest=digest,
        operation="creditCharge",
        key="key-1",
        reference=REFERENCE,
        lease_seconds=lease,
    )


def sent(house: House, intent: str = "charge:1", lease: float = 60) -> Entry:
    """Open an entry and write down its first attempt."""
    entry = start(house, intent, lease=lease).entry
    assert house.journal.attempt(entry, 1, lease)
    return entry


def test_the_first_to_open_owns_the_entry(house: House) -> None:
    opened = start(house)
    assert opened.verdict == "opened"
    entry = opened.entry
    assert (entry.intent, entry.digest, entry.operation) == ("charge:1", "d1", "creditCharge")
    assert (entry.key, dict(entry.reference), entry.state) == ("key-1", REFERENCE, "ready")
    assert (entry.attempts, entry.first_sent_at, entry.end) == (0, None, "")
    assert 59 < entry.until - entry.opened_at <= 60
    other = start(house)
    assert other.verdict == "in_progress"
    assert other.entry.owner == "", "nobody gets another one's fence"
    assert 0 < other.entry.until - other.entry.opened_at <= 60


def test_same_intent_with_another_request_is_a_conflict(house: House) -> None:
    entry = sent(house)
    assert start(house, digest="d2").verdict == "conflict"
    other = house.journal.open(
        "charge:1", digest="d1", operation="orderCancel", key="", reference={}, lease_seconds=60
    )
    assert other.verdict == "conflict"
    assert house.journal.close(entry, "unknown", {})
    assert start(house, digest="d2").verdict == "conflict"
    assert start(house).verdict == "unknown"


@pytest.mark.parametrize("end", ["done", "check_needed", "doubled", "stray"])
def test_a_known_end_is_given_back_to_every_repeat(house: House, end: End) -> None:
    entry = sent(house)
    assert house.journal.close(entry, end, {"accessId": "a-1"})
    for _ in range(2):
        repeat = start(house)
        assert repeat.verdict == "closed"
        assert (repeat.entry.state, repeat.entry.end) == ("closed", end)
        assert dict(repeat.entry.record) == {"accessId": "a-1"}
        assert repeat.entry.owner == ""
    assert start(house, digest="d2").verdict == "conflict"
    assert house.journal.take("charge:1", 60) is None
    assert not house.journal.attempt(entry, 2, 60)
    assert not house.journal.close(entry, "unknown", {})


@pytest.mark.parametrize(("end", "verdict"), [("unknown", "unknown"), ("open", "open")])
def test_an_end_not_known_is_given_back_and_can_be_taken(
    house: House, end: End, verdict: Verdict
) -> None:
    entry = sent(house)
    assert house.journal.close(entry, end, {"reason": "waiting for the customer"})
    assert start(house).verdict == verdict
    taken = house.journal.take("charge:1", 60)
    assert taken is not None
    assert taken.owner not in ("", entry.owner)
    assert (taken.state, taken.attempts, taken.key) == (end, 1, "key-1")
    assert dict(taken.record) == {"reason": "waiting for the customer"}
    assert house.journal.take("charge:1", 60) is None
    assert start(house).verdict == "in_progress"
    assert house.journal.close(taken, "done", {"accessId": "a-1"})
    assert start(house).verdict == "closed"


def test_a_definite_failure_frees_the_intent(house: House) -> None:
    entry = sent(house)
    assert house.journal.close(entry, "not_done", {})
    assert house.journal.get("charge:1") is None
    again = start(house, digest="d2")
    assert again.verdict == "opened"
    assert again.entry.attempts == 0
    assert not house.journal.attempt(entry, 2, 60), "the old owner has lost it"


def test_attempts_are_counted_one_by_one(house: House) -> None:
    entry = start(house).entry
    assert not house.journal.attempt(entry, 2, 60)
    assert house.journal.attempt(entry, 1, 60)
    assert not house.journal.attempt(entry, 1, 60), "an attempt leaves once"
    house.advance(10)
    assert house.journal.attempt(entry, 2, 60)
    now = house.journal.get("charge:1")
    assert now is not None
    assert (now.state, now.attempts) == ("sending", 2)
    assert now.first_sent_at is not None
    assert 10 <= now.changed_at - now.first_sent_at < 11
    assert now.first_sent_at - now.opened_at < 1


def test_a_sender_that_died_leaves_an_unknown(house: House) -> None:
    entry = sent(house, lease=60)
    house.advance(59)
    assert start(house).verdict == "in_progress"
    assert house.journal.take("charge:1", 60) is None
    house.advance(1)
    repeat = start(house)
    assert (repeat.verdict, repeat.entry.state) == ("unknown", "unknown")
    assert (repeat.entry.until, repeat.entry.attempts) == (0.0, 1)
    taken = house.journal.take("charge:1", 60)
    assert taken is not None
    assert not house.journal.attempt(entry, 2, 60), "the paused sender woke up and is stopped"
    assert not house.journal.renew(entry, 60)
    assert not house.journal.close(entry, "done", {})
    assert house.journal.attempt(taken, 2, 60)
    assert house.journal.close(taken, "done", {})


def test_whoever_died_before_sending_leaves_nothing(house: House) -> None:
    dead = start(house, lease=60).entry
    house.advance(60)
    assert house.journal.pending(0) == []
    assert house.journal.take("charge:1", 60) is None
    again = start(house, digest="d2")
    assert (again.verdict, again.entry.digest) == ("opened", "d2")
    assert not house.journal.attempt(dead, 1, 60), "so it may not send any more"
    assert house.journal.attempt(again.entry, 1, 60)


def test_an_ended_lease_is_renewed_while_nobody_took_it(house: House) -> None:
    entry = start(house, lease=60).entry
    house.advance(61)
    assert house.journal.attempt(entry, 1, 60)
    house.advance(61)
    assert house.journal.renew(entry, 60)
    house.advance(59)
    assert start(house).verdict == "in_progress"
    house.advance(2)
    assert house.journal.close(entry, "done", {})


def test_pending_lists_what_nobody_works_on_oldest_first(house: House) -> None:
    ends: list[End] = ["unknown", "open", "done", "not_done", "unknown"]
    for number, end in enumerate(ends):
        assert house.journal.close(sent(house, f"charge:{number}"), end, {})
        house.advance(10)
    sent(house, "charge:live")
    sent(house, "charge:died", lease=5)
    start(house, "charge:ready", lease=5)
    house.advance(5)
    assert intents(house) == ["charge:0", "charge:1", "charge:4", "charge:died"]
    assert [e.state for e in house.journal.pending(0)] == ["unknown", "open", "unknown", "unknown"]
    assert [e.intent for e in house.journal.pending(50)] == ["charge:0"]
    assert [e.intent for e in house.journal.pending(0, states=["open"])] == ["charge:1"]
    assert [e.intent for e in house.journal.pending(0, states=["unknown"])] == [
        "charge:0",
        "charge:4",
        "charge:died",
    ]
    assert house.journal.pending(0, states=[]) == []
    assert house.journal.take("charge:0", 60) is not None
    assert intents(house) == ["charge:1", "charge:4", "charge:died"]


def intents(house: House) -> list[str]:
    return [entry.intent for entry in house.journal.pending(0)]


def test_pending_pages_without_loss_or_repeat(house: House) -> None:
    names = ["charge:決", "charge:Z", "charge:a", "charge:10", "charge:3", "charge:2", "charge:B"]
    for number, name in enumerate(names):
        assert house.journal.close(sent(house, name), "unknown", {})
        house.advance(number % 3)  # some at the same moment, and older ones with greater names
    seen: list[str] = []
    after: Entry | None = None
    while page := house.journal.pending(0, limit=2, after=after):
        assert len(page) <= 2
        seen += [entry.intent for entry in page]
        after = page[-1]
    assert sorted(seen) == sorted(names)
    assert seen == intents(house)


def test_forget_removes_only_what_is_settled(house: House) -> None:
    ends: list[End] = ["done", "unknown", "open", "doubled"]
    for number, end in enumerate(ends):
        assert house.journal.close(sent(house, f"charge:{number}"), end, {})
    start(house, "charge:abandoned", lease=5)
    sent(house, "charge:died", lease=5)
    sent(house, "charge:live", lease=5000)
    assert house.journal.forget(1000) == 0
    house.advance(1000)
    start(house, "charge:new", lease=5000)
    assert house.journal.forget(1000) == 3
    assert house.journal.forget(0) == 0
    assert house.journal.get("charge:0") is None
    assert house.journal.get("charge:3") is None
    assert house.journal.get("charge:abandoned") is None
    assert intents(house) == ["charge:1", "charge:2", "charge:died"]
    assert start(house, "charge:live").verdict == "in_progress"
    assert start(house, "charge:new").verdict == "in_progress"


def test_forget_goes_in_steps(house: House) -> None:
    for number in range(5):
        assert house.journal.close(sent(house, f"charge:{number}"), "done", {})
    assert [house.journal.forget(0, limit=2) for _ in range(4)] == [2, 2, 1, 0]


def test_a_made_up_owner_changes_nothing(house: House) -> None:
    entry = sent(house)
    for owner in ("", "0" * 32):
        forged = entry._replace(owner=owner)
        assert not house.journal.attempt(forged, 2, 60)
        assert not house.journal.renew(forged, 60)
        assert not house.journal.close(forged, "done", {})
    assert house.journal.close(entry, "unknown", {})
    assert not house.journal.close(entry._replace(owner=""), "done", {})
    assert not house.journal.close(entry._replace(owner=""), "not_done", {})
    assert not house.journal.attempt(entry._replace(owner=""), 2, 60)
    assert start(house).verdict == "unknown"


def test_what_is_not_there(house: House) -> None:
    entry = sent(house)
    ghost = entry._replace(intent="charge:ghost")
    assert house.journal.get("charge:ghost") is None
    assert house.journal.take("charge:ghost", 60) is None
    assert not house.journal.attempt(ghost, 2, 60)
    assert not house.journal.renew(ghost, 60)
    assert not house.journal.close(ghost, "not_done", {})
    assert house.journal.get("charge:ghost") is None


class Kind(StrEnum):
    """As models have them: text that is not exactly ``str``."""

    CREDIT = "CREDIT"


def test_members_of_enums_are_text(house: House) -> None:
    entry = sent(house)
    assert house.journal.close(entry, "done", {"chargeType": Kind.CREDIT})
    assert dict(start(house).entry.record) == {"chargeType": "CREDIT"}


def test_a_body_does_not_fit(house: House) -> None:
    entry = sent(house)
    with pytest.raises(ConfigurationError, match="at most 4096 bytes"):
        house.journal.close(entry, "done", {"body": "x" * 4096})
    with pytest.raises(ConfigurationError, match="map text to text"):
        house.journal.close(entry, "done", cast("dict[str, str]", {"body": {}}))
    with pytest.raises(ConfigurationError, match="UTF-8"):
        house.journal.close(entry, "done", {"body": "\ud800"})
    with pytest.raises(ConfigurationError, match="end must be one of"):
        house.journal.close(entry, cast("End", "paid"), {})
    assert house.journal.close(entry, "done", {})


def test_arguments_that_make_no_sense_are_refused(house: House) -> None:
    for intent, digest in (("", "d"), ("i", ""), ("i" * 513, "d"), ("i\0", "d")):
        with pytest.raises(ConfigurationError):
            start(house, intent, digest)
    with pytest.raises(ConfigurationError, match="lease_seconds"):
        start(house, lease=0)
    with pytest.raises(ConfigurationError, match="limit"):
        house.journal.pending(0, limit=0)
    with pytest.raises(ConfigurationError, match="older_than"):
        house.journal.forget(-1)
