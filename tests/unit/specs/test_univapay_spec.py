"""What the UnivaPay spec is known to hold, counted and read: lint cannot tell what is missing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from kessai.constraints import Report
from kessai.model import UnknownVariant
from kessai_univapay_api import events, operations
from kessai_univapay_api import models as m

from tests.support.specs import overlaid
from tests.unit.specs import univapay_tables as tables

FOLDER = Path(__file__).parents[3] / "specs" / "univapay"

KINDS = {
    "konbini": "Konbini", "card": "Card", "online": "Online", "bank_transfer": "BankTransfer",
    "qr_scan": "QrScan", "qr_merchant": "QrMerchant", "paidy": "Paidy",
}  # fmt: skip
"""Means of payment and what their components begin with, konbini first."""

OTHERS = {
    ("GET", "/stores/{}/charges/{}/expiry/latest"),  # JavaScript only
    *((verb, "/webhooks") for verb in ("GET", "POST")),
    *((verb, "/webhooks/{}") for verb in ("GET", "PATCH", "DELETE")),
    ("GET", "/webhooks/{}/events"),
}
"""What is not in the generated libraries: the merchant's own webhooks, and deadlines."""

REQUIRED = {
    "ChargeRequest": {"transaction_token_id", "amount", "currency"},
    "RefundRequest": {"amount", "currency"},
    "CaptureRequest": set[str](),
    "CancelRequest": set[str](),
    "KonbiniTokenRequest": {"payment_type", "type", "data"},
    "KonbiniRequestData": {"customer_name", "convenience_store", "phone_number"},
    "CardRequestData": {"card_number", "exp_month", "exp_year"},
    "OnlineRequestData": {"brand", "call_method"},
    "BankTransferRequestData": {"brand"},
    "QrScanRequestData": {"scanned_qr"},
    "QrMerchantRequestData": {"brand"},
    "PaidyRequestData": {"paidy_token", "shipping_address"},
    "PaidyAddressRequest": {"zip"},
    "JapanesePhoneNumber": {"country_code", "local_number"},
    "PhoneNumberRequest": {"country_code", "local_number"},
    "WebhookRequest": {"triggers", "url"},
    "CustomerIdRequest": {"customer_id"},
    "SubscriptionRequest": {"transaction_token_id", "amount", "currency"},
    "SubscriptionTokenRequest": {"transaction_token_id"},
    "SimulationRequest": {"amount", "currency", "payment_type", "schedule_settings"},
}


@pytest.fixture(scope="module")
def spec() -> dict[str, Any]:
    """The document with its overlay applied."""
    return overlaid(FOLDER)


def every(spec: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Method, path, operation."""
    for path, item in spec["paths"].items():
        for method, operation in item.items():
            yield method.upper(), path, operation


def bare(path: str) -> str:
    return re.sub(r"\{\w+\}", "{}", path)


def parameters(spec: dict[str, Any], operation: dict[str, Any]) -> list[dict[str, Any]]:
    shared = spec["components"]["parameters"]
    listed = operation.get("parameters", ())
    return [shared[p["$ref"].rsplit("/", 1)[1]] if "$ref" in p else p for p in listed]


def example(spec: dict[str, Any], answer: str, name: str) -> Any:
    """A copy of a printed answer: decoding uses it up."""
    content = spec["components"]["responses"][answer]["content"]["application/json"]
    return deepcopy(content["examples"][name]["value"])


def broken(request: Any) -> list[tuple[str, bool]]:
    """The members that break a limit, and whether that refuses the request."""
    report = Report(())
    request.check("", report)
    return [(violation.pointer, violation.enforced) for violation in report.violations]


def test_every_endpoint_is_there_and_answers_as_documented(spec: dict[str, Any]) -> None:
    expected = tables.endpoints()
    found = {(method, bare(path)): operation for method, path, operation in every(spec)}
    assert len(expected) == 54
    assert set(found) == set(expected) | OTHERS
    for key, (status, errors, body, query) in expected.items():
        operation = found[key]
        answers = set(operation["responses"])
        assert [answer for answer in answers if answer.startswith("2")] == [status], key
        assert errors <= answers, key
        named = {p["name"] for p in parameters(spec, operation) if p["in"] == "query"}
        assert named == query, key
        assert ("requestBody" in operation) is (body != "-"), key
        if body == "body":
            assert operation["requestBody"]["required"] is True, key


def test_methods_read_naturally(spec: dict[str, Any]) -> None:
    for _, _, operation in every(spec):
        (tag,) = operation["tags"]
        assert operation["operationId"].startswith(f"{tag}_")
    assert {tag["name"] for tag in spec["tags"]} == {
        "tokens", "charges", "captures", "cancels", "refunds", "issuer_tokens", "expiry",
        "bank_transfer_ledgers", "webhooks", "stores", "me", "subscriptions",
        "subscription_payments", "checkout",
    }  # fmt: skip
    for name, path in {
        "charges_create": "/charges",
        "charges_get": "/stores/{store_id}/charges/{charge_id}",
        "captures_create": "/stores/{store_id}/charges/{charge_id}/capture",
        "refunds_get": "/stores/{store_id}/charges/{charge_id}/refunds/{refund_id}",
        "webhooks_list_events": "/stores/{store_id}/webhooks/{webhook_id}/events",
    }.items():
        assert operations.OPERATIONS[name].path == path


def test_every_enum_has_its_values(spec: dict[str, Any]) -> None:
    schemas = spec["components"]["schemas"]
    for name, values in tables.table(tables.ENUMS).items():
        assert schemas[name]["enum"] == values, name
    assert len(schemas["ConvenienceStore"]["enum"]) == 8
    assert schemas["InstallmentCycles"]["enum"] == [3, 5, 6, 10, 12, 15, 18, 20, 24]
    assert schemas["UsageLimit"]["enum"] == ["daily", "weekly", "monthly", "annually"]
    listed = {name for name, schema in schemas.items() if "enum" in schema}
    assert listed == set(tables.table(tables.ENUMS)) | {
        "InstallmentCycles", "UsageLimit", "WebhookTrigger", "ApiErrorCode", "PaymentErrorCode",
        "ValidationReason", "IdempotencyStatus",
    }  # fmt: skip


def test_every_error_code_has_its_status_and_a_meaning(spec: dict[str, Any]) -> None:
    schemas = spec["components"]["schemas"]
    codes = schemas["ApiErrorCode"]["x-error-codes"]
    statuses = tables.table(tables.API_ERRORS)
    expected = {code: int(status) for status, named in statuses.items() for code in named}
    assert {code: said["status"] for code, said in codes.items()} == expected
    assert len({said["meaning"] for said in codes.values()}) == len(codes) == 78
    payment = schemas["PaymentErrorCode"]
    assert payment["enum"] == [int(code) for code in tables.PAYMENT_ERRORS.split()]
    assert len(set(payment["x-enum-descriptions"])) == len(payment["enum"]) == 58
    assert schemas["ValidationReason"]["enum"] == tables.REASONS.split()
    assert len(schemas["ValidationReason"]["enum"]) == 111


def test_required_members_and_limits(spec: dict[str, Any]) -> None:
    schemas = spec["components"]["schemas"]
    for name, members in REQUIRED.items():
        assert set(schemas[name].get("required", ())) == members, name
    limits = {
        ("ChargeRequest", "merchant_transaction_id"): {"maxLength": 32},
        ("JapanesePhoneNumber", "local_number"): {"maxLength": 15},
        ("PhoneNumberRequest", "local_number"): {"maxLength": 15},
        ("CustomerIdRequest", "customer_id"): {"minLength": 1, "maxLength": 64},
        ("RefundRequest", "amount"): {"minimum": 1},
        ("SimulationRequest", "amount"): {"minimum": 1},
    }
    for (name, member), said in limits.items():
        found = schemas[name]["properties"][member]
        assert {key: found[key] for key in said} == said, (name, member)
    limit = spec["components"]["parameters"]["Limit"]["schema"]
    assert (limit["default"], limit["maximum"]) == (10, 100)


def test_tokens_are_told_apart_by_their_means_of_payment(spec: dict[str, Any]) -> None:
    schemas = spec["components"]["schemas"]
    for union, suffix in (("Token", "Token"), ("TokenRequest", "TokenRequest")):
        mapping = schemas[union]["x-discriminate"]["by-value"]["mapping"]
        assert mapping == {kind: stem + suffix for kind, stem in KINDS.items()}
        for kind, name in mapping.items():
            assert schemas[name]["properties"]["payment_type"]["const"] == kind
    assert schemas["PaymentType"]["enum"][0] == "card", "as the libraries list them"
    assert set(schemas["PaymentType"]["enum"]) == set(KINDS)
    assert "PCI DSS" in schemas["CardTokenRequest"]["description"]
    assert "needs no PCI DSS" in schemas["KonbiniTokenRequest"]["description"]


def test_keys_reads_and_outcomes(spec: dict[str, Any]) -> None:
    paid = {
        "charges_create": "charges_list", "captures_create": "charges_get",
        "subscriptions_create": "replay",
    }  # fmt: skip
    for method, _, operation in every(spec):
        name = operation["operationId"]
        keyed = "Idempotency-Key" in {p["name"] for p in parameters(spec, operation)}
        derived = name == "stores_create_customer_id"  # nothing is kept
        assert keyed is (method in {"POST", "PATCH"} and not derived), name
        assert keyed is ("x-idempotency" in operation), name
        reads = method == "GET" or "simulate" in name or derived
        assert operation.get("x-safe", False) is reads, name
        assert "x-in-flight" not in operation, "requests are counted by the minute"
        if not reads:
            outcome = operation["x-outcome"]
            assert (outcome["ends"] == "paid") is (name in paid), name
            assert outcome["by"] == paid.get(name, outcome["by"]), name
            assert keyed or outcome["by"] != "replay", name
        if keyed:
            assert operation["x-idempotency"]["window"] == 24 * 60 * 60
    assert "x-assumed" in spec["components"]["parameters"]["IdempotencyKey"]
    asked = operations.CHARGES_CREATE.ask
    assert asked is not None
    assert asked.ask == {"transaction_token_id": "/transaction_token_id"}
    assert asked.done | asked.waiting | asked.failed == {status.value for status in m.ChargeStatus}


def test_every_notice_has_its_event(spec: dict[str, Any]) -> None:
    expected = [*tables.EVENTS.split(), *tables.MORE_EVENTS]
    assert list(spec["webhooks"]) == expected == list(events.WEBHOOKS)
    assert spec["components"]["schemas"]["WebhookTrigger"]["enum"] == expected
    for name in ("token_three_d_s_updated", "token_three_ds_updated"):
        body = spec["webhooks"][name]["post"]["requestBody"]["$ref"]
        assert body.endswith("/TokenNotice"), "two spellings of one event"


def test_both_forms_of_the_envelope_are_read(spec: dict[str, Any]) -> None:
    charge = example(spec, "Charge", "paid")
    short = events.WEBHOOKS["charge_finished"].decode({"event": "charge_finished", "data": charge})
    assert (short.id, short.created_on) == (None, None)
    assert short.event is m.WebhookTrigger.CHARGE_FINISHED
    assert short.data.status is m.ChargeStatus.SUCCESSFUL
    notice = spec["components"]["requestBodies"]["ChargeNotice"]["content"]["application/json"]
    whole = events.WEBHOOKS["charge_updated"].decode(
        deepcopy(notice["examples"]["awaiting"]["value"])
    )
    assert whole.id is not None
    assert whole.created_on is not None
    assert whole.data.metadata["internal_convenience_payment_number"]


@pytest.mark.parametrize("form", [int, str])
def test_amounts_of_answers_are_numbers_or_text(spec: dict[str, Any], form: Any) -> None:
    given = example(spec, "Charge", "awaiting")
    for name in ("requested_amount", "charged_amount"):
        given[name] = form(given[name])
    charge = m.Charge.from_wire(given)
    assert (charge.requested_amount, charge.charged_amount) == (1100, 1100)
    assert m.Charge.from_wire(example(spec, "Charge", "paid")).metadata == {"order_id": 42}


def test_amounts_of_requests_are_sent_as_numbers() -> None:
    request = m.ChargeRequest(transaction_token_id="t", amount=100, currency="jpy")
    assert request.to_wire() == {"transaction_token_id": "t", "amount": 100, "currency": "jpy"}
    assert broken(request) == []
    request.amount = 0
    assert broken(request) == [("/amount", False)], "assumed: a warning"


def test_what_is_not_known_yet_survives(spec: dict[str, Any]) -> None:
    token = operations.TOKENS_GET.answers[200]
    given = example(spec, "Token", "konbini")
    assert isinstance(token({**deepcopy(given), "payment_type": "apple_pay"}), UnknownVariant)
    given["data"]["convenience_store"] = "circle_k"
    read = token(given)
    assert isinstance(read, m.KonbiniToken)
    assert read.data.convenience_store == "circle_k"
    assert not read.data.convenience_store.is_known
    failed = example(spec, "Charge", "failed")
    failed["error"]["code"] = 999
    charge = m.Charge.from_wire(failed)
    assert charge.error is not None
    assert charge.error.code == 999


def konbini(**changes: Any) -> m.KonbiniTokenRequest:
    given: dict[str, Any] = {
        "customer_name": "決済 太郎",
        "convenience_store": m.ConvenienceStore.PAY_EASY,
        "phone_number": m.JapanesePhoneNumber(local_number="0312345678"),
    }
    data = m.KonbiniRequestData(**{**given, **changes})
    return m.KonbiniTokenRequest(type=m.TokenType.ONE_TIME, data=data)


def test_a_konbini_token_goes_out_as_the_guide_prints_it() -> None:
    request = konbini(convenience_store=m.ConvenienceStore.FAMILY_MART)
    assert broken(request) == []
    assert request.to_wire() == {
        "payment_type": "konbini",
        "type": "one_time",
        "data": {
            "customer_name": "決済 太郎",
            "phone_number": {"country_code": "81", "local_number": "0312345678"},
            "convenience_store": "family_mart",
        },
    }
    assert "0312345678" not in repr(request)


@pytest.mark.parametrize(
    ("period", "fits"),
    [
        *((f"P{days}D", 7 <= days <= 30) for days in range(1, 40)),
        *((f"PT{hours}H", 168 <= hours <= 720) for hours in (1, 24, 167, 168, 200, 719, 720, 721)),
        *((f"P{weeks}W", 1 <= weeks <= 4) for weeks in range(6)),
        ("7", False), ("p7d", False), ("P7D ", False), ("P1M", False), ("", False),
    ],
)  # fmt: skip
def test_a_konbini_deadline_is_7_to_30_days_away(period: str, fits: bool) -> None:
    expected = [] if fits else [("/data/expiration_period", True)]
    assert broken(konbini(expiration_period=period)) == expected


def test_only_japanese_phones_pay_at_a_konbini() -> None:
    phone = m.JapanesePhoneNumber(local_number="0312345678")
    phone.country_code = "1"
    assert broken(konbini(phone_number=phone)) == [("/data/phone_number/country_code", True)]
    long = m.JapanesePhoneNumber(local_number="0" * 16)
    assert broken(konbini(phone_number=long)) == [("/data/phone_number/local_number", True)]


def test_an_authentication_made_elsewhere_is_whole() -> None:
    request = m.ThreeDsRequest(authentication_value="example", eci="05", message_version="2.2.0")
    assert [pointer for pointer, _ in broken(request)] == [
        "/ds_transaction_id", "/server_transaction_id", "/transaction_status",
    ]  # fmt: skip
    assert "example" not in repr(request)


def test_card_data_and_secrets_are_never_shown(spec: dict[str, Any]) -> None:
    hidden = {
        name
        for schema in spec["components"]["schemas"].values()
        for name, member in schema.get("properties", {}).items()
        if member.get("x-sensitive") is True
    }
    assert hidden >= {
        "card_number", "cvv", "exp_month", "exp_year", "cardholder", "auth_token", "issuer_token",
        "paidy_token", "scanned_qr", "account_number", "local_number", "authentication_value",
    }  # fmt: skip
    shown = repr(operations.TOKENS_GET.answers[200](example(spec, "Token", "card")))
    assert "TARO KESSAI" not in shown
