"""Requests held against the pydantic models that are generated from the specs.

The models say what the schema says: types, lengths, patterns, required members. What the
schema cannot say is in each gateway's `rules`, and how a gateway words a refusal in its
`validation`.
"""

from __future__ import annotations

import functools
import importlib
import json
from collections.abc import Sequence
from typing import Any, NamedTuple

from pydantic import TypeAdapter, ValidationError
from pydantic_core import ErrorDetails


class Findings(NamedTuple):
    """What is wrong with a request, by path as in order.items[0].price."""

    absent: list[str]  # required members that are not there
    wrong: list[str]  # every other fault


@functools.cache
def _adapter(module: str, model: str) -> TypeAdapter[Any]:
    return TypeAdapter(getattr(importlib.import_module(module), model))


def findings(module: str, model: str, data: dict[str, Any]) -> Findings | None:
    """Hold a request against `model` of `module`; None when nothing is wrong."""
    try:
        # JSON again, not the Python objects: only then does strict mode take enums and dates.
        _adapter(module, model).validate_json(json.dumps(data), strict=True)
    except ValidationError as error:
        relevant = _of_best_branches(error.errors(include_url=False, include_input=False))
        absent = [found for found in relevant if found["type"] == "missing"]
        wrong = [found for found in relevant if found["type"] != "missing"]
        return Findings(_paths(absent), _paths(wrong))
    return None


def _paths(errors: list[ErrorDetails]) -> list[str]:
    return list(dict.fromkeys(_path(_location(error)) for error in errors))


def _location(error: ErrorDetails) -> tuple[int | str, ...]:
    """Where an error stands. Byte limits and formats are checked by the object that holds
    the member; only their message ("Value error, name: ...") says which one it is.
    """
    if error["type"] != "value_error":
        return error["loc"]
    member = error["msg"].removeprefix("Value error, ").partition(":")[0]
    return (*error["loc"], member) if member.isidentifier() else error["loc"]


def _is_branch(part: int | str) -> bool:
    """Whether a part of an error's location names a branch of a union, not a member.

    Members of these APIs begin in lower case; branches are called after their class.
    """
    return isinstance(part, str) and (part[:1].isupper() or "[" in part)


def _of_best_branches(errors: list[ErrorDetails]) -> list[ErrorDetails]:
    """Keep, of each union, the errors of the branch the sender most likely meant.

    That is the branch with the fewest absent members directly below it, then the fewest
    errors: whoever sends a token means the token branch, wrong as it may be.
    """
    groups: dict[tuple[int | str, ...], dict[int | str, list[ErrorDetails]]] = {}
    kept: list[ErrorDetails] = []
    for error in errors:
        at = next((i for i, part in enumerate(error["loc"]) if _is_branch(part)), None)
        if at is None:
            kept.append(error)
        else:
            branches = groups.setdefault(error["loc"][:at], {})
            branches.setdefault(error["loc"][at], []).append(error)
    for stem, branches in groups.items():
        direct = len(stem) + 2
        kept.extend(min(branches.values(), key=functools.partial(_badness, direct)))
    return kept


def _badness(direct: int, found: list[ErrorDetails]) -> tuple[int, int]:
    absent = [e for e in found if e["type"] == "missing" and len(e["loc"]) == direct]
    return len(absent), len(found)


def _path(location: Sequence[int | str]) -> str:
    text = ""
    for part in location:
        if isinstance(part, int):
            text += f"[{part}]"
        elif not _is_branch(part):
            text += f".{part}" if text else part
    return text or "body"
