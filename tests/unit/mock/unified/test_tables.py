"""The mock's own reading of the document against the spec's."""

from __future__ import annotations

from typing import Any

import pytest
from kessai_mock.unified.notices import CONDITIONS
from kessai_mock.unified.operations import OPERATIONS
from kessai_mock.unified.results import CODES
from kessai_mock.unified.rules import WALLETS


def test_every_result_code_has_the_status_and_action_of_the_spec(spec: dict[str, Any]) -> None:
    """28 codes."""
    told = spec["components"]["schemas"]["ResultCode"]["x-error-codes"]
    mine = {code: (known.http, known.status, known.action) for code, known in CODES.items()}
    assert mine == {
        code: (known["status"], known["result"], known["action"]) for code, known in told.items()
    }
    assert len(mine) == 28


def test_webhooks_are_sent_on_the_conditions_of_the_spec(spec: dict[str, Any]) -> None:
    """By command and wallet."""
    assert spec["webhooks"]["push"]["post"]["x-sent-when"] == CONDITIONS


def test_each_command_serves_the_wallets_of_the_spec(spec: dict[str, Any]) -> None:
    """And there are eight of them."""
    told = {
        path.removeprefix("/"): set(item["post"]["x-wallets"])
        for path, item in spec["paths"].items()
    }
    assert told == WALLETS
    assert set(told) == {operation.name for operation in OPERATIONS}


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: operation.name)
def test_each_command_takes_the_request_of_the_spec(spec: dict[str, Any], operation: Any) -> None:
    """And honours a key where the spec has one."""
    told = spec["paths"][f"/{operation.name}"]["post"]
    schema = told["requestBody"]["content"]["application/json"]["schema"]["$ref"]
    assert schema == f"#/components/schemas/{operation.model}"
    assert operation.idempotent == ("x-idempotency" in told)
