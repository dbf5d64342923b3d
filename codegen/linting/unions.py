"""Rules about unions: decidable, by a rule that fits the branches."""

from __future__ import annotations

from codegen.linting.extensions import well_formed
from codegen.linting.spec import Hits, Rule, Spec
from codegen.normalising import repair_schemas, shape, unions
from codegen.normalising.unions import Branch
from codegen.reading import tree
from codegen.reading.tree import Object, obj


def check_decidable(spec: Spec) -> Hits:
    """Every union says how its branches are told apart."""
    for name, component in spec.components.items():
        schema = obj(component)
        at = tree.join("/components/schemas", name)
        if "x-discriminate" in schema:
            if not shape.is_union(schema):
                yield tree.join(at, "x-discriminate"), "this is no union"
        elif shape.is_union(schema):
            yield at, "nothing says which branch a value is"


def check_rule(spec: Spec) -> Hits:
    """The rule of a union names each branch and nothing else, and fits what they declare."""
    for name, component in spec.components.items():
        schema = obj(component)
        rule = well_formed(spec, schema, "x-discriminate")
        if rule is None or not shape.is_union(schema):
            continue
        at = tree.join("/components/schemas", name, "x-discriminate")
        found = unions.branches_of(spec.document, schema)
        if found is None:
            yield at, "a branch is no object component"
            continue
        by_value = rule.get("by-value")
        if isinstance(by_value, dict):
            mapping = obj(by_value.get("mapping"))
            yield from _complete(mapping, found, tree.join(at, "by-value", "mapping"))
            yield from _values(spec, by_value, found, tree.join(at, "by-value"))
        else:
            mapping = obj(rule.get("by-present"))
            yield from _complete(mapping, found, tree.join(at, "by-present"))
            yield from _present(spec, mapping, found, tree.join(at, "by-present"))


def _complete(mapping: Object, found: list[Branch], at: str) -> Hits:
    branches = {branch.name for branch in found}
    mapped = {str(name) for name in mapping.values()}
    for name in sorted(mapped - branches):
        yield at, f"{name} is no branch"
    for name in sorted(branches - mapped):
        yield at, f"the branch {name} is not named"


def _values(spec: Spec, by_value: Object, found: list[Branch], at: str) -> Hits:
    pointer = tree.text(by_value.get("pointer"))
    mapping = obj(by_value.get("mapping"))
    for branch in found:
        member = unions.member_at(spec.document, branch.schema, pointer)
        if member is None:
            yield tree.join(at, "pointer"), f"{branch.name} declares no {pointer}"
            continue
        allowed = unions.values_of(spec.document, member)
        for value, name in mapping.items():
            if name == branch.name and allowed and value not in allowed:
                yield tree.join(at, "mapping"), f"{value!r} is no value of {branch.name}{pointer}"


def _present(spec: Spec, mapping: Object, found: list[Branch], at: str) -> Hits:
    declared = {b.name: repair_schemas.declared_in(spec.document, b.schema) for b in found}
    for member, name in mapping.items():
        if str(name) not in declared:
            continue
        if member not in declared[str(name)]:
            yield at, f"{name} declares no member {member}"
        for other, members in declared.items():
            if other != name and member in members:
                yield at, f"{other} declares {member} too"


RULES = (
    Rule("union", "add x-discriminate in the overlay", check_decidable),
    Rule("union-rule", "correct x-discriminate", check_rule),
)
