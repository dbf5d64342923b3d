"""The Unified client's models and the mock's agree on what a request is, and lose nothing of it."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from functools import partial
from typing import Any

import kessai_mock_models.unified as mock_models
import pytest
from hypothesis import given
from kessai_unified import operations

from tests.support import contract_unified_bodies as bodies
from tests.support.contract_agreement import (
    DIFFERENCES,
    WARNED,
    Difference,
    Sides,
    adapter,
    client_verdict,
    disagreements,
    dumped,
    mock_verdict,
)
from tests.support.contract_drawn import drawing
from tests.support.contract_edges import edges
from tests.support.contract_schemathesis import Schema
from tests.support.contract_unified_client import METHODS, decode_model
from tests.support.contract_values import Values


def _text(value: Any) -> bool:
    return isinstance(value, str)


def _empty(value: Any) -> bool:
    return value.__class__ is str and not value


def _empty_port(value: Any) -> bool:
    return isinstance(value, str) and ":/" in value.partition("://")[2]


_HERE = {"a new value of an enum", "an unknown variant",
         "yen as a JSON number"}  # fmt: skip
UNIFIED_DIFFERENCES = (
    *(difference for difference in DIFFERENCES if difference.name in _HERE),
    Difference(
        "an assumed limit",
        "mock",
        frozenset({WARNED}),
        _text,
        "What no document states may be wrong, so the client warns and sends. The mock "
        "keeps to it.",
    ),
    Difference(
        "an empty text for yen",
        "mock",
        frozenset({"string_pattern_mismatch"}),
        _empty,
        "Read as absent by the client, in answers and in plain data alike; from an amount that is "
        "an int it cannot come about.",
    ),
    Difference(
        "a URL with an empty port",
        "client",
        frozenset({"format"}),
        _empty_port,
        "RFC 3986 allows it. Nobody means it, so the client says so before anything leaves.",
    ),
)
UNIFIED = Sides(
    decode_model,
    mock_models,
    {
        "AgreementReference": ("AgreementByPaymentId", "AgreementByFepOrderId"),
        "ChargeOrder": ("ChargeByOriginalPaymentId", "ChargeByOriginalFepOrderId"),
        "OrderReference": ("OrderByPaymentId", "OrderByFepOrderId"),
    },
    UNIFIED_DIFFERENCES,
)
SHOWN = 12
DRAWN = drawing(25)


def _complain(found: list[str]) -> None:
    if found:
        kinds = list(dict.fromkeys(found))
        pytest.fail(f"{len(kinds)} disagreements\n" + "\n".join(kinds[:SHOWN]), pytrace=False)


def _for_all(strategy: Any, check: Callable[[Any], Any]) -> None:
    """Run a check for a few values of a strategy; the first that fails is shrunk."""

    @DRAWN
    @given(strategy)
    def checked(value: Any) -> None:
        check(value)

    checked()


@pytest.mark.parametrize("name", METHODS)
def test_both_accept_the_same_requests(name: str, unified_schema: Schema) -> None:
    """Whatever schemathesis thinks of, in order and broken."""
    component = operations.OPERATIONS[name].request_name
    found: list[str] = []
    accepted = 0
    for case in unified_schema[name].cases:
        body = case.members()
        if body is not None:
            found += disagreements(component, body, set(), UNIFIED)
            accepted += not client_verdict(component, body, UNIFIED).objections
    _complain(found)
    assert accepted >= 5


def test_both_draw_the_same_lines(unified_document: dict[str, Any]) -> None:
    """Texts at their limits, with newlines, full-width digits and letters outside the BMP."""
    values = Values(unified_document)
    found: list[str] = []
    tried = 0
    for component in values.reachable(operations.OPERATIONS[n].request_name for n in METHODS):
        examples: list[Any] = []
        _for_all(values.of(component), examples.append)
        for member, schema in values.texts(component).items():
            example = next((value for value in examples if member in value), None)
            assert example is not None, f"{component}.{member} was never drawn"
            tried += 1
            for edge in edges(schema, example[member]):
                found += disagreements(component, {**example, member: edge}, set(), UNIFIED)
    _complain(found)
    assert tried > 40


def test_both_read_and_write_the_same_members(
    unified_document: dict[str, Any], subtests: pytest.Subtests
) -> None:
    """Every object and union of the spec, requests and answers, through one and the other."""
    values = Values(unified_document)
    schemas = unified_document["components"]["schemas"]
    for component in values.objects():
        if schemas[component].get("type") == "object" and "properties" not in schemas[component]:
            continue  # printed without members: a plain dict, seen inside of those that hold it
        with subtests.test(component=component):
            _for_all(values.of(component), partial(_same, component))


def _same(component: str, value: Any) -> None:
    written = decode_model(component, value).to_wire()
    assert written == value
    text = json.dumps(written)
    model = adapter(component, UNIFIED).validate_json(text, strict=True)
    shown = dumped(component, model, UNIFIED)
    assert shown == value
    assert decode_model(component, shown).to_wire() == value


def test_what_is_drawn_in_order_is_accepted(
    unified_document: dict[str, Any], subtests: pytest.Subtests
) -> None:
    """Values drawn from the spec's own schemas break no limit of either."""
    values = Values(unified_document)
    for name in METHODS:
        component = operations.OPERATIONS[name].request_name
        with subtests.test(operation=name):
            _for_all(values.of(component), partial(_accepted, component))


def _accepted(component: str, value: Any) -> None:
    assert client_verdict(component, value, UNIFIED).objections == []
    assert mock_verdict(component, value, sides=UNIFIED).objections == []


def test_the_client_keeps_what_the_spec_does_not_know(
    unified_document: dict[str, Any], subtests: pytest.Subtests
) -> None:
    """Members, result codes and actions of a later version survive in answers and notices."""
    values = Values(unified_document)
    for name in METHODS:
        path = f"/fep/command{operations.OPERATIONS[name].path}"
        responses = unified_document["paths"][path]["post"]["responses"]
        for status, decode in operations.OPERATIONS[name].answers.items():
            schema = responses[str(status)]["content"]["application/json"]["schema"]
            strategy = values.of(schema["$ref"].rpartition("/")[2])
            with subtests.test(operation=name, status=status):
                _for_all(strategy, partial(_kept, decode, values.enumerated()))
    with subtests.test(operation="push"):
        decode = partial(decode_model, "PushRequest")
        _for_all(values.of("PushRequest"), partial(_kept, decode, values.enumerated()))


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


_ORDER = {"payType": "paypay", "paymentId": "o-1", "amount": "100"}
_PAY = {**bodies.pay("o-1"), "order": _ORDER}
EXAMPLES: dict[str, tuple[str, dict[str, Any]]] = {
    "a new value of an enum": ("PayRequest", {**_PAY, "order": {**_ORDER, "payType": "aeon"}}),
    "an unknown variant": ("CaptureRequest", {"order": {"number": "1"}}),
    "an assumed limit": (
        "PayRequest",
        {**_PAY, "transaction": {"merchantRequestKey1": "a b"}},
    ),
    "an empty text for yen": ("CancelRequest", {"order": {"paymentId": "o-1", "amount": ""}}),
    "a URL with an empty port": (
        "PayRequest",
        {**_PAY, "control": bodies.control(pushUrl="https://shop.example:/notice")},
    ),
    "yen as a JSON number": ("PayRequest", {**_PAY, "order": {**_ORDER, "amount": 100}}),
}


@pytest.mark.parametrize("name", [difference.name for difference in UNIFIED_DIFFERENCES])
def test_each_named_difference_is_one(name: str) -> None:
    """A difference that has gone must leave the list."""
    component, body = EXAMPLES[name]
    seen: set[str] = set()
    assert disagreements(component, body, seen, UNIFIED) == []
    assert seen == {name}
