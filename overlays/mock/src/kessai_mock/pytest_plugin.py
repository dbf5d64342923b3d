"""Fixtures for a merchant's own tests. Loading this costs nothing: every import is inside.

`kessai_mock_gmo` is the mock as an ASGI application, new for each test;
`kessai_mock_gmo_server` serves it on a free loopback port and gives the address;
`gmo_client` is a kessai_gmo.GmoClient that talks to it. `kessai_mock_unified`,
`kessai_mock_unified_server` and `unified_client` are the same for the Unified API,
`kessai_mock_mdk`, `kessai_mock_mdk_server` and `mdk_client` for the MDK,
`kessai_mock_paytree`, `kessai_mock_paytree_server` and `paytree_client` for PAYTREE, with
`kessai_mock_paytree_keys` and `kessai_mock_paytree_gateway_keys`, made once a run.
Override `kessai_mock_seed`, `kessai_mock_settings` (GMO), `kessai_mock_unified_settings`,
`kessai_mock_mdk_settings`, `kessai_mock_paytree_settings` or `kessai_mock_univapay_settings` in a
conftest to change the mocks.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from kessai_gmo import GmoClient
    from kessai_mdk import MdkClient
    from kessai_paytree import PaytreeClient
    from kessai_unified import UnifiedClient
    from kessai_univapay import UnivapayClient
    from starlette.applications import Starlette

    from . import mdk, paytree, unified, univapay
    from .gmo import Settings


@pytest.fixture
def kessai_mock_seed() -> int:
    """The seed of a mock's ids; override it to change them."""
    return 1


@pytest.fixture
def kessai_mock_settings() -> Settings:
    """How the mock of GMO PG behaves; override it to return other settings."""
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


@pytest.fixture
def kessai_mock_unified_settings() -> unified.Settings:
    """How the mock of the Unified API behaves; override it to return other settings."""
    from .unified import Settings

    return Settings()


@pytest.fixture
def kessai_mock_unified(
    kessai_mock_seed: int, kessai_mock_unified_settings: unified.Settings
) -> Starlette:
    """The mock of the Unified API as an ASGI application, as if just started."""
    from .unified import create_app

    return create_app(seed=kessai_mock_seed, settings=kessai_mock_unified_settings)


@pytest.fixture
def kessai_mock_unified_server(kessai_mock_unified: Starlette) -> Iterator[str]:
    """The address of the mock, served on a free loopback port while the test runs.

    The commands are below its path /fep/command.
    """
    from .server import ServerThread

    with ServerThread(kessai_mock_unified) as url:
        yield url


@pytest.fixture
def unified_client(
    kessai_mock_unified_server: str, kessai_mock_unified_settings: unified.Settings
) -> Iterator[UnifiedClient]:
    """A client of the mock, by HMAC. Fails with a plain sentence without kessai-unified."""
    try:
        from kessai import Environment
        from kessai_unified import UnifiedClient
    except ImportError as error:
        said = f"unified_client needs kessai-unified: pip install kessai-unified ({error})"
        pytest.fail(said, pytrace=False)
    settings = kessai_mock_unified_settings
    with UnifiedClient(
        merchant_ccid=settings.merchant_ccid,
        merchant_key=settings.merchant_key,
        hmac_key_encoding=settings.key_encoding,
        environment=Environment(api=f"{kessai_mock_unified_server}/fep/command"),
    ) as client:
        yield client


@pytest.fixture
def kessai_mock_mdk_settings() -> mdk.Settings:
    """How the mock of the MDK behaves; override it to return other settings."""
    from .mdk import Settings

    return Settings()


@pytest.fixture
def kessai_mock_mdk(kessai_mock_seed: int, kessai_mock_mdk_settings: mdk.Settings) -> Starlette:
    """The mock of the MDK as an ASGI application, as if just started."""
    from .mdk import create_app

    return create_app(seed=kessai_mock_seed, settings=kessai_mock_mdk_settings)


@pytest.fixture
def kessai_mock_mdk_server(kessai_mock_mdk: Starlette) -> Iterator[str]:
    """The address of the mock, served on a free loopback port while the test runs."""
    from .server import ServerThread

    with ServerThread(kessai_mock_mdk) as url:
        yield url


@pytest.fixture
def mdk_client(
    kessai_mock_mdk_server: str, kessai_mock_mdk_settings: mdk.Settings
) -> Iterator[MdkClient]:
    """A client of the mock, in dummy mode. Fails with a plain sentence without kessai-mdk."""
    try:
        from kessai import Environment
        from kessai_mdk import MdkClient
    except ImportError as error:
        pytest.fail(f"mdk_client needs kessai-mdk: pip install kessai-mdk ({error})", pytrace=False)
    settings = kessai_mock_mdk_settings
    environment = Environment(api=kessai_mock_mdk_server, token=kessai_mock_mdk_server)
    with MdkClient(
        settings.merchant_ccid, settings.merchant_secret_key, environment=environment
    ) as client:
        yield client


@pytest.fixture(scope="session")
def kessai_mock_paytree_keys() -> paytree.KeyPair:
    """A merchant's keys, made once for the whole run: its requests are signed with these."""
    from .paytree import KeyPair

    try:
        return KeyPair.generate()
    except ImportError as error:
        said = f"PAYTREE signs with RSA: pip install kessai-mock[paytree] ({error})"
        pytest.fail(said, pytrace=False)


@pytest.fixture(scope="session")
def kessai_mock_paytree_gateway_keys(
    kessai_mock_paytree_keys: paytree.KeyPair,
) -> paytree.KeyPair:
    """The mock's own keys, made once for the whole run: its answers are signed with these."""
    return type(kessai_mock_paytree_keys).generate()


@pytest.fixture
def kessai_mock_paytree_settings(
    kessai_mock_paytree_keys: paytree.KeyPair, kessai_mock_paytree_gateway_keys: paytree.KeyPair
) -> paytree.Settings:
    """How the mock of PAYTREE behaves; override it to return other settings."""
    from .paytree import Settings

    return Settings(
        merchant_public_key=kessai_mock_paytree_keys.public_pem,
        private_key=kessai_mock_paytree_gateway_keys.private_pem,
    )


@pytest.fixture
def kessai_mock_paytree(
    kessai_mock_seed: int, kessai_mock_paytree_settings: paytree.Settings
) -> Starlette:
    """The mock of PAYTREE as an ASGI application, as if just started."""
    from .paytree import create_app

    return create_app(seed=kessai_mock_seed, settings=kessai_mock_paytree_settings)


@pytest.fixture
def kessai_mock_paytree_server(kessai_mock_paytree: Starlette) -> Iterator[str]:
    """The address of the mock, served on a free loopback port while the test runs."""
    from .server import ServerThread

    with ServerThread(kessai_mock_paytree) as url:
        yield url


@pytest.fixture
def paytree_client(
    kessai_mock_paytree: Starlette,
    kessai_mock_paytree_server: str,
    kessai_mock_paytree_keys: paytree.KeyPair,
    tmp_path: Path,
) -> Iterator[PaytreeClient]:
    """A client of the mock, as one till. Fails with a plain sentence without kessai-paytree.

    Its lock is the test's own, so that tests may run beside each other and beside a real till.
    """
    try:
        from kessai_paytree import PaytreeClient, Settings
    except ImportError as error:
        said = f"paytree_client needs kessai-paytree: pip install kessai-paytree ({error})"
        pytest.fail(said, pytrace=False)
    settings = Settings(
        server_url=kessai_mock_paytree_server,
        api_path_pay="/pay",
        api_path_pay_v1="/payV1",
        api_path_refund="/refund",
        api_path_reverse="/reverse",
        api_path_confirm="/confirm",
        api_path_confirm_v1="/confirmV1",
        api_path_deposit="/deposit",
        private_key_file=kessai_mock_paytree_keys.private_pem,
        public_key_file=kessai_mock_paytree.state.gateway.public_pem,
        merchant_id="000000000001",
        terminal_unique_id="1234500000421",
        branch_code="SHIBUYA1",
        terminal_code="POS01",
    )
    with PaytreeClient(settings, lock_directory=tmp_path) as client:
        yield client


@pytest.fixture
def kessai_mock_univapay_settings() -> univapay.Settings:
    """How the mock of UnivaPay behaves; override it to return other settings."""
    from .univapay import Settings

    return Settings()


@pytest.fixture
def kessai_mock_univapay(
    kessai_mock_seed: int, kessai_mock_univapay_settings: univapay.Settings
) -> Starlette:
    """The mock of UnivaPay as an ASGI application, as if just started."""
    from .univapay import create_app

    return create_app(seed=kessai_mock_seed, settings=kessai_mock_univapay_settings)


@pytest.fixture
def kessai_mock_univapay_server(kessai_mock_univapay: Starlette) -> Iterator[str]:
    """The address of the mock, served on a free loopback port while the test runs."""
    from .server import ServerThread

    with ServerThread(kessai_mock_univapay) as url:
        yield url


@pytest.fixture
def univapay_client(
    kessai_mock_univapay_server: str, kessai_mock_univapay_settings: univapay.Settings
) -> Iterator[UnivapayClient]:
    """A client of the mock's store, in test mode. Fails plainly without kessai-univapay.

    Where the settings name app tokens, one of them is the client's.
    """
    try:
        from kessai import Environment
        from kessai_univapay import UnivapayClient
    except ImportError as error:
        said = f"univapay_client needs kessai-univapay: pip install kessai-univapay ({error})"
        pytest.fail(said, pytrace=False)
    from .univapay import SECRET, app_token

    settings = kessai_mock_univapay_settings
    named = sorted(settings.app_tokens or ()) or [app_token()]
    environment = Environment(api=kessai_mock_univapay_server)
    with UnivapayClient(named[0], settings.secret or SECRET, environment=environment) as client:
        yield client
