"""The tiny package, generated once and imported: what the functional tests run."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from codegen.generate import generate
from tests.unit.codegen.back.tiny import imported, workspace


@pytest.fixture(scope="session")
def tiny_root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace with the tiny packages generated."""
    root = workspace(tmp_path_factory.mktemp("tiny"))
    generate("tiny", root)
    return root


@pytest.fixture(scope="session")
def models(tiny_root: Path) -> Iterator[Any]:
    """The generated models."""
    with imported(tiny_root, "kessai_tiny_api.models") as [module]:
        yield module
