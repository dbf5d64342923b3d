"""The pages of net banking: which bank, the bank's own, and the button that checks the deposit.

Document: flow guide 2-4. Without a bank's code the browser chooses one, by GET and in the same
window; then the page with the button stays open beside the bank's. The button leads to the
Thanks URL, which never has a query, once the money is there. With a bank's code the browser
goes straight to the bank, by POST of skno, bptn and bill, and never comes back. A bank's page
lives for 30 minutes from its first opening.
"""

from __future__ import annotations

from starlette.responses import HTMLResponse, RedirectResponse, Response

from .. import html
from ..clock import JST
from . import bank_master, deposits, pages
from .gateway import Gateway
from .pages import Visit
from .state import Order, Page


def receive(gateway: Gateway, order: Order) -> None:
    """The money has come."""
    own = order.own
    fields = {
        "kikanNo": own["kikan"],
        "kigyoNo": "00001",
        "rcvDate": f"{gateway.clock.now.astimezone(JST):%Y%m%d%H%M%S}",
        "customerNo": own["customer"],
        "confNo": own["confirm"],
    }
    deposits.receive(gateway, order, fields)


def visit(page: Visit) -> Response:
    """Whichever of the pages the address is of."""
    if page.page.own["shows"] == "bank":
        return _bank(page)
    if page.method != "GET":
        return pages.said("By GET only", "This page is opened by GET.", 405)
    return _confirm(page) if "beside" in page.page.own else _choose(page)


def _choose(page: Visit) -> Response:
    """Choose a bank (`?bank=`); its page opens beside, under an address of its own."""
    banks = bank_master.codes()
    bank = page.query.get("bank")
    if bank is None:
        parts = [
            html.paragraph(f"Order {page.order.order_id}"),
            html.buttons(banks.items(), "bank"),
        ]
        return HTMLResponse(html.page("Choose a bank (mock)", *parts))
    if bank not in banks:
        return pages.said("Unknown bank", f"Use one of {', '.join(banks)}.", 400)
    gateway = page.gateway
    key = gateway.ids.hex32("page")
    gateway.pages[key] = Page(
        key=key,
        order=page.order,
        opened=gateway.clock.now,
        own={"shows": "bank", "bank": bank, "by": "GET"},
    )
    page.page.own["beside"] = key
    return _confirm(page)


def _confirm(page: Visit) -> Response:
    """The button that checks the deposit: `?outcome=check`."""
    order = page.order
    if page.outcome == "check" and order.status == "PAID":
        return RedirectResponse(order.own["home"], status_code=302)
    address = f"/pages/bank/{page.page.own['beside']}"
    link = f'<p>The bank opens <a href="{address}" target="_blank">here</a>.</p>'
    said = "Not paid yet." if page.outcome == "check" else "Pay in the bank's window, then:"
    check = html.buttons([("check", "Check the deposit (入金確認)")])
    parts = (html.paragraph(f"Order {order.order_id}"), link, html.paragraph(said), check)
    return HTMLResponse(html.page("Deposit (mock)", *parts))


def _bank(page: Visit) -> Response:
    """The bank's own page: `?outcome=pay`."""
    gateway, order, own = page.gateway, page.order, page.page.own
    if "since" not in own:
        refusal = _first(page)
        if refusal is not None:
            return refusal
        own["since"] = gateway.clock.now
    age = (gateway.clock.now - own["since"]).total_seconds()
    if age > gateway.settings.bank_page_seconds:
        return pages.said("Too late", "A bank's page lives for 30 minutes.", 410)
    if order.status != "APPLIED":
        return pages.said(f"Bank {own['bank']}", f"The order is {order.status}.")
    if page.outcome is None:
        return pages.choice(f"Bank {own['bank']}", order, [("pay", "Pay")])
    if page.outcome != "pay":
        return pages.unknown_outcome(["pay"])
    receive(gateway, order)
    return pages.said("Paid", "There is no way back from here; the merchant is told.")


def _first(page: Visit) -> Response | None:
    """What keeps a page from being opened: the wrong method, or fields that do not fit."""
    order, by = page.order, page.page.own["by"]
    if page.method != by:
        return pages.said("Wrong method", f"This page is opened by {by}.", 405)
    if by == "GET":
        return None
    wanted = {"skno": order.own["kikan"], "bptn": order.own["pattern"], "bill": order.own["bill"]}
    if {name: page.form.get(name) for name in wanted} != wanted:
        return pages.said("Wrong fields", "skno, bptn and bill do not fit.", 400)
    return None
