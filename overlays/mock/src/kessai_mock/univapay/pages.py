"""Pages for the customer's browser: a slip beside the till, a wallet, an authentication.

`?outcome=` presses a button. Afterwards the browser goes to where the shop wants it, if it said
so (assumed: without anything in the query).
"""

from __future__ import annotations

from collections.abc import Sequence

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from .. import html
from . import backstage, notices
from .gateway import Gateway
from .konbini import NUMBER
from .problems import PAYMENT_ERRORS
from .state import Charge, Token
from .tokens import set_three_ds

_BUTTONS: dict[str, tuple[str, list[tuple[str, str]]]] = {
    "konbini": ("Payment slip", [("pay", "Pay at the till")]),
    "online": ("Wallet", [("pay", "Pay"), ("cancel", "Give up")]),
    "three_ds": ("3-D Secure", [("pay", "I am the cardholder"), ("cancel", "Fail")]),
}
_FAILURES = {"online": 306, "three_ds": 358}


class Pages:
    """The pages of one gateway."""

    def __init__(self, gateway: Gateway) -> None:
        self._gateway = gateway

    def routes(self) -> list[Route]:
        """For the application's table."""
        methods = ["GET", "POST"]  # an authentication is begun by a POST from the browser
        return [
            Route("/pages/token_three_ds/{token}", self._token, methods=methods),
            Route("/pages/{kind}/{charge}", self._charge, methods=methods),
        ]

    async def _charge(self, request: Request) -> Response:
        gateway = self._gateway
        kind, number = (str(request.path_params[name]) for name in ("kind", "charge"))
        charge = gateway.charges.get(number)
        if kind not in _BUTTONS or charge is None:
            return _said("Not found", "There is no such page.", 404)
        title, choices = _BUTTONS[kind]
        outcome = request.query_params.get("outcome")
        if charge.status != "awaiting":
            return _said(title, f"The charge is {charge.status}.")
        if outcome is None:
            said = f"{charge.amount} {charge.currency} {charge.instructions.get(NUMBER, '')}"
            return HTMLResponse(html.page(title, html.paragraph(said), html.buttons(choices)))
        if outcome not in dict(choices):
            return _unknown(choices)
        if outcome == "pay":
            backstage.pay(gateway, number, None)
        else:
            backstage.refuse(gateway, number, _FAILURES[kind])
        await gateway.webhooks.drain()
        return _back(title, _endpoint(charge), f"The charge is {charge.status}.")

    async def _token(self, request: Request) -> Response:
        gateway = self._gateway
        token = gateway.tokens.get(str(request.path_params["token"]))
        title, choices = _BUTTONS["three_ds"]
        if token is None or token.payment_type != "card":
            return _said("Not found", "There is no such page.", 404)
        outcome = request.query_params.get("outcome")
        if token.shown("three_ds").get("status") not in {"pending", "awaiting"}:
            return _said(title, "It has come to an end.")
        if outcome is None:
            return HTMLResponse(html.page(title, html.buttons(choices)))
        if outcome not in dict(choices):
            return _unknown(choices)
        with gateway.lock:
            _authenticated(gateway, token, good=outcome == "pay")
        await gateway.webhooks.drain()
        return _back(title, token.data["three_ds"]["redirect_endpoint"], "It has come to an end.")


def _authenticated(gateway: Gateway, token: Token, *, good: bool) -> None:
    failure = _FAILURES["three_ds"]
    error = None if good else {"code": failure, "message": PAYMENT_ERRORS[failure], "detail": ""}
    set_three_ds(token, status="successful" if good else "failed", error=error)
    token.updated = gateway.clock.now
    notices.token(gateway, token, "token_three_d_s_updated")


def _endpoint(charge: Charge) -> str | None:
    three_ds, redirect = charge.three_ds or {}, charge.redirect or {}
    found = three_ds.get("redirect_endpoint") if charge.challenge else redirect.get("endpoint")
    return found if isinstance(found, str) else None


def _back(title: str, endpoint: str | None, said: str) -> Response:
    return RedirectResponse(endpoint, status_code=303) if endpoint else _said(title, said)


def _unknown(choices: Sequence[tuple[str, str]]) -> Response:
    known = ", ".join(value for value, _ in choices)
    return _said("Unknown outcome", f"Known are {known}.", 400)


def _said(title: str, text: str, status: int = 200) -> Response:
    return HTMLResponse(html.page(title, html.paragraph(text)), status_code=status)
