"""/credit/charge and /credit/on-file/charge, and what they share with card verification."""

from __future__ import annotations

from datetime import timedelta

from ..clock import JST
from . import answers, books, cards, intake, onfile
from .body import Body
from .call import Answer, Call
from .gateway import Gateway
from .problem import ProblemError, invalid, missing, refused
from .rules import common
from .rules import credit as rules
from .state import Card, ChargeType, Order, Purpose, Screening, StoredCard, Tds


def charge(call: Call) -> Answer:
    """creditCharge: a card given as token or as number."""
    common.check(call)
    rules.check_charge(call.body, "creditInformation")
    card = given_card(call, call.body.inside("creditInformation"))
    return _charge(call, card, "creditInformation")


def onfile_charge(call: Call) -> Answer:
    """creditOnfileCharge: a card stored for a member."""
    common.check(call)
    rules.check_charge(call.body, "creditOnfileInformation")
    wish = call.body.inside("creditOnfileInformation", "onfileCard")
    stored = onfile.find_card(call.shop, wish)
    if stored.card.kind == "APPLE_PAY" and cards.brand(stored.card.number) == "VISA":
        raise refused(wish.where("type"), "Apple Pay with a Visa card cannot be used on file.")
    card = onfile.presented(stored, wish)
    return _charge(call, card, "creditOnfileInformation", stored)


def _charge(call: Call, card: Card, member: str, stored: StoredCard | None = None) -> Answer:
    gateway, body = call.gateway, call.body
    order = intake.take(call, ChargeType.CREDIT, card.kind, Purpose.CHARGE)
    order.card = card
    order.onfile = stored
    order.mode = body.need(member, "creditChargeOptions", "authorizationMode")
    wanted = body.flag(member, "creditChargeOptions", "useTds2", default=True)
    url = start_tds(call, order, wanted=wanted)
    if body.flag(member, "creditChargeOptions", "useFraudDetection", default=False):
        order.screening = _screen(call)
    if url is not None:
        consume_token(call, member)
        return Answer(
            202,
            {
                "nextAction": "REDIRECT",
                "orderReference": answers.order_reference(order),
                "redirectInformation": answers.redirect_information("TDS2", url),
            },
        )
    intake.keep(gateway, order)
    authorize(gateway, order)
    consume_token(call, member)
    return Answer(
        201,
        {
            "nextAction": answers.next_action(order),
            "orderReference": answers.order_reference(order),
            "creditResult": answers.credit_result(order, tds2=False),
            "fraudDetectionResult": answers.screening_result(gateway, order, inquiry=False),
        },
    )


def start_tds(call: Call, order: Order, *, wanted: bool) -> str | None:
    """Send the customer through 3-D Secure: the page's address, or None without it.

    Apple Pay never has 3-D Secure. A card that is not enrolled is an error unless
    skipNotEnrolledCard; the error's title is assumed.
    """
    gateway, body = call.gateway, call.body
    if not wanted or order.card is None or order.card.kind == "APPLE_PAY":
        return None
    options = ("tds2Information", "tds2Options")
    if order.card.number.endswith(cards.NOT_ENROLLED):
        if body.flag(*options, "skipNotEnrolledCard", default=False):
            return None
        intake.keep(gateway, order)
        problem = ProblemError("card_declined", "The card does not take part in 3-D Secure.")
        raise intake.refuse(gateway, order, problem)
    order.tds = Tds(
        automatic=body.flag(*options, "autoAuthorization", default=True),
        allow_attempt=body.text(*options, "allowAttempt") or "FOLLOW",
        wants_challenge=body.flag(*options, "requiresChallenge", default=False),
    )
    intake.keep(gateway, order)
    gateway.step(order, "AUTHENTICATED")
    return gateway.redirect("tds2", order, call.base)


def authorize(gateway: Gateway, order: Order) -> None:
    """Ask the card company: AUTH, CAPTURE or, for a check, CHECK.

    Raises ProblemError when it declines or the screening stops the charge; the order is
    UNPROCESSED then and says why (assumed: the document shows no such inquiry).
    """
    if order.screening is not None and order.screening.stops:
        problem = ProblemError("card_declined", "Stopped by fraud screening.")
        raise intake.refuse(gateway, order, problem)
    if order.card is not None and _expired(gateway, order.card):
        raise intake.refuse(gateway, order, ProblemError("card_declined", "The card has expired."))
    intake.judge(gateway, order)
    order.approval_code = gateway.ids.digits("approval", 6)
    order.network_id = gateway.ids.digits("network", 15)
    if order.purpose is Purpose.CHECK:
        order.acted = gateway.clock.now
        order.failure = None
        gateway.step(order, "CHECK")
    else:
        books.authorize(gateway, order, order.mode or "AUTH")
    onfile.remember_holder(order)


def _expired(gateway: Gateway, card: Card) -> bool:
    now = gateway.clock.now.astimezone(JST)
    return (int(card.year), int(card.month)) < (now.year, now.month)


def _screen(call: Call) -> Screening:
    """Screen the order. userId "challenge" and "deny" give those results (assumed)."""
    gateway = call.gateway
    information = call.body.inside("fraudDetectionInformation")
    user = information.text("fraudDetectionData", "userId")
    code = {"challenge": "CHALLENGE", "deny": "DENY"}.get(user or "", "ACCEPT")
    threshold = information.text("fraudDetectionOptions", "stopAuthorizationThreshold")
    stopping = {"CHALLENGE": {"CHALLENGE", "DENY"}, "DENY": {"DENY"}}.get(threshold or "", set())
    return Screening(
        code=code,
        transaction_id=gateway.ids.digits("screening", 12),
        asynchronous=information.flag("fraudDetectionOptions", "asyncMode", default=False),
        stops=code in stopping,
        ready=gateway.clock.now + timedelta(seconds=gateway.settings.screening_seconds),
    )


def given_card(call: Call, source: Body) -> Card:
    """The card of a tokenizedCard or card member. A token wins over a card.

    Raises ProblemError: invalid_contract for card numbers without PCI DSS,
    invalid_request for a used token (assumed title), missing_parameter for neither.
    """
    token = source.child("tokenizedCard")
    card = source.child("card")
    if card is not None and not call.gateway.settings.pci_dss:
        raise ProblemError("invalid_contract", f"Not a PCI DSS shop.({card.at})")
    if token is not None:
        return _of_token(call, token)
    if card is None:
        raise missing(source.where("tokenizedCard"))
    if not "01" <= card.need("expiryMonth") <= "12":
        raise invalid(card.where("expiryMonth"))
    return Card(
        number=card.need("cardNumber"),
        holder=card.text("cardholderName"),
        month=card.need("expiryMonth"),
        year=card.need("expiryYear"),
    )


def _of_token(call: Call, token: Body) -> Card:
    text = token.need("token")
    if text in call.shop.used_tokens:
        raise refused(token.where("token"), "The token has been used.")
    kind = {"APPLE_PAY_TOKEN": "APPLE_PAY", "GOOGLE_PAY_TOKEN": "GOOGLE_PAY"}
    return cards.of_token(text, kind.get(token.need("type"), "CREDIT_CARD"))


def consume_token(call: Call, member: str) -> None:
    """Use the request's MP token up. Only an accepted request does (assumed)."""
    token = call.body.child(member, "tokenizedCard")
    if token is not None and token.text("type") == "MP_TOKEN":
        call.shop.used_tokens.add(token.need("token"))
