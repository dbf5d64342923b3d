"""Tables written by hand hold what the spec's data say."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import kessai_unified
import pytest
from kessai_unified import models as m
from kessai_unified import serves
from kessai_unified.wallets import SERVES, Way

from codegen.document import load_provider

ROOT = Path(__file__).parents[3]


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    return load_provider(ROOT, "unified").document


def test_the_table_is_the_specs(document: dict[str, Any]) -> None:
    spec = {
        operation["operationId"]: {
            wallet: frozenset(ways) for wallet, ways in operation["x-wallets"].items()
        }
        for path in document["paths"].values()
        for operation in path.values()
        if "operationId" in operation
    }
    assert {command: dict(wallets) for command, wallets in SERVES.items()} == spec


def test_the_wallets_are_the_models() -> None:
    assert set(SERVES["pay"]) == {str(wallet) for wallet in m.PayType}


@pytest.mark.parametrize(
    ("command", "wallet", "way", "answer"),
    [
        ("terminate", "rakuten", None, False),
        ("terminate", m.PayType.PAYPAY, None, True),
        ("terminate", "paypay", Way.SINGLE, False),
        ("updateOrder", "paypay", None, False),
        ("updateOrder", "au", Way.SINGLE, True),
        ("updateOrder", "au", "on-demand-payment", False),
        ("updateOrder", "rakuten", Way.ON_DEMAND_PAYMENT, True),
        ("charge", "merpay", Way.ON_DEMAND_PAYMENT, True),
        ("pay", "newpay", None, False),
    ],
)
def test_serves(command: str, wallet: str, way: str | None, answer: bool) -> None:
    assert serves(command, wallet, way) is answer


def test_an_unknown_command() -> None:
    with pytest.raises(KeyError):
        serves("refund", "paypay")


def cell(ways: frozenset[Way]) -> str:
    """A cell of the README's table."""
    names = {
        Way.SINGLE: "one-off",
        Way.ON_DEMAND_APPLICATION: "agreement",
        Way.ON_DEMAND_PAYMENT: "on demand",
    }
    return ", ".join(name for way, name in names.items() if way in ways) or "-"


def table() -> list[str]:
    """The README's table, line by line."""
    wallets = list(SERVES["pay"])
    head = {"paypay": "PayPay", "rakuten": "楽天ペイ", "docomo": "d払い", "au": "au"}
    names = [head.get(wallet, "メルペイ") for wallet in wallets]
    lines = [f"| command | {' | '.join(names)} |", f"|---|{'---|' * len(wallets)}"]
    for command, served in SERVES.items():
        cells = [cell(served.get(wallet, frozenset())) for wallet in wallets]
        lines.append(f"| `{command}` | {' | '.join(cells)} |")
    return lines


def test_the_readmes_table_is_this_one() -> None:
    readme = (ROOT / "overlays" / "unified" / "README.md").read_text()
    assert "\n".join(table()) in readme


def test_everything_public_is_there() -> None:
    for name in kessai_unified.__all__:
        assert getattr(kessai_unified, name) is not None
    assert set(kessai_unified.__all__) <= set(dir(kessai_unified))
    with pytest.raises(AttributeError, match="UnifiedCliemt"):
        kessai_unified.UnifiedCliemt  # type: ignore[attr-defined]  # noqa: B018  # pyright: ignore
