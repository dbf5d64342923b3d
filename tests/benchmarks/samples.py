"""The payloads every benchmark shares: a 4.5 KB card charge and its 2 KB answer."""

from __future__ import annotations

import datetime
from typing import Any, Generic, TypeVar

import msgspec
from kessai_gmo import models as m

ACCESS_ID = "b" * 32


def charge_request() -> m.CreditChargeRequest:
    """Build a charge with every group of members a large shop fills: about 4.5 KB as JSON."""
    address = m.Address(
        name="山田 花子",
        line1="神南一丁目二番三号",
        line2="決済ビル四階",
        city="渋谷区",
        state="013",
        post_code="150-0041",
        country="392",
    )
    items = [
        m.Item(
            name=f"文庫本 第{number}巻",
            description="長い夏の終わりに読む物語、送料込み",
            quantity=1,
            type=m.ItemType.PHYSICAL,
            price=660 + number,
            category="5942",
            product_id=f"BOOK-{number:05d}",
            product_code="4900000000000",
        )
        for number in range(8)
    ]
    return m.CreditChargeRequest(
        merchant=m.Merchant(
            name="決済書店",
            name_kana="ケッサイショテン",
            name_alphabet="Kessai Books",
            name_short="決済書店",
            contact_name="お客様窓口",
            contact_email="help@books.example.com",
            contact_url="https://books.example.com/help",
            contact_phone="0120-000-000",
            contact_opening_hours="10:00-18:00",
            callback_url="https://books.example.com/payments/callback",
            webhook_url="https://books.example.com/payments/webhook",
            csrf_token="9f6c1d2e-demo",
        ),
        order=m.Order(
            order_id="BENCH-0001",
            amount=5308,
            currency="JPY",
            client_fields=m.ClientFields(client_field1="店舗一", client_field2="担当二"),
            items=items,
            transaction_type=m.TransactionType.CIT,
            shipping_address=address,
            billing_address=address,
        ),
        payer=m.Payer(
            name="山田 花子",
            name_kana="ヤマダハナコ",
            name_alphabet="Hanako Yamada",
            gender=m.Gender.FEMALE,
            date_of_birth="19900401",
            email="hanako@customer.example.com",
            phones=[m.Phone(type=m.PhoneType.MOBILE, country_code="81", number="090-0000-0000")],
            account_id="hanako-1990",
            ip="192.0.2.44",
            device_type=m.DeviceType.PC_WEB,
            http_user_agent="Mozilla/5.0 (X11; Linux x86_64) Benchmark/1.0",
        ),
        credit_information=m.CreditTokenInformation(
            tokenized_card=m.TokenizedCard(type=m.CardTokenType.MP_TOKEN, token="t" * 400),
            credit_charge_options=m.CreditChargeOptions(
                authorization_mode=m.AuthorizationMode.CAPTURE,
                use_tds2=True,
                use_fraud_detection=True,
                payment_method=m.PaymentMethod.ONE_TIME,
            ),
        ),
        tds2_information=m.Tds2Information(
            tds2_options=m.Tds2Options(requires_challenge=False, auto_authorization=True),
            tds2_data=m.Tds2Data(ch_acc_date="20200101", nb_purchase_account=12),
        ),
        fraud_detection_information=m.FraudDetectionInformation(
            fraud_detection_options=m.FraudDetectionOptions(
                screening_type=m.ScreeningType.RED_SHIELD
            ),
            fraud_detection_data=m.FraudDetectionData(
                user_id="hanako-1990",
                shipping_amount=500,
                device_information="d" * 600,
                repeater=True,
            ),
        ),
    )


def charge_answer() -> dict[str, Any]:
    """Build the answer to a charge, with every documented member: about 2 KB as JSON."""
    return {
        "nextAction": "NO_ACTION",
        "orderReference": {
            "accessId": ACCESS_ID,
            "accessPass": "c" * 32,
            "orderId": "BENCH-0001",
            "status": "CAPTURE",
            "chargeType": "CREDIT",
            "created": "2026-01-05T10:00:00+09:00",
            "updated": "2026-01-05T10:00:01+09:00",
            "amount": "5308",
            "clientFields": {"clientField1": "店舗一", "clientField2": "担当二"},
        },
        "creditResult": {
            "cardType": "CREDIT_CARD",
            "cardResult": {
                "cardNumber": "************1111",
                "cardholderName": "HANAKO YAMADA",
                "expiryMonth": "12",
                "expiryYear": "2029",
                "issuerCode": "2a99662",
                "brand": "VISA",
            },
            "forwardedAcquirerCode": "2a99662",
            "approvalCode": "0000001",
            "nwTransactionId": "0123456789012345",
            "transactionDateTime": "2026-01-05T10:00:01+09:00",
            "useTds2": True,
            "useFraudDetection": True,
        },
        "fraudDetectionResult": {
            "screeningType": "RED_SHIELD",
            "screeningTransactionId": "00000000000000000000000000000001",
            "screeningResultCode": "ACCEPT",
            "screeningResultRawData": "r" * 1000,
        },
    }


class ClientFieldsStruct(msgspec.Struct, rename="camel"):
    """The peer's `ClientFields`."""

    client_field1: str | None = None
    client_field2: str | None = None
    client_field3: str | None = None


DateT = TypeVar("DateT")


class OrderReferenceStruct(msgspec.Struct, Generic[DateT], rename="camel"):
    """The peer's `OrderReferenceCredit`; date-times as text, or parsed as ours are."""

    access_id: str | None = None
    access_pass: str | None = None
    order_id: str | None = None
    created: DateT | None = None
    updated: DateT | None = None
    amount: str | None = None
    client_fields: ClientFieldsStruct | None = None
    status: str | None = None
    charge_type: str | None = None


class CardResultStruct(msgspec.Struct, rename="camel"):
    """The peer's `CardResult`."""

    card_number: str | None = None
    cardholder_name: str | None = None
    expiry_month: str | None = None
    expiry_year: str | None = None
    issuer_code: str | None = None
    brand: str | None = None


class CreditResultStruct(msgspec.Struct, Generic[DateT], rename="camel"):
    """The peer's `CreditResult`; date-times as text, or parsed as ours are."""

    card_type: str | None = None
    card_result: CardResultStruct | None = None
    forwarded_acquirer_code: str | None = None
    approval_code: str | None = None
    nw_transaction_id: str | None = None
    transaction_date_time: DateT | None = None
    capture_expiry_date_time: DateT | None = None
    use_tds2: bool | None = None
    use_fraud_detection: bool | None = None


class FraudDetectionResultStruct(msgspec.Struct, rename="camel"):
    """The peer's `FraudDetectionResult`."""

    screening_type: str | None = None
    screening_transaction_id: str | None = None
    screening_result_code: str | None = None
    screening_result_raw_data: str | None = None


class ChargeAnswerStruct(msgspec.Struct, rename="camel"):
    """The peer's `CreditChargeResponse`."""

    next_action: str | None = None
    order_reference: OrderReferenceStruct[str] | None = None
    credit_result: CreditResultStruct[str] | None = None
    fraud_detection_result: FraudDetectionResultStruct | None = None


class DatedChargeAnswerStruct(msgspec.Struct, rename="camel"):
    """The peer's `CreditChargeResponse` with date-times parsed."""

    next_action: str | None = None
    order_reference: OrderReferenceStruct[datetime.datetime] | None = None
    credit_result: CreditResultStruct[datetime.datetime] | None = None
    fraud_detection_result: FraudDetectionResultStruct | None = None
