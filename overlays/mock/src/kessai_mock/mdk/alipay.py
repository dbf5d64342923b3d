"""alipay: online, both ways by barcode, Confirm, Refund, CreateIdentityCode.

Document: flow guide 2-8; facts of the kit and of the shop plug-ins. 30 minutes is how long the
customer has once the online page was opened; for a barcode, from the answer on (assumed).
Assumed too: payType 1 is paid at once, except that an identityCode ending in 0000, or a script,
has the customer approve first (pending, then Confirm; POST /_mock/pay/{orderId} approves); no
PUSH for payType 1, whose flow shows none; a PUSH for failures and for Refund; a yuan is 20 yen.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from starlette.responses import Response

from ..admin import AdminError
from . import books, journeys, pages, push
from .card import amount_of
from .gateway import Gateway
from .results import CODES, RefusalError, v_result_code
from .service import Answer, Call, Command, On, Service, decided
from .state import Order

OK, GIVEN_UP, DECLINED, LATE, OPEN = "ZP01", "ZD02", "ZD01", "ZD03", "ZW00"
_YEN_A_YUAN = 20
_LIMITS = {"JPY": (1, 9_999_999), "CNY": (100, 5_000_000)}  # CNY in a hundredth of a yuan
STEPS = {
    "": "APPLIED WAITING CAPTURED FAILED PENDING",
    "PENDING": "APPLIED FAILED",
    "APPLIED": "CAPTURED FAILED",  # online, or a QR code that is shown
    "WAITING": "CAPTURED FAILED",  # for the customer to approve in the app
    "CAPTURED": "CAPTURED REFUNDED",  # to itself: a part is refunded
}


def check_payment(call: Call) -> None:
    """The amount by its currency, and what each way of payment needs."""
    body = call.body
    amount = amount_of(call) or 0
    low, high = _LIMITS[body.need("currency")]
    if not low <= amount <= high:
        raise RefusalError("ZF01", "amount")
    journeys.need(call, "commodityName")
    way = _way(call)
    journeys.need(call, *{"0": ("successUrl", "errorUrl"), "1": ("identityCode",)}.get(way, ()))


def _way(call: Call) -> str:
    return call.body.text("payType") or "0"


def _yen(order: Order, units: int) -> int:
    """Whole yen of an amount in the order's own currency."""
    return units if order.own["currency"] == "JPY" else units * _YEN_A_YUAN // 100


def authorize(call: Call, order: Order) -> Answer:
    """Authorize: authorization and capture in one, by the way that payType says."""
    gateway, body, way = call.gateway, call.body, _way(call)
    units = order.amount or 0
    order.own |= {"currency": body.need("currency"), "units": units, "balance": units}
    order.own["trade"] = gateway.ids.digits("centerTradeId", 28)
    order.amount = _yen(order, units)
    order.info["payType"] = way
    if way == "1":
        return _scanned(call, order)
    order.own |= {"success": body.text("successUrl"), "error": body.text("errorUrl"), "way": way}

    def apply() -> Answer:
        gateway.step(order, "APPLIED")
        journey = journeys.Journey(
            title="Alipay",
            waits=lambda: order.status == "APPLIED",
            land=lambda choice: _land(gateway, order, choice),
            home=lambda: _home(gateway, order),
            choices=journeys.CHOICES,
            opened=(lambda: _start(gateway, order)) if way == "0" else None,
        )
        address = journeys.begin(call, order, journey)
        if way == "0":
            form = pages.form(address, {"orderId": order.order_id})
            return Answer({"entryForm": form}, amount=order.amount)
        _start(gateway, order)
        return Answer(_codes(address, small=True), amount=order.amount)

    return decided(call, order, apply)


def _codes(address: str, *, small: bool) -> dict[str, str | None]:
    """A QR code: its text is an address, and so are its images (which the mock does not draw)."""
    return {
        "qrCode": address,
        "qrCodeImgUrl": f"{address}?image=standard",
        "qrCodeSmallImgUrl": f"{address}?image=small" if small else None,
        "qrCodeLargeImgUrl": f"{address}?image=large" if small else None,
    }


def _start(gateway: Gateway, order: Order) -> None:
    """Let the time run in which the customer can pay; only once."""
    if "timer" not in order.own:
        order.own["timer"] = gateway.clock.call_later(
            gateway.settings.alipay_seconds, lambda: _late(gateway, order)
        )


def _late(gateway: Gateway, order: Order) -> None:
    if order.status in {"APPLIED", "WAITING"}:
        _close(gateway, order, LATE)


def _land(gateway: Gateway, order: Order, choice: str) -> None:
    if choice == "success":
        _paid(gateway, order)
    else:
        _close(gateway, order, GIVEN_UP if choice == "cancel" else DECLINED)


def _paid(gateway: Gateway, order: Order) -> None:
    """The customer has paid on the page or in the app."""
    told = order.status == "APPLIED"
    _take(gateway, order)
    gateway.note(order, "Authorize", amount=order.amount, own=_own(order))
    if told:
        _tell(gateway, order, "Authorize", OK)


def _take(gateway: Gateway, order: Order) -> None:
    books.authorize(gateway, order, order.amount or 0, capture=True)
    order.own |= {"code": OK, "paid": _times(gateway)}
    order.later = None


def _close(gateway: Gateway, order: Order, code: str) -> None:
    """Nothing will be paid any more."""
    told = order.status == "APPLIED"
    gateway.step(order, "FAILED")
    order.own["code"] = code
    order.later = None
    gateway.note(
        order, "Authorize", mstatus="failure", code=code, amount=order.amount, own=_own(order)
    )
    if told:
        _tell(gateway, order, "Authorize", code)


def _times(gateway: Gateway) -> dict[str, str]:
    return {"payTimeJp": journeys.stamp(gateway), "payTimeCn": journeys.stamp(gateway, -1)}


def _payment(order: Order) -> dict[str, Any]:
    """The members that tell of a payment made."""
    units = order.own["units"]
    fen = units if order.own["currency"] == "CNY" else units * 100 // _YEN_A_YUAN
    return {
        "centerTradeId": order.own["trade"],
        **order.own["paid"],
        "buyerChargedAmountCny": f"{fen // 100}.{fen % 100:02}",
    }


def _own(order: Order) -> dict[str, Any]:
    return {"centerTradeId": order.own["trade"], "settleAmount": str(order.amount)}


def _home(gateway: Gateway, order: Order) -> Response:
    code = order.own["code"]
    address = order.own["success" if code == OK else "error"]
    if address is None or order.own["way"] != "0":
        return journeys.nowhere()
    fields = journeys.result(order, code)
    if code == OK:
        fields |= {
            "settleAmount": str(order.amount),
            "settleCurrency": "JPY",
            "centerTradeId": order.own["trade"],
        }
    return pages.by_post(address, pages.signed(gateway, fields))


def _scanned(call: Call, order: Order) -> Answer:
    """payType 1: the shop has scanned the customer's code."""
    gateway = call.gateway
    asks = call.provider is None and call.body.need("identityCode").endswith("0000")
    if asks or (call.provider is not None and CODES[call.provider].mstatus == "pending"):
        gateway.step(order, "WAITING")
        _start(gateway, order)
        return Answer(mstatus="pending", blocks=(call.provider or OPEN,), amount=order.amount)

    def apply() -> Answer:
        _take(gateway, order)
        return Answer(_payment(order), amount=order.amount, own=_own(order))

    return decided(call, order, apply)


def confirm(call: Call, order: Order) -> Answer:
    """Confirm: how a payment by barcode went; pending as long as the customer has not said."""
    if order.status in {"WAITING", "APPLIED", "PENDING"}:
        return Answer(mstatus="pending", blocks=(OPEN,))
    if order.status == "FAILED":
        raise RefusalError(order.own.get("code") or DECLINED)
    return Answer(_payment(order))


def refund(call: Call, order: Order) -> Answer:
    """Refund: a part of what was taken, or all that is left, in the order's currency."""
    journeys.in_state(order, "CAPTURED")
    units = journeys.part(call, order.own["balance"])

    def apply() -> Answer:
        journeys.in_state(order, "CAPTURED")
        gateway, before = call.gateway, order.own["balance"]
        if units > before:
            raise RefusalError("ZF02", "amount")
        left = before - units
        yen = order.taken - _yen(order, left)
        status = "CAPTURED" if left else "REFUNDED"
        books.cancel(gateway, order, yen, partly=status, status=status)
        order.own["balance"] = left
        _tell(gateway, order, "Refund", OK)
        members = {"centerTradeId": order.own["trade"], "balance": str(left)}
        return Answer(members, amount=yen, own=_own(order))

    return decided(call, order, apply)


def create_identity_code(call: Call, order: Order) -> Answer:
    """CreateIdentityCode: a code for a shop or a taxi; no money moves, and it leads nowhere."""
    number = call.gateway.ids.base32("identityCode", 24)
    codes = _codes(f"{call.base}/pages/alipay/{number}", small=False)
    return Answer({**codes})


def _tell(gateway: Gateway, order: Order, command: str, code: str) -> None:
    fields: Mapping[str, str] = {
        "txnType": command,
        "mstatus": CODES[code].mstatus,
        "vResultCode": v_result_code(code),
        "centerTradeId": order.own["trade"],
    }
    push.send(gateway, order, fields)


def pay(gateway: Gateway, order: Order, amount: int | None) -> None:
    """The customer approves in the app, where a code was scanned. Raises AdminError."""
    if amount is not None:
        raise AdminError("the amount is the order's own; leave it out")
    if order.status not in {"APPLIED", "WAITING"}:
        raise AdminError(f"the order is {order.status} and waits for no payment")
    _paid(gateway, order)


SERVICE = Service(
    name="alipay",
    title="Alipay",
    ok=OK,
    commands={
        "Authorize": Command(authorize, On.NEW, check_payment),
        "Confirm": Command(confirm, records=False),
        "Refund": Command(refund, On.KNOWN, journeys.needs("amount")),
        "CreateIdentityCode": Command(
            create_identity_code, On.NONE, journeys.needs("storeId", "storeName")
        ),
    },
    steps=STEPS,
    visit=journeys.visit,
    pay=pay,
)
