"""What must never show, and where it might: reprs, logs, events, exceptions, records of them."""

from __future__ import annotations

import json
import pickle
from collections.abc import Iterable
from traceback import TracebackException
from types import ModuleType
from typing import Any

import attrs
import pytest
from kessai import KessaiError, OutcomeUnknown, UnreadableAnswerError
from kessai.hooks import Event
from kessai.model import Model


def models(module: ModuleType) -> list[Any]:
    """The classes of every generated model (aliases and enums left out)."""
    found: list[Any] = [getattr(module, name) for name in module.__all__]
    return [
        one for one in found if isinstance(one, type) and issubclass(one, Model) and attrs.has(one)
    ]


def marked(model: Any) -> frozenset[str]:
    """The members that a model hides."""
    found: frozenset[str] = getattr(model, "_SENSITIVE", frozenset())
    return found


def hides(model: Any, text: str) -> None:
    """Hold a model's repr to hiding what is marked, and every value that it does not know."""
    hidden = f"MARK{text}ER"
    fields: list[str] = [field.name for field in attrs.fields(model)]
    sensitive = marked(model)
    assert sensitive <= set(fields)
    value: Any = model.__new__(model)
    for name in fields:
        setattr(value, name, hidden if name in sensitive else None)
    value.unknown_members = {"gatewayAddedThis": hidden, "andThis": {"deep": [hidden]}}
    for shown in (repr(value), repr([value, {"a": value}])):
        assert "MARK" not in shown
        assert "gatewayAddedThis" in shown
        for name in sensitive:
            assert name in shown


def told(error: KessaiError) -> list[str]:
    """What an exception says wherever it is shown, kept or sent on.

    Of a traceback its own lines: what a cause of the network says is the network's.
    """
    seen = [
        str(error),
        repr(error),
        *TracebackException.from_exception(error).format_exception_only(),
    ]
    unknown = error.unknown if isinstance(error, UnreadableAnswerError) else error
    if isinstance(unknown, OutcomeUnknown):
        seen.append(json.dumps(unknown.to_record()))
    return [*seen, repr(pickle.loads(pickle.dumps(error)))]


def nothing_shows(
    seen: Iterable[str],
    events: list[Event],
    caplog: pytest.LogCaptureFixture,
    hidden: Iterable[str],
) -> None:
    """Hold what was seen, every event and every log line to showing nothing hidden."""
    assert events
    logged = [record.getMessage() for record in caplog.records]
    for text in [*seen, *map(repr, events), *logged]:
        for secret in hidden:
            assert secret not in text, text
