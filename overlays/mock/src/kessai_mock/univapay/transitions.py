"""Which steps a resource may take.

Document: facts, Charge (the official Python and PHP libraries agree) and Refund and cancel. The
steps of a subscription are assumed.
"""

from __future__ import annotations

from ..transitions import NEW, Transition, steps

FINAL = frozenset({"canceled", "error", "failed", "successful"})

_STEPS = {
    "charge": {
        NEW: "pending",
        "pending": "awaiting authorized successful failed error canceled",
        "awaiting": "authorized successful failed error canceled",
        "authorized": "successful failed error canceled",
    },
    "refund": {NEW: "pending", "pending": "successful failed error"},
    "cancel": {NEW: "pending", "pending": "successful failed error"},
    "subscription": {
        NEW: "unverified",
        "unverified": "current unconfirmed completed canceled suspended",
        "unconfirmed": "current completed canceled suspended",
        "current": "unpaid suspended canceled completed",
        "unpaid": "current suspended canceled completed",
        "suspended": "current unpaid canceled completed",
    },
}
TRANSITIONS: frozenset[Transition] = frozenset[Transition]().union(
    *(steps(kind, table) for kind, table in _STEPS.items())
)
