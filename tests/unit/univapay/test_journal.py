"""With a journal: one order, one charge; and what a client remembers of the tokens it has seen."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import Any

import httpx2
import pytest
from kessai import errors as e
from kessai.outcome import Open, Paid
from kessai.stores.memory import MemoryJournal
from kessai_univapay import models as m
from kessai_univapay import refusals as r

from tests.support.script import NOW
from tests.unit.univapay.scripted import (
    CHARGE,
    Either,
    Script,
    answer,
    charge,
    charge_of,
    failed,
    konbini,
    listed,
    token_of,
)

LOST = httpx2.ReadError("lost")


def journalled(*answers: Any, **options: Any) -> tuple[Script, Any]:
    """A client with a journal in memory."""
    script = Script(*answers)
    return script, script.client(journal=MemoryJournal(clock=lambda: NOW + script.now), **options)


def test_a_charge_stays_in_the_journal_until_it_is_paid() -> None:
    """``pending`` and ``awaiting`` are no end: the customer has yet to go to the konbini."""
    script, univapay = journalled(answer(201, charge_of()), token_type="one_time")
    univapay.charges.create(charge())
    with pytest.raises(e.OutcomeUnknown) as waiting:
        univapay.charges.create(charge())
    assert waiting.value.reason == "waiting: pending"
    assert len(script.requests) == 1
    script.then(answer(200, charge_of("awaiting")))
    assert type(univapay.resolve(waiting.value)) is Open
    assert script.asked[-1] == "GET /stores/store/charges/charge"
    script.then(answer(200, charge_of("successful")))
    assert type(univapay.resolve(waiting.value)) is Paid
    with pytest.raises(e.IntentClosedError) as closed:
        univapay.charges.create(charge())
    assert closed.value.reference["charge_id"] == CHARGE
    assert len(script.requests) == 3


def test_a_failed_charge_frees_its_order_for_another_token() -> None:
    """The same order may be tried with another token; its own bytes, its own key."""
    named = {"univapay-reference-id": "B-1"}
    script, univapay = journalled(answer(201, charge_of("failed", **failed(306))))
    with pytest.raises(r.PaymentDeclinedError):
        univapay.charges.create(charge(metadata=named))
    script.then(answer(201, charge_of(metadata=named)))
    other = m.ChargeRequest(
        transaction_token_id="other", amount=1100, currency="JPY", metadata=named
    )
    univapay.charges.create(other)
    assert len(set(script.keys)) == 2
    with pytest.raises(e.IntentConflictError):
        univapay.charges.create(charge(900, metadata=named))


def test_one_order_with_another_amount_is_a_conflict() -> None:
    script, univapay = journalled(LOST)
    named = {"univapay-reference-id": "B-1"}
    with pytest.raises(e.OutcomeUnknown):
        univapay.charges.create(charge(metadata=named))
    with pytest.raises(e.IntentConflictError):
        univapay.charges.create(charge(900, metadata=named))
    assert len(script.requests) == 1


def test_without_a_name_nothing_is_held_back() -> None:
    """A token of unknown kind without a reference may be charged twice on purpose."""
    script, univapay = journalled(answer(201, charge_of()))
    univapay.charges.create(charge())
    univapay.charges.create(charge())
    assert len(script.requests) == 2


def test_a_token_is_remembered_and_only_so_many() -> None:
    from kessai_univapay.tokens import MOST, TokenTypes

    types = TokenTypes("recurring")
    for number in range(MOST + 5):
        types.learn(m.KonbiniToken.from_wire(token_of(id=f"t{number}")))
    assert types.kind("t0") == "recurring"
    assert types.kind(f"t{MOST}") == "one_time"
    types.learn(None)
    types.learn(listed())
    assert not types.wanted("")
    first, second = types.want(), types.want()
    assert types.wanted(second)
    assert not types.wanted(second)
    assert types.wanted(first)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork here")
def test_a_forked_child_does_not_wait_for_a_thread_it_does_not_have() -> None:
    """Another thread may be remembering a token just when the process is forked."""
    code = """
import os, signal
from kessai_univapay.tokens import TokenTypes
types = TokenTypes("recurring")
types._lock.acquire()
child = os.fork()
if child == 0:
    signal.alarm(20)
    os._exit(0 if types.kind("x") == "recurring" else 1)
raise SystemExit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
"""
    subprocess.run([sys.executable, "-W", "error", "-c", code], check=True, timeout=60)


def test_making_a_token_may_be_repeated() -> None:
    """Two tokens move no money."""
    script = Script(LOST, answer(201, token_of()))
    Either("sync", script).do(lambda u: u.tokens.create(konbini()))
    assert len(set(script.keys)) == 1
    assert len(script.requests) == 2
