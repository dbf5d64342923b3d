"""The Unified client's own traffic against the spec: what it sends, what it takes."""

from __future__ import annotations

import hashlib
import hmac
import json
import re
from collections import defaultdict
from typing import Any

import httpx2
import jsonschema_rs
import pytest
from kessai_mock.unified import MERCHANT_CCID, MERCHANT_KEY

from tests.support.contract_asgi import Answer
from tests.support.contract_schemathesis import Operation, Request, Schema
from tests.support.contract_unified_client import (
    METHODS,
    async_caller,
    async_client,
    sync_caller,
    sync_client,
)
from tests.support.contract_unified_mock import (
    BASE,
    SCHEMES,
    TOKEN,
    Mock,
    Scheme,
)
from tests.support.contract_unified_scenario import tell

_KEY = re.compile("[0-9A-Za-z_-]{1,100}")


class Traffic:
    """Watches a client's transport and holds whatever passes against the spec."""

    def __init__(self, document: dict[str, Any], schema: Schema) -> None:
        self._document = document
        self._by_path = {operation.path: operation for operation in schema}
        self._bodies: dict[str, jsonschema_rs.Validator] = {}
        self.answered: defaultdict[str, set[int]] = defaultdict(set)
        self.schemes: set[str] = set()
        self.wallets: defaultdict[str, set[str]] = defaultdict(set)
        self.mistakes: list[str] = []

    def watch(self, request: httpx2.Request, response: httpx2.Response) -> None:
        """One exchange."""
        operation = self._by_path.get(request.url.path)
        if operation is None:
            self.mistakes.append(f"no operation of the spec: {request.method} {request.url.path}")
            return
        sent = Request(
            request.method, str(request.url), list(request.headers.multi_items()), request.content
        )
        lines = list(response.headers.multi_items())
        answer = Answer(response.status_code, lines, response.content)
        mistakes = [
            *self._headers(operation, request),
            *self._body(operation, request),
            *operation.mistakes(sent, answer),
        ]
        self.mistakes += [f"{operation.id}: {mistake}" for mistake in mistakes]
        self.answered[operation.id].add(response.status_code)

    def _headers(self, operation: Operation, request: httpx2.Request) -> list[str]:
        found: list[str] = []
        if request.method != operation.method:
            found.append(f"method {request.method}")
        if request.url.query:
            found.append("a query, where the spec has none")
        item: dict[str, Any] = self._document["paths"][operation.path]["post"]
        takes_key = "parameters" in item
        key = request.headers.get("x-vt-idempotency-key")
        if (key is not None) != takes_key:
            found.append(f"X-VT-Idempotency-Key is {'absent' if key is None else 'not declared'}")
        if key is not None and _KEY.fullmatch(key) is None:
            found.append("X-VT-Idempotency-Key is not of its form")
        bearer = request.headers.get("authorization")
        mark = request.headers.get("x-vt-content-hmac")
        if (bearer is None) == (mark is None):
            found.append("authenticated by none or by both")
        if bearer is not None and bearer != f"Bearer {TOKEN}":
            found.append("another token")
        if mark is not None:
            text = MERCHANT_CCID.encode() + request.content + MERCHANT_KEY.encode()
            digest = hmac.new(MERCHANT_KEY.encode(), text, hashlib.sha512).hexdigest()
            if mark != f"h=HmacSHA512;s={MERCHANT_CCID};v={digest}":
                found.append("the HMAC is not that of the bytes sent")
        self.schemes.add("hmac" if bearer is None else "bearer")
        return found

    def _body(self, operation: Operation, request: httpx2.Request) -> list[str]:
        content = self._document["paths"][operation.path]["post"]["requestBody"]["content"]
        media = request.headers.get("content-type", "").partition(";")[0]
        if media not in content:
            return [f"content type {media!r}"]
        if operation.id not in self._bodies:
            self._bodies[operation.id] = jsonschema_rs.Draft202012Validator(
                {"components": self._document["components"], **content[media]["schema"]},
                validate_formats=True,
            )
        body: Any = json.loads(request.content)
        self.wallets[operation.id].add(body.get("order", {}).get("payType", ""))
        errors = self._bodies[operation.id].iter_errors(body)
        return [f"request {list(e.instance_path)}: {e.message[:100]}" for e in errors]


@pytest.fixture
def traffic(
    unified_document: dict[str, Any], unified_schema: Schema, unified_mock: Mock
) -> Traffic:
    unified_mock.reset()
    return Traffic(unified_document, unified_schema)


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("kind", ["sync", "async"])
def test_whatever_the_client_sends_and_takes_is_in_the_spec(
    kind: str, scheme: Scheme, traffic: Traffic, unified_mock: Mock, unified_schema: Schema
) -> None:
    if kind == "sync":
        with sync_client(unified_mock, traffic.watch, scheme=scheme) as client:
            tell(sync_caller(client), unified_mock)
    else:
        aio = async_client(unified_mock, traffic.watch, scheme=scheme)
        tell(async_caller(aio, unified_mock), unified_mock)
        unified_mock.app.run(aio.aclose())
    assert not traffic.mistakes, "\n".join(traffic.mistakes[:10])
    assert not unified_mock.faults()
    unified_mock.postings()

    for operation in unified_schema:
        assert 200 in traffic.answered[operation.id], operation.id
    every = {status for answered in traffic.answered.values() for status in answered}
    assert {400, 404, 409, 429, 500, 502, 503} <= every
    assert traffic.schemes == {scheme}
    for name in ("pay", "subscribe"):
        assert len(traffic.wallets[name]) == 5


def test_every_command_has_its_method(unified_schema: Schema, unified_mock: Mock) -> None:
    assert set(METHODS) == set(unified_schema.operations)
    with sync_client(unified_mock) as client:
        for method in METHODS.values():
            assert callable(getattr(client.payment, method))


def test_wrong_traffic_is_noticed(traffic: Traffic) -> None:
    """The watch itself: a request and an answer that break the spec in six ways."""
    request = httpx2.Request(
        "POST",
        f"http://127.0.0.1:8801{BASE}/capture?x=1",
        headers={
            "content-type": "application/json",
            "x-vt-content-hmac": f"h=HmacSHA512;s={MERCHANT_CCID};v=00",
            "x-vt-idempotency-key": "a key",
        },
        content=b'{"order": {"paymentId": "a b"}}',
    )
    response = httpx2.Response(200, json={"result": {"status": 1}}, request=request)
    traffic.watch(request, response)
    request.headers["authorization"] = "Bearer other"
    traffic.watch(request, response)
    wanted = ("a query", "not of its form", "not that of the bytes", "none or by both",
              "another token", "request ['order'", "Response violates schema")  # fmt: skip
    for part in wanted:
        assert any(part in mistake for mistake in traffic.mistakes), part
