"""The five-minute tour of the Unified API: a payment and an agreement against the mock gateway.

Run by `nox -s demo`, and by `nox -s wheels` from an empty environment. Everything is on
loopback: the gateway (kessai-mock in a process of its own), the merchant's server that
takes redirects and webhooks, and a consumer who presses buttons.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kessai import Environment
from kessai_unified import UnifiedClient, Webhook, parse_redirect, parse_webhook, serves
from kessai_unified import models as m
from kessai_unified.refusals import StatusRefusedError
from rich.console import Console
from rich.table import Table

if TYPE_CHECKING:
    from tests.demo.shop import Merchant, approve, mock_gateway
else:  # a script finds what lies beside it
    from shop import Merchant, approve, mock_gateway

CCID, KEY = "KESSAI-MOCK-CCID", "5ca1ab1e0ddba115c0ffee00deadbeef"
BOOK, CLUB, MONTH = "demo-book-1", "demo-club-1", "demo-club-1-202601"
console = Console(width=100)


class Tour:
    """A client, the merchant's server, and what the gateway said so far."""

    def __init__(self, unified: UnifiedClient, merchant: Merchant) -> None:
        self.unified = unified
        self.merchant = merchant
        self.table = Table(title="What the gateway said")
        for column in ("command", "paymentId", "yen", "result", "webhook"):
            self.table.add_column(column, justify="right" if column == "yen" else "left")

    def control(self) -> m.ApplicationControl:
        """Where the consumer and the result go."""
        url = self.merchant.url
        return m.ApplicationControl(
            success_url=f"{url}/done",
            cancel_url=f"{url}/cancelled",
            error_url=f"{url}/failed",
            push_url=f"{url}/notice",
        )

    def push(self) -> m.RequestControl:
        """Where the result of a later command goes."""
        return m.RequestControl(push_url=f"{self.merchant.url}/notice")

    def come_back(self, control: m.RedirectControl | None, payment_id: str) -> m.Result:
        """The consumer approves; the redirect is verified; the details are looked up."""
        assert control is not None
        assert control.redirect_url is not None
        approve(control.redirect_url)
        came = parse_redirect(
            self.merchant.callbacks.get(timeout=10),
            merchant_ccid=CCID,
            merchant_key=KEY,
            payment_id=payment_id,
        )
        found = self.unified.get_transaction_result(came.fep_reference_id)
        assert found.transaction_data is not None
        assert found.transaction_data.result is not None
        return found.transaction_data.result

    def report(self, command: str, payment_id: str, yen: int | None, result: m.Result) -> None:
        """Take the webhook that goes with it, and write both down."""
        event: Webhook = parse_webhook(
            *self.merchant.webhooks.get(timeout=10), merchant_ccid=CCID, merchant_key=KEY
        )
        assert (event.command, event.payment_id) == (command, payment_id)
        assert event.result.result_code == result.result_code
        amount = "" if yen is None else f"{yen:,}"
        self.table.add_row(command, payment_id, amount, result.result_code, event.id)
        console.print(f"[green]done[/] {command} {payment_id}")


def paypay(tour: Tour) -> None:
    """PayPay: hold 3,980 yen, capture them, give 980 back."""
    payment = tour.unified.payment
    order = m.PayOrder(pay_type=m.PayType.PAYPAY, payment_id=BOOK, amount=3980)
    hold = m.ApplicationTransaction(auth_capture_type=m.AuthCaptureType.AUTH)
    applied = payment.pay(m.PayRequest(order=order, transaction=hold, control=tour.control()))
    tour.report("pay", BOOK, 3980, tour.come_back(applied.control, BOOK))

    whole = m.OrderByPaymentId(payment_id=BOOK)
    captured = payment.capture(m.CaptureRequest(order=whole, control=tour.push()))
    tour.report("capture", BOOK, 3980, captured.result)

    part = m.OrderByPaymentId(payment_id=BOOK, amount=980)
    refunded = payment.cancel(m.CancelRequest(order=part, control=tour.push()))
    tour.report("cancel", BOOK, 980, refunded.result)


def rakuten(tour: Tour) -> None:
    """Rakuten Pay: an agreement, a payment on it; ending it is not among its commands."""
    payment = tour.unified.payment
    order = m.SubscribeOrder(pay_type=m.PayType.RAKUTEN, payment_id=CLUB)
    items = [m.Item(id="CLUB", name="読書会")]
    request = m.SubscribeRequest(order=order, item=items, control=tour.control())
    applied = payment.subscribe(request)
    tour.report("subscribe", CLUB, None, tour.come_back(applied.control, CLUB))

    month = m.ChargeByOriginalPaymentId(original_payment_id=CLUB, payment_id=MONTH, amount=980)
    charged = payment.charge(m.ChargeRequest(order=month, control=tour.push()))
    tour.report("charge", MONTH, 980, charged.result)

    assert not serves("terminate", m.PayType.RAKUTEN)
    try:
        payment.terminate(m.TerminateRequest(order=m.AgreementByPaymentId(payment_id=CLUB)))
    except StatusRefusedError as refused:
        tour.table.add_row("terminate", CLUB, "", refused.result_code, "(Rakuten Pay has none)")
        console.print(f"[green]refused as documented[/] terminate {CLUB}")
    else:
        raise SystemExit("Rakuten Pay has no terminate, and it was carried out")


def main() -> None:
    """Take the tour and print what became of it."""
    merchant = Merchant()
    try:
        with mock_gateway("unified") as url:
            console.print(f"mock gateway on {url}, the shop on {merchant.url}")
            with UnifiedClient(
                merchant_ccid=CCID,
                merchant_key=KEY,
                environment=Environment(api=f"{url}/fep/command"),
            ) as unified:
                tour = Tour(unified, merchant)
                paypay(tour)
                rakuten(tour)
    finally:
        merchant.close()
    console.print(tour.table)


if __name__ == "__main__":
    main()
