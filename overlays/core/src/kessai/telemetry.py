"""Spans from the events of a client, with OpenTelemetry (``pip install kessai[otel]``).

Nothing imports this room but whoever uses it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kessai.errors import ConfigurationError
from kessai.hooks import AttemptEnded, AttemptStarted, CallEnded, CallStarted, PauseStarted

if TYPE_CHECKING:
    from collections.abc import Callable

    from opentelemetry.trace import Span, Tracer

    from kessai.hooks import Event


def opentelemetry_hook(tracer: Tracer | None = None) -> Callable[[Event], None]:
    """Return a hook that turns each call into a span and each attempt into a span below it.

    Give every client a hook of its own: calls are numbered by client. ``tracer``: the global
    provider's when None. Spans carry the operation, statuses, counts and error classes; no ids of
    orders, no keys. Raises ``ConfigurationError`` when OpenTelemetry is not installed.
    """
    try:
        from opentelemetry import trace
    except ImportError:
        raise ConfigurationError(
            "opentelemetry-api is not installed; pip install kessai[otel]"
        ) from None
    from opentelemetry.trace import SpanKind, Status, StatusCode

    source = trace.get_tracer("kessai") if tracer is None else tracer
    calls: dict[int, Span] = {}
    attempts: dict[int, Span] = {}

    def hook(event: Event) -> None:
        if isinstance(event, CallStarted):
            calls[event.call] = source.start_span(
                f"kessai {event.operation}",
                attributes={"kessai.operation": event.operation, "kessai.request.size": event.size},
            )
            return
        span = calls.get(event.call)
        if span is None:
            return
        if isinstance(event, AttemptStarted):
            attempts[event.call] = source.start_span(
                f"kessai {event.operation} attempt",
                context=trace.set_span_in_context(span),
                kind=SpanKind.CLIENT,
                attributes={"kessai.attempt": event.number},
            )
        elif isinstance(event, AttemptEnded):
            attempt = attempts.pop(event.call, None)
            if attempt is not None:
                attempt.set_attribute("kessai.sent", event.sent)
                _finish(attempt, event.status, event.error)
        elif isinstance(event, PauseStarted):
            span.add_event("kessai.pause", {"kessai.pause.seconds": event.seconds})
        elif isinstance(event, CallEnded):
            attempt = attempts.pop(event.call, None)
            if attempt is not None:  # interrupted while it was under way
                _finish(attempt, None, event.error)
            span.set_attribute("kessai.end", event.end)
            span.set_attribute("kessai.attempts", event.attempts)
            span.set_attribute("kessai.maybe_sent", event.maybe_sent)
            _finish(calls.pop(event.call), event.status, event.error)

    def _finish(span: Span, status: int | None, error: str | None) -> None:
        if status is not None:
            span.set_attribute("http.response.status_code", status)
        if error is not None:
            span.set_attribute("error.type", error)
            span.set_status(Status(StatusCode.ERROR, error))
        span.end()

    return hook
