"""The world of the MDK's life cycles: a merchant with the real client, the mock, its ledger.

The merchant keeps books from answers, from what PUSHes and browsers told (joined in whatever order
they were taken in), and from how unknown outcomes were resolved. After every action the books are
compared with the gateway's ledger, and what left with what was called: no order leaves twice.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, urlencode, urlsplit

from kessai import Done, Environment, NotDone, NotPaid, Open, OutcomeUnknown, Paid, System
from kessai.stores.memory import MemoryJournal
from kessai_mdk import (
    MdkClient,
    MdkError,
    Notice,
    OrderState,
    Result,
    ResultService,
    join,
    parse_push,
    parse_result,
)
from kessai_mock.mdk import MERCHANT_CCID, MERCHANT_SECRET_KEY

from tests.support.contract_asgi import ORIGIN, Answer
from tests.support.contract_mdk_client import method, request_of
from tests.support.contract_mdk_mock import Mock
from tests.support.contract_mdk_wire import UNDONE, Fault, Wire
from tests.unit.mock.mdk.driver import Driver

LONG = 7200.0  # seconds a resolve may wait; a token is worth nothing after 900
DAY = 86_400


class Books(NamedTuple):
    """Yen of one order on the gateway's side."""

    hold: int = 0
    merchant: int = 0

    def taken(self, amount: int | None) -> Books:
        """A capture of all, or of a part; the rest of a hold goes back."""
        return Books(0, self.merchant + (self.hold if amount is None else amount))

    def given_back(self, amount: int | None) -> Books:
        """A cancellation or refund of all, or of a part."""
        if self.hold:
            return Books(0 if amount is None else self.hold - amount, self.merchant)
        return Books(0, 0 if amount is None else self.merchant - amount)


class Order:
    """One order as the merchant's books have it."""

    def __init__(self, service: str, order_id: str, amount: int, *, take: bool) -> None:
        self.service = service
        self.order_id = order_id
        self.amount = amount
        self.take = take  # whether the money is taken with the authorization
        self.agreement = False
        self.monthly = False
        self.reached: Books | None = None  # what it will be once a success is told
        self.option = ""  # serviceOptionType
        self.books = Books()
        self.page: str | None = None
        self.state = OrderState(order_id)
        self.waiting: list[Notice | Result[Any]] = []  # told, and not yet taken in
        self.told: list[Notice | Result[Any]] = []
        self.unknown: OutcomeUnknown | None = None  # that nothing has settled
        self.back: dict[str, str] = {}  # what the browser brought last

    def __repr__(self) -> str:
        return f"{self.service} {self.order_id}: {self.books} {self.state.status}"


Change = Callable[[Books], Books]


class World:
    """Orders of one merchant, and everything that is checked about them."""

    def __init__(self, mock: Mock) -> None:
        mock.reset()
        self.mock = mock
        self.wire = Wire(mock)
        self.began = mock.gateway.clock.now
        self.client = MdkClient(
            MERCHANT_CCID,
            MERCHANT_SECRET_KEY,
            environment=Environment(api=ORIGIN, token=ORIGIN),
            transport=self.wire,
            journal=MemoryJournal(clock=self.now),
            system=System(monotonic=self.seconds, wall=self.now, sleep=self.sleep),
        )
        self.orders: list[Order] = []
        self.seen: Counter[str] = Counter()  # what came about, for the tests to look at
        self._heard = 0
        self._names = 0

    def close(self) -> None:
        """Take in what is left, compare everything, and close the client."""
        for order in self.orders:
            self.listen(order, lambda several: list(reversed(several)))
        self.audit()
        for order in self.orders:
            assert order.state == join(OrderState(order.order_id), *order.told), order
            self.agree(order)
        self.client.close()

    def now(self) -> float:
        """Seconds since 1970, by the mock's clock."""
        return self.mock.gateway.clock.now.timestamp()

    def seconds(self) -> float:
        """Seconds since it began."""
        return (self.mock.gateway.clock.now - self.began) / timedelta(seconds=1)

    def sleep(self, seconds: float) -> None:
        """Let time go by; by a millisecond at least, since this clock knows no nanoseconds."""
        self.mock.advance(max(seconds, 0.001))

    def name(self) -> str:
        """An order's number that nobody has used."""
        self._names += 1
        return f"ORDER-{self._names}"

    def status(self, order: Order) -> str:
        """What the gateway thinks of an order; nothing if it knows none."""
        found = self.mock.gateway.orders.get(order.order_id)
        return "" if found is None else found.status

    # Calling.

    def command(
        self,
        order: Order,
        name: str,
        body: Mapping[str, Any],
        change: Change,
        *,
        fault: Fault = "none",
        deaf: int = 0,
        runs_out: bool = False,
    ) -> Any:
        """Call a command once; the answer, or None where it failed or nobody knows.

        `change` is what a success does to the books; `runs_out`: paid by a token, so that a lost
        request is known not to have been carried out.
        """
        self.wire.fault, self.wire.deaf = fault, deaf
        self._names += 1
        begins = name.endswith("uthorize") and body.get("action") in (None, "set")
        options = {} if begins or name.endswith("UpdateAuthorize") else {"intent": self._names}
        intent = {key: f"{order.order_id} {value}" for key, value in options.items()}
        left, before = len(self.wire.orders), self._transactions(order)
        answer: Any = None
        try:
            answer = method(self.client, name)(request_of(name, dict(body)), **intent)
        except MdkError as error:
            assert self.wire.mstatus == "failure"
            self.seen[f"refused {error.title[:4] if error.title else ''}"] += 1
        except OutcomeUnknown as unknown:
            noted = self._transactions(order) > before
            self._settle(order, unknown, change, fault, noted=noted, runs_out=runs_out)
        else:
            assert fault == "none" or not begins
            if answer.result.mstatus == "success":
                order.books = change(order.books)
        assert len(self.wire.orders) == left + 1, "an order leaves once"
        self.hear()
        return answer

    def _transactions(self, order: Order) -> int:
        """How many there are in the order's history, which is what Search can show."""
        known = self.mock.gateway.orders.get(order.order_id)
        return 0 if known is None else len(known.transactions)

    def _settle(
        self,
        order: Order,
        unknown: OutcomeUnknown,
        change: Change,
        fault: Fault,
        *,
        noted: bool,
        runs_out: bool,
    ) -> None:
        """Resolve it in virtual time; what is said has to be what happened.

        `noted`: it is in the order's history. What is refused for its form, or is of no order, is
        in none.
        """
        happened = self.wire.mstatus  # None: it never arrived
        assert (happened is None) == (fault in UNDONE)
        left = len(self.wire.orders)
        outcome = self.client.resolve(unknown, wait=LONG)
        assert len(self.wire.orders) == left, "a question orders nothing"
        self.seen[f"{type(outcome).__name__} after {fault}"] += 1
        if isinstance(outcome, Paid | Done):
            assert happened == "success", (order, outcome)
            order.books = change(order.books)
        elif isinstance(outcome, NotPaid | NotDone):
            secured = order.service == "mpi" and self.status(order) == "FAILED"  # nobody came
            assert happened in (None, "failure") or secured, (order, outcome)
            assert happened is not None or runs_out, (order, outcome)
        else:
            assert isinstance(outcome, Open), outcome
            assert happened in (None, "pending") or not noted, (order, outcome, happened)
            assert not runs_out or happened is not None, (order, outcome)
            order.unknown = unknown

    # Being told.

    def hear(self) -> None:
        """Every PUSH that has come waits to be taken in."""
        mine = {order.order_id: order for order in self.orders}
        for webhook in self.mock.sent[self._heard :]:
            push = parse_push(
                webhook.body,
                webhook.headers,
                merchant_ccid=MERCHANT_CCID,
                secret=MERCHANT_SECRET_KEY,
                allow_test=True,
            )
            for notice in push.notices:
                order = mine[str(notice.order_id)]
                assert notice.service == order.service
                order.waiting.append(notice)
        self._heard = len(self.mock.sent)

    def came_back(self, order: Order, answer: Answer, command: str = "Authorize") -> None:
        """A browser has come back, with a result that waits to be taken in."""
        self.hear()
        location = answer.header("location")
        if location is not None:
            order.back = dict(parse_qsl(urlsplit(location).query))
        elif b"action" in answer.content and answer.status == 200:
            _, order.back = Driver.form(answer.content.decode())
        if not {"vAuthInfo", "authInfo"} & order.back.keys():
            return
        service: ResultService = order.service  # type: ignore[assignment]  # pyright: ignore
        what: Any = command
        order.waiting.append(
            parse_result(
                urlencode(order.back),
                service=service,
                command=what,
                merchant_ccid=MERCHANT_CCID,
                secret=MERCHANT_SECRET_KEY,
                order_id=order.order_id,
                now=self.mock.gateway.clock.now,
            )
        )

    def listen(self, order: Order, shuffle: Callable[[list[Any]], list[Any]]) -> None:
        """Take in what waits, in some order, at times twice."""
        several, order.waiting = shuffle(order.waiting), []
        for telling in several:
            before = order.state.status
            order.state = join(order.state, telling)
            assert join(order.state, telling) == order.state
            order.told.append(telling)
            self.seen[f"{order.service} {before} {order.state.status}"] += 1
        self._believe(order)

    def _believe(self, order: Order) -> None:
        """Bring the books up to what was told; later steps are the merchant's own commands."""
        status = order.state.status
        if order.reached is not None and status in {"authorized", "paid"}:
            order.books, order.reached = order.reached, None
        if order.monthly:
            paid = sum(way == "success" for way in order.state.charges.values())
            order.books = Books(0, order.amount * paid)
        if order.service == "paypal" and status == "failed":
            order.books = Books()  # a confirmed report has taken it back

    # Comparing.

    def ledger(self) -> dict[str, Books]:
        """What the gateway's ledger says, by orderId; the months of an agreement together."""
        totals: Counter[tuple[str, str]] = Counter()
        for posting in self.mock.postings():
            order_id = posting.order_id.partition(" ")[0]
            totals[order_id, posting.source] -= posting.amount
            totals[order_id, posting.target] += posting.amount
        numbers = {number for number, _ in totals}
        return {n: Books(totals[n, "hold"], totals[n, "merchant"]) for n in numbers}

    def audit(self) -> None:
        """Compare books and ledger; an order of which something waits to be taken in is let be."""
        self.hear()
        ledger = self.ledger()
        mine = {order.order_id for order in self.orders}
        assert set(ledger) <= mine
        for order in self.orders:
            if not order.waiting:
                assert order.books == ledger.get(order.order_id, Books()), order
        assert self.mock.faults() == []
        sent = Counter(self.wire.orders)
        begun = [content for content in sent if b"/Authorize/" in content or b"/ReAuth" in content]
        assert all(sent[content] == 1 for content in begun)

    def agree(self, order: Order) -> None:
        """What was told of an order, joined, against what the gateway has of it at the end."""
        if not order.told:
            return
        status = self.status(order)
        wanted = TOLD.get(order.service, {}).get(status)
        if wanted is not None:
            assert order.state.status in wanted.split(), (order, status)


_REACHED = "authorized paid canceled refunded"
TOLD: dict[str, dict[str, str]] = {
    "mpi": {"AUTHORIZED": "authorized", "CAPTURED": "authorized", "CANCELLED": "authorized",
            "FAILED": "failed", "AUTHENTICATED": "authenticated"},
    "cvs": {"PAID": "paid"},
    "bank": {"PAID": "paid"},
    "upop": {"AUTHORIZED": "authorized", "CAPTURED": "authorized paid refunded",
             "CANCELLED": "canceled", "REFUNDED": "refunded", "FAILED": "failed"},
    "paypal": {"CAPTURED": "paid refunded", "REFUNDED": "refunded", "REVERSED": "failed"},
    "alipay": {"CAPTURED": "paid refunded", "REFUNDED": "refunded", "FAILED": "failed"},
    "carrier": {"AUTHORIZED": "authorized", "CAPTURED": "authorized", "ACTIVE": "authorized",
                "DELETED": "ended", "TERMINATED": "authorized ended", "FAILED": "failed"},
    "paypay": {"AUTHORIZED": "authorized", "CAPTURED": _REACHED, "CANCELLED": "canceled",
               "ACTIVE": "authorized", "REFUNDED": "refunded", "FAILED": "failed"},
    "rakuten": {"AUTHORIZED": "authorized", "CAPTURED": _REACHED, "CANCELLED": "canceled",
                "ACTIVE": "authorized", "FAILED": "failed"},
    "merpay": {"AUTHORIZED": "authorized", "CAPTURED": _REACHED, "CANCELLED": "canceled",
               "ACTIVE": "authorized", "REFUNDED": "refunded", "FAILED": "failed"},
}  # fmt: skip
"""Service -> the gateway's state -> what is to be believed of an order by what was told of it.

A card's capture is not told, so 3-D Secure stays authorized; a termination at once, or in the
management screen, is not told either.
"""
