"""What one PAYTREE remembers: orders, requests, the books, and the time; no HTTP, no I/O.

Money and status move together here: each step compares the ledger with what the order says.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Protocol

from ..clock import JST
from ..ids import Ids
from ..ledger import Account, Ledger
from .state import (
    FAILURES,
    MEANINGS,
    TRANSITIONS,
    Kind,
    Order,
    Request,
    RequestType,
    Status,
    Transition,
)


class Watch(Protocol):
    """Whatever knows the time."""

    @property
    def now(self) -> datetime: ...


class TransitionError(AssertionError):
    """A step that is in no table: a fault of the mock."""


class History:
    """Orders by orderId, requests by terminal and requestId."""

    def __init__(self, clock: Watch, ids: Ids, ledger: Ledger) -> None:
        self.clock = clock
        self.ledger = ledger
        self.orders: dict[str, Order] = {}
        self.visited: set[Transition] = set()
        self._ids = ids
        self._requests: dict[tuple[str, str], Request] = {}
        self._waiting: dict[str, Order] = {}  # for a customer; the oldest first

    def open(self, kind: Kind, members: Mapping[str, Any], pay_type: str | None) -> Order:
        """A new order, under a number of its own (32 characters)."""
        now = self.clock.now
        order = Order(
            order_id="PT" + self._ids.base32("orderId", 30),
            kind=kind,
            merchant_id=str(members.get("merchantId", "")),
            pay_type=pay_type,
            amount=whole(members.get("amount")),
            created=now,
            ended=now,
            updated=now,
        )
        self.orders[order.order_id] = order
        return order

    def note(
        self,
        request_type: RequestType,
        members: Mapping[str, Any],
        order: Order,
        answer: dict[str, Any] | None = None,
    ) -> Request:
        """Remember a request. Without an answer of its own it is told as its order stands."""
        request = Request(request_type=request_type, order=order, answer=answer or {})
        if members.get("requestId") is not None:
            self._requests[_key(members, "requestId")] = request
        return request

    def used(self, members: Mapping[str, Any]) -> Request | None:
        """The request that had this requestId before."""
        return self._requests.get(_key(members, "requestId"))

    def named(self, members: Mapping[str, Any]) -> Request | None:
        """The request that originalRequestId names."""
        return self._requests.get(_key(members, "originalRequestId"))

    def find(self, members: Mapping[str, Any]) -> Order | None:
        """The order that orderId or originalRequestId names; None if they differ, or for another
        merchant's."""
        by_request = self.named(members)
        order_id = members.get("orderId")
        if order_id is None:
            order = by_request.order if by_request is not None else None
        else:
            order = self.orders.get(str(order_id))
            if members.get("originalRequestId") is not None and (
                by_request is None or by_request.order is not order
            ):
                return None
        if order is None or order.merchant_id != str(members.get("merchantId", "")):
            return None
        return order

    def order_of(self, request_id: str) -> Order | None:
        """The order of the latest request with this number, of whatever terminal."""
        found = [request for key, request in self._requests.items() if key[1] == request_id]
        return found[-1].order if found else None

    def open_refund(self, order: Order) -> Request | None:
        """A refund of this order that has no result yet."""
        return next(
            (
                request
                for request in self._requests.values()
                if request.order is order
                and request.request_type == "Refund"
                and request.answer["transStatus"] == Status.PROCESSING
            ),
            None,
        )

    def end(self, order: Order, code: str) -> None:
        """A payment or deposit comes to its end: SUCCESS moves the money."""
        order.ending = None
        order.code = code
        order.ended = self.clock.now
        if code != "SUCCESS":
            self.step(order, Status.FAILED)
            return
        target = Account.MERCHANT if order.kind == "Pay" else Account.HOLD
        self._post(order, order.kind, Account.CUSTOMER, target, order.amount)
        self.step(order, Status.SUCCEEDED)

    def expire(self, seconds: float) -> None:
        """End every payment that has waited for its customer for so long."""
        limit = timedelta(seconds=seconds)
        for order in list(self._waiting.values()):
            if self.clock.now - order.created < limit:
                break
            self.end(order, "APPROVAL_TIMEOUT")

    def give_back(self, order: Order, amount: int) -> Status:
        """Refund a part or all of a payment; gives the status it has now."""
        self._post(order, "Refund", Account.MERCHANT, Account.CUSTOMER, amount)
        order.refunded += amount
        left = order.amount - order.refunded
        self.step(order, Status.PARTLY_REFUNDED if left else Status.REFUNDED)
        return order.status

    def undo(self, order: Order) -> int:
        """Reverse an order in whatever state; gives what had to be moved back."""
        moved = order.amount if order.status is Status.SUCCEEDED else 0
        if moved:
            source = Account.MERCHANT if order.kind == "Pay" else Account.HOLD
            self._post(order, "Reverse", source, Account.CUSTOMER, moved)
        if order.status is not Status.REVERSED:
            if order.status is Status.PROCESSING:
                order.code = "SUCCESS"  # there was no result to tell of
            order.ending = None
            self.step(order, Status.REVERSED)
        return moved

    def step(self, order: Order, status: Status) -> None:
        """Put an order into another status, and have its books audited.

        Raises TransitionError for a step in no table, LedgerError where money and status differ.
        """
        step = Transition(order.kind, order.status.name, status.name)
        if step not in TRANSITIONS:
            raise TransitionError(f"{step.kind}: {step.before} to {step.after}")
        self.visited.add(step)
        self._waiting.pop(order.order_id, None)
        if status is Status.WAITING:
            self._waiting[order.order_id] = order
        order.status = status
        order.updated = self.clock.now
        paid = status in {Status.SUCCEEDED, Status.PARTLY_REFUNDED}
        left = order.amount - order.refunded if paid else 0
        books = {"merchant" if order.kind == "Pay" else "hold": left}
        self.ledger.expect(order.order_id, **books)

    def _post(
        self, order: Order, reason: str, source: Account, target: Account, amount: int
    ) -> None:
        if amount:  # the manual's test mode checks no amounts
            self.ledger.post(self.clock.now, order.order_id, reason, source, target, amount)

    def shown(self, order: Order) -> dict[str, Any]:
        """An order as its payment's answer and its confirmation tell it."""
        return {
            **said(order.code),
            "orderId": order.order_id,
            "transTime": self.time(order.ended),
            "amount": order.amount,
            "transStatus": int(order.status),
            **({} if order.pay_type is None else {"payType": order.pay_type}),
        }

    def time(self, moment: datetime | None = None) -> str:
        """transTime of a moment, or of now."""
        return (moment or self.clock.now).astimezone(JST).strftime("%Y%m%d%H%M%S")


def said(code: str) -> dict[str, Any]:
    """A code with the wallet's own beside it, and in words."""
    if code == "SUCCESS":
        return {"code": code}
    sub = FAILURES.get(code)
    return {"code": code, **({"subCode": sub} if sub else {}), "message": MEANINGS[code]}


def whole(value: object) -> int:
    """An amount; 0 for what is none."""
    return value if isinstance(value, int) and not isinstance(value, bool) and value > 0 else 0


def _key(members: Mapping[str, Any], member: str) -> tuple[str, str]:
    return str(members.get("terminalUniqueId", "")), str(members.get(member, ""))
