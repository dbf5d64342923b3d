"""A mock of its own for each test."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from kessai_mock.mdk import Settings

from tests.support.mock_driver import at_work, several
from tests.unit.mock.mdk.driver import Driver


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
