"""Telling the branches of a union apart: by a value inside, or by the member that is present.

A union is never decoded by trying. What a document says in ``discriminator`` is taken over; where
it says nothing, a rule is derived if the branches themselves decide: a member whose values are
different in each branch, or members that only one branch declares.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from codegen.normalising import shape
from codegen.normalising.repair_schemas import declared_in
from codegen.problems import Work
from codegen.reading import tree
from codegen.reading.tree import Json, Object, obj, strings

_DEPTH = 2  # how deep a telling value may stand: /orderReference/chargeType


class Branch(NamedTuple):
    """One branch of a union: a component."""

    name: str
    schema: Object


_PRIMITIVES = ({"string"}, {"integer"}, {"number"}, {"integer", "number"}, {"boolean"})


def merge_primitives(work: Work) -> None:
    """A union of texts is a text, of enums an enum: there is nothing to tell apart."""
    for pointer, schema in shape.all_schemas(work.document):
        if not shape.is_union(schema):
            continue
        meant = [obj(tree.deref(work.document, part)) for part in shape.branches(schema)]
        kinds = {kind for part in meant for kind in shape.types(part)} - {"null"}
        if kinds not in _PRIMITIVES or any(shape.is_union(p) or not p.get("type") for p in meant):
            continue
        nullable = any("null" in shape.types(part) for part in meant) or any(
            shape.is_null(part) for key in ("oneOf", "anyOf") for part in tree.arr(schema.get(key))
        )
        kind: Json = "number" if len(kinds) > 1 else next(iter(kinds))
        for key in ("oneOf", "anyOf", "discriminator", "type"):
            schema.pop(key, None)
        schema["type"] = [kind, "null"] if nullable else kind
        what = f"one {kind}, limits of the branches dropped"
        if all("enum" in part for part in meant):
            values = [value for part in meant for value in tree.arr(part["enum"])]
            values += [None] if nullable else []
            merged = [v for i, v in enumerate(values) if v not in values[:i]]
            schema["enum"] = merged
            what = f"one enum of {len(merged)} values"
        work.repaired("union", pointer, what, "its branches cannot be told apart, and need not be")


def discriminate(work: Work) -> None:
    """Give every union component an ``x-discriminate``, or tell that none can be derived."""
    schemas = obj(obj(work.document.get("components")).get("schemas"))
    for name, schema in schemas.items():
        if not isinstance(schema, dict) or not shape.is_union(schema):
            continue
        at = tree.join("/components/schemas", name)
        if "properties" in schema or "allOf" in schema:
            work.problem(
                "union", at, "a union with members of its own", "write each branch out in full"
            )
        if "x-discriminate" in schema:
            continue
        found = branches_of(work.document, schema)
        if found is None:
            remedy = "describe the value as one type in the overlay"
            work.problem("union", at, "a branch is no object", remedy)
            continue
        rule, how = _rule(work.document, schema, found)
        if rule is None:
            work.problem("union", at, how, "add x-discriminate in the overlay")
            continue
        schema["x-discriminate"] = rule
        schema.pop("discriminator", None)
        work.repaired("union", at, how, "readers take the first branch that fits")


def branches_of(document: Object, schema: Object) -> list[Branch] | None:
    """The branches as components, each once; None if one is no object component."""
    result: dict[str, Branch] = {}
    for part in shape.branches(schema):
        target = tree.ref_of(part)
        name = tree.schema_name(target) if target else None
        meant = tree.deref(document, part)
        if name is None or not isinstance(meant, dict):
            return None
        if shape.is_union(meant):  # a union of unions: its branches stand for it
            inner = branches_of(document, meant)
            if inner is None:
                return None
            result.update({branch.name: branch for branch in inner})
        elif shape.is_object(meant):
            result[name] = Branch(name, meant)
        else:
            return None
    return list(result.values())


def _rule(document: Object, schema: Object, found: list[Branch]) -> tuple[Object | None, str]:
    stated = schema.get("discriminator")
    if isinstance(stated, dict):
        return _stated(document, stated, found)
    for pointer in _telling(document, found[0].schema, ""):
        mapping = _mapping(document, pointer, found)
        if mapping is not None:
            by_value: Object = {"pointer": pointer, "mapping": mapping}
            return {"by-value": by_value}, f"told apart by the value at {pointer}"
    return _by_present(document, found)


def _stated(document: Object, stated: Object, found: list[Branch]) -> tuple[Object | None, str]:
    pointer = "/" + tree.escape(tree.text(stated.get("propertyName")))
    mapping: Object = {}
    for value, target in obj(stated.get("mapping")).items():
        ref = tree.text(target)
        mapping[value] = tree.schema_name(ref) or ref
    if not mapping:
        mapping = _mapping(document, pointer, found) or {b.name: b.name for b in found}
    names = {branch.name for branch in found}
    if set(map(str, mapping.values())) != names:
        return None, "the discriminator does not name every branch"
    return {"by-value": {"pointer": pointer, "mapping": mapping}}, f"discriminator {pointer}"


def _telling(document: Object, schema: Json, pointer: str) -> Iterator[str]:
    """Pointers that might tell branches apart: members with listed values, shallow ones first."""
    members = properties(document, schema)
    for name, member in members.items():
        if values_of(document, member):
            yield tree.join(pointer, name)
    if pointer.count("/") + 1 < _DEPTH:
        for name, member in members.items():
            yield from _telling(document, member, tree.join(pointer, name))


def _mapping(document: Object, pointer: str, found: list[Branch]) -> Object | None:
    mapping: Object = {}
    for branch in found:
        values = values_of(document, member_at(document, branch.schema, pointer))
        if not values or any(value in mapping for value in values):
            return None
        mapping.update(dict.fromkeys(values, branch.name))
    return mapping


def _by_present(document: Object, found: list[Branch]) -> tuple[Object | None, str]:
    declared = {branch.name: declared_in(document, branch.schema) for branch in found}
    rule: Object = {}
    for branch in found:
        others = {m for name, members in declared.items() if name != branch.name for m in members}
        own = [member for member in declared[branch.name] if member not in others]
        required = [member for member in own if member in required_of(document, branch.schema)]
        if not own:
            return None, f"nothing tells {branch.name} from the other branches"
        for member in required[:1] or own:
            rule[member] = branch.name
    return {"by-present": rule}, "told apart by the member that is present"


def properties(document: Object, schema: Json) -> Object:
    """The members of an object schema, through references and compositions; first one wins."""
    schema = tree.deref(document, schema)
    found: Object = {}
    if isinstance(schema, dict):
        found.update(obj(schema.get("properties")))
        for part in tree.arr(schema.get("allOf")):
            for name, member in properties(document, part).items():
                found.setdefault(name, member)
    return found


def required_of(document: Object, schema: Json) -> set[str]:
    """The required members of an object schema, through references and compositions."""
    schema = tree.deref(document, schema)
    found = set(strings(obj(schema).get("required")))
    for part in tree.arr(obj(schema).get("allOf")):
        found |= required_of(document, part)
    return found


def values_of(document: Object, schema: Json) -> list[str]:
    """The text values a schema allows, if it lists them."""
    meant = obj(tree.deref(document, schema))
    parts = [p for p in tree.arr(meant.get("anyOf")) if not shape.is_null(p)]
    if len(parts) == 1:
        return values_of(document, parts[0])
    if isinstance(meant.get("const"), str):
        return [str(meant["const"])]
    return strings(meant.get("enum"))


def member_at(document: Object, schema: Json, pointer: str) -> Json:
    """The schema of the value at a pointer inside an object; None if nothing is declared there.

    In a union the first branch that has it answers; use ``members_at`` for all.
    """
    found = members_at(document, schema, tree.split(pointer))
    return found[0] if found else None


def members_at(document: Object, schema: Json, steps: list[str]) -> list[Json]:
    """All schemas a pointer may lead to: one, or one per branch of the unions on the way."""
    meant = obj(tree.deref(document, schema))
    if not steps:
        return [schema]
    found: list[Json] = []
    branches = shape.branches(meant)
    for branch in branches:
        found += members_at(document, branch, steps)
    step, rest = steps[0], steps[1:]
    items = meant.get("items")
    if step.isdigit() and isinstance(items, dict):
        found += members_at(document, items, rest)
    member = properties(document, meant).get(step)
    if member is not None:
        found += members_at(document, member, rest)
    return found
