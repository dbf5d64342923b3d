"""Which steps the things of a mock may take, and what stops one that is in no table."""

from __future__ import annotations

from collections.abc import Mapping, Set
from typing import NamedTuple

NEW = ""  # before the gateway knows of it


class Transition(NamedTuple):
    """One step that a thing of a kind (a charge type, a service, a resource) may take."""

    kind: str
    before: str
    after: str


class TransitionError(AssertionError):
    """The mock tried a step that is in no table: a fault of the mock."""


def steps(kind: str, table: Mapping[str, str]) -> frozenset[Transition]:
    """The steps of a kind: each state, and those that may follow it, apart by spaces."""
    return frozenset(
        Transition(kind, before, after)
        for before, afters in table.items()
        for after in afters.split()
    )


def take(kind: str, before: str, after: str, known: Set[Transition]) -> Transition:
    """A step that is about to be taken. Raises TransitionError when it is not a known one."""
    transition = Transition(kind, before, after)
    if transition not in known:
        raise TransitionError(f"{kind}: {before or 'new'} to {after}")
    return transition
