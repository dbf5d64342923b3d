"""Rules of card payments (クレカ払い): charge, on-file charge, verify card, store card, details."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kessai_gmo_api.models import (
    CardTokenType,
    CreditGetCardDetailsReferrerInformation,
    CreditGetCardDetailsTokenInformation,
    CreditPanInformation,
    CreditStoringTokenInformation,
    CreditTokenInformation,
    CreditVerificationPanInformation,
    CreditVerificationReferrerInformation,
    CreditVerificationTokenInformation,
    OnfileCardType,
    PaymentMethod,
)

from . import common, screening, tds2

if TYPE_CHECKING:
    from kessai_gmo_api.models import (
        CreditChargeOptions,
        CreditChargeRequest,
        CreditGetCardDetailsRequest,
        CreditOnfileChargeRequest,
        CreditStoreCardRequest,
        CreditVerifyCardRequest,
        OnfileCardOptions,
    )

    from .common import Rule
    from .scope import Scope


def charge(request: CreditChargeRequest, scope: Scope) -> None:
    """What a charge with a token or a card asks for."""
    info = request.credit_information
    if isinstance(info, CreditTokenInformation):
        apple = info.tokenized_card.type == CardTokenType.APPLE_PAY_TOKEN
    elif isinstance(info, CreditPanInformation):
        apple = False
        if info.credit_charge_options.use_tds2 is not False:
            tds2.cardholder(
                info.card.cardholder_name, "/creditInformation/card/cardholderName", scope
            )
    else:
        return  # a way to pay this version does not know
    _charge_options(
        request, info.credit_charge_options, "/creditInformation/creditChargeOptions", apple, scope
    )


def onfile_charge(request: CreditOnfileChargeRequest, scope: Scope) -> None:
    """What a charge of a stored card asks for. The stored card may know the cardholder."""
    info = request.credit_onfile_information
    _charge_options(
        request,
        info.credit_charge_options,
        "/creditOnfileInformation/creditChargeOptions",
        info.onfile_card.type == OnfileCardType.APPLE_PAY,
        scope,
    )


def _charge_options(
    request: CreditChargeRequest | CreditOnfileChargeRequest,
    options: CreditChargeOptions,
    pointer: str,
    apple: bool,
    scope: Scope,
) -> None:
    if apple:
        _apple_pay(options, pointer, scope)
    elif options.use_tds2 is not False:  # 3-D Secure is the gateway's default
        common.callback_url(request, scope)
        tds2.contact(request, scope)
    method = options.payment_method
    if options.installments and method != PaymentMethod.INSTALLMENT:
        scope.refuse(
            f"{pointer}/installments",
            "installments",
            "is only for paymentMethod INSTALLMENT",
            "creditChargeOptions.installments",
        )
    if method == PaymentMethod.INSTALLMENT and not options.installments:
        scope.refuse(
            f"{pointer}/installments",
            "required",
            "is required with paymentMethod INSTALLMENT",
            "creditChargeOptions.installments",
        )
    if options.use_fraud_detection is True and not apple:
        screening.red_shield_order(request, scope)


def _apple_pay(options: CreditChargeOptions, pointer: str, scope: Scope) -> None:
    if options.use_tds2 is True:
        scope.refuse(
            f"{pointer}/useTds2",
            "apple-pay",
            "must not be true: Apple Pay takes no 3-D Secure",
            "creditChargeOptions.useTds2",
        )
    if options.use_fraud_detection is True:
        scope.refuse(
            f"{pointer}/useFraudDetection",
            "apple-pay",
            "must not be true: Apple Pay takes no fraud detection",
            "creditChargeOptions.useFraudDetection",
        )
    if options.payment_method not in (None, PaymentMethod.ONE_TIME):
        scope.refuse(
            f"{pointer}/paymentMethod",
            "apple-pay",
            "must be ONE_TIME: Apple Pay is charged in one sum",
            "creditChargeOptions.paymentMethod",
        )


def verify_card(request: CreditVerifyCardRequest, scope: Scope) -> None:
    """What a card check asks for: a card, no Apple Pay, a way back from 3-D Secure."""
    info = request.credit_verification_information
    pointer = "/creditVerificationInformation"
    checkable = True
    if isinstance(info, CreditVerificationTokenInformation):
        if info.tokenized_card.type == CardTokenType.APPLE_PAY_TOKEN:
            _no_apple_pay(f"{pointer}/tokenizedCard/type", "/credit/verifyCard", scope)
        checkable = info.tokenized_card.type == CardTokenType.MP_TOKEN
    elif isinstance(info, CreditVerificationReferrerInformation):
        if info.onfile_card.type == OnfileCardType.APPLE_PAY:
            _no_apple_pay(f"{pointer}/onfileCard/type", "/credit/verifyCard", scope)
        checkable = False
    elif not isinstance(info, CreditVerificationPanInformation):
        return  # a way this version does not know
    options = info.credit_verification_options
    if options is None or options.use_tds2 is not False:
        common.callback_url(request, scope)
        tds2.contact(request, scope)
        if isinstance(info, CreditVerificationPanInformation):
            tds2.cardholder(info.card.cardholder_name, f"{pointer}/card/cardholderName", scope)
    if info.onfile_card_options is not None:
        _storing(info.onfile_card_options, f"{pointer}/onfileCardOptions", checkable, scope)


def store_card(request: CreditStoreCardRequest, scope: Scope) -> None:
    """What storing a card asks for: no Apple Pay token, duplicates only where they are checked."""
    info = request.credit_storing_information
    pointer = "/creditStoringInformation"
    checkable = True
    if isinstance(info, CreditStoringTokenInformation):
        checkable = info.tokenized_card.type == CardTokenType.MP_TOKEN
        if info.tokenized_card.type == CardTokenType.APPLE_PAY_TOKEN:
            _no_apple_pay(f"{pointer}/tokenizedCard/type", "/credit/storeCard", scope)
    options: OnfileCardOptions | None = getattr(info, "onfile_card_options", None)
    if options is not None:
        _storing(options, f"{pointer}/onfileCardOptions", checkable, scope)


def get_card_details(request: CreditGetCardDetailsRequest, scope: Scope) -> None:
    """What reading card details asks for: a token or a stored card, neither from Apple Pay."""
    info = request.card_information
    if isinstance(info, CreditGetCardDetailsTokenInformation):
        if info.tokenized_card.type == CardTokenType.APPLE_PAY_TOKEN:
            _no_apple_pay("/cardInformation/tokenizedCard/type", "/credit/getCardDetails", scope)
    elif (
        isinstance(info, CreditGetCardDetailsReferrerInformation)
        and info.onfile_card.type == OnfileCardType.APPLE_PAY
    ):
        _no_apple_pay("/cardInformation/onfileCard/type", "/credit/getCardDetails", scope)


def _no_apple_pay(pointer: str, path: str, scope: Scope) -> None:
    scope.refuse(pointer, "apple-pay", f"must not be Apple Pay: {path} does not take it", path)


def _storing(options: OnfileCardOptions, pointer: str, checkable: bool, scope: Scope) -> None:
    if options.duplication_check_options is not None and not checkable:
        scope.refuse(
            f"{pointer}/duplicationCheckOptions",
            "duplication-check",
            "is only for a referrer, a card or an MP_TOKEN",
            "onfileCardOptions.duplicationCheckOptions",
        )


_SHARED: tuple[Rule, ...] = (common.merchant, common.order, common.payer)

RULES: dict[str, tuple[Rule, ...]] = {
    "creditCharge": (*_SHARED, common.amounts, charge, tds2.data, screening.information),
    "creditOnfileCharge": (
        *_SHARED,
        common.amounts,
        onfile_charge,
        tds2.data,
        screening.information,
    ),
    "creditVerifyCard": (*_SHARED, verify_card, tds2.data),
    "creditStoreCard": (common.merchant, store_card),
    "creditGetCardDetails": (get_card_details,),
}
