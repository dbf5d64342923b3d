"""Normalising, one case at a time: names, and what cannot be decided."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from codegen.document import load_provider
from codegen.normalising import normalise
from codegen.problems import Repair, SpecError


def _document(schemas: dict[str, Any], paths: dict[str, Any] | None = None) -> dict[str, Any]:
    return {
        "openapi": "3.1.0",
        "info": {"title": "A", "version": "1"},
        "paths": paths or {},
        "components": {"schemas": schemas},
    }


def _schemas(schemas: dict[str, Any]) -> tuple[dict[str, Any], list[Repair]]:
    document, repairs = normalise(_document(schemas))
    found: dict[str, Any] = document["components"]["schemas"]
    return found, repairs


OBJECT = {"type": "object", "properties": {"a": {"type": "string"}}}


def test_parts_are_named_after_owner_and_member() -> None:
    found, repairs = _schemas(
        {
            "Order": {
                "type": "object",
                "properties": {
                    "pay-easy_info": OBJECT,
                    "lines": {"type": "array", "items": {"type": "array", "items": OBJECT}},
                    "map": {"type": "object", "additionalProperties": OBJECT},
                },
            }
        }
    )
    assert list(found) == [
        "Order",
        "OrderPayEasyInfo",
        "OrderLinesItemItem",
        "OrderMap",
        "OrderMapValue",
    ]
    assert repairs == []


def test_a_taken_name_gets_a_number() -> None:
    found, _ = _schemas(
        {
            "Order": {"type": "object", "properties": {"line": OBJECT}},
            "orderLine": {"type": "string"},
            "OrderLine2": {"type": "string"},
        }
    )
    assert list(found) == ["Order", "orderLine", "OrderLine2", "OrderLine3"]
    assert found["Order"]["properties"]["line"] == {"$ref": "#/components/schemas/OrderLine3"}


def test_what_the_use_says_stays_where_it_is_used() -> None:
    member = {
        "type": "string",
        "enum": ["A", "B"],
        "default": "A",
        "description": "which",
        "x-sensitive": True,
    }
    found, _ = _schemas({"Order": {"type": "object", "properties": {"kind": member}}})
    assert found["Order"]["properties"]["kind"] == {
        "$ref": "#/components/schemas/OrderKind",
        "description": "which",
        "default": "A",
        "x-sensitive": True,
    }
    assert "default" not in found["OrderKind"]


def test_bodies_are_named_after_the_operation() -> None:
    def content(schema: dict[str, Any]) -> dict[str, Any]:
        return {"description": "x", "content": {"application/json": {"schema": schema}}}

    operation = {
        "operationId": "order-pay",
        "requestBody": content(OBJECT),
        "responses": {"200": content(OBJECT), "202": content(OBJECT), "default": content(OBJECT)},
    }
    document, _ = normalise(_document({}, {"/pay": {"post": operation}}))
    assert list(document["components"]["schemas"]) == [
        "OrderPayRequest",
        "OrderPayResponse200",
        "OrderPayResponse202",
        "OrderPayResponseDefault",
    ]


def test_a_bare_constraint_is_no_type() -> None:
    either = {**OBJECT, "anyOf": [{"required": ["a"]}, {"required": ["b"]}]}
    either["properties"] = {"a": {"type": "string"}, "b": {"type": "string"}}
    found, repairs = _schemas({"Either": either})
    assert found == {"Either": either}
    assert repairs == []


def test_required_members_of_compositions_count_as_declared() -> None:
    base = {"type": "object", "required": ["b"], "properties": {"a": {"type": "string"}}}
    whole = {
        "allOf": [{"$ref": "#/components/schemas/Base"}, {"required": ["a"]}],
        "properties": {"b": {"type": "string"}},
    }
    found, repairs = _schemas({"Base": base, "Whole": whole})
    # Each class requires its own members; what it requires of another part, the whole requires.
    assert "required" not in found["Base"]
    assert found["Whole"]["required"] == ["b", "a"]
    assert [repair.pointer for repair in repairs] == ["/components/schemas/Base"]


def test_a_discriminator_is_taken_over() -> None:
    branch = {"type": "object", "properties": {"kind": {"type": "string"}}}
    union = {
        "oneOf": [{"$ref": "#/components/schemas/A"}, {"$ref": "#/components/schemas/B"}],
        "discriminator": {
            "propertyName": "kind",
            "mapping": {"x": "#/components/schemas/A", "y": "B"},
        },
    }
    found, _ = _schemas({"A": branch, "B": branch, "U": union})
    rule = {"by-value": {"pointer": "/kind", "mapping": {"x": "A", "y": "B"}}}
    assert found["U"]["x-discriminate"] == rule
    assert "discriminator" not in found["U"]


def test_renamed_schemas_are_renamed_in_unions_too() -> None:
    a = {"type": "object", "required": ["a"], "properties": {"a": {"type": "string"}}}
    b = {"type": "object", "required": ["b"], "properties": {"b": {"type": "string"}}}
    union = {
        "oneOf": [{"$ref": "#/components/schemas/Card"}, {"$ref": "#/components/schemas/card"}],
        "x-discriminate": {"by-present": {"a": "Card", "b": "card"}},
    }
    found, _ = _schemas({"Card": a, "card": b, "U": union})
    assert found["U"] == {
        "oneOf": [{"$ref": "#/components/schemas/Card"}, {"$ref": "#/components/schemas/card2"}],
        "x-discriminate": {"by-present": {"a": "Card", "b": "card2"}},
    }


def _union(*branches: dict[str, Any]) -> dict[str, Any]:
    refs = [{"$ref": f"#/components/schemas/B{number}"} for number in range(len(branches))]
    named = {f"B{number}": branch for number, branch in enumerate(branches)}
    return {**named, "U": {"oneOf": refs}}


@pytest.mark.parametrize(
    ("schemas", "pointer", "cause"),
    [
        (_union(OBJECT, OBJECT), "/components/schemas/U", "nothing tells B0"),
        (_union(OBJECT, {"type": "string"}), "/components/schemas/U", "a branch is no object"),
        (
            {"A": {"type": "string", "pattern": "^(?=a)a$"}},
            "/components/schemas/A/pattern",
            "lookaround",
        ),
        (
            {"A": {"type": "object", "properties": {"b": {"$ref": "#/components/schemas/No"}}}},
            "/components/schemas/A/properties/b",
            "leads nowhere",
        ),
        ({"A": {"$ref": "other.yaml#/A"}}, "/components/schemas/A", "leads nowhere"),
        (
            {"A": {"$ref": "#/components/schemas/B"}, "B": {"$ref": "#/components/schemas/A"}},
            "/components/schemas/A",
            "leads nowhere",
        ),
    ],
)
def test_what_cannot_be_decided_stops_with_its_place(
    schemas: dict[str, Any], pointer: str, cause: str
) -> None:
    with pytest.raises(SpecError) as caught:
        normalise(_document(schemas))
    found = {problem.pointer: problem.what for problem in caught.value.problems}
    assert cause in found[pointer]


def test_all_undecided_places_are_told_at_once() -> None:
    schemas = {"A": {"type": "string", "pattern": "^(?=a)a$"}, **_union(OBJECT, OBJECT)}
    with pytest.raises(SpecError) as caught:
        normalise(_document(schemas))
    assert [problem.code for problem in caught.value.problems] == ["pattern", "union"]
    assert "and 1 more" in str(caught.value)


@pytest.mark.parametrize(
    ("version", "said"),
    [({"swagger": "2.0"}, "2.0"), ({"openapi": "3.2.0"}, "3.2.0"), ({}, "none")],
)
def test_other_versions_are_refused(version: dict[str, str], said: str) -> None:
    with pytest.raises(SpecError, match=f"version {said} is not read"):
        normalise({**version, "info": {}, "paths": {}})


def test_a_lower_case_range_of_answers_is_read() -> None:
    responses = {"2xx": {"description": "a"}, "4Xx": {"description": "b"}}
    operation = {"operationId": "a", "tags": ["a"], "responses": responses}
    document, repairs = normalise(_document({}, {"/a": {"get": operation}}))
    assert list(document["paths"]["/a"]["get"]["responses"]) == ["2XX", "4XX"]
    assert [repair.code for repair in repairs] == ["status", "status"]


def test_an_operation_without_a_tag_belongs_to_the_first_part_of_its_path() -> None:
    def operation(name: str, *tags: str) -> dict[str, Any]:
        return {"get": {"operationId": name, "tags": list(tags), "responses": {}}}

    paths = {
        "/wallets/{id}": operation("a"),
        "/{id}": operation("b", "決済"),
        "/c": operation("c", "d"),
    }
    document, repairs = normalise(_document({}, paths))
    found = [item["get"]["tags"] for item in document["paths"].values()]
    assert found == [["wallets"], ["api"], ["d"]]
    assert document["tags"] == [{"name": "wallets"}, {"name": "api"}]
    assert [repair.code for repair in repairs] == ["tag", "tag"]


def test_equal_answers_of_two_case_variants_of_one_range_are_not_merged() -> None:
    responses = {"2xx": {"description": "a"}, "2XX": {"description": "b"}}
    with pytest.raises(SpecError, match="2XX is stated twice"):
        normalise(_document({}, {"/a": {"get": {"operationId": "a", "responses": responses}}}))


def test_our_own_spec_needs_no_repair() -> None:
    root = Path(__file__).parents[4]
    found = load_provider(root, "gmo")
    assert found.repairs == []
    assert [path.name for path in found.inputs] == ["openapi.yaml", "overlay.yaml", "sources.yaml"]
    assert len(found.document["components"]["schemas"]) > 200


def test_an_unknown_provider_is_one_line() -> None:
    root = Path(__file__).parents[4]
    with pytest.raises(SpecError, match="known: gmo"):
        load_provider(root, "nobody")
