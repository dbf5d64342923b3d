"""The command and the fixtures that bring the mock up."""

from __future__ import annotations

import urllib.request
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner
from kessai_mock.cli import main
from kessai_mock.mdk import MERCHANT_CCID, TOKEN_API_KEY, Gateway

if TYPE_CHECKING:
    from kessai_mdk import MdkClient
    from starlette.applications import Starlette


@pytest.mark.parametrize("said", ["--merchant-ccid", "--search-lag", "8803", "/4gtoken"])
def test_help(said: str) -> None:
    result = CliRunner().invoke(main, ["mdk", "--help"])
    assert (result.exit_code, said in result.output) == (0, True)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--merchant-secret-key", "secret"], "is no hexadecimal text"),
        (["--search-lag", "-1"], "-1.0 is not in the range"),
        (["--host", "0.0.0.0"], "is not a loopback address"),
    ],
)
def test_mistakes_are_one_line(arguments: list[str], said: str) -> None:
    result = CliRunner().invoke(main, ["mdk", *arguments])
    assert result.exit_code != 0
    (line,) = result.stderr.splitlines()
    assert said in line


def test_each_test_has_a_mock_of_its_own(kessai_mock_mdk: Starlette) -> None:
    gateway = kessai_mock_mdk.state.gateway
    assert isinstance(gateway, Gateway)
    assert gateway.settings.merchant_ccid == MERCHANT_CCID


@pytest.mark.socket
def test_the_server_serves_it(kessai_mock_mdk_server: str) -> None:
    with urllib.request.urlopen(f"{kessai_mock_mdk_server}/", timeout=30) as answer:
        assert b"VeriTrans4G MDK" in answer.read()


@pytest.mark.socket
def test_the_client_pays_with_a_token(mdk_client: MdkClient, kessai_mock_mdk: Starlette) -> None:
    from kessai_mdk import models as m

    card = m.TokenRequest(
        token_api_key=TOKEN_API_KEY, card_number="4111111111111111", card_expire="12/30"
    )
    made = mdk_client.token.token(card)
    assert isinstance(made.token, str)
    paid = mdk_client.card.authorize(
        m.CardAuthorizeRequest(
            order_id="o-1", amount=1000, pay_now_id_param=m.PayNowIdParam(token=made.token)
        )
    )
    assert paid.result.v_result_code == "A001000000000000"
    assert kessai_mock_mdk.state.gateway.orders["o-1"].held == 1000
