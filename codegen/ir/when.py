"""``x-required-when``: an optional member that another member makes required."""

from __future__ import annotations

from typing import TYPE_CHECKING

from codegen import names
from codegen.ir.checks import Origin, arguments, pointer_to
from codegen.ir.text import literal
from codegen.ir.types import Type
from codegen.problems import SpecError
from codegen.reading import tree
from codegen.reading.tree import Json

if TYPE_CHECKING:
    from codegen.ir.build import Models


def required_when(
    models: Models, owner: str, name: str, wire: str, kind: Type, origin: Origin
) -> list[str]:
    """Statements that report the member as required where its condition holds."""
    rule = tree.obj(kind.schema.get("x-required-when"))
    if not rule:
        return []
    where = f"{models.at(owner)}/properties/{wire}/x-required-when"
    steps = tree.split(tree.text(rule.get("pointer")))
    if not steps:
        raise SpecError(f"{where}: no pointer", "name the member it depends on")
    conditions, last = _path(models, owner, steps, where)
    values = tree.arr(rule["in"]) if "in" in rule else None
    said = "/".join(steps)
    if values is None:
        message = f"is required when {said} is given"
        conditions.append(f"{last} is not None")
    else:
        message = f"is required when {said} is {' or '.join(str(v) for v in values)}"
        listed = ", ".join(_value(value) for value in values)
        conditions.append(f"{last} in ({listed},)")
    slow = arguments({}, origin)
    return [
        f"if self.{name} is None and {' and '.join(conditions)}:",
        f'    report.add({pointer_to(wire)}, "required", {literal(message)}{slow})',
    ]


def _value(value: Json) -> str:
    return literal(value) if isinstance(value, str) else repr(value)


def _path(models: Models, owner: str, steps: list[str], where: str) -> tuple[list[str], str]:
    conditions: list[str] = []
    expression, component = "self", owner
    for index, step in enumerate(steps):
        members = models.members.get(component, {})
        if step not in members:
            raise SpecError(f"{where}: {component} has no member {step!r}", "mend the pointer")
        kind = members[step][0]
        expression += "." + names.identifier(step, names.RESERVED)
        if index < len(steps) - 1:
            if kind.kind != "model":
                raise SpecError(f"{where}: {step!r} is no object", "mend the pointer")
            conditions.append(f"{expression} is not None")
            component = kind.ref
    return conditions, expression
