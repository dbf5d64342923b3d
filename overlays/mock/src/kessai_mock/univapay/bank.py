"""Bank transfer: an account for each charge, money that comes in parts, and its ledger.

Document: facts, Other methods: payment status unpaid, insufficient, exact, exceeded; partial
payments stay awaiting, too much is successful, nothing is refunded. The ledger needs the
merchant's app token. Names and numbers of accounts are made up.
"""

from __future__ import annotations

from typing import Any

from ..clock import JST
from . import books, hooks
from .call import Answer, Call, ok
from .gateway import Gateway
from .konbini import EXPIRED, deadline
from .problems import ProblemError
from .state import Charge
from .timing import stamp

_HOLDER = "カ）ケッサイショテン"


def begin(gateway: Gateway, charge: Charge) -> None:
    """The account is there, and the customer may transfer until the last day."""
    charge.account = {
        "account_id": gateway.new_id("account"),
        "branch_code": gateway.ids.digits("branch", 3),
        "branch_name": "モック支店",
        "account_holder_name": _HOLDER,
        "account_number": gateway.ids.digits("number", 7),
    }
    charge.deadline = deadline(charge, by_day=False)
    books.wait(gateway, charge)
    charge.timer = gateway.clock.call_at(
        charge.deadline, lambda: books.release(gateway, charge, "failed", EXPIRED)
    )


def receive(gateway: Gateway, charge: Charge, amount: int) -> None:
    """Money comes in: enough of it makes the charge successful."""
    books.deposit(gateway, charge, amount)
    _note(gateway, charge, "deposit", amount, charge.taken)
    if charge.taken >= charge.amount:
        charge.charged = charge.taken
        _note(gateway, charge, "payment", charge.taken, 0)
        _tell(gateway, charge, amount)
        books.move(gateway, charge, "successful")
    else:
        _tell(gateway, charge, amount)


def _note(gateway: Gateway, charge: Charge, kind: str, amount: int, balance: int) -> None:
    now = gateway.clock.now
    charge.deposits.append(
        {
            "bank_ledger_type": kind,
            "amount": amount,
            "balance": balance,
            "virtual_bank_account_holder_name": charge.account["account_holder_name"],
            "virtual_bank_account_number": charge.account["account_number"],
            "virtual_account_id": charge.account["account_id"],
            "transaction_date": now.astimezone(JST).date().isoformat(),
            "transaction_timestamp": stamp(now),
            "mode": charge.mode,
            "created_on": stamp(now),
        }
    )


def payment_status(charge: Charge) -> str:
    """unpaid, insufficient, exact or exceeded."""
    if not charge.taken:
        return "unpaid"
    difference = charge.taken - charge.amount
    return "exact" if difference == 0 else "exceeded" if difference > 0 else "insufficient"


def _tell(gateway: Gateway, charge: Charge, amount: int) -> None:
    now = stamp(gateway.clock.now)
    data: dict[str, Any] = {
        "id": gateway.new_id("deposit"),
        "charge_id": charge.id,
        "payment_status": payment_status(charge),
        "latest_deposit_date": now,
        "created_on": now,
        "latest_deposit_amount": amount,
        "balance": charge.taken,
        "currency": charge.currency,
        "amount": charge.amount,
        "amount_difference": charge.taken - charge.amount,
        "token_metadata": charge.token.metadata,
        "charge_metadata": charge.metadata,
    }
    hooks.tell(
        gateway,
        "bank_transfer_status_updated",
        data,
        store_id=charge.store_id,
        merchant_id=charge.merchant_id,
    )


def ledgers(call: Call) -> Answer:
    """GET .../bank_transfer_ledgers: what came in, newest first. Raises ProblemError for a charge
    of another payment type (code assumed)."""
    charge = call.charge()
    if charge.token.payment_type != "bank_transfer":
        raise ProblemError("NOT_FOUND")
    items = list(reversed(charge.deposits))
    return ok({"items": items, "has_more": False, "total_hits": len(items)})
