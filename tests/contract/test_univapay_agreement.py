"""The UnivaPay client's models and the mock's agree on what a request is, and lose nothing."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from functools import partial
from typing import Any

import kessai_mock_models.univapay as mock_models
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from kessai_univapay import operations

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
from tests.support.contract_schemathesis import Schema
from tests.support.contract_univapay_client import decode_model
from tests.support.contract_univapay_mock import DATA
from tests.support.contract_univapay_values import UnivapayValues


def _anything(value: Any) -> bool:
    return True


def _empty(value: Any) -> bool:
    return value.__class__ is str and not value


def _text(value: Any) -> bool:
    return isinstance(value, str) and bool(value)


def _integer(value: Any) -> bool:
    return value.__class__ is int


def _negative(value: Any) -> bool:
    return value.__class__ is int and value < 0


_HERE = {"a new value of an enum", "an unknown variant", "required in company"}
UNIVAPAY_DIFFERENCES = (
    *(difference for difference in DIFFERENCES if difference.name in _HERE),
    Difference(
        "an assumed limit",
        "mock",
        frozenset({WARNED}),
        _anything,
        "What no document states may be wrong, so the client warns and sends. The mock "
        "keeps to it.",
    ),
    Difference(
        "a new number of an enum",
        "mock",
        frozenset({"enum"}),
        _integer,
        "Enums are open in the client, of numbers too: instalments the gateway has added since.",
    ),
    Difference(
        "a text that is no UUID",
        "mock",
        frozenset({"value_error"}),
        _text,
        "An id is what the gateway gave. The client sends it as it is, and the gateway says no.",
    ),
    Difference(
        "an empty text for an id or a date",
        "mock",
        frozenset({"value_error"}),
        _empty,
        "Likewise; and an empty date is read as absent by the client.",
    ),
    Difference(
        "an amount below zero",
        "client",
        frozenset({"minimum"}),
        _negative,
        "Money is never negative to the client; where the libraries print no least amount, the "
        "mock's models have none either.",
    ),
)
MEANS = ("Konbini", "Card", "Online", "BankTransfer", "QrScan", "QrMerchant", "Paidy")
UNIVAPAY = Sides(
    decode_model,
    mock_models,
    {
        "TokenRequest": tuple(f"{name}TokenRequest" for name in MEANS),
        "Token": tuple(f"{name}Token" for name in MEANS),
    },
    UNIVAPAY_DIFFERENCES,
)
SHOWN = 12
DRAWN = settings(
    phases=[Phase.generate, Phase.shrink],
    max_examples=12,
    derandomize=True,
    database=None,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
REQUESTS = sorted(
    {o.request_name for o in operations.OPERATIONS.values() if o.request_name != "NoBody"}
)


@pytest.fixture(scope="module")
def values(univapay_document: dict[str, Any]) -> UnivapayValues:
    """Values of the spec."""
    return UnivapayValues(univapay_document)


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


@pytest.mark.parametrize("component", REQUESTS)
def test_both_accept_the_same_requests(component: str, univapay_schema: Schema) -> None:
    """Whatever schemathesis thinks of, in order and broken."""
    found: list[str] = []
    accepted = 0
    for name, operation in operations.OPERATIONS.items():
        if operation.request_name != component:
            continue
        for case in univapay_schema[name].cases:
            body = case.members()
            if body is not None:
                found += disagreements(component, body, set(), UNIVAPAY)
                accepted += not client_verdict(component, body, UNIVAPAY).objections
    _complain(found)
    assert accepted >= 3


def test_both_draw_the_same_lines(values: UnivapayValues) -> None:
    """Texts at their limits, with newlines, full-width digits and letters outside the BMP."""
    found: list[str] = []
    tried = 0
    for component in values.reachable(REQUESTS):
        examples: list[Any] = []
        _for_all(values.of(component), examples.append)
        for member, schema in values.texts(component).items():
            example = next((value for value in examples if member in value), None)
            if example is None or schema.get("format") == "date-time":
                continue  # a date-time is read when it is used: the round trip looks at those
            tried += 1
            for edge in edges(schema, example[member]):
                found += disagreements(component, {**example, member: edge}, set(), UNIVAPAY)
    _complain(found)
    assert tried > 40


def test_both_read_and_write_the_same_members(
    values: UnivapayValues, univapay_document: dict[str, Any], subtests: pytest.Subtests
) -> None:
    """Every object and union of the spec, requests and answers, through one and the other."""
    schemas = univapay_document["components"]["schemas"]
    for component in values.objects():
        if schemas[component].get("type") == "object" and "properties" not in schemas[component]:
            continue  # printed without members: a plain dict, seen inside of those that hold it
        with subtests.test(component=component):
            _for_all(values.of(component), partial(_same, component))


def _same(component: str, value: Any) -> None:
    written = decode_model(component, value).to_wire()
    assert written == value
    model = adapter(component, UNIVAPAY).validate_json(json.dumps(written), strict=True)
    shown = dumped(component, model, UNIVAPAY)
    assert shown == value
    assert decode_model(component, shown).to_wire() == value


@pytest.mark.parametrize("component", REQUESTS)
def test_what_is_drawn_in_order_is_accepted(component: str, values: UnivapayValues) -> None:
    """Values drawn from the spec's own schemas break no limit of either."""

    def accepted(value: Any) -> None:
        objections = client_verdict(component, value, UNIVAPAY).objections
        assert [one for one in objections if one.code != "required"] == []  # in company
        assert mock_verdict(component, value, sides=UNIVAPAY).objections == []

    _for_all(values.of(component), accepted)


def test_the_client_keeps_what_the_spec_does_not_know(
    values: UnivapayValues, subtests: pytest.Subtests
) -> None:
    """Members and values of a later version survive in answers and notices."""
    enumerated = values.enumerated()
    for component in ("Charge", "Refund", "Cancel", "Token", "Subscription", "ChargeEvent",
                      "RefundEvent", "CancelEvent", "TokenEvent", "ChargeList"):  # fmt: skip
        with subtests.test(component=component):
            _for_all(values.of(component), partial(_kept, component, enumerated))


def _kept(component: str, enumerated: set[Any], value: Any) -> None:
    tagged = component in ("Token", "TokenEvent")  # a new tag makes another variant of it
    futures = [_with_members(value)] if tagged else [_with_members(value), _new(value, enumerated)]
    for future in futures:
        assert decode_model(component, copy.deepcopy(future)).to_wire() == future


def _with_members(value: Any, name: str = "") -> Any:
    if value.__class__ is dict and name != "metadata":
        known = {inner: _with_members(member, inner) for inner, member in value.items()}
        return {**known, "future_text": "x", "future": {"list": [1, {"a": 0.5}]}}
    if value.__class__ is list:
        return [_with_members(element, name) for element in value]
    return value


def _new(value: Any, enums: set[Any], name: str = "") -> Any:
    if value.__class__ is dict and name != "metadata":
        return {inner: _new(member, enums, inner) for inner, member in value.items()}
    if value.__class__ is list:
        return [_new(element, enums, name) for element in value]
    return f"future_{value}" if isinstance(value, str) and value in enums else value


_KONBINI = {"payment_type": "konbini", "type": "one_time", "data": DATA["konbini"]}
_CHARGE = {
    "transaction_token_id": "11ed00f1-da1b-c4d2-b420-37b91ef1b282",
    "amount": 100,
    "currency": "JPY",
}
EXAMPLES: dict[str, tuple[str, dict[str, Any]]] = {
    "a new value of an enum": ("TokenRequest", {**_KONBINI, "type": "sometimes"}),
    "an unknown variant": ("TokenRequest", {**_KONBINI, "payment_type": "seashells"}),
    "required in company": ("ChargeRequest", {**_CHARGE, "three_ds": {"eci": "05"}}),
    "a new number of an enum": (
        "SubscriptionRequest",
        {**_CHARGE, "installment_plan": {"plan_type": "fixed_cycles", "fixed_cycles": 7}},
    ),
    "a text that is no UUID": ("ChargeRequest", {**_CHARGE, "transaction_token_id": "token"}),
    "an empty text for an id or a date": (
        "ChargeRequest",
        {**_CHARGE, "transaction_token_id": ""},
    ),
    "an amount below zero": ("SubscriptionUpdateRequest", {"initial_amount": -1}),
    "an assumed limit": ("ChargeRequest", {**_CHARGE, "amount": 0}),
}


@pytest.mark.parametrize("name", [difference.name for difference in UNIVAPAY_DIFFERENCES])
def test_each_named_difference_is_one(name: str) -> None:
    """A difference that has gone must leave the list."""
    component, body = EXAMPLES[name]
    seen: set[str] = set()
    assert disagreements(component, body, seen, UNIVAPAY) == []
    assert seen == {name}
