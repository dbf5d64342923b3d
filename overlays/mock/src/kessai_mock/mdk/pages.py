"""The addresses a browser is sent to, and the small HTML that sends it there and back.

One route serves them all; what a page shows is its service's `visit`. `?outcome=` makes a
choice without looking at the page first, so that programs can play the customer.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from html import escape
from typing import NamedTuple
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from .. import html
from . import signing
from .gateway import Gateway
from .service import Call
from .state import Order, Page


class Visit(NamedTuple):
    """One request of a browser to a page."""

    gateway: Gateway
    order: Order
    page: Page
    method: str  # GET or POST
    query: Mapping[str, str]
    form: Mapping[str, str]

    @property
    def outcome(self) -> str | None:
        """What was chosen: a button, or ?outcome= of a program."""
        return self.query.get("outcome") or self.form.get("outcome")


def open_page(call: Call, order: Order, **own: object) -> str:
    """A new page for an order's customer; gives its address. `own` goes to `Page.own`."""
    gateway = call.gateway
    key = gateway.ids.hex32("page")
    gateway.pages[key] = Page(key=key, order=order, opened=gateway.clock.now, own=dict(own))
    return f"{call.base}/pages/{order.service}/{key}"


def form(address: str, fields: Mapping[str, str], *, method: str = "post") -> str:
    """HTML contents that take the browser to an address with the fields, by themselves."""
    inputs = "".join(
        f'<input type="hidden" name="{escape(name)}" value="{escape(value)}">'
        for name, value in fields.items()
    )
    return (
        '<!DOCTYPE html><html><head><meta charset="UTF-8"><title>redirect</title></head>'
        '<body onload="document.forms[0].submit()">'
        f'<form method="{method}" action="{escape(address)}">{inputs}'
        '<noscript><input type="submit" value="OK"></noscript></form></body></html>'
    )


def choice(title: str, order: Order, choices: Iterable[tuple[str, str]], *above: str) -> Response:
    """A page that says what it is about and has one button per choice (value, label)."""
    what = f"Order {order.order_id}"
    if order.amount is not None:
        what += f", {order.amount:,} yen"
    parts = (html.paragraph(what), *above, html.buttons(choices))
    return HTMLResponse(html.page(f"{title} (mock)", *parts))


def said(title: str, text: str, status: int = 200) -> Response:
    """A page that only says something."""
    return HTMLResponse(html.page(title, html.paragraph(text)), status_code=status)


def unknown_outcome(known: Iterable[str]) -> Response:
    """The answer to an outcome that is no choice of the page."""
    return said("Unknown outcome", f"Use one of {', '.join(known)}.", 400)


def by_get(address: str, fields: Mapping[str, str]) -> Response:
    """The browser comes back by GET, the fields in the query."""
    parts = urlsplit(address)
    query = urlencode([*parse_qsl(parts.query, keep_blank_values=True), *fields.items()])
    return RedirectResponse(urlunsplit(parts._replace(query=query)), status_code=302)


def by_post(address: str, fields: Mapping[str, str]) -> Response:
    """The browser comes back by POST, from a form that sends itself."""
    return HTMLResponse(form(address, fields))


def v_signed(gateway: Gateway, fields: Mapping[str, str]) -> dict[str, str]:
    """The fields of a return with authParams and vAuthInfo behind them.

    The order of the names is another one each time: only authParams tells it.
    """
    settings, names = gateway.settings, gateway.ids.shuffled("authParams", list(fields))
    digest = signing.v_auth_info(
        settings.merchant_ccid, [fields[name] for name in names], settings.merchant_secret_key
    )
    return {**fields, "authParams": signing.auth_params(names), "vAuthInfo": digest}


def signed(gateway: Gateway, fields: Mapping[str, str]) -> dict[str, str]:
    """The fields of UnionPay's and Alipay's return, with authInfo behind them."""
    settings = gateway.settings
    proof = signing.auth_info(
        settings.merchant_ccid, gateway.clock.now, settings.merchant_secret_key
    )
    return {**fields, "authInfo": proof}


class Pages:
    """GET and POST /pages/{service}/{key}."""

    def __init__(self, gateway: Gateway) -> None:
        self._gateway = gateway

    def routes(self) -> list[Route]:
        """The one route of all pages."""
        return [Route("/pages/{service}/{key}", self._show, methods=["GET", "POST"])]

    async def _show(self, request: Request) -> Response:
        raw = (await request.body()).decode("utf-8", "replace")
        fields = dict(parse_qsl(raw, keep_blank_values=True))
        with self._gateway.lock:
            answer = self._answer(request, fields)
        # Before the browser has its answer: a PUSH is not kept waiting by a customer.
        await self._gateway.webhooks.drain()
        return answer

    def _answer(self, request: Request, fields: Mapping[str, str]) -> Response:
        gateway = self._gateway
        page = gateway.pages.get(str(request.path_params["key"]))
        service = gateway.services.get(str(request.path_params["service"]))
        if page is None or service is None or service.visit is None:
            return said("No such page", "The address is not one the gateway gave out.", 404)
        if page.order.service != service.name:
            return said("No such page", "The address is not one the gateway gave out.", 404)
        visit = Visit(gateway, page.order, page, request.method, request.query_params, fields)
        return service.visit(visit)
