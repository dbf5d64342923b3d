"""Rules for card requests: options, 3-D Secure data, fraud screening, storing.

Document: OpenAPI type 1.5.1, /credit/charge, /credit/on-file/charge, /credit/verifyCard.
"""

from __future__ import annotations

from ..body import Body
from ..problem import invalid, missing
from . import common, text

# Not currencies one can pay with: gold, the SDR, test codes and the like.
_NO_CURRENCY = frozenset({*(str(code) for code in range(955, 965)), "999"})
_DATES = (
    "chAccChange", "chAccDate", "chAccPwChange", "paymentAccAge", "shipAddressUsage",
    "preOrderDate",
)  # fmt: skip


def check_charge(body: Body, member: str) -> None:
    """A card charge; `member` is creditInformation or creditOnfileInformation."""
    options = body.inside(member, "creditChargeOptions")
    apple = (
        body.text(member, "tokenizedCard", "type") == "APPLE_PAY_TOKEN"
        or body.text(member, "onfileCard", "type") == "APPLE_PAY"
    )
    method = options.text("paymentMethod") or "ONE_TIME"
    if apple and method != "ONE_TIME":
        raise invalid(options.where("paymentMethod"), "Apple Pay pays at one time.")
    if method == "INSTALLMENT":
        options.need("installments")
    elif options.has("installments"):
        raise invalid(options.where("installments"), "Only with INSTALLMENT.")
    if options.flag("useFraudDetection", default=False):
        if apple:
            raise invalid(options.where("useFraudDetection"), "Not with Apple Pay.")
        body.inside("fraudDetectionInformation")
        _check_red_shield(body)
    if apple and body.has(member, "creditChargeOptions", "useTds2"):
        # Left out it means true, which Apple Pay then does not do; asked for, it cannot be.
        if options.flag("useTds2", default=False):
            raise invalid(options.where("useTds2"), "Not with Apple Pay.")
    elif not apple:
        _check_way(body, wanted=options.flag("useTds2", default=True))
    check_tds2(body)
    information = body.child("fraudDetectionInformation")
    if information is not None:
        _check_fraud(information)


def check_verification(body: Body) -> None:
    """verifyCard."""
    source = body.inside("creditVerificationInformation")
    if source.text("tokenizedCard", "type") == "APPLE_PAY_TOKEN":
        raise invalid(source.where("tokenizedCard", "type"), "Not possible with Apple Pay.")
    if source.text("onfileCard", "type") == "APPLE_PAY":
        raise invalid(source.where("onfileCard", "type"), "Not possible with Apple Pay.")
    _check_way(body, wanted=source.flag("creditVerificationOptions", "useTds2", default=True))
    check_tds2(body)
    options = source.child("onfileCardOptions")
    if options is not None:
        _check_onfile_options(options, source)


def _check_way(body: Body, *, wanted: bool) -> None:
    """What 3-D Secure enforces: a way back, and telephone numbers that are whole if given."""
    if not wanted:
        return
    body.inside("merchant").need("callbackUrl")
    for phone in body.children("payer", "phones"):
        if phone.need("type") == "OTHER":
            raise invalid(phone.where("type"), "Not OTHER with 3-D Secure.")
        phone.need("countryCode")
        phone.need("number")


def check_storing(body: Body) -> None:
    """storeCard."""
    source = body.inside("creditStoringInformation")
    if source.text("tokenizedCard", "type") == "APPLE_PAY_TOKEN":
        raise invalid(source.where("tokenizedCard", "type"), "Not possible with Apple Pay.")
    _check_onfile_options(source.inside("onfileCardOptions"), source)


def _check_onfile_options(options: Body, source: Body) -> None:
    common.check_member_name(options)
    checks = options.child("duplicationCheckOptions")
    if checks is None:
        return
    if len(checks.texts("excludedMemberIds")) > 20:
        raise invalid(checks.where("excludedMemberIds"), "At most 20 members.")
    token = source.text("tokenizedCard", "type")
    if token not in (None, "MP_TOKEN") or source.has("onfileCard"):
        raise invalid(checks.at, "Only for an earlier order, a card or an MP token.")


def check_tds2(body: Body) -> None:
    """tds2Information.tds2Data."""
    data = body.child("tds2Information", "tds2Data")
    if data is None:
        return
    for name in _DATES:
        text.date(data, name)
    text.date(data, "threeDSReqAuthTimestamp", form="%Y%m%d%H%M", digits=12)
    text.size(data, 2048, "threeDSReqAuthData")
    if data.text("giftCardCurr") in _NO_CURRENCY:
        raise invalid(data.where("giftCardCurr"), "Not a currency of a gift card.")


def _check_fraud(information: Body) -> None:
    data = information.child("fraudDetectionData")
    if data is not None:
        text.email(data, "shippingEmail")
        text.digits_at_most(data, 12, "shippingAmount")
        if data.has("identityDocId") and not data.has("identityDocType"):
            raise missing(data.where("identityDocType"))
    custom = information.child("fraudDetectionCustomData")
    if custom is not None:
        for number in (8, 9):
            text.size(custom, 256, f"customData{number}")
        for number in (16, 19, *range(21, 26)):
            text.size(custom, 30, f"customData{number}")
        for number in range(26, 51):
            text.size(custom, 255, f"customData{number}")


def _check_red_shield(body: Body) -> None:
    """The shorter limits that hold when ReD Shield screens the order."""
    order = body.inside("order")
    for item in order.children("items"):
        text.digits_at_most(item, 12, "price")
        text.length(item, 18, "productId")
    for address in ("shippingAddress", "billingAddress"):
        text.length(order, 9, address, "postCode")
