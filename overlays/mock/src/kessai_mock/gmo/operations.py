"""The 25 operations: path, request model, handler, and whether a key is honoured.

Document: OpenAPI type 1.5.1; which operations declare Idempotency-Key in facts 1.
"""

from __future__ import annotations

from . import cash, credit, frontend, member, order, tds, verification, verify, wallet
from .call import Answer, Call, Operation


def token(call: Call) -> Answer:
    """token: an access token for an hour, answered with 201 and a string of seconds."""
    gateway = call.gateway
    return Answer(
        201,
        {
            "access_token": gateway.auth.issue(call.shop.shop_id),
            "expires_in": str(gateway.settings.token_seconds),
            "scope": "openapi",
            "token_type": "bearer",
        },
    )


_JSON = (
    Operation("creditCharge", "/credit/charge", "CreditChargeRequest", credit.charge),
    Operation(
        "creditOnfileCharge", "/credit/on-file/charge", "CreditOnfileChargeRequest",
        credit.onfile_charge,
    ),
    Operation(
        "tds2FinalizeCharge", "/tds2/finalizeCharge", "Tds2FinalizeChargeRequest",
        tds.finalize_charge,
    ),
    Operation(
        "creditVerifyCard", "/credit/verifyCard", "CreditVerifyCardRequest", verify.verify_card
    ),
    Operation(
        "tds2FinalizeVerification", "/tds2/finalizeVerification",
        "Tds2FinalizeVerificationRequest", tds.finalize_verification,
    ),
    Operation("creditStoreCard", "/credit/storeCard", "CreditStoreCardRequest", verify.store_card),
    Operation(
        "creditGetCardDetails", "/credit/getCardDetails", "CreditGetCardDetailsRequest",
        verify.get_card_details, idempotent=False,
    ),
    Operation("walletCharge", "/wallet/charge", "WalletChargeRequest", wallet.charge),
    Operation(
        "walletFrontendCharge", "/wallet/front-end/charge", "WalletFrontendChargeRequest",
        frontend.charge,
    ),
    Operation(
        "walletFrontendVerifyCharge", "/wallet/front-end/verifyCharge",
        "WalletFrontendVerifyChargeRequest", frontend.verify_charge,
    ),
    Operation(
        "walletOnfileCharge", "/wallet/on-file/charge", "WalletOnfileChargeRequest",
        wallet.onfile_charge,
    ),
    Operation(
        "walletAuthorizeAccount", "/wallet/authorizeAccount", "WalletAuthorizationRequest",
        wallet.authorize_account,
    ),
    Operation(
        "walletGetCustomerData", "/wallet/getCustomerData", "WalletGetCustomerDataRequest",
        wallet.get_customer_data, idempotent=False,
    ),
    Operation("cashCharge", "/cash/charge", "CashChargeRequest", cash.charge),
    Operation("orderCapture", "/order/capture", "OrderCaptureRequest", order.capture),
    Operation("orderUpdate", "/order/update", "OrderUpdateRequest", order.update),
    Operation("orderCancel", "/order/cancel", "OrderCancelRequest", order.cancel),
    Operation(
        "orderInquiry", "/order/inquiry", "OrderInquiryRequest", order.inquiry, idempotent=False
    ),
    Operation("memberCreate", "/member/create", "MemberCreateRequest", member.create),
    Operation(
        "memberInquiry", "/member/inquiry", "MemberInquiryRequest", member.inquiry,
        idempotent=False,
    ),
    Operation("memberDelete", "/member/delete", "MemberDeleteRequest", member.delete),
    Operation(
        "memberDeleteItem", "/member/deleteItem", "MemberDeleteItemRequest", member.delete_item
    ),
    Operation(
        "verificationStart", "/verification/start", "VerificationStartRequest", verification.start
    ),
    Operation(
        "verificationInquiry", "/verification/inquiry", "VerificationInquiryRequest",
        verification.inquiry, idempotent=False,
    ),
)  # fmt: skip
OPERATIONS: tuple[Operation, ...] = (
    Operation("token", "/token", "TokenRequest", token, idempotent=False, form=True),
    *_JSON,
)
