"""JSON trees: the type everything here works on, JSON pointers, and references."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeAlias
from urllib.parse import unquote

Json: TypeAlias = "None | bool | int | float | str | list[Json] | dict[str, Json]"
Object: TypeAlias = "dict[str, Json]"

COMPONENTS = "#/components/"
SCHEMAS = "#/components/schemas/"


class NoSuchPlaceError(LookupError):
    """A JSON pointer leads nowhere."""


def escape(key: str) -> str:
    """Write a member's name as one step of a JSON pointer (RFC 6901)."""
    return key.replace("~", "~0").replace("/", "~1")


def join(pointer: str, *steps: str | int) -> str:
    """Lengthen a JSON pointer."""
    return pointer + "".join("/" + escape(str(step)) for step in steps)


def split(pointer: str) -> list[str]:
    """Take a JSON pointer (``/a/b`` or ``#/a/b``) apart into member names."""
    if pointer.startswith("#"):
        pointer = unquote(pointer[1:])
    if pointer and not pointer.startswith("/"):
        raise NoSuchPlaceError(pointer)
    return [s.replace("~1", "/").replace("~0", "~") for s in pointer.split("/")[1:]]


def get(tree: Json, pointer: str) -> Json:
    """The value at a JSON pointer; raises NoSuchPlaceError."""
    for step in split(pointer):
        if isinstance(tree, dict) and step in tree:
            tree = tree[step]
        elif isinstance(tree, list) and step.isascii() and step.isdigit() and int(step) < len(tree):
            tree = tree[int(step)]
        else:
            raise NoSuchPlaceError(pointer)
    return tree


def obj(value: Json) -> Object:
    """The value if it is an object, else an empty one: for looking into optional members."""
    return value if isinstance(value, dict) else {}


def member(holder: Object, key: str) -> Object:
    """An object member to write into: made if it is absent."""
    value = holder.get(key)
    if not isinstance(value, dict):
        value = holder[key] = {}
    return value


def arr(value: Json) -> list[Json]:
    """The value if it is an array, else an empty one."""
    return value if isinstance(value, list) else []


def text(value: Json, default: str = "") -> str:
    """The value if it is a string, else the default."""
    return value if isinstance(value, str) else default


def strings(value: Json) -> list[str]:
    """The strings of an array."""
    return [item for item in arr(value) if isinstance(item, str)]


def ref_of(value: Json) -> str | None:
    """The target of a reference object, if it is one."""
    target = value.get("$ref") if isinstance(value, dict) else None
    return target if isinstance(target, str) else None


def schema_name(ref: str) -> str | None:
    """The component a schema reference names, if it names one."""
    if not ref.startswith(SCHEMAS) or "/" in ref[len(SCHEMAS) :]:
        return None
    return split(ref)[-1]


def schema_ref(name: str) -> str:
    """The reference to a schema component."""
    return SCHEMAS + escape(name)


def deref(document: Json, value: Json) -> Json:
    """Follow references from a value to what they mean (siblings of $ref are not merged)."""
    seen: set[str] = set()
    while (target := ref_of(value)) is not None:
        if target in seen:
            raise NoSuchPlaceError(target)
        seen.add(target)
        value = get(document, target)
    return value


# Members whose value is data, not part of the document's structure.
DATA = frozenset({"example", "examples", "default", "enum", "const", "value"})


def walk_structure(
    value: Json, pointer: str = "", *, named: bool = False
) -> Iterator[tuple[str, Object]]:
    """Every object of a document's structure with its pointer, parents first; data is skipped.

    ``named``: the object's keys are names the author chose (a property may be called ``default``).
    """
    if isinstance(value, dict):
        yield pointer, value
        for key, child in value.items():
            if named or key not in DATA or (key == "examples" and isinstance(child, dict)):
                inner = not named and key in NAMED
                yield from walk_structure(child, join(pointer, key), named=inner)
    elif isinstance(value, list):
        for index, child in enumerate(value):
            yield from walk_structure(child, join(pointer, index))


# Members whose keys are names, not keywords.
NAMED = frozenset(
    {
        "properties", "patternProperties", "dependentSchemas", "$defs", "schemas", "parameters",
        "responses", "requestBodies", "headers", "callbacks", "pathItems", "links",
        "securitySchemes", "paths", "webhooks", "content", "examples", "mapping", "scopes",
        "variables", "encoding",
    }
)  # fmt: skip
