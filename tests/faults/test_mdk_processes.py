"""The MDK's client in processes that die, children that are forked, threads, and tasks cut short.

Whatever breaks off, an order is sent once, and whoever comes later can settle it.
"""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest
from kessai import (
    Environment,
    IntentInProgressError,
    NotPaid,
    Open,
    OutcomeUnknown,
    Paid,
    System,
)
from kessai.stores.aio import AsyncJournal
from kessai.stores.memory import MemoryJournal
from kessai.stores.sqlite import SqliteJournal
from kessai_mdk import AsyncMdkClient, MdkClient
from kessai_mdk import models as m
from kessai_mock.mdk import MERCHANT_CCID, MERCHANT_SECRET_KEY, create_app
from kessai_mock.server import ServerThread

from tests.support.virtual_loop import run_virtual
from tests.unit.mdk.scripted import Found, Nothing, Script, card, said, transaction

pytestmark = pytest.mark.socket

TOKEN_API_KEY = "c0ffee00-1234-4abc-8def-0123456789ab"
CARD = "4111111111111111"
KILLED = """
import os, sys
import httpx2
from kessai import Environment
from kessai.stores.sqlite import SqliteJournal
from kessai_mdk import MdkClient, models as m
from kessai_mock.mdk import MERCHANT_CCID, MERCHANT_SECRET_KEY

url, path, token, dies = sys.argv[1:]

class Dying(httpx2.HTTPTransport):
    def handle_request(self, request):
        if dies == "before":
            os._exit(9)
        super().handle_request(request).read()
        os._exit(9)

mdk = MdkClient(MERCHANT_CCID, MERCHANT_SECRET_KEY, environment=Environment(api=url, token=url),
                journal=SqliteJournal(path), transport=Dying())
mdk.card.authorize(m.CardAuthorizeRequest(
    order_id="BOOK-1", amount=3300, pay_now_id_param=m.PayNowIdParam(token=token)))
"""
FORKED = """
import os, sys
from kessai import Environment
from kessai_mdk import MdkClient, models as m
from kessai_mock.mdk import MERCHANT_CCID, MERCHANT_SECRET_KEY

mdk = MdkClient(MERCHANT_CCID, MERCHANT_SECRET_KEY,
                environment=Environment(api=sys.argv[1], token=sys.argv[1]))
search = m.SearchSearchRequest(contain_dummy_flag=m.BooleanText.TRUE)
assert mdk.search.search(search).result.search_count == 0
children = [os.fork() for _ in range(2)]
for _ in range(3):
    assert mdk.search.search(search).result.search_count == 0
if 0 in children:
    os._exit(0)
sys.exit(sum(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children))
"""


class Gateway:
    """The mock on a loopback port."""

    def __init__(self, url: str, app: Any) -> None:
        self.url = url
        self.state = app.state.gateway

    def options(self, **more: Any) -> dict[str, Any]:
        """For a client of it."""
        return {
            "merchant_ccid": MERCHANT_CCID,
            "merchant_secret_key": MERCHANT_SECRET_KEY,
            "environment": Environment(api=self.url, token=self.url),
            **more,
        }

    def request(self, order_id: str = "BOOK-1") -> m.CardAuthorizeRequest:
        """A card payment by a new token."""
        wanted = m.TokenRequest(token_api_key=TOKEN_API_KEY, card_number=CARD, card_expire="12/30")
        with MdkClient(**self.options()) as mdk:
            param = m.PayNowIdParam(token=mdk.token.token(wanted).token)
        return m.CardAuthorizeRequest(order_id=order_id, amount=3300, pay_now_id_param=param)


@pytest.fixture
def gateway() -> Iterator[Gateway]:
    app = create_app(deliver=lambda webhook: 200)
    with ServerThread(app) as url:
        made = Gateway(url, app)
        # The two clocks agree: what was done and when is asked by time.
        made.state.clock.advance(time.time() - made.state.clock.now.timestamp())
        yield made
    assert made.state.faults == []
    made.state.ledger.audit()


@pytest.mark.parametrize("dies", ["before", "after"])
def test_a_killed_process_leaves_what_the_next_one_settles(
    gateway: Gateway, tmp_path: Path, dies: str
) -> None:
    path, request = tmp_path / "journal.db", gateway.request()
    assert request.pay_now_id_param is not None
    token = request.pay_now_id_param.token or ""
    words = [sys.executable, "-c", KILLED, gateway.url, str(path), token, dies]
    assert subprocess.run(words, check=False, timeout=60).returncode == 9
    assert token.encode() not in path.read_bytes()
    assert MERCHANT_SECRET_KEY.encode() not in path.read_bytes()

    late = 0.0

    def now() -> float:
        return time.time() + late

    journal, system = SqliteJournal(path, clock=now), System(wall=now)
    with MdkClient(**gateway.options(journal=journal, system=system)) as mdk:
        with pytest.raises(IntentInProgressError):  # for as long as the dead one might live
            mdk.card.authorize(request)
        late = 3600.0
        with pytest.raises(OutcomeUnknown) as raised:
            mdk.card.authorize(request)
        outcome = mdk.resolve(raised.value)
        if dies == "after":
            assert type(outcome) is Paid
        else:
            # By this clock the token has run out, and the gateway's says that it has not.
            assert isinstance(outcome, Open)
            gateway.state.clock.advance(3600)
            assert type(mdk.resolve(raised.value)) is NotPaid
    commands = [
        one.command for order in gateway.state.orders.values() for one in order.transactions
    ]
    assert commands == (["Authorize"] if dies == "after" else [])


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")
def test_forked_children_ask_for_themselves(gateway: Gateway) -> None:
    words = [sys.executable, "-c", FORKED, gateway.url]
    subprocess.run(words, check=True, timeout=60)


def test_many_threads_pay_each_order_once(gateway: Gateway, tmp_path: Path) -> None:
    """Eight threads, each of which pays each of five orders with one client."""
    requests = [gateway.request(f"BOOK-{number}") for number in range(5)]
    paid: list[str] = []
    others: list[Exception] = []
    journal = SqliteJournal(tmp_path / "journal.db")
    with MdkClient(**gateway.options(journal=journal)) as mdk:

        def shop() -> None:
            for request in requests:
                try:
                    paid.append(mdk.card.authorize(request).result.order_id or "")
                except Exception as error:
                    others.append(error)

        threads = [threading.Thread(target=shop) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
    assert sorted(paid) == [request.order_id for request in requests]
    assert {type(error).__name__ for error in others} <= {
        "IntentInProgressError",
        "IntentClosedError",
    }
    for order in gateway.state.orders.values():
        assert [one.command for one in order.transactions] == ["Authorize"]


class Slow(httpx2.AsyncBaseTransport):
    """Answers of a script, each after ten seconds."""

    def __init__(self, script: Script) -> None:
        self.script = script

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        await request.aread()
        self.script.requests.append(request)
        await asyncio.sleep(10)
        self.script.requests.pop()
        return self.script(request)


def on_virtual_time(script: Script) -> AsyncMdkClient:
    """A client with a journal on the running loop's clock, which the script's follows."""
    loop, begin = asyncio.get_running_loop(), asyncio.get_running_loop().time()

    def wall() -> float:
        script.now = loop.time() - begin
        return script.system.wall()

    system = System(monotonic=loop.time, wall=wall, sleep_async=asyncio.sleep)
    journal = AsyncJournal(MemoryJournal(clock=wall))
    return script.async_client(system=system, transport=Slow(script), journal=journal)


def test_a_call_that_is_cancelled_under_way_is_asked_about() -> None:
    """Nothing is sent again, and the journal knows that it may have been carried out."""

    async def shop() -> None:
        script = Script(said())
        async with on_virtual_time(script) as mdk:
            task = asyncio.ensure_future(mdk.card.authorize(card()))
            await asyncio.sleep(5)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            assert len(script.requests) == 1
            with pytest.raises(IntentInProgressError):  # until its lease has ended
                await mdk.card.authorize(card())
            await asyncio.sleep(600)
            with pytest.raises(OutcomeUnknown) as raised:
                await mdk.card.authorize(card())
            assert len(script.requests) == 1
            script.then(Found(script, transaction()))
            assert type(await mdk.resolve(raised.value)) is Paid

    run_virtual(shop())


def test_a_resolve_that_is_cancelled_while_it_waits_can_be_begun_again() -> None:
    async def shop() -> None:
        script = Script(httpx2.ReadError("lost"))
        async with on_virtual_time(script) as mdk:
            with pytest.raises(OutcomeUnknown) as raised:
                await mdk.card.authorize(card())
            script.then(Nothing(script))
            for cut in (5.0, 14.0, 25.0):  # in the question, and in a pause
                task = asyncio.ensure_future(mdk.resolve(raised.value, wait=7200))
                await asyncio.sleep(cut)
                task.cancel()
                with pytest.raises(asyncio.CancelledError):
                    await task
            assert type(await mdk.resolve(raised.value, wait=7200)) is NotPaid
            # The number is free again, and known to be.
            script.then(said())
            await mdk.card.authorize(card())
            assert script.paths.count("Authorize/card") == 2

    run_virtual(shop())
