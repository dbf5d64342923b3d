"""The sandbox's tables: the copy that ships, and every certain cell through the API."""

from __future__ import annotations

import json
from importlib.resources import files
from typing import Any

import pytest
from kessai_mock.unified.simulation import Verdict, load

from codegen.reading.load import read_yaml
from tests.unit.mock.unified.conftest import ROOT
from tests.unit.mock.unified.driver import Answer, Driver, charge, order, pay, subscribe

SIMULATION = read_yaml(ROOT / "specs/unified/simulation.yaml")
REFRESH = (
    'python -c "import json; from pathlib import Path; from codegen.reading.load import read_yaml; '
    "Path('overlays/mock/src/kessai_mock/unified/simulation.json').write_text(json.dumps("
    "read_yaml(Path('specs/unified/simulation.yaml')), ensure_ascii=False, indent=1) + chr(10))\""
)
HTTP = {"UA-000": 200, "UA-U00": 200, "UA-PRV": 502, "UA-CST": 502, "UA-PND": 500, "UA-SYS": 500}


def _rows(stage: str) -> list[Any]:
    found: list[Any] = []
    for wallet, tables in SIMULATION["wallets"].items():
        for command, stages in tables["commands"].items():
            for row in stages.get(stage, {}).get("rows", []):
                if row["certainty"] == "certain":
                    told = "-".join(
                        str(row[name])
                        for name in ("change", "capture", "captured", "digit", "button", "itemName")
                        if name in row
                    )
                    name = f"{wallet}-{command}-{told}"
                    found.append(pytest.param(wallet, command, row, id=name))
    return found


def test_the_wheel_ships_the_tables_of_the_spec() -> None:
    """As JSON, because the mock has no YAML reader among its dependencies."""
    copy = files("kessai_mock.unified").joinpath("simulation.json").read_text(encoding="utf-8")
    assert json.loads(copy) == SIMULATION, f"copy it again: {REFRESH}"


def _status(code: str) -> int:
    known = {"UA-PRV-999": 503, "UA-REQ-006": 400}
    return known.get(code) or HTTP[code[:6]]


def _agreement(mock: Driver, wallet: str) -> None:
    mock.agreed(wallet=wallet)


def _ask(mock: Driver, wallet: str, command: str, row: dict[str, Any]) -> Answer | None:
    """The request that meets a row; None where no request can."""
    digit = int(row.get("digit", 0))
    if command == "pay":
        return mock.post("pay", pay(amount=1230 + digit, wallet=wallet))
    if command == "subscribe":
        return mock.post("subscribe", subscribe(wallet=wallet, item=row.get("itemName")))
    if command == "charge":
        _agreement(mock, wallet)
        return mock.post("charge", charge(amount=1230 + digit))
    if command == "updateOrder":
        if row.get("change") == "both":
            return None  # no request is known to ask for both
        mock.paid(wallet=wallet)
        amount = None if row.get("change") == "extend" else 1500 + digit
        return mock.post("updateOrder", order(amount=amount))
    if command == "capture":
        mock.paid(wallet=wallet)
        partial = row.get("capture") != "full"
        return mock.post("capture", order(amount=500 + digit if partial else None))
    if row.get("captured") == "after":
        mock.paid(wallet=wallet, mode="auth_capture")
        return mock.post("cancel", order(amount=500 + digit))
    if pay_fails(wallet, digit):
        return None  # no payment of such an amount can have succeeded
    mock.paid(wallet=wallet, amount=1230 + digit)
    return mock.post("cancel", order())


def pay_fails(wallet: str, digit: int) -> bool:
    """Whether an application of such an amount is refused."""
    verdict = load().answer(wallet, "pay", {"digit": [str(digit)]})
    return verdict.code != "UA-000-001"


@pytest.mark.parametrize(("wallet", "command", "row"), _rows("answer"))
def test_every_certain_cell_is_what_the_request_is_answered(
    mock: Driver, wallet: str, command: str, row: dict[str, Any]
) -> None:
    """Result code, vResultCode and HTTP status."""
    answer = _ask(mock, wallet, command, row)
    if answer is None:
        chosen = {name: [row[name]] for name in row if name in {"digit", "change", "captured"}}
        wanted = load().success(wallet)  # what a case that does not exist is taken for
        if row["resultCode"] is not None:
            wanted = Verdict(row["resultCode"], row["vResultCode"])
        assert load().answer(wallet, command, chosen) == wanted
        return
    assert (answer.code, answer.v) == (row["resultCode"], row["vResultCode"])
    assert answer.status == _status(row["resultCode"])
    mock.balances()


@pytest.mark.parametrize(("wallet", "command", "row"), _rows("redirect"))
def test_every_certain_choice_is_what_the_browser_brings_back(
    mock: Driver, wallet: str, command: str, row: dict[str, Any]
) -> None:
    """And what the inquiry tells, with the vResultCode."""
    body = pay(wallet=wallet) if command == "pay" else subscribe(wallet=wallet)
    answer = mock.post(command, body)
    outcome = row.get("button", "success")
    if row["resultCode"] is None:
        assert mock.get(f"{answer.redirect}?outcome={outcome}").status == 200
        assert mock.browse(answer.redirect)["resultCode"] == "UA-000-001"
        return
    assert mock.browse(answer.redirect, outcome)["resultCode"] == row["resultCode"]
    told = mock.inquire(answer.reference)["transactionData"]["result"]
    assert (told["resultCode"], told["vResultCode"]) == (row["resultCode"], row["vResultCode"])


@pytest.mark.parametrize("command", ["pay", "subscribe"])
@pytest.mark.parametrize(
    "row", SIMULATION["wallets"]["merpay"]["commands"]["pay"]["redirect"]["rows"]
)
def test_merpay_goes_by_permission_button_and_checkbox(
    mock: Driver, command: str, row: dict[str, Any]
) -> None:
    """The two screens as a form."""
    body = pay(wallet="merpay") if command == "pay" else subscribe(wallet="merpay")
    answer = mock.post(command, body)
    names = ("permission", "button", "checkbox")
    query = "&".join(f"{name}={row[name]}" for name in names if name in row)
    back = mock.come_back(f"{answer.redirect}?{query}")[1]
    assert back["resultCode"] == row["resultCode"]
    told = mock.inquire(answer.reference)["transactionData"]["result"]
    assert told["vResultCode"] == row["vResultCode"]


@pytest.mark.parametrize(
    ("outcome", "v"),
    [
        ("success", "K001"),
        ("deemed_success_no_notice", "K003"),
        ("deemed_success_confirmation_failed", "K003"),
        ("failure_redirect_only", "K001"),
        ("cancel", "KGU1"),
        ("cancel_failure_redirect_only", "K001"),
        ("deny", "KGU1"),
    ],
)
def test_merpay_has_names_for_programs_too(mock: Driver, outcome: str, v: str) -> None:
    """One per way through the two screens."""
    answer = mock.post("pay", pay(wallet="merpay"))
    mock.browse(answer.redirect, outcome)
    assert mock.inquire(answer.reference)["transactionData"]["result"]["vResultCode"] == v


def test_a_case_the_table_gives_a_dash_for_succeeds(mock: Driver) -> None:
    """au, capture, digit 5: not applicable, so nothing is known to fail (assumed)."""
    mock.paid(wallet="au")
    answer = mock.post("capture", order(amount=505))
    assert (answer.code, answer.v) == ("UA-000-001", "W001")


def test_the_amount_that_was_left_out_has_a_last_digit_too(mock: Driver) -> None:
    """PayPay: capture 4 is pending, of the whole amount as well."""
    mock.paid(amount=1004)
    assert mock.post("capture", order()).code == "UA-PND-001"
    mock.paid("p-2", 1001)
    assert mock.post("cancel", order("p-2")).code == "UA-PRV-001"
