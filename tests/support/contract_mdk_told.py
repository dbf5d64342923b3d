"""What the MDK mock really sends a shop: every service's PUSHes, and what browsers bring back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple
from urllib.parse import urlencode

from kessai_mock.mdk import Settings
from kessai_mock.webhooks import Webhook

from tests.unit.mock.mdk.customers import DAY, PUSH, URLS, back, choose
from tests.unit.mock.mdk.driver import Driver

MONTH = 31 * DAY


class Brought(NamedTuple):
    """A browser that came back: whose result, of which order and command, and its form or query."""

    service: str
    order_id: str
    command: str
    text: str
    at: Any


class Teller(Driver):
    """A mock whose PUSHes are kept as they were sent."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(Settings(push_url=PUSH, **settings))
        self.sent: list[Webhook] = []
        self.hear: Callable[[Webhook], int] | None = None  # what the shop answers; else 200
        self.brought: list[Brought] = []

    def _receive(self, webhook: Webhook) -> int | None:
        self.sent.append(webhook)
        answered = super()._receive(webhook)
        return answered if self.hear is None else self.hear(webhook)

    def walk(self) -> None:
        """One customer of every service, all of them well behaved but one."""
        self.secure("mpi-1", "success")
        self.secure("mpi-2", "fail")
        for service, body in (("cvs", _CVS), ("bank", _BANK)):
            self.done(service, "Authorize", {"orderId": f"{service}-1", **body})
            self.pay(f"{service}-1")
        self.wallet("upop", _UPOP, "entryForm")
        self.wallet("alipay", _ALIPAY, "entryForm")
        self.wallet("carrier", _CARRIER, "responseContents")
        self.wallet("paypay", _PAYPAY, "authStartUrl")
        self.wallet("rakuten", _RAKUTEN, "responseContents")
        self.wallet("merpay", _MERPAY, "paymentUrl")
        self.wallet("oricosc", _ORICO, "resResponseContents")
        self.paypal("paypal-1")
        self.done("upop", "Capture", {"orderId": "upop-1"})
        self.advance(3 * DAY)  # the screening, PayPal's confirmed report

    def secure(self, order_id: str, outcome: str) -> None:
        """A card with 3-D Secure."""
        more = {**self.card(order_id), **_MPI}
        page = self.done("mpi", "Authorize", more)["resResponseContents"]
        self.came("mpi", order_id, choose(self, page, outcome))

    def wallet(
        self, service: str, body: dict[str, str], page: str, outcome: str = "success"
    ) -> None:
        """A customer who goes to the service's page and comes back."""
        order_id = f"{service}-1"
        done = self.done(service, "Authorize", {"orderId": order_id, **body})
        self.came(service, order_id, choose(self, done[page], outcome))

    def paypal(self, order_id: str) -> None:
        """A capture by PayPal, and a refund."""
        more = {"action": "set", "amount": "1000", "returnUrl": URLS["successUrl"],
                "cancelUrl": URLS["cancelUrl"]}  # fmt: skip
        url = self.done("paypal", "Capture", {"orderId": order_id, **more})["loginUrl"]
        came = back(choose(self, url, "success"))
        agreed = {"token": came.fields["token"], "payerId": came.fields["PayerID"]}
        self.done("paypal", "Capture", {"orderId": order_id, "action": "do", **agreed})

    def agreement(self, order_id: str) -> None:
        """A monthly agreement with a carrier: the first month at once, the next a month later."""
        body = {**_CARRIER, "accountingType": "1", "mpFirstDate": "20260131", "mpDay": "28"}
        page = self.done("carrier", "Authorize", {"orderId": order_id, **body})["responseContents"]
        self.came("carrier", order_id, choose(self, page, "success"))

    def terminate(self, order_id: str) -> None:
        """A termination that the customer confirms at the carrier."""
        body = {"orderId": order_id, "serviceOptionType": "docomo", **URLS}
        page = self.done("carrier", "Terminate", body)["responseContents"]
        self.came("carrier", order_id, choose(self, page), "Terminate")

    def came(self, service: str, order_id: str, answer: Any, command: str = "Authorize") -> None:
        """Keep what a browser brought."""
        text = urlencode(back(answer).fields)
        self.brought.append(Brought(service, order_id, command, text, self.gateway.clock.now))


_BOOK = {"amount": "1000", "withCapture": "false"}
_MPI = {
    "serviceOptionType": "mpi-complete", "deviceChannel": "02", "cardholderName": "TARO KESSAI",
    "redirectionUri": URLS["successUrl"], "verifyResultLink": "1",
}  # fmt: skip
_CVS = {
    "serviceOptionType": "sej", "amount": "3300", "name1": "決済", "name2": "太郎",
    "telNo": "09012345678", "payLimit": "2026/01/31", "paymentType": "0",
}  # fmt: skip
_BANK = {
    "serviceOptionType": "atm", "amount": "5000", "name1": "決済", "payLimit": "20260110",
    "agreementDate": "20260105", "contents": "書籍代",
}  # fmt: skip
_UPOP = {**_BOOK, "termUrl": URLS["successUrl"], "customerIp": "203.0.113.7"}
_ALIPAY = {
    "amount": "1000", "currency": "JPY", "commodityName": "けっさいのほん",
    "successUrl": URLS["successUrl"], "errorUrl": URLS["errorUrl"],
}  # fmt: skip
_CARRIER = {
    **_BOOK, **URLS, "serviceOptionType": "docomo", "terminalKind": "0", "itemType": "0",
    "accountingType": "0",
}  # fmt: skip
_PAYPAY = {
    **_BOOK, **URLS, "serviceOptionType": "online", "accountingType": "0",
    "itemName": "けっさいのほん", "itemId": "BOOK-1",
}  # fmt: skip
_RAKUTEN = {
    **_BOOK, "itemId": "BOOK-1", "itemName": "けっさいのほん", "payType": "0",
    "successUrl": URLS["successUrl"], "errorUrl": URLS["errorUrl"],
}  # fmt: skip
_MERPAY = {
    **_BOOK, "serviceOptionType": "online", "accountingType": "0",
    "successUrl": URLS["successUrl"], "cancelUrl": URLS["cancelUrl"],
}  # fmt: skip
_ORICO = {
    "merchantRedirectionUrl": URLS["successUrl"], "oricoOrderNo": "ORICO-1",
    "itemName1": "けっさいのほん", "itemCount1": "2", "itemAmount1": "30000",
    "totalItemAmount": "60000", "totalCarriage": "500", "amount": "60500", "deposit": "10500",
}  # fmt: skip
