"""The PAYTREE clients' own traffic against the spec, and what is signed against the mock's reading.

Two rooms work out the canonical text of a message, each by itself: the client's and the mock's.
Whatever message there can be, they have to agree, or no signature would ever be right.
"""

from __future__ import annotations

import base64
import functools
import json
import logging
from collections import defaultdict
from decimal import Decimal
from pathlib import Path
from typing import Any

import httpx2
import jsonschema_rs
import pytest
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.serialization import load_pem_public_key
from hypothesis import given
from hypothesis import settings as limits
from hypothesis import strategies as st
from kessai.errors import KessaiError
from kessai_mock.paytree import signatures
from kessai_mock.paytree.simulation import CLASSES
from kessai_paytree import (
    ConfirmRequest,
    DepositRequest,
    PayRequest,
    PayType,
    RefundRequest,
    ReverseRequest,
    signing,
)

from codegen.document import load_provider
from tests.faults.paytree_wire import Caller, World
from tests.support.contract_asgi import Answer
from tests.support.contract_schemathesis import Operation, Request, Schema
from tests.unit.mock.paytree.driver import canonical, keys

ROOT = Path(__file__).parents[2]
MANY = PayType.AUTO_DETECT, PayType.PAYPAY, PayType.LINE_PAY, PayType.ONEPAY_WECHAT


class Traffic(World):
    """A world that holds whatever passes against the spec."""

    def __init__(self, document: dict[str, Any], schema: Schema) -> None:
        super().__init__()
        self._document = document
        self._by_path: dict[str, Operation] = {operation.path: operation for operation in schema}
        self._bodies: dict[str, jsonschema_rs.Validator] = {}
        self.answered: defaultdict[str, set[str]] = defaultdict(set)
        self.wallets: set[str] = set()
        self.mistakes: list[str] = []

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        response = await super().handle_async_request(request)
        self.watch(request, response)
        return response

    def close(self) -> None:
        """A client closes its transport; this one outlives it."""

    def end(self) -> None:
        """End it."""
        super().close()

    def watch(self, request: httpx2.Request, response: httpx2.Response) -> None:
        """One exchange."""
        operation = self._by_path.get(request.url.path)
        if operation is None:
            self.mistakes.append(f"no operation of the spec: {request.method} {request.url.path}")
            return
        lines = list(request.headers.multi_items())
        sent = Request(request.method, str(request.url), lines, request.content)
        answer = Answer(
            response.status_code, list(response.headers.multi_items()), response.content
        )
        found = [
            *self._request(operation, request),
            *(operation.mistakes(sent, answer) if response.status_code == 200 else ()),
        ]
        self.mistakes += [f"{operation.id}: {mistake}" for mistake in found]
        if response.status_code == 200:
            self.answered[operation.id].add(response.json()["code"])

    def _request(self, operation: Operation, request: httpx2.Request) -> list[str]:
        found: list[str] = []
        if request.method != "POST" or request.url.query:
            found.append("not a plain POST")
        if request.headers.get("content-type") != "application/json":
            found.append("content type")
        if operation.id not in self._bodies:
            content = self._document["paths"][operation.path]["post"]["requestBody"]["content"]
            self._bodies[operation.id] = jsonschema_rs.Draft202012Validator(
                {
                    "components": self._document["components"],
                    **content["application/json"]["schema"],
                },
                validate_formats=True,
            )
        body: Any = json.loads(request.content)
        self.wallets.add(str(body.get("payType")))
        errors = self._bodies[operation.id].iter_errors(body)
        found += [f"{list(error.instance_path)}: {error.message[:100]}" for error in errors]
        if "" in body.values() or None in body.values():
            found.append("a member that says nothing")
        key = load_pem_public_key(keys("till").public_pem)
        assert isinstance(key, RSAPublicKey)
        text = canonical(body)  # worked out a third time, by the tests
        key.verify(base64.b64decode(body["sign"]), text, PKCS1v15(), SHA1())
        return found


@pytest.fixture
def traffic() -> Traffic:
    document = load_provider(ROOT, "paytree").document
    return Traffic(document, Schema(document))


@pytest.fixture(autouse=True)
def quiet(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.CRITICAL, "kessai_paytree")


def tell(till: Caller, traffic: Traffic) -> None:
    """A day at the till: every request, every wallet's code, and a bad network."""

    def ask(name: str, request: Any) -> Any:
        try:
            return till.call(name, request)
        except KessaiError as error:
            return error

    orders: list[str] = []
    for number, kind in enumerate(MANY):
        receipt = "R" * 32 if number % 2 else None
        paid = ask(
            "pay",
            PayRequest(
                pay_type=kind,
                amount=(1, Decimal("1980.9"), 10**15 - 1, 250)[number],
                user_code="9" * 512 if number else "お客様のコード",
                receipt_no=receipt,
                remark="備考" * 64 if number % 2 else None,
            ),
        )
        orders.append(paid.order_id)
    gateway = traffic.mock.gateway
    for test_class in range(CLASSES["pay"]):
        gateway.simulation.pay = test_class
        ask("pay", PayRequest(pay_type=PayType.PAYPAY, amount=100, user_code=f"C{test_class}"))
    gateway.simulation.pay = 0
    for operation in ("pay", "refund", "reverse", "deposit", "confirm"):
        traffic.mock.next(operation=operation, code="SYSTEM_ERROR")
        traffic.mock.next(operation=operation, status=502)
    for reason in (None, "理由" * 128):
        ask(
            "refund",
            RefundRequest(order_id=orders[1], refund_amount=Decimal("9.99"), refund_reason=reason),
        )
        ask("refund", RefundRequest(order_id=orders[3], refund_amount=250, remark=reason))
    for card in "12":
        ask("pay", PayRequest(pay_type=PayType.PAYPAY, amount=7, user_code=f"again{card}"))
        ask("reverse", ReverseRequest(order_id=orders[0]))
        for amount, last in ((3000, card), (10**15 - 1, "8")):
            code = "8" * 31 + last
            ask("deposit", DepositRequest(pay_type=PayType.LINE_PAY, amount=amount, user_code=code))
    ask("refund", RefundRequest(order_id="nobody's", refund_amount=1))
    ask("reverse", ReverseRequest(order_id="nobody's"))
    for detect in (False, True):
        ask("confirm", ConfirmRequest(order_id=orders[2], auto_detect=detect))
        ask("confirm", ConfirmRequest(request_id="nobodys", auto_detect=detect))
    for modes in (["lost after"], ["lost before"] * 2, ["lost after"] * 4):
        for kind in (PayType.PAYPAY, PayType.AUTO_DETECT):
            traffic.script(modes)  # type: ignore[arg-type]  # a list of literals
            ask("pay", PayRequest(pay_type=kind, amount=5, user_code=f"{kind}{len(modes)}"))


@pytest.mark.parametrize("flavour", ["sync", "async"])
def test_whatever_the_client_sends_and_takes_is_in_the_spec(
    flavour: str, traffic: Traffic, tmp_path: Path
) -> None:
    till = Caller(flavour, traffic, tmp_path)
    tell(till, traffic)
    till.close()
    traffic.end()
    assert not traffic.mistakes, "\n".join(traffic.mistakes[:10])
    told = traffic.answered
    assert set(told) == {
        *("pay", "payV1", "refund", "reverse", "deposit", "confirm", "confirmV1"),
    }
    assert [name for name in told if "SUCCESS" not in told[name]] == [], told
    assert told["confirm"] >= {"ORDER_NOT_FOUND", "CUSTOMER_STOPPED", "APPROVAL_TIMEOUT"}
    assert told["pay"] >= {"USER_CODE_ERROR", "INSUFFICIENT_BALANCE", "SYSTEM_ERROR"}
    assert traffic.wallets >= {str(kind) for kind in MANY}


def test_wrong_traffic_is_noticed(traffic: Traffic) -> None:
    """The watch itself."""
    body: dict[str, Any] = {"requestId": "no number", "payType": "PayPay", "remark": ""}
    body["sign"] = signing.sign(body, signing.load_private_key(keys("till").private_pem))
    request = httpx2.Request("POST", "http://127.0.0.1:8805/pay?x=1", json=body)
    traffic.watch(request, httpx2.Response(200, json={"code": 7}, request=request))
    traffic.watch(httpx2.Request("GET", "http://127.0.0.1:8805/other"), httpx2.Response(200))
    for part in (
        "no operation",
        "not a plain POST",
        "says nothing",
        '"amount" is a required',
        "violates",
    ):
        assert any(part in mistake for mistake in traffic.mistakes), (part, traffic.mistakes)
    traffic.end()


TEXTS = st.text(max_size=8) | st.sampled_from(["", "=", "&", "{a=1}", "[1,2]", "ﾊﾝｶｸ", "😀", "\0"])
SCALARS = st.none() | st.booleans() | st.integers() | TEXTS
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=8,
)
MESSAGES = st.dictionaries(TEXTS | st.just("sign"), VALUES, max_size=5)


@given(MESSAGES)
@limits(max_examples=250, deadline=None, derandomize=True, database=None)
def test_client_and_mock_sign_the_same_text(message: dict[str, Any]) -> None:
    assert signing.canonical(message) == signatures.canonical(message).encode()


@given(st.floats(allow_nan=False, allow_infinity=False))
@limits(max_examples=150, deadline=None, derandomize=True, database=None)
def test_numbers_with_a_point_too(number: float) -> None:
    """None of the spec's, but an answer may have members that no spec knows."""
    written = json.loads(json.dumps({"number": number}))
    assert signing.canonical(written) == signatures.canonical(written).encode()


@functools.cache
def loaded() -> tuple[RSAPrivateKey, RSAPublicKey]:
    """The gateway's keys, by the mock and by the client."""
    pair = keys("gateway")
    return signatures.private_key(pair.private_pem), signing.load_public_key(pair.public_pem)


@given(MESSAGES)
@limits(max_examples=25, deadline=None, derandomize=True, database=None)
def test_what_one_signs_the_other_believes(message: dict[str, Any]) -> None:
    private, public = loaded()
    theirs = json.loads(json.dumps(signatures.signed(message, private)))
    assert signing.verify(theirs, theirs["sign"], public)
    ours = {**message, "sign": signing.sign(message, private)}
    assert signatures.is_signed(ours, private.public_key())
    changed = {**theirs, "amount": "1"} if theirs.get("amount") != "1" else {"amount": "2"}
    assert not signing.verify(changed, theirs["sign"], public)
