"""The mock as a whole: determinism, its books, its states, scripts, admin routes, the page."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from typing import Any

import pytest
from kessai_mock.faults import Dropped
from kessai_mock.unified import TRANSITIONS, books

from tests.unit.mock.unified.driver import PUSH, Driver, charge, order, pay, subscribe


def _day(mock: Driver) -> list[bytes]:
    """A bit of everything; every byte the mock said."""
    said: list[bytes] = []

    def post(command: str, body: Any) -> Any:
        answer = mock.post(command, body)
        said.append(answer.content)
        return answer

    answer = post("pay", pay(push=PUSH))
    said.append(mock.get(f"{answer.redirect}?outcome=success").headers["location"].encode())
    mock.advance(30)
    post("capture", order(amount=900, push=PUSH))
    post("cancel", order(amount=100, push=PUSH))
    answer = post("subscribe", subscribe(wallet="docomo", push=PUSH))
    said.append(mock.get(f"{answer.redirect}?outcome=success").headers["location"].encode())
    post("charge", charge(push=PUSH))
    post("terminate", order("club", push=PUSH))
    post("pay", pay("p-2", 8))
    for path in ("/_mock", "/_mock/ledger", "/_mock/webhooks", "/_mock/requests", "/"):
        said.append(mock.get(path).content)
    said.extend(webhook.body for webhook in mock.pushed)
    return said


def test_one_seed_one_world(mock_with: Callable[..., Driver]) -> None:
    """Byte for byte; another seed makes other ids."""
    first, second, other = (_day(mock_with(seed=seed)) for seed in (1, 1, 2))
    assert first == second
    assert first != other


def test_a_reset_is_a_fresh_start(mock: Driver) -> None:
    """Under the same seed or another."""
    first = _day(mock)
    mock.pushed.clear()
    assert mock.admin("reset").json() == {"seed": 1, "now": "2026-01-05T10:00:00+09:00"}
    assert _day(mock) == first
    mock.pushed.clear()
    assert mock.admin("seed", {"seed": 2}).json()["seed"] == 2
    assert _day(mock) != first


def test_a_planted_double_posting_is_caught(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """At once, although the books still add up to zero; it can be seen from outside."""
    mock, real = Driver(), books.post
    mock.agreed()

    def twice(*arguments: Any) -> None:
        real(*arguments)
        real(*arguments)

    monkeypatch.setattr(books, "post", twice)
    with caplog.at_level(logging.CRITICAL, logger="kessai_mock"):
        answer = mock.post("charge", charge())
    assert (answer.status, answer.code) == (500, "UA-SYS-001")
    ledger = mock.get("/_mock/ledger").json()
    assert ledger["balanced"] is False
    assert "hold holds 2000 yen, its state says 1000" in ledger["violations"][0]
    assert "LedgerError" in mock.get("/_mock").json()["faults"][0]
    mock.close()


def _settled(mock: Driver, reference: str, code: str = "UA-000-001") -> None:
    assert mock.admin(f"settle/{reference}", {"resultCode": code}).status == 200


def _visit_applications(mock: Driver) -> None:
    for number, outcome in enumerate(("success", "interrupted", "failure_payment")):
        for mode in ("auth", "auth_capture"):
            answer = mock.post("pay", pay(f"s-{number}-{mode}", wallet="rakuten", mode=mode))
            mock.browse(answer.redirect, outcome)
            if outcome == "interrupted":
                _settled(mock, answer.reference)
    for number, code in enumerate(("UA-000-001", "UA-PRV-001")):
        for command, make in (("pay", pay), ("subscribe", subscribe)):
            mock.next(operation=command, provider="UA-PND-001")
            _settled(mock, mock.post(command, make(f"{command}-{number}")).reference, code)
    mock.post("pay", pay("s-8", 8))
    mock.post("subscribe", subscribe("a-fail", "rakuten", item="fail"))
    for name in ("interrupted", "failure_deadline"):
        answer = mock.post("subscribe", subscribe(f"a-{name}", "rakuten"))
        mock.browse(answer.redirect, name)


def _visit_orders(mock: Driver) -> None:
    mock.agreed("club", "rakuten")
    mock.agreed("paypay")
    for kind in ("single", "charge"):

        def order_of(name: str, mode: str = "auth", kind: str = kind) -> str:
            if kind == "single":
                mock.paid(f"{kind}-{name}", wallet="rakuten", mode=mode)
            else:
                mock.post("charge", charge(f"{kind}-{name}", authCaptureType=mode))
            return f"{kind}-{name}"

        mock.post("updateOrder", order(order_of("update"), 500))
        mock.post("cancel", order(order_of("cancel")))
        captured = order_of("capture")
        mock.post("capture", order(captured))
        mock.post("cancel", order(captured, 400))
        mock.post("cancel", order(captured))
        order_of("taken", "auth_capture")
    mock.post("charge", charge("c-8", 1008))
    for mode in ("auth", "auth_capture"):
        for name, amount, recovery in (("wait", 1005, "recovery"), ("pend", 1004, "recovery")):
            body = charge(f"{name}-{mode}", amount, "paypay", recoveryType=recovery)
            body["transaction"]["authCaptureType"] = mode
            _settled(mock, mock.post("charge", body).reference)
    for amount in (1004, 1005):
        body = charge(f"fail-{amount}", amount, "paypay", recoveryType="recovery")
        _settled(mock, mock.post("charge", body).reference, "UA-CST-001")
    mock.post("terminate", order("paypay"))
    mock.agreed("gone")
    mock.admin("deregister/gone")


def test_every_state_and_step_is_reached(mock: Driver) -> None:
    """Nothing in the table is there for show."""
    _visit_applications(mock)
    _visit_orders(mock)
    visited = mock.get("/_mock/transitions").json()
    assert visited["missing"] == []
    assert len(visited["visited"]) == len(TRANSITIONS)
    mock.balances()


def test_the_provider_says_what_a_script_says(mock: Driver) -> None:
    """With the wallet's own code for it; everything follows from it."""
    mock.paid()
    mock.next(operation="capture", provider="UA-PRV-002")
    answer = mock.post("capture", order())
    assert (answer.status, answer.code, answer.v) == (502, "UA-PRV-002", None)
    mock.next(operation="capture", provider="UA-P00-001")
    answer = mock.post("capture", order())
    assert (answer.status, answer.code) == (200, "UA-P00-001")
    assert mock.balances()["hold"] == 1000
    _settled(mock, answer.reference)
    assert mock.balances()["merchant"] == 1000


def test_a_scripted_result_stands_before_everything(mock: Driver) -> None:
    """Nothing is done, unless it is said to be processed."""
    mock.paid()
    for code, status in (("UA-SYS-003", 500), ("UA-LMT-002", 403)):
        mock.next(operation="capture", resultCode=code, detail="as told")
        answer = mock.post("capture", order())
        assert (answer.status, answer.code) == (status, code)
        assert answer.json()["result"]["message"].endswith("(as told)")
    assert mock.balances()["hold"] == 1000
    mock.next(operation="*", resultCode="UA-SYS-004", processed=True)
    assert mock.post("capture", order(), key="k").code == "UA-SYS-004"
    assert mock.balances()["merchant"] == 1000
    assert mock.post("capture", order(), key="k").code == "UA-000-001"


@pytest.mark.parametrize("status", [200, 429, 500, 503])
def test_some_errors_are_nothing_but_their_status(mock: Driver, status: int) -> None:
    """As documented; 200 for what should never be."""
    mock.next(operation="pay", status=status, headers={"Retry-After": "3"})
    answer = mock.post("pay", pay())
    assert (answer.status, answer.content) == (status, b"")
    assert answer.headers["retry-after"] == "3"
    assert mock.gateway.orders == {}


def test_answers_get_lost_or_torn(mock: Driver) -> None:
    """Before and after processing."""
    mock.agreed()
    for number, (fault, hold) in enumerate((("lost-before", 0), ("lost-after", 1000))):
        mock.next(operation="charge", fault=fault)
        with pytest.raises(Dropped):
            mock.post("charge", charge(f"c-{number}"))
        assert mock.balances()["hold"] == hold
    mock.next(operation="charge", fault="html")
    assert mock.post("charge", charge("c-3")).status == 502
    assert mock.balances()["hold"] == 1000


@pytest.mark.parametrize(
    ("script", "said"),
    [
        ({"operation": "refund"}, "operation must be an operationId or *"),
        ({"operation": "pay"}, "give a status, a resultCode or a fault"),
        ({"operation": "pay", "title": "x"}, "unknown member title; known are detail, fault"),
        ({"operation": "pay", "resultCode": "UA"}, "resultCode must be one of UA-000-001"),
        ({"operation": "pay", "provider": "UA"}, "provider must be one of UA-000-001"),
        (
            {"operation": "webhook", "fault": "half"},
            "a webhook's fault must be one of lost-before, lost-after, delay",
        ),
    ],
)
def test_mistakes_in_a_script_are_named(mock: Driver, script: Any, said: str) -> None:
    """400 and one sentence."""
    answer = mock.admin("next", script)
    assert answer.status == 400
    assert answer.json()["error"].startswith(said)


def test_only_what_waits_can_be_paid(mock: Driver) -> None:
    """POST /_mock/pay: in the wallet's app, no browser comes back."""
    answer = mock.post("pay", pay(push=PUSH))
    assert mock.admin("pay/p-1", {"amount": 5}).status == 400
    assert mock.admin("pay/p-1").json() == {
        "paymentId": "p-1",
        "fepOrderId": answer.fep,
        "status": "AUTHORIZED",
        "amount": 1000,
    }
    assert mock.notices == [("pay", "UA-000-001")]
    again = mock.admin("pay/p-1")
    assert again.json()["error"] == "the order is AUTHORIZED and waits for no payment"
    assert mock.admin("pay/nobody").status == 400


def test_a_request_held_over_a_reset_is_sent_away(mock: Driver) -> None:
    """It belongs to a world that is gone."""
    mock.next(operation="pay", fault="gate", gate="g")

    async def held() -> Any:
        import asyncio

        running = asyncio.create_task(mock.call("pay", pay()))
        await mock.held()
        mock.gateway.reset()
        return await running

    answer = mock.run(held())
    assert (answer.status, answer.content) == (503, b"")
    assert mock.gateway.orders == {}
    assert mock.post("pay", pay()).status == 200


def test_time_is_on_every_answer(mock: Driver) -> None:
    """The virtual one."""
    mock.advance(3600)
    for answer in (mock.post("pay", pay()), mock.get("/"), mock.get("/nowhere")):
        assert answer.headers["date"] == "Mon, 05 Jan 2026 02:00:00 GMT"


def test_the_page_for_people_shows_orders_and_books(mock: Driver) -> None:
    """And the ledger names orders by the gateway's number."""
    answer = mock.paid()
    page = mock.get("/").content.decode()
    for text in ("kessai-mock: Unified API", "p-1", "AUTHORIZED", "1,000", "The books balance."):
        assert text in page
    (posting,) = mock.get("/_mock/ledger").json()["postings"]
    assert posting["fepOrderId"] == answer.fep


def test_no_secret_shows(mock: Driver) -> None:
    """Neither in reprs nor in what the mock tells about itself."""
    mock.paid(push=PUSH)
    key = mock.gateway.settings.merchant_key
    told = [repr(mock.gateway.settings)]
    told += [
        mock.get(path).content.decode()
        for path in ("/_mock", "/_mock/requests", "/_mock/webhooks", "/_mock/ledger", "/")
    ]
    assert all(key not in text for text in told)
    assert json.loads(told[2])["requests"][0]["operation"] == "pay"
