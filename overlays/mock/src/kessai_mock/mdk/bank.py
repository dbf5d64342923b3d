"""bank: Authorize. Pay-easy at a machine, or on the pages of a bank (`bank_pages`).

Document: flow guide 2-4, facts of the kit, bank. Assumed: that payCsv is a code of the master
data, the shapes of the numbers.
"""

from __future__ import annotations

from datetime import datetime, time

from ..clock import JST
from . import bank_master, bank_pages, card, deposits, pages
from .gateway import Gateway
from .results import RefusalError
from .service import Answer, Call, Command, On, Service, decided
from .state import Order


def check(call: Call) -> None:
    """What a schema cannot say: days, and which members exclude each other."""
    body, option = call.body, call.body.text("serviceOptionType")
    card.check_amount(call)
    _until(call)
    agreed = body.text("agreementDate")
    if agreed is not None:
        _day(agreed, "agreementDate")
    bank = body.text("payCsv")
    if bank is not None:
        if option == "atm" or bank not in bank_master.codes():
            raise RefusalError("ZF01", "payCsv")
        if body.has("viewLocale"):
            raise RefusalError("ZF01", "viewLocale")
    if body.has("termUrl") and (bank is not None or option != "netbank-pc"):
        raise RefusalError("ZF01", "termUrl")


def _day(text: str, member: str) -> datetime:
    try:
        return datetime.strptime(text, "%Y%m%d").replace(tzinfo=JST)
    except ValueError:
        raise RefusalError("ZF01", member) from None


def _until(call: Call) -> datetime:
    """The last minute to pay: of payLimit, of today without one (assumed)."""
    now, text = call.gateway.clock.now.astimezone(JST), call.body.text("payLimit")
    day = now if text is None else _day(text, "payLimit")
    if day.date() < now.date():
        raise RefusalError("ZF01", "payLimit")
    return datetime.combine(day.date(), time(23, 59), tzinfo=JST)


def authorize(call: Call, order: Order) -> Answer:
    """Authorize: three numbers for a machine, an address for a browser."""
    gateway, body, until = call.gateway, call.body, _until(call)

    def apply() -> Answer:
        deposits.apply_for(gateway, order, until)
        own, ids = order.own, gateway.ids
        own["request_id"] = ids.hex32("requestId")
        own["kikan"] = "58091"
        own["customer"] = ids.digits("customerNo", 11)
        own["confirm"] = ids.digits("confirmNo", 6)
        order.info |= {"requestId": own["request_id"], "payLimit": f"{until:%Y%m%d}"}
        members: dict[str, object] = {"requestId": own["request_id"]}
        numbers = {
            "shunoKikanNo": own["kikan"],
            "customerNo": own["customer"],
            "confirmNo": own["confirm"],
        }
        if order.option == "atm":
            return Answer({**members, **numbers})
        bank = body.text("payCsv")
        if bank is None:
            own["home"] = body.text("termUrl") or gateway.settings.thanks_url
            return Answer({**members, "url": pages.open_page(call, order, shows="choice")})
        own["pattern"] = "1"
        own["bill"] = ids.base32("bill", 32)
        address = pages.open_page(call, order, shows="bank", bank=bank, by="POST")
        online = {"billPattern": own["pattern"], "bill": own["bill"], "url": address}
        return Answer({**members, **numbers, **online})

    return decided(call, order, apply)


def pay(gateway: Gateway, order: Order, amount: int | None) -> None:
    """The customer pays, at a machine or on a bank's page."""
    deposits.check(order, amount)
    bank_pages.receive(gateway, order)


SERVICE = Service(
    name="bank",
    title="Pay-easy",
    ok="ZB01",
    commands={"Authorize": Command(authorize, On.NEW, check)},
    steps=deposits.STEPS,
    visit=bank_pages.visit,
    pay=pay,
)
