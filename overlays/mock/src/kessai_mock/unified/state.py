"""What the mock remembers: orders, what came of each request, pages for the consumer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from ..clock import Timer
from ..transitions import NEW


class Kind(StrEnum):
    """What an order is."""

    SINGLE = "single"  # pay
    AGREEMENT = "agreement"  # subscribe
    CHARGE = "charge"  # charge


@dataclass(slots=True, kw_only=True)
class Urls:
    """Where the consumer's browser goes back to."""

    success: str
    cancel: str
    error: str


@dataclass(slots=True, kw_only=True)
class Order:
    """One application under a paymentId: a payment, an agreement, a payment on demand."""

    fep_order_id: str
    payment_id: str
    wallet: str
    kind: Kind
    created: datetime
    updated: datetime
    status: str = NEW
    amount: int | None = None  # yen applied for, held, or captured and not refunded
    hold: bool = True  # authCaptureType auth
    hold_until: datetime | None = None
    hold_timer: Timer | None = None
    changes: int = 0  # counts what has been done to it
    urls: Urls | None = None
    push_url: str | None = None  # of the application, for notices nobody asked for
    record: Record | None = None  # the request that opened it
    agreement: Order | None = None
    gateway_order_id: str = ""
    provider_order_id: str = ""
    customer_id: str | None = None


@dataclass(slots=True, kw_only=True)
class Record:
    """One request that reached an order, by its fepReferenceId."""

    reference: str
    command: str
    order: Order
    amount: int | None = None
    values: dict[str, str] = field(default_factory=dict[str, str])  # the merchant's own
    push_url: str | None = None
    code: str = ""
    v: str | None = None
    detail: str | None = None
    determined: bool = True
    later: Callable[[str], None] | None = None  # what settling an open request does
    content: dict[str, Any] = field(default_factory=dict[str, Any])  # transactionData


@dataclass(slots=True, kw_only=True)
class Redirect:
    """A page the consumer's browser is sent to, and the way back once a choice is made."""

    key: str
    record: Record
    location: str | None = None
    closed: bool = False  # the browser is gone and never comes back
