"""What a schema is in Python: references followed, limits collected, one type.

A schema that refers to a component and says more beside the reference is the component with what
stands beside it on top.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any, cast

from codegen import names
from codegen.normalising import shape
from codegen.problems import SpecError
from codegen.reading import tree

# Keywords that would limit values in ways nothing here checks: named, never ignored.
_UNSUPPORTED = (
    "not", "if", "then", "else", "dependentRequired", "dependentSchemas", "patternProperties",
    "propertyNames", "prefixItems", "contains", "multipleOf", "unevaluatedProperties",
)  # fmt: skip
_MERGED = ("x-assumed", "x-source")


@dataclass(frozen=True)
class Type:
    """The Python type of a value and how it is limited."""

    kind: str  # str int float bool any yen timestamp date enum model union list map
    ref: str = ""  # component, for enum, model and union
    item: Type | None = None  # for list, and for a map whose values are typed
    schema: dict[str, Any] = field(default_factory=dict[str, Any])  # merged
    nullable: bool = False

    @property
    def annotation(self) -> str:
        """The type as it is written in Python."""
        if self.kind in {"enum", "model", "union"}:
            return names.class_name(self.ref)
        if self.kind == "list":
            return f"list[{self.item.annotation if self.item else 'Any'}]"
        if self.kind == "map":
            return f"dict[str, {self.item.annotation if self.item else 'Any'}]"
        return {"yen": "int", "timestamp": "Timestamp", "any": "Any"}.get(self.kind, self.kind)

    @property
    def plain(self) -> bool:
        """Whether the JSON value is the Python value, whatever it is."""
        return self.kind in {"str", "bool", "any"}

    def refs(self) -> list[str]:
        """Components the annotation names."""
        return [self.ref] if self.ref else self.item.refs() if self.item else []


class Types:
    """Types of one document."""

    def __init__(self, document: dict[str, Any]) -> None:
        self.document = document
        self.schemas: dict[str, dict[str, Any]] = document.get("components", {}).get("schemas", {})

    def resolve(self, schema: dict[str, Any], at: str) -> tuple[str, dict[str, Any]]:
        """Follow references to the last component: its name (or ""), the merged schema."""
        name = ""
        beside: list[dict[str, Any]] = []
        seen: set[str] = set()
        while (target := tree.ref_of(schema)) is not None:
            found = tree.schema_name(target)
            if found is None or found not in self.schemas or found in seen:
                raise SpecError(f"{at}: $ref {target} leads to no schema", "mend the reference")
            seen.add(found)
            beside.append({key: value for key, value in schema.items() if key != "$ref"})
            name, schema = found, self.schemas[found]
        merged = dict(schema)
        for extra in reversed(beside):
            merged = self.merge(merged, extra)
        return name, merged

    @staticmethod
    def merge(target: dict[str, Any], beside: dict[str, Any]) -> dict[str, Any]:
        """What stands beside a reference goes on top of what it refers to."""
        return {**target, **beside}

    def type_of(self, schema: Any, at: str) -> Type:
        """The type of a schema; ``at`` is its JSON pointer, for errors."""
        if schema is True or schema == {}:
            return Type("any")
        if not isinstance(schema, dict):
            raise SpecError(f"{at}: a schema that allows nothing", "describe the value")
        inner, nullable = _without_null(cast("dict[str, Any]", schema))
        name, merged = self.resolve(inner, at)
        listed = shape.types(merged)
        if "null" in listed and len(listed) > 1:
            rest = [item for item in listed if item != "null"]
            merged = {**merged, "type": rest[0] if len(rest) == 1 else rest}
            nullable = True
        found = self._type(name, merged, at)
        return replace(found, nullable=True) if nullable else found

    def _type(self, name: str, schema: dict[str, Any], at: str) -> Type:
        for keyword in _UNSUPPORTED:
            if keyword in schema and schema[keyword] not in (False, [], {}):
                raise SpecError(f"{at}: {keyword} is not supported yet", "say it in a rule")
        kind = _kind(schema, at)
        if kind in {"enum", "model", "union"}:
            if not name:
                raise SpecError(f"{at}: an inline {kind}", "normalise the document first")
            return Type(kind, name, None, schema)
        if kind == "list":
            items = schema.get("items", {})
            return Type(kind, "", self.type_of(items, tree.join(at, "items")), schema)
        if kind == "map":
            values = schema.get("additionalProperties", True)
            if isinstance(values, dict) and values:
                where = tree.join(at, "additionalProperties")
                return Type(kind, "", self.type_of(values, where), schema)
        return Type(kind, "", None, schema)


def _without_null(schema: dict[str, Any]) -> tuple[dict[str, Any], bool]:
    """``anyOf: [X, {type: 'null'}]`` is X, and may be null."""
    parts = tree.arr(schema.get("anyOf") or schema.get("oneOf"))
    rest = [part for part in parts if not shape.is_null(part)]
    if len(rest) == 1 and len(parts) == 2:
        beside = {k: v for k, v in schema.items() if k not in {"anyOf", "oneOf"}}
        return {**tree.obj(rest[0]), **beside}, True
    return schema, False


def _kind(schema: dict[str, Any], at: str) -> str:
    if "enum" in schema:
        return "enum"  # of texts or of whole numbers: the reader refuses any other
    if shape.is_union(schema):
        return "union"
    if schema.get("properties") or schema.get("allOf"):
        return "model"
    stated = schema.get("type")
    if stated == "object" or (stated is None and "additionalProperties" in schema):
        return "map"
    if stated == "array":
        return "list"
    if stated == "string":
        return _text_kind(schema)
    if stated == "integer":
        return "yen" if schema.get("x-unit") == "yen" else "int"
    if stated == "number":
        return "float"
    if stated == "boolean":
        return "bool"
    if stated is None:
        return "any"
    raise SpecError(f"{at}: type {stated!r} is not supported yet", "give it one type")


def _text_kind(schema: dict[str, Any]) -> str:
    if schema.get("x-unit") == "yen":
        return "yen"
    return {"date-time": "timestamp", "date": "date"}.get(schema.get("format", ""), "str")


# The reader's property classes that may stand for each kind.
READER_KINDS: dict[str, set[str]] = {
    "str": {"String", "Uuid", "File", "Const"},
    "int": {"Int"},
    "float": {"Float"},
    "bool": {"Boolean"},
    "any": {"Any"},
    "yen": {"String", "Int"},
    "timestamp": {"DateTime"},
    "date": {"Date"},
    "enum": {"Enum"},
    "model": {"Model"},
    "union": {"Union"},
    "list": {"List"},
    "map": {"Model", "Any"},
}
