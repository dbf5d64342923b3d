"""What a shop can have set, or what the mock has to assume because no document says it."""

from __future__ import annotations

from dataclasses import dataclass, field

from ..webhooks import Policy


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """How the mock of GMO PG behaves. Durations are seconds of virtual time.

    Documented: token_seconds (3600), hold_days (60), redirect_seconds (120),
    key_seconds (24 hours), the webhook policy, in-flight limits when `in_flight` is None.
    Everything else is assumed; the README lists what and why.
    """

    shop_id: str | None = None  # None: any shop may call
    shop_password: str | None = None  # None: any password will do
    in_flight: int | None = None  # None: 5 per endpoint, 10 for /order/*
    token_seconds: int = 3600
    key_seconds: int = 86_400
    hold_days: int = 60
    redirect_seconds: int = 120
    pci_dss: bool = True  # whether the shop may send card numbers itself
    refund_limit: int = 10  # reductions of one settled order
    wallet_session_seconds: int = 1800  # a customer who opened the wallet and never finished
    frontend_seconds: int = 1800  # a front-end payment nobody approved
    frontend_notice_seconds: int = 60  # verifyCharge within it keeps the webhook from going out
    refund_seconds: int = 60  # Amazon Pay: from REQRETURN to RETURN
    consent_removal_seconds: int = 60  # member/delete: until wallet consents end
    screening_seconds: int = 60  # asyncMode: until the screening result can be inquired
    shop_period_days: int = 10  # cash payment without a period: the shop's default
    webhooks: Policy = field(default_factory=Policy)
