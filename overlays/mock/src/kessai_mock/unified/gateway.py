"""The mock of the Unified API as one object: everything it remembers, in a world of its own."""

from __future__ import annotations

from typing import Any

from ..body import Body
from ..clock import Clock, text
from ..transitions import Transition, take
from ..webhooks import Deliver, threaded_deliver
from ..world import World
from .auth import Auth
from .idempotency import Keys
from .results import ResultError
from .settings import Settings
from .simulation import Simulation, load
from .state import Kind, Order, Record, Redirect
from .transitions import TRANSITIONS


class Gateway(World):
    """All state of one mock. Code that touches it holds `lock`; nothing awaits under it."""

    keys: Keys
    orders: dict[str, Order]  # by fepOrderId
    payments: dict[str, list[Order]]  # by paymentId, in the order of their applications
    successes: dict[str, list[Order]]  # by paymentId, in the order in which they succeeded
    records: dict[str, Record]  # by fepReferenceId
    redirects: dict[str, Redirect]
    visited: set[Transition]
    busy: set[str]  # paymentIds with a request being processed
    in_flight: int

    def __init__(
        self,
        settings: Settings | None = None,
        *,
        seed: int = 1,
        deliver: Deliver = threaded_deliver,
        clock: Clock | None = None,
    ) -> None:
        self.settings: Settings = settings or Settings()
        self.auth: Auth = Auth(self.settings)
        self.simulation: Simulation = load()
        super().__init__(seed=seed, policy=self.settings.webhooks, deliver=deliver, clock=clock)

    def _begin(self) -> None:
        super()._begin()
        self.keys = Keys(self.clock, self.settings.key_seconds)
        self.orders = {}
        self.payments = {}
        self.successes = {}
        self.records = {}
        self.redirects = {}
        self.visited = set()
        self.busy = set()
        self.in_flight = 0

    def landed(self, payment_id: str) -> list[Order]:
        """The orders under a paymentId that have succeeded, whatever came after; in order."""
        return self.successes.get(payment_id, [])

    def by_payment_id(self, payment_id: str) -> Order | None:
        """The order a paymentId stands for: the first that succeeded, else the latest.

        A second success under one paymentId is reached by its fepOrderId only (assumed).
        """
        applied = self.payments.get(payment_id, [])
        return next(iter([*self.landed(payment_id), *reversed(applied)]), None)

    def find(self, body: Body, payment_id: str = "paymentId", fep: str = "fepOrderId") -> Order:
        """The order a request names. Raises ResultError UA-REQ-900."""
        number = body.text("order", fep)
        order = self.orders.get(number or "")
        if number is None:
            order = self.by_payment_id(body.text("order", payment_id) or "")
        if order is None:
            raise ResultError("UA-REQ-900")
        return order

    def open(self, kind: Kind, payment_id: str, wallet: str) -> Order:
        """A new order under a paymentId, with numbers of its own."""
        ids, now = self.ids, self.clock.now
        order = Order(
            fep_order_id=f"{payment_id}_{ids.base32('fepOrderId', 26)}",
            payment_id=payment_id,
            wallet=wallet,
            kind=kind,
            created=now,
            updated=now,
            gateway_order_id=ids.base32("gatewayOrderId", 20),
            provider_order_id=ids.base32("providerOrderId", 18),
            customer_id=None if wallet == "paypay" else ids.base32("customerId", 16),
        )
        self.orders[order.fep_order_id] = order
        self.payments.setdefault(payment_id, []).append(order)
        return order

    def record(self, command: str, order: Order, body: Body | None = None) -> Record:
        """The record of one request, under a new fepReferenceId."""
        record = Record(
            reference="X" + self.ids.base32("fepReferenceId", 26), command=command, order=order
        )
        if body is not None:
            record.push_url = body.text("control", "pushUrl")
            amount = body.text("order", "amount")
            record.amount = None if amount is None else int(amount)
            for name in ("merchantRequestKey1", "merchantRequestKey2", "metadata1", "metadata2"):
                value = body.text("transaction", name)
                if value is not None:
                    record.values[name] = value
        self.records[record.reference] = record
        return record

    def step(self, order: Order, status: str) -> None:
        """Put an order into another status. Raises TransitionError for a step in no table."""
        self.visited.add(take(order.kind.value, order.status, status, TRANSITIONS))
        order.status = status
        order.changes += 1
        order.updated = self.clock.now

    def describe(self) -> dict[str, Any]:
        """A summary for GET /_mock."""
        return {
            "gateway": "unified",
            **super().describe(),
            "now": text(self.clock.now),
            "orders": len(self.orders),
            "inFlight": self.in_flight,
        }
