"""What the PAYTREE mock remembers, and the words it has for it.

The numbers behind the statuses and the codes are assumed, as in specs/paytree; the names of the
operations are the manual's.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import IntEnum
from typing import Any, Final, Literal, NamedTuple

Kind = Literal["Pay", "Deposit"]
RequestType = Literal["Pay", "Refund", "Reverse", "Deposit"]


class Status(IntEnum):
    """transStatus, and NEW for what nobody has been told of yet."""

    NEW = -1
    PROCESSING = 0
    WAITING = 1
    SUCCEEDED = 2
    FAILED = 3
    REVERSED = 4
    REFUNDED = 5
    PARTLY_REFUNDED = 6


MEANINGS: Final[dict[str, str]] = {
    "SUCCESS": "",
    "USER_CODE_ERROR": "The customer's code is no code, is used up or has expired.",
    "INSUFFICIENT_BALANCE": "The balance is less than the amount.",
    "SERVICE_STOPPED": "The service is stopped.",
    "CUSTOMER_STOPPED": "The customer has stopped the payment.",
    "APPROVAL_TIMEOUT": "The customer did not approve in time.",
    "PAY_TYPE_UNAVAILABLE": "There is no contract for this wallet.",
    "PROCESSOR_ERROR": "The wallet has refused.",
    "ORDER_NOT_FOUND": "There is no such order.",
    "ORDER_STATE": "The order is in a state that does not allow it.",
    "AMOUNT_EXCEEDED": "The amount is more than is left of the payment.",
    "REQUEST_ID_REUSED": "The requestId has been used.",
    "REQUEST_INVALID": "A member is missing or has a value it cannot have.",
    "SIGNATURE_INVALID": "The signature does not fit the message.",
    "SYSTEM_ERROR": "The system has failed.",
}
"""Every code, with the text that goes along."""

FAILURES: Final[dict[str, str]] = {
    "USER_CODE_ERROR": "U001",
    "INSUFFICIENT_BALANCE": "B001",
    "SERVICE_STOPPED": "S001",
    "CUSTOMER_STOPPED": "C001",
    "APPROVAL_TIMEOUT": "C002",
    "PAY_TYPE_UNAVAILABLE": "P001",
    "PROCESSOR_ERROR": "P099",
}
"""Codes a wallet may refuse with, and its own code, this mock's invention."""


class Transition(NamedTuple):
    """One step an order may take."""

    kind: str
    before: str
    after: str


TRANSITIONS: Final[frozenset[Transition]] = frozenset(
    Transition(kind, before, after)
    for kind, before, afters in (
        ("Pay", "NEW", "PROCESSING WAITING SUCCEEDED FAILED"),
        ("Pay", "PROCESSING", "SUCCEEDED FAILED REVERSED"),
        ("Pay", "WAITING", "SUCCEEDED FAILED REVERSED"),
        ("Pay", "SUCCEEDED", "REVERSED REFUNDED PARTLY_REFUNDED"),
        ("Pay", "FAILED", "REVERSED"),
        ("Pay", "PARTLY_REFUNDED", "REFUNDED PARTLY_REFUNDED"),
        ("Deposit", "NEW", "PROCESSING SUCCEEDED FAILED"),
        ("Deposit", "PROCESSING", "SUCCEEDED FAILED REVERSED"),
        ("Deposit", "SUCCEEDED", "REVERSED"),
        ("Deposit", "FAILED", "REVERSED"),
    )
    for after in afters.split()
)
"""Every step there is."""


@dataclass(slots=True, kw_only=True)
class Order:
    """One payment or deposit, by its orderId."""

    order_id: str
    kind: Kind
    merchant_id: str
    pay_type: str | None
    amount: int
    created: datetime
    ended: datetime  # when it was paid or failed; transTime, whatever comes after
    updated: datetime
    status: Status = Status.NEW
    code: str = "SUCCESS"
    refunded: int = 0
    ending: str | None = None  # the code a payment that waits will end with; None: nobody knows yet
    asked: int = 0  # confirmations since it waits


@dataclass(slots=True, kw_only=True)
class Request:
    """One request that was carried out, by its terminal and requestId."""

    request_type: RequestType
    order: Order
    answer: dict[str, Any] = field(default_factory=dict[str, Any])
    losing: int = 0  # so many confirmations about it are lost yet
