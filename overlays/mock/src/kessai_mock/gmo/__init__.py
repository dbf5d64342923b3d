"""The mock of GMO PG Multi-Payment Service, OpenAPI type 1.5.1."""

from __future__ import annotations

from ..transitions import Transition
from .app import create_app
from .gateway import Gateway
from .settings import Settings
from .transitions import TRANSITIONS

__all__ = ["TRANSITIONS", "Gateway", "Settings", "Transition", "create_app"]
