"""PAYTREE: QR payments at the till, typed and signed.

>>> from kessai_paytree import PaytreeClient, PayRequest, PayType, Settings

``PaytreeClient`` and ``AsyncPaytreeClient`` take ``PayRequest``, ``RefundRequest``,
``ReverseRequest``, ``DepositRequest`` and ``ConfirmRequest``, and run the manual's whole sequence
for each. ``errors`` holds what they raise, ``signing`` the signatures, ``models`` the messages on
the wire. What not every process needs is imported when it is first used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kessai.lazy import lazily
from kessai_paytree_api import models

from ._version import __version__
from .async_client import AsyncPaytreeClient
from .client import PaytreeClient
from .requests import ConfirmRequest, DepositRequest, PayRequest, RefundRequest, ReverseRequest
from .settings import Settings

if TYPE_CHECKING:
    from kessai_paytree_api.models import PayType, RequestType, TransStatus, ValueType

    from . import errors, signing
    from .errors import Escalation, PaytreeError
    from .lock import AlreadyRunningError
    from .progress import AsyncProgress, Progress
    from .results import (
        Complete,
        ConfirmResult,
        DepositResult,
        Failed,
        PayResult,
        RefundResult,
        ReverseResult,
    )
    from .settings import SettingsError, SettingsWarning

__all__ = [
    "AlreadyRunningError",
    "AsyncPaytreeClient",
    "AsyncProgress",
    "Complete",
    "ConfirmRequest",
    "ConfirmResult",
    "DepositRequest",
    "DepositResult",
    "Escalation",
    "Failed",
    "PayRequest",
    "PayResult",
    "PayType",
    "PaytreeClient",
    "PaytreeError",
    "Progress",
    "RefundRequest",
    "RefundResult",
    "RequestType",
    "ReverseRequest",
    "ReverseResult",
    "Settings",
    "SettingsError",
    "SettingsWarning",
    "TransStatus",
    "ValueType",
    "__version__",
    "errors",
    "models",
    "signing",
]

if not TYPE_CHECKING:
    _ROOMS = {
        "AlreadyRunningError": "kessai_paytree.lock",
        "AsyncProgress": "kessai_paytree.progress",
        "Complete": "kessai_paytree.results",
        "ConfirmResult": "kessai_paytree.results",
        "DepositResult": "kessai_paytree.results",
        "Escalation": "kessai_paytree.errors",
        "Failed": "kessai_paytree.results",
        "PayResult": "kessai_paytree.results",
        "PayType": "kessai_paytree_api.models",
        "PaytreeError": "kessai_paytree.errors",
        "Progress": "kessai_paytree.progress",
        "RefundResult": "kessai_paytree.results",
        "RequestType": "kessai_paytree_api.models",
        "ReverseResult": "kessai_paytree.results",
        "SettingsError": "kessai_paytree.settings",
        "SettingsWarning": "kessai_paytree.settings",
        "TransStatus": "kessai_paytree_api.models",
        "ValueType": "kessai_paytree_api.models",
        "errors": "kessai_paytree.errors",
        "signing": "kessai_paytree.signing",
    }

    __getattr__, __dir__ = lazily(__name__, _ROOMS, __all__)
