"""GMO PG Multi-Payment Service, OpenAPI type (PGマルチペイメントサービス OpenAPIタイプ).

>>> from kessai_gmo import GmoClient, models as m, parse_callback, parse_webhook

``GmoClient`` and ``AsyncGmoClient`` hold the 25 operations in groups, ``models`` their requests
and answers, ``operations`` the constants for ``gmo.raw``. Errors are kessai's own. What not every
process needs is imported when it is first used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kessai.lazy import lazily
from kessai_gmo_api import models

from ._version import __version__
from .client import AsyncGmoClient, GmoClient

if TYPE_CHECKING:
    from kessai_gmo_api import operations

    from .callbacks import UnknownEvent, parse_callback, parse_webhook
    from .standing import Followed, FollowResult, dedupe_key

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

if not TYPE_CHECKING:
    _ROOMS = {
        "FollowResult": "kessai_gmo.standing",
        "Followed": "kessai_gmo.standing",
        "UnknownEvent": "kessai_gmo.callbacks",
        "dedupe_key": "kessai_gmo.standing",
        "operations": "kessai_gmo_api.operations",
        "parse_callback": "kessai_gmo.callbacks",
        "parse_webhook": "kessai_gmo.callbacks",
    }

    __getattr__, __dir__ = lazily(__name__, _ROOMS, __all__)
