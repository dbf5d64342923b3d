"""The mock of VeriTrans4G MDK's gateway: its dummy mode, and a live one, on this machine."""

from __future__ import annotations

from ..transitions import Transition
from .app import create_app
from .gateway import Gateway
from .settings import MERCHANT_CCID, MERCHANT_SECRET_KEY, TOKEN_API_KEY, Settings

__all__ = [
    "MERCHANT_CCID",
    "MERCHANT_SECRET_KEY",
    "TOKEN_API_KEY",
    "Gateway",
    "Settings",
    "Transition",
    "create_app",
]
