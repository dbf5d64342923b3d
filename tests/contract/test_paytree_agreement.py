"""Client and mock of PAYTREE read one spec by two generators: both draw the same lines.

Every request schemathesis thinks of is held against the client's checks and the mock's models. What
is assumed only warns in the client, so any finding counts as a refusal there.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import kessai_mock_models.paytree as mock_models
import pytest
from kessai.constraints import Report
from kessai.model import DecodeError, Model
from kessai_mock import schemas
from kessai_mock.paytree.rules import OPERATIONS
from kessai_mock.replies import compact
from kessai_paytree_api import models, operations

from codegen.document import load_provider
from tests.support.contract_schemathesis import Schema

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def paytree_document() -> dict[str, Any]:
    """The PAYTREE spec, normalised."""
    return load_provider(ROOT, "paytree").document


@pytest.fixture(scope="module")
def paytree_schema(paytree_document: dict[str, Any]) -> Schema:
    """The same, loaded by schemathesis."""
    return Schema(paytree_document)


def refused_by_client(request: type[Model], body: dict[str, Any]) -> list[str]:
    """What the client finds wrong with a body: no value of the type, or a limit broken."""
    try:
        made = request.from_wire(body)
    except DecodeError as error:
        return [str(error)]
    report = Report()
    made.check("", report)
    return [f"{violation.pointer} {violation.code}" for violation in report.violations]


def refused_by_mock(name: str, body: dict[str, Any]) -> list[str]:
    """What the mock's models find wrong with it."""
    found = schemas.findings("kessai_mock_models.paytree", name, body)
    return [] if found is None else [*found.absent, *found.wrong]


@pytest.mark.parametrize("name", OPERATIONS)
def test_both_accept_the_same_requests(name: str, paytree_schema: Schema) -> None:
    operation = operations.OPERATIONS[name]
    (request,) = operation.requests
    differ: list[str] = []
    accepted = refused = 0
    for case in paytree_schema[name].cases:
        given = case.members()
        if given is None:
            continue
        body = compact(given)
        client = refused_by_client(request, body)
        mock = refused_by_mock(operation.request_name, body)
        accepted, refused = accepted + (not client), refused + bool(client)
        if bool(client) is not bool(mock):
            differ.append(f"client {client[:3]}, mock {mock[:3]}: {str(body)[:300]}")
    assert differ == []
    assert accepted >= 10, f"{accepted} accepted"
    assert refused >= 10, f"{refused} refused"


def test_both_have_the_same_lists(paytree_document: dict[str, Any]) -> None:
    """Names and values; a number the spec does not know is kept by the client."""
    for name, schema in paytree_document["components"]["schemas"].items():
        if "enum" not in schema:
            continue
        client, mock = getattr(models, name), getattr(mock_models, name)
        assert [member.value for member in client] == schema["enum"], name
        assert [member.value for member in mock] == schema["enum"], name
    assert models.TransStatus(77) == 77
    assert not models.TransStatus(77).is_known
    told = models.ConfirmResponse.from_wire({"code": "NEW", "transStatus": 77, "payType": "New"})
    assert told.to_wire() == {"code": "NEW", "transStatus": 77, "payType": "New"}
