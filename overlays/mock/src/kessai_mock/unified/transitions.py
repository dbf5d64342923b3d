"""The states of payments and agreements, and which may follow which.

The document draws its life cycles in pictures that were not at hand; the states' names are
ours, what follows what is read from the text on commands, webhooks and results.
"""

from __future__ import annotations

from ..transitions import NEW, Transition, steps

# After authorization a single payment and one on demand live alike.
_PAID = {
    "AUTHORIZED": "AUTHORIZED CAPTURED CANCELLED",  # to itself: updateOrder
    "CAPTURED": "CAPTURED CANCELLED",  # to itself: a refund of a part
}
SINGLE = steps(
    "single",
    {
        NEW: "APPLIED FAILED PENDING",
        "APPLIED": "AUTHORIZED CAPTURED FAILED PENDING",
        "PENDING": "AUTHORIZED CAPTURED FAILED",
        **_PAID,
    },
)
CHARGE = steps(
    "charge",
    {
        NEW: "AUTHORIZED CAPTURED FAILED PENDING WAITING",
        "WAITING": "AUTHORIZED CAPTURED FAILED",
        "PENDING": "AUTHORIZED CAPTURED FAILED",
        **_PAID,
    },
)
AGREEMENT = steps(
    "agreement",
    {
        NEW: "APPLIED FAILED PENDING",
        "APPLIED": "ACTIVE FAILED PENDING",
        "PENDING": "ACTIVE FAILED",
        "ACTIVE": "TERMINATED DEREGISTERED",
    },
)
TRANSITIONS: frozenset[Transition] = SINGLE | CHARGE | AGREEMENT
