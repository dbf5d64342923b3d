"""The tiny spec in a workspace of its own: what every test here generates from."""

from __future__ import annotations

import importlib
import shutil
import sys
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any

from codegen.reading.load import read_yaml

FIXTURES = Path(__file__).parent / "fixtures"
SPEC = FIXTURES / "tiny"
EXPECTED = FIXTURES / "expected"
ROOT = Path(__file__).parents[4]


def workspace(folder: Path, provider: str = "tiny") -> Path:
    """A workspace with the tiny spec, a licence, and nothing generated yet."""
    shutil.copytree(SPEC, folder / "specs" / provider)
    shutil.copyfile(ROOT / "LICENSE", folder / "LICENSE")
    return folder


def document() -> dict[str, Any]:
    """The tiny document, to be changed by a test."""
    return read_yaml(SPEC / "openapi.yaml")


@contextmanager
def imported(root: Path, *packages: str) -> Generator[list[ModuleType]]:
    """Import generated packages of a workspace, and forget them afterwards."""
    folders = [str(path) for path in (root / "generated").glob("*/src")]
    tops = {package.split(".")[0] for package in packages}
    before = {name: sys.modules.pop(name) for name in list(sys.modules) if _of(name, tops)}
    sys.path[:0] = folders
    importlib.invalidate_caches()
    try:
        yield [importlib.import_module(package) for package in packages]
    finally:
        for folder in folders:
            sys.path.remove(folder)
        for name in [name for name in sys.modules if _of(name, tops)]:
            del sys.modules[name]
        sys.modules.update(before)


def _of(name: str, tops: set[str]) -> bool:
    return name.split(".")[0] in tops
