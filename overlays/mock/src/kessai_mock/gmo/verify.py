"""/credit/verifyCard, /credit/storeCard and /credit/getCardDetails."""

from __future__ import annotations

from . import answers, cards, credit, intake, onfile
from .body import Body
from .call import Answer, Call
from .problem import invalid, missing, refused
from .rules import common
from .rules import credit as rules
from .state import Card, ChargeType, Order, Purpose, StoredCard

_VERIFY = "creditVerificationInformation"
_STORE = "creditStoringInformation"


def verify_card(call: Call) -> Answer:
    """creditVerifyCard: check a card without an amount, and store it when asked to."""
    common.check(call)
    rules.check_verification(call.body)
    source = call.body.inside(_VERIFY)
    card, stored = _card_to_verify(call, source)
    order = intake.take(call, ChargeType.CREDIT, card.kind, Purpose.CHECK)
    order.card, order.onfile = card, stored
    options = source.child("onfileCardOptions")
    if options is not None:
        order.store = onfile.wish_of(options)
        onfile.check_store(call.shop, card, order.store)
    wanted = source.flag("creditVerificationOptions", "useTds2", default=True)
    url = credit.start_tds(call, order, wanted=wanted)
    if url is not None:
        credit.consume_token(call, _VERIFY)
        return Answer(
            202,
            {
                "nextAction": "REDIRECT",
                "orderReference": answers.order_reference(order),
                "redirectInformation": answers.redirect_information("TDS2", url),
            },
        )
    intake.keep(call.gateway, order)
    credit.authorize(call.gateway, order)
    credit.consume_token(call, _VERIFY)
    if order.store is not None:
        order.stored = onfile.store(call.gateway, order.shop, card, order.store)
    return Answer(
        201,
        {
            "nextAction": "NO_ACTION",
            "orderReference": answers.order_reference(order),
            "creditResult": answers.credit_result(order, tds2=False),
            "onfileCardResult": _stored_result(call, order.stored),
        },
    )


def _card_to_verify(call: Call, source: Body) -> tuple[Card, StoredCard | None]:
    wish = source.child("onfileCard")
    if wish is not None and not source.has("tokenizedCard"):
        stored = onfile.find_card(call.shop, wish)
        return onfile.presented(stored, wish), stored
    return credit.given_card(call, source), None


def _stored_result(call: Call, stored: StoredCard | None) -> dict[str, object] | None:
    if stored is None:
        return None
    return answers.onfile_card_result(stored, onfile.name_of(call.shop, stored.member_id))


def store_card(call: Call) -> Answer:
    """creditStoreCard: keep the card of an earlier order, a token or a number for a member."""
    common.check_merchant(call)
    rules.check_storing(call.body)
    source = call.body.inside(_STORE)
    card = _card_to_store(call, source)
    stored = onfile.store(
        call.gateway, call.shop.shop_id, card, onfile.wish_of(source.inside("onfileCardOptions"))
    )
    credit.consume_token(call, _STORE)
    return Answer(
        201,
        {
            "nextAction": "NO_ACTION",
            "onfileCardResult": _stored_result(call, stored),
            "cardResult": answers.card_result(stored.card),
        },
    )


def _card_to_store(call: Call, source: Body) -> Card:
    """The card to store. An order lends its card once it succeeded, Apple Pay but for Visa.

    Which Apple Pay cards may be stored is undecided between versions of the document.
    """
    referrer = source.child("referrer")
    if referrer is None:
        return credit.given_card(call, source)
    at = referrer.where("accessId")
    order: Order = call.gateway.order(call.shop, referrer.need("accessId"), at=at)
    if order.card is None or order.status not in {"AUTH", "CAPTURE", "SALES", "CHECK"}:
        raise refused(at, "The order has no card that was accepted.")
    if order.card.kind == "APPLE_PAY" and cards.brand(order.card.number) == "VISA":
        raise refused(at, "A Visa card of Apple Pay cannot be stored.")
    return order.card


def get_card_details(call: Call) -> Answer:
    """creditGetCardDetails: what is known about a card. The token stays unused."""
    common.check_options(call.body)
    source = call.body.inside("cardInformation")
    token, wish = source.child("tokenizedCard"), source.child("onfileCard")
    for given, apple in ((token, "APPLE_PAY_TOKEN"), (wish, "APPLE_PAY")):
        if given is not None and given.text("type") == apple:
            raise invalid(given.where("type"), "Not possible with Apple Pay.")
    if token is not None:
        card = credit.given_card(call, source)
    elif wish is not None:
        card = onfile.find_card(call.shop, wish).card
    else:
        raise missing(source.where("tokenizedCard"))
    details = answers.card_result(card)
    details["issuerLocation"] = "JP"
    return Answer(200, {"cardDetailResult": details})
