"""A mock of its own for each test."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from kessai_mock.paytree import Settings

from codegen.document import load_provider
from tests.support.mock_driver import at_work, several
from tests.unit.mock.paytree.driver import Driver, keys

ROOT = Path(__file__).parents[4]


@pytest.fixture
def mock() -> Iterator[Driver]:
    """A mock that knows the till's key, as if just started."""
    with at_work(Driver()) as driver:
        yield driver
    assert driver.gateway.ledger.violations == []


@pytest.fixture
def mock_with() -> Iterator[Callable[..., Driver]]:
    """Makes mocks with other settings."""

    def make(**settings: Any) -> Driver:
        given: dict[str, Any] = {
            "merchant_public_key": keys("till").public_pem,
            "private_key": keys("gateway").private_pem,
        }
        return Driver(Settings(**{**given, **settings}))

    with several(make) as made:
        yield made


@pytest.fixture(scope="session")
def spec() -> dict[str, Any]:
    """The normalised document of specs/paytree, its overlay applied."""
    return load_provider(ROOT, "paytree").document
