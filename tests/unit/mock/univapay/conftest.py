"""A mock of its own for each test."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from kessai_mock.univapay import Settings

from codegen.document import load_provider
from tests.support.mock_driver import at_work, several
from tests.unit.mock.univapay.club import Club
from tests.unit.mock.univapay.driver import Driver

ROOT = Path(__file__).parents[4]


@pytest.fixture
def mock() -> Iterator[Driver]:
    """A mock with its defaults, as if just started."""
    with at_work(Driver()) as driver:
        yield driver


@pytest.fixture
def mock_with() -> Iterator[Callable[..., Driver]]:
    """Makes mocks with other settings."""

    def make(*, seed: int = 1, **settings: Any) -> Driver:
        return Driver(Settings(**settings), seed=seed)

    with several(make) as made:
        yield made


@pytest.fixture(scope="session")
def spec() -> dict[str, Any]:
    """The normalised document of specs/univapay, its overlay applied."""
    return load_provider(ROOT, "univapay").document


@pytest.fixture
def club(mock: Driver) -> Club:
    """A shop with subscriptions, told of all that happens to them."""
    return Club(mock)
