"""Every documented error of an operation, provoked: naturally where the mock has a way.

A way is natural when nothing but the request, and what was done before it, makes the mock
refuse; the mock's magic card numbers and amounts count as that, because they stand for an
issuer's answer. What is left is scripted through POST /_mock/next.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import NamedTuple

from tests.support import contract_bodies as bodies
from tests.support import contract_links as links
from tests.support.contract_asgi import Answer
from tests.support.contract_bodies import Body
from tests.support.contract_mock import BASIC, FORM, Mock
from tests.support.contract_schemathesis import Operation, Request
from tests.support.contract_stage import JSON

_AMOUNTS = {402: 40201, 500: 50001, 502: 50201}
_CARDS = {402: "4000000000000002", 500: "4000000000000050", 502: "4000000000000052"}
_TITLES = {
    402: "processing_failure",
    500: "internal_server_error",
    502: "bad_gateway",
    503: "service_unavailable",
}
WRONG = "Basic dHNob3AwMDAwMDAwMTo="  # the shop's id with an empty password


class Provoked(NamedTuple):
    """An error answer, the request it answers, and whether it was scripted."""

    request: Request
    answer: Answer
    scripted: bool


def provoke(mock: Mock, operation: Operation, status: int) -> Provoked:
    """Have `operation` answer `status`, in a world that begins anew."""
    mock.reset()
    if status in _GENERAL:
        request, answer = _GENERAL[status](mock, operation)
        return Provoked(request, answer, scripted=False)
    way = _BY_OPERATION.get(operation.id)
    if way is not None and status in _AMOUNTS:
        request = _request(operation, way(mock, status))
        return Provoked(request, _send(mock, request), scripted=False)
    mock.script(operation.id, title=_TITLES[status])
    request = _request(operation, {})
    return Provoked(request, _send(mock, request), scripted=True)


def _request(operation: Operation, body: Body, path: str | None = None, **lines: str) -> Request:
    media = FORM if operation.id == "token" else JSON
    headers = {"authorization": BASIC, "content-type": media}
    headers.update({name.replace("_", "-"): value for name, value in lines.items()})
    content = b"" if media == FORM else json.dumps(body).encode()
    url = f"http://127.0.0.1:8801{path or operation.path}"
    return Request(operation.method, url, list(headers.items()), content)


def _send(mock: Mock, request: Request) -> Answer:
    return mock.app.send(request.method, request.url, request.headers, request.content)


# What can happen to any operation.


def _malformed(mock: Mock, operation: Operation) -> tuple[Request, Answer]:
    request = _request(operation, {})._replace(content=b"{")
    return request, _send(mock, request)


def _unauthorized(mock: Mock, operation: Operation) -> tuple[Request, Answer]:
    request = _request(operation, {}, authorization=WRONG)
    return request, _send(mock, request)


def _wrong_path(mock: Mock, operation: Operation) -> tuple[Request, Answer]:
    request = _request(operation, {}, f"{operation.path}-")
    return request, _send(mock, request)


def _wrong_method(mock: Mock, operation: Operation) -> tuple[Request, Answer]:
    request = _request(operation, {})._replace(method="PUT")
    return request, _send(mock, request)


def _wrong_type(mock: Mock, operation: Operation) -> tuple[Request, Answer]:
    request = _request(operation, {}, content_type="text/plain")
    return request, _send(mock, request)


def _same_key(mock: Mock, operation: Operation) -> tuple[Request, Answer]:
    """The first request under a key is still being worked on when the second comes."""
    request = _request(operation, {}, idempotency_key="contract-key")
    return request, _beside(mock, operation, request, 1)


def _too_many(mock: Mock, operation: Operation) -> tuple[Request, Answer]:
    """As many requests as are allowed are being worked on when one more comes."""
    request = _request(operation, {})
    return request, _beside(mock, operation, request, operation.in_flight)


def _beside(mock: Mock, operation: Operation, request: Request, count: int) -> Answer:
    """The answer to a request while `count` of the same kind are held at a gate."""
    mock.script(operation.id, fault="gate", gate="held", times=count)
    held = [
        mock.app.begin(request.method, request.url, request.headers, request.content)
        for _ in range(count)
    ]
    answer = _send(mock, request)
    assert not any(task.done() for task in held)
    mock.open_gate("held")
    for task in held:
        mock.app.end(task)
    return answer


_GENERAL: dict[int, Callable[[Mock, Operation], tuple[Request, Answer]]] = {
    400: _malformed,
    401: _unauthorized,
    404: _wrong_path,
    405: _wrong_method,
    409: _same_key,
    415: _wrong_type,
    429: _too_many,
}


# What the card company or the wallet makes of one operation.


def _onfile_charge(mock: Mock, status: int) -> Body:
    member_id, _ = links.card(mock)
    return bodies.credit_onfile_charge("refused-1", member_id, _AMOUNTS[status])


def _finalize_charge(mock: Mock, status: int) -> Body:
    if status == 402:
        return {"accessId": links.waiting_charge(mock, "fail")}
    body = bodies.credit_charge("refused-1", tds2=True, automatic=False, number=_CARDS[status])
    return {"accessId": links.tds2(mock, "/credit/charge", body)}


def _finalize_verification(mock: Mock, status: int) -> Body:
    if status == 402:
        return {"accessId": links.waiting_verification(mock, "fail")}
    body = bodies.credit_verify_card("refused-1", tds2=True, automatic=False, number=_CARDS[status])
    return {"accessId": links.tds2(mock, "/credit/verifyCard", body)}


def _wallet_onfile(mock: Mock, status: int) -> Body:
    return bodies.wallet_onfile_charge("refused-1", links.consent(mock), _AMOUNTS[status])


def _update(mock: Mock, status: int) -> Body:
    access_id = links.credit(mock)
    return {
        "accessId": access_id,
        "amount": str(_AMOUNTS[status]),
        "authorizationMode": "AUTH",
    }


_BY_OPERATION: dict[str, Callable[[Mock, int], Body]] = {
    "creditCharge": lambda mock, status: bodies.credit_charge("refused-1", _AMOUNTS[status]),
    "creditOnfileCharge": _onfile_charge,
    "creditVerifyCard": lambda mock, status: bodies.credit_verify_card(
        "refused-1", number=_CARDS[status]
    ),
    "tds2FinalizeCharge": _finalize_charge,
    "tds2FinalizeVerification": _finalize_verification,
    "walletCharge": lambda mock, status: bodies.wallet_charge("refused-1", _AMOUNTS[status]),
    "walletOnfileCharge": _wallet_onfile,
    "walletFrontendVerifyCharge": lambda mock, status: {
        "accessId": links.frontend(mock, _AMOUNTS[status])
    },
    "cashCharge": lambda mock, status: bodies.cash_charge("refused-1", _AMOUNTS[status]),
    "orderUpdate": _update,
}
