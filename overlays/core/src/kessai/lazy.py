"""Public names of a package that are imported when they are first used.

A package calls ``lazily`` under ``if not TYPE_CHECKING``: hidden from type checkers, which read the
imports beside it, or misspelt names would pass.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

__all__ = ["lazily"]


def lazily(
    package: str, rooms: Mapping[str, str], public: Sequence[str]
) -> tuple[Callable[[str], object], Callable[[], list[str]]]:
    """Return the package's ``__getattr__`` and ``__dir__``.

    ``rooms``: the module of each name; a name that is the module's own last part is the module
    itself. ``public``: the package's ``__all__``.
    """

    def find(name: str) -> object:
        room = rooms.get(name)
        if room is None:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        from importlib import import_module

        module = import_module(room)
        value = module if room.endswith(f".{name}") else getattr(module, name)
        setattr(sys.modules[package], name, value)
        return value

    def names() -> list[str]:
        return sorted({*vars(sys.modules[package]), *public})

    return find, names
