"""Nothing sensitive in any repr, log line, warning, hook event or exception."""

from __future__ import annotations

import logging
from typing import Any

import httpx2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from kessai import KessaiError
from kessai.hooks import Event
from kessai_unified import models as m
from kessai_unified import operations

from tests.support.redaction import hides, marked, models, nothing_shows, told
from tests.unit.unified.scripted import KEY, REQUESTS, TOKEN, Script, answer, coded, whole

MODELS = models(m)

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
    assert SECRET[name] <= marked(getattr(m, name))


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
@settings(max_examples=10)
@given(text=st.text("aA0'\"\\{}é\n\0", min_size=1, max_size=20))
def test_marked_members_and_unknown_values_are_hidden_in_repr(model: Any, text: str) -> None:
    hides(model, text)


HIDDEN = (KEY, TOKEN, "MARKBODY", "MARKINSTRUMENT", "MARKCUSTOMER")


def loaded(name: str) -> Any:
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
            raw = unified.raw(operations.OPERATIONS[name], loaded(name))
        except KessaiError as error:
            seen += told(error)
        else:
            seen += [repr(raw), repr(raw.value)]
        seen += [repr(unified), repr(unified.payment), repr(vars(unified))]
    nothing_shows(seen, events, caplog, HIDDEN)
