"""What a cashier does, and what each end has to be; beliefs are taken over from it.

Every act takes the modes that its requests meet. A till that is killed in the middle is started
again, and has to know what is open.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any, NamedTuple

import pytest
from kessai.errors import KessaiError
from kessai.outcome import Done, NotDone, NotPaid, Open, Paid
from kessai_mock.paytree.simulation import StateError
from kessai_mock.paytree.state import Status
from kessai_paytree import (
    AlreadyRunningError,
    ConfirmRequest,
    DepositRequest,
    DepositResult,
    Escalation,
    PayRequest,
    PayResult,
    PaytreeError,
    PayType,
    RefundRequest,
    RefundResult,
    ReverseRequest,
    ReverseResult,
)
from kessai_paytree.errors import (
    NeverSentError,
    NotWaitingError,
    OpenPaymentError,
    RefundOpenError,
    RefusedError,
    ReversalFailedError,
    ReversedError,
    UnsettledError,
)

from tests.support.contract_paytree_world import Killed, Sale, Till

__all__ = ["Plan", "call_centre", "confirm", "deposit", "pay", "recover", "refund", "resolve",
           "reverse", "second_till", "wallet_settles"]  # fmt: skip

Modes = Sequence[str]


class Plan(NamedTuple):
    """What happens while a payment waits: at which look of the till, and what.

    approve and decline are the customer's, confirm and stop the cashier's; kill ends the process.
    """

    steps: dict[int, str]


def _attempt(till: Till, modes: Modes, act: Callable[[], Any], plan: Plan | None = None) -> Any:
    """Run an act; its result, the error it ended with, or None for a till that was killed."""
    network = till.network
    network.meet(modes)
    if plan is not None:
        network.each_second = _waiting(till, plan)
    try:
        end = act()
    except PaytreeError as error:
        end = error
    except Killed:
        till.seen.add("killed")
        return None
    finally:
        network.each_second = lambda: None
        network.meet([])
    till.seen.add(type(end).__name__)
    assert not any(sale.code in f"{end!r}{end}" for sale in till.sales), "a customer's code"
    return end


def _waiting(till: Till, plan: Plan) -> Callable[[], None]:
    looks = 0

    def look() -> None:
        nonlocal looks
        looks += 1
        step = plan.steps.get(looks)
        if step == "kill":
            raise Killed
        if step in ("confirm", "stop"):
            with suppress(NotWaitingError):
                till.client.pay_confirm(step == "confirm")
        if step in ("approve", "decline"):
            simulation = till.network.simulation
            for order in simulation.orders.values():
                if order.status is Status.WAITING:
                    getattr(simulation, step)(order.order_id)

    return look


def pay(
    till: Till, sale: Sale, modes: Modes, test_class: int = 0, plan: Plan | None = None
) -> None:
    """Charge a code, or charge it again."""
    kind = PayType.AUTO_DETECT if sale.detect else PayType.PAYPAY
    request = PayRequest(pay_type=kind, amount=sale.amount, user_code=sale.code)
    _charge(till, sale, "pay", request, modes, test_class, plan)


def deposit(till: Till, sale: Sale, modes: Modes) -> None:
    """Top up a card, or try again."""
    request = DepositRequest(pay_type=PayType.LINE_PAY, amount=sale.amount, user_code=sale.code)
    _charge(till, sale, "deposit", request, modes, 0, None)


def _charge(
    till: Till,
    sale: Sale,
    name: str,
    request: PayRequest | DepositRequest,
    modes: Modes,
    test_class: int,
    plan: Plan | None,
) -> None:
    network = till.network
    since, blocked = len(network.sent), sale.state == "open"
    network.simulation.pay = test_class
    end = _attempt(till, modes, lambda: till.call(name, request), plan)
    network.simulation.pay = 0
    sent = till.sent(since, "pay", "payV1", "deposit")
    assert len({one.members["requestId"] for one in sent}) <= 1, "two payments for one sale"
    assert len([one for one in sent if one.mode != "not sent"]) <= 1, "sent twice"
    if blocked:
        assert isinstance(end, OpenPaymentError)
        assert end.request_id == sale.numbers[-1]
        assert end.escalation is Escalation.CPS_CALL
        assert len(network.sent) == since
        return
    sale.numbers += sorted({one.members["requestId"] for one in sent})
    if end is None:
        sale.state = "open"
        till.restart()
        return
    _ended(till, sale, end)
    if isinstance(end, NeverSentError):
        assert {one.mode for one in network.sent[since:]} == {"not sent"}
    if isinstance(end, ReversedError):
        assert any(one.members.get("originalRequestId") == sale.numbers[-1]
                   for one in till.sent(since, "reverse"))  # fmt: skip


def _ended(till: Till, sale: Sale, end: object) -> None:
    """Believe the end of a payment or deposit."""
    if isinstance(end, PayResult | DepositResult):
        assert not getattr(end, "waiting", False)
        assert end.amount == sale.amount
        assert end.request_id == sale.numbers[-1]
        assert end.order_id
        sale.state, sale.order_id = "paid", end.order_id
    elif isinstance(end, ReversedError | NeverSentError):
        assert end.safe_to_pay_again
        sale.state = "unpaid"
    elif isinstance(end, RefusedError):
        assert not end.safe_to_pay_again
        sale.state = "unpaid"
    else:
        _left_open(till, end, ReversalFailedError, sale.numbers[-1])
        sale.state = "open"


def _left_open(till: Till, end: object, kind: type[UnsettledError], number: str) -> None:
    assert isinstance(end, kind), repr(end)
    assert end.request_id == number
    assert end.tried
    assert number in {error.request_id for error in till.unsettled()}


def refund(till: Till, sale: Sale, amount: int, modes: Modes, test_class: int = 0) -> None:
    """Give a part of a payment back."""
    since = len(till.network.sent)
    till.network.simulation.refund = test_class
    request = RefundRequest(order_id=sale.order_id, refund_amount=amount)
    end = _attempt(till, modes, lambda: till.call("refund", request))
    till.network.simulation.refund = 0
    sent = till.sent(since, "refund")
    assert len([one for one in sent if one.mode != "not sent"]) <= 1, "sent twice"
    assert not till.sent(since, "reverse")
    number = str(sent[0].members["requestId"]) if sent else ""
    if end is None:
        sale.maybe[number] = amount
        till.restart()
        return
    sale.maybe[number] = amount
    _given_back(till, sale, number, end)


def _given_back(till: Till, sale: Sale, number: str, end: object) -> None:
    if isinstance(end, RefundResult):
        assert end.refund_amount == sale.maybe[number]
        sale.refunded += sale.maybe.pop(number)
    elif isinstance(end, NeverSentError | RefusedError):
        del sale.maybe[number]
    else:
        _left_open(till, end, RefundOpenError, number)


def reverse(till: Till, sale: Sale, modes: Modes) -> None:
    """Undo a payment or deposit."""
    since = len(till.network.sent)
    request = ReverseRequest(order_id=sale.order_id)
    end = _attempt(till, modes, lambda: till.call("reverse", request))
    sent = till.sent(since, "reverse")
    assert len({one.members["requestId"] for one in sent}) == 1, "two reversals"
    sale.undoing = str(sent[0].members["requestId"])
    if end is None:
        sale.state = "undoing"
        till.restart()
        return
    _undone(till, sale, end)


def _undone(till: Till, sale: Sale, end: object) -> None:
    if isinstance(end, ReverseResult):
        assert end.amount in (0, sale.amount)
        sale.state = "reversed"
    elif isinstance(end, NeverSentError):
        sale.state = "paid"
    elif isinstance(end, RefusedError):
        assert end.escalation is Escalation.CPS_CALL
        sale.state = "paid"
    else:
        _left_open(till, end, ReversalFailedError, sale.undoing)
        sale.state = "undoing"


def recover(till: Till, pick: int, modes: Modes, plan: Plan | None = None) -> None:
    """Take up something that was left open."""
    found = till.unsettled()
    error = found[pick % len(found)]
    number = str(error.request_id)
    sale = till.sale_of(number)
    since = len(till.network.sent)
    end = _attempt(till, modes, lambda: till.call("recover", error), plan)
    assert not till.sent(since, "pay", "payV1", "refund", "deposit"), "recovering pays nothing"
    if end is None:
        till.restart()
    elif number in sale.maybe:
        _given_back(till, sale, number, end)
    elif number == sale.undoing:
        _undone(till, sale, end)
    else:
        _ended(till, sale, end)
    if number not in till.believed_open():
        till.resolved.discard(number)
        assert number not in {error.request_id for error in till.unsettled()}


def resolve(till: Till, pick: int, modes: Modes) -> None:
    """Ask what became of something, and change nothing."""
    found = till.unsettled()
    error = found[pick % len(found)]
    number = str(error.request_id)
    sale, since = till.sale_of(number), len(till.network.sent)
    before = [(order.status, order.refunded) for order in till.orders(sale)]
    outcome = _attempt(till, modes, lambda: till.call("resolve", error))
    if outcome is None:
        till.restart()
        return
    after = [(order.status, order.refunded) for order in till.orders(sale)]
    asked = {one.operation for one in till.network.sent[since:]}
    assert asked <= {"confirm", "confirmV1"}
    if isinstance(outcome, Open):
        return
    till.network.arrive()
    assert isinstance(outcome, Done | NotDone)
    if number in sale.maybe:
        carried_out = till.asked(number).get("transStatus") in (5, 6)
    elif number == sale.undoing:
        carried_out = not till.moved(sale)
    else:
        carried_out = bool(till.moved(sale))
        assert isinstance(outcome, Paid | NotPaid)
    assert isinstance(outcome, Done) is carried_out, (outcome, before, after)
    till.resolved.add(number)


def call_centre(till: Till, pick: int) -> None:
    """Somebody calls, and writes down what was said."""
    till.network.arrive()
    found = till.unsettled()
    number = str(found[pick % len(found)].request_id)
    wallet_settles(till, number, good=False)  # nothing changes behind what is said
    till.call("settled", number, paid=till.settle_by_books(till.sale_of(number), number))
    till.resolved.discard(number)
    assert number not in {error.request_id for error in till.unsettled()}


def wallet_settles(till: Till, number: str, *, good: bool) -> None:
    """What was left without a result gets one, at last."""
    simulation = till.network.simulation
    order = simulation.order_of(number)
    if order is not None:
        with suppress(StateError):
            (simulation.approve if good else simulation.decline)(order.order_id)


def confirm(till: Till, sale: Sale, by_order: bool, modes: Modes) -> None:
    """Ask how a sale stands."""
    simulation = till.network.simulation
    if by_order and sale.order_id:
        request = ConfirmRequest(order_id=sale.order_id, auto_detect=sale.detect)
    else:
        request = ConfirmRequest(request_id=sale.numbers[-1], auto_detect=sale.detect)

    def stands() -> tuple[str | None, int | None]:
        order = simulation.orders.get(request.order_id or "")
        order = order or simulation.order_of(request.request_id or "")
        return (None, None) if order is None else (order.order_id, order.status)

    till.network.meet(modes)
    before = stands()
    try:
        told = till.call("confirm", request)
    except KessaiError:
        return
    except Killed:
        till.restart()
        return
    finally:
        till.network.meet([])
    # What was late may have arrived in between.
    found = (told.order_id if told.found else None, told.trans_status)
    assert found in (before, stands())


def second_till(till: Till) -> None:
    """One client at a time: another cannot be opened, and this one goes on."""
    with pytest.raises(AlreadyRunningError):
        till.another()
