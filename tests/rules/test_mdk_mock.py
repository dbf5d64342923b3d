"""The MDK's table of rules against the mock, posted as the kit does: no client is involved."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

import pytest

from tests.rules.bodies import Body
from tests.rules.mdk_bodies import at
from tests.rules.mdk_rows import FIELD_ROWS, ROWS
from tests.rules.rows import Row
from tests.support.mock_driver import at_work
from tests.unit.mock.mdk.driver import Answer, Driver

WRONG = "ZF01"  # the mock's code for a parameter that is missing or wrong; its message names it
TAKEN = {  # what the client warns of, because plug-ins or nobody says so, and the mock takes
    "cardAuthorize/jpo#pattern",
    "mpiAuthorize/deviceChannel#required",
    "mpiAuthorize/cardholderEmail#required",
    "cvsAuthorize/amount#maximum",
    "alipayAuthorize/identityCode#pay-type",
    "carrierAuthorize/d3Flag#service-option",
    "carrierUpdateAuthorize/serviceOptionType#not-served",
}


@pytest.fixture(scope="module")
def mock() -> Iterator[Driver]:
    with at_work(Driver()) as driver:
        yield driver


def post(mock: Driver, row: Row, body: Body) -> Answer:
    return mock.post(*at(row.operation), body)


def blamed(answer: Answer, row: Row) -> bool:
    """Whether a request is refused for the row's member."""
    assert answer.status == 200, answer
    name = row.pointer.rsplit("/", 1)[-1]
    return answer.code == WRONG and name in answer.result["merrMsg"]


def held(row: Row, mock: Driver) -> None:
    """Hold one row against the mock: what keeps the rule may still fail on its order's state."""
    mock.gateway.reset()
    taken = f"{row.operation}{row.pointer}#{row.code}" in TAKEN
    assert not (taken and row.enforced)
    assert blamed(post(mock, row, row.bad()), row) != taken, "refused or not"
    assert not blamed(post(mock, row, row.good()), row), "refused"


BY_COMMAND = {name: list(group) for name, group in groupby(FIELD_ROWS, lambda row: row.operation)}


@pytest.mark.parametrize("command", BY_COMMAND)
def test_limits_of_members(command: str, mock: Driver) -> None:
    broken: list[str] = []
    for row in BY_COMMAND[command]:
        try:
            held(row, mock)
        except AssertionError as error:
            broken.append(f"{row.id}: {error}")
    assert broken == []


# The token server has no envelope; a client's own members are in every envelope.
COMMON = [r for r in ROWS if r.operation != "token" and r.code != "own"]


@pytest.mark.parametrize("row", COMMON, ids=lambda row: row.id)
def test_rules(row: Row, mock: Driver) -> None:
    held(row, mock)
