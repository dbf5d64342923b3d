"""PAYTREE's table of rules against the mock, as signed messages: no client is involved."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.rules.bodies import patched
from tests.rules.paytree_rows import REQUESTS, ROWS, WALLETS
from tests.rules.rows import Row
from tests.support.mock_driver import at_work
from tests.unit.mock.paytree.driver import Answer, Driver, signature


@pytest.fixture(scope="module")
def mock() -> Iterator[Driver]:
    with at_work(Driver()) as driver:
        yield driver


def sent(mock: Driver, operation: str, body: dict[str, Any]) -> Answer:
    mock.gateway.reset()
    return mock.run(mock.deliver(operation, {**body, "sign": signature(body)}))


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.id)
def test_documented_rules(row: Row, mock: Driver) -> None:
    broken = sent(mock, row.operation, row.bad())
    assert broken.code == "REQUEST_INVALID"
    assert row.pointer.removeprefix("/") in broken.json()["message"]
    # A request that keeps the rules may still fail on its state: there is no such order.
    assert sent(mock, row.operation, row.good()).code in {"SUCCESS", "ORDER_NOT_FOUND"}


@pytest.mark.parametrize(("operation", "pay_type", "source"), WALLETS)
def test_wallets_that_are_never_requested(
    operation: str, pay_type: str, source: str, mock: Driver
) -> None:
    assert source
    body = patched(REQUESTS[operation], {"/payType": pay_type})
    assert sent(mock, operation, body).code == "REQUEST_INVALID"
    assert sent(mock, operation, REQUESTS[operation]()).code == "SUCCESS"
