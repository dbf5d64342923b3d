"""The mock of the MDK against the spec, driven by schemathesis.

Each of the 50 commands and the token server is asked whatever the coverage and fuzzing phases think
of, then the same about orders made through the API. Every request is sealed over its real bytes:
`params` as they were generated, hashed as they stand. Every answer has to be a documented one.
"""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

import jsonschema_rs
import pytest
from kessai_mock.replies import compact

from tests.support.contract_asgi import ORIGIN, Answer
from tests.support.contract_mdk_links import LINKS, link
from tests.support.contract_mdk_mock import FORM, Mock, in_envelope
from tests.support.contract_schemathesis import Case, Operation, Request, Schema, send, spread
from tests.support.contract_stage import JSON

SHOWN = 8  # mistakes of one command that are written out
ASKED, LINKED = 110, 20  # cases of one command at most, spread over all: as generated, on an order
FAULTS = ("ZS99",)  # the mock's own
UNSEALED = ("ZA01", "ZA02", "ZA03", "ZA04", "ZA05")  # the envelope's


class Run:
    """What one command was asked and answered."""

    def __init__(self, mock: Mock) -> None:
        self.mock = mock
        self.said: Counter[str] = Counter()  # vResultCode's first block, or the token server's code
        self.succeeded = 0
        self.mistakes: dict[str, str] = {}  # what is wrong -> the first request it was seen at

    def ask(self, case: Case) -> tuple[Request, Answer]:
        """Send a case in its envelope, and hold the answer against the spec."""
        plain = case.request({})
        request = in_envelope(plain)
        answer = send(self.mock.app, request)
        mistakes = case.verdict(request, answer)
        code = said(answer)
        self.said[code] += 1
        self.succeeded += done(answer)
        if code in FAULTS:
            mistakes += self.mock.faults()
        if code in UNSEALED and _is_object(plain.content) and ("Content-Type", FORM) in request[2]:
            mistakes.append(f"{code}, and the envelope was in order")
        self.note(plain, answer, mistakes)
        return plain, answer

    def note(self, request: Request, answer: Answer, mistakes: list[str]) -> None:
        """Keep what is wrong with an answer."""
        for mistake in mistakes:
            shown = f"{request.content[:300]!r} -> {answer.status} {answer.content[:200]!r}"
            self.mistakes.setdefault(mistake, shown)


def said(answer: Answer) -> str:
    """The first block of the vResultCode, the token server's code, or nothing."""
    if answer.status not in {200, 400} or not answer.content:
        return ""
    body = answer.json()
    if "result" in body:
        return str(body["result"]["vResultCode"])[:4]
    return str(body.get("code"))


def done(answer: Answer) -> bool:
    """Whether it says that something was done."""
    if answer.status != 200:
        return False
    body = answer.json()
    if "result" in body:
        return bool(body["result"]["mstatus"] == "success")
    return bool(body["status"] == "success")


def _is_object(content: bytes) -> bool:
    try:
        text = content.decode()
        text.encode()
        return content[:1] == b"{" and json.loads(text).__class__ is dict
    except (ValueError, RecursionError):
        return False


def _wrongly(accepts: jsonschema_rs.Validator, request: Request) -> list[str]:
    """A success for a body that breaks the spec; null and the empty text count as absent."""
    error = next(iter(accepts.iter_errors(compact(json.loads(request.content)))), None)
    if error is None:
        return []
    return [f"accepted although {error.message[:120]} at {list(error.instance_path)}"]


def _validator(document: dict[str, Any], operation: Operation) -> jsonschema_rs.Validator:
    body = document["paths"][operation.path]["post"]["requestBody"]["content"]
    return jsonschema_rs.Draft202012Validator(
        {"components": document["components"], **body["application/json"]["schema"]}
    )


@pytest.mark.parametrize("name", LINKS)
def test_answers_are_the_documented_ones(
    name: str, mdk_schema: Schema, mdk_document: dict[str, Any], mdk_mock: Mock
) -> None:
    operation, mock = mdk_schema[name], mdk_mock
    run, accepts = Run(mock), _validator(mdk_document, operation)

    # As generated: broken in every way, or in order but about nothing that exists.
    for case in spread(operation.cases, ASKED):
        mock.gateway.reset()
        request, answer = run.ask(case)
        if done(answer):
            run.note(request, answer, _wrongly(accepts, request))

    # In order, and about orders made through the API a moment ago. Only these successes count.
    run.succeeded = 0
    run.said.clear()
    positive = [case for case in operation.cases if case.positive and case.members() is not None]
    positive = spread(positive, LINKED)
    for case in positive:
        body = case.members()
        assert body is not None
        mock.gateway.reset()
        link(name, mock, body)
        run.ask(case.with_body(body))
        mock.gateway.ledger.audit()
    shown = "\n".join(f"{what}\n    {where}" for what, where in list(run.mistakes.items())[:SHOWN])
    if run.mistakes:
        pytest.fail(f"{name}: {len(run.mistakes)} kinds of mistakes\n{shown}", pytrace=False)
    assert run.succeeded >= len(positive) / 2, f"{run.succeeded} of {len(positive)}: {run.said}"


def test_every_command_of_the_spec_is_driven(mdk_schema: Schema) -> None:
    assert set(LINKS) == set(mdk_schema.operations)
    assert len(LINKS) == 51


@pytest.mark.parametrize("name", ["cardAuthorize", "searchSearch", "token"])
@pytest.mark.parametrize("status", [500, 502, 503])
def test_statuses_that_nothing_but_a_script_brings(
    name: str, status: int, mdk_schema: Schema, mdk_mock: Mock
) -> None:
    operation = mdk_schema[name]
    mdk_mock.reset()
    mdk_mock.script(name, status=status)
    request = in_envelope(Request("POST", ORIGIN + operation.path, [("Content-Type", JSON)], b"{}"))
    answer = send(mdk_mock.app, request)
    assert answer.status == status
    assert operation.mistakes(request, answer) == []
