"""Rules of 3-D Secure (EMV 3-Dセキュア): the data sent along, and what the issuer likes to know."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from kessai_gmo_api.models import PhoneType

from . import common
from .scope import is_digits, parse_minute

if TYPE_CHECKING:
    from kessai_gmo_api.models import Tds2Information

    from .common import HasPayer
    from .scope import Scope

NO_CURRENCIES = frozenset(
    {"955", "956", "957", "958", "959", "960", "961", "962", "963", "964", "999"}
)
"""ISO 4217 codes that are no money a card can be bought in (metals, bonds, none)."""

_WANTED = "3-D Secure wants it; leaving it out is no error today and may become one"


class HasTds2(Protocol):
    @property
    def tds2_information(self) -> Tds2Information | None: ...


def data(request: HasTds2, scope: Scope) -> None:
    """Days and minutes that exist, a currency a gift card can have."""
    given = request.tds2_information.tds2_data if request.tds2_information else None
    if given is None:
        return
    at = "/tds2Information/tds2Data"
    common.day(given.ch_acc_change, f"{at}/chAccChange", scope)
    common.day(given.ch_acc_date, f"{at}/chAccDate", scope)
    common.day(given.ch_acc_pw_change, f"{at}/chAccPwChange", scope)
    common.day(given.payment_acc_age, f"{at}/paymentAccAge", scope)
    common.day(given.ship_address_usage, f"{at}/shipAddressUsage", scope)
    common.day(given.pre_order_date, f"{at}/preOrderDate", scope)
    login = given.three_ds_req_auth_timestamp
    if login and is_digits(login, 12) and parse_minute(login) is None:
        scope.refuse(
            f"{at}/threeDSReqAuthTimestamp",
            "date",
            "must be an existing minute as YYYYMMDDHHMM",
            "tds2Data.threeDSReqAuthTimestamp",
        )
    if given.gift_card_curr in NO_CURRENCIES:
        scope.refuse(
            f"{at}/giftCardCurr",
            "currency",
            "must not be 955 to 964 or 999",
            "tds2Data.giftCardCurr",
        )


def contact(request: HasPayer, scope: Scope) -> None:
    """An e-mail address or a telephone number, and telephone numbers that are complete."""
    if not request.payer.email and not common.has_phone(request):
        scope.warn("/payer/email", "tds2-contact", _WANTED, "payer.email or payer.phones")
    for index, phone in enumerate(request.payer.phones or ()):
        at = f"/payer/phones/{index}"
        if phone.type == PhoneType.OTHER:
            scope.refuse(
                f"{at}/type",
                "tds2-phone",
                "must be MOBILE, HOME or WORK with 3-D Secure",
                "payer.phones.type",
            )
        for member, value in (
            ("type", phone.type),
            ("countryCode", phone.country_code),
            ("number", phone.number),
        ):
            if not value:
                scope.refuse(
                    f"{at}/{member}",
                    "required",
                    "is required with 3-D Secure",
                    f"payer.phones.{member}",
                )


def cardholder(name: str | None, pointer: str, scope: Scope) -> None:
    """A cardholder name, where the card is sent directly (a token carries its own)."""
    if not name:
        scope.warn(pointer, "tds2-cardholder", _WANTED, "card.cardholderName")
