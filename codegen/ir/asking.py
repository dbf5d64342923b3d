"""``x-outcome`` as the runtime reads it: how the outcome of an operation is asked for."""

from __future__ import annotations

from typing import Any

from codegen.ir.text import literal
from codegen.problems import SpecError


def ask(rule: dict[str, Any], where: str) -> str:
    """The expression of its ``Ask``; ``where`` is the operation, for errors."""
    known = {"by", "ask", "state", "ends", "done", "waiting", "failed", "match", "gone"}
    unknown = set(rule) - known
    if unknown or rule.get("ends") not in {"paid", "done"}:
        raise SpecError(f"{where}/x-outcome: {sorted(unknown) or 'ends'}", "see EXTENSIONS.md")
    said = [f"by={literal(rule['by'])}", f"ends={literal(rule['ends'])}"]
    if rule.get("ask"):
        said.append(f"ask={_mapping(rule['ask'])}")
    if rule.get("state"):
        said.append(f"state={literal(rule['state'])}")
    for name in ("done", "waiting", "failed"):
        if rule.get(name):
            listed = ", ".join(literal(str(value)) for value in rule[name])
            said.append(f"{name}=frozenset({{{listed}}})")
    if rule.get("match"):
        said.append(f"match={_mapping(rule['match'])}")
    if rule.get("gone"):
        said.append("gone=True")
    return f"Ask({', '.join(said)})"


def _mapping(members: dict[str, str]) -> str:
    return "{" + ", ".join(f"{literal(k)}: {literal(v)}" for k, v in members.items()) + "}"
