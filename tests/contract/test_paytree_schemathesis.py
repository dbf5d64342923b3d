"""The mock of PAYTREE against the spec, driven by schemathesis.

Each operation is asked whatever the coverage and fuzzing phases think of, then the same about
orders made a moment ago. Whatever is an object is signed as it is, by the client's own room, so
that client and mock have to agree on the canonical string of anything that can be thought of. Every
answer has to be one the spec documents, signed if it is PAYTREE's, and every status has to have
been answered.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Generator
from pathlib import Path
from typing import Any, cast

import jsonschema_rs
import pytest
from kessai_mock.paytree import KeyPair, Settings, create_app
from kessai_mock.replies import compact
from kessai_paytree import signing

from codegen.document import load_provider
from tests.support.contract_asgi import ORIGIN, Answer
from tests.support.contract_schemathesis import Case, Operation, Request, Schema, send
from tests.support.contract_stage import JSON, Stage

SHOWN = 8  # failures of one operation that are written out
Body = dict[str, Any]


class Mock(Stage):
    """One mock in this process, and a till that signs."""

    def __init__(self) -> None:
        till, gateway = KeyPair.generate(), KeyPair.generate()
        told = Settings(merchant_public_key=till.public_pem, private_key=gateway.private_pem)
        super().__init__(lambda _: create_app(seed=1, settings=told))
        self.private = signing.load_private_key(till.private_pem)
        self.public = signing.load_public_key(gateway.public_pem)

    def sign(self, request: Request) -> Request:
        """The request with a signature over what it really holds."""
        try:
            members: Any = json.loads(request.content)
        except ValueError:
            return request
        if not isinstance(members, dict):
            return request
        given: Body = {**cast("Body", members)}
        given["sign"] = signing.sign(given, self.private)
        return request._replace(content=json.dumps(given).encode())

    def ask(self, operation: str, body: Body) -> Body:
        """A request that has to succeed."""
        lines = [("content-type", JSON)]
        answer = send(
            self.app,
            self.sign(Request("POST", f"{ORIGIN}/{operation}", lines, json.dumps(body).encode())),
        )
        told: Body = answer.json()
        assert told["code"] == "SUCCESS", told
        return told


def _order(mock: Mock, body: Body, operation: str = "pay") -> str:
    """An order of the same merchant; its number."""
    common = {name: body[name] for name in COMMON}
    own = {"payType": "LinePay", "userCode": "1", "amount": 10**15 - 1, "requestId": "Made1"}
    if operation == "deposit":
        own["valueType"] = "Basic"
    return str(mock.ask(operation, {**common, **own, "currencyCode": "JPY"})["orderId"])


def _payment(detected: bool) -> Callable[[Mock, Body], None]:
    def link(mock: Mock, body: Body) -> None:
        del mock
        if detected:
            body["payType"] = "AutoDetect"
        elif body["payType"] in {"AutoDetect", "JCBAliPay"}:
            body["payType"] = "PayPay"
        body["amount"] = body["amount"] or 1

    return link


def _deposit(mock: Mock, body: Body) -> None:
    del mock
    body.update(payType="LinePay", valueType="Basic", amount=body["amount"] or 1)


def _refund(mock: Mock, body: Body) -> None:
    body.update(orderId=_order(mock, body), refundAmount=body["refundAmount"] or 1)


def _named(mock: Mock, body: Body) -> None:
    """Half of them by the order, half by the request."""
    number = _order(mock, body, "deposit" if len(str(body["requestId"])) % 2 else "pay")
    if body.pop("orderId", None) is not None:
        body["orderId"] = number
        body.pop("originalRequestId", None)
    else:
        body["originalRequestId"] = "Made1"


COMMON = (
    "merchantId", "terminalUniqueId", "branchCode", "terminalCode", "locale", "timeZone",
    "appVersion",
)  # fmt: skip
LINKS: dict[str, Callable[[Mock, Body], None]] = {
    "pay": _payment(False),
    "payV1": _payment(True),
    "refund": _refund,
    "reverse": _named,
    "confirm": _named,
    "confirmV1": _named,
    "deposit": _deposit,
}


@pytest.fixture(scope="module")
def paytree_document() -> dict[str, Any]:
    """The PAYTREE spec, normalised."""
    return load_provider(Path(__file__).parents[2], "paytree").document


@pytest.fixture(scope="module")
def paytree_schema(paytree_document: dict[str, Any]) -> Schema:
    """The same, loaded by schemathesis."""
    return Schema(paytree_document)


@pytest.fixture(scope="module")
def paytree_mock() -> Generator[Mock]:
    """One mock of PAYTREE for the module; each test begins with `reset()`."""
    mock = Mock()
    yield mock
    mock.close()


class Run:
    """What one operation was asked and answered."""

    def __init__(self, mock: Mock, accepts: jsonschema_rs.Validator) -> None:
        self.mock = mock
        self.accepts = accepts
        self.codes: Counter[str] = Counter()
        self.statuses: Counter[int] = Counter()
        self.mistakes: dict[str, str] = {}  # what is wrong -> the first request it was seen at

    def ask(self, case: Case) -> None:
        """Send a case, signed as it is, and hold the answer against the spec."""
        request = self.mock.sign(case.request({}))
        answer = send(self.mock.app, request)
        self.note(request, answer, case.verdict(request, answer))

    def note(self, request: Request, answer: Answer, mistakes: list[str]) -> None:
        """Count an answer and keep what is wrong with it."""
        self.statuses[answer.status] += 1
        found = [*mistakes, *(f"fault of the mock: {fault}" for fault in self.mock.faults())]
        if answer.status == 200:
            told: Body = answer.json()
            self.codes[told["code"]] += 1
            if not signing.verify(told, told.get("sign"), self.mock.public):
                found.append("an answer that is not signed")
            found += self._accepted_wrongly(request, told)
        for mistake in found:
            shown = f"{request.method} {request.content[:400]!r} -> {answer.status}"
            self.mistakes.setdefault(mistake, shown)

    def _accepted_wrongly(self, request: Request, told: Body) -> list[str]:
        """A success for a body that breaks the spec; null counts as absent (assumed)."""
        if told["code"] != "SUCCESS":
            return []
        error = next(iter(self.accepts.iter_errors(compact(json.loads(request.content)))), None)
        return [] if error is None else [f"accepted although {error.message[:120]}"]


def _validator(document: dict[str, Any], operation: Operation) -> jsonschema_rs.Validator:
    body = document["paths"][operation.path]["post"]["requestBody"]["content"]
    return jsonschema_rs.Draft202012Validator(
        {"components": document["components"], **body["application/json"]["schema"]}
    )


@pytest.mark.parametrize("name", LINKS)
def test_answers_are_the_documented_ones(
    name: str, paytree_schema: Schema, paytree_document: dict[str, Any], paytree_mock: Mock
) -> None:
    operation, mock = paytree_schema[name], paytree_mock
    run = Run(mock, _validator(paytree_document, operation))

    # As generated: broken in every way, or in order but about nothing that exists.
    for case in operation.cases:
        mock.reset()
        run.ask(case)
    assert run.codes["REQUEST_INVALID"] >= 10, run.codes
    assert not run.codes["SIGNATURE_INVALID"], "client and mock differ on what is signed"

    # In order, and about orders made a moment ago. Only these successes count.
    run.codes.clear()
    for case in operation.cases:
        body = case.members()
        if body is None or not case.positive:
            continue
        mock.reset()
        body["currencyCode"] = "JPY"
        LINKS[name](mock, body)
        run.ask(case.with_body(body))
        mock.ledger_lines()
    assert run.codes["SUCCESS"] >= 10, run.codes

    for status in (500, 502, 503):
        mock.reset()
        mock.script(name, status=status)
        request = Request("POST", ORIGIN + operation.path, [("content-type", JSON)], b"{}")
        answer = send(mock.app, request)
        run.note(request, answer, operation.mistakes(request, answer))

    shown = "\n".join(f"{what}\n    {where}" for what, where in list(run.mistakes.items())[:SHOWN])
    if run.mistakes:
        pytest.fail(f"{name}: {len(run.mistakes)} kinds of mistakes\n{shown}", pytrace=False)
    missing = [status for status in operation.statuses if not run.statuses[status]]
    assert not missing, f"{name} never answered {missing}; answers: {dict(run.statuses)}"


def test_every_operation_of_the_spec_is_driven(paytree_schema: Schema) -> None:
    assert set(LINKS) == set(paytree_schema.operations)
    assert len(LINKS) == 7
