"""Rows as typed requests: JSON decoded by the generated models, members taken out afterwards.

Decoders insist on required members, so a member is taken out of the typed request, as a merchant
would leave it None.
"""

from __future__ import annotations

import re
from importlib import import_module
from typing import Any

from tests.rules.bodies import ABSENT, patched
from tests.rules.rows import Row


def snake(name: str) -> str:
    """The generator's rule for names."""
    name = re.sub(r"(.)([A-Z][a-z]+)", r"\1_\2", name.replace("-", "_"))
    return re.sub(r"([a-z0-9])([A-Z])", r"\1_\2", name).lower()


class Typed:
    """The typed requests of one generated package."""

    def __init__(self, package: str) -> None:
        self._package = package

    def good(self, row: Row) -> Any:
        """The typed request that keeps the rule."""
        return self._typed(row, {**row.setting, **row.passes})

    def bad(self, row: Row) -> Any:
        """The typed request that breaks it."""
        return self._typed(row, {**row.setting, **row.fails})

    def decode(self, operation: str, body: dict[str, Any]) -> Any:
        """A JSON request as the operation's model."""
        operations = import_module(f"{self._package}.operations").OPERATIONS
        name = operations[operation].request_name
        module = import_module(f"{self._package}.models.{snake(name)}")
        decoder = getattr(module, f"decode_{snake(name)}", None)
        return getattr(module, name).decode(body) if decoder is None else decoder(body)

    def _typed(self, row: Row, patch: dict[str, Any]) -> Any:
        # In the order of the patches: a member taken out may have been put in by an earlier one.
        set_: dict[str, Any] = {}
        out: list[str] = []
        for pointer, value in patch.items():
            if value is ABSENT:
                out.append(pointer)
            else:
                set_[pointer] = value
        request = self.decode(row.operation, patched(row.body, set_))
        for pointer in out:
            place: Any = request
            *path, last = pointer.split("/")[1:]
            for step in path:
                place = place[int(step)] if step.isdigit() else getattr(place, snake(step))
            setattr(place, snake(last), None)
        return request


GMO = Typed("kessai_gmo_api")
good, bad, decode = GMO.good, GMO.bad, GMO.decode
