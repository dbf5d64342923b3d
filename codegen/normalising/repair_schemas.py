"""Repairs inside schemas: types nobody stated, members nobody declared, patterns."""

from __future__ import annotations

from collections.abc import Iterable

from codegen.normalising import patterns, shape
from codegen.problems import Work
from codegen.reading import tree
from codegen.reading.tree import Json, Object, obj, strings

_OBJECT = ("properties", "additionalProperties", "patternProperties", "required", "minProperties")
_ARRAY = ("items", "prefixItems", "minItems", "maxItems", "uniqueItems", "contains")
_STRING = ("pattern", "minLength", "maxLength", "contentEncoding", "x-max-bytes")
_NUMBER = ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf")
_FORMATS = {
    "date",
    "date-time",
    "time",
    "email",
    "uri",
    "url",
    "uuid",
    "password",
    "byte",
    "binary",
}


def missing_types(work: Work) -> None:
    """A type is inferred from the other keywords, from values, or from examples."""
    for pointer, schema in shape.all_schemas(work.document):
        if "type" in schema or "$ref" in schema or shape.is_bare(schema):
            continue
        found = _infer(schema)
        if found is not None:
            schema["type"] = found
            said = found if isinstance(found, str) else " or ".join(strings(found))
            work.repaired("type", pointer, f"type {said} inferred", "readers make it Any")


def _infer(schema: Object) -> Json:
    composed = any(key in schema for key in ("allOf", "oneOf", "anyOf"))
    if "enum" in schema or "const" in schema:
        values = tree.arr(schema.get("enum")) or [schema.get("const")]
        kinds = sorted({_kind(value) for value in values}, key=_KINDS.index)
        return kinds[0] if len(kinds) == 1 else list[Json](kinds)
    if "properties" in schema and not composed:
        return "object"
    if composed:
        return None
    for keywords, name in ((_OBJECT, "object"), (_ARRAY, "array"), (_STRING, "string")):
        if any(key in schema for key in keywords):
            return name
    if schema.get("format") in _FORMATS:
        return "string"
    limits = [schema[key] for key in _NUMBER if key in schema]
    samples = [schema[key] for key in ("example", "default") if key in schema]
    samples += tree.arr(schema.get("examples"))
    if limits:
        return "integer" if all(_kind(v) == "integer" for v in limits + samples) else "number"
    kinds = sorted({_kind(sample) for sample in samples} - {"null"})
    return kinds[0] if len(kinds) == 1 else None


_KINDS = ["string", "integer", "number", "boolean", "object", "array", "null"]


def _kind(value: Json) -> str:
    if isinstance(value, bool):
        return "boolean"
    for kind, name in ((str, "string"), (int, "integer"), (float, "number"), (dict, "object")):
        if isinstance(value, kind):
            return name
    return "array" if isinstance(value, list) else "null"


def required_members(work: Work) -> None:
    """A required member that nothing declares: the declared one it means, else none."""
    for pointer, schema, declared in undeclared(work.document):
        listed = strings(schema.get("required"))
        for name in [n for n in listed if n not in declared]:
            near = [d for d in declared if d.casefold() == name.casefold()]
            if len(near) == 1:
                listed = [near[0] if n == name else n for n in listed]
                what = f"required {name} read as {near[0]}"
            else:
                listed = [n for n in listed if n != name]
                what = f"required {name} dropped"
            work.repaired("required", pointer, what, "no property of that name is declared")
        schema["required"] = list[Json](dict.fromkeys(listed))
        _drop(schema, ())


def settle_required(work: Work) -> None:
    """What a part of a composition requires of another part is required by the composition."""
    moved: dict[str, set[str]] = {}
    for _, schema in shape.all_schemas(work.document):
        for part in tree.arr(schema.get("allOf")):
            own = declared_in(work.document, part)
            meant = obj(tree.deref(work.document, part))
            names = [name for name in strings(meant.get("required")) if name not in own]
            if not names:
                continue
            here = strings(schema.get("required"))
            schema["required"] = list[Json](dict.fromkeys([*here, *names]))
            target = tree.ref_of(part)
            if target is not None:
                moved.setdefault(target, set()).update(names)
            else:
                _drop(meant, names)
    for target, gone in moved.items():
        _drop(obj(tree.get(work.document, target)), gone)
        what = f"required {', '.join(sorted(gone))} moved to where it is declared"
        work.repaired("required", target[1:], what, "a class requires its own members only")


def _drop(schema: Object, names: Iterable[str]) -> None:
    kept = [name for name in strings(schema.get("required")) if name not in names]
    schema["required"] = list[Json](kept)
    if not kept:
        del schema["required"]


def undeclared(document: Object) -> list[tuple[str, Object, list[str]]]:
    """Schemas that require members nobody declares, each with what is declared there."""
    schemas = obj(obj(document.get("components")).get("schemas"))
    # A component may require what a composition that refers to it declares.
    context: dict[str, list[str]] = {}
    for _, schema in shape.all_schemas(document):
        for part in tree.arr(schema.get("allOf")):
            target = tree.ref_of(part)
            if target is not None:
                context.setdefault(target, []).extend(declared_in(document, schema))
    found: list[tuple[str, Object, list[str]]] = []
    for slot in shape.roots(document):
        name = str(slot.key) if slot.holder is schemas else ""
        outer = context.get(tree.schema_ref(name), []) if name else []
        _descend(document, slot.value, slot.pointer, outer, found)
    return found


def _descend(
    document: Object,
    schema: Json,
    pointer: str,
    outer: Iterable[str],
    found: list[tuple[str, Object, list[str]]],
) -> None:
    if not isinstance(schema, dict):
        return
    declared = list(dict.fromkeys([*declared_in(document, schema), *outer]))
    if any(name not in declared for name in strings(schema.get("required"))):
        found.append((pointer, schema, declared))
    for slot in shape.children(schema, pointer):
        part = isinstance(slot.key, int) and "/prefixItems/" not in slot.pointer[len(pointer) :]
        _descend(document, slot.value, slot.pointer, declared if part else [], found)


def declared_in(document: Object, schema: Json, seen: tuple[str, ...] = ()) -> list[str]:
    """The members a schema declares, through references, compositions and unions."""
    names: list[str] = []
    if isinstance(schema, dict):
        target = tree.ref_of(schema)
        if target is not None and target not in seen:
            names += declared_in(document, tree.get(document, target), (*seen, target))
        names += obj(schema.get("properties"))
        for keyword in ("allOf", "oneOf", "anyOf"):
            for part in tree.arr(schema.get(keyword)):
                names += declared_in(document, part, seen)
    return list(dict.fromkeys(names))


def portable_patterns(work: Work) -> None:
    """Patterns are rewritten so that Python, Rust and ECMA-262 accept the same texts."""
    for pointer, schema in shape.all_schemas(work.document):
        stated = schema.get("pattern")
        if not isinstance(stated, str):
            continue
        at = tree.join(pointer, "pattern")
        try:
            found = patterns.translate(stated)
        except patterns.UnportableError as error:
            work.problem("pattern", at, f"{error} in {stated!r}", "write it with explicit classes")
            continue
        if found.pattern != stated:
            schema["pattern"] = found.pattern
            work.repaired("pattern", at, f"{stated} written {found.pattern}", "; ".join(found.why))
