"""What a command is given, and what it gives back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from ..body import Body
from .gateway import Gateway
from .simulation import Verdict


class Call(NamedTuple):
    """One request that has passed every check of its form."""

    gateway: Gateway
    command: str
    body: Body
    base: str  # scheme and host the caller used, for the addresses of pages
    provider: str | None = None  # the result code a script has the provider say

    def verdict(self, wallet: str, **chosen: str | list[str]) -> Verdict:
        """What the provider says: as scripted, else by the sandbox's tables."""
        simulation = self.gateway.simulation
        if self.provider is not None:
            return simulation.said(wallet, self.provider)
        values = {
            name: [value] if isinstance(value, str) else value for name, value in chosen.items()
        }
        return simulation.answer(wallet, self.command, values)


class Answer(NamedTuple):
    """An answer by its result code; members that are None are left out on the wire."""

    code: str
    content: dict[str, Any]


Handler = Callable[[Call], Answer]


class Operation(NamedTuple):
    """One command: what it is called, what it takes, who does it."""

    name: str  # operationId, and the last part of the path
    model: str  # component of the request in specs/unified/openapi.yaml
    handler: Handler
    idempotent: bool = True
