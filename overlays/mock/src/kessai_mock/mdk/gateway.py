"""The mock of the MDK as one object: everything it remembers, in a world of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..clock import Clock, text
from ..transitions import Transition, steps, take
from ..webhooks import Deliver, threaded_deliver
from ..world import World
from .results import Mstatus, RefusalError, v_result_code
from .service import Call, Service
from .settings import Settings
from .state import Order, Page, Token, Transaction

if TYPE_CHECKING:
    from .members import Member

_MEMOS = ("memo1", "memo2", "memo3", "freeKey")


class Gateway(World):
    """All state of one mock. Code that touches it holds `lock`; nothing awaits under it."""

    orders: dict[str, Order]  # by orderId, of every service, live and dummy
    tokens: dict[str, Token]
    pages: dict[str, Page]
    members: dict[str, Member]  # by accountId
    pushes: dict[str, int]  # how many PUSHes each service has sent
    visited: set[Transition]
    search_lag: float

    def __init__(
        self,
        services: tuple[Service, ...],
        settings: Settings | None = None,
        *,
        seed: int = 1,
        deliver: Deliver = threaded_deliver,
        clock: Clock | None = None,
    ) -> None:
        self.settings: Settings = settings or Settings()
        self.services: dict[str, Service] = {service.name: service for service in services}
        self.transitions: frozenset[Transition] = frozenset[Transition]().union(
            *(steps(service.name, service.steps) for service in services)
        )
        super().__init__(seed=seed, policy=self.settings.webhooks, deliver=deliver, clock=clock)

    def _begin(self) -> None:
        super()._begin()
        self.orders = {}
        self.tokens = {}
        self.pages = {}
        self.members = {}
        self.pushes = {}
        self.visited = set()
        self.search_lag = self.settings.search_lag

    def _pause(self, attempts: int) -> float:
        """From half to one and a half of the interval, drawn from the seed (assumed: no document
        tells the schedule)."""
        return self._policy.interval * (0.5 + self.ids.number("pause", 1001) / 1000)

    def blank(self, call: Call) -> Order:
        """An order that is remembered nowhere, under the request's orderId if it has one."""
        body, now = call.body, self.clock.now
        order = Order(
            order_id=body.text("orderId") or "",
            service=call.service.name,
            dummy=call.dummy,
            created=now,
            updated=now,
            option=body.text("serviceOptionType"),
            push_url=body.text("pushUrl") or self.settings.push_url,
        )
        amount = body.text("amount")
        if amount is not None and amount.isdecimal():
            order.amount = int(amount)
        for name in _MEMOS:
            memo = body.text("payNowIdParam", name)
            if memo is not None:
                order.memos[name] = memo
        account = body.text("payNowIdParam", "accountParam", "accountId")
        if account is not None:
            order.memos["accountId"] = account
        return order

    def open(self, call: Call) -> Order:
        """A new order. Raises RefusalError ZN02 for an orderId of any service, in either mode."""
        order_id = call.body.need("orderId")
        if order_id in self.orders:
            raise RefusalError("ZN02")
        order = self.orders[order_id] = self.blank(call)
        return order

    def find(self, call: Call, member: str = "orderId") -> Order:
        """The order a request names, in its mode, that its service serves. RefusalError ZN01."""
        order = self.orders.get(call.body.text(member) or "")
        service = call.service
        if order is None or order.service not in {service.name, *service.serves}:
            raise RefusalError("ZN01", member)
        if order.dummy != call.dummy:
            raise RefusalError("ZN01", member)
        return order

    def step(self, order: Order, status: str) -> None:
        """Put an order into another status. Raises TransitionError for a step in no table."""
        self.visited.add(take(order.service, order.status, status, self.transitions))
        order.status = status
        order.updated = self.clock.now

    def note(
        self,
        order: Order,
        command: str,
        *,
        mstatus: Mstatus = "success",
        code: str | None = None,
        amount: int | None = None,
        kind: str | None = None,
        own: dict[str, Any] | None = None,
    ) -> Transaction:
        """Put something that happened into an order's history, which Search shows.

        `code` may be the first block only; without it, it is the service's success.
        """
        order.updated = self.clock.now
        transaction = Transaction(
            txn_id=self.ids.digits("custTxn", 8),
            command=command,
            at=self.clock.now,
            mstatus=mstatus,
            code=v_result_code(code or self.services[order.service].ok),
            amount=amount,
            kind=kind,
            own=own or {},
        )
        order.transactions.append(transaction)
        return transaction

    def describe(self) -> dict[str, Any]:
        """A summary for GET /_mock."""
        return {
            "gateway": "mdk",
            **super().describe(),
            "now": text(self.clock.now),
            "orders": len(self.orders),
            "searchLag": self.search_lag,
        }
