"""The world of the Unified life cycles: a merchant with the real client, the mock, its ledger.

The gateway has no inquiry by order, so the merchant keeps books from answers, redirects, webhooks
and getTransactionResult alone. After every action they are compared with the gateway's ledger, and
the webhooks that came with those the guide promises.
"""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import Any, NamedTuple

from kessai import Done, NotDone, NotPaid, Open, Outcome, OutcomeUnknown, Paid, PaidCheckNeeded
from kessai_mock.unified import MERCHANT_CCID, MERCHANT_KEY
from kessai_unified import parse_webhook

from tests.support import contract_unified_bodies as bodies
from tests.support.contract_client import START, VirtualTime
from tests.support.contract_unified_client import sync_caller, sync_client
from tests.support.contract_unified_mock import Mock
from tests.support.contract_unified_states import DONE, NEW, STEPS, Step, told

HOLD_DAYS = 30  # assumed, as the mock has it
WAITING_CODE = "UA-U00-001"


class Told(NamedTuple):
    """What a webhook has to say."""

    command: str
    fep_order_id: str
    code: str


class Pending(NamedTuple):
    """A command on an order of which nobody knows yet; settled, it leads to `after`."""

    unknown: OutcomeUnknown
    command: str
    after: str
    amount: int | None


class Order:
    """One application or payment on demand, as the merchant's books have it."""

    def __init__(self, wallet: str, kind: str, payment_id: str, take: str, amount: int) -> None:
        self.wallet = wallet
        self.kind = kind
        self.payment_id = payment_id
        self.take = take
        self.amount = amount
        self.status = NEW
        self.code = ""  # the opening request's result, as far as it is known
        self.fep_order_id = ""
        self.reference = ""  # fepReferenceId of the opening request
        self.page: str | None = None
        self.location: str | None = None  # where the browser was sent back to
        self.determined = True  # whether getTransactionResult says more than wait
        self.held_until = START
        self.unknown: OutcomeUnknown | None = None  # of the opening request
        self.pending: Pending | None = None  # of a later command

    def __repr__(self) -> str:
        return f"{self.wallet} {self.kind} {self.fep_order_id}: {self.status} {self.amount}"

    @property
    def opening(self) -> str:
        """The command that opened it."""
        return {"single": "pay", "agreement": "subscribe", "charge": "charge"}[self.kind]


class Books(NamedTuple):
    """Yen of one order on the gateway's side."""

    hold: int = 0
    merchant: int = 0


class World:
    """Orders of one merchant, and everything that is checked about them."""

    def __init__(self, mock: Mock, steps: set[Step]) -> None:
        mock.reset()
        self.mock = mock
        self.client = sync_client(mock, time=VirtualTime())
        self.call = sync_caller(self.client)
        self.orders: list[Order] = []
        self.landed: dict[str, list[Order]] = {}  # by paymentId, in the order of succeeding
        self.steps = steps
        self.now = START
        self._promised: list[Told] = []
        self._heard = 0
        self._names = 0

    def close(self) -> None:
        """Close the client."""
        self.client.close()

    def name(self) -> str:
        """A paymentId nobody has used yet."""
        self._names += 1
        return f"ORDER-{self._names}"

    def pass_time(self, seconds: float) -> None:
        """Let time go by."""
        self.mock.advance(seconds)
        self.now += timedelta(seconds=seconds)

    # Keeping books.

    def move(self, order: Order, after: str) -> None:
        """Write down a step. Raises AssertionError for one that is not documented."""
        step = Step(order.wallet, order.kind, order.status, after)
        assert step in STEPS, f"{order}: {step} is not documented"
        self.steps.add(step)
        order.status = after

    def promise(self, command: str, order: Order, code: str) -> None:
        """Expect the webhook of a command that has ended, if the guide has one."""
        if told(command, order.wallet, code):
            self._promised.append(Told(command, order.fep_order_id, code))

    def success_code(self, payment_id: str) -> str:
        """What the next success under a paymentId is answered with."""
        return "UA-000-002" if self.landed.get(payment_id) else "UA-000-001"

    def land(self, order: Order) -> None:
        """An application or charge has succeeded."""
        order.code = self.success_code(order.payment_id)
        self.landed.setdefault(order.payment_id, []).append(order)
        if order.kind == "agreement":
            self.move(order, "ACTIVE")
        else:
            self.move(order, "AUTHORIZED" if order.take == "auth" else "CAPTURED")
            self.hold(order)
        self.promise(order.opening, order, order.code)

    def fail(self, order: Order, code: str) -> None:
        """An application or charge has failed."""
        order.code = code
        self.move(order, "FAILED")
        self.promise(order.opening, order, code)

    def hold(self, order: Order) -> None:
        """A hold begins anew."""
        order.held_until = self.now + timedelta(days=HOLD_DAYS)

    def is_held(self, order: Order) -> bool:
        """Whether an authorization can still be captured."""
        return order.status == "AUTHORIZED" and self.now < order.held_until

    def stands(self, order: Order) -> bool:
        """Whether its paymentId stands for it: the first success, else the latest."""
        landed = self.landed.get(order.payment_id)
        applied = [other for other in self.orders if other.payment_id == order.payment_id]
        return order is (landed[0] if landed else applied[-1])

    # Comparing.

    def believed(self, order: Order) -> Books:
        """What the merchant believes the gateway holds of an order."""
        if order.kind == "agreement":
            return Books()
        if order.status == "AUTHORIZED":
            return Books(hold=order.amount if self.is_held(order) else 0)
        return Books(merchant=order.amount if order.status == "CAPTURED" else 0)

    def ledger(self) -> dict[str, Books]:
        """What the gateway's ledger says, by fepOrderId. Raises AssertionError if uneven."""
        totals: Counter[tuple[str, str]] = Counter()
        for posting in self.mock.postings():
            totals[posting.fep_order_id, posting.source] -= posting.amount
            totals[posting.fep_order_id, posting.target] += posting.amount
        found: dict[str, Books] = {}
        for number in {number for number, _ in totals}:
            books = Books(totals[number, "hold"], totals[number, "merchant"])
            assert sum(books) == -totals[number, "customer"]
            found[number] = books
        return found

    def audit(self) -> None:
        """Look at everything. Raises AssertionError where belief and gateway differ."""
        ledger = self.ledger()
        assert set(ledger) <= {order.fep_order_id for order in self.orders}
        for order in self.orders:
            assert self.believed(order) == ledger.get(order.fep_order_id, Books()), order
        assert self.mock.faults() == []
        documented, visited = self.mock.transitions()
        assert visited <= documented
        self._read_webhooks()

    def inquire(self) -> None:
        """Ask about every opening request, and about whatever ended unknown."""
        for order in self.orders:
            answer = self.call("getTransactionResult", bodies.inquiry(order.reference))
            if not order.determined:
                assert answer.result.result_code == WAITING_CODE, order
                assert answer.transaction_data is None
                continue
            data = answer.transaction_data
            assert data.result.result_code == order.code, order
            assert data.order.fep_order_id == order.fep_order_id
            if order.unknown is not None:
                outcome = self.resolve(order.unknown)
                assert type(outcome) is self._end(order), (order, outcome)
            if order.pending is not None:
                assert isinstance(self.resolve(order.pending.unknown), Open)

    def _end(self, order: Order) -> type[Outcome]:
        """What resolving the opening request has to come to."""
        if order.code == "UA-PND-001":
            return Open
        if order.code == "UA-000-002":
            return PaidCheckNeeded
        moves = order.kind != "agreement"
        if order.code in DONE:
            return Paid if moves else Done
        return NotPaid if moves else NotDone

    def resolve(self, unknown: OutcomeUnknown) -> Any:
        """Ask the client how an unknown outcome ended."""
        return self.client.resolve(unknown)

    def _read_webhooks(self) -> None:
        """Every webhook that was promised has come, in order, and no other."""
        came: list[Told] = []
        for webhook in self.mock.sent[self._heard :]:
            event = parse_webhook(
                webhook.body,
                dict(webhook.headers),
                merchant_ccid=MERCHANT_CCID,
                merchant_key=MERCHANT_KEY,
            )
            assert event.fep_order_id is not None
            assert event.payment_id == event.fep_order_id.rpartition("_")[0]
            came.append(Told(str(event.command), event.fep_order_id, str(event.result.result_code)))
        assert came == self._promised
        self._promised = []
        self._heard = len(self.mock.sent)
