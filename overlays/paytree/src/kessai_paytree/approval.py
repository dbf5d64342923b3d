"""Waiting for the customer to approve a payment: by the cashier's word, or by polling.

By polling: PayConfirmPollingWait, then a confirm every PayConfirmPollingInterval, until
PayConfirmPollingTimeout. By the cashier: ``confirm()`` asks once, ``stop()`` ends it; both work
while polling too. A wait that ends without approval, by whom ever, is asked about a last time and
then reversed: the customer could otherwise approve after the till has given up.

Source: WbPay library specification 1.0, sections 1.6 (3), 2.6, 3.1 (PayConfirm) and 4.1.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kessai.commands import Now, Sleep

from . import errors as e
from .results import Complete, Failed, PayResult
from .steps import TakeDecision, Tell

if TYPE_CHECKING:
    from .answers import Found
    from .order import Order
    from .steps import Decision, Mailbox, Steps

__all__ = ["LOOK", "approve"]

#: Seconds between two looks at what the cashier has decided.
LOOK = 0.1


def approve(order: Order, found: Found, mailbox: Mailbox) -> Steps[Found]:
    """Wait until the payment has an end. Returns done, failed or reversed."""
    from .sequences import void

    result = PayResult(
        found.answer, request_id=order.request_id, order_id=order.order_id, amount=order.amount
    )
    mailbox.open = True
    try:
        yield Tell(Complete(order.request_type, result, False))
        found, why = yield from _wait(order)
    finally:
        mailbox.open = False
    if found.state in ("done", "failed", "reversed"):
        return found
    found = yield from void(order, why)
    return found._replace(why=why) if found.state == "reversed" else found


def _wait(order: Order) -> Steps[tuple[Found, str]]:
    """Ask until there is an end, and say why the asking ended."""
    settings = order.till.settings
    polling = settings.pay_confirm_polling_mode
    now: float = yield Now()
    end = now + (settings.pay_confirm_polling_timeout if polling else order.till.cashier_wait)
    pause = settings.pay_confirm_polling_wait
    while True:
        due = min(end, now + pause) if polling else end
        decision = yield from _decided(due)
        now = yield Now()
        if decision == "stop" or (decision is None and now >= end):
            found = yield from order.ask()
            return found, "APPROVAL_TIMEOUT" if decision is None else "STOPPED"
        found = yield from order.ask()
        if found.state in ("done", "failed", "reversed"):
            return found, ""
        if decision == "confirm":
            yield Tell(Failed(order.request_type, order.named(_not_yet(found)), False))
        now = yield Now()
        pause = settings.pay_confirm_polling_interval


def _decided(until: float) -> Steps[Decision | None]:
    """Wait for a decision, but not beyond ``until`` on the monotonic clock."""
    while True:
        decision: Any = yield TakeDecision()
        if decision is not None:
            taken: Decision = decision
            return taken
        now: float = yield Now()
        if now >= until:
            return None
        yield Sleep(min(LOOK, until - now))


def _not_yet(found: Found) -> e.PaytreeError:
    """The manual's ErrorEvent for a confirm while nothing has been approved."""
    if found.state == "waiting":
        return e.StillWaitingError().about(
            code="WAITING", message="the customer has not approved yet; ask again, or stop"
        )
    return e.NotConfirmedError().about(
        code="NO_ANSWER", message="the confirm brought no answer; ask again, or stop"
    )
