"""The command line: help, quiet success, findings, and a user's mistakes in one line."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from codegen.cli import main
from codegen.diffing import Change
from codegen.diffing.report import show

FIXTURES = Path(__file__).parent / "fixtures"
SOURCES = """\
documents:
  manual:
    title: Manual
    version: '1.0'
    sections: {charge: Charge, inquiry: Inquiry, callback: Callback}
"""


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "specs" / "kaede"
    folder.mkdir(parents=True)
    shutil.copy(FIXTURES / "clean.yaml", folder / "openapi.yaml")
    (folder / "sources.yaml").write_text(SOURCES, encoding="utf-8")
    monkeypatch.chdir(folder)  # the root is found upwards
    return tmp_path


def _break(workspace: Path) -> None:
    path = workspace / "specs" / "kaede" / "openapi.yaml"
    text = path.read_text(encoding="utf-8").replace("^[0-9]{1,8}$", r"^\d+$")
    path.write_text(text, encoding="utf-8")


@pytest.mark.parametrize("command", ["generate", "check", "lint", "diff"])
def test_every_command_has_help(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([command, "--help"]) == 0
    assert f"python -m codegen {command}" in capsys.readouterr().out


def test_without_a_command_the_help_is_shown(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 0
    assert "Commands:" in capsys.readouterr().out


@pytest.mark.usefixtures("workspace")
def test_a_clean_spec_is_one_quiet_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["lint"]) == 0
    shown = capsys.readouterr()
    assert shown.err == ""
    assert shown.out.startswith("kaede: OK (2 operations, 2 callbacks and webhooks, 15 schemas, ")
    assert shown.out.count("\n") == 1


def test_a_finding_is_one_line_with_place_cause_and_remedy(
    workspace: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _break(workspace)
    assert main(["lint", "kaede"]) == 1
    assert capsys.readouterr().out == (
        "specs/kaede/openapi.yaml#/components/schemas/ChargeRequest/properties/amount/pattern: "
        "\\d differs between engines; write ^...$ around explicit classes and groups [pattern]\n"
    )


def test_findings_for_programs(workspace: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _break(workspace)
    assert main(["lint", "--json"]) == 1
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    assert found["ok"] is False
    assert [finding["code"] for finding in found["specs"][0]["findings"]] == ["pattern"]
    assert found["specs"][0]["counts"]["operations"] == 2


def test_the_rules_can_be_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["lint", "--rules", "--json"]) == 0
    codes = [rule["code"] for rule in json.loads(capsys.readouterr().out)]
    assert {"pattern", "outcome", "sensitive"} <= set(codes)


def test_changes_are_told_and_may_fail(workspace: Path, capsys: pytest.CaptureFixture[str]) -> None:
    old = workspace / "old.yaml"
    shutil.copy(FIXTURES / "clean.yaml", old)
    text = old.read_text(encoding="utf-8").replace("maxLength: 50", "maxLength: 40")
    new = workspace / "new.yaml"
    new.write_text(text.replace("version: 1.0.0", "version: 1.1.0"), encoding="utf-8")
    assert main(["diff", str(old), str(new)]) == 0
    assert capsys.readouterr().out == (
        "BREAKING narrowed schema ChargeRequest.memo: maxLength 50 -> 40\n"
        "-        changed  spec: version 1.0.0 -> 1.1.0\n"
        "2 changes, 1 breaking\n"
    )
    assert main(["diff", "--fail-on-breaking", "--json", str(old), str(new)]) == 1
    assert [c["change"] for c in json.loads(capsys.readouterr().out)] == ["changed", "narrowed"]
    assert main(["diff", "--fail-on-breaking", str(new), str(new)]) == 0
    assert main(["diff", str(workspace / "specs" / "kaede"), str(old)]) == 0
    assert capsys.readouterr().out == "0 changes, 0 breaking\n" * 2


def test_a_document_as_published_is_generated_with_its_repairs_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    spec = tmp_path / "specs" / "vendor" / "openapi.yaml"
    spec.parent.mkdir(parents=True)
    shutil.copy(FIXTURES / "vendor.yaml", spec)
    (tmp_path / "LICENSE").write_text("MIT\n", encoding="utf-8")
    assert main(["generate", "vendor", "--root", str(tmp_path)]) == 0
    shown = capsys.readouterr()
    assert shown.out.startswith("vendor 2.4.0: 4 operations, 4 events, ")
    told = shown.err.splitlines()
    assert all(line.startswith("vendor: repaired /") for line in told)
    assert f"{len(told)} repairs" in shown.out
    assert "required receiptNumber dropped" in shown.err
    printed = (tmp_path / "generated" / "vendor").rglob("*.py")
    text = "\n".join(path.read_text(encoding="utf-8") for path in printed)
    for name in (
        "create", "paymentsPaymentIdRefund", "payment", "getWallets",
        "approved", "result", "settled", "charged-back",
    ):  # fmt: skip
        assert f'"{name}"' in text, name
    assert main(["check", "--root", str(tmp_path)]) == 0
    spec.write_text(spec.read_text(encoding="utf-8") + "# changed\n", encoding="utf-8")
    capsys.readouterr()
    assert main(["check", "--root", str(tmp_path)]) == 1
    assert "specs/vendor/openapi.yaml" in capsys.readouterr().out


def test_a_table_on_a_terminal_cuts_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    where = "schema " + "FraudDetectionCustomData.customData" * 4
    show([Change("narrowed", True, where, "maxLength 256 -> 200")], terminal=True)
    shown = "".join(capsys.readouterr().out.split())
    assert where.removeprefix("schema ")[-20:] in shown
    assert "BREAKING" in shown
    assert shown.endswith("1changes,1breaking")


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (["lint", "nobody"], "codegen: no spec specs/nobody; known: kaede"),
        (["lint", "--nonsense"], "codegen: No such option '--nonsense'"),
        (["frobnicate"], "codegen: No such command 'frobnicate'; see `python -m codegen --help`"),
        (
            ["diff", "a.yaml"],
            "codegen: Missing argument 'NEW'; see `python -m codegen diff --help`",
        ),
        (["diff", "a.yaml", "b.yaml"], "codegen: a.yaml: no such file; check the path"),
        (["lint", "--root", "."], "codegen: . holds no specs/; name the workspace's root"),
    ],
)
@pytest.mark.usefixtures("workspace")
def test_a_mistake_is_one_line_without_a_traceback(
    arguments: list[str], line: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(arguments) == 2
    shown = capsys.readouterr()
    assert shown.out == ""
    assert shown.err.startswith(line)
    assert shown.err.count("\n") == 1


def test_outside_a_workspace(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["lint"]) == 2
    assert capsys.readouterr().err.startswith("codegen: no specs/ here or above; ")


def test_a_spec_that_cannot_be_read_is_one_line(
    workspace: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = workspace / "specs" / "kaede" / "openapi.yaml"
    path.write_text("a: 1\na: 2\n", encoding="utf-8")
    assert main(["lint"]) == 2
    shown = capsys.readouterr().err
    assert "openapi.yaml:2: duplicate key 'a' (first on line 1); keep one" in shown
    assert shown.count("\n") == 1


@pytest.mark.parametrize(
    "text", ["{}", "openapi: 3.1.0", "openapi: 3.1.0\npaths: 3\ncomponents: x"]
)
def test_a_document_that_is_hardly_one_is_findings_not_a_traceback(
    workspace: Path, text: str, capsys: pytest.CaptureFixture[str]
) -> None:
    path = workspace / "specs" / "kaede" / "openapi.yaml"
    path.write_text(text, encoding="utf-8")
    assert main(["lint"]) == 1
    assert "[openapi]" in capsys.readouterr().out
