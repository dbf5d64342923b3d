"""Rules about schemas: named, satisfiable, declared, portable, without clashing names."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from jsonschema_rs import canonical

from codegen import names
from codegen.linting.spec import Hits, Rule, Spec
from codegen.normalising import patterns, repair_schemas, shape
from codegen.reading import tree
from codegen.reading.tree import Json, Object, obj


def check_inline(spec: Spec) -> Hits:
    """Every object, enum and union is a named component."""
    schemas = spec.components
    for slot in shape.roots(spec.document):
        if slot.holder is not schemas and shape.needs_name(slot.value):
            yield slot.pointer, f"an inline {_kind(obj(slot.value))}"
    for pointer, schema in spec.schemas:
        for slot in shape.children(schema, pointer):
            if shape.needs_name(slot.value) and not shape.is_bare(slot.value):
                yield slot.pointer, f"an inline {_kind(obj(slot.value))}"


def _kind(schema: Object) -> str:
    return "enum" if "enum" in schema else "union" if shape.is_union(schema) else "object"


def check_satisfiable(spec: Spec) -> Hits:
    """Every schema admits at least one value."""
    for name in spec.components:
        yield from _impossible(spec, name)
    for pointer, schema in spec.schemas:
        if schema.get("enum") == []:
            yield tree.join(pointer, "enum"), "lists no value"
        yield from _lengths(pointer, schema)


def _impossible(spec: Spec, name: str) -> Hits:
    """Ask jsonschema-rs about one component; what it refers to goes along in $defs."""
    defs = {key: _to_defs(spec.components[key]) for key in _closure(spec, name)}
    if not isinstance(defs[name], dict):
        return  # true, false: nothing to contradict
    try:
        found = canonical.find_unsatisfiable({**defs[name], "$defs": defs})
    except ValueError:
        return  # keywords it does not take: nothing is known
    bad = {pointer: reason for pointer, reason in found.items() if not _is_def(pointer)}
    for pointer, reason in bad.items():
        causes: list[Any] = list(getattr(reason, "causes", ())) or [getattr(reason, "cause", None)]
        keywords = [word for cause in causes if cause is not None for word in cause.keywords]
        if keywords == ["$ref"] or pointer.endswith("/additionalProperties"):
            continue  # the target says it itself; `false` is meant there
        parts = [other for other in bad if other.startswith(pointer + "/")]
        if parts and ("properties" in keywords or not keywords):
            continue  # a part of it is the cause and says so
        limits = [word for word in dict.fromkeys(keywords) if word != "type"] or keywords
        said = f": {', '.join(limits)}" if limits else ""
        yield tree.join("/components/schemas", name) + pointer, f"nothing fits{said}"


def _is_def(pointer: str) -> bool:
    return pointer == "/$defs" or pointer.startswith("/$defs/")


def _closure(spec: Spec, name: str) -> list[str]:
    needed = [name]
    for known in needed:
        for _, holder in tree.walk_structure(spec.components.get(known)):
            target = tree.schema_name(tree.ref_of(holder) or "")
            if target is not None and target not in needed and target in spec.components:
                needed.append(target)
    return needed


def _to_defs(value: Json) -> Any:
    if isinstance(value, dict):
        changed: Object = {}
        for key, child in value.items():
            is_ref = key == "$ref" and isinstance(child, str)
            changed[key] = (
                str(child).replace(tree.SCHEMAS, "#/$defs/") if is_ref else _to_defs(child)
            )
        return changed
    return [_to_defs(child) for child in value] if isinstance(value, list) else value


def _lengths(pointer: str, schema: Object) -> Hits:
    pattern, low, high = (schema.get(key) for key in ("pattern", "minLength", "maxLength"))
    try:
        bounds = patterns.lengths(pattern) if isinstance(pattern, str) else None
    except patterns.UnportableError:
        return
    if bounds is None:
        return
    if isinstance(high, int) and bounds[0] > high:
        yield pointer, f"the pattern wants {bounds[0]} characters, maxLength is {high}"
    if isinstance(low, int) and bounds[1] is not None and bounds[1] < low:
        yield pointer, f"the pattern ends at {bounds[1]} characters, minLength is {low}"


def check_declared(spec: Spec) -> Hits:
    """Every required member is declared."""
    for pointer, schema, declared in repair_schemas.undeclared(spec.document):
        missing = [n for n in tree.strings(schema.get("required")) if n not in declared]
        yield tree.join(pointer, "required"), f"not declared: {', '.join(missing)}"


def check_patterns(spec: Spec) -> Hits:
    """Every pattern is portable and anchored around the whole."""
    for pointer, schema in spec.schemas:
        pattern = schema.get("pattern")
        if isinstance(pattern, str):
            for complaint in patterns.complaints(pattern):
                yield tree.join(pointer, "pattern"), complaint


def check_enum_case(spec: Spec) -> Hits:
    """The values of an enum differ in more than case."""
    for pointer, schema in spec.schemas:
        values = tree.strings(schema.get("enum"))
        for first, second in _clashes((value, value.casefold()) for value in values):
            yield tree.join(pointer, "enum"), f"{first!r} and {second!r} differ only in case"


def check_member_names(spec: Spec) -> Hits:
    """Members of one object get different Python names."""
    for pointer, schema in spec.schemas:
        if "properties" not in schema and "allOf" not in schema:
            continue
        members = repair_schemas.declared_in(spec.document, schema)
        for first, second in _clashes((name, names.snake(name)) for name in members):
            yield pointer, f"{first} and {second} are both {names.snake(first)!r} in Python"


def _clashes(pairs: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    seen: dict[str, str] = {}
    found: list[tuple[str, str]] = []
    for original, key in pairs:
        if key in seen:
            found.append((seen[key], original))
        seen.setdefault(key, original)
    return found


def check_types(spec: Spec) -> Hits:
    """Every schema says what type it has."""
    parts = {"type", "$ref", "allOf", "oneOf", "anyOf"}
    for slot in shape.roots(spec.document):
        if not parts & set(obj(slot.value)):
            yield slot.pointer, "no type"
    for pointer, schema in spec.schemas:
        for slot in shape.children(schema, pointer):
            bare = shape.is_bare(slot.value) and isinstance(slot.key, int)
            if not bare and not parts & set(obj(slot.value)):
                yield slot.pointer, "no type"


RULES = (
    Rule("inline", "make it a component and refer to it", check_inline),
    Rule("impossible", "correct the contradicting limits", check_satisfiable),
    Rule("required", "declare it, or drop it from required", check_declared),
    Rule("pattern", "write ^...$ around explicit classes and groups", check_patterns),
    Rule("enum-case", "drop one, or describe why both exist in the overlay", check_enum_case),
    Rule("member-name", "rename one in the overlay", check_member_names),
    Rule("type", "state it", check_types),
)
