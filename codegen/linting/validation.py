"""Examples of a document, and whether a value fits a schema as gateways and clients read it.

Unions are validated by their ``x-discriminate`` rule, not by counting matches: two branches whose
members are all optional both "match". ``x-max-bytes`` and encoded contents are checked too.
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterator
from importlib import import_module
from typing import Any, NamedTuple
from urllib.parse import quote, urlsplit

from codegen.normalising import encodings, shape
from codegen.reading import tree
from codegen.reading.tree import Json, Object, obj

_URI = "urn:kessai:spec"


class Example(NamedTuple):
    """One example and the schema it illustrates."""

    pointer: str
    value: Json
    schema: str  # pointer of the schema
    body: str  # pointer of the media type, parameter or schema that holds it


def media_examples(document: Object, holder: Object, pointer: str) -> Iterator[Example]:
    """The examples of a media type, parameter or header."""
    schema = tree.join(pointer, "schema")
    if "schema" not in holder:
        return
    if "example" in holder:
        yield Example(tree.join(pointer, "example"), holder["example"], schema, pointer)
    for name, given in obj(holder.get("examples")).items():
        meant = obj(tree.deref(document, given))
        if "value" in meant:
            at = tree.join(pointer, "examples", name, "value")
            yield Example(at, meant["value"], schema, pointer)


def schema_examples(schema: Object, pointer: str) -> Iterator[Example]:
    """The examples, the default and the enum values of a schema."""
    for index, value in enumerate(tree.arr(schema.get("examples"))):
        yield Example(tree.join(pointer, "examples", index), value, pointer, pointer)
    for key in ("example", "default"):
        if key in schema:
            yield Example(tree.join(pointer, key), schema[key], pointer, pointer)
    for index, value in enumerate(tree.arr(schema.get("enum"))):
        yield Example(tree.join(pointer, "enum", index), value, pointer, pointer)


class Judge:
    """Validates values against schemas of one document. ``taken`` collects the branches met."""

    def __init__(self, document: Object) -> None:
        self.document = document
        self.taken: set[tuple[str, str]] = set()  # (union, branch)
        jsonschema = import_module("jsonschema")
        referencing = import_module("referencing")
        dialect: Any = import_module("referencing.jsonschema").DRAFT202012
        resource: Any = referencing.Resource(contents=document, specification=dialect)
        self.registry: Any = referencing.Registry().with_resource(_URI, resource)
        self.formats: Any = jsonschema.FormatChecker()
        self.formats.checks("uri")(_is_uri)
        self.dialect: Any = jsonschema.validators.extend(
            jsonschema.Draft202012Validator,
            {
                "x-max-bytes": _max_bytes,
                "contentSchema": _content,
                "oneOf": self._union("oneOf"),
                "anyOf": self._union("anyOf"),
            },
        )
        self.names = {id(s): n for n, s in _components(document).items()}

    def errors(self, value: Json, schema: str) -> Iterator[tuple[str, str]]:
        """What is wrong with a value: pointer inside the value, message."""
        validator: Any = self.dialect(
            {"$ref": _URI + "#" + _quote(schema)},
            registry=self.registry,
            format_checker=self.formats,
        )
        for error in validator.iter_errors(value):
            yield tree.join("", *error.absolute_path), str(error.message).partition("\n")[0]

    def _union(self, keyword: str) -> Any:
        plain: Any = import_module("jsonschema").Draft202012Validator.VALIDATORS[keyword]
        error: Any = import_module("jsonschema").ValidationError

        def check(validator: Any, parts: Any, value: Any, schema: Any) -> Iterator[Any]:
            if "x-discriminate" not in schema:
                yield from plain(validator, parts, value, schema)
                return
            branch = choose(schema["x-discriminate"], value)
            if branch is None:
                yield error("no branch: x-discriminate does not know it")
                return
            if branch not in _components(self.document):
                return  # the rule about unions says so
            self.taken.add((self.names.get(id(schema), ""), branch))
            ref = {"$ref": _URI + "#" + _quote(tree.join("/components/schemas", branch))}
            yield from validator.descend(value, ref)

        return check


def choose(rule: Json, value: Json) -> str | None:
    """The branch an ``x-discriminate`` rule finds for a value; None if it finds none."""
    by_value = obj(rule).get("by-value")
    if isinstance(by_value, dict):
        try:
            tag = tree.get(value, tree.text(by_value.get("pointer")))
        except tree.NoSuchPlaceError:
            return None
        branch = obj(by_value.get("mapping")).get(tag) if isinstance(tag, str) else None
        return branch if isinstance(branch, str) else None
    for member, branch in obj(obj(rule).get("by-present")).items():
        if obj(value).get(member) is not None and isinstance(branch, str):
            return branch
    return None


def unions_in(document: Object, schema: Json) -> list[str]:
    """The union components a schema reaches, through references."""
    found: list[str] = []
    seen = set[str]()
    waiting = [schema]
    while waiting:
        for _, part in shape.inside(waiting.pop(), ""):
            name = tree.schema_name(tree.ref_of(part) or "")
            if name is not None and name not in seen:
                seen.add(name)
                target = obj(_components(document).get(name))
                if shape.is_union(target):
                    found.append(name)
                waiting.append(target)
    return found


def _components(document: Object) -> Object:
    return obj(obj(document.get("components")).get("schemas"))


def _is_uri(value: object) -> bool:
    """An absolute URI. Without a further package jsonschema checks none."""
    if not isinstance(value, str):
        return True
    parts = urlsplit(value)
    return bool(parts.scheme and (parts.netloc or parts.path)) and not re.search(r"\s", value)


def _quote(pointer: str) -> str:
    return quote(pointer)


def _max_bytes(_validator: Any, limit: Any, value: Any, _schema: Any) -> Iterator[Any]:
    error: Any = import_module("jsonschema").ValidationError
    encoding, most = tree.text(obj(limit).get("encoding")), obj(limit).get("bytes")
    if isinstance(value, str) and encoding in encodings.CODECS and isinstance(most, int):
        size = encodings.size(value, encoding)
        if size is None:
            yield error(f"has a character that {encoding} does not know")
        elif size > most:
            yield error(f"takes {size} bytes in {encoding}, at most {most}")


def _content(validator: Any, inner: Any, value: Any, schema: Any) -> Iterator[Any]:
    error: Any = import_module("jsonschema").ValidationError
    if not isinstance(value, str) or schema.get("contentMediaType") != "application/json":
        return
    try:
        raw = value.encode("ascii")
        if schema.get("contentEncoding") == "base64url":
            raw = base64.b64decode(raw + b"=" * (-len(raw) % 4), altchars=b"-_", validate=True)
        elif schema.get("contentEncoding") == "base64":
            raw = base64.b64decode(raw, validate=True)
        content = json.loads(raw)
    except ValueError:
        yield error("cannot be decoded as its contentEncoding and contentMediaType say")
        return
    yield from validator.descend(content, inner)
