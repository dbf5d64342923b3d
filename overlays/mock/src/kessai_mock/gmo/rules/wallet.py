"""Rules for wallets, each of which wants something else.

Document: OpenAPI type 1.5.1, field notes by payment method, and the wallet operations.
"""

from __future__ import annotations

from ..body import Body
from ..problem import invalid, missing
from . import text


def check_charge(body: Body) -> None:
    """wallet/charge. Every wallet charge sends the customer away, and needs a way back."""
    body.inside("merchant").need("callbackUrl")
    wallet = body.need("walletInformation", "walletType")
    if wallet == "DOCOMO":
        _check_contact_sum(body.inside("merchant"))
    if wallet == "AMAZON":
        _check_amazon(body, body.inside("walletInformation"))
    check_items(body, wallet)


def check_consent(body: Body) -> None:
    """wallet/authorizeAccount."""
    body.inside("merchant").need("callbackUrl")
    information = body.inside("walletAuthorizationInformation")
    wallet = information.need("walletType")
    if wallet == "DOCOMO":
        _check_contact_sum(body.inside("merchant"))
    if wallet == "AMAZON":
        _check_amazon(body, information)
    if wallet == "RAKUTEN" and not body.children("order", "items"):
        raise missing("order.items")
    check_items(body, wallet)
    text.size(information, 384, "walletAuthorizationOptions", "memberName")


def check_onfile(body: Body) -> None:
    """wallet/on-file/charge."""
    wallet = body.need("walletOnfileInformation", "onfileWallet", "type")
    if wallet == "DOCOMO":
        _check_contact_sum(body.inside("merchant"))
    check_items(body, wallet)


def check_items(body: Body, wallet: str) -> None:
    """Merpay wants items, each with a category and a price of at most 7 digits."""
    if wallet != "MERPAY":
        return
    items = body.children("order", "items")
    if not items:
        raise missing("order.items")
    for item in items:
        item.need("category")
        text.digits_at_most(item, 7, "price")


def _check_contact_sum(merchant: Body) -> None:
    """d払い: contactEmail, contactUrl and contactPhone share 96 bytes; a slash counts as 4."""
    joined = "".join(
        merchant.text(name) or "" for name in ("contactEmail", "contactUrl", "contactPhone")
    )
    if len(joined.encode()) + 3 * joined.count("/") > 96:
        raise invalid(merchant.where("contactUrl"), "E-mail, URL and phone exceed 96 bytes.")


def _check_amazon(body: Body, information: Body) -> None:
    """Amazon Pay: a session, unless apbType; PayAndShip needs an address and a phone."""
    amazon = information.child("amazonPay")
    apb_type = amazon.text("apbType") if amazon is not None else None
    if apb_type is None and (amazon is None or not amazon.has("checkoutSessionId")):
        raise missing(information.where("amazonPay", "checkoutSessionId"))
    if apb_type == "PayAndShip":
        address = body.inside("order", "shippingAddress")
        for name in ("name", "line1", "city", "state", "postCode", "country"):
            address.need(name)
        phones = body.children("payer", "phones")
        if not phones or not phones[0].has("number"):
            raise missing("payer.phones[0].number")
