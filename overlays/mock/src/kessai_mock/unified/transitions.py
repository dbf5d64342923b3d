"""The states of payments and agreements, and which may follow which.

The document draws its life cycles in pictures that were not at hand; the states' names are
ours, what follows what is read from the text on commands, webhooks and results.
"""

from __future__ import annotations

from typing import NamedTuple

NEW = ""  # before the gateway knows of it


class Transition(NamedTuple):
    """One step an order of a kind may take."""

    kind: str  # single, agreement or charge
    before: str
    after: str


class TransitionError(AssertionError):
    """The mock tried a step that is in no table: a fault of the mock."""


def _steps(kind: str, table: dict[str, str]) -> frozenset[Transition]:
    return frozenset(
        Transition(kind, before, after)
        for before, afters in table.items()
        for after in afters.split()
    )


# After authorization a single payment and one on demand live alike.
_PAID = {
    "AUTHORIZED": "AUTHORIZED CAPTURED CANCELLED",  # to itself: updateOrder
    "CAPTURED": "CAPTURED CANCELLED",  # to itself: a refund of a part
}
SINGLE = _steps(
    "single",
    {
        NEW: "APPLIED FAILED PENDING",
        "APPLIED": "AUTHORIZED CAPTURED FAILED PENDING",
        "PENDING": "AUTHORIZED CAPTURED FAILED",
        **_PAID,
    },
)
CHARGE = _steps(
    "charge",
    {
        NEW: "AUTHORIZED CAPTURED FAILED PENDING WAITING",
        "WAITING": "AUTHORIZED CAPTURED FAILED",
        "PENDING": "AUTHORIZED CAPTURED FAILED",
        **_PAID,
    },
)
AGREEMENT = _steps(
    "agreement",
    {
        NEW: "APPLIED FAILED PENDING",
        "APPLIED": "ACTIVE FAILED PENDING",
        "PENDING": "ACTIVE FAILED",
        "ACTIVE": "TERMINATED DEREGISTERED",
    },
)
TRANSITIONS: frozenset[Transition] = SINGLE | CHARGE | AGREEMENT
