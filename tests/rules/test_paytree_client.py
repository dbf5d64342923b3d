"""PAYTREE's table of rules against the client: the message's own checks and the gateway's rules."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
from kessai.constraints import Report, Violation
from kessai_paytree.codec import PlainCodec
from kessai_paytree.gateway import Operations, PaytreeGateway, PaytreeLookup
from kessai_paytree.practice import settings_for_practice
from kessai_paytree_api import operations

from tests.rules.bodies import patched
from tests.rules.paytree_rows import REQUESTS, ROWS, WALLETS
from tests.rules.rows import Row
from tests.rules.typed import Typed

PAYTREE = Typed("kessai_paytree_api")
SETTINGS = settings_for_practice()
GATEWAY = PaytreeGateway(
    SETTINGS,
    PlainCodec(),
    PaytreeLookup(SETTINGS, Operations(SETTINGS), lambda: "Q1", lambda code: code),
)


def violations(operation: str, request: Any) -> list[Violation]:
    """What a call is refused for, or warned about: as the call engine asks."""
    report = Report()
    request.check("", report)
    GATEWAY.rules(operations.OPERATIONS[operation], request, report)
    return report.violations


def test_rows_are_told_apart_by_their_ids() -> None:
    assert [name for name, count in Counter(row.id for row in ROWS).items() if count > 1] == []


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.id)
def test_documented_rules(row: Row) -> None:
    assert violations(row.operation, PAYTREE.good(row)) == []
    found = {(v.pointer, v.code): v for v in violations(row.operation, PAYTREE.bad(row))}
    assert (row.pointer, row.code) in found
    violation = found[row.pointer, row.code]
    assert violation.enforced
    assert violation.source
    if row.limit is not None:
        assert violation.limit == row.limit


@pytest.mark.parametrize(("operation", "pay_type", "source"), WALLETS)
def test_wallets_that_are_never_requested(operation: str, pay_type: str, source: str) -> None:
    assert source
    request = PAYTREE.decode(operation, patched(REQUESTS[operation], {"/payType": pay_type}))
    assert [v.pointer for v in violations(operation, request) if v.enforced] == ["/payType"]
    assert violations(operation, PAYTREE.decode(operation, REQUESTS[operation]())) == []
