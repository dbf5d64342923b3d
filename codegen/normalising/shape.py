"""What kind of schema is this, and where do schemas stand in a document.

A *slot* is a place that holds a schema: it can be read, and replaced. Slots carry a hint, the
readable name the schema gets if it must become a component.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from codegen.reading import tree
from codegen.reading.tree import Json, Object, arr, obj, strings

METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
# Keywords that constrain a value but are no type of their own: never hoisted, never renamed.
_BARE = {"required", "description", "title", "not", "minProperties", "maxProperties", "$comment"}


class Slot(NamedTuple):
    """A place that holds a schema."""

    holder: Object | list[Json]
    key: str | int
    pointer: str
    hint: str  # whole name for a slot of an operation, a suffix for a slot inside a schema

    @property
    def value(self) -> Json:
        if isinstance(self.holder, dict):
            return self.holder[str(self.key)]
        return self.holder[int(self.key)]

    def put(self, schema: Object) -> None:
        """Replace the schema."""
        if isinstance(self.holder, dict):
            self.holder[str(self.key)] = schema
        else:
            self.holder[int(self.key)] = schema


def pascal(text: str) -> str:
    """A readable class name: ``pay-easy info`` is ``PayEasyInfo``; empty if nothing is left."""
    words = re.split(r"[^A-Za-z0-9]+", text)
    return "".join(word[:1].upper() + word[1:] for word in words)


def types(schema: Object) -> list[str]:
    """The JSON types a schema states, ``null`` included."""
    stated = schema.get("type")
    return [stated] if isinstance(stated, str) else strings(stated)


def is_bare(schema: Json) -> bool:
    """A schema that only constrains (``{required: [a]}``): no type of its own."""
    return isinstance(schema, dict) and set(schema) <= _BARE


def is_null(schema: Json) -> bool:
    """The schema of null alone."""
    return isinstance(schema, dict) and types(schema) == ["null"]


def branches(schema: Object) -> list[Json]:
    """The branches of a union: oneOf or anyOf without null and without bare constraints."""
    listed = arr(schema.get("oneOf")) or arr(schema.get("anyOf"))
    return [b for b in listed if not is_null(b) and not is_bare(b)]


def is_union(schema: Object) -> bool:
    """Several shapes at one place, to be told apart when decoding."""
    return len(branches(schema)) > 1


def is_object(schema: Object) -> bool:
    """An object type of its own: members, a map, or a composition."""
    return (
        "object" in types(schema)
        or "properties" in schema
        or isinstance(schema.get("additionalProperties"), dict)
        or any(not is_bare(part) for part in arr(schema.get("allOf")))
    )


def needs_name(schema: Json) -> bool:
    """Must this schema be a component? Objects, enums and unions must."""
    if not isinstance(schema, dict) or "$ref" in schema:
        return False
    return "enum" in schema or is_union(schema) or is_object(schema)


def children(schema: Object, pointer: str) -> Iterator[Slot]:
    """The slots directly inside a schema, in a fixed order, with suffixes as hints."""
    properties = schema.get("properties")
    if isinstance(properties, dict):
        for name in properties:
            yield Slot(properties, name, tree.join(pointer, "properties", name), pascal(name))
    for keyword, suffix in (
        ("items", "Item"), ("additionalProperties", "Value"), ("contentSchema", "Content"),
    ):  # fmt: skip
        if isinstance(schema.get(keyword), dict):
            yield Slot(schema, keyword, tree.join(pointer, keyword), suffix)
    patterns = schema.get("patternProperties")
    if isinstance(patterns, dict):
        for name in patterns:
            yield Slot(patterns, name, tree.join(pointer, "patternProperties", name), "Value")
    for keyword, suffix in (
        ("allOf", "Part"), ("oneOf", "Option"), ("anyOf", "Option"), ("prefixItems", "Item"),
    ):  # fmt: skip
        parts = schema.get(keyword)
        if isinstance(parts, list):
            for index, part in enumerate(parts):
                hint = _branch_hint(part) if suffix == "Option" else ""
                place = tree.join(pointer, keyword, index)
                yield Slot(parts, index, place, hint or f"{suffix}{index + 1}")


def _branch_hint(part: Json) -> str:
    """A branch is named by its title, else by a member whose only value is text."""
    if not isinstance(part, dict):
        return ""
    title = pascal(tree.text(part.get("title")))
    for member in obj(part.get("properties")).values() if not title else ():
        values = strings(obj(member).get("enum")) or strings([obj(member).get("const")])
        if len(values) == 1 and pascal(values[0]):
            return pascal(values[0].lower() if values[0].isupper() else values[0])
    return title


def inside(schema: Json, pointer: str) -> Iterator[tuple[str, Object]]:
    """A schema and every schema in it, parents first; references are not followed."""
    if isinstance(schema, dict):
        yield pointer, schema
        for slot in children(schema, pointer):
            yield from inside(slot.value, slot.pointer)


def all_schemas(document: Object) -> Iterator[tuple[str, Object]]:
    """Every schema of a document with its pointer: components first, then operations."""
    for slot in roots(document):
        yield from inside(slot.value, slot.pointer)


def roots(document: Object) -> Iterator[Slot]:
    """The outermost schema slots of a document, with whole names as hints."""
    from codegen.normalising import places

    schemas = obj(obj(document.get("components")).get("schemas"))
    for name in list(schemas):
        yield Slot(schemas, name, tree.join("/components/schemas", name), pascal(name) or "Schema")
    yield from places.operation_slots(document)
