"""capture, cancel, updateOrder: what can be done with a payment that has succeeded.

Assumed, the document being silent: an amount that is too large is UA-REQ-002; a state or a
wallet that does not allow the command is UA-REQ-007; a hold that has run out is UA-REQ-006.
"""

from __future__ import annotations

from collections.abc import Callable

from . import answers, books, landing, notices
from .call import Answer, Call
from .results import ResultError
from .rules import WALLETS
from .simulation import Verdict
from .state import Kind, Order, Record

Work = Callable[[Order, Record], tuple[Verdict, landing.Apply]]


def on_order(call: Call, work: Work) -> Answer:
    """Have a command done on the order it names, recorded, and told to the merchant.

    `work` gives the provider's verdict and what to do when it is a success. Raises
    ResultError UA-REQ-900 when there is no such order.
    """
    gateway = call.gateway
    order = gateway.find(call.body)
    record = gateway.record(call.command, order, call.body)
    try:
        verdict, apply = work(order, record)
    except ResultError as error:
        answers.close(record, error.code, None, error.detail)
    else:
        landing.finish(gateway, record, verdict, apply)
    notices.send(gateway, record)
    return answers.answer(record)


def _payment(order: Order, *statuses: str) -> int:
    """The order's amount, if it is a payment in one of these states. Raises UA-REQ-007."""
    if order.kind is Kind.AGREEMENT or order.status not in statuses:
        raise ResultError("UA-REQ-007")
    if order.status == "AUTHORIZED":
        books.check_hold(order)
    return order.amount or 0


def _amount(record: Record, most: int) -> int:
    """The request's amount, or all. Raises UA-REQ-002 for more than there is."""
    if record.amount is None:
        record.amount = most
    if record.amount > most:
        raise ResultError("UA-REQ-002", "order.amount")
    return record.amount


def capture(call: Call) -> Answer:
    """capture: once, up to the amount applied for; the rest of the hold is given back."""

    def work(order: Order, record: Record) -> tuple[Verdict, landing.Apply]:
        held = _payment(order, "AUTHORIZED")
        amount = _amount(record, held)
        verdict = call.verdict(
            order.wallet,
            digit=str(amount)[-1],
            capture="full" if amount == held else "partial",
        )
        return verdict, lambda: books.capture(call.gateway, order, amount)

    return on_order(call, work)


def cancel(call: Call) -> Answer:
    """cancel: all of a hold; all or, again and again, a part of what was captured."""

    def work(order: Order, record: Record) -> tuple[Verdict, landing.Apply]:
        balance = _payment(order, "AUTHORIZED", "CAPTURED")
        amount = _amount(record, balance)
        before = order.status == "AUTHORIZED"
        if before and amount != balance:
            raise ResultError("UA-REQ-002", "order.amount")
        verdict = call.verdict(
            order.wallet, digit=str(amount)[-1], captured="before" if before else "after"
        )
        return verdict, lambda: books.cancel(call.gateway, order, amount)

    return on_order(call, work)


def update_order(call: Call) -> Answer:
    """updateOrder: another amount, or without one a longer hold (assumed).

    Rakuten Pay and au only; at au not for payments on demand.
    """

    def work(order: Order, record: Record) -> tuple[Verdict, landing.Apply]:
        if order.wallet not in WALLETS["updateOrder"]:
            raise ResultError("UA-REQ-007")
        held = _payment(order, "AUTHORIZED")
        if order.wallet == "au" and order.kind is Kind.CHARGE:
            raise ResultError("UA-REQ-007")
        change = "extend" if record.amount is None else "amount"
        amount = record.amount = held if record.amount is None else record.amount
        verdict = call.verdict(order.wallet, digit=str(amount)[-1], change=change)
        return verdict, lambda: books.change(call.gateway, order, amount)

    return on_order(call, work)
