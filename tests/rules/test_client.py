"""The table of documented rules against the client: what passes leaves, what fails does not."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from functools import partial
from typing import Any

import httpx2
import pytest
from kessai import Environment, System
from kessai.constraints import Report
from kessai.errors import InvalidParameterError
from kessai_gmo import GmoClient, rules
from kessai_gmo_api import operations

from tests.rules import bodies as b
from tests.rules import typed
from tests.rules.counting import Counting, found, keeps_values_to_itself, refuses, warns
from tests.rules.rows import Row
from tests.rules.table import LIVE, ROWS

NOW = datetime(2026, 1, 5, 10, 0, tzinfo=timezone(timedelta(hours=9))).timestamp()
REFUSAL = {"title": "invalid_parameter", "detail": "the test's gateway refuses what reaches it"}


class Gateway(Counting):
    """GMO's, in one environment."""

    def __init__(self, environment: Any = "sandbox") -> None:
        make = partial(
            GmoClient,
            "tshop00000001",
            "password",
            environment=environment,
            system=System(wall=lambda: NOW),
        )
        answer = partial(httpx2.Response, 400, json=REFUSAL)
        super().__init__(make, operations.OPERATIONS, answer, InvalidParameterError)


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Gateway]:
    gateway = Gateway()
    with gateway.client:
        yield gateway


@pytest.fixture(scope="module")
def live() -> Iterator[Gateway]:
    gateway = Gateway("live")
    with gateway.client:
        yield gateway


@pytest.mark.parametrize("row", [r for r in ROWS if r.enforced], ids=lambda row: row.id)
def test_enforced_rules(row: Row, sandbox: Gateway) -> None:
    refuses(sandbox, typed.GMO, row)


@pytest.mark.parametrize("row", [r for r in ROWS if not r.enforced], ids=lambda row: row.id)
def test_rules_that_warn(row: Row, sandbox: Gateway) -> None:
    warns(sandbox, typed.GMO, row)


@pytest.mark.parametrize("row", LIVE, ids=lambda row: row.id)
def test_rules_where_money_is_real(row: Row, sandbox: Gateway, live: Gateway) -> None:
    assert live.violations(row.operation, typed.good(row)) == []
    found(live.violations(row.operation, typed.bad(row)), row)
    assert sandbox.violations(row.operation, typed.bad(row)) == []
    loopback = Gateway(Environment(api="http://127.0.0.1:1", token="http://127.0.0.1:1"))
    with loopback.client:
        assert loopback.violations(row.operation, typed.bad(row)) == []


def test_everything_is_reported_at_once(sandbox: Gateway) -> None:
    """Schema limits and rules stand in one list, in one refusal."""
    request = typed.decode(
        "creditCharge",
        b.patched(
            b.credit_charge,
            {
                "/merchant/name": "あ" * 16,
                "/merchant/callbackUrl": b.ABSENT,
                "/merchant/webhookUrl": "ftp://books.example.com",
                "/order/orderId": "A_1",
                "/order/currency": "USD",
                "/order/items": [b.item()],
                "/order/items/0/price": "9999",
                "/payer/dateOfBirth": "20230229",
                "/creditInformation/creditChargeOptions/installments": "3",
                "/tds2Information": {"tds2Data": {"giftCardCurr": "999"}},
            },
        ),
    )
    violations = sandbox.violations("creditCharge", request)
    assert {(v.pointer, v.code) for v in violations} == {
        ("/merchant/name", "max-bytes"),
        ("/merchant/callbackUrl", "required"),
        ("/merchant/webhookUrl", "format"),
        ("/merchant/webhookUrl", "https"),
        ("/order/orderId", "pattern"),
        ("/order/currency", "currency"),
        ("/order/items/0/price", "price-at-most-amount"),
        ("/payer/dateOfBirth", "date"),
        ("/creditInformation/creditChargeOptions/installments", "installments"),
        ("/tds2Information/tds2Data/giftCardCurr", "currency"),
    }


def test_a_rule_can_be_lifted(sandbox: Gateway) -> None:
    request = typed.decode(
        "creditCharge",
        b.patched(b.credit_charge, {"/order/items": [b.item()], "/order/items/0/price": "9999"}),
    )
    assert sandbox.violations("creditCharge", request)
    lift = ["/order/items/*/price#price-at-most-amount"]
    assert sandbox.violations("creditCharge", request, lift=lift) == []


def test_parts_of_the_wrong_type_are_reported_not_stumbled_over(sandbox: Gateway) -> None:
    for name in ("merchant", "order", "payer", "credit_information"):
        wrongs: list[Any] = [None, "text", 1, [], {}]
        for wrong in wrongs:
            request = typed.decode("creditCharge", b.credit_charge())
            setattr(request, name, wrong)
            violations = sandbox.violations("creditCharge", request)
            assert {v.code for v in violations} & {"type", "required"}, (name, wrong)


def test_a_rule_that_fails_by_itself_is_not_hidden(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(request: Any, scope: Any) -> None:
        raise TypeError("a mistake of ours")

    def only_broken(group: str, operation: str) -> Any:
        return (broken,)

    monkeypatch.setattr("kessai_gmo.rules._rules", only_broken)
    request = typed.decode("orderInquiry", b.access())
    with pytest.raises(TypeError, match="a mistake of ours"):
        rules.check(operations.ORDER_INQUIRY, request, Report(), live=True, clock=lambda: NOW)


def test_no_violation_names_a_value(sandbox: Gateway) -> None:
    # Values that stand in the messages as limits: APPLE_PAY, RAKUTEN.
    rows = [r for r in ROWS if r.enforced and not str(r.fails.get(r.pointer)).isupper()]
    keeps_values_to_itself(sandbox, typed.GMO, rows)
