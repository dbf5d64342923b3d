"""Rows as typed requests: JSON decoded by the generated models, members taken out afterwards.

Decoders insist on required members, so a member is taken out of the typed request, as a merchant
would leave it None.
"""

from __future__ import annotations

import re
from importlib import import_module
from typing import Any

from kessai_gmo_api import operations

from tests.rules.bodies import ABSENT, patched
from tests.rules.rows import Row


def snake(name: str) -> str:
    """The generator's rule for names."""
    name = re.sub(r"(.)([A-Z][a-z]+)", r"\1_\2", name.replace("-", "_"))
    return re.sub(r"([a-z0-9])([A-Z])", r"\1_\2", name).lower()


def good(row: Row) -> Any:
    """The typed request that keeps the rule."""
    return _typed(row, {**row.setting, **row.passes})


def bad(row: Row) -> Any:
    """The typed request that breaks it."""
    return _typed(row, {**row.setting, **row.fails})


def decode(operation: str, body: dict[str, Any]) -> Any:
    """A JSON request as the operation's model."""
    name = operations.OPERATIONS[operation].request_name
    module = import_module(f"kessai_gmo_api.models.{snake(name)}")
    decoder = getattr(module, f"decode_{snake(name)}", None)
    return getattr(module, name).decode(body) if decoder is None else decoder(body)


def _typed(row: Row, patch: dict[str, Any]) -> Any:
    # In the order of the patches: a member taken out may have been put in by an earlier one.
    set_: dict[str, Any] = {}
    out: list[str] = []
    for pointer, value in patch.items():
        if value is ABSENT:
            out.append(pointer)
        else:
            set_[pointer] = value
    request = decode(row.operation, patched(row.body, set_))
    for pointer in out:
        place: Any = request
        *path, last = pointer.split("/")[1:]
        for step in path:
            place = place[int(step)] if step.isdigit() else getattr(place, snake(step))
        setattr(place, snake(last), None)
    return request
