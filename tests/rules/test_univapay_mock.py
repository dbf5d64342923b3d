"""UnivaPay's table of rules against the mock, posted as raw JSON: no client is involved."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import pytest
from kessai_mock.univapay import STORE_ID
from kessai_mock.univapay.operations import OPERATIONS
from kessai_univapay_api import operations

from tests.rules.bodies import Body
from tests.rules.rows import Row
from tests.rules.univapay_rows import ROWS
from tests.support.mock_driver import at_work
from tests.unit.mock.univapay.driver import Answer, Driver, card

_URLS = itertools.count()
#: The kind of token that an operation takes.
KINDS = {"charges_create": "recurring", "subscriptions_create": "subscription"}
REFUSED = {(400, "VALIDATION_ERROR"), (400, "INVALID_TOKEN_TYPE")}
ACCEPTABLE = {"NOT_SUPPORTED_BY_PROCESSOR"}


@pytest.fixture(scope="module")
def mock() -> Iterator[Driver]:
    with at_work(Driver()) as driver:
        yield driver


def post(mock: Driver, row: Row, body: Body) -> Answer:
    """Post to where it belongs: on a token, or on a charge, in the state that it needs."""
    path = operations.OPERATIONS[row.operation].path.replace("{store_id}", STORE_ID)
    mock.advance(31)  # the same card and amount within 30 seconds is refused
    if row.operation == "webhooks_create" and "url" in body:
        body["url"] += f"/{next(_URLS)}"
    if row.operation in KINDS and "transaction_token_id" in body:
        body["transaction_token_id"] = mock.token(card(type=KINDS[row.operation]))["id"]
    if "{charge_id}" in path:
        held = row.operation == "captures_create"
        made = mock.charge(mock.token(card()), capture=not held)
        mock.advance(1)
        path = path.replace("{charge_id}", made["id"])
    return mock.post(path, body)


SERVED = {operation.name for operation in OPERATIONS}


@pytest.mark.parametrize(
    "row", [r for r in ROWS if r.enforced and r.operation in SERVED], ids=lambda row: row.id
)
def test_enforced_rules(row: Row, mock: Driver) -> None:
    broken = post(mock, row, row.bad())
    assert (broken.status, broken.code) in REFUSED, broken.content
    kept = post(mock, row, row.good())
    # One that keeps the rule may be refused for its state or another part, never for this one.
    assert kept.status < 300 or kept.content != broken.content, kept.content
    assert kept.status < 300 or kept.code in ACCEPTABLE, kept.content


WARNED = [r for r in ROWS if not r.enforced and r.source == "assumed"]


@pytest.mark.parametrize("row", WARNED, ids=lambda row: row.id)
def test_what_is_only_assumed_has_a_limit_of_its_own(row: Row, mock: Driver) -> None:
    """Whether the gateway takes it nobody says; the mock answers, one way or the other."""
    answer = post(mock, row, row.bad())
    assert answer.status in (200, 201, 400), answer.content
