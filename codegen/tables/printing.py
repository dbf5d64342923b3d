"""The compiled document's layout: block YAML that reads back as what it was made from."""

from __future__ import annotations

import json
import re

from codegen.reading.tree import Json

_PLAIN = re.compile(r"[A-Za-z_/][A-Za-z0-9_./-]*(?: [A-Za-z0-9_./-]+)*")
_WORDS = frozenset({"true", "false", "null", "yes", "no", "on", "off", "y", "n"})


def block_yaml(value: Json, indent: int = 0) -> str:
    """Block YAML in a fixed layout; texts that YAML could take for something else are quoted."""
    pad = "  " * indent
    if isinstance(value, dict) and value:
        return "".join(f"{pad}{_scalar(key)}:{_below(item, indent)}" for key, item in value.items())
    if isinstance(value, list) and value:
        return "".join(f"{pad}-{_below(item, indent)}" for item in value)
    return pad + _scalar(value) + "\n"


def _below(value: Json, indent: int) -> str:
    nested = isinstance(value, (dict, list)) and bool(value)
    return "\n" + block_yaml(value, indent + 1) if nested else f" {_scalar(value)}\n"


def _scalar(value: Json) -> str:
    if isinstance(value, str) and _PLAIN.fullmatch(value) and value.lower() not in _WORDS:
        return value
    return json.dumps(value, ensure_ascii=False)
