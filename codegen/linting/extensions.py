"""Rules about the x- extensions as such: known, well-formed, in their place."""

from __future__ import annotations

from importlib import import_module
from typing import Any, NamedTuple

from codegen.linting.spec import Hits, Rule, Spec
from codegen.reading import tree
from codegen.reading.tree import Json, Object

_TEXT: Object = {"type": "string", "minLength": 1, "pattern": r"\S"}
_POINTER: Object = {"type": "string", "pattern": "^(/[^/]+)+$"}
_COUNT: Object = {"type": "integer", "minimum": 1}
_TRUE: Object = {"const": True}
_TEXTS: Object = {"type": "array", "items": _TEXT, "uniqueItems": True}
_NAMES: Object = {"type": "object", "minProperties": 1, "additionalProperties": _TEXT}
_MANY: Object = {"type": "object", "minProperties": 1, "additionalProperties": _TEXTS}


def _object(required: dict[str, Object], optional: dict[str, Object] | None = None) -> Object:
    properties: Object = {**required, **(optional or {})}
    names: list[Json] = list(required)
    return {
        "type": "object",
        "required": names,
        "properties": properties,
        "additionalProperties": False,
    }


class Extension(NamedTuple):
    """Where an extension may stand, and its shape as a JSON Schema."""

    places: frozenset[str]  # operation, schema, any
    shape: Object


_OPERATION, _SCHEMA, _ANY = frozenset({"operation"}), frozenset({"schema"}), frozenset({"any"})
_LISTED: Object = {"type": "array", "items": {"type": ["string", "integer"]}, "uniqueItems": True}
_STATES: dict[str, Object] = dict.fromkeys(("done", "waiting", "failed"), _LISTED)
_PAIRS: Object = {"type": "object", "minProperties": 1, "additionalProperties": _POINTER}
_STATUS: Object = {"type": "integer", "minimum": 100, "maximum": 599}

EXTENSIONS: dict[str, Extension] = {
    "x-source": Extension(_ANY, _object({"document": _TEXT, "section": _TEXT})),
    "x-assumed": Extension(_ANY, _TEXT),
    "x-sensitive": Extension(_SCHEMA, {"type": "boolean"}),
    "x-unit": Extension(_SCHEMA, {"enum": ["yen", "days", "seconds", "months", "bytes"]}),
    "x-max-bytes": Extension(_SCHEMA, _object({"encoding": _TEXT, "bytes": _COUNT})),
    "x-enum-varnames": Extension(_SCHEMA, _TEXTS | {"uniqueItems": False}),
    "x-enum-descriptions": Extension(_SCHEMA, _TEXTS | {"uniqueItems": False}),
    "x-error-codes": Extension(
        _SCHEMA,
        {
            "type": "object",
            "additionalProperties": _object(
                {"status": _STATUS}, {"meaning": _TEXT, "result": _TEXT, "action": _TEXT}
            ),
        },
    ),
    "x-discriminate": Extension(
        _SCHEMA,
        {
            "oneOf": [
                _object({"by-value": _object({"pointer": _POINTER, "mapping": _NAMES})}),
                _object({"by-present": _NAMES}),
            ]
        },
    ),
    "x-required-when": Extension(
        _SCHEMA, _object({"pointer": _POINTER}, {"in": _TEXTS | {"minItems": 1}})
    ),
    "x-wallets": Extension(_ANY, {"oneOf": [_MANY, _TEXTS]}),
    "x-sent-when": Extension(_OPERATION, {**_NAMES, "additionalProperties": _NAMES}),
    "x-safe": Extension(_OPERATION, _TRUE),
    "x-in-flight": Extension(_OPERATION, _object({"live": _COUNT, "test": _COUNT})),
    "x-idempotency": Extension(
        _OPERATION, _object({"header": _TEXT, "max-length": _COUNT, "window": _COUNT})
    ),
    "x-outcome": Extension(
        _OPERATION,
        _object(
            {"by": _TEXT, "ends": {"enum": ["paid", "done"]}},
            {"ask": _PAIRS, "state": _POINTER, "match": _PAIRS, "gone": _TRUE, **_STATES},
        ),
    ),
}


def check_known(spec: Spec) -> Hits:
    """Every x- name is one of ours."""
    for pointer, holder in tree.walk_structure(spec.document):
        for key in holder:
            named = tree.split(pointer)[-1:] == ["properties"]
            if key.startswith("x-") and key not in EXTENSIONS and not named:
                yield tree.join(pointer, key), "is no extension of ours"


def check_shapes(spec: Spec) -> Hits:
    """Every x- value has the documented shape."""
    validator: Any = import_module("jsonschema").Draft202012Validator
    for pointer, holder in tree.walk_structure(spec.document):
        for key, extension in EXTENSIONS.items():
            if key in holder:
                for error in validator(extension.shape).iter_errors(holder[key]):
                    at = tree.join(pointer, key, *error.absolute_path)
                    yield at, str(error.message).partition("\n")[0][:160]


def check_places(spec: Spec) -> Hits:
    """Every x- extension stands where it means something."""
    operations = {place.pointer for place in spec.operations}
    schemas = {pointer for pointer, _ in spec.schemas}
    for pointer, holder in tree.walk_structure(spec.document):
        for key, extension in EXTENSIONS.items():
            if key in holder and "any" not in extension.places:
                is_here = pointer in (operations if "operation" in extension.places else schemas)
                if not is_here:
                    wanted = ", ".join(extension.places)
                    yield tree.join(pointer, key), f"means nothing here, only on: {wanted}"


def well_formed(spec: Spec, holder: Object, key: str) -> Object | None:
    """An extension's value if it is there and has its shape, for rules about its meaning."""
    value = holder.get(key)
    validator: Any = import_module("jsonschema").Draft202012Validator
    if isinstance(value, dict) and validator(EXTENSIONS[key].shape).is_valid(value):
        return value
    return None


_REMEDY = "see codegen/EXTENSIONS.md"
RULES = (
    Rule("x-known", f"remove it, or {_REMEDY}", check_known, early=True),
    Rule("x-shape", _REMEDY, check_shapes, early=True),
    Rule("x-place", f"move it, {_REMEDY}", check_places, early=True),
)
