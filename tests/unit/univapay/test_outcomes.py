"""What may be sent again, and how an unknown ends: one-time and recurring tokens apart."""

from __future__ import annotations

from typing import Any

import httpx2
import pytest
from kessai import errors as e
from kessai.outcome import Done, Doubled, NotPaid, Open, Paid
from kessai.stores.aio import AsyncJournal
from kessai.stores.memory import MemoryJournal
from kessai_univapay import PaymentError
from kessai_univapay import models as m
from kessai_univapay import refusals as r

from tests.unit.univapay.scripted import (
    CHARGE,
    REFUND,
    Either,
    Script,
    answer,
    charge,
    charge_of,
    failed,
    listed,
    refund,
    refund_of,
    refused,
    token_of,
)

LOST = httpx2.ReadError("lost")
FLAVOURS = pytest.mark.parametrize("flavour", ["sync", "async"])
LIST = "GET /stores/store/charges"


def unknown_charge(either: Either, **members: Any) -> e.OutcomeUnknown:
    with pytest.raises(e.OutcomeUnknown) as caught:
        either.do(lambda u: u.charges.create(charge(**members)))
    return caught.value


@FLAVOURS
def test_a_one_time_tokens_charge_is_repeated_under_its_key(flavour: str) -> None:
    """It can be charged once only, so that a repeat cannot pay twice."""
    script = Script(LOST, answer(201, charge_of(), idempotency_status="successfully_stored"))
    either = Either(flavour, script, token_type="one_time")
    made = either.do(lambda u: u.charges.create(charge()))
    assert made.status == m.ChargeStatus.PENDING
    assert len(script.requests) == 2
    assert script.keys[0] == script.keys[1] is not None


@FLAVOURS
def test_a_token_whose_kind_nobody_knows_is_charged_once(flavour: str) -> None:
    """It may be a recurring one, whose keys are best effort."""
    script = Script(LOST)
    unknown_charge(Either(flavour, script))
    assert script.asked == ["POST /charges"]


def test_a_token_that_was_made_here_is_known() -> None:
    """Its kind stands in the answer."""
    script = Script(answer(201, token_of()), LOST, answer(201, charge_of()))
    either = Either("sync", script)
    from tests.unit.univapay.scripted import konbini

    either.do(lambda u: u.tokens.create(konbini()))
    either.do(lambda u: u.charges.create(charge()))
    assert script.asked == ["POST /tokens", "POST /charges", "POST /charges"]


@FLAVOURS
@pytest.mark.parametrize(
    ("status", "kind"),
    [
        ("successful", Paid),
        ("authorized", Paid),
        ("failed", NotPaid),
        ("canceled", NotPaid),
        ("awaiting", Open),
        ("pending", Open),
    ],
)
def test_a_lost_charge_is_found_by_its_token(flavour: str, status: str, kind: type[Any]) -> None:
    """The list of the token's charges has it, in whatever state."""
    script = Script(LOST)
    either = Either(flavour, script)
    unknown = unknown_charge(either)
    script.then(answer(200, listed(charge_of(status))))
    outcome: Any = either.do(lambda u: u.resolve(unknown))
    assert type(outcome) is kind
    assert script.asked[-1] == LIST
    assert script.requests[-1].url.params["transaction_token_id"].startswith("11ed00f1")
    assert outcome.reference["charge_id"] == CHARGE


def test_a_waiting_charge_is_asked_for_by_its_own_number_from_then_on() -> None:
    """Until the customer has paid at the till."""
    script = Script(LOST)
    either = Either("sync", script)
    unknown = unknown_charge(either)
    script.then(
        answer(200, listed(charge_of("awaiting"))),
        answer(200, charge_of("awaiting")),
        answer(200, charge_of("successful")),
    )
    outcome = either.do(lambda u: u.resolve(unknown, wait=60.0))
    assert type(outcome) is Paid
    assert script.asked[-3:] == [LIST, *["GET /stores/store/charges/charge"] * 2]
    assert script.slept == [1.0, 5.0]


@FLAVOURS
def test_an_empty_list_means_not_paid_once_the_tokens_minutes_are_over(flavour: str) -> None:
    """Before that the charge may be under way; after it the gateway refuses the token."""
    script = Script(LOST, LOST, LOST)
    either = Either(flavour, script, token_type="one_time")
    unknown = unknown_charge(either)

    def empty(_: httpx2.Request) -> httpx2.Response:
        from email.utils import formatdate

        from tests.support.script import NOW

        date = formatdate(NOW + script.now, usegmt=True)
        return httpx2.Response(200, json=listed(), headers={"date": date})

    script.then(empty)
    early = either.do(lambda u: u.resolve(unknown))
    assert type(early) is Open
    script.now += 700.0
    assert type(either.do(lambda u: u.resolve(unknown))) is NotPaid


@FLAVOURS
@pytest.mark.parametrize(("kind", "ends"), [("one_time", NotPaid), ("recurring", Open)])
def test_a_token_of_unknown_kind_is_asked_for_it(flavour: str, kind: str, ends: type) -> None:
    """An empty list means something for a one-time token only."""
    script = Script(LOST)
    either = Either(flavour, script)
    unknown = unknown_charge(either)
    script.now += 700.0
    from email.utils import formatdate

    from tests.support.script import NOW

    date = formatdate(NOW + script.now, usegmt=True)
    script.then(
        httpx2.Response(200, json=listed(), headers={"date": date}),
        httpx2.Response(200, json=token_of(kind), headers={"date": date}),
    )
    outcome = either.do(lambda u: u.resolve(unknown))
    assert type(outcome) is ends
    assert script.asked[-2:] == [LIST, "GET /stores/store/tokens/token"]


@FLAVOURS
def test_a_recurring_tokens_charge_is_told_by_the_reference(flavour: str) -> None:
    """Digits come back as a number, and are the same reference."""
    script = Script(LOST)
    either = Either(flavour, script, token_type="recurring")
    unknown = unknown_charge(either, metadata={"univapay-reference-id": "0042"})
    other = charge_of(
        "successful",
        id="other",
        transaction_token_type="recurring",
        metadata={"univapay-reference-id": 41},
    )
    ours = charge_of(
        "successful",
        transaction_token_type="recurring",
        metadata={"univapay-reference-id": 42},
    )
    script.then(answer(200, listed(other, ours)))
    outcome = either.do(lambda u: u.resolve(unknown))
    assert type(outcome) is Paid
    assert outcome.reference["charge_id"] == CHARGE
    script.then(answer(200, listed(other)))
    assert type(either.do(lambda u: u.resolve(unknown))) is Open


@FLAVOURS
@pytest.mark.parametrize(
    "old",
    [
        {"created_on": "2026-01-04T01:00:00.000000Z"},
        {"requested_amount": 900},
        {"transaction_token_id": "another"},
    ],
)
def test_a_charge_that_is_not_ours_settles_nothing(flavour: str, old: dict[str, Any]) -> None:
    """One of yesterday, of another amount, or of another token: a filter may be ignored."""
    script = Script(LOST)
    either = Either(flavour, script, token_type="recurring")
    unknown = unknown_charge(either, metadata={"univapay-reference-id": "A-1"})
    theirs = charge_of(
        "successful",
        transaction_token_type="recurring",
        metadata={"univapay-reference-id": "A-1"},
    )
    script.then(answer(200, listed({**theirs, **old})))
    assert type(either.do(lambda u: u.resolve(unknown))) is Open


@FLAVOURS
def test_without_a_reference_a_charge_of_a_recurring_token_stays_open(flavour: str) -> None:
    """It may be the one of another process."""
    script = Script(LOST)
    either = Either(flavour, script, token_type="recurring")
    unknown = unknown_charge(either)
    script.then(answer(200, listed(charge_of("successful", transaction_token_type="recurring"))))
    outcome = either.do(lambda u: u.resolve(unknown))
    assert type(outcome) is Open
    assert "reference" in outcome.reason


@FLAVOURS
def test_two_charges_are_doubled_with_both_numbers(flavour: str) -> None:
    """A repeat that the key did not stop."""
    script = Script(LOST, answer(201, charge_of(), idempotency_status="error"))
    either = Either(flavour, script, token_type="one_time")
    unknown = unknown_charge(either)
    assert isinstance(unknown.last_error, r.ProcessedAgainError)
    second = charge_of("successful", id="second")
    script.then(answer(200, listed(second, charge_of("successful"))))
    outcome = either.do(lambda u: u.resolve(unknown))
    assert type(outcome) is Doubled
    assert {number for names in outcome.references for number in names.values()} == {
        "second",
        CHARGE,
    }


@FLAVOURS
@pytest.mark.parametrize(
    ("status", "code"),
    [(409, "IDEMPOTENCY_KEY_CONFLICT"), (500, "UNABLE_TO_GET_IDEMPOTENT_RESULT")],
)
def test_a_key_in_the_way_is_unknown_not_failed(flavour: str, status: int, code: str) -> None:
    """An earlier request may have been carried out; it is not sent again."""
    script = Script(refused(status, code))
    unknown_charge(Either(flavour, script, token_type="one_time"))
    assert len(script.requests) == 1


@FLAVOURS
@pytest.mark.parametrize(
    "code",
    ["TRANSACTION_ALREADY_PROCESSED", "TRANSACTION_TOKEN_EXPIRED", "CHARGE_TOO_QUICK"],
)
def test_a_refusal_of_the_repeat_says_that_the_first_one_may_have_landed(
    flavour: str, code: str
) -> None:
    """So it is looked for; as the first answer it is a plain refusal."""
    script = Script(LOST, refused(400, code))
    unknown_charge(Either(flavour, script, token_type="one_time"))
    script = Script(refused(400, code))
    with pytest.raises(r.RequestRefusedError) as caught:
        Either(flavour, script).do(lambda u: u.charges.create(charge()))
    assert caught.value.code == code


@FLAVOURS
@pytest.mark.parametrize(
    ("code", "error"),
    [
        (306, e.DeclinedError),
        (311, e.AmountLimitExceededError),
        (327, e.TransactionExpiredError),
        (330, e.InsufficientBalanceError),
        (599, e.DeclinedError),
    ],
)
def test_a_charge_that_failed_raises_with_the_charge(
    flavour: str, code: int, error: type[Exception]
) -> None:
    """It came with 201; the gateway says no all the same."""
    script = Script(answer(201, charge_of("failed", **failed(code))))
    with pytest.raises(error) as caught:
        Either(flavour, script).do(lambda u: u.charges.create(charge()))
    refusal = caught.value
    assert isinstance(refusal, PaymentError)
    assert (refusal.code, refusal.status, refusal.value.id) == (code, 201, CHARGE)
    assert CHARGE not in str(refusal)


def test_get_and_list_return_a_failed_charge_as_it_is() -> None:
    """Reading it is no failure."""
    script = Script(answer(200, charge_of("failed", **failed(306))))
    with script.client() as univapay:
        got = univapay.charges.get(store_id="s", charge_id="c")
        script.then(answer(200, listed(charge_of("failed", **failed(306)))))
        page = univapay.charges.list()
    assert got.status == page.items[0].status == m.ChargeStatus.FAILED
    assert got.error is not None
    assert got.error.code == 306


@FLAVOURS
def test_a_refund_is_not_repeated_and_found_by_amount_and_time(flavour: str) -> None:
    """A second one would give more back."""
    script = Script(LOST)
    either = Either(flavour, script)
    with pytest.raises(e.OutcomeUnknown) as caught:
        either.do(lambda u: u.refunds.create(refund(), store_id=STORE_ID, charge_id=CHARGE))
    assert len(script.requests) == 1
    script.then(answer(200, listed(refund_of("successful"), refund_of(id="x", amount=200))))
    outcome = either.do(lambda u: u.resolve(caught.value))
    assert type(outcome) is Done
    assert script.asked[-1] == "GET /stores/store/charges/charge/refunds"
    script.then(answer(200, listed(refund_of("successful"), refund_of("successful", id="x"))))
    assert type(either.do(lambda u: u.resolve(caught.value))) is Open
    script.then(answer(200, listed()))
    assert type(either.do(lambda u: u.resolve(caught.value))) is Open


@FLAVOURS
def test_two_refunds_under_one_reference_are_doubled(flavour: str) -> None:
    """The reference says that both are ours."""
    script = Script(LOST)
    either = Either(flavour, script)
    named = {"univapay-reference-id": "R-1"}
    with pytest.raises(e.OutcomeUnknown) as caught:
        either.do(
            lambda u: u.refunds.create(refund(metadata=named), store_id=STORE_ID, charge_id=CHARGE)
        )
    both = [refund_of("successful", metadata=named, id=number) for number in (REFUND, "x")]
    script.then(answer(200, listed(*both)))
    assert type(either.do(lambda u: u.resolve(caught.value))) is Doubled


@FLAVOURS
@pytest.mark.parametrize(
    ("status", "ends"), [("successful", Paid), ("authorized", Open), ("failed", NotPaid)]
)
def test_a_lost_capture_is_settled_by_the_charge(flavour: str, status: str, ends: type) -> None:
    """One that is still held may be captured yet."""
    script = Script(LOST)
    either = Either(flavour, script)
    with pytest.raises(e.OutcomeUnknown) as caught:
        either.do(
            lambda u: u.captures.create(
                m.CaptureRequest(amount=1100, currency="JPY"),
                store_id=STORE_ID,
                charge_id=CHARGE,
            )
        )
    script.then(answer(200, charge_of(status)))
    assert type(either.do(lambda u: u.resolve(caught.value))) is ends


@FLAVOURS
def test_a_journal_holds_a_second_charge_of_the_same_order_back(flavour: str) -> None:
    """Until the first one has an end."""
    memory = MemoryJournal()
    journal = memory if flavour == "sync" else AsyncJournal(memory)
    script = Script(LOST)
    either = Either(flavour, script, journal=journal)
    named = {"univapay-reference-id": "A-1"}
    unknown = unknown_charge(either, metadata=named)
    with pytest.raises(e.OutcomeUnknown):
        either.do(lambda u: u.charges.create(charge(metadata=named)))
    assert len(script.requests) == 1
    script.then(
        answer(
            200,
            listed(charge_of("failed", metadata=named, **failed(306))),
        )
    )
    assert type(either.do(lambda u: u.resolve(unknown))) is NotPaid
    script.then(answer(201, charge_of(metadata=named)))
    assert either.do(lambda u: u.charges.create(charge(metadata=named))).id == CHARGE


STORE_ID = charge_of()["store_id"]
