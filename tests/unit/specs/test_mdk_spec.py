"""What the MDK spec is known to hold, counted and read: lint cannot tell what is missing."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from codegen import tables
from codegen.reading import load, overlay

FOLDER = Path(__file__).parents[3] / "specs" / "mdk"

FIELDS = """
    card    Authorize 45 63    Cancel 30 56    Capture 19 54    ReAuthorize 39 53    Retry 2 50
    mpi     Authorize 88 27    GetResult 1 24  ReAuthorize 88 27
    cvs     Authorize 15 2     Cancel 3 0
    bank    Authorize 23 8
    upop    Authorize 5 1      Cancel 1 9      Capture 2 9      Refund 2 9
    paypal  Authorize 19 19    Cancel 2 0      Capture 19 19    Refund 3 7
    alipay  Authorize 15 9     Confirm 2 4     CreateIdentityCode 6 2            Refund 3 2
    carrier Authorize 27 6     Cancel 7 2      Capture 3 1      ReAuthorize 5 3  Terminate 8 3
    carrier UpdateAuthorize 3 1
    oricosc Authorize 29 1
    search  Search 7 4
    paypay  Authorize 20 5     AuthorizeConfirm 3 3             Cancel 2 1       Capture 4 2
    paypay  ReAuthorize 9 4    Refund 7 2      Terminate 7 4
    rakuten Authorize 18 9     Cancel 6 7      Capture 2 5      Confirm 2 2      ReAuthorize 6 16
    rakuten UpdateAuthorize 3 9
    merpay  Authorize 40 2     Cancel 2 1      Capture 3 1      ReAuthorize 6 3  Refund 6 3
    merpay  Terminate 2 1
"""
"""Service, then each command with the number of its fields in request and answer."""

TOKEN_SERVER = "token"
"""The one operation that is no command of the kit."""
ONLY_ASK = {"alipayConfirm", "alipayCreateIdentityCode", "mpiGetResult", "rakutenConfirm"}
ENVELOPE = {"merchantCcid", "txnVersion", "dummyRequest", "authHash", "params"}
RESULT = {
    "serviceType", "mstatus", "vResultCode", "merrMsg", "marchTxn", "orderId", "custTxn",
    "txnVersion", "optionResults",
}  # fmt: skip
CARD_DATA = {
    "cardNumber", "cardExpire", "securityCode", "cardholderName", "pin", "jis1SecondTrack",
    "jis2Track", "jcnToken", "token", "dddCavv", "reqCardNumber", "reqCardExpire",
    "reqSecurityCode", "req3dCavv", "billingToken", "vAuthInfo", "authInfo",
}  # fmt: skip

OPEN = {
    "OptionParams", "FraudDetectionRequest", "FraudDetectionV2Part", "FraudDetectionDetail",
    "OtherSearchParameter",
}  # fmt: skip
"""Objects that any member may be set in, and that keep what comes: their members are other
companies' or another service's."""
LEFT_OUT = {
    ("ProperOrderInfo", "properTransactionInfo"),
    ("ProperTransactionInfo", "transactionApis"),
    ("ProperTransactionInfo", "transactionCards"),
}
"""Rows that are no members: their shape is unknown."""


def counted() -> Iterator[tuple[str, str, int, int]]:
    for line in filter(None, map(str.strip, FIELDS.splitlines())):
        service, *words = line.split()
        for at in range(0, len(words), 3):
            yield service, words[at], int(words[at + 1]), int(words[at + 2])


@pytest.fixture(scope="module")
def compiled() -> tables.Compiled:
    return tables.compile_tables(FOLDER)


@pytest.fixture(scope="module")
def document(compiled: tables.Compiled) -> dict[str, Any]:
    return overlay.apply(compiled.document, load.read_yaml(FOLDER / "overlay.yaml"))[0]


@pytest.fixture(scope="module")
def schemas(document: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = document["components"]["schemas"]
    return found


@pytest.fixture(scope="module")
def operations(document: dict[str, Any]) -> dict[str, Any]:
    found = {item["post"]["operationId"]: item["post"] for item in document["paths"].values()}
    return {name: given for name, given in found.items() if name != TOKEN_SERVER}


@cache
def table(service: str) -> dict[str, Any]:
    return load.read_yaml(FOLDER / "services" / f"{service}.yaml")


def test_every_field_of_every_command_has_its_row() -> None:
    found = {
        (service, command, len(given["request"]), len(given["answer"]))
        for service in {service for service, _, _, _ in counted()}
        for command, given in table(service)["commands"].items()
    }
    assert found == set(counted())
    assert len({service for service, *_ in found}) == 13
    assert len(found) == 50


def test_the_compiled_document_has_every_row_and_what_is_common(
    schemas: dict[str, Any], operations: dict[str, Any]
) -> None:
    assert len(operations) == 50
    for service, command, _, _ in counted():
        title = service[:1].upper() + service[1:] + command
        given = table(service)["commands"][command]
        rows = {row["name"] for row in given["request"]}
        common: set[str] = set() if given.get("common") is False else {"payNowIdParam"}
        assert set(schemas[title + "Request"]["properties"]) == rows | common, title
        answered = {row["name"] for row in given["answer"]} | RESULT
        assert set(schemas[title + "Result"]["properties"]) == answered, title
        assert schemas[title + "Response"]["required"] == ["result"]
        assert schemas[title + "Result"]["required"] == ["mstatus"]


def test_openapi_yaml_is_what_the_tables_say(compiled: tables.Compiled) -> None:
    assert (compiled.services, compiled.commands, compiled.fields) == (14, 51, 1224 + 12)
    assert compiled.text == (FOLDER / "openapi.yaml").read_text(encoding="utf-8")


def test_paths_are_command_and_service(document: dict[str, Any]) -> None:
    paths = dict(document["paths"])
    del paths["/4gtoken"]
    for path, item in paths.items():
        name, version, command, service = path.strip("/").split("/")
        assert item["post"]["operationId"] == service + command
        assert item["post"]["tags"] == [service]
        assert name == ("paynow-search" if service == "search" else "paynow")
        assert version == "v2"


def test_the_envelope_is_not_in_any_request(schemas: dict[str, Any]) -> None:
    for name, schema in schemas.items():
        if name.endswith("Request") and "properties" in schema:
            assert not ENVELOPE & set(schema["properties"]), name


def test_the_token_server_stands_apart(document: dict[str, Any], schemas: dict[str, Any]) -> None:
    operation = document["paths"]["/4gtoken"]["post"]
    assert (operation["operationId"], operation["tags"]) == ("token", ["token"])
    assert "PCI DSS, only" in operation["description"]
    assert operation["servers"][0]["url"] == document["servers"][0]["url"]
    assert "x-outcome" not in operation
    assert operation["x-safe"] is True
    bodies = {
        status: operation["responses"][status]["content"]["application/json"]["schema"]["$ref"]
        for status in ("200", "400")
    }
    assert set(bodies.values()) == {"#/components/schemas/TokenResponse"}
    request, answer = schemas["TokenRequest"], schemas["TokenResponse"]
    assert list(request["properties"]) == [
        "token_api_key", "card_number", "card_expire", "security_code", "cardholder_name", "lang",
    ]  # fmt: skip
    harmless = {name for name, given in request["properties"].items() if "x-sensitive" not in given}
    assert harmless == {"lang"}
    assert answer["required"] == ["status"]
    assert answer["properties"]["token"]["x-sensitive"] is True


def test_scalars_of_requests_are_texts(schemas: dict[str, Any]) -> None:
    for name, schema in schemas.items():
        if name.endswith(("Request", "Param", "SearchParameter")):
            for member, given in schema.get("properties", {}).items():
                assert "$ref" in given or given["type"] in {"string", "array"}, (name, member)


def test_nothing_is_sent_twice(operations: dict[str, Any]) -> None:
    for name, operation in operations.items():
        assert "x-idempotency" not in operation
        assert ("x-safe" in operation) == (name in ONLY_ASK | {"searchSearch"}), name
        if "x-safe" in operation:
            continue
        rule = operation["x-outcome"]
        if name in {"mpiAuthorize", "mpiReAuthorize"}:
            assert rule["by"] == "mpiGetResult"
            assert rule["ask"] == {"orderId": "/orderId"}
        else:
            assert rule["by"] == "searchSearch"
            assert rule["ask"] == {"/searchParameters/common/orderId": "/orderId"}


def test_only_commands_under_a_new_order_number_are_settled_by_their_state(
    operations: dict[str, Any],
) -> None:
    settled = {name for name, op in operations.items() if op.get("x-outcome", {}).get("done")}
    new = {name for name in operations if name.endswith(("Authorize", "ReAuthorize"))}
    again = {name for name in new if name.endswith("UpdateAuthorize")} | {"paypalAuthorize"}
    assert settled == new - again
    for name in set(operations) - settled:
        assert "failed" not in operations[name].get("x-outcome", {}), name


def test_card_data_and_proofs_are_secret(schemas: dict[str, Any]) -> None:
    met: set[str] = set()
    for name, schema in schemas.items():
        for member, given in schema.get("properties", {}).items():
            if member in CARD_DATA:
                met.add(member)
                assert given.get("x-sensitive") is True, (name, member)
    assert met == CARD_DATA


def test_who_notifies_and_where_browsers_come_back(
    document: dict[str, Any], operations: dict[str, Any]
) -> None:
    assert set(document["webhooks"]) == {
        f"{service}Notice"
        for service in (
            "mpi", "cvs", "bank", "upop", "alipay", "paypal", "carrier", "oricosc", "paypay",
            "rakuten", "merpay",
        )
    }  # fmt: skip
    methods = {
        callback: next(iter(next(iter(keyed.values()))))
        for operation in operations.values()
        for callback, keyed in operation.get("callbacks", {}).items()
    }
    posts = {"mpiReturn", "upopReturn", "alipayReturn"}
    assert {name for name, method in methods.items() if method == "post"} == posts
    assert len(methods) == 9


def test_a_browser_brings_the_order_number_of_3d_secure_with_a_capital(
    schemas: dict[str, Any],
) -> None:
    assert "OrderId" in schemas["MpiReturn"]["properties"]
    assert "orderId" not in schemas["MpiReturn"]["properties"]
    for service in ("upop", "alipay"):
        assert "authInfo" in schemas[f"{service.title()}Return"]["properties"]
        assert "vAuthInfo" not in schemas[f"{service.title()}Return"]["properties"]


@pytest.mark.parametrize(
    ("component", "member", "limit"),
    [
        ("CardAuthorizeRequest", "amount", "^[0-9]{1,8}$"),
        ("CvsAuthorizeRequest", "amount", "^[0-9]{1,6}$"),
        ("UpopAuthorizeRequest", "amount", "^[0-9]{1,12}$"),
        ("CarrierAuthorizeRequest", "amount", "^[0-9]{1,12}$"),
        ("MerpayAuthorizeRequest", "amount", "^[0-9]{1,7}$"),
    ],
)
def test_amounts_are_yen(schemas: dict[str, Any], component: str, member: str, limit: str) -> None:
    schema = schemas[component]["properties"][member]
    assert (schema["type"], schema["x-unit"], schema["pattern"]) == ("string", "yen", limit)


def test_alipay_amounts_are_not_always_yen(schemas: dict[str, Any]) -> None:
    assert "x-unit" not in schemas["AlipayAuthorizeRequest"]["properties"]["amount"]


def test_what_is_left_open_is_known_and_nothing_else_is(schemas: dict[str, Any]) -> None:
    objects = {name: given for name, given in schemas.items() if given.get("type") == "object"}
    assert {name for name, given in objects.items() if not given.get("properties")} == OPEN
    assert all(objects[name]["additionalProperties"] is True for name in OPEN)
    tables_of_objects = [load.read_yaml(path) for path in FOLDER.glob("shared/objects-*.yaml")]
    left_out = {
        (name, row["name"])
        for one in tables_of_objects
        for name, given in one["objects"].items()
        for row in given["fields"]
        if "leftOut" in row
    }
    assert left_out == LEFT_OUT


def test_every_service_described_has_its_own_search_keys(schemas: dict[str, Any]) -> None:
    keys = schemas["SearchParameters"]["properties"]
    for service in {service for service, *_ in counted()} - {"search"}:
        name = f"{service[:1].upper()}{service[1:]}SearchParameter"
        assert keys[service]["$ref"] == f"#/components/schemas/{name}"
        state = schemas[name]["properties"]["detailOrderType"]
        assert (state["type"], "x-assumed" in state) == ("array", False)
