"""Names that readers cannot keep apart: schemas, operations, titles."""

from __future__ import annotations

import re

from codegen.normalising import hoist, places, shape
from codegen.problems import Work
from codegen.reading import tree
from codegen.reading.tree import Json, Object, obj


def schema_names(work: Work) -> None:
    """Two names that differ only in case or signs become one module: the later gets a number."""
    components = obj(work.document.get("components"))
    schemas = obj(components.get("schemas"))
    renamed: dict[str, str] = {}
    kept: Object = {}
    # Names that can stay are settled first, so that no new name takes one of them.
    clean = {hoist.key_of(n) for n in schemas if _is_name(n)}
    seen = set[str]()
    for name, schema in schemas.items():
        key = hoist.key_of(name)
        at = tree.join("/components/schemas", name)
        if not _is_name(name):
            stem = shape.pascal(name) or shape.pascal(tree.text(obj(schema).get("title")))
            new = _free(stem or "Schema", clean)
            work.repaired("schema-name", at, f"called {new}", "the name makes no class name")
        elif key in seen:
            new = _free(name, clean)
            work.repaired("schema-name", at, f"called {new}", "another differs only in case")
        else:
            seen.add(key)
            kept[name] = schema
            continue
        clean.add(hoist.key_of(new))
        renamed[name] = new
        kept[new] = schema
    if renamed:
        components["schemas"] = kept
        _point_to(work.document, renamed)


def _is_name(name: str) -> bool:
    return re.fullmatch(r"[A-Za-z][A-Za-z0-9._-]*", name) is not None


def _free(name: str, taken: set[str]) -> str:
    name = name if _is_name(name) else "Schema" + name
    candidate, number = name, 2
    while hoist.key_of(candidate) in taken:
        candidate, number = f"{name}{number}", number + 1
    return candidate


def _point_to(document: Object, renamed: dict[str, str]) -> None:
    refs = {tree.schema_ref(old): tree.schema_ref(new) for old, new in renamed.items()}
    both = {**refs, **renamed}
    for _, value in tree.walk_structure(document):
        target = value.get("$ref")
        if isinstance(target, str) and target in refs:
            value["$ref"] = refs[target]
        named = obj(value.get("discriminator")), obj(value.get("x-discriminate"))
        for mapping in (named[0].get("mapping"), obj(named[1].get("by-value")).get("mapping"),
                        named[1].get("by-present")):  # fmt: skip
            if isinstance(mapping, dict):
                for key, name in mapping.items():
                    mapping[key] = both.get(tree.text(name), name)


def aliases(work: Work) -> None:
    """A component that is only a reference is a second name: the first one is used instead."""
    schemas = obj(obj(work.document.get("components")).get("schemas"))
    renamed: dict[str, str] = {}
    for name in list(schemas):
        target = tree.schema_name(tree.ref_of(schemas[name]) or "")
        while target is not None and (hop := tree.ref_of(schemas.get(target))) is not None:
            target = tree.schema_name(hop)  # references() saw that this ends
        if target is not None:
            renamed[name] = target
            at = tree.join("/components/schemas", name)
            work.repaired("alias", at, f"{target} used instead", "two names for one class")
    for name in renamed:
        del schemas[name]
    _point_to(work.document, renamed)


def operation_ids(work: Work) -> None:
    """Every operation, callback and webhook gets a name of its own."""
    found = list(places.operations(work.document))
    taken = {hoist.key_of(tree.text(p.operation.get("operationId"))) for p in found}
    seen = set[str]()
    for place in found:
        stated = tree.text(place.operation.get("operationId"))
        key = hoist.key_of(stated)
        if shape.pascal(stated) and key not in seen:
            seen.add(key)
            continue
        new = _operation_name(place, stated)
        candidate, number = new, 2
        while hoist.key_of(candidate) in taken | seen:
            candidate, number = f"{new}{number}", number + 1
        place.operation["operationId"] = candidate
        seen.add(hoist.key_of(candidate))
        why = f"{stated!r} names two" if shape.pascal(stated) else "it has no usable name"
        work.repaired("operation-id", place.pointer, f"called {candidate}", why)


def _operation_name(place: places.Place, stated: str) -> str:
    """By path; a callback after its carrier, a webhook after its own name."""
    if place.carrier is not None:  # carriers come first, so they have their names by now
        carrier = tree.text(place.carrier.get("operationId"))
        words = (shape.pascal(stated) or shape.pascal(place.name)) + shape.pascal(carrier)
    elif place.kind == "webhook":
        words = shape.pascal(place.name) or "Webhook"
    else:
        words = shape.pascal(place.path)
        words = words if place.method == "post" and words else place.method + words
    return words[:1].lower() + words[1:]


def event_names(work: Work) -> None:
    """A callback or webhook whose name makes no Python name is called by its operationId."""
    holders = [(obj(work.document.get("webhooks")), "/webhooks")]
    for place in places.operations(work.document):
        at = tree.join(place.pointer, "callbacks")
        holders.append((obj(place.operation.get("callbacks")), at))
    for holder, at in holders:
        if all(shape.pascal(name) for name in holder):
            continue
        renamed: Object = {}
        for name, event in holder.items():
            new = name if shape.pascal(name) else _first_id(event)
            if new in renamed or (new != name and new in holder):
                work.problem("event-name", tree.join(at, name), f"{new} is taken", "rename one")
            elif new != name:
                why = "the name makes no Python name"
                work.repaired("event-name", tree.join(at, name), f"called {new}", why)
            renamed[new] = event
        holder.clear()
        holder.update(renamed)


def _first_id(event: Json) -> str:
    """The operationId of an event's first operation: every one has a usable one by now."""
    found = (tree.text(holder.get("operationId")) for _, holder in tree.walk_structure(event))
    return next((name for name in found if name), "event")


def tags(work: Work) -> None:
    """Every operation belongs to a group: its tag, or the first part of its path."""
    declared = [tree.text(obj(tag).get("name")) for tag in tree.arr(work.document.get("tags"))]
    for place in places.operations(work.document):
        stated = tree.strings(place.operation.get("tags"))
        if place.kind != "operation" or any(shape.pascal(tag) for tag in stated[:1]):
            continue
        parts = [shape.pascal(part) for part in place.path.split("/") if "{" not in part]
        group = next((part[:1].lower() + part[1:] for part in parts if part), "api")
        place.operation["tags"] = [group]
        if group not in declared:
            declared.append(group)
            listed = tree.arr(work.document.get("tags"))
            work.document["tags"] = [*listed, {"name": group}]
        why = f"the tag {stated[0]!r} makes no name" if stated else "it has no tag"
        work.repaired("tag", place.pointer, f"put into the group {group}", why)


def titles(work: Work) -> None:
    """Titles of types go to the description: readers call classes by them and drop the second."""
    for pointer, schema in shape.all_schemas(work.document):
        title = schema.get("title")
        if not isinstance(title, str) or not shape.needs_name(schema):
            continue
        own = tree.split(pointer)[-1]  # hoisting has made a component of every type
        if title != own:
            del schema["title"]
            _describe(schema, title)
            why = f"the class is called {own}"
            work.repaired("title", pointer, "title moved to the description", why)


def _describe(schema: Object, title: str) -> None:
    described: Json = schema.get("description")
    if not isinstance(described, str) or not described.strip():
        schema["description"] = title
