"""The mock gateway against the spec, driven by schemathesis.

Each operation is asked whatever the coverage and fuzzing phases think of, then the same with
ids of objects made through the API, then everything that makes it fail. Every answer has to
be one the spec documents, and every status the spec documents has to have been answered.
"""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

import jsonschema_rs
import pytest
from kessai_mock.gmo.body import pruned

from tests.support.contract_asgi import Answer
from tests.support.contract_errors import provoke
from tests.support.contract_links import LINKS
from tests.support.contract_mock import BASIC, Mock
from tests.support.contract_schemathesis import Case, Operation, Request, Schema, send

SHOWN = 8  # failures of one operation that are written out


class Run:
    """What one operation was asked and answered."""

    def __init__(self, mock: Mock, operation: Operation) -> None:
        self.mock = mock
        self.operation = operation
        self.reached: Counter[int] = Counter()
        self.scripted: set[int] = set()
        self.mistakes: dict[str, str] = {}  # what is wrong -> the first request it was seen at

    def note(self, request: Request, answer: Answer, mistakes: list[str]) -> None:
        """Count an answer and keep what is wrong with it."""
        self.reached[answer.status] += 1
        mistakes = [*mistakes, *(f"fault of the mock: {fault}" for fault in self.mock.faults())]
        for mistake in mistakes:
            shown = f"{request.method} {request.content[:400]!r} -> {answer.status}"
            self.mistakes.setdefault(mistake, shown)

    def ask(self, case: Case) -> tuple[Request, Answer]:
        """Send a case and hold the answer against the spec."""
        request = case.request({"authorization": BASIC})
        answer = send(self.mock.app, request)
        self.note(request, answer, case.verdict(request, answer))
        return request, answer


def _accepted_wrongly(
    accepts: jsonschema_rs.Validator, request: Request, answer: Answer
) -> list[str]:
    """A success for a JSON body that breaks the spec; null and "" count as absent (documented)."""
    if not 200 <= answer.status < 300:
        return []
    error = next(iter(accepts.iter_errors(pruned(json.loads(request.content)))), None)
    if error is None:
        return []
    return [f"accepted although {error.message[:120]} at {list(error.instance_path)}"]


def _validator(document: dict[str, Any], operation: Operation) -> jsonschema_rs.Validator | None:
    body = document["paths"][operation.path]["post"]["requestBody"]["content"]
    wanted = body.get("application/json")
    if wanted is None:
        return None
    return jsonschema_rs.Draft202012Validator(
        {"components": document["components"], **wanted["schema"]}
    )


@pytest.mark.parametrize("name", LINKS)
def test_answers_are_the_documented_ones(
    name: str, schema: Schema, document: dict[str, Any], mock: Mock
) -> None:
    operation = schema[name]
    run = Run(mock, operation)
    accepts = _validator(document, operation)

    # As generated: broken in every way, or in order but about nothing that exists.
    for case in operation.cases:
        mock.reset()
        request, answer = run.ask(case)
        if accepts is not None:
            run.note(request, answer, _accepted_wrongly(accepts, request, answer))

    # In order, and about objects made through the API a moment ago. Only these successes count.
    run.reached.clear()
    for case in operation.cases:
        body = case.members()
        if body is None or not case.positive:
            continue
        mock.reset()
        LINKS[name](mock, body)
        run.ask(case.with_body(body))
        mock.postings()

    for status in operation.statuses:
        if status >= 400:
            provoked = provoke(mock, operation, status)
            mistakes = operation.mistakes(provoked.request, provoked.answer)
            if provoked.answer.status != status:
                mistakes.append(f"wanted {status}, got {provoked.answer.status}")
            run.note(provoked.request, provoked.answer, mistakes)
            if provoked.scripted:
                run.scripted.add(status)

    shown = "\n".join(f"{what}\n    {where}" for what, where in list(run.mistakes.items())[:SHOWN])
    if run.mistakes:
        pytest.fail(f"{name}: {len(run.mistakes)} kinds of mistakes\n{shown}", pytrace=False)
    missing = [status for status in operation.statuses if not run.reached[status]]
    assert not missing, f"{name} never answered {missing}; answers: {dict(run.reached)}"
    assert all(status in {402, 500, 502, 503} for status in run.scripted)


def test_every_operation_of_the_spec_is_driven(schema: Schema) -> None:
    assert set(LINKS) == set(schema.operations)
    assert len(LINKS) == 25
