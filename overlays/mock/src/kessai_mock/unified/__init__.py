"""The mock of VeriTrans4G Unified API 1.1.1 RC: its sandbox on this machine."""

from __future__ import annotations

from ..transitions import Transition
from .app import create_app
from .gateway import Gateway
from .settings import MERCHANT_CCID, MERCHANT_KEY, Settings
from .transitions import TRANSITIONS

__all__ = [
    "MERCHANT_CCID",
    "MERCHANT_KEY",
    "TRANSITIONS",
    "Gateway",
    "Settings",
    "Transition",
    "create_app",
]
