"""Answers in forms that nobody described: what they may do, and what they must not.

Whatever an answer looks like, a call ends in a typed answer, a typed error or OutcomeUnknown, and
`resolve` in an outcome; an answer that says nothing readable settles nothing.
"""

from __future__ import annotations

from typing import Any

import httpx2
import pytest
from kessai import (
    NotPaid,
    Open,
    Outcome,
    OutcomeUnknown,
    Paid,
    UnreadableAnswerError,
)
from kessai.stores.memory import MemoryJournal
from kessai_mdk import MdkError
from kessai_mdk import models as m
from kessai_mdk.answers import ARRAYS, OBJECTS

from codegen.reading.load import read_yaml
from tests.unit.mdk.scripted import ORDER, SPEC, Nothing, Script, answer, card, said, transaction

SUCCESS = {"mstatus": "success", "vResultCode": "A001000000000000", "orderId": ORDER}


def pay(response: httpx2.Response) -> m.CardAuthorizeResponse:
    """A card payment that is answered so."""
    with Script(response).client() as client:
        return client.card.authorize(card())


@pytest.mark.parametrize("word", ["SUCCESS", "Success", " success", "FAILURE", "", "成功"])
def test_an_mstatus_in_other_letters_is_no_mstatus(word: str) -> None:
    with pytest.raises(OutcomeUnknown):
        pay(said(word))


@pytest.mark.parametrize("word", [1, True, None, ["success"], {}])
def test_an_mstatus_that_is_no_text(word: object) -> None:
    with pytest.raises(OutcomeUnknown):
        pay(answer(200, {"result": {**SUCCESS, "mstatus": word}}))


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html>ok</html>",
        b'{"result":{"mstatus":"success"',
        b'{"result":{"mstatus":"success"}}{}',
        b'{"result":[{"mstatus":"success"}]}',
        b'[{"result":{"mstatus":"success"}}]',
        b'{"result":"success"}',
        b"%7B%22result%22%3A%7B%22mstatus%22%3A%22success%22%7D%7D",
        '{"result":{"mstatus":"success","merrMsg":"成功"}}'.encode("cp932"),
        b"[" * 100_000,
        b'{"result":{"mstatus":"success","x":' + b"9" * 5_000 + b"}}",
    ],
    ids=["empty", "page", "half", "two", "list", "outer", "text", "encoded", "sjis", "deep", "big"],
)
def test_a_body_that_cannot_be_believed(body: bytes) -> None:
    with pytest.raises(OutcomeUnknown):
        pay(httpx2.Response(200, content=body))


@pytest.mark.parametrize("status", [201, 202, 204, 301, 400, 401, 404, 429, 500, 502, 503])
@pytest.mark.parametrize("mstatus", ["success", "failure"])
def test_another_status_than_200_proves_nothing(status: int, mstatus: str) -> None:
    with pytest.raises(OutcomeUnknown):
        pay(answer(status, {"result": {**SUCCESS, "mstatus": mstatus}}))


@pytest.mark.parametrize(
    ("member", "value"),
    [
        ("vResultCode", 1001),
        ("vResultCode", "Q" * 500),
        ("merrMsg", "決" * 100_000),
        ("orderId", 5),
        ("custTxn", []),
        ("optionResults", ""),
        ("optionResults", {}),
        ("reqAmount", ""),
        ("reqAmount", 3300),
        ("brandNew", {"a": [1]}),
    ],
)
def test_a_success_with_an_odd_member_is_a_success(member: str, value: object) -> None:
    told = pay(answer(200, {"result": {**SUCCESS, member: value}}))
    assert told.result.mstatus is m.Mstatus.SUCCESS


@pytest.mark.parametrize(
    "beside", ["", [], {}, None, {"account": ""}, {"account": []}, {"account": {"cardInfo": ""}}]
)
def test_a_member_service_that_says_nothing(beside: object) -> None:
    told = pay(answer(200, {"payNowIdResponse": beside, "result": SUCCESS}))
    assert told.result.mstatus is m.Mstatus.SUCCESS
    said = told.pay_now_id_response
    assert said is None or said.account is None or said.account.card_info is None


@pytest.mark.parametrize("value", ["3,300", "３３００", "3300.5", {}])
def test_a_success_that_cannot_be_read_is_kept_and_can_be_asked_about(value: object) -> None:
    journal = MemoryJournal()
    script = Script(answer(200, {"result": {**SUCCESS, "reqAmount": value}}))
    with script.client(journal=journal) as client:
        with pytest.raises(UnreadableAnswerError) as raised:
            client.card.authorize(card())
        assert raised.value.pointer == "/result/reqAmount"
        assert raised.value.unknown is not None
        with pytest.raises(OutcomeUnknown):
            client.card.authorize(card())
    assert len(script.requests) == 1


@pytest.mark.parametrize("message", ["4111111111111111\n" * 5_000, 7, {}, None])
def test_a_failure_with_an_odd_message(message: object) -> None:
    with pytest.raises(MdkError) as raised:
        pay(answer(200, {"result": {"mstatus": "failure", "vResultCode": 7, "merrMsg": message}}))
    assert raised.value.result_code is None
    assert "4111" not in f"{raised.value}{raised.value!r}"
    assert len(raised.value.merr_msg or "") <= 1024


class Odd(Nothing):
    """A search's answer with other members."""

    def __init__(self, script: Script, **members: Any) -> None:
        super().__init__(script)
        self.more = members


def resolved(**members: Any) -> Outcome:
    """A payment by token whose answer was lost an hour ago, with a search answered so."""
    script = Script(httpx2.ReadError("lost"))
    with script.client() as client:
        with pytest.raises(OutcomeUnknown) as raised:
            client.card.authorize(card())
        script.then(Odd(script, **members))
        script.now += 3600.0
        return client.resolve(raised.value)


def listed(**members: Any) -> dict[str, Any]:
    """Our order, with one transaction, some of whose members are others."""
    one = {**transaction(), **members}
    order = {"orderId": ORDER, "transactionInfos": {"transactionInfo": [one]}}
    return {"searchCount": 1, "orderInfos": {"orderInfo": [order]}}


@pytest.mark.parametrize("nothing", ["", [], {}, None, {"orderInfo": ""}, {"orderInfo": {}}])
def test_no_orders_in_whatever_form(nothing: object) -> None:
    assert type(resolved(orderInfos=nothing)) is NotPaid


@pytest.mark.parametrize(
    "members",
    [{"amount": 3300}, {"amount": "0003300"}, {"txnId": 5}, {"txnDatetime": 1}, {"txnDatetime": {}},
     {"properTransactionInfo": ""}, {"properTransactionInfo": []}, {"vResultCode": 1}],
)  # fmt: skip
def test_a_payment_with_an_odd_member_is_found(members: dict[str, Any]) -> None:
    assert type(resolved(**listed(**members))) is Paid


@pytest.mark.parametrize(
    "members",
    [
        {"searchCount": 3},
        {"searchCount": None},
        {"searchCount": None, "orderInfos": None, "overMaxCountFlag": None},
        {"overMaxCountFlag": True},
        {"mstatus": "failure", "vResultCode": "NH01000000000000"},
        {"mstatus": "pending"},
        {"mstatus": "SUCCESS"},
        {"orderInfos": {"orderInfo": [None]}},
        {"orderInfos": {"orderInfo": [{"orderId": ORDER.lower()}]}},
        {"orderInfos": {"orderInfo": [{"orderId": ORDER, "transactionInfos": ""}]}},
        listed(command=1),
        listed(command=None),
        listed(mstatus="SUCCESS"),
        listed(mstatus=None),
        listed(mstatus="failure", txnDatetime=1, amount="3,300"),
        listed(amount="1"),
    ],
)
def test_what_settles_nothing(members: dict[str, Any]) -> None:
    assert isinstance(resolved(**members), Open)


def test_the_empty_parts_are_those_of_the_spec() -> None:
    document = read_yaml(SPEC)
    schemas, seen = document["components"]["schemas"], set[str]()
    found: dict[str, set[str]] = {"object": set(), "array": set()}

    def follow(schema: dict[str, Any]) -> None:
        name = schema.get("$ref", "").rpartition("/")[2]
        if name:
            if name in seen:
                return
            seen.add(name)
            schema = schemas[name]
        for member, one in schema.get("properties", {}).items():
            kind = schemas[one["$ref"].rpartition("/")[2]] if "$ref" in one else one
            if kind.get("type") in found:
                found[kind["type"]].add(member)
                follow(one)
        if "items" in schema:
            follow(schema["items"])

    for path in document["paths"].values():
        content = path["post"]["responses"]["200"]["content"]
        follow(content["application/json"]["schema"])
    assert found["object"] == OBJECTS | {"result"}
    assert found["array"] == ARRAYS
