"""The table of documented rules against the mock, posted as raw JSON: no client is involved."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.rules.rows import Row
from tests.rules.table import ROWS
from tests.support.mock_driver import at_work
from tests.unit.mock.driver import Driver

PATHS = {
    "creditCharge": "/credit/charge",
    "creditOnfileCharge": "/credit/on-file/charge",
    "tds2FinalizeCharge": "/tds2/finalizeCharge",
    "creditVerifyCard": "/credit/verifyCard",
    "tds2FinalizeVerification": "/tds2/finalizeVerification",
    "creditStoreCard": "/credit/storeCard",
    "creditGetCardDetails": "/credit/getCardDetails",
    "walletCharge": "/wallet/charge",
    "walletFrontendCharge": "/wallet/front-end/charge",
    "walletFrontendVerifyCharge": "/wallet/front-end/verifyCharge",
    "walletOnfileCharge": "/wallet/on-file/charge",
    "walletAuthorizeAccount": "/wallet/authorizeAccount",
    "walletGetCustomerData": "/wallet/getCustomerData",
    "cashCharge": "/cash/charge",
    "orderCapture": "/order/capture",
    "orderUpdate": "/order/update",
    "orderCancel": "/order/cancel",
    "orderInquiry": "/order/inquiry",
    "memberCreate": "/member/create",
    "memberInquiry": "/member/inquiry",
    "memberDelete": "/member/delete",
    "memberDeleteItem": "/member/deleteItem",
    "verificationStart": "/verification/start",
    "verificationInquiry": "/verification/inquiry",
}
ABOUT_THE_REQUEST = ("missing_parameter", "invalid_parameter")


@pytest.fixture
def mock() -> Iterator[Driver]:
    with at_work(Driver()) as driver:
        yield driver


@pytest.mark.parametrize("row", [r for r in ROWS if r.enforced], ids=lambda row: row.id)
def test_enforced_rules(row: Row, mock: Driver) -> None:
    path = PATHS[row.operation]
    broken = mock.post(path, row.bad())
    assert broken.status == 400, broken.content
    assert broken.title == row.title
    assert row.pointer.rsplit("/", 1)[-1] in broken.detail
    kept = mock.post(path, row.good())
    # A request that keeps the rules may still fail on its state: there is no such order.
    assert kept.status < 400 or kept.title not in ABOUT_THE_REQUEST, kept.content


@pytest.mark.parametrize("row", [r for r in ROWS if not r.enforced], ids=lambda row: row.id)
def test_what_is_only_wanted_is_accepted(row: Row, mock: Driver) -> None:
    answer = mock.post(PATHS[row.operation], row.bad())
    assert answer.status < 400 or answer.title not in ABOUT_THE_REQUEST, answer.content
