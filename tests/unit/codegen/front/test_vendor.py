"""A document as gateways publish them: read, repaired, and nothing dropped."""

from __future__ import annotations

import copy
import json
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator

from codegen.linting.extensions import EXTENSIONS
from codegen.normalising import hoist, normalise, places, shape
from codegen.problems import Repair
from codegen.reading import tree
from codegen.reading.load import read_yaml

ROOT = Path(__file__).parents[4]
FIXTURE = Path(__file__).parent / "fixtures" / "vendor.yaml"


@pytest.fixture(scope="module")
def normal() -> tuple[dict[str, Any], list[Repair]]:
    return normalise(read_yaml(FIXTURE))


def _schema(document: dict[str, Any], name: str) -> dict[str, Any]:
    found: dict[str, Any] = document["components"]["schemas"][name]
    return found


def test_every_operation_answer_callback_and_webhook_survives_by_name(
    normal: tuple[dict[str, Any], list[Repair]],
) -> None:
    document, _ = normal
    found = {
        (place.kind, place.name, str(place.operation["operationId"])): (
            f"{place.method} {place.path}",
            sorted(tree.obj(place.operation["responses"])),
        )
        for place in places.operations(document)
    }
    body = "post {$request.body#/callbackUrl}"
    assert found == {
        ("operation", "create", "create"): ("post /payments", ["201", "4XX"]),
        ("callback", "approved", "approved"): (body, ["2XX"]),
        ("operation", "paymentsPaymentIdRefund", "paymentsPaymentIdRefund"): (
            "post /payments/{paymentId}/refund",
            ["200", "202"],
        ),
        ("callback", "approved", "approvedPaymentsPaymentIdRefund"): (body, ["2XX"]),
        ("callback", "result", "result"): ("post {$request.body}", ["200"]),
        ("operation", "payment", "payment"): ("get /payments/{paymentId}", ["200"]),
        ("operation", "getWallets", "getWallets"): ("get /wallets", ["200", "5XX"]),
        ("webhook", "settled", "notice"): ("post settled", ["2XX"]),
        ("webhook", "charged-back", "chargedBack"): ("post charged-back", ["200"]),
    }


def test_every_repair_is_reported_with_its_place_and_reason(
    normal: tuple[dict[str, Any], list[Repair]],
) -> None:
    _, repairs = normal
    assert all(repair.what and repair.why for repair in repairs)
    assert Counter(repair.code for repair in repairs) == {
        "version": 1,
        "media-type": 2,
        "alias": 1,
        "webhooks": 1,
        "ref": 5,
        "unused": 1,
        "callback-key": 1,
        "status": 5,
        "token-url": 2,
        "nullable": 5,
        "exclusive": 1,
        "schema-name": 2,
        "operation-id": 4,
        "event-name": 1,
        "type": 5,
        "required": 2,
        "pattern": 4,
        "title": 6,
        "union": 5,
    }


def test_the_result_is_openapi_3_1_and_needs_no_further_repair(
    normal: tuple[dict[str, Any], list[Repair]],
) -> None:
    document, _ = normal
    assert list(OpenAPIV31SpecValidator(document).iter_errors()) == []
    again, repairs = normalise(document)
    assert again == document
    assert repairs == []


def test_the_source_is_not_touched() -> None:
    source = read_yaml(FIXTURE)
    before = copy.deepcopy(source)
    normalise(source)
    assert source == before


@pytest.mark.parametrize("seed", ["1", "2"])
def test_the_result_does_not_depend_on_the_hash_seed(
    normal: tuple[dict[str, Any], list[Repair]], seed: str
) -> None:
    script = (
        "import json, sys; from pathlib import Path; from codegen.reading.load import read_yaml; "
        "from codegen.normalising import normalise; "
        "print(json.dumps(normalise(read_yaml(Path(sys.argv[1])))))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, str(FIXTURE)],
        cwd=ROOT, env={**os.environ, "PYTHONHASHSEED": seed}, capture_output=True, check=True,
    )  # fmt: skip
    assert json.loads(done.stdout) == json.loads(json.dumps(normal))
    # Equal as values is not enough: the order of keys goes into the printed files.
    assert done.stdout.decode().strip() == json.dumps(normal)


def test_each_extension_and_each_repair_is_documented(
    normal: tuple[dict[str, Any], list[Repair]],
) -> None:
    text = (ROOT / "codegen" / "EXTENSIONS.md").read_text(encoding="utf-8")
    for name in EXTENSIONS:
        assert f"`{name}`" in text
    for code in {repair.code for repair in normal[1]}:
        assert f"`{code}`" in text


def test_every_object_enum_and_union_is_a_component(
    normal: tuple[dict[str, Any], list[Repair]],
) -> None:
    document, _ = normal
    schemas = document["components"]["schemas"]
    for slot in shape.roots(document):
        assert slot.holder is schemas or not shape.needs_name(slot.value), slot.pointer
    for pointer, schema in shape.all_schemas(document):
        for slot in shape.children(schema, pointer):
            assert not shape.needs_name(slot.value), slot.pointer
    keys = [hoist.key_of(name) for name in schemas]
    assert len(keys) == len(set(keys))
    titles = [s["title"] for _, s in shape.all_schemas(document) if "title" in s]
    assert titles == []


def test_every_reference_leads_somewhere(normal: tuple[dict[str, Any], list[Repair]]) -> None:
    document, _ = normal
    for _, holder in tree.walk_structure(document):
        if tree.ref_of(holder) is not None:
            tree.deref(document, holder)
    callbacks = [p for p in places.operations(document) if p.kind == "callback"]
    assert all("$ref" not in place.operation for place in callbacks)


def test_unions_are_told_apart_by_what_their_branches_say(
    normal: tuple[dict[str, Any], list[Repair]],
) -> None:
    document, _ = normal
    rules = {
        name: schema["x-discriminate"]
        for name, schema in document["components"]["schemas"].items()
        if "x-discriminate" in schema
    }
    assert rules == {
        "CreateRequestSource": {
            "by-present": {
                "cardNumber": "CreateRequestSourcePayment",
                "tokenText": "CreateRequestSourceToken",
            }
        },
        "CreateResponse": {
            "by-value": {
                "pointer": "/order/state",
                "mapping": {"PAID": "Paid", "WAITING": "Waiting", "HELD": "Waiting"},
            }
        },
        "PaymentsPaymentIdRefundResponse200": {
            "by-present": {"card": "CardRefund", "wallet": "WalletRefund"}
        },
    }


def test_members_types_and_limits_are_repaired(
    normal: tuple[dict[str, Any], list[Repair]],
) -> None:
    document, _ = normal
    request = _schema(document, "CreateRequest")
    assert request["required"] == ["amount", "method"]
    assert request["properties"]["amount"]["pattern"] == "^[0-9]{1,8}$"
    assert request["properties"]["threshold"]["pattern"] == "^(?:DENY|CHALLENGE)$"
    line = _schema(document, "CreateRequestLinesItem")
    assert line["type"] == "object"
    assert line["properties"]["price"]["type"] == "integer"
    assert line["properties"]["unit"] == {
        "anyOf": [{"$ref": "#/components/schemas/CreateRequestLinesItemUnit"}, {"type": "null"}]
    }
    assert _schema(document, "CreateRequestLinesItemUnit")["enum"] == ["piece", "kilogram"]
    assert _schema(document, "OrderBase")["properties"]["amount"] == {
        "type": "integer",
        "exclusiveMinimum": 0,
    }
    assert _schema(document, "Purpose") == {"type": "string", "enum": ["SALE", "GIFT", "LOAN"]}
    memo = {"anyOf": [{"$ref": "#/components/schemas/Memo"}, {"type": "null"}]}
    refund = _schema(document, "Refund")["properties"]
    assert refund["memo"] == memo
    assert refund["contact"] == {"type": ["string", "null"]}
    assert refund["previous"] == {**memo, "description": "the last one"}
    flows = document["components"]["securitySchemes"]["OAuth"]["flows"]
    assert flows["clientCredentials"]["tokenUrl"] == "https://auth.kaede.invalid/token"
    assert flows["authorizationCode"]["tokenUrl"] == "/oauth/token"
