"""Which set holds which: texts of patterns, values of schemas."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import jsonschema_rs

from codegen.normalising import patterns
from codegen.reading.tree import Object

_LONGEST = 300  # longer texts make automata that take seconds


def inside(pattern: str, other: str) -> bool:
    """Does the other pattern take every text the first one takes? False if that is unknown."""
    first, second = _automaton(pattern), _automaton(other)
    if first is None or second is None:
        return pattern == other
    return bool(first.issubset(second))


def _automaton(pattern: str) -> Any:
    """The finite automaton of a portable, bounded pattern. interegular is untyped."""
    try:
        bounds = patterns.lengths(pattern)
    except patterns.UnportableError:
        return None
    if bounds is None or (bounds[1] or 0) > _LONGEST:
        return None
    interegular: Any = import_module("interegular")
    try:
        return interegular.parse_pattern(pattern.removeprefix("^").removesuffix("$")).to_fsm()
    except Exception:  # syntax it does not read: then nothing is known
        return None


def admits(schema: Object, other: Object) -> bool:
    """Does the schema take every value the other one takes? False if that is unknown."""
    try:
        found = jsonschema_rs.canonicalize({**schema}).covers(jsonschema_rs.canonicalize({**other}))
    except (ValueError, jsonschema_rs.ReferencingError):
        return False
    return found == jsonschema_rs.canonical.Containment.YES
