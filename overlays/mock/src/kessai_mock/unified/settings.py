"""What a merchant can have set, or what the mock has to assume because no document says it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from ..webhooks import Policy

MERCHANT_CCID = "KESSAI-MOCK-CCID"
# Hexadecimal digits, so that both readings of it as the key of an HMAC are possible.
MERCHANT_KEY = "5ca1ab1e0ddba115c0ffee00deadbeef"


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """How the mock of the Unified API behaves. Durations are seconds of virtual time.

    Documented: key_seconds (24 hours), that only 200 ends the repeats of a webhook.
    Everything else is assumed; the README lists what and why. Raises ValueError for a
    merchant key that key_encoding hex cannot decode.
    """

    merchant_ccid: str = MERCHANT_CCID
    merchant_key: str = field(default=MERCHANT_KEY, repr=False)
    key_encoding: Literal["utf-8", "hex"] = "utf-8"  # of the merchant key as key of the HMAC
    tokens: frozenset[str] | None = field(default=None, repr=False)  # None: any token will do
    in_flight: int | None = None  # requests at once; None: as many as come
    key_seconds: int = 86_400
    hold_days: int = 30  # how long an authorization can be captured
    hold_by_default: bool = True  # authCaptureType left out: auth, else auth_capture
    user_paying_seconds: int | None = 60  # until a consumer asked to pay does; None: never
    webhooks: Policy = field(default=Policy(repeats=5, interval=600.0, accepted=range(200, 201)))

    def __post_init__(self) -> None:
        if self.key_encoding == "hex":
            bytes.fromhex(self.merchant_key)
