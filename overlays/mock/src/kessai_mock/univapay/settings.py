"""What a merchant can have set, or what the mock has to assume because no document says it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from ..webhooks import Policy

MERCHANT_ID = "11ec9f7f-0000-2620-af32-af7eb1bedc1a"
STORE_ID = "11ec9f7f-fb01-2620-af32-af7eb1bedc1a"
SECRET = "kessai-mock"  # noqa: S105 - the mock's own; any other is as good unless one is set


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """How the mock of UnivaPay behaves. Durations are seconds of virtual time.

    From documents: token_seconds and pay_seconds (5 minutes), quick_seconds, key_seconds (24
    hours), polling_seconds, the webhooks' attempts. Everything else is assumed; the README says
    what and why.

    `app_tokens` and `secret`: what is let in; without them any app token of test mode that is
    signed with HS256, and any secret. `too_quick`: a second equal charge is refused (400
    CHARGE_TOO_QUICK) or fails (payment error 311); the sources do not agree. `polling`: whether a
    request that polls moves the clock, or waits for it to be moved. `disabled`: payment types the
    store does not take. `limited`: whether the token buckets are enforced.
    """

    app_tokens: frozenset[str] | None = field(default=None, repr=False)
    secret: str | None = field(default=None, repr=False)
    processing_seconds: float = 1.0  # from a request to its result
    token_seconds: int = 300  # how long one-time and subscription tokens can be used
    pay_seconds: int = 300  # wallets and 3-D Secure: how long the customer has
    quick_seconds: int = 30
    key_seconds: int = 86_400
    polling_seconds: float = 3.0
    polling: Literal["advance", "wait"] = "advance"
    hold_days: int = 60  # how long an authorization can be captured
    too_quick: Literal["refuse", "fail"] = "refuse"
    metadata_numbers: bool = True  # digits come back as a number once it is paid
    envelope: Literal["full", "short"] = "full"
    bearer: bool = False  # whether `Bearer ` stands before a webhook's auth_token
    disabled: frozenset[str] = frozenset()
    direct_cards: bool = True  # whether a card token may be made by API
    recurring: Literal["infinite", "bounded", "none"] = "infinite"
    limited: bool = False
    webhooks: Policy = field(default=Policy(repeats=9, interval=60.0))
