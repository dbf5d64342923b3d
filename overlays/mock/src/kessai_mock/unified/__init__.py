"""The mock of VeriTrans4G Unified API 1.1.1 RC: its sandbox on this machine."""

from __future__ import annotations

from .app import create_app
from .gateway import Gateway
from .settings import MERCHANT_CCID, MERCHANT_KEY, Settings
from .transitions import TRANSITIONS, Transition

__all__ = [
    "MERCHANT_CCID",
    "MERCHANT_KEY",
    "TRANSITIONS",
    "Gateway",
    "Settings",
    "Transition",
    "create_app",
]
