"""Spans from events."""

from __future__ import annotations

import sys
from contextlib import suppress
from typing import Any, cast

import pytest
from kessai.call import call
from kessai.errors import ConfigurationError, OutcomeUnknown
from kessai.hooks import AttemptStarted, CallEnded
from kessai.operation import CallOptions
from kessai.telemetry import opentelemetry_hook
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from tests.support.core_fake import PAY, SECRET, PayRequest, no_answer, not_sent, ok
from tests.support.core_hand import Hand, make_setup


@pytest.fixture
def spans() -> InMemorySpanExporter:
    return InMemorySpanExporter()


def traced(spans: InMemorySpanExporter, script: list[Any], **options: Any) -> list[ReadableSpan]:
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(spans))
    hook = opentelemetry_hook(provider.get_tracer("test"))
    hand = Hand(script)
    with suppress(OutcomeUnknown):
        hand.run(call(make_setup(listening=True), PAY, PayRequest(), cast("CallOptions", options)))
    for event in hand.events:
        hook(event)
    return list(spans.get_finished_spans())


def test_a_span_for_the_call_and_one_for_each_attempt(spans: InMemorySpanExporter) -> None:
    """The attempts below the call, with statuses and errors."""
    found = traced(spans, [not_sent(), ok()])
    assert [span.name for span in found] == ["kessai pay attempt"] * 2 + ["kessai pay"]
    first, second, whole = found
    assert whole.context is not None
    assert first.parent is not None
    assert first.parent.span_id == whole.context.span_id
    assert dict(first.attributes or {}) == {
        "kessai.attempt": 1,
        "kessai.sent": "no",
        "error.type": "ConnectionRefusedError",
    }
    assert not first.status.is_ok
    assert dict(second.attributes or {})["http.response.status_code"] == 201
    attributes = dict(whole.attributes or {})
    assert (attributes["kessai.end"], attributes["kessai.attempts"]) == ("answered", 2)
    assert [event.name for event in whole.events] == ["kessai.pause"]


def test_an_unknown_outcome_is_an_error(spans: InMemorySpanExporter) -> None:
    """And says that something may have been sent."""
    whole = traced(spans, [no_answer()], max_attempts=1)[-1]
    attributes = dict(whole.attributes or {})
    assert attributes["kessai.end"] == "unknown"
    assert attributes["kessai.maybe_sent"] is True
    assert not whole.status.is_ok


def test_spans_hold_no_ids_and_no_secrets(spans: InMemorySpanExporter) -> None:
    """No order id, no key, no card number."""
    told = "".join(span.to_json() for span in traced(spans, [ok()]))
    for secret in (SECRET, "A-1", "key-1"):
        assert secret not in told


def test_an_attempt_that_was_interrupted_ends(spans: InMemorySpanExporter) -> None:
    """No span stays open."""
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(spans))
    hook = opentelemetry_hook(provider.get_tracer("test"))
    hand = Hand([ok()])
    hand.run(call(make_setup(listening=True), PAY, PayRequest(), {}))
    hook(hand.events[0])
    hook(AttemptStarted(1, "pay", 1))
    hook(CallEnded(1, "pay", "abandoned", None, "CancelledError", 0, True, 0.5))
    assert len(spans.get_finished_spans()) == 2


def test_without_opentelemetry(monkeypatch: pytest.MonkeyPatch) -> None:
    """A remedy instead of an ImportError."""
    monkeypatch.setitem(sys.modules, "opentelemetry", None)
    with pytest.raises(ConfigurationError, match=r"pip install kessai\[otel\]"):
        opentelemetry_hook()


def test_events_of_unknown_calls_are_ignored() -> None:
    """A hook may be hung in while calls are under way."""
    opentelemetry_hook()(AttemptStarted(7, "pay", 1))
