"""The mock of PAYTREE: the gateway at the till, as far as a library's manual tells of it.

`simulation` is the gateway without a network; it needs nothing but Python's own library, and
importing it imports nothing else. Everything here is looked up when it is first used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .app import create_app
    from .gateway import Gateway
    from .settings import Settings
    from .signatures import KeyPair
    from .simulation import Lost, Simulation
    from .state import TRANSITIONS, Transition

__all__ = [
    "TRANSITIONS",
    "Gateway",
    "KeyPair",
    "Lost",
    "Settings",
    "Simulation",
    "Transition",
    "create_app",
]

if not TYPE_CHECKING:
    _ROOMS = {
        "TRANSITIONS": ".state",
        "Gateway": ".gateway",
        "KeyPair": ".signatures",
        "Lost": ".simulation",
        "Settings": ".settings",
        "Simulation": ".simulation",
        "Transition": ".state",
        "create_app": ".app",
    }

    def __getattr__(name):
        room = _ROOMS.get(name)
        if room is None:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        return getattr(import_module(room, __name__), name)
