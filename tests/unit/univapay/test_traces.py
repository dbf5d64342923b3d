"""Stories from the till: what comes late, out of order, or to another process."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

import httpx2
import pytest
from kessai import errors as e
from kessai.outcome import NotPaid, Open, Paid
from kessai.stores.memory import MemoryDedupe
from kessai.stores.sqlite import SqliteJournal
from kessai_univapay import dedupe_key, is_paid, parse_webhook
from kessai_univapay import models as m
from kessai_univapay import refusals as r
from kessai_univapay.standing import UnivapayLookup
from kessai_univapay.tokens import TokenTypes
from kessai_univapay_api.operations import CHARGES_CREATE

from tests.support.script import NOW
from tests.unit.univapay.notices import AUTH, notice, webhook
from tests.unit.univapay.scripted import (
    SECRET,
    STORE,
    Either,
    Script,
    answer,
    app_token,
    charge,
    charge_of,
    dated,
    failed,
    journalled,
    konbini,
    listed,
    refused,
    token_of,
    unknown_of,
)

LOST = httpx2.ReadError("lost")
FLAVOURS = pytest.mark.parametrize("flavour", ["sync", "async"])
JANUARY = {"univapay-reference-id": "M-7/2026-01"}


# -- late and in the way


@FLAVOURS
@pytest.mark.parametrize(
    "then", [httpx2.Response(429), refused(401, "INVALID_CREDENTIALS"), refused(503, "X_Y_Z")]
)
def test_what_comes_after_a_lost_attempt_says_nothing_of_it(
    flavour: str, then: httpx2.Response
) -> None:
    """429 to the repeats is no proof that the first one was not taken."""
    script = Script(LOST, then)
    either = Either(flavour, script, token_type="one_time")
    unknown = unknown_of(either, lambda u: u.charges.create(charge()))
    assert len(set(script.keys)) == 1
    script.then(dated(script, listed(charge_of("successful"))))
    assert type(either.do(lambda u: u.resolve(unknown))) is Paid


@FLAVOURS
def test_a_charge_that_lands_after_the_list_was_empty(flavour: str) -> None:
    """Nothing is claimed while it may still come."""
    script = Script(LOST)
    either = journalled(flavour, script, token_type="one_time")
    unknown = unknown_of(either, lambda u: u.charges.create(charge()))
    script.then(dated(script, listed()))
    assert type(either.do(lambda u: u.resolve(unknown))) is Open
    script.now += 500
    script.then(dated(script, listed()))
    assert type(either.do(lambda u: u.resolve(unknown))) is Open
    with pytest.raises(e.OutcomeUnknown):
        either.do(lambda u: u.charges.create(charge()))
    script.now += 500
    script.then(dated(script, listed(charge_of("successful"))))
    assert type(either.do(lambda u: u.resolve(unknown))) is Paid


@FLAVOURS
def test_a_notice_that_arrives_before_the_answer(flavour: str) -> None:
    """The webhook tells of a payment whose create call is still without an answer."""
    shipped: list[str] = []

    def handle(event: Any) -> None:
        assert is_paid(event.data)
        shipped.append(event.data.metadata["univapay-reference-id"])

    from kessai.receive import Receiver

    paid = charge_of("successful", mode="live", metadata=JANUARY)
    body, headers = webhook(notice(data=paid))
    receiver = Receiver(
        lambda body, headers: parse_webhook(body, headers, auth_token=AUTH),
        MemoryDedupe(),
        key=dedupe_key,
        name="univapay:store",
    )

    def meanwhile(_: httpx2.Request) -> httpx2.Response:
        assert receiver.handle(body, headers, handle).status == 200
        raise httpx2.ReadTimeout("slow")

    script = Script(meanwhile)
    either = Either(flavour, script)
    unknown = unknown_of(either, lambda u: u.charges.create(charge(metadata=JANUARY)))
    script.then(dated(script, listed(paid)))
    assert type(either.do(lambda u: u.resolve(unknown))) is Paid
    assert receiver.handle(body, headers, handle).status == 200
    assert shipped == ["M-7/2026-01"]


def resolve(unknown: e.OutcomeUnknown, univapay: Any, **options: Any) -> Any:
    """Ask what became of it."""
    return univapay.resolve(unknown, **options)


@FLAVOURS
def test_a_month_at_the_konbini(flavour: str) -> None:
    """Awaiting is no end, however long; what expired frees the order for another token."""
    script = Script(answer(201, charge_of(metadata=JANUARY)))
    either = journalled(flavour, script, token_type="one_time")
    either.do(lambda u: u.charges.create(charge(metadata=JANUARY)))
    for _ in range(4):
        script.now += 7 * 86400
        waiting = unknown_of(either, lambda u: u.charges.create(charge(metadata=JANUARY)))
        script.then(dated(script, charge_of("awaiting", metadata=JANUARY)))
        outcome = either.do(partial(resolve, waiting))
        assert type(outcome) is Open
        assert outcome.state == "awaiting"
    unknown = unknown_of(either, lambda u: u.charges.create(charge(metadata=JANUARY)))
    script.now += 3 * 86400
    script.then(dated(script, charge_of("failed", metadata=JANUARY, **failed(327))))
    assert type(either.do(partial(resolve, unknown))) is NotPaid
    script.then(dated(script, charge_of(metadata=JANUARY), 201))
    other = m.ChargeRequest(
        transaction_token_id="another", amount=1100, currency="JPY", metadata=JANUARY
    )
    either.do(lambda u: u.charges.create(other))
    assert [request.method for request in script.requests].count("POST") == 2


# -- a process that is killed


class Killed(BaseException):
    """The process is gone: nothing of its own runs after this."""


@pytest.mark.parametrize("known", [True, False])
@pytest.mark.parametrize(
    ("found", "kind", "ends"),
    [
        ([charge_of("successful", metadata=JANUARY)], "one_time", Paid),
        ([charge_of("awaiting", metadata=JANUARY)], "one_time", Open),
        ([], "one_time", NotPaid),
        ([], "recurring", Open),
    ],
)
def test_another_process_finds_what_a_killed_one_left(
    tmp_path: Path, known: bool, found: list[Any], kind: str, ends: type
) -> None:
    """The journal has what to ask by; nothing is sent again, and nothing secret is in it."""
    script = Script(dated(Script(), token_of(kind), 201), Killed())
    path = tmp_path / "journal.db"

    def process() -> Any:
        journal = SqliteJournal(path, clock=lambda: NOW + script.now)
        return script.client(journal=journal)

    first = process()
    if known:
        first.tokens.create(konbini())
    else:
        script.then(Killed())
    with pytest.raises(Killed):
        first.charges.create(charge(metadata=JANUARY))
    second = process()
    with pytest.raises(e.IntentInProgressError):
        second.charges.create(charge(metadata=JANUARY))
    script.now += 700
    with pytest.raises(e.OutcomeUnknown) as caught:
        second.charges.create(charge(metadata=JANUARY))
    script.then(dated(script, listed(*found)), dated(script, token_of(kind)))
    assert type(second.resolve(caught.value)) is ends
    assert script.asked.count("POST /charges") == 1
    for file in tmp_path.iterdir():
        content = file.read_bytes()
        for secret in (SECRET, app_token(), "hanako", "0312345678", "山田"):
            assert secret.encode() not in content


def test_threads_that_ask_about_one_token_go_each_by_its_own_list() -> None:
    """The empty list that another thread has just read is not one that this one read."""
    lookup = UnivapayLookup(STORE, TokenTypes(None), "univapay-reference-id", 600.0)
    names = dict(lookup.names(CHARGES_CREATE, charge().to_wire()))
    empty = m.ChargeList.from_wire(listed())

    def just_now() -> dict[str, str]:
        return {**names, **lookup.found(CHARGES_CREATE, empty, names).reference}

    def asked(reference: dict[str, str]) -> str:
        question = lookup.question(reference)
        assert question is not None
        return question[0].name

    ours, theirs = just_now(), just_now()
    assert asked({**names, "token": "its kind, of another process"}) == "charges_list_in_store"
    assert asked(ours) == "tokens_get"
    assert asked(theirs) == "tokens_get"
    assert asked(ours) == "charges_list_in_store"


def test_a_token_used_by_somebody_else_is_refused_and_frees_the_order() -> None:
    """As the first answer to the first attempt, nothing of ours was done."""
    script = Script(refused(400, "TRANSACTION_ALREADY_PROCESSED"))
    either = journalled("sync", script, token_type="one_time")
    for _ in range(2):
        with pytest.raises(r.TokenUsedError):
            either.do(lambda u: u.charges.create(charge()))
    assert len(script.requests) == 2


@FLAVOURS
def test_a_lost_subscription_is_never_made_again(flavour: str) -> None:
    """Nothing finds it, and no time is named until when a repeat could: none may be sent."""
    request = m.SubscriptionRequest(
        transaction_token_id="t", amount=1100, currency="JPY", period=m.SubscriptionPeriod.MONTHLY
    )
    script = Script(LOST)
    either = Either(flavour, script)
    unknown = unknown_of(either, lambda u: u.subscriptions.create(request))
    for options in ({}, {"complete": True, "request": request}):
        outcome: Any = either.do(partial(resolve, unknown, **options))
        assert (outcome.until, len(script.requests)) == (None, 1)
        assert isinstance(outcome, Open)
