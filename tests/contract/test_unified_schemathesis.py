"""The mock of the Unified API against the spec, driven by schemathesis.

Each command is asked whatever the coverage and fuzzing phases think of, then the same about orders
made through the API, then everything that makes it fail; by token and by HMAC over the real bytes.
Every answer has to be one the spec documents, and every status the spec documents has to have been
answered.
"""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

import jsonschema_rs
import pytest
from kessai_mock.replies import compact

from tests.support import contract_unified_bodies as bodies
from tests.support.contract_asgi import Answer
from tests.support.contract_schemathesis import Case, Operation, Request, Schema, send
from tests.support.contract_unified_errors import natural, provoke
from tests.support.contract_unified_links import LINKS
from tests.support.contract_unified_mock import SCHEMES, Mock, Scheme, signed

SHOWN = 8  # failures of one command that are written out


class Run:
    """What one command was asked and answered."""

    def __init__(self, mock: Mock, operation: Operation, scheme: Scheme) -> None:
        self.mock = mock
        self.operation = operation
        self.scheme: Scheme = scheme
        self.reached: Counter[int] = Counter()
        self.mistakes: dict[str, str] = {}  # what is wrong -> the first request it was seen at

    def note(self, request: Request, answer: Answer, mistakes: list[str]) -> None:
        """Count an answer and keep what is wrong with it."""
        self.reached[answer.status] += 1
        mistakes = [*mistakes, *(f"fault of the mock: {fault}" for fault in self.mock.faults())]
        for mistake in mistakes:
            shown = f"{request.method} {request.content[:400]!r} -> {answer.status}"
            self.mistakes.setdefault(mistake, shown)

    def ask(self, case: Case) -> tuple[Request, Answer]:
        """Send a case, signed as it is, and hold the answer against the spec."""
        request = signed(case.request({}), self.scheme)
        answer = send(self.mock.app, request)
        self.note(request, answer, case.verdict(request, answer))
        return request, answer


def _accepted_wrongly(
    accepts: jsonschema_rs.Validator, request: Request, answer: Answer
) -> list[str]:
    """A success for a body that breaks the spec; null counts as absent (assumed)."""
    if answer.status != 200:
        return []
    error = next(iter(accepts.iter_errors(compact(json.loads(request.content)))), None)
    if error is None:
        return []
    return [f"accepted although {error.message[:120]} at {list(error.instance_path)}"]


def _validator(document: dict[str, Any], operation: Operation) -> jsonschema_rs.Validator:
    body = document["paths"][operation.path]["post"]["requestBody"]["content"]
    return jsonschema_rs.Draft202012Validator(
        {"components": document["components"], **body["application/json"]["schema"]}
    )


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("name", LINKS)
def test_answers_are_the_documented_ones(
    name: str,
    scheme: Scheme,
    unified_schema: Schema,
    unified_document: dict[str, Any],
    unified_mock: Mock,
) -> None:
    operation, mock = unified_schema[name], unified_mock
    run = Run(mock, operation, scheme)
    accepts = _validator(unified_document, operation)

    # As generated: broken in every way, or in order but about nothing that exists.
    for case in operation.cases:
        mock.reset()
        request, answer = run.ask(case)
        run.note(request, answer, _accepted_wrongly(accepts, request, answer))

    # In order, and about orders made through the API a moment ago. Only these successes count.
    run.reached.clear()
    for case in operation.cases:
        body = case.members()
        if body is None or not case.positive:
            continue
        mock.reset()
        LINKS[name](mock, body)
        run.ask(case.with_body(body))
        mock.postings()
    assert run.reached[200] >= 10, f"{name}: {dict(run.reached)}"

    for status in operation.statuses:
        if status >= 400:
            provoked = provoke(mock, operation, status, scheme)
            mistakes = operation.mistakes(provoked.request, provoked.answer)
            if provoked.answer.status != status:
                mistakes.append(f"wanted {status}, got {provoked.answer.status}")
            if provoked.scripted is (status in natural(name)):
                mistakes.append(f"{status} is scripted: {provoked.scripted}")
            run.note(provoked.request, provoked.answer, mistakes)

    shown = "\n".join(f"{what}\n    {where}" for what, where in list(run.mistakes.items())[:SHOWN])
    if run.mistakes:
        pytest.fail(f"{name}: {len(run.mistakes)} kinds of mistakes\n{shown}", pytrace=False)
    missing = [status for status in operation.statuses if not run.reached[status]]
    assert not missing, f"{name} never answered {missing}; answers: {dict(run.reached)}"


def test_every_command_of_the_spec_is_driven(unified_schema: Schema) -> None:
    assert set(LINKS) == set(unified_schema.operations)
    assert len(LINKS) == 8


def test_with_both_the_token_counts(unified_schema: Schema, unified_mock: Mock) -> None:
    """Documented: whoever sends both is taken at the token, right or wrong."""
    unified_mock.reset()
    operation = unified_schema["pay"]
    content = json.dumps(bodies.pay("both-1")).encode()
    plain = Request("POST", operation.path, [("Content-Type", "application/json")], content)
    for bearer, hmac, status in (
        (signed(plain, "bearer"), signed(plain, "hmac", "0ff1ce00"), 200),
        (signed(plain, "bearer", "wrong"), signed(plain, "hmac"), 401),
    ):
        both = plain._replace(headers=[*bearer.headers, *hmac.headers[1:]])
        assert send(unified_mock.app, both).status == status
