"""The table is complete: each limit of a request in the spec has a row of its own."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from codegen.document import load_provider
from tests.rules.table import LIVE, ROWS

ROOT = Path(__file__).parents[2]
LIMITS = {
    "x-max-bytes": "max-bytes",
    "pattern": "pattern",
    "maximum": "maximum",
    "maxLength": "max-length",
    "maxItems": "max-items",
    "maxProperties": "max-properties",
}

# A union's members say which branch is meant: without them there is none. The token's own request
# is a form, made by the client itself.
BRANCHES = {"card", "tokenizedCard", "referrer", "onfileType", "grant_type", "scope"}

# One schema, many uses: the same limit once is enough.
_NAMES = Counter(row.pointer.rsplit("/", 1)[-1] + "#" + row.code for row in ROWS)


def requests(document: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The request bodies of all operations."""
    for path in document["paths"].values():
        for method in path.values():
            for media in method.get("requestBody", {}).get("content", {}).values():
                yield media["schema"]


def limits(document: dict[str, Any]) -> set[str]:
    """``member#code`` of every limit a request can break, through every reference."""
    schemas = document["components"]["schemas"]
    found: set[str] = set()
    seen: set[tuple[str, str]] = set()

    def walk(name: str, schema: dict[str, Any]) -> None:
        reference = schema.get("$ref")
        if reference is not None:
            target = reference.rsplit("/", 1)[-1]
            if (name, target) in seen:
                return
            seen.add((name, target))
            walk(name, schemas[target])
        if schema.get("x-unit") != "yen":  # an int in Python: no text to match
            found.update(f"{name}#{code}" for key, code in LIMITS.items() if key in schema)
        found.update(f"{m}#required" for m in schema.get("required", []) if m not in BRANCHES)
        for branch in ("oneOf", "anyOf", "allOf"):
            for part in schema.get(branch, []):
                walk(name, part)
        for member, part in schema.get("properties", {}).items():
            walk(member, part)
        if "items" in schema:
            walk(name, schema["items"])

    for body in requests(document):
        walk("", body)
    return found


@pytest.fixture(scope="module")
def documented() -> set[str]:
    return limits(load_provider(ROOT, "gmo").document)


def test_each_limit_has_a_row(documented: set[str]) -> None:
    assert len(documented) > 100
    assert documented - set(_NAMES) == set()


def test_rows_are_told_apart_by_their_ids() -> None:
    repeated = [name for name, count in Counter(r.id for r in [*ROWS, *LIVE]).items() if count > 1]
    assert repeated == []


@pytest.mark.parametrize("row", [*ROWS, *LIVE], ids=lambda row: row.id)
def test_a_row_says_two_things_and_where_they_come_from(row: Any) -> None:
    assert row.good() != row.bad()
    assert row.source[0].isdigit() or row.source.startswith("third party")
