"""The mock of UnivaPay: tokens, charges, konbini, subscriptions, webhooks, on this machine."""

from __future__ import annotations

from ..transitions import Transition
from .app import create_app
from .gateway import Gateway
from .jwt import app_token
from .settings import MERCHANT_ID, SECRET, STORE_ID, Settings

__all__ = [
    "MERCHANT_ID",
    "SECRET",
    "STORE_ID",
    "Gateway",
    "Settings",
    "Transition",
    "app_token",
    "create_app",
]
