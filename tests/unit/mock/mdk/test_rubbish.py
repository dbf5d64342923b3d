"""Requests nobody should send: each is answered, none is a fault of the mock, the books hold."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import pytest
from kessai_mock.mdk import MERCHANT_CCID, MERCHANT_SECRET_KEY

from codegen.document import load_provider
from tests.unit.mock.mdk.driver import FORM, Driver, sealed, sha256

ROOT = Path(__file__).parents[4]
SETTINGS = {"txnVersion": "2.0.1", "dummyRequest": "1", "merchantCcid": MERCHANT_CCID}
RUBBISH: tuple[Any, ...] = (
    "\ud800", "1" * 5000, "１２", "²", "", "0", "-1", "99999999", "20260230", "2026/02/30",
    "2026/1/5", "a\x00b", None, 5, 1.5, True, [], {}, ["x"], {"x": "y"}, "é" * 300, "true", "09",
)  # fmt: skip


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    """The normalised document of specs/mdk."""
    return load_provider(ROOT, "mdk").document


def _members(document: dict[str, Any], schema: dict[str, Any]) -> list[str]:
    found = document["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    return sorted(found["properties"])


@pytest.mark.parametrize("seed", [1, 2])
def test_rubbish_is_answered(mock: Driver, document: dict[str, Any], seed: int) -> None:
    chance = random.Random(seed)
    answered = 0
    for path, item in document["paths"].items():
        content = item["post"]["requestBody"]["content"]["application/json"]
        if path == "/4gtoken":
            continue
        service, names = path.rpartition("/")[2], _members(document, content["schema"])
        for _ in range(20):
            body = dict(content["examples"]["example"]["value"])
            body["orderId"] = f"{service}-{chance.randrange(12)}"
            if "originalOrderId" in body:
                body["originalOrderId"] = f"{service}-{chance.randrange(12)}"
            if "payNowIdParam" in body:
                body["payNowIdParam"] = {"token": mock.token()}
            for _ in range(chance.choice([0, 1, 1, 2, 3])):
                body[chance.choice(names)] = chance.choice(RUBBISH)
            text = json.dumps({**body, **SETTINGS}, separators=(",", ":"))
            hashed = sha256(MERCHANT_CCID, text, MERCHANT_SECRET_KEY)
            address = f"/test-{path[1:]}"
            answer = mock.request("POST", address, headers=FORM, content=sealed(text, hashed))
            assert (answer.status, mock.gateway.faults) == (200, []), body
            answered += answer.mstatus == "success"
    assert answered > 50
    for page in list(mock.gateway.pages.values()):
        for query in ("", "?outcome=success", "?outcome=x", "?bank=0001", "?outcome=pay"):
            assert mock.get(f"/pages/{page.order.service}/{page.key}{query}").status < 500
    mock.advance(400 * 86_400)
    mock.balances()
