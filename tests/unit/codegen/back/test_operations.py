"""Operations, groups and events: what the runtime is told, and what a method passes on."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from kessai.errors import ValidationError
from kessai.operation import Ask, Idempotency, InFlight, Operation
from kessai.parameters import NO_BODY, NoBody

from tests.unit.codegen.back.test_models import CHARGE, request
from tests.unit.codegen.back.tiny import imported


class Recorder:
    """Stands where the client stands, and keeps what it is told to run."""

    def __init__(self) -> None:
        self.calls: list[tuple[Operation[Any, Any], Any, Any]] = []

    def run(self, operation: Operation[Any, Any], request: Any, options: Any) -> str:
        self.calls.append((operation, request, options))
        return "answer"


class AsyncRecorder(Recorder):
    """The same for the async classes."""

    async def run(self, operation: Operation[Any, Any], request: Any, options: Any) -> str:  # type: ignore[override]  # pyright: ignore[reportIncompatibleMethodOverride]
        return super().run(operation, request, options)


@pytest.fixture
def package(tiny_root: Path, models: Any) -> Iterator[tuple[Any, Any, Any]]:
    """The tiny package's api, operations and events."""
    names = [f"kessai_tiny_api.{name}" for name in ("api", "operations", "events", "codes")]
    with imported(tiny_root, *names) as [api, operations, events, codes]:
        assert codes.ERROR_CODES == {"card_declined": 402, "conflict": 409}
        yield api, operations, events


def test_an_operation_says_what_the_engine_must_know(package: tuple[Any, Any, Any]) -> None:
    create = package[1].CHARGE_CREATE
    assert (create.name, create.group, create.method, create.path) == (
        "chargeCreate", "charge", "POST", "/charge",
    )  # fmt: skip
    assert create.errors == {400, 402, 409, 520}
    assert create.idempotency == Idempotency("Repeat-Key", 36, 86400)
    assert create.in_flight == InFlight(live=5, test=3)
    assert create.ask == Ask(
        by="chargeInquiry",
        ends="paid",
        ask={"orderId": "/orderId"},
        state="/status",
        done=frozenset({"PAID"}),
        waiting=frozenset({"WAITING"}),
        match={"/amount": "/amount"},
    )
    assert not create.safe
    assert package[1].TOKEN.server == "token"
    assert package[1].TOKEN.media == "application/x-www-form-urlencoded"
    assert package[1].CHARGE_INQUIRY.safe


def test_every_operation_is_listed(package: tuple[Any, Any, Any]) -> None:
    listed = package[1].OPERATIONS
    assert set(listed) == {
        "token", "chargeCreate", "chargeInquiry", "chargeCancel", "reportRun", "reportList",
    }  # fmt: skip
    assert all(name == operation.name for name, operation in listed.items())


def test_an_operation_says_what_it_takes(package: tuple[Any, Any, Any]) -> None:
    """The classes themselves; every shape of a union, whatever they are called."""
    operations = package[1].OPERATIONS.values()
    assert {o.name: [cls.__name__ for cls in o.requests] for o in operations} == {
        "token": ["TokenRequest"],
        "chargeCreate": ["ChargeRequest"],
        "chargeInquiry": ["NoBody"],
        "chargeCancel": ["NoBody"],
        "reportRun": ["CardSource", "TokenSource"],
        "reportList": ["Box", "NoBody"],
    }
    assert package[1].CHARGE_CANCEL.requests == (NoBody,)
    assert all(isinstance(cls, type) for o in operations for cls in o.requests)


def test_answers_are_told_apart_by_status(package: tuple[Any, Any, Any]) -> None:
    answers = package[1].CHARGE_CREATE.answers
    assert set(answers) == {201, 202}
    assert type(answers[201](dict(CHARGE))).__name__ == "Charge"
    redirect = answers[202]({"url": "u", "until": "2026-01-05T10:00:00+09:00"})
    assert type(redirect).__name__ == "Redirect"
    assert package[1].CHARGE_CANCEL.answers[204](None) is None
    assert [c.charge_id for c in package[1].REPORT_RUN.answers[200]([dict(CHARGE)])] == ["c-1"]


def test_a_method_runs_its_operation(package: tuple[Any, Any, Any], models: Any) -> None:
    client = Recorder()
    sent = request(models)
    assert package[0].TinyApi(client).charge.create(sent, timeout=5) == "answer"
    assert client.calls == [(package[1].CHARGE_CREATE, sent, {"timeout": 5})]


def test_a_body_without_a_required_member_may_be_left_out(
    package: tuple[Any, Any, Any], models: Any
) -> None:
    client = Recorder()
    report = package[0].TinyApi(client).report
    box = models.Box(lid="red")
    report.list()
    report.list(box)
    assert [sent for _, sent, _ in client.calls] == [NO_BODY, box]
    assert NO_BODY.to_wire() == {}
    assert package[1].REPORT_LIST.ask.gone
    assert models.TokenRequest().grant_type == "client_credentials"


def test_an_async_method_runs_its_operation(package: tuple[Any, Any, Any], models: Any) -> None:
    client = AsyncRecorder()
    sent = request(models)
    api = package[0].AsyncTinyApi(client)
    assert asyncio.run(api.charge.create(sent)) == "answer"
    assert client.calls == [(package[1].CHARGE_CREATE, sent, {})]


def test_parameters_go_into_the_path_and_the_query(package: tuple[Any, Any, Any]) -> None:
    client = Recorder()
    charges = package[0].TinyApi(client).charge
    charges.inquiry(charge_id="a/b c?", with_history=True, limit=5)
    charges.inquiry(charge_id="x")
    charges.cancel(charge_id="x", idempotency_key="k")
    paths = [operation.path for operation, _, _ in client.calls]
    assert paths == [
        "/charges/a%2Fb%20c%3F?withHistory=true&limit=5", "/charges/x", "/charges/x",
    ]  # fmt: skip
    assert all(sent is NO_BODY for _, sent, _ in client.calls)
    assert client.calls[2][0].method == "DELETE"
    assert client.calls[0][0].answers is package[1].CHARGE_INQUIRY.answers


@pytest.mark.parametrize(
    ("given", "pointer"),
    [
        ({"charge_id": ""}, "/chargeId"),
        ({"charge_id": ".."}, "/chargeId"),
        ({"charge_id": 5}, "/chargeId"),
        ({"charge_id": "x", "limit": True}, "/limit"),
        ({"charge_id": "x", "with_history": 1}, "/withHistory"),
    ],
)
def test_a_wrong_parameter_is_refused(
    package: tuple[Any, Any, Any], given: dict[str, Any], pointer: str
) -> None:
    client = Recorder()
    with pytest.raises(ValidationError) as caught:
        package[0].TinyApi(client).charge.inquiry(**given)
    assert [violation.pointer for violation in caught.value.violations] == [pointer]
    assert client.calls == []


def test_events_are_decoded(package: tuple[Any, Any, Any]) -> None:
    events = package[2]
    assert set(events.WEBHOOKS) == {"deposit"}
    assert set(events.CALLBACKS) == {"paid"}
    assert events.CALLBACKS["paid"].operations == {"chargeCreate"}
    given = {"id": "1", "amount": "5", "on": "2026-01-05", "new": 1}
    notice = events.WEBHOOKS["deposit"].decode(given)
    assert (notice.amount, notice.unknown_members) == (5, {"new": 1})


def test_docstrings_carry_what_the_manual_says(package: tuple[Any, Any, Any]) -> None:
    doc = package[0].TinyApi(Recorder()).charge.create.__doc__
    for part in (
        'Take "money" \\ now.', "``chargeCreate``: POST ``/charge``", "yen",
        "InvalidRequestError: status 400", "ValidationError", "OutcomeUnknown",
        "Source: The manual 0.9.0, Charging.", "Assumed: The answer's statuses",
        '- two """ quotes', "{{ braces }} and {% blocks %}",
    ):  # fmt: skip
        assert part in doc
    assert "OutcomeUnknown" not in package[0].TinyApi(Recorder()).charge.inquiry.__doc__
