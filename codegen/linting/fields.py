"""Rules about single members: secrets, byte limits, units, names and statuses of enum values."""

from __future__ import annotations

import keyword
import re

from codegen.linting.extensions import well_formed
from codegen.linting.spec import Hits, Rule, Spec
from codegen.normalising import encodings, shape, unions
from codegen.reading import tree
from codegen.reading.tree import Object, arr, obj

# A member whose name holds one of these words may be a secret, or card data.
SECRET_WORDS = frozenset({"number", "token", "secret", "key", "password", "cvv", "pin"})
SECRET_PHRASES = ("security code",)


def words(name: str) -> list[str]:
    """The words of a camelCase, snake_case or kebab-case name, in lower case."""
    spaced = re.sub(r"([a-z0-9])([A-Z])|([A-Z])([A-Z][a-z])", r"\1\3 \2\4", name)
    return [word for word in re.split(r"[^A-Za-z0-9]+", spaced.lower()) if word]


def check_sensitive(spec: Spec) -> Hits:
    """A member named like a secret says x-sensitive true or false."""
    for pointer, name, schema in spec.properties:
        found = words(name)
        hit = SECRET_WORDS & set(found) or {p for p in SECRET_PHRASES if p in " ".join(found)}
        if hit and "x-sensitive" not in schema and "x-sensitive" not in spec.deref(schema):
            yield pointer, f"named {'/'.join(sorted(hit))}, but not marked"


def check_max_bytes(spec: Spec) -> Hits:
    """x-max-bytes stands on a string, counts in a known encoding, and leaves room."""
    for pointer, schema in spec.schemas:
        limit = well_formed(spec, schema, "x-max-bytes")
        if limit is None:
            continue
        at = tree.join(pointer, "x-max-bytes")
        if limit["encoding"] not in encodings.CODECS:
            yield at, f"encoding {limit['encoding']!r} is not known"
        if "string" not in shape.types(spec.deref(schema)):
            yield at, "this is no string"
        most, least = limit["bytes"], schema.get("minLength")
        if isinstance(most, int) and isinstance(least, int) and least > most:
            yield at, f"minLength {least} is more than {most} bytes"


def check_units(spec: Spec) -> Hits:
    """x-unit stands on a number, or on text of digits."""
    for pointer, schema in spec.schemas:
        if "x-unit" in schema and not {"string", "integer", "number"} & set(
            shape.types(spec.deref(schema))
        ):
            yield tree.join(pointer, "x-unit"), "this is neither number nor text"


def check_enum_names(spec: Spec) -> Hits:
    """x-enum-varnames has one upper-case Python name per value, no two alike; numbers need it."""
    for pointer, schema in spec.schemas:
        given = schema.get("x-enum-varnames")
        if not isinstance(given, list):
            if any(isinstance(value, int) for value in arr(schema.get("enum"))):
                yield tree.join(pointer, "enum"), "its numbers have no names"
            continue
        at, chosen = tree.join(pointer, "x-enum-varnames"), tree.strings(given)
        count = len(arr(schema.get("enum")))
        if len(chosen) != count:
            yield at, f"{len(chosen)} names for {count} values"
        for name in dict.fromkeys(chosen):
            if not re.fullmatch("[A-Z][A-Z0-9_]*", name) or keyword.iskeyword(name):
                yield at, f"{name!r} is no upper-case Python name"
            if chosen.count(name) > 1:
                yield at, f"{name!r} is given twice"


def check_enum_descriptions(spec: Spec) -> Hits:
    """x-enum-descriptions has one text per value."""
    for pointer, schema in spec.schemas:
        given = schema.get("x-enum-descriptions")
        count = len(arr(schema.get("enum")))
        if isinstance(given, list) and len(given) != count:
            at = tree.join(pointer, "x-enum-descriptions")
            yield at, f"{len(given)} texts for {count} values"


def check_error_codes(spec: Spec) -> Hits:
    """x-error-codes gives each value of the enum its status."""
    for pointer, schema in spec.schemas:
        codes = well_formed(spec, schema, "x-error-codes")
        if codes is None:
            continue
        at, values = tree.join(pointer, "x-error-codes"), tree.strings(schema.get("enum"))
        for code in [code for code in codes if code not in values]:
            yield at, f"{code!r} is no value of the enum"
        for value in [value for value in values if value not in codes]:
            yield at, f"{value!r} has no status"


def check_required_when(spec: Spec) -> Hits:
    """x-required-when points to a member that exists and can have the values."""
    for pointer, schema in spec.schemas:
        required = tree.strings(schema.get("required"))
        for name, member in obj(schema.get("properties")).items():
            when = well_formed(spec, obj(member), "x-required-when")
            if when is not None:
                at = tree.join(pointer, "properties", name, "x-required-when")
                yield from _when(spec, schema, when, at)
                if name in required:
                    yield at, "the member is always required"


def _when(spec: Spec, owner: Object, when: Object, at: str) -> Hits:
    pointer = tree.text(when.get("pointer"))
    found = unions.members_at(spec.document, owner, tree.split(pointer))
    if not found:
        yield at, f"{pointer} is not declared"
        return
    allowed = {value for member in found for value in unions.values_of(spec.document, member)}
    for value in tree.strings(when.get("in")):
        if allowed and value not in allowed:
            yield at, f"{value!r} is no value of {pointer}"


RULES = (
    Rule("sensitive", "set x-sensitive to true, or to false if it is harmless", check_sensitive),
    Rule("max-bytes", "known: " + ", ".join(encodings.CODECS), check_max_bytes),
    Rule("unit", "remove x-unit, or state the type", check_units),
    Rule("enum-names", "correct x-enum-varnames", check_enum_names),
    Rule("enum-descriptions", "correct x-enum-descriptions", check_enum_descriptions),
    Rule("error-codes", "give exactly the enum's values a status", check_error_codes),
    Rule("required-when", "correct x-required-when", check_required_when),
)
