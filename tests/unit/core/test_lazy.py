"""Public names that are imported when they are first used."""

from __future__ import annotations

import subprocess
import sys

import pytest

PACKAGES = ["kessai_gmo", "kessai_unified", "kessai_mdk", "kessai_univapay", "kessai_paytree"]


@pytest.mark.parametrize("package", PACKAGES)
def test_every_public_name_is_there_and_no_other(package: str) -> None:
    """In a process of its own, where nothing is imported yet."""
    script = f"""
import {package} as package
missing = [name for name in package.__all__ if getattr(package, name, None) is None]
assert not missing, missing
assert set(package.__all__) <= set(dir(package))
try:
    package.no_such_name
except AttributeError as error:
    assert "no_such_name" in str(error)
else:
    raise AssertionError("a misspelt name was found")
"""
    subprocess.run([sys.executable, "-c", script], check=True, timeout=60)


@pytest.mark.parametrize("package", PACKAGES)
def test_importing_a_provider_imports_neither_models_nor_asyncio(package: str) -> None:
    """What a process does not use it does not pay for."""
    script = f"""
import sys
import {package}
api = "{package}_api.models."
early = [name for name in sys.modules if name.startswith(api)]
assert not early, early
assert "cryptography" not in sys.modules
assert "{package}.callbacks" not in sys.modules
assert "pydantic" not in sys.modules
"""
    subprocess.run([sys.executable, "-c", script], check=True, timeout=60)
