"""The journal against a model of it, with whatever order of calls Hypothesis thinks of.

The model knows nothing of the stores' rules: it keeps what a careful person would write on paper.
"""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import ClassVar

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    MultipleResults,
    RuleBasedStateMachine,
    invariant,
    multiple,
    rule,
    run_state_machine_as_test,
)
from kessai.stores.base import End, Entry, Verdict

from tests.support.redis_server import LazyRedis
from tests.unit.core.stores.houses import House, build

INTENTS = st.sampled_from(["a", "b", "決"])
LEASES = st.sampled_from([10, 30])
ENDS: list[End] = ["done", "not_done", "unknown", "open", "check_needed", "doubled", "stray"]


class Paper:
    """What is known about one intent."""

    def __init__(self, digest: str, owner: str, until: float) -> None:
        self.digest = digest
        self.holder = owner  # the last owner, "" once it let go
        self.until = until
        self.sends = 0
        self.end: str = ""


class JournalMachine(RuleBasedStateMachine):
    """Open, send, close, die, take over: in any order."""

    name: ClassVar[str]
    lazy_redis: ClassVar[LazyRedis]
    held = Bundle[Entry]("held")

    def __init__(self) -> None:
        super().__init__()
        self.stack = ExitStack()
        folder = Path(self.stack.enter_context(TemporaryDirectory()))
        house: House = self.stack.enter_context(build(self.name, folder, self.lazy_redis))
        self.journal = house.journal
        self.turn = house.advance
        self.now = 0.0
        self.paper: dict[str, Paper] = {}

    def teardown(self) -> None:
        """Take the house down."""
        self.stack.close()

    def live(self, paper: Paper) -> bool:
        return paper.holder != "" and paper.until > self.now

    def expected(self, intent: str, digest: str) -> Verdict:
        paper = self.paper.get(intent)
        if paper is None or (paper.sends == 0 and paper.end == "" and not self.live(paper)):
            return "opened"
        if paper.digest != digest:
            return "conflict"
        if self.live(paper):
            return "in_progress"
        if paper.end == "open":
            return "open"
        return "unknown" if paper.end in ("", "unknown") else "closed"

    @rule(target=held, intent=INTENTS, digest=st.sampled_from(["x", "y"]), lease=LEASES)
    def open(self, intent: str, digest: str, lease: int) -> Entry | MultipleResults[Entry]:
        expected = self.expected(intent, digest)
        answer = self.journal.open(
            intent, digest=digest, operation="op", key="k", reference={}, lease_seconds=lease
        )
        assert answer.verdict == expected
        assert (answer.entry.owner != "") == (expected == "opened")
        if expected != "opened":
            assert answer.entry.attempts == self.paper[intent].sends
            return multiple()
        self.paper[intent] = Paper(digest, answer.entry.owner, self.now + lease)
        return answer.entry

    @rule(target=held, intent=INTENTS, lease=LEASES)
    def take(self, intent: str, lease: int) -> Entry | MultipleResults[Entry]:
        paper = self.paper.get(intent)
        entry = self.journal.take(intent, lease)
        can = (
            paper is not None
            and not self.live(paper)
            and (paper.end in ("unknown", "open") or (paper.end == "" and paper.sends > 0))
        )
        assert (entry is not None) == can
        if entry is None or paper is None:
            return multiple()
        assert entry.attempts == paper.sends
        paper.holder, paper.until = entry.owner, self.now + lease
        paper.end = paper.end or "unknown"  # the sender is given up
        return entry

    def mine(self, entry: Entry) -> Paper | None:
        paper = self.paper.get(entry.intent)
        return paper if paper is not None and paper.holder == entry.owner else None

    @rule(entry=held, ahead=st.sampled_from([0, 1, 1, 1, 2]), lease=LEASES)
    def attempt(self, entry: Entry, ahead: int, lease: int) -> None:
        paper = self.mine(entry)
        number = (entry.attempts if paper is None else paper.sends) + ahead
        sent = self.journal.attempt(entry, number, lease)
        assert sent == (paper is not None and ahead == 1)
        if sent and paper is not None:
            paper.sends, paper.end, paper.until = number, "", self.now + lease

    @rule(entry=held, lease=LEASES)
    def renew(self, entry: Entry, lease: int) -> None:
        paper = self.mine(entry)
        assert self.journal.renew(entry, lease) == (paper is not None)
        if paper is not None:
            paper.until = self.now + lease

    @rule(entry=held, end=st.sampled_from(ENDS))
    def close(self, entry: Entry, end: End) -> None:
        paper = self.mine(entry)
        assert self.journal.close(entry, end, {"end": end}) == (paper is not None)
        if paper is None:
            return
        if end == "not_done":
            del self.paper[entry.intent]
        else:
            paper.holder, paper.end = "", end

    @rule(seconds=st.sampled_from([5, 10, 30]))
    def time_passes(self, seconds: int) -> None:
        self.turn(seconds)
        self.now += seconds

    @rule()
    def forget(self) -> None:
        gone = {
            intent
            for intent, paper in self.paper.items()
            if not self.live(paper)
            and (paper.end not in ("", "unknown", "open") or (paper.sends == 0 and paper.end == ""))
        }
        assert self.journal.forget(0) == len(gone)
        for intent in gone:
            del self.paper[intent]

    @invariant()
    def pending_is_what_nobody_settled(self) -> None:
        expected = {
            intent
            for intent, paper in self.paper.items()
            if not self.live(paper)
            and (paper.end in ("unknown", "open") or (paper.end == "" and paper.sends > 0))
        }
        assert {entry.intent for entry in self.journal.pending(0)} == expected

    @invariant()
    def every_send_is_written_down(self) -> None:
        for intent, paper in self.paper.items():
            entry = self.journal.get(intent)
            assert entry is not None
            assert entry.attempts == paper.sends
            assert (entry.first_sent_at is not None) == (paper.sends > 0)
            assert (entry.end or entry.state) == (
                paper.end
                or ("ready" if paper.sends == 0 else "sending" if self.live(paper) else "unknown")
            )


@pytest.mark.parametrize(
    ("name", "examples"),
    [
        ("memory", 150),
        ("sqlite", 40),
        pytest.param("redis", 25, marks=pytest.mark.redis),
    ],
)
def test_journal_does_what_the_model_says(name: str, examples: int, lazy_redis: LazyRedis) -> None:
    machine = type("Machine", (JournalMachine,), {"name": name, "lazy_redis": lazy_redis})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=examples, stateful_step_count=30, deadline=None, derandomize=True
        ),
    )
