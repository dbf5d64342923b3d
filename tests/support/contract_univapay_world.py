"""The world of the UnivaPay life cycles: a merchant with the real client, the mock, its ledger.

The network between them may lose an order on its way, or its answer. Whatever is lost: an order is
carried out at most once, what the client says is what the gateway has, and what the gateway says of
a charge is what its ledger holds.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any, Literal, NamedTuple

import httpx2
from kessai import (
    Done,
    NotDone,
    NotPaid,
    Open,
    Outcome,
    OutcomeUnknown,
    Paid,
    PaidCheckNeeded,
)
from kessai_univapay import is_paid
from kessai_univapay import models as m
from kessai_univapay import refusals as r

from tests.support.contract_asgi import SyncTransport
from tests.support.contract_univapay_client import sync_client
from tests.support.contract_univapay_mock import STORE_ID, Mock
from tests.support.contract_univapay_scenario import ENDPOINT, MAIL, card, konbini, on, others

Fault = Literal["lost before", "lost after"] | None

#: How a payment is made: its token, what else the charge says.
KINDS = ("konbini", "card", "hold", "recurring", "online", "bank_transfer", "challenged",
         "challenged hold", "declined", "broken")  # fmt: skip
REFERENCE = "univapay-reference-id"


class Lossy(httpx2.BaseTransport):
    """Loses what it is told to lose, once."""

    def __init__(self, mock: Mock) -> None:
        self._inner = SyncTransport(mock.app)
        self.fault: Fault = None

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        fault, self.fault = self.fault, None
        if fault == "lost before":
            raise httpx2.ReadError("connection reset")
        response = self._inner.handle_request(request)
        if fault == "lost after":
            raise httpx2.ReadError("connection reset")
        return response


class Loose(NamedTuple):
    """An order whose end nobody was told: what it was, and what it is called by the gateway."""

    unknown: OutcomeUnknown
    find: Callable[[], list[Any]]
    before: int
    charge: Any  # that it is about; None where it is to be made


class Books(NamedTuple):
    """Money of one charge on the gateway's side."""

    hold: int = 0
    gateway: int = 0
    merchant: int = 0


class World:
    """Charges of one merchant, and everything that is checked about them."""

    def __init__(self, mock: Mock) -> None:
        mock.reset()
        self.mock = mock
        self.wire = Lossy(mock)
        self.client = sync_client(mock, transport=self.wire)
        self.loose: list[Loose] = []
        self._names = 0

    def close(self) -> None:
        """Ask once more about everything that is loose, look at everything, and close."""
        self.mock.advance(4000)
        for one in self.loose:
            self.ask(one)
        for charge_id in self.mock.gateway.charges:
            self.audit(charge_id)
        assert self.mock.faults() == []
        self.client.close()

    # What the gateway has.

    @property
    def charges(self) -> list[Any]:
        """Its charges, oldest first."""
        return list(self.mock.gateway.charges.values())

    def read(self, charge: Any) -> m.Charge:
        """A charge, through the client."""
        return self.client.charges.get(store_id=STORE_ID, charge_id=charge.id)

    # What the merchant does.

    def make(self, kind: str, amount: int, fault: Fault) -> None:
        """A token and a charge of it."""
        tokens: Any = self.client.tokens
        token = tokens.create(_token(kind))
        self._names += 1
        members: dict[str, Any] = {"metadata": {REFERENCE: f"ORDER-{self._names}"}}
        if kind.endswith("hold"):
            members["capture"] = False
        if kind.startswith("challenged"):
            mode = m.ThreeDsMode.REQUIRE
            members["three_ds"] = m.ThreeDsRequest(mode=mode, redirect_endpoint=ENDPOINT)
        request = m.ChargeRequest(
            transaction_token_id=token.id, amount=amount, currency="JPY", **members
        )
        self._order(lambda: self.client.charges.create(request), lambda: self.charges, fault)

    def capture(self, charge: Any, amount: int, fault: Fault) -> None:
        """Capture all of what is held, or a part."""
        request = m.CaptureRequest(amount=amount, currency="JPY")

        def captured() -> list[Any]:
            postings = self.mock.postings()
            return [
                charge
                for posting in postings
                if posting.charge_id == charge.id
                and (posting.reason, posting.target) == ("capture", "merchant")
            ]

        path = on(self.read(charge))
        self._order(lambda: self.client.captures.create(request, **path), captured, fault, charge)

    def cancel(self, charge: Any, fault: Fault, says: int | None) -> None:
        """Cancel what is awaiting or held; ``says``: the payment error it ends with."""
        if says is not None:
            self.mock.script("cancels_create", payment_error=str(says))
        path = on(self.read(charge))
        self._order(
            lambda: self.client.cancels.create(m.CancelRequest(), **path),
            lambda: list(charge.cancels.values()),
            fault,
            charge,
        )

    def refund(self, charge: Any, amount: int, fault: Fault, says: int | None) -> None:
        """Give a part back, or all of it."""
        if says is not None:
            self.mock.script("refunds_create", payment_error=str(says))
        self._names += 1
        metadata = {REFERENCE: f"REFUND-{self._names}"}
        request = m.RefundRequest(amount=amount, currency="JPY", metadata=metadata)
        path = on(self.read(charge))
        self._order(
            lambda: self.client.refunds.create(request, **path),
            lambda: list(charge.refunds.values()),
            fault,
            charge,
        )

    def _order(
        self,
        send: Callable[[], object],
        find: Callable[[], list[Any]],
        fault: Fault,
        charge: Any = None,
    ) -> None:
        """Send an order over the network: at most once, and nothing untrue is said of it."""
        before = len(find())
        self.wire.fault = fault
        try:
            send()
        except OutcomeUnknown as unknown:
            one = Loose(unknown, find, before, charge)
            self.loose.append(one)
            self.ask(one)
            return
        except r.UnivapayError:
            made = 0  # it was refused
        else:
            made = 1
        finally:
            self.wire.fault = None
        assert len(find()) == before + made

    # What is true.

    def ask(self, one: Loose) -> Outcome:
        """Ask what became of an order, and hold the answer against what the gateway has."""
        outcome = self.client.resolve(one.unknown)
        if one.charge is not None and one.unknown.operation != "refunds_create":
            _told_by_the_charge(one.unknown.operation, outcome, one.charge)
            return outcome
        mine = self._mine(one)
        assert len(mine) <= 1
        if type(outcome) in (Paid, Done):
            assert mine, outcome
            assert mine[0].status in ("successful", "authorized"), (outcome, mine[0])
        elif type(outcome) in (NotPaid, NotDone):
            assert not mine or mine[0].status in ("failed", "error", "canceled"), (outcome, mine)
        else:
            assert type(outcome) is Open, outcome
        return outcome

    def _mine(self, one: Loose) -> list[Any]:
        """The things of an order: those under its reference, else what came next."""
        reference = one.unknown.reference.get("reference")
        found = one.find()[one.before :]
        if reference is not None:
            return [thing for thing in found if thing.metadata.get(REFERENCE) == reference]
        return found[:1]

    def audit(self, charge_id: str) -> None:
        """Compare what the client reads of a charge with the ledger. Raises AssertionError."""
        charge = self.client.charges.get(store_id=STORE_ID, charge_id=charge_id)
        refunds = self.client.refunds.list(**on(charge)).items
        back = sum(one.amount for one in refunds if one.status == "successful")
        leaving = sum(one.amount for one in refunds if one.status == "pending")
        taken = (charge.charged_amount or 0) if charge.status == "successful" else 0
        held = charge.requested_amount if charge.status == "authorized" else 0
        believed = Books(held, leaving, taken - back - leaving if taken else 0)
        assert believed == self._ledger(charge_id), charge
        if is_paid(charge):
            assert taken == charge.requested_amount
        kept = charge.metadata or {}
        assert kept.get(REFERENCE) is not None

    def _ledger(self, charge_id: str) -> Books:
        totals: Counter[str] = Counter()
        for posting in self.mock.postings():
            if posting.charge_id == charge_id:
                totals[posting.source] -= posting.amount
                totals[posting.target] += posting.amount
        assert sum(totals.values()) == 0
        return Books(totals["hold"], totals["gateway"], totals["merchant"])


def _told_by_the_charge(operation: str, outcome: Outcome, charge: Any) -> None:
    """A capture or a cancel is done when the charge is as it should be, whoever did it."""
    if operation == "cancels_create":
        ends = {"canceled": Done, "successful": NotDone, "failed": NotDone, "error": NotDone}
        assert type(outcome) in (ends.get(charge.status, Open), Open), (outcome, charge.status)
        return
    assert operation == "captures_create"
    if type(outcome) in (Paid, PaidCheckNeeded):
        assert charge.status == "successful", outcome
        same = outcome.reference["amount"] == str(charge.charged)
        assert same is (type(outcome) is Paid), outcome
    elif type(outcome) is NotPaid:
        assert charge.status in ("failed", "error", "canceled"), outcome
    else:
        assert type(outcome) is Open, outcome


def _token(kind: str) -> Any:
    if kind == "konbini":
        return konbini()
    if kind in ("online", "bank_transfer"):
        return next(one for one in others() if one.payment_type == kind)
    email = {
        "declined": "h+charge-failure-306@a.example",
        "broken": "h+charge-failure-501@a.example",
    }
    one_time, recurring = m.TokenType.ONE_TIME, m.TokenType.RECURRING
    return card(recurring if kind == "recurring" else one_time, email=email.get(kind, MAIL))
