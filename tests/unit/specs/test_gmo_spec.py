"""What the GMO spec is known to hold, counted and read: lint cannot tell that a part is missing."""

from __future__ import annotations

import base64
import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support.specs import overlaid

FOLDER = Path(__file__).parents[3] / "specs" / "gmo"

READS = {
    "token", "creditGetCardDetails", "walletGetCustomerData", "orderInquiry", "memberInquiry",
    "verificationInquiry",
}  # fmt: skip
"""The operations without an Idempotency-Key: they only read, or give out a token."""

STATUS_OF = {
    "BadRequest": 400, "Unauthorized": 401, "PaymentRequired": 402, "NotFound": 404,
    "MethodNotAllowed": 405, "Conflict": 409, "UnsupportedMediaType": 415,
    "TooManyRequests": 429, "InternalServerError": 500, "BadGateway": 502,
    "ServiceUnavailable": 503,
}  # fmt: skip
"""The shared answers, by the status every use of them must have."""


@pytest.fixture(scope="module")
def spec() -> dict[str, Any]:
    """The document with its overlay applied."""
    return overlaid(FOLDER)


def operations(spec: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for path, item in spec["paths"].items():
        assert list(item) == ["post"], f"{path}: every operation is a POST"
        yield path, item["post"]


def callbacks(spec: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for _, operation in operations(spec):
        for name, by_url in operation.get("callbacks", {}).items():
            for url, item in by_url.items():
                assert url == "{$request.body#/merchant/callbackUrl}"
                yield name, item["get"]


def decoded(parameter: str) -> dict[str, Any]:
    """What a callback's p holds, with or without its padding."""
    value: dict[str, Any] = json.loads(
        base64.urlsafe_b64decode(parameter + "=" * (-len(parameter) % 4))
    )
    return value


def test_nothing_is_missing(spec: dict[str, Any]) -> None:
    tags = Counter(operation["tags"][0] for _, operation in operations(spec))
    assert tags == {
        "token": 1, "credit": 5, "tds2": 2, "wallet": 6, "cash": 1, "order": 4, "member": 4,
        "verification": 2,
    }  # fmt: skip
    assert tags.total() == 25
    assert Counter(name for name, _ in callbacks(spec)) == {
        "callbackTds2Charge": 2, "callbackTds2Verification": 1, "callbackWalletCharge": 1,
        "callbackWalletApproval": 1, "callbackVerificationStart": 1,
    }  # fmt: skip
    schemas = spec["components"]["schemas"]
    assert len(schemas["CallbackEvent"]["enum"]) == 6
    assert set(spec["webhooks"]) == {
        "cashWebhook", "amazonPayCancelWebhook", "walletFrontendWebhook",
    }  # fmt: skip
    assert len(schemas["ProblemTitle"]["enum"]) == 23


def test_keys_slots_and_outcomes_follow_the_manual(spec: dict[str, Any]) -> None:
    keyed = {"$ref": "#/components/parameters/IdempotencyKey"}
    for path, operation in operations(spec):
        name, reads = operation["operationId"], operation["operationId"] in READS
        assert (keyed in operation["parameters"]) is not reads, name
        assert operation.get("x-safe", False) is reads, name
        assert ("x-outcome" in operation) is not reads, name
        most = 10 if path.startswith("/order/") else 5
        assert operation["x-in-flight"] == {"live": most, "test": most}, name
        # The table of limits has no row for these two, so their number is no fact.
        assert ("x-assumed" in operation) is ("/front-end/" in path), name


def test_every_title_has_its_status_and_one_example(spec: dict[str, Any]) -> None:
    shown = Counter[str]()
    codes = spec["components"]["schemas"]["ProblemTitle"]["x-error-codes"]
    for name, response in spec["components"]["responses"].items():
        for example in response["content"]["application/problem+json"]["examples"].values():
            problem = example["value"]
            shown[problem["title"]] += 1
            assert codes[problem["title"]]["status"] == STATUS_OF[name]
            assert codes[problem["title"]]["meaning"]
    assert shown == dict.fromkeys(codes, 1)
    for path, operation in operations(spec):
        for status, response in operation["responses"].items():
            if not status.startswith("2"):
                assert STATUS_OF[response["$ref"].rsplit("/", 1)[1]] == int(status), path


def test_callback_examples_decode_to_their_summary(spec: dict[str, Any]) -> None:
    events, padded = set[str](), set[bool]()
    for name, operation in callbacks(spec):
        (parameter,) = operation["parameters"]
        for example in parameter["examples"].values():
            value = decoded(example["value"])
            assert set(value) == {"accessId", "event", "csrfToken"}, name
            assert json.dumps(value) in example["summary"], name
            events.add(value["event"])
            padded.add(example["value"].endswith("="))
    schemas = spec["components"]["schemas"]
    assert events == set(schemas["CallbackEvent"]["enum"])
    assert padded == {True, False}, "both spellings of p are shown"
    assert {value["event"] for value in schemas["Callback"]["examples"]} == events


def test_amounts_are_yen_wherever_they_stand(spec: dict[str, Any]) -> None:
    found = {
        f"{name}.{member}"
        for name, schema in spec["components"]["schemas"].items()
        for member, value in schema.get("properties", {}).items()
        if value.get("x-unit") == "yen"
    }
    assert found == {
        "Order.amount", "OrderUpdateRequest.amount", "OrderReference.amount", "Item.price",
        "FraudDetectionData.shippingAmount", "BankTransferPaymentInformation.depositAmount",
    }  # fmt: skip
