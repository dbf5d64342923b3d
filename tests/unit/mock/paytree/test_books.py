"""Money and status of the simulation, in whatever order things happen."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st
from kessai_mock.clock import Clock
from kessai_mock.ids import Ids
from kessai_mock.ledger import Account, Ledger, LedgerError
from kessai_mock.paytree.history import History, TransitionError
from kessai_mock.paytree.simulation import Lost, Simulation, StateError
from kessai_mock.paytree.state import MEANINGS, TRANSITIONS, Status

from tests.unit.mock.paytree.till import Till

STEPS = st.lists(
    st.tuples(
        st.sampled_from(["pay", "deposit", "refund", "reverse", "confirm", "approve", "decline"]),
        st.integers(0, 7),
        st.integers(0, 5),
        st.integers(1, 1500),
        st.sampled_from([None, None, None, *MEANINGS]),
    ),
    max_size=40,
)


@given(STEPS)
def test_money_and_status_never_differ(steps: list[tuple[str, int, int, int, str | None]]) -> None:
    """Whatever is done in whatever order; each step is audited, and in a table."""
    desk = Till(Simulation(confirms=None, approval_seconds=10.0, delay=1.0))
    simulation = desk.simulation
    for name, chosen, which, amount, wallet in steps:
        simulation.pay, simulation.refund = chosen, chosen % 2
        orders = list(simulation.orders)
        order = orders[which % len(orders)] if orders else "none"
        if name in {"approve", "decline"}:
            with suppress(StateError):
                getattr(simulation, name)(order)
            continue
        members = {"amount": amount, "refundAmount": amount, "payType": "PayPay"}
        if name not in {"pay", "deposit"}:
            members["orderId"] = order
        desk.sent += 1
        message = {**desk.common, **members, "requestId": f"R{desk.sent}"}
        with suppress(Lost):
            simulation.handle(name, message, wallet=wallet)
    simulation.ledger.audit()
    assert simulation.ledger.violations == []
    assert simulation.visited <= TRANSITIONS
    paid = {Status.SUCCEEDED, Status.PARTLY_REFUNDED}
    owed = sum(
        order.amount - order.refunded
        for order in simulation.orders.values()
        if order.kind == "Pay" and order.status in paid
    )
    assert simulation.ledger.balance(Account.MERCHANT) == owed


def test_a_payment_taken_twice_is_found_at_once() -> None:
    """The books say one thing, the order another."""
    history = History(Clock(), Ids(1), Ledger())
    order = history.open("Pay", {"amount": 500}, "PayPay")
    history.ledger.post(history.clock.now, order.order_id, "twice", *_way(), 500)
    with pytest.raises(LedgerError, match="holds 1000 yen, its state says 500"):
        history.end(order, "SUCCESS")
    assert history.ledger.violations


def test_a_step_that_is_in_no_table_is_found_at_once() -> None:
    """A failed payment does not succeed later."""
    history = History(Clock(), Ids(1), Ledger())
    order = history.open("Pay", {"amount": 500}, "PayPay")
    history.end(order, "USER_CODE_ERROR")
    with pytest.raises(TransitionError, match="Pay: FAILED to WAITING"):
        history.step(order, Status.WAITING)


def _way() -> tuple[Account, Account]:
    return Account.CUSTOMER, Account.MERCHANT
