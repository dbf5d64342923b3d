"""The pure simulation: the manual's test classes, what follows them, and the books."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime
from typing import Any

import pytest
from kessai_mock.ledger import Account
from kessai_mock.paytree.simulation import Simulation, StateError
from kessai_mock.paytree.state import Status

from tests.unit.mock.paytree.till import MERCHANT, TERMINAL, Till

PURE = ("kessai", "starlette", "pydantic", "uvicorn", "cryptography", "click", "asyncio", "socket")


def till(**settings: Any) -> Till:
    return Till(Simulation(**settings))


def taken(of: Till) -> int:
    """Yen the merchant has."""
    of.simulation.ledger.audit()
    return of.simulation.ledger.balance(Account.MERCHANT)


def test_it_needs_nothing_but_pythons_own_library() -> None:
    """Test mode runs it inside a till."""
    code = (
        "import sys, kessai_mock.paytree.simulation;"
        f"print(*[name for name in sys.modules if name.partition('.')[0] in {PURE}])"
    )
    run = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, timeout=60)
    assert run.stdout.split() == []


@pytest.mark.parametrize(
    ("chosen", "code", "status", "yen"),
    [
        (0, "SUCCESS", Status.SUCCEEDED, 1000),
        (1, "SUCCESS", Status.WAITING, 0),
        (3, "USER_CODE_ERROR", Status.FAILED, 0),
        (4, "INSUFFICIENT_BALANCE", Status.FAILED, 0),
        (5, "SERVICE_STOPPED", Status.FAILED, 0),
        (6, "SUCCESS", Status.WAITING, 0),
        (7, "SUCCESS", Status.WAITING, 0),
    ],
)
def test_classes_of_payments(chosen: int, code: str, status: Status, yen: int) -> None:
    """Section 5; 2 is below."""
    desk = till(pay=chosen)
    answer = desk.pay()
    assert (answer["code"], answer["transStatus"], taken(desk)) == (code, status, yen)
    assert (answer["amount"], answer["payType"], len(answer["orderId"])) == (1000, "PayPay", 32)
    assert answer["transTime"] == "20260105100000"
    assert ("message" in answer) is (code != "SUCCESS")


@pytest.mark.parametrize(
    ("chosen", "code", "status", "yen"),
    [
        (1, "SUCCESS", Status.SUCCEEDED, 1000),
        (6, "CUSTOMER_STOPPED", Status.FAILED, 0),
        (7, "APPROVAL_TIMEOUT", Status.FAILED, 0),
    ],
)
@pytest.mark.parametrize("confirms", [1, 3])
def test_a_customer_decides_before_a_confirmation(
    confirms: int, chosen: int, code: str, status: Status, yen: int
) -> None:
    """The first, unless another is chosen; those before it still see them think."""
    desk = till(pay=chosen, confirms=confirms)
    order = desk.pay()["orderId"]
    for _ in range(confirms - 1):
        assert desk.ask("confirm", orderId=order)["transStatus"] == Status.WAITING
        assert taken(desk) == 0
    for _ in range(2):  # and it stays so
        found = desk.ask("confirm", orderId=order)
        assert (found["code"], found["transStatus"], taken(desk)) == (code, status, yen)
        assert found["requestType"] == "Pay"


def test_a_customer_played_by_hand() -> None:
    """No number of confirmations ends what nobody decides."""
    desk = till(pay=1, confirms=None)
    one, two = desk.pay()["orderId"], desk.pay()["orderId"]
    for _ in range(20):
        assert desk.ask("confirm", orderId=one)["transStatus"] == Status.WAITING
    desk.simulation.approve(one)
    desk.simulation.decline(two)
    assert desk.ask("confirm", orderId=one)["code"] == "SUCCESS"
    assert desk.ask("confirm", orderId=two)["code"] == "CUSTOMER_STOPPED"
    assert taken(desk) == 1000
    for order in (one, two, "none"):
        with pytest.raises(StateError, match="waits for"):
            desk.simulation.approve(order)
    with pytest.raises(StateError, match="code must be one of"):
        desk.simulation.decline(two, "SUCCESS")


def test_a_customer_has_not_for_ever() -> None:
    """Virtual time passes with each exchange, by the delay."""
    desk = till(pay=1, confirms=None, delay=10.0, approval_seconds=30.0)
    order = desk.pay()["orderId"]
    seen = [desk.ask("confirm", orderId=order) for _ in range(3)]
    assert [found["transStatus"] for found in seen] == [Status.WAITING] * 2 + [Status.FAILED]
    assert seen[-1]["code"] == "APPROVAL_TIMEOUT"
    assert seen[-1]["transTime"] == "20260105100040", "ten seconds an exchange"
    with pytest.raises(StateError):
        desk.simulation.approve(order)


def test_a_clock_of_the_callers_is_only_read() -> None:
    """Whoever calls waits."""

    class Watch:
        now = datetime(2026, 11, 22, 15, 30, 5, tzinfo=UTC)

    desk = till(clock=Watch(), delay=5.0)
    assert {desk.pay()["transTime"] for _ in range(3)} == {"20261123003005"}, "in Japan"
    Watch.now = datetime(2026, 11, 22, 15, 30, 9, tzinfo=UTC)
    assert desk.pay()["transTime"] == "20261123003009"


def test_a_network_error_takes_the_money_and_the_answers() -> None:
    """Only a reversal tells, or the fourth question."""
    desk = till(pay=2)
    paid = {"payType": "PayPay", "amount": 1000, "userCode": "1"}
    assert desk.send("pay", requestId="LOST1", **paid) is None
    assert taken(desk) == 1000, "the worst case: it was carried out"
    assert desk.send("confirm", originalRequestId="LOST1") is None
    reversed_ = desk.ask("reverse", originalRequestId="LOST1")
    assert (reversed_["code"], reversed_["amount"]) == ("SUCCESS", 1000)
    assert taken(desk) == 0
    assert desk.ask("confirm", originalRequestId="LOST1")["transStatus"] == Status.REVERSED
    assert desk.send("pay", requestId="LOST2", **paid) is None
    assert [desk.send("confirm", originalRequestId="LOST2") for _ in range(3)] == [None] * 3
    assert desk.ask("confirm", originalRequestId="LOST2")["transStatus"] == Status.SUCCEEDED


def test_a_refund_whose_answer_is_lost_was_made() -> None:
    """Asked by its own number; the order tells of the payment."""
    desk = till()
    order = desk.pay()["orderId"]
    desk.simulation.refund = 1
    assert desk.send("refund", requestId="BACK", orderId=order, refundAmount=300) is None
    assert taken(desk) == 700
    assert desk.send("confirm", originalRequestId="BACK") is None
    assert desk.ask("confirm", orderId=order)["transStatus"] == Status.PARTLY_REFUNDED
    for _ in range(2):
        assert desk.send("confirm", originalRequestId="BACK") is None
    found = desk.ask("confirm", originalRequestId="BACK")
    assert (found["requestType"], found["refundAmount"]) == ("Refund", 300)
    assert found["transStatus"] == Status.PARTLY_REFUNDED


def test_refunds_end_with_the_payment() -> None:
    """In parts, and not a yen more."""
    desk = till(delay=60.0)
    order = desk.pay()["orderId"]
    first = desk.ask("refund", orderId=order, refundAmount=400)
    assert (first["transStatus"], first["refundAmount"]) == (Status.PARTLY_REFUNDED, 400)
    more = desk.ask("refund", orderId=order, refundAmount=601)
    assert (more["code"], more["transStatus"]) == ("AMOUNT_EXCEEDED", Status.FAILED)
    assert desk.ask("refund", orderId=order, refundAmount=0)["code"] == "REQUEST_INVALID"
    rest = desk.ask("refund", orderId=order, refundAmount=600)
    assert (rest["transStatus"], taken(desk)) == (Status.REFUNDED, 0)
    assert desk.ask("refund", orderId=order, refundAmount=1)["code"] == "ORDER_STATE"
    told = desk.ask("confirm", originalRequestId="R2")
    assert (told["refundAmount"], told["transTime"]) == (400, "20260105100200")
    assert desk.ask("confirm", orderId=order)["transTime"] == "20260105100100", "the payment's"
    assert desk.ask("confirm", originalRequestId="R3")["code"] == "AMOUNT_EXCEEDED"


@pytest.mark.parametrize("chosen", [1, 3])
def test_only_what_was_paid_is_refunded(chosen: int) -> None:
    """Not what waits or has failed."""
    desk = till(pay=chosen)
    order = desk.pay()["orderId"]
    assert desk.ask("refund", orderId=order, refundAmount=1)["code"] == "ORDER_STATE"


@pytest.mark.parametrize(("chosen", "amount"), [(0, 1000), (1, 0), (3, 0)])
def test_a_reversal_ends_anything_that_is_not_refunded(chosen: int, amount: int) -> None:
    """Paid, waiting or failed; success with nothing to move is a success."""
    desk = till(pay=chosen)
    order = desk.pay()["orderId"]
    first = desk.ask("reverse", orderId=order, requestId="STOP")
    assert (first["code"], first["transStatus"]) == ("SUCCESS", Status.REVERSED)
    assert (first["amount"], taken(desk)) == (amount, 0)
    assert desk.ask("reverse", orderId=order, requestId="STOP") == first, "answered again"
    second = desk.ask("reverse", orderId=order)
    assert (second["code"], second["amount"]) == ("SUCCESS", 0)
    assert desk.ask("confirm", originalRequestId="STOP")["requestType"] == "Reverse"
    with pytest.raises(StateError):
        desk.simulation.approve(order)


def test_what_was_refunded_is_not_reversed() -> None:
    """Section 4.3: goods that come back are refunds."""
    desk = till()
    order = desk.pay()["orderId"]
    desk.ask("refund", orderId=order, refundAmount=1)
    refused = desk.ask("reverse", orderId=order, requestId="STOP")
    assert (refused["code"], refused["transStatus"]) == ("ORDER_STATE", Status.FAILED)
    assert taken(desk) == 999
    assert desk.ask("confirm", originalRequestId="STOP")["code"] == "ORDER_NOT_FOUND"


def test_a_reversal_that_came_too_early_may_be_tried_again() -> None:
    """Under its own number: the payment may land after it."""
    desk = till()
    early = desk.ask("reverse", originalRequestId="LATE", requestId="STOP")
    assert early["code"] == "ORDER_NOT_FOUND"
    assert "transStatus" not in early
    desk.pay(requestId="LATE")
    assert taken(desk) == 1000
    again = desk.ask("reverse", originalRequestId="LATE", requestId="STOP")
    assert (again["code"], again["amount"], taken(desk)) == ("SUCCESS", 1000, 0)


def test_deposits_are_the_customers_and_can_be_reversed() -> None:
    """Not refunded."""
    desk = till()
    members = {"payType": "LinePay", "valueType": "Basic", "amount": 3000, "userCode": "354"}
    made = desk.ask("deposit", **members)
    assert (made["transStatus"], "payType" in made) == (Status.SUCCEEDED, False)
    order = made["orderId"]
    assert desk.simulation.ledger.balance(Account.HOLD, order) == 3000
    assert desk.ask("confirm", orderId=order)["requestType"] == "Deposit"
    assert desk.ask("refund", orderId=order, refundAmount=1)["code"] == "ORDER_STATE"
    assert desk.ask("reverse", orderId=order)["amount"] == 3000
    assert desk.simulation.ledger.balance(Account.HOLD, order) == 0


@pytest.mark.parametrize("operation", ["pay", "payV1", "refund", "deposit", "reverse"])
def test_a_number_is_used_once(operation: str) -> None:
    """Whatever it was used for; the earlier request stands."""
    desk = till()
    order = desk.pay(requestId="ONCE")["orderId"]
    again = desk.ask(operation, requestId="ONCE", orderId=order, amount=5, refundAmount=5)
    assert again["code"] == "REQUEST_ID_REUSED"
    assert "transStatus" not in again
    assert taken(desk) == 1000
    assert desk.ask("confirm", originalRequestId="ONCE")["transStatus"] == Status.SUCCEEDED


def test_each_till_counts_for_itself_and_each_merchant_sees_its_own() -> None:
    """Orders belong to the merchant, numbers to the till."""
    desk = till()
    other = Till(desk.simulation, terminal="1234500000422")
    stranger = Till(desk.simulation, terminal=TERMINAL, merchant="000000000002")
    order = desk.pay(requestId="A")["orderId"]
    other.pay(requestId="A")
    assert taken(desk) == 2000
    assert other.ask("refund", orderId=order, refundAmount=1)["code"] == "SUCCESS"
    for operation in ("confirm", "refund", "reverse"):
        assert stranger.ask(operation, orderId=order)["code"] == "ORDER_NOT_FOUND"
    assert desk.common["merchantId"] == MERCHANT


def test_both_names_have_to_mean_one_order() -> None:
    """Or nothing is found."""
    desk = till()
    first = desk.pay(requestId="A")["orderId"]
    desk.pay(requestId="B")
    assert desk.ask("confirm", orderId=first, originalRequestId="A")["code"] == "SUCCESS"
    for named in ("B", "C"):
        found = desk.ask("confirm", orderId=first, originalRequestId=named)
        assert found["code"] == "ORDER_NOT_FOUND"
        assert "transStatus" not in found


def test_the_wallet_that_was_found_is_told() -> None:
    """AutoDetect is no wallet."""
    desk = till()
    answer = desk.ask("payV1", payType="AutoDetect", amount=1, userCode="1")
    assert answer["payType"] == "PayPay"
    assert desk.ask("confirmV1", orderId=answer["orderId"])["payType"] == "PayPay"


@pytest.mark.parametrize("end", ["SUCCESS", "PROCESSOR_ERROR"])
def test_what_has_no_result_yet_gets_one(end: str) -> None:
    """A payment, and a refund of it."""
    simulation = Simulation()
    common = {"merchantId": "m", "payType": "PayPay", "amount": 10, "refundAmount": 4}

    def send(operation: str, wallet: str | None = None, **members: Any) -> dict[str, Any]:
        return simulation.handle(operation, {**common, **members}, wallet=wallet)

    made = send("pay", "SYSTEM_ERROR", requestId="P")
    assert (made["code"], made["transStatus"]) == ("SYSTEM_ERROR", Status.PROCESSING)
    order = made["orderId"]
    simulation.approve(order)
    assert send("confirm", requestId="C", orderId=order)["transStatus"] == Status.SUCCEEDED
    back = send("refund", "SYSTEM_ERROR", requestId="B", orderId=order)
    assert back["transStatus"] == Status.PROCESSING
    assert simulation.ledger.balance(Account.MERCHANT) == 10
    if end == "SUCCESS":
        simulation.approve(order)
    else:
        simulation.decline(order, end)
    found = send("confirm", requestId="D", originalRequestId="B")
    assert found["code"] == end
    assert simulation.ledger.balance(Account.MERCHANT) == (6 if end == "SUCCESS" else 10)
    undone = send("reverse", "SYSTEM_ERROR", requestId="U", orderId=order)
    assert undone["transStatus"] == (Status.FAILED if end == "SUCCESS" else Status.PROCESSING)


def test_mistakes_of_the_caller() -> None:
    """Named."""
    simulation = Simulation()
    with pytest.raises(ValueError, match="no operation payNow"):
        simulation.handle("payNow", {})
    with pytest.raises(ValueError, match="no code NOSUCH"):
        simulation.handle("pay", {}, wallet="NOSUCH")
    for name, most in {"pay": 7, "refund": 1, "reverse": 0, "deposit": 0}.items():
        with pytest.raises(ValueError, match=f"class of {name} is a number from 0 to {most}"):
            till(**{name: most + 1}).ask("confirm")


def test_request_content_is_not_checked() -> None:
    """Section 5."""
    answer = Simulation().handle("pay", {})
    assert (answer["code"], answer["amount"]) == ("SUCCESS", 0)
    assert "requestId" not in answer


def test_one_seed_gives_one_story() -> None:
    """Every order's number included."""

    def story(seed: int) -> list[dict[str, Any]]:
        desk = till(seed=seed, delay=1.0)
        return [desk.pay(), desk.pay(), desk.ask("reverse", originalRequestId="R1")]

    assert story(1) == story(1)
    assert story(1) != story(2)
