"""What a payment or an agreement can be, and what may follow what, wallet by wallet.

Handwritten from the guide's text, apart from the table the mock works by, so that each can find
fault with the other. The guide draws its life cycles and names no states: the names are ours.
Steps marked "assumed" are in no document.
"""

from __future__ import annotations

from typing import NamedTuple

NEW = ""  # the gateway does not know of it yet
WALLETS = ("paypay", "rakuten", "docomo", "au", "merpay")


class Step(NamedTuple):
    """One step of a payment ("single", "charge": on demand) or an agreement."""

    wallet: str
    kind: str
    before: str
    after: str


# What every wallet has.
_STEPS: dict[str, dict[str, str]] = {
    "single": {
        # Taken, refused, or nobody knows (UA-PND-001).
        NEW: "APPLIED FAILED PENDING",
        # The consumer pays, with or without a capture at once, or gives up.
        "APPLIED": "AUTHORIZED CAPTURED FAILED",
        # It comes out later, by getTransactionResult or webhook.
        "PENDING": "AUTHORIZED CAPTURED FAILED",
        # Captured once, in full or in part; or cancelled.
        "AUTHORIZED": "CAPTURED CANCELLED",
        # Refunded in parts until nothing is left.
        "CAPTURED": "CAPTURED CANCELLED",
    },
    "charge": {
        NEW: "AUTHORIZED CAPTURED FAILED PENDING",
        "PENDING": "AUTHORIZED CAPTURED FAILED",
        "AUTHORIZED": "CAPTURED CANCELLED",
        "CAPTURED": "CAPTURED CANCELLED",
    },
    "agreement": {
        NEW: "APPLIED FAILED PENDING",
        "APPLIED": "ACTIVE FAILED",
        "PENDING": "ACTIVE FAILED",
    },
}
# What only some have. Documented: the list of commands, the webhooks' conditions, the sandbox.
_ALSO: dict[str, dict[tuple[str, str], str]] = {
    "paypay": {
        # A consumer without balance is asked to pay (UA-U00-001); that it may fail is assumed.
        ("charge", NEW): "WAITING",
        ("charge", "WAITING"): "AUTHORIZED CAPTURED FAILED",
        ("agreement", "ACTIVE"): "TERMINATED DEREGISTERED",
    },
    "rakuten": {
        # Interrupted on the wallet's page.
        ("single", "APPLIED"): "PENDING",
        ("agreement", "APPLIED"): "PENDING",
        # Another amount, or a longer hold. No terminate and no notice of an end.
        ("single", "AUTHORIZED"): "AUTHORIZED",
        ("charge", "AUTHORIZED"): "AUTHORIZED",
    },
    "docomo": {("agreement", "ACTIVE"): "TERMINATED DEREGISTERED"},
    "au": {
        ("single", "AUTHORIZED"): "AUTHORIZED",  # and not for payments on demand
        ("agreement", "ACTIVE"): "TERMINATED DEREGISTERED",
    },
    "merpay": {("agreement", "ACTIVE"): "TERMINATED DEREGISTERED"},
}

STEPS: frozenset[Step] = frozenset(
    Step(wallet, kind, before, after)
    for wallet in WALLETS
    for kind, before, afters in [
        *((kind, before, a) for kind, table in _STEPS.items() for before, a in table.items()),
        *((kind, before, a) for (kind, before), a in _ALSO[wallet].items()),
    ]
    for after in afters.split()
)

# Which command's end is told by webhook, at which wallets (documented; "subscribe" with pay).
ALWAYS_TOLD: dict[str, frozenset[str]] = {
    "capture": frozenset(WALLETS),
    "cancel": frozenset(WALLETS),
    "charge": frozenset(WALLETS),
    "updateOrder": frozenset({"rakuten", "au"}),
    "terminate": frozenset(WALLETS) - {"rakuten"},
    "deregistraction": frozenset(WALLETS) - {"rakuten"},
}
DONE = frozenset({"UA-000-001", "UA-000-002"})


def told(command: str, wallet: str, code: str) -> bool:
    """Whether a webhook comes for a command that ended with a result code."""
    if command in {"pay", "subscribe"}:
        return code in DONE
    return wallet in ALWAYS_TOLD[command]


def updates(wallet: str, kind: str) -> bool:
    """Whether updateOrder serves this kind of payment."""
    return wallet == "rakuten" or (wallet == "au" and kind == "single")
