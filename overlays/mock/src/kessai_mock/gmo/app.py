"""The mock of GMO PG as an ASGI application."""

from __future__ import annotations

from typing import Any

from starlette.applications import Starlette
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from ..admin import Admin, AdminError
from ..clock import Clock, text
from ..replies import send_reply
from ..scripts import WEBHOOK, Vocabulary
from ..stage import Row, application, steps
from ..webhooks import Deliver, threaded_deliver
from . import cash, frontend
from .gateway import Gateway
from .operations import OPERATIONS
from .pages import Pages
from .pipeline import Endpoint, problem_reply
from .problem import TITLES, ProblemError
from .settings import Settings
from .state import ChargeType, Order
from .transitions import TRANSITIONS

# Not operations of the API: what ends an Amazon Pay refund, and the sending of notices.
_SCRIPTED = frozenset({*(operation.name for operation in OPERATIONS), "amazonPayRefund", WEBHOOK})


def create_app(
    *,
    seed: int = 1,
    settings: Settings | None = None,
    deliver: Deliver = threaded_deliver,
    clock: Clock | None = None,
) -> Starlette:
    """A mock gateway of its own, as if just started.

    `deliver` sends webhooks (default: to loopback addresses only, over HTTP); `clock` may
    be shared with a simulation. The gateway itself is `app.state.gateway`.
    """
    gateway = Gateway(settings, seed=seed, deliver=deliver, clock=clock)
    admin = Admin(
        gateway,
        operations=_SCRIPTED,
        vocabulary=Vocabulary("title", TITLES),
        order_number="accessId",
        pay=lambda access_id, amount: pay(gateway, access_id, amount),
        transitions=lambda: steps(TRANSITIONS, gateway.visited, "documented"),
    )

    return application(
        gateway,
        title="GMO PG",
        columns=("order", "charge", "method", "status", "yen", "updated"),
        rows=lambda: _rows(gateway),
        routes=[
            *admin.routes(),
            *Pages(gateway).routes(),
            *(Route(operation.path, Endpoint(gateway, operation)) for operation in OPERATIONS),
        ],
        not_found=_not_found,
    )


async def _not_found(scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] != "http":
        return
    problem = ProblemError("resource_not_found", "There is no such endpoint.")
    await send_reply(send, problem_reply(problem, scope["path"]))


def pay(gateway: Gateway, access_id: str, amount: int | None) -> dict[str, Any]:
    """The customer pays at the till, at the bank or in the wallet's app.

    Raises AdminError when there is nothing to pay.
    """
    with gateway.lock:
        order = gateway.records.get(access_id)
        if not isinstance(order, Order):
            raise AdminError("there is no order with this accessId")
        if order.charge_type is ChargeType.CASH:
            try:
                cash.pay(gateway, order, amount)
            except cash.PaymentError as error:
                raise AdminError(str(error)) from None
        elif order.frontend_id is not None and order.status == "REQSUCCESS":
            frontend.approve(gateway, order)
        else:
            raise AdminError(f"the order is {order.status} and waits for no payment")
        return {
            "accessId": order.access_id,
            "status": order.status,
            "deposited": order.deposited,
        }


def _rows(gateway: Gateway) -> list[Row]:
    orders = [order for shop in gateway.shops.values() for order in shop.orders.values()]
    return [
        (o.order_id, o.charge_type, o.method, o.status, o.amount or 0, text(o.updated))
        for o in orders
    ]
