"""GMO PG Multi-Payment Service, OpenAPI type (PGマルチペイメントサービス OpenAPIタイプ).

>>> from kessai_gmo import GmoClient, models as m, parse_callback, parse_webhook

``GmoClient`` and ``AsyncGmoClient`` hold the 25 operations in groups, ``models`` their requests
and answers, ``operations`` the constants for ``gmo.raw``. Errors are kessai's own.
"""

from __future__ import annotations

from kessai_gmo_api import models, operations

from ._version import __version__
from .callbacks import UnknownEvent, dedupe_key, parse_callback, parse_webhook
from .client import AsyncGmoClient, GmoClient
from .standing import Followed, FollowResult

__all__ = [
    "AsyncGmoClient",
    "FollowResult",
    "Followed",
    "GmoClient",
    "UnknownEvent",
    "__version__",
    "dedupe_key",
    "models",
    "operations",
    "parse_callback",
    "parse_webhook",
]
