"""The client's models and the mock's agree on what a request is, and lose nothing of it."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from hypothesis import given
from kessai_gmo import operations

from tests.support import contract_bodies as bodies
from tests.support.contract_agreement import (
    DIFFERENCES,
    adapter,
    client_verdict,
    disagreements,
    dumped,
    mock_verdict,
)
from tests.support.contract_client import METHODS, decode_model
from tests.support.contract_drawn import drawing
from tests.support.contract_edges import edges
from tests.support.contract_schemathesis import Schema
from tests.support.contract_values import Values

JSON_OPERATIONS = [name for name in METHODS if name != "token"]
SHOWN = 12
DRAWN = drawing(15)


def _complain(found: list[str]) -> None:
    if found:
        kinds = list(dict.fromkeys(found))
        pytest.fail(f"{len(kinds)} disagreements\n" + "\n".join(kinds[:SHOWN]), pytrace=False)


@pytest.mark.parametrize("name", JSON_OPERATIONS)
def test_both_accept_the_same_requests(name: str, schema: Schema) -> None:
    """Whatever schemathesis thinks of, in order and broken."""
    component = operations.OPERATIONS[name].request_name
    found: list[str] = []
    accepted = 0
    for case in schema[name].cases:
        body = case.members()
        if body is not None:
            found += disagreements(component, body, set())
            accepted += not client_verdict(component, body).objections
    _complain(found)
    assert accepted >= 5


def test_both_draw_the_same_lines(document: dict[str, Any]) -> None:
    """Texts at their limits in characters and bytes, with newlines and full-width digits."""
    values = Values(document)
    found: list[str] = []
    tried = 0
    for component in values.reachable(operations.OPERATIONS[n].request_name for n in METHODS):
        examples = drawn(values.of(component))
        for member, schema in values.texts(component).items():
            example = next((value for value in examples if member in value), None)
            assert example is not None, f"{component}.{member} was never drawn"
            tried += 1
            for edge in edges(schema, example[member]):
                found += disagreements(component, {**example, member: edge}, set())
    _complain(found)
    assert tried > 150


def drawn(strategy: Any) -> list[Any]:
    """A few values of a strategy, always the same."""
    made: list[Any] = []
    _for_all(strategy, made.append)
    return made


def _for_all(strategy: Any, check: Callable[[Any], Any]) -> None:
    """Run a check for a few values of a strategy; the first that fails is shrunk."""

    @DRAWN
    @given(strategy)
    def checked(value: Any) -> None:
        check(value)

    checked()


def test_both_read_and_write_the_same_members(
    document: dict[str, Any], subtests: pytest.Subtests
) -> None:
    """Every object and union of the spec, requests and answers, through one and the other."""
    values = Values(document)
    for component in values.objects():
        with subtests.test(component=component):
            _for_all(values.of(component), partial(_same, component))


def _same(component: str, value: Any) -> None:
    written = decode_model(component, value).to_wire()
    assert written == value
    model = adapter(component).validate_json(json.dumps(written), strict=True)
    shown = dumped(component, model)
    assert shown == value
    assert decode_model(component, shown).to_wire() == value


def test_what_is_drawn_in_order_is_accepted(
    document: dict[str, Any], subtests: pytest.Subtests
) -> None:
    """Values drawn from the spec's own schemas break no limit but those of company."""
    values = Values(document)
    for name in JSON_OPERATIONS:
        component = operations.OPERATIONS[name].request_name
        with subtests.test(operation=name):
            _for_all(values.of(component), partial(_accepted, component))


def _accepted(component: str, value: Any) -> None:
    client = client_verdict(component, value)
    assert {objection.code for objection in client.objections} <= {"required"}
    assert mock_verdict(component, value).objections == []


def test_the_client_keeps_what_the_spec_does_not_know(
    document: dict[str, Any], subtests: pytest.Subtests
) -> None:
    """Members and enum values of a later version survive in answers, at every level."""
    values = Values(document)
    for name in METHODS:
        responses = document["paths"][operations.OPERATIONS[name].path]["post"]["responses"]
        for status, decode in operations.OPERATIONS[name].answers.items():
            schema = responses[str(status)]["content"]["application/json"]["schema"]
            strategy = values.of(schema["$ref"].rpartition("/")[2])
            with subtests.test(operation=name, status=status):
                _for_all(strategy, partial(_kept, decode, values.enumerated()))


def _kept(decode: Callable[[Any], Any], enumerated: set[str], value: Any) -> None:
    for future in (_with_members(value), _with_values(value, enumerated)):
        assert decode(copy.deepcopy(future)).to_wire() == future


def _with_members(value: Any) -> Any:
    if value.__class__ is dict:
        known = {name: _with_members(member) for name, member in value.items()}
        return {**known, "futureText": "x", "futureObject": {"list": [1, None, {"a": 0.5}]}}
    if value.__class__ is list:
        return [_with_members(element) for element in value]
    return value


def _with_values(value: Any, enums: set[str]) -> Any:
    if value.__class__ is dict:
        return {name: _with_values(member, enums) for name, member in value.items()}
    if value.__class__ is list:
        return [_with_values(element, enums) for element in value]
    return f"FUTURE_{value}" if isinstance(value, str) and value in enums else value


EXAMPLES: dict[str, tuple[str, dict[str, Any]]] = {
    "an empty optional text": (
        "CreditChargeRequest",
        {**bodies.credit_charge("o-1"), "merchant": bodies.merchant(csrfToken="")},
    ),
    "an empty text for an object": (
        "MemberCreateRequest",
        {**bodies.member_create("m-1"), "additionalOptions": ""},
    ),
    "required in company": (
        "VerificationStartRequest",
        {
            "merchant": bodies.merchant(),
            "verificationInformation": {"type": "sms-pin", "verificationId": "v-1"},
        },
    ),
    "a new value of an enum": (
        "CreditChargeRequest",
        {**bodies.credit_charge("o-1"), "payer": bodies.payer(deviceType="WATCH")},
    ),
    "an unknown variant": (
        "CreditChargeRequest",
        {**bodies.credit_charge("o-1"), "creditInformation": {"voucher": {"code": "1"}}},
    ),
    "yen as a JSON number": ("OrderUpdateRequest", {"accessId": "a" * 32, "amount": 100}),
    "yen with leading zeros": (
        "OrderUpdateRequest",
        {"accessId": "a" * 32, "amount": "0000000000000100"},
    ),
    "a whole number with a fraction": (
        "CashChargeRequest",
        {
            **bodies.cash_charge("o-1"),
            "order": bodies.order("o-1", 1000, items=[{**bodies.item(), "quantity": 2.0}]),
        },
    ),
}


@pytest.mark.parametrize("name", [difference.name for difference in DIFFERENCES])
def test_each_named_difference_is_one(name: str) -> None:
    """A difference that has gone must leave the list."""
    component, body = EXAMPLES[name]
    seen: set[str] = set()
    assert disagreements(component, body, seen) == []
    assert seen == {name}
