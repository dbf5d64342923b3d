"""What every contract test stands under: loopback only, no real time, one marker."""

from __future__ import annotations

from collections.abc import Generator
from pathlib import Path
from typing import Any

import pytest

from codegen.document import load_provider
from tests.support.contract_loopback import loopback_only
from tests.support.contract_mock import Mock
from tests.support.contract_schemathesis import Schema

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


@pytest.fixture(scope="session")
def document() -> dict[str, Any]:
    """The normalised spec document, as both generators read it."""
    return load_provider(_HERE.parents[1], "gmo").document


@pytest.fixture(scope="session")
def schema(document: dict[str, Any]) -> Schema:
    """The same, loaded by schemathesis."""
    return Schema(document)


@pytest.fixture(scope="module")
def mock() -> Generator[Mock]:
    """One mock gateway for a module; each test begins with `mock.reset()`."""
    mock = Mock(seed=1)
    yield mock
    mock.close()
