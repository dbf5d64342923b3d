"""With a journal: one order number, one payment. Nothing else leaves while it is not at its end."""

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
from kessai_mdk import models as m
from kessai_mdk import refusals as r

from tests.support.script import NOW
from tests.unit.mdk.scripted import (
    ORDER,
    Found,
    Nothing,
    Script,
    cancel,
    capture,
    card,
    mpi,
    said,
    sample,
    transaction,
)

LOST = httpx2.ReadError("connection reset")


def journalled(*answers: Any) -> tuple[Script, Any]:
    script = Script(*answers)
    return script, script.client(journal=MemoryJournal(clock=lambda: NOW + script.now))


def test_nothing_leaves_under_an_order_number_that_is_unknown() -> None:
    script, mdk = journalled(LOST)
    with pytest.raises(OutcomeUnknown):
        mdk.card.authorize(card())
    with pytest.raises(OutcomeUnknown) as again:
        mdk.card.authorize(card())
    assert again.value.reference["orderId"] == ORDER
    with pytest.raises(IntentConflictError):
        mdk.card.authorize(card(1))
    with pytest.raises(IntentConflictError):
        mdk.mpi.authorize(mpi())  # another service, the same order
    assert len(script.requests) == 1
    # Another order is free to go, and so is what concerns this one.
    script.then(said())
    mdk.card.authorize(card(order_id="ORDER-2"))
    mdk.card.cancel(cancel())
    script.then(Nothing(script))
    assert isinstance(mdk.resolve(again.value), Open)
    script.now = 2000.0
    assert type(mdk.resolve(again.value)) is NotPaid
    # It is certain now that nothing was paid: the number may be used again.
    script.then(said())
    mdk.card.authorize(card())
    with pytest.raises(IntentClosedError):
        mdk.card.authorize(card())


def test_what_the_journal_kept_is_enough_to_ask() -> None:
    script, mdk = journalled(LOST)
    with pytest.raises(OutcomeUnknown):
        mdk.card.authorize(card())
    with pytest.raises(OutcomeUnknown) as kept:
        mdk.card.authorize(card())
    script.then(Found(script, transaction(mstatus="failure", seconds=-700.0), transaction()))
    assert type(mdk.resolve(kept.value)) is Paid
    with pytest.raises(IntentClosedError):
        mdk.card.authorize(card())


def test_a_definite_failure_frees_the_order_number() -> None:
    script, mdk = journalled(said("failure", "AG33000000000000"), said())
    with pytest.raises(r.CardRefusedError):
        mdk.card.authorize(card())
    mdk.card.authorize(card(1))
    assert len(script.requests) == 2


def test_3d_secure_stays_open_until_the_customer_is_through() -> None:
    script, mdk = journalled(said("success", "G001000000000000"))
    mdk.mpi.authorize(mpi())
    with pytest.raises(OutcomeUnknown) as waiting:
        mdk.mpi.authorize(mpi())
    assert waiting.value.reason == "waiting: success"
    script.then(said("success", "G021000000000000", cardMstatus="", mpiMstatus=""))
    assert isinstance(mdk.resolve(waiting.value), Open)
    script.then(said("success", "G021000000000000", cardMstatus="success", mpiMstatus="success"))
    assert type(mdk.resolve(waiting.value)) is Paid
    with pytest.raises(IntentClosedError):
        mdk.mpi.authorize(mpi())


def test_pending_stays_open_and_is_asked_by_its_own_number() -> None:
    """The number of the transaction tells it from every other of the order."""
    script, mdk = journalled(said("pending", custTxn="77"))
    mdk.card.authorize(card())
    with pytest.raises(OutcomeUnknown) as waiting:
        mdk.card.authorize(card())
    assert waiting.value.reference["custTxn"] == "77"
    others = [transaction(), transaction(mstatus="failure", txn_id="76")]
    script.then(Found(script, *others, transaction(mstatus="pending", txn_id="77")))
    assert isinstance(mdk.resolve(waiting.value), Open)
    script.then(Found(script, *others, transaction(mstatus="failure", txn_id="77")))
    assert type(mdk.resolve(waiting.value)) is NotPaid


def test_what_is_done_once_is_done_once() -> None:
    script, mdk = journalled(said())
    mdk.card.capture(capture())
    with pytest.raises(IntentClosedError):
        mdk.card.capture(capture())
    mdk.card.cancel(cancel())
    with pytest.raises(IntentClosedError):
        mdk.card.cancel(cancel())
    assert script.paths == ["Capture/card", "Cancel/card"]
    script.then(LOST)
    other = m.CardCaptureRequest(order_id="ORDER-2")
    with pytest.raises(OutcomeUnknown):
        mdk.card.capture(other)
    with pytest.raises(OutcomeUnknown):
        mdk.card.capture(other)
    assert len(script.requests) == 3


def test_equal_partial_cancellations_are_legal() -> None:
    """They have no name of their own; the caller names them."""
    script, mdk = journalled(said())
    mdk.card.cancel(cancel(100))
    mdk.card.cancel(cancel(100))
    mdk.card.cancel(cancel(100), intent="refund-3")
    with pytest.raises(IntentClosedError):
        mdk.card.cancel(cancel(100), intent="refund-3")
    assert len(script.requests) == 3


def test_months_of_an_agreement_are_captured_each() -> None:
    script, mdk = journalled(said())
    docomo = m.CarrierServiceOptionType.DOCOMO
    for month in ("202601", "202602"):
        request = m.CarrierCaptureRequest(
            order_id=ORDER, service_option_type=docomo, capture_month=month
        )
        mdk.carrier.capture(request)
        with pytest.raises(IntentClosedError):
            mdk.carrier.capture(request)
    assert len(script.requests) == 2


def test_the_steps_of_paypal_follow_each_other_under_one_order() -> None:
    script, mdk = journalled(said("success", "L001000000000000"))
    step = m.PaypalAuthorizeAction
    begin = m.PaypalAuthorizeRequest(
        order_id=ORDER,
        action=step.SET,
        amount=3300,
        return_url="https://shop.example/return",
        cancel_url="https://shop.example/cancel",
    )
    mdk.paypal.authorize(begin)
    for _ in range(2):
        mdk.paypal.authorize(m.PaypalAuthorizeRequest(order_id=ORDER, action=step.GET))
    complete = m.PaypalAuthorizeRequest(
        order_id=ORDER, action=step.DO, payer_id="PAYER", token="EC-1"
    )
    mdk.paypal.authorize(complete)
    with pytest.raises(IntentClosedError):
        mdk.paypal.authorize(complete)
    with pytest.raises(IntentClosedError):
        mdk.paypal.authorize(begin)
    assert len(script.requests) == 4


def test_what_captures_at_once_shares_the_order_number_too() -> None:
    script, mdk = journalled(said())
    mdk.card.authorize(card())
    with pytest.raises(IntentConflictError):
        mdk.paypal.capture(
            m.PaypalCaptureRequest(
                order_id=ORDER,
                action=m.PaypalCaptureAction.SET,
                amount=3300,
                return_url="https://shop.example/return",
                cancel_url="https://shop.example/cancel",
            )
        )
    assert script.paths == ["Authorize/card"]


def test_dummy_and_live_mode_do_not_share_a_journal() -> None:
    journal = MemoryJournal(clock=lambda: NOW)
    script = Script(said())
    for environment in ("sandbox", "live"):
        with script.client(journal=journal, environment=environment) as mdk:
            mdk.card.authorize(card())
    assert len(script.requests) == 2


def test_a_search_is_in_no_journal() -> None:
    script, mdk = journalled(Nothing(Script(LOST)))
    for _ in range(2):
        mdk.search.search(sample("searchSearch"))
    assert len(script.requests) == 2


def test_done_is_the_end_of_a_lost_command_on_an_order() -> None:
    script, mdk = journalled(LOST)
    with pytest.raises(OutcomeUnknown) as lost:
        mdk.card.cancel(cancel(100), intent="refund-1")
    script.then(Found(script, transaction("Cancel", amount=100)))
    assert type(mdk.resolve(lost.value)) is Done
    with pytest.raises(IntentClosedError):
        mdk.card.cancel(cancel(100), intent="refund-1")
