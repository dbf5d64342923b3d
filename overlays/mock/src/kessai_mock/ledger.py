"""The money of the mock, in double entry: every yen that arrives somewhere left somewhere.

Four accounts, each split by the order it concerns. Amounts are whole yen.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple


class Account(StrEnum):
    """Where money can be."""

    CUSTOMER = "customer"
    HOLD = "hold"  # reserved by an authorization, still the customer's
    GATEWAY = "gateway"  # under way back to the customer
    MERCHANT = "merchant"


class LedgerError(AssertionError):
    """The books do not balance, or do not say what the order says: a fault of the mock."""


class Posting(NamedTuple):
    """`amount` yen moved from `source` to `target` for one order."""

    number: int
    at: datetime
    order: str
    reason: str
    source: Account
    target: Account
    amount: int


class Ledger:
    """All postings so far, with running balances that an audit works out again."""

    def __init__(self) -> None:
        self.postings: list[Posting] = []
        self.violations: list[str] = []
        self._balances: defaultdict[tuple[str, Account], int] = defaultdict(int)
        self._totals: defaultdict[Account, int] = defaultdict(int)

    def post(
        self, at: datetime, order: str, reason: str, source: Account, target: Account, amount: int
    ) -> None:
        """Move `amount` yen (at least 1) and audit what it touched.

        Raises LedgerError when the amount is not positive, when nothing would move, or when
        one of the order's accounts on the gateway's side would hold less than nothing.
        """
        if amount <= 0 or source is target:
            self._fail(f"{order}: {reason} moves {amount} from {source} to {target}")
        self.postings.append(
            Posting(len(self.postings) + 1, at, order, reason, source, target, amount)
        )
        self._balances[order, source] -= amount
        self._balances[order, target] += amount
        self._totals[source] -= amount
        self._totals[target] += amount
        if sum(self._totals.values()) != 0:
            self._fail(f"{order}: after {reason} the accounts do not add up to zero")
        for account in Account:
            if account is not Account.CUSTOMER and self._balances[order, account] < 0:
                self._fail(f"{order}: after {reason} {account} is below zero")

    def balance(self, account: Account, order: str | None = None) -> int:
        """Yen on an account, of one order or of all."""
        if order is None:
            return self._totals[account]
        return self._balances[order, account]

    def expect(self, order: str, *, hold: int = 0, gateway: int = 0, merchant: int = 0) -> None:
        """Compare one order's books with what its state implies. Raises LedgerError."""
        wanted = {
            Account.HOLD: hold,
            Account.GATEWAY: gateway,
            Account.MERCHANT: merchant,
            Account.CUSTOMER: -(hold + gateway + merchant),
        }
        for account, amount in wanted.items():
            found = self._balances[order, account]
            if found != amount:
                self._fail(f"{order}: {account} holds {found} yen, its state says {amount}")

    def audit(self) -> None:
        """Work every balance out again from the postings. Raises LedgerError."""
        again: defaultdict[tuple[str, Account], int] = defaultdict(int)
        for posting in self.postings:
            again[posting.order, posting.source] -= posting.amount
            again[posting.order, posting.target] += posting.amount
        if sum(again.values()) != 0:
            self._fail("the postings do not add up to zero")
        for key in again.keys() | self._balances.keys():
            if again[key] != self._balances[key]:
                self._fail(f"{key[0]}: the running balance of {key[1]} is wrong")

    def _fail(self, message: str) -> None:
        # Kept as well as raised: a server answers the exception with 500, and whoever
        # drives the mock from outside must still be able to see that the books broke.
        self.violations.append(message)
        raise LedgerError(message)
