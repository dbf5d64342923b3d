"""The Unified sandbox's tables: whole, of codes the spec knows, certain where they are printed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from codegen.reading import load
from tests.support.specs import overlaid

FOLDER = Path(__file__).parents[3] / "specs" / "unified"


_INNER = {"digit", "recoveryType"}

CERTAIN_FAILURES = {
    "paypay pay answer": {"8": "1GD1"},
    "paypay capture answer": {"3": "1GD5"},
    "paypay charge answer": {"3": "1GD6"},
    "rakuten pay answer": {"1": "FG90", "2": "FG24"},
    "au pay answer": {"5": "WG02", "6": "WG04", "7": "WG02", "8": "WG04"},
    "merpay pay answer": {"1": "KG10", "7": "KG11"},
    "merpay capture answer": {"8": "KG11"},
    "merpay cancel answer before": {"8": "KG11"},
    "merpay cancel answer after": {"7": "KG11"},
    "merpay charge answer": {"7": "KG11"},
}
"""What the tables print beyond doubt, by digit: the cells a contract test may rely on."""


@pytest.fixture(scope="module")
def spec() -> dict[str, Any]:
    """The document with its overlay applied."""
    return overlaid(FOLDER)


@pytest.fixture(scope="module")
def simulation() -> dict[str, Any]:
    """The sandbox's tables."""
    return load.read_yaml(FOLDER / "simulation.yaml")


def tables(simulation: dict[str, Any]) -> Iterator[tuple[str, str, str, dict[str, Any]]]:
    """Wallet, command, stage, table."""
    for wallet, said in simulation["wallets"].items():
        for command, stages in said["commands"].items():
            for stage, table in stages.items():
                yield wallet, command, stage, table


def test_simulated_answers_are_answers_of_the_gateway(
    spec: dict[str, Any], simulation: dict[str, Any]
) -> None:
    schemas = spec["components"]["schemas"]
    of = simulation["vResultCodes"]
    assert set(of) == set(schemas["VResultCode"]["enum"])
    assert {code for code in of.values() if code} <= set(schemas["ResultCode"]["enum"])
    met = set[str]()
    for wallet, command, stage, table in tables(simulation):
        assert wallet in spec["paths"]["/" + command]["post"]["x-wallets"]
        assert stage == "answer" or command in {"pay", "subscribe"}
        for row in table["rows"]:
            result = {"resultCode", "vResultCode", "certainty", "then"}
            assert set(row) - result <= set(table["select"]), (wallet, command, row)
            assert row["certainty"] in {"certain", "inferred", "ambiguous"}
            for cell in (row, *([row["then"]] if "then" in row else [])):
                if cell["vResultCode"] is None:
                    assert cell["resultCode"] is None
                    continue
                assert of[cell["vResultCode"]] == cell["resultCode"], (wallet, command, row)
                met.add(cell["vResultCode"])
    assert met == set(of), "a code that no table has"


def test_simulation_tables_are_whole(simulation: dict[str, Any]) -> None:
    for wallet, command, _, table in tables(simulation):
        if "digit" not in table["select"]:
            continue
        cases: dict[tuple[str, ...], list[str]] = {}
        for row in table["rows"]:
            case = tuple(str(row.get(name)) for name in table["select"] if name not in _INNER)
            cases.setdefault(case, []).append(row["digit"])
        for case, digits in cases.items():
            assert list(dict.fromkeys(digits)) == list("0123456789"), (wallet, command, case)
    for wallet, said in simulation["wallets"].items():
        table = said["printed"]
        assert list(table["rows"]) == list("0123456789"), wallet
        assert len(table["rows"]["0"]) == len(table["columns"]), "row 0 prints every column"
        assert all(len(cells) <= len(table["columns"]) for cells in table["rows"].values())


def test_certain_failures_are_the_printed_ones(simulation: dict[str, Any]) -> None:
    found: dict[str, dict[str, str]] = {}
    for wallet, command, stage, table in tables(simulation):
        for row in table["rows"]:
            failed = row["resultCode"] not in {"UA-000-001", None}
            if row["certainty"] == "certain" and failed and "digit" in row:
                case = [row[name] for name in table["select"] if name not in _INNER]
                place = found.setdefault(" ".join([wallet, command, stage, *case]), {})
                place[row["digit"]] = row["vResultCode"]
    assert found == CERTAIN_FAILURES
    # Rakuten Pay's table of seven columns is certain in its first row only.
    for wallet, command, stage, table in tables(simulation):
        if (wallet, stage) == ("rakuten", "answer") and command not in {"pay", "subscribe"}:
            for row in table["rows"]:
                assert (row["certainty"] == "certain") is (row["digit"] == "0"), row


def test_the_readings_give_what_is_printed(simulation: dict[str, Any]) -> None:
    """A row prints the cells that begin in it: those that differ from the row above."""
    for wallet, said in simulation["wallets"].items():
        columns = [column(said, name) for name in said["printed"]["columns"]]
        for digit, printed in said["printed"]["rows"].items():
            above = str(int(digit) - 1)
            begin = [cells[digit] for cells in columns if cells.get(above) != cells[digit]]
            assert [code for cell in begin for code in cell] == printed, (wallet, digit)


def column(said: dict[str, Any], name: str) -> dict[str, list[str]]:
    """A printed column's codes by digit; two where the row has one for each recoveryType."""
    command, _, rest = name.partition(" ")
    case = rest.partition(" ")[0]
    found: dict[str, list[str]] = {}
    for row in said["commands"][command]["answer"]["rows"]:
        if not case or case in (row.get("capture"), row.get("captured"), row.get("change")):
            found.setdefault(row["digit"], []).append(row["vResultCode"] or "-")
    return found
