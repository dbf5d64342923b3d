"""UnivaPay: tokens, charges, konbini, subscriptions, webhooks.

>>> from kessai_univapay import UnivapayClient, models as m, parse_webhook

``UnivapayClient`` and ``AsyncUnivapayClient`` hold the operations in groups, ``models`` their
requests and answers, ``operations`` the constants for ``univapay.raw``, ``refusals`` the errors,
``paginate`` goes through lists. What not every process needs is imported when it is first used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kessai.lazy import lazily
from kessai_univapay_api import models

from ._version import __version__
from .client import AsyncUnivapayClient, UnivapayClient

if TYPE_CHECKING:
    from kessai_univapay_api import operations

    from . import refusals
    from .auth import AppToken, read_app_token
    from .callbacks import THREE_DS_EVENTS, dedupe_key, parse_webhook
    from .events import Event, UnknownEvent
    from .konbini import PAY_EASY_COLLECTING_AGENCY, KonbiniPayment, is_paid
    from .limits import RateLimits, rate_limits
    from .paging import paginate, paginate_async
    from .refusals import PaymentError, StillWaitingError, UnivapayError

__all__ = [
    "PAY_EASY_COLLECTING_AGENCY",
    "THREE_DS_EVENTS",
    "AppToken",
    "AsyncUnivapayClient",
    "Event",
    "KonbiniPayment",
    "PaymentError",
    "RateLimits",
    "StillWaitingError",
    "UnivapayClient",
    "UnivapayError",
    "UnknownEvent",
    "__version__",
    "dedupe_key",
    "is_paid",
    "models",
    "operations",
    "paginate",
    "paginate_async",
    "parse_webhook",
    "rate_limits",
    "read_app_token",
    "refusals",
]

if not TYPE_CHECKING:
    _ROOMS = {
        "AppToken": "kessai_univapay.auth",
        "Event": "kessai_univapay.events",
        "KonbiniPayment": "kessai_univapay.konbini",
        "PAY_EASY_COLLECTING_AGENCY": "kessai_univapay.konbini",
        "PaymentError": "kessai_univapay.refusals",
        "RateLimits": "kessai_univapay.limits",
        "StillWaitingError": "kessai_univapay.refusals",
        "THREE_DS_EVENTS": "kessai_univapay.callbacks",
        "UnivapayError": "kessai_univapay.refusals",
        "UnknownEvent": "kessai_univapay.events",
        "dedupe_key": "kessai_univapay.callbacks",
        "is_paid": "kessai_univapay.konbini",
        "operations": "kessai_univapay_api.operations",
        "paginate": "kessai_univapay.paging",
        "paginate_async": "kessai_univapay.paging",
        "parse_webhook": "kessai_univapay.callbacks",
        "rate_limits": "kessai_univapay.limits",
        "read_app_token": "kessai_univapay.auth",
        "refusals": "kessai_univapay.refusals",
    }

    __getattr__, __dir__ = lazily(__name__, _ROOMS, __all__)
