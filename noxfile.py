"""The sessions of the workspace. `nox -l` lists them; each is short and talks to loopback only.

All sessions but `wheels` and `newest` share one environment, installed from
`constraints/dev.txt` with hashes; our own packages follow without dependencies.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from pathlib import Path

import nox

nox.needs_version = ">=2025.10"
nox.options.default_venv_backend = "venv"
nox.options.sessions = ["check", "lint", "types", "tests"]

ROOT = Path(__file__).parent
PROVIDERS = ["gmo", "unified", "mdk", "paytree", "univapay"]
PACKAGES = [
    "overlays/core",
    *(f"generated/{name}" for name in [*PROVIDERS, "mock"]),
    *(f"overlays/{name}" for name in [*PROVIDERS, "mock"]),
]
IMPORTS = [
    "kessai",
    *(name for p in PROVIDERS for name in (f"kessai_{p}_api", f"kessai_{p}")),
    "kessai_mock_models",
    "kessai_mock",
]


def _shared(session: nox.Session) -> str:
    """Make `.nox/dev` what `constraints/dev.txt` says and return its Python.

    nox would install afresh in every session; a stamp of the constraints and of our
    pyproject files says whether anything changed.
    """
    home = ROOT / ".nox" / "dev"
    python = home / "bin" / "python"
    stamp = home / "kessai-stamp"
    wanted = hashlib.sha256()
    for path in [ROOT / "constraints/dev.txt", *(ROOT / p / "pyproject.toml" for p in PACKAGES)]:
        wanted.update(path.read_bytes())
    wanted.update(str(ROOT).encode())
    if not (stamp.exists() and stamp.read_text() == wanted.hexdigest()):
        session.run("python3", "-m", "venv", "--clear", str(home), external=True)
        _install(session, python, "--require-hashes", "-r", "constraints/dev.txt")
        editable = [word for package in PACKAGES for word in ("-e", package)]
        _install(session, python, "--no-deps", "--no-build-isolation", *editable)
        stamp.write_text(wanted.hexdigest())
    # Tools that start other tools (the generator starts ruff) find them here first.
    session.env["PATH"] = f"{home / 'bin'}{os.pathsep}{os.environ['PATH']}"
    return str(python)


def _install(session: nox.Session, python: Path, *words: str) -> None:
    """Run pip quietly in the environment of `python`."""
    session.run(
        str(python),
        "-m",
        "pip",
        "--disable-pip-version-check",
        "install",
        "-q",
        *words,
        external=True,
    )


def _run(session: nox.Session, *words: str) -> None:
    session.run(*words, external=True)


@nox.session(python=False)
def generate(session: nox.Session) -> None:
    """Compile every spec into its client and mock models."""
    python = _shared(session)
    for provider in session.posargs or PROVIDERS:
        _run(session, python, "-m", "codegen", "generate", provider)


@nox.session(python=False)
def check(session: nox.Session) -> None:
    """Say whether generated/ is what specs/ and codegen/ print (regenerated beside)."""
    _run(session, _shared(session), "-m", "codegen", "check", "--full")


@nox.session(python=False)
def lint(session: nox.Session) -> None:
    """Ruff, the spec linter, and the direction of imports."""
    python = _shared(session)
    _run(session, python, "-m", "ruff", "check", ".")
    _run(session, python, "-m", "ruff", "format", "--check", ".")
    _run(session, python, "-m", "codegen", "lint")
    _run(session, str(Path(python).parent / "lint-imports"), "--no-cache")


@nox.session(python=False)
def types(session: nox.Session) -> None:
    """Run mypy --strict and strict pyright over everything."""
    python = _shared(session)
    _run(session, python, "-m", "mypy", *_typed_folders())
    # Pinned like every other tool; without this the wrapper looks for a newer one.
    session.env["PYRIGHT_PYTHON_IGNORE_WARNINGS"] = "1"
    _run(session, python, "-m", "pyright", "--pythonpath", python)


def _typed_folders() -> list[str]:
    sources = [f"{package}/src" for package in PACKAGES]
    return [*sources, "codegen", "tests", "noxfile.py"]


@nox.session(python=False)
def tests(session: nox.Session) -> None:
    """Run every test; words after `--` go to pytest."""
    _run(session, _shared(session), "-m", "pytest", *session.posargs)


@nox.session(python=False)
def contract(session: nox.Session) -> None:
    """Hold client, mock and spec against one another (a subset of tests)."""
    _run(session, _shared(session), "-m", "pytest", "-m", "contract", *session.posargs)


@nox.session(python=False)
def demo(session: nox.Session) -> None:
    """Compile the spec, then take payments with the client against the mock gateway."""
    python = _shared(session)
    for provider in session.posargs or PROVIDERS:
        _run(session, python, "-m", "codegen", "generate", provider)
        _run(session, python, f"tests/demo/{provider}.py")


@nox.session(python=False)
def bench(session: nox.Session) -> None:
    """Measure ratios against peers in one run; prints a table, writes .benchmarks/*.json."""
    _run(session, _shared(session), "-m", "tests.benchmarks", *session.posargs)


@nox.session(python=False)
def wheels(session: nox.Session) -> None:
    """Build every wheel, install them in an empty environment, run the demo and score the types."""
    python = _shared(session)
    dist = ROOT / "dist"
    shutil.rmtree(dist, ignore_errors=True)
    _run(
        session,
        str(Path(python).parent / "uv"),
        *["build", "--all-packages", "--wheel", "-q", "--out-dir", str(dist)],
        *["--python", python, "--build-constraints", "constraints/dev.txt", "--require-hashes"],
    )
    with tempfile.TemporaryDirectory() as empty:
        venv = Path(empty) / "venv"
        _run(session, python, "-m", "venv", str(venv))
        inside = venv / "bin" / "python"
        _install(session, inside, "--require-hashes", "-r", "constraints/run.txt")
        _install(session, inside, "--no-deps", *map(str, sorted(dist.glob("*.whl"))))
        _run(session, str(inside), "-m", "pip", "check")
        # The sources must be out of reach: the demo is copied out and run elsewhere.
        session.env["PYTHONPATH"] = ""
        shutil.copytree(ROOT / "tests" / "demo", Path(empty) / "demo")
        with session.chdir(empty):
            for provider in PROVIDERS:
                _run(session, str(inside), f"demo/{provider}.py")
            # What a merchant's type checker sees; editable installs hide their py.typed.
            for name in IMPORTS:
                words = ["--pythonpath", str(inside), "--ignoreexternal", "--verifytypes", name]
                _run(session, python, "-m", "pyright", *words)


@nox.session
def newest(session: nox.Session) -> None:
    """Run the tests with the newest dependencies our bounds allow (not part of CI)."""
    session.install("-r", "constraints/dev.in")
    session.install("--no-deps", "--no-build-isolation", *(w for p in PACKAGES for w in ("-e", p)))
    session.run("python", "-m", "pytest", *session.posargs)
