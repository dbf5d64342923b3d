"""The MDK client's models and the mock's agree on what a request is, and lose nothing of it."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from functools import partial
from typing import Any

import kessai_mock_models.mdk as mock_models
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from kessai_mdk import operations

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
from tests.support.contract_edges import edges
from tests.support.contract_mdk_client import decode_model
from tests.support.contract_mdk_links import LINKS
from tests.support.contract_schemathesis import Schema, spread
from tests.support.contract_values import Values


def _empty(value: Any) -> bool:
    return value.__class__ is str and not value


def _text(value: Any) -> bool:
    return isinstance(value, str)


_HERE = {"a new value of an enum", "yen as a JSON number", "yen with leading zeros"}
MDK_DIFFERENCES = (
    *(difference for difference in DIFFERENCES if difference.name in _HERE),
    Difference(
        "an empty text for yen",
        "mock",
        frozenset({"string_pattern_mismatch"}),
        _empty,
        "Read as absent by the client, in answers and in plain data alike; from an amount that is "
        "an int it cannot come about.",
    ),
    Difference(
        "an assumed limit",
        "mock",
        frozenset({WARNED}),
        _text,
        "What no document states may be wrong, so the client warns and sends. The mock keeps to "
        "it.",
    ),
)
MDK = Sides(decode_model, mock_models, {}, MDK_DIFFERENCES)
SHOWN = 12
DRAWN = settings(
    phases=[Phase.generate, Phase.shrink],
    max_examples=4,
    derandomize=True,
    database=None,
    deadline=None,
    suppress_health_check=[
        HealthCheck.too_slow,
        HealthCheck.filter_too_much,
        HealthCheck.large_base_example,
        HealthCheck.data_too_large,
    ],
)


def _complain(found: list[str]) -> None:
    if found:
        kinds = list(dict.fromkeys(found))
        pytest.fail(f"{len(kinds)} disagreements\n" + "\n".join(kinds[:SHOWN]), pytrace=False)


def _for_all(strategy: Any, check: Callable[[Any], Any]) -> None:
    @DRAWN
    @given(strategy)
    def checked(value: Any) -> None:
        check(value)

    checked()


@pytest.fixture(scope="module")
def values(mdk_document: dict[str, Any]) -> Values:
    return Values(mdk_document)


def _request(name: str) -> str:
    return operations.OPERATIONS[name].request_name


@pytest.mark.parametrize("name", LINKS)
def test_both_accept_the_same_requests(name: str, mdk_schema: Schema) -> None:
    """Whatever schemathesis thinks of, in order and broken."""
    found: list[str] = []
    accepted = 0
    for case in spread(mdk_schema[name].cases, 300):
        body = case.members()
        if body is not None:
            found += disagreements(_request(name), body, set(), MDK)
            accepted += not client_verdict(_request(name), body, MDK).objections
    _complain(found)
    assert accepted >= 5


def test_both_draw_the_same_lines(values: Values) -> None:
    """Texts at their limits, with newlines, full-width digits and letters outside the BMP."""
    found: list[str] = []
    tried = 0
    for component in values.reachable(map(_request, LINKS)):
        examples: list[Any] = []
        _for_all(values.of(component), examples.append)
        for member, schema in values.texts(component).items():
            tried += 1
            example = next((value for value in examples if value), dict[str, Any]())
            for edge in edges(schema, example.get(member, "1")):
                found += disagreements(component, {**example, member: edge}, set(), MDK)
    _complain(found)
    assert tried > 400


def test_both_read_and_write_the_same_members(values: Values, mdk_document: dict[str, Any]) -> None:
    """Every object of the spec, requests and answers, through one and the other."""
    schemas = mdk_document["components"]["schemas"]
    names = [name for name in values.objects() if "properties" in schemas[name]]
    for at in range(0, len(names), 20):  # many at a time: each run costs more than its values
        some = names[at : at + 20]
        _for_all(st.tuples(*map(values.of, some)), partial(_all_same, some))


def _all_same(components: list[str], drawn: tuple[Any, ...]) -> None:
    for component, value in zip(components, drawn, strict=True):
        _same(component, value)


def _same(component: str, value: Any) -> None:
    written = decode_model(component, value).to_wire()
    assert written == value, component
    model = adapter(component, MDK).validate_json(json.dumps(written), strict=True)
    shown = dumped(component, model, MDK)
    assert shown == value, component
    assert decode_model(component, shown).to_wire() == value, component


def test_what_is_drawn_in_order_is_accepted(values: Values) -> None:
    """Values drawn from the spec's own schemas break no limit of either."""
    for name in LINKS:
        _for_all(values.of(_request(name)), partial(_accepted, _request(name)))


def _accepted(component: str, value: Any) -> None:
    assert client_verdict(component, value, MDK).objections == []
    assert mock_verdict(component, value, sides=MDK).objections == []


def test_the_client_keeps_what_the_spec_does_not_know(
    values: Values, mdk_document: dict[str, Any]
) -> None:
    """Members and codes of a later version survive in answers and notices."""
    for item in mdk_document["paths"].values():
        name = item["post"]["operationId"]
        for status, decode in operations.OPERATIONS[name].answers.items():
            content = item["post"]["responses"][str(status)]["content"]["application/json"]
            strategy = values.of(content["schema"]["$ref"].rpartition("/")[2])
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
    # Codes of one or two digits are amounts elsewhere.
    coded = isinstance(value, str) and value in enums and not value.isdigit()
    return f"FUTURE_{value}" if coded else value


_CARD = {"orderId": "o-1", "amount": "100"}
EXAMPLES: dict[str, tuple[str, dict[str, Any]]] = {
    "a new value of an enum": ("CardAuthorizeRequest", {**_CARD, "cardCenter": "new"}),
    "an assumed limit": ("CvsAuthorizeRequest", {**_CARD, "serviceOptionType": "other",
                                                 "free1": "a" * 51}),
    "an empty text for yen": ("CardCaptureRequest", {**_CARD, "amount": ""}),
    "yen as a JSON number": ("CardAuthorizeRequest", {**_CARD, "amount": 100}),
    "yen with leading zeros": ("CardAuthorizeRequest", {**_CARD, "amount": "000000100"}),
}  # fmt: skip


@pytest.mark.parametrize("name", [difference.name for difference in MDK_DIFFERENCES])
def test_each_named_difference_is_one(name: str) -> None:
    """A difference that has gone must leave the list."""
    component, body = EXAMPLES[name]
    seen: set[str] = set()
    assert disagreements(component, body, seen, MDK) == []
    assert seen == {name}
