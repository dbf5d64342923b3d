"""Every sequence of the till through lost requests, lost answers, late ones and failed confirms.

Each run's network is a word over what can become of a request; the words are grown until the
sequence asks for no more, so that every branch is taken at every step. In the end what the till
says is held against the gateway's books, also after everything late has arrived.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from typing import Any
from zlib import crc32

import pytest
from kessai import NotSentError, OutcomeUnknown
from kessai_mock.paytree.state import Status
from kessai_paytree import (
    DepositRequest,
    Escalation,
    PayRequest,
    PaytreeError,
    PayType,
    RefundRequest,
    ReverseRequest,
)
from kessai_paytree.errors import (
    NeverSentError,
    OpenPaymentError,
    RefundOpenError,
    RefusedError,
    ReversalFailedError,
    ReversedError,
    UnsettledError,
)

from tests.faults.paytree_wire import LOST, Caller, Mode, World

CODES = count(281012345678900000)


def payment(pay_type: PayType = PayType.PAYPAY) -> PayRequest:
    """A payment by a code of its own."""
    return PayRequest(pay_type=pay_type, amount=1980, user_code=str(next(CODES)))


def top_up() -> DepositRequest:
    """A deposit on a card of its own."""
    card = str(next(CODES))
    return DepositRequest(pay_type=PayType.LINE_PAY, amount=3000, user_code=card)


@pytest.fixture(autouse=True)
def quiet(caplog: pytest.LogCaptureFixture) -> None:
    """Thousands of failures are meant here."""
    caplog.set_level(logging.CRITICAL, "kessai_paytree")


Run = Callable[[World, Caller], None]


def grown(modes: list[Mode], run: Callable[[list[Mode]], bool], depth: int) -> Iterator[list[Mode]]:
    """Run every word over ``modes``; one after which nothing more was sent is not grown."""
    words: list[list[Mode]] = [[]]
    while words:
        word = words.pop()
        more = run(word)
        yield word
        if more and len(word) < depth:
            for mode in modes:
                longer: list[Mode] = [*word, mode]
                words.append(longer)


def through(
    flavour: str,
    tmp_path: Path,
    modes: list[Mode],
    story: Callable[[World, Caller], None],
    *,
    depth: int = 8,
    every: int = 1,
    mocked: dict[str, Any] | None = None,
    **more: Any,
) -> int:
    """Grow the words of one story; how many were run.

    ``every``: of the branches three deep, one in so many.
    """
    runs = 0
    world = World(**(mocked or {}))
    client = Caller(flavour, world, tmp_path, **more)

    def run(word: list[Mode]) -> bool:
        nonlocal runs
        if len(word) > 2 and crc32(" ".join(word[:3]).encode()) % every:
            return False  # this branch is left to the other flavour
        runs += 1
        world.begin()
        world.script(word)
        try:
            story(world, client)
        except AssertionError as error:
            said = [(each.operation, each.mode) for each in world.sent]
            raise AssertionError(f"{error}\n  after {said}") from error
        return world.ran_out

    for _ in grown(modes, run, depth):
        pass
    client.close()
    world.close()
    return runs


def ended(client: Caller, name: str, request: Any) -> Any:
    """What a request ended with: a result, or the error."""
    try:
        return client.call(name, request)
    except PaytreeError as error:
        return error


def moved(world: World) -> list[Any]:
    """The orders whose money has moved and not come back."""
    paid = {Status.SUCCEEDED, Status.PARTLY_REFUNDED, Status.REFUNDED}
    return [order for order in world.orders if order.status in paid]


def agree_on_payment(world: World, client: Caller, end: Any, again: Any) -> None:
    """Hold what the till says of a payment or deposit against the books."""
    before = len(moved(world))
    name = "deposit" if isinstance(again, DepositRequest) else "pay"
    first = [each for each in world.sent if each.operation in (name, "payV1")]
    assert len([each for each in first if each.mode != "not sent"]) <= 1, "sent twice"
    numbers = {each.members["requestId"] for each in world.sent if each.operation == "reverse"}
    assert len(numbers) <= 1, "two reversals"
    world.arrive()
    after = len(moved(world))
    if isinstance(end, ReversalFailedError):
        assert isinstance(end, OutcomeUnknown)
        assert end.escalation is Escalation.CPS_CALL
        assert not end.safe_to_pay_again
        assert "call the CPS call centre" in str(end)
        world.script([])
        with pytest.raises(OpenPaymentError):
            client.call(name, again)
        return
    if isinstance(end, PaytreeError):
        assert (before, after) == (0, 0), f"{end!r}, and money has moved"
        assert isinstance(end, RefusedError | ReversedError | NeverSentError)
        assert end.safe_to_pay_again is isinstance(end, ReversedError | NeverSentError)
        if isinstance(end, NeverSentError):
            assert isinstance(end, NotSentError)
            assert {each.mode for each in world.sent} == {"not sent"}
        if isinstance(end, ReversedError):
            assert any(each.operation == "reverse" for each in world.sent)
        world.script([])
        world.simulation.pay = 0
        client.call(name, again)  # the code is free again
        assert len(moved(world)) == 1
        return
    assert (before, after) == (1, 1), "said to be paid"
    assert end.amount == again.amount
    assert end.order_id == moved(world)[0].order_id


def paid_first(world: World, client: Caller) -> Any:
    """A payment before the network goes bad."""
    word = world.modes
    world.script([])
    paid = client.call("pay", payment())
    world.modes, world.ran_out = word, False
    return paid


def paying(make: Callable[[], Any] = payment, name: str = "pay", test_class: int = 0) -> Run:
    def story(world: World, client: Caller) -> None:
        request = make()
        world.simulation.pay = test_class
        agree_on_payment(world, client, ended(client, name, request), request)

    return story


def test_a_payment_whatever_is_lost(tmp_path: Path) -> None:
    assert through("sync", tmp_path, LOST, paying()) > 600  # all there are


@pytest.mark.parametrize("flavour", ["sync", "async"])
def test_a_payment_where_some_things_come_through(flavour: str, tmp_path: Path) -> None:
    modes: list[Mode] = ["fine", *LOST]
    every = 41 if flavour == "sync" else 53
    assert through(flavour, tmp_path, modes, paying(), every=every) > 40


def test_a_payment_with_answers_that_cannot_be_believed(tmp_path: Path) -> None:
    modes: list[Mode] = ["fine", "half", "page", "unsigned", "forged", "stale"]
    assert through("sync", tmp_path, modes, paying(), depth=4, every=2) > 300


def test_a_payment_where_nothing_can_leave(tmp_path: Path) -> None:
    modes: list[Mode] = ["fine", "not sent", "lost after"]
    assert through("sync", tmp_path, modes, paying(), depth=6, every=2) > 50


@pytest.mark.parametrize("flavour", ["sync", "async"])
def test_a_payment_with_two_confirms(flavour: str, tmp_path: Path) -> None:
    modes: list[Mode] = ["lost before", "lost after"]
    every = 5 if flavour == "sync" else 7
    runs = through(flavour, tmp_path, modes, paying(), every=every, request_confirm_num=2)
    assert runs > 50


def test_a_payment_whose_wallet_is_found_out(tmp_path: Path) -> None:
    modes: list[Mode] = ["fine", *LOST]

    def story(world: World, client: Caller) -> None:
        paying(lambda: payment(PayType.AUTO_DETECT))(world, client)
        names = {each.operation for each in world.sent}
        assert names <= {"payV1", "confirmV1", "reverse"}

    assert through("sync", tmp_path, modes, story, depth=4) > 100


@pytest.mark.parametrize("flavour", ["sync", "async"])
@pytest.mark.parametrize("refused", [3, 4, 5])
def test_a_refused_payment_whatever_is_lost(flavour: str, refused: int, tmp_path: Path) -> None:
    modes: list[Mode] = ["fine", *LOST]
    story = paying(test_class=refused)
    assert through(flavour, tmp_path, modes, story, depth=5, every=13) > 30


@pytest.mark.parametrize("flavour", ["sync", "async"])
def test_a_deposit_whatever_is_lost(flavour: str, tmp_path: Path) -> None:
    story = paying(top_up, "deposit")
    every = 5 if flavour == "sync" else 7
    assert through(flavour, tmp_path, LOST, story, every=every) > 100


@pytest.mark.parametrize("flavour", ["sync", "async"])
@pytest.mark.parametrize("confirms", [1, 2])
def test_a_refund_whatever_is_lost(flavour: str, confirms: int, tmp_path: Path) -> None:
    modes: list[Mode] = ["fine", *LOST, "not sent", "forged"]

    def story(world: World, client: Caller) -> None:
        paid = paid_first(world, client)
        end = ended(client, "refund", RefundRequest(order_id=paid.order_id, refund_amount=980))
        order = world.simulation.orders[paid.order_id]
        before = order.refunded
        world.arrive()
        sent = [each for each in world.sent if each.operation == "refund"]
        assert len([each for each in sent if each.mode != "not sent"]) <= 1, "sent twice"
        assert not world.of("reverse"), "a refund is never reversed"
        if isinstance(end, RefundOpenError):
            assert isinstance(end, UnsettledError)
            assert not end.safe_to_pay_again
            assert end.escalation is Escalation.CPS_CALL
            assert "Do not run the refund again" in str(end)
        elif isinstance(end, NeverSentError):
            assert (before, order.refunded) == (0, 0)
        else:
            assert (before, order.refunded) == (980, 980)
            assert end.refund_amount == 980

    assert through(flavour, tmp_path, modes, story, depth=4, request_confirm_num=confirms) > 30


@pytest.mark.parametrize("flavour", ["sync", "async"])
def test_a_reversal_whatever_is_lost(flavour: str, tmp_path: Path) -> None:
    modes: list[Mode] = ["fine", *LOST, "not sent"]

    def story(world: World, client: Caller) -> None:
        paid = paid_first(world, client)
        end = ended(client, "reverse", ReverseRequest(order_id=paid.order_id))
        order = world.simulation.orders[paid.order_id]
        before = order.status
        world.arrive()
        if isinstance(end, ReversalFailedError):
            assert end.escalation is Escalation.CPS_CALL
        elif isinstance(end, NeverSentError):
            assert before is order.status is Status.SUCCEEDED
        else:
            assert before is order.status is Status.REVERSED
            assert end.order_id == paid.order_id

    every = 5 if flavour == "sync" else 11
    assert through(flavour, tmp_path, modes, story, depth=6, every=every) > 40
