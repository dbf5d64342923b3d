"""With a journal: one paymentId, one payment. Nothing else leaves while it is not at its end."""

from __future__ import annotations

from typing import Any

import httpx2
import pytest
from kessai import (
    Done,
    IntentClosedError,
    IntentConflictError,
    NotPaid,
    Open,
    OutcomeUnknown,
    Paid,
)
from kessai.stores.memory import MemoryJournal
from kessai_unified import refusals as r

from tests.support.script import NOW
from tests.unit.unified.scripted import (
    ORDER,
    REFERENCE,
    REQUESTS,
    Script,
    applied,
    charge,
    coded,
    found,
    pay,
)

LOST = httpx2.ReadError("connection reset")
PENDING = coded(500, "UA-PND-001", "confirm_pending_status")


def journalled(*answers: Any) -> tuple[Script, Any]:
    script = Script(*answers)
    return script, script.client(journal=MemoryJournal(clock=lambda: NOW + script.now))


def test_nothing_leaves_under_a_payment_that_is_unknown() -> None:
    script, unified = journalled(PENDING)
    with pytest.raises(OutcomeUnknown):
        unified.payment.charge(charge())
    with pytest.raises(OutcomeUnknown) as again:
        unified.payment.charge(charge())
    assert again.value.reference["fepReferenceId"] == REFERENCE
    assert not again.value.repeat
    for request, call in ((charge(1), "charge"), (pay(), "pay")):
        with pytest.raises(IntentConflictError):
            getattr(unified.payment, call)(request)
    assert len(script.requests) == 1
    # Another payment is free to go, and so is what concerns this one.
    script.then(applied())
    unified.payment.charge(charge(payment_id="BOOK-2"))
    unified.payment.cancel(REQUESTS["cancel"]())
    unified.payment.cancel(REQUESTS["cancel"]())
    # The number came back from the journal, and is still there after a question without an end.
    script.then(found("UA-PND-001"))
    assert isinstance(unified.resolve(again.value), Open)
    script.then(found("UA-PRV-001"))
    with pytest.raises(OutcomeUnknown) as third:
        unified.payment.charge(charge())
    assert third.value.reference["fepReferenceId"] == REFERENCE
    assert not third.value.repeat
    assert type(unified.resolve(third.value)) is NotPaid
    # A definite failure frees the paymentId, for a new key.
    script.then(coded(200, "UA-000-001"))
    unified.payment.charge(charge())
    assert script.keys[0] != script.keys[-1]
    with pytest.raises(IntentClosedError) as closed:
        unified.payment.charge(charge())
    assert closed.value.reference["fepReferenceId"] == REFERENCE


def test_a_definite_failure_frees_the_payment_at_once() -> None:
    script, unified = journalled(LOST, coded(502, "UA-CST-002", "retry_payment"), applied())
    with pytest.raises(r.ConsumerCancelledError):
        unified.payment.pay(pay())
    unified.payment.pay(pay(amount=1))
    assert len(set(script.keys)) == 2


def test_an_application_stays_open_until_the_consumer_is_through() -> None:
    script, unified = journalled(applied())
    unified.payment.pay(pay())
    with pytest.raises(OutcomeUnknown) as waiting:
        unified.payment.pay(pay())
    assert waiting.value.reason == "waiting: UA-000-001"
    script.then(found("UA-U00-001"))
    assert isinstance(unified.resolve(waiting.value), Open)
    assert len(script.requests) == 2
    with pytest.raises(OutcomeUnknown):
        unified.payment.pay(pay())
    script.then(found("UA-000-001"))
    assert type(unified.resolve(waiting.value)) is Paid
    with pytest.raises(IntentClosedError):
        unified.payment.pay(pay())


def test_a_consumer_who_cancelled_may_pay_again_under_the_same_number() -> None:
    script, unified = journalled(applied())
    unified.payment.pay(pay())
    with pytest.raises(OutcomeUnknown) as waiting:
        unified.payment.pay(pay())
    script.then(found("UA-CST-002"), applied())
    assert type(unified.resolve(waiting.value)) is NotPaid
    unified.payment.pay(pay())
    assert script.commands == ["pay", "getTransactionResult", "pay"]


def test_a_lost_application_stays_open_too_when_it_was_taken() -> None:
    script, unified = journalled(LOST)
    with pytest.raises(OutcomeUnknown) as lost:
        unified.payment.pay(pay())
    script.then(applied())
    outcome = unified.resolve(lost.value, complete=True, request=pay())
    assert type(outcome) is Done
    with pytest.raises(OutcomeUnknown) as waiting:
        unified.payment.pay(pay())
    assert waiting.value.reference["fepReferenceId"] == REFERENCE


@pytest.mark.parametrize("code", ["UA-U00-001", "UA-P00-001"])
def test_a_charge_that_waits_is_open(code: str) -> None:
    script, unified = journalled(coded(200, code))
    unified.payment.charge(charge())
    with pytest.raises(OutcomeUnknown) as waiting:
        unified.payment.charge(charge())
    script.then(found("UA-000-001"))
    assert type(unified.resolve(waiting.value)) is Paid


def test_a_charge_to_be_looked_at_ends_so() -> None:
    script, unified = journalled(coded(200, "UA-000-002", "confirm_payment"))
    unified.payment.charge(charge())
    with pytest.raises(IntentClosedError) as closed:
        unified.payment.charge(charge())
    assert closed.value.end == "check_needed"
    assert closed.value.reference["fepOrderId"] == ORDER
    assert len(script.requests) == 1
