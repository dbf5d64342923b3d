"""UnivaPay's table of rules against the client: what passes leaves, what fails does not."""

from __future__ import annotations

import warnings
from collections import Counter
from collections.abc import Iterator
from functools import partial
from typing import Any

import httpx2
import pytest
from kessai import RequestWarning
from kessai.errors import InvalidRequestError
from kessai.parameters import bind, path_values
from kessai_univapay import UnivapayClient
from kessai_univapay import models as m
from kessai_univapay_api import operations

from tests.rules.bodies import patched
from tests.rules.counting import Counting, counting, keeps_values_to_itself, refuses, warns
from tests.rules.rows import Row
from tests.rules.typed import Typed
from tests.rules.univapay_rows import MEANS, ROWS, charge, konbini
from tests.unit.univapay.scripted import SECRET, app_token

UNIVAPAY = Typed("kessai_univapay_api")
REFUSAL: dict[str, Any] = {"status": "error", "code": "VALIDATION_ERROR", "errors": []}
IDS = {"store_id": "store", "charge_id": "charge"}


def bound(name: str) -> Any:
    """An operation at a place of its own, where it wants one."""
    operation = operations.OPERATIONS[name]
    path = {key: value for key, value in IDS.items() if f"{{{key}}}" in operation.path}
    operation = bind(operation, path=path)
    assert path_values(operation) == path
    return operation


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Counting]:
    make = partial(UnivapayClient, app_token(), SECRET)
    named = {name: bound(name) for name in operations.OPERATIONS}
    answer = partial(httpx2.Response, 400, json=REFUSAL)
    with counting(make, named, answer, InvalidRequestError) as gateway:
        yield gateway


def test_rows_are_told_apart_by_their_ids() -> None:
    assert [name for name, count in Counter(r.id for r in ROWS).items() if count > 1] == []


@pytest.mark.parametrize("row", [r for r in ROWS if r.enforced], ids=lambda row: row.id)
def test_enforced_rules(row: Row, sandbox: Counting) -> None:
    refuses(sandbox, UNIVAPAY, row)


@pytest.mark.parametrize("row", [r for r in ROWS if not r.enforced], ids=lambda row: row.id)
def test_rules_that_warn(row: Row, sandbox: Counting) -> None:
    warns(sandbox, UNIVAPAY, row)


def test_everything_is_reported_at_once(sandbox: Counting) -> None:
    """Schema limits and rules stand in one list, in one refusal."""
    body = patched(
        konbini,
        {
            "/email": "no address",
            "/metadata": {"a": {"b": 1}},
            "/data/expiration_period": "P6D",
            "/data/phone_number/country_code": "1",
        },
    )
    violations = sandbox.violations("tokens_create", UNIVAPAY.decode("tokens_create", body))
    assert {(v.pointer, v.code) for v in violations} == {
        ("/email", "format"),
        ("/metadata/a", "nested"),
        ("/data/expiration_period", "pattern"),
        ("/data/phone_number/country_code", "enum"),
    }


def test_a_rule_can_be_lifted(sandbox: Counting) -> None:
    request = UNIVAPAY.decode(
        "tokens_create", patched(konbini, {"/data/expiration_period": "P45D"})
    )
    assert sandbox.violations("tokens_create", request)
    assert sandbox.violations("tokens_create", request, lift=["/data/expiration_period"]) == []
    nested = UNIVAPAY.decode("charges_create", patched(charge, {"/metadata": {"a": {}}}))
    assert sandbox.violations("charges_create", nested, lift=["/metadata/a#nested"]) == []


@pytest.mark.parametrize("name", MEANS)
def test_the_plain_requests_pass_without_a_word(name: str, sandbox: Counting) -> None:
    request = UNIVAPAY.decode("tokens_create", MEANS[name]())
    assert sandbox.violations("tokens_create", request) == []
    assert sandbox.warned == []
    assert type(request).__name__.lower() == f"{name.replace('_', '')}tokenrequest"


def test_a_means_of_payment_of_ones_own_is_sent_as_it_is(sandbox: Counting) -> None:
    """Whoever knows more than the spec may send it; a slip is warned about."""
    body = {"payment_type": "seashells", "type": "one_time", "data": {"shells": 7}}
    with pytest.warns(RequestWarning):
        violations = sandbox.violations(
            "tokens_create", UNIVAPAY.decode("tokens_create", dict(body))
        )
    assert violations == []
    assert b'"seashells"' in sandbox.requests[0].content


def test_parts_of_the_wrong_type_are_reported_not_stumbled_over(sandbox: Counting) -> None:
    wrongs: list[Any] = [None, "text", 1, [], {}, object()]
    for name, maker in MEANS.items():
        for member in ("type", "email", "metadata", "data", "ip_address", "usage_limit"):
            for wrong in wrongs:
                request = UNIVAPAY.decode("tokens_create", maker())
                setattr(request, member, wrong)
                with warnings.catch_warnings():
                    warnings.simplefilter("ignore", RequestWarning)
                    refused = sandbox.violations("tokens_create", request)
                fine = (
                    wrong is None and member not in ("data", "type"),
                    wrong == {} and member == "metadata",
                    wrong == "text" and member == "ip_address",
                )
                assert refused or sandbox.warned or any(fine), (name, member, wrong)


def test_a_request_of_another_operation_is_refused(sandbox: Counting) -> None:
    violations = sandbox.violations("charges_create", m.RefundRequest(amount=1, currency="JPY"))
    assert [v.code for v in violations] == ["type"]


def test_no_violation_names_a_value(sandbox: Counting) -> None:
    keeps_values_to_itself(sandbox, UNIVAPAY, ROWS)
