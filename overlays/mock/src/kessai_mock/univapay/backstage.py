"""What only somebody behind the scenes can do: play the customer, at a till, a bank, in an app.

Each raises AdminError when there is nothing to do it to.
"""

from __future__ import annotations

from typing import Any

from ..admin import AdminError
from . import bank, books, processing
from .gateway import Gateway
from .state import Charge


def find(gateway: Gateway, charge_id: str) -> Charge:
    """The charge of that number. Raises AdminError."""
    charge = gateway.charges.get(charge_id)
    if charge is None:
        raise AdminError("there is no charge with this id")
    return charge


def pay(gateway: Gateway, charge_id: str, amount: int | None) -> dict[str, Any]:
    """The customer pays. Only a bank transfer takes another amount than the charge's."""
    with gateway.lock:
        charge = find(gateway, charge_id)
        if charge.status != "awaiting":
            raise AdminError(f"the charge is {charge.status} and waits for no payment")
        if charge.token.payment_type == "bank_transfer":
            paid = charge.amount - charge.taken if amount is None else amount
            if paid <= 0:
                raise AdminError("amount must be at least 1")
            bank.receive(gateway, charge, paid)
        elif amount not in {None, charge.amount}:
            raise AdminError(f"the amount is the charge's own, {charge.amount}; leave it out")
        elif charge.token.payment_type == "konbini":
            books.take(gateway, charge)
        else:
            processing.settle(gateway, charge)
        return describe(charge)


def refuse(gateway: Gateway, charge_id: str, code: int) -> dict[str, Any]:
    """The customer gives up, or is not recognized: a payment error ends the charge."""
    with gateway.lock:
        charge = find(gateway, charge_id)
        if charge.status not in {"awaiting", "authorized"}:
            raise AdminError(f"the charge is {charge.status} and cannot fail any more")
        processing.refuse(gateway, charge, code)
        return describe(charge)


def describe(charge: Charge) -> dict[str, Any]:
    """A charge, for the answers of the admin routes."""
    return {
        "id": charge.id,
        "payment_type": charge.token.payment_type,
        "status": charge.status,
        "amount": charge.amount,
        "held": charge.held,
        "taken": charge.taken,
        "returning": charge.returning,
    }
