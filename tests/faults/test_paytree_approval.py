"""Payments that the customer has to approve, while the network loses things and people decide."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

import pytest
from kessai_mock.paytree.state import Status
from kessai_paytree import Complete, Failed, PayRequest, PaytreeError, PayType
from kessai_paytree.errors import (
    CustomerStoppedError,
    NotConfirmedError,
    NotWaitingError,
    RefusedError,
    ReversalFailedError,
    ReversedError,
    StillWaitingError,
)

from tests.faults.paytree_wire import Caller, Mode, World

CODE = "281012345678901234"
PAY = PayRequest(pay_type=PayType.D_PAYMENT, amount=1980, user_code=CODE)
FLAVOURS = pytest.mark.parametrize("flavour", ["sync", "async"])


@pytest.fixture(autouse=True)
def quiet(caplog: pytest.LogCaptureFixture) -> None:
    """Many failures are meant here."""
    caplog.set_level(logging.CRITICAL, "kessai_paytree")


@pytest.fixture
def world() -> Iterator[World]:
    """A world whose customers approve only when told."""
    made = World(pay=1, confirms=None, approval_seconds=100_000.0)
    yield made
    made.close()


def only(world: World) -> Any:
    """The one order."""
    (order,) = world.simulation.orders.values()
    return order


def kinds(events: list[Any]) -> list[Any]:
    """What happened, in short."""
    return [
        (
            type(event.error).__name__
            if isinstance(event, Failed)
            else event.result.trans_status.name
        )
        for event in events
    ]


def approving(world: World, at: float) -> None:
    """Have the customer approve so many seconds after the start."""
    start = world.clock.now.timestamp()

    def look() -> None:
        waits = [o for o in world.simulation.orders.values() if o.status is Status.WAITING]
        if waits and world.clock.now.timestamp() - start >= at:
            world.simulation.approve(waits[0].order_id)

    world.each_second = look


@FLAVOURS
@pytest.mark.parametrize(
    ("at", "confirms"), [(0.0, 1), (4.9, 1), (5.5, 2), (8.5, 3), (30.0, 10), (59.9, 20)]
)
def test_polling_waits_then_asks_at_intervals(
    flavour: str, at: float, confirms: int, world: World, tmp_path: Path
) -> None:
    client = Caller(flavour, world, tmp_path)
    approving(world, at)
    events, progress = client.events(PAY)
    assert kinds(events) == ["WAITING", "SUCCEEDED"]
    assert [event.final for event in events] == [False, True]
    assert events[0].result.waiting
    assert not progress.result.waiting
    assert len(world.of("confirm")) == confirms
    assert only(world).status is Status.SUCCEEDED
    client.close()


@FLAVOURS
def test_polling_ends_at_the_timeout_and_reverses(
    flavour: str, world: World, tmp_path: Path
) -> None:
    client = Caller(flavour, world, tmp_path)
    start = world.clock.now
    events, _ = client.events(PAY)
    assert kinds(events) == ["WAITING", "ReversedError"]
    error = events[-1].error
    assert error.code == "APPROVAL_TIMEOUT"
    assert error.safe_to_pay_again
    assert (world.clock.now - start).total_seconds() == pytest.approx(60.0)
    assert only(world).status is Status.REVERSED
    assert len(world.of("reverse")) == 1
    client.close()


@FLAVOURS
def test_a_customer_who_stops(flavour: str, world: World, tmp_path: Path) -> None:
    client = Caller(flavour, world, tmp_path)

    def stop() -> None:
        if world.clock.now.timestamp() - start > 20 and only(world).status is Status.WAITING:
            world.simulation.decline(only(world).order_id)

    start = world.clock.now.timestamp()
    world.each_second = stop
    events, _ = client.events(PAY)
    assert kinds(events) == ["WAITING", "CustomerStoppedError"]
    assert isinstance(events[-1].error, CustomerStoppedError)
    assert not world.of("reverse")
    client.close()


@FLAVOURS
def test_the_cashier_asks_and_the_customer_approves(
    flavour: str, world: World, tmp_path: Path
) -> None:
    client = Caller(flavour, world, tmp_path, pay_confirm_polling_mode=False)
    asked = 0

    def cashier(progress: Any, event: Any) -> None:
        nonlocal asked
        if event.final:
            return
        assert progress.waiting
        asked += 1
        if asked == 3:
            world.simulation.approve(only(world).order_id)
        progress.confirm()

    events, progress = client.events(PAY, cashier)
    assert kinds(events) == ["WAITING", "StillWaitingError", "StillWaitingError", "SUCCEEDED"]
    assert isinstance(events[1].error, StillWaitingError)
    assert events[1].error.escalation is None
    assert not progress.waiting
    assert len(world.of("confirm")) == 3
    with pytest.raises(NotWaitingError):
        progress.confirm()
    client.close()


@FLAVOURS
@pytest.mark.parametrize("polling", [True, False])
@pytest.mark.parametrize("approved", [True, False])
def test_the_cashier_stops(
    flavour: str, polling: bool, approved: bool, world: World, tmp_path: Path
) -> None:
    client = Caller(flavour, world, tmp_path, pay_confirm_polling_mode=polling)

    def cashier(progress: Any, event: Any) -> None:
        if not event.final:
            if approved:
                world.simulation.approve(only(world).order_id)
            progress.stop()

    events, _ = client.events(PAY, cashier)
    assert len(world.of("confirm")) == 1
    if approved:
        assert kinds(events) == ["WAITING", "SUCCEEDED"]
        assert not world.of("reverse")
    else:
        assert kinds(events) == ["WAITING", "ReversedError"]
        assert events[-1].error.code == "STOPPED"
        assert only(world).status is Status.REVERSED
    client.close()


@FLAVOURS
def test_a_confirm_without_an_answer_goes_on_waiting(
    flavour: str, world: World, tmp_path: Path
) -> None:
    client = Caller(flavour, world, tmp_path, pay_confirm_polling_mode=False)

    def cashier(progress: Any, event: Any) -> None:
        if event.final:
            return
        if isinstance(event, Complete):
            world.script(["lost after"])
            progress.confirm()
        else:
            assert isinstance(event, Failed)
            assert isinstance(event.error, NotConfirmedError)
            world.simulation.approve(only(world).order_id)
            progress.confirm()

    events, _ = client.events(PAY, cashier)
    assert kinds(events) == ["WAITING", "NotConfirmedError", "SUCCEEDED"]
    client.close()


@FLAVOURS
def test_a_cashier_who_has_gone_home(flavour: str, world: World, tmp_path: Path) -> None:
    client = Caller(flavour, world, tmp_path, pay_confirm_polling_mode=False)
    start = world.clock.now
    events, _ = client.events(PAY)
    assert kinds(events) == ["WAITING", "ReversedError"]
    assert (world.clock.now - start).total_seconds() == pytest.approx(600.0)
    assert events[-1].error.code == "APPROVAL_TIMEOUT"
    client.close()


@FLAVOURS
def test_the_customer_approves_while_the_till_reverses(
    flavour: str, world: World, tmp_path: Path
) -> None:
    """The last question says waiting, then the customer approves, then the reversal arrives."""
    client = Caller(flavour, world, tmp_path, pay_confirm_polling_mode=False)

    def cashier(progress: Any, event: Any) -> None:
        if not event.final:
            progress.stop()

    real = world.simulation.handle

    def handle(operation: str, members: Any, **more: Any) -> Any:
        if operation == "reverse" and only(world).status is Status.WAITING:
            world.simulation.approve(only(world).order_id)
        return real(operation, members, **more)

    world.simulation.handle = handle
    events, _ = client.events(PAY, cashier)
    assert kinds(events) == ["WAITING", "ReversedError"]
    assert only(world).status is Status.REVERSED
    client.close()


def drawn(seed: int) -> Iterator[Mode]:
    """A network for one run: more or less bad."""
    chance = Random(seed)
    bad = chance.choice([0.1, 0.4, 0.8])
    modes: list[Mode] = [
        *("lost before", "lost after", "late", "half", "page"),
        *("unsigned", "forged", "stale", "not sent"),
    ]
    while True:
        yield chance.choice(modes) if chance.random() < bad else "fine"


@FLAVOURS
def test_whatever_the_network_the_customer_and_the_cashier_do(flavour: str, tmp_path: Path) -> None:
    seen: set[str] = set()
    world = World(pay=1, confirms=None, approval_seconds=100_000.0)
    (tmp_path / "polling").mkdir()
    clients = {
        True: Caller(flavour, world, tmp_path / "polling"),
        False: Caller(flavour, world, tmp_path, pay_confirm_polling_mode=False),
    }
    for seed in range(300 if flavour == "sync" else 100):
        world.begin()
        chance = Random(1000 + seed)
        world.modes = drawn(seed)
        customer = chance.choice(["approves", "declines", "sleeps"])
        at = world.clock.now.timestamp() + chance.choice([0.0, 7.0, 30.0, 61.0])
        client = clients[chance.random() < 0.5]
        request = PayRequest(pay_type=PayType.AU_PAY, amount=1980, user_code=f"28{seed:016d}")

        def look(world: World = world, customer: str = customer, at: float = at) -> None:
            for order in world.orders:
                if order.status is Status.WAITING and world.clock.now.timestamp() >= at:
                    if customer == "approves":
                        world.simulation.approve(order.order_id)
                    elif customer == "declines":
                        world.simulation.decline(order.order_id)

        def cashier(progress: Any, event: Any, chance: Random = chance) -> None:
            if progress.waiting and chance.random() < 0.8:
                (progress.stop if chance.random() < 0.3 else progress.confirm)()

        world.each_second = look
        _, progress = client.events(request, cashier)
        try:
            end: Any = progress.result
        except PaytreeError as error:
            end = error
        seen.add(type(end).__name__)
        check(world, end, seed)
    for client in clients.values():
        client.close()
    world.close()
    assert seen >= {
        *("PayResult", "ReversedError", "CustomerStoppedError", "ReversalFailedError"),
    }


def check(world: World, end: Any, seed: int) -> None:
    """Hold what the till says against the books, also after everything late has arrived."""
    sent = [(each.operation, each.mode) for each in world.sent]
    for _ in range(2):
        statuses = [order.status for order in world.orders]
        said = f"seed {seed}: {end!r}, {statuses} after {sent}"
        assert len(statuses) <= 1, said
        if isinstance(end, ReversalFailedError):
            assert "call the CPS call centre" in str(end), said
        elif isinstance(end, ReversedError):
            assert statuses == [Status.REVERSED], said
        elif isinstance(end, RefusedError):
            assert statuses in ([Status.FAILED], [Status.REVERSED]), said
        elif isinstance(end, PaytreeError):
            assert statuses == [], said
        else:
            assert statuses == [Status.SUCCEEDED], said
        world.arrive()
