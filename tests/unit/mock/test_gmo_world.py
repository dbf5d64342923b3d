"""The mock as a whole: determinism, its books, the states it reaches, its admin routes."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from typing import Any

import pytest
from kessai_mock import html
from kessai_mock.gmo import books
from kessai_mock.ledger import Account

from tests.unit.mock import bodies
from tests.unit.mock.driver import Driver


def _day(mock: Driver) -> list[bytes]:
    """A bit of everything; every byte the mock said."""
    said: list[bytes] = []

    def post(path: str, body: Any = None) -> Any:
        answer = mock.post(path, body)
        said.append(answer.content)
        return answer

    charge = post("/credit/charge", bodies.charge(tds={"autoAuthorization": True}))
    said.append(mock.get(f"{charge.redirect}?outcome=success").headers["location"].encode())
    mock.advance(30)
    post("/order/capture", {"accessId": charge.access_id})
    cash = post("/cash/charge", bodies.cash("order-2", kind="PAYEASY"))
    post(f"/_mock/pay/{cash.access_id}")
    wallet = post("/wallet/charge", bodies.wallet("order-3"))
    mock.browse(wallet.redirect)
    post("/order/inquiry", {"orderId": "order-3"})
    check = post("/verification/start", bodies.verification())
    said.append(mock.get(f"{check.redirect}?code=123456").headers["location"].encode())
    post("/credit/charge", bodies.charge("order-4", 40201))
    for path in ("/_mock", "/_mock/ledger", "/_mock/webhooks", "/_mock/requests", "/"):
        said.append(mock.get(path).content)
    return said


def test_one_seed_one_world(mock_with: Callable[..., Driver]) -> None:
    """Byte for byte; another seed makes other ids."""
    first, second, other = (_day(mock_with(seed=seed)) for seed in (1, 1, 2))
    assert first == second
    assert first != other


def test_a_reset_is_a_fresh_start(mock: Driver) -> None:
    """Under the same seed or another."""
    first = _day(mock)
    assert mock.post("/_mock/reset").json() == {"seed": 1, "now": "2026-01-05T10:00:00+09:00"}
    assert _day(mock) == first
    assert mock.post("/_mock/seed", {"seed": 2}).json()["seed"] == 2
    assert _day(mock) != first
    assert mock.post("/_mock/reset", {"seed": 1}).json()["seed"] == 1
    assert _day(mock) == first


def test_a_planted_double_posting_is_caught(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """At once, although the books still add up to zero; it can be seen from outside."""
    mock, post = Driver(), books.post

    def twice(*arguments: Any) -> None:
        post(*arguments)
        post(*arguments)

    monkeypatch.setattr(books, "post", twice)
    with caplog.at_level(logging.CRITICAL, logger="kessai_mock"):
        answer = mock.post("/credit/charge", bodies.charge(mode="CAPTURE"))
    assert (answer.status, answer.title) == (500, "internal_server_error")
    ledger = mock.get("/_mock/ledger").json()
    assert ledger["balanced"] is False
    assert "merchant holds 2000 yen, its state says 1000" in ledger["violations"][0]
    assert "LedgerError" in mock.get("/_mock").json()["faults"][0]
    assert "its state says 1000" in mock.get("/").content.decode()
    mock.close()


@pytest.mark.parametrize("path", ["/order/capture", "/order/cancel"])
def test_a_posting_left_out_is_caught_too(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, path: str
) -> None:
    """The state says that money moved, the ledger says that it did not."""
    mock = Driver()
    access_id = mock.post("/credit/charge", bodies.charge()).access_id

    def nothing(*arguments: Any) -> None:
        """Move no money."""

    monkeypatch.setattr(books, "post", nothing)
    with caplog.at_level(logging.CRITICAL, logger="kessai_mock"):
        assert mock.post(path, {"accessId": access_id}).status == 500
    assert mock.get("/_mock/ledger").json()["violations"]
    mock.close()


def test_the_ledger_shows_every_posting(mock: Driver) -> None:
    """From where to where, for which order, when."""
    access_id = mock.post("/credit/charge", bodies.charge()).access_id
    mock.advance(5)
    mock.post("/order/capture", {"accessId": access_id})
    assert mock.get("/_mock/ledger").json()["postings"][1] == {
        "number": 2,
        "at": "2026-01-05T10:00:05+09:00",
        "accessId": access_id,
        "reason": "SALES",
        "from": "hold",
        "to": "merchant",
        "amount": 1000,
    }
    assert mock.gateway.ledger.balance(Account.MERCHANT, access_id) == 1000


@pytest.mark.parametrize(
    ("path", "body", "said"),
    [
        ("/_mock/clock", {}, "advance must be a number"),
        ("/_mock/clock", {"advance": -1}, "at least 0"),
        ("/_mock/clock", {"advance": True}, "advance must be a number"),
        ("/_mock/clock", {"advance": 1e300}, "at most 100 years"),
        ("/_mock/clock", {"advance": float("nan")}, "at least 0"),
        ("/_mock/clock", {"forward": 1}, "unknown member forward; known are advance"),
        ("/_mock/seed", {}, "seed must be an integer"),
        ("/_mock/reset", [], "not a JSON object"),
        ("/_mock/next", {}, "operationId or *"),
        ("/_mock/next", {"operation": "creditCharge"}, "give a status, a title or a fault"),
        ("/_mock/next", {"operation": "*", "title": "teapot"}, "title must be one of"),
        ("/_mock/next", {"operation": "*", "fault": "gate"}, "needs the name of the gate"),
        ("/_mock/next", {"operation": "*", "fault": "fire"}, "fault must be one of lost-before"),
        ("/_mock/next", {"operation": "*", "status": 99}, "status must be an integer from 200"),
        ("/_mock/next", {"operation": "*", "status": 500, "times": 0}, "times must be an integer"),
        ("/_mock/next", {"operation": "*", "status": 500, "when": "now"}, "before or after"),
        ("/_mock/next", {"operation": "*", "status": 500, "seconds": "1"}, "seconds must be"),
        ("/_mock/next", {"operation": "*", "status": 500, "headers": {"a": 1}}, "of strings"),
        ("/_mock/next", {"operation": "*", "status": 500, "headers": {"a": "b\n"}}, "one line"),
        ("/_mock/next", {"operation": "*", "fault": "delay", "seconds": -1}, "at least 0"),
        ("/_mock/next", {"operation": "*", "status": 500, "processed": 1}, "true or false"),
        ("/_mock/next", {"operation": "*", "status": 500, "detail": 1}, "detail must be a string"),
        ("/_mock/next", {"operation": "*", "states": 500}, "unknown member states"),
        ("/_mock/pay/" + "f" * 32, {"amount": "x"}, "amount must be an integer"),
    ],
)
def test_admin_mistakes_are_named(mock: Driver, path: str, body: Any, said: str) -> None:
    """400 and one sentence."""
    answer = mock.post(path, body)
    assert answer.status == 400
    assert said in answer.json()["error"]


def test_an_admin_body_that_is_no_json_is_named_too(mock: Driver) -> None:
    """An empty one is fine where nothing is needed."""
    assert "not JSON" in mock.request("POST", "/_mock/clock", content=b"{").json()["error"]
    assert mock.request("POST", "/_mock/reset").status == 200


def test_scripts_are_used_in_order_and_run_out(mock: Driver) -> None:
    """By operation or for any; with headers and texts of one's own."""
    mock.next(operation="orderInquiry", title="maintenance")
    mock.next(operation="*", status=429, headers={"Retry-After": "7"}, detail="Later.", times=2)
    waiting = mock.get("/_mock/next").json()["waiting"]
    assert [script["operation"] for script in waiting] == ["orderInquiry", "*"]
    other = mock.post("/member/inquiry", {"memberId": "m"})
    assert (other.status, other.headers["retry-after"], other.detail) == (429, "7", "Later.")
    assert mock.post("/order/inquiry", {"orderId": "o"}).title == "maintenance"
    assert mock.post("/order/inquiry", {"orderId": "o"}).title == "too_many_requests"
    assert mock.post("/order/inquiry", {"orderId": "o"}).title == "invalid_request"
    assert mock.get("/_mock/next").json()["waiting"] == []


def test_an_html_page_instead_of_an_answer(mock: Driver) -> None:
    """A proxy's 502, before or after the work was done."""
    mock.next(operation="creditCharge", fault="html")
    answer = mock.post("/credit/charge", bodies.charge(), key="k")
    assert (answer.status, answer.headers["content-type"]) == (502, "text/html")
    assert mock.balances()["customer"] == 0
    mock.next(operation="creditCharge", fault="html", processed=True)
    assert mock.post("/credit/charge", bodies.charge(), key="k").status == 502
    assert mock.balances()["hold"] == 1000
    assert mock.post("/credit/charge", bodies.charge(), key="k").status == 201


def test_a_torn_body_looks_like_a_whole_answer(mock: Driver) -> None:
    """Half of it, under its own length."""
    mock.next(operation="creditCharge", fault="torn")
    answer = mock.post("/credit/charge", bodies.charge())
    assert answer.status == 201
    with pytest.raises(json.JSONDecodeError):
        answer.json()


@pytest.mark.parametrize(("fault", "held"), [("lost-before", 0), ("lost-after", 1000)])
def test_without_a_connection_a_lost_answer_is_raised(mock: Driver, fault: str, held: int) -> None:
    """Before or after the money moved."""
    mock.next(operation="creditCharge", fault=fault)
    with pytest.raises(ConnectionResetError, match="hung up, as scripted"):
        mock.post("/credit/charge", bodies.charge(), key="k")
    assert mock.balances()["hold"] == held
    assert mock.post("/credit/charge", bodies.charge(), key="k").status == 201
    assert mock.balances()["hold"] == 1000


def test_the_status_page_is_for_people(mock: Driver) -> None:
    """Orders and books."""
    mock.post("/credit/charge", bodies.charge())
    page = mock.get("/").content.decode()
    for shown in ("order-1", "AUTH", "1,000", "The books balance.", "hold"):
        assert shown in page


def test_pages_take_nothing_for_markup() -> None:
    """Whatever a request put into them."""
    made = html.page(
        "<t>", html.paragraph("<p>"), html.table(("<h>",), [("<c>",)]), html.buttons([('"', "<b>")])
    )
    for text in ("<t>", "<p><p>", "<h>", "<c>", "<b>", 'value="""'):
        assert text not in made
    assert made.count("&lt;") == 6


def test_nothing_secret_shows_in_a_repr(mock: Driver) -> None:
    """Card numbers, tokens and csrfTokens least of all."""
    mock.post("/credit/charge", bodies.charge(card="4111111111111111"))
    mock.post("/credit/charge", bodies.charge("order-2", token="secret-token"))
    shown = repr(mock.gateway.shops) + repr(mock.gateway.records)
    assert "order-1" in shown
    for secret in ("4111111111111111", "secret-token", "csrf-1", "KESSAI TEST"):
        assert secret not in shown
