"""What overlays read from error answers: nothing raises, nothing breaks a log line."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from kessai.bodies import LONGEST, block, members, printable


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (b'{"code": "X"}', {"code": "X"}),
        (b'  {"code": "X"}\n', {"code": "X"}),
        (b"{}", {}),
        (b"", None),
        (b"[1]", None),
        (b'"text"', None),
        (b"null", None),
        (b"<html>", None),
        (b'{"code": "X"', None),
        (b'{"code": NaN}', None),
        (b'{"code": "\xff"}', None),
        (b"{" * 5000, None),
        (b'{"a": "' + b"x" * LONGEST + b'"}', None),
    ],
)
def test_only_a_whole_json_object_has_members(content: bytes, found: object) -> None:
    """A page, a torn body, another encoding or one too long says nothing."""
    assert members(content) == found


@given(st.binary(max_size=200))
def test_no_body_makes_it_raise(content: bytes) -> None:
    """Whatever came."""
    found = members(content)
    assert found is None or isinstance(found, dict)


def test_a_block_is_an_object_or_nothing() -> None:
    """A text in its place has no members."""
    body: dict[str, Any] = {"result": {"code": "X"}, "order": "text", "list": [1]}
    assert block(body, "result") == {"code": "X"}
    assert block(body, "order") == block(body, "list") == block(body, "absent") == {}


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("declined", "declined"),
        ("two\nlines\x1b[31m", "two lines [31m"),
        ("番号", "番号"),
        ("", None),
        (None, None),
        (42, None),
        (["text"], None),
    ],
)
def test_a_text_is_shown_without_what_breaks_a_line(value: object, shown: str | None) -> None:
    """Control characters become blanks; anything that is no text is left out."""
    assert printable(value) == shown


def test_a_long_text_is_cut() -> None:
    """To the length its member may have."""
    assert printable("x" * 100) == "x" * 64
    assert printable("x" * 100, 10) == "x" * 10
