"""Stories of the MDK's services, told with a fault at every command: where machines seldom get."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.rules.mdk_bodies import COMMANDS
from tests.support import contract_mdk_acts as acts
from tests.support.contract_mdk_wire import UNDONE, Fault
from tests.support.contract_mdk_world import DAY, Books, Order, World

Story = Callable[[World, Fault], None]
URLS: dict[str, Any] = {
    "successUrl": "https://shop.example/s",
    "cancelUrl": "https://shop.example/c",
}


def heard(world: World, order: Order) -> None:
    """Take in what has come, the last of it first, and compare."""
    world.hear()
    world.listen(order, lambda several: list(reversed(several)))
    world.audit()


def follow(world: World, order: Order, fault: Fault, command: str, *args: Any, **more: Any) -> None:
    """A command an hour later; one that was not carried out is ordered by a person once more."""
    world.mock.advance(3600)
    acts.follow(world, order, command, *args, fault=fault, **more)
    if fault in UNDONE:
        assert order.unknown is not None, (order, command)
        order.unknown = None
        acts.follow(world, order, command, *args, **more)
    heard(world, order)


def begun(world: World, service: str, *, take: bool = False, **more: Any) -> Order:
    """An order whose customer has gone through with it."""
    order = acts.apply(world, service, take=take, **more)
    acts.choose(world, order, "success")
    heard(world, order)
    return order


def card(world: World, fault: Fault) -> None:
    """By token: paid, or certainly not. By number: what is not found stays open."""
    order = acts.apply(world, "card", take=False, fault=fault)
    assert order.unknown is None
    assert order.books == (Books() if fault in UNDONE else Books(3300))
    order = acts.apply(world, "card", take=False)
    follow(world, order, fault, "Capture", 3000)
    follow(world, order, fault, "Cancel", 1000)
    follow(world, order, fault, "Cancel")
    assert order.books == Books()
    again = acts.again(world, order, fault=fault)
    assert (again.unknown is not None) == (fault in UNDONE)
    declined = acts.apply(world, "card", take=True, fault=fault, expire="04/99")
    assert (declined.unknown, declined.books) == (None, Books())
    raw = acts.by_card_number(world, fault=fault)
    assert (raw.unknown is not None) == (fault in UNDONE)


def mpi(world: World, fault: Fault) -> None:
    """3-D Secure: nobody came who was not sent; PUSH and browser tell the same."""
    lost = acts.apply(world, "mpi", take=True, fault=fault)
    heard(world, lost)
    assert lost.unknown is None
    for take in (True, False):
        order = begun(world, "mpi", take=take)
        assert order.state.status == "authorized"
        if not take:
            follow(world, order, fault, "Capture")
        follow(world, order, fault, "Cancel", 300)
        assert order.books == Books(0, 3000)


def cvs(world: World, fault: Fault) -> None:
    """Konbini: paid at the till, or withdrawn before."""
    lost = acts.apply(world, "cvs", take=False, fault=fault, telNo="0612345678")
    assert (lost.unknown is not None) == (fault in UNDONE)
    order = acts.apply(world, "cvs", take=False, telNo="0612345678")
    acts.pay(world, order)
    heard(world, order)
    assert (order.state.status, order.books) == ("paid", Books(0, 3300))
    order = acts.apply(world, "cvs", take=False, telNo="0612345678")
    follow(world, order, fault, "Cancel")
    acts.pay(world, order)  # too late


def bank(world: World, fault: Fault) -> None:
    """A machine of Pay-easy."""
    lost = acts.apply(world, "bank", take=False, fault=fault, serviceOptionType="atm")
    assert (lost.unknown is not None) == (fault in UNDONE)
    order = acts.apply(world, "bank", take=False, serviceOptionType="atm")
    acts.pay(world, order)
    heard(world, order)
    assert (order.state.status, order.books) == ("paid", Books(0, 3300))


def upop(world: World, fault: Fault) -> None:
    """UnionPay: a hold, its capture, refunds."""
    order = begun(world, "upop")
    follow(world, order, fault, "Capture", 3000)
    assert order.state.status == "paid"
    follow(world, order, fault, "Refund", 1000)
    follow(world, order, fault, "Refund", 2000)
    assert (order.state.status, order.books) == ("refunded", Books())
    order = begun(world, "upop")
    follow(world, order, fault, "Cancel")
    assert order.state.status == "canceled"


def paypal(world: World, fault: Fault) -> None:
    """PayPal: set and do; a confirmed report that takes the prompt one back."""
    order = acts.apply(world, "paypal", take=True)
    acts.choose(world, order, "success")
    brought = dict(order.back)
    world.mock.advance(3600)
    acts.do(world, order, fault=fault)
    if fault in UNDONE:
        order.unknown = None
        order.back = brought
        acts.do(world, order)
    elif order.unknown is not None:  # only its notice tells `do` from the other steps
        order.unknown, order.books = None, Books(0, 3300)
    heard(world, order)
    assert (order.state.status, order.books) == ("paid", Books(0, 3300))
    follow(world, order, fault, "Refund", 300)
    world.mock.advance(4 * DAY)  # the confirmed reports say the same
    heard(world, order)
    assert (order.state.status, order.books) == ("refunded", Books(0, 3000))
    other = acts.apply(world, "paypal", take=True)
    acts.choose(world, other, "success")
    world.mock.script("paypalReport", provider="ZD01")
    acts.do(world, other)
    heard(world, other)
    assert (other.state.status, other.books) == ("paid", Books(0, 3300))
    world.mock.advance(4 * DAY)
    heard(world, other)
    assert (other.state.status, other.books) == ("failed", Books())
    held = acts.apply(world, "paypal", take=False)
    acts.choose(world, held, "success")
    acts.do(world, held)
    follow(world, held, fault, "Cancel")
    assert held.books == Books()


def alipay(world: World, fault: Fault) -> None:
    """Alipay: on a page, and by a code that the shop reads."""
    order = begun(world, "alipay")
    assert order.books == Books(0, 3300)
    follow(world, order, fault, "Refund", 300)
    follow(world, order, fault, "Refund", 3000)
    assert order.books == Books()
    scanned = acts.apply(
        world, "alipay", take=True, payType="1", identityCode="281234", fault=fault
    )
    assert (scanned.unknown is not None) == (fault in UNDONE)


def carrier(world: World, fault: Fault) -> None:
    """Carriers: one payment; months by themselves and their end with the customer; on demand."""
    order = begun(world, "carrier", serviceOptionType="au")
    follow(world, order, fault, "UpdateAuthorize", 3000)
    follow(world, order, fault, "Capture")
    follow(world, order, fault, "Cancel", 1000)
    follow(world, order, fault, "Cancel")
    assert order.books == Books()

    first = f"{world.mock.gateway.clock.now:%Y%m}28"
    order = acts.apply(world, "carrier", take=True, accountingType="1", mpFirstDate=first,
                       mpDay="28", amount=980)  # fmt: skip
    order.agreement, order.monthly, order.reached = True, True, None
    acts.choose(world, order, "success")
    heard(world, order)
    world.mock.advance(31 * DAY)
    world.audit()
    world.mock.script("carrierCharge", provider="WG04")
    world.mock.advance(31 * DAY)
    world.audit()
    heard(world, order)
    assert set(order.state.charges.values()) == {"success", "failure"}
    acts.follow(world, order, "Terminate", **URLS)
    acts.choose(world, order, "success", "Terminate")
    heard(world, order)
    assert (order.state.status, order.state.ended_by) == ("ended", "termination")

    _on_demand(world, "carrier", fault)
    gone = begun(world, "carrier", club=True)
    assert world.mock.act(gone.order_id, "delete").status == 200
    world.audit()
    heard(world, gone)
    assert gone.state.ended_by == "deletion"


def _on_demand(world: World, service: str, fault: Fault) -> None:
    """An agreement, a payment under it, its end at once where it has one."""
    club = begun(world, service, club=True)
    paid = acts.again(world, club, fault=fault)
    assert (paid.unknown is not None) == (fault in UNDONE)
    heard(world, paid)
    if f"{service}Terminate" in COMMANDS:
        more = {} if service == "merpay" else {"force": "true"}
        follow(world, club, fault, "Terminate", **more)
        refused = acts.again(world, club)
        assert refused.books == Books()


def wallet(service: str) -> Story:
    """PayPay, Rakuten Pay, Merpay: a hold, its capture, money back; on demand."""

    def tell(world: World, fault: Fault) -> None:
        lost = acts.apply(world, service, take=False, fault=fault)
        assert (lost.unknown is not None) == (fault in UNDONE)
        order = begun(world, service)
        follow(world, order, fault, "Capture")
        assert (order.state.status, order.books) == ("paid", Books(0, 3300))
        follow(world, order, fault, "Cancel" if service == "rakuten" else "Refund", 300)
        assert order.books == Books(0, 3000)
        order = begun(world, service)
        follow(world, order, fault, "Cancel")
        assert order.state.status == "canceled"
        _on_demand(world, service, fault)

    return tell


STORIES: dict[str, Story] = {
    "card": card,
    "mpi": mpi,
    "cvs": cvs,
    "bank": bank,
    "upop": upop,
    "paypal": paypal,
    "alipay": alipay,
    "carrier": carrier,
    "paypay": wallet("paypay"),
    "rakuten": wallet("rakuten"),
    "merpay": wallet("merpay"),
}
