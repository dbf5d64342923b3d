"""Types that a provider's package passes through without knowing the HTTP library.

For annotations only: import it under ``TYPE_CHECKING``.
"""

from __future__ import annotations

from httpx2 import AsyncBaseTransport as AsyncTransport
from httpx2 import BaseTransport as Transport

__all__ = ["AsyncTransport", "Transport"]
