"""The mock of UnivaPay against the spec, driven by schemathesis.

Each operation is asked what the coverage and fuzzing phases think of, then the same about things
made through the API, then everything that makes it fail. Every answer has to be one the spec
documents, and every status the spec documents has to have been answered.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Generator
from typing import Any, cast

import jsonschema_rs
import pytest
from kessai_mock.replies import compact

from tests.support.contract_asgi import ORIGIN, Answer
from tests.support.contract_schemathesis import Case, Operation, Request, Schema, send
from tests.support.contract_stage import JSON
from tests.support.contract_univapay_links import LINKS, token_for
from tests.support.contract_univapay_mock import (
    MERCHANT_ID,
    MERCHANT_TOKEN,
    Mock,
    credentials,
)

SHOWN = 8  # failures of one operation that are written out
MOST = 24  # generated cases of one operation, spread over all that there are
METHODS = {"GET", "POST", "PATCH", "DELETE"}


@pytest.fixture(scope="module")
def mock() -> Generator[Mock]:
    """One mock for the module; each case begins with ``reset()``."""
    mock = Mock()
    yield mock
    mock.close()


class Run:
    """What one operation was asked and answered."""

    def __init__(self, mock: Mock, operation: Operation, accepts: Any) -> None:
        self.mock = mock
        self.operation = operation
        self.accepts = accepts
        self.token = token_for(operation.id)
        self.reached: Counter[int] = Counter()
        self.mistakes: dict[str, str] = {}  # what is wrong -> the first request it was seen at

    def ask(self, case: Case) -> None:
        """Send a case with credentials, and hold the answer against the spec."""
        request = case.request(credentials(self.token))
        answer = send(self.mock.app, request)
        broken_query = answer.status == 400 and request.method == "GET"
        if broken_query and 400 not in self.operation.statuses:
            return  # no library names 400 for these lists; a limit of half a page gets it
        mistakes = [*case.verdict(request, answer), *self._wrongly(request, answer)]
        self.note(request, answer, mistakes)

    def note(self, request: Request, answer: Answer, mistakes: list[str]) -> None:
        """Count an answer and keep what is wrong with it."""
        self.reached[answer.status] += 1
        faults = [f"fault of the mock: {fault}" for fault in self.mock.faults()]
        for mistake in [*mistakes, *faults]:
            shown = f"{request.method} {request.url} {request.content[:400]!r} -> {answer.status}"
            self.mistakes.setdefault(mistake, f"{shown} {answer.content[:200]!r}")

    def _wrongly(self, request: Request, answer: Answer) -> list[str]:
        """A success for a body that breaks the spec; null counts as absent (assumed)."""
        if answer.status >= 300 or self.accepts is None or not request.content:
            return []
        body = compact(json.loads(request.content))
        body = _as_sent(body, int if self.operation.id == "tokens_update" else str)
        error = next(iter(self.accepts.iter_errors(body)), None)
        if error is None:
            return []
        return [f"accepted although {error.message[:120]} at {list(error.instance_path)}"]


def _as_sent(body: Any, kind: type[int | str]) -> Any:
    """Amounts may be texts of digits, and codes of either kind: the libraries do not agree.

    ``kind``: what the spec has for a card's month and year in this request.
    """
    if not isinstance(body, dict):
        return body
    found: dict[str, Any] = {}
    for name, value in cast("dict[str, Any]", body).items():
        digits = isinstance(value, str) and value.isdecimal()
        if name.endswith("amount") and digits:
            found[name] = int(value)
        elif name in ("exp_month", "exp_year") and (digits or value.__class__ is int):
            found[name] = kind(value)
        elif name == "country_code" and value.__class__ is int:
            found[name] = str(value)
        else:
            found[name] = value if name == "metadata" else _as_sent(value, kind)
    return found


def _validator(document: dict[str, Any], operation: Operation) -> Any:
    item = document["paths"][operation.path][operation.method.lower()]
    body: Any = item.get("requestBody")
    if body is None:
        return None
    if "$ref" in body:
        body = document["components"]["requestBodies"][body["$ref"].rpartition("/")[2]]
    return jsonschema_rs.Draft202012Validator(
        {"components": document["components"], **body["content"][JSON]["schema"]}
    )


def _spread(cases: list[Case]) -> list[Case]:
    return cases[:: -(-len(cases) // MOST)] if len(cases) > MOST else cases


@pytest.mark.parametrize("name", LINKS)
def test_answers_are_the_documented_ones(
    name: str, univapay_schema: Schema, univapay_document: dict[str, Any], mock: Mock
) -> None:
    operation = univapay_schema[name]
    run = Run(mock, operation, _validator(univapay_document, operation))

    # As generated: broken in every way, or in order but about nothing that exists.
    for case in _spread(operation.cases):
        mock.reset()
        run.ask(case)

    # In order, and about things made through the API a moment ago. Only these successes count.
    run.reached.clear()
    good = [case for case in operation.cases if case.positive and case.method == operation.method]
    for case in good[:: -(-len(good) // 6)]:
        mock.reset()
        body = case.members()
        path = LINKS[name](mock, body if body is not None else {})
        linked = case.with_path(path)
        run.ask(linked.with_body(body) if body is not None else linked)
        mock.ledger_lines()
    success = next(status for status in operation.statuses if status < 300)
    assert run.reached[success] >= min(3, len(good)), f"{name}: {dict(run.reached)}"

    for status in operation.statuses:
        if status >= 400:
            request, answer = _provoked(mock, operation, status)
            mistakes = operation.mistakes(request, answer)
            if answer.status != status:
                mistakes.append(f"wanted {status}, got {answer.status}")
            run.note(request, answer, mistakes)

    shown = "\n".join(f"{what}\n    {where}" for what, where in list(run.mistakes.items())[:SHOWN])
    if run.mistakes:
        pytest.fail(f"{name}: {len(run.mistakes)} kinds of mistakes\n{shown}", pytrace=False)
    missing = [status for status in operation.statuses if not run.reached[status]]
    assert not missing, f"{name} never answered {missing}; answers: {dict(run.reached)}"


def _provoked(mock: Mock, operation: Operation, status: int) -> tuple[Request, Answer]:
    """Have an operation answer with a status: naturally where it can, else as scripted."""
    mock.reset()
    body: dict[str, Any] = {"amount": 1, "currency": "JPY", "payment_type": "konbini"}
    path = operation.path
    for key, value in LINKS[operation.id](mock, body).items():
        path = path.replace(f"{{{key}}}", value)
    lines = credentials(token_for(operation.id))
    if status == 401:
        lines = credentials("one.two.three")
    elif status == 404 and "{" in operation.path:  # a merchant's token may look for any store
        lines = credentials(MERCHANT_TOKEN)
        path = operation.path.replace("{merchant_id}", MERCHANT_ID)
        path = path.replace("{store_id}", "0" * 36).replace("{webhook_id}", "0" * 36)
    else:
        mock.script(operation.id, status=status)
    headers = list(lines.items())
    content = b""
    if operation.method in ("POST", "PATCH"):
        headers.append(("Content-Type", JSON))
        content = b"{}"
    request = Request(operation.method, ORIGIN + path, headers, content)
    return request, send(mock.app, request)


def test_every_operation_of_the_spec_is_driven(univapay_schema: Schema) -> None:
    assert set(LINKS) == set(univapay_schema.operations)
    assert {operation.method for operation in univapay_schema} == METHODS
