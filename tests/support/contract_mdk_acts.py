"""What merchant and customer do in the MDK's life cycles, each time through the real client."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from tests.rules.mdk_bodies import COMMANDS
from tests.support.contract_mdk_wire import Fault
from tests.support.contract_mdk_world import Books, Change, Order, World

Body = dict[str, Any]
# Where each service's answer has the page, and the command that applies.
PAGES = {
    "mpi": "res_response_contents",
    "upop": "entry_form",
    "alipay": "entry_form",
    "carrier": "response_contents",
    "paypay": "auth_start_url",
    "rakuten": "response_contents",
    "merpay": "payment_url",
    "paypal": "login_url",
}
CLUB = {"carrier": "4", "paypay": "1", "rakuten": "1", "merpay": "1"}  # accountingType
_PAGE_ALIPAY = {"payType": "0", "successUrl": "https://shop.example/s",
                "errorUrl": "https://shop.example/e"}  # fmt: skip


def _nothing(books: Books) -> Books:
    return books


def _reached(order: Order) -> Change:
    """What an authorization does to the books."""

    def change(books: Books) -> Books:
        return Books(0, order.amount) if order.take else Books(order.amount, 0)

    return change


def apply(
    world: World, service: str, *, take: bool, amount: int = 3300, club: bool = False,
    fault: Fault = "none", deaf: int = 0, **more: Any,
) -> Order:  # fmt: skip
    """Begin an order: a payment that a customer ends elsewhere, or one that is made at once."""
    order = Order(service, world.name(), amount, take=take)
    order.agreement = club
    world.orders.append(order)
    name = f"{service}Capture" if service == "paypal" and take else f"{service}Authorize"
    body: Body = {**COMMANDS[name](), "orderId": order.order_id, "amount": str(amount), **more}
    body["withCapture"] = "true" if take else "false"
    if service in ("cvs", "bank", "paypal", "alipay"):
        del body["withCapture"]
    if service in ("card", "mpi"):
        body["payNowIdParam"] = {"token": world.mock.token(more.pop("expire", "12/30"))}
        body.pop("expire", None)
    if service == "mpi":
        body |= {"verifyResultLink": "1", "verifyTimeout": "10",
                 "redirectionUri": "https://shop.example/back"}  # fmt: skip
    if service == "alipay" and "identityCode" not in more:
        body = {**body, **_PAGE_ALIPAY}
        del body["identityCode"]
    if club:
        body["accountingType"] = CLUB[service]
    last = world.mock.gateway.clock.now + timedelta(days=30)
    if service in ("cvs", "bank"):
        body["payLimit"] = f"{last:%Y/%m/%d}" if service == "cvs" else f"{last:%Y%m%d}"
    order.option = body.get("serviceOptionType", "")
    at_once = service == "card" or (service == "alipay" and "identityCode" in more)
    answer = world.command(
        order, name, body, _reached(order) if at_once else _nothing, fault=fault, deaf=deaf,
        runs_out=service in ("card", "mpi"),
    )  # fmt: skip
    if not at_once and service != "paypal":
        took = take or service in ("cvs", "bank", "alipay")
        order.reached = (
            Books() if club else _reached(order)(Books()) if not took else Books(0, amount)
        )
    if answer is not None:
        order.page = getattr(answer.result, PAGES.get(service, ""), None)
    return order


def by_card_number(world: World, *, fault: Fault) -> Order:
    """A payment with the card's number, which does not run out."""
    order = Order("card", world.name(), 3300, take=True)
    world.orders.append(order)
    body = {"orderId": order.order_id, "amount": "3300", "withCapture": "true",
            "cardNumber": "4111111111111111", "cardExpire": "12/30"}  # fmt: skip
    world.command(order, "cardAuthorize", body, _reached(order), fault=fault)
    return order


def again(world: World, original: Order, *, fault: Fault = "none", deaf: int = 0) -> Order:
    """ReAuthorize: the card, or the agreement, of an earlier order."""
    order = Order(original.service, world.name(), 500, take=True)
    world.orders.append(order)
    name = f"{original.service}ReAuthorize"
    body = {**COMMANDS[name](), "orderId": order.order_id, "amount": "500", "withCapture": "true",
            "originalOrderId": original.order_id}  # fmt: skip
    if original.option:
        body["serviceOptionType"] = original.option
    if original.service in ("paypay", "merpay"):
        body.pop("withCapture", None)
        order.take = original.service == "paypay"
    if original.service == "merpay":
        body["withCapture"] = "true"
        order.take = True
    world.command(order, name, body, _reached(order), fault=fault, deaf=deaf)
    return order


def choose(world: World, order: Order, outcome: str, command: str = "Authorize") -> None:
    """The customer goes to the page and chooses; PUSH and browser are on their way."""
    assert order.page is not None
    answer = world.mock.choose(order.page, outcome)
    order.page = None
    world.came_back(order, answer, command)


def do(world: World, order: Order, *, fault: Fault = "none", deaf: int = 0) -> None:
    """PayPal's last step, with what the browser brought."""
    name = "paypalCapture" if order.take else "paypalAuthorize"
    body = {"orderId": order.order_id, "action": "do",
            "token": order.back.get("token", "EC-NONE"),
            "payerId": order.back.get("PayerID", "NOBODY")}  # fmt: skip
    world.command(order, name, body, _reached(order), fault=fault, deaf=deaf)


def pay(world: World, order: Order) -> None:
    """The customer pays at the till, at a machine, or in an app; the PUSH says so."""
    waits = world.status(order) == "APPLIED"
    assert (world.mock.pay(order.order_id).status == 200) == waits
    order.page = None


def follow(
    world: World, order: Order, command: str, amount: int | None = None,
    *, fault: Fault = "none", deaf: int = 0, **more: Any,
) -> None:  # fmt: skip
    """Capture, Cancel, Refund, Terminate, UpdateAuthorize: on an order that may allow it or not."""
    service = "card" if order.service == "mpi" else order.service
    name = f"{service}{command}"
    body: Body = {"orderId": order.order_id, **more}
    plain = COMMANDS[name]()
    if "serviceOptionType" in plain:
        body["serviceOptionType"] = order.option or plain["serviceOptionType"]
    if amount is not None:
        body["amount"] = str(amount)
    changes: dict[str, Callable[[Books], Books]] = {
        "Capture": lambda books: books.taken(amount),
        "Cancel": lambda books: books.given_back(amount),
        "Refund": lambda books: books.given_back(amount),
        "Terminate": _nothing,
        "UpdateAuthorize": lambda books: Books(amount or books.hold, 0),
    }
    answer = world.command(order, name, body, changes[command], fault=fault, deaf=deaf)
    contents = getattr(getattr(answer, "result", None), "response_contents", None)
    if command == "Terminate" and contents is not None:
        order.page = contents
