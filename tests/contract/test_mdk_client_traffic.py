"""The MDK client's own traffic against the spec: what it sends, what it takes."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote_plus, unquote_plus

import httpx2
import jsonschema_rs
import pytest
from kessai_mdk import refusals as r
from kessai_mock.mdk import MERCHANT_CCID, MERCHANT_SECRET_KEY

from tests.rules.mdk_bodies import COMMANDS
from tests.support.contract_asgi import Answer
from tests.support.contract_mdk_client import (
    METHODS,
    async_caller,
    async_client,
    method,
    sync_caller,
    sync_client,
)
from tests.support.contract_mdk_links import LINKS, link
from tests.support.contract_mdk_mock import FORM, Mock
from tests.support.contract_schemathesis import Operation, Request, Schema
from tests.support.contract_stage import JSON

OWN = {"txnVersion": "2.0.1", "dummyRequest": "1", "merchantCcid": MERCHANT_CCID}


class Traffic:
    """Watches a client's transport and holds whatever passes against the spec."""

    def __init__(self, document: dict[str, Any], schema: Schema) -> None:
        self._document = document
        self._by_path = {operation.path: operation for operation in schema}
        self.answered: defaultdict[str, set[str]] = defaultdict(set)
        self.mistakes: list[str] = []

    def watch(self, request: httpx2.Request, response: httpx2.Response) -> None:
        """One exchange."""
        operation = self._by_path.get(request.url.path)
        if operation is None:
            self.mistakes.append(f"no operation of the spec: {request.method} {request.url.path}")
            return
        lines = list(request.headers.multi_items())
        sent = Request(request.method, str(request.url), lines, request.content)
        came = Answer(response.status_code, list(response.headers.multi_items()), response.content)
        mistakes = [
            *self._headers(operation, request),
            *self._params(operation, request),
            *operation.mistakes(sent, came),
        ]
        self.mistakes += [f"{operation.id}: {mistake}" for mistake in mistakes]
        body: Any = came.json() if came.status == 200 else {}
        said = str(body.get("result", body).get("mstatus") or body.get("status") or came.status)
        self.answered[operation.id].add(said)

    def _headers(self, operation: Operation, request: httpx2.Request) -> Iterator[str]:
        if request.method != "POST" or request.url.query:
            yield "no plain POST"
        media = request.headers.get("content-type", "").partition(";")[0]
        if media != (JSON if operation.id == "token" else FORM):
            yield f"content type {media}"
        for name in ("authorization", "cookie", "idempotency-key"):
            if name in request.headers:
                yield f"{name}, which the gateway does not know"
        if not request.headers.get("user-agent", "").startswith("kessai"):
            yield "sent by nobody"

    def _params(self, operation: Operation, request: httpx2.Request) -> Iterator[str]:
        text = request.content.decode()
        if operation.id != "token":
            whole = unquote_plus(text)
            if quote_plus(whole) != text:
                yield "encoded otherwise than by urlencode"
            text, _, digest = whole.removeprefix('{"params":').rpartition(',"authHash":"')
            told = MERCHANT_CCID + text + MERCHANT_SECRET_KEY
            if digest != hashlib.sha256(told.encode()).hexdigest() + '"}':
                yield "the authHash is not that of the params as they stand"
            if json.dumps(json.loads(text), ensure_ascii=False, separators=(",", ":")) != text:
                yield "the params are not minified"
        params = json.loads(text)
        if operation.id != "token":
            if {name: params.pop(name, None) for name in OWN} != OWN:
                yield "the client's own members"
            yield from _odd(params)
        schema = self._document["paths"][operation.path]["post"]["requestBody"]["content"][JSON]
        validator = jsonschema_rs.Draft202012Validator(
            {"components": self._document["components"], **schema["schema"]}
        )
        for error in validator.iter_errors(params):
            yield f"request {list(error.instance_path)}: {error.message[:100]}"


def _odd(value: Any, at: str = "") -> Iterator[str]:
    """Whatever is no text, or empty, at any depth: the kit sends neither."""
    inside: dict[str, Any] = {}
    if value.__class__ is dict:
        inside = value
    elif value.__class__ is list:
        inside = {str(index): inner for index, inner in enumerate(value)}
    elif not isinstance(value, str):
        yield f"{at} is no text"
    if not value:
        yield f"{at} is empty"
    for name, inner in inside.items():
        yield from _odd(inner, f"{at}/{name}")


@pytest.fixture
def traffic(mdk_document: dict[str, Any], mdk_schema: Schema) -> Traffic:
    return Traffic(mdk_document, mdk_schema)


@pytest.mark.parametrize("kind", ["sync", "async"])
def test_whatever_the_client_sends_and_takes_is_in_the_spec(
    kind: str, traffic: Traffic, mdk_mock: Mock
) -> None:
    """Each of the 50 commands and the token server: a success, a refusal, a wait."""
    sync = sync_client(mdk_mock, traffic.watch)
    other = async_client(mdk_mock, traffic.watch)
    call = sync_caller(sync) if kind == "sync" else async_caller(other, mdk_mock)
    for name in LINKS:
        body: dict[str, Any] = {}
        mdk_mock.reset()
        link(name, mdk_mock, body)
        assert call(name, body) is not None
        if name != "token":
            mdk_mock.script(name, vResultCode="NH02")
            with pytest.raises(r.OrderStateError):
                call(name, COMMANDS[name]())
            mdk_mock.script(name, vResultCode="ZW00")
            assert call(name, COMMANDS[name]()).result.mstatus == "pending"
    with pytest.raises(r.TokenServerError):
        call("token", {**COMMANDS["token"](), "card_number": "4111111111111112"})
    sync.close()
    mdk_mock.app.run(other.aclose())
    assert not traffic.mistakes, "\n".join(traffic.mistakes[:10])
    assert not mdk_mock.faults()
    for name in LINKS:
        wanted = {"success", "400"} if name == "token" else {"success", "failure", "pending"}
        assert traffic.answered[name] == wanted, name


def test_every_command_has_its_method(mdk_schema: Schema, mdk_mock: Mock) -> None:
    known = {f"{service}{name}" for service, names in METHODS.items() for name in names.split()}
    assert {*known, "token"} == set(mdk_schema.operations)
    with sync_client(mdk_mock) as client:
        for name in mdk_schema.operations:
            assert callable(method(client, name))


def test_wrong_traffic_is_noticed(traffic: Traffic) -> None:
    """The watch itself: a request and an answer that break the spec in many ways."""
    params = '{"orderId": "", "amount": 5, "merchantCcid": "x"}'
    request = httpx2.Request(
        "POST",
        "http://127.0.0.1:8801/test-paynow/v2/Cancel/card?x=1",
        headers={"content-type": "text/plain", "authorization": "Bearer x", "user-agent": "me"},
        content=f'{{"params":{params},"authHash":"00"}}'.encode(),
    )
    traffic.watch(request, httpx2.Response(200, json={"result": {"mstatus": 1}}, request=request))
    wanted = ("no plain POST", "content type", "authorization", "sent by nobody", "urlencode",
              "authHash", "minified", "own members", "is empty", "is no text", "request [",
              "Response violates schema")  # fmt: skip
    for part in wanted:
        assert any(part in mistake for mistake in traffic.mistakes), part
