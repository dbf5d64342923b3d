"""Waiting for an end: long polling, a total deadline, any final state; nothing sleeps for real."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import httpx2
import pytest
from kessai import System
from kessai import errors as e
from kessai_univapay import AsyncUnivapayClient, PaymentError, StillWaitingError
from kessai_univapay import models as m
from kessai_univapay import refusals as r

from tests.support.script import NOW
from tests.support.virtual_loop import run_virtual
from tests.unit.univapay.scripted import (
    CANCEL,
    CHARGE,
    SECRET,
    STORE,
    Either,
    Script,
    answer,
    app_token,
    at_most,
    cancel_of,
    charge_of,
    failed,
    refund_of,
    refused,
)

FLAVOURS = pytest.mark.parametrize("flavour", ["sync", "async"])
MADE = m.Charge.from_wire(charge_of())
REFUND_MADE = m.Refund.from_wire(refund_of())


def held(script: Script, seconds: float, body: dict[str, Any], status: int = 200) -> Any:
    """An answer that the gateway holds back for so long."""

    def slow(_: httpx2.Request) -> httpx2.Response:
        script.now += seconds
        return httpx2.Response(status, json=body)

    return slow


@FLAVOURS
@pytest.mark.parametrize("status", ["successful", "canceled"])
def test_polled_until_the_end(flavour: str, status: str) -> None:
    """By the charge's own number, with polling; what the gateway held back is not waited twice."""
    script = Script()
    script.then(
        held(script, 3.0, charge_of("pending")),
        held(script, 3.0, charge_of("awaiting")),
        held(script, 0.5, charge_of(status)),
    )
    charge = Either(flavour, script).do(lambda u: u.charges.wait(MADE))
    assert (charge.id, charge.status) == (CHARGE, status)
    assert script.asked == ["GET /stores/store/charges/charge"] * 3
    assert {request.url.params["polling"] for request in script.requests} == {"true"}
    assert script.slept == []


@FLAVOURS
def test_a_gateway_that_answers_at_once_is_not_hammered(flavour: str) -> None:
    """One question a second, whatever it does with ``polling``."""
    script = Script(at_most(99, charge_of("awaiting")))
    with pytest.raises(StillWaitingError) as caught:
        Either(flavour, script).do(lambda u: u.charges.wait(MADE, within=30))
    assert len(script.requests) == 30
    assert script.slept == [1.0] * 30
    assert script.now == 30.0
    assert caught.value.value.status == "awaiting"
    assert "awaiting after 30 seconds" in str(caught.value)


@FLAVOURS
@pytest.mark.parametrize(
    ("until", "ends"),
    [
        (None, "successful"),
        ("awaiting", "awaiting"),
        (m.ChargeStatus.AWAITING, "awaiting"),
        (["awaiting", "authorized"], "awaiting"),
        ({"authorized"}, "authorized"),
        ("canceled", "successful"),
    ],
)
def test_until_a_state_or_any_end(flavour: str, until: Any, ends: str) -> None:
    """An end stops it even where another state was wanted: nothing comes after."""
    script = Script(
        *(answer(200, charge_of(s)) for s in ("pending", "awaiting", "authorized", "successful"))
    )
    charge = Either(flavour, script).do(lambda u: u.charges.wait(MADE, until=until))
    assert charge.status == ends


@pytest.mark.parametrize("until", ["succesful", ["awaiting", "paid"], "", "unverified", 7])
def test_a_state_that_does_not_exist_would_wait_for_ever(until: Any) -> None:
    script = Script(answer(200, charge_of()))
    with pytest.raises(e.ConfigurationError, match="until"):
        Either("sync", script).do(lambda u: u.charges.wait(MADE, until=until))
    assert script.requests == []


@pytest.mark.parametrize("within", [0, -1, float("nan"), float("inf")])
def test_a_time_that_cannot_be_waited(within: float) -> None:
    script = Script(answer(200, charge_of()))
    with pytest.raises(e.ConfigurationError, match="within"):
        Either("sync", script).do(lambda u: u.charges.wait(MADE, within=within))


@FLAVOURS
@pytest.mark.parametrize("status", ["failed", "error"])
def test_a_failed_end_raises_with_the_charge(flavour: str, status: str) -> None:
    script = Script(answer(200, charge_of()), answer(200, charge_of(status, **failed(327))))
    with pytest.raises(r.PaymentExpiredError) as caught:
        Either(flavour, script).do(lambda u: u.charges.wait(MADE))
    error = caught.value
    assert (error.code, error.status, error.operation) == (327, 200, "charges_get")
    assert error.value.id == CHARGE
    assert error.headers["date"]
    assert [attempt.status for attempt in error.attempts] == [200]
    assert CHARGE not in f"{error} {error!r}"


@FLAVOURS
def test_a_failure_that_was_waited_for_is_returned(flavour: str) -> None:
    script = Script(answer(200, charge_of("failed", **failed(327))))
    either = Either(flavour, script)
    charge = either.do(lambda u: u.charges.wait(MADE, until=["failed", "successful"]))
    assert charge.status == "failed"
    with pytest.raises(PaymentError):
        either.do(lambda u: u.charges.wait(MADE, until="successful"))


TROUBLE: list[Any] = [
    httpx2.ReadError("reset"),
    httpx2.ConnectError("refused"),
    httpx2.ReadTimeout("slow"),
    httpx2.Response(429),
    httpx2.Response(429, json={}),
    httpx2.Response(500),
    refused(500, "DB_ERROR"),
    httpx2.Response(502, content=b"<html>Bad Gateway</html>"),
    httpx2.Response(503),
    refused(503, "SERVICE_UNAVAILABLE_TRY_AGAIN"),
    httpx2.Response(504),
    httpx2.Response(200, content=b"<html>hello</html>"),
    httpx2.Response(200, json={"id": 7}),
    httpx2.Response(302, headers={"location": "/elsewhere"}),
]


@FLAVOURS
@pytest.mark.parametrize("trouble", TROUBLE, ids=str)
def test_trouble_in_between_is_no_end(flavour: str, trouble: Any) -> None:
    """Reading changes nothing, so it is read again."""
    script = Script(answer(200, charge_of()), *[trouble] * 7, answer(200, charge_of("successful")))
    charge = Either(flavour, script).do(lambda u: u.charges.wait(MADE, within=600))
    assert charge.status == "successful"
    assert script.now < 120


@FLAVOURS
@pytest.mark.parametrize("trouble", TROUBLE, ids=str)
def test_trouble_to_the_end_says_so(flavour: str, trouble: Any) -> None:
    """Nothing failed, as far as anybody knows; the last trouble is the cause."""
    script = Script(trouble)
    with pytest.raises(StillWaitingError) as caught:
        Either(flavour, script).do(lambda u: u.charges.wait(MADE, within=20))
    assert caught.value.value is None
    assert isinstance(caught.value.__cause__, e.KessaiError)
    assert script.now <= 20.1
    assert len(script.requests) < 70


@FLAVOURS
@pytest.mark.parametrize(
    ("refusal", "error"),
    [
        (refused(401, "INVALID_CREDENTIALS"), e.AuthenticationError),
        (refused(403, "INVALID_PERMISSIONS"), e.AuthenticationError),
        (refused(404, "NOT_FOUND"), e.NotFoundError),
        (refused(400, "VALIDATION_ERROR"), e.InvalidParameterError),
    ],
)
def test_a_question_that_is_refused_ends_the_waiting(
    flavour: str, refusal: httpx2.Response, error: type[Exception]
) -> None:
    script = Script(answer(200, charge_of()), refusal)
    with pytest.raises(error):
        Either(flavour, script).do(lambda u: u.charges.wait(MADE))
    assert len(script.requests) == 2


@FLAVOURS
def test_the_deadline_is_for_all_of_it(flavour: str) -> None:
    """However slow single answers are, and whatever a call may take by itself."""
    script = Script()
    script.then(held(script, 3.0, charge_of("awaiting")))
    with pytest.raises(StillWaitingError):
        Either(flavour, script).do(lambda u: u.charges.wait(MADE, within=10, deadline=5))
    assert len(script.requests) == 4
    assert script.now == 12.0


def test_the_deadline_bounds_every_wait_of_a_question() -> None:
    """The last one may not read for 90 seconds when 2 are left."""
    waits: list[float] = []
    script = Script()

    def record(request: httpx2.Request) -> httpx2.Response:
        waits.append(request.extensions["timeout"]["read"])
        script.now += 3.0
        return httpx2.Response(200, json=charge_of("awaiting"))

    script.then(record)
    with pytest.raises(StillWaitingError):
        Either("sync", script).do(lambda u: u.charges.wait(MADE, within=8))
    assert waits == [8.0, 5.0, 2.0]


@FLAVOURS
@pytest.mark.parametrize("status", ["successful", "failed", "error"])
@pytest.mark.parametrize(
    ("group", "made", "resource", "path"),
    [
        ("refunds", REFUND_MADE, refund_of, "refunds/refund"),
        ("cancels", m.Cancel.from_wire(cancel_of()), cancel_of, f"cancels/{CANCEL}"),
    ],
)
def test_refunds_and_cancels_too(
    flavour: str, status: str, group: str, made: Any, resource: Callable[..., Any], path: str
) -> None:
    wrong = status != "successful"
    body = resource(status, **(failed(312) if wrong else {}))
    script = Script(answer(200, resource("pending")), answer(200, body))
    either = Either(flavour, script)
    if wrong:
        with pytest.raises(r.PaymentRefusedError) as caught:
            either.do(lambda u: getattr(u, group).wait(made))
        assert caught.value.value.status == status
    else:
        assert either.do(lambda u: getattr(u, group).wait(made)).status == status
    assert set(script.asked) == {f"GET /stores/store/charges/charge/{path}"}


@FLAVOURS
def test_a_cancel_that_does_not_name_its_store(flavour: str) -> None:
    bare = m.Cancel.from_wire(cancel_of(store_id=None))
    script = Script(answer(200, cancel_of("successful", store_id=None)))
    either = Either(flavour, script)
    with pytest.raises(e.ConfigurationError, match="store_id"):
        either.do(lambda u: u.cancels.wait(bare))
    assert either.do(lambda u: u.cancels.wait(bare, store_id=STORE)).status == "successful"
    assert len(script.requests) == 1


def test_cancelled_in_the_middle() -> None:
    """In an event loop a waiting call ends at once when it is told to; nothing is left behind."""

    async def main() -> tuple[int, float]:
        loop = asyncio.get_running_loop()
        asked = 0

        async def slow(_: httpx2.Request) -> httpx2.Response:
            nonlocal asked
            asked += 1
            await asyncio.sleep(3.0)
            return httpx2.Response(200, json=charge_of("awaiting"))

        system = System(monotonic=loop.time, wall=lambda: NOW + loop.time())
        async with AsyncUnivapayClient(
            app_token(), SECRET, transport=httpx2.MockTransport(slow), system=system
        ) as univapay:
            waiting = asyncio.ensure_future(univapay.charges.wait(MADE, within=3600))
            await asyncio.sleep(10.0)
            waiting.cancel()
            with pytest.raises(asyncio.CancelledError):
                await waiting
            with pytest.raises(TimeoutError):
                await asyncio.wait_for(univapay.charges.wait(MADE, within=3600), 4.0)
            left = asyncio.all_tasks() - {asyncio.current_task()}
            assert not left
        return asked, loop.time()

    assert run_virtual(main()) == (6, 14.0)


def test_many_wait_at_once() -> None:
    """A hundred payments in one loop are one wait long."""

    async def main() -> float:
        loop = asyncio.get_running_loop()

        async def slow(_: httpx2.Request) -> httpx2.Response:
            await asyncio.sleep(3.0)
            return httpx2.Response(
                200, json=charge_of("successful" if loop.time() > 20 else "awaiting")
            )

        system = System(monotonic=loop.time, wall=lambda: NOW + loop.time())
        async with AsyncUnivapayClient(
            app_token(), SECRET, transport=httpx2.MockTransport(slow), system=system
        ) as univapay:
            done = await asyncio.gather(*(univapay.charges.wait(MADE) for _ in range(100)))
        assert {charge.status for charge in done} == {"successful"}
        return loop.time()

    assert run_virtual(main()) == 21.0
