"""Nothing is dropped: what one reading has and the other has not stops the generator."""

from __future__ import annotations

import copy
import dataclasses
from collections.abc import Callable
from typing import Any

import pytest

from codegen.ir import package as ir_package
from codegen.ir.reader import Reading, ReadMember, read
from codegen.normalising import normalise
from codegen.problems import SpecError
from tests.unit.codegen.back.tiny import document


@pytest.fixture(scope="module")
def normal() -> dict[str, Any]:
    """The tiny document, normalised."""
    return normalise(document())[0]


def build(given: dict[str, Any]) -> Any:
    """The intermediate form."""
    return ir_package.build("tiny", given, {})


def test_everything_is_counted_by_name(normal: dict[str, Any]) -> None:
    package = build(normal)
    assert {m.component for m in package.models} == set(normal["components"]["schemas"])
    assert {o.operation_id for o in package.operations} == {
        "token", "chargeCreate", "chargeInquiry", "chargeCancel", "reportRun", "reportList",
    }  # fmt: skip
    assert [event.name for event in package.webhooks] == ["deposit"]
    assert [event.name for event in package.callbacks] == ["paid"]


def _no_model(reading: Reading) -> Reading:
    return dataclasses.replace(
        reading, models={k: v for k, v in reading.models.items() if k != "Box"}
    )


def _no_enum(reading: Reading) -> Reading:
    return dataclasses.replace(
        reading, enums={k: v for k, v in reading.enums.items() if k != "Kind"}
    )


def _no_value(reading: Reading) -> Reading:
    return dataclasses.replace(reading, enums={**reading.enums, "Kind": ["CARD"]})


def _no_member(reading: Reading) -> Reading:
    models = copy.deepcopy(reading.models)
    del models["Item"]["price"]
    return dataclasses.replace(reading, models=models)


def _other_type(reading: Reading) -> Reading:
    models = copy.deepcopy(reading.models)
    models["Item"]["quantity"] = ReadMember(False, "String")
    return dataclasses.replace(reading, models=models)


def _no_operation(reading: Reading) -> Reading:
    operations = {k: v for k, v in reading.operations.items() if k != "reportRun"}
    return dataclasses.replace(reading, operations=operations)


def _no_answer(reading: Reading) -> Reading:
    operation = reading.operations["chargeCreate"]
    answers = {status: kind for status, kind in operation.answers.items() if status != "202"}
    fewer = dataclasses.replace(operation, answers=answers)
    return dataclasses.replace(reading, operations={**reading.operations, "chargeCreate": fewer})


def _no_parameter(reading: Reading) -> Reading:
    operation = dataclasses.replace(reading.operations["chargeInquiry"], parameters={})
    return dataclasses.replace(
        reading, operations={**reading.operations, "chargeInquiry": operation}
    )


@pytest.mark.parametrize(
    ("drop", "named"),
    [
        (_no_model, "Box"),
        (_no_enum, "Kind"),
        (_no_value, "Kind"),
        (_no_member, "price"),
        (_other_type, "quantity"),
        (_no_operation, "reportRun"),
        (_no_answer, "202"),
        (_no_parameter, "/paths/~1charges~1{chargeId}/get"),
    ],
)
def test_what_the_parser_drops_is_missed(
    normal: dict[str, Any],
    monkeypatch: pytest.MonkeyPatch,
    drop: Callable[[Reading], Reading],
    named: str,
) -> None:
    def reader(given: dict[str, Any]) -> Reading:
        return drop(read(given))

    monkeypatch.setattr(ir_package, "read", reader)
    with pytest.raises(SpecError) as caught:
        build(normal)
    assert named in str(caught.value)


def test_a_warning_of_the_parser_fails(normal: dict[str, Any]) -> None:
    given = copy.deepcopy(normal)
    answer = given["paths"]["/charge"]["post"]["responses"]["201"]
    answer["content"] = {"application/xml": answer["content"]["application/json"]}
    with pytest.raises(SpecError, match="openapi-python-client warns"):
        build(given)


UNSUPPORTED: list[tuple[str, Any, str]] = [
    ("/components/schemas/Item/properties/name/not", {"const": "x"}, "not is not supported"),
    ("/components/schemas/Item/properties/quantity/multipleOf", 5, "multipleOf is not supported"),
    ("/components/schemas/Kind/enum", ["CARD", 2], "must all be the same typ"),
    ("/components/schemas/Rank/enum", [True, False], "Unsupported enum type"),
    ("/components/schemas/Rank/x-enum-varnames", None, "numbers have no names"),
    ("/components/schemas/Item/properties/price/pattern", "^[1-9]+$", "amount in yen"),
    ("/components/schemas/Source/x-discriminate", None, "nothing tells the branches apart"),
    (
        "/components/schemas/Source/x-discriminate",
        {"by-present": {"token": "TokenSource"}},
        "other branches",
    ),
    ("/components/schemas/Item/required", ["nmae"], "'nmae' is no member"),
    ("/paths/~1charge/post/tags", [], "no operationId or no tag"),
    ("/paths/~1charge/post/x-idempotency/header", "Other", "no header 'Other'"),
    ("/paths/~1charge/post/x-outcome/ends", "maybe", "x-outcome"),
    ("/components/schemas/ChargeRequest/properties/pin/x-required-when/pointer", "/knid", "'knid'"),
]


@pytest.mark.parametrize(("pointer", "value", "said"), UNSUPPORTED)
def test_what_cannot_be_printed_is_refused_by_its_place(
    normal: dict[str, Any], pointer: str, value: Any, said: str
) -> None:
    given = copy.deepcopy(normal)
    *way, last = [step.replace("~1", "/").replace("~0", "~") for step in pointer.split("/")[1:]]
    place = given
    for step in way:
        place = place[step]
    if value is None:
        del place[last]
    else:
        place[last] = value
    with pytest.raises(SpecError) as caught:
        build(given)
    assert said in str(caught.value)


def test_names_that_collide_are_refused(normal: dict[str, Any]) -> None:
    given = copy.deepcopy(normal)
    given["components"]["schemas"]["Item"]["properties"]["Name"] = {"type": "string"}
    with pytest.raises(SpecError, match="'name' and 'Name' both become 'name'"):
        build(given)
