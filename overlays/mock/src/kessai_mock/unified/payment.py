"""charge and terminate: what can be done on an agreement."""

from __future__ import annotations

from . import answers, landing, notices
from .application import duplicate, holds
from .call import Answer, Call
from .commands import on_order
from .results import ResultError
from .rules import WALLETS
from .simulation import Verdict
from .state import Kind, Order, Record


def charge(call: Call) -> Answer:
    """charge: a payment on an agreement, without the consumer.

    An agreement that is not active is UA-REQ-007 (assumed). recoveryType left out is taken
    for not_recovery (assumed).
    """
    gateway, body = call.gateway, call.body
    agreement = gateway.find(body, "originalPaymentId", "originalFepOrderId")
    payment_id = body.need("order", "paymentId")
    landed = gateway.landed(payment_id)
    if landed:
        return duplicate(call, landed[0])
    if agreement.kind is not Kind.AGREEMENT or agreement.status != "ACTIVE":
        record = gateway.record(call.command, agreement, body)
        answers.close(record, "UA-REQ-007")
        notices.send(gateway, record)
        return answers.answer(record)
    order = gateway.open(Kind.CHARGE, payment_id, agreement.wallet)
    order.agreement = agreement
    order.hold = holds(gateway, body)
    record = order.record = gateway.record(call.command, order, body)
    order.amount, order.push_url = record.amount, record.push_url
    recovery = body.text("transaction", "recoveryType") or "not_recovery"
    digit = str(record.amount)[-1]
    verdict = call.verdict(order.wallet, digit=digit, recoveryType=recovery)
    landing.land(gateway, record, verdict)
    return answers.answer(record)


def terminate(call: Call) -> Answer:
    """terminate: end an agreement. Not for Rakuten Pay: UA-REQ-007 (code assumed)."""

    def work(order: Order, record: Record) -> tuple[Verdict, landing.Apply]:
        if order.kind is not Kind.AGREEMENT or order.status != "ACTIVE":
            raise ResultError("UA-REQ-007")
        if order.wallet not in WALLETS["terminate"]:
            raise ResultError("UA-REQ-007")
        verdict = call.verdict(order.wallet)
        return verdict, lambda: call.gateway.step(order, "TERMINATED")

    return on_order(call, work)
