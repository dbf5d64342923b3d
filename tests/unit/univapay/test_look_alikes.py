"""What only looks like ours: an earlier try, a second refund, next month; and cancels."""

from __future__ import annotations

from typing import Any

import httpx2
import pytest
from kessai import errors as e
from kessai.outcome import Done, Doubled, NotDone, NotPaid, Open, Paid, PaidCheckNeeded
from kessai_univapay import models as m

from tests.unit.univapay.scripted import (
    CHARGE,
    STORE,
    Either,
    Script,
    answer,
    at,
    cancel_of,
    charge,
    charge_of,
    dated,
    failed,
    journalled,
    listed,
    refund,
    refund_of,
    refused,
    unknown_of,
)

LOST = httpx2.ReadError("lost")
FLAVOURS = pytest.mark.parametrize("flavour", ["sync", "async"])
JANUARY = {"univapay-reference-id": "M-7/2026-01"}
FEBRUARY = {"univapay-reference-id": "M-7/2026-02"}
MONTH = 31 * 86400.0


def recurring(status: str = "successful", made: float = 1.5, **members: Any) -> dict[str, Any]:
    """A charge of a recurring token."""
    members.setdefault("metadata", JANUARY)
    return charge_of(status, transaction_token_type="recurring", created_on=at(made), **members)


# -- a recurring token, month after month


@FLAVOURS
def test_the_second_month_is_another_order(flavour: str) -> None:
    """It is not held back by the first, and not taken for it when its answer is lost."""
    script = Script(answer(201, recurring()))
    either = journalled(flavour, script, token_type="recurring")
    either.do(lambda u: u.charges.create(charge(metadata=JANUARY)))
    script.now += MONTH
    script.then(LOST)
    unknown = unknown_of(either, lambda u: u.charges.create(charge(metadata=FEBRUARY)))
    assert [request.method for request in script.requests] == ["POST", "POST"]
    first = recurring(id="first")
    script.then(dated(script, listed(first)))
    assert type(either.do(lambda u: u.resolve(unknown))) is Open
    second = recurring(made=MONTH + 1, id="second", metadata=FEBRUARY)
    script.then(dated(script, listed(second, first)))
    outcome = either.do(lambda u: u.resolve(unknown))
    assert type(outcome) is Paid
    assert outcome.reference["charge_id"] == "second"


@FLAVOURS
def test_next_month_under_the_same_name_is_not_the_lost_one(flavour: str) -> None:
    """January never landed, and February was paid: that says nothing of January."""
    script = Script(LOST)
    either = Either(flavour, script, token_type="recurring")
    unknown = unknown_of(either, lambda u: u.charges.create(charge(metadata=JANUARY)))
    script.now += MONTH + 60
    script.then(dated(script, listed(recurring(made=MONTH))))
    assert type(either.do(lambda u: u.resolve(unknown))) is Open


@FLAVOURS
def test_one_name_is_one_order_and_an_intent_is_a_name(flavour: str) -> None:
    """The journal holds the same reference back; who means it twice names the intents."""
    script = Script(answer(201, recurring()))
    either = journalled(flavour, script, token_type="recurring")
    either.do(lambda u: u.charges.create(charge(metadata=JANUARY)))
    with pytest.raises(e.IntentClosedError):
        either.do(lambda u: u.charges.create(charge(metadata=JANUARY)))
    either.do(lambda u: u.charges.create(charge(metadata=JANUARY), intent="February"))
    assert len(script.requests) == 2


@FLAVOURS
@pytest.mark.parametrize("earlier", [-6.0, -60.0, -299.0])
def test_a_first_try_that_failed_does_not_settle_the_second(flavour: str, earlier: float) -> None:
    """The same order, tried again a minute later: the second may still be on its way."""
    script = Script(LOST)
    either = Either(flavour, script, token_type="recurring")
    unknown = unknown_of(either, lambda u: u.charges.create(charge(metadata=JANUARY)))
    first = recurring("failed", earlier, id="first", **failed(306))
    script.then(dated(script, listed(first)))
    outcome: Any = either.do(lambda u: u.resolve(unknown))
    assert type(outcome) is Open
    assert "before this order left" in outcome.reason
    script.then(dated(script, listed(recurring(), first)))
    assert type(either.do(lambda u: u.resolve(unknown))) is Paid
    script.then(dated(script, listed(recurring("failed", **failed(306)), first)))
    assert type(either.do(lambda u: u.resolve(unknown))) is NotPaid


@FLAVOURS
def test_a_clock_that_is_fast_still_finds_what_was_paid(flavour: str) -> None:
    """By the reference; two that were paid under it are doubled, whoever sent the first."""
    script = Script(LOST)
    either = Either(flavour, script, token_type="recurring")
    unknown = unknown_of(either, lambda u: u.charges.create(charge(metadata=JANUARY)))
    script.then(dated(script, listed(recurring(made=-200))))
    assert type(either.do(lambda u: u.resolve(unknown))) is Paid
    script.then(dated(script, listed(recurring(id="x"), recurring(made=-200))))
    assert type(either.do(lambda u: u.resolve(unknown))) is Doubled


# -- refunds and captures


def refunded(univapay: Any, **members: Any) -> Any:
    return univapay.refunds.create(refund(**members), store_id=STORE, charge_id=CHARGE)


@FLAVOURS
@pytest.mark.parametrize("metadata", [None, {"univapay-reference-id": "A-1"}])
def test_a_second_equal_refund_is_not_settled_by_the_first(flavour: str, metadata: Any) -> None:
    """Two parts of 300 yen are legal; a reference may be the order's, and so on both."""
    script = Script(answer(201, refund_of("pending", metadata=metadata or {})))
    either = Either(flavour, script)
    either.do(lambda u: refunded(u, metadata=metadata))
    script.now += 60
    script.then(LOST)
    unknown = unknown_of(either, lambda u: refunded(u, metadata=metadata))
    first = refund_of("successful", id="first", metadata=metadata or {})
    script.then(dated(script, listed(first)))
    assert type(either.do(lambda u: u.resolve(unknown))) is Open
    second = refund_of("successful", id="second", metadata=metadata or {}, created_on=at(60.5))
    script.then(dated(script, listed(second, first)))
    outcome = either.do(lambda u: u.resolve(unknown))
    assert type(outcome) is Done
    assert outcome.reference["refund_id"] == "second"


@FLAVOURS
def test_a_refund_made_by_hand_on_another_day_is_not_the_lost_one(flavour: str) -> None:
    script = Script(LOST)
    either = Either(flavour, script)
    unknown = unknown_of(either, refunded)
    script.now += 86400
    script.then(dated(script, listed(refund_of("successful", created_on=at(80000)))))
    assert type(either.do(lambda u: u.resolve(unknown))) is Open


@FLAVOURS
@pytest.mark.parametrize(
    ("ordered", "taken", "ends"),
    [(500, 500, Paid), (500, 1100, PaidCheckNeeded), (None, 1100, Paid), (500, None, Paid)],
)
def test_a_capture_of_another_amount_is_for_a_person(
    flavour: str, ordered: int | None, taken: int | None, ends: type
) -> None:
    """Ours was lost, and the gateway captured everything at the end of the hold."""
    script = Script(LOST)
    either = Either(flavour, script)
    wanted = m.CaptureRequest(amount=ordered, currency=None if ordered is None else "JPY")
    unknown = unknown_of(
        either, lambda u: u.captures.create(wanted, store_id=STORE, charge_id=CHARGE)
    )
    script.then(dated(script, charge_of("successful", charged_amount=taken)))
    assert type(either.do(lambda u: u.resolve(unknown))) is ends


# -- a cancel, while the customer stands at the till


@FLAVOURS
@pytest.mark.parametrize(
    ("cancels", "state", "ends"),
    [
        ([], "successful", NotDone),
        ([], "canceled", Done),
        ([], "failed", NotDone),
        ([], "awaiting", Open),
        ([], "authorized", Open),
        (["failed"], "successful", NotDone),
        (["failed"], "canceled", Done),
        (["failed"], "awaiting", Open),
        (["pending"], None, Open),
        (["failed", "successful"], None, Done),
    ],
)
def test_a_lost_cancel_is_told_by_the_charge(
    flavour: str, cancels: list[str], state: str | None, ends: type
) -> None:
    """Paid first, the cancel is void; no list of cancels says so, the charge does."""
    script = Script(LOST, refused(400, "CANCEL_NOT_ALLOWED"))
    either = Either(flavour, script)
    act = m.CancelRequest()
    unknown = unknown_of(either, lambda u: u.cancels.create(act, store_id=STORE, charge_id=CHARGE))
    page = dated(script, listed(*(cancel_of(status) for status in cancels)))
    script.then(page, *([] if state is None else [dated(script, charge_of(state))]))
    before = len(script.asked)
    outcome: Any = either.do(lambda u: u.resolve(unknown))
    names = dict(outcome.reference)
    assert type(outcome) is ends
    path = "GET /stores/store/charges/charge"
    assert script.asked[before:] == [f"{path}/cancels"] + ([] if state is None else [path])
    if ends is Open and state is not None:
        script.then(dated(script, charge_of("canceled")))
        journal = e.OutcomeUnknown.from_record({**unknown.to_record(), "reference": names})
        assert type(either.do(lambda u: u.resolve(journal))) is Done
