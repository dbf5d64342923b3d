"""oricosc (shopping credit): Authorize, Orico's page, and the result of the screening by PUSH.

Document: flow guide 2-10; facts of the kit, Search. The browser comes back when the customer
has applied; what the screening said comes by PUSH alone, later. Assumed: all members of the
PUSH; how long a screening takes; the orderStateCodes; that what is accepted is paid to the
merchant at once, less the down payment; that the browser comes back by GET with vAuthInfo. A
screening left pending is decided by POST /_mock/act/{orderId}/accept or .../reject.
"""

from __future__ import annotations

from starlette.responses import Response

from ..admin import AdminError
from . import books, journeys, pages, push, wallets
from .gateway import Gateway
from .results import CODES, Mstatus, RefusalError, v_result_code
from .service import Answer, Call, Command, On, Service, decided
from .state import Order

OK, GIVEN_UP, REJECTED, OPEN = "ZO01", "ZD02", "ZD01", "ZW00"
SCREENING = "oricoscScreening"
STATES: dict[Mstatus, str] = {"success": "01", "failure": "02", "pending": "03"}
STEPS = {
    "": "APPLIED FAILED PENDING",
    "PENDING": "APPLIED FAILED",
    "APPLIED": "SCREENING FAILED",
    "SCREENING": "SCREENING ACCEPTED REJECTED",  # to itself: not yet decided
}
_CHOICES = {
    "success": "Apply; it will be accepted (申込: 承認)",
    "reject": "Apply; it will be rejected (申込: 否決)",
    "pending": "Apply; it will take longer (申込: 保留)",
    "cancel": "Do not apply (キャンセル)",
    "fail": "Fail (失敗)",
}
_WALLET = wallets.Wallet(title="Orico Web Credit", ok=OK, given_up=GIVEN_UP, refused=REJECTED)


def check_application(call: Call) -> None:
    """Goods whole or not at all, and sums that add up (the latter is assumed)."""
    journeys.needs(
        "merchantRedirectionUrl", "oricoOrderNo", "itemName1", "itemCount1", "itemAmount1",
        "totalItemAmount", "amount",
    )(call)  # fmt: skip
    body = call.body
    for number in range(1, 6):
        triple = [f"item{what}{number}" for what in ("Name", "Count", "Amount")]
        if len({body.has(name) for name in triple}) != 1:
            raise RefusalError("ZF01", next(name for name in triple if not body.has(name)))
    total = int(body.need("totalItemAmount")) + int(body.text("totalCarriage") or "0")
    if total != int(body.need("amount")):
        raise RefusalError("ZF01", "amount")
    if int(body.text("deposit") or "0") >= total:
        raise RefusalError("ZF01", "deposit")


def authorize(call: Call, order: Order) -> Answer:
    """Authorize: HTML that takes the browser to Orico's application."""
    gateway, body = call.gateway, call.body

    def apply() -> Answer:
        address = body.need("merchantRedirectionUrl")
        order.own |= {
            "loan": (order.amount or 0) - int(body.text("deposit") or "0"),
            "number": body.need("oricoOrderNo"),
            "code": None,
        }
        gateway.step(order, "APPLIED")
        journey = journeys.Journey(
            title=_WALLET.title,
            waits=lambda: order.status == "APPLIED",
            land=lambda choice: _land(gateway, order, choice),
            home=lambda: _home(gateway, order, address),
            choices=_CHOICES,
        )
        page = journeys.begin(call, order, journey)
        return Answer({"resResponseContents": pages.form(page, {"orderId": order.order_id})})

    return decided(call, order, apply)


def _home(gateway: Gateway, order: Order, address: str) -> Response:
    return wallets.home(
        gateway, order, _WALLET, dict.fromkeys(("success", "cancel", "error"), address)
    )


def _land(gateway: Gateway, order: Order, choice: str) -> None:
    """The customer applies, which begins the screening, or does not."""
    if choice in {"cancel", "fail"}:
        order.own["code"] = GIVEN_UP if choice == "cancel" else REJECTED
        gateway.step(order, "FAILED")
        gateway.note(
            order, "Authorize", mstatus="failure", code=order.own["code"], amount=order.amount
        )
        return
    order.own |= {"code": OK, "date": journeys.stamp(gateway)[:8]}
    gateway.step(order, "SCREENING")
    ordinary = {"success": OK, "reject": REJECTED, "pending": OPEN}[choice]
    gateway.clock.call_later(
        gateway.settings.screening_seconds, lambda: _screened(gateway, order, ordinary)
    )


def _screened(gateway: Gateway, order: Order, ordinary: str) -> None:
    if order.status == "SCREENING":
        _decide(gateway, order, journeys.fate(gateway, SCREENING, ordinary))


def _decide(gateway: Gateway, order: Order, code: str) -> None:
    """What the screening says, and the merchant is told."""
    mstatus, loan = CODES[code].mstatus, order.own["loan"]
    own = {
        "orderStateCode": STATES[mstatus],
        "requestDate": order.own["date"],
        "loanPrincipal": str(loan),
    }
    if mstatus == "success":
        own |= {"approvalNo": gateway.ids.digits("approvalNo", 8), "paymentCount": "12"}
        books.deposit(gateway, order, loan, "ACCEPTED")
    else:
        gateway.step(order, "REJECTED" if mstatus == "failure" else "SCREENING")
    gateway.note(order, "Authorize", mstatus=mstatus, code=code, amount=loan, own=own)
    fields = {
        "txnType": "Authorize",
        "mstatus": mstatus,
        "vResultCode": v_result_code(code),
        "oricoOrderNo": order.own["number"],
        **own,
    }
    push.send(gateway, order, fields)


def accept(gateway: Gateway, order: Order) -> None:
    """A screening that takes longer ends well. Raises AdminError."""
    _end(gateway, order, OK)


def reject(gateway: Gateway, order: Order) -> None:
    """A screening that takes longer ends badly. Raises AdminError."""
    _end(gateway, order, REJECTED)


def _end(gateway: Gateway, order: Order, code: str) -> None:
    if order.status != "SCREENING":
        raise AdminError(f"the order is {order.status} and not being screened")
    _decide(gateway, order, code)


SERVICE = Service(
    name="oricosc",
    title="Shopping credit",
    ok=OK,
    commands={"Authorize": Command(authorize, On.NEW, check_application)},
    steps=STEPS,
    happenings=(SCREENING,),
    visit=journeys.visit,
    actions={"accept": accept, "reject": reject},
)
