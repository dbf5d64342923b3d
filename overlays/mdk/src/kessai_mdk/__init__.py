"""VeriTrans4G MDK: cards, 3-D Secure, konbini, banks, wallets and carriers, for one merchant.

>>> from kessai_mdk import MdkClient, Settings, models as m, parse_push, parse_result, join

``MdkClient`` and ``AsyncMdkClient`` hold the 50 commands, ``models`` their requests and answers,
``operations`` the constants for ``mdk.raw``, ``refusals`` the errors, ``codes`` what is known of
vResultCode, ``signing`` the digests. What not every process needs is imported when it is first
used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kessai.lazy import lazily
from kessai_mdk_api import models

from ._version import __version__
from .client import AsyncMdkClient, MdkClient

if TYPE_CHECKING:
    from kessai_mdk_api import operations

    from . import codes, refusals, signing
    from .codes import ResultCode
    from .joining import OrderState, OrderStatus, Told, join
    from .notices import Notice, Push, UnknownRecord, dedupe_key, parse_push
    from .notices_receiver import AsyncPushReceiver, PushReceiver
    from .reading import SettingsError
    from .refusals import MdkError
    from .results import (
        OtherOrderError,
        Result,
        ResultService,
        StaleResultError,
        parse_result,
    )
    from .settings import Settings

__all__ = [
    "AsyncMdkClient",
    "AsyncPushReceiver",
    "MdkClient",
    "MdkError",
    "Notice",
    "OrderState",
    "OrderStatus",
    "OtherOrderError",
    "Push",
    "PushReceiver",
    "Result",
    "ResultCode",
    "ResultService",
    "Settings",
    "SettingsError",
    "StaleResultError",
    "Told",
    "UnknownRecord",
    "__version__",
    "codes",
    "dedupe_key",
    "join",
    "models",
    "operations",
    "parse_push",
    "parse_result",
    "refusals",
    "signing",
]

if not TYPE_CHECKING:
    _ROOMS = {
        "AsyncPushReceiver": "kessai_mdk.notices_receiver",
        "MdkError": "kessai_mdk.refusals",
        "Notice": "kessai_mdk.notices",
        "OrderState": "kessai_mdk.joining",
        "OrderStatus": "kessai_mdk.joining",
        "OtherOrderError": "kessai_mdk.results",
        "Push": "kessai_mdk.notices",
        "PushReceiver": "kessai_mdk.notices_receiver",
        "Result": "kessai_mdk.results",
        "ResultCode": "kessai_mdk.codes",
        "ResultService": "kessai_mdk.results",
        "Settings": "kessai_mdk.settings",
        "SettingsError": "kessai_mdk.reading",
        "StaleResultError": "kessai_mdk.results",
        "Told": "kessai_mdk.joining",
        "UnknownRecord": "kessai_mdk.notices",
        "codes": "kessai_mdk.codes",
        "dedupe_key": "kessai_mdk.notices",
        "join": "kessai_mdk.joining",
        "operations": "kessai_mdk_api.operations",
        "parse_push": "kessai_mdk.notices",
        "parse_result": "kessai_mdk.results",
        "refusals": "kessai_mdk.refusals",
        "signing": "kessai_mdk.signing",
    }

    __getattr__, __dir__ = lazily(__name__, _ROOMS, __all__)
