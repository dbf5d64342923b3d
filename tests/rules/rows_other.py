"""Orders, members, identity checks, and the webhook address."""

from __future__ import annotations

from tests.rules import bodies as b
from tests.rules.rows import Member, P, Row, S

# A table: several values on a line.
# fmt: off
_V = "/verificationInformation"
_VI = Member("verificationStart", b.verification_start, _V)
_VO = Member("verificationStart", b.verification_start, f"{_V}/verificationOptions")
_VS = Member("verificationStart", b.verification_start, f"{_V}/smsPinData")
_ID = ("a" * 32, "a" * 31, "a" * 33, "a" * 31 + "_", "ａ" * 32)

_PAYING = ("merchant", "order", "payer")
_PARTS = (
    ("creditCharge", b.credit_charge, (*_PAYING, "creditInformation")),
    ("creditOnfileCharge", b.credit_onfile_charge, (*_PAYING, "creditOnfileInformation")),
    ("creditVerifyCard", b.credit_verify_card, (*_PAYING, "creditVerificationInformation")),
    ("creditStoreCard", b.credit_store_card, ("merchant", "creditStoringInformation")),
    ("creditGetCardDetails", b.credit_get_card_details, ("cardInformation",)),
    ("walletCharge", b.wallet_charge, (*_PAYING, "walletInformation")),
    ("walletFrontendCharge", b.wallet_frontend_charge, (*_PAYING, "walletFrontendInformation")),
    ("walletOnfileCharge", b.wallet_onfile_charge, (*_PAYING, "walletOnfileInformation")),
    ("walletAuthorizeAccount", b.wallet_authorize_account,
     (*_PAYING, "walletAuthorizationInformation")),
    ("cashCharge", b.cash_charge, (*_PAYING, "cashInformation")),
    ("verificationStart", b.verification_start, ("merchant", "verificationInformation")),
)

ROWS: list[Row] = [
    # The parts of a request
    *(row for operation, body, names in _PARTS
      for row in Member(operation, body, "").required(f"{P} {operation}", *names)),
    *Member("creditCharge", b.credit_charge, "/creditInformation").required(
        f"{S} creditInformation", "creditChargeOptions"),
    *Member("creditOnfileCharge", b.credit_onfile_charge, "/creditOnfileInformation").required(
        f"{S} creditOnfileInformation", "onfileCard", "creditChargeOptions"),
    *Member("creditStoreCard", b.credit_store_card, "/creditStoringInformation").required(
        f"{P} creditStoringInformation", "onfileCardOptions"),
    *Member("walletAuthorizeAccount", b.wallet_authorize_account,
            "/walletAuthorizationInformation").required(
        f"{P} walletAuthorizationInformation", "walletType", "walletAuthorizationOptions"),
    # Orders
    *(row for operation, body in (("orderCapture", b.access), ("orderCancel", b.access),
                                  ("orderUpdate", b.order_update))
      for row in (
          *Member(operation, body, "").required(f"{P} {operation}", "accessId"),
          *Member(operation, body, "").patterns(f"{P} {operation}", accessId=_ID),
      )),
    *Member("orderUpdate", b.order_update, "").required(f"{P} orderUpdate", "amount"),
    Row("inquiry-known-by", "orderInquiry", b.access, "/accessId", "required", None,
        {"/accessId": b.ABSENT, "/orderId": "A-1"}, {"/accessId": b.ABSENT}, f"{P} /order/inquiry"),
    *Member("orderInquiry", b.access, "").patterns(
        f"{P} /order/inquiry", accessId=_ID, orderId=("A-1", "A_1", "注文")),
    # Members
    *Member("memberCreate", b.member_create, "").required(f"{P} /member/create", "memberId"),
    *Member("memberCreate", b.member_create, "").lengths(f"{P} /member/create", memberName=255),
    *(row for operation in ("memberCreate", "memberInquiry", "memberDelete")
      for row in Member(operation, b.member, "").patterns(
          f"{P} {operation}", memberId=("a@1_.-", "a 1", "a" * 61, "会員", "a/b"))),
    *Member("memberDeleteItem", b.member_delete_item, "").required(
        f"{P} /member/deleteItem", "memberId", "onfileCardType", "cardId"),
    *Member("memberDeleteItem", b.member_delete_item, "").patterns(
        f"{P} /member/deleteItem", cardId=("0001", "00001", "a")),
    *Member("memberDeleteItem", b.member_delete_item_wallet, "").required(
        f"{P} /member/deleteItem", "onfileWalletType"),
    # Identity checks
    *_VI.required(f"{P} verificationInformation", "type", "verificationId"),
    *_VI.lengths(f"{P} verificationInformation", verificationId=27),
    *_VI.patterns(f"{P} verificationInformation", verificationId=("v-1", "v_1", "本人")),
    *_VS.required(f"{P} smsPinData", "smsPhoneNumber"),
    *_VS.patterns(
        f"{P} smsPinData",
        smsPhoneNumber=("090-0000-0000", "0300000000", "+819000000", "０９０", "090000a0000"),
    ),
    _VS.row("smsPhoneNumber", "max-length", 13, "090-0000-0000", "090-00000-0000",
            f"{P} smsPinData"),
    *_VO.patterns(
        f"{P} verificationOptions",
        sessionDurationSeconds=("60", "59", "1801", "60s", "６０"),
        userMaxRetry=("5", "6", "-1", "５"),
    ),
    _VO.row("sessionDurationSeconds", "max-length", 4, "1800", "18000",
            f"{P} verificationOptions"),
    _VO.row("userMaxRetry", "max-length", 1, "3", "03", f"{P} verificationOptions"),
    _VO.row("sessionDurationSeconds", "pattern", None, "1800", "1810",
            f"{P} verificationOptions", tag="upper"),
    Row("callback-for-verificationStart", "verificationStart", b.verification_start,
        "/merchant/callbackUrl", "required", None, {}, {"/merchant/callbackUrl": b.ABSENT},
        f"{S} merchant.callbackUrl"),
    Row("verification-known-by", "verificationInquiry", b.access, "/accessId", "required", None,
        {"/accessId": b.ABSENT, "/verificationId": "v-1"}, {"/accessId": b.ABSENT},
        f"{P} /verification/inquiry"),
    # Webhooks go to https; the sandbox takes http too (tests of live have a row of their own)
    Row("webhook-scheme", "cashCharge", b.cash_charge, "/merchant/webhookUrl", "format", "uri",
        {"/merchant/webhookUrl": "http://books.example.com/webhook"},
        {"/merchant/webhookUrl": "ftp://books.example.com/webhook"}, f"{S} merchant.webhookUrl"),
]

LIVE: list[Row] = [
    Row("webhook-https", "cashCharge", b.cash_charge, "/merchant/webhookUrl", "https", None,
        {"/merchant/webhookUrl": "https://books.example.com/webhook"},
        {"/merchant/webhookUrl": "http://books.example.com/webhook"}, f"{S} merchant.webhookUrl"),
]
"""Rules that hold only where money is real."""
