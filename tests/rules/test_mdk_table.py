"""The MDK's table is complete: each limit of a request in the spec has a row of its own."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from kessai_mdk import operations

from codegen.document import load_provider
from tests.rules.bodies import ABSENT
from tests.rules.mdk_bodies import COMMANDS
from tests.rules.mdk_fields import listed
from tests.rules.mdk_rows import FIELD_ROWS, ROWS

ROOT = Path(__file__).parents[2]
ALL = [*FIELD_ROWS, *ROWS]
HELD = {(row.operation, row.pointer, row.code) for row in ALL}
LIMITS = {"x-max-bytes": "max-bytes", "maxLength": "max-length", "enum": "enum"}


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    return load_provider(ROOT, "mdk").document


def limits(document: dict[str, Any], operation: dict[str, Any]) -> set[tuple[str, str, str]]:
    """Operation, pointer and code of every limit of a request's own members."""
    schemas = document["components"]["schemas"]

    def whole(schema: dict[str, Any]) -> dict[str, Any]:
        reference = schema.get("$ref")
        return schema if reference is None else schemas[reference.rsplit("/", 1)[-1]]

    (content,) = operation["requestBody"]["content"].values()
    name, found = operation["operationId"], set[tuple[str, str, str]]()
    body = whole(content["schema"])
    found |= {(name, f"/{member}", "required") for member in body.get("required", [])}
    for member, part in body["properties"].items():
        schema = whole(part)
        codes = {code for key, code in LIMITS.items() if key in schema or key in part}
        if schema.get("x-unit") == "yen" and "{1," in schema["pattern"]:
            codes.add("max-length")
        found |= {(name, f"/{member}", code) for code in codes}
    return found


def test_each_limit_has_a_row(document: dict[str, Any]) -> None:
    wanted = {
        limit
        for item in document["paths"].values()
        if item["post"]["operationId"] != "searchSearch"
        for limit in limits(document, item["post"])
    }
    assert len(wanted) > 600
    # A member in a form of its own (MM/YY) is as long as its form.
    forms = {(name, at, "max-length") for name, at, code in HELD if code == "pattern"}
    assert sorted(wanted - HELD - forms) == []


def test_every_command_has_rows() -> None:
    assert set(COMMANDS) == set(operations.OPERATIONS)
    quiet = {"searchSearch", "alipayCreateIdentityCode"}  # nothing to hold but members' limits
    assert {row.operation for row in ROWS} >= set(COMMANDS) - quiet


def test_every_code_of_the_lists_is_in_the_spec(document: dict[str, Any]) -> None:
    schemas = document["components"]["schemas"]
    missing: list[str] = []
    by_name = {i["post"]["operationId"]: i["post"] for i in document["paths"].values()}
    for member in listed():
        if not member.codes or member.stem:
            continue
        (content,) = by_name[member.operation]["requestBody"]["content"].values()
        body = schemas[content["schema"]["$ref"].rsplit("/", 1)[-1]]
        enum = schemas[body["properties"][member.name]["$ref"].rsplit("/", 1)[-1]]["enum"]
        missing += [f"{member.operation} {member.name} {c}" for c in member.codes if c not in enum]
    assert missing == []


def test_rows_are_told_apart_by_their_ids() -> None:
    assert [name for name, count in Counter(row.id for row in ALL).items() if count > 1] == []


def test_a_row_says_two_things_and_where_they_come_from() -> None:
    for row in ALL:
        assert row.good() != row.bad(), row.id
        assert row.source
        assert ABSENT not in row.good().values()
