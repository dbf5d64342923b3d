"""The client's own traffic against the spec: every request it sends, every answer it takes."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from typing import Any
from urllib.parse import parse_qsl

import httpx2
import jsonschema_rs
import pytest

from tests.support.contract_asgi import Answer
from tests.support.contract_client import (
    METHODS,
    async_caller,
    async_client,
    sync_caller,
    sync_client,
)
from tests.support.contract_mock import Mock
from tests.support.contract_scenario import tell
from tests.support.contract_schemathesis import Operation, Request, Schema


class Traffic:
    """Watches a client's transport and holds whatever passes against the spec."""

    def __init__(self, document: dict[str, Any], schema: Schema) -> None:
        self._document = document
        self._by_path = {operation.path: operation for operation in schema}
        self._bodies: dict[str, jsonschema_rs.Validator] = {}
        self.answered: defaultdict[str, set[int]] = defaultdict(set)
        self.charge_types: defaultdict[str, set[str]] = defaultdict(set)
        self.schemes: set[str] = set()
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
        answer = Answer(
            response.status_code, list(response.headers.multi_items()), response.content
        )
        mistakes = [
            *self._headers(operation, request),
            *self._body(operation, request),
            *operation.mistakes(sent, answer),
        ]
        self.mistakes += [f"{operation.id}: {mistake}" for mistake in mistakes]
        self.answered[operation.id].add(response.status_code)
        if operation.id != "token":
            self.schemes.add(request.headers.get("authorization", "").partition(" ")[0])
        if response.is_success:
            reference = response.json().get("orderReference", {})
            self.charge_types[operation.id].add(reference.get("chargeType", ""))

    def _headers(self, operation: Operation, request: httpx2.Request) -> list[str]:
        found: list[str] = []
        if request.method != operation.method:
            found.append(f"method {request.method}")
        scheme = request.headers.get("authorization", "").partition(" ")[0]
        if scheme not in ({"Basic"} if operation.id == "token" else {"Basic", "Bearer"}):
            found.append(f"authorization {scheme!r} is not one the operation takes")
        if request.url.query:
            found.append("a query, where the spec has none")
        names = {parameter["name"] for parameter in self._parameters(operation)}
        key = request.headers.get("idempotency-key")
        if (key is not None) != ("Idempotency-Key" in names):
            found.append(f"Idempotency-Key is {'absent' if key is None else 'not declared'}")
        if key is not None and not 1 <= len(key) <= 36:
            found.append("Idempotency-Key is too long")
        version = request.headers.get("x-mp-version", "")
        if re.fullmatch("[0-9]{4}-(0[1-9]|1[0-2])", version) is None:
            found.append(f"X-MP-Version is {version!r}")
        return found

    def _parameters(self, operation: Operation) -> list[dict[str, Any]]:
        declared: list[dict[str, Any]] = self._document["paths"][operation.path]["post"][
            "parameters"
        ]
        components: dict[str, Any] = self._document["components"]["parameters"]
        return [
            components[parameter["$ref"].rpartition("/")[2]] if "$ref" in parameter else parameter
            for parameter in declared
        ]

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
        body: Any = (
            json.loads(request.content)
            if media == "application/json"
            else dict(parse_qsl(request.content.decode(), strict_parsing=True))
        )
        errors = self._bodies[operation.id].iter_errors(body)
        return [f"request {list(e.instance_path)}: {e.message[:100]}" for e in errors]


@pytest.fixture
def traffic(document: dict[str, Any], schema: Schema, mock: Mock) -> Traffic:
    mock.reset()
    return Traffic(document, schema)


@pytest.mark.parametrize("auth", ["password", "token"])
@pytest.mark.parametrize("kind", ["sync", "async"])
@pytest.mark.filterwarnings("ignore::kessai.errors.RequestWarning")
def test_whatever_the_client_sends_and_takes_is_in_the_spec(
    kind: str, auth: str, traffic: Traffic, mock: Mock, schema: Schema
) -> None:
    if kind == "sync":
        with sync_client(mock, traffic.watch, auth=auth) as client:
            tell(sync_caller(client), mock)
    else:
        aio = async_client(mock, traffic.watch, auth=auth)
        tell(async_caller(aio, mock), mock)
        mock.app.run(aio.aclose())
    assert not traffic.mistakes, "\n".join(traffic.mistakes[:10])
    assert not mock.faults()
    mock.postings()

    for operation in schema:
        successes = {status for status in operation.statuses if status < 300}
        missing = successes - traffic.answered[operation.id]
        assert not missing, f"{operation.id} was never answered {missing}"
    for name, kinds in {
        "orderInquiry": {"CREDIT", "WALLET", "CASH"},
        "orderCancel": {"CREDIT", "WALLET", "CASH"},
        "orderCapture": {"CREDIT", "WALLET"},
        "orderUpdate": {"CREDIT", "WALLET"},
    }.items():
        assert traffic.charge_types[name] == kinds
    assert traffic.schemes == {"Basic" if auth == "password" else "Bearer"}


def test_every_operation_has_its_method(schema: Schema, mock: Mock) -> None:
    assert set(METHODS) == set(schema.operations)
    with sync_client(mock) as client:
        for group, method in METHODS.values():
            assert callable(getattr(getattr(client, group), method))


def test_wrong_traffic_is_noticed(traffic: Traffic) -> None:
    """The watch itself: a request and an answer that break the spec in six ways."""
    request = httpx2.Request(
        "POST",
        "http://127.0.0.1:8801/order/capture?x=1",
        headers={"content-type": "application/json", "x-mp-version": "latest"},
        content=b'{"accessId": "short"}',
    )
    response = httpx2.Response(
        201, json={"orderReference": {"chargeType": "CREDIT", "amount": 1000}}, request=request
    )
    traffic.watch(request, response)
    wanted = ("authorization", "a query", "Idempotency-Key is absent", "X-MP-Version is 'latest'",
              "request ['accessId']", "Response violates schema")  # fmt: skip
    for part in wanted:
        assert any(part in mistake for mistake in traffic.mistakes), part


def test_an_answer_the_spec_does_not_name_is_noticed(schema: Schema) -> None:
    request = Request("POST", "http://127.0.0.1:8801/order/capture", [], b"{}")
    for answer, wanted in (
        (Answer(418, [("content-type", "application/json")], b"{}"), "Undocumented status"),
        (Answer(409, [("content-type", "text/html")], b"<p>"), "Undocumented content type"),
    ):
        (mistake,) = schema["orderCapture"].mistakes(request, answer)
        assert mistake.startswith(wanted)
