"""What only somebody behind the scenes can do: play the customer, choose test classes.

Each raises AdminError when there is nothing to do it to.
"""

from __future__ import annotations

from typing import Any

from ..admin import AdminError
from .gateway import Gateway
from .simulation import StateError
from .state import Order


def _order(gateway: Gateway, number: str) -> Order:
    simulation = gateway.simulation
    order = simulation.orders.get(number) or simulation.order_of(number)
    if order is None:
        raise AdminError("there is no order with this orderId or requestId")
    return order


def approve(gateway: Gateway, number: str, amount: int | None) -> dict[str, Any]:
    """The customer enters the passcode; what was left without a result succeeds."""
    with gateway.lock:
        order = _order(gateway, number)
        if amount is not None:
            raise AdminError("the amount is the order's own; leave it out")
        try:
            gateway.simulation.approve(order.order_id)
        except StateError as error:
            raise AdminError(str(error)) from None
        return describe(order)


def decline(gateway: Gateway, number: str, code: str) -> dict[str, Any]:
    """The customer stops, or the wallet refuses with a code."""
    with gateway.lock:
        order = _order(gateway, number)
        try:
            gateway.simulation.decline(order.order_id, code)
        except StateError as error:
            raise AdminError(str(error)) from None
        return describe(order)


def choose(gateway: Gateway, classes: dict[str, Any]) -> dict[str, Any]:
    """Test classes for every request from now on."""
    with gateway.lock:
        try:
            gateway.choose(classes)
        except ValueError as error:
            raise AdminError(str(error)) from None
        return {"classes": gateway.classes}


def describe(order: Order) -> dict[str, Any]:
    """An order, for the answers of the admin routes."""
    return {
        "orderId": order.order_id,
        "kind": order.kind,
        "status": order.status.name,
        "transStatus": int(order.status),
        "code": order.code,
        "amount": order.amount,
        "refunded": order.refunded,
    }
