"""The mock as a whole: seeds, resets, the page for people, admin routes, wiring."""

from __future__ import annotations

import importlib
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import kessai_mock_models.mdk as models
import pytest
from kessai_mock.mdk import Settings
from kessai_mock.mdk.results import CODES
from kessai_mock.mdk.services import SERVICES
from kessai_mock.mdk.tokens import EXPIRES

from codegen.document import load_provider
from tests.unit.mock.mdk.driver import Driver

ROOT = Path(__file__).parents[4]


def test_every_command_of_the_spec_has_its_two_addresses(mock: Driver) -> None:
    document: dict[str, Any] = load_provider(ROOT, "mdk").document
    wanted = {
        path: operation["post"]["operationId"] for path, operation in document["paths"].items()
    }
    paths = {getattr(route, "path", "") for route in mock.app.routes}
    served = {
        f"/{one.root}/v2/{command}/{one.name}": one.operation(command)
        for one in SERVICES
        for command in one.commands
    }
    assert {**served, "/4gtoken": "token"} == wanted
    assert paths >= wanted.keys()
    assert paths >= {"/test-" + path[1:] for path in served}
    for one in SERVICES:
        for command in one.commands:
            assert hasattr(models, one.model(command))


def test_seeds_decide_the_numbers(mock_with: Callable[..., Driver]) -> None:
    def number(seed: int) -> str:
        mock = mock_with(seed=seed)
        body = {"serviceOptionType": "sej", "orderId": "o-1", "amount": "1", "telNo": "09"}
        return str(mock.done("cvs", "Authorize", body)["receiptNo"])

    assert number(1) == number(1)
    assert number(1) != number(2)


def test_a_reset_forgets_everything(mock: Driver) -> None:
    mock.done("card", "Authorize", mock.card())
    mock.admin("lag", {"seconds": 5})
    mock.admin("reset", {"seed": 7})
    assert mock.gateway.orders == {}
    about = mock.get("/_mock").json()
    assert (about["gateway"], about["orders"], about["seed"]) == ("mdk", 0, 7)
    assert (about["searchLag"], mock.get("/_mock/ledger").json()["postings"]) == (0.0, [])


def test_the_page_for_people(mock: Driver) -> None:
    mock.done("card", "Authorize", mock.card())
    mock.gateway.orders["o-1"].order_id = "<o-1>"  # no request could
    page = mock.get("/").content.decode()
    assert "The books balance." in page
    assert "&lt;o-1&gt;" in page


def test_transitions_tell_what_was_visited(mock: Driver) -> None:
    mock.done("card", "Authorize", mock.card())
    told = mock.get("/_mock/transitions").json()
    assert told["visited"] == [["card", "", "AUTHORIZED"]]
    assert ["card", "AUTHORIZED", "CAPTURED"] in told["missing"]
    assert len(told["known"]) == len(told["missing"]) + 1


@pytest.mark.parametrize(
    ("path", "body", "said"),
    [
        ("pay/none", {}, "there is no order with this orderId"),
        ("pay/o-1", {}, "nobody pays a card order from outside"),
        ("act/o-1/fly", {}, "card knows nothing"),
        ("settle/o-1", {}, "nothing about this order is open"),
        ("lag", {"seconds": "5"}, "seconds must be a number and at least 0"),
        ("next", {"operation": "cardAuthorize", "vResultCode": "A999"}, "vResultCode must be"),
        ("next", {"operation": "cardFly", "status": 500}, "operation must be an operationId"),
    ],
)
def test_mistakes_are_told_in_a_sentence(
    mock: Driver, path: str, body: dict[str, Any], said: str
) -> None:
    mock.done("card", "Authorize", mock.card())
    answer = mock.admin(path, body)
    assert answer.status == 400
    assert said in answer.json()["error"]


def test_settling_takes_the_code_of_an_end(mock: Driver) -> None:
    mock.next(operation="cardAuthorize", provider="ZW00")
    mock.post("card", "Authorize", mock.card())
    for code in ("ZW00", "nothing", 1):
        assert mock.admin("settle/o-1", {"vResultCode": code}).status == 400
    assert mock.admin("settle/o-1", {"vResultCode": "A001"}).json()["status"] == "AUTHORIZED"


def test_a_fault_of_the_mock_is_an_answer_and_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    mock = Driver()

    def broken(*_: Any) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(mock.gateway.ledger, "post", broken)
    assert mock.post("card", "Authorize", mock.card()).code == "ZS99"
    assert mock.get("/_mock").json()["faults"] == ["cardAuthorize: ZeroDivisionError: "]
    mock.close()


def test_a_secret_that_is_no_hex_cannot_sign() -> None:
    with pytest.raises(ValueError, match="hexadecimal"):
        Settings(merchant_secret_key="no")
    assert Settings().merchant_secret_key not in repr(Settings())


def test_codes_are_four_characters() -> None:
    assert {len(code) for code in CODES} == {4}


def test_the_mock_imports_no_client() -> None:
    module = importlib.import_module("kessai_mock.mdk.app")
    assert not [name for name in vars(module) if name.startswith("kessai_mdk")]


def test_the_readme_lists_every_code_of_our_own() -> None:
    readme = (ROOT / "overlays/mock/README.md").read_text(encoding="utf-8")
    table = readme[readme.index("Codes of our own begin with Z") :]
    named = set(re.findall(r"Z[A-Z][0-9]{2}", table.partition("\n- ")[0]))
    assert named == {code for code in CODES if code.startswith("Z")}


def test_the_readmes_cards_are_declined_as_it_says() -> None:
    readme = (ROOT / "overlays/mock/README.md").read_text(encoding="utf-8")
    assert dict(re.findall(r"\| ([01][0-9]/9[89]) \| (AG[0-9]{2}) ", readme)) == EXPIRES


@pytest.mark.socket
def test_the_readmes_example_runs(kessai_mock_mdk_server: str) -> None:
    readme = (ROOT / "overlays/mock/README.md").read_text(encoding="utf-8")
    (example,) = re.findall(r"```python\n(import hashlib.*?)```", readme, re.DOTALL)
    port = kessai_mock_mdk_server.rpartition(":")[2]
    code = example.replace(":8803/", f":{port}/")
    words = [sys.executable, "-W", "error", "-c", code]
    run = subprocess.run(words, check=True, capture_output=True, text=True, timeout=60)
    assert re.fullmatch(r"[0-9]{13}\n", run.stdout)
