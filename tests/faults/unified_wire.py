"""The Unified API's mock behind a network that loses things, for both clients and both auths."""

from __future__ import annotations

from typing import Any

from kessai import Environment
from kessai_mock.unified import MERCHANT_CCID, MERCHANT_KEY
from kessai_unified import AsyncUnifiedClient, UnifiedClient

from tests.faults import wire
from tests.faults.wire import LANDED, MODES, Mode
from tests.unit.mock.unified.driver import BASE, ORIGIN

__all__ = ["LANDED", "MODES", "Caller", "Mode", "Wire"]

CREDENTIALS: dict[str, dict[str, Any]] = {
    "hmac": {"merchant_ccid": MERCHANT_CCID, "merchant_key": MERCHANT_KEY},
    "bearer": {"bearer_token": "any-token", "merchant_ccid": MERCHANT_CCID},
}


class Wire(wire.Wire):
    """Carries requests to the mock, with a fault for each attempt it is told about."""

    key_header = "x-vt-idempotency-key"

    def options(self) -> dict[str, Any]:
        """What a client of this network is told; its pauses take no time."""
        return {"environment": Environment(api=ORIGIN + BASE), **super().options()}


class Caller(wire.Caller):
    """A sync or an async client, called alike."""

    def __init__(self, flavour: str, wire: Wire, auth: str = "hmac", **more: Any) -> None:
        options = {**wire.options(), **CREDENTIALS[auth], **more}
        if flavour == "sync":
            super().__init__(wire, sync=UnifiedClient(**options))
        else:
            super().__init__(wire, asynchronous=AsyncUnifiedClient(**options))
