"""What the manual says an order or a check can be in, and what may follow what.

Handwritten from the document, apart from the table the mock works by, so that each can find
fault with the other. The names are documented enumerations (order and verification status);
which step leads where is read from the sequences of each payment method. Steps marked
"assumed" are in no document.
"""

from __future__ import annotations

from typing import NamedTuple

NEW = ""  # the gateway does not know the order yet


class Step(NamedTuple):
    """One step of an order (by charge type) or of an identity check."""

    kind: str
    before: str
    after: str


STATES: dict[str, frozenset[str]] = {
    "CREDIT": frozenset(
        {"UNPROCESSED", "AUTHENTICATED", "AUTH", "CAPTURE", "SALES", "CHECK", "CANCEL"}
    ),
    "WALLET": frozenset(
        {
            "UNPROCESSED",
            "REQSUCCESS",
            "AUTHPROCESS",
            "AUTH",
            "CAPTURE",
            "SALES",
            "CANCEL",
            "REQRETURN",
            "RETURN",
            "PAYFAIL",
            "EXPIRED",
            "REGISTER",
            "END",
        }
    ),
    "CASH": frozenset(
        {"UNPROCESSED", "REQSUCCESS", "TRADING", "PAYSUCCESS", "EXPIRED", "CANCEL", "STOP"}
    ),
    "VERIFICATION": frozenset({"REQSUCCESS", "SUCCESS", "FAILURE", "CANCEL"}),
}

_STEPS: dict[str, dict[str, str]] = {
    "CREDIT": {
        # A charge or check is accepted, declined, or goes through 3-D Secure first.
        NEW: "UNPROCESSED AUTHENTICATED AUTH CAPTURE CHECK",
        # The same order tried again after a failure; assumed (a repeat runs again).
        "UNPROCESSED": "UNPROCESSED AUTHENTICATED AUTH CAPTURE CHECK",
        # The customer came back: authorized, checked, or not authenticated (assumed).
        "AUTHENTICATED": "UNPROCESSED AUTH CAPTURE CHECK",
        # Changed in amount or from hold to sale, captured, or cancelled.
        "AUTH": "AUTH CAPTURE SALES CANCEL",
        "CAPTURE": "AUTH CAPTURE CANCEL",
        "SALES": "AUTH CAPTURE CANCEL",
    },
    "WALLET": {
        # Sent to the wallet, charged on file, or declined.
        NEW: "UNPROCESSED REQSUCCESS AUTH CAPTURE",
        "UNPROCESSED": "UNPROCESSED REQSUCCESS AUTH CAPTURE",  # assumed, as above
        # The customer arrives at the wallet within 120 seconds, or does not.
        "REQSUCCESS": "AUTHPROCESS EXPIRED",
        # ... and approves a charge or a consent, refuses, or never ends.
        "AUTHPROCESS": "AUTH CAPTURE REGISTER PAYFAIL EXPIRED",
        "AUTH": "AUTH SALES CANCEL",
        # A refund is done at once, or (Amazon Pay) asked for and told by webhook.
        "CAPTURE": "CAPTURE CANCEL REQRETURN",
        "SALES": "SALES CANCEL REQRETURN",
        # It succeeded; or failed, and the payment is what it was (assumed).
        "REQRETURN": "RETURN CAPTURE SALES",
        "REGISTER": "END",
    },
    "CASH": {
        # Numbers are handed out (tills, Pay-easy), or an account (bank transfer), or not.
        NEW: "UNPROCESSED REQSUCCESS TRADING",
        "UNPROCESSED": "UNPROCESSED REQSUCCESS TRADING",  # assumed, as above
        "REQSUCCESS": "PAYSUCCESS EXPIRED CANCEL",
        # Deposits add up; a cancelled account is STOP (assumed).
        "TRADING": "TRADING PAYSUCCESS EXPIRED STOP",
        "PAYSUCCESS": "PAYSUCCESS",  # a deposit more
    },
    "VERIFICATION": {NEW: "REQSUCCESS", "REQSUCCESS": "SUCCESS FAILURE CANCEL"},
}

STEPS: frozenset[Step] = frozenset(
    Step(kind, before, after)
    for kind, table in _STEPS.items()
    for before, afters in table.items()
    for after in afters.split()
)

# What may become of the amount of a wallet's order (facts 4.1; the manual's matrix). Cards
# may do everything, cash nothing. "back": up to the original amount after a reduction.
HOLD_CHANGES: dict[str, frozenset[str]] = {
    "PAYPAY": frozenset(),
    "MERPAY": frozenset(),
    "DOCOMO": frozenset(),
    "RAKUTEN": frozenset({"up", "down"}),
    "AMAZON": frozenset({"up", "down"}),
    "AU_APP": frozenset({"up", "down"}),
}
SALE_CHANGES: dict[str, frozenset[str]] = {
    "PAYPAY": frozenset({"down"}),
    "MERPAY": frozenset({"down"}),
    "DOCOMO": frozenset({"down", "back"}),
    "RAKUTEN": frozenset({"up", "down"}),
    "AMAZON": frozenset({"down"}),
    "AU_APP": frozenset({"down"}),
}


def change_allowed(wallet: str, status: str, now: int, original: int, wanted: int) -> bool | None:
    """Whether the matrix lets a wallet's order change; None where it is silent (same amount)."""
    ways = (HOLD_CHANGES if status == "AUTH" else SALE_CHANGES)[wallet]
    if wanted == now:
        return None
    if wanted < now:
        return "down" in ways
    return "up" in ways or ("back" in ways and wanted <= original)
