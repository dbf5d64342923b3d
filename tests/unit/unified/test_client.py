"""What a merchant sees of each kind of answer, through both clients."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import httpx2
import pytest
from kessai import (
    ConfigurationError,
    NoAnswerError,
    NotSentError,
    OutcomeUnknown,
    ServerError,
    UnreadableAnswerError,
)
from kessai_unified import UnifiedClient, operations
from kessai_unified import models as m
from kessai_unified import refusals as r
from kessai_unified_api.operations import OPERATIONS

from tests.unit.unified.scripted import (
    ORDER,
    REFERENCE,
    REQUESTS,
    Script,
    answer,
    applied,
    charge,
    coded,
    found,
    pay,
    result,
    whole,
)

MONEY = [name for name in REQUESTS if name != "getTransactionResult"]
HTML = httpx2.Response(502, content=b"<html>Bad Gateway</html>")
LOST = httpx2.ReadError("connection reset")
REFUSED = httpx2.ConnectError("connection refused")


@pytest.fixture(params=["sync", "async"])
def flavour(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def run(flavour: str, script: Script, name: str, **options: Any) -> Any:
    """A command by its method, as a merchant calls it."""
    operation = OPERATIONS[name]
    method = {"updateOrder": "update_order", "getTransactionResult": "get_transaction_result"}
    attribute, request = method.get(name, name), REQUESTS[name]()
    assert operation.group == "payment"
    if flavour == "sync":
        with script.client() as unified:
            return getattr(unified.payment, attribute)(request, **options)

    async def call() -> Any:
        async with script.async_client() as unified:
            return await getattr(unified.payment, attribute)(request, **options)

    return asyncio.run(call())


@pytest.mark.parametrize("name", REQUESTS)
def test_each_command(flavour: str, name: str) -> None:
    script = Script(found("UA-000-001") if name == "getTransactionResult" else applied())
    value = run(flavour, script, name)
    assert type(value).__name__ == f"{name[0].upper()}{name[1:]}Response"
    assert value.result.result_code is m.ResultCode.UA_000_001
    assert script.commands == [name]
    assert script.bodies == [REQUESTS[name]().to_wire()]
    assert (script.keys[0] is None) == (name == "getTransactionResult")


@pytest.mark.parametrize("code", ["UA-000-001", "UA-000-002", "UA-U00-001", "UA-P00-001"])
@pytest.mark.parametrize("name", MONEY)
def test_the_four_results_are_answers(flavour: str, name: str, code: str) -> None:
    value = run(flavour, Script(coded(200, code)), name)
    assert value.result.result_code == code
    assert value.result.status is m.ResultStatus.SUCCESS
    assert value.transaction.fep_reference_id == REFERENCE


@pytest.mark.parametrize("name", MONEY)
def test_again_under_the_same_key(flavour: str, name: str) -> None:
    """406 and 429 moved nothing; lost answers are replayed."""
    script = Script(coded(406, "UA-REQ-005"), coded(429, "UA-LMT-001"), applied())
    run(flavour, script, name)
    assert len(set(script.keys)) == 1
    assert len(script.slept) == 2
    script = Script(LOST, HTML, applied())
    run(flavour, script, name)
    assert len(set(script.keys)) == 1
    assert len({request.content for request in script.requests}) == 1


@pytest.mark.parametrize("name", MONEY)
def test_a_failure_of_the_wallet_is_final(flavour: str, name: str) -> None:
    """Not sent again; and as the answer to a repeat it is the first attempt's answer."""
    script = Script(coded(502, "UA-CST-001", "confirm_consumer"))
    with pytest.raises(r.ConfirmConsumerError) as raised:
        run(flavour, script, name)
    assert len(script.requests) == 1
    assert raised.value.operation == name
    script = Script(LOST, coded(502, "UA-PRV-001", "retry_request"))
    with pytest.raises(r.ProviderRefusedError):
        run(flavour, script, name)
    assert len(set(script.keys)) == 1
    assert len(script.requests) == 2


@pytest.mark.parametrize(
    ("status", "code", "calls"),
    [
        (409, "UA-REQ-003", 2),
        (400, "UA-REQ-006", 2),
        (400, "UA-REQ-007", 2),
        (502, "UA-PRV-002", 2),
        (400, "UA-REQ-002", 2),
        (404, "UA-REQ-900", 2),
        (401, "UA-REQ-008", 3),
        (403, "UA-LMT-002", 3),
        (503, "UA-PRV-999", 3),
        (406, "UA-REQ-005", 3),
        (429, "UA-LMT-001", 3),
        (500, "UA-SYS-003", 3),
        (502, "UA-NEW-001", 3),
    ],
)
def test_what_settles_nothing_once_something_may_have_arrived(
    flavour: str, status: int, code: str, calls: int
) -> None:
    script = Script(LOST, coded(status, code))
    with pytest.raises(OutcomeUnknown) as raised:
        run(flavour, script, "charge")
    assert len(script.requests) == calls
    assert set(script.keys) == {raised.value.idempotency_key}
    assert raised.value.reference["paymentId"] == "BOOK-1"
    assert getattr(raised.value.last_error, "title", None) == code
    assert raised.value.repeat


@pytest.mark.parametrize("name", MONEY)
def test_pending_is_never_sent_again(flavour: str, name: str) -> None:
    script = Script(coded(500, "UA-PND-001", "confirm_pending_status"))
    with pytest.raises(OutcomeUnknown) as raised:
        run(flavour, script, name)
    unknown = raised.value
    assert len(script.requests) == 1
    assert isinstance(unknown.last_error, r.PendingError)
    assert unknown.reference == {
        "paymentId": "BOOK-1",
        "fepOrderId": ORDER,
        "fepReferenceId": REFERENCE,
    }
    assert not unknown.repeat
    stored = OutcomeUnknown.from_record(json.loads(json.dumps(unknown.to_record())))
    assert stored.to_record() == unknown.to_record()
    assert not stored.repeat


def test_a_system_error_is_sent_again_and_then_unknown(flavour: str) -> None:
    script = Script(coded(500, "UA-SYS-004", "retry_request"))
    with pytest.raises(OutcomeUnknown) as raised:
        run(flavour, script, "capture")
    assert len(script.requests) == 3
    assert raised.value.reference["fepReferenceId"] == REFERENCE
    assert raised.value.repeat
    assert run(flavour, Script(coded(500, "UA-SYS-004"), applied()), "capture").result


@pytest.mark.parametrize("name", MONEY)
def test_never_sent(flavour: str, name: str) -> None:
    script = Script(REFUSED)
    with pytest.raises(NotSentError):
        run(flavour, script, name)
    assert len(script.requests) == 3


@pytest.mark.parametrize("given", [LOST, HTML, httpx2.Response(200), httpx2.Response(500)])
@pytest.mark.parametrize("name", MONEY)
def test_lost_for_good(flavour: str, name: str, given: Any) -> None:
    """No answer, a page, an empty success, a bare status: the order may have been carried out."""
    script = Script(given)
    with pytest.raises(OutcomeUnknown) as raised:
        run(flavour, script, name)
    assert "fepReferenceId" not in raised.value.reference
    assert raised.value.repeat


def test_the_question_may_be_asked_at_will(flavour: str) -> None:
    with pytest.raises(NoAnswerError):
        run(flavour, Script(LOST), "getTransactionResult")
    with pytest.raises(ServerError):
        run(flavour, Script(httpx2.Response(500)), "getTransactionResult")
    pending = Script(coded(500, "UA-PND-001"))
    with pytest.raises(r.PendingError):
        run(flavour, pending, "getTransactionResult")
    assert len(pending.requests) == 1


@pytest.mark.parametrize("code", ["UA-PRV-001", "UA-SYS-001", "UA-NEW-001"])
def test_a_failure_with_status_200_is_no_success(flavour: str, code: str) -> None:
    """No document has it. The bytes are kept, and it can be asked about."""
    script = Script(coded(200, code))
    with pytest.raises(UnreadableAnswerError) as raised:
        run(flavour, script, "charge")
    assert json.loads(raised.value.content)["result"]["resultCode"] == code
    assert raised.value.unknown is not None
    assert raised.value.unknown.reference["fepReferenceId"] == REFERENCE
    assert len(script.requests) == 1


def test_a_new_success_is_an_answer(flavour: str) -> None:
    body = whole("UA-NEW-001", "brand_new", gift={"a": 1})
    body["result"]["status"] = "success"
    value = run(flavour, Script(answer(200, body)), "charge")
    assert value.result.result_code == "UA-NEW-001"
    assert not m.ResultCode(value.result.result_code).is_known
    assert value.unknown_members == {"gift": {"a": 1}}


@pytest.mark.parametrize(
    "body", [{}, {"result": None}, {"result": []}, {"result": {"status": "success"}}]
)
def test_a_success_nobody_can_read_is_kept(flavour: str, body: Any) -> None:
    with pytest.raises(UnreadableAnswerError) as raised:
        run(flavour, Script(answer(200, body)), "charge")
    assert json.loads(raised.value.content) == body
    assert raised.value.unknown is not None


def test_an_answer_with_nothing_but_its_result(flavour: str) -> None:
    value = run(flavour, Script(answer(200, {"result": result("UA-000-001")})), "capture")
    assert value.order is None


def test_raw_keeps_everything(flavour: str) -> None:
    script = Script(coded(429, "UA-LMT-001"), applied())

    async def call() -> Any:
        async with script.async_client() as unified:
            return await unified.raw(operations.PAY, pay(), idempotency_key="my-key_1")

    if flavour == "sync":
        with script.client() as unified:
            raw = unified.raw(operations.PAY, pay(), idempotency_key="my-key_1")
    else:
        raw = asyncio.run(call())
    assert raw.status == 200
    assert raw.idempotency_key == "my-key_1"
    assert set(script.keys) == {"my-key_1"}
    assert [attempt.status for attempt in raw.attempts] == [429, 200]
    assert raw.value.control is not None
    assert raw.value.control.redirect_url == "https://wallet.example/go"
    assert b"wallet.example" not in repr(raw).encode()


@pytest.mark.parametrize("key", ["", "a b", "a/b", "a.b", "キー", "x" * 101, "a\n", 7])
def test_idempotency_keys_the_gateway_does_not_take(flavour: str, key: Any) -> None:
    script = Script(applied())
    with pytest.raises(ConfigurationError, match="idempotency key"):
        run(flavour, script, "pay", idempotency_key=key)
    assert script.requests == []
    run(flavour, script, "pay", idempotency_key="Az09-_" + "x" * 94)


def test_looking_up_by_the_number(flavour: str) -> None:
    script = Script(found("UA-000-002"))

    async def call() -> m.GetTransactionResultResponse:
        async with script.async_client() as unified:
            return await unified.get_transaction_result(REFERENCE, timeout=3)

    if flavour == "sync":
        with script.client() as unified:
            value = unified.get_transaction_result(REFERENCE, timeout=3)
    else:
        value = asyncio.run(call())
    assert value.transaction_data is not None
    assert script.bodies == [{"transaction": {"fepReferenceId": REFERENCE}}]


def test_a_closed_client_sends_nothing() -> None:
    script = Script(applied())
    with script.client() as unified:
        assert isinstance(unified, UnifiedClient)
    with pytest.raises(ConfigurationError, match="closed"):
        unified.payment.pay(pay())
    assert script.requests == []


def test_a_new_call_has_a_new_key() -> None:
    script = Script(coded(502, "UA-CST-002", "retry_payment"), applied())
    with script.client() as unified:
        with pytest.raises(r.ConsumerCancelledError):
            unified.payment.charge(charge())
        unified.payment.charge(charge())
    assert len(set(script.keys)) == 2
    assert script.bodies[0] == script.bodies[1]
