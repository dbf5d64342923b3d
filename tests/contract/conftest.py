"""What every contract test stands under: loopback only, no real time, one marker."""

from __future__ import annotations

from collections.abc import Generator
from pathlib import Path

import pytest

from tests.support.contract_loopback import loopback_only

_HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark whatever stands in this folder, so that a file cannot forget to."""
    for item in items:
        if _HERE in item.path.parents:
            item.add_marker(pytest.mark.contract)


@pytest.fixture(autouse=True, scope="module")
def on_loopback_only() -> Generator[None]:
    """Refuse other hosts and real sleeps, in tests and in the fixtures of a module."""
    with loopback_only():
        yield
