"""UnivaPay: one row per documented rule of a request, and the plain requests under them.

Handwritten from the konbini guide, the official libraries and the pages of the provider: nothing
here comes from the spec files. What only one of them says, or what is assumed, warns.
"""

from __future__ import annotations

from typing import Any

from tests.rules.bodies import ABSENT, Body, Maker
from tests.rules.rows import Member, Row

# A table: several values on a line.
# fmt: off
GUIDE = "konbini guide: 1.トークン作成"
CHARGING = "konbini guide: 2.課金作成"
PHP = "univapay-php-sdk: ConvenienceStorePayment"
JAVA = "univapay-java-client-sdk doc/: models"
NODE = "univapay-node: errors/APIError, resources/TransactionTokens"
PAGES = "docs.gopay-services.com: References/transaction-tokens-create"

TOKEN = "11ed00f1-da1b-c4d2-b420-37b91ef1b282"


def konbini() -> Body:
    """The guide's token."""
    return {
        "payment_type": "konbini",
        "type": "one_time",
        "email": "hanako@customer.example.com",
        "data": {
            "customer_name": "山田 花子",
            "phone_number": {"country_code": "81", "local_number": "0312345678"},
            "convenience_store": "family_mart",
        },
        "metadata": {"memberid": "12345"},
    }


def _token(payment_type: str, **data: Any) -> Body:
    return {"payment_type": payment_type, "type": "one_time",
            "email": "hanako@customer.example.com", "data": data}


def card() -> Body:
    """A card of the test cards."""
    return _token("card", cardholder="HANAKO YAMADA", card_number="4000020000000000",
                  exp_month="12", exp_year="2030", cvv="123",
                  phone_number={"country_code": "81", "local_number": "9012345678"})


def online() -> Body:
    """A wallet in the browser."""
    return _token("online", brand="alipay_online", call_method="web")


def bank_transfer() -> Body:
    """A virtual account."""
    return _token("bank_transfer", brand="aozora_bank", expiration_period="P7D")


def qr_scan() -> Body:
    """A code on the customer's screen."""
    return _token("qr_scan", scanned_qr="2800000000000000")


def qr_merchant() -> Body:
    """A code on the merchant's counter."""
    return _token("qr_merchant", brand="alipay_merchant_qr")


def paidy() -> Body:
    """Paidy, with where it is sent."""
    return _token("paidy", paidy_token="tok_1",
                  shipping_address={"zip": "150-0041", "city": "渋谷区"})


def charge() -> Body:
    """The guide's charge; the amount as a number, as the libraries have it."""
    return {"transaction_token_id": TOKEN, "amount": 100, "currency": "jpy",
            "metadata": {"orderid": "12345"}}


def external_three_ds() -> Body:
    """A charge that was authenticated elsewhere: all six values, or none."""
    return {**charge(), "three_ds": {"mode": "provided", **dict.fromkeys(THREE_DS, "x")}}


THREE_DS = ("authentication_value", "eci", "ds_transaction_id", "server_transaction_id",
            "message_version", "transaction_status")


def capture() -> Body:
    """A part of what is held."""
    return {"amount": 100, "currency": "JPY"}


def refund() -> Body:
    """A part of what was paid."""
    return {"amount": 100, "currency": "JPY", "reason": "customer_request", "message": "返品"}


def customer() -> Body:
    """A customer's number at the merchant."""
    return {"customer_id": "hanako-1990"}


def webhook() -> Body:
    """Where the results of charges go."""
    return {"triggers": ["charge_finished"], "url": "https://books.example.com/notice",
            "auth_token": "secret"}


def subscription() -> Body:
    """A monthly one."""
    return {"transaction_token_id": TOKEN, "amount": 980, "currency": "JPY", "period": "monthly"}


MEANS: dict[str, Maker] = {
    "konbini": konbini, "card": card, "online": online, "bank_transfer": bank_transfer,
    "qr_scan": qr_scan, "qr_merchant": qr_merchant, "paidy": paidy,
}


def _named(rows: list[Row], tag: str) -> list[Row]:
    """Rows of one means of payment, told apart from the same member of another."""
    return [row._replace(id=f"{tag}-{row.id}") for row in rows]


def _nested(body: Maker, operation: str, tag: str) -> list[Row]:
    """Metadata is flat: texts, numbers, booleans, null, or arrays of these."""
    flat = {"text": "a", "number": 1.5, "flag": True, "nothing": None, "list": ["a", 1, None]}
    at = Member(operation, body, "")
    return _named([
        at.row("metadata", "nested", None, flat, {"a": bad}, f"{NODE} NESTED_JSON_NOT_ALLOWED",
               tag=str(number))._replace(pointer="/metadata/a")
        for number, bad in enumerate(({"b": 1}, [["b"]], [{"b": 1}], {}))
    ], tag)


_KONBINI = Member("tokens_create", konbini, "")
_DATA = Member("tokens_create", konbini, "/data")
_PHONE = Member("tokens_create", konbini, "/data/phone_number")
_SEVEN_TO_THIRTY = ("P7D", "P6D", "P0D", "P31D", "P100D", "PT167H", "PT721H", "P5W", "P0W", "7D",
                    "P1M", "P7DT1H", "p7d", "PT168M", "P7.5D", "P-7D", "")

ROWS: list[Row] = [
    # Tokens: konbini to the letter
    *_KONBINI.required(GUIDE, "data"),
    *_KONBINI.required(f"{JAVA} TransactionToken", "type"),
    *_DATA.required(GUIDE, "customer_name", "phone_number", "convenience_store"),
    *_PHONE.required(PHP, "local_number"),
    _DATA.row("customer_name", "min-length", 1, "山", "", GUIDE),
    *_PHONE.lengths(PHP, "1", local_number=15),
    _PHONE.row("local_number", "min-length", 1, "1", "", PHP),
    *(_PHONE.row("country_code", "enum", "81", "81", bad,
                 f"{PHP} ONLY_JAPANESE_PHONE_NUMBER_ALLOWED", tag=bad or "empty")
      for bad in ("1", "082", "+81", "")),
    *_DATA.patterns(f"{PHP} EXPIRATION_DATE_OUT_OF_BOUNDS", expiration_period=_SEVEN_TO_THIRTY),
    *(_DATA.row("convenience_store", "enum", None, good, "circle_k", f"{JAVA} ConvenienceStore",
                tag=good, enforced=False)
      for good in ("seven_eleven", "family_mart", "lawson", "mini_stop", "seico_mart", "pay_easy",
                   "daily_yamazaki", "yamazaki_daily_store")),
    *(_DATA.row("expiration_time_shift", "pattern", None, "23:59:59+09:00", bad,
                "libraries' one example", tag=str(number), enforced=False)
      for number, bad in enumerate(("23:59", "23:59:59", "midnight"))),

    # Tokens of every kind
    *(row for name, body in MEANS.items()
      for row in _named([
          Member("tokens_create", body, "").row(
              "email", "format", "email", "a@b.example", "no address", f"{JAVA} email"),
          *_nested(body, "tokens_create", name),
      ], name)),
    *(row for name, body in MEANS.items() if name not in ("online", "qr_scan")
      for row in _named([
          Member("tokens_create", body, "").row(
              "type", "enum", None, "one_time", "sometimes", f"{JAVA} type", enforced=False),
      ], name)),
    *(row for name, body in MEANS.items() if name != "online"
      for row in _named([
          Member("tokens_create", body, "").row(
              "email", "required", None, "a@b.example", ABSENT, PAGES, enforced=False),
      ], name)),
    *(row for name in ("online", "qr_scan") for kind in ("recurring", "subscription")
      for row in _named([
          Member("tokens_create", MEANS[name], "").row(
              "type", "one-time-only", None, "one_time", kind, "docs.univapay.com: online, QR",
              tag=kind),
      ], name)),
    *(row for row in _named([*Member("tokens_create", card, "/data").required(
          f"{JAVA} CardData", "card_number", "exp_month", "exp_year")], "card")),
    *(row for row in _named([*Member("tokens_create", card, "/data/phone_number").lengths(
          f"{JAVA} PhoneNumber", "1", local_number=15)], "card")),
    *(row for row in _named([*Member("tokens_create", online, "/data").required(
          f"{JAVA} OnlineData", "brand", "call_method")], "online")),
    *(row for row in _named([*Member("tokens_create", bank_transfer, "/data").required(
          f"{JAVA} BankTransferData", "brand")], "bank_transfer")),
    *(row for row in _named([*Member("tokens_create", qr_scan, "/data").required(
          f"{JAVA} QrScanData", "scanned_qr")], "qr_scan")),
    *(row for row in _named([*Member("tokens_create", qr_merchant, "/data").required(
          f"{JAVA} QrMerchantData", "brand")], "qr_merchant")),
    *(row for row in _named([*Member("tokens_create", paidy, "/data").required(
          f"{JAVA} PaidyData", "paidy_token", "shipping_address")], "paidy")),
    *(row for row in _named([*Member("tokens_create", paidy, "/data/shipping_address").required(
          f"{JAVA} PaidyAddress", "zip")], "paidy")),

    # Charges
    *Member("charges_create", charge, "").required(CHARGING, "transaction_token_id", "amount",
                                                   "currency"),
    *Member("charges_create", charge, "").patterns(
        f"{JAVA} ChargeCreate", currency=("jpy", "JP", "YEN!", "円円円", "JPYY", "")),
    *Member("charges_create", charge, "").lengths(
        f"{JAVA} ChargeCreate", merchant_transaction_id=32),
    *Member("charges_create", charge, "").patterns(
        f"{JAVA} ChargeCreate", merchant_transaction_id=("Az09", "a-b", "a b", "注文")),
    Member("charges_create", charge, "").row("amount", "minimum", 1, 1, 0, "assumed",
                                             tag="zero", enforced=False),
    *(Member(operation, body, "").row("amount", "minimum", 0, 1, -1, f"{JAVA} money")
      for operation, body in (("charges_create", charge), ("captures_create", capture),
                              ("refunds_create", refund), ("subscriptions_create", subscription))),
    *_nested(charge, "charges_create", "charge"),
    *(row for number, name in enumerate(THREE_DS[1:])
      for row in _named([Row(
          f"charges_create/three_ds/{name}#required", "charges_create", external_three_ds,
          f"/three_ds/{name}", "required", None, {}, {f"/three_ds/{name}": ABSENT},
          f"{JAVA} ThreeDs")], f"all-six-{number}")),
    Row("charges_create/three_ds/authentication_value#required", "charges_create",
        external_three_ds, "/three_ds/authentication_value", "required", None, {},
        {"/three_ds/authentication_value": ABSENT}, f"{JAVA} ThreeDs"),

    # What follows a charge
    *(Member("captures_create", capture, "").row(
        "currency", "pattern", None, "jpy", bad, f"{JAVA} CaptureCreate", tag=bad, enforced=False)
      for bad in ("JP", "J1Y")),
    Member("captures_create", capture, "").row(
        "amount", "minimum", 1, 1, 0, f"{JAVA} CaptureCreate", tag="zero", enforced=False),
    Row("captures_create/currency#required", "captures_create", capture, "/currency", "required",
        None, {}, {"/currency": ABSENT}, NODE, enforced=False),
    *Member("refunds_create", refund, "").required(f"{JAVA} RefundCreate", "amount", "currency"),
    Member("refunds_create", refund, "").row(
        "amount", "minimum", 1, 1, 0, f"{JAVA} RefundCreate", tag="zero"),
    *Member("refunds_create", refund, "").patterns(
        f"{JAVA} RefundCreate", currency=("jpy", "JP", "J1Y")),
    *(Member("refunds_create", refund, "").row(
        "reason", "enum", None, good, "because", f"{JAVA} RefundReason", tag=good, enforced=False)
      for good in ("duplicate", "fraud", "customer_request")),
    *_nested(refund, "refunds_create", "refund"),

    # The rest
    *Member("stores_create_customer_id", customer, "").lengths(
        f"{JAVA} CreateCustomerId", customer_id=64),
    Member("stores_create_customer_id", customer, "").row(
        "customer_id", "min-length", 1, "a", "", f"{JAVA} CreateCustomerId"),
    *Member("webhooks_create", webhook, "").required(f"{JAVA} WebhookCreate", "triggers", "url"),
    Row("webhooks_create/triggers/0#enum", "webhooks_create", webhook, "/triggers/0", "enum", None,
        {"/triggers": ["charge_updated"]}, {"/triggers": ["charge_sparkled"]},
        f"{JAVA} WebhookTrigger", enforced=False),
    *Member("subscriptions_create", subscription, "").required(
        f"{JAVA} SubscriptionCreate", "transaction_token_id", "amount", "currency"),
    *Member("subscriptions_create", subscription, "").patterns(
        f"{JAVA} SubscriptionCreate", currency=("jpy", "JP")),
    *_nested(subscription, "subscriptions_create", "subscription"),
]
# fmt: on
