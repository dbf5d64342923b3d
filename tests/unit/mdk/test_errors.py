"""vResultCode by its blocks, failures by class, and statuses that prove nothing."""

from __future__ import annotations

import pickle
from typing import Any

import pytest
from kessai import errors as e
from kessai.commands import Reply
from kessai_mdk import ResultCode, operations
from kessai_mdk import models as m
from kessai_mdk import refusals as r
from kessai_mdk.codes import BLOCKS, KIT_CODES
from kessai_mdk.errors import error_for, judge

from tests.unit.mdk.scripted import Script, answer, card, said

TOKEN_REQUEST = m.TokenRequest(
    token_api_key="7d2a9c64-5b1f-4f0e-9a3c-2f6f1f0e8b55",
    card_number="4111111111111111",
    card_expire="12/29",
)


@pytest.mark.parametrize(
    ("text", "blocks", "main", "options", "meaning"),
    [
        ("A001000000000000", 4, "A001", (), "the card command succeeded"),
        ("G011A00100000000", 4, "G011", ("A001",), "the authentication succeeded"),
        ("A001X00100000000", 4, "A001", ("X001",), "the card command succeeded"),
        ("A00100000000", 3, "A001", (), "the card command succeeded"),
        ("MF02", 1, "MF02", (), "no connection; in PHP, any other HTTP status too"),
        ("AG33000000000000", 4, "AG33", (), "the card was refused"),
        ("AG99000000000000", 4, "AG99", (), "the card was refused"),
        ("GE12000000000000", 4, "GE12", (), "3-D Secure failed"),
        ("ZZ99000000000000", 4, "ZZ99", (), None),
        ("", 0, "", (), None),
        ("A0", 1, "A0", (), None),
    ],
)
def test_a_result_code_taken_apart(
    text: str, blocks: int, main: str, options: tuple[str, ...], meaning: str | None
) -> None:
    code = ResultCode(text)
    assert len(code.blocks) == blocks
    assert (code.main, code.options, code.meaning) == (main, options, meaning)
    assert str(code) == text
    assert code == text
    assert code == ResultCode(text)
    assert code != ResultCode(text + "1")
    assert hash(code) == hash(text)
    assert repr(code) == f"ResultCode({text!r})"
    assert code != 5


def test_meanings_of_every_block() -> None:
    code = ResultCode("G011A001X001ZZ99")
    assert code.meanings == (
        "the authentication succeeded",
        "the card command succeeded",
        "the member service succeeded",
    )
    assert "X001" in code
    assert "X002" not in code


def test_blocks_are_four_characters() -> None:
    assert {len(block) for block in (*BLOCKS, *KIT_CODES)} == {4}


@pytest.mark.parametrize(
    ("code", "kind", "base"),
    [
        ("AG33000000000000", r.CardRefusedError, e.CardDeclinedError),
        ("AG72000000000000", r.CardRefusedError, e.DeclinedError),
        ("G011AG3300000000", r.CardRefusedError, e.CardDeclinedError),
        ("GE01000000000000", r.AuthenticationFailedError, e.DeclinedError),
        ("NH02000000000000", r.OrderStateError, e.InvalidStateError),
        ("OC09000000000000", r.TokenRefusedError, e.InvalidParameterError),
        ("A001OC0900000000", r.TokenRefusedError, e.InvalidRequestError),
        ("WGU1000000000000", r.CustomerCancelledError, e.OperationAbortedByUserError),
        ("WGU3000000000000", r.ProviderFailureError, e.ProcessingFailureError),
        ("ZZ99000000000000", r.MdkError, e.GatewayError),
        ("MA99000000000000", r.MdkError, e.GatewayError),
        ("", r.MdkError, e.GatewayError),
    ],
)
def test_a_failure_by_its_code(
    code: str, kind: type[r.MdkError], base: type[e.GatewayError]
) -> None:
    assert error_for(code) is kind
    script = Script(said("failure", code, merrMsg="secret message"))
    with script.client() as mdk, pytest.raises(base) as raised:
        mdk.card.authorize(card())
    assert type(raised.value) is kind
    assert isinstance(raised.value, r.MdkError)
    assert str(raised.value.result_code or "") == code
    assert "secret message" not in f"{raised.value} {raised.value!r}"
    assert code in str(raised.value)


def test_a_failure_without_a_code() -> None:
    script = Script(answer(200, {"result": {"mstatus": "failure"}}))
    with script.client() as mdk, pytest.raises(r.MdkError) as raised:
        mdk.card.authorize(card())
    error = raised.value
    assert (error.result_code, error.merr_msg, error.order_id) == (None, None, None)


def test_what_came_does_not_break_log_lines() -> None:
    script = Script(said("failure", "A\n\x1b[0m!?", merrMsg="a\nb\x00" + "x" * 2000, orderId="\n"))
    with script.client() as mdk, pytest.raises(r.MdkError) as raised:
        mdk.card.authorize(card())
    assert "\n" not in str(raised.value)
    assert raised.value.merr_msg is not None
    assert len(raised.value.merr_msg) == 1024
    assert raised.value.merr_msg.isprintable()


def test_an_error_survives_a_pickle() -> None:
    error = r.CardRefusedError("AG33000000000000", status=200)
    again: r.CardRefusedError = pickle.loads(pickle.dumps(error))
    assert type(again) is r.CardRefusedError
    assert again.result_code == "AG33000000000000"


@pytest.mark.parametrize("status", [400, 401, 403, 404, 405, 415, 418, 429, 500, 502, 503, 599])
@pytest.mark.parametrize(
    "content", [b"", b"<html>", b"{}", b'{"result":{"mstatus":"failure","vResultCode":"MA99"}}']
)
def test_no_status_but_200_proves_anything(status: int, content: bytes) -> None:
    operation = operations.CARD_AUTHORIZE
    verdict = judge(operation, Reply(status, {}, content))
    assert verdict.kind == "doubtful"
    assert verdict.error.status == status


def test_the_classes_of_statuses() -> None:
    def kind(status: int) -> Any:
        return type(judge(operations.CARD_AUTHORIZE, Reply(status, {}, b"")).error)

    assert kind(500) is e.ServerError
    assert kind(502) is e.BadGatewayError
    assert kind(503) is e.MaintenanceError
    assert kind(418) is e.UnexpectedStatusError


# The token server


def token(*answers: Any) -> Any:
    script = Script(*answers)
    with script.client() as mdk:
        return mdk.token.token(TOKEN_REQUEST)


@pytest.mark.parametrize("status", [400, 200])
def test_a_card_that_the_token_server_does_not_take(status: int) -> None:
    body = {"status": "failure", "code": "invalid_card_number", "message": "4111 secret"}
    with pytest.raises(r.TokenServerError) as raised:
        token(answer(status, body))
    error = raised.value
    assert (error.title, error.merr_msg, error.status) == (
        "invalid_card_number",
        "4111 secret",
        status,
    )
    assert error.result_code is None
    assert "4111" not in f"{error} {error!r}"


@pytest.mark.parametrize(
    "content",
    [b"", b"<html>", b"[]", b'{"status":"failure"}', b'{"status":"odd","code":"x"}', b"{" * 70000],
)
def test_another_400_of_the_token_server(content: bytes) -> None:
    verdict = judge(operations.TOKEN, Reply(400, {}, content))
    assert verdict.kind == "doubtful"
    torn = b'{"status":"failure","code":"invalid_card_number"}'
    assert judge(operations.TOKEN, Reply(400, {}, torn, torn=True)).kind == "doubtful"
    assert judge(operations.TOKEN, Reply(400, {}, torn)).kind == "failed"


def test_the_token_server_may_be_asked_again() -> None:
    good = {"status": "success", "code": "success", "token": "T", "message": "OK"}
    assert token(answer(503, {}), answer(200, good)).token == "T"
