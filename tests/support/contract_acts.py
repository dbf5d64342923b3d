"""What the merchant does with orders, each time checked against what should come of it."""

from __future__ import annotations

import pytest
from kessai.errors import (
    CardDeclinedError,
    DeclinedError,
    GatewayError,
    InvalidRequestError,
    InvalidStateError,
    TransactionCountExceededError,
    TransactionExpiredError,
)
from kessai_gmo import parse_callback

from tests.support import contract_bodies as bodies
from tests.support.contract_bodies import CSRF, Body
from tests.support.contract_states import change_allowed
from tests.support.contract_world import Books, Tracked, World

REFUSED = 40201  # the mock declines this amount, whatever it is paid with
DECLINED_CARD = "4000000000000002"  # and this card


def begin(
    world: World, order: Tracked, name: str, body: Body, expect: str, *, refused: bool = False
) -> Tracked:
    """Open an order, or try a failed one again; `expect` is the status it should come to."""
    world.orders[order.id] = order
    order.failed = refused
    order.tries += 1
    if refused:
        with pytest.raises(DeclinedError):
            world.call(name, body)
    else:
        answer = world.call(name, body)
        redirect = getattr(answer, "redirect_information", None)
        order.page = redirect.redirect_url if redirect is not None else None
    world.look(order, stepped=True)
    assert order.status == expect, order
    order.original = order.amount or 0
    return order


def charge_card(
    world: World,
    *,
    tds2: str = "none",
    mode: str = "AUTH",
    amount: int = 1000,
    failed: Tracked | None = None,
) -> Tracked:
    """A card charge: without 3-D Secure, or with it ("automatic", "manual")."""
    order = failed or Tracked("CREDIT", world.name("card"), "CARD")
    order.mode, order.manual, order.pressed = mode, tds2 == "manual", None
    body = bodies.credit_charge(
        order.id, amount, mode=mode, tds2=tds2 != "none", automatic=tds2 == "automatic"
    )
    token = f"{order.id}.{order.tries}:{bodies.ORDINARY_CARD}"  # each is good for one try
    body["creditInformation"]["tokenizedCard"] = bodies.token(token)
    refused = tds2 == "none" and amount == REFUSED
    expect = "UNPROCESSED" if refused else mode if tds2 == "none" else "AUTHENTICATED"
    return begin(world, order, "creditCharge", body, expect, refused=refused)


def check_card(
    world: World, *, tds2: str = "none", good: bool = True, failed: Tracked | None = None
) -> Tracked:
    """A card check (verifyCard), which has no amount."""
    order = failed or Tracked("CREDIT", world.name("check"), "CARD")
    order.check, order.manual, order.pressed = True, tds2 == "manual", None
    order.good = good
    body = bodies.credit_verify_card(order.id, tds2=tds2 != "none", automatic=tds2 == "automatic")
    number = bodies.ORDINARY_CARD if good else DECLINED_CARD
    token = bodies.token(f"{order.id}.{order.tries}:{number}")
    body["creditVerificationInformation"]["tokenizedCard"] = token
    refused = tds2 == "none" and not good
    expect = "UNPROCESSED" if refused else "CHECK" if tds2 == "none" else "AUTHENTICATED"
    return begin(world, order, "creditVerifyCard", body, expect, refused=refused)


def press(world: World, order: Tracked, outcome: str, *, follow: bool = False) -> None:
    """The customer presses a button of the page; perhaps the merchant follows the callback."""
    assert order.page is not None
    if order.status == "REQSUCCESS" and order.kind == "WALLET":
        world.mock.open(order.page)  # a step of its own: the customer arrives
        world.look(order)
    answer = world.mock.app.send("GET", f"{order.page}?outcome={outcome}")
    order.page = None
    if answer.status == 410:  # nobody opened it in time
        world.look(order)
        return
    order.pressed = outcome
    world.look(order)
    if answer.status == 200:
        return
    location = answer.header("location")
    assert answer.status == 302
    assert location is not None
    event = parse_callback(location, csrf_token=CSRF)
    assert event.access_id == order.access_id
    if follow:
        followed = world.client.follow(event)
        world.look(order, stepped=followed.finalized or followed.error is not None)
        if order.kind != "VERIFICATION":
            world.agree(order, followed, world.ledger().get(order.access_id, Books()))


def finalize(world: World, order: Tracked) -> None:
    """The merchant finalizes after 3-D Secure, by itself."""
    name = "tds2FinalizeVerification" if order.check else "tds2FinalizeCharge"
    request = {"accessId": order.access_id}
    ready = order.status == "AUTHENTICATED" and order.manual and order.pressed is not None
    if not ready:
        with pytest.raises((InvalidStateError, InvalidRequestError)):
            world.call(name, request)
        world.look(order)
        return
    passed = order.pressed in {"success", "challenge", "attempt"}
    refused = not passed or not order.good or order.amount == REFUSED
    if refused:
        with pytest.raises(DeclinedError):
            world.call(name, request)
    else:
        world.call(name, request)
    world.look(order, stepped=True)
    expect = "CHECK" if order.check else order.mode
    assert order.status == ("UNPROCESSED" if refused else expect), order


def capture(world: World, order: Tracked) -> None:
    """Capture, which only a living authorization allows."""
    request = {"accessId": order.access_id}
    before, amount = order.status, order.amount
    if before == "AUTH" and world.held(order):
        assert world.call("orderCapture", request).order_reference.status == "SALES"
        world.look(order, stepped=True)
        assert (order.status, order.amount) == ("SALES", amount)
        return
    expected = TransactionExpiredError if before == "AUTH" else InvalidStateError
    _refused(world, order, "orderCapture", request, expected)


def change(world: World, order: Tracked, amount: int, mode: str = "AUTH") -> None:
    """Change the amount, as far as the manual's matrix allows it."""
    request: Body = {"accessId": order.access_id, "amount": str(amount)}
    if order.kind == "CREDIT":
        request["authorizationMode"] = mode
    if order.kind == "CASH":
        _refused(world, order, "orderUpdate", request, InvalidRequestError)
    elif order.check or order.status not in {"AUTH", "CAPTURE", "SALES"}:
        _refused(world, order, "orderUpdate", request, InvalidStateError)
    elif not _allowed(order, amount):
        _refused(world, order, "orderUpdate", request, InvalidRequestError)
    elif order.status != "AUTH" and amount < (order.amount or 0) and order.reductions >= 10:
        _refused(world, order, "orderUpdate", request, TransactionCountExceededError)
    elif amount == REFUSED:
        _refused(world, order, "orderUpdate", request, CardDeclinedError)
    elif order.status == "AUTH" and not world.held(order):
        _refused(world, order, "orderUpdate", request, TransactionExpiredError)
    else:
        order.reductions += order.status != "AUTH" and amount < (order.amount or 0)
        expect = mode if order.kind == "CREDIT" else order.status
        assert world.call("orderUpdate", request).order_reference.amount == amount
        world.look(order, stepped=True)
        assert (order.status, order.amount) == (expect, amount), order


def _allowed(order: Tracked, amount: int) -> bool:
    if order.kind == "CREDIT":
        return True
    now = order.amount or 0
    allowed = change_allowed(order.method, order.status, now, order.original, amount)
    return bool(allowed)  # the same amount again: refused (assumed)


def cancel(world: World, order: Tracked) -> None:
    """Cancel: everything goes back, at once or (Amazon Pay) a little later."""
    request = {"accessId": order.access_id}
    ends: dict[str, str] = {}
    if order.kind == "CASH":
        ends = {"REQSUCCESS": "CANCEL", "TRADING": "STOP"}
    elif order.check:
        pass
    elif order.method == "AMAZON":
        ends = {"AUTH": "CANCEL", "CAPTURE": "REQRETURN", "SALES": "REQRETURN"}
    else:
        ends = {"AUTH": "CANCEL", "CAPTURE": "CANCEL", "SALES": "CANCEL"}
    if order.status not in ends:
        _refused(world, order, "orderCancel", request, InvalidStateError)
        return
    expect, before = ends[order.status], order.amount
    world.call("orderCancel", request)
    world.look(order, stepped=True)
    assert order.status == expect
    kept = order.kind == "CASH" or expect == "REQRETURN"
    assert order.amount == (before if kept else 0), order


def _refused(
    world: World, order: Tracked, name: str, request: Body, error: type[GatewayError]
) -> None:
    """The gateway has to refuse, and the order has to stay what it was."""
    before = (order.status, order.amount, order.deposited)
    with pytest.raises(error):
        world.call(name, request)
    world.look(order)
    assert (order.status, order.amount, order.deposited) == before, order
