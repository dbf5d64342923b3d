"""How an unknown outcome ends: never sent twice, asked by Search or GetResult, never guessed."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx2
import pytest
from kessai import (
    ConfigurationError,
    Done,
    NotDone,
    NotPaid,
    NotSentError,
    Open,
    Outcome,
    OutcomeUnknown,
    Paid,
)
from kessai.outcome import Doubled
from kessai_mdk import models as m
from kessai_mdk import operations

from tests.support.script import NOW
from tests.unit.mdk.scripted import (
    ORDER,
    ORDERS,
    Found,
    Nothing,
    Script,
    answer,
    cancel,
    capture,
    card,
    mpi,
    said,
    sample,
    transaction,
)

pytestmark = pytest.mark.filterwarnings("ignore::kessai.errors.RequestWarning")

LOST = httpx2.ReadError("connection reset")
HTML = httpx2.Response(200, text="<html>maintenance</html>")
DOUBTFUL = [
    LOST,
    httpx2.ReadTimeout("slow"),
    HTML,
    httpx2.Response(500),
    httpx2.Response(502, text="<html>"),
    httpx2.Response(503),
    httpx2.Response(404),
    httpx2.Response(401, json={"result": {"mstatus": "failure"}}),
    httpx2.Response(429, headers={"retry-after": "1"}),
    httpx2.Response(302, headers={"location": "https://elsewhere.example"}),
]


class World:
    """A gateway, and a client whose first call ended unknown."""

    def __init__(self, flavour: str, request: Any, *first: Any, **options: Any) -> None:
        self.script = Script(*(first or (LOST,)))
        self.flavour, self.options, self.request = flavour, options, request
        by_class = {
            kind: operation
            for operation in operations.OPERATIONS.values()
            for kind in operation.requests
        }
        self.operation = by_class[type(request)]
        with pytest.raises(OutcomeUnknown) as raised:
            self._run("raw", self.operation, request)
        self.unknown = raised.value
        self.before = len(self.script.requests)

    def resolve(self, *answers: Any, after: float = 60.0, **options: Any) -> Any:
        """Settle it; the script goes on with these answers."""
        self.script.then(*answers)
        self.script.now += after
        self.before = len(self.script.requests)
        return self._run("resolve", self.unknown, **options)

    def found(self, *transactions: Any, **more: Any) -> Found:
        """What Search will answer."""
        found = Found(self.script, *transactions)
        found.more.update(more)
        return found

    def nothing(self, **more: Any) -> Nothing:
        """Search will find no order."""
        nothing = Nothing(self.script)
        nothing.more.update(more)
        return nothing

    @property
    def asked(self) -> list[str]:
        """What resolving sent."""
        return self.script.paths[self.before :]

    def _run(self, method: str, *args: Any, **options: Any) -> Any:
        if self.flavour == "sync":
            with self.script.client(**self.options) as mdk:
                return getattr(mdk, method)(*args, **options)

        async def call() -> Any:
            async with self.script.async_client(**self.options) as mdk:
                return await getattr(mdk, method)(*args, **options)

        return asyncio.run(call())


@pytest.fixture(params=["sync", "async"])
def flavour(request: pytest.FixtureRequest) -> str:
    return str(request.param)


# Never twice


@pytest.mark.parametrize("name", ORDERS)
def test_no_order_is_ever_sent_twice(name: str) -> None:
    script = Script(LOST)
    with script.client(max_attempts=9) as mdk, pytest.raises(OutcomeUnknown):
        mdk.raw(operations.OPERATIONS[name], sample(name))
    assert len(script.requests) == 1
    assert script.requests[0].headers["connection"] == "close"  # no connection that may be stale


@pytest.mark.parametrize("given", DOUBTFUL, ids=str)
def test_what_is_no_answer_of_the_gateway_proves_nothing(flavour: str, given: Any) -> None:
    world = World(flavour, card(), given)
    assert len(world.script.requests) == 1
    assert world.unknown.reference == {
        "orderId": ORDER,
        "amount": "3300",
        "askBy": "search",
        "paidBy": "token",
    }


def test_what_never_left_is_tried_again(flavour: str) -> None:
    script = Script(httpx2.ConnectError("refused"), httpx2.ConnectTimeout("slow"), said())
    with script.client() as mdk:
        mdk.card.authorize(card())
    assert len(script.requests) == 3
    script = Script(httpx2.ConnectError("refused"))
    with script.client() as mdk, pytest.raises(NotSentError):
        mdk.card.authorize(card())
    # Once one was maybe sent, it stays so.
    world = World(flavour, card(), httpx2.ConnectError("refused"), LOST)
    assert len(world.script.requests) == 2


def test_not_even_on_order(flavour: str) -> None:
    world = World(flavour, card())
    outcome = world.resolve(world.nothing(), complete=True, request=card())
    assert isinstance(outcome, Open)
    assert world.asked == ["Search/search"]


# The question


def test_search_is_asked_for_the_exact_order(flavour: str) -> None:
    world = World(flavour, card())
    outcome = world.resolve(world.found(transaction()))
    assert type(outcome) is Paid
    assert outcome.state == "success"
    (sent,) = world.script.sent[1:]
    sent.params.pop("txnVersion")
    assert sent.params == {
        "newerFlag": "false",
        "containDummyFlag": "true",
        "searchParameters": {"common": {"orderId": ORDER}},
        "dummyRequest": "1",
        "merchantCcid": "A100000000000000000001cc",
    }
    live = World(flavour, card(), environment="live")
    assert type(live.resolve(live.found(transaction()))) is Paid
    assert live.script.sent[-1].params["containDummyFlag"] == "false"


def test_a_waiting_resolve_keeps_the_schedule(flavour: str) -> None:
    world = World(flavour, card())
    before = world.script.now
    outcome = world.resolve(world.nothing(), after=0.0, wait=900.0)
    assert isinstance(outcome, Open)
    assert world.script.slept == [1.0, 5.0, 30.0, 120.0, 300.0, 300.0, 144.0]
    assert world.asked == ["Search/search"] * 8
    assert world.script.now == before + 900.0


def test_a_waiting_resolve_ends_with_the_answer(flavour: str) -> None:
    world = World(flavour, card())
    pending = world.found(transaction(mstatus="pending"))
    outcome = world.resolve(world.nothing(), LOST, pending, world.found(transaction()), wait=3600.0)
    assert type(outcome) is Paid
    assert world.asked == ["Search/search"] * 4  # the lost one is asked once more at once
    assert [seconds for seconds in world.script.slept if seconds in (1.0, 5.0)] == [1.0, 5.0]


def test_not_found_is_not_paid_only_after_the_horizon(flavour: str) -> None:
    world = World(flavour, card())
    early = world.resolve(world.nothing(), after=1799.0)
    assert isinstance(early, Open)
    assert "not found" in early.reason
    assert early.until is not None
    assert early.until.timestamp() == NOW + 1800.0
    late = world.resolve(world.nothing(), after=2.0)
    assert type(late) is NotPaid
    waited = World(flavour, card())
    assert type(waited.resolve(waited.nothing(), after=0.0, wait=7200.0)) is NotPaid
    assert 1800.0 <= waited.script.now < 2400.0


def test_both_clocks_must_have_passed_the_horizon(flavour: str) -> None:
    """A clock of ours that runs ahead must not make a payment unmade."""
    world = World(flavour, card())
    behind = answer(200, {"result": world.nothing().result()}, NOW + 100.0)
    assert isinstance(world.resolve(behind, after=5000.0), Open)
    undated = httpx2.Response(200, json={"result": world.nothing().result()})
    assert isinstance(world.resolve(undated), Open)


def test_the_horizon_is_a_setting(flavour: str) -> None:
    world = World(flavour, card(), not_found_after=900.0)
    assert isinstance(world.resolve(world.nothing(), after=899.0), Open)
    assert type(world.resolve(world.nothing(), after=2.0)) is NotPaid
    slow = World(flavour, card(), not_found_after=86400.0)
    assert isinstance(slow.resolve(slow.nothing(), after=86399.0), Open)


@pytest.mark.parametrize(
    "request_",
    [
        card(token=False),
        card(card_number="4111111111111111"),
        card(jcn_token="1234567890123456"),
        m.CardAuthorizeRequest(
            order_id=ORDER,
            amount=3300,
            pay_now_id_param=m.PayNowIdParam(
                account_param=m.AccountParam(account_id="MEMBER-1"),
            ),
        ),
        m.CardReAuthorizeRequest(order_id=ORDER, original_order_id="ORDER-0", amount=3300),
        sample("cvsAuthorize"),
        sample("carrierReAuthorize"),
    ],
    ids=lambda request: type(request).__name__,
)
def test_without_a_token_not_found_stays_open(flavour: str, request_: Any) -> None:
    """A card number does not run out: whenever it arrives, it may still be charged."""
    world = World(flavour, request_)
    outcome = world.resolve(world.nothing(), after=1_000_000.0)
    assert isinstance(outcome, Open)
    assert outcome.until is None


@pytest.mark.parametrize("given", [LOST, HTML, httpx2.Response(503), said("failure", "NE01")])
def test_a_question_without_an_answer_settles_nothing(flavour: str, given: Any) -> None:
    world = World(flavour, card())
    outcome = world.resolve(given, after=10_000.0)
    assert isinstance(outcome, Open)
    assert set(world.asked) == {"Search/search"}


def test_questions_are_reads_and_may_be_repeated(flavour: str) -> None:
    world = World(flavour, card())
    assert type(world.resolve(LOST, LOST, world.found(transaction()))) is Paid
    assert world.asked == ["Search/search"] * 3


# What is found


@pytest.mark.parametrize(
    ("transactions", "kind"),
    [
        ([transaction()], Paid),
        ([transaction(seconds=-3600.0)], Paid),  # its number is used once, whatever the clocks
        ([transaction(seconds=None)], Paid),
        ([transaction("AUTHORIZE")], Paid),
        ([transaction("Capture", seconds=2.0), transaction()], Paid),
        ([transaction("Cancel", seconds=2.0), transaction()], Paid),
        ([transaction(mstatus="failure", seconds=-600.0), transaction()], Paid),
        ([transaction(mstatus="failure")], NotPaid),
        ([transaction(mstatus="failure"), transaction(mstatus="failure", seconds=-9e5)], NotPaid),
        ([transaction(mstatus="pending")], Open),
        ([transaction(mstatus="pending"), transaction(mstatus="failure")], Open),
        ([transaction(mstatus="failure", seconds=-600.0)], Open),  # an earlier attempt's
        ([transaction(amount=1)], Open),
        ([transaction(amount=None)], Open),
        ([transaction(mstatus="strange")], Open),
        ([transaction("Capture")], Open),
        ([], Open),
        ([transaction(), transaction(txn_id="2")], Doubled),
    ],
)
def test_what_search_tells_of_a_payment(
    flavour: str, transactions: Any, kind: type[Outcome]
) -> None:
    world = World(flavour, card())
    outcome = world.resolve(world.found(*transactions), after=10_000.0)
    assert type(outcome) is kind, outcome
    if isinstance(outcome, Doubled):
        assert outcome.references == ({"txnId1": "1"}, {"txnId2": "2"})


@pytest.mark.parametrize(
    "more",
    [
        {"overMaxCountFlag": True},
        {"searchCount": 3},
        {"orderInfos": {"orderInfo": [{"orderId": "ORDER-11", "index": 0}]}},
        {"mstatus": "pending"},
    ],
)
def test_an_answer_to_another_question_is_no_absence(flavour: str, more: Any) -> None:
    world = World(flavour, card())
    assert isinstance(world.resolve(world.nothing(**more), after=10_000.0), Open)


def test_another_order_is_not_ours(flavour: str) -> None:
    world = World(flavour, card())
    other = Found(world.script, transaction(), order_id="ORDER-11")
    assert isinstance(world.resolve(other, after=10_000.0), Open)


@pytest.mark.parametrize(
    ("transactions", "kind"),
    [
        ([transaction("Capture")], Done),
        ([transaction("Capture"), transaction()], Done),
        ([transaction("Capture", seconds=-200.0)], Done),  # the clocks may differ by so much
        ([transaction("Capture", "failure")], NotDone),
        ([transaction("Capture", "failure", seconds=-600.0), transaction("Capture")], Done),
        ([transaction("Capture", "pending")], Open),
        (
            [transaction("Capture", "failure", seconds=50.0), transaction("Capture", "pending")],
            Open,
        ),
        ([transaction("Capture", "failure", seconds=50.0), transaction("Capture", "odd")], NotDone),
        ([transaction("Capture", "failure"), transaction("Capture", "odd", seconds=50.0)], Open),
        ([transaction("Capture", seconds=-600.0)], Open),  # an earlier one
        ([transaction("Capture", "failure", seconds=-600.0)], Open),
        ([transaction()], Open),
        ([transaction("Cancel")], Open),
    ],
)
def test_what_search_tells_of_a_command_on_an_order(
    flavour: str, transactions: Any, kind: type[Outcome]
) -> None:
    """The order was there before: only a transaction of this command since then counts."""
    world = World(flavour, capture())
    outcome = world.resolve(world.found(*transactions), after=1_000_000.0)
    assert type(outcome) is kind, outcome


@pytest.mark.parametrize(
    ("transactions", "kind"),
    [
        ([transaction("Cancel", amount=100)], Done),
        ([transaction("Cancel", amount=100), transaction("Cancel", amount=200)], Done),
        ([transaction("Cancel", amount=100, seconds=-4000.0)], Open),
        ([transaction("Cancel", amount=200)], Open),
        ([transaction("Cancel", amount=None)], Open),
        ([transaction("Cancel", "failure", amount=100)], NotDone),
        ([transaction("Cancel", amount=100), transaction("Cancel", amount=100)], Open),
        (
            [
                transaction("Cancel", amount=100),
                transaction("Cancel", amount=100, seconds=-4000.0),
            ],
            Done,
        ),
    ],
)
def test_partial_cancellations_are_told_apart_by_amount_and_time(
    flavour: str, transactions: Any, kind: type[Outcome]
) -> None:
    world = World(flavour, cancel(100))
    outcome = world.resolve(world.found(*transactions))
    assert type(outcome) is kind, outcome


def test_a_barcode_read_at_the_till_is_paid_at_once(flavour: str) -> None:
    """The rule of the spec says done, because the same command begins payments in browsers too."""
    request = m.AlipayAuthorizeRequest(
        order_id=ORDER,
        amount="3300",
        currency=m.AlipayCurrency.JPY,
        pay_type=m.AlipayPayType.SHOP_SCAN,
        identity_code="281234567890123456",
    )
    world = World(flavour, request)
    assert type(world.resolve(world.found(transaction()))) is Paid
    assert type(world.resolve(world.found(transaction(mstatus="failure")))) is NotPaid
    online = World(flavour, sample("upopAuthorize"))
    order_id = online.unknown.reference["orderId"]
    assert type(online.resolve(Found(online.script, transaction(), order_id=order_id))) is Done


def about(world: World, *transactions: Any) -> Found:
    """What Search says of the order of a sample."""
    return Found(world.script, *transactions, order_id=world.unknown.reference["orderId"])


@pytest.mark.parametrize("name", ["upopAuthorize", "carrierAuthorize", "paypayAuthorize"])
def test_an_application_and_its_end_are_not_two_payments(flavour: str, name: str) -> None:
    """Both may be listed under one command; the application was taken, whatever came of it."""
    world = World(flavour, sample(name))
    both = [transaction(txn_id="2", seconds=90.0), transaction()]
    assert type(world.resolve(about(world, *both))) is Done
    failed = [transaction(mstatus="failure", txn_id="2", seconds=90.0), transaction()]
    assert type(world.resolve(about(world, *failed))) is Done


def test_amounts_that_search_has_in_another_currency_are_not_compared(flavour: str) -> None:
    request = sample("alipayAuthorize")
    request.currency, request.amount = m.AlipayCurrency.CNY, "15000"
    world = World(flavour, request)
    assert type(world.resolve(about(world, transaction(amount=3200)))) is Done


def paypal(action: str) -> Any:
    """A step of PayPal's."""
    step = m.PaypalAuthorizeAction(action)
    members: dict[str, Any] = {"order_id": ORDER, "action": step}
    if action == "set":
        urls = {"return_url": "https://shop.example/r", "cancel_url": "https://shop.example/c"}
        members.update(amount=3300, **urls)
    elif action == "do":
        members.update(payer_id="PAYER", token="EC-1")
    return m.PaypalAuthorizeRequest(**members)


def stepped(action: str, **members: Any) -> dict[str, Any]:
    """A transaction of one of PayPal's steps."""
    return {**transaction(**members), "properTransactionInfo": {"ppTxnType": action}}


@pytest.mark.parametrize(
    ("action", "transactions", "kind"),
    [
        ("set", [transaction()], Done),
        ("set", [stepped("do", seconds=60.0), stepped("set")], Done),
        ("do", [stepped("do"), stepped("set")], Done),
        ("do", [stepped("do", mstatus="failure"), stepped("set")], NotDone),
        ("do", [stepped("do", mstatus="pending"), stepped("set")], Open),
        ("do", [stepped("set")], Open),  # begun a minute ago, and that is no payment
        ("do", [transaction()], Open),
        ("do", [stepped("do", seconds=-4000.0)], Open),
    ],
)
def test_a_step_of_paypal_is_not_taken_for_another(
    flavour: str, action: str, transactions: Any, kind: type[Outcome]
) -> None:
    world = World(flavour, paypal(action))
    outcome = world.resolve(world.found(*transactions), after=10_000.0)
    assert type(outcome) is kind, outcome


# Pending, and the transaction's number


def test_pending_is_an_answer_and_not_the_end() -> None:
    script = Script(said("pending", "V001000000000000", custTxn="77"))
    with script.client() as mdk:
        came = mdk.alipay.authorize(sample("alipayAuthorize"))
    assert came.result.mstatus == m.Mstatus.PENDING


def test_an_mstatus_nobody_knows_is_asked_about(flavour: str) -> None:
    world = World(flavour, card(), said("perhaps"))
    assert type(world.resolve(world.found(transaction()))) is Paid


# 3-D Secure


def result(
    card_status: str | None, mpi_status: str | None = "success", amount: str | None = "3300"
) -> Any:
    """What GetResult answers."""
    found = {"mpiMstatus": mpi_status, "cardMstatus": card_status, "reqAmount": amount}
    members = {name: value for name, value in found.items() if value is not None}
    return said("success", "G021000000000000", **members)


@pytest.mark.parametrize(
    ("given", "kind"),
    [
        (result("success"), Paid),
        (result("success", amount=None), Paid),
        (result("success", amount="1"), Open),
        (result("failure"), NotPaid),
        (result(None, "failure"), NotPaid),
        (result("", "failure"), NotPaid),
        (result("pending"), Open),
        (result("", "success"), Open),
        (result("", ""), Open),
        (result(None, None), Open),
        (said("success", "G021000000000000", orderId="OTHER", cardMstatus="success"), Open),
    ],
)
def test_3d_secure_is_asked_with_get_result(flavour: str, given: Any, kind: type[Outcome]) -> None:
    world = World(flavour, mpi())
    assert type(world.resolve(given, after=10_000.0)) is kind
    assert world.asked == ["GetResult/mpi"]
    assert world.script.sent[-1].params["orderId"] == ORDER


def test_authentication_alone_pays_nothing(flavour: str) -> None:
    none = mpi(service_option_type=m.MpiServiceOptionType.MPI_NONE)
    world = World(flavour, none)
    assert type(world.resolve(result("", "success"))) is Done
    assert type(world.resolve(result("", "failure"))) is NotPaid


def test_where_get_result_refuses_search_says_whether_there_is_an_order(flavour: str) -> None:
    refused = said("failure", "GE99000000000000")
    world = World(flavour, mpi())
    early = world.resolve(refused, world.nothing(), after=600.0)
    assert isinstance(early, Open)
    assert world.asked == ["GetResult/mpi", "Search/search"]
    assert type(world.resolve(refused, world.nothing(), after=1300.0)) is NotPaid
    there = World(flavour, mpi())
    assert isinstance(there.resolve(refused, there.found(transaction()), after=9999.0), Open)
    card_number = mpi(pay_now_id_param=None, card_number="4111111111111111")
    raw = World(flavour, card_number)
    assert isinstance(raw.resolve(refused, raw.nothing(), after=1_000_000.0), Open)


# Who may ask


def test_an_order_number_with_an_asterisk_is_never_asked_for(flavour: str) -> None:
    """It cannot be ordered with; one that came from elsewhere would find other orders."""
    world = World(flavour, card(order_id="A*"), lift=["/orderId"])
    outcome = world.resolve(world.nothing(), after=10_000.0)
    assert isinstance(outcome, Open)
    assert world.asked == []


def test_another_merchants_outcome_is_refused(flavour: str) -> None:
    world = World(flavour, card())
    world.options = {"merchant_ccid": "OTHER"}
    with pytest.raises(ConfigurationError, match="OTHER"):
        world.resolve(world.nothing())
    world.options = {"environment": "live"}
    with pytest.raises(ConfigurationError):
        world.resolve(world.nothing())
