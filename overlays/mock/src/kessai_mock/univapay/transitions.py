"""Which steps a resource may take.

Document: facts, Charge (the official Python and PHP libraries agree) and Refund and cancel. The
steps of a subscription are assumed.
"""

from __future__ import annotations

from typing import NamedTuple

NEW = ""
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


class Transition(NamedTuple):
    """One step of a kind of resource."""

    kind: str
    before: str
    after: str


class TransitionError(AssertionError):
    """The mock tried a step that is not in the table: a fault of the mock."""


TRANSITIONS: frozenset[Transition] = frozenset(
    Transition(kind, before, after)
    for kind, steps in _STEPS.items()
    for before, afters in steps.items()
    for after in afters.split()
)
