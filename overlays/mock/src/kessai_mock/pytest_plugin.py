"""Fixtures for a merchant's own tests. Loading this costs nothing: every import is inside.

`kessai_mock_gmo` is the mock as an ASGI application, new for each test;
`kessai_mock_gmo_server` serves it on a free loopback port and gives the address;
`gmo_client` is a kessai_gmo.GmoClient that talks to it. Override `kessai_mock_settings` or
`kessai_mock_seed` in a conftest to change the mock.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from kessai_gmo import GmoClient
    from starlette.applications import Starlette

    from .gmo import Settings


@pytest.fixture
def kessai_mock_seed() -> int:
    """The seed of the mock's ids; override it to change them."""
    return 1


@pytest.fixture
def kessai_mock_settings() -> Settings:
    """How the mock behaves; override it to return other settings."""
    from .gmo import Settings

    return Settings()


@pytest.fixture
def kessai_mock_gmo(kessai_mock_seed: int, kessai_mock_settings: Settings) -> Starlette:
    """The mock of GMO PG as an ASGI application, as if just started."""
    from .gmo import create_app

    return create_app(seed=kessai_mock_seed, settings=kessai_mock_settings)


@pytest.fixture
def kessai_mock_gmo_server(kessai_mock_gmo: Starlette) -> Iterator[str]:
    """The address of the mock, served on a free loopback port while the test runs."""
    from .server import ServerThread

    with ServerThread(kessai_mock_gmo) as url:
        yield url


@pytest.fixture
def gmo_client(kessai_mock_gmo_server: str) -> Iterator[GmoClient]:
    """A client of the mock. Fails with a plain sentence where kessai-gmo is not installed."""
    try:
        from kessai import Environment
        from kessai_gmo import GmoClient
    except ImportError as error:
        pytest.fail(f"gmo_client needs kessai-gmo: pip install kessai-gmo ({error})", pytrace=False)
    environment = Environment(api=kessai_mock_gmo_server, token=kessai_mock_gmo_server)
    with GmoClient("tshop00000001", "kessai-mock", environment=environment) as client:
        yield client
