"""The pages the customer's browser is sent to, and the way back to the merchant.

A page lives 120 seconds if nobody opens it. `?outcome=...` presses a button without
looking at it first, so that programs can play the customer.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable
from urllib.parse import urlsplit, urlunsplit

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from .. import html
from . import tds, verification, wallet
from .gateway import Gateway
from .state import Order, Redirect, Verification

_LABELS = {
    "success": "Approve (成功)",
    "challenge": "Approve after a challenge",
    "attempt": "Attempt only (ECI 06/01)",
    "fail": "Fail (失敗)",
    "unavailable": "Unavailable",
    "reject": "Rejected by the issuer",
    "cancel": "Cancel (中止)",
    "decline": "Approve, then the card is declined",
    "insufficient": "Not enough balance (残高不足)",
    "limit": "Over the limit",
    "abandon": "Close the browser (離脱)",
}


def callback_url(target: str, access_id: str, event: str, csrf_token: str | None) -> str:
    """Where the browser goes back to: the callback URL with `p`, base64url with padding."""
    content = {"accessId": access_id, "event": event}
    if csrf_token is not None:
        content["csrfToken"] = csrf_token
    packed = base64.urlsafe_b64encode(json.dumps(content, separators=(",", ":")).encode())
    parts = urlsplit(target)
    query = f"{parts.query}&p={packed.decode()}" if parts.query else f"p={packed.decode()}"
    return urlunsplit(parts._replace(query=query))


class Pages:
    """GET /pages/{kind}/{key} for 3-D Secure, wallets and identity checks."""

    def __init__(self, gateway: Gateway) -> None:
        self._gateway = gateway

    def routes(self) -> list[Route]:
        """The one route of all pages."""
        return [Route("/pages/{kind}/{key}", self._show, methods=["GET"])]

    async def _show(self, request: Request) -> Response:
        with self._gateway.lock:
            redirect = self._gateway.redirects.get(str(request.path_params["key"]))
            if redirect is None or redirect.kind != request.path_params["kind"]:
                return _message("No such page", "The address is not one the gateway gave out.", 404)
            if redirect.closed or not (redirect.opened or self._gateway.clock.now < redirect.until):
                return _message(
                    "This page has expired", "It was used, or not opened within 120 seconds.", 410
                )
            redirect.opened = True
            if isinstance(redirect.target, Verification):
                return self._verify(request, redirect, redirect.target)
            return self._choose(request, redirect, redirect.target)

    def _choose(self, request: Request, redirect: Redirect, order: Order) -> Response:
        """3-D Secure and wallets: one button per way it can end."""
        outcomes = [*tds.ENDINGS, "decline"] if redirect.kind == "tds2" else list(wallet.ENDINGS)
        outcomes.append("abandon")
        if redirect.kind == "wallet":
            wallet.open_page(self._gateway, order)
        outcome = request.query_params.get("outcome")
        if outcome is None:
            return _choices(redirect, order, outcomes)
        if outcome not in outcomes:
            return _message("Unknown outcome", f"Use one of {', '.join(outcomes)}.", 400)
        redirect.closed = True
        if outcome == "abandon":
            return _message("The browser was closed", "The merchant hears nothing of it.", 200)
        finish = tds.finish_page if redirect.kind == "tds2" else wallet.finish_page
        event = finish(self._gateway, order, outcome)
        return _back(order.callback_url or "", order.access_id, event, order.csrf_token)

    def _verify(self, request: Request, redirect: Redirect, record: Verification) -> Response:
        """The code from the SMS: any of the right length, but for the documented test codes."""
        code, outcome = request.query_params.get("code"), request.query_params.get("outcome")
        if outcome == "abandon":
            redirect.closed = True
            return _message("The browser was closed", "The merchant hears nothing of it.", 200)
        if outcome == "cancel":
            verification.give_up(self._gateway, record)
        elif outcome == "success":
            verification.enter(self._gateway, record, "1" * record.pin_digits)
        elif outcome is not None:
            return _message("Unknown outcome", "Use one of success, cancel, abandon.", 400)
        elif code is None and record.status == "REQSUCCESS":
            return _code_form(record, "Type the code from the SMS.")
        elif not verification.enter(self._gateway, record, code or ""):
            return _code_form(record, "The code is wrong. Try again.")
        redirect.closed = True
        return _back(
            record.callback_url, record.access_id, "VERIFICATION_FINISHED", record.csrf_token
        )


def _back(target: str, access_id: str, event: str, csrf_token: str | None) -> Response:
    return RedirectResponse(callback_url(target, access_id, event, csrf_token), status_code=302)


def _choices(redirect: Redirect, order: Order, outcomes: Iterable[str]) -> Response:
    title = "3-D Secure" if redirect.kind == "tds2" else f"{order.method} (mock)"
    what = f"Order {order.order_id}"
    if order.amount is not None:
        what += f", {order.amount:,} yen"
    shown = html.buttons((outcome, _LABELS[outcome]) for outcome in outcomes)
    return HTMLResponse(html.page(title, html.paragraph(what), shown))


def _code_form(record: Verification, text: str) -> Response:
    form = (
        f'<form method="get"><input name="code" inputmode="numeric" size="{record.pin_digits}" '
        f'maxlength="{record.pin_digits}" autofocus aria-label="code"> <button>OK</button></form>'
    )
    give_up = html.buttons([("cancel", _LABELS["cancel"]), ("abandon", _LABELS["abandon"])])
    return HTMLResponse(html.page("SMS", html.paragraph(text), form, give_up))


def _message(title: str, text: str, status: int) -> Response:
    return HTMLResponse(html.page(title, html.paragraph(text)), status_code=status)
