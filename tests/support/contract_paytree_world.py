"""A till that is killed and started again, a network with delays, and what the till believes.

The mock of PAYTREE is behind it, with its ledger as oracle. Nothing here decides how a request has
to end; it only holds every end against the books, at once and when everything late has arrived.
"""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, cast

import httpx2
from kessai.stores.aio import AsyncJournal
from kessai.stores.memory import MemoryJournal
from kessai_mock.faults import Dropped
from kessai_mock.ledger import Account
from kessai_mock.paytree.simulation import Lost
from kessai_mock.paytree.state import Order, Status
from kessai_paytree import AsyncPaytreeClient, Escalation, PaytreeClient
from kessai_paytree.errors import UnsettledError

from tests.faults.paytree_wire import Mode, Sent, World, settings

__all__ = ["KILLS", "Killed", "Network", "Sale", "Till"]

KILLS = ["killed before", "killed after", "killed late"]
_TIMEOUT = 100.0  # seconds that a request without an answer takes
_HELD = {"late": 1, "later": 3, "killed late": 3}  # and how many requests overtake it


class Killed(BaseException):
    """The till's process ends here."""


class Network(World):
    """A network in which a request may be overtaken by several, and during which a till may die."""

    def __init__(self, **mocked: Any) -> None:
        super().__init__(**mocked)
        self._held: list[tuple[int, str, bytes]] = []

    def meet(self, modes: Sequence[str]) -> None:
        """What becomes of the next requests."""
        self.script(cast("Sequence[Mode]", modes))

    def close(self) -> None:
        """A client closes its transport; the network outlives it."""

    def end(self) -> None:
        """End it; the mock must have made no mistake."""
        super().close()

    def arrive(self) -> None:
        """Let everything arrive that is still on its way."""
        held, self._held = self._held, []
        for _, url, content in held:
            self.mock.run(self._land(url, content))

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        due = [(url, content) for left, url, content in self._held if left <= 1]
        self._held = [(left - 1, url, content) for left, url, content in self._held if left > 1]
        try:
            return await super().handle_async_request(request)
        finally:
            for url, content in due:
                await self._land(url, content)

    async def _land(self, url: str, content: bytes) -> None:
        """What comes late is answered to nobody."""
        with suppress(httpx2.ReadError):
            await self._deliver(url, content)

    async def _deliver(self, url: str, content: bytes) -> httpx2.Response:
        try:
            return await super()._deliver(url, content)
        except Dropped:
            raise httpx2.ReadError("connection reset") from None

    async def _carry(self, mode: str, url: str, content: bytes) -> httpx2.Response:
        if mode in _HELD:
            self._held.append((_HELD[mode], url, content))
        if mode == "killed after":
            await self._deliver(url, content)
        if mode in KILLS:
            raise Killed
        if mode in ("late", "later", "lost before", "lost after"):
            self.clock.advance(_TIMEOUT)
        if mode in _HELD:
            raise httpx2.ReadTimeout("timed out")
        return await super()._carry(cast("Mode", mode), url, content)


class Sale:
    """A payment or a deposit, as the cashier believes it to stand.

    ``state``: new, unpaid, paid, reversed; open and undoing (a reversal of the till's own is open)
    while somebody has to call. ``maybe``: refunds that are open, by their requestId.
    """

    def __init__(self, kind: str, code: str, amount: int) -> None:
        self.kind = kind
        self.code = code
        self.amount = amount
        self.state = "new"
        self.detect = False
        self.numbers: list[str] = []
        self.order_id = ""
        self.undoing = ""
        self.refunded = 0
        self.maybe: dict[str, int] = {}

    @property
    def open_numbers(self) -> set[str]:
        """The requests of this sale that nobody knows the end of."""
        numbers = set(self.maybe)
        if self.state == "open":
            numbers.add(self.numbers[-1])
        if self.state == "undoing":
            numbers.add(self.undoing)
        return numbers


class Till:
    """A client with a journal that outlives it, and the sales of its day."""

    def __init__(
        self, network: Network, directory: Path, flavour: str, seen: set[str], **chosen: Any
    ) -> None:
        self.network = network
        self.seen = seen  # the names of the ends that there were
        self.directory = Path(tempfile.mkdtemp(dir=directory))  # a machine of its own
        self.flavour = flavour
        self.sales: list[Sale] = []
        self.resolved: set[str] = set()  # settled in the journal, by a question of this process
        self._settings = settings(**chosen)
        self._journal = MemoryJournal(clock=lambda: network.clock.now.timestamp())
        self.client = self._open()

    def _open(self) -> Any:
        given: dict[str, Any] = {
            "lock_directory": self.directory,
            "system": self.network.system,
            "cashier_wait": 4.0,
        }
        if self.flavour == "sync":
            return PaytreeClient(
                self._settings, transport=self.network, journal=self._journal, **given
            )
        return AsyncPaytreeClient(
            self._settings, transport=self.network, journal=AsyncJournal(self._journal), **given
        )

    def another(self) -> None:
        """Try to open a second one."""
        with self._open():
            raise AssertionError("two tills on one machine")

    def call(self, name: str, *arguments: Any, **options: Any) -> Any:
        """Call a method of the client."""
        method = getattr(self.client, name)
        if self.flavour == "sync":
            return method(*arguments, **options)
        return self.network.mock.run(method(*arguments, **options))

    def restart(self) -> None:
        """The process is gone; another begins, with what the journal kept, in the other flavour."""
        self.network.each_second = lambda: None
        self.call("close" if self.flavour == "sync" else "aclose")
        self.network.clock.advance(1)
        self.flavour = "async" if self.flavour == "sync" else "sync"
        self.client = self._open()
        kept = {error.request_id for error in self.unsettled()}
        assert kept == self.believed_open() - self.resolved
        self._forget_resolved()

    def _forget_resolved(self) -> None:
        """What a question has settled is known to the till; take over what it said."""
        for sale in self.sales:
            for number in sale.open_numbers & self.resolved:
                self.settle_by_books(sale, number)
        self.resolved.clear()

    def unsettled(self) -> list[UnsettledError]:
        """What is open by the client's own account; each says who must be called."""
        found: list[UnsettledError] = self.call("unsettled")
        for error in found:
            assert error.escalation is Escalation.CPS_CALL
            assert error.request_id
            assert error.request_id in str(error)
            assert "call the CPS call centre" in str(error)
            assert not error.safe_to_pay_again
        return found

    def believed_open(self) -> set[str]:
        """What is open by the cashier's."""
        return {number for sale in self.sales for number in sale.open_numbers}

    def sale_of(self, number: str) -> Sale:
        """The sale a request was about."""
        for sale in self.sales:
            if number in (*sale.numbers, *sale.maybe, sale.undoing):
                return sale
        raise AssertionError(f"nobody has sent {number}")

    def sent(self, since: int, *operations: str) -> list[Sent]:
        """What was sent since, of some operations."""
        return [one for one in self.network.sent[since:] if one.operation in operations]

    def orders(self, sale: Sale) -> list[Order]:
        """What PAYTREE has of a sale."""
        simulation = self.network.simulation
        found = [simulation.order_of(number) for number in sale.numbers]
        return [order for order in found if order is not None]

    def moved(self, sale: Sale) -> list[Order]:
        """Its orders for which the customer has paid; refunds count apart."""
        paid = {Status.SUCCEEDED, Status.PARTLY_REFUNDED, Status.REFUNDED}
        return [order for order in self.orders(sale) if order.status in paid]

    def asked(self, number: str) -> dict[str, Any]:
        """What the call centre sees of a request."""
        members = {
            "merchantId": self._settings.merchant_id,
            "terminalUniqueId": self._settings.terminal_unique_id,
            "originalRequestId": number,
        }
        while True:
            with suppress(Lost):  # the wallet's network is still bad
                answer: dict[str, Any] = self.network.simulation.handle("confirm", members)
                return answer

    def settle_by_books(self, sale: Sale, number: str) -> bool:
        """Take over how a request stands by the books; whether it was carried out."""
        if number in sale.maybe:
            amount = sale.maybe.pop(number)
            done = self.asked(number).get("transStatus") in (5, 6)
            sale.refunded += amount if done else 0
            return done
        moved = self.moved(sale)
        if sale.state == "undoing":
            sale.state = "paid" if moved else "reversed"
            return not moved
        sale.state = "paid" if moved else "unpaid"
        sale.order_id = moved[0].order_id if moved else ""
        return bool(moved)

    def agree(self) -> None:
        """Hold what is believed against the books."""
        for sale in self.sales:
            moved = self.moved(sale)
            said = f"{sale.kind} is {sale.state}, and in the books {self.orders(sale)}"
            assert len(moved) <= 1, f"paid twice: {said}"
            if sale.state in ("new", "unpaid", "reversed"):
                assert not moved, said
            if sale.state == "paid":
                told = [(order.order_id, order.amount) for order in moved]
                assert told == [(sale.order_id, sale.amount)], said
            for order in moved:
                most = sale.refunded + sum(sale.maybe.values())
                assert sale.refunded <= order.refunded <= most, said
        certain = all(sale.state not in ("open", "undoing") for sale in self.sales)
        if certain and not any(sale.maybe for sale in self.sales):
            ledger = self.network.mock.gateway.ledger
            for kind, account in (("Pay", Account.MERCHANT), ("Deposit", Account.HOLD)):
                believed = sum(
                    sale.amount - sale.refunded
                    for sale in self.sales
                    if sale.kind == kind and sale.state == "paid"
                )
                assert ledger.balance(account) == believed

    def abandon(self) -> None:
        """Leave it as it is: a test has failed."""
        self.call("close" if self.flavour == "sync" else "aclose")
        self.network.mock.close()

    def close(self) -> None:
        """Let everything arrive, hold the beliefs against the books, and against the journal."""
        self.network.arrive()
        self.agree()
        assert {e.request_id for e in self.unsettled()} == self.believed_open()
        self.restart()
        self.agree()
        self.call("close" if self.flavour == "sync" else "aclose")
        self.network.end()
