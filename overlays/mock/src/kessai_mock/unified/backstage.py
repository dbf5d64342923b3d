"""What only somebody behind the scenes can do: play the consumer, the provider, time.

Each raises AdminError when there is nothing to do it to.
"""

from __future__ import annotations

from typing import Any

from ..admin import AdminError
from . import answers, landing, notices
from .gateway import Gateway
from .results import CODES, DONE, OPEN
from .rules import ALL
from .state import Kind, Order


def _order(gateway: Gateway, number: str) -> Order:
    order = gateway.orders.get(number) or gateway.by_payment_id(number)
    if order is None:
        raise AdminError("there is no order with this paymentId or fepOrderId")
    return order


def pay(gateway: Gateway, number: str, amount: int | None) -> dict[str, Any]:
    """The consumer pays: in the wallet's app, with no browser coming back, or when asked to
    after a charge (UA-U00-001)."""
    with gateway.lock:
        order = _order(gateway, number)
        if amount is not None:
            raise AdminError("the amount is the order's own; leave it out")
        record = order.record
        if record is None or order.status not in {"APPLIED", "WAITING"}:
            raise AdminError(f"the order is {order.status} and waits for no payment")
        if record.later is not None:
            record.later("UA-000-001")
        else:
            landing.land(gateway, record, gateway.simulation.success(order.wallet))
        return describe(order)


def deregister(gateway: Gateway, number: str) -> dict[str, Any]:
    """The provider ends an agreement by itself and says so (deregistraction)."""
    with gateway.lock:
        order = _order(gateway, number)
        if order.kind is not Kind.AGREEMENT or order.status != "ACTIVE":
            raise AdminError("the order is not an active agreement")
        if order.wallet not in notices.CONDITIONS["deregistraction"]:
            able = ", ".join(sorted(ALL & notices.CONDITIONS["deregistraction"].keys()))
            raise AdminError(f"only {able} send such notices")
        gateway.step(order, "DEREGISTERED")
        record = gateway.record("deregistraction", order)
        record.push_url = order.push_url
        success = gateway.simulation.success(order.wallet)
        answers.close(record, success.code, success.v)
        notices.send(gateway, record)
        return describe(order)


def settle(gateway: Gateway, reference: str, code: str) -> dict[str, Any]:
    """What was left open ends: as a success, or as the failure named."""
    with gateway.lock:
        record = gateway.records.get(reference)
        if record is None or record.later is None:
            raise AdminError("no request with this fepReferenceId is open")
        if code not in CODES or code in OPEN:
            ends = ", ".join(known for known in CODES if known not in OPEN)
            raise AdminError(f"resultCode must be one of {ends}")
        try:
            record.later("UA-000-001" if code in DONE else code)
        except landing.SettleError as error:
            raise AdminError(str(error)) from None
        return {**describe(record.order), "resultCode": record.code}


def describe(order: Order) -> dict[str, Any]:
    """An order, for the answers of the admin routes."""
    return {
        "paymentId": order.payment_id,
        "fepOrderId": order.fep_order_id,
        "status": order.status,
        "amount": order.amount,
    }
