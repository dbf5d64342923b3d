"""The changelog between two specs: what narrowed, widened, came and went, and what breaks."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import pytest

from codegen.diffing import Change, compare
from codegen.diffing.sets import admits, inside
from codegen.normalising import normalise
from codegen.reading import overlay
from codegen.reading.load import read_yaml

CLEAN = read_yaml(Path(__file__).parent / "fixtures" / "clean.yaml")
PAID = "$.components.schemas.Paid"
REQUEST = "$.components.schemas.ChargeRequest"
CHARGE = "$.paths['/charge'].post"


def _changes(*actions: dict[str, Any]) -> list[Change]:
    source = copy.deepcopy(CLEAN)
    changed, _ = overlay.apply(source, {"overlay": "1.0.0", "actions": list(actions)})
    return compare(normalise(source)[0], normalise(changed)[0])


def _update(target: str, value: Any) -> dict[str, Any]:
    return {"target": target, "update": value}


def _remove(target: str) -> dict[str, Any]:
    return {"target": target, "remove": True}


def test_equal_documents_have_no_changes() -> None:
    assert _changes(_update("$.info", {"description": "other words"})) == []


@pytest.mark.parametrize(
    ("actions", "change"),
    [
        # What we send: narrower breaks, wider does not.
        (
            [_update(f"{REQUEST}.properties.orderId", {"maxLength": 20})],
            Change("narrowed", True, "schema ChargeRequest.orderId", "maxLength 27 -> 20"),
        ),
        (
            [_update(f"{REQUEST}.properties.orderId", {"maxLength": 30})],
            Change("widened", False, "schema ChargeRequest.orderId", "maxLength 27 -> 30"),
        ),
        (
            [_update(f"{REQUEST}.properties.orderId", {"minLength": 2})],
            Change("narrowed", True, "schema ChargeRequest.orderId", "minLength none -> 2"),
        ),
        (
            [_update(f"{REQUEST}.properties.memo['x-max-bytes']", {"bytes": 90})],
            Change("narrowed", True, "schema ChargeRequest.memo", "x-max-bytes 100 -> 90"),
        ),
        (
            [_update(f"{REQUEST}.properties.amount", {"pattern": "^[0-9]{1,6}$"})],
            Change(
                "narrowed",
                True,
                "schema ChargeRequest.amount",
                "pattern ^[0-9]{1,8}$ -> ^[0-9]{1,6}$",
            ),
        ),
        (
            [_update(f"{REQUEST}.properties.amount", {"pattern": "^[0-9]{1,9}$"})],
            Change(
                "widened",
                False,
                "schema ChargeRequest.amount",
                "pattern ^[0-9]{1,8}$ -> ^[0-9]{1,9}$",
            ),
        ),
        (
            [_update(f"{REQUEST}.properties.amount", {"pattern": "^[1-9][0-9]{0,8}$"})],
            Change(
                "changed",
                True,
                "schema ChargeRequest.amount",
                "pattern ^[0-9]{1,8}$ -> ^[1-9][0-9]{0,8}$",
            ),
        ),
        (
            [_update(f"{REQUEST}.required", "memo")],
            Change("narrowed", True, "schema ChargeRequest.memo", "is required now"),
        ),
        (
            [_update(f"{REQUEST}.properties", {"tip": {"type": "string"}})],
            Change("added", False, "schema ChargeRequest.tip", "optional member"),
        ),
        (
            [
                _update(f"{REQUEST}.properties", {"tip": {"type": "string"}}),
                _update(f"{REQUEST}.required", "tip"),
            ],
            Change("added", True, "schema ChargeRequest.tip", "required member"),
        ),
        (
            [_remove(f"{REQUEST}.properties.memo")],
            Change("removed", True, "schema ChargeRequest.memo", "member"),
        ),
        (
            [_remove("$.components.schemas.Method.enum[0]")],
            Change("narrowed", True, "schema Method", "values removed: 1"),
        ),
        (
            [_update("$.components.schemas.Method.enum", "3")],
            Change("widened", False, "schema Method", "values added: 3"),
        ),
        (
            [_update(f"{REQUEST}.properties.memo", {"not": {"minLength": 3}})],
            Change("narrowed", True, "schema ChargeRequest.memo", "not differ"),
        ),
        (
            [_update(REQUEST, {"additionalProperties": False})],
            Change("narrowed", True, "schema ChargeRequest", "unknown members are refused"),
        ),
        (
            [_remove(f"{REQUEST}.properties.amount['x-unit']")],
            Change("changed", True, "schema ChargeRequest.amount", "x-unit: yen -> none"),
        ),
        (
            [_update(f"{REQUEST}.properties.memo", {"format": "uri"})],
            Change("changed", True, "schema ChargeRequest.memo", "format: none -> uri"),
        ),
        # What the gateway sends: new things break nothing, lost ones do.
        (
            [_update("$.components.schemas.State.enum", "HELD")],
            Change("widened", False, "schema State", "values added: HELD"),
        ),
        (
            [_update(f"{PAID}.properties", {"till": {"type": "string"}})],
            Change("added", False, "schema Paid.till", "optional member"),
        ),
        (
            [_remove(f"{PAID}.properties.receipt")],
            Change("removed", True, "schema Paid.receipt", "member"),
        ),
        (
            [_update(f"{PAID}.properties.receipt", {"type": "integer"})],
            Change("changed", True, "schema Paid.receipt", "type string -> integer"),
        ),
        (
            [_update(f"{PAID}.properties.receipt", {"maxLength": 10})],
            Change("narrowed", False, "schema Paid.receipt", "maxLength none -> 10"),
        ),
        (
            [_remove("$.components.schemas.Callback.required")],
            Change("widened", True, "schema Callback.orderId", "is optional now"),
        ),
        # Operations, parameters, answers.
        (
            [_remove("$.paths['/inquiry']"), _remove(f"{CHARGE}['x-outcome']")],
            Change("removed", True, "operation orderInquiry", "POST /inquiry"),
        ),
        (
            [_update("$.webhooks", {"late": {"get": {"operationId": "late", "responses": {}}}})],
            Change("added", False, "webhook late", "GET late"),
        ),
        (
            [_remove(f"{CHARGE}.callbacks")],
            Change(
                "removed",
                True,
                "orderCharge callback approved",
                "GET {$request.body#/callbackUrl}",
            ),
        ),
        (
            [_update(f"{CHARGE}.parameters[0]", {"required": True})],
            Change(
                "narrowed",
                True,
                "operation orderCharge header Idempotency-Key",
                "is required now",
            ),
        ),
        (
            [_remove(f"{CHARGE}.parameters[0]")],
            Change("removed", True, "operation orderCharge header Idempotency-Key", "parameter"),
        ),
        (
            [_remove(f"{CHARGE}.responses['400']")],
            Change("removed", False, "operation orderCharge answer 400", "status"),
        ),
        (
            [_remove(f"{CHARGE}.responses['201']")],
            Change("removed", True, "operation orderCharge answer 201", "status"),
        ),
        (
            [_update(f"{CHARGE}['x-in-flight']", {"live": 9})],
            Change(
                "changed",
                False,
                "operation orderCharge",
                "x-in-flight: {'live': 5, 'test': 5} -> {'live': 9, 'test': 5}",
            ),
        ),
        (
            [_update(CHARGE, {"deprecated": True})],
            Change("changed", False, "operation orderCharge", "is deprecated"),
        ),
        (
            [_update("$.info", {"version": "1.1.0"})],
            Change("changed", False, "spec", "version 1.0.0 -> 1.1.0"),
        ),
    ],
)
def test_a_change_is_told(actions: list[dict[str, Any]], change: Change) -> None:
    assert change in _changes(*actions)


def test_an_integer_is_a_number() -> None:
    def document(kind: str) -> dict[str, Any]:
        source = copy.deepcopy(CLEAN)
        member = {"count": {"type": kind, "minimum": 3}}
        source["components"]["schemas"]["ChargeRequest"]["properties"].update(member)
        source["components"]["schemas"]["Paid"]["properties"].update(member)
        return normalise(source)[0]

    sent, received = "schema ChargeRequest.count", "schema Paid.count"
    assert compare(document("number"), document("integer")) == [
        Change("narrowed", True, sent, "type number -> integer"),
        Change("narrowed", False, received, "type number -> integer"),
    ]
    assert compare(document("integer"), document("number")) == [
        Change("widened", False, sent, "type integer -> number"),
        Change("widened", True, received, "type integer -> number"),
    ]


def test_the_same_texts_written_differently_are_no_change() -> None:
    assert _changes(_update(f"{REQUEST}.properties.amount", {"pattern": "^[0-9][0-9]{0,7}$"})) == []


def test_a_moved_operation_breaks() -> None:
    source = copy.deepcopy(CLEAN)
    moved = copy.deepcopy(CLEAN)
    moved["paths"]["/v2/charge"] = moved["paths"].pop("/charge")
    changes = compare(normalise(source)[0], normalise(moved)[0])
    assert changes == [
        Change("changed", True, "operation orderCharge", "POST /charge -> POST /v2/charge")
    ]


def test_a_component_that_many_share_is_told_once() -> None:
    changes = _changes(_update("$.components.schemas.State.enum", "HELD"))
    assert len(changes) == 1


def test_sets() -> None:
    assert inside("^[0-9]{2}$", "^[0-9]{1,3}$")
    assert not inside("^[0-9]{1,3}$", "^[0-9]{2}$")
    assert inside("^[ぁ-ん]+$", "^[ぁ-んァ-ヶ]*$")
    assert inside("^(?=a)a$", "^(?=a)a$")
    assert not inside("^(?=a)a$", "^a$")
    assert admits({"type": "integer"}, {"type": "integer", "minimum": 3})
    assert not admits({"type": "integer", "minimum": 3}, {"type": "integer"})
