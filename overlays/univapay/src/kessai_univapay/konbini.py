"""What a customer needs to pay at a konbini, read from a charge.

The payment number and the slip's URL stand in the charge's metadata, once it is ``awaiting``; the
paid example of the guide has lost them. So keep them when they come.

Source: コンビニ決済 – APIへのリクエスト, 3.課金の取得, 4.課金の取得.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from kessai_univapay_api import models as m

__all__ = ["PAY_EASY_COLLECTING_AGENCY", "KonbiniPayment", "is_paid"]

PAY_EASY_COLLECTING_AGENCY: Final = "58091"
"""Pay-easy's collecting agency number (収納機関番号), the same for every payment.

A customer who pays by Pay-easy enters it before the payment number. No answer holds it; the
gateway's own e-mail does. Source: コンビニ決済 – APIへのリクエスト, 3.課金の取得.
"""

_NUMBER = "internal_convenience_payment_number"
_URL = "internal_convenience_payment_url"


def is_paid(charge: m.Charge) -> bool:
    """Whether a charge was paid in full: ``successful``, and as much charged as was requested.

    While a konbini charge is awaiting, ``charged_amount`` may hold the requested amount already;
    a bank transfer may bring more or less. Where no charged amount came, it is not paid.
    """
    return (
        charge.status == "successful"
        and charge.charged_amount == charge.requested_amount
        and (charge.charged_currency or charge.requested_currency).upper()
        == charge.requested_currency.upper()
    )


class KonbiniPayment:
    """How a konbini charge is paid, and whether it was.

    >>> slip = KonbiniPayment(charge)  # doctest: +SKIP
    >>> slip.payment_number  # doctest: +SKIP
    '20020-123456789012'
    """

    __slots__ = ("charge",)

    charge: m.Charge

    def __init__(self, charge: m.Charge) -> None:
        self.charge = charge

    @property
    def payment_number(self) -> str | None:
        """What the customer tells the till (支払い番号); None before it is awaiting."""
        return self._text(_NUMBER)

    @property
    def slip_url(self) -> str | None:
        """The payment slip's URL (支払い票), for Seven-Eleven only; None where there is none."""
        return self._text(_URL)

    @property
    def is_paid(self) -> bool:
        """Whether it was paid in full; see ``kessai_univapay.is_paid``."""
        return is_paid(self.charge)

    def _text(self, name: str) -> str | None:
        value: Any = (self.charge.metadata or {}).get(name)
        if isinstance(value, bool) or not isinstance(value, str | int):
            return None
        return str(value) or None

    def __repr__(self) -> str:
        """Show the charge and its status; the number is for the customer."""
        return f"KonbiniPayment({self.charge.id!r}, {str(self.charge.status)!r})"
