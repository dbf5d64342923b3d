"""The tree of errors: its shape, its names, its silence about secrets."""

from __future__ import annotations

import pickle
import re
from typing import Any, cast

import kessai
import pytest
from kessai import errors
from kessai.constraints import Violation
from kessai.errors import ConfigurationError, KessaiError, OutcomeUnknown


def classes() -> list[type[KessaiError]]:
    found = [getattr(errors, name) for name in errors.__all__]
    return [cls for cls in found if issubclass(cls, KessaiError)]


def test_the_drawing_shows_the_tree() -> None:
    """The docstring's drawing and the classes are one."""
    drawn = set(re.findall(r"\b([A-Z]\w+(?:Error|Unknown))\b", errors.__doc__ or ""))
    assert drawn == {cls.__name__ for cls in classes()}
    stack: list[type] = []
    for line in (errors.__doc__ or "").splitlines():
        match = re.match(r"^    ([│ ]*)(?:[├└]── )?([A-Z]\w+(?:Error|Unknown))\b", line)
        if match is None:
            continue
        names = re.findall(r"\b[A-Z]\w+(?:Error|Unknown)\b", line)
        depth = 0 if line.strip() == "KessaiError" else len(match[1]) // 4 + 1
        for name in names:
            cls = getattr(errors, name)
            del stack[depth:]
            if depth:
                assert cls.__bases__ == (stack[depth - 1],), name
            stack.append(cls)


def test_names_end_in_error() -> None:
    """All but the one that is no error: nobody knows yet."""
    others = {cls.__name__ for cls in classes() if not cls.__name__.endswith("Error")}
    assert others == {"OutcomeUnknown"}


def test_one_public_address() -> None:
    """However they are written down, they are imported from one place, and from the top."""
    for cls in classes():
        assert cls.__module__ == "kessai.errors"
        assert getattr(kessai, cls.__name__) is cls


def test_every_error_survives_pickling() -> None:
    """Task queues and process pools hand errors on."""
    for cls in classes():
        error = cls.__new__(cls, "message")
        error.__dict__["kept"] = {"a": 1}
        again = pickle.loads(pickle.dumps(error))
        assert type(again) is cls
        assert again.args == ("message",)
        assert again.__dict__["kept"] == {"a": 1}


def test_violations_are_listed_without_values() -> None:
    """One line each."""
    error = errors.ValidationError(
        [
            Violation("/order/amount", "maximum", "is more than 9", 9, "manual", True),
            Violation("", "rule", "has no payer", None, "", True),
        ],
        operation="pay",
    )
    assert str(error) == ("pay breaks 2 limits\n  /order/amount: is more than 9\n  /: has no payer")
    alone = errors.ValidationError(error.violations[:1], operation="pay")
    assert str(alone) == "pay breaks 1 limit\n  /order/amount: is more than 9"


@pytest.mark.parametrize(
    "record",
    [
        {},
        {"version": 2},
        {"version": 1, "operation": "pay"},
        {"version": 1, "operation": "pay", "scope": "s", "idempotency_key": None},
        [],
        None,
    ],
)
def test_a_record_that_is_none(record: object) -> None:
    """Named as such, with what to pass instead."""
    with pytest.raises(ConfigurationError, match="to_record"):
        OutcomeUnknown.from_record(cast("dict[str, Any]", record))


def test_a_record_that_was_tampered_with() -> None:
    """A date that is none, attempts that are none."""
    whole: dict[str, Any] = {
        "version": 1,
        "operation": "pay",
        "scope": "s",
        "idempotency_key": "k",
        "reference": {},
        "expected": {},
        "attempts": [[1, "maybe", None, None, 0.5]],
        "first_sent_at": "2026-01-05T01:00:00+00:00",
        "digest": "d",
        "intent": None,
        "reason": "",
    }
    assert OutcomeUnknown.from_record(whole).attempts[0].sent == "maybe"
    for name, bad in (("first_sent_at", "soon"), ("attempts", [5]), ("reference", 5)):
        with pytest.raises(ConfigurationError):
            OutcomeUnknown.from_record({**whole, name: bad})
