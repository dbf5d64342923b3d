"""What merchant, consumer and wallet do, each time checked against what should come of it.

Amounts end in 0, which no table of the sandbox lets fail; failures are those a script has the
wallet's company say (`says`).
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from kessai.errors import KessaiError, OutcomeUnknown
from kessai_mock.unified import MERCHANT_CCID, MERCHANT_KEY
from kessai_unified import parse_redirect
from kessai_unified import refusals as r

from tests.support import contract_unified_bodies as bodies
from tests.support.contract_unified_bodies import Body
from tests.support.contract_unified_states import DONE, updates
from tests.support.contract_unified_world import Order, Pending, World

PENDING, WAITING = "UA-PND-001", "UA-U00-001"
REFUSED = "UA-PRV-001"
# The buttons of the dummy pages with which a consumer does not pay.
GIVES_UP = {
    "paypay": "cancel",
    "rakuten": "failure_payment",
    "docomo": "stop_purchase",
    "au": "cancel",
    "merpay": "deny",
}


def _raised(world: World, error: type[KessaiError], name: str, body: Body) -> Any:
    """What a call raises, after one attempt: nothing here may be sent again by itself."""
    with pytest.raises(error) as raised:
        world.call(name, body)
    assert type(raised.value) is error
    found: Any = raised.value
    assert len(found.attempts) == 1
    return found


def _script(world: World, command: str, says: str | None) -> None:
    if says is not None:
        world.mock.script(command, provider=says)


def apply(
    world: World,
    wallet: str,
    kind: str = "single",
    *,
    take: str = "auth",
    amount: int = 3300,
    payment_id: str | None = None,
    says: str | None = None,
) -> Order | None:
    """Apply for a payment or an agreement; None where one under the paymentId has succeeded."""
    payment_id = payment_id or world.name()
    order = Order(wallet, kind, payment_id, take, amount)
    if kind == "single":
        body = bodies.pay(payment_id, amount, wallet=wallet, take=take)
        if take == "auth" and amount == 3300:
            del body["transaction"]["authCaptureType"]  # left out: auth (assumed)
    else:
        body = bodies.subscribe(payment_id, wallet=wallet)
    if world.landed.get(payment_id):
        _raised(world, r.DuplicateTransactionError, order.opening, body)
        return None
    _script(world, order.opening, says)
    world.orders.append(order)
    if says is None:
        answer = world.call(order.opening, body)
        order.page, order.determined = answer.control.redirect_url, False
        _numbers(order, answer)
        world.move(order, "APPLIED")
    else:
        _opening_failed(world, order, body, says)
    return order


def _numbers(order: Order, answer: Any) -> None:
    order.fep_order_id = answer.order.fep_order_id
    order.reference = answer.transaction.fep_reference_id
    assert order.fep_order_id.startswith(f"{order.payment_id}_")


def _opening_failed(world: World, order: Order, body: Body, says: str) -> None:
    if says == PENDING:
        order.unknown = _raised(world, OutcomeUnknown, order.opening, body)
        assert isinstance(order.unknown, OutcomeUnknown)
        order.fep_order_id = order.unknown.reference["fepOrderId"]
        order.reference = order.unknown.reference["fepReferenceId"]
        order.code = PENDING
        world.move(order, "PENDING")
        world.promise(order.opening, order, PENDING)
        return
    error = _raised(world, r.ProviderRefusedError, order.opening, body)
    order.fep_order_id, order.reference = error.fep_order_id, error.fep_reference_id
    world.fail(order, says)


def charge(
    world: World,
    agreement: Order,
    *,
    take: str = "auth_capture",
    payment_id: str | None = None,
    says: str | None = None,
) -> Order | None:
    """A payment on demand; None where it is refused before there is one."""
    payment_id = payment_id or world.name()
    order = Order(agreement.wallet, "charge", payment_id, take, 3300)
    recovery = "recovery" if says == WAITING else None
    by_payment_id = world.stands(agreement)
    body = bodies.charge(
        payment_id,
        agreement.payment_id if by_payment_id else agreement.fep_order_id,
        take=take,
        recovery=recovery,
        by="originalPaymentId" if by_payment_id else "originalFepOrderId",
    )
    if world.landed.get(payment_id):
        _raised(world, r.DuplicateTransactionError, "charge", body)
        return None
    if agreement.kind != "agreement" or agreement.status != "ACTIVE":
        _raised(world, r.StatusRefusedError, "charge", body)
        world.promise("charge", agreement, "UA-REQ-007")
        return None
    _script(world, "charge", says)
    world.orders.append(order)
    if says is None:
        answer = world.call("charge", body)
        _numbers(order, answer)
        assert answer.result.result_code == "UA-000-001"
        world.land(order)
    elif says == WAITING:
        answer = world.call("charge", body)
        _numbers(order, answer)
        assert answer.result.result_code == WAITING
        order.code, order.determined = WAITING, False
        world.move(order, "WAITING")
        world.promise("charge", order, WAITING)
    else:
        _opening_failed(world, order, body, says)
    return order


def press(world: World, order: Order, outcome: str) -> None:
    """The consumer presses a button of the wallet's page; perhaps the browser comes back."""
    assert order.page is not None
    first = order.status == "APPLIED"
    location = world.mock.press(order.page, outcome=outcome)
    if location is None:
        order.page = None if outcome == "abandon" else order.page
        if first and outcome == "away":  # paid, and the browser does not come back
            world.land(order)
        return
    came = parse_redirect(
        location,
        merchant_ccid=MERCHANT_CCID,
        merchant_key=MERCHANT_KEY,
        payment_id=order.payment_id,
    )
    if order.location is not None:
        assert location == order.location  # the same redirect again
    order.location, order.determined = location, True
    assert (came.fep_order_id, came.fep_reference_id) == (order.fep_order_id, order.reference)
    if first:
        code = str(came.result_code)
        assert (code in DONE) == (outcome == "success")
        if outcome == "success":
            world.land(order)
        elif outcome == "interrupted":
            order.code = PENDING
            world.move(order, "PENDING")
        else:
            world.fail(order, code)
    assert came.result_code == order.code or order.status != "PENDING"


def pay_in_app(world: World, order: Order) -> None:
    """The consumer pays with no browser coming back, or when a charge has asked for it."""
    waits = order.status in {"APPLIED", "WAITING"}
    asked = order.status == "WAITING"
    answer = world.mock.pay(order.fep_order_id)
    assert answer.status == (200 if waits else 400)
    if waits:
        order.determined = order.determined or asked
        world.land(order)


def settle(world: World, order: Order, *, good: bool) -> None:
    """What was left open ends: as a success, or as the wallet's failure."""
    code = "UA-000-001" if good else REFUSED
    if order.pending is not None:
        _settle_command(world, order, order.pending, good=good)
        return
    waits = order.status in {"PENDING", "WAITING"}
    answer = world.mock.settle(order.reference, code)
    assert answer.status == (200 if waits else 400)
    if waits:
        order.determined = True
        if good:
            world.land(order)
        else:
            world.fail(order, REFUSED)


def _settle_command(world: World, order: Order, pending: Pending, *, good: bool) -> None:
    reference = pending.unknown.reference["fepReferenceId"]
    lapsed = order.status == "AUTHORIZED" and not world.is_held(order)
    answer = world.mock.settle(reference, "UA-000-001" if good else REFUSED)
    if good and lapsed:
        assert answer.status == 400  # the hold has run out since; it stays open
        return
    assert answer.status == 200
    order.pending = None
    if good:
        _carried_out(world, order, pending.command, pending.after, pending.amount)
    code = "UA-000-001" if good else REFUSED
    world.promise(pending.command, order, code)
    outcome = world.resolve(pending.unknown)
    assert type(outcome).__name__ == ("Done" if good else "NotDone"), outcome


def _carried_out(world: World, order: Order, command: str, after: str, amount: int | None) -> None:
    if amount is not None:
        order.amount = amount
    world.move(order, after)
    if command == "updateOrder":
        world.hold(order)


def _command(
    world: World,
    order: Order,
    command: str,
    amount: int | None,
    says: str | None,
    *,
    refusal: tuple[type[KessaiError], str] | None,
    after: str,
    left: int | None,
) -> None:
    """Send a command about an order; refused as told, or said by the wallet, or carried out."""
    if order.pending is not None:
        return  # one at a time, as a careful merchant has it
    before = (order.status, order.amount)
    by_payment_id = world.stands(order)
    number = order.payment_id if by_payment_id else order.fep_order_id
    body = bodies.on_order(number, amount, by="paymentId" if by_payment_id else "fepOrderId")
    if refusal is not None:
        error, code = refusal
        refused = _raised(world, error, command, body)
        assert refused.fep_order_id == order.fep_order_id
        world.promise(command, order, code)
    elif says is None:
        answer = world.call(command, body)
        assert answer.result.result_code == "UA-000-001"
        assert answer.order.fep_order_id == order.fep_order_id
        _carried_out(world, order, command, after, left)
        world.promise(command, order, "UA-000-001")
        return
    elif says == PENDING:
        _script(world, command, says)
        unknown = _raised(world, OutcomeUnknown, command, body)
        assert isinstance(unknown, OutcomeUnknown)
        order.pending = Pending(unknown, command, after, left)
        world.promise(command, order, PENDING)
    else:
        _script(world, command, says)
        _raised(world, r.ProviderRefusedError, command, body)
        world.promise(command, order, says)
    assert (order.status, order.amount) == before


Refusal = tuple[type[KessaiError], str]
STATE: Refusal = (r.StatusRefusedError, "UA-REQ-007")
LATE: Refusal = (r.DeadlinePassedError, "UA-REQ-006")
PARAMETER: Refusal = (r.ParameterRefusedError, "UA-REQ-002")


def capture(world: World, order: Order, amount: int | None, says: str | None = None) -> None:
    """Capture all of a living hold or a part; the rest goes back."""
    refusal: Refusal | None = None
    if order.kind == "agreement" or order.status != "AUTHORIZED":
        refusal = STATE
    elif not world.is_held(order):
        refusal = LATE
    elif amount is not None and amount > order.amount:
        refusal = PARAMETER
    _command(world, order, "capture", amount, says, refusal=refusal, after="CAPTURED", left=amount)


def cancel(world: World, order: Order, amount: int | None, says: str | None = None) -> None:
    """Give back all of a hold; or all of what was captured, or a part of it."""
    refusal: Refusal | None = None
    rest = 0 if amount is None else order.amount - amount
    if order.kind == "agreement" or order.status not in {"AUTHORIZED", "CAPTURED"}:
        refusal = STATE
    elif order.status == "AUTHORIZED" and not world.is_held(order):
        refusal = LATE
    elif rest < 0 or (rest and order.status == "AUTHORIZED"):
        refusal = PARAMETER
    after = "CAPTURED" if rest else "CANCELLED"
    _command(world, order, "cancel", amount, says, refusal=refusal, after=after, left=rest)


def update(world: World, order: Order, amount: int | None, says: str | None = None) -> None:
    """Hold another amount, or the same for longer."""
    refusal: Refusal | None = None
    if (
        order.kind == "agreement"
        or not updates(order.wallet, order.kind)
        or order.status != "AUTHORIZED"
    ):
        refusal = STATE
    elif not world.is_held(order):
        refusal = LATE
    _command(
        world, order, "updateOrder", amount, says, refusal=refusal, after="AUTHORIZED", left=amount
    )


def terminate(world: World, order: Order, says: str | None = None) -> None:
    """End an agreement; not for Rakuten Pay."""
    active = order.kind == "agreement" and order.status == "ACTIVE"
    refusal = None if active and order.wallet != "rakuten" else STATE
    _command(world, order, "terminate", None, says, refusal=refusal, after="TERMINATED", left=None)


def deregister(world: World, order: Order) -> None:
    """The wallet's company ends an agreement by itself and says so; Rakuten Pay does not."""
    able = order.kind == "agreement" and order.status == "ACTIVE" and order.wallet != "rakuten"
    assert world.mock.deregister(order.fep_order_id).status == (200 if able else 400)
    if able:
        world.move(order, "DEREGISTERED")
        world.promise("deregistraction", order, "UA-000-001")


def lapse(world: World) -> None:
    """Every hold there is runs out."""
    world.pass_time(timedelta(days=31).total_seconds())
