"""The five-minute tour of UnivaPay: a konbini order, from token to paid, against the mock gateway.

Run by `nox -s demo`, and by `nox -s wheels` from an empty environment. Everything is on
loopback: the gateway (kessai-mock in a process of its own), the merchant's server that
takes webhooks, and a customer who pays at the till.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from kessai import Environment
from kessai.receive import Receiver
from kessai.stores.memory import MemoryDedupe
from kessai_mock.univapay import app_token
from kessai_univapay import (
    PAY_EASY_COLLECTING_AGENCY,
    Event,
    KonbiniPayment,
    UnivapayClient,
    dedupe_key,
    is_paid,
    paginate,
    parse_webhook,
)
from kessai_univapay import models as m
from kessai_univapay.refusals import StateRefusedError
from rich.console import Console
from rich.table import Table

if TYPE_CHECKING:
    from tests.demo.shop import Merchant, mock_gateway, post
else:  # a script finds what lies beside it
    from shop import Merchant, mock_gateway, post

APP_TOKEN, SECRET = app_token(), "demo-secret"
AUTH = "demo-3f9c"
console = Console(width=100)


def believed(body: bytes, headers: Mapping[str, str]) -> Event:
    """A notice with the value that was given for this webhook."""
    return parse_webhook(body, headers, auth_token=AUTH, allow_test=True)


class Tour:
    """A client, the merchant's server, the gateway's address, and what was said so far."""

    def __init__(self, univapay: UnivapayClient, merchant: Merchant, url: str) -> None:
        self.univapay = univapay
        self.merchant = merchant
        self.url = url
        self.receiver = Receiver(believed, MemoryDedupe(), key=dedupe_key, name="univapay:demo")
        self.events: list[Event] = []
        self.table = Table(title="What the gateway said")
        for column in ("order", "konbini", "yen", "number", "status", "webhook"):
            self.table.add_column(column, justify="right" if column == "yen" else "left")

    def listen(self) -> None:
        """Have the results of charges and cancels sent to the shop."""
        what = m.WebhookTrigger
        self.univapay.webhooks.create(
            m.WebhookRequest(
                triggers=[what.CHARGE_UPDATED, what.CHARGE_FINISHED, what.CANCEL_FINISHED],
                url=f"{self.merchant.url}/notice",
                auth_token=AUTH,
            ),
            store_id=self.store_id,
        )

    @property
    def store_id(self) -> str:
        """The app token says which store it is for."""
        store_id = self.univapay.app_token.store_id
        assert store_id is not None
        return store_id

    def told(self) -> Event:
        """Take the next notice: believe it, claim it, handle it, and so do its repeat."""
        body, headers = self.merchant.webhooks.get(timeout=10)
        assert self.receiver.handle(body, headers, self.events.append).outcome == "handled"
        assert self.receiver.handle(body, headers, self.events.append).outcome == "repeat"
        return self.events[-1]

    def order(self, name: str, store: m.ConvenienceStore, yen: int) -> KonbiniPayment:
        """From token to the payment number, and the notice that says so."""
        token = self.univapay.tokens.create(
            m.KonbiniTokenRequest(
                type=m.TokenType.ONE_TIME,
                email="hanako@customer.example.com",
                data=m.KonbiniRequestData(
                    customer_name="山田 花子",
                    convenience_store=store,
                    phone_number=m.JapanesePhoneNumber(local_number="0312345678"),
                    expiration_period="P7D",
                ),
            )
        )
        request = m.ChargeRequest(
            transaction_token_id=token.id,
            amount=yen,
            currency="JPY",
            metadata={"univapay-reference-id": name},
        )
        charge = self.univapay.charges.create(request)
        assert charge.status is m.ChargeStatus.PENDING
        charge = self.univapay.charges.wait(charge, until="awaiting")
        event = self.told()
        assert isinstance(event, m.ChargeEvent)
        assert (event.event, event.data.id) == (m.WebhookTrigger.CHARGE_UPDATED, charge.id)
        slip = KonbiniPayment(charge)
        assert not slip.is_paid
        self.report(name, store, slip, event)
        return slip

    def report(
        self, name: str, store: m.ConvenienceStore, slip: KonbiniPayment, event: Event
    ) -> None:
        """Write down what became of it."""
        number = slip.payment_number or ""
        if number and store is m.ConvenienceStore.PAY_EASY:
            number = f"{PAY_EASY_COLLECTING_AGENCY} {number}"
        charge = slip.charge
        yen = f"{charge.requested_amount:,}"
        self.table.add_row(name, str(store), yen, number, str(charge.status), str(event.event))
        console.print(f"[green]{charge.status}[/] {name}")


def paid(tour: Tour) -> None:
    """An order at Seven-Eleven: the customer pays at the till, and the shop is told."""
    store = m.ConvenienceStore.SEVEN_ELEVEN
    slip = tour.order("demo-book-1", store, 3980)
    assert slip.payment_number
    assert slip.slip_url
    charge = slip.charge
    post(f"{tour.url}/_mock/pay/{charge.id}")
    event = tour.told()
    assert isinstance(event, m.ChargeEvent)
    assert event.event == m.WebhookTrigger.CHARGE_FINISHED
    charge = tour.univapay.charges.wait(charge)
    assert is_paid(charge)
    assert is_paid(event.data)
    tour.report("demo-book-1", store, KonbiniPayment(charge), event)
    try:
        tour.univapay.refunds.create(
            m.RefundRequest(amount=980, currency="JPY"),
            store_id=charge.store_id,
            charge_id=charge.id,
        )
    except StateRefusedError as refused:
        console.print(f"[green]refused as documented[/] refund: {refused.code}")
    else:
        raise SystemExit("a konbini payment was refunded, which no document allows")


def cancelled(tour: Tour) -> None:
    """An order by Pay-easy that the customer gives up: cancelled while it is awaiting."""
    store = m.ConvenienceStore.PAY_EASY
    slip = tour.order("demo-book-2", store, 1100)
    charge = slip.charge
    cancel = tour.univapay.cancels.create(
        m.CancelRequest(), store_id=charge.store_id, charge_id=charge.id
    )
    tour.univapay.cancels.wait(cancel, store_id=charge.store_id)
    events = sorted((tour.told() for _ in range(2)), key=lambda event: str(event.event))
    assert [event.event for event in events] == ["cancel_finished", "charge_finished"]
    charge = tour.univapay.charges.wait(charge)
    assert charge.status is m.ChargeStatus.CANCELED
    tour.report("demo-book-2", store, KonbiniPayment(charge), events[1])


def main() -> None:
    """Take the tour and print what became of it."""
    merchant = Merchant()
    try:
        with mock_gateway("univapay") as url:
            console.print(f"mock gateway on {url}, the shop on {merchant.url}")
            with UnivapayClient(
                APP_TOKEN, SECRET, environment=Environment(api=url), token_type="one_time"
            ) as univapay:
                tour = Tour(univapay, merchant, url)
                tour.listen()
                paid(tour)
                cancelled(tour)
                listed = [charge.id for charge in paginate(univapay.charges.list, limit=1)]
                assert len(listed) == 2
    finally:
        merchant.close()
    console.print(tour.table)


if __name__ == "__main__":
    main()
