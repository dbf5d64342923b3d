"""codegen.lock: what a generated package was made from, and whether it still is.

The quick check compares hashes and reads no spec; the full check generates beside and compares
bytes. Both name the file and the reason.
"""

from __future__ import annotations

import ast
import hashlib
import tomllib
from collections.abc import Iterable, Mapping
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

NAME = "codegen.lock"
TOOLS = ("datamodel-code-generator", "jinja2", "openapi-python-client", "ruff")
_HERE = Path(__file__).resolve().parent
_SPEC_FILES = ("openapi.yaml", "overlay.yaml", "sources.yaml")
_IGNORED = frozenset({"__pycache__", "dist", "build", ".mypy_cache", ".ruff_cache"})


def digest(data: bytes) -> str:
    """SHA-256 in hexadecimal."""
    return hashlib.sha256(data).hexdigest()


def versions() -> dict[str, str]:
    """Versions of the tools whose output is committed."""
    found: dict[str, str] = {}
    for tool in TOOLS:
        try:
            found[tool] = version(tool)
        except PackageNotFoundError:
            found[tool] = "not installed"
    return found


def sources() -> dict[str, Path]:
    """Every template, and every module of codegen that generating imports, by its name."""
    found: set[Path] = set()
    todo = [_HERE / "generate.py"]
    while todo:
        path = todo.pop()
        if path not in found:
            found.add(path)
            todo.extend(_imported(path))
    found.update((_HERE / "templates").rglob("*.jinja"))
    return {f"codegen/{path.relative_to(_HERE).as_posix()}": path for path in sorted(found)}


def _imported(path: Path) -> list[Path]:
    """The files of codegen that a module imports, rooms' own ``__init__`` included."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_bytes())):
        if isinstance(node, ast.ImportFrom) and node.module is not None:
            names.update(f"{node.module}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
    found: list[Path] = []
    for name in names:
        package, *steps = name.split(".")
        if package != _HERE.name:
            continue
        for depth in range(1, len(steps) + 1):
            place = _HERE.joinpath(*steps[:depth])
            found.extend(
                file for file in (place.with_suffix(".py"), place / "__init__.py") if file.is_file()
            )
    return found


def write(
    root: Path, provider: str, spec_version: str, inputs: Iterable[Path], outputs: Mapping[str, str]
) -> str:
    """The lock's text. ``outputs``: path below the root to content."""
    lines = [
        f"# Written by `python -m codegen generate {provider}`. Do not edit.",
        f"provider = {_text(provider)}",
        f"spec-version = {_text(spec_version)}",
    ]
    tables = {
        "versions": versions(),
        "inputs": {_below(root, path): digest(path.read_bytes()) for path in inputs},
        "codegen": {name: digest(path.read_bytes()) for name, path in sources().items()},
        "outputs": {path: digest(text.encode()) for path, text in outputs.items()},
    }
    for name, table in tables.items():
        lines += ["", f"[{name}]"]
        lines += [f"{_text(key)} = {_text(value)}" for key, value in sorted(table.items())]
    return "\n".join(lines) + "\n"


def _text(value: str) -> str:
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _below(root: Path, path: Path) -> str:
    return path.resolve().relative_to(root.resolve()).as_posix()


def providers(root: Path) -> list[str]:
    """The providers that have a spec."""
    return sorted(path.parent.name for path in (root / "specs").glob("*/openapi.yaml"))


def check(root: Path, full: bool = False) -> list[str]:
    """What differs, one line each with file and reason; nothing when all is as generated.

    ``full`` generates every provider beside and compares bytes (seconds instead of a fraction).
    """
    found: list[str] = []
    expected: dict[str, set[str]] = {"mock": set()}
    for provider in providers(root):
        path = root / "generated" / provider / NAME
        remedy = f"run python -m codegen generate {provider}"
        if not path.is_file():
            found.append(f"generated/{provider}/{NAME}: missing; {remedy}")
            continue
        try:
            lock = tomllib.loads(path.read_text(encoding="utf-8"))
            found += _stale(root, lock, remedy)
            outputs: dict[str, str] = lock["outputs"]
        except (tomllib.TOMLDecodeError, UnicodeDecodeError, KeyError):
            found.append(f"generated/{provider}/{NAME}: cannot be read; {remedy}")
            continue
        found += _outputs(root, outputs, remedy)
        expected.setdefault(provider, {f"generated/{provider}/{NAME}"})
        for output in outputs:
            expected.setdefault(output.split("/")[1], set()).add(output)
        if full:
            found += _regenerated(root, provider, remedy)
    found += _extra(root, expected)
    return list(dict.fromkeys(found))


def _stale(root: Path, lock: dict[str, Any], remedy: str) -> list[str]:
    found: list[str] = []
    for name, now in versions().items():
        then = lock["versions"].get(name)
        if now != then:
            found.append(f"{name}: version {now}, the lock says {then}; {remedy}")
    inputs: dict[str, str] = lock["inputs"]
    for name, then in inputs.items():
        reason = "changed since the output was generated"
        found += _changed(root / name, name, then, reason, remedy)
    provider = str(lock.get("provider", ""))
    for name in _SPEC_FILES:  # other files of a spec are not the generator's
        path = root / "specs" / provider / name
        if path.is_file() and _below(root, path) not in inputs:
            found.append(f"{_below(root, path)}: not in the lock; {remedy}")
    listed: dict[str, str] = lock["codegen"]
    present = sources()
    for name, then in listed.items():
        kind = "template" if "/templates/" in name else "generator source"
        found += _changed(present.get(name, _HERE / "gone"), name, then, f"{kind} changed", remedy)
    found += [f"{name}: new generator source; {remedy}" for name in present if name not in listed]
    return found


def _changed(path: Path, name: str, then: str, reason: str, remedy: str) -> list[str]:
    if not path.is_file():
        return [f"{name}: is gone; {remedy}"]
    return [] if digest(path.read_bytes()) == then else [f"{name}: {reason}; {remedy}"]


def _outputs(root: Path, outputs: dict[str, str], remedy: str) -> list[str]:
    found: list[str] = []
    for name, then in outputs.items():
        path = root / name
        if not path.is_file():
            found.append(f"{name}: missing; {remedy}")
        elif digest(path.read_bytes()) != then:
            found.append(f"{name}: edited by hand; mend the spec or a template, then {remedy}")
    return found


def _extra(root: Path, expected: dict[str, set[str]]) -> list[str]:
    found: list[str] = []
    for package in sorted(path for path in (root / "generated").glob("*") if path.is_dir()):
        known = expected.get(package.name, set())
        for path in sorted(package.rglob("*")):
            name = _below(root, path)
            ignored = _IGNORED.intersection(path.parts) or ".egg-info" in name
            if path.is_file() and name not in known and not ignored:
                found.append(f"{name}: nothing generates it; remove it")
    return found


def _regenerated(root: Path, provider: str, remedy: str) -> list[str]:
    from codegen.generate import produce

    found: list[str] = []
    for name, text in produce(provider, root).files.items():
        path = root / name
        if path.is_file() and path.read_bytes() != text.encode():
            found.append(f"{name}: generating anew gives other bytes; {remedy}")
        elif not path.is_file():
            found.append(f"{name}: missing; {remedy}")
    return found
