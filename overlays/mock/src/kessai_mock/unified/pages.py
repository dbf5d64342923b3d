"""The dummy page of each wallet, with the choices the sandbox's screens have.

`?outcome=...` makes a choice without looking at the page first, so that programs can play
the consumer. A page that has been used sends the browser back again, with the same query.
"""

from __future__ import annotations

from collections.abc import Mapping

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from .. import html
from . import application, landing
from .gateway import Gateway
from .simulation import Verdict
from .state import Redirect

_NAMES = {"paypay": "PayPay", "rakuten": "楽天ペイ", "docomo": "d払い", "au": "au PAY",
          "merpay": "メルペイ"}  # fmt: skip
LABELS = {
    "success": "Pay (成功)",
    "interrupted": "Interrupted (中断)",
    "failure_points": "Points invalid (失敗: ポイント不正)",
    "failure_payment": "Payment fails (失敗: 決済失敗)",
    "failure_maintenance": "Maintenance (失敗: メンテナンス中)",
    "failure_deadline": "Too late to agree (失敗: 承諾期限超過)",
    "stop_purchase": "Stop the purchase (購入中止)",
    "cancel": "Cancel (キャンセル)",
    "deemed_success_no_notice": "Deemed success: no notice from Mercari (みなし成功)",
    "deemed_success_confirmation_failed": "Deemed success: confirmation failed (みなし成功)",
    "failure_redirect_only": "Redirect fails, notice says success (失敗)",
    "cancel_failure_redirect_only": "Cancel, with: redirect fails, notice says success",
    "deny": "No access (アクセス許可: キャンセル)",
    "away": "Pay, and the browser never comes back",
    "abandon": "Close the browser (離脱)",
}
_CHECKBOXES = (
    "success",
    "deemed_success_no_notice",
    "deemed_success_confirmation_failed",
    "failure_redirect_only",
)
_GIVEN_UP = Verdict("UA-CST-002")  # PayPay prints no choices: a cancelled payment is assumed


def choices(gateway: Gateway, wallet: str, command: str) -> dict[str, Mapping[str, list[str]]]:
    """The documented choices of a page: name for `outcome`, and what it selects by."""
    if wallet == "merpay":
        paid = {box: _merpay("allow", "pay", box) for box in _CHECKBOXES}
        return {
            **paid,
            "cancel": _merpay("allow", "cancel", "success"),
            "cancel_failure_redirect_only": _merpay("allow", "cancel", "failure_redirect_only"),
            "deny": _merpay("cancel"),
        }
    found: dict[str, Mapping[str, list[str]]] = {"success": {"button": ["success"]}}
    for row in gateway.simulation.rows(wallet, command, "redirect"):
        if "button" in row:
            found[row["button"]] = {"button": [row["button"]]}
    if wallet == "paypay":
        found["cancel"] = {"button": ["cancel"]}
    return found


def _merpay(permission: str, button: str = "", checkbox: str = "") -> Mapping[str, list[str]]:
    return {"permission": [permission], "button": [button], "checkbox": [checkbox]}


class Pages:
    """GET /pages/{wallet}/{key}."""

    def __init__(self, gateway: Gateway) -> None:
        self._gateway = gateway

    def routes(self) -> list[Route]:
        """The one route of all pages."""
        return [Route("/pages/{wallet}/{key}", self._show, methods=["GET"])]

    async def _show(self, request: Request) -> Response:
        with self._gateway.lock:
            answer = self._answer(request)
        await self._gateway.webhooks.drain()
        return answer

    def _answer(self, request: Request) -> Response:
        redirect = self._gateway.redirects.get(str(request.path_params["key"]))
        wallet = request.path_params["wallet"]
        if redirect is None or redirect.record.order.wallet != wallet:
            return _message("No such page", "The address is not one the gateway gave out.", 404)
        if redirect.closed:
            return _message("This page is gone", "The browser was closed.", 410)
        if redirect.record.order.status != "APPLIED":
            return self._back(redirect)
        outcome, chosen = _choice(request.query_params)
        offered = choices(self._gateway, wallet, redirect.record.command)
        if outcome == "abandon":
            redirect.closed = True
            return _message("The browser was closed", "The merchant hears nothing of it.", 200)
        if outcome is None and chosen is None:
            return _page(redirect, list(offered))
        known = [*offered, "away", "abandon"]
        if chosen is None and outcome not in known:
            return _message("Unknown outcome", f"Use one of {', '.join(known)}.", 400)
        chosen = chosen or offered["success" if outcome == "away" else str(outcome)]
        verdict = self._verdict(redirect, chosen)
        if verdict is None:
            return _page(redirect, list(offered), "The points cannot be used. Choose again.")
        landing.land(self._gateway, redirect.record, verdict)
        if outcome == "away":
            return _message("Paid", "The browser never goes back to the merchant.", 200)
        return self._back(redirect)

    def _verdict(self, redirect: Redirect, chosen: Mapping[str, list[str]]) -> Verdict | None:
        record = redirect.record
        wallet = record.order.wallet
        if wallet == "paypay" and chosen["button"] == ["cancel"]:
            return _GIVEN_UP
        return self._gateway.simulation.redirect(wallet, record.command, chosen)

    def _back(self, redirect: Redirect) -> Response:
        return RedirectResponse(application.come_back(self._gateway, redirect), status_code=302)


def _choice(
    query: Mapping[str, str],
) -> tuple[str | None, Mapping[str, list[str]] | None]:
    """An outcome by name, or what a person ticked on Merpay's two screens."""
    if "permission" not in query:
        return query.get("outcome"), None
    chosen = _merpay(query["permission"], query.get("button", ""), query.get("checkbox", ""))
    return None, chosen


def _page(redirect: Redirect, offered: list[str], hint: str | None = None) -> Response:
    order = redirect.record.order
    what = f"Order {order.payment_id}"
    if order.amount is not None:
        what += f", {order.amount:,} yen"
    parts = [html.paragraph(what)] if hint is None else [html.paragraph(hint)]
    if order.wallet == "merpay":
        parts.append(_merpay_form())
        offered = []
    parts.append(html.buttons((name, LABELS[name]) for name in [*offered, "away", "abandon"]))
    return HTMLResponse(html.page(f"{_NAMES[order.wallet]} (mock)", *parts))


def _merpay_form() -> str:
    """Access permission, what shall go wrong, and the button of the payment's screen."""
    permission = html.options(
        "permission", [("allow", "Allow (許可する)"), ("cancel", "Cancel (キャンセル)")]
    )
    checkbox = html.options("checkbox", [(name, LABELS[name]) for name in _CHECKBOXES])
    both = [("pay", "Pay (支払う)"), ("cancel", "Cancel (キャンセル)")]
    return html.buttons(both, "button", permission + checkbox)


def _message(title: str, text: str, status: int) -> Response:
    return HTMLResponse(html.page(title, html.paragraph(text)), status_code=status)
