"""VeriTrans4G Unified API: PayPay, 楽天ペイ, d払い, au, メルペイ behind one interface.

>>> from kessai_unified import UnifiedClient, models as m, parse_redirect, parse_webhook

``UnifiedClient`` and ``AsyncUnifiedClient`` hold the eight commands, ``models`` their requests and
answers, ``operations`` the constants for ``unified.raw``, ``refusals`` the errors by action code,
``signing`` the digests, ``wallets`` which command serves which wallet. What not every process needs
is imported when it is first used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kessai.lazy import lazily
from kessai_unified_api import models

from ._version import __version__
from .client import AsyncUnifiedClient, UnifiedClient

if TYPE_CHECKING:
    from kessai_unified_api import operations

    from . import refusals, signing, wallets
    from .callbacks import OtherPaymentError, Webhook, dedupe_key, parse_redirect, parse_webhook
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

if not TYPE_CHECKING:
    _ROOMS = {
        "OtherPaymentError": "kessai_unified.callbacks",
        "UnifiedError": "kessai_unified.refusals",
        "Webhook": "kessai_unified.callbacks",
        "dedupe_key": "kessai_unified.callbacks",
        "operations": "kessai_unified_api.operations",
        "parse_redirect": "kessai_unified.callbacks",
        "parse_webhook": "kessai_unified.callbacks",
        "refusals": "kessai_unified.refusals",
        "serves": "kessai_unified.wallets",
        "signing": "kessai_unified.signing",
        "wallets": "kessai_unified.wallets",
    }

    __getattr__, __dir__ = lazily(__name__, _ROOMS, __all__)
