"""Fraud detection: what it is told, and what ReD Shield makes shorter."""

from __future__ import annotations

from tests.rules import bodies as b
from tests.rules.rows import Member, Row, S
from tests.rules.rows_order import LONG_MAIL

# A table: several values on a line.
# fmt: off
_INFO = "/fraudDetectionInformation"
_SETTING = {_INFO: b.screening()}
_ON = {**_SETTING, "/creditInformation/creditChargeOptions/useFraudDetection": True}
_D = Member("creditCharge", b.credit_charge, f"{_INFO}/fraudDetectionData", _SETTING)
_O = Member("creditCharge", b.credit_charge, f"{_INFO}/fraudDetectionOptions", _SETTING)
_I = Member("creditCharge", b.credit_charge, _INFO, _SETTING)
_N = Member("creditCharge", b.credit_charge, f"{_INFO}/fraudDetectionData",
            {**_SETTING, f"{_INFO}/fraudDetectionData/identityDocType": "PASSPORT"})
_C = Member("creditCharge", b.credit_charge, f"{_INFO}/fraudDetectionCustomData", _SETTING)

_DIGITS = {f"customData{n}": ("123456789", "12a", "１２", "-1")
           for n in (11, 12, 17, 18, 20)}
_UNUSED = {f"customData{n}": 255 for n in (1, 2, 3, 4, 5, 6, 7, 10, 13, 14)}
_BYTES_30 = {f"customData{n}": 30 for n in (16, 19, 21, 22, 23, 24, 25)}
_BYTES_255 = {f"customData{n}": 255 for n in range(26, 51)}

ROWS: list[Row] = [
    *_I.required(f"{S} fraudDetectionInformation", "fraudDetectionOptions", "fraudDetectionData"),
    *_O.required(f"{S} fraudDetectionOptions", "screeningType"),
    *_D.required(f"{S} fraudDetectionData", "userId"),
    *_D.lengths(
        f"{S} fraudDetectionData",
        userId=60, shippingCorporationName=60, shippingTrackingNumber=19,
        shippingComment=160, shippingSalutation=5, deviceInformation=65535, promotionCode=36,
        giftCardMessage=160,
    ),
    *_D.lengths(f"{S} fraudDetectionData", "0", shippingPhone=13, userRegistrationElapsedDays=7),
    *_D.patterns(
        f"{S} fraudDetectionData",
        userId=("user@1_.-", "user 1", "ユーザ"),
        shippingPhone=("03-0000-0000", "+81-3", "０３"),
        shippingTrackingNumber=("AB-1", "AB_1", "ＡＢ"),
        shippingSalutation=("ﾔﾏﾀﾞ", "様", "ヤマダ"),
        deviceInformation=("{\"a\": 1}", "é", "tab\there"),
        userRegistrationElapsedDays=("30", "-1", "３０"),
        promotionCode=("SALE-10", "SALE_10", "割引"),
    ),
    *_N.lengths(f"{S} fraudDetectionData", identityDocId=20),
    *_N.patterns(f"{S} fraudDetectionData", identityDocId=("TK0000000-1", "TK_1", "ＴＫ")),
    _D.row("shippingEmail", "format", "email", "a@books.example.com", "books.example.com",
           f"{S} fraudDetectionData.shippingEmail"),
    _D.row("shippingEmail", "max-length", 254, *LONG_MAIL,
           f"{S} fraudDetectionData.shippingEmail"),
    _D.row("shippingAmount", "max-length", 12, "9" * 12, "1" + "0" * 12,
           f"{S} fraudDetectionData.shippingAmount"),
    Row("identity-type", "creditCharge", b.credit_charge,
        f"{_INFO}/fraudDetectionData/identityDocType", "required", None,
        {f"{_INFO}/fraudDetectionData/identityDocType": "PASSPORT"}, {},
        f"{S} fraudDetectionData.identityDocType",
        {**_SETTING, f"{_INFO}/fraudDetectionData/identityDocId": "TK0000000"}),
    # Custom fields
    *_C.lengths(f"{S} fraudDetectionCustomData", **_UNUSED),
    *_C.lengths(f"{S} fraudDetectionCustomData", customData8=256, customData9=256),
    *_C.lengths(f"{S} fraudDetectionCustomData", **_BYTES_30, **_BYTES_255),
    *_C.utf8(f"{S} fraudDetectionCustomData", customData8=256, customData9=256),
    *_C.utf8(f"{S} fraudDetectionCustomData", **_BYTES_30, **_BYTES_255),
    *_C.patterns(f"{S} fraudDetectionCustomData", **_DIGITS),
    *_C.lengths(f"{S} fraudDetectionCustomData", "0", **dict.fromkeys(_DIGITS, 9)),
    # With ReD Shield on
    Member("creditCharge", b.credit_charge, "/order/items/0",
           {**_ON, "/order/amount": "9" * 15, "/order/items": [b.item()]}).row(
        "price", "max-length", 12, "9" * 12, "1" + "0" * 12, f"{S} order.items.price",
        tag="red-shield"),
    Member("creditCharge", b.credit_charge, "/order/items/0",
           {**_ON, "/order/items": [b.item()]}).row(
        "productId", "max-length", 18, "p" * 18, "p" * 19, f"{S} order.items.productId",
        tag="red-shield"),
    *(Member("creditCharge", b.credit_charge, f"/order/{name}",
             {**_ON, f"/order/{name}": b.address()}).row(
        "postCode", "max-length", 9, "150-00310", "150-003100", f"{S} order.{name}.postCode",
        tag="red-shield") for name in ("shippingAddress", "billingAddress")),
    Member("creditOnfileCharge", b.credit_onfile_charge, "/order/items/0",
           {_INFO: b.screening(), "/order/items": [b.item()],
            "/creditOnfileInformation/creditChargeOptions/useFraudDetection": True}).row(
        "productId", "max-length", 18, "p" * 18, "p" * 19, f"{S} order.items.productId",
        tag="red-shield"),
]
