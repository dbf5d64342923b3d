"""Comparing secrets and finding headers, as every overlay does it."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import httpx2
import pytest
from kessai.errors import CsrfTokenError, SignatureError
from kessai.receive import header, same_secret
from starlette.datastructures import Headers


@pytest.mark.parametrize(
    ("a", "b", "same"),
    [
        ("x", "x", True),
        ("値", "値", True),
        ("\ud800", "\ud800", True),
        ("x", "y", False),
        ("x", "xx", False),
        ("x", "", False),
        ("", "", False),
        ("é", "e\u0301", False),
    ],
)
def test_same_secret(a: str, b: str, same: bool) -> None:
    assert same_secret(a, b) is same


@pytest.mark.parametrize(
    "headers",
    [
        {"X-Signature": "abc"},
        {"x-signature": "abc", "Other": "1"},
        Headers(raw=[(b"x-signature", b"abc")]),
        httpx2.Headers({"X-SIGNATURE": "abc"}),
        [(b"x-signature", b"abc"), (b"other", b"1")],
        (pair for pair in [("X-Signature", "abc")]),
    ],
)
def test_a_header_is_found_in_any_case(headers: Any) -> None:
    assert header(headers, "X-Signature") == "abc"


@pytest.mark.parametrize(
    "headers",
    [
        {"X-Signature": "abc", "x-signature": "def"},
        Headers(raw=[(b"x-signature", b"abc"), (b"x-signature", b"abc")]),
        httpx2.Headers([("X-Signature", "abc"), ("x-signature", "def")]),
        [(b"x-signature", b"abc"), (b"X-Signature", b"")],
        SimpleNamespace(items=lambda: [("X-Signature", "a"), ("X-Signature", "b")]),
    ],
)
def test_a_header_that_is_there_twice_is_refused(headers: Any) -> None:
    with pytest.raises(SignatureError, match="X-Signature is there 2 times"):
        header(headers, "X-Signature")
    with pytest.raises(CsrfTokenError):
        header(headers, "x-signature", error=CsrfTokenError)


def test_a_header_that_is_not_there_is_none() -> None:
    assert header({"X-Signature-2": "abc"}, "X-Signature") is None
    assert header([], "X-Signature") is None
