"""What every package and the README promise about installing; the wheels themselves are built
and run by `nox -s wheels`."""

from __future__ import annotations

import re
import subprocess
import tomllib
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
PACKAGES = sorted(p.parent for p in ROOT.glob("*/*/pyproject.toml") if "fixtures" not in p.parts)


def project(package: Path) -> dict[str, Any]:
    """Read the `[project]` table of a package."""
    table: dict[str, Any] = tomllib.loads((package / "pyproject.toml").read_text("utf-8"))[
        "project"
    ]
    return table


def tracked_files() -> list[Path]:
    """List what git tracks; an unpacked archive without git tracks what it holds."""
    try:
        words = ["git", "-C", str(ROOT), "ls-files", "-z"]
        names = subprocess.run(words, capture_output=True, check=True).stdout.decode()
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("not a git checkout")
    return [ROOT / name for name in names.split("\0") if name]


def test_the_workspace_lists_every_package() -> None:
    members = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["uv"]
    found = sorted(str(package.relative_to(ROOT)) for package in PACKAGES)
    assert sorted(members["workspace"]["members"]) == found


@pytest.mark.parametrize("package", PACKAGES, ids=lambda p: f"{p.parent.name}-{p.name}")
class TestPackage:
    def test_is_mit_typed_and_has_a_readme(self, package: Path) -> None:
        table = project(package)
        assert table["license"] == "MIT"
        assert "MIT License" in (package / "LICENSE").read_text("utf-8")
        assert len((package / table["readme"]).read_text("utf-8")) > 200
        assert list(package.glob("src/*/py.typed"))

    def test_bounds_are_exclusive_above(self, package: Path) -> None:
        table = project(package)
        extras: dict[str, list[str]] = table.get("optional-dependencies", {})
        for requirement in [*table["dependencies"], *(r for rs in extras.values() for r in rs)]:
            if requirement.startswith("kessai["):
                continue
            assert re.fullmatch(r"[a-z0-9-]+>=[0-9.]+,<[0-9.]+", requirement), requirement


def test_the_readme_has_exactly_two_lines_each_complete_in_itself() -> None:
    block = re.search(r"```sh\n(python3 .*?)```", (ROOT / "README.md").read_text("utf-8"), re.S)
    assert block is not None
    demo, tests = block[1].splitlines()
    assert demo.endswith("nox -s demo")
    assert tests.endswith("nox -s tests")
    for line in (demo, tests):
        assert line.startswith("python3 -m venv .venv && ")
        assert "-r constraints/nox.txt" in line


def test_pins_have_hashes_and_name_no_host() -> None:
    for name in ("dev", "run", "nox"):
        text = (ROOT / "constraints" / f"{name}.txt").read_text("utf-8")
        pins = re.split(r"\n(?=\S)", text.strip())
        assert all("--hash=sha256:" in pin and "==" in pin for pin in pins)
        assert "://" not in text


def test_nothing_committed_names_an_index_host_or_a_lock_that_does() -> None:
    hosts = [b"pypi" + b".org", b"python" + b"hosted.org", b"registry.npm" + b"js.org"]
    for path in tracked_files():
        assert path.name not in {"uv.lock", "package-lock.json"}
        if path.is_file():
            content = path.read_bytes()
            assert not [host for host in hosts if host in content], path
