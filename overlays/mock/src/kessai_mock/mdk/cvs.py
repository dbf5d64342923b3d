"""cvs: Authorize, Cancel. The customer pays at the till: POST /_mock/pay/{orderId}.

Document: facts of the kit, cvs; its sample for the dummy rule: the telephone number decides,
05 to 09 apply, 05 and 06 can be cancelled.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from starlette.responses import Response

from ..clock import JST
from . import card, deposits, pages
from .gateway import Gateway
from .pages import Visit
from .results import RefusalError
from .service import Answer, Call, Command, On, Service, decided
from .state import Order

_DAYS = 60
_TYPES = {"sej": "sej", "famima": "famima", "lawson": "lawson", "econ": "econ-fm"}
_FREE = {"famima": 38, "other": 32}  # bytes of a remark where they are fewer than 50
_APPLY, _CANCEL = ("05", "06", "07", "08", "09"), ("05", "06")


def check(call: Call) -> None:
    """What a schema cannot say: the last day to pay, the remarks of each chain."""
    body = call.body
    card.check_amount(call)
    _until(call)
    if body.text("paymentType") not in {None, "0"}:
        raise RefusalError("ZF01", "paymentType")
    option = body.text("serviceOptionType") or ""
    for name in ("free1", "free2"):
        remark = body.text(name)
        if remark is None:
            continue
        size = len(remark.encode("cp932", "replace"))
        if option == "sej" or size > _FREE.get(option, 50):
            raise RefusalError("ZF01", name)


def _until(call: Call) -> datetime:
    """The last minute to pay. Raises RefusalError ZF01 for none from today to 60 days on."""
    today = call.gateway.clock.now.astimezone(JST).date()
    text, hhmm = call.body.text("payLimit"), call.body.text("payLimitHhmm")
    try:
        day = datetime.strptime(text, "%Y/%m/%d").date() if text else today + timedelta(_DAYS)
    except ValueError:
        raise RefusalError("ZF01", "payLimit") from None
    if not today <= day <= today + timedelta(_DAYS):
        raise RefusalError("ZF01", "payLimit")
    try:
        minute = datetime.strptime(hhmm, "%H:%M").time() if hhmm else time(23, 59)
    except ValueError:
        raise RefusalError("ZF01", "payLimitHhmm") from None
    until = _at(day, minute)
    if until < call.gateway.clock.now:
        raise RefusalError("ZF01", "payLimitHhmm")
    return until


def _at(day: date, minute: time) -> datetime:
    return datetime.combine(day, minute, tzinfo=JST)


def authorize(call: Call, order: Order) -> Answer:
    """Authorize: a number to pay by at the till."""
    gateway, until = call.gateway, _until(call)
    telephone = order.own["telephone"] = call.body.text("telNo") or ""
    if order.dummy and not telephone.startswith(_APPLY):
        raise RefusalError("ZD01", "telNo")

    def apply() -> Answer:
        deposits.apply_for(gateway, order, until)
        number = order.own["receipt"] = receipt_no(gateway, order.option or "")
        order.info |= {
            "cvsType": _TYPES.get(order.option or "", "other"),
            "receiptNo": number,
            "payLimit": f"{until:%Y/%m/%d}",
        }
        return Answer({"receiptNo": number, "haraikomiUrl": _slip(call, order)})

    return decided(call, order, apply)


def receipt_no(gateway: Gateway, option: str) -> str:
    """In the form of each chain: 13 digits, 18 with a hyphen, 7, or 11."""
    digits = gateway.ids.digits
    if option == "sej":
        return digits("receiptNo", 13)
    if option == "famima":
        return f"{digits('receiptNo', 5)}-{digits('receiptNo', 12)}"
    return digits("receiptNo", 7 if option == "lawson" else 11)


def _slip(call: Call, order: Order) -> str | None:
    """Where the payment slip is shown: not at Lawson, and nowhere in dummy mode."""
    if order.option == "lawson":
        return None
    if order.dummy:
        return f"https://dummy.example/haraikomi/{order.own['receipt']}"
    return pages.open_page(call, order)


def cancel(call: Call, order: Order) -> Answer:
    """Cancel: withdraw an application that nobody has paid."""
    if order.option != call.body.text("serviceOptionType"):
        raise RefusalError("ZF01", "serviceOptionType")
    if order.status != "APPLIED":
        raise RefusalError("NH02")
    if order.dummy and not order.own["telephone"].startswith(_CANCEL):
        raise RefusalError("ZD01", "telNo")

    def apply() -> Answer:
        if order.status != "APPLIED":
            raise RefusalError("NH02")
        call.gateway.step(order, "CANCELLED")
        return Answer()

    return decided(call, order, apply)


def pay(gateway: Gateway, order: Order, amount: int | None) -> None:
    """The customer pays at the till."""
    deposits.check(order, amount)
    moment = f"{gateway.clock.now.astimezone(JST):%Y%m%d%H%M%S}"
    order.info["paidDatetime"] = moment
    fields = {
        "cvsType": _TYPES.get(order.option or "", "other"),
        "receiptNo": order.own["receipt"],
        "receiptDate": moment,
    }
    deposits.receive(gateway, order, fields)


def visit(page: Visit) -> Response:
    """The payment slip, with the till beside it."""
    order = page.order
    if order.status != "APPLIED":
        return pages.said("Payment slip", f"The order is {order.status}.")
    if page.outcome is None:
        return pages.choice(f"Payment slip {order.own['receipt']}", order, [("pay", "Pay")])
    if page.outcome != "pay":
        return pages.unknown_outcome(["pay"])
    pay(page.gateway, order, None)
    return pages.said("Paid", "The merchant is told.")


SERVICE = Service(
    name="cvs",
    title="Convenience stores",
    ok="D001",
    commands={"Authorize": Command(authorize, On.NEW, check), "Cancel": Command(cancel)},
    steps={**deposits.STEPS, "APPLIED": "PAID EXPIRED CANCELLED"},
    visit=visit,
    pay=pay,
)
