"""What a merchant has registered, and what the mock has to assume because no document says it."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """How the mock of PAYTREE behaves. Durations are seconds of virtual time.

    Documented: the test classes (section 5 of the library's manual). All else is assumed; the
    README lists what and why. A key that is none is found when the mock is made (ValueError).
    """

    merchant_id: str | None = None  # None: any
    merchant_public_key: bytes | None = None  # PEM; None: any signature of the right length
    private_key: bytes | None = field(default=None, repr=False)  # PEM, the mock's own; None: a new
    pay: int = 0  # test classes
    refund: int = 0
    reverse: int = 0
    deposit: int = 0
    confirms: int | None = 2  # which confirmation finds a waiting payment ended; None: none does
    outage: int = 3  # confirmations that are lost after a network error
    approval_seconds: float = 300.0  # how long a customer has
