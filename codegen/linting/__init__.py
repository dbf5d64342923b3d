"""Lint: the rules a spec in ``specs/`` keeps, as a table, and running them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

from codegen.linting import document as lint_document
from codegen.linting import examples as lint_examples
from codegen.linting import extensions as lint_extensions
from codegen.linting import fields as lint_fields
from codegen.linting import operations as lint_operations
from codegen.linting import schemas as lint_schemas
from codegen.linting import unions as lint_unions
from codegen.linting.spec import Finding, Rule, Spec
from codegen.reading import sources

RULES: tuple[Rule, ...] = (
    *lint_document.RULES,
    *lint_extensions.RULES,
    *sources.RULES,
    *lint_schemas.RULES,
    *lint_unions.RULES,
    *lint_fields.RULES,
    *lint_operations.RULES,
    *lint_examples.RULES,
)


_STOPS = {"openapi", "ref"}


class Report(NamedTuple):
    """What lint found in one spec, and how much it looked at."""

    provider: str
    findings: list[Finding]
    counts: dict[str, int]


def lint(root: Path, provider: str, progress: Callable[[str], None] | None = None) -> Report:
    """Run every rule over ``specs/<provider>``; raises SpecError if it cannot be read at all."""
    spec = Spec.read(root, provider)
    findings = list(check(spec, progress))
    counted = list(lint_examples.all_examples(spec)) if not _broken(findings) else []
    counts = {
        "operations": len(spec.calls),
        "callbacks and webhooks": len(spec.operations) - len(spec.calls),
        "schemas": len(spec.components),
        "examples": sum("/enum/" not in example.pointer for example in counted),
        "rules": len(RULES),
    }
    return Report(provider, findings, counts)


def check(spec: Spec, progress: Callable[[str], None] | None = None) -> Iterator[Finding]:
    """Every finding of every rule, in the order of the table.

    In a document that is no OpenAPI, or whose references lead nowhere, only the early rules run:
    the others would report the same again in other words.
    """
    broken = False
    for rule in sorted(RULES, key=lambda rule: not rule.early):
        if broken and not rule.early:
            return
        if progress is not None:
            progress(rule.says)
        seen = set[tuple[str, str]]()
        for pointer, message in rule.check(spec):
            if (pointer, message) in seen:
                continue
            seen.add((pointer, message))
            broken = broken or rule.code in _STOPS
            file, sign, inside = pointer.partition("#")
            if not sign:
                file, inside = "openapi.yaml", pointer
            path = f"{spec.folder}/{file}" if spec.folder else file
            action = None if sign else spec.written_by(pointer)
            yield Finding(rule.code, path, inside, message, rule.remedy, action)


def _broken(findings: list[Finding]) -> bool:
    return any(finding.code in _STOPS for finding in findings)
