"""Client and mock on one clock: each command through both, and every way in which one can get lost.

What the client ends with is held against the mock's own orders.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from kessai import Done, NotDone, NotPaid, Open, OutcomeUnknown, Paid
from kessai.stores.memory import MemoryJournal
from kessai_mdk import AsyncMdkClient, MdkClient
from kessai_mdk import models as m
from kessai_mdk import refusals as r

from tests.support.mdk_world import Loss, World


@pytest.fixture
def world() -> Iterator[World]:
    made = World()
    yield made
    assert made.mock.gateway.faults == []
    made.mock.gateway.ledger.audit()
    made.mock.close()


def test_a_card_payment(world: World) -> None:
    mdk = world.mdk
    answer = mdk.card.authorize(world.card())
    assert answer.result.mstatus is m.Mstatus.SUCCESS
    assert answer.result.order_id == "BOOK-1"
    mdk.card.capture(m.CardCaptureRequest(order_id="BOOK-1"))
    mdk.card.cancel(m.CardCancelRequest(order_id="BOOK-1", amount=300))
    with pytest.raises(r.OrderStateError):
        mdk.card.capture(m.CardCaptureRequest(order_id="BOOK-1"))
    found = mdk.search.search(
        m.SearchSearchRequest(
            search_parameters=m.SearchParameters(common=m.CommonSearchParameter(order_id="BOOK-1")),
            contain_dummy_flag=m.BooleanText.TRUE,
        )
    )
    assert found.result.search_count == 1


def test_a_token_is_good_once_and_for_15_minutes(world: World) -> None:
    request = world.card()
    world.mdk.card.authorize(request)
    request.order_id = "BOOK-2"
    with pytest.raises(r.TokenRefusedError):
        world.mdk.card.authorize(request)
    late = world.card("BOOK-3")
    world.sleep(901.0)
    with pytest.raises(r.TokenRefusedError):
        world.mdk.card.authorize(late)


def test_a_lost_answer_of_a_payment_is_found(world: World) -> None:
    request = world.card()
    unknown = world.lost("answer", lambda: world.mdk.card.authorize(request))
    assert type(world.mdk.resolve(unknown)) is Paid
    assert world.orders == {"BOOK-1": "AUTHORIZED"}


def test_a_lost_payment_was_not_made_and_never_will_be(world: World) -> None:
    request = world.card()
    unknown = world.lost("request", lambda: world.mdk.card.authorize(request))
    assert isinstance(world.mdk.resolve(unknown), Open)
    assert type(world.mdk.resolve(unknown, wait=7200)) is NotPaid
    assert 1800 <= world.seconds() < 2400
    assert world.orders == {}
    # Were it to arrive now, its token has run out.
    with pytest.raises(r.TokenRefusedError):
        world.mdk.card.authorize(request)


def test_a_search_that_lags_behind_costs_time_and_no_mistake() -> None:
    world = World(search_lag=1000.0)
    request = world.card()
    unknown = world.lost("answer", lambda: world.mdk.card.authorize(request))
    assert isinstance(world.mdk.resolve(unknown), Open)
    assert type(world.mdk.resolve(unknown, wait=3600)) is Paid
    assert 1000 <= world.seconds() < 1800
    world.mock.close()


@pytest.mark.parametrize("loss", ["request", "answer"])
def test_lost_commands_on_an_order(world: World, loss: Loss) -> None:
    mdk = world.mdk
    mdk.card.authorize(world.card())
    capture = m.CardCaptureRequest(order_id="BOOK-1")
    unknown = world.lost(loss, lambda: mdk.card.capture(capture))
    outcome = mdk.resolve(unknown, wait=86400)
    assert type(outcome) is (Done if loss == "answer" else Open)
    if loss == "request":
        mdk.card.capture(capture)
    world.sleep(3600.0)
    first = m.CardCancelRequest(order_id="BOOK-1", amount=300)
    mdk.card.cancel(first)
    world.sleep(3600.0)
    # An equal one an hour later is told apart by its time.
    unknown = world.lost(loss, lambda: mdk.card.cancel(first))
    outcome = mdk.resolve(unknown)
    assert type(outcome) is (Done if loss == "answer" else Open)


def test_two_equal_refunds_in_a_minute_are_not_told_apart(world: World) -> None:
    mdk = world.mdk
    mdk.card.authorize(world.card())
    mdk.card.capture(m.CardCaptureRequest(order_id="BOOK-1"))
    part = m.CardCancelRequest(order_id="BOOK-1", amount=300)
    mdk.card.cancel(part)
    unknown = world.lost("answer", lambda: mdk.card.cancel(part))
    outcome = mdk.resolve(unknown)
    assert isinstance(outcome, Open)
    assert "more than one" in outcome.reason


def test_a_lost_refusal_is_found_too(world: World) -> None:
    mdk = world.mdk
    mdk.card.authorize(world.card())
    mdk.card.cancel(m.CardCancelRequest(order_id="BOOK-1"))
    capture = m.CardCaptureRequest(order_id="BOOK-1")
    unknown = world.lost("answer", lambda: mdk.card.capture(capture))
    assert type(mdk.resolve(unknown)) is NotDone


def mpi(world: World, order_id: str = "BOOK-1") -> m.MpiAuthorizeRequest:
    return m.MpiAuthorizeRequest(
        service_option_type=m.MpiServiceOptionType.MPI_COMPLETE,
        order_id=order_id,
        amount=3300,
        pay_now_id_param=m.PayNowIdParam(token=world.token()),
        device_channel=m.DeviceChannel.BROWSER,
        cardholder_name="TARO KESSAI",
        cardholder_email="taro@shop.example",
        redirection_uri="https://shop.example/3ds",
    )


@pytest.mark.parametrize("loss", ["request", "answer"])
def test_lost_3d_secure(world: World, loss: Loss) -> None:
    request = mpi(world)
    unknown = world.lost(loss, lambda: world.mdk.mpi.authorize(request))
    outcome = world.mdk.resolve(unknown)
    assert isinstance(outcome, Open)
    world.sleep(1900.0)
    outcome = world.mdk.resolve(unknown)
    # The customer never saw the page: there is an order, or there is none.
    assert type(outcome) is (NotPaid if loss == "request" else Open), outcome


def test_with_a_journal_nothing_is_ever_paid_twice(world: World) -> None:
    journal = MemoryJournal(clock=world.now)
    with MdkClient(**world.options(), journal=journal) as mdk:
        request = world.card()
        world.lost("answer", lambda: mdk.card.authorize(request))
        with pytest.raises(OutcomeUnknown) as again:
            mdk.card.authorize(request)
        assert type(mdk.resolve(again.value)) is Paid
    transactions = world.mock.gateway.orders["BOOK-1"].transactions
    assert [one.command for one in transactions] == ["Authorize"]


def test_konbini_in_dummy_mode(world: World) -> None:
    day = world.mock.gateway.clock.now + timedelta(days=7)

    def apply(order_id: str, telephone: str) -> m.CvsAuthorizeResponse:
        return world.mdk.cvs.authorize(
            m.CvsAuthorizeRequest(
                order_id=order_id,
                service_option_type=m.CvsServiceOptionType.SEJ,
                amount=3300,
                name1="決済",
                name2="太郎",
                tel_no=telephone,
                pay_limit=f"{day:%Y/%m/%d}",
                payment_type="0",
            )
        )

    assert apply("BOOK-1", "09012345678").result.receipt_no
    with pytest.raises(r.MdkError):
        apply("BOOK-2", "0312345678")


def test_a_wrong_secret_is_told_by_the_gateway(world: World) -> None:
    options: dict[str, Any] = {**world.options(), "merchant_secret_key": "ab" * 32}
    with MdkClient(**options) as mdk, pytest.raises(r.MdkError):
        mdk.card.authorize(world.card())
    assert world.orders == {}


def test_the_async_client_too(world: World) -> None:
    request = world.card()

    async def call() -> str | None:
        async with AsyncMdkClient(**world.options()) as mdk:
            return (await mdk.card.authorize(request)).result.order_id

    assert world.mock.run(call()) == "BOOK-1"
