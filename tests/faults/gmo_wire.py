"""GMO's mock behind a network that loses things, for both clients."""

from __future__ import annotations

from typing import Any

from kessai import Environment
from kessai_gmo import AsyncGmoClient, GmoClient

from tests.faults import wire
from tests.faults.wire import LANDED, MODES, Mode
from tests.unit.mock.driver import ORIGIN, SHOP

__all__ = ["LANDED", "MODES", "Caller", "Mode", "Wire"]


class Wire(wire.Wire):
    """Carries requests to the mock, with a fault for each attempt it is told about."""

    def options(self) -> dict[str, Any]:
        """What a client of this network is told; its pauses take no time."""
        return {"environment": Environment(api=ORIGIN, token=ORIGIN), **super().options()}


class Caller(wire.Caller):
    """A sync or an async client, called alike."""

    def __init__(self, flavour: str, wire: Wire) -> None:
        options = wire.options()
        if flavour == "sync":
            super().__init__(wire, sync=GmoClient(*SHOP, **options))
        else:
            super().__init__(wire, asynchronous=AsyncGmoClient(*SHOP, **options))
