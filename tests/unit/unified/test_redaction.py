"""Nothing sensitive in any repr, log line, warning, hook event or exception."""

from __future__ import annotations

import json
import logging
import pickle
import traceback
from collections.abc import Iterator
from typing import Any

import attrs
import httpx2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from kessai import KessaiError, OutcomeUnknown
from kessai.hooks import Event
from kessai.model import Model
from kessai_unified import models as m
from kessai_unified import operations

from tests.unit.unified.scripted import KEY, REQUESTS, TOKEN, Script, answer, coded, whole


def models() -> Iterator[Any]:
    """The classes of every generated model (aliases and enums left out)."""
    for name in m.__all__:
        found: Any = getattr(m, name)
        if isinstance(found, type) and issubclass(found, Model) and attrs.has(found):
            yield found


MODELS = list(models())

# Written down by hand: what must never show, whatever the spec files mark.
SECRET = {
    "PayRequest": {"payment_instrument"},
    "SubscribeRequest": {"payment_instrument"},
    "PushRequest": {"control", "payment_instrument"},
    "TransactionData": {"control", "payment_instrument"},
}


def test_there_are_models_to_look_at() -> None:
    assert len(MODELS) > 30


@pytest.mark.parametrize("name", SECRET)
def test_what_must_never_show_is_marked(name: str) -> None:
    marked: frozenset[str] = getattr(getattr(m, name), "_SENSITIVE")  # noqa: B009 - its own name
    assert SECRET[name] <= marked


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
@settings(max_examples=10)
@given(text=st.text("aA0'\"\\{}é\n\0", min_size=1, max_size=20))
def test_marked_members_and_unknown_values_are_hidden_in_repr(model: Any, text: str) -> None:
    hidden = f"MARK{text}ER"
    fields: list[str] = [field.name for field in attrs.fields(model)]
    sensitive: frozenset[str] = getattr(model, "_SENSITIVE", frozenset())
    value: Any = model.__new__(model)
    for name in fields:
        setattr(value, name, hidden if name in sensitive else None)
    value.unknown_members = {"gatewayAddedThis": hidden, "andThis": {"deep": [hidden]}}
    shown = repr(value)
    assert "MARK" not in shown
    assert "gatewayAddedThis" in shown


HIDDEN = (KEY, TOKEN, "MARKBODY", "MARKINSTRUMENT", "MARKCUSTOMER")


def marked(name: str) -> Any:
    """A request with a value that must show nowhere, where it can hold one."""
    request = REQUESTS[name]()
    if name in ("pay", "subscribe"):
        request.payment_instrument = {"number": "MARKINSTRUMENT"}
    return request


ENDINGS: dict[str, Any] = {
    "success": coded(200, "UA-000-001", gift="MARKBODY"),
    "refused": coded(400, "UA-REQ-002", gift="MARKBODY", order={"paymentId": "MARKBODY"}),
    "credentials": coded(401, "UA-REQ-008", gift="MARKBODY"),
    "pending": coded(500, "UA-PND-001", gift="MARKBODY"),
    "lost": httpx2.ReadError("MARKBODY"),
    "page": httpx2.Response(502, content=b"<html>MARKBODY</html>"),
    "unreadable": answer(200, {"result": "MARKBODY"}),
    "contradiction": answer(200, {**whole("UA-PRV-001"), "gift": "MARKBODY"}),
}


@pytest.mark.parametrize("credentials", [{}, {"bearer_token": TOKEN}], ids=["hmac", "bearer"])
@pytest.mark.parametrize("ending", ENDINGS)
@pytest.mark.parametrize("name", REQUESTS)
def test_nothing_shows_however_a_call_ends(
    name: str, ending: str, credentials: dict[str, Any], caplog: pytest.LogCaptureFixture
) -> None:
    events: list[Event] = []
    seen: list[str] = []
    script = Script(ENDINGS[ending])
    with (
        caplog.at_level(logging.DEBUG),
        script.client(hooks=[events.append], **credentials) as unified,
    ):
        try:
            raw = unified.raw(operations.OPERATIONS[name], marked(name))
        except KessaiError as error:
            seen += [str(error), repr(error), *_without_causes(error)]
            if isinstance(error, OutcomeUnknown):
                seen.append(json.dumps(error.to_record()))
            seen.append(repr(pickle.loads(pickle.dumps(error))))
        else:
            seen += [repr(raw), repr(raw.value)]
        seen += [repr(unified), repr(unified.payment), repr(vars(unified))]
    assert events
    seen += [repr(event) for event in events]
    seen += [record.getMessage() for record in caplog.records]
    for text in seen:
        for secret in HIDDEN:
            assert secret not in text, text


def _without_causes(error: KessaiError) -> list[str]:
    """The traceback's own lines: what a cause of the network says is the network's."""
    return list(traceback.TracebackException.from_exception(error).format_exception_only())
