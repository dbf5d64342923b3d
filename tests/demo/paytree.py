"""The five-minute tour of PAYTREE: a sale, one the customer approves, a partial refund.

Run by `nox -s demo`, and by `nox -s wheels` from an empty environment. Everything is on
loopback: the gateway (kessai-mock in a process of its own, with keys that it makes for this
run) and a customer who enters a passcode. The till polls for it, in real seconds.
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from kessai_paytree import Failed, PayRequest, PaytreeClient, PayType, RefundRequest, Settings
from kessai_paytree.errors import UserCodeError
from rich.console import Console
from rich.table import Table

if TYPE_CHECKING:
    from kessai_paytree import PayResult, RefundResult

    from tests.demo.shop import mock_gateway, post
else:  # a script finds what lies beside it
    from shop import mock_gateway, post

BOOK, CLOCK, STALE = "281012345678901231", "281012345678901232", "281012345678901239"
console = Console(width=100)


def settings(url: str, keys: Path) -> Settings:
    """What else stands in a till's WbCPSPay.conf; the keys are those of this run."""
    return Settings(
        server_url=url,
        api_path_pay="/pay",
        api_path_pay_v1="/payV1",
        api_path_refund="/refund",
        api_path_reverse="/reverse",
        api_path_confirm="/confirm",
        api_path_confirm_v1="/confirmV1",
        private_key_file=keys / "merchant-private.pem",
        public_key_file=keys / "paytree-public.pem",
        merchant_id="000000000001",
        terminal_unique_id="1234500000421",
        branch_code="SHIBUYA1",
        terminal_code="POS01",
        pay_confirm_polling_mode=True,
        pay_confirm_polling_wait=1,
        pay_confirm_polling_interval=1,
    )


class Tour:
    """A till, and what became of its requests."""

    def __init__(self, till: PaytreeClient, gateway: str) -> None:
        self.till = till
        self.gateway = gateway
        self.table = Table(title="What the till was told")
        for column in ("request", "order", "yen", "status", "told by"):
            self.table.add_column(column, justify="right" if column == "yen" else "left")

    def report(self, what: str, result: PayResult | RefundResult, yen: int | None) -> None:
        """Write down an event of a request."""
        status = "" if result.trans_status is None else result.trans_status.name
        by = "a confirm" if result.confirmed else "its answer"
        self.table.add_row(what, result.order_id, f"{yen:,}", status, by)
        console.print(f"[green]{status.lower()}[/] {what} {result.order_id}")

    def meet(self, test_class: int) -> None:
        """What the next payments meet at the gateway: one of the manual's test classes."""
        post(f"{self.gateway}/_mock/classes", {"pay": test_class})


def sale(tour: Tour) -> PayResult:
    """PayPay, 1,980 yen, paid at once."""
    paid = tour.till.pay(PayRequest(pay_type=PayType.PAYPAY, amount=1980, user_code=BOOK))
    assert not paid.waiting
    tour.report("pay", paid, paid.amount)
    return paid


def approval(tour: Tour) -> PayResult:
    """6,500 yen that the customer has to approve; the till asks until that is done."""
    tour.meet(1)
    request = PayRequest(pay_type=PayType.PAYPAY, amount=6500, user_code=CLOCK, receipt_no="R-1002")
    with tour.till.start(request) as progress, console.status("the customer enters a passcode"):
        for event in progress:
            if isinstance(event, Failed):
                raise SystemExit(f"not paid: {event.error}")
            tour.report("pay", event.result, event.result.amount)
            if event.result.waiting:
                post(f"{tour.gateway}/_mock/pay/{event.result.order_id}")
    assert progress.result.confirmed
    tour.meet(0)
    return progress.result


def refund(tour: Tour, paid: PayResult) -> None:
    """980 of the 1,980 yen go back; what is left can go back another time."""
    assert paid.order_id is not None
    back = tour.till.refund(
        RefundRequest(order_id=paid.order_id, refund_amount=980, refund_reason="one of two")
    )
    assert back.refund_amount == 980
    tour.report("refund", back, back.refund_amount)


def refused(tour: Tour) -> None:
    """A code that has expired: not paid, and the till is told whom that concerns."""
    tour.meet(3)
    try:
        tour.till.pay(PayRequest(pay_type=PayType.PAYPAY, amount=300, user_code=STALE))
    except UserCodeError as error:
        tour.table.add_row(
            "pay", error.order_id, "300", error.code, f"its answer, {error.sub_code}"
        )
        console.print(f"[green]refused as documented[/] pay {error.order_id}: {error.message}")
    else:
        raise SystemExit("a code that cannot be used was charged")


def main() -> None:
    """Take the tour and print what became of it."""
    with tempfile.TemporaryDirectory() as folder:
        keys = Path(folder)
        with mock_gateway("paytree", "--keys", folder) as url:
            console.print(f"mock gateway on {url}, with keys of its own")
            # A lock of its own too: a till that is open on this machine goes on undisturbed.
            with PaytreeClient(settings(url, keys), lock_directory=keys) as till:
                tour = Tour(till, url)
                paid = sale(tour)
                approval(tour)
                refund(tour, paid)
                refused(tour)
                assert till.unsettled() == []
    console.print(tour.table)


if __name__ == "__main__":
    main()
