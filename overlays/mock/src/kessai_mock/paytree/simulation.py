"""PAYTREE without a network: requests in, answers out, no HTTP, no signature, no I/O, no client.

What callers may rely on (kessai_paytree's test mode runs this in its own process):

- ``Simulation(pay=0, refund=0, reverse=0, deposit=0, delay=0.0, seed=1, clock=None)`` is one
  PAYTREE with a history of its own, kept as long as the object lives. The test classes are those of
  the manual; they are attributes of the same names, and may be changed between requests.
- ``handle(operation, members)`` takes an operationId of specs/paytree (pay, payV1, refund, reverse,
  confirm, confirmV1, deposit) and the request's members on the wire, and returns the answer's, both
  without ``sign``. Nothing is checked that the manual's test mode does not check: members that are
  not there are done without as far as possible. It is not thread-safe.
- It raises ``Lost`` where no answer comes: the manual's network errors. The request was carried out
  all the same. ValueError for an operation that does not exist.
- ``delay`` (seconds, the manual's TestSequenceDelay) is how long an exchange takes. Without a
  ``clock`` there is virtual time here, and handle() moves it on by that much. A ``clock`` of the
  caller's (any object whose ``now`` is an aware datetime) is only read: whoever calls waits.
- ``approve(order_id)`` and ``decline(order_id, code)`` play the customer; ``orders`` (by orderId)
  and ``ledger`` are there to be looked at.

Test classes. Pay: 0 success; 1, 6, 7 the customer has to approve, and the first confirmation
(``confirms``) finds it paid, stopped, timed out; 2 network error; 3 wrong code; 4 balance too
small; 5 service stopped. Refund: 0 success; 1 network error. Reverse and deposit: 0 success. After
a network error the answers to the next three confirmations about that request (``outage``) are
lost as well, so that a payment has to be reversed; a reversal always comes through.

Source: WbPay library specification 1.0, section 5. What it leaves open is as in specs/paytree.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from ..clock import Clock
from ..ids import Ids
from ..ledger import Ledger
from .history import History, Watch, said, whole
from .state import FAILURES, MEANINGS, Order, Status, Transition

__all__ = ["CLASSES", "Lost", "Simulation", "StateError", "Watch"]

CLASSES: Final = {"pay": 8, "refund": 2, "reverse": 1, "deposit": 1}
"""How many test classes each operation has, from 0 on."""

_ENDINGS: Final = {1: "SUCCESS", 6: "CUSTOMER_STOPPED", 7: "APPROVAL_TIMEOUT"}
_REFUSALS: Final = {3: "USER_CODE_ERROR", 4: "INSUFFICIENT_BALANCE", 5: "SERVICE_STOPPED"}
_NETWORK_ERROR: Final = {"pay": 2, "refund": 1}

_Handler = Callable[[Mapping[str, Any], str | None], dict[str, Any]]


class Lost(Exception):
    """The request was carried out, and no answer comes."""


class StateError(ValueError):
    """The customer of this order has nothing to decide."""


class Simulation:
    """One PAYTREE: its orders, its books, and what it answers in tests."""

    def __init__(
        self,
        *,
        pay: int = 0,
        refund: int = 0,
        reverse: int = 0,
        deposit: int = 0,
        delay: float = 0.0,
        confirms: int | None = 1,
        outage: int = 3,
        approval_seconds: float = 300.0,
        seed: int = 1,
        clock: Watch | None = None,
        ids: Ids | None = None,
        ledger: Ledger | None = None,
    ) -> None:
        """``confirms``: which confirmation finds a payment of class 1, 6 or 7 ended; None: none
        does, only ``approve`` and ``decline``. ``approval_seconds``: how long a customer has.
        ``ids`` and ``ledger`` may be shared with whoever runs this."""
        self.pay = pay
        self.refund = refund
        self.reverse = reverse
        self.deposit = deposit
        self.delay = delay
        self.confirms = confirms
        self.outage = outage
        self.approval_seconds = approval_seconds
        self._own = Clock()
        self._moves = clock is None
        self._history = History(clock or self._own, ids or Ids(seed), ledger or Ledger())
        self._handlers: dict[str, _Handler] = {
            "pay": self._pay,
            "payV1": self._pay,
            "refund": self._refund,
            "reverse": self._reverse,
            "confirm": self._confirm,
            "confirmV1": self._confirm,
            "deposit": self._deposit,
        }

    @property
    def orders(self) -> Mapping[str, Order]:
        """Every payment and deposit there was, by orderId."""
        return self._history.orders

    def order_of(self, request_id: str) -> Order | None:
        """The order that a request was about; the latest, if several tills used its number."""
        return self._history.order_of(request_id)

    @property
    def ledger(self) -> Ledger:
        """The books, in double entry."""
        return self._history.ledger

    @property
    def visited(self) -> frozenset[Transition]:
        """The steps orders have taken so far."""
        return frozenset(self._history.visited)

    def handle(
        self, operation: str, members: Mapping[str, Any], *, wallet: str | None = None
    ) -> dict[str, Any]:
        """Carry a request out and return its answer's members.

        ``wallet``: the code the wallet behind PAYTREE answers this one payment, refund, reversal or
        deposit with, in place of its test class; SYSTEM_ERROR leaves it without a result (and a
        reversal undone). Raises Lost where no answer comes, ValueError for an unknown operation,
        test class or code.
        """
        found = self._handlers.get(operation)
        if found is None:
            raise ValueError(f"there is no operation {operation}")
        for name, count in CLASSES.items():
            if getattr(self, name) not in range(count):
                raise ValueError(f"the test class of {name} is a number from 0 to {count - 1}")
        if wallet is not None and wallet not in MEANINGS:
            raise ValueError(f"there is no code {wallet}")
        if self._moves and self.delay:
            self._own.advance(self.delay)
        self.expire()
        answer = found(members, wallet)
        request_id = members.get("requestId")
        return answer if request_id is None else {**answer, "requestId": request_id}

    def approve(self, order_id: str) -> None:
        """The customer enters the passcode, or what was left without a result succeeds.

        Raises StateError if nothing about this order waits for that.
        """
        self._decide(order_id, "SUCCESS")

    def decline(self, order_id: str, code: str = "CUSTOMER_STOPPED") -> None:
        """The customer stops, or the wallet refuses with ``code``. Raises StateError likewise."""
        if code not in FAILURES:
            raise StateError(f"code must be one of {', '.join(FAILURES)}")
        self._decide(order_id, code)

    def expire(self) -> None:
        """End what has waited for its customer for too long; ``handle`` does it by itself."""
        self._history.expire(self.approval_seconds)

    def _decide(self, order_id: str, code: str) -> None:
        self.expire()
        order = self.orders.get(order_id)
        if order is not None and order.status in {Status.WAITING, Status.PROCESSING}:
            self._history.end(order, code)
            return
        refund = self._history.open_refund(order) if order is not None else None
        if order is None or refund is None:
            raise StateError("there is no order with this orderId that waits for anybody")
        amount = whole(refund.answer["refundAmount"])
        code = self._refundable(order, amount) if code == "SUCCESS" else code
        refund.answer = self._refunded(order, amount, code)

    def _pay(self, members: Mapping[str, Any], wallet: str | None) -> dict[str, Any]:
        history = self._history
        if history.used(members) is not None:
            return said("REQUEST_ID_REUSED")
        pay_type = str(members.get("payType", "AutoDetect"))
        order = history.open("Pay", members, "PayPay" if pay_type == "AutoDetect" else pay_type)
        if wallet is None and self.pay in _ENDINGS:
            order.ending = _ENDINGS[self.pay]
            history.step(order, Status.WAITING)
        else:
            self._settle(order, wallet or _REFUSALS.get(self.pay, "SUCCESS"))
        request = history.note("Pay", members, order)
        if wallet is None and self.pay == _NETWORK_ERROR["pay"]:
            request.losing = self.outage
            raise Lost
        return history.shown(order)

    def _deposit(self, members: Mapping[str, Any], wallet: str | None) -> dict[str, Any]:
        history = self._history
        if history.used(members) is not None:
            return said("REQUEST_ID_REUSED")
        order = history.open("Deposit", members, None)
        self._settle(order, wallet or "SUCCESS")
        history.note("Deposit", members, order)
        return history.shown(order)

    def _settle(self, order: Order, code: str) -> None:
        """What becomes of an order at once."""
        if code == "SYSTEM_ERROR":
            order.code = code
            self._history.step(order, Status.PROCESSING)
        else:
            self._history.end(order, code)

    def _refund(self, members: Mapping[str, Any], wallet: str | None) -> dict[str, Any]:
        history = self._history
        if history.used(members) is not None:
            return said("REQUEST_ID_REUSED")
        order = history.find(members)
        if order is None:
            return said("ORDER_NOT_FOUND")
        amount = whole(members.get("refundAmount"))
        code = self._refundable(order, amount)
        if code == "SUCCESS":
            code = wallet or code
        answer = self._refunded(order, amount, code)
        request = history.note("Refund", members, order, answer)
        if code == "SUCCESS" and wallet is None and self.refund == _NETWORK_ERROR["refund"]:
            request.losing = self.outage
            raise Lost
        return answer

    @staticmethod
    def _refundable(order: Order, amount: int) -> str:
        if order.kind != "Pay" or order.status not in {Status.SUCCEEDED, Status.PARTLY_REFUNDED}:
            return "ORDER_STATE"
        if not amount:
            return "REQUEST_INVALID"
        return "AMOUNT_EXCEEDED" if amount > order.amount - order.refunded else "SUCCESS"

    def _refunded(self, order: Order, amount: int, code: str) -> dict[str, Any]:
        status = Status.PROCESSING if code == "SYSTEM_ERROR" else Status.FAILED
        if code == "SUCCESS":
            status = self._history.give_back(order, amount)
        return {
            **said(code),
            "orderId": order.order_id,
            "transTime": self._history.time(),
            "refundAmount": amount,
            "transStatus": int(status),
        }

    def _reverse(self, members: Mapping[str, Any], wallet: str | None) -> dict[str, Any]:
        used = self._history.used(members)
        if used is not None:
            again = used.request_type == "Reverse"
            return dict(used.answer) if again else said("REQUEST_ID_REUSED")
        order = self._history.find(members)
        if order is None:
            return said("ORDER_NOT_FOUND")
        code = "ORDER_STATE" if order.refunded else wallet or "SUCCESS"
        status = Status.PROCESSING if code == "SYSTEM_ERROR" else Status.FAILED
        answer = {
            **said(code),
            "orderId": order.order_id,
            "transTime": self._history.time(),
            "amount": self._history.undo(order) if code == "SUCCESS" else 0,
            "transStatus": int(Status.REVERSED if code == "SUCCESS" else status),
        }
        if code == "SUCCESS":  # what was not carried out may be tried again under its number
            self._history.note("Reverse", members, order, answer)
        return answer

    def _confirm(self, members: Mapping[str, Any], wallet: str | None) -> dict[str, Any]:
        request, order = self._history.named(members), self._history.find(members)
        if order is None:
            return said("ORDER_NOT_FOUND")
        if request is not None and request.losing and order.status is not Status.REVERSED:
            request.losing -= 1
            raise Lost
        if order.status is Status.WAITING and order.ending is not None:
            order.asked += 1
            if self.confirms is not None and order.asked >= self.confirms:
                self._history.end(order, order.ending)
        if request is not None and request.answer:
            return {**request.answer, "requestType": request.request_type}
        return {**self._history.shown(order), "requestType": order.kind}
