"""The UnivaPay client's own traffic against the spec: what it sends, what it takes."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Generator
from typing import Any

import httpx2
import jsonschema_rs
import pytest
from kessai_univapay import operations

from tests.support.contract_asgi import Answer
from tests.support.contract_schemathesis import Operation, Request, Schema
from tests.support.contract_univapay_client import (
    async_client,
    async_do,
    sync_client,
    sync_do,
)
from tests.support.contract_univapay_mock import (
    MERCHANT_TOKEN,
    SECRET,
    STORE_TOKEN,
    Mock,
)
from tests.support.contract_univapay_scenario import tell

JSON = "application/json"
KEYLESS = {"stores_create_customer_id"}  # it derives a number, and makes nothing


@pytest.fixture
def mock() -> Generator[Mock]:
    """A mock of its own for each story."""
    mock = Mock()
    yield mock
    mock.close()


class Traffic:
    """Watches a client's transport and holds whatever passes against the spec."""

    def __init__(self, document: dict[str, Any], schema: Schema) -> None:
        self._document = document
        self._paths = [
            (re.compile(re.sub(r"\{\w+\}", "[^/]+", operation.path)), operation)
            for operation in sorted(schema, key=lambda operation: "{" in operation.path)
        ]
        self._bodies: dict[str, Any] = {}
        self.answered: defaultdict[str, set[int]] = defaultdict(set)
        self.mistakes: list[str] = []

    def watch(self, request: httpx2.Request, response: httpx2.Response) -> None:
        """One exchange."""
        path, method = request.url.path, request.method
        operation = next(
            (o for p, o in self._paths if p.fullmatch(path) and o.method == method), None
        )
        if operation is None:
            self.mistakes.append(f"no operation of the spec: {method} {path}")
            return
        sent = Request(
            method, str(request.url), list(request.headers.multi_items()), request.content
        )
        lines = list(response.headers.multi_items())
        answer = Answer(response.status_code, lines, response.content)
        found = [
            *self._headers(operation, request),
            *self._query(operation, request),
            *self._body(operation, request),
            *operation.mistakes(sent, answer),
        ]
        self.mistakes += [f"{operation.id}: {mistake}" for mistake in found]
        self.answered[operation.id].add(response.status_code)

    def _item(self, operation: Operation) -> dict[str, Any]:
        item: dict[str, Any] = self._document["paths"][operation.path][operation.method.lower()]
        return item

    def _headers(self, operation: Operation, request: httpx2.Request) -> list[str]:
        found: list[str] = []
        bearer = request.headers.get("authorization")
        if bearer not in {f"Bearer {SECRET}.{token}" for token in (STORE_TOKEN, MERCHANT_TOKEN)}:
            found.append("not authenticated by secret and token")
        key = request.headers.get("idempotency-key")
        changes = operation.method in ("POST", "PATCH")
        if (key is not None) != (changes and operation.id not in KEYLESS):
            found.append("an Idempotency-Key too many, or none")
        if key is not None and len(key) != 36:
            found.append("an Idempotency-Key that is no UUID")
        return found

    def _query(self, operation: Operation, request: httpx2.Request) -> list[str]:
        item = self._item(operation)
        shared = self._document["paths"][operation.path].get("parameters", [])
        known: set[str] = set()
        for one in [*item.get("parameters", []), *shared]:
            whole = one
            if "$ref" in one:
                whole = self._document["components"]["parameters"][one["$ref"].rpartition("/")[2]]
            if whole["in"] == "query":
                known.add(whole["name"])
        return [f"query {name}" for name in set(request.url.params) - known]

    def _body(self, operation: Operation, request: httpx2.Request) -> list[str]:
        body: Any = self._item(operation).get("requestBody")
        if body is None:
            return ["a body, where the spec has none"] if request.content else []
        if "$ref" in body:
            body = self._document["components"]["requestBodies"][body["$ref"].rpartition("/")[2]]
        if request.headers.get("content-type") != JSON:
            return [f"content type {request.headers.get('content-type')!r}"]
        if operation.id not in self._bodies:
            self._bodies[operation.id] = jsonschema_rs.Draft202012Validator(
                {"components": self._document["components"], **body["content"][JSON]["schema"]},
                validate_formats=True,
            )
        errors = self._bodies[operation.id].iter_errors(json.loads(request.content))
        return [f"request {list(e.instance_path)}: {e.message[:100]}" for e in errors]


@pytest.mark.parametrize("kind", ["sync", "async"])
def test_whatever_the_client_sends_and_takes_is_in_the_spec(
    kind: str, univapay_document: dict[str, Any], univapay_schema: Schema, mock: Mock
) -> None:
    traffic = Traffic(univapay_document, univapay_schema)
    if kind == "sync":
        with (
            sync_client(mock, traffic.watch) as store,
            sync_client(mock, traffic.watch, token=MERCHANT_TOKEN) as merchant,
        ):
            tell(sync_do(store), sync_do(merchant), mock)
    else:
        stores = async_client(mock, traffic.watch)
        merchants = async_client(mock, traffic.watch, token=MERCHANT_TOKEN)
        tell(async_do(stores, mock), async_do(merchants, mock), mock)
        mock.app.run(stores.aclose())
        mock.app.run(merchants.aclose())
    assert not traffic.mistakes, "\n".join(traffic.mistakes[:10])
    assert not mock.faults()
    mock.postings()
    for operation in univapay_schema:
        good = {status for status in traffic.answered[operation.id] if status < 300}
        assert good, f"{operation.id} never succeeded"
    every = {status for answered in traffic.answered.values() for status in answered}
    assert {400, 403, 404, 409, 429, 500, 503, 504} <= every


def test_every_operation_has_its_method(univapay_schema: Schema, mock: Mock) -> None:
    """Named after the operation: its group, and the rest of its name."""
    assert set(operations.OPERATIONS) == set(univapay_schema.operations)
    with sync_client(mock) as client:
        for name, operation in operations.OPERATIONS.items():
            method = name.removeprefix(f"{operation.group}_")
            assert callable(getattr(getattr(client, operation.group), method)), name


def test_wrong_traffic_is_noticed(
    univapay_document: dict[str, Any], univapay_schema: Schema
) -> None:
    """The watch itself: requests and an answer that break the spec."""
    traffic = Traffic(univapay_document, univapay_schema)
    request = httpx2.Request(
        "POST",
        "http://127.0.0.1:8801/charges?x=1",
        headers={"content-type": JSON, "idempotency-key": "short", "authorization": "Bearer x"},
        content=b'{"amount": "ten"}',
    )
    traffic.watch(request, httpx2.Response(201, json={"id": 1}, request=request))
    traffic.watch(request, httpx2.Response(418, json={}, request=request))
    elsewhere = httpx2.Request("PUT", "http://127.0.0.1:8801/charges")
    traffic.watch(elsewhere, httpx2.Response(200, request=elsewhere))
    wanted = ("query x", "no UUID", "not authenticated", "request ['amount'", "Undocumented status",
              "Response violates schema", "no operation of the spec")  # fmt: skip
    for part in wanted:
        assert any(part in mistake for mistake in traffic.mistakes), part
