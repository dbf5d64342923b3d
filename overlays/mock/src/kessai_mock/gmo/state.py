"""What the mock remembers: orders, members with their cards and wallets, verifications."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from ..clock import Timer
from ..transitions import NEW
from ..webhooks import Delivery


class ChargeType(StrEnum):
    """How an order is paid."""

    CREDIT = "CREDIT"
    WALLET = "WALLET"
    CASH = "CASH"


class Purpose(StrEnum):
    """What an order is for."""

    CHARGE = "charge"
    CHECK = "check"  # verifyCard: no amount
    CONSENT = "consent"  # authorizeAccount: no amount


@dataclass(slots=True, kw_only=True)
class Card:
    """A card as the mock knows it. `number` never leaves it unmasked."""

    number: str = field(repr=False)
    holder: str | None = field(default=None, repr=False)
    month: str = field(repr=False)
    year: str = field(repr=False)
    kind: str = "CREDIT_CARD"  # or APPLE_PAY, GOOGLE_PAY


@dataclass(slots=True, kw_only=True)
class StoreWish:
    """Where a verified card is to be stored (onfileCardOptions)."""

    at: str  # the member's path in the request, for messages
    member_id: str
    member_name: str | None
    card_id: str | None
    create_member: bool
    set_default: bool
    duplicates: bool
    deleted_too: bool
    excluded: tuple[str, ...]


@dataclass(slots=True, kw_only=True)
class Tds:
    """3-D Secure of one order: what was asked for and what came out."""

    automatic: bool
    allow_attempt: str
    wants_challenge: bool
    outcome: str | None = None  # the button the customer pressed
    result: str | None = None  # Y A N U R
    eci: str | None = None
    reason: str | None = None
    challenged: bool = False


@dataclass(slots=True, kw_only=True)
class Screening:
    """Fraud screening of one order."""

    code: str
    transaction_id: str
    asynchronous: bool
    stops: bool  # the shop asked for no authorization on such a result
    ready: datetime


@dataclass(slots=True, kw_only=True)
class Failure:
    """Why the last operation on an order failed (errorInformation)."""

    title: str
    detail: str


@dataclass(slots=True, kw_only=True)
class Order:
    """One order of one shop, of any charge type; members that do not apply stay None."""

    shop: str
    access_id: str
    access_pass: str
    order_id: str
    charge_type: ChargeType
    method: str  # CREDIT_CARD, APPLE_PAY, GOOGLE_PAY, a wallet or a cash type
    created: datetime
    updated: datetime
    purpose: Purpose = Purpose.CHARGE
    status: str = NEW
    amount: int | None = None
    original_amount: int | None = None
    mode: str | None = None  # AUTH or CAPTURE
    client_fields: dict[str, str] | None = None
    callback_url: str | None = None
    webhook_url: str | None = None
    csrf_token: str | None = field(default=None, repr=False)
    failure: Failure | None = None
    refunds: int = 0
    hold_until: datetime | None = None
    hold_timer: Timer | None = None
    # card
    card: Card | None = None
    tds: Tds | None = None
    screening: Screening | None = None
    store: StoreWish | None = None
    stored: StoredCard | None = None  # where the card was stored
    onfile: StoredCard | None = None  # the stored card that was used
    approval_code: str | None = None
    network_id: str | None = None
    acted: datetime | None = None
    # wallet
    settlement_code: str | None = None
    acceptance_code: str | None = None
    member_id: str | None = None
    member_name: str | None = None
    create_member: bool = False
    checkout_session_id: str | None = None
    ships: bool = False
    frontend_id: str | None = None
    notice: Delivery | None = None
    returning: str | None = None  # the status to go back to if a refund fails
    # cash
    konbini: str | None = None
    numbers: dict[str, str] = field(default_factory=dict[str, str])
    due: datetime | None = None
    deposited: int = 0
    timer: Timer | None = None


@dataclass(slots=True, kw_only=True)
class StoredCard:
    """A card of a member. `card_id` counts up and is never given to another card."""

    member_id: str
    card_id: str
    card: Card
    default: bool = False
    deleted: bool = False


@dataclass(slots=True, kw_only=True)
class Member:
    """A member of the shop; a deleted one keeps its id for ever."""

    member_id: str
    name: str | None
    deleted: bool = False
    cards: list[StoredCard] = field(default_factory=list[StoredCard])
    wallets: dict[str, Order] = field(default_factory=dict[str, Order])  # wallet type -> consent

    def active(self) -> list[StoredCard]:
        """The cards that can be used, by index (論理連番)."""
        return [stored for stored in self.cards if not stored.deleted]


@dataclass(slots=True, kw_only=True)
class Verification:
    """One identity check by SMS."""

    shop: str
    access_id: str
    verification_id: str
    type: str
    pin_digits: int
    retries: int
    created: datetime
    updated: datetime
    callback_url: str
    csrf_token: str | None = field(default=None, repr=False)
    status: str = NEW
    failed_tries: int = 0
    timer: Timer | None = None


@dataclass(slots=True, kw_only=True)
class Redirect:
    """An address the customer's browser is sent to."""

    key: str
    kind: str  # tds2, wallet, verify
    target: Order | Verification
    until: datetime
    opened: bool = False
    closed: bool = False


@dataclass(slots=True, kw_only=True)
class Shop:
    """Everything one shop has at the gateway."""

    shop_id: str
    orders: dict[str, Order] = field(default_factory=dict[str, Order])  # by orderId
    members: dict[str, Member] = field(default_factory=dict[str, Member])
    verifications: dict[str, Verification] = field(default_factory=dict[str, Verification])
    used_tokens: set[str] = field(default_factory=lambda: set[str](), repr=False)
