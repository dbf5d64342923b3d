"""A mock of its own for each test."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from kessai_mock.univapay import Settings

from codegen.document import load_provider
from tests.unit.mock.univapay.driver import Driver

ROOT = Path(__file__).parents[4]


@pytest.fixture
def mock() -> Iterator[Driver]:
    """A mock with its defaults, as if just started."""
    driver = Driver()
    yield driver
    assert driver.gateway.faults == []
    driver.gateway.ledger.audit()
    driver.close()


@pytest.fixture
def mock_with() -> Iterator[Callable[..., Driver]]:
    """Makes mocks with other settings."""
    made: list[Driver] = []

    def make(*, seed: int = 1, **settings: Any) -> Driver:
        made.append(Driver(Settings(**settings), seed=seed))
        return made[-1]

    yield make
    for driver in made:
        assert driver.gateway.faults == []
        driver.close()


@pytest.fixture(scope="session")
def spec() -> dict[str, Any]:
    """The normalised document of specs/univapay, its overlay applied."""
    return load_provider(ROOT, "univapay").document
