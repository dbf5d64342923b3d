"""What the Unified spec is known to hold, counted and read: lint cannot tell what is missing."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from codegen.reading import load
from tests.support.specs import overlaid

FOLDER = Path(__file__).parents[3] / "specs" / "unified"

COMMANDS = {
    "pay", "subscribe", "updateOrder", "capture", "cancel", "charge", "terminate",
    "getTransactionResult",
}  # fmt: skip

RESULTS = """
    200 UA-000-001 success success
    200 UA-000-002 success confirm_payment
    200 UA-U00-001 success user_paying
    200 UA-P00-001 success provider_processing
    400 UA-REQ-001 failure confirm_request
    400 UA-REQ-002 failure confirm_request
    409 UA-REQ-003 failure confirm_request
    401 UA-REQ-004 failure confirm_merchant_info
    406 UA-REQ-005 failure retry_request
    400 UA-REQ-006 failure alternate_payment
    400 UA-REQ-007 failure confirm_payment_status
    401 UA-REQ-008 failure confirm_token
    404 UA-REQ-900 failure confirm_request
    502 UA-PRV-001 failure retry_request
    502 UA-PRV-002 failure confirm_payment_status
    502 UA-PRV-003 failure confirm_merchant_info
    502 UA-PRV-004 failure confirm_request
    503 UA-PRV-999 failure maintenance
    502 UA-CST-001 failure confirm_consumer
    502 UA-CST-002 failure retry_payment
    502 UA-CST-003 failure retry_payment
    429 UA-LMT-001 failure retry_request
    403 UA-LMT-002 failure confirm_merchant_info
    500 UA-PND-001 failure confirm_pending_status
    500 UA-SYS-001 error inquiry_support
    500 UA-SYS-002 error inquiry_support
    500 UA-SYS-003 error retry_request
    500 UA-SYS-004 error retry_request
"""
"""HTTP status, result code, status, action code: the guide's table of result codes."""

STATUS_OF = {
    "BadRequest": 400, "Unauthorized": 401, "Forbidden": 403, "NotFound": 404,
    "NotAcceptable": 406, "Conflict": 409, "TooManyRequests": 429, "InternalServerError": 500,
    "BadGateway": 502, "ServiceUnavailable": 503,
}  # fmt: skip
"""The shared answers, by the status every use of them must have."""

WALLETS = ("paypay", "rakuten", "docomo", "au", "merpay")
SINGLE, APPLICATION, PAYMENT = "single", "on-demand-application", "on-demand-payment"

WAYS = {
    "pay": (SINGLE,), "subscribe": (APPLICATION,), "updateOrder": (SINGLE, PAYMENT),
    "capture": (SINGLE, PAYMENT), "cancel": (SINGLE, PAYMENT), "charge": (PAYMENT,),
    "terminate": (APPLICATION,), "getTransactionResult": (SINGLE, APPLICATION, PAYMENT),
    "push": (SINGLE, APPLICATION, PAYMENT),
}  # fmt: skip
"""The guide's list of commands: which have a mark for which way of payment."""

SENT = """
    command         paypay   rakuten docomo   au       merpay
    pay             success  success success  success  success
    subscribe       success  success success  success  success
    updateOrder     -        always  -        always   -
    capture         always   always  always   always   always
    cancel          always   always  always   always   always
    charge          always   always  always   always   always
    terminate       always   -       always   always   always
    deregistraction provider -       provider provider provider
"""
"""The guide's table of webhook conditions."""


@pytest.fixture(scope="module")
def spec() -> dict[str, Any]:
    """The document with its overlay applied."""
    return overlaid(FOLDER)


def operations(spec: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for path, item in spec["paths"].items():
        assert list(item) == ["post"], f"{path}: every command is a POST"
        assert path == "/" + item["post"]["operationId"], "the path is the command's name"
        yield item["post"]["operationId"], item["post"]


def redirects(spec: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Command, member of control, operation."""
    for name, operation in operations(spec):
        for key, item in operation.get("callbacks", {}).get("redirect", {}).items():
            yield name, key.removeprefix("{$request.body#/control/").rstrip("}"), item["get"]


def examples(holder: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for media in holder["content"].values():
        for example in media["examples"].values():
            yield example["value"]


def test_eight_commands_under_one_base(spec: dict[str, Any]) -> None:
    assert {name for name, _ in operations(spec)} == COMMANDS
    assert {tag for _, operation in operations(spec) for tag in operation["tags"]} == {"payment"}
    assert [server["url"] for server in spec["servers"]] == [
        f"https://api.{box}unified.veritrans.{domain}/fep/command"
        for domain in ("jp", "co.jp")
        for box in ("sandbox.", "")
    ]
    assert set(spec["components"]["securitySchemes"]) == {"Bearer", "Hmac"}
    assert spec["security"] == [{"Bearer": []}, {"Hmac": []}], "one of them, not both"


def test_every_result_code_has_status_and_action(spec: dict[str, Any]) -> None:
    expected = {
        code: (int(http), status, action)
        for http, code, status, action in map(str.split, RESULTS.strip().splitlines())
    }
    schemas = spec["components"]["schemas"]
    codes = schemas["ResultCode"]["x-error-codes"]
    assert list(expected) == schemas["ResultCode"]["enum"]
    assert len(expected) == 28
    assert expected == {c: (s["status"], s["result"], s["action"]) for c, s in codes.items()}
    assert all(said["meaning"] for said in codes.values())
    assert {action for _, _, action in expected.values()} == set(schemas["ActionCode"]["enum"])
    assert len(schemas["ActionCode"]["enum"]) == 15
    assert {status for _, status, _ in expected.values()} == set(schemas["ResultStatus"]["enum"])


def test_every_error_has_one_example_and_its_status(spec: dict[str, Any]) -> None:
    codes = spec["components"]["schemas"]["ResultCode"]["x-error-codes"]
    shown = Counter[str]()
    for name, response in spec["components"]["responses"].items():
        for value in examples(response):
            said = codes[value["result"]["resultCode"]]
            shown[value["result"]["resultCode"]] += 1
            assert said["status"] == STATUS_OF[name]
            assert value["result"]["status"] == said["result"]
            assert value["result"]["actionCode"] == said["action"]
    assert shown == {code: 1 for code, said in codes.items() if said["status"] != 200}
    for name, operation in operations(spec):
        errors = {status: r for status, r in operation["responses"].items() if status != "200"}
        assert set(map(int, errors)) == set(STATUS_OF.values()), name
        for status, response in errors.items():
            assert STATUS_OF[response["$ref"].rsplit("/", 1)[1]] == int(status), name
        for value in examples(operation["responses"]["200"]):
            shown[value["result"]["resultCode"]] += 1
            assert codes[value["result"]["resultCode"]]["status"] == 200, name
    assert set(shown) == set(codes), "a result code that no example shows"


def test_keys_and_outcomes_follow_the_manual(spec: dict[str, Any]) -> None:
    keyed = {"$ref": "#/components/parameters/IdempotencyKey"}
    for name, operation in operations(spec):
        reads = name == "getTransactionResult"
        assert (keyed in operation.get("parameters", ())) is not reads, name
        assert operation.get("x-safe", False) is reads, name
        if not reads:
            # A lost answer took its fepReferenceId with it: there is nothing to ask with.
            assert operation["x-outcome"]["by"] == "replay", name
            assert (operation["x-outcome"]["ends"] == "paid") is (name == "charge"), name
            assert operation["x-idempotency"]["window"] == 24 * 60 * 60
    header = spec["components"]["parameters"]["IdempotencyKey"]["schema"]
    assert header["maxLength"] == 100
    assert re.fullmatch(header["pattern"], "Az09_-")
    assert not re.fullmatch(header["pattern"], "a b")


def test_what_is_assumed_of_every_command_stands_in_one_place(spec: dict[str, Any]) -> None:
    bare = load.read_yaml(FOLDER / "openapi.yaml")
    assert not [name for name, operation in operations(bare) if "x-assumed" in operation]
    assert len({operation["x-assumed"] for _, operation in operations(spec)}) == 1


def test_an_order_is_named_by_exactly_one_of_its_numbers(spec: dict[str, Any]) -> None:
    schemas = spec["components"]["schemas"]
    unions = {
        n: list(s["x-discriminate"]["by-present"]) for n, s in schemas.items() if "oneOf" in s
    }
    assert unions == {
        "OrderReference": ["paymentId", "fepOrderId"],
        "AgreementReference": ["paymentId", "fepOrderId"],
        "ChargeOrder": ["originalPaymentId", "originalFepOrderId"],
    }
    for name, members in unions.items():
        for member, branch in schemas[name]["x-discriminate"]["by-present"].items():
            (other,) = set(members) - {member}
            assert member in schemas[branch]["required"]
            assert other not in schemas[branch]["properties"]
    requests = {n: schemas[n[0].upper() + n[1:] + "Request"]["properties"] for n in COMMANDS}
    named = {n: said["order"]["$ref"] for n, said in requests.items() if "order" in said}
    assert {n: target.rsplit("/", 1)[1] for n, target in named.items()} == {
        "pay": "PayOrder", "subscribe": "SubscribeOrder", "updateOrder": "OrderReference",
        "capture": "OrderReference", "cancel": "OrderReference", "charge": "ChargeOrder",
        "terminate": "AgreementReference",
    }  # fmt: skip


def test_which_command_serves_which_wallet(spec: dict[str, Any]) -> None:
    found = {name: operation["x-wallets"] for name, operation in operations(spec)}
    found["push"] = spec["webhooks"]["push"]["post"]["x-wallets"]
    expected = {name: dict.fromkeys(WALLETS, ways) for name, ways in WAYS.items()}
    expected["updateOrder"] = {"rakuten": (SINGLE, PAYMENT), "au": (SINGLE,)}
    del expected["terminate"]["rakuten"]
    assert found == {
        name: {wallet: list(ways) for wallet, ways in said.items()}
        for name, said in expected.items()
    }
    assert spec["components"]["schemas"]["PayType"]["enum"] == list(WALLETS)


def test_members_of_some_wallets_only(spec: dict[str, Any]) -> None:
    found = {
        f"{name}.{member}": value["x-wallets"]
        for name, schema in spec["components"]["schemas"].items()
        for member, value in schema.get("properties", {}).items()
        if "x-wallets" in value
    }
    assert found == {
        "ChargeTransaction.recoveryType": ["paypay"],
        "Buyer.customerId": ["rakuten", "docomo", "au", "merpay"],
    }


def test_webhooks_come_under_the_printed_conditions(spec: dict[str, Any]) -> None:
    head, *rows = (line.split() for line in SENT.strip().splitlines())
    push = spec["webhooks"]["push"]["post"]
    assert push["x-sent-when"] == {
        command: {w: when for w, when in zip(head[1:], cells, strict=True) if when != "-"}
        for command, *cells in rows
    }
    commands = spec["components"]["schemas"]["Command"]["enum"]
    assert list(push["x-sent-when"]) == commands
    shown = {value["transaction"]["command"] for value in examples(push["requestBody"])}
    assert shown == set(commands), "a command that no webhook example shows"
    for command, wallets in push["x-sent-when"].items():
        if command != "deregistraction":
            assert set(wallets) == set(spec["paths"]["/" + command]["post"]["x-wallets"]), command


def test_redirect_examples_verify(spec: dict[str, Any]) -> None:
    """SHA-512 over CCID, values in the order of authParams, repeats included, and merchant key."""
    seen, repeats = set[tuple[str, str]](), 0
    for command, url, operation in redirects(spec):
        (parameter,) = operation["parameters"]
        assert parameter["explode"] is True
        for example in parameter["examples"].values():
            ccid, key = re.findall(r"(?:CCID|key) ([\w-]+)", example["summary"])
            value = example["value"]
            names = base64.b64decode(value["authParams"]).decode("ascii").split(",")
            text = ccid + "".join(value[name] for name in names) + key
            assert hashlib.sha512(text.encode("utf-8")).hexdigest() == value["vAuthInfo"]
            assert set(names) == set(value) - {"vAuthInfo", "authParams"}
            assert value["command"] == command
            repeats += len(names) > len(set(names))
        seen.add((command, url))
    assert repeats, "no example repeats a name, though the gateway does"
    assert seen == {
        (command, url)
        for command in ("pay", "subscribe")
        for url in ("successUrl", "cancelUrl", "errorUrl")
    }


def test_the_webhook_signature_shown_verifies(spec: dict[str, Any]) -> None:
    parameter = spec["components"]["parameters"]["ContentHmac"]
    ccid, key = re.findall(r"(?:CCID|key) ([\w-]+)", parameter["description"])
    notice = next(examples(spec["webhooks"]["push"]["post"]["requestBody"]))
    body = json.dumps(notice, ensure_ascii=False, separators=(",", ":"))
    digest = hmac.digest(key.encode(), f"{ccid}{body}{key}".encode(), "sha512").hex()
    assert parameter["example"] == f"h=HmacSHA512;s={ccid};v={digest}"


def test_amounts_are_yen_wherever_they_stand(spec: dict[str, Any]) -> None:
    schemas = spec["components"]["schemas"]
    assert schemas["Amount"]["x-unit"] == "yen"
    assert schemas["Amount"]["type"] == "string"
    found = {
        name
        for name, schema in schemas.items()
        for member, value in schema.get("properties", {}).items()
        if member == "amount" and value["$ref"].endswith("/Amount")
    }
    assert found == {
        "PayOrder", "SubscribeOrder", "OrderByPaymentId", "OrderByFepOrderId",
        "ChargeByOriginalPaymentId", "ChargeByOriginalFepOrderId", "Order",
    }  # fmt: skip
