"""The five-minute tour of the MDK: 3-D Secure, a konbini, a carrier's months, against the mock.

Run by `nox -s demo`, and by `nox -s wheels` from an empty environment. Everything is on
loopback: the gateway (kessai-mock in a process of its own), the merchant's server that takes
PUSHes and browsers, and a customer who submits forms, presses buttons and goes to a till.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from kessai import Environment
from kessai_mdk import MdkClient, Notice, OrderState, Result, join, parse_push, parse_result
from kessai_mdk import models as m
from rich.console import Console
from rich.table import Table

if TYPE_CHECKING:
    from tests.demo.shop import Merchant, mock_gateway, post, submit
else:  # a script finds what lies beside it
    from shop import Merchant, mock_gateway, post, submit

CCID, SECRET = "A100000000000000000001cc", "0123456789abcdef" * 4
TOKEN_API_KEY = "c0ffee00-1234-4abc-8def-0123456789ab"  # the mock's own
BOOK, SLIP, CLUB = "demo-book-1", "demo-slip-1", "demo-club-1"
MONTH = 31 * 86_400  # of the mock's clock
console = Console(width=100)


class Tour:
    """A client, the merchant's server, and what was told of each order so far."""

    def __init__(self, mdk: MdkClient, merchant: Merchant, gateway: str) -> None:
        self.mdk = mdk
        self.merchant = merchant
        self.gateway = gateway
        self.orders: dict[str, OrderState] = {}
        self.table = Table(title="What was told of each order, in the order it came")
        for column in ("order", "yen", "told by", "step", "result", "order's status"):
            self.table.add_column(column, justify="right" if column == "yen" else "left")

    def take(self, telling: Notice | Result[Any], yen: int | None = None) -> OrderState:
        """Join what was told with what was known of its order; equal tellings change nothing."""
        order_id = telling.order_id
        assert order_id is not None
        state = join(self.orders.get(order_id, OrderState(order_id)), telling)
        self.orders[order_id] = state
        by, step = ("PUSH" if isinstance(telling, Notice) else "browser"), str(telling.kind)
        if isinstance(telling, Notice) and telling.subject:
            step += f" {telling.subject}"
        amount = "" if yen is None else f"{yen:,}"
        self.table.add_row(order_id, amount, by, step, str(telling.status), state.status)
        console.print(f"[green]{by}[/] {order_id}: {step} {telling.status}")
        return state

    def push(self) -> Notice:
        """The next PUSH, proven. Those of dummy mode are allowed, since the mock plays it."""
        body, headers = self.merchant.webhooks.get(timeout=10)
        (notice,) = parse_push(
            body, headers, merchant_ccid=CCID, secret=SECRET, allow_test=True
        ).notices
        return notice

    def wait(self, seconds: float) -> None:
        """Move the mock's clock on."""
        post(f"{self.gateway}/_mock/clock", {"advance": seconds})

    def token(self) -> str:
        """What the customer's browser gets from the token server, so that no card comes to us."""
        card = m.TokenRequest(
            token_api_key=TOKEN_API_KEY, card_number="4111111111111111", card_expire="12/30"
        )
        token = self.mdk.token.token(card).token
        assert token is not None
        return token


def three_d_secure(tour: Tour) -> None:
    """A card with 3-D Secure: the PUSH is there before the browser, and either would have done."""
    merchant = tour.merchant
    request = m.MpiAuthorizeRequest(
        service_option_type=m.MpiServiceOptionType.MPI_COMPLETE,
        order_id=BOOK,
        amount=3980,
        pay_now_id_param=m.PayNowIdParam(token=tour.token()),
        device_channel=m.DeviceChannel.BROWSER,
        cardholder_name="HANAKO KESSAI",
        cardholder_email="hanako@customer.example.com",
        verify_result_link=m.VerifyResultLink.WITH_PARAMETERS,
        redirection_uri=f"{merchant.url}/back",
        push_url=f"{merchant.url}/push",
    )
    contents = tour.mdk.mpi.authorize(request).result.res_response_contents
    assert contents is not None
    way_back = submit(contents, "challenge")
    notice = tour.push()
    assert merchant.forms.empty()  # the browser still has the page that takes it back
    assert tour.take(notice, 3980).status == "authorized"
    submit(way_back)
    body, headers = merchant.forms.get(timeout=10)
    came = parse_result(
        body, headers, service="mpi", merchant_ccid=CCID, secret=SECRET, order_id=BOOK
    )
    state = tour.take(came, 3980)
    # The other way round, and with the PUSH twice, it is the very same.
    assert state == join(OrderState(BOOK), came, notice, notice)
    assert state.status == "authorized"
    asked = tour.mdk.mpi.get_result(m.MpiGetResultRequest(order_id=BOOK)).result
    assert (asked.mpi_mstatus, asked.card_mstatus) == (m.MpiMstatus.SUCCESS, m.CardMstatus.SUCCESS)
    tour.mdk.card.capture(m.CardCaptureRequest(order_id=BOOK))


def konbini(tour: Tour) -> None:
    """A number for the till; the customer pays; the PUSH says so."""
    request = m.CvsAuthorizeRequest(
        service_option_type=m.CvsServiceOptionType.SEJ,
        order_id=SLIP,
        amount=5400,
        name1="決済",
        name2="花子",
        tel_no="09012345678",
        payment_type="0",
        push_url=f"{tour.merchant.url}/push",
    )
    receipt_no = tour.mdk.cvs.authorize(request).result.receipt_no
    assert receipt_no is not None
    console.print(f"the customer takes {receipt_no} to the till")
    post(f"{tour.gateway}/_mock/pay/{SLIP}")
    notice = tour.push()
    assert isinstance(notice.record, m.CvsNotice)
    assert notice.record.receipt_no == receipt_no
    assert notice.record.rcv_amount == request.amount
    assert tour.take(notice, 5400).status == "paid"


def carrier(tour: Tour) -> None:
    """A book club by carrier: agreed, charged month by month, ended with the customer."""
    done = f"{tour.merchant.url}/done"
    request = m.CarrierAuthorizeRequest(
        service_option_type=m.CarrierServiceOptionType.DOCOMO,
        order_id=CLUB,
        amount=980,
        terminal_kind=m.CarrierTerminalKind.PC,
        item_type=m.CarrierItemType.DIGITAL_CONTENT,
        accounting_type=m.CarrierAccountingType.MONTHLY,
        with_capture=m.BooleanText.TRUE,
        mp_first_date="20260131",
        mp_day="99",
        success_url=done,
        cancel_url=done,
        error_url=done,
        push_url=f"{tour.merchant.url}/push",
    )
    begun = tour.mdk.carrier.authorize(request).result
    assert agreed_or_ended(tour, begun.response_contents, "Authorize").status == "authorized"

    tour.wait(2 * MONTH)  # the last days of January and February, and no call of ours
    for _ in range(2):
        tour.take(tour.push(), 980)
    assert dict(tour.orders[CLUB].charges) == {"202601": "success", "202602": "success"}

    ending = m.CarrierTerminateRequest(
        service_option_type=m.CarrierServiceOptionType.DOCOMO,
        order_id=CLUB,
        terminal_kind=m.CarrierTerminalKind.PC,
        success_url=done,
        cancel_url=done,
        error_url=done,
    )
    ended = tour.mdk.carrier.terminate(ending).result
    state = agreed_or_ended(tour, ended.response_contents, "Terminate")
    assert (state.status, state.ended_by) == ("ended", "termination")
    tour.wait(2 * MONTH)
    assert tour.merchant.webhooks.empty()  # nothing is charged any more


def agreed_or_ended(
    tour: Tour, contents: str | None, command: Literal["Authorize", "Terminate"]
) -> OrderState:
    """The customer says yes on the carrier's page; PUSH and browser tell the same."""
    assert contents is not None
    submit(contents, "success")
    tour.take(tour.push())
    came = parse_result(
        tour.merchant.callbacks.get(timeout=10),
        service="carrier",
        command=command,
        merchant_ccid=CCID,
        secret=SECRET,
        order_id=CLUB,
    )
    return tour.take(came)


def main() -> None:
    """Take the tour and print what became of it."""
    merchant = Merchant()
    try:
        with mock_gateway("mdk") as url:
            console.print(f"mock gateway on {url}, the shop on {merchant.url}")
            with MdkClient(CCID, SECRET, environment=Environment(api=url, token=url)) as mdk:
                tour = Tour(mdk, merchant, url)
                three_d_secure(tour)
                konbini(tour)
                carrier(tour)
    finally:
        merchant.close()
    console.print(tour.table)


if __name__ == "__main__":
    main()
