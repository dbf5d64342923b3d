"""pay and subscribe: an application, ended by the consumer on the wallet's page."""

from __future__ import annotations

from ..body import Body
from . import answers, landing, redirects
from .call import Answer, Call
from .gateway import Gateway
from .results import DONE
from .state import Kind, Order, Redirect, Urls


def pay(call: Call) -> Answer:
    """pay: one payment; a redirectUrl, unless the sandbox's table refuses the amount."""
    return _apply(call, Kind.SINGLE)


def subscribe(call: Call) -> Answer:
    """subscribe: an agreement on which charge takes money later."""
    return _apply(call, Kind.AGREEMENT)


def _apply(call: Call, kind: Kind) -> Answer:
    """Take an application. A paymentId that has succeeded is UA-REQ-003; one that has
    failed, or is undetermined, may be used again."""
    gateway, body = call.gateway, call.body
    payment_id, wallet = body.need("order", "paymentId"), body.need("order", "payType")
    landed = gateway.landed(payment_id)
    if landed:
        return duplicate(call, landed[0])
    order = gateway.open(kind, payment_id, wallet)
    order.urls = Urls(
        success=body.need("control", "successUrl"),
        cancel=body.need("control", "cancelUrl"),
        error=body.need("control", "errorUrl"),
    )
    order.hold = holds(gateway, body)
    record = order.record = gateway.record(call.command, order, body)
    order.amount, order.push_url = record.amount, record.push_url
    names = [item.text("name") or "" for item in body.children("item")]
    digit = list[str]() if record.amount is None else [str(record.amount)[-1]]
    verdict = call.verdict(wallet, digit=digit, itemName=names)
    if verdict.code not in DONE:
        landing.land(gateway, record, verdict)
        return answers.answer(record)
    gateway.step(order, "APPLIED")
    record.determined = False
    answers.close(record, verdict.code, verdict.v)
    redirect = Redirect(key=gateway.ids.hex32("redirect"), record=record)
    gateway.redirects[redirect.key] = redirect
    return answers.answer(record, redirect_url=f"{call.base}/pages/{wallet}/{redirect.key}")


def holds(gateway: Gateway, body: Body) -> bool:
    """Whether a payment is only authorized (authCaptureType)."""
    wish = body.text("transaction", "authCaptureType")
    return gateway.settings.hold_by_default if wish is None else wish == "auth"


def duplicate(call: Call, order: Order) -> Answer:
    """UA-REQ-003: a payment under this paymentId has succeeded already."""
    record = call.gateway.record(call.command, order, call.body)
    answers.close(record, "UA-REQ-003")
    return answers.answer(record)


def come_back(gateway: Gateway, redirect: Redirect) -> str:
    """The browser comes back: the result is determined now. Gives the address, the same
    for each time the page is opened again."""
    redirect.record.determined = True
    if redirect.location is None:
        redirect.location = redirects.location(gateway, redirect.record)
    return redirect.location
