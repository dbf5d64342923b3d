"""Deliveries are believed only after a check, handled by one at a time, and marked when handled."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from typing import Any, cast

import pytest
from kessai.errors import (
    ConfigurationError,
    CsrfTokenError,
    MalformedEventError,
    ReceiveError,
    SignatureError,
    SourceAddressError,
    TestNoticeError,
)
from kessai.receive import AsyncReceiver, Receipt, Receiver, ReceiveResult
from kessai.stores.aio import AsyncDedupe
from kessai.stores.base import StoreError
from kessai.stores.memory import MemoryDedupe

from tests.unit.core.receiving import BODY, HEADERS, SECRET, BrokenStore, Clock, Event, never, parse


class Side:
    """The same receiver, sync or async, over one memory store."""

    def __init__(self, is_async: bool) -> None:
        self.clock = Clock()
        self.store = MemoryDedupe(clock=self.clock)
        self.is_async = is_async
        self.receiver = Receiver(parse, self.store, key=lambda event: event.id, name="shop")
        self.async_receiver = AsyncReceiver(
            parse, AsyncDedupe(self.store), key=self._key, name="shop"
        )

    async def _key(self, event: Event) -> str:
        return event.id

    def handle(
        self,
        handler: Callable[[Event], object],
        body: bytes = BODY,
        headers: Mapping[str, str] = HEADERS,
        on_error: Any = "raise",
    ) -> ReceiveResult:
        if not self.is_async:
            return self.receiver.handle(body, headers, handler, on_error=on_error)

        async def wrapped(event: Event) -> None:
            handler(event)

        return asyncio.run(self.async_receiver.handle(body, headers, wrapped, on_error=on_error))

    def claim(self, inside: Callable[[Receipt[Event]], object]) -> Receipt[Event]:
        if not self.is_async:
            with self.receiver.claim(BODY, HEADERS) as receipt:
                inside(receipt)
            return receipt

        async def run() -> Receipt[Event]:
            async with self.async_receiver.claim(BODY, HEADERS) as receipt:
                inside(receipt)
            return receipt

        return asyncio.run(run())


@pytest.fixture(params=["sync", "async"])
def side(request: pytest.FixtureRequest) -> Side:
    return Side(request.param == "async")


def test_a_new_event_is_handled_once_and_repeats_are_answered(side: Side) -> None:
    handled: list[Event] = []
    assert side.handle(handled.append) == ReceiveResult(200, "handled")
    assert side.handle(handled.append) == ReceiveResult(200, "repeat")
    assert handled == [Event("e1", "paid")]
    other = b'{"id": "e2", "kind": "paid"}'
    assert side.handle(handled.append, other).outcome == "handled"
    side.clock.now += 7 * 86400
    assert side.handle(handled.append).outcome == "handled", "the mark is kept for a week"


def test_a_repeat_while_being_handled_is_told_to_come_again(side: Side) -> None:
    during: list[ReceiveResult] = []

    def handler(event: Event) -> None:
        with side.receiver.claim(BODY, HEADERS) as inner:
            assert (inner.state, inner.new, inner.duplicate, inner.status) == (
                "busy",
                False,
                True,
                409,
            )
        during.append(side.receiver.handle(BODY, HEADERS, never))

    assert side.handle(handler).outcome == "handled"
    assert during == [ReceiveResult(409, "busy")]
    assert side.handle(never) == ReceiveResult(200, "repeat")


def test_a_failing_handler_frees_the_event(side: Side) -> None:
    def failing(event: Event) -> None:
        raise LookupError("no such order")

    with pytest.raises(LookupError):
        side.handle(failing)
    result = side.handle(failing, on_error="return")
    assert (result.status, result.outcome) == (500, "failed")
    assert isinstance(result.error, LookupError)
    assert "no such order" not in repr(result)
    handled: list[Event] = []
    assert side.handle(handled.append).outcome == "handled"
    assert handled


def test_leaving_by_any_exception_frees_the_event(side: Side) -> None:
    def interrupted(receipt: Receipt[Event]) -> None:
        assert receipt.new
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        side.claim(interrupted)
    assert side.claim(lambda receipt: None).new
    repeat = side.claim(lambda receipt: None)
    assert (repeat.state, repeat.duplicate, repeat.status) == ("repeat", True, 200)


def test_an_exception_about_a_repeat_frees_nothing(side: Side) -> None:
    def failing(receipt: Receipt[Event]) -> None:
        raise LookupError

    assert side.claim(lambda receipt: None).new
    with pytest.raises(LookupError):
        side.claim(failing)
    assert side.claim(lambda receipt: None).state == "repeat"


def test_an_event_handled_longer_than_its_lease_is_reported(side: Side) -> None:
    def slow(receipt: Receipt[Event]) -> None:
        side.clock.now += 61
        with side.receiver.claim(BODY, HEADERS) as second:
            assert second.new
        assert not second.lost

    first = side.claim(slow)
    assert first.new
    assert first.lost


def test_a_process_that_died_is_replaced_after_its_lease(side: Side) -> None:
    assert side.store.claim("shop:e1", 60).state == "claimed"
    assert side.handle(never).status == 409
    side.clock.now += 60
    assert side.handle(lambda event: None).outcome == "handled"


@pytest.mark.parametrize(
    ("body", "headers", "status", "kind"),
    [
        (BODY, {}, 401, SignatureError),
        (BODY, {"X-Secret": ""}, 401, SignatureError),
        (BODY, {"X-Secret": SECRET + "x"}, 401, SignatureError),
        (BODY, {"X-Secret": SECRET, "x-secret": SECRET}, 401, SignatureError),
        (b"{", HEADERS, 400, MalformedEventError),
        (b"{}", HEADERS, 400, MalformedEventError),
    ],
)
def test_what_cannot_be_believed_is_refused_with_its_type(
    side: Side, body: bytes, headers: dict[str, str], status: int, kind: type[ReceiveError]
) -> None:
    result = side.handle(never, body, headers)
    assert (result.status, result.outcome, type(result.error)) == (status, "refused", kind)
    assert side.handle(lambda event: None).outcome == "handled", "and nothing was claimed"


@pytest.mark.parametrize(
    ("error", "status"),
    [(CsrfTokenError, 401), (SourceAddressError, 401), (TestNoticeError, 400), (ReceiveError, 400)],
)
def test_each_refusal_has_its_status(error: type[ReceiveError], status: int) -> None:
    def refusing(body: bytes, headers: Mapping[str, str]) -> Event:
        raise error("no")

    receiver = Receiver(refusing, MemoryDedupe(), key=lambda event: event.id, name="shop")
    assert receiver.handle(BODY, {}, never).status == status
    with pytest.raises(error), receiver.claim(BODY, {}):
        pytest.fail("not believed, not entered")


@pytest.mark.parametrize("body", [{"id": "e1"}, BODY.decode(), None, [BODY], object()])
def test_a_parsed_body_is_refused(side: Side, body: Any) -> None:
    with pytest.raises(ConfigurationError, match="raw bytes, not") as caught:
        side.handle(never, body)
    assert "e1" not in str(caught.value)


def test_a_bytearray_is_raw_too(side: Side) -> None:
    assert side.handle(lambda event: None, cast("bytes", bytearray(BODY))).outcome == "handled"


def test_an_empty_key_is_a_mistake_of_ours() -> None:
    receiver = Receiver(parse, MemoryDedupe(), key=lambda event: "", name="shop")
    with pytest.raises(ConfigurationError, match="key must not be empty"):
        receiver.handle(BODY, HEADERS, never)


def test_two_gateways_share_a_store_without_meeting() -> None:
    store = MemoryDedupe()
    for name in ("gmo:a", "gmo:b"):
        receiver = Receiver(parse, store, key=lambda event: event.id, name=name)
        assert receiver.handle(BODY, HEADERS, lambda event: None).outcome == "handled"
        with receiver.claim(BODY, HEADERS) as receipt:
            assert receipt.key == f"{name}:e1"
            assert "e1" not in repr(receipt)


def test_a_store_that_is_away_hides_no_other_error() -> None:
    receiver = Receiver(parse, BrokenStore(), key=lambda event: event.id, name="shop")
    with pytest.raises(LookupError) as caught, receiver.claim(BODY, HEADERS):
        raise LookupError
    assert caught.value.__notes__ == [
        "The claim could not be freed (StoreError); its lease frees it."
    ]
    other = b'{"id": "e2", "kind": "paid"}'
    result = receiver.handle(other, HEADERS, lambda event: None, on_error="return")
    assert (result.status, type(result.error)) == (500, StoreError), "so that it is sent again"


def test_events_of_one_delivery_are_claimed_one_by_one(side: Side) -> None:
    """The repeat of a bundle handles only what the first time left over."""
    bundle = [Event(f"r{number}", "record") for number in range(3)]

    def run(fail_at: str) -> list[str]:
        handled: list[str] = []
        for event in bundle:
            with side.receiver.accept(event) as receipt:
                if receipt.new:
                    if event.id == fail_at:
                        raise LookupError
                    handled.append(event.id)
        return handled

    with pytest.raises(LookupError):
        run("r1")
    assert run("") == ["r1", "r2"]
    assert run("") == []
