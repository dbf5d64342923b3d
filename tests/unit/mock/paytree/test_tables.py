"""The mock's own reading of the document against the spec's."""

from __future__ import annotations

from typing import Any

import pytest
from kessai_mock.paytree.rules import OPERATIONS
from kessai_mock.paytree.simulation import CLASSES, Simulation
from kessai_mock.paytree.state import FAILURES, MEANINGS, TRANSITIONS, Status

from tests.unit.mock.paytree.driver import ANSWERS


def test_the_codes_are_the_specs(spec: dict[str, Any]) -> None:
    """All of them; a wallet refuses with some."""
    told = spec["components"]["schemas"]["ResultCode"]
    assert list(MEANINGS) == told["enum"]
    assert set(FAILURES) < set(MEANINGS)


def test_the_states_are_the_specs(spec: dict[str, Any]) -> None:
    """By number and name."""
    told = spec["components"]["schemas"]["TransStatus"]
    mine = {int(status): status.name for status in Status if status is not Status.NEW}
    assert mine == dict(zip(told["enum"], told["x-enum-varnames"], strict=True))
    named = {name for step in TRANSITIONS for name in (step.before, step.after)}
    assert named == {status.name for status in Status}


def test_every_state_is_reached_and_none_comes_from_nowhere() -> None:
    """For payments; deposits neither wait nor are refunded."""
    for kind, never in (
        ("Pay", set[str]()),
        ("Deposit", {"WAITING", "REFUNDED", "PARTLY_REFUNDED"}),
    ):
        reached = {"NEW"}
        for _ in Status:
            reached |= {s.after for s in TRANSITIONS if s.kind == kind and s.before in reached}
        assert reached == {status.name for status in Status} - never


def test_the_operations_are_the_specs(spec: dict[str, Any]) -> None:
    """Seven, with the answers they have there."""
    told = {
        path.removeprefix("/"): item["post"]["responses"]["200"]["content"]["application/json"][
            "schema"
        ]["$ref"].rsplit("/", 1)[1]
        for path, item in spec["paths"].items()
    }
    assert told == ANSWERS
    assert set(OPERATIONS) == set(told)


@pytest.mark.parametrize("operation", OPERATIONS)
def test_the_simulation_knows_every_operation(operation: str) -> None:
    """None more."""
    assert Simulation().handle(operation, {})["code"] in MEANINGS


def test_the_test_classes_are_the_manuals() -> None:
    """Section 5: eight, two, one, one."""
    assert CLASSES == {"pay": 8, "refund": 2, "reverse": 1, "deposit": 1}
