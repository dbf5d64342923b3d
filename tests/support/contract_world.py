"""The world of the life cycles: a merchant with the real client, the mock, and its ledger.

After every action the merchant looks at each of its orders through the client, writes down
which steps they took, and compares what it believes was paid with the gateway's ledger.
"""

from __future__ import annotations

from collections import Counter
from datetime import datetime, time, timedelta
from typing import Any, NamedTuple

from kessai.errors import InvalidRequestError
from kessai_gmo import Followed, FollowResult, UnknownEvent, parse_webhook

from tests.support.contract_bodies import CSRF
from tests.support.contract_client import START, VirtualTime, sync_caller, sync_client
from tests.support.contract_mock import Mock
from tests.support.contract_states import NEW, STATES, STEPS, Step

# 2026-01-05 10:00 in Japan, in the ledger's accounts.
CUSTOMER, HOLD, GATEWAY, MERCHANT = "customer", "hold", "gateway", "merchant"


class Tracked:
    """One order or identity check, as the merchant last saw it."""

    def __init__(self, kind: str, order_id: str, method: str) -> None:
        self.kind = kind
        self.id = order_id
        self.method = method
        self.status = NEW
        self.access_id = ""
        self.amount: int | None = None
        self.original = 0
        self.deposited = 0
        self.held_until: datetime | None = None
        self.page: str | None = None  # where the customer can be sent
        self.manual = False  # 3-D Secure without automatic authorization
        self.pressed: str | None = None  # what the customer did on the page
        self.good = True  # whether its card is one the mock accepts
        self.check = False  # verifyCard, authorizeAccount: no amount
        self.frontend = False
        self.mode = ""
        self.reductions = 0
        self.failed = False  # the last try to open it was refused
        self.tries = 0

    def __repr__(self) -> str:
        return f"{self.kind} {self.method} {self.id}: {self.status or 'new'} {self.amount}"


class Books(NamedTuple):
    """Yen of one order on the gateway's side."""

    hold: int = 0
    gateway: int = 0
    merchant: int = 0


class World:
    """Orders and members of one merchant, and everything that is checked about them."""

    def __init__(self, mock: Mock, steps: set[Step]) -> None:
        mock.reset()
        self.mock = mock
        self.time = VirtualTime()
        self.client = sync_client(mock, time=self.time)
        self.call = sync_caller(self.client)
        self.orders: dict[str, Tracked] = {}
        self.steps = steps
        self._seen_webhooks = 0
        self._names: Counter[str] = Counter()

    def close(self) -> None:
        """Close the client."""
        self.client.close()

    def name(self, kind: str) -> str:
        """An id nobody has used yet."""
        self._names[kind] += 1
        return f"{kind}-{self._names[kind]}"

    @property
    def now(self) -> datetime:
        """The virtual time."""
        return datetime.fromtimestamp(START.timestamp() + self.time.seconds, START.tzinfo)

    def pass_time(self, seconds: float) -> None:
        """Let time go by, for the gateway and for the merchant, who reads webhooks as they come."""
        for part in (121.0, 1800.0, seconds):
            passed = min(part, seconds)
            self.mock.advance(passed)
            self.time.seconds += passed
            self.audit()
            seconds -= passed

    # Looking.

    def look(self, order: Tracked, *, stepped: bool = False) -> None:
        """Ask the gateway how an order stands and write down the step it took.

        `stepped` says that an action was carried out, so that even an unchanged status is a
        step. Raises AssertionError for a state or step that is not documented.
        """
        before = order.status
        answer = self._asked(order)
        if answer is None:
            assert before == NEW, f"{order}: forgotten by the gateway"
            return
        reference = (
            answer.verification_reference
            if order.kind == "VERIFICATION"
            else answer.order_reference
        )
        order.status = str(reference.status)
        order.access_id = reference.access_id
        assert order.status in STATES[order.kind], order
        if order.status != before or stepped:
            step = Step(order.kind, before, order.status)
            assert step in STEPS, f"{order}: {step} is not documented"
            self.steps.add(step)
        if order.kind != "VERIFICATION":
            self._read(order, answer, before)

    def _asked(self, order: Tracked) -> Any:
        if order.kind == "VERIFICATION":
            return self.call("verificationInquiry", {"verificationId": order.id})
        try:
            return self.call("orderInquiry", {"orderId": order.id})
        except InvalidRequestError:
            return None

    def _read(self, order: Tracked, answer: Any, before: str) -> None:
        reference = answer.order_reference
        began = reference.status == "AUTH" and before != "AUTH"
        assert reference.charge_type == order.kind
        assert reference.order_id == order.id
        assert (reference.amount is None) == order.check, order
        order.amount = reference.amount
        if order.kind == "CASH":
            result = answer.cash_result
            transfer = result.bank_transfer_payment_information
            order.deposited = (
                transfer.deposit_amount or 0
                if transfer is not None
                else (order.amount or 0) * (order.status == "PAYSUCCESS")
            )
        elif order.kind == "WALLET" and began:
            # Documented for every method: 60 days, to the end of the day.
            end = reference.updated + timedelta(days=60)
            order.held_until = datetime.combine(end.date(), time(23, 59, 59), START.tzinfo)
        elif order.kind == "CREDIT" and answer.credit_result is not None:
            until = answer.credit_result.capture_expiry_date_time
            order.held_until = until or order.held_until  # absent once it is over

    def held(self, order: Tracked) -> bool:
        """Whether an authorization can still be captured, by the dates the gateway gave."""
        assert order.held_until is not None, order
        return self.now <= order.held_until

    def believed(self, order: Tracked) -> Books:
        """What the merchant believes the gateway holds of an order, from answers alone."""
        amount = order.amount or 0
        if order.kind == "CASH":
            return Books(merchant=order.deposited)
        if order.kind == "VERIFICATION" or order.check:
            return Books()
        if order.status == "AUTH":
            return Books(hold=amount if self.held(order) else 0)
        if order.status in {"CAPTURE", "SALES"}:
            return Books(merchant=amount)
        return Books(gateway=amount if order.status == "REQRETURN" else 0)

    def ledger(self) -> dict[str, Books]:
        """What the gateway's ledger says, by accessId. Raises AssertionError if it is uneven."""
        totals: Counter[tuple[str, str]] = Counter()
        for posting in self.mock.postings():
            totals[posting.access_id, posting.source] -= posting.amount
            totals[posting.access_id, posting.target] += posting.amount
        found: dict[str, Books] = {}
        for access_id in {access_id for access_id, _ in totals}:
            books = Books(*(totals[access_id, name] for name in (HOLD, GATEWAY, MERCHANT)))
            assert sum(books) == -totals[access_id, CUSTOMER]
            found[access_id] = books
        return found

    def audit(self) -> None:
        """Look at everything. Raises AssertionError where belief and ledger differ."""
        for order in self.orders.values():
            self.look(order)
        ledger = self.ledger()
        known = {order.access_id: order for order in self.orders.values()}
        assert set(ledger) <= set(known)
        for access_id, order in known.items():
            assert self.believed(order) == ledger.get(access_id, Books()), order
        assert self.mock.faults() == []
        self._read_webhooks(ledger, known)

    # Believing what comes in.

    def _read_webhooks(self, ledger: dict[str, Books], known: dict[str, Tracked]) -> None:
        """Follow every new webhook; what it leads the merchant to believe is in the ledger."""
        for webhook in self.mock.sent[self._seen_webhooks :]:
            event = parse_webhook(
                webhook.body, dict(webhook.headers), csrf_token=lambda access_id: CSRF
            )
            assert not isinstance(event, UnknownEvent)
            followed = self.client.follow(event)
            order = known[event.access_id]
            self.agree(order, followed, ledger.get(event.access_id, Books()))
        self._seen_webhooks = len(self.mock.sent)

    def agree(self, order: Tracked, followed: Followed, books: Books) -> None:
        """Compare what `follow` says with the ledger."""
        if followed.error is None:  # a refused finalization keeps the state found before it
            assert followed.state == order.status, (order, followed.state)
        money = books.hold + books.merchant
        if followed.paid:
            assert money >= (order.amount or 0) > 0, (order, followed.result)
        elif followed.result is FollowResult.SHORT:
            assert 0 < money < (order.amount or 0), order
        elif followed.result is FollowResult.REFUND_FAILED:
            assert money == order.amount, order
        else:
            assert followed.result is not FollowResult.UNCLEAR, order
            assert money == 0, (order, followed.result)
