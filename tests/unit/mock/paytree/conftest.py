"""A mock of its own for each test."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from kessai_mock.paytree import Settings

from codegen.document import load_provider
from tests.unit.mock.paytree.driver import Driver, keys

ROOT = Path(__file__).parents[4]


@pytest.fixture
def mock() -> Iterator[Driver]:
    """A mock that knows the till's key, as if just started."""
    driver = Driver()
    yield driver
    assert driver.gateway.faults == []
    driver.gateway.ledger.audit()
    assert driver.gateway.ledger.violations == []
    driver.close()


@pytest.fixture
def mock_with() -> Iterator[Callable[..., Driver]]:
    """Makes mocks with other settings."""
    made: list[Driver] = []

    def make(**settings: Any) -> Driver:
        given: dict[str, Any] = {
            "merchant_public_key": keys("till").public_pem,
            "private_key": keys("gateway").private_pem,
        }
        made.append(Driver(Settings(**{**given, **settings})))
        return made[-1]

    yield make
    for driver in made:
        assert driver.gateway.faults == []
        driver.close()


@pytest.fixture(scope="session")
def spec() -> dict[str, Any]:
    """The normalised document of specs/paytree, its overlay applied."""
    return load_provider(ROOT, "paytree").document
