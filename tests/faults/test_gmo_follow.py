"""Following events through a network that loses things: the mock's ledger says how often."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from typing import Any

import pytest
from kessai import OutcomeUnknown
from kessai_gmo import AsyncGmoClient, Followed, FollowResult, GmoClient, parse_webhook
from kessai_gmo import models as m

from tests.faults.gmo_wire import MODES, Mode, Wire
from tests.unit.mock import bodies as b
from tests.unit.mock.driver import SHOP, Driver

OWN = {"autoAuthorization": False}


@pytest.fixture
def mock() -> Iterator[Driver]:
    driver = Driver()
    yield driver
    assert driver.gateway.faults == []
    driver.close()


def started(mock: Driver, path: str, body: dict[str, Any], outcome: str = "success") -> m.Callback:
    """A customer sent away and come back."""
    answer = mock.post(path, body)
    assert answer.status == 202, answer
    return m.Callback.from_wire(mock.browse(answer.redirect, outcome))


def follow(mock: Driver, event: Any, mode: Mode = "fine", *, skip: int = 0) -> Followed:
    """Follow once, with a fault at the request after ``skip`` others."""
    wire = Wire(mock)
    before: list[Mode] = ["fine"] * skip
    wire.script([*before, mode])
    with GmoClient(*SHOP, **wire.options()) as gmo:
        return gmo.follow(event)


def holds(mock: Driver) -> list[int]:
    """Every amount that was put on hold, in order."""
    books = mock.get("/_mock/ledger").json()
    assert books["balanced"]
    return [posting["amount"] for posting in books["postings"] if posting["to"] == "hold"]


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("skip", [0, 1], ids=["inquiry", "finalize"])
def test_a_finalization_through_a_bad_network_runs_once(
    mock: Driver, mode: Mode, skip: int
) -> None:
    callback = started(mock, "/credit/charge", b.charge(tds=OWN))
    assert callback.event is m.CallbackEvent.TDS_FINISHED
    first = follow(mock, callback, mode, skip=skip)
    assert (first.result, first.finalized) == (FollowResult.PAID, True)
    again = follow(mock, callback)
    assert (again.result, again.finalized) == (FollowResult.PAID, False)
    assert holds(mock) == [1000]


@pytest.mark.parametrize("mode", [mode for mode in MODES if mode != "not sent"])
def test_a_finalization_that_stays_unknown_is_settled_by_following_again(
    mock: Driver, mode: Mode
) -> None:
    callback = started(mock, "/credit/charge", b.charge(tds=OWN))
    wire = Wire(mock)
    wire.script(["fine"], then=mode)
    with GmoClient(*SHOP, **wire.options()) as gmo:
        with pytest.raises(OutcomeUnknown):
            gmo.follow(callback)
        wire.always("fine")
        assert gmo.follow(callback).paid
    assert holds(mock) == [1000]


def test_a_callback_reloaded_by_many_tasks_is_finalized_once(mock: Driver) -> None:
    callback = started(mock, "/credit/charge", b.charge(tds=OWN))
    wire = Wire(mock)

    async def run() -> list[Followed]:
        async with AsyncGmoClient(*SHOP, **wire.options(), max_attempts=10) as gmo:
            return await asyncio.gather(*(gmo.follow(callback) for _ in range(4)))

    followed = mock.run(run())
    assert [one.result for one in followed] == [FollowResult.PAID] * 4
    assert holds(mock) == [1000]
    assert len({key for key in wire.keys if key is not None}) == 1


def test_a_card_check_is_finalized_and_moves_nothing(mock: Driver) -> None:
    callback = started(mock, "/credit/verifyCard", b.verify(tds=OWN))
    assert callback.event is m.CallbackEvent.TDS_FINISHED
    followed = follow(mock, callback)
    assert (followed.result, followed.finalized) == (FollowResult.VERIFIED, True)
    assert follow(mock, callback).result is FollowResult.VERIFIED
    assert holds(mock) == []


@pytest.mark.parametrize("tds", [{"autoAuthorization": True}, OWN])
def test_who_fails_3d_secure_has_not_paid(mock: Driver, tds: dict[str, bool]) -> None:
    callback = started(mock, "/credit/charge", b.charge(tds=tds), "fail")
    assert follow(mock, callback).result is FollowResult.NOT_PAID
    assert follow(mock, callback).result is FollowResult.NOT_PAID
    assert holds(mock) == []


def test_automatic_authorization_only_needs_the_question(mock: Driver) -> None:
    callback = started(mock, "/credit/charge", b.charge(tds={"autoAuthorization": True}))
    assert callback.event is m.CallbackEvent.TDS_CHARGE_FINISHED
    followed = follow(mock, callback)
    assert (followed.result, followed.finalized) == (FollowResult.PAID, False)


def test_wallets(mock: Driver) -> None:
    paid = started(mock, "/wallet/charge", b.wallet())
    assert follow(mock, paid).result is FollowResult.PAID
    given_up = started(mock, "/wallet/charge", b.wallet("order-2"), "cancel")
    assert follow(mock, given_up).result is FollowResult.NOT_PAID
    agreed = started(mock, "/wallet/authorizeAccount", b.consent())
    assert agreed.event is m.CallbackEvent.WALLET_APPROVAL_FINISHED
    assert follow(mock, agreed).result is FollowResult.APPROVED


def test_identity_checks(mock: Driver) -> None:
    known = started(mock, "/verification/start", b.verification())
    assert known.event is m.CallbackEvent.VERIFICATION_FINISHED
    assert follow(mock, known).result is FollowResult.VERIFIED
    unknown = started(mock, "/verification/start", b.verification("check-2"), "cancel")
    assert follow(mock, unknown).result is FollowResult.NOT_VERIFIED


def noticed(mock: Driver) -> Any:
    """The last webhook, as the client reads it."""
    body = json.dumps(mock.webhooks[-1]).encode()
    return parse_webhook(body, {"content-type": "application/json"}, csrf_token="csrf-1")


def test_a_konbini_payment(mock: Driver) -> None:
    access_id = mock.post("/cash/charge", b.cash()).access_id
    mock.post(f"/_mock/pay/{access_id}", {})
    followed = follow(mock, noticed(mock))
    assert (followed.result, followed.amount) == (FollowResult.PAID, 5400)


@pytest.mark.parametrize("kind", ["BANK_TRANSFER_SMBC", "BANK_TRANSFER_GMO_AOZORA"])
def test_a_bank_transfer_in_parts(mock: Driver, kind: str) -> None:
    access_id = mock.post("/cash/charge", b.cash(kind=kind)).access_id
    seen: list[tuple[FollowResult, int | None]] = []
    for amount in (1000, 4399, 1, 500):
        mock.post(f"/_mock/pay/{access_id}", {"amount": amount})
        followed = follow(mock, noticed(mock))
        seen.append((followed.result, followed.deposit))
    assert seen == [
        (FollowResult.SHORT, 1000),
        (FollowResult.SHORT, 5399),
        (FollowResult.PAID, 5400),
        (FollowResult.OVER, 5900),
    ]


@pytest.mark.parametrize("works", [True, False])
def test_an_amazon_pay_refund(mock: Driver, works: bool) -> None:
    callback = started(mock, "/wallet/charge", b.wallet(kind="AMAZON"))
    if not works:
        mock.next(operation="amazonPayRefund", fault="fail")
    assert mock.post("/order/cancel", {"accessId": callback.access_id}).status == 201
    mock.advance(60)
    event = noticed(mock)
    assert isinstance(event, m.AmazonPayCancelWebhookRequest)
    expected = FollowResult.REFUNDED if works else FollowResult.REFUND_FAILED
    assert follow(mock, event).result is expected


def test_a_payment_in_the_app(mock: Driver) -> None:
    access_id = mock.post("/wallet/front-end/charge", b.frontend()).access_id
    mock.post(f"/_mock/pay/{access_id}")
    mock.advance(60)
    followed = follow(mock, noticed(mock))
    assert (followed.event, followed.result) == ("WALLET_PAID", FollowResult.PAID)
