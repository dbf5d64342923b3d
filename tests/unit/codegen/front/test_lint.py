"""Every lint rule has a fixture that it, and only it, rejects."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import pytest

from codegen import linting as lint
from codegen.linting.spec import Finding, Spec
from codegen.reading import overlay
from codegen.reading.load import read_yaml

FIXTURES = Path(__file__).parent / "fixtures"
CLEAN = read_yaml(FIXTURES / "clean.yaml")
SOURCES: dict[str, Any] = {
    "documents": {
        "manual": {
            "title": "Manual",
            "version": "1.0",
            "date": "2026-01-05",
            "sections": {"charge": "Charge", "inquiry": "Inquiry", "callback": "Callback"},
        }
    }
}


def test_a_finding_in_what_the_overlay_wrote_names_its_action() -> None:
    target = "$.components.schemas.Paid"
    case = {
        "overlay": [
            {"target": target, "description": "why", "update": {"description": "paid"}},
            {"target": target, "description": "why", "update": {"x-unit": "yen"}},
        ]
    }
    finding = _findings(case)[0]
    assert str(finding) == (
        "openapi.yaml#/components/schemas/Paid/x-unit (overlay action 1): "
        "this is neither number nor text; remove x-unit, or state the type [unit]"
    )


def _cases() -> list[Any]:
    found: list[Any] = []
    for path in sorted((FIXTURES / "lint").glob("*.yaml")):
        cases: list[dict[str, Any]] = read_yaml(path)["cases"]
        for number, case in enumerate(cases):
            found.append(pytest.param(path.stem, case, id=f"{path.stem}-{number}"))
    return found


def _findings(case: dict[str, Any]) -> list[Finding]:
    source = copy.deepcopy(CLEAN)
    actions: list[Any] = [*case.get("start", []), *case.get("document", [])]
    if "pattern" in case:
        receipt = {"receipt": {"pattern": case["pattern"]}}
        actions.append({"target": "$.components.schemas.Paid.properties", "update": receipt})
        # The example of the clean document need not fit a pattern of this table.
        value = "$..examples.paid.value.receipt"
        actions.append({"target": value, "remove": True})
    if "member" in case:
        member = {case["member"]: {"type": "string"}}
        actions.append({"target": "$.components.schemas.Paid.properties", "update": member})
    if actions:
        source, _ = overlay.apply(source, {"overlay": "1.0.0", "actions": actions})
    patch = {"overlay": "1.0.0", "actions": case["overlay"]} if "overlay" in case else None
    return list(lint.check(Spec(source, patch, case.get("sources", SOURCES))))


def test_the_clean_document_breaks_no_rule() -> None:
    assert _findings({}) == []


def test_every_rule_has_a_fixture_and_every_fixture_a_rule() -> None:
    codes = [rule.code for rule in lint.RULES]
    assert len(codes) == len(set(codes))
    assert set(codes) == {path.stem for path in (FIXTURES / "lint").glob("*.yaml")}


def test_every_rule_says_what_must_hold_and_what_to_do() -> None:
    for rule in lint.RULES:
        assert rule.says.endswith(".")
        assert rule.remedy


@pytest.mark.parametrize(("code", "case"), _cases())
def test_the_rule_fires(code: str, case: dict[str, Any]) -> None:
    findings = _findings(case)
    assert {finding.code for finding in findings} == {code, *case.get("also", [])}
    own = [f"{finding.pointer}: {finding.message}" for finding in findings if finding.code == code]
    assert any(case["expect"] in said for said in own), own
    assert all(str(finding).endswith(f"[{finding.code}]") for finding in findings)
