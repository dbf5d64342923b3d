"""Cards: where the card comes from, Apple Pay, instalments, 3-D Secure, storing, details."""

from __future__ import annotations

from tests.rules import bodies as b
from tests.rules.rows import Member, P, Row, S

# A table: several values on a line.
# fmt: off
_INFO = "/creditInformation"
_OPTIONS = f"{_INFO}/creditChargeOptions"
_VERIFY = "/creditVerificationInformation"
_STORE = "/creditStoringInformation"
_ONFILE = "/creditOnfileInformation"

_C = Member("creditCharge", b.credit_charge_card, f"{_INFO}/card")
_K = Member("creditCharge", b.credit_charge, f"{_INFO}/tokenizedCard")
_X = Member("creditCharge", b.credit_charge, _OPTIONS)
_F = Member("creditOnfileCharge", b.credit_onfile_charge, f"{_ONFILE}/onfileCard")
_D = Member("creditCharge", b.credit_charge, "/tds2Information/tds2Data")
_V = Member("creditVerifyCard", b.credit_verify_card, f"{_VERIFY}/onfileCardOptions")

_APPLE = {f"{_INFO}/tokenizedCard/type": "APPLE_PAY_TOKEN"}
_APPLE_ONFILE = {f"{_ONFILE}/onfileCard/type": "APPLE_PAY"}
_CHECK = {"enableDuplicationCheck": True}


def _apple(member: Member) -> list[Row]:
    return [
        member.row("useTds2", "apple-pay", None, False, True, f"{S} useTds2"),
        member.row("useFraudDetection", "apple-pay", None, False, True, f"{S} useFraudDetection"),
        member.row("paymentMethod", "apple-pay", None, "ONE_TIME", "REVOLVING",
                   f"{S} paymentMethod"),
    ]


def _dates() -> list[Row]:
    rows: list[Row] = []
    for name in ("chAccChange", "chAccDate", "chAccPwChange", "paymentAccAge",
                 "shipAddressUsage", "preOrderDate"):
        rows.append(_D.row(name, "date", None, "20240229", "20230229", f"{S} tds2Data.{name}"))
        rows += _D.patterns(f"{S} tds2Data", **{name: ("20240229", "2024-02-29", "240229")})
    return rows


ROWS: list[Row] = [
    # Where the card comes from
    *_C.required(f"{S} card", "cardNumber", "expiryMonth", "expiryYear"),
    *_C.patterns(
        f"{S} card",
        cardNumber=("4100000000000100", "41000000000", "41000000000001000", "4100-0000-0000-0100",
                    "４100000000000100"),
        cardholderName=("HANAKO-YAMADA 2", "山田花子", "HANAKO.Y", "A" * 51),
        expiryMonth=("01", "1", "001", "０１"),
        expiryYear=("2031", "31", "20311"),
        securityCode=("1234", "12", "12345", "１２３"),
    ),
    *_K.required(f"{S} tokenizedCard", "type", "token"),
    *_F.required(f"{S} onfileCard", "memberId", "type"),
    *_F.patterns(
        f"{S} onfileCard",
        memberId=("member@1_.-", "member 1", "m" * 61, "会員"),
        cardId=("0123", "12345", "a", "１"),
        index=("4", "5", "00", "-1"),
        cardholderName=("HANAKO-YAMADA 2", "山田花子", "HANAKO.Y"),
    ),
    # Options
    *_X.required(f"{S} creditChargeOptions", "authorizationMode"),
    *_X.patterns(
        f"{S} creditChargeOptions",
        itemCode=("0000123", "0001123", "000012", "００００123"),
    ),
    *Member("creditCharge", b.credit_charge, _OPTIONS,
            {f"{_OPTIONS}/paymentMethod": "INSTALLMENT"}).patterns(
        f"{S} creditChargeOptions", installments=("12", "123", "1a", "３")),
    Row("installments-only", "creditCharge", b.credit_charge, f"{_OPTIONS}/installments",
        "installments", None, {f"{_OPTIONS}/paymentMethod": "INSTALLMENT"},
        {f"{_OPTIONS}/paymentMethod": "REVOLVING"}, f"{S} installments",
        {f"{_OPTIONS}/installments": "3"}),
    Row("installments-needed", "creditCharge", b.credit_charge, f"{_OPTIONS}/installments",
        "required", None, {f"{_OPTIONS}/installments": "3"}, {}, f"{S} installments",
        {f"{_OPTIONS}/paymentMethod": "INSTALLMENT"}),
    *_apple(Member("creditCharge", b.credit_charge, _OPTIONS, _APPLE)),
    *_apple(Member("creditOnfileCharge", b.credit_onfile_charge,
                   f"{_ONFILE}/creditChargeOptions", _APPLE_ONFILE)),
    # A way back from 3-D Secure, which is on unless it is switched off
    Row("callback-for-charge", "creditCharge", b.credit_charge, "/merchant/callbackUrl",
        "required", None, {f"{_OPTIONS}/useTds2": False}, {}, f"{S} merchant.callbackUrl",
        {"/merchant/callbackUrl": b.ABSENT}),
    Row("callback-for-charge-on-file", "creditOnfileCharge", b.credit_onfile_charge,
        "/merchant/callbackUrl", "required", None,
        {f"{_ONFILE}/creditChargeOptions/useTds2": False},
        {f"{_ONFILE}/creditChargeOptions/useTds2": True}, f"{S} merchant.callbackUrl",
        {"/merchant/callbackUrl": b.ABSENT}),
    Row("callback-for-verification", "creditVerifyCard", b.credit_verify_card,
        "/merchant/callbackUrl", "required", None,
        {f"{_VERIFY}/creditVerificationOptions/useTds2": False}, {}, f"{S} merchant.callbackUrl",
        {"/merchant/callbackUrl": b.ABSENT}),
    # Telephone numbers for 3-D Secure
    Row("tds2-phone-type", "creditCharge", b.credit_charge, "/payer/phones/0/type", "tds2-phone",
        None, {"/payer/phones/0/type": "HOME"}, {"/payer/phones/0/type": "OTHER"},
        f"{S} payer.phones.type"),
    *Member("creditCharge", b.credit_charge, "/payer/phones/0").required(
        f"{S} payer.phones", "type", "countryCode", "number"),
    *Member("creditOnfileCharge", b.credit_onfile_charge, "/payer/phones/0").required(
        f"{S} payer.phones", "type", "countryCode", "number"),
    *Member("creditVerifyCard", b.credit_verify_card, "/payer/phones/0").required(
        f"{S} payer.phones", "type", "countryCode", "number"),
    # What 3-D Secure wants and does not enforce
    Row("tds2-cardholder", "creditCharge", b.credit_charge_card, f"{_INFO}/card/cardholderName",
        "tds2-cardholder", None, {}, {f"{_INFO}/card/cardholderName": b.ABSENT},
        f"{S} /credit/charge", enforced=False),
    Row("tds2-contact", "creditCharge", b.credit_charge, "/payer/email", "tds2-contact", None,
        {}, {"/payer/email": b.ABSENT, "/payer/phones": b.ABSENT}, f"{S} /credit/charge",
        enforced=False),
    # What is told to 3-D Secure
    *(_D.row(name, "maximum", limit, limit, limit + 1, f"{S} tds2Data.{name}")
      for name, limit in (("nbPurchaseAccount", 9999), ("provisionAttemptsDay", 999),
                          ("txnActivityDay", 999), ("txnActivityYear", 999),
                          ("giftCardAmount", 999999999999999), ("giftCardCount", 99))),
    *_dates(),
    _D.row("threeDSReqAuthTimestamp", "date", None, "202401312359", "202401312400",
           f"{S} threeDSReqAuthTimestamp"),
    *_D.patterns(f"{S} tds2Data", threeDSReqAuthTimestamp=("202401312359", "20240131", "x" * 12),
                 giftCardCurr=("392", "JPY", "39", "３９２")),
    *(_D.row("giftCardCurr", "currency", None, "392", code, f"{S} giftCardCurr", tag=code)
      for code in ("955", "956", "957", "958", "959", "960", "961", "962", "963", "964", "999")),
    *_D.lengths(f"{S} tds2Data", threeDSReqAuthData=2048),
    _D.row("threeDSReqAuthData", "max-bytes", 2048, "あ" + "a" * 2045, "あ" + "a" * 2046,
           f"{S} threeDSReqAuthData"),
    # Checking a card
    Row("verify-token-given", "creditVerifyCard", b.credit_verify_card_onfile,
        f"{_VERIFY}/onfileCard/memberId", "required", None, {},
        {f"{_VERIFY}/onfileCard/memberId": b.ABSENT}, f"{S} onfileCard.memberId"),
    Row("verify-no-apple-token", "creditVerifyCard", b.credit_verify_card,
        f"{_VERIFY}/tokenizedCard/type", "apple-pay", None,
        {f"{_VERIFY}/tokenizedCard/type": "GOOGLE_PAY_TOKEN"},
        {f"{_VERIFY}/tokenizedCard/type": "APPLE_PAY_TOKEN"}, f"{S} /credit/verifyCard"),
    Row("verify-no-apple-onfile", "creditVerifyCard", b.credit_verify_card_onfile,
        f"{_VERIFY}/onfileCard/type", "apple-pay", None, {},
        {f"{_VERIFY}/onfileCard/type": "APPLE_PAY"}, f"{S} /credit/verifyCard"),
    *_V.required(f"{S} onfileCardOptions", "memberId"),
    *_V.lengths(f"{S} onfileCardOptions", memberName=255),
    _V.row("duplicationCheckOptions/excludedMemberIds", "max-items", 20, ["m"] * 20, ["m"] * 21,
           f"{S} excludedMemberIds"),
    # Looking for duplicates: only a referrer, a card or an MP_TOKEN
    Row("duplicates-google-pay", "creditVerifyCard", b.credit_verify_card,
        f"{_VERIFY}/onfileCardOptions/duplicationCheckOptions", "duplication-check", None, {},
        {f"{_VERIFY}/tokenizedCard/type": "GOOGLE_PAY_TOKEN"}, f"{S} duplicationCheckOptions",
        {f"{_VERIFY}/onfileCardOptions/duplicationCheckOptions": _CHECK}),
    Row("duplicates-onfile", "creditVerifyCard", b.credit_verify_card_onfile,
        f"{_VERIFY}/onfileCardOptions/duplicationCheckOptions", "duplication-check", None, {},
        {f"{_VERIFY}/onfileCardOptions/duplicationCheckOptions": _CHECK},
        f"{S} duplicationCheckOptions"),
    Row("duplicates-store-google-pay", "creditStoreCard", b.credit_store_card,
        f"{_STORE}/onfileCardOptions/duplicationCheckOptions", "duplication-check", None, {},
        {f"{_STORE}/tokenizedCard/type": "GOOGLE_PAY_TOKEN"}, f"{P} duplicationCheckOptions",
        {f"{_STORE}/onfileCardOptions/duplicationCheckOptions": _CHECK}),
    Row("store-no-apple-token", "creditStoreCard", b.credit_store_card,
        f"{_STORE}/tokenizedCard/type", "apple-pay", None, {},
        {f"{_STORE}/tokenizedCard/type": "APPLE_PAY_TOKEN"}, f"{P} /credit/storeCard"),
    # Details of a card
    Row("details-no-apple-token", "creditGetCardDetails", b.credit_get_card_details,
        "/cardInformation/tokenizedCard/type", "apple-pay", None, {},
        {"/cardInformation/tokenizedCard/type": "APPLE_PAY_TOKEN"}, f"{P} /credit/getCardDetails"),
    Row("details-no-apple-onfile", "creditGetCardDetails", b.credit_get_card_details_onfile,
        "/cardInformation/onfileCard/type", "apple-pay", None, {},
        {"/cardInformation/onfileCard/type": "APPLE_PAY"}, f"{P} /credit/getCardDetails"),
    # After 3-D Secure
    *(row for operation in ("tds2FinalizeCharge", "tds2FinalizeVerification")
      for row in (
          *Member(operation, b.access, "").required(f"{S} {operation}", "accessId"),
          *Member(operation, b.access, "").patterns(
              f"{S} {operation}", accessId=("a" * 32, "a" * 31, "a" * 33, "a" * 31 + "-")),
      )),
    # Additional options, text to text
    Member("creditCharge", b.credit_charge, "").row(
        "additionalOptions", "max-properties", 20, {f"k{n}": "v" for n in range(20)},
        {f"k{n}": "v" for n in range(21)}, f"{S} additionalOptions"),
]
