"""What the provider says, carried out: at once, later, or never.

Everything a provider can say about an order ends here, so that status, money, record and
webhook never part.
"""

from __future__ import annotations

from collections.abc import Callable

from . import answers, books, notices
from .gateway import Gateway
from .results import CHECK, DONE, OPEN, WAITING
from .simulation import Verdict
from .state import Kind, Record

Apply = Callable[[], None]


class SettleError(ValueError):
    """An open request cannot be settled; the message says why."""


def land(gateway: Gateway, record: Record, verdict: Verdict) -> None:
    """End an application or a payment on demand, or leave it open, and tell the merchant.

    The second success under one paymentId gets UA-000-002 (which one does is assumed).
    """
    order, code = record.order, verdict.code
    if code in DONE:
        if gateway.landed(order.payment_id):
            code = CHECK
        if order.kind is Kind.AGREEMENT:
            gateway.step(order, "ACTIVE")
        else:
            books.settle(gateway, order)
        gateway.successes.setdefault(order.payment_id, []).append(order)
    elif code in OPEN:
        _leave_open(gateway, record, verdict)
    else:
        gateway.step(order, "FAILED")
    answers.close(record, code, verdict.v)
    notices.send(gateway, record)


def _leave_open(gateway: Gateway, record: Record, verdict: Verdict) -> None:
    order = record.order
    waiting = order.kind is Kind.CHARGE and verdict.code == WAITING
    gateway.step(order, "WAITING" if waiting else "PENDING")

    def settle(code: str) -> None:
        record.later = None
        record.determined = True
        land(gateway, record, gateway.simulation.said(order.wallet, code))

    record.later = settle
    if not waiting:
        return
    record.determined = False  # until the consumer has paid, and the second webhook is sent
    later, seconds = verdict.then, gateway.settings.user_paying_seconds
    if later is not None and seconds is not None:

        def consumer_pays() -> None:
            if record.later is not None:
                settle(later.code)

        gateway.clock.call_later(seconds, consumer_pays)


def finish(gateway: Gateway, record: Record, verdict: Verdict, apply: Apply) -> None:
    """End a command on an order that has succeeded, or leave it open.

    What is open has not been done; settled as a success, it is done then, unless the order
    has changed meanwhile (SettleError).
    """
    order = record.order
    if verdict.code in DONE:
        apply()
    elif verdict.code in OPEN:
        seen = order.changes

        def settle(code: str) -> None:
            if code in DONE and order.changes != seen:
                raise SettleError("the order has changed since")
            record.later = None
            finish(gateway, record, gateway.simulation.said(order.wallet, code), apply)
            notices.send(gateway, record)

        record.later = settle
    answers.close(record, verdict.code, verdict.v)
