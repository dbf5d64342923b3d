"""Taking an order in: unique order ids, the merchant's addresses, the amount."""

from __future__ import annotations

from .answers import failed
from .body import Body
from .books import audit
from .call import Call
from .cards import decline
from .gateway import Gateway
from .problem import ProblemError, refused
from .state import ChargeType, Order, Purpose


def take(call: Call, charge_type: ChargeType, method: str, purpose: Purpose) -> Order:
    """The order the request opens.

    An orderId may be used once. An order that failed before any money moved
    (UNPROCESSED) may be tried again under its id and keeps its accessId; assumed, because
    the documented repeat of a failed request could not succeed otherwise.
    Raises ProblemError invalid_request for an id in use (title assumed).
    """
    gateway, body = call.gateway, call.body
    order_id = body.need("order", "orderId")
    known = call.shop.orders.get(order_id)
    if known is not None and known.status != "UNPROCESSED":
        raise refused("order.orderId", "The order id is in use.")
    now = gateway.clock.now
    order = Order(
        shop=call.shop.shop_id,
        access_id=known.access_id if known is not None else gateway.ids.hex32("access"),
        access_pass=known.access_pass if known is not None else gateway.ids.hex32("pass"),
        order_id=order_id,
        charge_type=charge_type,
        method=method,
        purpose=purpose,
        created=known.created if known is not None else now,
        updated=now,
    )
    if known is not None and known.charge_type is charge_type:
        order.status = known.status
    _describe(order, body)
    if purpose is Purpose.CHARGE:
        order.amount = order.original_amount = int(body.need("order", "amount"))
    return order


def _describe(order: Order, body: Body) -> None:
    fields = body.child("order", "clientFields")
    if fields is not None:
        order.client_fields = {name: str(value) for name, value in fields.data.items()}
    order.callback_url = body.text("merchant", "callbackUrl")
    order.webhook_url = body.text("merchant", "webhookUrl")
    order.csrf_token = body.text("merchant", "csrfToken")


def keep(gateway: Gateway, order: Order) -> None:
    """Remember the order from now on, in place of a failed one of the same id."""
    gateway.shop(order.shop).orders[order.order_id] = order
    gateway.records[order.access_id] = order


def refuse(gateway: Gateway, order: Order, problem: ProblemError) -> ProblemError:
    """Note that the order failed (UNPROCESSED) and give the problem to raise."""
    gateway.step(order, "UNPROCESSED")
    audit(gateway, order)
    return failed(order, problem)


def judge(gateway: Gateway, order: Order) -> None:
    """Have the magic cards and amounts their say. Raises ProblemError, the order failed."""
    objection = decline(order.card, order.amount)
    if objection is not None:
        raise refuse(gateway, order, objection.problem())


def judge_late(gateway: Gateway, order: Order) -> None:
    """Like `judge`, for a wallet the customer has approved already: PAYFAIL."""
    objection = decline(order.card, order.amount)
    if objection is not None:
        gateway.step(order, "PAYFAIL")
        audit(gateway, order)
        raise failed(order, objection.problem())
