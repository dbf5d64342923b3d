"""What a merchant can have set, or what the mock has to assume because no document says it."""

from __future__ import annotations

from dataclasses import dataclass, field

from ..webhooks import Policy

MERCHANT_CCID = "A100000000000000000001cc"
MERCHANT_SECRET_KEY = "0123456789abcdef" * 4
TOKEN_API_KEY = "c0ffee00-1234-4abc-8def-0123456789ab"  # noqa: S105 - the mock's own


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """How the mock of the MDK behaves. Durations are seconds of virtual time.

    From documents: token_seconds (15 minutes), start_seconds (authStartUrl, 3 minutes),
    bank_page_seconds (30 minutes), alipay_seconds (30 minutes). Everything else is assumed;
    the README lists what and why. Raises ValueError for a merchant secret key that is not
    hexadecimal, since the HMAC of a PUSH is keyed with its bytes.
    """

    merchant_ccid: str = MERCHANT_CCID
    merchant_secret_key: str = field(default=MERCHANT_SECRET_KEY, repr=False)
    token_api_key: str = field(default=TOKEN_API_KEY, repr=False)
    security_code_needed: bool = False  # by the token server; set for each merchant
    push_url: str | None = None  # registered for the merchant; a request's pushUrl goes first
    redirection_uri: str = "https://shop.example/mpi/return"  # registered; a request's goes first
    thanks_url: str = "https://shop.example/thanks"  # registered: where a bank's pages end
    token_seconds: int = 900
    start_seconds: int = 180
    bank_page_seconds: int = 1800
    alipay_seconds: int = 1800
    hold_days: int = 60  # how long an authorization can be captured
    paypal_report_days: int = 3  # from a capture or refund to PayPal's confirmed report
    screening_seconds: int = 600  # from an application for shopping credit to its result
    disuse_days: int = 180  # until an unused on-demand agreement is deleted by the carrier
    search_lag: float = 0.0  # until Search shows what was done
    webhooks: Policy = field(default=Policy(repeats=5, interval=600.0))

    def __post_init__(self) -> None:
        bytes.fromhex(self.merchant_secret_key)
