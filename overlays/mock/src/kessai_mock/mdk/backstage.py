"""What only somebody behind the scenes can do: play the customer, the provider, time.

Each raises AdminError when there is nothing to do it to.
"""

from __future__ import annotations

from typing import Any

from ..admin import AdminError
from .gateway import Gateway
from .results import CODES, RefusalError, v_result_code
from .service import Service
from .state import Order


def _order(gateway: Gateway, order_id: str) -> tuple[Order, Service]:
    order = gateway.orders.get(order_id)
    if order is None:
        raise AdminError("there is no order with this orderId")
    return order, gateway.services[order.service]


def pay(gateway: Gateway, order_id: str, amount: int | None) -> dict[str, Any]:
    """The customer pays, at a till, a machine or in an app, with no browser coming back."""
    with gateway.lock:
        order, service = _order(gateway, order_id)
        if service.pay is None:
            raise AdminError(f"nobody pays a {service.name} order from outside")
        service.pay(gateway, order, amount)
        return describe(order)


def act(gateway: Gateway, order_id: str, name: str) -> dict[str, Any]:
    """Something only this service knows happens to an order."""
    with gateway.lock:
        order, service = _order(gateway, order_id)
        action = service.actions.get(name)
        if action is None:
            known = ", ".join(service.actions) or "nothing"
            raise AdminError(f"{service.name} knows {known}")
        action(gateway, order)
        return describe(order)


def settle(gateway: Gateway, order_id: str, code: str | None) -> dict[str, Any]:
    """What was left open ends: as a success (no code), or as the failure named."""
    with gateway.lock:
        order, service = _order(gateway, order_id)
        later = order.later
        if later is None:
            raise AdminError("nothing about this order is open")
        if code is not None and (code not in CODES or CODES[code].mstatus == "pending"):
            raise AdminError("vResultCode must be the first block of a success or a failure")
        order.later = None
        transaction = later.transaction
        try:
            if code is not None and CODES[code].mstatus == "failure":
                raise RefusalError(code)
            blocks = later.apply().blocks
        except RefusalError as refusal:
            transaction.mstatus, transaction.code = "failure", v_result_code(refusal.code)
            if order.status == "PENDING":
                gateway.step(order, "FAILED")
        else:
            transaction.mstatus, transaction.code = (
                "success",
                v_result_code(*blocks or [service.ok]),
            )
        return {**describe(order), "mstatus": transaction.mstatus}


def describe(order: Order) -> dict[str, Any]:
    """An order, for the answers of the admin routes."""
    return {
        "orderId": order.order_id,
        "service": order.service,
        "status": order.status,
        "amount": order.amount,
        "held": order.held,
        "taken": order.taken,
    }
