"""Rules that several operations share: merchant, order, payer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from .countries import JAPAN, NUMERIC
from .scope import is_digits, parse_day

if TYPE_CHECKING:
    from collections.abc import Callable

    from kessai_gmo_api.models import Address, Merchant, Order, OrderWithoutAmount, Payer

    from .scope import Scope

    Rule = Callable[[Any, Scope], None]


class HasMerchant(Protocol):
    """A request with a merchant."""

    @property
    def merchant(self) -> Merchant: ...


class HasOrder(Protocol):
    """A request with an order that has an amount."""

    @property
    def order(self) -> Order: ...


class HasAnyOrder(Protocol):
    """A request with an order, amount or not."""

    @property
    def order(self) -> Order | OrderWithoutAmount: ...


class HasPayer(Protocol):
    """A request with a payer."""

    @property
    def payer(self) -> Payer: ...


def merchant(request: HasMerchant, scope: Scope) -> None:
    """webhookUrl is https; http is accepted in the sandbox only."""
    url = request.merchant.webhook_url
    if not url:
        return
    scheme = url[:8].lower()
    if scheme != "https://" and (scope.live or not scheme.startswith("http://")):
        scope.refuse(
            "/merchant/webhookUrl",
            "https",
            "must start with https:// (http:// only in the sandbox)",
            "merchant.webhookUrl",
        )


def callback_url(request: HasMerchant, scope: Scope) -> None:
    """callbackUrl is needed wherever the customer is redirected."""
    if not request.merchant.callback_url:
        scope.refuse(
            "/merchant/callbackUrl",
            "required",
            "is required because this request can redirect the customer",
            "merchant.callbackUrl",
        )


def order(request: HasAnyOrder, scope: Scope) -> None:
    """One address when both are the same, real country and prefecture codes."""
    given = request.order
    if given.shipping_address is not None:
        if given.address_match is True and given.billing_address is not None:
            scope.refuse(
                "/order/addressMatch",
                "one-address",
                "goes with one of the two addresses, not with both",
                "order.addressMatch",
            )
        _address(given.shipping_address, "/order/shippingAddress", scope)
    if given.billing_address is not None:
        _address(given.billing_address, "/order/billingAddress", scope)


def amounts(request: HasOrder, scope: Scope) -> None:
    """Only yen, and no item dearer than the order."""
    given = request.order
    if given.currency and given.currency != "JPY":
        scope.refuse("/order/currency", "currency", "must be JPY", "order.currency", limit="JPY")
    for index, item in enumerate(given.items or ()):
        if item.price > given.amount:
            scope.refuse(
                f"/order/items/{index}/price",
                "price-at-most-amount",
                "must not be more than order.amount",
                "order.items.price",
            )


def payer(request: HasPayer, scope: Scope) -> None:
    """A date of birth that exists."""
    day(request.payer.date_of_birth, "/payer/dateOfBirth", scope)


def has_phone(request: HasPayer) -> bool:
    """Whether any telephone number of the payer is given."""
    return any(phone.number for phone in request.payer.phones or ())


def day(text: str | None, pointer: str, scope: Scope) -> None:
    """Eight digits name a day that exists; the schema's pattern has looked at their form."""
    if text and is_digits(text, 8) and parse_day(text) is None:
        section = pointer.lstrip("/").replace("/", ".")
        scope.refuse(pointer, "date", "must be an existing day as YYYYMMDD", section)


def _address(address: Address, pointer: str, scope: Scope) -> None:
    country, state = address.country, address.state
    if country and country not in NUMERIC:
        scope.refuse(
            f"{pointer}/country",
            "country",
            "must be an ISO 3166-1 numeric code, such as 392 for Japan",
            "order.shippingAddress.country",
        )
    prefecture = "001" <= state <= "047"
    if country == JAPAN and not prefecture:
        scope.refuse(
            f"{pointer}/state",
            "prefecture",
            "must be 001 to 047 for Japan",
            "order.shippingAddress.state",
            limit="001-047",
        )
    elif not country and not prefecture:
        scope.warn(
            f"{pointer}/state",
            "prefecture",
            "is no Japanese prefecture (001 to 047), and no country is given",
            "assumed: an address without country is in Japan",
        )
