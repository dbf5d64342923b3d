"""A bundle of notices: each claimed, handled and done for itself, and what is answered."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

import pytest
from kessai.errors import MalformedEventError, SignatureError, StoreError
from kessai.stores.aio import AsyncDedupe
from kessai.stores.memory import MemoryDedupe
from kessai_mdk import AsyncPushReceiver, OrderState, PushReceiver, join
from kessai_mdk.notices import Notice, Push

from tests.unit.core.receiving import BrokenStore, Clock
from tests.unit.mdk.pushes import CCID, RECORDS, fields, parse, push, signed

BUNDLE = [{**RECORDS["cvs"], "orderId": f"O-{number}"} for number in range(3)]
BODY, HEADERS = push(*BUNDLE)
ORDERS = ["O-0", "O-1", "O-2"]


class Book:
    """What was handled, and whose handling fails."""

    def __init__(self, *fails: str) -> None:
        self.orders: list[str | None] = []
        self.fails = set(fails)

    def __call__(self, notice: Notice) -> None:
        if notice.order_id in self.fails:
            raise LookupError(f"no such order: {notice.order_id}")
        self.orders.append(notice.order_id)

    async def later(self, notice: Notice) -> None:
        await asyncio.sleep(0)
        self(notice)


def read(body: bytes, headers: Mapping[str, str]) -> Push:
    return parse(body, headers)


def receiver(store: Any = None) -> PushReceiver:
    return PushReceiver(read, store or MemoryDedupe(), name=f"mdk:{CCID}")


def said(result: Any) -> tuple[int, str]:
    return result.status, result.outcome


def test_each_of_a_bundle_is_handled_once() -> None:
    shop, book = receiver(), Book()
    assert said(shop.handle(BODY, HEADERS, book)) == (200, "handled")
    assert said(shop.handle(BODY, HEADERS, book)) == (200, "repeat")
    assert book.orders == ORDERS


def test_a_repeat_bundled_otherwise_is_seen() -> None:
    shop, book = receiver(), Book()
    assert said(shop.handle(*push(BUNDLE[1]), book)) == (200, "handled")
    later = push(BUNDLE[2], BUNDLE[1], pushId="777", pushTime="20260106000000")
    assert said(shop.handle(*later, book)) == (200, "handled")
    assert said(shop.handle(BODY, HEADERS, book)) == (200, "handled")
    assert book.orders == ["O-1", "O-2", "O-0"]


def test_two_alike_in_one_bundle_are_one() -> None:
    shop, book = receiver(), Book()
    assert said(shop.handle(*push(BUNDLE[0], BUNDLE[0]), book)) == (200, "handled")
    assert book.orders == ["O-0"]


def test_one_that_fails_keeps_no_other_and_comes_again() -> None:
    shop, book = receiver(), Book("O-1")
    failed = shop.handle(BODY, HEADERS, book, on_error="return")
    assert said(failed) == (500, "failed")
    assert isinstance(failed.error, LookupError)
    assert book.orders == ["O-0", "O-2"]
    with pytest.raises(LookupError, match="O-1"):
        shop.handle(BODY, HEADERS, book)
    book.fails.clear()
    assert said(shop.handle(BODY, HEADERS, book)) == (200, "handled")
    assert book.orders == ["O-0", "O-2", "O-1"]


def test_of_several_failures_the_first_goes_on() -> None:
    with pytest.raises(LookupError, match="O-1"):
        receiver().handle(BODY, HEADERS, Book("O-1", "O-2"))


def test_one_in_other_hands_makes_the_bundle_come_again() -> None:
    shop, book = receiver(), Book()
    middle = shop.read(BODY, HEADERS).notices[1]
    with shop.accept(middle) as receipt:
        assert receipt.new
        assert said(shop.handle(BODY, HEADERS, book)) == (409, "busy")
    assert book.orders == ["O-0", "O-2"]
    assert said(shop.handle(BODY, HEADERS, book)) == (200, "repeat")


def test_a_failure_says_more_than_somebody_elses_claim() -> None:
    shop, book = receiver(), Book("O-2")
    with shop.accept(shop.read(BODY, HEADERS).notices[1]):
        assert said(shop.handle(BODY, HEADERS, book, on_error="return")) == (500, "failed")


def test_a_process_that_died_frees_its_claims_when_the_lease_ends() -> None:
    clock = Clock()
    store = MemoryDedupe(clock=clock)
    shop, book = receiver(store), Book()
    dead = [shop.accept(notice) for notice in shop.read(BODY, HEADERS).notices[:2]]
    for claim in dead:
        claim.__enter__()  # and never left
    assert said(shop.handle(BODY, HEADERS, book)) == (409, "busy")
    clock.now += 61.0
    assert said(shop.handle(BODY, HEADERS, book)) == (200, "handled")
    assert book.orders == ["O-2", "O-0", "O-1"]


def test_a_store_that_is_away_is_no_success() -> None:
    shop, book = receiver(BrokenStore()), Book()
    assert said(shop.handle(BODY, HEADERS, book, on_error="return")) == (500, "failed")
    with pytest.raises(StoreError):
        receiver(BrokenStore()).handle(BODY, HEADERS, book)


def test_what_must_not_be_believed_is_refused() -> None:
    shop, book = receiver(), Book()
    forged = shop.handle(BODY + b" ", HEADERS, book)
    assert said(forged) == (401, "refused")
    assert isinstance(forged.error, SignatureError)
    torn = shop.handle(*signed(b"numberOfNotify=2&orderId0000=A"), book)
    assert said(torn) == (400, "refused")
    assert isinstance(torn.error, MalformedEventError)
    test = shop.handle(*push({**RECORDS["cvs"], "dummy": "1"}), book)
    assert said(test) == (400, "refused")
    assert book.orders == []


def test_test_notices_among_live_ones_are_not_handled() -> None:
    book = Book()
    assert said(receiver().handle(*push({**BUNDLE[0], "dummy": "1"}, BUNDLE[1]), book)) == (
        200, "handled",
    )  # fmt: skip
    assert book.orders == ["O-1"]


def test_two_shops_of_one_store_do_not_meet() -> None:
    store, book = MemoryDedupe(), Book()
    other = PushReceiver(read, store, name="mdk:another")
    assert said(receiver(store).handle(BODY, HEADERS, book)) == (200, "handled")
    assert said(other.handle(BODY, HEADERS, book)) == (200, "handled")
    assert book.orders == ORDERS * 2


def test_for_an_event_loop() -> None:
    async def run() -> None:
        shop = AsyncPushReceiver(read, AsyncDedupe(MemoryDedupe()), name=f"mdk:{CCID}")
        book = Book("O-1")
        failed = await shop.handle(BODY, HEADERS, book.later, on_error="return")
        assert said(failed) == (500, "failed")
        with pytest.raises(LookupError):
            await shop.handle(BODY, HEADERS, book.later)
        async with shop.accept(shop.read(BODY, HEADERS).notices[1]) as receipt:
            assert receipt.new
            assert said(await shop.handle(BODY, HEADERS, book.later)) == (409, "busy")
        assert said(await shop.handle(BODY, HEADERS, book.later)) == (200, "repeat")
        assert said(await shop.handle(BODY + b" ", HEADERS, book.later)) == (401, "refused")
        assert book.orders == ["O-0", "O-2"]

    asyncio.run(run())


def test_side_by_side_nothing_is_handled_by_two() -> None:
    async def run() -> Book:
        shop = AsyncPushReceiver(read, AsyncDedupe(MemoryDedupe()), name=f"mdk:{CCID}")
        book = Book()
        answers = await asyncio.gather(*(shop.handle(BODY, HEADERS, book.later) for _ in range(4)))
        assert {answer.outcome for answer in answers} <= {"handled", "busy", "repeat"}
        while said(await shop.handle(BODY, HEADERS, book.later)) != (200, "repeat"):
            pass
        return book

    assert sorted(map(str, asyncio.run(run()).orders)) == ORDERS


def test_kept_states_and_deliveries_in_any_order() -> None:
    """As the README shows it: the state is kept as a text, and notices are joined into it."""
    kept: dict[str, str] = {}

    def book(notice: Notice) -> None:
        order = notice.order_id or ""
        state = OrderState.load(kept[order]) if order in kept else OrderState(order)
        kept[order] = join(state, notice).dump()

    good = {**RECORDS["paypal"], "orderId": "P-1"}
    bad = {**good, "mstatus": "failure"}
    shop = receiver()
    assert shop.handle(*push(bad, fixed="1"), book).status == 200
    assert shop.handle(*push(good), book).status == 200
    assert OrderState.load(kept["P-1"]).status == "failed"


def test_the_order_of_fields_is_nothing_to_the_key() -> None:
    shop, book = receiver(), Book()
    turned = list(fields(*BUNDLE).items())[::-1]
    body = "&".join(f"{name}={value}" for name, value in turned).encode()
    assert said(shop.handle(BODY, HEADERS, book)) == (200, "handled")
    assert said(shop.handle(*signed(body), book)) == (200, "repeat")
