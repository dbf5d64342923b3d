"""Every documented error status of a command, provoked: naturally where the mock has a way.

What nothing but the request, and what was done before it, makes the mock refuse is natural; the
sandbox's tables count as that. What is left (an address, a wallet's maintenance) is scripted
through POST /_mock/next.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, NamedTuple

from tests.support import contract_unified_bodies as bodies
from tests.support import contract_unified_links as links
from tests.support.contract_asgi import ORIGIN, Answer
from tests.support.contract_schemathesis import Operation, Request
from tests.support.contract_stage import JSON
from tests.support.contract_unified_bodies import Body
from tests.support.contract_unified_mock import Mock, Scheme, signed

CODES = {
    403: "UA-LMT-002",
    404: "UA-REQ-900",
    406: "UA-REQ-005",
    409: "UA-REQ-003",
    429: "UA-LMT-001",
    500: "UA-SYS-001",
    502: "UA-PRV-001",
    503: "UA-PRV-999",
}


class Provoked(NamedTuple):
    """An error answer, the request it answers, and whether it was scripted."""

    request: Request
    answer: Answer
    scripted: bool


def provoke(mock: Mock, operation: Operation, status: int, scheme: Scheme) -> Provoked:
    """Have a command answer `status`, in a world that begins anew."""
    mock.reset()
    natural = _GENERAL.get(status) or _SPECIAL.get((operation.id, status))
    if natural is not None:
        request, answer = natural(mock, operation, scheme)
        return Provoked(request, answer, scripted=False)
    mock.script(operation.id, resultCode=CODES[status])
    request = request_to(operation, {}, scheme)
    return Provoked(request, _send(mock, request), scripted=True)


def request_to(
    operation: Operation, body: Any, scheme: Scheme, headers: dict[str, str] | None = None
) -> Request:
    """A request to a command with credentials over its bytes."""
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    lines = {"Content-Type": JSON, **(headers or {})}
    url = ORIGIN + operation.path
    return signed(Request("POST", url, list(lines.items()), content), scheme)


def _send(mock: Mock, request: Request) -> Answer:
    return mock.app.send(request.method, request.url, request.headers, request.content)


Way = Callable[[Mock, Operation, Scheme], tuple[Request, Answer]]


def _malformed(mock: Mock, operation: Operation, scheme: Scheme) -> tuple[Request, Answer]:
    request = request_to(operation, b"{", scheme)
    return request, _send(mock, request)


def _wrong_key(mock: Mock, operation: Operation, scheme: Scheme) -> tuple[Request, Answer]:
    plain = Request("POST", ORIGIN + operation.path, [("Content-Type", JSON)], b"{}")
    request = signed(plain, scheme, "0ff1ce00")
    return request, _send(mock, request)


def _with(prepare: Callable[[Mock], Body]) -> Way:
    """The last request of a story."""

    def way(mock: Mock, operation: Operation, scheme: Scheme) -> tuple[Request, Answer]:
        request = request_to(operation, prepare(mock), scheme)
        return request, _send(mock, request)

    return way


def _unknown(body: Body) -> Way:
    return _with(lambda mock: body)


def _in_progress(body: Callable[[Mock], Body]) -> Way:
    """The first request for a payment is still being worked on when the second comes."""

    def way(mock: Mock, operation: Operation, scheme: Scheme) -> tuple[Request, Answer]:
        request = request_to(operation, body(mock), scheme)
        mock.script(operation.id, fault="gate", gate="held")
        first = mock.app.begin(request.method, request.url, request.headers, request.content)
        answer = _send(mock, request)
        assert not first.done()
        mock.open_gate("held")
        mock.app.end(first)
        return request, answer

    return way


def _paid(mock: Mock) -> Body:
    links.held(mock, "twice")
    return bodies.pay("twice")


def _agreed(mock: Mock) -> Body:
    links.agreed(mock, "twice")
    return bodies.subscribe("twice")


def _charged(mock: Mock) -> Body:
    links.agreed(mock)
    body = bodies.charge("twice", "linked-2")
    mock.ask("charge", body)
    return body


def _held(wallet: str, amount: int | None) -> Callable[[Mock], Body]:
    def prepare(mock: Mock) -> Body:
        links.held(mock, wallet=wallet)
        return bodies.on_order("linked-1", amount)

    return prepare


def _on_agreement(wallet: str, amount: int) -> Callable[[Mock], Body]:
    def prepare(mock: Mock) -> Body:
        links.agreed(mock, wallet=wallet)
        return bodies.charge("charged-1", "linked-2", amount)

    return prepare


def _agreement(mock: Mock) -> Body:
    links.agreed(mock)
    return bodies.on_order("linked-2")


_GENERAL: dict[int, Way] = {400: _malformed, 401: _wrong_key}

# The amounts' last digits are certain cells of the sandbox's tables where there are any.
_SPECIAL: dict[tuple[str, int], Way] = {
    **{
        (name, 404): _unknown(bodies.on_order("nobody"))
        for name in ("updateOrder", "capture", "cancel", "terminate")
    },
    ("charge", 404): _unknown(bodies.charge("charged-1", "nobody")),
    ("getTransactionResult", 404): _unknown(bodies.inquiry("nobody")),
    ("pay", 406): _in_progress(lambda mock: bodies.pay("busy")),
    ("subscribe", 406): _in_progress(lambda mock: bodies.subscribe("busy")),
    ("updateOrder", 406): _in_progress(_held("rakuten", None)),
    ("capture", 406): _in_progress(_held("paypay", None)),
    ("cancel", 406): _in_progress(_held("paypay", None)),
    ("charge", 406): _in_progress(_on_agreement("paypay", 3300)),
    ("terminate", 406): _in_progress(_agreement),
    ("pay", 409): _with(_paid),
    ("subscribe", 409): _with(_agreed),
    ("charge", 409): _with(_charged),
    ("charge", 502): _with(_on_agreement("paypay", 3303)),
    ("charge", 503): _with(_on_agreement("merpay", 3307)),
    ("pay", 502): _with(lambda mock: bodies.pay("refused", 3302, wallet="rakuten")),
    ("pay", 503): _with(lambda mock: bodies.pay("refused", 3301, wallet="rakuten")),
    ("subscribe", 503): _with(
        lambda mock: bodies.subscribe("refused", wallet="rakuten", item="fail")
    ),
    ("capture", 502): _with(_held("paypay", 1003)),
    ("capture", 503): _with(_held("merpay", 1008)),
    ("cancel", 503): _with(lambda mock: _held_amount(mock, "merpay", 3308)),
}

SCRIPTED: frozenset[int] = frozenset({403, 404, 406, 409, 429, 500, 502, 503})
"""Statuses that only a script brings about for some command; 400 and 401 come by themselves."""


def _held_amount(mock: Mock, wallet: str, amount: int) -> Body:
    """Held with the amount whose last digit chooses the answer to the cancellation."""
    links.applied(mock, "pay", bodies.pay("linked-1", amount, wallet=wallet))
    return bodies.on_order("linked-1")


def natural(name: str) -> set[int]:
    """The statuses that a command is brought to without a script."""
    return {*_GENERAL, *(status for operation, status in _SPECIAL if operation == name)}
