"""The fixtures a merchant's tests get, and what they cost a run that does not use them."""

from __future__ import annotations

import json
import subprocess
import sys
import urllib.request
from typing import TYPE_CHECKING

import pytest
from kessai_mock.gmo import Gateway

if TYPE_CHECKING:
    from kessai_gmo import GmoClient
    from starlette.applications import Starlette

pytest_plugins = ["pytester"]


def test_loading_the_plugin_imports_nothing_heavy() -> None:
    """It is loaded in every pytest run of a merchant."""
    code = (
        "import sys, pytest; before = set(sys.modules); import kessai_mock.pytest_plugin;"
        "print(*sorted(set(sys.modules) - before))"
    )
    words = [sys.executable, "-c", code]
    run = subprocess.run(words, check=True, capture_output=True, text=True, timeout=60)
    assert run.stdout.split() == ["kessai_mock", "kessai_mock.pytest_plugin"]


def test_each_test_has_a_mock_of_its_own(kessai_mock_gmo: Starlette) -> None:
    """As if just started."""
    gateway = kessai_mock_gmo.state.gateway
    assert isinstance(gateway, Gateway)
    assert (gateway.seed, gateway.shops) == (1, {})


@pytest.mark.socket
def test_the_server_serves_that_mock(
    kessai_mock_gmo: Starlette, kessai_mock_gmo_server: str
) -> None:
    """What a test changes inside is seen outside."""
    kessai_mock_gmo.state.gateway.reset(seed=9)
    with urllib.request.urlopen(f"{kessai_mock_gmo_server}/_mock", timeout=30) as answer:
        assert json.load(answer)["seed"] == 9


@pytest.mark.socket
def test_the_client_talks_to_that_mock(gmo_client: GmoClient, kessai_mock_gmo: Starlette) -> None:
    """Ready to be used."""
    from kessai_gmo import models as m

    made = gmo_client.member.create(m.MemberCreateRequest(member_id="member-1"))
    assert isinstance(made, m.MemberCreateResponse)
    assert made.member_id == "member-1"
    assert [entry["status"] for entry in kessai_mock_gmo.state.gateway.requests] == [201]


def test_seed_and_settings_can_be_overridden(pytester: pytest.Pytester) -> None:
    """By fixtures of the same name."""
    pytester.makepyfile(
        """
        import pytest
        from kessai_mock.gmo import Settings

        @pytest.fixture
        def kessai_mock_seed():
            return 4

        @pytest.fixture
        def kessai_mock_settings():
            return Settings(refund_limit=2)

        def test_it(kessai_mock_gmo):
            gateway = kessai_mock_gmo.state.gateway
            assert (gateway.seed, gateway.settings.refund_limit) == (4, 2)
        """
    )
    pytester.runpytest("-p", "no:schemathesis").assert_outcomes(passed=1)


def test_a_missing_client_is_a_plain_sentence(pytester: pytest.Pytester) -> None:
    """No traceback of an import."""
    pytester.makepyfile(
        """
        import sys

        def test_it(monkeypatch, request):
            monkeypatch.setitem(sys.modules, "kessai_gmo", None)
            request.getfixturevalue("gmo_client")
        """
    )
    result = pytester.runpytest("-p", "no:schemathesis")
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["*gmo_client needs kessai-gmo: pip install kessai-gmo*"])
