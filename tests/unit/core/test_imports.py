"""What importing kessai costs and offers."""

from __future__ import annotations

import subprocess
import sys
from importlib.metadata import version

import kessai
import pytest
from kessai.setup import USER_AGENT


def test_everything_public_is_there() -> None:
    """Each name of __all__ resolves, and a misspelt one does not."""
    for name in kessai.__all__:
        assert getattr(kessai, name).__name__ == name
    assert set(kessai.__all__) <= set(dir(kessai))
    with pytest.raises(AttributeError, match="Cliemt"):
        kessai.Cliemt  # type: ignore[attr-defined]  # noqa: B018


def test_the_version_is_the_packages() -> None:
    """Written once more in code, because reading metadata costs an import."""
    assert kessai.__version__ == version("kessai")
    assert f"kessai/{kessai.__version__}" == USER_AGENT


def imported_by(statement: str) -> set[str]:
    code = f"{statement}; import sys; print(' '.join(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return set(done.stdout.split())


def test_importing_kessai_imports_next_to_nothing() -> None:
    """No HTTP library, no attrs, no asyncio."""
    assert not imported_by("import kessai") & {"httpx2", "attr", "attrs", "asyncio", "orjson"}


def test_the_sync_client_brings_no_asyncio_and_no_telemetry() -> None:
    """asyncio belongs to the async driver, telemetry to who uses it."""
    code = (
        "import httpx2, sys; before = set(sys.modules); import kessai; kessai.Client; "
        "sys.modules = {n: m for n, m in sys.modules.items() if n not in before}"
    )
    brought = imported_by(code)
    assert "kessai.client" in brought
    assert not brought & {"asyncio", "attr", "attrs", "opentelemetry", "kessai.telemetry"}
    assert not {name for name in brought if name.startswith("kessai.stores.sqlite")}
