"""Rules of fraud detection (不正検知, ReD Shield)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from kessai_gmo_api.models import ScreeningType

if TYPE_CHECKING:
    from kessai_gmo_api.models import FraudDetectionInformation

    from .common import HasOrder
    from .scope import Scope

PRICE_DIGITS = 12
PRODUCT_ID_LENGTH = 18
POST_CODE_LENGTH = 9
SHIPPING_AMOUNT_DIGITS = 12


class HasScreening(Protocol):
    @property
    def fraud_detection_information(self) -> FraudDetectionInformation | None: ...


def information(request: HasScreening, scope: Scope) -> None:
    """An identity document has its kind; a shipping fee fits into 12 digits for ReD Shield."""
    info = request.fraud_detection_information
    if info is None:
        return
    data, at = info.fraud_detection_data, "/fraudDetectionInformation/fraudDetectionData"
    if data.identity_doc_id and not data.identity_doc_type:
        scope.refuse(
            f"{at}/identityDocType",
            "required",
            "is required with identityDocId",
            "fraudDetectionData.identityDocType",
        )
    if (
        str(info.fraud_detection_options.screening_type) == ScreeningType.RED_SHIELD.value
        and data.shipping_amount is not None
        and len(str(data.shipping_amount)) > SHIPPING_AMOUNT_DIGITS
    ):
        scope.refuse(
            f"{at}/shippingAmount",
            "max-length",
            "must have at most 12 digits for ReD Shield",
            "fraudDetectionData.shippingAmount",
            limit=SHIPPING_AMOUNT_DIGITS,
        )


def red_shield_order(request: HasOrder, scope: Scope) -> None:
    """With fraud detection on, prices, product numbers and post codes are shorter."""
    for index, item in enumerate(request.order.items or ()):
        if len(str(item.price)) > PRICE_DIGITS:
            _short(f"/order/items/{index}/price", PRICE_DIGITS, "order.items.price", scope)
        if item.product_id and len(item.product_id) > PRODUCT_ID_LENGTH:
            _short(
                f"/order/items/{index}/productId",
                PRODUCT_ID_LENGTH,
                "order.items.productId",
                scope,
            )
    for member, address in (
        ("shippingAddress", request.order.shipping_address),
        ("billingAddress", request.order.billing_address),
    ):
        if address is not None and len(address.post_code) > POST_CODE_LENGTH:
            _short(f"/order/{member}/postCode", POST_CODE_LENGTH, f"order.{member}.postCode", scope)


def _short(pointer: str, limit: int, section: str, scope: Scope) -> None:
    message = f"must have at most {limit} characters with ReD Shield"
    scope.refuse(pointer, "max-length", message, section, limit=limit)
