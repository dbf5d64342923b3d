"""codegen.lock: whatever differs is named with file and reason, quickly and in full."""

from __future__ import annotations

import shutil
import time
from pathlib import Path

import pytest

from codegen import lock
from codegen.generate import generate
from codegen.problems import SpecError
from tests.unit.codegen.back.tiny import workspace


@pytest.fixture
def root(tiny_root: Path, tmp_path: Path) -> Path:
    """A copy of the generated workspace, to be spoilt."""
    return Path(shutil.copytree(tiny_root, tmp_path / "copy"))


MODEL = "generated/tiny/src/kessai_tiny_api/models/charge.py"


def test_nothing_differs(root: Path) -> None:
    assert lock.check(root) == []
    assert lock.check(root, full=True) == []


def test_the_quick_check_is_quick(root: Path) -> None:
    start = time.perf_counter()
    lock.check(root)
    assert time.perf_counter() - start < 5  # a fraction of a second on an idle machine


def only(found: list[str]) -> str:
    """The one thing that was found."""
    assert len(found) == 1, found
    return found[0]


def test_an_edit_by_hand_is_named(root: Path) -> None:
    (root / MODEL).write_text((root / MODEL).read_text() + "# mine\n")
    assert only(lock.check(root)).startswith(f"{MODEL}: edited by hand")


def test_a_missing_file_is_named(root: Path) -> None:
    (root / MODEL).unlink()
    assert only(lock.check(root)).startswith(f"{MODEL}: missing")


@pytest.mark.parametrize("folder", ["generated/tiny", "generated/mock/src", "generated/other"])
def test_a_file_nothing_generates_is_named(root: Path, folder: str) -> None:
    extra = root / folder / "extra.py"
    extra.parent.mkdir(exist_ok=True)
    extra.write_text("")
    assert only(lock.check(root)).startswith(f"{folder}/extra.py: nothing generates it")


def test_caches_are_not_generated_files(root: Path) -> None:
    cache = root / "generated/tiny/src/kessai_tiny_api/__pycache__/x.pyc"
    cache.parent.mkdir()
    cache.write_bytes(b"")
    assert lock.check(root) == []


def test_what_generating_does_not_read_does_not_matter(root: Path) -> None:
    (root / "specs/tiny/CHANGES.md").write_text("")
    (root / "specs/tiny/simulation.yaml").write_text("")
    assert lock.check(root) == []


def test_a_changed_spec_is_named(root: Path) -> None:
    spec = root / "specs/tiny/openapi.yaml"
    spec.write_text(spec.read_text() + "# later\n")
    assert only(lock.check(root)).startswith("specs/tiny/openapi.yaml: changed since")


def test_a_new_spec_file_is_named(root: Path) -> None:
    overlay = (
        "overlay: 1.0.0\ninfo: {title: t, version: '1'}\nactions: [{target: $.info, update: {}}]\n"
    )
    (root / "specs/tiny/overlay.yaml").write_text(overlay)
    assert only(lock.check(root)).startswith("specs/tiny/overlay.yaml: not in the lock")


@pytest.mark.parametrize(
    ("was", "reason"),
    [
        (
            '"codegen/templates/api.py.jinja" = "',
            "codegen/templates/api.py.jinja: template changed",
        ),
        ('"codegen/client.py" = "', "codegen/client.py: generator source changed"),
    ],
)
def test_a_changed_template_or_source_is_named(root: Path, was: str, reason: str) -> None:
    path = root / "generated/tiny/codegen.lock"
    text = path.read_text()
    assert was in text
    path.write_text(text.replace(was, was + "0", 1))
    assert only(lock.check(root)).startswith(reason)


def test_another_version_of_a_tool_is_named(root: Path) -> None:
    path = root / "generated/tiny/codegen.lock"
    path.write_text(path.read_text().replace('"ruff" = "', '"ruff" = "9'))
    assert only(lock.check(root)).startswith("ruff: version")


def test_a_missing_or_broken_lock_is_named(root: Path) -> None:
    path = root / "generated/tiny/codegen.lock"
    path.write_text("[")
    assert any(
        f.startswith("generated/tiny/codegen.lock: cannot be read") for f in lock.check(root)
    )
    path.unlink()
    assert any(f.startswith("generated/tiny/codegen.lock: missing") for f in lock.check(root))


def test_the_full_check_compares_bytes(root: Path) -> None:
    path, other = root / MODEL, b"# an older output\n"
    path.write_bytes(other)
    text = (root / "generated/tiny/codegen.lock").read_text()
    forged = text.replace(_line(text, MODEL), f'"{MODEL}" = "{lock.digest(other)}"')
    (root / "generated/tiny/codegen.lock").write_text(forged)
    assert lock.check(root) == []
    found = lock.check(root, full=True)
    assert f"{MODEL}: generating anew gives other bytes" in found[0]


def _line(text: str, name: str) -> str:
    return next(line for line in text.splitlines() if line.startswith(f'"{name}"'))


def test_every_module_that_generating_imports_is_locked() -> None:
    listed = set(lock.sources())
    assert {"codegen/generate.py", "codegen/ir/checks.py", "codegen/reading/tree.py"} <= listed
    assert "codegen/templates/models/model.py.jinja" in listed
    assert "codegen/cli.py" not in listed


def test_generating_removes_what_is_no_longer_printed(root: Path) -> None:
    stale = root / "generated/tiny/src/kessai_tiny_api/models/stale.py"
    stale.write_text("")
    result = generate("tiny", root)
    assert not stale.exists()
    assert result.removed == ["generated/tiny/src/kessai_tiny_api/models/stale.py"]
    assert result.written == []


def test_a_failure_leaves_everything_as_it_was(root: Path) -> None:
    spec = root / "specs/tiny/openapi.yaml"
    spec.write_text(spec.read_text().replace("enum: [CARD, BANK]", "enum: [CARD, 2]"))
    before = (root / MODEL).read_bytes()
    with pytest.raises(SpecError):
        generate("tiny", root)
    assert (root / MODEL).read_bytes() == before


def test_a_second_provider_shares_the_mock_package(root: Path) -> None:
    workspace_two = root / "specs/tiny-two"
    shutil.copytree(root / "specs/tiny", workspace_two)
    generate("tiny-two", root)
    assert lock.check(root) == []
    models = root / "generated/mock/src/kessai_mock_models"
    assert {"tiny.py", "tiny_two.py"} <= {path.name for path in models.iterdir()}


def test_an_unknown_provider_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(SpecError, match="known: tiny"):
        generate("nobody", workspace(tmp_path))
