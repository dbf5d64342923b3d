"""Directed life cycles, told for each wallet: every way a payment or an agreement can go."""

from __future__ import annotations

from collections.abc import Callable

from tests.support import contract_unified_acts as acts
from tests.support.contract_unified_acts import GIVES_UP, PENDING, REFUSED, WAITING
from tests.support.contract_unified_world import Order, World

TAKES = ("auth", "auth_capture")


def paid(world: World, wallet: str, take: str = "auth", payment_id: str | None = None) -> Order:
    """A payment the consumer has made."""
    order = acts.apply(world, wallet, take=take, payment_id=payment_id)
    assert order is not None
    acts.press(world, order, "success")
    return order


def agreed(world: World, wallet: str) -> Order:
    """An active agreement."""
    order = acts.apply(world, wallet, "agreement")
    assert order is not None
    acts.press(world, order, "success")
    assert order.status == "ACTIVE"
    return order


def charged(world: World, agreement: Order, take: str = "auth", says: str | None = None) -> Order:
    """A payment on demand."""
    order = acts.charge(world, agreement, take=take, says=says)
    assert order is not None
    return order


def one_off(world: World, wallet: str) -> None:
    """Applied for, approved, captured in part, refunded in parts; or cancelled while held."""
    order = paid(world, wallet)
    acts.capture(world, order, 5000)  # more than there is
    acts.update(world, order, 4000)
    acts.update(world, order, None)
    acts.cancel(world, order, 1000)  # a part of a hold
    acts.capture(world, order, 2000)
    acts.capture(world, order, None)  # once only
    acts.update(world, order, 1000)  # not after a capture
    acts.cancel(world, order, 700)
    acts.cancel(world, order, 1310)  # more than is left
    acts.press(world, order, "success")  # the same redirect again
    world.audit()
    acts.cancel(world, order, None)
    acts.cancel(world, order, None)  # nothing is left
    assert order.status == "CANCELLED"

    held = paid(world, wallet)
    acts.cancel(world, held, None)
    taken = paid(world, wallet, "auth_capture")
    acts.capture(world, taken, None)
    acts.cancel(world, taken, 3300)
    assert [held.status, taken.status] == ["CANCELLED", "CANCELLED"]


def late(world: World, wallet: str) -> None:
    """A hold runs out: the money is free, and nothing can be done with it any more."""
    order, captured = paid(world, wallet), paid(world, wallet)
    acts.capture(world, captured, None)
    pending = paid(world, wallet)
    acts.capture(world, pending, None, PENDING)
    acts.lapse(world)
    world.audit()
    acts.capture(world, order, None)
    acts.cancel(world, order, None)
    acts.update(world, order, None)
    acts.cancel(world, captured, 1000)  # what was captured stays
    acts.settle(world, pending, good=True)  # too late for that as well
    acts.settle(world, pending, good=False)
    longer = paid(world, wallet)
    world.pass_time(20 * 86400)
    acts.update(world, longer, None)  # where it is served, the hold begins anew
    world.pass_time(20 * 86400)
    world.audit()
    acts.capture(world, longer, None)
    assert longer.status == ("CAPTURED" if wallet in {"rakuten", "au"} else "AUTHORIZED")


def failing(world: World, wallet: str) -> None:
    """Refused or given up, then tried again under the same paymentId until it is paid."""
    first = acts.apply(world, wallet, says=REFUSED)
    assert first is not None
    second = acts.apply(world, wallet, payment_id=first.payment_id)
    assert second is not None
    acts.press(world, second, GIVES_UP[wallet])
    third = paid(world, wallet, payment_id=first.payment_id)
    assert [first.status, second.status, third.status] == ["FAILED", "FAILED", "AUTHORIZED"]
    assert acts.apply(world, wallet, payment_id=first.payment_id) is None
    for command in (acts.capture, acts.cancel):
        command(world, third, None, REFUSED)
    acts.update(world, third, None, REFUSED)
    acts.cancel(world, third, None)
    abandoned = acts.apply(world, wallet)
    assert abandoned is not None
    acts.press(world, abandoned, "abandon")
    acts.capture(world, abandoned, None)
    agreement = acts.apply(world, wallet, "agreement", says=REFUSED)
    assert agreement is not None
    again = acts.apply(world, wallet, "agreement", payment_id=agreement.payment_id)
    assert again is not None
    acts.press(world, again, "failure_deadline" if wallet == "rakuten" else GIVES_UP[wallet])
    assert again.status == "FAILED"


def twice(world: World, wallet: str) -> None:
    """Two payments land on one paymentId: the second has to be looked at, none is cancelled."""
    first = acts.apply(world, wallet)
    assert first is not None
    second = acts.apply(world, wallet, payment_id=first.payment_id)
    assert second is not None
    acts.press(world, second, "success")
    acts.press(world, first, "success")
    assert [second.code, first.code] == ["UA-000-001", "UA-000-002"]
    world.audit()
    acts.cancel(world, first, None)  # by its fepOrderId
    acts.capture(world, second, None)  # by the paymentId
    away = acts.apply(world, wallet)
    assert away is not None
    acts.press(world, away, "away")
    world.inquire()
    acts.press(world, away, "success")  # the browser comes back after all
    in_app = acts.apply(world, wallet)
    assert in_app is not None
    acts.pay_in_app(world, in_app)


def unknown(world: World, wallet: str) -> None:
    """UA-PND-001, never sent again, asked about until it is settled either way."""
    for take in TAKES:
        order = acts.apply(world, wallet, take=take, says=PENDING)
        assert order is not None
        world.inquire()
        acts.capture(world, order, None)
        acts.settle(world, order, good=True)
        world.inquire()
        world.audit()
    for kind in ("single", "agreement"):
        order = acts.apply(world, wallet, kind, says=PENDING)
        assert order is not None
        acts.settle(world, order, good=False)
        world.inquire()
    agreement = acts.apply(world, wallet, "agreement", says=PENDING)
    assert agreement is not None
    acts.settle(world, agreement, good=True)
    if wallet == "rakuten":
        for kind in ("single", "agreement"):
            order = acts.apply(world, wallet, kind)
            assert order is not None
            acts.press(world, order, "interrupted")
            world.inquire()
            acts.settle(world, order, good=True)
    order = paid(world, wallet)
    for command in (acts.update, acts.capture, acts.cancel):
        for good in (False, True):
            command(world, order, 2000 if command is acts.capture else None, PENDING)
            world.inquire()
            if order.pending is not None:
                acts.settle(world, order, good=good)
            world.audit()
    assert order.status == "CANCELLED"


def on_demand(world: World, wallet: str) -> None:
    """Subscribe, charge in every way, terminate; nothing is charged after the end."""
    agreement = agreed(world, wallet)
    for take in TAKES:
        order = charged(world, agreement, take)
        acts.update(world, order, 4000)
        acts.capture(world, order, 2000)
        acts.cancel(world, order, 500)
        acts.cancel(world, order, None)
        for good in (True, False):
            order = charged(world, agreement, take, PENDING)
            world.inquire()
            acts.settle(world, order, good=good)
            world.inquire()
    acts.cancel(world, charged(world, agreement), None)
    failed = charged(world, agreement, says=REFUSED)
    again = acts.charge(world, agreement, payment_id=failed.payment_id)
    assert again is not None
    assert acts.charge(world, agreement, payment_id=failed.payment_id) is None
    if wallet == "paypay":
        for take in TAKES:
            order = charged(world, agreement, take, WAITING)
            world.inquire()
            acts.pay_in_app(world, order)
            world.inquire()
        acts.settle(world, charged(world, agreement, says=WAITING), good=False)
    acts.capture(world, agreement, None)  # not a payment
    acts.terminate(world, again)  # not an agreement
    acts.terminate(world, agreement, REFUSED)
    acts.terminate(world, agreement, PENDING)
    if agreement.pending is not None:
        acts.settle(world, agreement, good=False)
    acts.terminate(world, agreement)
    assert agreement.status == ("ACTIVE" if wallet == "rakuten" else "TERMINATED")
    if agreement.status == "TERMINATED":
        assert acts.charge(world, agreement) is None
    other = agreed(world, wallet)
    acts.deregister(world, other)
    acts.terminate(world, other)
    assert (acts.charge(world, other) is None) == (wallet != "rakuten")


STORIES: dict[str, Callable[[World, str], None]] = {
    "one-off": one_off,
    "late": late,
    "failing": failing,
    "twice": twice,
    "unknown": unknown,
    "on demand": on_demand,
}
