"""The Unified API's table of rules against the client: what passes leaves, what fails does not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from functools import partial
from typing import Any

import httpx2
import pytest
from kessai import Environment, RequestWarning
from kessai.errors import InvalidRequestError
from kessai_unified import UnifiedClient
from kessai_unified_api import operations
from kessai_unified_api.models import UnknownVariant

from tests.rules.bodies import patched
from tests.rules.counting import Counting, found, keeps_values_to_itself, refuses, warns
from tests.rules.rows import Row
from tests.rules.typed import Typed
from tests.rules.unified_rows import COMMANDS, LIVE, ROWS, pay

UNIFIED = Typed("kessai_unified_api")
REFUSAL = {
    "result": {"status": "failure", "actionCode": "confirm_request", "resultCode": "UA-REQ-001"}
}


class Gateway(Counting):
    """The Unified API's, in one environment."""

    def __init__(self, environment: Any = "sandbox") -> None:
        make = partial(UnifiedClient, bearer_token="token", environment=environment)
        answer = partial(httpx2.Response, 400, json=REFUSAL)
        super().__init__(make, operations.OPERATIONS, answer, InvalidRequestError)


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


@pytest.fixture(scope="module")
def loopback() -> Iterator[Gateway]:
    gateway = Gateway(Environment(api="http://127.0.0.1:8802/fep/command"))
    with gateway.client:
        yield gateway


def test_rows_are_told_apart_by_their_ids() -> None:
    repeated = [name for name, count in Counter(r.id for r in [*ROWS, *LIVE]).items() if count > 1]
    assert repeated == []


@pytest.mark.parametrize("row", [r for r in ROWS if r.enforced], ids=lambda row: row.id)
def test_enforced_rules(row: Row, sandbox: Gateway) -> None:
    refuses(sandbox, UNIFIED, row)


@pytest.mark.parametrize("row", [r for r in ROWS if not r.enforced], ids=lambda row: row.id)
def test_rules_that_warn(row: Row, sandbox: Gateway) -> None:
    assert warns(sandbox, UNIFIED, row).limit == row.limit


@pytest.mark.parametrize("row", LIVE, ids=lambda row: row.id)
def test_rules_where_money_is_real(row: Row, sandbox: Gateway, live: Gateway) -> None:
    assert live.violations(row.operation, UNIFIED.good(row)) == []
    with pytest.warns(RequestWarning):
        assert live.violations(row.operation, UNIFIED.bad(row)) == []
    found(live.warned, row)
    assert sandbox.violations(row.operation, UNIFIED.bad(row)) == []
    assert sandbox.warned == []


@pytest.mark.parametrize("command", COMMANDS)
def test_a_mock_on_loopback_may_push_to_loopback(command: str, loopback: Gateway) -> None:
    if command == "getTransactionResult":
        return
    for url in ("http://127.0.0.1:9000/notice", "http://localhost:80/n", "http://[::1]:1/n"):
        body = patched(COMMANDS[command], {"/control/pushUrl": url})
        assert loopback.violations(command, UNIFIED.decode(command, body)) == []
    for url in ("http://10.0.0.7/notice", "http://shop.example.com/", "https://intranet/n"):
        body = patched(COMMANDS[command], {"/control/pushUrl": url})
        assert loopback.violations(command, UNIFIED.decode(command, body))


def test_everything_is_reported_at_once(sandbox: Gateway) -> None:
    """Schema limits and rules stand in one list, in one refusal."""
    body = patched(
        pay,
        {
            "/order/paymentId": "注文",
            "/control/pushUrl": "http://10.0.0.7:8080/notice",
            "/control/cancelUrl": "no address",
        },
    )
    violations = sandbox.violations("pay", UNIFIED.decode("pay", body))
    assert {(v.pointer, v.code) for v in violations} == {
        ("/order/paymentId", "pattern"),
        ("/control/cancelUrl", "format"),
        ("/control/pushUrl", "https"),
        ("/control/pushUrl", "port"),
        ("/control/pushUrl", "public-host"),
    }


def test_a_rule_can_be_lifted(sandbox: Gateway) -> None:
    body = patched(pay, {"/control/pushUrl": "https://shop.example.com:8443/notice"})
    request = UNIFIED.decode("pay", body)
    assert sandbox.violations("pay", request)
    assert sandbox.violations("pay", request, lift=["/control/pushUrl#port"]) == []


def test_a_wallet_of_ones_own_is_sent_as_it_is(sandbox: Gateway) -> None:
    body = patched(pay, {"/order/payType": "newpay"})
    with pytest.warns(RequestWarning, match="payType"):
        assert sandbox.violations("pay", UNIFIED.decode("pay", body)) == []
    assert b'"payType":"newpay"' in sandbox.requests[0].content


def test_parts_of_the_wrong_type_are_reported_not_stumbled_over(sandbox: Gateway) -> None:
    wrongs: list[Any] = [None, "text", 1, [], {}]
    for command in COMMANDS:
        for name in ("order", "control", "transaction", "item", "merchant", "customer"):
            for wrong in wrongs:
                request = UNIFIED.decode(command, patched(COMMANDS[command]))
                if not hasattr(request, name):
                    continue
                setattr(request, name, wrong)
                codes = {v.code for v in sandbox.violations(command, request)}
                optional = wrong is None or (name == "item" and wrong == [])
                assert codes & {"type", "required"} or optional, (command, name, wrong)


@pytest.mark.parametrize("command", ["capture", "cancel", "updateOrder", "terminate", "charge"])
def test_an_object_of_ones_own_has_to_name_one_order_too(command: str, sandbox: Gateway) -> None:
    request = UNIFIED.decode(command, patched(COMMANDS[command]))
    for data in ({}, {"amount": "1"}, {"orderId": "A-1"}):
        request.order = UnknownVariant(dict(data))
        codes = {v.code for v in sandbox.violations(command, request)}
        assert "exactly-one" in codes, data


def test_no_violation_names_a_value(sandbox: Gateway) -> None:
    keeps_values_to_itself(sandbox, UNIFIED, ROWS)
