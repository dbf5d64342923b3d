"""What every contract test stands under: loopback only, no real time, one marker."""

from __future__ import annotations

from collections.abc import Generator
from pathlib import Path
from typing import Any

import pytest

from codegen.document import load_provider
from tests.support.contract_loopback import loopback_only
from tests.support.contract_mdk_mock import Mock as MdkMock
from tests.support.contract_mdk_mock import half_known, in_dummy_mode
from tests.support.contract_mock import Mock
from tests.support.contract_schemathesis import Schema
from tests.support.contract_unified_mock import Mock as UnifiedMock
from tests.support.contract_unified_mock import rebased

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


@pytest.fixture(scope="session")
def unified_document() -> dict[str, Any]:
    """The Unified spec, normalised, with its paths as the mock serves them."""
    return rebased(load_provider(_HERE.parents[1], "unified").document)


@pytest.fixture(scope="session")
def unified_schema(unified_document: dict[str, Any]) -> Schema:
    """The same, loaded by schemathesis."""
    return Schema(unified_document)


@pytest.fixture(scope="module")
def unified_mock() -> Generator[UnifiedMock]:
    """One mock of the Unified API for a module; each test begins with `reset()`."""
    mock = UnifiedMock(seed=1)
    yield mock
    mock.close()


@pytest.fixture(scope="session")
def mdk_document() -> dict[str, Any]:
    """The MDK's spec, normalised, as the mock serves it in dummy mode."""
    return in_dummy_mode(load_provider(_HERE.parents[1], "mdk").document)


@pytest.fixture(scope="session")
def mdk_schema(mdk_document: dict[str, Any]) -> Schema:
    """The same, loaded by schemathesis."""
    return Schema(half_known(mdk_document), fuzzed=5)


@pytest.fixture(scope="module")
def mdk_mock() -> Generator[MdkMock]:
    """One mock of the MDK for a module; each test begins with a reset."""
    mock = MdkMock(seed=1)
    yield mock
    mock.close()


@pytest.fixture(scope="session")
def univapay_document() -> dict[str, Any]:
    """The UnivaPay spec, normalised."""
    return load_provider(_HERE.parents[1], "univapay").document


@pytest.fixture(scope="session")
def univapay_schema(univapay_document: dict[str, Any]) -> Schema:
    """The same, loaded by schemathesis: many operations, so few cases of each."""
    return Schema(univapay_document, fuzzed=4)
