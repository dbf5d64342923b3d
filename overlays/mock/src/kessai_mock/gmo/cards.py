"""Cards of the mock: brands, masks, tokens, and which card or amount gives which outcome.

The gateway's own list of test cards is not part of its document, so the magic values here
are this mock's own (assumed) and listed in its README.
"""

from __future__ import annotations

import hashlib
import re
from typing import NamedTuple

from .problem import ProblemError
from .state import Card

# One ordinary card for each brand: the numbers card schemes publish for testing.
ORDINARY = (
    "4111111111111111",
    "5555555555554444",
    "3530111333300000",
    "378282246310005",
    "30569309025904",
)
# The last four digits of a card decide what its issuer says.
_BY_ENDING: dict[str, str] = {
    "0002": "card_declined",
    "0009": "insufficient_balance",
    "0019": "amount_limit_exceeded",
    "0029": "processing_failure",
    "0050": "internal_server_error",
    "0052": "bad_gateway",
    "0053": "maintenance",
}
NOT_ENROLLED = "0077"  # a card whose issuer does not take part in 3-D Secure
# The amount decides the same for every payment method.
_BY_AMOUNT: dict[int, str] = {
    40201: "card_declined",
    40202: "insufficient_balance",
    40203: "amount_limit_exceeded",
    40204: "processing_failure",
    40205: "operation_aborted_by_user",
    50001: "internal_server_error",
    50201: "bad_gateway",
    50202: "maintenance",
}


class Decline(NamedTuple):
    """Why the card company or wallet says no."""

    title: str

    def problem(self) -> ProblemError:
        """The problem to answer."""
        return ProblemError(self.title, "Refused, as the mock's magic values ask for.")


def brand(number: str) -> str:
    """The brand of a card number, by its first digits."""
    if number.startswith("4"):
        return "VISA"
    if "51" <= number[:2] <= "55" or "2221" <= number[:4] <= "2720":
        return "MASTERCARD"
    if number.startswith("35"):
        return "JCB"
    if number[:2] in {"34", "37"}:
        return "AMEX"
    if number[:2] in {"30", "36", "38", "39"}:
        return "DINERS"
    return "UNKNOWN"


def masked(number: str) -> str:
    """Twelve asterisks and the last four digits, whatever the number's length."""
    return "*" * 12 + number[-4:]


def issuer_code(number: str) -> str:
    """A made-up code, the same for all cards of a brand."""
    return f"mock-{brand(number).lower()}"


def acquirer_code(number: str) -> str:
    """A made-up code of the acquirer the charge is forwarded to."""
    return f"mock-acq-{brand(number).lower()}"


def of_token(token: str, kind: str) -> Card:
    """The card behind a token: always the same one for the same token.

    A token that contains 12 to 16 digits stands for that card number; any other for one of
    the ordinary cards, picked by its hash.
    """
    found = re.search(r"(?<![0-9])[0-9]{12,16}(?![0-9])", token)
    if found is not None:
        number = found.group()
    else:
        number = ORDINARY[hashlib.blake2b(token.encode()).digest()[0] % len(ORDINARY)]
    return Card(number=number, holder="KESSAI TEST", month="12", year="2030", kind=kind)


def decline(card: Card | None, amount: int | None) -> Decline | None:
    """What the issuer objects to, by card ending first, then by amount."""
    title = _BY_ENDING.get(card.number[-4:]) if card is not None else None
    if title is None and amount is not None:
        title = _BY_AMOUNT.get(amount)
    return Decline(title) if title is not None else None
