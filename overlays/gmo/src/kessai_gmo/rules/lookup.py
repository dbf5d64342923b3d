"""Rules of orders, members and identity checks (取引管理, 会員管理, 本人確認)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kessai_gmo_api.models import MemberDeleteItemRequestWallet, OnfileWalletType, VerificationType

from . import common

if TYPE_CHECKING:
    from kessai_gmo_api.models import (
        MemberDeleteItemRequest,
        OrderInquiryRequest,
        VerificationInquiryRequest,
        VerificationStartRequest,
    )

    from .common import Rule
    from .scope import Scope


def order_inquiry(request: OrderInquiryRequest, scope: Scope) -> None:
    """An order is found by accessId or orderId; with both, the gateway wants one record."""
    if not request.access_id and not request.order_id:
        scope.refuse_neighbour(
            "/accessId", "required", "is required unless orderId is given", "/order/inquiry"
        )


def verification_inquiry(request: VerificationInquiryRequest, scope: Scope) -> None:
    """An identity check is found by accessId or verificationId."""
    if not request.access_id and not request.verification_id:
        scope.refuse_neighbour(
            "/accessId",
            "required",
            "is required unless verificationId is given",
            "/verification/inquiry",
        )


def delete_item(request: MemberDeleteItemRequest, scope: Scope) -> None:
    """A Rakuten Pay consent is not ended here."""
    if (
        isinstance(request, MemberDeleteItemRequestWallet)
        and request.onfile_wallet_type == OnfileWalletType.RAKUTEN
    ):
        scope.refuse_neighbour(
            "/onfileWalletType",
            "not-accepted",
            "must not be RAKUTEN: its consent is not deleted here",
            "/member/deleteItem",
        )


def verification_start(request: VerificationStartRequest, scope: Scope) -> None:
    """An identity check sends the customer away and texts a code to a Japanese mobile."""
    common.callback_url(request, scope)
    info = request.verification_information
    at = "/verificationInformation"
    if info.type == VerificationType.SMS_PIN:
        number = info.sms_pin_data.sms_phone_number if info.sms_pin_data is not None else None
        pointer = f"{at}/smsPinData/smsPhoneNumber"
        if not number:
            scope.refuse_neighbour(
                pointer, "required", "is required for sms-pin", "smsPinData.smsPhoneNumber"
            )


RULES: dict[str, tuple[Rule, ...]] = {
    "orderInquiry": (order_inquiry,),
    "memberDeleteItem": (delete_item,),
    "verificationStart": (common.merchant, verification_start),
    "verificationInquiry": (verification_inquiry,),
}
