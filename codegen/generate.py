"""Generating one provider: both packages beside, formatted, then put in place file by file."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import NamedTuple

from codegen import client, ir, lock, mock
from codegen.document import load_provider
from codegen.ir.package import build
from codegen.problems import Repair, SpecError
from codegen.reading.load import read_yaml

Progress = Callable[[str], None]

_RUFF = ("--isolated", "--no-cache", "--quiet", "--line-length", "100", "--target-version", "py311")


class Produced(NamedTuple):
    """What generating gives, before anything is written."""

    package: ir.Package
    files: dict[str, str]  # path below the root, content; the lock included
    repairs: list[Repair]


class GenerateResult(NamedTuple):
    """What was generated."""

    provider: str
    spec_version: str
    operations: int
    schemas: int
    events: int
    files: int
    written: list[str]  # files that are new or differ
    removed: list[str]
    repairs: list[Repair]


def generate(provider: str, root: Path, progress: Progress | None = None) -> GenerateResult:
    """Generate ``generated/<provider>`` and the provider's part of ``generated/mock``.

    Nothing is touched before everything is produced and formatted. Then files are replaced one by
    one, so that a process that has the package installed never sees it missing. Raises SpecError.
    """
    produced = produce(provider, root, progress)
    tell = progress or _silent
    tell("writing")
    written = [name for name, text in produced.files.items() if _put(root / name, text)]
    removed = _remove_others(root, provider, produced.files)
    package = produced.package
    return GenerateResult(
        provider,
        package.spec_version,
        len(package.operations),
        len(package.models),
        len(package.webhooks) + len(package.callbacks),
        len(produced.files),
        written,
        removed,
        produced.repairs,
    )


def produce(provider: str, root: Path, progress: Progress | None = None) -> Produced:
    """Everything that generating writes, as text by path below the root. Raises SpecError."""
    tell = progress or _silent
    tell("reading the spec")
    normalised = load_provider(root, provider)
    listed = [path for path in normalised.inputs if path.name == "sources.yaml"]
    sources = read_yaml(listed[0]) if listed else {}
    tell("parsing")
    package = build(provider, normalised.document, sources)
    with tempfile.TemporaryDirectory(prefix="codegen-") as folder:
        scratch = Path(folder)
        tell("printing the client")
        files = {f"generated/{provider}/{n}": t for n, t in client.render(package).items()}
        tell("printing the mock's models")
        workshop = scratch / "mock"
        workshop.mkdir()
        shared = mock.render(provider, normalised.document, workshop)
        files |= {f"generated/mock/{name}": text for name, text in shared.items()}
        tell("formatting")
        files = _formatted(files, scratch / "printed")
    licence = root / "LICENSE"
    if not licence.is_file():
        raise SpecError(f"no {licence.name} in the workspace's root", "put it there")
    text = licence.read_bytes().decode("utf-8").replace("\r\n", "\n")
    files |= {f"generated/{provider}/LICENSE": text, "generated/mock/LICENSE": text}
    files = dict(sorted(files.items()))
    inputs = [*normalised.inputs, licence]
    files[f"generated/{provider}/{lock.NAME}"] = lock.write(
        root, provider, package.spec_version, inputs, files
    )
    return Produced(package, files, normalised.repairs)


def _formatted(files: Mapping[str, str], folder: Path) -> dict[str, str]:
    """Sort imports, drop unused ones, format; ruff in its own settings, nobody else's."""
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode())
    _ruff("check", "--select", "I,F401", "--fix", ".", folder=folder)
    _ruff("format", ".", folder=folder)
    return {name: (folder / name).read_bytes().decode() for name in files}


def _ruff(command: str, *arguments: str, folder: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "ruff", command, *_RUFF, *arguments],
        cwd=folder, env=mock.quiet_environment(), capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        said = " ".join((done.stderr + done.stdout).split())[:600]
        raise SpecError(f"ruff {command} refuses the output: {said}", "mend the template")


def _put(path: Path, text: str) -> bool:
    """Replace a file in one step if it differs."""
    data = text.encode()
    if path.is_file() and path.read_bytes() == data:
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    beside.write_bytes(data)
    beside.replace(path)
    return True


def _remove_others(root: Path, provider: str, files: Mapping[str, str]) -> list[str]:
    """Remove what earlier runs left in the provider's own package."""
    removed: list[str] = []
    folder = root / "generated" / provider
    for path in sorted(folder.rglob("*"), reverse=True):
        if "__pycache__" in path.parts:
            continue
        name = path.relative_to(root).as_posix()
        if path.is_file() and name not in files:
            path.unlink()
            removed.append(name)
        elif path.is_dir() and not any(path.iterdir()):
            path.rmdir()
    return removed


def _silent(_: str) -> None:
    """Progress that nobody watches."""
