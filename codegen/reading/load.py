"""Reading spec files: YAML 1.2 (or JSON), nothing but JSON types, no duplicate keys.

The file is composed into nodes and built here, because a node knows its line and a loaded
dictionary has already lost the first of two equal keys.
"""

from __future__ import annotations

import re
from importlib import import_module
from pathlib import Path
from typing import Any, cast

from codegen.problems import SpecError
from codegen.reading.tree import Json

_TAG = "tag:yaml.org,2002:"
_PLAIN = {_TAG + name for name in ("null", "bool", "int", "float", "timestamp")}
_INT = re.compile(r"[-+]?[0-9]+")
_BASED = re.compile(r"0o[0-7]+|0x[0-9a-fA-F]+")
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")
_WORDS: dict[str, Json] = {
    "": None, "~": None, "null": None, "Null": None, "NULL": None,
    "true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False,
}  # fmt: skip


def read_yaml(path: Path) -> dict[str, Any]:
    """Read a YAML 1.2 or JSON file whose root is an object.

    Only JSON types come out: dates stay text, number keys (``200:``) become text. A duplicate
    key, a merge key, a custom tag, .nan and .inf are refused with file and line (SpecError).
    """
    try:
        content = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise SpecError(f"{path}: no such file", "check the path") from None
    except (OSError, UnicodeDecodeError) as error:
        raise SpecError(f"{path}: cannot be read ({error})", "save it as UTF-8 text") from None
    root = _compose(path, content)
    if root is None:
        raise SpecError(f"{path}: is empty", "write the document")
    value = _Builder(path).build(root)
    if not isinstance(value, dict):
        raise SpecError(f"{path}:1: the root is no object", "start with `openapi: 3.1.0`")
    return cast("dict[str, Any]", value)


def _compose(path: Path, content: str) -> Any:
    """The node graph. ruamel.yaml is untyped: only this function touches it."""
    ruamel = import_module("ruamel.yaml")
    errors = import_module("ruamel.yaml.error")
    try:
        return ruamel.YAML(typ="safe", pure=True).compose(content)
    except errors.MarkedYAMLError as raised:
        error: Any = raised
        at = error.problem_mark or error.context_mark
        line = at.line + 1 if at is not None else 1
        raise SpecError(f"{path}:{line}: {error.problem or 'no YAML'}", "mend the YAML") from None
    except errors.YAMLError as raised:
        raise SpecError(f"{path}: {str(raised).partition(chr(10))[0]}", "mend the YAML") from None


class _Builder:
    """Nodes to JSON. An alias is built anew, so no two places share one object."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.open: list[int] = []

    def refuse(self, node: Any, cause: str, remedy: str) -> SpecError:
        return SpecError(f"{self.path}:{node.start_mark.line + 1}: {cause}", remedy)

    def build(self, node: Any) -> Json:
        kind = type(node).__name__
        if kind == "ScalarNode":
            return self.scalar(node)
        if id(node) in self.open:
            raise self.refuse(node, "an alias contains itself", "write the value out")
        self.open.append(id(node))
        try:
            if kind == "SequenceNode":
                self.untagged(node, "seq")
                return [self.build(child) for child in node.value]
            self.untagged(node, "map")
            return self.mapping(node)
        finally:
            self.open.pop()

    def untagged(self, node: Any, name: str) -> None:
        if str(node.tag) != _TAG + name:
            raise self.refuse(node, f"the tag {node.tag} means nothing in JSON", "remove the tag")

    def mapping(self, node: Any) -> dict[str, Json]:
        built: dict[str, Json] = {}
        lines: dict[str, int] = {}
        for key_node, value_node in node.value:
            key = self.key(key_node)
            line = int(key_node.start_mark.line) + 1
            if key in built:
                raise self.refuse(
                    key_node, f"duplicate key {key!r} (first on line {lines[key]})", "keep one"
                )
            lines[key] = line
            built[key] = self.build(value_node)
        return built

    def key(self, node: Any) -> str:
        if str(node.tag) == _TAG + "merge":
            raise self.refuse(node, "a merge key (<<) is no YAML 1.2", "write the members out")
        value = self.scalar(node) if type(node).__name__ == "ScalarNode" else None
        if isinstance(value, str):
            return value
        if isinstance(value, int) and not isinstance(value, bool):
            return str(node.value)  # a status code; the text, so that 007 stays 007
        raise self.refuse(node, "a key is no text", "put it in quotes")

    def scalar(self, node: Any) -> Json:
        value, tag = str(node.value), str(node.tag)
        if tag == _TAG + "str":
            return value
        if tag not in _PLAIN:
            raise self.refuse(node, f"the tag {tag} means nothing in JSON", "remove the tag")
        if value in _WORDS:
            return _WORDS[value]
        if _INT.fullmatch(value):
            return int(value)
        if _BASED.fullmatch(value):
            return int(value, 0)
        if _FLOAT.fullmatch(value):
            return float(value)
        if value.lstrip("+-").lower() in {".inf", ".nan"}:
            raise self.refuse(node, f"{value} is no JSON number", "write a number")
        return value  # a date, or a number only YAML 1.1 knows
