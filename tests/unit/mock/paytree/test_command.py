"""kessai-mock paytree, and the fixtures for a merchant's tests."""

from __future__ import annotations

import json
import os
import sys
import urllib.request
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner
from kessai_mock import cli
from kessai_mock.paytree import Gateway, KeyPair, keys, signatures

from tests.unit.mock.paytree import driver

if TYPE_CHECKING:
    from kessai_paytree import PaytreeClient
    from starlette.applications import Starlette


@pytest.fixture
def served(monkeypatch: pytest.MonkeyPatch) -> list[Gateway]:
    """The gateways that would have been served."""
    found: list[Gateway] = []

    def serve(name: str, host: str, port: int, seed: int, app: Any) -> None:
        assert (name, host, port) == ("paytree", "127.0.0.1", 8805)
        found.append(app().state.gateway)

    monkeypatch.setattr(cli, "serve_app", serve)
    return found


def run(*arguments: str) -> Any:
    return CliRunner().invoke(cli.main, ["paytree", *arguments])


def test_a_folder_of_keys_is_made_and_used_again(tmp_path: Path, served: list[Gateway]) -> None:
    """The mock's own key is another each time; the merchant's stays."""
    folder = tmp_path / "test" / "keys"
    for _ in range(2):
        assert run("--keys", str(folder)).exit_code == 0
    one, two = served
    private = signatures.private_key((folder / keys.MERCHANT_PRIVATE).read_bytes())
    made = signatures.signed({"a": "1"}, private)
    assert all(signatures.is_signed(made, gateway.merchant_key) for gateway in served)
    assert (folder / keys.GATEWAY_PUBLIC).read_bytes() == two.public_pem != one.public_pem
    if os.name == "posix":
        assert (folder / keys.MERCHANT_PRIVATE).stat().st_mode & 0o077 == 0


def test_a_merchants_own_key_is_taken(tmp_path: Path, served: list[Gateway]) -> None:
    """And the other options."""
    pem = tmp_path / "mine.pem"
    pem.write_bytes(driver.keys("till").public_pem)
    words = ["--merchant-public-key", str(pem), "--pay-class", "1", "--refund-class", "1"]
    assert run(*words, "--confirms", "3", "--merchant-id", "000000000009").exit_code == 0
    (gateway,) = served
    assert gateway.merchant_key is not None
    assert signatures.public_pem(gateway.merchant_key) == pem.read_bytes()
    assert gateway.classes == {"pay": 1, "refund": 1, "reverse": 0, "deposit": 0}
    assert (gateway.simulation.confirms, gateway.settings.merchant_id) == (3, "000000000009")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--merchant-public-key", "{}/none.pem"], "does not exist"),
        (["--merchant-public-key", "{}/bad.pem"], "bad.pem: this is no public RSA key of 2048"),
        (["--keys", "{}/bad.pem"], "is a file"),
        (["--keys", "{}/bad"], "merchant-public.pem: this is no public RSA key"),
        (["--pay-class", "8"], "8 is not in the range 0<=x<=7"),
    ],
)
def test_mistakes_are_one_line(
    tmp_path: Path, served: list[Gateway], words: list[str], said: str
) -> None:
    """Which file it is, and nothing of what stands in it."""
    (tmp_path / "bad.pem").write_text("SECRET")
    (tmp_path / "bad").mkdir()
    (tmp_path / "bad" / keys.MERCHANT_PUBLIC).write_text("SECRET")
    result = run(*[word.format(tmp_path) for word in words])
    assert result.exit_code != 0
    (line,) = result.stderr.splitlines()
    assert said in line
    assert "SECRET" not in line
    assert served == []


def test_without_cryptography_it_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, served: list[Gateway]
) -> None:
    """It is an extra of this gateway's mock."""
    for name in [name for name in sys.modules if name.split(".")[0] == "cryptography"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "cryptography", None)
    result = run()
    assert result.exit_code == 1
    (line,) = result.stderr.splitlines()
    assert line.endswith("run pip install 'kessai-mock[paytree]'")


def test_the_fixtures_know_each_others_keys(
    kessai_mock_paytree: Starlette,
    kessai_mock_paytree_keys: KeyPair,
    kessai_mock_paytree_gateway_keys: KeyPair,
) -> None:
    """A message signed with the merchant's key is let in; the mock's own is another."""
    gateway = kessai_mock_paytree.state.gateway
    made = signatures.signed(
        {"a": "1"}, signatures.private_key(kessai_mock_paytree_keys.private_pem)
    )
    assert signatures.is_signed(made, gateway.merchant_key)
    assert gateway.public_pem == kessai_mock_paytree_gateway_keys.public_pem
    assert gateway.public_pem != kessai_mock_paytree_keys.public_pem


@pytest.mark.socket
def test_the_server_serves_that_mock(
    kessai_mock_paytree: Starlette, kessai_mock_paytree_server: str
) -> None:
    """On loopback."""
    kessai_mock_paytree.state.gateway.reset(seed=9)
    with urllib.request.urlopen(f"{kessai_mock_paytree_server}/_mock", timeout=30) as answer:
        assert json.load(answer)["seed"] == 9


@pytest.mark.socket
def test_the_client_talks_to_that_mock(
    kessai_mock_paytree: Starlette, paytree_client: PaytreeClient
) -> None:
    """Ready to be used."""
    from kessai_paytree import PayRequest, PayType

    request = PayRequest(pay_type=PayType.PAYPAY, amount=1980, user_code="281012345678901234")
    made = paytree_client.pay(request)
    (order,) = kessai_mock_paytree.state.gateway.simulation.orders.values()
    assert (made.order_id, made.amount) == (order.order_id, 1980)


def test_a_program_that_uses_another_room_does_not_load_this_one() -> None:
    """The package looks its rooms up when they are used."""
    import kessai_mock.paytree as room

    with pytest.raises(AttributeError, match="has no attribute 'nosuch'"):
        _ = room.nosuch  # type: ignore[attr-defined]  # what is tested
