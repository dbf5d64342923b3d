"""The five-minute tour: three payments with the GMO client against the mock gateway.

Run by `nox -s demo`, and by `nox -s wheels` from an empty environment. Everything is on
loopback: the gateway (kessai-mock in a process of its own), the merchant's server that
takes callbacks and webhooks, and a customer who follows redirects and presses buttons.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kessai import Environment
from kessai_gmo import GmoClient, parse_callback, parse_webhook
from kessai_gmo import models as m
from rich.console import Console
from rich.table import Table

if TYPE_CHECKING:
    from tests.demo.shop import Merchant, approve, mock_gateway, post
else:  # a script finds what lies beside it
    from shop import Merchant, approve, mock_gateway, post

CSRF = "demo-3f9c"
SHOP = ("tshop00000001", "kessai-mock")
console = Console(width=100)


def customer_approves(redirect: m.RedirectInformation | None) -> None:
    """Open the page the gateway sends the customer to, and press its first button."""
    assert redirect is not None
    assert redirect.redirect_url is not None
    approve(redirect.redirect_url)


def shop(merchant: Merchant) -> m.Merchant:
    """What the gateway shows the customer of the shop."""
    return m.Merchant(
        name="決済書店",
        name_kana="ケッサイショテン",
        name_alphabet="Kessai Books",
        name_short="決済書店",
        contact_name="お客様窓口",
        contact_email="help@books.example.com",
        contact_phone="0120-000-000",
        contact_opening_hours="10:00-18:00",
        callback_url=f"{merchant.url}/callback",
        webhook_url=f"{merchant.url}/webhook",
        csrf_token=CSRF,
    )


def payer() -> m.Payer:
    """The customer."""
    phone = m.Phone(type=m.PhoneType.MOBILE, country_code="81", number="09000000000")
    return m.Payer(
        name="山田 花子",
        name_kana="ヤマダハナコ",
        email="hanako@customer.example.com",
        phones=[phone],
    )


def order(order_id: str, amount: int) -> m.Order:
    """An order of `amount` yen."""
    return m.Order(order_id=order_id, amount=amount, transaction_type=m.TransactionType.CIT)


def card_3d_secure(gmo: GmoClient, merchant: Merchant, order_id: str) -> m.OrderReferenceCredit:
    """Charge a card: 3-D Secure in the browser, then finalize once, then capture."""
    request = m.CreditChargeRequest(
        merchant=shop(merchant),
        order=order(order_id, 3980),
        payer=payer(),
        credit_information=m.CreditTokenInformation(
            tokenized_card=m.TokenizedCard(type=m.CardTokenType.MP_TOKEN, token="demo-token-1"),
            credit_charge_options=m.CreditChargeOptions(
                authorization_mode=m.AuthorizationMode.AUTH
            ),
        ),
        # The merchant, not the browser, decides when the card is charged.
        tds2_information=m.Tds2Information(tds2_options=m.Tds2Options(auto_authorization=False)),
    )
    started = gmo.credit.charge(request)
    assert isinstance(started, m.CreditChargeTds2Response)
    customer_approves(started.redirect_information)
    event = parse_callback(merchant.callbacks.get(timeout=10), csrf_token=CSRF)
    gmo.follow(event)
    captured = gmo.order.capture(m.OrderCaptureRequest(access_id=event.access_id))
    assert isinstance(captured, m.OrderCaptureResponseCredit)
    assert captured.order_reference is not None
    return captured.order_reference


def paypay(gmo: GmoClient, merchant: Merchant, order_id: str) -> m.OrderReferenceWallet:
    """Charge PayPay: the customer approves on PayPay's page, inquiry decides."""
    request = m.WalletChargeRequest(
        merchant=shop(merchant),
        order=order(order_id, 1280),
        payer=payer(),
        wallet_information=m.WalletInformation(
            wallet_type=m.WalletType.PAYPAY,
            wallet_charge_options=m.WalletChargeOptions(
                authorization_mode=m.AuthorizationMode.CAPTURE
            ),
        ),
    )
    started = gmo.wallet.charge(request)
    assert isinstance(started, m.WalletChargeResponse)
    customer_approves(started.redirect_information)
    event = parse_callback(merchant.callbacks.get(timeout=10), csrf_token=CSRF)
    gmo.follow(event)
    paid = gmo.order.inquiry(m.OrderInquiryRequest(access_id=event.access_id))
    assert isinstance(paid, m.OrderInquiryResponseWallet)
    assert paid.order_reference is not None
    return paid.order_reference


def konbini(
    gmo: GmoClient, merchant: Merchant, order_id: str, gateway: str
) -> m.OrderReferenceCash:
    """Register a konbini payment; the customer pays at the till; the webhook says so."""
    request = m.CashChargeRequest(
        merchant=shop(merchant),
        order=order(order_id, 5400),
        payer=payer(),
        cash_information=m.CashInformation(
            cash_type=m.CashType.KONBINI,
            cash_options=m.CashOptions(konbini_code=m.KonbiniCode.LAWSON, payment_period="7"),
        ),
    )
    registered = gmo.cash.charge(request)
    assert isinstance(registered, m.CashChargeResponse)
    assert registered.order_reference is not None
    post(f"{gateway}/_mock/pay/{registered.order_reference.access_id}")
    body, headers = merchant.webhooks.get(timeout=10)
    event = parse_webhook(body, headers, csrf_token=CSRF)
    paid = gmo.order.inquiry(m.OrderInquiryRequest(access_id=event.access_id))
    assert isinstance(paid, m.OrderInquiryResponseCash)
    assert paid.order_reference is not None
    return paid.order_reference


def main() -> None:
    """Take the three payments and print what became of them."""
    merchant = Merchant()
    table = Table(title="What the gateway says now")
    for column in ("payment", "order", "yen", "status"):
        table.add_column(column, justify="right" if column == "yen" else "left")

    def report(
        name: str,
        reference: m.OrderReferenceCredit | m.OrderReferenceWallet | m.OrderReferenceCash,
    ) -> None:
        console.print(f"[green]paid[/] {name}")
        table.add_row(name, reference.order_id, f"{reference.amount:,}", str(reference.status))

    try:
        with mock_gateway("gmo") as url:
            console.print(f"mock gateway on {url}, the shop on {merchant.url}")
            environment = Environment(api=url, token=url)
            with GmoClient(*SHOP, environment=environment) as gmo:
                report("card, 3-D Secure, captured", card_3d_secure(gmo, merchant, "demo-card-1"))
                report("PayPay", paypay(gmo, merchant, "demo-paypay-1"))
                report("konbini (Lawson)", konbini(gmo, merchant, "demo-konbini-1", url))
    finally:
        merchant.close()
    console.print(table)


if __name__ == "__main__":
    main()
