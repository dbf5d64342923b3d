"""What the mock remembers: orders and the transactions of each, tokens, pages."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from ..clock import Timer
from .results import Mstatus

if TYPE_CHECKING:
    from .service import Answer

NEW = ""  # an order before its first command has ended


@dataclass(slots=True, kw_only=True)
class Transaction:
    """One command on an order, or one thing that happened to it; what Search shows.

    `own` becomes properTransactionInfo. `kind` is its txnKind.
    """

    txn_id: str
    command: str
    at: datetime
    mstatus: Mstatus
    code: str  # vResultCode, 16 characters
    amount: int | None = None  # yen
    kind: str | None = None
    own: dict[str, Any] = field(default_factory=dict[str, Any])


@dataclass(slots=True, kw_only=True)
class Later:
    """A command that was answered as pending: its transaction, and how it is done after all.

    `apply` raises RefusalError when it cannot be done any more.
    """

    transaction: Transaction
    apply: Callable[[], Answer]


@dataclass(slots=True, kw_only=True)
class Order:
    """One orderId of the merchant's. Only `books` moves its money, only Gateway.step its status.

    `held` and `taken` are what the ledger must say: yen reserved, yen the merchant has.
    `own` is the service's memory, `info` what Search gives as properOrderInfo.
    """

    order_id: str
    service: str
    dummy: bool
    created: datetime
    updated: datetime
    status: str = NEW
    amount: int | None = None  # yen asked for
    held: int = 0
    taken: int = 0
    hold_until: datetime | None = None
    hold_timer: Timer | None = None
    option: str | None = None  # serviceOptionType
    push_url: str | None = None
    original: Order | None = None
    transactions: list[Transaction] = field(default_factory=list[Transaction])
    later: Later | None = None
    memos: dict[str, str] = field(default_factory=dict[str, str])  # memo1-3, freeKey, accountId
    own: dict[str, Any] = field(default_factory=dict[str, Any])
    info: dict[str, Any] = field(default_factory=dict[str, Any])


@dataclass(slots=True, kw_only=True)
class Token:
    """A card the token server keeps for 15 minutes, for one payment."""

    value: str
    ours: bool  # made under this merchant's token_api_key
    number: str = field(repr=False)
    expire: str = field(repr=False)
    until: datetime
    used: bool = False


@dataclass(slots=True, kw_only=True)
class Page:
    """An address a browser was sent to. `own` is the service's memory of this one visit."""

    key: str
    order: Order
    opened: datetime
    own: dict[str, Any] = field(default_factory=dict[str, Any])
