"""Every certain cell of the sandbox's tables through the client: result codes and error classes.

What specs/unified/simulation.yaml calls inferred or ambiguous is asserted nowhere: another reading
of the guide may be the right one.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from kessai import errors as e
from kessai_mock.unified import MERCHANT_CCID, MERCHANT_KEY
from kessai_unified import parse_redirect
from kessai_unified import refusals as r

from codegen.reading.load import read_yaml
from tests.support import contract_unified_bodies as bodies
from tests.support.contract_client import Caller
from tests.support.contract_unified_client import (
    async_caller,
    async_client,
    sync_caller,
    sync_client,
)
from tests.support.contract_unified_mock import Mock

_FILE = Path(__file__).parents[2] / "specs/unified/simulation.yaml"
_SAID = {"resultCode", "vResultCode", "certainty", "then"}

# By the guide's tables of results and of action codes, not by the client's.
STATUSES = {"UA-PRV-001": 502, "UA-PRV-999": 503, "UA-CST-001": 502}
ACTIONS = {
    "UA-000-001": "success",
    "UA-PND-001": "confirm_pending_status",
    "UA-PRV-001": "retry_request",
    "UA-PRV-999": "maintenance",
    "UA-CST-001": "confirm_consumer",
    "UA-CST-002": "retry_payment",
    "UA-REQ-006": "alternate_payment",
}
CLASSES: dict[str, tuple[type[e.KessaiError], ...]] = {
    "UA-PRV-001": (r.ProviderRefusedError, r.RetryRequestError, e.DeclinedError),
    "UA-PRV-999": (r.ProviderMaintenanceError, e.MaintenanceError),
    "UA-CST-001": (r.ConfirmConsumerError, e.DeclinedError, e.BadGatewayError),
}


class Cell(NamedTuple):
    """One cell that only one reading fits."""

    wallet: str
    command: str
    stage: str  # answer or redirect
    chosen: dict[str, str]  # what selects it
    code: str | None  # None: the guide prints a dash
    v: str | None

    def __str__(self) -> str:
        chosen = "-".join(self.chosen.values()) or "otherwise"
        return f"{self.wallet}-{self.command}-{self.stage}-{chosen}"


def _cells() -> Iterator[Cell]:
    data: dict[str, Any] = read_yaml(_FILE)
    for wallet, known in data["wallets"].items():
        for command, stages in known["commands"].items():
            for stage, table in stages.items():
                for row in table["rows"]:
                    if row["certainty"] == "certain":
                        chosen = {key: value for key, value in row.items() if key not in _SAID}
                        code, v = row["resultCode"], row["vResultCode"]
                        yield Cell(wallet, command, stage, chosen, code, v)


CELLS = list(_cells())
ANSWERS = [cell for cell in CELLS if cell.stage == "answer" and cell.code is not None]
REDIRECTS = [cell for cell in CELLS if cell.stage == "redirect" and cell.code is not None]
DASHES = [cell for cell in CELLS if cell.code is None]
# The guide prints a column for an extension together with an amount, and no way to ask for both.
UNASKABLE = {"rakuten-updateOrder-answer-both-0"}


@pytest.fixture(params=["sync", "async"])
def call(request: pytest.FixtureRequest, unified_mock: Mock) -> Iterator[Caller]:
    unified_mock.reset()
    if request.param == "sync":
        with sync_client(unified_mock) as client:
            yield sync_caller(client)
        return
    aio = async_client(unified_mock, scheme="bearer")
    yield async_caller(aio, unified_mock)
    unified_mock.app.run(aio.aclose())


class Shop:
    """Makes what a cell needs, each time under a number of its own."""

    def __init__(self, call: Caller, mock: Mock, wallet: str) -> None:
        self._call = call
        self._mock = mock
        self._wallet = wallet
        self._numbers = itertools.count(1)

    def name(self) -> str:
        """A paymentId."""
        return f"cell-{next(self._numbers)}"

    def held(self, amount: int = 3300) -> str:
        """A payment of some yen, held; its paymentId."""
        return self._approved("pay", bodies.pay(self.name(), amount, wallet=self._wallet))

    def captured(self) -> str:
        """A payment that was captured in full."""
        number = self.held()
        self._call("capture", bodies.on_order(number))
        return number

    def agreed(self) -> str:
        """An agreement."""
        return self._approved("subscribe", bodies.subscribe(self.name(), wallet=self._wallet))

    def _approved(self, command: str, body: dict[str, Any]) -> str:
        answer = self._call(command, body)
        assert self._mock.press(answer.control.redirect_url, outcome="success") is not None
        number: str = body["order"]["paymentId"]
        return number


def _requests(shop: Shop, cell: Cell) -> Iterator[dict[str, Any]]:
    """Every way to ask for what the cell is about."""
    digit = int(cell.chosen.get("digit", "0"))
    if cell.command == "pay":
        for amount in (digit or 10, 3300 + digit, 100_000 + digit):
            yield bodies.pay(shop.name(), amount, wallet=cell.wallet)
    elif cell.command == "subscribe":
        item = cell.chosen.get("itemName", "決済の会")
        yield bodies.subscribe(shop.name(), wallet=cell.wallet, item=item)
    elif cell.command == "updateOrder":
        if cell.chosen.get("change") != "amount":
            yield bodies.on_order(shop.held(3300 + digit))
        if cell.chosen.get("change") != "extend":
            yield bodies.on_order(shop.held(), 3000 + digit)
            yield bodies.on_order(shop.held(), 4000 + digit)
    elif cell.command == "capture":
        if cell.chosen.get("capture") != "partial" and _payable(cell.wallet, digit):
            yield bodies.on_order(shop.held(3300 + digit))
        if cell.chosen.get("capture") != "full":
            yield bodies.on_order(shop.held(), 1000 + digit)
    elif cell.command == "cancel":
        if cell.chosen.get("captured") != "after" and _payable(cell.wallet, digit):
            yield bodies.on_order(shop.held(3300 + digit))
        if cell.chosen.get("captured") != "before":
            yield bodies.on_order(shop.captured(), 1000 + digit)
    else:
        agreement = shop.agreed()
        for take in ("auth", "auth_capture"):
            yield bodies.charge(shop.name(), agreement, 3300 + digit, take=take)
        yield bodies.charge(shop.name(), agreement, 3300 + digit, recovery="not_recovery")


def _payable(wallet: str, digit: int) -> bool:
    """Whether a payment of such an amount can come about at all, by the certain cells."""
    return all(
        cell.code == "UA-000-001"
        for cell in ANSWERS
        if (cell.wallet, cell.command, cell.chosen) == (wallet, "pay", {"digit": str(digit)})
    )


@pytest.mark.parametrize("cell", ANSWERS, ids=str)
def test_an_answer(cell: Cell, call: Caller, unified_mock: Mock) -> None:
    if str(cell) in UNASKABLE:
        assert cell.code == "UA-000-001"  # nothing is left untried that could fail
        return
    asked = 0
    for body in _requests(Shop(call, unified_mock, cell.wallet), cell):
        asked += 1
        before = unified_mock.postings()
        if cell.code == "UA-000-001":
            result = call(cell.command, body).result
            assert (result.result_code, result.v_result_code) == (cell.code, cell.v)
            assert (result.status, result.action_code) == ("success", "success")
            continue
        assert cell.code is not None
        with pytest.raises(r.UnifiedError) as refused:
            call(cell.command, body)
        error = refused.value
        assert (error.result_code, error.v_result_code) == (cell.code, cell.v)
        assert (error.status, error.action_code) == (STATUSES[cell.code], ACTIONS[cell.code])
        assert type(error) is CLASSES[cell.code][0]
        assert isinstance(error, CLASSES[cell.code][1:])
        assert len(error.attempts) == 1
        assert error.fep_order_id is not None
        assert unified_mock.postings() == before  # no money moved
    assert asked >= 1
    assert unified_mock.faults() == []


def _apply(call: Caller, cell: Cell) -> Any:
    make: Mapping[str, Any] = {"pay": bodies.pay, "subscribe": bodies.subscribe}
    return call(cell.command, make[cell.command]("cell-1", wallet=cell.wallet))


@pytest.mark.parametrize("cell", REDIRECTS, ids=str)
def test_what_the_consumer_comes_back_with(cell: Cell, call: Caller, unified_mock: Mock) -> None:
    assert cell.code is not None
    answer = _apply(call, cell)
    button = cell.chosen.get("button", "success")
    location = unified_mock.press(answer.control.redirect_url, outcome=button)
    assert location is not None
    came = parse_redirect(
        location, merchant_ccid=MERCHANT_CCID, merchant_key=MERCHANT_KEY, payment_id="cell-1"
    )
    assert (came.result_code, came.action_code) == (cell.code, ACTIONS[cell.code])
    assert came.status == ("success" if cell.code == "UA-000-001" else "failure")
    assert came.command == cell.command
    asked = call("getTransactionResult", bodies.inquiry(came.fep_reference_id))
    told = asked.transaction_data.result
    assert (told.result_code, told.v_result_code) == (cell.code, cell.v)
    # A webhook of an application is sent on success only (documented).
    assert bool(unified_mock.sent) == (cell.code == "UA-000-001")
    paid = cell.command == "pay" and cell.code == "UA-000-001"
    assert bool(unified_mock.postings()) == paid


@pytest.mark.parametrize("cell", DASHES, ids=str)
def test_a_dash(cell: Cell, call: Caller, unified_mock: Mock) -> None:
    if cell.stage == "redirect":
        answer = _apply(call, cell)
        # The page is shown again, and nothing comes back until another choice is made.
        assert (
            unified_mock.press(answer.control.redirect_url, outcome=cell.chosen["button"]) is None
        )
        assert unified_mock.sent == []
        assert unified_mock.press(answer.control.redirect_url, outcome="success") is not None
        return
    # There is no such order, because the application for it fails already.
    amount = 3300 + int(cell.chosen["digit"])
    with pytest.raises(r.UnifiedError):
        call("pay", bodies.pay("cell-1", amount, wallet=cell.wallet))
    assert cell.chosen["captured"] == "before"


def test_all_certain_cells_are_here() -> None:
    assert len(CELLS) == len({str(cell) for cell in CELLS}) == 98
    assert len(ANSWERS) + len(REDIRECTS) + len(DASHES) == 98
    assert {cell.code for cell in ANSWERS} == {"UA-000-001", *STATUSES} == {"UA-000-001", *CLASSES}
