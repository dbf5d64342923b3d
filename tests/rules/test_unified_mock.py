"""The Unified API's table of rules against the mock, posted as raw JSON: no client is involved."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.rules.rows import Row
from tests.rules.unified_rows import ROWS
from tests.support.mock_driver import at_work
from tests.unit.mock.unified.driver import Driver

ABOUT_THE_REQUEST = ("UA-REQ-001", "UA-REQ-002")


@pytest.fixture(scope="module")
def mock() -> Iterator[Driver]:
    with at_work(Driver()) as driver:
        yield driver


def taken(row: Row) -> bool:
    """Hosts a mock takes and the gateway would not: this machine, and names nobody looks up."""
    url = str(row.fails.get("/control/pushUrl", ""))
    hosts = ("//127.", "//localhost", "//[::1]", "//0x7f000001", "//intranet", "//shop.local")
    return row.code == "public-host" and any(host in url for host in hosts)


@pytest.mark.parametrize(
    "row", [r for r in ROWS if r.enforced and not taken(r)], ids=lambda row: row.id
)
def test_enforced_rules(row: Row, mock: Driver) -> None:
    broken = mock.post(row.operation, row.bad())
    assert broken.status == 400, broken.content
    assert broken.code in ABOUT_THE_REQUEST
    kept = mock.post(row.operation, row.good())
    # A request that keeps the rules may still fail on its state: there is no such order.
    assert kept.status == 200 or kept.code not in ABOUT_THE_REQUEST, kept.content


# The redirect's limit on the merchant's own values is taken for the request by the mock as well.
OLDER = [r for r in ROWS if not r.enforced and r.source.startswith("third party")]


@pytest.mark.parametrize("row", OLDER, ids=lambda row: row.id)
def test_what_is_only_wanted_is_accepted(row: Row, mock: Driver) -> None:
    answer = mock.post(row.operation, row.bad())
    assert answer.status == 200 or answer.code not in ABOUT_THE_REQUEST, answer.content
