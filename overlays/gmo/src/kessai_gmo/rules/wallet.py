"""Rules of wallets (Pay払い): PayPay, d払い, 楽天ペイ, au PAY, メルペイ, Amazon Pay."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kessai_gmo_api.models import ApbType, OnfileWalletType, WalletType

from . import common

if TYPE_CHECKING:
    from kessai_gmo_api.models import (
        AmazonPay,
        Merchant,
        Order,
        OrderWithoutAmount,
        WalletAuthorizationRequest,
        WalletChargeRequest,
        WalletGetCustomerDataRequest,
        WalletOnfileChargeRequest,
    )

    from .common import HasOrder, HasPayer, Rule
    from .scope import Scope

DOCOMO_CONTACT_BYTES = 96
MERPAY_PRICE_DIGITS = 7


def charge(request: WalletChargeRequest, scope: Scope) -> None:
    """What each wallet asks of a one-off charge, which always sends the customer away."""
    common.callback_url(request, scope)
    info = request.wallet_information
    kind = info.wallet_type
    if kind == WalletType.DOCOMO:
        _docomo(request.merchant, scope)
    elif kind == WalletType.MERPAY:
        _merpay_charge(request, scope)
    elif kind == WalletType.AMAZON:
        _amazon(info.amazon_pay, "/walletInformation/amazonPay", scope)
        if info.amazon_pay is not None and info.amazon_pay.apb_type == ApbType.PAY_AND_SHIP:
            _pay_and_ship(request.order, request, scope)


def onfile_charge(request: WalletOnfileChargeRequest, scope: Scope) -> None:
    """What each wallet asks of a charge on file. No redirect."""
    kind = request.wallet_onfile_information.onfile_wallet.type
    if kind == OnfileWalletType.DOCOMO:
        _docomo(request.merchant, scope)
    elif kind == OnfileWalletType.MERPAY:
        _merpay_charge(request, scope)


def authorize_account(request: WalletAuthorizationRequest, scope: Scope) -> None:
    """What each wallet asks of a consent (利用承諾), which always sends the customer away."""
    common.callback_url(request, scope)
    info = request.wallet_authorization_information
    kind = info.wallet_type
    if kind == OnfileWalletType.DOCOMO:
        _docomo(request.merchant, scope)
    elif kind == OnfileWalletType.MERPAY:
        _merpay_items(request.order, scope)
    elif kind == OnfileWalletType.RAKUTEN:
        if not request.order.items:
            scope.refuse_neighbour(
                "/order/items",
                "required",
                "is required for a Rakuten Pay consent",
                "/wallet/authorizeAccount, order.items",
            )
    elif kind == OnfileWalletType.AMAZON:
        at = "/walletAuthorizationInformation/amazonPay"
        _amazon(info.amazon_pay, at, scope)
        if info.amazon_pay is not None and info.amazon_pay.apb_type == ApbType.PAY_AND_SHIP:
            _pay_and_ship(request.order, request, scope)


def get_customer_data(request: WalletGetCustomerDataRequest, scope: Scope) -> None:
    """Customer data are found by access id or by checkout session."""
    amazon = request.amazon_pay
    if not request.access_id and (amazon is None or not amazon.checkout_session_id):
        scope.refuse_neighbour(
            "/accessId",
            "required",
            "is required unless amazonPay.checkoutSessionId is given",
            "/wallet/getCustomerData",
        )


def _docomo(merchant: Merchant, scope: Scope) -> None:
    """d払い prints the contact; the three together hold 96 bytes, and a slash counts four."""
    text = f"{merchant.contact_email}{merchant.contact_url or ''}{merchant.contact_phone}"
    if len(text.encode()) + 3 * text.count("/") > DOCOMO_CONTACT_BYTES:
        member = "contactUrl" if merchant.contact_url else "contactEmail"
        scope.refuse(
            f"/merchant/{member}",
            "docomo-contact-bytes",
            "together, contactEmail, contactUrl and contactPhone must be at most 96 bytes for "
            "d払い (a slash counts 4)",
            "merchant.contactEmail",
            limit=DOCOMO_CONTACT_BYTES,
        )


def _merpay_charge(request: HasOrder, scope: Scope) -> None:
    if not request.order.items:
        scope.refuse_neighbour(
            "/order/items", "required", "is required for Merpay", "common parameters, Merpay"
        )
    _merpay_items(request.order, scope)


def _merpay_items(order: Order | OrderWithoutAmount, scope: Scope) -> None:
    for index, item in enumerate(order.items or ()):
        if not item.category:
            scope.refuse(
                f"/order/items/{index}/category",
                "required",
                "is required for Merpay",
                "order.items.category",
            )
        if len(str(item.price)) > MERPAY_PRICE_DIGITS:
            scope.refuse(
                f"/order/items/{index}/price",
                "max-length",
                "must have at most 7 digits for Merpay",
                "order.items.price",
                limit=MERPAY_PRICE_DIGITS,
            )


def _amazon(amazon: AmazonPay | None, pointer: str, scope: Scope) -> None:
    """Amazon Pay V2 knows the purchase by its checkout session, or opens one by apbType."""
    if amazon is None or not (amazon.checkout_session_id or amazon.apb_type):
        scope.refuse_neighbour(
            f"{pointer}/checkoutSessionId",
            "required",
            "is required for Amazon Pay unless apbType is given",
            "amazonPay.checkoutSessionId",
        )


def _pay_and_ship(order: Order | OrderWithoutAmount, request: HasPayer, scope: Scope) -> None:
    address = order.shipping_address
    if address is None or not address.country:
        member = "" if address is None else "/country"
        scope.refuse_neighbour(
            f"/order/shippingAddress{member}",
            "required",
            "is required with apbType PayAndShip",
            "amazonPay.apbType",
        )
    phones = request.payer.phones
    if not phones or not phones[0].number:
        scope.refuse_neighbour(
            "/payer/phones/0/number",
            "required",
            "is required with apbType PayAndShip",
            "amazonPay.apbType",
        )


RULES: dict[str, tuple[Rule, ...]] = {
    "walletCharge": (common.merchant, common.order, common.payer, common.amounts, charge),
    "walletFrontendCharge": (common.merchant, common.order, common.payer, common.amounts),
    "walletOnfileCharge": (
        common.merchant,
        common.order,
        common.payer,
        common.amounts,
        onfile_charge,
    ),
    "walletAuthorizeAccount": (common.merchant, common.order, common.payer, authorize_account),
    "walletGetCustomerData": (get_customer_data,),
}
