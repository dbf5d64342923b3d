"""Directed life cycles: the ways a state machine finds too seldom."""

from __future__ import annotations

from collections.abc import Callable

from tests.support import contract_acts as acts
from tests.support import contract_pay as pay
from tests.support.contract_acts import REFUSED
from tests.support.contract_world import World

DAY = 86400


def card_tried_again(world: World) -> None:
    """A declined order is tried again in every way, and fails once more in between."""
    failed = acts.charge_card(world, amount=REFUSED)
    acts.charge_card(world, amount=REFUSED, failed=failed)
    acts.charge_card(world, tds2="automatic", failed=failed)
    acts.press(world, failed, "fail", follow=True)
    acts.charge_card(world, mode="CAPTURE", failed=failed)
    again = acts.charge_card(world, amount=REFUSED)
    acts.charge_card(world, mode="AUTH", failed=again)
    check = acts.check_card(world, good=False)
    acts.check_card(world, failed=check)
    world.audit()


def three_d_secure(world: World) -> None:
    """Automatic and by the merchant, passed and not passed, charges and checks."""
    for tds2 in ("automatic", "manual"):
        for outcome in ("success", "challenge", "attempt", "fail", "reject", "cancel", "decline"):
            for mode in ("AUTH", "CAPTURE"):
                order = acts.charge_card(world, tds2=tds2, mode=mode)
                acts.press(world, order, outcome, follow=mode == "AUTH")
                acts.finalize(world, order)
            check = acts.check_card(world, tds2=tds2)
            acts.press(world, check, outcome, follow=True)
            acts.finalize(world, check)
        world.audit()


def abandoned(world: World) -> None:
    """Customers who never come, or come too late, leave nothing behind in the ledger."""
    orders = [
        acts.charge_card(world, tds2="automatic"),
        pay.charge_wallet(world, "PAYPAY"),
        pay.charge_frontend(world),
    ]
    opened = pay.charge_wallet(world, "MERPAY")
    pay.open_wallet(world, opened)
    world.pass_time(121)
    acts.press(world, orders[0], "success")
    world.audit()
    world.pass_time(1800)
    world.audit()
    states = [order.status for order in [*orders, opened]]
    assert states == ["AUTHENTICATED", "EXPIRED", "EXPIRED", "EXPIRED"]


def card_changed(world: World) -> None:
    """Holds and sales change into one another, up and down, and are cancelled."""
    for first in ("AUTH", "CAPTURE", "SALES"):
        for mode in ("AUTH", "CAPTURE"):
            for amount in (700, 1000, 1500):
                order = acts.charge_card(world, mode="CAPTURE" if first == "CAPTURE" else "AUTH")
                if first == "SALES":
                    acts.capture(world, order)
                acts.change(world, order, amount, mode)
                acts.change(world, order, REFUSED, mode)
                acts.cancel(world, order)
                acts.cancel(world, order)
    for first in ("AUTH", "CAPTURE", "SALES"):
        order = acts.charge_card(world, mode="CAPTURE" if first == "CAPTURE" else "AUTH")
        if first == "SALES":
            acts.capture(world, order)
        acts.cancel(world, order)
    world.audit()


def card_hold_runs_out(world: World) -> None:
    """After 60 days a hold can be neither captured nor changed, and the money is back."""
    order = acts.charge_card(world)
    world.pass_time(30 * DAY)
    renewed = acts.charge_card(world)
    acts.change(world, order, 1000)  # the same amount prolongs the hold
    world.pass_time(40 * DAY)
    world.audit()
    acts.capture(world, order)
    world.pass_time(30 * DAY)
    acts.capture(world, renewed)
    acts.change(world, renewed, 900)
    world.audit()
    assert (order.status, renewed.status) == ("SALES", "AUTH")


def many_refunds(world: World) -> None:
    """A settled order can be reduced ten times (assumed), and no more."""
    order = acts.charge_card(world, mode="CAPTURE")
    for amount in range(990, 870, -10):
        acts.change(world, order, amount, "CAPTURE")
    assert order.amount == 900
    world.audit()


def wallets(world: World) -> None:
    """Every wallet, held and sold, changed both ways, captured and cancelled."""
    for wallet in ("PAYPAY", "DOCOMO", "RAKUTEN", "AU_APP", "MERPAY", "AMAZON"):
        for mode in ("AUTH", "CAPTURE"):
            order = pay.charge_wallet(world, wallet, mode=mode)
            acts.press(world, order, "success", follow=True)
            for amount in (700, 900, 1500, 600):
                acts.change(world, order, amount)
            acts.capture(world, order)
            acts.change(world, order, 500)
            acts.change(world, order, 550)
            acts.cancel(world, order)
            world.audit()
        held = pay.charge_wallet(world, wallet, mode="AUTH")
        acts.press(world, held, "success")
        acts.cancel(world, held)
        failed = pay.charge_wallet(world, wallet, amount=REFUSED)
        pay.charge_wallet(world, wallet, amount=REFUSED, failed=failed)
        pay.charge_wallet(world, wallet, failed=failed)
    world.pass_time(120)
    world.audit()


def amazon_refunds(world: World) -> None:
    """Amazon Pay tells by webhook whether a refund worked; if not, the payment stands."""
    for mode in ("CAPTURE", "AUTH"):
        for fails in (False, True):
            order = pay.charge_wallet(world, "AMAZON", mode=mode)
            acts.press(world, order, "success")
            acts.capture(world, order)
            before = order.status
            if fails:
                world.mock.script("amazonPayRefund", fault="fail")
            acts.cancel(world, order)
            world.audit()
            world.pass_time(120)
            world.audit()
            assert order.status == (before if fails else "RETURN")


def wallet_consents(world: World) -> None:
    """Consents are given, charged, replaced, ended by deletion and by the member's leaving."""
    member = pay.join(world)
    for wallet in ("PAYPAY", "MERPAY"):
        for _ in range(2):  # the second replaces the first
            consent = pay.ask_consent(world, wallet, member.id)
            acts.press(world, consent, "success", follow=True)
            member.consents[wallet] = consent
            world.audit()
        for mode in ("AUTH", "CAPTURE"):
            pay.charge_consent(world, member.id, wallet, mode=mode)
            failed = pay.charge_consent(world, member.id, wallet, amount=REFUSED)
            pay.charge_consent(world, member.id, wallet, mode=mode, failed=failed)
    pay.inspect(world, member)
    pay.end_consent(world, member, "PAYPAY")
    refused = pay.ask_consent(world, "DOCOMO", member.id)
    acts.press(world, refused, "cancel", follow=True)
    pay.inspect(world, member)
    pay.leave(world, member)
    world.pass_time(61)
    world.audit()
    assert member.consents["MERPAY"].status == "END"


def frontend(world: World) -> None:
    """PayPay in its app: verified by the merchant, or settled by itself with a webhook."""
    for mode in ("AUTH", "CAPTURE"):
        verified = pay.charge_frontend(world, mode=mode)
        pay.verify_frontend(world, verified)  # too early
        pay.approve_frontend(world, verified)
        pay.verify_frontend(world, verified)
        pay.verify_frontend(world, verified)
        settled = pay.charge_frontend(world, mode=mode)
        pay.approve_frontend(world, settled)
        world.pass_time(61)
        world.audit()
        assert (verified.status, settled.status) == (mode, mode)
    poor = pay.charge_frontend(world, amount=REFUSED)
    pay.approve_frontend(world, poor)
    world.pass_time(61)
    world.audit()
    assert poor.status == "PAYFAIL"


def cash(world: World) -> None:
    """Paid, paid short and over, paid too late, cancelled, tried again."""
    for kind in ("KONBINI", "PAYEASY", "BANK_TRANSFER_SMBC", "BANK_TRANSFER_GMO_AOZORA"):
        failed = pay.charge_cash(world, kind, amount=REFUSED)
        pay.charge_cash(world, kind, amount=REFUSED, failed=failed)
        pay.charge_cash(world, kind, failed=failed)
        paid = pay.charge_cash(world, kind)
        for amount in (300, None, 200):
            pay.deposit(world, paid, amount)
            world.audit()
        cancelled = pay.charge_cash(world, kind)
        acts.cancel(world, cancelled)
        pay.deposit(world, cancelled)
        late = pay.charge_cash(world, kind)
        acts.change(world, late, 500)
        world.pass_time(8 * DAY)
        world.audit()
        pay.deposit(world, late)
        assert late.status == "EXPIRED"
    short = pay.charge_cash(world, "BANK_TRANSFER_SMBC")
    pay.deposit(world, short, 400)
    world.audit()
    acts.cancel(world, short)
    world.audit()
    assert (short.status, short.deposited) == ("STOP", 400)


def identity(world: World) -> None:
    """The right code, wrong ones to the end, giving up, and running out of time."""
    for codes in (["123456"], [pay.WRONG_CODE, "123456"], [pay.WRONG_CODE] * 4):
        check = pay.start_identity(world)
        for code in codes:
            pay.type_code(world, check, code)
        assert check.status == ("SUCCESS" if codes[-1] == "123456" else "FAILURE")
    gone = pay.start_identity(world)
    acts.press(world, gone, "cancel", follow=True)
    late = pay.start_identity(world)
    world.pass_time(601)
    world.audit()
    assert (gone.status, late.status) == ("CANCEL", "FAILURE")


def cards_of_a_member(world: World) -> None:
    """Five cards at most, numbers that are never given again, cards lent by orders."""
    member = pay.join(world)
    order = acts.charge_card(world)
    for _ in range(6):
        pay.store_card(world, member, order.access_id)
    pay.charge_stored(world, member)
    for _ in range(2):
        pay.delete_card(world, member)
    pay.store_card(world, member)
    pay.inspect(world, member)
    pay.leave(world, member)
    pay.store_card(world, member)
    pay.charge_stored(world, member)
    pay.inspect(world, member)


STORIES: dict[str, Callable[[World], None]] = {
    story.__name__: story
    for story in (
        card_tried_again,
        three_d_secure,
        abandoned,
        card_changed,
        card_hold_runs_out,
        many_refunds,
        wallets,
        amazon_refunds,
        wallet_consents,
        frontend,
        cash,
        identity,
        cards_of_a_member,
    )
}
