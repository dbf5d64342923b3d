"""What the mock remembers: tokens, charges and what becomes of them, subscriptions, webhooks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from ..clock import Timer
from ..transitions import NEW
from ..webhooks import Delivery


@dataclass(slots=True, kw_only=True)
class Store:
    """One store; a store token names it, and it is there from then on."""

    id: str
    merchant_id: str
    name: str
    created: datetime


@dataclass(slots=True, kw_only=True)
class Token:
    """How a customer pays. `data` is what answers show of it, `card` the number none shows."""

    id: str
    store_id: str
    payment_type: str
    kind: str  # one_time, subscription, recurring
    mode: str
    email: str | None
    usage_limit: str | None
    metadata: dict[str, Any]
    data: dict[str, Any] = field(repr=False)
    created: datetime
    updated: datetime
    last_used: datetime | None = None
    active: bool = True
    deleted: bool = False
    used: bool = False
    card: str | None = field(default=None, repr=False)

    def shown(self, name: str) -> dict[str, Any]:
        """An object of `data`; empty where there is none."""
        found: dict[str, Any] | None = self.data.get(name)
        return found or {}


@dataclass(slots=True, kw_only=True)
class Resource:
    """What charges, refunds and cancels share. Only Gateway.step sets `status`."""

    id: str
    store_id: str
    mode: str
    created: datetime
    updated: datetime
    metadata: dict[str, Any]
    status: str = NEW
    error: dict[str, Any] | None = None


@dataclass(slots=True, kw_only=True)
class Charge(Resource):
    """One payment. Only `books` moves its money.

    `held`, `taken` and `returning` are what the ledger must say: reserved, with the merchant,
    on its way back to the customer. `fate` is the payment error it will end with. `instructions`
    are shown in metadata while the customer can pay.
    """

    token: Token
    amount: int
    currency: str
    merchant_id: str
    base: str  # where the mock was called, for its pages
    capture: bool = True
    capture_at: datetime | None = None
    only_direct_currency: bool = False
    merchant_transaction_id: str | None = None
    redirect: dict[str, Any] | None = None
    three_ds: dict[str, Any] | None = None
    subscription_id: str | None = None
    payment_id: str | None = None
    charged: int | None = None
    fate: int | None = None
    instructions: dict[str, Any] = field(default_factory=dict[str, Any])
    deadline: datetime | None = None
    timer: Timer | None = None  # what happens next by itself
    challenge: bool = False  # awaits the cardholder's 3-D Secure
    held: int = 0
    taken: int = 0
    returning: int = 0
    returned: int = 0
    hold_until: datetime | None = None
    hold_timer: Timer | None = None
    deposits: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    account: dict[str, Any] = field(default_factory=dict[str, Any])
    refunds: dict[str, Refund] = field(default_factory=dict[str, "Refund"])
    cancels: dict[str, Cancel] = field(default_factory=dict[str, "Cancel"])
    ended: Callable[[], None] | None = None  # whoever waits for its end: a subscription


@dataclass(slots=True, kw_only=True)
class Refund(Resource):
    """Money on its way back."""

    charge_id: str
    amount: int
    currency: str
    reason: str | None = None
    message: str | None = None


@dataclass(slots=True, kw_only=True)
class Cancel(Resource):
    """A charge taken back before money came, or while it was only held."""

    charge_id: str


@dataclass(slots=True, kw_only=True)
class Payment:
    """One payment of a subscription."""

    id: str
    due: date
    amount: int
    created: datetime
    updated: datetime
    number: int
    last: bool
    paid: bool = False
    retry: date | None = None
    retries: int = 0
    terminate: str | None = None
    charges: list[Charge] = field(default_factory=list[Charge])
    timer: Timer | None = None


@dataclass(slots=True, kw_only=True)
class Subscription(Resource):
    """Payments by one token, again and again. `plan` holds its settings as they were sent."""

    token: Token
    merchant_id: str
    base: str
    amount: int
    currency: str
    plan: dict[str, Any]
    payments: list[Payment] = field(default_factory=list[Payment])


@dataclass(slots=True, kw_only=True)
class Event:
    """One notice a webhook was told, and the delivery that carries it."""

    id: str
    hook_id: str
    name: str
    data: dict[str, Any] = field(repr=False)
    created: datetime
    delivery: Delivery | None = None


@dataclass(slots=True, kw_only=True)
class Hook:
    """Where notices go, of a store or, without a store, of the merchant."""

    id: str
    merchant_id: str
    store_id: str | None
    triggers: list[str]
    url: str
    auth_token: str | None = field(repr=False)
    created: datetime
    updated: datetime
    active: bool = True
    events: list[Event] = field(default_factory=list[Event])
