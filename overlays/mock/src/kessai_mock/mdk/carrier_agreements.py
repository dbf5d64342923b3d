"""Agreements of carrier billing: how they begin, and the ways in which they end.

Document: flow guide 2-9. Terminate between gateway and carrier (2者間) is done at once and not
told; with the customer (3者間) the browser goes over a page, and success alone is told by PUSH.
The shop's own people can also end one in the gateway's management screen, of which the shop's
system hears nothing (POST /_mock/act/{orderId}/terminate). The carrier deletes (抹消) agreements
of customers who left (.../delete), and on-demand ones that were not used for long; that is told.
Assumed: `force` true, or no successUrl, makes it two parties, and on demand it always is; how
long is long; the txnTypes Terminate and Delete.
"""

from __future__ import annotations

from ..admin import AdminError
from . import carrier_monthly, journeys, pages, wallets
from .gateway import Gateway
from .service import Answer, Call, decided
from .state import Order

ON_DEMAND = "4"
_DAY = 86_400
_GONE = "WG02"


def _told(order: Order) -> dict[str, str | None]:
    return {"openId": order.own.get("open_id")}


WALLET = wallets.Wallet(
    title="Carrier billing", ok="W001", given_up="WGU1", refused="WG02", told=_told
)


def sent_on(order: Order, address: str) -> dict[str, str]:
    """How the browser gets to a page: by an address, or by HTML that posts itself."""
    if order.option == "s_bikkuri":
        return {"redirectUrl": address}
    return {"responseContents": pages.form(address, {"orderId": order.order_id})}


def land(gateway: Gateway, order: Order, choice: str) -> None:
    """The customer's choice on an application; an agreement begins to live."""
    if choice == "success" and order.option == "docomo":
        order.own["open_id"] = f"https://id.example/{gateway.ids.hex32('openId')}"
    wallets.land(gateway, order, WALLET, choice)
    if order.status != "ACTIVE":
        return
    if order.own["kind"] == carrier_monthly.MONTHLY:
        carrier_monthly.begin(gateway, order, WALLET)
    else:
        used(gateway, order)


def used(gateway: Gateway, order: Order) -> None:
    """An on-demand agreement was begun or used: the time of disuse runs anew."""
    timer = order.own.get("disuse")
    if timer is not None:
        timer.cancel()
    order.own["disuse"] = gateway.clock.call_later(
        gateway.settings.disuse_days * _DAY, lambda: _unused(gateway, order)
    )


def _unused(gateway: Gateway, order: Order) -> None:
    if order.status == "ACTIVE":
        _delete(gateway, order)


def terminate(call: Call, order: Order) -> Answer:
    """Terminate: at once, or with the customer over a page."""
    journeys.in_state(order, "ACTIVE")
    gateway, body = call.gateway, call.body
    forced = journeys.yes(call, "force") or not body.has("successUrl")
    if forced or order.own["kind"] == ON_DEMAND:
        return decided(call, order, lambda: _ended(call, order))

    def apply() -> Answer:
        journeys.in_state(order, "ACTIVE")
        if body.has("pushUrl"):
            order.own["terminate_push"] = body.text("pushUrl")
        address = wallets.ending(
            call, order, WALLET, lambda choice: _land_termination(gateway, order, choice)
        )
        return Answer(sent_on(order, address))

    return decided(call, order, apply)


def _ended(call: Call, order: Order) -> Answer:
    journeys.in_state(order, "ACTIVE")
    call.gateway.step(order, "TERMINATED")
    return Answer({"terminateDatetime": journeys.stamp(call.gateway)})


def _land_termination(gateway: Gateway, order: Order, choice: str) -> None:
    """The customer ends the agreement, or leaves it as it is."""
    if choice != "success":
        order.own["code"] = WALLET.given_up if choice == "cancel" else WALLET.refused
        return
    gateway.step(order, "TERMINATED")
    order.own["code"] = WALLET.ok
    order.push_url = order.own.get("terminate_push") or order.push_url
    gateway.note(order, "Terminate", code=WALLET.ok, amount=order.amount)
    wallets.tell(gateway, order, WALLET, "Terminate")


def terminated_by_merchant(gateway: Gateway, order: Order) -> None:
    """The merchant's people end it in the management screen; nobody is told."""
    _active(order)
    gateway.step(order, "TERMINATED")
    gateway.note(order, "Terminate", code=WALLET.ok, amount=order.amount)


def deleted(gateway: Gateway, order: Order) -> None:
    """The customer left the carrier, and the gateway finds out."""
    _active(order)
    _delete(gateway, order)


def _delete(gateway: Gateway, order: Order) -> None:
    gateway.step(order, "DELETED")
    gateway.note(order, "Delete", mstatus="failure", code=_GONE, amount=order.amount)
    wallets.tell(gateway, order, WALLET, "Delete", _GONE)


def _active(order: Order) -> None:
    if order.status != "ACTIVE":
        raise AdminError(f"the order is {order.status} and no active agreement")


def pay(gateway: Gateway, order: Order, amount: int | None) -> None:
    """The customer pays or agrees and the browser never comes back. Raises AdminError."""
    if amount is not None:
        raise AdminError("the amount is the order's own; leave it out")
    if order.status != "APPLIED":
        raise AdminError(f"the order is {order.status} and waits for no payment")
    land(gateway, order, "success")
