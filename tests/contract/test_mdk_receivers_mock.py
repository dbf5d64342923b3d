"""What the MDK mock really sends against the client's parsers, and what somebody makes of it.

The mock has its own reading of the proofs; so a PUSH or result that it makes and the client takes
was read alike by both. Everything told of an order is joined in any order.
"""

from __future__ import annotations

import base64
from collections.abc import Generator
from typing import Any
from urllib.parse import parse_qsl, urlencode

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from kessai.stores.memory import MemoryDedupe
from kessai_mdk import Notice, OrderState, PushReceiver, Result, ResultService, join
from kessai_mdk import models as m
from kessai_mdk.notices import parse_push
from kessai_mdk.results import parse_result
from kessai_mock.mdk import MERCHANT_CCID, MERCHANT_SECRET_KEY
from kessai_mock.webhooks import Webhook

from tests.support.contract_asgi import App
from tests.support.contract_drawn import drawing
from tests.support.contract_mdk_receiver import (
    BY_SENDER,
    FORM,
    PUSHES,
    RESULTS,
    SERVICES,
    Shop,
)
from tests.support.contract_mdk_told import MONTH, Brought, Teller

DRAWN = drawing(60)
VISIBLE = st.characters(min_codepoint=33, max_codepoint=126)


@pytest.fixture(scope="module")
def told() -> Generator[Teller]:
    """A mock whose customers have been everywhere."""
    teller = Teller()
    teller.walk()
    yield teller
    teller.close()


@pytest.fixture
def shop() -> Shop:
    return Shop()


@pytest.fixture
def app(shop: Shop) -> Generator[App]:
    app = App(shop.app())
    yield app
    app.close()


def notices(webhook: Webhook) -> tuple[Notice, ...]:
    """What a PUSH of the mock says."""
    return parse_push(
        webhook.body,
        webhook.headers,
        merchant_ccid=MERCHANT_CCID,
        secret=MERCHANT_SECRET_KEY,
        allow_test=True,
    ).notices


def result(one: Brought, order_id: str | None = None) -> Result[Any]:
    """What a browser brought, read when it came."""
    service: ResultService = SERVICES[one.service]
    command: Any = one.command
    return parse_result(
        one.text,
        service=service,
        merchant_ccid=MERCHANT_CCID,
        secret=MERCHANT_SECRET_KEY,
        order_id=order_id,
        command=command,
        now=one.at,
    )


def bring(app: App, service: str, text: str) -> int:
    """Bring something to the shop; the status it answers."""
    place = f"{RESULTS}/any/{service}"
    if service in {"mpi", *BY_SENDER}:
        return app.send("POST", place, {"content-type": FORM}, text.encode()).status
    return app.send("GET", f"{place}?{text}").status


def test_the_mocks_pushes_are_taken_once_and_no_other(told: Teller, shop: Shop, app: App) -> None:
    for webhook in [*told.sent, *told.sent]:  # each comes twice
        answer = app.send("POST", f"{PUSHES}/any", dict(webhook.headers), webhook.body)
        assert answer.status == 200
    assert len(shop.booked) == len(told.records)
    assert {notice.service for notice in shop.booked} == {
        "mpi", "cvs", "bank", "upop", "alipay", "paypal", "carrier", "oricosc", "paypay",
        "rakuten", "merpay",
    }  # fmt: skip
    for notice in shop.booked:
        assert notice.test
        assert notice.kind != "other"

    @DRAWN
    @given(st.sampled_from(told.sent), st.data())
    def tampered(webhook: Webhook, data: st.DataObject) -> None:
        body, headers = webhook.body, dict(webhook.headers)
        at = data.draw(st.integers(0, len(body) - 1))
        byte = bytes([data.draw(st.integers(0, 255))])
        marked = headers["Content-Hmac"]
        spot = data.draw(st.integers(0, len(marked) - 1))
        other = marked[:spot] + data.draw(VISIBLE) + marked[spot + 1 :]
        for content, line in (
            (body[:at] + byte + body[at + 1 :], marked),
            (body[:at] + byte + body[at:], marked),
            (body[:at] + body[at + 1 :], marked),
            (body[:at], marked),
            (body, other),
        ):
            if (content, line) != (body, marked):
                lines = {**headers, "Content-Hmac": line}
                answer = app.send("POST", f"{PUSHES}/any", lines, content)
                assert answer.status == 401, (content, line)

    tampered()
    assert len(shop.booked) == len(told.records)


def test_the_mocks_results_are_taken_and_no_other(told: Teller, shop: Shop, app: App) -> None:
    assert {one.service for one in told.brought} == set(SERVICES)
    for one in told.brought:
        shop.now = one.at
        assert bring(app, one.service, one.text) == 200, one
        assert result(one, one.order_id).order_id == one.order_id

    @DRAWN
    @given(
        st.sampled_from([one for one in told.brought if one.service not in BY_SENDER]), st.data()
    )
    def tampered(one: Brought, data: st.DataObject) -> None:
        pairs = parse_qsl(one.text, keep_blank_values=True)
        place = data.draw(st.integers(0, len(pairs) - 1))
        name, value = pairs[place]
        at = data.draw(st.integers(0, max(len(value) - 1, 0)))
        letter = data.draw(VISIBLE)
        changed = data.draw(
            st.sampled_from(
                [value[:at] + letter + value[at + 1 :], value[:at] + letter + value[at:]]
            )
        )
        assume(changed != value)
        if name == "authParams":
            assume(_listed(changed) != _listed(value))  # another spelling of the same list
        shop.now = one.at
        for forged in (
            [*pairs[:place], (name, changed), *pairs[place + 1 :]],
            [*pairs, (name, changed)],
            [*pairs[:place], *pairs[place + 1 :]],
        ):
            assert 400 <= bring(app, one.service, urlencode(forged)) < 500, forged

    tampered()


def _listed(auth_params: str) -> bytes | None:
    try:
        return base64.b64decode(auth_params.translate(str.maketrans("-_*", "/+=")), validate=True)
    except ValueError:
        return None


ENDS = {
    "mpi-1": "authorized", "mpi-2": "failed", "cvs-1": "paid", "bank-1": "paid",
    "upop-1": "paid", "alipay-1": "paid", "paypal-1": "paid", "carrier-1": "authorized",
    "paypay-1": "authorized", "rakuten-1": "authorized", "merpay-1": "authorized",
}  # fmt: skip


def test_every_order_ends_alike_whoever_tells_first(told: Teller) -> None:
    tellings = [notice for webhook in told.sent for notice in notices(webhook)]
    results = [result(one) for one in told.brought]
    everything: list[Notice | Result[Any]] = [*tellings, *results]

    @DRAWN
    @given(st.sampled_from(sorted(ENDS)), st.data())
    def joined(order_id: str, data: st.DataObject) -> None:
        mine = [one for one in everything if one.order_id == order_id]
        again = data.draw(st.lists(st.sampled_from(mine), max_size=3))
        state = OrderState(order_id)
        for telling in data.draw(st.permutations([*mine, *again])):
            state = join(state, telling)
        assert state.status == ENDS[order_id]
        assert OrderState.load(state.dump()) == state

    joined()


def test_a_push_overtakes_the_browser(told: Teller) -> None:
    """And a browser that lost its way leaves the order known all the same."""
    heard = [n for webhook in told.sent for n in notices(webhook) if n.order_id == "mpi-1"]
    assert join(OrderState("mpi-1"), *heard).status == "authorized"
    came = next(result(one) for one in told.brought if one.order_id == "mpi-1")
    assert join(OrderState("mpi-1"), came).status == "authorized"
    assert isinstance(came.values, m.MpiReturn)


@pytest.mark.parametrize("end", ["termination", "deletion"])
def test_a_monthly_agreement_and_its_end(end: str) -> None:
    """Months are told one by one; the end comes from the customer, or behind the shop's back."""
    teller, order_id = Teller(), "monthly-1"
    teller.agreement(order_id)
    teller.advance(2 * MONTH)
    teller.next(operation="carrierCharge", provider="WG04")
    teller.advance(MONTH)
    if end == "termination":
        teller.terminate(order_id)
    else:
        teller.act(order_id, "delete")
    heard = [notice for webhook in teller.sent for notice in notices(webhook)]
    results = [result(one) for one in teller.brought]
    teller.close()
    state = join(OrderState(order_id), *reversed(heard), *results)
    assert state == join(OrderState(order_id), *results, *heard)
    assert (state.status, state.ended_by) == ("ended", end)
    assert list(state.charges.values()).count("failure") == 1
    assert list(state.charges.values()).count("success") >= 1


def test_a_confirmed_report_that_takes_the_prompt_one_back() -> None:
    teller, order_id = Teller(), "paypal-1"
    teller.next(operation="paypalReport", provider="ZD01")
    teller.paypal(order_id)
    (prompt,) = [notice for webhook in teller.sent for notice in notices(webhook)]
    assert join(OrderState(order_id), prompt).status == "paid"
    teller.advance(4 * 86_400)
    heard = [notice for webhook in teller.sent for notice in notices(webhook)]
    teller.close()
    assert [notice.confirmed for notice in heard] == [False, True]
    assert join(OrderState(order_id), *heard).status == "failed"
    assert join(OrderState(order_id), *reversed(heard)).status == "failed"


def test_a_shop_that_was_away_handles_every_notice_once() -> None:
    """Refused at first, then bundled: what was handled is skipped, what failed comes again."""
    teller = Teller()
    booked: list[str | None] = []
    broken = {"cvs-1"}

    def book(notice: Notice) -> None:
        if notice.order_id in broken:
            raise LookupError(notice.order_id)
        booked.append(notice.order_id)

    receiver = PushReceiver(
        lambda body, headers: parse_push(
            body, headers, merchant_ccid=MERCHANT_CCID, secret=MERCHANT_SECRET_KEY, allow_test=True
        ),
        MemoryDedupe(),
        name="contract",
    )
    statuses: list[int] = []

    def deliver(webhook: Webhook) -> int:
        answer = receiver.handle(webhook.body, webhook.headers, book, on_error="return")
        statuses.append(answer.status)
        return answer.status

    teller.hear = deliver
    for number in range(1, 4):
        body = {"serviceOptionType": "sej", "amount": "300", "telNo": "0901"}
        teller.done("cvs", "Authorize", {"orderId": f"cvs-{number}", **body})
        teller.pay(f"cvs-{number}")
    broken.clear()
    teller.advance(86_400)
    teller.close()
    assert sorted(map(str, booked)) == ["cvs-1", "cvs-2", "cvs-3"]
    assert statuses[0] == 500
    assert statuses[-1] == 200
