"""Unions: told apart by a value or by a member that is present, never by trying."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from codegen import ir, names
from codegen.ir.docs import component_doc
from codegen.ir.fields import decoder_name
from codegen.ir.text import literal
from codegen.problems import SpecError
from codegen.reading import tree

if TYPE_CHECKING:
    from codegen.ir.build import Models


def union(models: Models, name: str, module: str, schema: dict[str, Any]) -> ir.Union:
    """A union component; its branches and those that ``x-discriminate`` names must be the same."""
    listed = models.branches(name)
    rule: dict[str, Any] = schema.get("x-discriminate") or _from_discriminator(schema)
    if len(rule) != 1 or next(iter(rule)) not in {"by-value", "by-present"}:
        cause = f"{models.at(name)}: nothing tells the branches apart"
        raise SpecError(cause, "add x-discriminate in the overlay")
    tag, how, mapped = _tests(rule)
    branches = [(condition, _branch(models, name, component)) for condition, component in mapped]
    if {component for _, component in mapped} != set(listed):
        cause = f"{models.at(name)}/x-discriminate: names other branches than the union"
        raise SpecError(cause, "map every branch, and nothing else")
    annotation = " | ".join([*dict.fromkeys(names.class_name(b) for b in listed), "UnknownVariant"])
    said = f"{how}; else UnknownVariant."
    doc = component_doc(models.sources, schema, f"``{name}`` of the spec", said, indent=0)
    imports = models.imports(set(listed), decoders=set(listed))
    return ir.Union(
        name, names.class_name(name), module, doc, imports, [], annotation,
        decoder_name(name), how, tag, branches,
    )  # fmt: skip


def _branch(models: Models, name: str, component: str) -> str:
    if component not in models.kinds:
        raise SpecError(f"{models.at(name)}: no schema {component!r}", "mend x-discriminate")
    return f"{decoder_name(component)}(data)"


def _tests(rule: dict[str, Any]) -> tuple[str | None, str, list[tuple[str, str]]]:
    """The tag's expression, the rule in words, and a condition for each component."""
    if "by-present" in rule:
        members: dict[str, str] = rule["by-present"]
        tests = [(f"data.get({literal(m)}) is not None", c) for m, c in members.items()]
        said = ", ".join(f"``{m}``" for m in members)
        return (
            None,
            f"Told apart by the member that is present ({said}; the first one counts)",
            tests,
        )
    pointer: str = rule["by-value"]["pointer"]
    steps = tree.split(pointer)
    tag = "data"
    if len(steps) == 1:
        tag = f"data.get({literal(steps[0])})"
    else:
        tag = f"member_at(data, {', '.join(literal(step) for step in steps)})"
    mapping: dict[str, str] = rule["by-value"]["mapping"]
    tests = [(f"tag == {literal(value)}", component) for value, component in mapping.items()]
    return tag, f"Told apart by the value at ``{pointer}``", tests


def _from_discriminator(schema: dict[str, Any]) -> dict[str, Any]:
    """OpenAPI's own discriminator, where it has a mapping."""
    own = tree.obj(schema.get("discriminator"))
    member, listed = tree.text(own.get("propertyName")), tree.obj(own.get("mapping"))
    if not member or not listed:
        return {}
    named = {value: tree.text(target) for value, target in listed.items()}
    mapping = {value: tree.schema_name(target) or target for value, target in named.items()}
    return {"by-value": {"pointer": "/" + tree.escape(member), "mapping": mapping}}
