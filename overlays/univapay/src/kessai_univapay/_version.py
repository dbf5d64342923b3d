"""The version of this package, and how it introduces itself to the gateway."""

from __future__ import annotations

from kessai.setup import USER_AGENT as _RUNTIME

__version__ = "0.1.0"

USER_AGENT = f"kessai-univapay/{__version__} {_RUNTIME}"
