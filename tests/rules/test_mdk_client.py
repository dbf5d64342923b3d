"""The MDK's table of rules against the client: what passes leaves, what fails does not."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from functools import partial
from itertools import groupby

import httpx2
import pytest
from kessai import RequestWarning, System
from kessai_mdk import MdkClient, MdkError, operations

from tests.rules.counting import Counting, counting, found
from tests.rules.mdk_bodies import COMMANDS
from tests.rules.mdk_rows import FIELD_ROWS, ROWS
from tests.rules.rows import Row
from tests.rules.typed import Typed

MDK = Typed("kessai_mdk_api")
NOW = 1767574800.0  # 2026-01-05 10:00 in Japan
REFUSAL = {"result": {"mstatus": "failure", "vResultCode": "ZF01000000000000"}}
TOKEN_REFUSAL = {"status": "failure", "code": "invalid_card_number"}


@pytest.fixture(scope="module")
def gateway() -> Iterator[Counting]:
    make = partial(
        MdkClient,
        "A100000000000000000001cc",
        "00" * 32,
        environment="sandbox",
        system=System(wall=lambda: NOW),
    )
    answer = {**REFUSAL, **TOKEN_REFUSAL}
    with counting(
        make, operations.OPERATIONS, lambda: httpx2.Response(200, json=answer), MdkError
    ) as gateway:
        yield gateway


def held(row: Row, gateway: Counting) -> None:
    """Hold one row against the client."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RequestWarning)  # a request may also be unwise elsewhere
        assert gateway.violations(row.operation, MDK.good(row)) == []
        assert (row.pointer, row.code) not in {(v.pointer, v.code) for v in gateway.warned}
        refused = gateway.violations(row.operation, MDK.bad(row))
    violation = found(refused if row.enforced else gateway.warned, row)
    assert violation.enforced == row.enforced
    assert violation.source
    if row.limit is not None:
        assert violation.limit == row.limit
    if not row.enforced:
        assert not refused
        assert len(gateway.requests) == 1


BY_COMMAND = {name: list(group) for name, group in groupby(FIELD_ROWS, lambda row: row.operation)}


@pytest.mark.parametrize("command", BY_COMMAND)
def test_limits_of_members(command: str, gateway: Counting) -> None:
    broken: list[str] = []
    for row in BY_COMMAND[command]:
        try:
            held(row, gateway)
        except (AssertionError, pytest.fail.Exception) as error:
            broken.append(f"{row.id}: {error}")
    assert broken == []


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.id)
def test_rules(row: Row, gateway: Counting) -> None:
    held(row, gateway)


@pytest.mark.parametrize("command", COMMANDS)
def test_plain_requests_are_sent_without_a_warning(command: str, gateway: Counting) -> None:
    assert gateway.violations(command, MDK.decode(command, COMMANDS[command]())) == []
    assert gateway.warned == []
    assert len(gateway.requests) == 1
