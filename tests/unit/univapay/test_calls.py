"""Around a call: keys, raw answers, rate limits, the journal, and how an odd answer is kept."""

from __future__ import annotations

from typing import Any

import httpx2
import pytest
from kessai import errors as e
from kessai.outcome import NotPaid, Open, Paid
from kessai_univapay import RateLimits, operations, rate_limits
from kessai_univapay import models as m
from kessai_univapay import refusals as r
from kessai_univapay.gateway import IDEMPOTENCY_STATUS

from tests.unit.univapay.scripted import (
    CHARGE,
    STORE,
    TOKEN,
    Either,
    Script,
    answer,
    charge,
    charge_of,
    dated,
    failed,
    listed,
    refused,
    token_of,
)

LOST = httpx2.ReadError("lost")
FLAVOURS = pytest.mark.parametrize("flavour", ["sync", "async"])
LIMITS = {
    "X_Remaining_Requests_Exact": "9",
    "X_Remaining_Requests_Route": "29",
    "X_Requests_Per_Minute_Exact": "120",
    "X_Requests_Per_Minute_Route": "1200",
}


@FLAVOURS
def test_raw_shows_the_key_its_status_and_the_limits(flavour: str) -> None:
    script = Script(answer(201, charge_of(), Idempotency_Status="successfully_stored", **LIMITS))
    raw = Either(flavour, script).do(
        lambda u: u.raw(operations.CHARGES_CREATE, charge(), idempotency_key="my-key")
    )
    assert raw.headers[IDEMPOTENCY_STATUS] == m.IdempotencyStatus.SUCCESSFULLY_STORED
    assert rate_limits(raw.headers) == RateLimits(9, 29, 120, 1200)
    assert raw.idempotency_key == "my-key"
    assert script.keys == ["my-key"]
    assert raw.value.id == CHARGE


@FLAVOURS
def test_an_error_shows_the_limits_too(flavour: str) -> None:
    """An empty 429 is waited out; the last one is raised."""
    script = Script(answer(429, {}, **{**LIMITS, "X_Remaining_Requests_Exact": "0"}))
    with pytest.raises(r.TooFastError) as caught:
        Either(flavour, script).do(lambda u: u.charges.create(charge()))
    assert rate_limits(caught.value.headers).remaining_exact == 0
    assert len(script.requests) == 3
    assert len(set(script.keys)) == 1


@pytest.mark.parametrize("text", ["", "-1", "1.5", "ten", "１２", "9" * 10, " 7"])
def test_a_limit_that_is_no_number_is_not_told(text: str) -> None:
    assert rate_limits({"x-remaining-requests-exact": text}) == RateLimits(None, None, None, None)


@FLAVOURS
def test_keys_go_with_what_changes_something_only(flavour: str) -> None:
    script = Script(
        answer(200, charge_of()),
        answer(200, charge_of()),
        httpx2.Response(204),
    )
    either = Either(flavour, script)
    path = {"store_id": STORE, "charge_id": CHARGE}
    either.do(lambda u: u.charges.get(**path))
    either.do(lambda u: u.charges.update(m.ChargeUpdateRequest(metadata={"a": "b"}), **path))
    either.do(lambda u: u.tokens.delete(store_id=STORE, token_id=TOKEN))
    assert [bool(key) for key in script.keys] == [False, True, False]
    assert [request.method for request in script.requests] == ["GET", "PATCH", "DELETE"]


@pytest.mark.parametrize("key", ["", "a b", "キー", "x" * 256, "a\n", 7])
def test_keys_that_cannot_be_a_header(key: Any) -> None:
    script = Script(answer(201, charge_of()))
    with pytest.raises(e.ConfigurationError, match="idempotency key"):
        Either("sync", script).do(lambda u: u.charges.create(charge(), idempotency_key=key))
    assert script.requests == []


@FLAVOURS
def test_a_new_call_has_a_new_key(flavour: str) -> None:
    script = Script(refused(400, "CHARGE_TOO_QUICK"), answer(201, charge_of()))
    either = Either(flavour, script)
    with pytest.raises(r.ChargeTooQuickError):
        either.do(lambda u: u.charges.create(charge()))
    either.do(lambda u: u.charges.create(charge()))
    assert len(set(script.keys)) == 2


@FLAVOURS
@pytest.mark.parametrize(
    "came",
    [
        httpx2.Response(201),
        httpx2.Response(201, content=b"<html>hello</html>"),
        httpx2.Response(201, content=b'{"id": "x", "sta'),
        httpx2.Response(500),
        httpx2.Response(502, content=b"<html>Bad Gateway</html>"),
        refused(500, "DB_ERROR"),
    ],
    ids=["empty", "page", "torn", "bare", "bad gateway", "fault"],
)
def test_a_doubtful_answer_is_unknown(flavour: str, came: httpx2.Response) -> None:
    """One-time: three attempts under one key. Of an unknown kind: one."""
    for token_type, times in (("one_time", 3), (None, 1)):
        script = Script(came)
        with pytest.raises(e.OutcomeUnknown):
            Either(flavour, script, token_type=token_type).do(lambda u: u.charges.create(charge()))
        assert len(script.requests) == times
        assert len(set(script.keys)) == 1


@FLAVOURS
@pytest.mark.parametrize("body", [{}, [], {"id": 7}, charge_of(requested_amount="ten")], ids=str)
def test_a_success_nobody_can_read_is_kept(flavour: str, body: Any) -> None:
    script = Script(answer(201, body))
    with pytest.raises(e.UnreadableAnswerError) as caught:
        Either(flavour, script).do(lambda u: u.charges.create(charge()))
    assert caught.value.content
    assert caught.value.unknown is not None
    assert caught.value.unknown.reference["transaction_token_id"] == TOKEN
    assert len(script.requests) == 1


# -- the status of a key on a repeat


@FLAVOURS
@pytest.mark.parametrize(
    "status", ["error", "not_stored", "disabled", "ERROR", " error ", "conflicting_key", "new"]
)
def test_a_repeat_that_was_processed_again_is_unknown(flavour: str, status: str) -> None:
    script = Script(LOST, answer(201, charge_of(), Idempotency_Status=status))
    with pytest.raises(e.OutcomeUnknown) as caught:
        Either(flavour, script, token_type="one_time").do(lambda u: u.charges.create(charge()))
    assert isinstance(caught.value.last_error, r.ProcessedAgainError)
    assert len(script.requests) == 2
    first = Script(answer(201, charge_of(), Idempotency_Status=status))
    assert Either(flavour, first).do(lambda u: u.charges.create(charge())).id == CHARGE


@FLAVOURS
@pytest.mark.parametrize(
    ("status", "ends"),
    [
        ("retrieved_idempotent_response", r.PaymentLimitError),
        ("successfully_stored", e.OutcomeUnknown),
        ("no_status", e.OutcomeUnknown),
        ("", e.OutcomeUnknown),
    ],
)
def test_a_repeat_that_failed_is_final_only_as_the_first_answer(
    flavour: str, status: str, ends: type[Exception]
) -> None:
    """311 says that the same was charged just now: that can be the first attempt, paid."""
    body = charge_of("failed", **failed(311))
    script = Script(LOST, answer(201, body, **({"Idempotency_Status": status} if status else {})))
    either = Either(flavour, script, token_type="one_time")
    with pytest.raises(ends) as caught:
        either.do(lambda u: u.charges.create(charge()))
    if isinstance(caught.value, e.OutcomeUnknown):
        paid, late = charge_of("successful"), charge_of("failed", id="late", **failed(311))
        script.then(answer(200, listed(late, paid)))
        unknown = caught.value
        outcome = either.do(lambda u: u.resolve(unknown))
        assert type(outcome) is Paid
        assert outcome.reference["charge_id"] == CHARGE


# -- what a list proves


@FLAVOURS
@pytest.mark.parametrize("page", [listed(charge_of(transaction_token_id="x")), listed(more=True)])
def test_a_list_that_was_not_filtered_proves_nothing(flavour: str, page: dict[str, Any]) -> None:
    """Ours may stand on a page that nobody has read."""
    script = Script(LOST)
    either = Either(flavour, script, token_type="one_time")
    with pytest.raises(e.OutcomeUnknown) as caught:
        either.do(lambda u: u.charges.create(charge()))
    script.now += 4000
    script.then(dated(script, page))
    outcome = either.do(lambda u: u.resolve(caught.value))
    assert type(outcome) is Open
    assert "not one of this token's" in outcome.reason
    script.then(dated(script, listed()))
    assert type(either.do(lambda u: u.resolve(caught.value))) is NotPaid


@FLAVOURS
def test_an_empty_list_of_long_ago_is_not_believed(flavour: str) -> None:
    """Another process asked too early and left that in the journal; this one asks the list."""
    script = Script(LOST)
    with pytest.raises(e.OutcomeUnknown) as caught:
        Either(flavour, script).do(lambda u: u.charges.create(charge()))
    script.now += 10
    script.then(dated(script, listed()), httpx2.Response(404, json={}))
    early = Either(flavour, script).do(lambda u: u.resolve(caught.value))
    assert type(early) is Open
    assert early.reference["token"].startswith("its kind")
    unknown = e.OutcomeUnknown.from_record(
        {**caught.value.to_record(), "reference": dict(early.reference)}
    )
    script.now += 4000
    script.then(dated(script, listed(charge_of("successful"))))
    assert type(Either(flavour, script).do(lambda u: u.resolve(unknown))) is Paid
    script.then(dated(script, listed()), dated(script, token_of()))
    before = len(script.asked)
    assert type(Either(flavour, script).do(lambda u: u.resolve(unknown))) is NotPaid
    assert script.asked[before:] == [
        "GET /stores/store/charges",
        "GET /stores/store/tokens/token",
    ]


@FLAVOURS
@pytest.mark.parametrize(
    ("sent", "came", "same"),
    [
        ("0042", 42, True),
        ("0042", "0042", True),
        ("0042", "42", False),
        ("42", 42, True),
        (42, "42", True),
        (42, 42, True),
        ("A-1", "A-1", True),
        ("A-1", 1, False),
        ("1", True, False),
        ("-5", -5, True),
        ("٤٢", 42, False),
    ],
)
def test_references_that_are_the_same(flavour: str, sent: Any, came: Any, same: bool) -> None:
    """Digits may come back as a number; as text they are told apart to the letter."""
    script = Script(LOST)
    either = Either(flavour, script, reference_key="order")
    with pytest.raises(e.OutcomeUnknown) as caught:
        either.do(lambda u: u.charges.create(charge(metadata={"order": sent})))
    theirs = charge_of("successful", transaction_token_type="recurring", metadata={"order": came})
    script.then(answer(200, listed(theirs)))
    outcome = either.do(lambda u: u.resolve(caught.value))
    assert (type(outcome) is Paid) is same


@FLAVOURS
def test_a_charge_whose_date_nobody_can_read_is_not_taken_for_ours(flavour: str) -> None:
    """It may be one of last month, under the same reference."""
    script = Script(LOST)
    either = Either(flavour, script)
    named = {"univapay-reference-id": "B-1"}
    with pytest.raises(e.OutcomeUnknown) as caught:
        either.do(lambda u: u.charges.create(charge(metadata=named)))
    odd = charge_of("successful", transaction_token_type="recurring", metadata=named)
    script.then(answer(200, listed({**odd, "created_on": "the fifth of May"})))
    assert type(either.do(lambda u: u.resolve(caught.value))) is Open
