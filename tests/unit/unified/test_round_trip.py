"""Client and mock sign and verify for one another, each by its own code."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

import pytest
from kessai import Environment
from kessai_mock.unified import MERCHANT_CCID, MERCHANT_KEY, Settings
from kessai_unified import AsyncUnifiedClient, UnifiedClient, parse_redirect, parse_webhook
from kessai_unified import models as m
from kessai_unified.refusals import ConfirmTokenError, UnifiedError

from tests.support.mock_driver import Wire, at_work
from tests.unit.mock.unified.driver import BASE, ORIGIN, PUSH, Driver
from tests.unit.unified.scripted import REFERENCE, REQUESTS, pay


@pytest.fixture(params=["utf-8", "hex"])
def encoding(request: pytest.FixtureRequest) -> Any:
    return request.param


@pytest.fixture
def mock(encoding: Any) -> Iterator[Driver]:
    with at_work(Driver(Settings(key_encoding=encoding))) as driver:
        yield driver


def options(mock: Driver, **credentials: Any) -> dict[str, Any]:
    given = credentials or {"merchant_ccid": MERCHANT_CCID, "merchant_key": MERCHANT_KEY}
    environment = Environment(api=ORIGIN + BASE)
    return {"environment": environment, "transport": Wire(mock), **given}


def test_there_and_back(mock: Driver, encoding: Any) -> None:
    """HMAC there; redirect and webhook back, whatever the order of authParams."""
    with UnifiedClient(**options(mock), hmac_key_encoding=encoding) as unified:
        for number in range(20):
            request = pay(payment_id=f"BOOK-{number}", push_url=PUSH)
            request.transaction = m.ApplicationTransaction(merchant_request_key1="cart/1+2=3&4")
            answer = unified.payment.pay(request)
            assert answer.control is not None
            query = mock.browse(str(answer.control.redirect_url))
            came = parse_redirect(
                urlencode(query),
                merchant_ccid=MERCHANT_CCID,
                merchant_key=MERCHANT_KEY,
                payment_id=f"BOOK-{number}",
            )
            assert came.merchant_request_key1 == "cart/1+2=3&4"
            found = unified.get_transaction_result(came.fep_reference_id)
            assert found.transaction_data is not None
            assert found.transaction_data.result is not None
            assert found.transaction_data.result.result_code == came.result_code
    assert len(mock.pushed) == 20
    for pushed in mock.pushed:
        event = parse_webhook(
            pushed.body,
            dict(pushed.headers),
            merchant_ccid=MERCHANT_CCID,
            merchant_key=["0123456789abcdef", MERCHANT_KEY],
            hmac_key_encoding=encoding,
        )
        assert event.notice.to_wire() == json.loads(pushed.body)


def test_the_wrong_encoding_of_the_key(mock: Driver, encoding: Any) -> None:
    other: Any = "hex" if encoding == "utf-8" else "utf-8"
    with UnifiedClient(**options(mock), hmac_key_encoding=other) as unified:
        for name in REQUESTS:
            if name != "getTransactionResult":
                method = "update_order" if name == "updateOrder" else name
                with pytest.raises(ConfirmTokenError):
                    getattr(unified.payment, method)(REQUESTS[name]())
        with pytest.raises(ConfirmTokenError):
            unified.get_transaction_result(REFERENCE)
    assert mock.gateway.orders == {}


def test_every_command_gets_past_the_gate(mock: Driver, encoding: Any) -> None:
    """With either client and either auth: whatever is answered, it is not about credentials."""

    async def ask(**credentials: Any) -> list[str]:
        seen: list[str] = []
        async with AsyncUnifiedClient(
            **options(mock, **credentials), hmac_key_encoding=encoding
        ) as unified:
            for name, request in REQUESTS.items():
                method = {"updateOrder": "update_order"}.get(name, name)
                if name == "getTransactionResult":
                    method = "get_transaction_result"
                try:
                    value = await getattr(unified.payment, method)(request())
                    seen.append(str(value.result.result_code))
                except UnifiedError as error:
                    seen.append(error.result_code)
        return seen

    by_hmac = asyncio.run(ask())
    mock.admin("reset")
    by_bearer = asyncio.run(ask(bearer_token="any"))
    assert by_hmac == by_bearer
    assert by_hmac[:2] == ["UA-000-001", "UA-000-001"]
    assert not {"UA-REQ-001", "UA-REQ-002", "UA-REQ-008", "UA-REQ-004"} & set(by_hmac)
