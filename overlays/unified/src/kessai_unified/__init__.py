"""VeriTrans4G Unified API: PayPay, 楽天ペイ, d払い, au, メルペイ behind one interface.

>>> from kessai_unified import UnifiedClient, models as m, parse_redirect, parse_webhook

``UnifiedClient`` and ``AsyncUnifiedClient`` hold the eight commands, ``models`` their requests and
answers, ``operations`` the constants for ``unified.raw``, ``refusals`` the errors by action code,
``signing`` the digests, ``wallets`` which command serves which wallet.
"""

from __future__ import annotations

from kessai_unified_api import models, operations

from . import refusals, signing, wallets
from ._version import __version__
from .callbacks import OtherPaymentError, Webhook, dedupe_key, parse_redirect, parse_webhook
from .client import AsyncUnifiedClient, UnifiedClient
from .refusals import UnifiedError
from .wallets import serves

__all__ = [
    "AsyncUnifiedClient",
    "OtherPaymentError",
    "UnifiedClient",
    "UnifiedError",
    "Webhook",
    "__version__",
    "dedupe_key",
    "models",
    "operations",
    "parse_redirect",
    "parse_webhook",
    "refusals",
    "serves",
    "signing",
    "wallets",
]
