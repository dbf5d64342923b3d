"""The mock as a whole: held to the spec, seeds, resets, admin routes, wiring, README."""

from __future__ import annotations

import asyncio
import importlib
import re
import subprocess
import sys
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import kessai_mock_models.univapay as models
import pytest
from click.testing import CliRunner
from kessai_mock.cli import main
from kessai_mock.ledger import LedgerError
from kessai_mock.transitions import TransitionError
from kessai_mock.univapay import Gateway, hooks
from kessai_mock.univapay.instruments import MODELS
from kessai_mock.univapay.operations import OPERATIONS
from kessai_mock.univapay.problems import CODES, PAYMENT_ERRORS
from kessai_mock.univapay.timing import at_time, hours_of, ordered_uuid
from kessai_mock.webhooks import Webhook

from tests.unit.mock.univapay.driver import STORE, Driver, card

if TYPE_CHECKING:
    from kessai_univapay import UnivapayClient
    from starlette.applications import Starlette

ROOT = Path(__file__).parents[4]
METHODS = {"get", "post", "patch", "delete"}
README = (ROOT / "overlays/mock/README.md").read_text(encoding="utf-8")


def resolved(document: dict[str, Any], node: Any) -> Any:
    """What a reference refers to."""
    while "$ref" in node:
        found: Any = document
        for part in node["$ref"].split("/")[1:]:
            found = found[part.replace("~1", "/")]
        node = found
    return node


def test_every_operation_of_the_spec_is_there(spec: dict[str, Any]) -> None:
    """Under its name, at its path, with its method, body and key."""
    wanted: dict[str, tuple[str, str, bool, bool]] = {}
    for path, item in spec["paths"].items():
        for method, operation in item.items():
            if method not in METHODS:
                continue
            names = [resolved(spec, one)["name"] for one in operation.get("parameters", [])]
            keyed = "Idempotency-Key" in names
            wanted[operation["operationId"]] = (
                method.upper(),
                path,
                "requestBody" in operation,
                keyed,
            )
    served = {
        one.name: (
            one.method,
            one.path,
            one.model is not None,
            one.keyed and one.method in {"POST", "PATCH"},
        )
        for one in OPERATIONS
    }
    assert served == wanted


def test_bodies_are_held_against_the_specs_components(spec: dict[str, Any]) -> None:
    named = {operation.name: operation for operation in OPERATIONS}
    for item in spec["paths"].values():
        for method, operation in item.items():
            if method not in METHODS or "requestBody" not in operation:
                continue
            body = resolved(spec, operation["requestBody"])
            schema = body["content"]["application/json"]["schema"]["$ref"].rpartition("/")[2]
            ours = named[operation["operationId"]]
            assert ours.optional is not body.get("required", False)
            if isinstance(ours.model, str):
                assert ours.model == schema
            else:
                assert schema == "TokenRequest"
    assert all(hasattr(models, model) for model in MODELS.values())


def test_the_codes_are_the_specs() -> None:
    """But for the three statuses that have none in any document."""
    assert {*CODES} - {*models.ApiErrorCode} == {
        "NOT_FOUND",
        "METHOD_NOT_ALLOWED",
        "UNSUPPORTED_MEDIA_TYPE",
    }
    assert {*models.ApiErrorCode} <= {*CODES}
    assert {*PAYMENT_ERRORS} == {int(code) for code in models.PaymentErrorCode}


def test_examples_of_the_spec_are_taken(mock: Driver, spec: dict[str, Any]) -> None:
    """Every token of its examples can be made."""
    content = spec["paths"]["/tokens"]["post"]["requestBody"]["content"]["application/json"]
    assert len(content["examples"]) == 7
    for example in content["examples"].values():
        mock.token(example["value"])


def test_seeds_decide_the_numbers(mock_with: Callable[..., Driver]) -> None:
    def number(seed: int) -> str:
        return str(mock_with(seed=seed).awaiting()["metadata"])

    assert number(1) == number(1)
    assert number(1) != number(2)


def test_a_reset_forgets_everything(mock: Driver) -> None:
    mock.hook("charge_finished")
    mock.awaiting()
    mock.admin("reset", {"seed": 7})
    about = mock.get("/_mock", auth=None)
    assert (about["gateway"], about["charges"], about["webhooks"]) == ("univapay", 0, 0)
    assert (about["seed"], about["tokens"]) == (7, 0)
    assert mock.get("/_mock/ledger", auth=None)["postings"] == []
    assert mock.get("/charges")["items"] == []


def test_a_request_held_over_a_reset_is_gone(mock: Driver) -> None:
    mock.next(operation="charges_list", fault="gate", gate="g")

    async def both() -> int:
        held = asyncio.ensure_future(mock.call("GET", "/charges"))
        await mock.held()
        mock.gateway.reset()
        return (await held).status

    assert mock.run(both()) == 503


def test_the_page_for_people(mock: Driver) -> None:
    charge = mock.successful()
    page = mock.request("GET", "/", auth=None).content.decode()
    assert "UnivaPay" in page
    assert "The books balance." in page
    assert charge["id"] in page


def test_transitions_tell_what_was_visited(mock: Driver) -> None:
    mock.awaiting()
    told = mock.get("/_mock/transitions", auth=None)
    assert told["visited"] == [["charge", "", "pending"], ["charge", "pending", "awaiting"]]
    assert ["charge", "awaiting", "successful"] in told["missing"]


def test_a_step_that_is_in_no_table_is_a_fault(mock: Driver) -> None:
    charge = mock.gateway.charges[mock.successful()["id"]]
    with pytest.raises(TransitionError, match="successful to pending"):
        mock.gateway.step("charge", charge, "pending")


def test_a_fault_of_the_mock_is_an_answer_and_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    mock = Driver()
    charge = mock.successful()

    def broken(*_: Any) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(mock.gateway.ledger, "post", broken)
    body = {"amount": 1, "currency": "JPY"}
    answer = mock.post(f"{STORE}/charges/{charge['id']}/refunds", body)
    assert (answer.status, answer.code) == (500, "UNKNOWN_ERROR")
    assert mock.gateway.faults == ["refunds_create: ZeroDivisionError: "]
    mock.close()


def test_money_that_moves_twice_is_found_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """A fault planted in the mock: the till's money is posted two times."""
    mock = Driver()
    charge = mock.awaiting()
    post = mock.gateway.ledger.post

    def twice(*posting: Any) -> None:
        post(*posting)
        post(*posting)

    monkeypatch.setattr(mock.gateway.ledger, "post", twice)
    with pytest.raises(LedgerError, match="holds 2200 yen, its state says 1100"):
        mock.admin(f"pay/{charge['id']}")
    assert mock.get("/_mock/ledger", auth=None)["balanced"] is False
    mock.close()


def test_a_receiver_has_three_seconds(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[float] = []

    def slow(webhook: Webhook, timeout: float) -> int | None:
        asked.append(timeout)
        return None

    monkeypatch.setattr(hooks, "http_deliver", slow)
    assert asyncio.run(hooks.deliver(Webhook("http://127.0.0.1:9/", {}, b""))) is None
    assert asked == [3.0]


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({"operation": "charges_fly", "status": 500}, "operation must be an operationId"),
        ({"operation": "charges_create", "code": "NO"}, "code must be one of"),
        ({"operation": "charges_create", "payment_error": "999"}, "payment_error must be one of"),
        ({"operation": "charges_create", "payment_error": 306}, "payment_error must be a string"),
        ({"operation": "charges_create", "idempotency": "kept"}, "idempotency must be one of"),
        ({"operation": "charges_create", "title": "x"}, "unknown member title"),
        ({"operation": "charges_create"}, "give a status, a code or a fault"),
    ],
)
def test_mistakes_in_scripts_are_told(mock: Driver, body: dict[str, Any], said: str) -> None:
    answer = mock.admin("next", body)
    assert answer.status == 400
    assert said in answer.json()["error"]


def test_the_log_names_no_credentials(mock: Driver) -> None:
    mock.token(card())
    mock.request("GET", "/charges", auth=None)
    log = mock.get("/_mock/requests", auth=None)["requests"]
    assert [one["operation"] for one in log] == ["tokens_create", "charges_list"]
    assert log[1]["code"] == "AUTH_HEADER_MISSING"
    assert "kessai-mock" not in str(log)
    assert "4000020000000000" not in str(log)


def test_numbers_begin_with_the_time(mock: Driver) -> None:
    """As the guide's: version 1 with the time in front."""
    gateway = mock.gateway
    made = ordered_uuid(gateway.ids, "x", gateway.clock.now)
    hexadecimal = r"11f0[0-9a-f]{4}(-[0-9a-f]{4}){2}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"
    assert re.fullmatch(hexadecimal, made)
    assert made != ordered_uuid(gateway.ids, "x", gateway.clock.now)


@pytest.mark.parametrize(
    ("period", "hours"), [("P7D", 168), ("P1W", 168), ("PT168H", 168), ("P1M", None), ("7", None)]
)
def test_durations(period: str, hours: int | None) -> None:
    assert hours_of(period) == hours


def test_a_time_of_day_with_its_zone(mock: Driver) -> None:
    day = mock.gateway.clock.now.date()
    assert at_time(day, "23:59:59Z").isoformat() == "2026-01-06T08:59:59+09:00"
    assert at_time(day, None).isoformat() == "2026-01-05T23:59:59+09:00"


@pytest.mark.parametrize("said", ["--app-token", "--processing", "8804", "--bearer"])
def test_help(said: str) -> None:
    result = CliRunner().invoke(main, ["univapay", "--help"])
    assert (result.exit_code, said in result.output) == (0, True)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--app-token", "secret"], "an app token is a JWT signed with HS256"),
        (["--processing", "-1"], "-1.0 is not in the range"),
        (["--envelope", "long"], "'long' is not one of"),
        (["--host", "0.0.0.0"], "is not a loopback address"),
    ],
)
def test_mistakes_are_one_line(arguments: list[str], said: str) -> None:
    result = CliRunner().invoke(main, ["univapay", *arguments])
    assert result.exit_code != 0
    (line,) = result.stderr.splitlines()
    assert said in line


def test_each_test_has_a_mock_of_its_own(kessai_mock_univapay: Starlette) -> None:
    gateway = kessai_mock_univapay.state.gateway
    assert isinstance(gateway, Gateway)
    assert gateway.charges == {}


@pytest.mark.socket
def test_the_server_serves_it(kessai_mock_univapay_server: str) -> None:
    with urllib.request.urlopen(f"{kessai_mock_univapay_server}/", timeout=30) as answer:
        assert b"UnivaPay" in answer.read()


@pytest.mark.socket
def test_the_client_is_paid_at_the_konbini(
    univapay_client: UnivapayClient, kessai_mock_univapay: Starlette
) -> None:
    from kessai_univapay import models as m

    token = univapay_client.tokens.create(
        m.KonbiniTokenRequest(
            type=m.TokenType.ONE_TIME,
            email="taro@shop.example",
            data=m.KonbiniRequestData(
                customer_name="決済 太郎",
                convenience_store=m.ConvenienceStore.FAMILY_MART,
                phone_number=m.JapanesePhoneNumber(local_number="0312345678"),
            ),
        )
    )
    assert isinstance(token, m.KonbiniToken)
    charge = univapay_client.charges.create(
        m.ChargeRequest(transaction_token_id=token.id, amount=1100, currency="JPY")
    )
    assert str(charge.status) == "pending"
    gateway = kessai_mock_univapay.state.gateway
    assert list(gateway.charges) == [charge.id]


def test_the_mock_imports_no_client() -> None:
    module = importlib.import_module("kessai_mock.univapay.app")
    assert not [name for name in vars(module) if name.startswith("kessai_univapay")]


@pytest.mark.socket
def test_the_readmes_example_runs(kessai_mock_univapay_server: str) -> None:
    (example,) = re.findall(r"```python\n(import json, urllib.request\n.*?)```", README, re.DOTALL)
    port = kessai_mock_univapay_server.rpartition(":")[2]
    words = [sys.executable, "-W", "error", "-c", example.replace(":8804", f":{port}")]
    run = subprocess.run(words, check=True, capture_output=True, text=True, timeout=60)
    assert re.fullmatch(r"awaiting [0-9]{5}-[0-9]{12}\nsuccessful\n", run.stdout)


def test_the_readme_lists_every_code_of_our_own() -> None:
    section = README[README.index("## UnivaPay") :]
    for code in ("NOT_FOUND", "METHOD_NOT_ALLOWED", "UNSUPPORTED_MEDIA_TYPE"):
        assert f"`{code}`" in section
