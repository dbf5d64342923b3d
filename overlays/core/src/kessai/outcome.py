"""How a call whose outcome was unknown can end.

::

    Outcome
    ├── Done                  carried out
    │   └── Paid              carried out, and it moved money
    │       └── PaidCheckNeeded   paid, but the gateway wants it looked at by a person
    ├── NotDone               definitely not carried out
    │   └── NotPaid           likewise, of an operation that moves money
    ├── Open                  not settled: why, until when it can be, and what was tried
    ├── Doubled               carried out twice; both are named
    └── Stray                 something was found that no call of ours asked for

A redirect, a wait for the customer or for a deposit is a state of a payment and no end: ``Open``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from kessai.errors import KessaiError
    from kessai.operation import Answer


class Outcome:
    """What is known about a call now.

    - ``operation``: the gateway's name of the call; ``reference``: what the gateway was asked by
    - ``state``: the gateway's word for the state that was found, or None
    - ``answer``: what the gateway answered to the question, or None when none was asked
    - ``replayed``: the order's own answer, when it was replayed (it holds a redirect's URL)
    - ``tried``: what was tried, in order, in words
    """

    __slots__ = ("answer", "operation", "reference", "replayed", "state", "tried")

    def __init__(
        self,
        *,
        operation: str,
        reference: Mapping[str, str],
        state: str | None = None,
        answer: Answer[Any] | None = None,
        replayed: Answer[Any] | None = None,
        tried: Sequence[str] = (),
    ) -> None:
        self.operation: str = operation
        self.reference: dict[str, str] = dict(reference)
        self.state: str | None = state
        self.answer: Answer[Any] | None = answer
        self.replayed: Answer[Any] | None = replayed
        self.tried: tuple[str, ...] = tuple(tried)

    def __repr__(self) -> str:
        """Show the operation and the state."""
        state = "" if self.state is None else f" {self.state}"
        return f"<{type(self).__name__} {self.operation}{state}>"


class Done(Outcome):
    """The operation was carried out."""

    __slots__ = ()


class Paid(Done):
    """The money moved, or is held for this order."""

    __slots__ = ()


class PaidCheckNeeded(Paid):
    """The money moved, and a person has to check it. Nothing cancels it by itself."""

    __slots__ = ()


class NotDone(Outcome):
    """The operation was definitely not carried out."""

    __slots__ = ()


class NotPaid(NotDone):
    """The money definitely did not move."""

    __slots__ = ()


class Open(Outcome):
    """Not settled.

    ``reason``: why, in words; ``until``: when the gateway's means of settling it end (aware), or
    None where they do not end or there are none; ``error``: what the last question or replay ended
    with, where that is why.
    """

    __slots__ = ("error", "reason", "until")

    def __init__(
        self,
        *,
        operation: str,
        reference: Mapping[str, str],
        reason: str,
        until: datetime | None = None,
        error: KessaiError | None = None,
        state: str | None = None,
        answer: Answer[Any] | None = None,
        replayed: Answer[Any] | None = None,
        tried: Sequence[str] = (),
    ) -> None:
        super().__init__(
            operation=operation,
            reference=reference,
            state=state,
            answer=answer,
            replayed=replayed,
            tried=tried,
        )
        self.reason: str = reason
        self.until: datetime | None = until
        self.error: KessaiError | None = error

    def __repr__(self) -> str:
        """Show the operation and the reason."""
        return f"<Open {self.operation}: {self.reason}>"


class Doubled(Outcome):
    """The operation was carried out twice; ``references`` names both.

    ``reference`` is what the gateway was asked by, or the first of them.
    """

    __slots__ = ("references",)

    def __init__(
        self,
        *,
        operation: str,
        references: Sequence[Mapping[str, str]],
        reference: Mapping[str, str] | None = None,
        state: str | None = None,
        answer: Answer[Any] | None = None,
        replayed: Answer[Any] | None = None,
        tried: Sequence[str] = (),
    ) -> None:
        if reference is None:
            reference = references[0] if references else {}
        super().__init__(
            operation=operation,
            reference=reference,
            state=state,
            answer=answer,
            replayed=replayed,
            tried=tried,
        )
        self.references: tuple[dict[str, str], ...] = tuple(map(dict, references))


class Stray(Outcome):
    """The gateway knows of something that no call of ours asked for."""

    __slots__ = ()
