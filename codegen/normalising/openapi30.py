"""What OpenAPI 3.0 says differently about schemas, said as 3.1 says it."""

from __future__ import annotations

from codegen.normalising import hoist, shape
from codegen.problems import Work
from codegen.reading import tree
from codegen.reading.tree import Json, Object


def nullable(work: Work) -> None:
    """``nullable: true`` becomes a type list or an anyOf with null."""
    for pointer, schema in list(shape.all_schemas(work.document)):
        if "nullable" not in schema or not isinstance(schema["nullable"], bool):
            continue
        if not schema.pop("nullable"):
            work.repaired("nullable", pointer, "nullable: false dropped", "3.1 has no nullable")
            continue
        _allow_null(schema)
        work.repaired("nullable", pointer, "written with type null", "3.1 has no nullable")


def _allow_null(schema: Object) -> None:
    stated = schema.get("type")
    if "enum" in schema and isinstance(schema["enum"], list) and None not in schema["enum"]:
        schema["enum"].append(None)
    if isinstance(stated, str):
        schema["type"] = [stated, "null"]
    elif isinstance(stated, list):
        if "null" not in stated:
            stated.append("null")
    elif isinstance(parts := schema.get("oneOf") or schema.get("anyOf"), list):
        parts.append({"type": "null"})
    elif "$ref" in schema or "allOf" in schema:
        keep = {k: schema.pop(k) for k in list(schema) if k in {"$ref", "allOf"}}
        either: list[Json] = [keep, {"type": "null"}]
        schema["anyOf"] = either


def exclusive_limits(work: Work) -> None:
    """``exclusiveMinimum: true`` beside ``minimum`` becomes the limit itself."""
    for pointer, schema in shape.all_schemas(work.document):
        for flag, limit in (("exclusiveMinimum", "minimum"), ("exclusiveMaximum", "maximum")):
            stated = schema.get(flag)
            if not isinstance(stated, bool):
                continue
            del schema[flag]
            if stated and limit in schema:
                schema[flag] = schema.pop(limit)
            work.repaired(
                "exclusive", tree.join(pointer, flag), "written as a number", "3.1 wants the limit"
            )


def nullable_components(work: Work) -> None:
    """A component that may be null: null moves to the places that refer to it.

    A class or an enum is made of each component, and None is neither.
    """
    schemas = tree.obj(tree.obj(work.document.get("components")).get("schemas"))
    moved = set[str]()
    for name, schema in schemas.items():
        if isinstance(schema, dict) and shape.needs_name(schema) and hoist.strip_null(schema):
            moved.add(tree.schema_ref(name))
            work.repaired(
                "nullable",
                tree.join("/components/schemas", name),
                "null moved to where it is used",
                "a class is made of each component",
            )
    for _, schema in list(shape.all_schemas(work.document)) if moved else []:
        for slot in shape.children(schema, ""):
            value = slot.value
            if not isinstance(value, dict) or tree.ref_of(value) not in moved:
                continue
            if isinstance(slot.key, int):  # a branch or a part: the owner decides about null
                continue
            beside = {k: v for k, v in value.items() if k != "$ref"}
            either: list[Json] = [{"$ref": value["$ref"]}, {"type": "null"}]
            slot.put({"anyOf": either, **beside})
