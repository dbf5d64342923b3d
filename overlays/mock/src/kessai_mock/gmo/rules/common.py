"""Rules for merchant, order and payer, whatever the payment method.

Document: OpenAPI type 1.5.1, /credit/charge (the objects are shared by all requests).
"""

from __future__ import annotations

from ..body import Body
from ..call import Call
from ..problem import invalid
from . import text
from .countries import COUNTRIES

_JAPAN = "392"


def check(call: Call) -> None:
    """All rules of a charge's common parts. Raises ProblemError at the first one broken."""
    check_merchant(call)
    order = call.body.inside("order")
    check_order(order)
    check_payer(call.body.inside("payer"))


def check_options(body: Body) -> None:
    """additionalOptions: at most 20 entries, all of them strings."""
    options = body.child("additionalOptions")
    if options is None:
        return
    if len(options.data) > 20:
        raise invalid("additionalOptions", "At most 20 entries.")
    for name, value in options.data.items():
        if not isinstance(value, str):
            raise invalid(f"additionalOptions.{name}", "Strings only.")


def check_merchant(call: Call) -> None:
    """merchant and additionalOptions. http is accepted for the webhook: a test environment."""
    check_options(call.body)
    merchant = call.body.inside("merchant")
    text.size(merchant, 45, "name")
    text.size(merchant, 60, "nameKana")
    text.size(merchant, 45, "nameShort")
    text.size(merchant, 63, "contactName")
    text.email(merchant, "contactEmail")
    text.uri(merchant, "contactUrl")
    text.uri(merchant, "callbackUrl")
    text.uri(merchant, "webhookUrl", schemes=("https", "http"))


def check_order(order: Body) -> None:
    """order, with or without an amount."""
    amount = None
    if order.has("amount"):  # an order without one has no currency to look at either
        amount = text.yen(order, "amount")
        if amount < 1:
            raise invalid(order.where("amount"))
        if order.text("currency") not in (None, "JPY"):
            raise invalid(order.where("currency"), "Only JPY.")
    for field in ("clientField1", "clientField2", "clientField3"):
        text.size(order, 100, "clientFields", field, encoding="euc-jp")
    for item in order.children("items"):
        text.size(item, 192, "name")
        text.size(item, 180, "description")
        price = text.yen(item, "price")
        if amount is not None and price > amount:
            raise invalid(item.where("price"), "More than the order's amount.")
        text.half_width(item, "productId")
        text.half_width(item, "productCode")
    for address in ("shippingAddress", "billingAddress"):
        found = order.child(address)
        if found is not None:
            _check_address(found)
    if order.flag("addressMatch", default=False) and (
        order.has("shippingAddress") and order.has("billingAddress")
    ):
        raise invalid(order.where("addressMatch"), "Give one address only.")


def _check_address(address: Body) -> None:
    text.size(address, 60, "name")
    for line in ("line1", "line2", "line3", "city"):
        text.size(address, 75, line)
    state, country = address.need("state"), address.text("country")
    if country is not None and country not in COUNTRIES:
        raise invalid(address.where("country"), "Not a country of ISO 3166-1.")
    if country in (None, _JAPAN) and not "001" <= state <= "047":
        raise invalid(address.where("state"), "001 to 047 in Japan.")


def check_payer(payer: Body) -> None:
    """payer."""
    text.size(payer, 60, "name")
    text.size(payer, 60, "nameKana")
    text.date(payer, "dateOfBirth")
    text.email(payer, "email")
    text.email(payer, "deliveryEmail")
    text.half_width(payer, "httpUserAgent")


def check_member(body: Body) -> None:
    """A member's id and name."""
    check_options(body)
    check_member_name(body)


def check_member_name(body: Body) -> None:
    """memberName: its 384 bytes are documented for answers and taken as the limit here."""
    text.size(body, 384, "memberName")
