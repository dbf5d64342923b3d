"""The blocks of answers, webhooks and inquiries, each member only where it is documented.

Document: Unified API 1.1.1, blocks of the commands and revision history. Which blocks an
error carries besides `result` is assumed: order and transaction.
"""

from __future__ import annotations

from typing import Any

from .call import Answer
from .results import DONE, result
from .state import Order, Record

# The numbers behind the gateway that each command names.
_GATEWAY_NUMBER = {"pay", "capture", "cancel"}
_PROVIDER_NUMBER = {"pay", "capture", "cancel", "updateOrder", "terminate"}
_WITH_CUSTOMER = {"charge", "terminate"}


def close(record: Record, code: str, v: str | None = None, detail: str | None = None) -> None:
    """Say what came of a request; from now on an inquiry tells it."""
    record.code, record.v, record.detail = code, v, detail
    record.content = _details(record)


def answer(record: Record, *, redirect_url: str | None = None) -> Answer:
    """What the merchant is answered."""
    command, done = record.command, record.code in DONE
    amount = None if command in {"pay", "subscribe"} else record.amount
    content = {
        "result": result(record.code, record.v, record.detail),
        "order": _order(record.order, amount),
        "transaction": _transaction(record),
        "provider": _provider(record) if done and command not in {"pay", "subscribe"} else None,
        "customer": _customer(record.order) if done and command in _WITH_CUSTOMER else None,
        "control": None if redirect_url is None else {"redirectUrl": redirect_url},
    }
    return Answer(record.code, content)


def notice(record: Record) -> dict[str, Any]:
    """The body of a webhook: the details, and which command they are of."""
    content = dict(record.content)
    content["transaction"] = {"command": record.command, **content["transaction"]}
    return content


def _details(record: Record) -> dict[str, Any]:
    done = record.code in DONE
    return {
        "result": result(record.code, record.v, record.detail),
        "order": _order(record.order, record.amount),
        "transaction": _transaction(record),
        "provider": _provider(record) if done else None,
        "customer": _customer(record.order) if done else None,
    }


def _order(order: Order, amount: int | None) -> dict[str, Any]:
    return {
        "paymentId": order.payment_id,
        "fepOrderId": order.fep_order_id,
        "amount": None if amount is None else str(amount),
    }


def _transaction(record: Record) -> dict[str, Any]:
    return {"fepReferenceId": record.reference, **record.values}


def _provider(record: Record) -> dict[str, Any] | None:
    order, command = record.order, record.command
    paypay_charge = command == "charge" and order.wallet == "paypay"
    numbers = {
        "gatewayOrderId": order.gateway_order_id
        if command in _GATEWAY_NUMBER or paypay_charge
        else None,
        "providerOrderId": order.provider_order_id if command in _PROVIDER_NUMBER else None,
    }
    return {"payment": numbers} if any(numbers.values()) else None


def _customer(order: Order) -> dict[str, Any] | None:
    owner = order.agreement or order
    if owner.customer_id is None:
        return None
    return {"buyer": {"customerId": owner.customer_id}}
