"""Values that keep to the spec, drawn from its own schemas by Hypothesis.

Only what the normalised document uses is understood; anything else is an error, so that a
new keyword is not passed over in silence. Texts are never empty (the gateway takes the empty
text for absent), yen have no leading zeros, date-times are written as the gateway writes them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta, timezone
from typing import Any, cast

from hypothesis import strategies as st

Schema = Mapping[str, Any]
Strategy = st.SearchStrategy[Any]

_CODECS = {"utf-8": "utf-8", "euc-jp": "euc_jp", "windows-31j": "cp932"}
_DIGITS = re.compile(r"\{1,([0-9]+)\}")  # how many an amount has at most
_JST = timezone(timedelta(hours=9))
# Kana, kanji, full-width and half-width forms, and ASCII: what a merchant really sends.
_LETTERS = st.sampled_from("あアｱ漢字Ａ１　aZ09 -_,.")
_UNDERSTOOD = {
    "type", "properties", "required", "additionalProperties", "maxProperties", "items", "maxItems",
    "enum", "const", "pattern", "format", "minLength", "maxLength", "minimum", "maximum",
    "oneOf", "anyOf", "allOf", "$ref", "default", "description", "title", "examples", "example",
    "contentEncoding", "contentMediaType", "contentSchema", "deprecated", "readOnly",
}  # fmt: skip


class Values:
    """Strategies by component name, each made once."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        self._schemas: Mapping[str, Schema] = document["components"]["schemas"]
        self._made: dict[str, Strategy] = {}

    def of(self, component: str) -> Strategy:
        """Values of a component."""
        if component not in self._made:
            self._made[component] = self._value(self._schemas[component])
        return self._made[component]

    def objects(self) -> list[str]:
        """Every component that is an object or a union of objects; the one free map apart."""
        kinds = {"object", None}
        return [
            name
            for name, schema in self._schemas.items()
            if schema.get("type") in kinds and not schema.get("additionalProperties")
        ]

    def enumerated(self) -> set[str]:
        """Every value of every enum."""
        return {value for schema in self._schemas.values() for value in schema.get("enum", ())}

    def texts(self, component: str) -> dict[str, Schema]:
        """The text members of an object component that are no enums, $refs followed."""
        found: dict[str, Schema] = {}
        for name, schema in self._schemas[component].get("properties", {}).items():
            target: Schema = self._schemas[_component(schema)] if "$ref" in schema else {}
            whole = {**target, **schema}
            if whole.get("type") == "string" and "enum" not in whole and "const" not in whole:
                found[name] = whole
        return found

    def reachable(self, components: Iterable[str]) -> list[str]:
        """Components and whatever they refer to, objects only."""
        found: dict[str, None] = {}
        waiting = list(components)
        while waiting:
            name = waiting.pop()
            if name not in found:
                found[name] = None
                waiting += _references(self._schemas[name])
        return [name for name in found if "properties" in self._schemas[name]]

    def _value(self, schema: Schema) -> Strategy:
        odd = {key for key in schema if key not in _UNDERSTOOD and not key.startswith("x-")}
        assert not odd, f"a keyword no value can be drawn for: {odd}"
        if "const" in schema:
            return st.just(schema["const"])
        if "$ref" in schema:
            return self._referred(schema)
        if "oneOf" in schema or "anyOf" in schema:
            branches: list[Schema] = schema.get("oneOf") or schema["anyOf"]
            return st.one_of([self._value(branch) for branch in branches])
        if "allOf" in schema:
            parts = [self._value(part) for part in schema["allOf"]]
            return st.tuples(*parts).map(_merged)
        if "enum" in schema:
            return st.sampled_from(schema["enum"])
        return self._plain(schema)

    def _referred(self, schema: Schema) -> Strategy:
        component = _component(schema)
        if "x-max-bytes" in schema:  # a limit that only this place has
            return self._value({**self._schemas[component], "x-max-bytes": schema["x-max-bytes"]})
        return st.deferred(lambda: self.of(component))

    def _plain(self, schema: Schema) -> Strategy:
        kind = schema["type"]
        if kind == "object":
            return self._object(schema)
        if kind == "array":
            items = self._value(schema["items"])
            return st.lists(items, max_size=min(schema.get("maxItems", 3), 3))
        if kind == "string":
            return _text(schema)
        if kind == "integer":
            return st.integers(schema.get("minimum", 0), schema.get("maximum", 10**9))
        if kind == "boolean":
            return st.booleans()
        raise AssertionError(f"no values for type {kind}")

    def _object(self, schema: Schema) -> Strategy:
        properties: Mapping[str, Schema] = schema.get("properties", {})
        needed = {name: self._value(properties[name]) for name in schema.get("required", [])}
        others = {
            name: self._value(inner) for name, inner in properties.items() if name not in needed
        }
        known = st.fixed_dictionaries(needed, optional=others)
        free = schema.get("additionalProperties")
        if not isinstance(free, dict) or properties:
            return known
        values = self._value(cast("Schema", free))
        return st.dictionaries(st.text("abcXYZ019_", min_size=1), values, max_size=3)


def _component(schema: Schema) -> str:
    return str(schema["$ref"]).rpartition("/")[2]


def _references(schema: Any) -> list[str]:
    """Every component a schema names, at any depth."""
    if schema.__class__ is dict:
        found = [_component(schema)] if isinstance(schema.get("$ref"), str) else []
        return found + [name for inner in schema.values() for name in _references(inner)]
    if schema.__class__ is list:
        return [name for inner in schema for name in _references(inner)]
    return []


def _merged(parts: tuple[dict[str, Any], ...]) -> dict[str, Any]:
    whole: dict[str, Any] = {}
    for part in parts:
        whole.update(part)
    return whole


def _text(schema: Schema) -> Strategy:
    form = schema.get("format")
    longest, shortest = int(schema.get("maxLength", 60)), int(schema.get("minLength", 1))
    if schema.get("x-unit") == "yen":
        digits = _DIGITS.search(str(schema.get("pattern", "")))
        return st.integers(0, 10 ** (15 if digits is None else int(digits[1])) - 1).map(str)
    if form == "date-time":
        moments = st.datetimes(datetime(2020, 1, 1), datetime(2040, 1, 1))
        return moments.map(lambda m: m.replace(microsecond=0, tzinfo=_JST).isoformat())
    if form == "email":
        return st.from_regex(r"[a-z0-9]{1,20}@[a-z0-9]{1,20}\.example", fullmatch=True)
    if form == "uri":
        return st.from_regex(r"https://[a-z0-9]{1,20}\.example(/[a-z0-9]{0,9})?", fullmatch=True)
    assert form is None, f"no values for format {form}"

    def fits(text: Any) -> bool:
        return len(text) <= longest and within_bytes(schema, text)

    drawn: Strategy = (
        st.from_regex(str(schema["pattern"]), fullmatch=True)
        if "pattern" in schema
        else st.text(_LETTERS, min_size=max(shortest, 1), max_size=max(min(longest, 20), shortest))
    )
    return drawn.filter(fits)


def within_bytes(schema: Schema, text: str) -> bool:
    """Whether a text takes no more bytes than x-max-bytes allows."""
    limit = schema.get("x-max-bytes")
    return limit is None or byte_length(limit["encoding"], text) <= limit["bytes"]


def byte_length(encoding: str, text: str) -> int:
    """Bytes of a text that the encoding has a place for."""
    return len(text.encode(_CODECS[encoding]))
