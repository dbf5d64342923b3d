"""Which events happen when: the whole resource goes out, as it is at that moment.

Document: facts, Webhooks. charge_updated: it became authorized or awaiting; charge_finished: it
became canceled, error, failed or successful.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from . import hooks, resources
from .transitions import FINAL

if TYPE_CHECKING:
    from .gateway import Gateway
    from .state import Cancel, Charge, Refund, Token


def token(gateway: Gateway, one: Token, event: str) -> None:
    """Tell of a token."""
    merchant_id = gateway.stores[one.store_id].merchant_id
    hooks.tell(gateway, event, resources.token(one), store_id=one.store_id, merchant_id=merchant_id)


def charge(gateway: Gateway, one: Charge) -> None:
    """Tell of a charge's step."""
    if one.status == "pending":
        return
    event = "charge_finished" if one.status in FINAL else "charge_updated"
    data = resources.charge(gateway, one)
    hooks.tell(gateway, event, data, store_id=one.store_id, merchant_id=one.merchant_id)


def refund(gateway: Gateway, of: Charge, one: Refund) -> None:
    """Tell how a refund ended."""
    data = resources.refund(one)
    hooks.tell(gateway, "refund_finished", data, store_id=of.store_id, merchant_id=of.merchant_id)


def cancel(gateway: Gateway, of: Charge, one: Cancel) -> None:
    """Tell how a cancellation ended."""
    data = resources.cancel(one)
    hooks.tell(gateway, "cancel_finished", data, store_id=of.store_id, merchant_id=of.merchant_id)
