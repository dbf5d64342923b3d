"""What the MDK's notices, results and joined orders are, to a type checker. Checked, never run."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal, assert_type

from kessai.receive import Receipt, ReceiveResult
from kessai.stores.base import AsyncDedupeStore, DedupeStore
from kessai_mdk import (
    AsyncPushReceiver,
    Notice,
    OrderState,
    OrderStatus,
    Push,
    PushReceiver,
    Result,
    ResultService,
    Told,
    UnknownRecord,
    dedupe_key,
    join,
    parse_push,
    parse_result,
)
from kessai_mdk import models as m
from kessai_mdk.notices_kinds import CARRIER_KINDS, Kind, Status


def pushes(headers: dict[str, str]) -> None:
    """A PUSH and its notices."""
    came = parse_push(b"a=b", headers, merchant_ccid="c", secret=["new", "old"])
    assert_type(came, Push)
    assert_type(came.notices, tuple[Notice, ...])
    assert_type(came.tests, tuple[Notice, ...])
    assert_type(came.sent_at, datetime | None)
    notice = came.notices[0]
    assert_type(notice.kind, Kind)
    assert_type(notice.status, Status | None)
    assert_type(notice.order_id, str | None)
    assert_type(notice.service, str | None)
    assert_type(notice.confirmed, bool)
    assert_type(dedupe_key(notice), str)
    if isinstance(notice.record, m.CvsNotice):
        assert_type(notice.record.rcv_amount, int | None)
    if isinstance(notice.record, UnknownRecord):
        assert_type(notice.record.values.get("orderId"), str | None)
    parse_push(
        b"a=b", headers, merchant_ccid="c", secret="s", allow_test=True, service="carrier",
        carrier_kinds={**CARRIER_KINDS, "Erased": "deletion"}, screening={"01": "success"},
    )  # fmt: skip
    parse_push("a=b", headers, merchant_ccid="c", secret="s")  # type: ignore[arg-type]  # pyright: ignore
    parse_push(b"a=b", headers, merchant_ccid="c")  # type: ignore[call-arg]  # pyright: ignore
    parse_push(b"a=b", headers, merchant_ccid="c", secret="s", service="card")  # type: ignore[arg-type]  # pyright: ignore


def results(headers: dict[str, str], service: ResultService) -> None:
    """What browsers bring back, typed by service."""
    secure = parse_result(b"a=b", headers, service="mpi", merchant_ccid="c", secret="s")
    assert_type(secure, Result[m.MpiReturn])
    assert_type(secure.verified, Literal["parameters", "sender"])
    assert_type(secure.order_id, str)
    assert_type(secure.made, datetime | None)
    assert_type(secure.values.req_amount, int | None)
    union = parse_result(
        b"a=b", headers, service="upop", merchant_ccid="c", secret="s", max_age=60.0, order_id="A"
    )
    assert_type(union.values, m.UpopReturn)
    wallet = parse_result(
        "/done?a=b", service="carrier", merchant_ccid="c", secret=["s"], command="Terminate"
    )
    assert_type(wallet.values, m.CarrierReturn)
    any_of_them = parse_result("a=b", service=service, merchant_ccid="c", secret="s")
    assert_type(any_of_them.status, Status | None)
    parse_result("a=b", service="paypal", merchant_ccid="c", secret="s")  # type: ignore[call-overload]  # pyright: ignore
    parse_result("a=b", service="mpi", merchant_ccid="c")  # type: ignore[call-overload]  # pyright: ignore


def joined(notice: Notice, result: Result[m.MpiReturn], other: OrderState) -> None:
    """One order, whoever tells of it."""
    state = join(OrderState("A"), notice, result, other)
    assert_type(state, OrderState)
    assert_type(state.by_push, OrderState)
    assert_type(state.status, OrderStatus)
    assert_type(state.told, frozenset[Told])
    assert_type(state.dump(), str)
    assert_type(OrderState.load("[]"), OrderState)
    join(OrderState("A"), "notice")  # type: ignore[arg-type]  # pyright: ignore


def receiving(store: DedupeStore, parse: Any, headers: dict[str, str]) -> None:
    """A bundle, notice by notice."""
    receiver = PushReceiver(parse, store, name="mdk:c")
    assert_type(receiver.handle(b"", headers, lambda notice: None), ReceiveResult)
    assert_type(receiver.read(b"", headers), Push)
    with receiver.accept(receiver.read(b"", headers).notices[0]) as receipt:
        assert_type(receipt, Receipt[Notice])
    PushReceiver(parse, store)  # type: ignore[call-arg]  # pyright: ignore


async def receiving_later(store: AsyncDedupeStore, parse: Any, headers: dict[str, str]) -> None:
    """The same for an event loop."""
    receiver = AsyncPushReceiver(parse, store, name="mdk:c")

    async def book(notice: Notice) -> None:
        """Book it."""

    assert_type(await receiver.handle(b"", headers, book), ReceiveResult)
    async with receiver.accept(receiver.read(b"", headers).notices[0]) as receipt:
        assert_type(receipt, Receipt[Notice])
