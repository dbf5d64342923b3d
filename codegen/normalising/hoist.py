"""Every inline object, enum and union becomes a named component.

Names are readable and do not depend on anything but the document: a part of a component is
called after its owner and its member (``Order`` + ``items`` -> ``OrderItems``), a body after its
operation (``creditCharge`` -> ``CreditChargeRequest``); a taken name gets a number.
"""

from __future__ import annotations

import re

from codegen.normalising import shape
from codegen.normalising.shape import Slot
from codegen.problems import Work
from codegen.reading import tree
from codegen.reading.tree import Json, Object

# What a use says about itself, not about the type: stays where the type was used as well.
_OF_THE_USE = (
    "description", "default", "deprecated", "readOnly", "writeOnly", "x-sensitive",
    "x-required-when",
)  # fmt: skip


def run(work: Work) -> None:
    """Hoist in place. Nullable types leave ``anyOf: [<reference>, {type: 'null'}]`` behind."""
    document = work.document
    _Hoist(tree.member(tree.member(document, "components"), "schemas")).run(document)


def shared(document: Object) -> None:
    """Hoist what component callbacks and path items hold, before they are copied to their uses:
    the copies then share one component."""
    schemas = tree.member(tree.member(document, "components"), "schemas")
    components = tree.obj(document["components"])
    for name, item in tree.obj(components.get("pathItems")).items():
        _Hoist(schemas).run({"webhooks": {name: item}})
    for name, callback in tree.obj(components.get("callbacks")).items():
        for item in tree.obj(callback).values():
            _Hoist(schemas).run({"webhooks": {name: item}})


class _Hoist:
    def __init__(self, schemas: Object) -> None:
        self.schemas = schemas

    def run(self, document: Object) -> None:
        for slot in list(shape.roots(document)):
            if slot.holder is self.schemas:
                self.inner(slot.value, slot.pointer, slot.hint)
            else:
                self.place(slot, slot.hint)

    def place(self, slot: Slot, name: str) -> None:
        """Look at one slot outside the component map."""
        schema = slot.value
        if not isinstance(schema, dict):
            return
        if shape.is_bare(schema) or not shape.needs_name(schema):
            self.inner(schema, slot.pointer, name)
            return
        name = free_name(name, self.schemas)
        use: Object = {"$ref": tree.schema_ref(name)}
        if strip_null(schema):
            use = {"anyOf": [use, {"type": "null"}]}
        use.update({key: schema[key] for key in _OF_THE_USE if key in schema})
        for key in ("default", "x-required-when"):
            schema.pop(key, None)
        self.schemas[name] = schema
        slot.put(use)
        self.inner(schema, slot.pointer, name)

    def inner(self, schema: Json, pointer: str, name: str) -> None:
        if isinstance(schema, dict):
            for slot in shape.children(schema, pointer):
                self.place(slot, name + slot.hint)


def free_name(name: str, schemas: Object) -> str:
    """The name, or the name with the first number that makes it new among the components."""
    name = name if re.match("[A-Za-z]", name) else "Schema" + name
    taken = {key_of(known) for known in schemas}
    candidate, number = name, 2
    while key_of(candidate) in taken:
        candidate, number = f"{name}{number}", number + 1
    return candidate


def unwrap_all(work: Work) -> None:
    """Take compositions of one member apart everywhere, before anything looks at types."""
    components = tree.obj(tree.obj(work.document.get("components")).get("schemas"))
    slots = [slot for slot in shape.roots(work.document) if slot.holder is not components]
    for _, schema in list(shape.all_schemas(work.document)):
        slots += shape.children(schema, "")
    for slot in slots:
        if isinstance(slot.value, dict):
            slot.put(unwrap(slot.value))


def key_of(name: str) -> str:
    """Two names with one key would become one class or one module: case and signs are lost."""
    return re.sub(r"[^A-Za-z0-9]+", "", name).casefold() or name


def unwrap(schema: Object) -> Object:
    """A composition or union of one member is that member; what stands beside it stays."""
    for keyword in ("allOf", "oneOf", "anyOf"):
        parts = tree.arr(schema.get(keyword))
        beside = {key: value for key, value in schema.items() if key != keyword}
        if len(parts) == 1 and isinstance(parts[0], dict) and _only_annotates(beside):
            return {**parts[0], **beside}
    return schema


def _only_annotates(beside: Object) -> bool:
    known = {*_OF_THE_USE, "title", "example", "examples", "externalDocs"}
    return all(key in known or key.startswith("x-") for key in beside)


def strip_null(schema: Object) -> bool:
    """Take null out of a type, an enum and a union; say whether it was there."""
    found = False
    listed = schema.get("type")
    if isinstance(listed, list) and "null" in listed:
        found = True
        rest = [item for item in listed if item != "null"]
        schema["type"] = rest[0] if len(rest) == 1 else rest
    values = schema.get("enum")
    if isinstance(values, list) and None in values:
        found = True
        schema["enum"] = [value for value in values if value is not None]
    for keyword in ("oneOf", "anyOf"):
        parts = schema.get(keyword)
        if isinstance(parts, list) and any(shape.is_null(part) for part in parts):
            found = True
            schema[keyword] = [part for part in parts if not shape.is_null(part)]
    return found
