"""What a forked child must not share with its parent."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Final, Protocol
from weakref import WeakSet

if TYPE_CHECKING:
    from collections.abc import Callable


class Forked(Protocol):
    """What is told in the child that it has been forked."""

    def forked(self) -> None:
        """Leave behind what belongs to the parent; there is one thread, and locks may be held."""
        ...


_told: Final[WeakSet[Forked]] = WeakSet()


def after_forks(client: Forked) -> None:
    """Have ``client.forked`` called in every child that is forked while ``client`` lives."""
    _told.add(client)


def _in_child() -> None:
    for client in list(_told):
        client.forked()


_register: Callable[..., None] | None = getattr(os, "register_at_fork", None)
if _register is not None:  # there is none where there is no fork
    _register(after_in_child=_in_child)
